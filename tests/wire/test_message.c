#include "resolver/base/rng.h"
#include "resolver/wire/message.h"
#include "tests/unit.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct arena *room(void)
{
	struct arena *a = arena_new(LIMIT_TASK_BYTES);
	CU_ASSERT_PTR_NOT_NULL_FATAL(a);
	return a;
}

static void header(struct writer *w, uint16_t qd, uint16_t an, uint16_t ns, uint16_t ar)
{
	write_u16(w, 0x1234);
	write_u16(w, FLAG_QR | FLAG_AA);
	write_u16(w, qd);
	write_u16(w, an);
	write_u16(w, ns);
	write_u16(w, ar);
}

static void record(struct writer *w, const char *owner, uint16_t type, uint32_t ttl,
		   const void *rdata, uint16_t len)
{
	struct name n = name_of(owner);
	write_name(w, &n);
	write_u16(w, type);
	write_u16(w, type == TYPE_OPT ? 1232 : CLASS_IN);
	write_u32(w, ttl);
	write_u16(w, len);
	write_octets(w, rdata, len);
}

static void question(struct writer *w, const char *name)
{
	struct name n = name_of(name);
	write_name(w, &n);
	write_u16(w, TYPE_A);
	write_u16(w, CLASS_IN);
}

static enum err parse(const struct writer *w, struct arena *a, struct message *m)
{
	CU_ASSERT_EQUAL_FATAL(w->err, ERR_OK);
	/* Exactly as long as the message, so that the sanitizer sees a read behind it. */
	uint8_t *exact = arena_copy(a, w->start, writer_length(w));
	CU_ASSERT_PTR_NOT_NULL_FATAL(exact);
	return message_parse(exact, writer_length(w), a, m);
}

static const uint8_t rrsig_a[] = "\0\1\15\2\0\0\16\20\0\0\0\2\0\0\0\1\22\64\1z\0SIG";

static size_t sample(uint8_t *out, size_t size)
{
	struct writer w = writer_of(out, size);
	header(&w, 1, 3, 1, 2);
	question(&w, "www.Example.");
	record(&w, "www.example.", TYPE_A, 300, "\300\0\2\1", 4);
	record(&w, "www.example.", TYPE_RRSIG, 300, rrsig_a, sizeof(rrsig_a) - 1);
	record(&w, "www.example.", TYPE_A, 200, "\300\0\2\2", 4);
	record(&w, "example.", TYPE_NS, 400, "\2ns\300\20", 5); /* ns.Example., compressed */
	record(&w, "ns.example.", TYPE_A, 500, "\300\0\2\65", 4);
	record(&w, ".", TYPE_OPT, 0x01008000, "\0\3\0\2id", 6);
	CU_ASSERT_EQUAL_FATAL(w.err, ERR_OK);
	return writer_length(&w);
}

