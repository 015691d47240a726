/* The keeper's part in RFC 5011, from what a worker saw to the file and to what the others are told. */
#include "resolver/server/anchor_desk.h"
#include "resolver/server/anchor_report.h"
#include "resolver/server/anchor_seen.h"
#include "resolver/wire/zonetext.h"
#include "tests/sign/sign.h"
#include "tests/unit.h"
#include "validator/anchor_text.h"
#include "validator/ds.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { START = 1850000000, DAY = 86400, TEXT_MAX = 8192, PATH_MAX_OCTETS = 128 };

struct office {
	char folder[64], path[PATH_MAX_OCTETS];
	struct arena *arena;
	struct config *config;
	struct log log;
	struct rng rng;
	struct now now;
	int ends[2];           /* to the supervisor */
	struct sign_key *old, *new;
	struct name zone;
	struct anchor_desk *desk;
	struct anchor_state told; /* as last told */
};

static void take_told(struct office *o)
{
	static uint8_t buffer[CHANNEL_OCTETS];
	enum channel_kind kind;
	size_t len;
	struct anchor_text_error why;
	while (channel_receive(o->ends[0], buffer, &kind, &len) == ERR_OK) {
		CU_ASSERT_EQUAL(kind, CHANNEL_ANCHORS_KEPT);
		anchor_state_clear(&o->told);
		CU_ASSERT_EQUAL(anchor_text_read((const char *)buffer, len, o->now, &o->told, &why), ERR_OK);
	}
}

static void open_desk(struct office *o, const char *before)
{
	const struct anchor_desk_setup setup = { o->config, &o->log, &o->rng, o->ends[1], before };
	o->desk = anchor_desk_new(&setup, o->now);
	CU_ASSERT_PTR_NOT_NULL_FATAL(o->desk);
	take_told(o);
}

static void reopen_desk(struct office *o, const char *before)
{
	anchor_desk_free(o->desk);
	anchor_state_clear(&o->told);
	open_desk(o, before);
}

static void ds_text(struct office *o, const struct sign_key *k, char out[TEXT_MAX])
{
	struct rdata ds;
	struct rrset *set = sign_new_set(o->arena, &o->zone, TYPE_DS, 3600);
	CU_ASSERT_EQUAL_FATAL(ds_of(&o->zone, sign_key_rdata(k), DIGEST_SHA256, o->arena, &ds), ERR_OK);
	CU_ASSERT_EQUAL_FATAL(sign_add(o->arena, set, ds.octets, ds.len), ERR_OK);
	CU_ASSERT_TRUE(rrset_text(set, out, TEXT_MAX));
}

static void configure(struct office *o)
{
	char text[3 * TEXT_MAX], ds[TEXT_MAX];
	struct config_error why;
	ds_text(o, o->old, ds);
	ds[strlen(ds) - 1] = '\0'; /* the newline */
	snprintf(text, sizeof(text), "validation:\n  trust-anchors: ['%s']\n  anchor-file: '%s'\n", ds,
	         o->path);
	CU_ASSERT_EQUAL_FATAL(config_parse(text, strlen(text), &o->config, &why), ERR_OK);
}

static void office_open(struct office *o)
{
	*o = (struct office){ .folder = "/tmp/desk.XXXXXX", .now = { 1000, START }, .zone = name_root() };
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(o->folder));
	snprintf(o->path, sizeof(o->path), "%s/anchors", o->folder);
	o->arena = arena_new((size_t)16 << 20);
	o->old = sign_key_new(13, 257, 0);
	o->new = sign_key_new(13, 257, 0);
	CU_ASSERT_FATAL(o->arena != NULL && o->old != NULL && o->new != NULL);
	log_init(&o->log, LOG_LEVEL_ERROR, 0, "desk");
	o->log.per_second = 0;
	rng_init_number(&o->rng, 7);
	CU_ASSERT_EQUAL_FATAL(channel_pair(o->ends), ERR_OK);
	configure(o);
	open_desk(o, NULL);
}

