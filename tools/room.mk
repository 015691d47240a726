# The lab's and the bench's programs; they stand alone.  labsign needs ldns and is made by tools/lab.
noinst_PROGRAMS += tools/flood tools/echo tools/door tools/labzones
tools_flood_SOURCES = tools/flood.c
tools_door_SOURCES = tools/door.c
tools_echo_SOURCES = tools/echo.c
tools_echo_LDADD = $(EV_LIBS)
tools_labzones_SOURCES = tools/labzones.c tools/labcurious.c tools/labplan.c tools/labplan.h
EXTRA_PROGRAMS = tools/labsign
tools_labsign_SOURCES = tools/labsign.c tools/labplan.c tools/labplan.h
tools_labsign_LDADD = -lldns
EXTRA_DIST += .ci/run tools/build.sh tools/check tools/full tools/restart tools/run tools/torture tools/lab tools/place.sh tools/packages.sh tools/lab.d/net.sh tools/lab.d/servers.sh \
tools/lab.d/zones.sh tools/bench tools/bench.d/contestants.sh tools/bench.d/measure.sh tools/bench.d/table.awk

noinst_PROGRAMS += tools/cachesize
tools_cachesize_SOURCES = tools/cachesize.c tools/pair.c tools/pair.h
tools_cachesize_LDADD = cache/libcache.a resolver/wire/libwire.a resolver/base/libbase.a $(LMDB_LIBS)
noinst_PROGRAMS += tools/cachefull
tools_cachefull_SOURCES = tools/cachefull.c tools/pair.c tools/pair.h
tools_cachefull_LDADD = cache/libcache.a resolver/wire/libwire.a resolver/base/libbase.a $(LMDB_LIBS)
noinst_PROGRAMS += tools/cachefill
tools_cachefill_SOURCES = tools/cachefill.c tools/pair.c tools/pair.h tools/stock.c tools/stock.h
tools_cachefill_LDADD = cache/libcache.a resolver/wire/libwire.a resolver/base/libbase.a $(LMDB_LIBS)
noinst_PROGRAMS += tools/flip
tools_flip_SOURCES = tools/flip.c tools/pair.c tools/pair.h tools/stock.c tools/stock.h
tools_flip_LDADD = cache/libcache.a resolver/wire/libwire.a resolver/base/libbase.a $(LMDB_LIBS)

# Trust anchors by hand; what it writes, it writes as the keeper does.
bin_PROGRAMS += tools/warren-anchor
tools_warren_anchor_SOURCES = \
tools/anchor_input.c \
tools/anchor_input.h \
tools/anchor_key_line.c \
tools/anchor_key_line.h \
tools/anchor_signature.c \
tools/anchor_signature.h \
tools/warren_anchor.c
tools_warren_anchor_CFLAGS = $(AM_CFLAGS) $(GNUTLS_CFLAGS)
tools_warren_anchor_LDADD = resolver/server/libserver.a validator/libvalidator.a \
resolver/wire/libwire.a resolver/base/libbase.a $(GNUTLS_LIBS)
dist_man_MANS += tools/warren-anchor.1

# The operator's tools.
bin_PROGRAMS += tools/warrenctl
tools_warrenctl_SOURCES = tools/warrenctl.c
dist_bin_SCRIPTS = tools/warren-explain
dist_man_MANS += tools/warrenctl.1 tools/warren-explain.1
bashcompletiondir = $(datadir)/bash-completion/completions
dist_bashcompletion_DATA = tools/completion/warrenctl.bash
zshcompletiondir = $(datadir)/zsh/site-functions
dist_zshcompletion_DATA = tools/completion/_warrenctl

# bash looks for completions by the name of the command.
install-data-hook:
	cd $(DESTDIR)$(bashcompletiondir) && ln -sf warrenctl.bash warren-explain.bash
uninstall-hook:
	rm -f $(DESTDIR)$(bashcompletiondir)/warren-explain.bash

noinst_PROGRAMS += tools/snooper
tools_snooper_SOURCES = tools/snooper.c
tools_snooper_LDADD = resolver/wire/libwire.a resolver/base/libbase.a -lm
EXTRA_DIST += tools/snoop tools/demo

# What the TTL policy costs; fails when the default costs more than it may.
noinst_PROGRAMS += tools/ttlcost
TESTS += tools/ttlcost
tools_ttlcost_SOURCES = tools/ttlcost.c
tools_ttlcost_LDADD = cache/libcache.a resolver/wire/libwire.a resolver/base/libbase.a -lm

dist_man_MANS += tools/warrend.8
serviceexampledir = $(docdir)
dist_serviceexample_DATA = tools/warrend.service

noinst_PROGRAMS += tools/asker
tools_asker_SOURCES = tools/asker.c
tools_asker_LDADD = resolver/wire/libwire.a resolver/base/libbase.a -lpthread
EXTRA_DIST += tools/differ tools/differ.d/compare.awk tools/differ.d/reasons tools/attack tools/attack.d/row.awk tools/siege.c

# The other side of tools/attack; made by it, because it needs what the tests sign with.
EXTRA_PROGRAMS += tools/hostile
tools_hostile_SOURCES = tools/hostile.c tools/hostile.h tools/hostile_door.c tools/hostile_zone.c
tools_hostile_LDADD = tests/sign/libsign.a validator/libvalidator.a resolver/wire/libwire.a resolver/base/libbase.a $(GNUTLS_LIBS)