static void test_a_response_is_taken_apart(void)
{
	uint8_t octets[512];
	size_t len = sample(octets, sizeof(octets));
	struct arena *a = room();
	struct message m;
	CU_ASSERT_EQUAL_FATAL(message_parse(octets, len, a, &m), ERR_OK);
	memset(octets, 0xff, sizeof(octets)); /* nothing may point there any more */
	CU_ASSERT_TRUE(m.id == 0x1234 && m.flags == (FLAG_QR | FLAG_AA) && m.rcode == 16);
	struct name www = name_of("www.Example."), ns = name_of("ns.example."),
		    apex = name_of("example.");
	CU_ASSERT_TRUE(m.question_count == 1 && name_equal_exact(&m.question.name, &www));
	CU_ASSERT_EQUAL(m.section[SECTION_ANSWER].count, 1);
	struct rrset *set = message_find(&m, SECTION_ANSWER, &www, TYPE_A);
	CU_ASSERT_PTR_NOT_NULL_FATAL(set);
	CU_ASSERT_TRUE(set->count == 2 && set->sig_count == 1 && set->ttl == 200);
	CU_ASSERT_TRUE(set->rank == RANK_NONE && set->security == SECURITY_UNCHECKED);
	set = message_find(&m, SECTION_AUTHORITY, &apex, TYPE_NS);
	CU_ASSERT_PTR_NOT_NULL_FATAL(set);
	struct name target;
	CU_ASSERT_EQUAL(rdata_target(TYPE_NS, &set->rdata[0], &target), ERR_OK);
	CU_ASSERT_TRUE(name_equal(&target, &ns));
	CU_ASSERT_PTR_NOT_NULL(message_find(&m, SECTION_ADDITIONAL, &ns, TYPE_A));
	CU_ASSERT_PTR_NULL(message_find(&m, SECTION_ADDITIONAL, &ns, TYPE_AAAA));
	CU_ASSERT_PTR_NULL(message_find(&m, SECTION_ANSWER, &ns, TYPE_A));
	CU_ASSERT_TRUE(m.edns.present && m.edns.dnssec_ok && m.edns.udp_size == 1232);
	CU_ASSERT_TRUE(m.edns.nsid_len == 2 && memcmp(m.edns.nsid, "id", 2) == 0);
	arena_free(a);
}

static void test_a_response_without_question_or_records_is_fine(void)
{
	uint8_t octets[12];
	struct writer w = writer_of(octets, sizeof(octets));
	struct arena *a = room();
	struct message m;
	header(&w, 0, 0, 0, 0);
	CU_ASSERT_EQUAL(parse(&w, a, &m), ERR_OK);
	CU_ASSERT_TRUE(m.question_count == 0 && !m.edns.present);
	for (int s = 0; s < SECTIONS; s++)
		CU_ASSERT_EQUAL(m.section[s].count, 0);
	arena_free(a);
}

static void test_every_beginning_and_every_lie_about_counts_is_seen_threat_H2(void)
{
	uint8_t octets[512];
	size_t len = sample(octets, sizeof(octets));
	struct message m;
	for (size_t cut = 0; cut < len; cut++) {
		struct arena *a = room();
		uint8_t *exact = arena_copy(a, octets, cut);
		CU_ASSERT_NOT_EQUAL(message_parse(exact, cut, a, &m), ERR_OK);
		arena_free(a);
	}
	octets[len] = 0;
	struct arena *a = room();
	CU_ASSERT_EQUAL(message_parse(octets, len + 1, a, &m), ERR_OK);
	CU_ASSERT_EQUAL(m.tail, 1);
	for (size_t at = 4; at < 12; at += 2) {
		for (unsigned count = 0; count < 65536; count += count < 20 ? 1 : 1777) {
			uint8_t lying[512];
			memcpy(lying, octets, len);
			lying[at] = (uint8_t)(count >> 8);
			lying[at + 1] = (uint8_t)count;
			arena_reset(a);
			bool same = memcmp(lying, octets, len) == 0;
			CU_ASSERT_EQUAL(message_parse(lying, len, a, &m) == ERR_OK && m.tail == 0, same);
		}
	}
	arena_free(a);
}

static void test_opt_stands_at_the_root_in_the_additional_section_and_the_first_counts_threat_H7(void)
{
	static const struct {
		uint16_t counts[3];
		const char *owner[2];
		enum err err;
	} cases[] = {
		{ { 0, 0, 1 }, { "." }, ERR_OK },      { { 0, 0, 2 }, { ".", "." }, ERR_OK },
		{ { 1, 0, 0 }, { "." }, ERR_FORMAT },  { { 0, 1, 0 }, { "." }, ERR_FORMAT },
		{ { 0, 0, 1 }, { "a." }, ERR_FORMAT },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint8_t octets[200];
		struct writer w = writer_of(octets, sizeof(octets));
		struct arena *a = room();
		struct message m;
		header(&w, 0, cases[i].counts[0], cases[i].counts[1], cases[i].counts[2]);
		for (size_t k = 0; k < 2 && cases[i].owner[k] != NULL; k++)
			record(&w, cases[i].owner[k], TYPE_OPT, k == 0 ? 0 : 0x05000000, "", 0);
		CU_ASSERT_EQUAL(parse(&w, a, &m), cases[i].err);
		CU_ASSERT_EQUAL(m.rcode, 0);
		arena_free(a);
	}
}

