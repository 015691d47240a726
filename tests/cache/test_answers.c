#include "cache/answers.h"
#include "resolver/wire/message.h"
#include "resolver/wire/zonetext.h"
#include "tests/cache/suites.h"
#include <stdio.h>
#include <string.h>

struct desk {
	struct answers *answers;
	struct arena *arena;
	struct rng rng;
	struct now now;
	struct query query;
	uint8_t reply[2000];
	size_t len;
	struct answers_part parts[2];
	unsigned part_count;
};

static void open_desk(struct desk *d, enum ttl_mode mode, size_t octets)
{
	struct ttl_policy ttl = { mode, TTL_LOW_PERMILLE, TTL_HIGH_PERMILLE };
	struct siphash_key key = { 5, 6 };
	memset(d, 0, sizeof(*d));
	d->answers = answers_new(&ttl, octets, &key);
	d->arena = arena_new(1 << 20);
	CU_ASSERT_FATAL(d->answers != NULL && d->arena != NULL);
	rng_init_number(&d->rng, 7);
	d->now.mono_ms = 5000000;
}

static void close_desk(struct desk *d)
{
	answers_free(d->answers);
	arena_free(d->arena);
}

static void ask(struct desk *d, const char *name)
{
	d->query = (struct query){ .id = 0x1234, .flags = FLAG_RD, .has_question = true };
	d->query.question = (struct question){ .name = name_of(name), .type = TYPE_A, .class = CLASS_IN };
}

/* A reply of all RRsets in text, a part each. */
static void write_reply(struct desk *d, const char *text, uint32_t age)
{
	struct zonetext z = zonetext_of(text, strlen(text));
	struct rrset *sets;
	uint16_t records = 0;
	CU_ASSERT_EQUAL_FATAL(zonetext_all(&z, d->arena, &sets, &d->part_count), ERR_OK);
	struct writer w = writer_of(d->reply, sizeof(d->reply));
	write_u16(&w, 0x1234);
	write_u16(&w, FLAG_QR | FLAG_RD | FLAG_RA);
	write_u16(&w, 1);
	for (unsigned i = 0; i < 3; i++)
		write_u16(&w, 0);
	write_name(&w, &d->query.question.name);
	write_u16(&w, d->query.question.type);
	write_u16(&w, CLASS_IN);
	for (unsigned i = 0; i < d->part_count; i++) {
		CU_ASSERT_FATAL(write_rrset(&w, &sets[i], sets[i].ttl, true, 0, &records));
		d->parts[i] = (struct answers_part){ .records = (uint16_t)(sets[i].count + sets[i].sig_count),
			                             sets[i].ttl, age, TTL_NO_BOUND, (uint16_t)i, 0 };
	}
	write_u16_at(&w, 6, records);
	CU_ASSERT_EQUAL_FATAL(w.err, ERR_OK);
	d->len = writer_length(&w);
}

static const struct networks_entry entry = { .id = 99, .use = 77, .resolve_ms = 20 };

static void keep(struct desk *d)
{
	answers_put(d->answers, d->now, &d->query, d->reply, d->len, d->parts, d->part_count, &entry);
}

/* Against all cells being alike. */
static double chi_squared(const unsigned *counts, unsigned cells, unsigned draws)
{
	double sum = 0, expected = (double)draws / cells;
	for (unsigned i = 0; i < cells; i++)
		sum += (counts[i] - expected) * (counts[i] - expected) / expected;
	return sum;
}

static bool find(struct desk *d, struct message *m, struct answers_found *found)
{
	uint8_t octets[2000];
	struct writer w = writer_of(octets, sizeof(octets));
	struct answers_found unused;
	if (!answers_find(d->answers, d->now, &d->query, 1232, &d->rng, &w, found ? found : &unused))
		return false;
	if (m != NULL)
		CU_ASSERT_EQUAL_FATAL(message_parse(octets, writer_length(&w), d->arena, m), ERR_OK);
	return true;
}

#define CHAIN \
	"www.example. 400 IN CNAME host.example.\n" \
	"host.example. 40 IN A 192.0.2.1\nhost.example. 40 IN A 192.0.2.2\n"

