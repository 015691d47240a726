noinst_LIBRARIES += resolver/net/libnet.a
resolver_net_libnet_a_SOURCES = resolver/net/listen.h resolver/net/udp.h resolver/net/tcp.h resolver/net/outbound.h
