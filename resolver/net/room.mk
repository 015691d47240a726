noinst_LIBRARIES += resolver/net/libnet.a
resolver_net_libnet_a_SOURCES = \
resolver/net/inbox.c \
resolver/net/inbox.h \
resolver/net/listen.c \
resolver/net/listen.h \
resolver/net/outbound.c \
resolver/net/outbound.h \
resolver/net/outbox.c \
resolver/net/outbox.h \
resolver/net/sockaddr.c \
resolver/net/sockaddr.h \
resolver/net/stream.c \
resolver/net/stream.h \
resolver/net/tcp.c \
resolver/net/tcp.h \
resolver/net/udp.c \
resolver/net/udp.h
