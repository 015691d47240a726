noinst_LIBRARIES += resolver/base/libbase.a
resolver_base_libbase_a_SOURCES = \
resolver/base/address.c \
resolver/base/address.h \
resolver/base/arena.c \
resolver/base/arena.h \
resolver/base/budget.c \
resolver/base/budget.h \
resolver/base/digit.c \
resolver/base/digit.h \
resolver/base/err.c \
resolver/base/err.h \
resolver/base/limits.h \
resolver/base/list.h \
resolver/base/now.h \
resolver/base/octets.h \
resolver/base/rng.c \
resolver/base/rng.h \
resolver/base/siphash.c \
resolver/base/siphash.h