static void test_meta_types_are_no_data(void)
{
	static const uint16_t types[] = {
		0, TYPE_NXNAME, TYPE_TKEY, TYPE_TSIG, TYPE_AXFR, TYPE_ANY
	};
	for (size_t i = 0; i < COUNT(types); i++) {
		uint8_t octets[100];
		struct writer w = writer_of(octets, sizeof(octets));
		struct arena *a = room();
		struct message m;
		header(&w, 0, 1, 0, 0);
		record(&w, "a.", types[i], 0, "1234", 4);
		CU_ASSERT_EQUAL(parse(&w, a, &m), ERR_FORMAT);
		arena_free(a);
	}
}

static void test_unknown_types_are_kept_as_they_came_rfc3597(void)
{
	uint8_t octets[100];
	struct writer w = writer_of(octets, sizeof(octets));
	struct arena *a = room();
	struct message m;
	header(&w, 1, 1, 0, 0);
	question(&w, "a.");
	record(&w, "a.", 65280, 5, "\300\14\0", 3); /* looks like a pointer */
	CU_ASSERT_EQUAL_FATAL(parse(&w, a, &m), ERR_OK);
	const struct rrset *set = &m.section[SECTION_ANSWER].sets[0];
	CU_ASSERT_TRUE(set->rdata[0].len == 3 && memcmp(set->rdata[0].octets, "\300\14\0", 3) == 0);
	arena_free(a);
}

static void test_every_failed_allocation_is_out_of_memory_threat_H10(void)
{
	uint8_t octets[512];
	size_t len = sample(octets, sizeof(octets)), n = 1;
	for (;; n++) {
		struct arena *a = room();
		struct message m;
		arena_fail_after(a, n);
		enum err e = message_parse(octets, len, a, &m);
		arena_free(a);
		if (e == ERR_OK)
			break;
		CU_ASSERT_EQUAL_FATAL(e, ERR_NOMEM);
	}
	CU_ASSERT_TRUE(n > 10);
}

static void test_any_octet_may_change_and_nothing_breaks(void)
{
	uint8_t octets[512];
	size_t len = sample(octets, sizeof(octets));
	struct arena *a = room();
	struct message m;
	struct rng r;
	rng_init_number(&r, 51);
	for (size_t at = 0; at < len; at++) {
		for (unsigned v = 0; v < 256; v++) {
			uint8_t *exact = arena_copy(a, octets, len);
			exact[at] = (uint8_t)v;
			enum err e = message_parse(exact, len, a, &m);
			CU_ASSERT_TRUE(e == ERR_OK || e == ERR_FORMAT || e == ERR_SHORT ||
				       e == ERR_LIMIT);
			arena_reset(a);
		}
	}
	for (int i = 0; i < 20000; i++) {
		uint8_t *exact = arena_copy(a, octets, len);
		for (uint32_t n = 1 + rng_below(&r, 8); n > 0; n--)
			exact[rng_below(&r, (uint32_t)len)] = (uint8_t)rng_u32(&r);
		(void)!message_parse(exact, len - rng_below(&r, 4), a, &m);
		arena_reset(a);
	}
	arena_free(a);
}

