check_PROGRAMS += tests/iterate/test_iterate
tests_iterate_test_iterate_SOURCES = \
tests/iterate/test_chaos.c \
tests/iterate/test_iterate.c \
tests/iterate/test_limits.c \
tests/iterate/test_match.c \
tests/iterate/test_minimise.c \
tests/iterate/test_scrub.c \
tests/iterate/test_select.c \
tests/iterate/test_servers.c \
tests/iterate/test_walk.c \
tests/iterate/world.c tests/iterate/world.h
tests_iterate_test_iterate_CFLAGS = $(AM_CFLAGS) $(CUNIT_CFLAGS)
tests_iterate_test_iterate_LDADD = tests/libunit.a resolver/iterate/libiterate.a \
resolver/wire/libwire.a resolver/base/libbase.a $(CUNIT_LIBS)
