noinst_LIBRARIES += resolver/server/libserver.a
resolver_server_libserver_a_CFLAGS = $(AM_CFLAGS) $(YAML_CFLAGS)
resolver_server_libserver_a_SOURCES = \
resolver/server/anchor_file.h \
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
resolver/server/config_value.h

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