static void test_a_hit_carries_the_new_id_and_spelling(void)
{
	struct desk d;
	struct message m;
	open_desk(&d, TTL_OFF, 1 << 20);
	ask(&d, "www.example.");
	write_reply(&d, CHAIN, 0);
	CU_ASSERT_FALSE(find(&d, NULL, NULL));
	keep(&d);
	ask(&d, "WWW.eXample.");
	d.query.id = 0xbeef;
	d.now.mono_ms += 10000;
	CU_ASSERT_FATAL(find(&d, &m, NULL));
	CU_ASSERT_EQUAL(m.id, 0xbeef);
	CU_ASSERT(name_equal_exact(&m.question.name, &d.query.question.name));
	CU_ASSERT_EQUAL_FATAL(m.section[SECTION_ANSWER].count, 2);
	CU_ASSERT(name_equal_exact(&m.section[SECTION_ANSWER].sets[0].owner, &d.query.question.name));
	CU_ASSERT_EQUAL(m.section[SECTION_ANSWER].sets[0].ttl, 390);
	CU_ASSERT_EQUAL(m.section[SECTION_ANSWER].sets[1].ttl, 30);
	CU_ASSERT_EQUAL(m.section[SECTION_ANSWER].sets[1].count, 2);
	d.now.mono_ms += 29999;
	CU_ASSERT(find(&d, NULL, NULL));
	d.now.mono_ms += 1;
	CU_ASSERT_FALSE(find(&d, NULL, NULL));
	close_desk(&d);
}

static void test_each_query_bit_that_changes_a_reply_is_part_of_the_key(void)
{
	struct desk d;
	open_desk(&d, TTL_OFF, 1 << 20);
	ask(&d, "www.example.");
	write_reply(&d, CHAIN, 0);
	keep(&d);
	struct query plain = d.query;
	for (unsigned i = 0; i < 6; i++) {
		d.query = plain;
		switch (i) {
		case 0: d.query.flags = 0; break;
		case 1: d.query.flags |= FLAG_CD; break;
		case 2: d.query.flags |= FLAG_AD; break;
		case 3: d.query.edns.present = true; break;
		case 4: d.query.question.type = TYPE_AAAA; break;
		case 5: d.query.question.class = CLASS_CH; break;
		}
		CU_ASSERT_FALSE(find(&d, NULL, NULL));
	}
	d.query = plain;
	d.query.edns.present = true;
	keep(&d);
	d.query.edns.dnssec_ok = true;
	CU_ASSERT_FALSE(find(&d, NULL, NULL));
	close_desk(&d);
}

static void test_a_reply_larger_than_the_client_takes_is_a_miss(void)
{
	struct desk d;
	uint8_t octets[2000];
	struct answers_found found;
	open_desk(&d, TTL_OFF, 1 << 20);
	ask(&d, "www.example.");
	write_reply(&d, CHAIN, 0);
	keep(&d);
	struct writer w = writer_of(octets, sizeof(octets));
	CU_ASSERT_FALSE(answers_find(d.answers, d.now, &d.query, d.len - 1, &d.rng, &w, &found));
	CU_ASSERT_EQUAL(writer_length(&w), 0);
	CU_ASSERT(answers_find(d.answers, d.now, &d.query, d.len, &d.rng, &w, &found));
	CU_ASSERT_EQUAL(writer_length(&w), d.len);
	CU_ASSERT_EQUAL(found.entry.id, 99);
	close_desk(&d);
}

static void test_private_mode_draws_anew_and_one_ttl_for_an_rrset(void)
{
	struct desk d;
	struct message m;
	unsigned changes = 0;
	uint32_t last = 0;
	open_desk(&d, TTL_PRIVATE, 1 << 20);
	ask(&d, "www.example.");
	write_reply(&d, CHAIN, 3);
	keep(&d);
	for (unsigned i = 0; i < 200; i++) {
		CU_ASSERT_FATAL(find(&d, &m, NULL)); /* parsing makes one RRset only of equal TTLs */
		struct rrset *sets = m.section[SECTION_ANSWER].sets;
		CU_ASSERT_EQUAL(sets[1].count, 2);
		CU_ASSERT(sets[0].ttl >= 50 && sets[0].ttl <= 100);
		CU_ASSERT(sets[1].ttl >= 5 && sets[1].ttl <= 10);
		changes += sets[0].ttl != last;
		last = sets[0].ttl;
		arena_reset(d.arena);
	}
	CU_ASSERT(changes > 150);
	d.now.mono_ms += 27000; /* age 30: 30 + 10 = 40 */
	CU_ASSERT(find(&d, NULL, NULL));
	d.now.mono_ms += 1000;
	CU_ASSERT_FALSE(find(&d, NULL, NULL));
	close_desk(&d);
}

