check_PROGRAMS += tests/net/test_net
tests_net_test_net_SOURCES = \
tests/net/net_case.c \
tests/net/net_case.h \
tests/net/outbound_case.c \
tests/net/outbound_case.h \
tests/net/test_net.c \
tests/net/test_outbound_tcp.c \
tests/net/test_outbound_udp.c \
tests/net/test_tcp.c \
tests/net/test_udp.c
tests_net_test_net_CFLAGS = $(AM_CFLAGS) $(CUNIT_CFLAGS)
tests_net_test_net_LDADD = tests/libunit.a resolver/net/libnet.a resolver/base/libbase.a \
$(EV_LIBS) $(CUNIT_LIBS)

check_PROGRAMS += tests/net/test_faults
tests_net_test_faults_SOURCES = tests/net/net_case.c tests/net/net_case.h tests/net/test_faults.c
tests_net_test_faults_CFLAGS = $(AM_CFLAGS) $(CUNIT_CFLAGS)
tests_net_test_faults_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=sendmmsg -Wl,--wrap=accept4
tests_net_test_faults_LDADD = $(tests_net_test_net_LDADD)
