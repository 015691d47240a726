
check_PROGRAMS += tests/wire/test_rdata
tests_wire_test_rdata_SOURCES = \
tests/wire/rdata_main.c \
tests/wire/rdata_samples.c \
tests/wire/rdata_samples.h \
tests/wire/test_rdata.c \
tests/wire/test_rdata_text.c \
tests/wire/test_svcb.c \
tests/wire/test_type.c \
tests/wire/test_zonetext.c
tests_wire_test_rdata_CFLAGS = $(AM_CFLAGS) $(CUNIT_CFLAGS)
tests_wire_test_rdata_LDADD = tests/libunit.a resolver/wire/libwire.a resolver/base/libbase.a $(CUNIT_LIBS)
