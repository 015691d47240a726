noinst_LIBRARIES += resolver/server/libserver.a
resolver_server_libserver_a_SOURCES =
