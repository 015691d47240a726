noinst_LIBRARIES += resolver/core/libcore.a
resolver_core_libcore_a_SOURCES = \
resolver/core/alarms.c resolver/core/alarms.h \
resolver/core/ask.c \
resolver/core/beside.c resolver/core/beside.h \
resolver/core/chain.c resolver/core/chain.h \
resolver/core/child.c resolver/core/child.h \
resolver/core/denial.c resolver/core/denial.h \
resolver/core/flight.c resolver/core/flight.h \
resolver/core/full.c resolver/core/full.h \
resolver/core/hold.c resolver/core/hold.h \
resolver/core/keep.c resolver/core/keep.h \
resolver/core/local.c resolver/core/local.h \
resolver/core/lookup.c resolver/core/lookup.h \
resolver/core/moved.c resolver/core/moved.h \
resolver/core/outage.c resolver/core/outage.h \
resolver/core/premise.c resolver/core/premise.h \
resolver/core/prime.c resolver/core/prime.h \
resolver/core/probe.c \
resolver/core/purse.c resolver/core/purse.h \
resolver/core/rebind.c resolver/core/rebind.h \
resolver/core/refresh.c resolver/core/refresh.h \
resolver/core/reply.c resolver/core/reply.h \
resolver/core/sentinel.c resolver/core/sentinel.h \
resolver/core/slots.c resolver/core/slots.h \
resolver/core/special.c resolver/core/special.h \
resolver/core/table.c resolver/core/table.h \
resolver/core/task.c resolver/core/task.h \
resolver/core/tasks.c resolver/core/tasks.h \
resolver/core/undated.c resolver/core/undated.h \
resolver/core/waiter.c resolver/core/waiter.h
