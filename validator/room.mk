noinst_LIBRARIES += validator/libvalidator.a
validator_libvalidator_a_CFLAGS = $(AM_CFLAGS) $(GNUTLS_CFLAGS)
validator_libvalidator_a_SOURCES = \
validator/anchor_scan.c \
validator/anchor_state.c \
validator/anchor_state.h \
validator/anchor_text.c \
validator/anchor_text.h \
validator/anchors.c \
validator/anchors.h \
validator/crypto.c \
validator/crypto.h \
validator/denial.c \
validator/denial.h \
validator/dnskey.c \
validator/dnskey.h \
validator/ds.c \
validator/ds.h \
validator/evidence.c \
validator/evidence.h \
validator/key_tags.c \
validator/key_tags.h \
validator/keys.c \
validator/keys.h \
validator/moment.c \
validator/moment.h \
validator/nsec.c \
validator/nsec.h \
validator/nsec3.c \
validator/nsec3.h \
validator/ntas.c \
validator/ntas.h \
validator/proof.h \
validator/rfc5011.c \
validator/rfc5011.h \
validator/root_anchors.c \
validator/root_anchors.h \
validator/rrsig.c \
validator/rrsig.h \
validator/sentinel.c \
validator/sentinel.h \
validator/sighting.c \
validator/sighting.h \
validator/signed_data.c \
validator/signed_data.h \
validator/typeset.h \
validator/validate.c \
validator/validate.h
