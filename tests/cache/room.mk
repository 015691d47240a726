cache_link = tests/libunit.a cache/libcache.a resolver/wire/libwire.a resolver/base/libbase.a $(LMDB_LIBS)

check_PROGRAMS += tests/cache/test_cache
tests_cache_test_cache_SOURCES = \
tests/cache/den.c \
tests/cache/den.h \
tests/cache/main.c \
tests/cache/sample.c \
tests/cache/sample.h \
tests/cache/suites.h \
tests/cache/test_answers.c \
tests/cache/test_cache.c \
tests/cache/test_damage.c \
tests/cache/test_denials.c \
tests/cache/test_entry.c \
tests/cache/test_hot.c \
tests/cache/test_keep.c \
tests/cache/test_layers.c \
tests/cache/test_meta.c \
tests/cache/test_networks.c \
tests/cache/test_rules.c \
tests/cache/test_store.c \
tests/cache/test_ttl.c
tests_cache_test_cache_CFLAGS = $(AM_CFLAGS) $(CUNIT_CFLAGS)
tests_cache_test_cache_LDADD = $(cache_link) $(CUNIT_LIBS)

# Runs tools/flip, which is built before.
TESTS += tests/cache/flips
EXTRA_DIST += tests/cache/flips