static void office_close(struct office *o)
{
	char path[PATH_MAX_OCTETS + 16];
	anchor_desk_free(o->desk);
	anchor_state_clear(&o->told);
	(void)close(o->ends[0]);
	(void)close(o->ends[1]);
	(void)unlink(o->path);
	snprintf(path, sizeof(path), "%s.previous", o->path);
	(void)unlink(path);
	(void)chmod(o->folder, 0700);
	(void)rmdir(o->folder);
	config_free(o->config);
	sign_key_free(o->old);
	sign_key_free(o->new);
	arena_free(o->arena);
}

/* A worker saw these keys, signed by signer; NULL: it saw nothing. */
static void see(struct office *o, struct sign_key *const keys[], const struct sign_key *signer)
{
	static uint8_t buffer[CHANNEL_OCTETS];
	int ends[2];
	enum channel_kind kind;
	size_t len;
	struct sign_how how = { .inception = (uint32_t)o->now.wall_s - 3600,
		                .expiration = (uint32_t)o->now.wall_s + 21 * DAY };
	struct rrset *set = NULL;
	if (keys != NULL)
		set = sign_new_set(o->arena, &o->zone, TYPE_DNSKEY, 172800);
	for (; set != NULL && *keys != NULL; keys++)
		CU_ASSERT_EQUAL(sign_add(o->arena, set, sign_key_rdata(*keys)->octets,
		                         sign_key_rdata(*keys)->len), ERR_OK);
	if (set != NULL)
		CU_ASSERT_EQUAL(sign_rrset(o->arena, set, signer, &o->zone, &how), ERR_OK);
	CU_ASSERT_EQUAL_FATAL(channel_pair(ends), ERR_OK);
	CU_ASSERT_EQUAL(anchor_seen_send(ends[0], &o->zone, set), ERR_OK);
	CU_ASSERT_EQUAL(channel_receive(ends[1], buffer, &kind, &len), ERR_OK);
	CU_ASSERT_EQUAL(kind, CHANNEL_ANCHORS_SEEN);
	anchor_desk_seen(o->desk, o->now, buffer, len);
	(void)close(ends[0]);
	(void)close(ends[1]);
	take_told(o);
}

#define KEYS(...) ((struct sign_key *const[]){ __VA_ARGS__, NULL })

static const char *state_of(const struct office *o, const struct sign_key *k)
{
	const struct anchor_key *known = anchor_state_find(&o->told, &o->zone, sign_key_rdata(k));
	return known != NULL ? key_state_text(known->state) : "none";
}

static bool is_told(const struct office *o, const struct sign_key *k, const char *state)
{
	return strcmp(state_of(o, k), state) == 0;
}

static enum anchor_health health(const struct office *o)
{
	return anchor_state_health(&o->told, &o->zone, false);
}

static void put_file(struct office *o, const char *text)
{
	char fresh[PATH_MAX_OCTETS + 16];
	snprintf(fresh, sizeof(fresh), "%s.mine", o->path);
	FILE *f = fopen(fresh, "we");
	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	fputs(text, f);
	CU_ASSERT_EQUAL(fclose(f), 0);
	CU_ASSERT_EQUAL(rename(fresh, o->path), 0);
}

static void test_the_configured_anchor_is_told_at_once(void)
{
	struct office o;
	office_open(&o);
	CU_ASSERT_EQUAL(o.told.count, 1);
	CU_ASSERT_EQUAL(health(&o), HEALTH_UNKNOWN);
	CU_ASSERT_EQUAL(o.told.zones[0].next_s, 0);
	CU_ASSERT_EQUAL(access(o.path, R_OK), 0);
	office_close(&o);
}

static void test_a_rollover_goes_through_restarts(void)
{
	struct office o;
	office_open(&o);
	see(&o, KEYS(o.old), o.old);
	CU_ASSERT_EQUAL(health(&o), HEALTH_GREEN);
	CU_ASSERT_TRUE(o.told.zones[0].next_s > START);
	for (unsigned day = 0; day < 32; day++) {
		o.now.wall_s += DAY;
		see(&o, KEYS(o.old, o.new), o.old);
		CU_ASSERT_TRUE(is_told(&o, o.new, day < 30 ? "AddPend" : "Valid"));
		reopen_desk(&o, NULL);
		CU_ASSERT_TRUE(is_told(&o, o.new, day < 30 ? "AddPend" : "Valid"));
	}
	see(&o, KEYS(o.new), o.new);
	CU_ASSERT_TRUE(is_told(&o, o.old, "Missing"));
	CU_ASSERT_EQUAL(health(&o), HEALTH_GREEN);
	office_close(&o);
}

