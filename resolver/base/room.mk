noinst_LIBRARIES += resolver/base/libbase.a
resolver_base_libbase_a_SOURCES = \
resolver/base/address.h \
resolver/base/arena.h \
resolver/base/budget.h \
resolver/base/err.h \
resolver/base/limits.h \
resolver/base/list.h \
resolver/base/now.h \
resolver/base/rng.h \
resolver/base/siphash.h
