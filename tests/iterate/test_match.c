#include "tests/iterate/world.h"
#include "tests/unit.h"
#include <string.h>

static const struct canned table[] = {
	{ .name = "www.example.",
	  .type = TYPE_A,
	  .flags = "aa",
	  .answer = "www.example. 60 IN A 192.0.2.80" },
};

static struct outcome *walk(struct world *w, const struct host *hosts, const char *servers)
{
	w->hosts = hosts;
	w->canned = table;
	w->canned_count = 1;
	return world_walk(w, "www.example.", TYPE_A,
	                  world_cut(w, CUT_DELEGATION, "example.", servers));
}

static struct outcome *walk_one(struct world *w, enum manner m)
{
	struct host hosts[] = { { "192.0.2.1", m, 10 }, { NULL, NORMAL, 0 } };
	return walk(w, hosts, "ns. 192.0.2.1");
}

static void test_match_a1_ids_are_random_and_use_all_bits(void)
{
	struct world w;
	uint16_t ones = 0, zeros = 0;
	unsigned same = 0, last = 0x10000;
	world_init(&w, 1);
	for (int i = 0; i < 200; i++) {
		walk_one(&w, NORMAL);
		ones |= w.log[0].id;
		zeros |= (uint16_t)~w.log[0].id;
		same += w.log[0].id == last;
		last = w.log[0].id;
	}
	CU_ASSERT_EQUAL(ones & zeros, 0xffff);
	CU_ASSERT_TRUE(same < 2);
	world_clear(&w);
}

static void test_match_a4_the_packet_after_the_first_near_miss_is_tcp(void)
{
	struct world w;
	world_init(&w, 1);
	struct outcome *o = walk_one(&w, WRONG_ID);
	CU_ASSERT_EQUAL(o->kind, OUTCOME_ANSWER);
	CU_ASSERT_EQUAL_FATAL(w.sent, 2);
	CU_ASSERT_EQUAL(w.log[1].transport, TRANSPORT_TCP);
	CU_ASSERT_EQUAL(w.log[1].at_ms, w.log[0].at_ms + 10);
	CU_ASSERT_EQUAL(w.rejected, 1);
	world_clear(&w);
}

static bool has_upper(const struct name *n)
{
	for (unsigned i = 0; i < n->len; i++)
		if (n->wire[i] >= 'A' && n->wire[i] <= 'Z')
			return true;
	return false;
}

static void test_match_a9_case_is_random_and_lost_case_is_remembered_after_tcp(void)
{
	struct world w;
	world_init(&w, 3);
	struct outcome *o = walk_one(&w, LOWER_CASE);
	CU_ASSERT_EQUAL(o->kind, OUTCOME_ANSWER);
	CU_ASSERT_TRUE(has_upper(&w.log[0].question.name));
	CU_ASSERT_EQUAL(w.sent, 2);
	o = walk_one(&w, LOWER_CASE);
	CU_ASSERT_EQUAL(o->kind, OUTCOME_ANSWER);
	CU_ASSERT_EQUAL(w.sent, 1);
	CU_ASSERT_FALSE(has_upper(&w.log[0].question.name));
	world_clear(&w);
}

static void test_match_a9_a_server_that_lowers_case_and_has_no_tcp_still_answers(void)
{
	struct world w;
	world_init(&w, 3);
	struct outcome *o = walk_one(&w, LOWER_CASE_NO_TCP);
	CU_ASSERT_EQUAL(o->kind, OUTCOME_ANSWER);
	CU_ASSERT_EQUAL(w.sent, 3);
	walk_one(&w, LOWER_CASE_NO_TCP);
	CU_ASSERT_EQUAL(w.sent, 1);
	world_clear(&w);
}

static void test_match_a9_case_is_kept_when_the_operator_says_so(void)
{
	struct world w;
	world_init(&w, 3);
	w.policy.randomise_case = false;
	walk_one(&w, NORMAL);
	struct name exact = name_of("www.example.");
	CU_ASSERT_TRUE(name_equal_exact(&w.log[0].question.name, &exact));
	world_clear(&w);
}

static void test_match_a10_server_cookies_come_back_and_clients_differ_by_server(void)
{
	struct world w;
	struct host hosts[] = { { "192.0.2.1", COOKIES, 10 },
		                { "192.0.2.2", COOKIES, 10 },
		                { NULL, NORMAL, 0 } };
	world_init(&w, 1);
	walk(&w, hosts, "ns. 192.0.2.1");
	struct cookie first = w.log[0].edns.cookie;
	CU_ASSERT_TRUE(w.log[0].edns.has_cookie);
	CU_ASSERT_EQUAL(first.server_len, 0);
	walk(&w, hosts, "ns. 192.0.2.1");
	CU_ASSERT_EQUAL(w.log[0].edns.cookie.server_len, 16);
	CU_ASSERT_EQUAL(w.log[0].edns.cookie.server[0], 0x77);
	CU_ASSERT_EQUAL(memcmp(w.log[0].edns.cookie.client, first.client, COOKIE_CLIENT), 0);
	walk(&w, hosts, "ns. 192.0.2.2");
	CU_ASSERT_NOT_EQUAL(memcmp(w.log[0].edns.cookie.client, first.client, COOKIE_CLIENT), 0);
	world_clear(&w);
}