static void test_keys_of_a_stranger_are_red_and_change_nothing(void)
{
	struct office o;
	office_open(&o);
	see(&o, KEYS(o.new), o.new);
	CU_ASSERT_EQUAL(health(&o), HEALTH_REFUSED);
	CU_ASSERT_TRUE(is_told(&o, o.new, "none"));
	CU_ASSERT_EQUAL(o.told.count, 1);
	CU_ASSERT_TRUE(o.told.zones[0].next_s >= START + 3600);
	office_close(&o);
}

static void test_nothing_seen_moves_only_the_next_question(void)
{
	struct office o;
	office_open(&o);
	see(&o, KEYS(o.old), o.old);
	int64_t believed_s = o.told.zones[0].believed_s;
	o.now.wall_s = o.told.zones[0].next_s;
	see(&o, NULL, NULL);
	CU_ASSERT_EQUAL(health(&o), HEALTH_GREEN);
	CU_ASSERT_EQUAL(o.told.zones[0].believed_s, believed_s);
	CU_ASSERT_TRUE(o.told.zones[0].next_s > o.now.wall_s);
	office_close(&o);
}

/* Threats F9: recover by file drop without restart. */
static void test_a_file_that_an_operator_puts_there_counts_without_restart(void)
{
	struct office o;
	char ds[TEXT_MAX];
	office_open(&o);
	see(&o, KEYS(o.new), o.new);
	ds_text(&o, o.new, ds);
	put_file(&o, ds);
	anchor_desk_look(o.desk, o.now);
	take_told(&o);
	CU_ASSERT_EQUAL(o.told.count, 2);
	CU_ASSERT_EQUAL(o.told.zones[0].next_s, 0);
	see(&o, KEYS(o.new), o.new);
	CU_ASSERT_EQUAL(health(&o), HEALTH_GREEN);
	CU_ASSERT_TRUE(is_told(&o, o.new, "Valid"));
	office_close(&o);
}

static void test_what_an_operator_puts_there_is_not_written_over(void)
{
	struct office o;
	char ds[TEXT_MAX];
	office_open(&o);
	ds_text(&o, o.new, ds);
	put_file(&o, ds);
	see(&o, KEYS(o.new), o.new); /* before anybody looked */
	CU_ASSERT_EQUAL(health(&o), HEALTH_GREEN);
	office_close(&o);
}

static void test_a_bad_file_put_there_changes_nothing(void)
{
	struct office o;
	office_open(&o);
	see(&o, KEYS(o.old, o.new), o.old);
	put_file(&o, "warren-anchors 1\nkey . rubbish\n");
	anchor_desk_look(o.desk, o.now);
	take_told(&o);
	CU_ASSERT_TRUE(is_told(&o, o.old, "Valid"));
	CU_ASSERT_TRUE(is_told(&o, o.new, "AddPend"));
	CU_ASSERT_EQUAL(unlink(o.path), 0);
	anchor_desk_look(o.desk, o.now);
	see(&o, KEYS(o.old, o.new), o.old);
	CU_ASSERT_EQUAL(access(o.path, R_OK), 0);
	CU_ASSERT_TRUE(is_told(&o, o.new, "AddPend"));
	office_close(&o);
}

static void test_without_a_folder_the_state_outlives_the_keeper(void)
{
	struct office o;
	char *text = NULL;
	office_open(&o);
	CU_ASSERT_EQUAL(unlink(o.path), 0);
	(void)rmdir(o.folder);
	see(&o, KEYS(o.old, o.new), o.old);
	CU_ASSERT_TRUE(is_told(&o, o.new, "AddPend"));
	CU_ASSERT_EQUAL_FATAL(anchor_text_write(&o.told, &text), ERR_OK);
	reopen_desk(&o, text);
	CU_ASSERT_TRUE(is_told(&o, o.old, "Valid"));
	CU_ASSERT_TRUE(is_told(&o, o.new, "AddPend"));
	free(text);
	office_close(&o);
}

