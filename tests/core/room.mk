check_PROGRAMS += tests/core/test_core
tests_core_test_core_SOURCES = \
tests/core/authority.c tests/core/authority.h \
tests/core/core_main.c \
tests/core/double.c tests/core/double.h \
tests/core/fault.c tests/core/fault.h \
tests/core/nets.c tests/core/nets.h \
tests/core/test_local.c \
tests/core/test_probe.c \
tests/core/test_reply.c \
tests/core/test_sentinel.c \
tests/core/test_tasks.c \
tests/core/test_trace.c \
tests/core/world.c tests/core/world.h
tests_core_test_core_CFLAGS = $(AM_CFLAGS) $(CUNIT_CFLAGS)
tests_core_test_core_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
tests_core_test_core_LDADD = tests/libunit.a resolver/core/libcore.a validator/libvalidator.a cache/libcache.a \
resolver/iterate/libiterate.a resolver/wire/libwire.a resolver/base/libbase.a \
$(CUNIT_LIBS) $(LMDB_LIBS) $(GNUTLS_LIBS)