/* T is 400 and 40, both on [T/8, T/4]; chi squared above these is seen once in 10^6 runs (50 and 5 degrees). */
static void test_finished_replies_draw_evenly_at_every_age_and_each_part_for_itself(void)
{
	enum { DRAWS = 20400, LONG = 51, SHORT = 6 };
	static const uint32_t ages[] = { 0, 10, 30 };
	struct desk d;
	struct message m;
	open_desk(&d, TTL_PRIVATE, 1 << 20);
	ask(&d, "www.example.");
	for (unsigned a = 0; a < 3; a++) {
		unsigned first[LONG] = { 0 }, second[SHORT] = { 0 };
		double high = 0, both = 0, one = 0;
		write_reply(&d, CHAIN, ages[a]);
		keep(&d);
		for (unsigned i = 0; i < DRAWS; i++) {
			CU_ASSERT_FATAL(find(&d, &m, NULL));
			uint32_t x = m.section[SECTION_ANSWER].sets[0].ttl - 50;
			uint32_t y = m.section[SECTION_ANSWER].sets[1].ttl - 5;
			CU_ASSERT_FATAL(x < LONG && y < SHORT);
			first[x]++;
			second[y]++;
			high += x > LONG / 2;
			one += y >= SHORT / 2;
			both += x > LONG / 2 && y >= SHORT / 2;
			arena_reset(d.arena);
		}
		CU_ASSERT(chi_squared(first, LONG, DRAWS) < 107.9);
		CU_ASSERT(chi_squared(second, SHORT, DRAWS) < 35.9);
		/* independent: five sigma of a share of a quarter is 0.015, seen once in 10^6 runs */
		CU_ASSERT(both / DRAWS - high / DRAWS * one / DRAWS < 0.015);
		CU_ASSERT(high / DRAWS * one / DRAWS - both / DRAWS < 0.015);
	}
	close_desk(&d);
}

static void test_parts_that_are_alike_show_one_draw(void)
{
	struct desk d;
	struct message m;
	open_desk(&d, TTL_PRIVATE, 1 << 20);
	ask(&d, "www.example.");
	write_reply(&d, "www.example. 4000 IN DNAME h.\nx.www.example. 4000 IN CNAME x.h.\n", 0);
	d.parts[1].like = 0;
	keep(&d);
	for (unsigned i = 0; i < 50; i++) {
		CU_ASSERT_FATAL(find(&d, &m, NULL));
		CU_ASSERT_EQUAL(m.section[SECTION_ANSWER].sets[0].ttl,
		                m.section[SECTION_ANSWER].sets[1].ttl);
		arena_reset(d.arena);
	}
	close_desk(&d);
}

static void test_the_end_of_a_signature_ends_the_reply(void)
{
	struct desk d;
	struct message m;
	open_desk(&d, TTL_PRIVATE, 1 << 20);
	ask(&d, "www.example.");
	write_reply(&d, "www.example. 4000 IN A 192.0.2.1\n", 0);
	d.parts[0].bound_s = 8;
	keep(&d);
	d.now.mono_ms += 5000;
	CU_ASSERT_FATAL(find(&d, &m, NULL));
	CU_ASSERT_EQUAL(m.section[SECTION_ANSWER].sets[0].ttl, 3);
	d.now.mono_ms += 3000;
	CU_ASSERT_FALSE(find(&d, NULL, NULL));
	close_desk(&d);
}

