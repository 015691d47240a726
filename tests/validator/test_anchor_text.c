#include "tests/validator/anchor_suites.h"
#include "tests/validator/rollover.h"
#include "resolver/base/rng.h"
#include "validator/anchor_text.h"
#include "validator/moment.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MUTATIONS = 20000, TEXT_SIZE = 64 << 10 };

static const struct now then = { 0, ROLLOVER_START };

/* One key in each state, two zones, a digest. */
static void fill(struct rollover *r)
{
	rollover_init(r);
	struct sign_key *a = rollover_key(r, 13, 257), *b = rollover_key(r, 8, 257);
	struct sign_key *c = rollover_key(r, 15, 257), *d = rollover_key(r, 14, 257);
	struct sign_key *e = rollover_key(r, 13, 257), *f = rollover_key(r, 13, 257);
	rollover_trust(r, a, TYPE_DNSKEY);
	rollover_trust(r, b, TYPE_DNSKEY);
	rollover_trust(r, c, TYPE_DS);
	rollover_trust(r, d, TYPE_DNSKEY);
	rollover_revoke(d, true);
	rollover_days(r, 1, KEYS(a, b, d), KEYS(a, d));
	rollover_days(r, 32, KEYS(a, e, b), KEYS(a));
	rollover_revoke(b, true);
	rollover_days(r, 1, KEYS(a, b, e, f), KEYS(a, b));
	rollover_revoke(e, false);
	rollover_days(r, 1, KEYS(a), KEYS(a));
	rollover_days(r, 1, KEYS(a, f), KEYS(a));
	struct name old = r->zone;
	r->zone = name_of("a\\032b.example.");
	rollover_trust(r, a, TYPE_DNSKEY);
	r->zone = old;
}

static bool same_key(const struct anchor_key *a, const struct anchor_key *b)
{
	return name_equal(&a->zone, &b->zone) && a->state == b->state && a->type == b->type &&
	       a->len == b->len && memcmp(a->octets, b->octets, a->len) == 0 && a->tag == b->tag &&
	       a->algorithm == b->algorithm && a->since_s == b->since_s &&
	       a->first_s == b->first_s && a->last_s == b->last_s && a->hold_s == b->hold_s &&
	       a->sightings == b->sightings && a->by_count == b->by_count &&
	       memcmp(a->by, b->by, a->by_count * sizeof(a->by[0])) == 0;
}

static bool same_zone(const struct anchor_zone *a, const struct anchor_zone *b)
{
	return name_equal(&a->name, &b->name) && a->believed_s == b->believed_s &&
	       a->refused_s == b->refused_s && a->next_s == b->next_s && a->retry_s == b->retry_s;
}

static bool same_state(const struct anchor_state *a, const struct anchor_state *b)
{
	bool same = a->count == b->count && a->zone_count == b->zone_count &&
	            a->floor_s == b->floor_s;
	for (size_t i = 0; same && i < a->count; i++)
		same = same_key(&a->keys[i], &b->keys[i]);
	for (size_t i = 0; same && i < a->zone_count; i++)
		same = same_zone(&a->zones[i], &b->zones[i]);
	return same;
}

static void test_state_survives_its_text(void)
{
	struct rollover r;
	struct anchor_state again;
	struct anchor_text_error why;
	char *text, *second;
	fill(&r);
	unsigned states = 0;
	for (size_t i = 0; i < r.state.count; i++)
		states |= 1u << r.state.keys[i].state;
	CU_ASSERT_EQUAL(states | 1u << KEY_START, (1u << KEY_STATES) - 1);
	CU_ASSERT_EQUAL_FATAL(anchor_text_write(&r.state, &text), ERR_OK);
	CU_ASSERT_EQUAL_FATAL(anchor_text_read(text, strlen(text), then, &again, &why), ERR_OK);
	CU_ASSERT_TRUE(same_state(&r.state, &again));
	CU_ASSERT_EQUAL_FATAL(anchor_text_write(&again, &second), ERR_OK);
	CU_ASSERT_STRING_EQUAL(text, second);
	free(text);
	free(second);
	anchor_state_clear(&again);
	rollover_clear(&r);
}

