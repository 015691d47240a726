check_PROGRAMS += tests/server/test_config
tests_server_test_config_SOURCES = \
tests/server/config_case.c \
tests/server/config_case.h \
tests/server/test_config.c \
tests/server/test_config_docs.c \
tests/server/test_config_errors.c \
tests/server/test_config_file.c \
tests/server/test_config_fuzz.c \
tests/server/test_config_values.c
tests_server_test_config_CFLAGS = $(AM_CFLAGS) $(CUNIT_CFLAGS) $(YAML_CFLAGS)
tests_server_test_config_LDADD = tests/libunit.a resolver/server/libserver.a \
resolver/wire/libwire.a resolver/base/libbase.a $(YAML_LIBS) $(CUNIT_LIBS)

# The anchor file, with system calls that fail or never return: each is wrapped.
check_PROGRAMS += tests/server/test_anchor_file
tests_server_test_anchor_file_SOURCES = tests/server/test_anchor_file.c
tests_server_test_anchor_file_CFLAGS = $(AM_CFLAGS) $(CUNIT_CFLAGS)
tests_server_test_anchor_file_LDFLAGS = $(AM_LDFLAGS) \
-Wl,--wrap=open,--wrap=write,--wrap=fsync,--wrap=rename,--wrap=close,--wrap=read,--wrap=flock,--wrap=ftruncate
tests_server_test_anchor_file_LDADD = tests/libunit.a resolver/server/libserver.a \
validator/libvalidator.a resolver/wire/libwire.a resolver/base/libbase.a $(GNUTLS_LIBS) $(CUNIT_LIBS)

check_PROGRAMS += tests/server/test_anchor_desk
tests_server_test_anchor_desk_SOURCES = tests/server/test_anchor_desk.c
tests_server_test_anchor_desk_CFLAGS = $(AM_CFLAGS) $(CUNIT_CFLAGS)
tests_server_test_anchor_desk_LDADD = tests/libunit.a tests/sign/libsign.a resolver/server/libserver.a \
validator/libvalidator.a resolver/wire/libwire.a resolver/base/libbase.a $(YAML_LIBS) $(SYSTEMD_LIBS) \
$(GNUTLS_LIBS) $(CUNIT_LIBS)

check_PROGRAMS += tests/server/test_control
tests_server_test_control_SOURCES = \
tests/server/control_case.c \
tests/server/control_case.h \
tests/server/control_main.c \
tests/server/test_command.c \
tests/server/test_control.c \
tests/server/test_errand.c \
tests/server/test_explain.c
tests_server_test_control_CFLAGS = $(AM_CFLAGS) $(CUNIT_CFLAGS)
tests_server_test_control_LDADD = tests/libunit.a resolver/server/libserver.a resolver/net/libnet.a \
resolver/core/libcore.a resolver/iterate/libiterate.a cache/libcache.a validator/libvalidator.a \
resolver/wire/libwire.a resolver/base/libbase.a \
$(YAML_LIBS) $(SYSTEMD_LIBS) $(SECCOMP_LIBS) $(GNUTLS_LIBS) $(LMDB_LIBS) $(EV_LIBS) $(CUNIT_LIBS)

check_PROGRAMS += tests/server/test_daemon
tests_server_test_daemon_SOURCES = \
tests/server/daemon_main.c \
tests/server/daemon_suites.h \
tests/server/test_channel.c \
tests/server/test_client.c \
tests/server/test_log.c \
tests/server/test_memory.c \
tests/server/test_policy.c \
tests/server/test_slot.c \
tests/server/test_waiting.c
tests_server_test_daemon_CFLAGS = $(AM_CFLAGS) $(CUNIT_CFLAGS)
tests_server_test_daemon_LDADD = $(tests_server_test_control_LDADD)