static void test_match_a10_a_reply_without_the_known_cookie_is_a_near_miss(void)
{
	struct world w;
	world_init(&w, 1);
	walk_one(&w, COOKIES);
	struct outcome *o = walk_one(&w, NORMAL);
	CU_ASSERT_EQUAL(o->kind, OUTCOME_ANSWER);
	CU_ASSERT_EQUAL_FATAL(w.sent, 2);
	CU_ASSERT_EQUAL(w.log[1].transport, TRANSPORT_TCP);
	CU_ASSERT_EQUAL(w.rejected, 1);
	world_clear(&w);
}

static void test_match_a10_badcookie_for_ever_costs_five_packets(void)
{
	struct world w;
	world_init(&w, 1);
	struct outcome *o = walk_one(&w, BADCOOKIES);
	CU_ASSERT_EQUAL(o->kind, OUTCOME_FAILURE);
	CU_ASSERT_TRUE(w.udp + 2 * w.tcp <= 5);
	CU_ASSERT_EQUAL(w.tcp, 1);
	world_clear(&w);
}

static void test_match_a11_edns_is_left_out_for_this_walk_and_only_then_remembered(void)
{
	struct world w;
	world_init(&w, 1);
	struct outcome *o = walk_one(&w, HATES_EDNS);
	CU_ASSERT_EQUAL(o->kind, OUTCOME_ANSWER);
	CU_ASSERT_EQUAL(w.sent, 2);
	CU_ASSERT_FALSE(w.log[1].edns.present);
	walk_one(&w, HATES_EDNS);
	CU_ASSERT_EQUAL(w.sent, 2);
	walk_one(&w, HATES_EDNS);
	CU_ASSERT_EQUAL(w.sent, 1);
	CU_ASSERT_FALSE(w.log[0].edns.present);
	w.now.mono_ms += LIMIT_CAPABILITY_MS;
	walk_one(&w, NORMAL);
	CU_ASSERT_TRUE(w.log[0].edns.present);
	world_clear(&w);
}

/* CVE-2026-33262: cookies of lengths that no cookie has. */
static bool odd_cookie(struct world *w, unsigned slot, const struct packet *p)
{
	static uint8_t out[65535];
	size_t size = *(size_t *)w->spoof_data;
	struct packet plain = *p;
	if (p->transport != TRANSPORT_UDP)
		return false;
	plain.edns.present = false;
	size_t len = world_canned(w, world_find(w, p), &plain, out);
	uint8_t opt[15] = { 0,  0, 41,           4, 0xd0, 0, 0, 0, 0, 0, (uint8_t)(size + 4), 0,
		            10, 0, (uint8_t)size };
	memcpy(out + len, opt, sizeof(opt));
	memset(out + len + sizeof(opt), 0, size);
	if (size >= COOKIE_CLIENT)
		memcpy(out + len + sizeof(opt), p->edns.cookie.client, COOKIE_CLIENT);
	out[11]++;
	(void)iterate_on_reply(w->it, w->now, slot, out, len + sizeof(opt) + size);
	return true;
}

static void test_match_a10_cookies_of_any_length_do_no_harm(void)
{
	struct host hosts[] = { { "192.0.2.1", NORMAL, 10 }, { NULL, NORMAL, 0 } };
	for (size_t size = 0; size <= 64; size++) {
		struct world w;
		world_init(&w, 1);
		w.spoof = odd_cookie;
		w.spoof_data = &size;
		struct outcome *o = walk(&w, hosts, "ns. 192.0.2.1");
		CU_ASSERT_EQUAL(o->kind, OUTCOME_ANSWER);
		CU_ASSERT_EQUAL(w.sent, size < COOKIE_CLIENT ? 2 : 1);
		world_clear(&w);
	}
}

/* RFC 1035 section 4.1.1: a server that cannot read the question need not repeat it. */
static bool header_formerr(struct world *w, unsigned slot, const struct packet *p)
{
	uint8_t out[12] = { (uint8_t)(p->id >> 8), (uint8_t)p->id, 0x80, 1 };
	if (!p->edns.present)
		return false;
	(void)iterate_on_reply(w->it, w->now, slot, out, sizeof(out));
	return true;
}