static void test_an_rrset_goes_out_whole_or_not_at_all_rfc2181_section_5_1(void)
{
	uint8_t octets[512], out[512];
	size_t len = sample(octets, sizeof(octets));
	struct arena *a = room();
	struct message m;
	CU_ASSERT_EQUAL_FATAL(message_parse(octets, len, a, &m), ERR_OK);
	const struct rrset *set = &m.section[SECTION_ANSWER].sets[0];
	size_t whole = 0;
	for (size_t size = 0; size < 200; size++) {
		uint16_t count = 7;
		struct writer w = writer_of(out, size);
		bool fits = write_rrset(&w, set, 99, true, 0, &count);
		CU_ASSERT_EQUAL(w.err, ERR_OK);
		CU_ASSERT_EQUAL(count, fits ? 10 : 7);
		if (fits && whole == 0)
			whole = writer_length(&w);
		CU_ASSERT_EQUAL(writer_length(&w), fits ? whole : 0);
		CU_ASSERT_EQUAL(fits, whole != 0 && size >= whole);
	}
	arena_free(a);
}

static void test_what_was_written_is_parsed_again_in_the_order_asked_for(void)
{
	uint8_t octets[512], out[512];
	size_t len = sample(octets, sizeof(octets));
	struct arena *a = room();
	struct message m, again;
	CU_ASSERT_EQUAL_FATAL(message_parse(octets, len, a, &m), ERR_OK);
	for (unsigned first = 0; first < 3; first++) {
		uint16_t counts[SECTIONS] = { 0 };
		struct writer w = writer_of(out, sizeof(out));
		header(&w, 0, 0, 0, 0);
		for (unsigned s = 0; s < SECTIONS; s++) {
			CU_ASSERT_TRUE(
			    write_rrset(&w, &m.section[s].sets[0], 77, true, first, &counts[s]));
			write_u16_at(&w, 6 + 2 * s, counts[s]);
		}
		CU_ASSERT_EQUAL_FATAL(parse(&w, a, &again), ERR_OK);
		for (unsigned s = 0; s < SECTIONS; s++) {
			CU_ASSERT_TRUE(
			    rrset_same_data(&again.section[s].sets[0], &m.section[s].sets[0]));
			CU_ASSERT_EQUAL(again.section[s].sets[0].ttl, 77);
		}
		CU_ASSERT_EQUAL(again.section[SECTION_ANSWER].sets[0].rdata[0].octets[3],
				first == 1 ? 2 : 1);
		CU_ASSERT_EQUAL(again.section[SECTION_ANSWER].sets[0].sig_count, 1);
	}
	uint16_t count = 0;
	struct writer w = writer_of(out, sizeof(out));
	CU_ASSERT_TRUE(write_rrset(&w, &m.section[0].sets[0], 77, false, 0, &count));
	CU_ASSERT_EQUAL(count, 2);
	arena_free(a);
}

/* Milliseconds of the fastest of three; the sanitizers of test builds are allowed for by callers.
 */
static double parse_ms(const struct writer *w, enum err want)
{
	double best = 1e9;
	for (int i = 0; i < 3; i++) {
		struct arena *a = arena_new((size_t)4 << 20);
		struct message m;
		CU_ASSERT_PTR_NOT_NULL_FATAL(a);
		clock_t begin = clock();
		CU_ASSERT_EQUAL(message_parse(w->start, writer_length(w), a, &m), want);
		double ms = 1000.0 * (double)(clock() - begin) / CLOCKS_PER_SEC;
		best = ms < best ? ms : best;
		arena_free(a);
	}
	return best;
}

static void test_many_names_in_one_message_cost_little_CVE_2023_4408(void)
{
	static uint8_t octets[LIMIT_MESSAGE_BYTES];
	struct writer w = writer_of(octets, sizeof(octets));
	header(&w, 0, 0, 0, 4000);
	for (unsigned i = 0; i < 4000; i++) {
		char owner[16];
		snprintf(owner, sizeof(owner), "%x.", i);
		record(&w, owner, 65280, 1, "", 0);
	}
	CU_ASSERT_TRUE(parse_ms(&w, ERR_LIMIT) < 50);
	write_u16_at(&w, 10, LIMIT_MESSAGE_SETS + 1);
	w.at = octets + 12;
	w.target_count = 0;
	for (unsigned i = 0; i <= LIMIT_MESSAGE_SETS; i++) {
		char owner[16];
		snprintf(owner, sizeof(owner), "%x.", i);
		record(&w, owner, 65280, 1, "", 0);
	}
	CU_ASSERT_TRUE(parse_ms(&w, ERR_LIMIT) < 50);
}