/* Threats F1. */
static void test_mutated_file_never_trusts_another_key(void)
{
	struct rollover r;
	struct rng rng;
	struct anchor_state again;
	struct anchor_text_error why;
	char *text;
	unsigned taken = 0;
	fill(&r);
	rng_init_number(&rng, 5011);
	CU_ASSERT_EQUAL_FATAL(anchor_text_write(&r.state, &text), ERR_OK);
	uint32_t len = (uint32_t)strlen(text);
	char *copy = malloc(len + 1);
	CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
	for (unsigned i = 0; i < MUTATIONS; i++) {
		memcpy(copy, text, len + 1);
		uint32_t at = rng_below(&rng, len), cut = len;
		if (i % 4 == 0)
			cut = at; /* torn */
		else if (i % 4 == 1)
			copy[at] = (char)rng_below(&rng, 256);
		else
			copy[at] ^= (char)(1 << rng_below(&rng, 8));
		if (memcmp(copy, text, len) == 0 && cut == len)
			continue;
		if (anchor_text_read(copy, cut, then, &again, &why) == ERR_OK) {
			taken++;
			anchor_state_clear(&again);
		} else {
			CU_ASSERT_TRUE(why.what[0] != '\0');
		}
	}
	CU_ASSERT_EQUAL(taken, 0);
	free(copy);
	free(text);
	rollover_clear(&r);
}

/* body with a right checksum behind it. */
static enum err read_body(const char *body, struct anchor_state *out, struct anchor_text_error *why)
{
	char text[TEXT_SIZE];
	int len = snprintf(text, sizeof(text), "%schecksum %016" PRIx64 "\n", body,
	                   anchor_text_checksum(body, strlen(body)));
	return anchor_text_read(text, (size_t)len, then, out, why);
}

#define HEAD "warren-anchors 1\nfloor never\n"
#define DIGEST "E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D"
#define VALID "Valid since 2026-10-11T00:00:00Z first never last never hold never sightings 0 "
#define ROOT_DS "ds . 20326 8 2 " VALID DIGEST "\n"
#define ED "l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4="
#define WAITING "key . 3613 15 257 AddPend since 2026-10-11T00:00:00Z first 2026-10-11T00:00:00Z " \
	"last 2026-10-11T00:00:00Z hold "