static void test_what_is_truncated_empty_or_miscounted_is_not_kept(void)
{
	struct desk d;
	open_desk(&d, TTL_OFF, 1 << 20);
	ask(&d, "www.example.");
	write_reply(&d, CHAIN, 0);
	d.parts[0].records++;
	keep(&d);
	d.parts[0].records--;
	d.reply[2] |= FLAG_TC >> 8;
	keep(&d);
	d.reply[2] &= (uint8_t)~(FLAG_TC >> 8);
	d.len--;
	keep(&d);
	d.len++;
	d.parts[1].age_s = 40;
	keep(&d);
	for (size_t len = 0; len < d.len; len++)
		answers_put(d.answers, d.now, &d.query, d.reply, len, d.parts, d.part_count, &entry);
	CU_ASSERT_EQUAL(answers_count(d.answers).entries, 0);
	close_desk(&d);
}

static void test_a_popular_reply_near_its_end_is_due_once(void)
{
	struct desk d;
	struct answers_found found;
	open_desk(&d, TTL_OFF, 1 << 20);
	ask(&d, "www.example.");
	write_reply(&d, "www.example. 400 IN A 192.0.2.1\n", 0);
	keep(&d);
	d.now.mono_ms += 300000;
	CU_ASSERT(find(&d, NULL, &found));
	CU_ASSERT_FALSE(found.due);
	d.now.mono_ms += 61000;
	CU_ASSERT(find(&d, NULL, &found));
	CU_ASSERT(found.due);
	CU_ASSERT(find(&d, NULL, &found));
	CU_ASSERT_FALSE(found.due);
	close_desk(&d);
}

static void test_a_flush_empties_it_and_uses_are_told_sparsely(void)
{
	struct desk d;
	uint32_t use;
	unsigned told = 0;
	open_desk(&d, TTL_OFF, 1 << 20);
	ask(&d, "www.example.");
	write_reply(&d, CHAIN, 0);
	keep(&d);
	for (unsigned i = 0; i < 1000; i++)
		CU_ASSERT(find(&d, NULL, NULL));
	while (answers_take_use(d.answers, &use)) {
		CU_ASSERT_EQUAL(use, 77);
		told++;
	}
	CU_ASSERT_EQUAL(told, 10);
	answers_flush(d.answers);
	CU_ASSERT_FALSE(find(&d, NULL, NULL));
	keep(&d);
	CU_ASSERT(find(&d, NULL, NULL));
	CU_ASSERT_EQUAL(answers_count(d.answers).entries, 1);
	close_desk(&d);
}

/* The reply to the question for number i is ready to be kept. */
static void make_numbered(struct desk *d, unsigned i)
{
	char name[40], text[100];
	arena_reset(d->arena);
	snprintf(name, sizeof(name), "n%u.example.", i);
	snprintf(text, sizeof(text), "%s 300 IN A 192.0.2.1\n", name);
	ask(d, name);
	write_reply(d, text, 0);
}

static void test_it_stays_within_its_octets(void)
{
	struct desk d;
	open_desk(&d, TTL_OFF, 100 << 10);
	for (unsigned i = 0; i < 3000; i++) {
		make_numbered(&d, i);
		keep(&d);
		keep(&d); /* offered twice: then it is let in for sure */
		CU_ASSERT_FATAL(find(&d, NULL, NULL));
		CU_ASSERT_FATAL(answers_count(d.answers).octets <= 100 << 10);
	}
	CU_ASSERT(answers_count(d.answers).evicted > 2000);
	close_desk(&d);
}

/* It may change nothing and read nothing beyond, whatever the packet is; that it helps is for the bench to say. */
static void test_what_is_expected_may_be_anything(void)
{
	struct desk d;
	uint8_t packet[300], garbage[300];
	struct writer w = writer_of(packet, sizeof(packet));
	struct rng rng;
	rng_init_number(&rng, 4);
	open_desk(&d, TTL_OFF, 64 << 20); /* the chains alone are more than is taken for near */
	ask(&d, "WWW.example.");
	write_reply(&d, CHAIN, 0);
	keep(&d);
	query_write(&w, 1, FLAG_RD, &d.query.question, &d.query.edns);
	for (unsigned i = 0; i < 10; i++)
		answers_expect(d.answers, packet, writer_length(&w));
	CU_ASSERT(find(&d, NULL, NULL));
	for (size_t len = 0; len < writer_length(&w); len++) {
		memcpy(garbage, packet, len);
		answers_expect(d.answers, garbage, len);
	}
	for (unsigned i = 0; i < 2000; i++) {
		rng_fill(&rng, garbage, sizeof(garbage));
		answers_expect(d.answers, garbage, rng_below(&rng, sizeof(garbage)));
	}
	CU_ASSERT(find(&d, NULL, NULL));
	CU_ASSERT_EQUAL(answers_count(d.answers).entries, 1);
	close_desk(&d);
}