/* As many sets and records as are allowed, each record far from its set, names hanging on pointers.
 */
static void test_the_largest_message_allowed_is_parsed_in_time_threat_D6(void)
{
	static uint8_t octets[LIMIT_MESSAGE_BYTES];
	struct writer w = writer_of(octets, sizeof(octets));
	header(&w, 0, LIMIT_MESSAGE_RECORDS, 0, 0);
	for (unsigned i = 0; i < LIMIT_MESSAGE_RECORDS; i++) {
		char owner[32];
		uint8_t rdata[4] = { 0, 0, (uint8_t)(i >> 8), (uint8_t)i };
		snprintf(owner, sizeof(owner), "%x.a.b.c.d.e.f.example.", i % LIMIT_MESSAGE_SETS);
		record(&w, owner, TYPE_A, 1, rdata, 4);
	}
	CU_ASSERT_TRUE(parse_ms(&w, ERR_OK) < 100);
}

static void test_text_reads_as_dig_prints_it_and_is_cut_where_it_must_be(void)
{
	uint8_t octets[512];
	char text[2000], part[2000];
	size_t len = sample(octets, sizeof(octets));
	struct arena *a = room();
	struct message m;
	CU_ASSERT_EQUAL_FATAL(message_parse(octets, len, a, &m), ERR_OK);
	message_text(&m, text, sizeof(text));
	static const char *const lines[] = {
		";; opcode: QUERY, status: BADVERS, id: 4660\n",
		";; flags: qr aa\n",
		";; EDNS: version: 0, flags: do; udp: 1232\n",
		";www.Example. IN A\n",
		"\n;; ANSWER\nwww.",
		"192.0.2.2",
		"\n;; AUTHORITY\n",
		"ns.Example.",
		"\n;; ADDITIONAL\n",
	};
	for (size_t i = 0; i < COUNT(lines); i++)
		CU_ASSERT_PTR_NOT_NULL(strstr(text, lines[i]));
	for (size_t size = 1; size < strlen(text) + 2; size++) {
		memset(part, 'x', sizeof(part));
		message_text(&m, part, size);
		CU_ASSERT_TRUE(strlen(part) < size);
		CU_ASSERT_EQUAL(part[size], 'x');
	}
	CU_ASSERT_STRING_EQUAL(part, text);
	m.rcode = 4000;
	message_text(&m, text, sizeof(text));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "status: RCODE4000,"));
	arena_free(a);
}

static const struct unit_test tests[] = {
	UNIT(test_a_response_is_taken_apart),
	UNIT(test_a_response_without_question_or_records_is_fine),
	UNIT(test_every_beginning_and_every_lie_about_counts_is_seen_threat_H2),
	UNIT(test_opt_stands_at_the_root_in_the_additional_section_and_the_first_counts_threat_H7),
	UNIT(test_meta_types_are_no_data),
	UNIT(test_unknown_types_are_kept_as_they_came_rfc3597),
	UNIT(test_every_failed_allocation_is_out_of_memory_threat_H10),
	UNIT(test_any_octet_may_change_and_nothing_breaks),
	UNIT(test_an_rrset_goes_out_whole_or_not_at_all_rfc2181_section_5_1),
	UNIT(test_what_was_written_is_parsed_again_in_the_order_asked_for),
	UNIT(test_text_reads_as_dig_prints_it_and_is_cut_where_it_must_be),
	UNIT(test_many_names_in_one_message_cost_little_CVE_2023_4408),
	UNIT(test_the_largest_message_allowed_is_parsed_in_time_threat_D6),
};
extern const struct unit_suite suite_message;
const struct unit_suite suite_message = { "message", tests, COUNT(tests) };
