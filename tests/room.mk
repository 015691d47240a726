check_LIBRARIES += tests/libunit.a
tests_libunit_a_SOURCES = tests/unit.h tests/unit.c
tests_libunit_a_CFLAGS = $(AM_CFLAGS) $(CUNIT_CFLAGS)
