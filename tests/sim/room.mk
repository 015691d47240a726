# The resolver without a network: worlds played in virtual time.
check_LIBRARIES += tests/sim/libsim.a
tests_sim_libsim_a_SOURCES = \
tests/sim/authority.c tests/sim/authority.h \
tests/sim/client.c \
tests/sim/clock.c tests/sim/clock.h \
tests/sim/expect.c \
tests/sim/forgery.c tests/sim/forgery.h \
tests/sim/manner.c tests/sim/manner.h \
tests/sim/net.c \
tests/sim/option.c \
tests/sim/play.c tests/sim/play.h \
tests/sim/random.c tests/sim/random.h \
tests/sim/random_long.c tests/sim/random_long.h \
tests/sim/random_signed.c tests/sim/random_signed.h \
tests/sim/resolver.c tests/sim/resolver.h \
tests/sim/response.c tests/sim/response.h \
tests/sim/script.c tests/sim/script.h \
tests/sim/signing.c tests/sim/signing.h \
tests/sim/sim.c tests/sim/sim.h \
tests/sim/trace.c \
tests/sim/truth.c tests/sim/truth.h \
tests/sim/world.c tests/sim/world.h \
tests/sim/world_text.c tests/sim/world_text.h

sim_link = tests/sim/libsim.a tests/sign/libsign.a resolver/core/libcore.a \
	resolver/iterate/libiterate.a cache/libcache.a validator/libvalidator.a \
	resolver/wire/libwire.a resolver/base/libbase.a $(LMDB_LIBS) $(GNUTLS_LIBS)

check_PROGRAMS += tests/sim/sim
tests_sim_sim_SOURCES = tests/sim/main.c
tests_sim_sim_LDADD = $(sim_link)

EXTRA_DIST += tests/sim/FORMAT tests/sim/worlds

# The same worlds with allocations that fail: wrapped, so that no room needs to know.
check_PROGRAMS += tests/sim/starve
tests_sim_starve_SOURCES = tests/sim/starve.c
tests_sim_starve_LDADD = $(sim_link)
starve_wraps = malloc calloc realloc arena_alloc arena_array arena_copy cache_put cache_put_cut answers_put tasks_new cache_new answers_new \
	servers_new local_new tasks_ask tasks_next tasks_reply tasks_on_reply tasks_on_timeout tasks_on_error \
	tasks_on_alarm
tests_sim_starve_LDFLAGS = $(starve_wraps:%=-Wl,--wrap=%)