static void test_match_a11_a_bare_header_is_believed_over_tcp_only(void)
{
	struct host hosts[] = { { "192.0.2.1", NORMAL, 10 }, { NULL, NORMAL, 0 } };
	struct world w;
	world_init(&w, 1);
	w.spoof = header_formerr;
	struct outcome *o = walk(&w, hosts, "ns. 192.0.2.1");
	CU_ASSERT_EQUAL(o->kind, OUTCOME_ANSWER);
	CU_ASSERT_EQUAL_FATAL(w.sent, 3);
	CU_ASSERT_EQUAL(w.log[1].transport, TRANSPORT_TCP);
	CU_ASSERT_EQUAL(w.log[2].transport, TRANSPORT_UDP);
	CU_ASSERT_FALSE(w.log[2].edns.present);
	world_clear(&w);
}

static void test_match_badvers_is_answered_without_edns(void)
{
	struct world w;
	world_init(&w, 1);
	w.policy.randomise_case = false;
	struct outcome *o = walk_one(&w, BADVERSES);
	CU_ASSERT_EQUAL(o->kind, OUTCOME_FAILURE);
	CU_ASSERT_EQUAL(w.sent, 2);
	CU_ASSERT_FALSE(w.log[1].edns.present);
	world_clear(&w);
}

struct flip {
	unsigned bit;
	bool accepted;
};

/* One header bit of a right answer over UDP is wrong. */
static bool flip_bit(struct world *w, unsigned slot, const struct packet *p)
{
	static uint8_t out[65535];
	struct flip *f = w->spoof_data;
	size_t len = world_canned(w, world_find(w, p), p, out);
	if (p->transport != TRANSPORT_UDP)
		return false;
	out[f->bit / 8] ^= (uint8_t)(0x80 >> (f->bit % 8));
	f->accepted |= iterate_on_reply(w->it, w->now, slot, out, len);
	return true;
}

static void test_match_a12_every_header_bit(void)
{
	/* Bits 16.. are flags: QR opcode(4) AA TC RD | RA Z AD CD rcode(4). */
	for (unsigned bit = 0; bit < 96; bit++) {
		struct world w;
		struct host hosts[] = { { "192.0.2.1", NORMAL, 10 }, { NULL, NORMAL, 0 } };
		bool harmless = bit >= 24 && bit <= 27;
		bool aa = bit == 21;
		world_init(&w, 1);
		w.spoof = flip_bit;
		struct flip flip = { .bit = bit };
		w.spoof_data = &flip;
		struct outcome *o = walk(&w, hosts, "ns. 192.0.2.1");
		if (harmless || aa) {
			CU_ASSERT_EQUAL(o->kind, OUTCOME_ANSWER);
			CU_ASSERT_EQUAL(w.sent, 1);
			CU_ASSERT_EQUAL(o->set->rank, aa ? RANK_AUTHORITY : RANK_ANSWER);
		} else {
			/* Not taken as the answer: asked again (over TCP), or the rcode stands. */
			CU_ASSERT_TRUE(w.sent > 1 || o->kind != OUTCOME_ANSWER);
		}
		if (bit < 21 || bit == 23 || (bit >= 32 && bit < 48)) {
			CU_ASSERT_FALSE(flip.accepted);
			CU_ASSERT_EQUAL(w.log[1].transport, TRANSPORT_TCP);
		}
		world_clear(&w);
	}
}

/* Question of another name, type or class, right id. */
static bool other_question(struct world *w, unsigned slot, const struct packet *p)
{
	static uint8_t out[65535];
	struct packet lie = *p;
	unsigned which = *(unsigned *)w->spoof_data;
	if (p->transport != TRANSPORT_UDP)
		return false;
	const struct canned *c = world_find(w, p);
	if (which == 0)
		lie.question.name = name_of("wwx.example.");
	else if (which == 1)
		lie.question.type = TYPE_AAAA;
	else
		lie.question.class = CLASS_CH;
	size_t len = world_canned(w, c, &lie, out);
	CU_ASSERT_FALSE(iterate_on_reply(w->it, w->now, slot, out, len));
	return true;
}

static void test_match_a1_a_reply_to_another_question_is_a_near_miss(void)
{
	struct host hosts[] = { { "192.0.2.1", NORMAL, 10 }, { NULL, NORMAL, 0 } };
	for (unsigned which = 0; which < 3; which++) {
		struct world w;
		world_init(&w, 1);
		w.spoof = other_question;
		w.spoof_data = &which;
		struct outcome *o = walk(&w, hosts, "ns. 192.0.2.1");
		CU_ASSERT_EQUAL(o->kind, OUTCOME_ANSWER);
		CU_ASSERT_EQUAL(w.sent, 2);
		world_clear(&w);
	}
}