static void test_file_is_refused_with_line_and_words(void)
{
	static const struct {
		const char *body, *what;
		enum err err;
		unsigned line;
	} cases[] = {
		{ HEAD ROOT_DS, "", ERR_OK, 0 },
		{ HEAD WAITING "2026-11-10T00:00:00Z sightings 1 " ED "\n", "", ERR_OK, 0 },
		{ HEAD WAITING "2026-11-10T00:00:00Z sightings 1 by 20326 by 38696 " ED "\n", "", ERR_OK, 0 },
		{ HEAD WAITING "2026-11-10T00:00:00Z sightings 1 by " ED "\n", "malformed", ERR_FORMAT, 3 },
		{ HEAD WAITING "2026-11-10T00:00:00Z sightings 1 by 65536 " ED "\n", "malformed",
		  ERR_FORMAT, 3 },
		{ HEAD WAITING "2026-11-10T00:00:00Z sightings 1 by 1 by 2 by 3 by 4 by 5 by 6 by 7 by 8 by 9 "
		  ED "\n", "malformed", ERR_FORMAT, 3 },
		{ HEAD "key . 3613 15 257 Valid since never first never last never hold never sightings 0 "
		  "by 20326 " ED "\n", "malformed", ERR_FORMAT, 3 },
		{ HEAD WAITING "2026-11-09T23:59:59Z sightings 1 " ED "\n", "hold-down", ERR_FORMAT, 3 },
		{ HEAD WAITING "never sightings 1 " ED "\n", "hold-down", ERR_FORMAT, 3 },
		{ HEAD WAITING "2026-11-10T00:00:00Z sightings 0 " ED "\n", "hold-down", ERR_FORMAT, 3 },
		{ HEAD WAITING "2026-11-10T00:00:00Z sightings 99999999999 " ED "\n", "malformed",
		  ERR_FORMAT, 3 },
		{ HEAD WAITING "2026-13-10T00:00:00Z sightings 1 " ED "\n", "malformed", ERR_FORMAT, 3 },
		{ "warren-anchors 2\nfloor never\n" ROOT_DS, "version", ERR_VERSION, 1 },
		{ "warren-anchors\nfloor never\n" ROOT_DS, "first line", ERR_FORMAT, 1 },
		{ "warren-anchors 1\n" ROOT_DS, "no floor", ERR_FORMAT, 3 },
		{ HEAD "floor never\n" ROOT_DS, "second floor", ERR_FORMAT, 3 },
		{ "warren-anchors 1\nfloor soon\n" ROOT_DS, "malformed floor", ERR_FORMAT, 2 },
		{ HEAD ROOT_DS ROOT_DS, "once more", ERR_FORMAT, 4 },
		{ HEAD "ds . 20327 8 2 " VALID DIGEST "\n", "", ERR_OK, 0 },
		{ HEAD "ds . 20326 8 2 " VALID "E06D\n", "wrong length", ERR_FORMAT, 3 },
		{ HEAD "ds . 20326 8 2 " VALID "\n", "", ERR_FORMAT, 3 },
		{ HEAD "ds . 20326 8 2 VALID since never first never last never hold never "
		  "sightings 0 " DIGEST "\n", "no such state", ERR_FORMAT, 3 },
		{ HEAD "ds . 20326 8 2 Revoked since never first never last never hold never "
		  "sightings 0 " DIGEST "\n", "by its digest", ERR_FORMAT, 3 },
		{ HEAD "ds . 70000 8 2 " VALID DIGEST "\n", "malformed", ERR_FORMAT, 3 },
		{ HEAD "key . 3613 15 257 " VALID ED "\n", "", ERR_OK, 0 },
		{ HEAD "key . 3614 15 257 " VALID ED "\n", "tag", ERR_FORMAT, 3 },
		{ HEAD "key . 3741 15 385 " VALID ED "\n", "REVOKE", ERR_FORMAT, 3 },
		{ HEAD "key . 3613 15 1 " VALID ED "\n", "zone key", ERR_FORMAT, 3 },
		{ HEAD "key . 3613 15 257 " VALID "!\n", "malformed", ERR_FORMAT, 3 },
		{ HEAD "zone . believed never refused never next never retry 0\n", "without a key",
		  ERR_FORMAT, 3 },
		{ HEAD ROOT_DS "zone . believed never refused never next never retry 86401\n",
		  "malformed zone", ERR_FORMAT, 4 },
		{ HEAD ROOT_DS "zone . believed never refused never next never retry 9\n"
		  "zone . believed never refused never next never retry 9\n", "once more",
		  ERR_FORMAT, 5 },
		{ HEAD "# a word\n" ROOT_DS, "", ERR_OK, 0 },
		{ HEAD "nonsense\n", "not a line", ERR_FORMAT, 3 },
		{ HEAD "\n" ROOT_DS, "not a line", ERR_FORMAT, 3 },
		{ HEAD "\"key\" . 1\n" ROOT_DS, "not a line", ERR_FORMAT, 3 },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct anchor_state s = { 0 };
		struct anchor_text_error why;
		CU_ASSERT_EQUAL(read_body(cases[i].body, &s, &why), cases[i].err);
		CU_ASSERT_EQUAL(why.line, cases[i].line);
		CU_ASSERT_PTR_NOT_NULL(strstr(why.what, cases[i].what));
		anchor_state_clear(&s);
	}
}

static void test_torn_file_is_called_torn(void)
{
	static const char *const texts[] = {
		HEAD ROOT_DS, HEAD ROOT_DS "checksum 0123456789abcdef\n", HEAD ROOT_DS "checksum",
		HEAD "ds . 20326 8",
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct anchor_state s = { 0 };
		struct anchor_text_error why;
		CU_ASSERT_EQUAL(anchor_text_read(texts[i], strlen(texts[i]), then, &s, &why), ERR_CORRUPT);
		CU_ASSERT_EQUAL(s.count, 0);
	}
}

