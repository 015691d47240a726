# What makes signed worlds: for the tests of the validator, the simulator and the lab.
check_LIBRARIES += tests/sign/libsign.a
tests_sign_libsign_a_CFLAGS = $(AM_CFLAGS) $(GNUTLS_CFLAGS)
tests_sign_libsign_a_SOURCES = \
tests/sign/chain.c \
tests/sign/chain.h \
tests/sign/sign.c \
tests/sign/sign.h \
tests/sign/zone.c \
tests/sign/zone.h \
tests/sign/zone_answer.c