/* A thousand malformed packets while the answer is under way. */
static bool flood(struct world *w, unsigned slot, const struct packet *p)
{
	uint8_t junk[600];
	for (unsigned i = 0; i < 1000 && p->transport == TRANSPORT_UDP; i++) {
		size_t len = rng_below(&w->rng, sizeof(junk));
		rng_fill(&w->rng, junk, len);
		if (len > 4 && i % 2 == 0) {
			junk[0] = (uint8_t)(p->id >> 8);
			junk[1] = (uint8_t)p->id;
			junk[2] = 0x84;
		}
		if (iterate_on_reply(w->it, w->now, slot, junk, len))
			w->rejected += 100000;
	}
	return false;
}

static void test_match_a13_malformed_packets_do_not_end_the_wait(void)
{
	struct host hosts[] = { { "192.0.2.1", NORMAL, 300 }, { NULL, NORMAL, 0 } };
	struct world w;
	world_init(&w, 1);
	w.spoof = flood;
	struct outcome *o = walk(&w, hosts, "ns. 192.0.2.1; ns2. 192.0.2.1");
	CU_ASSERT_TRUE(w.rejected < 100000);
	CU_ASSERT_TRUE(w.sent <= 2);
	CU_ASSERT_EQUAL(o->kind, OUTCOME_ANSWER);
	world_clear(&w);
}

static void test_match_a13_an_answer_that_does_not_parse_is_asked_once_over_tcp(void)
{
	struct world w;
	world_init(&w, 1);
	struct outcome *o = walk_one(&w, GARBLED_INSIDE);
	CU_ASSERT_EQUAL(o->kind, OUTCOME_FAILURE);
	CU_ASSERT_EQUAL(w.udp, 1);
	CU_ASSERT_EQUAL(w.tcp, 1);
	CU_ASSERT_EQUAL(memcmp(o->reason.text, "IGAR", 4), 0);
	world_clear(&w);
}

static void test_match_a_reply_larger_than_asked_for_is_not_believed(void)
{
	struct world w;
	char big[3000] = "";
	struct host hosts[] = { { "192.0.2.1", NORMAL, 10 }, { NULL, NORMAL, 0 } };
	world_init(&w, 1);
	strcat(big, "www.example. 60 IN TXT");
	for (int i = 0; i < 10; i++)
		strcat(big,
		       " \"0123456789012345678901234567890123456789012345678901234567890123456789"
		       "0123456789012345678901234567890123456789012345678901234567890123456789\"");
	struct canned c = { .flags = "aa", .answer = big };
	w.hosts = hosts;
	w.canned = &c;
	w.canned_count = 1;
	struct outcome *o = world_walk(&w, "www.example.", TYPE_TXT,
	                               world_cut(&w, CUT_DELEGATION, "example.", "ns. 192.0.2.1"));
	CU_ASSERT_EQUAL(o->kind, OUTCOME_ANSWER);
	CU_ASSERT_EQUAL(w.tcp, 1);
	world_clear(&w);
}

static const struct unit_test tests[] = {
	UNIT(test_match_a1_ids_are_random_and_use_all_bits),
	UNIT(test_match_a1_a_reply_to_another_question_is_a_near_miss),
	UNIT(test_match_a4_the_packet_after_the_first_near_miss_is_tcp),
	UNIT(test_match_a9_case_is_random_and_lost_case_is_remembered_after_tcp),
	UNIT(test_match_a9_a_server_that_lowers_case_and_has_no_tcp_still_answers),
	UNIT(test_match_a9_case_is_kept_when_the_operator_says_so),
	UNIT(test_match_a10_server_cookies_come_back_and_clients_differ_by_server),
	UNIT(test_match_a10_a_reply_without_the_known_cookie_is_a_near_miss),
	UNIT(test_match_a10_badcookie_for_ever_costs_five_packets),
	UNIT(test_match_a11_edns_is_left_out_for_this_walk_and_only_then_remembered),
	UNIT(test_match_a10_cookies_of_any_length_do_no_harm),
	UNIT(test_match_a11_a_bare_header_is_believed_over_tcp_only),
	UNIT(test_match_badvers_is_answered_without_edns),
	UNIT(test_match_a12_every_header_bit),
	UNIT(test_match_a13_malformed_packets_do_not_end_the_wait),
	UNIT(test_match_a13_an_answer_that_does_not_parse_is_asked_once_over_tcp),
	UNIT(test_match_a_reply_larger_than_asked_for_is_not_believed),
};
const struct unit_suite suite_match = { "match", tests, sizeof(tests) / sizeof(tests[0]) };