static void test_plain_records_are_trusted_from_now_on(void)
{
	static const char text[] =
		"; <<>> DiG <<>> +dnssec . DNSKEY\n"
		"$TTL 172800\n"
		".\t\t\t3600\tIN\tDS\t20326 8 2 ( E06D44B80B8F1D39A95C0B0D7C65D084\n"
		"\t\t58E880409BBC683457104237C7F8EC8D ) ; the one of 2017\n\n"
		"lab. IN DNSKEY 257 3 15 " ED "\n"
		"lab. IN DNSKEY 256 3 13 ("
		"oJMRESz5E4gYzS/q6XDrvU1qMPYIjCWzJaOau8XNEZeqCYKD5ar0IRd8KqXXFJkqmVfRvMGPmM1x8fGAa2Xh"
		"SA== )\n"
		"lab. IN DNSKEY 385 3 15 " "AAAAoi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=" "\n"
		"alone. IN DNSKEY 256 3 15 " ED "\n"
		"lab. IN RRSIG DNSKEY 15 1 3600 20261231000000 20261201000000 3613 lab. AAAA\n";
	struct anchor_state s;
	struct anchor_text_error why;
	CU_ASSERT_EQUAL_FATAL(anchor_text_read(text, strlen(text), then, &s, &why), ERR_OK);
	CU_ASSERT_EQUAL(s.count, 3); /* not the ZSK beside a KSK, not the revoked one */
	for (size_t i = 0; i < s.count; i++) {
		CU_ASSERT_EQUAL(s.keys[i].state, KEY_VALID);
		CU_ASSERT_EQUAL(s.keys[i].since_s, then.wall_s);
		CU_ASSERT_EQUAL(s.keys[i].first_s, 0);
	}
	CU_ASSERT_EQUAL(s.keys[0].tag, 20326);
	anchor_state_clear(&s);
}

static void test_plain_text_of_other_things_is_refused(void)
{
	static const struct {
		const char *text;
		unsigned line;
	} cases[] = {
		{ "", 0 },
		{ "; nothing\n", 0 },
		{ ". IN A 192.0.2.1\n", 0 },
		{ ". CH DS 20326 8 2 " DIGEST "\n", 0 },
		{ ". IN DS 20326 8 2 " DIGEST "\n. IN DS twenty\n", 2 },
		{ "warren-anchor", 1 },
		{ ". IN DS 20326 8 2 E06D44\n", 0 },
		{ ". IN DNSKEY 385 3 15 " ED "\n", 0 },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct anchor_state s = { 0 };
		struct anchor_text_error why;
		CU_ASSERT_EQUAL(anchor_text_read(cases[i].text, strlen(cases[i].text), then, &s, &why),
		                ERR_FORMAT);
		CU_ASSERT_EQUAL(why.line, cases[i].line);
		CU_ASSERT_EQUAL(s.count, 0);
	}
}

static void test_too_much_is_refused(void)
{
	struct anchor_state s = { 0 };
	struct anchor_text_error why;
	size_t len = LIMIT_ANCHOR_TEXT + 1;
	char *text = malloc(len);
	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	memset(text, ';', len);
	CU_ASSERT_EQUAL(anchor_text_read(text, len, then, &s, &why), ERR_LIMIT);
	size_t at = 0;
	for (unsigned i = 0; i <= LIMIT_ANCHORS; i++)
		at += (size_t)snprintf(text + at, len - at, "n%u. IN DS %u 8 2 %s\n", i, i, DIGEST);
	CU_ASSERT_EQUAL(anchor_text_read(text, at, then, &s, &why), ERR_LIMIT);
	free(text);
}

