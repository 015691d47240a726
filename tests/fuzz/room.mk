# One target a parser.  Configured with --enable-fuzz (and clang) each is a libFuzzer program;
# otherwise driver.c runs its corpus and some thousand mutations in make check.
fuzz_names = \
tests/fuzz/fuzz_anchor \
tests/fuzz/fuzz_command \
tests/fuzz/fuzz_config \
tests/fuzz/fuzz_denial \
tests/fuzz/fuzz_edns \
tests/fuzz/fuzz_entry \
tests/fuzz/fuzz_inbox \
tests/fuzz/fuzz_judge \
tests/fuzz/fuzz_name \
tests/fuzz/fuzz_query \
tests/fuzz/fuzz_rdata \
tests/fuzz/fuzz_reply \
tests/fuzz/fuzz_root_anchors \
tests/fuzz/fuzz_walk \
tests/fuzz/fuzz_zonetext

EXTRA_DIST += \
tests/fuzz/driver.c \
tests/fuzz/corpus \
tools/fuzz

fuzz_wire = resolver/wire/libwire.a resolver/base/libbase.a

if FUZZ
noinst_PROGRAMS += $(fuzz_names)
fuzz_driver =
fuzz_link = $(AM_LDFLAGS) -fsanitize=fuzzer
else
check_PROGRAMS += $(fuzz_names)
fuzz_driver = tests/fuzz/driver.c
fuzz_link = $(AM_LDFLAGS)
if !CUNIT
TESTS += $(fuzz_names)
endif
endif

tests_fuzz_fuzz_command_SOURCES = tests/fuzz/fuzz.h tests/fuzz/fuzz_command.c $(fuzz_driver)
tests_fuzz_fuzz_command_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_command_LDADD = resolver/server/libserver.a $(fuzz_wire)

tests_fuzz_fuzz_edns_SOURCES = tests/fuzz/fuzz.h tests/fuzz/fuzz_edns.c $(fuzz_driver)
tests_fuzz_fuzz_edns_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_edns_LDADD = $(fuzz_wire)

tests_fuzz_fuzz_entry_SOURCES = tests/fuzz/fuzz.h tests/fuzz/fuzz_entry.c $(fuzz_driver)
tests_fuzz_fuzz_entry_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_entry_LDADD = cache/libcache.a $(fuzz_wire) $(LMDB_LIBS)

tests_fuzz_fuzz_name_SOURCES = tests/fuzz/fuzz.h tests/fuzz/fuzz_name.c $(fuzz_driver)
tests_fuzz_fuzz_name_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_name_LDADD = $(fuzz_wire)

tests_fuzz_fuzz_query_SOURCES = tests/fuzz/fuzz.h tests/fuzz/fuzz_query.c $(fuzz_driver)
tests_fuzz_fuzz_query_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_query_LDADD = $(fuzz_wire)

tests_fuzz_fuzz_rdata_SOURCES = tests/fuzz/fuzz.h tests/fuzz/fuzz_rdata.c $(fuzz_driver)
tests_fuzz_fuzz_rdata_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_rdata_LDADD = $(fuzz_wire)

tests_fuzz_fuzz_reply_SOURCES = tests/fuzz/fuzz.h tests/fuzz/fuzz_reply.c $(fuzz_driver)
tests_fuzz_fuzz_reply_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_reply_LDADD = $(fuzz_wire)

tests_fuzz_fuzz_zonetext_SOURCES = tests/fuzz/fuzz.h tests/fuzz/fuzz_zonetext.c $(fuzz_driver)
tests_fuzz_fuzz_zonetext_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_zonetext_LDADD = $(fuzz_wire)

tests_fuzz_fuzz_config_SOURCES = tests/fuzz/fuzz.h tests/fuzz/fuzz_config.c $(fuzz_driver)
tests_fuzz_fuzz_config_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_config_LDADD = resolver/server/libserver.a $(fuzz_wire) $(YAML_LIBS)

tests_fuzz_fuzz_inbox_SOURCES = tests/fuzz/fuzz.h tests/fuzz/fuzz_inbox.c $(fuzz_driver)
tests_fuzz_fuzz_inbox_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_inbox_LDADD = resolver/net/libnet.a $(fuzz_wire)

tests_fuzz_fuzz_walk_SOURCES = tests/fuzz/fuzz.h tests/fuzz/fuzz_walk.c $(fuzz_driver)
tests_fuzz_fuzz_walk_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_walk_LDADD = resolver/iterate/libiterate.a $(fuzz_wire)

# Proofs and signatures, with cryptography that a fuzzer can satisfy.
fuzz_stub = tests/fuzz/fuzz.h tests/fuzz/stub_crypto.c
tests_fuzz_fuzz_denial_SOURCES = tests/fuzz/fuzz_denial.c $(fuzz_stub) $(fuzz_driver)
tests_fuzz_fuzz_denial_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_denial_LDADD = validator/libvalidator.a $(fuzz_wire)

tests_fuzz_fuzz_judge_SOURCES = tests/fuzz/fuzz_judge.c $(fuzz_stub) $(fuzz_driver)
tests_fuzz_fuzz_judge_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_judge_LDADD = validator/libvalidator.a $(fuzz_wire)

tests_fuzz_fuzz_anchor_SOURCES = tests/fuzz/fuzz.h tests/fuzz/fuzz_anchor.c $(fuzz_driver)
tests_fuzz_fuzz_anchor_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_anchor_LDADD = validator/libvalidator.a $(fuzz_wire) $(GNUTLS_LIBS)

tests_fuzz_fuzz_root_anchors_SOURCES = tests/fuzz/fuzz.h tests/fuzz/fuzz_root_anchors.c $(fuzz_driver)
tests_fuzz_fuzz_root_anchors_LDFLAGS = $(fuzz_link)
tests_fuzz_fuzz_root_anchors_LDADD = validator/libvalidator.a $(fuzz_wire) $(GNUTLS_LIBS)
