noinst_LIBRARIES += resolver/iterate/libiterate.a
resolver_iterate_libiterate_a_SOURCES = \
resolver/iterate/answer.c resolver/iterate/answer.h \
resolver/iterate/exchange.c resolver/iterate/exchange.h \
resolver/iterate/harvest.c resolver/iterate/harvest.h \
resolver/iterate/iterate.c resolver/iterate/iterate.h \
resolver/iterate/minimise.c resolver/iterate/minimise.h \
resolver/iterate/referral.c resolver/iterate/referral.h \
resolver/iterate/scrub.c resolver/iterate/scrub.h \
resolver/iterate/select.c resolver/iterate/select.h \
resolver/iterate/servers.c resolver/iterate/servers.h \
resolver/iterate/targets.c resolver/iterate/targets.h \
resolver/iterate/walk.c resolver/iterate/walk.h
