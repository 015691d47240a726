
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

check_PROGRAMS += tests/wire/test_wire
tests_wire_test_wire_SOURCES = \
tests/wire/wire_main.c \
tests/wire/test_cookie.c \
tests/wire/test_edns.c \
tests/wire/test_gather.c \
tests/wire/test_message.c \
tests/wire/test_name.c \
tests/wire/test_name_text.c \
tests/wire/test_query.c \
tests/wire/test_reader.c \
tests/wire/test_rrset.c \
tests/wire/test_writer.c
tests_wire_test_wire_CFLAGS = $(AM_CFLAGS) $(CUNIT_CFLAGS)
tests_wire_test_wire_LDADD = tests/libunit.a resolver/wire/libwire.a resolver/base/libbase.a $(CUNIT_LIBS)
