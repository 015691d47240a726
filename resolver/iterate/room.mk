noinst_LIBRARIES += resolver/iterate/libiterate.a
resolver_iterate_libiterate_a_SOURCES = resolver/iterate/iterate.h resolver/iterate/servers.h
