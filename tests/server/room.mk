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
