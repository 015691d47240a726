noinst_LIBRARIES += resolver/net/libnet.a
resolver_net_libnet_a_SOURCES =
