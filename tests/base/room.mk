TESTS += tests/floors
EXTRA_DIST += tests/floors tests/floors.txt tests/threats
check_PROGRAMS += tests/base/test_base
tests_base_test_base_SOURCES = \
tests/base/base_main.c \
tests/base/test_address.c \
tests/base/test_arena.c \
tests/base/test_budget.c \
tests/base/test_digit.c \
tests/base/test_rng.c \
tests/base/test_siphash.c
tests_base_test_base_CFLAGS = $(AM_CFLAGS) $(CUNIT_CFLAGS)
tests_base_test_base_LDADD = tests/libunit.a resolver/base/libbase.a $(CUNIT_LIBS)