static void test_when_it_is_full_nobody_goes_for_what_is_asked_once(void)
{
	struct desk d;
	open_desk(&d, TTL_OFF, 100 << 10);
	for (unsigned i = 0; i < 3000; i++) {
		make_numbered(&d, i);
		keep(&d);
	}
	CU_ASSERT_EQUAL(answers_count(d.answers).evicted, 0);
	CU_ASSERT(answers_count(d.answers).entries < 3000);
	CU_ASSERT_FALSE(find(&d, NULL, NULL));
	ask(&d, "n0.example.");
	CU_ASSERT(find(&d, NULL, NULL));
	close_desk(&d);
}

static void test_addresses_change_places_with_each_reply_and_none_is_lost(void)
{
	struct desk d;
	unsigned first[2] = { 0 };
	open_desk(&d, TTL_OFF, 1 << 20);
	ask(&d, "www.example.");
	write_reply(&d, CHAIN, 0);
	d.parts[1].rotating = 2;
	keep(&d);
	for (unsigned i = 0; i < 64; i++) {
		struct message m;
		CU_ASSERT_FATAL(find(&d, &m, NULL));
		const struct rrset *s = &m.section[SECTION_ANSWER].sets[1];
		CU_ASSERT_EQUAL_FATAL(s->count, 2);
		CU_ASSERT_EQUAL(s->rdata[0].octets[3] + s->rdata[1].octets[3], 3);
		first[s->rdata[0].octets[3] - 1]++;
		arena_reset(d.arena);
	}
	CU_ASSERT(first[0] > 16 && first[1] > 16);
	close_desk(&d);
}

static void test_what_is_no_address_is_not_turned_round(void)
{
	struct desk d;
	open_desk(&d, TTL_OFF, 1 << 20);
	ask(&d, "www.example.");
	write_reply(&d, CHAIN, 0);
	d.parts[0].rotating = 1;
	keep(&d);
	CU_ASSERT_FALSE(find(&d, NULL, NULL));
	d.parts[0].rotating = 0;
	d.parts[1].rotating = 3;
	keep(&d);
	CU_ASSERT_FALSE(find(&d, NULL, NULL));
	close_desk(&d);
}

static const struct unit_test tests[] = {
	UNIT(test_a_hit_carries_the_new_id_and_spelling),
	UNIT(test_each_query_bit_that_changes_a_reply_is_part_of_the_key),
	UNIT(test_a_reply_larger_than_the_client_takes_is_a_miss),
	UNIT(test_private_mode_draws_anew_and_one_ttl_for_an_rrset),
	UNIT(test_finished_replies_draw_evenly_at_every_age_and_each_part_for_itself),
	UNIT(test_parts_that_are_alike_show_one_draw),
	UNIT(test_the_end_of_a_signature_ends_the_reply),
	UNIT(test_what_is_truncated_empty_or_miscounted_is_not_kept),
	UNIT(test_a_popular_reply_near_its_end_is_due_once),
	UNIT(test_a_flush_empties_it_and_uses_are_told_sparsely),
	UNIT(test_it_stays_within_its_octets),
	UNIT(test_what_is_expected_may_be_anything),
	UNIT(test_when_it_is_full_nobody_goes_for_what_is_asked_once),
	UNIT(test_addresses_change_places_with_each_reply_and_none_is_lost),
	UNIT(test_what_is_no_address_is_not_turned_round),
};

const struct unit_suite suite_answers = { "answers", tests, sizeof(tests) / sizeof(tests[0]) };
