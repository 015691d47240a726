check_PROGRAMS += tests/validator/test_validator
tests_validator_test_validator_SOURCES = \
tests/validator/suites.h \
tests/validator/test_anchors.c \
tests/validator/test_crypto.c \
tests/validator/test_denial.c \
tests/validator/test_lies.c \
tests/validator/test_limits.c \
tests/validator/test_odd.c \
tests/validator/test_plans.c \
tests/validator/test_rrsig.c \
tests/validator/test_validate.c \
tests/validator/test_vectors.c \
tests/validator/tree.c \
tests/validator/tree.h \
tests/validator/validator_main.c \
tests/validator/world.c \
tests/validator/world.h
tests_validator_test_validator_CFLAGS = $(AM_CFLAGS) $(CUNIT_CFLAGS)
tests_validator_test_validator_LDADD = tests/libunit.a tests/sign/libsign.a \
	validator/libvalidator.a resolver/wire/libwire.a resolver/base/libbase.a \
	$(GNUTLS_LIBS) $(CUNIT_LIBS)

# The trust anchors: RFC 5011, their file, RFC 9718, sentinel, key tags, negative ones.
check_PROGRAMS += tests/validator/test_anchor
tests_validator_test_anchor_SOURCES = \
tests/validator/anchor_main.c \
tests/validator/anchor_suites.h \
tests/validator/rollover.c \
tests/validator/rollover.h \
tests/validator/test_anchor_text.c \
tests/validator/test_chance.c \
tests/validator/test_ntas.c \
tests/validator/test_revocation.c \
tests/validator/test_rfc5011.c \
tests/validator/test_rollover.c \
tests/validator/test_root_anchors.c \
tests/validator/test_sentinel.c
tests_validator_test_anchor_CFLAGS = $(AM_CFLAGS) $(CUNIT_CFLAGS)
tests_validator_test_anchor_LDADD = tests/libunit.a tests/sign/libsign.a \
	validator/libvalidator.a resolver/wire/libwire.a resolver/base/libbase.a \
	$(GNUTLS_LIBS) $(CUNIT_LIBS)
