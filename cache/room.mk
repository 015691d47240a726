noinst_LIBRARIES += cache/libcache.a
cache_libcache_a_SOURCES = \
cache/answers.h cache/answers.c \
cache/cache.h cache/cache.c \
cache/claim.h cache/claim.c \
cache/cuts.h cache/cuts.c \
cache/denials.h cache/denials.c \
cache/doorkeeper.h \
cache/entry.h cache/entry.c \
cache/flush.h cache/flush.c \
cache/folder.h cache/folder.c \
cache/hashed.h cache/hashed.c \
cache/hot.h cache/hot.c \
cache/incoming.h cache/incoming.c \
cache/keep.h cache/keep.c \
cache/key.h cache/key.c \
cache/layers.h cache/layers.c \
cache/meta.h cache/meta.c \
cache/networks.h cache/networks.c \
cache/origin.h cache/origin.c \
cache/outcomes.h cache/outcomes.c \
cache/packed.h cache/packed.c \
cache/rules.h cache/rules.c \
cache/seen.h \
cache/shares.h cache/shares.c \
cache/sieve.h cache/sieve.c \
cache/sketch.h cache/sketch.c \
cache/store.h cache/store.c \
cache/sweep.h cache/sweep.c \
cache/trailer.h cache/trailer.c \
cache/treap.h cache/treap.c \
cache/ttl.h cache/ttl.c \
cache/turn.h cache/turn.c
