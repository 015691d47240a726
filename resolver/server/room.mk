noinst_LIBRARIES += resolver/server/libserver.a
resolver_server_libserver_a_CFLAGS = $(AM_CFLAGS) $(YAML_CFLAGS) $(SYSTEMD_CFLAGS) $(SECCOMP_CFLAGS) $(GNUTLS_CFLAGS)
resolver_server_libserver_a_SOURCES = \
resolver/server/anchor_desk.c \
resolver/server/anchor_desk.h \
resolver/server/anchor_file.c \
resolver/server/anchor_file.h \
resolver/server/anchor_report.c \
resolver/server/anchor_report.h \
resolver/server/anchor_seen.c \
resolver/server/anchor_seen.h \
resolver/server/anchor_watch.c \
resolver/server/anchor_watch.h \
resolver/server/config.h \
resolver/server/config_check.c \
resolver/server/config_check.h \
resolver/server/config_doc.h \
resolver/server/config_example.c \
resolver/server/config_file.c \
resolver/server/config_key.c \
resolver/server/config_key.h \
resolver/server/config_man.c \
resolver/server/config_parse.c \
resolver/server/config_print.c \
resolver/server/config_schema.c \
resolver/server/config_table.c \
resolver/server/config_table.h \
resolver/server/config_value.c \
resolver/server/config_value.h \
resolver/server/child.c \
resolver/server/child.h \
resolver/server/channel.c \
resolver/server/channel.h \
resolver/server/client.c \
resolver/server/client.h \
resolver/server/clock.c \
resolver/server/clock.h \
resolver/server/command.c \
resolver/server/command.h \
resolver/server/control.c \
resolver/server/control.h \
resolver/server/control_client.c \
resolver/server/control_client.h \
resolver/server/control_frame.h \
resolver/server/control_report.c \
resolver/server/control_report.h \
resolver/server/counters.c \
resolver/server/counters.h \
resolver/server/errand.c \
resolver/server/errand.h \
resolver/server/explain.c \
resolver/server/explain.h \
resolver/server/hints.c \
resolver/server/hints.h \
resolver/server/identity.c \
resolver/server/identity.h \
resolver/server/job.c \
resolver/server/job.h \
resolver/server/json.c \
resolver/server/json.h \
resolver/server/keeper.h \
resolver/server/keeper.c \
resolver/server/keeper_desk.c \
resolver/server/keeper_desk.h \
resolver/server/landlock.c \
resolver/server/listing.c \
resolver/server/listing.h \
resolver/server/log.c \
resolver/server/log.h \
resolver/server/memory.c \
resolver/server/memory.h \
resolver/server/notify.c \
resolver/server/notify.h \
resolver/server/nta_book.c \
resolver/server/nta_book.h \
resolver/server/nta_watch.c \
resolver/server/nta_watch.h \
resolver/server/place.c \
resolver/server/place.h \
resolver/server/policy.c \
resolver/server/policy.h \
resolver/server/process.c \
resolver/server/process.h \
resolver/server/sandbox.c \
resolver/server/sandbox.h \
resolver/server/slot.c \
resolver/server/slot.h \
resolver/server/snapshot.c \
resolver/server/snapshot.h \
resolver/server/sockets.c \
resolver/server/sockets.h \
resolver/server/supervisor.c \
resolver/server/supervisor.h \
resolver/server/syscalls.c \
resolver/server/tally.c \
resolver/server/tally.h \
resolver/server/waiting.c \
resolver/server/waiting.h \
resolver/server/worker_desk.c \
resolver/server/worker_desk.h \
resolver/server/witness.c \
resolver/server/witness.h \
resolver/server/worker.c \
resolver/server/worker.h

# The manual page and the example file are the table of keys, printed.
noinst_PROGRAMS += resolver/server/print_docs
resolver_server_print_docs_SOURCES = resolver/server/print_docs.c
resolver_server_print_docs_LDADD = resolver/server/libserver.a resolver/wire/libwire.a \
resolver/base/libbase.a $(YAML_LIBS)

resolver/server/warren.yaml.5: resolver/server/print_docs$(EXEEXT)
	$(AM_V_GEN)resolver/server/print_docs$(EXEEXT) man >$@.tmp && mv $@.tmp $@
resolver/server/warren.yaml.example: resolver/server/print_docs$(EXEEXT)
	$(AM_V_GEN)resolver/server/print_docs$(EXEEXT) example >$@.tmp && mv $@.tmp $@

nodist_man_MANS = resolver/server/warren.yaml.5
configexampledir = $(sysconfdir)/warren
nodist_configexample_DATA = resolver/server/warren.yaml.example
CLEANFILES += resolver/server/warren.yaml.5 resolver/server/warren.yaml.example

sbin_PROGRAMS += resolver/server/warrend
resolver_server_warrend_SOURCES = resolver/server/main.c resolver/server/steady.c
resolver_server_warrend_LDADD = resolver/server/libserver.a resolver/net/libnet.a \
resolver/core/libcore.a resolver/iterate/libiterate.a cache/libcache.a validator/libvalidator.a \
resolver/wire/libwire.a resolver/base/libbase.a \
$(YAML_LIBS) $(SYSTEMD_LIBS) $(SECCOMP_LIBS) $(GNUTLS_LIBS) $(LMDB_LIBS) $(EV_LIBS) -lpthread
