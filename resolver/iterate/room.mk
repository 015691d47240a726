noinst_LIBRARIES += resolver/iterate/libiterate.a
resolver_iterate_libiterate_a_SOURCES =