static void test_a_clock_before_what_was_believed_judges_nothing(void)
{
	struct office o;
	office_open(&o);
	see(&o, KEYS(o.old), o.old);
	o.now.wall_s -= 300 * DAY;
	see(&o, KEYS(o.old, o.new), o.old);
	CU_ASSERT_TRUE(is_told(&o, o.new, "none"));
	o.now.wall_s += 301 * DAY;
	see(&o, KEYS(o.old, o.new), o.old);
	CU_ASSERT_TRUE(is_told(&o, o.new, "AddPend"));
	office_close(&o);
}

/* A machine without a clock of its own starts in 1970. */
static void test_a_clock_before_our_release_judges_nothing(void)
{
	struct office o;
	office_open(&o);
	CU_ASSERT_TRUE(o.told.floor_s > 1790000000);
	o.now.wall_s = 1000;
	see(&o, KEYS(o.old), o.old);
	CU_ASSERT_EQUAL(health(&o), HEALTH_UNKNOWN);
	o.now.wall_s = START;
	see(&o, KEYS(o.old), o.old);
	CU_ASSERT_EQUAL(health(&o), HEALTH_GREEN);
	CU_ASSERT_EQUAL(o.told.floor_s, START - 3600);
	office_close(&o);
}

static void test_rubbish_from_a_worker_is_passed_over(void)
{
	struct office o;
	office_open(&o);
	static const char *const texts[] = { "\0. IN A 192.0.2.1\n", "\0. IN DNSKEY 257 3\n", "\0\"",
		                             "\003com\0com. IN DNSKEY 257 3 13 AAAA\n", "\003co" };
	static const size_t lens[] = { 19, 20, 2, 34, 3 };
	for (unsigned i = 0; i < 5; i++)
		anchor_desk_seen(o.desk, o.now, (const uint8_t *)texts[i], lens[i]);
	take_told(&o);
	CU_ASSERT_EQUAL(o.told.count, 1);
	CU_ASSERT_EQUAL(health(&o), HEALTH_UNKNOWN);
	office_close(&o);
}

static void test_status_names_keys_and_health(void)
{
	struct office o;
	char *state = NULL, *plain = NULL, *json = NULL;
	char keys[64];
	size_t len;
	office_open(&o);
	see(&o, KEYS(o.old, o.new), o.old);
	CU_ASSERT_EQUAL_FATAL(anchor_text_write(&o.told, &state), ERR_OK);
	FILE *out = open_memstream(&plain, &len);
	anchor_report(state, false, false, out);
	CU_ASSERT_EQUAL(fclose(out), 0);
	out = open_memstream(&json, &len);
	anchor_report(state, false, true, out);
	CU_ASSERT_EQUAL(fclose(out), 0);
	snprintf(keys, sizeof(keys), "%u Valid, %u AddPend; green", sign_key_tag(o.old), sign_key_tag(o.new));
	CU_ASSERT_PTR_NOT_NULL(strstr(plain, keys));
	CU_ASSERT_PTR_NOT_NULL(strstr(json, "\"zone\":\".\",\"red\":false"));
	free(state);
	free(plain);
	free(json);
	office_close(&o);
}

static const struct unit_test tests[] = {
	UNIT(test_the_configured_anchor_is_told_at_once),
	UNIT(test_a_rollover_goes_through_restarts),
	UNIT(test_keys_of_a_stranger_are_red_and_change_nothing),
	UNIT(test_nothing_seen_moves_only_the_next_question),
	UNIT(test_a_file_that_an_operator_puts_there_counts_without_restart),
	UNIT(test_what_an_operator_puts_there_is_not_written_over),
	UNIT(test_a_bad_file_put_there_changes_nothing),
	UNIT(test_without_a_folder_the_state_outlives_the_keeper),
	UNIT(test_a_clock_before_what_was_believed_judges_nothing),
	UNIT(test_a_clock_before_our_release_judges_nothing),
	UNIT(test_rubbish_from_a_worker_is_passed_over),
	UNIT(test_status_names_keys_and_health),
};

int main(int argc, char **argv)
{
	static const struct unit_suite suite = { "anchor_desk", tests, sizeof(tests) / sizeof(tests[0]) };
	static const struct unit_suite *const suites[] = { &suite };
	return unit_main(argc, argv, suites, 1);
}