/* Names and keys as long as can be: more than may be read is not written either. */
static void test_state_too_big_for_its_file_is_not_written(void)
{
	struct anchor_state s = { 0 };
	static uint8_t octets[LIMIT_ANCHOR_OCTETS + 1] = { 1, 1, 3, 15 };
	struct rdata r = { LIMIT_ANCHOR_OCTETS, octets };
	struct anchor_key k = { .zone = name_root(), .state = KEY_VALID, .type = TYPE_DNSKEY };
	char *text;
	for (unsigned i = 0; i < LIMIT_ANCHORS; i++) {
		octets[4] = (uint8_t)i;
		CU_ASSERT_EQUAL(anchor_state_add(&s, &k, &r), ERR_OK);
	}
	octets[5] = 1;
	CU_ASSERT_EQUAL(anchor_state_add(&s, &k, &r), ERR_LIMIT);
	CU_ASSERT_EQUAL(anchor_text_write(&s, &text), ERR_LIMIT);
	anchor_state_drop(&s, 0);
	r.len++;
	CU_ASSERT_EQUAL(anchor_state_add(&s, &k, &r), ERR_LIMIT);
	r.len = 3;
	CU_ASSERT_EQUAL(anchor_state_add(&s, &k, &r), ERR_FORMAT);
	anchor_state_clear(&s);
	r.len = 36;
	k.since_s = INT64_MAX / 4;
	CU_ASSERT_EQUAL(anchor_state_add(&s, &k, &r), ERR_OK);
	CU_ASSERT_EQUAL(anchor_text_write(&s, &text), ERR_FORMAT);
	anchor_state_clear(&s);
}

static void test_moments_as_people_write_them(void)
{
	static const struct {
		const char *text;
		int64_t seconds; /* -1: refused */
	} cases[] = {
		{ "2026-10-11T00:00:00Z", 1791676800 },
		{ "2026-10-11", 1791676800 },
		{ "20261011", 1791676800 },
		{ "20261011T000000Z", 1791676800 },
		{ "2026-10-11 00:00:00", 1791676800 },
		{ "2026-10-11T02:00:00+02:00", 1791676800 },
		{ "2026-10-10T16:00:00-0800", 1791676800 },
		{ "2026-10-11T00:00:00.999Z", 1791676800 },
		{ "2024-02-29T12:34:56+00:00", 1709210096 },
		{ "2026-10-11T00:00Z", 1791676800 },
		{ "2026-10-11T02:00+02:00", 1791676800 },
		{ "20261011T0000", 1791676800 },
		{ "2023-02-29", -1 }, { "2026-10-11T24:00:00Z", -1 }, { "2026-10-11T00:00:60Z", -1 },
		{ "2026-1-11", -1 }, { "2026-10-11T00:00:00ZZ", -1 }, { "2026-10-11T", -1 },
		{ "2026-10-11T00:00:00+2", -1 }, { "", -1 }, { "now", -1 }, { "2026-10-11T00:00:00.", -1 },
		{ "2026-1011", -1 }, { "2026-10-11T00:00:", -1 }, { "2026-10-11T00", -1 }, { "20261011T00000", -1 },
		{ "2026-10-11T00:00:00+15:00", -1 },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t seconds = -1;
		enum err e = moment_parse(cases[i].text, strlen(cases[i].text), &seconds);
		CU_ASSERT_EQUAL(e, cases[i].seconds == -1 ? ERR_FORMAT : ERR_OK);
		CU_ASSERT_EQUAL(seconds, cases[i].seconds);
	}
	char out[32];
	struct text t = text_of(out, sizeof(out));
	moment_text(&t, 1791676800);
	CU_ASSERT_STRING_EQUAL(out, "2026-10-11T00:00:00Z");
	moment_text(&t, INT64_C(999999999999));
	CU_ASSERT_EQUAL(t.err, ERR_UNSUPPORTED);
}

static const struct unit_test tests[] = {
	UNIT(test_state_survives_its_text),
	UNIT(test_mutated_file_never_trusts_another_key),
	UNIT(test_file_is_refused_with_line_and_words),
	UNIT(test_torn_file_is_called_torn),
	UNIT(test_plain_records_are_trusted_from_now_on),
	UNIT(test_plain_text_of_other_things_is_refused),
	UNIT(test_too_much_is_refused),
	UNIT(test_state_too_big_for_its_file_is_not_written),
	UNIT(test_moments_as_people_write_them),
};
const struct unit_suite suite_anchor_text = { "anchor_text", tests,
	                                      sizeof(tests) / sizeof(tests[0]) };
