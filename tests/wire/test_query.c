#include "resolver/base/rng.h"
#include "resolver/wire/query.h"
#include "tests/unit.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum { NONE = -1 };

#define HEADER(flags, qd, an, ns, ar) "\x12\x34" flags "\0" qd "\0" an "\0" ns "\0" ar
#define RD "\1\0"
#define QUESTION "\3WwW\7example\0\0\1\0\1"
#define OPT "\0\0\x29\4\xd0\0\0\0\0\0\0"
#define OPT_VERSION_1 "\0\0\x29\4\xd0\0\1\0\0\0\0"
#define OPT_COOKIE "\0\0\x29\4\xd0\0\0\0\0\0\14\0\12\0\10ABCDEFGH"
#define OPT_BAD_COOKIE "\0\0\x29\4\xd0\0\0\0\0\0\13\0\12\0\7ABCDEFG"
#define OPT_BAD_SUBNET "\0\0\x29\4\xd0\0\0\0\0\0\10\0\10\0\4\0\1\40\0"
#define OPT_UNKNOWN "\0\0\x29\4\xd0\0\0\0\0\0\6\xfd\xe9\0\2hi"
#define OPT_NAMED "\1a\0\0\x29\4\xd0\0\0\0\0\0\0"
#define TSIG "\0\0\xfa\0\xff\0\0\0\0\0\0"
#define ADDRESS "\1a\0\0\1\0\1\0\0\0\0\0\4\1\2\3\4"
#define CASE(why, bytes, kind, rcode, question)                                                    \
	{                                                                                          \
		why, bytes, sizeof(bytes) - 1, kind, rcode, question                               \
	}

/* Threats H2, H7, H8; RFC 8906 section 8; RFC 9619. */
static void test_queries_are_sorted_into_answer_drop_and_error(void)
{
	static const struct {
		const char *why, *octets;
		size_t len;
		enum query_kind kind;
		int rcode;
		bool question;
	} cases[] = {
		CASE("plain", HEADER(RD, "\1", "\0", "\0", "\0") QUESTION, QUERY_OK, 0, true),
		CASE("EDNS", HEADER(RD, "\1", "\0", "\0", "\1") QUESTION OPT, QUERY_OK, 0, true),
		CASE("unknown option", HEADER(RD, "\1", "\0", "\0", "\1") QUESTION OPT_UNKNOWN,
		     QUERY_OK, 0, true),
		CASE("all flags but QR", HEADER("\7\xf0", "\1", "\0", "\0", "\0") QUESTION,
		     QUERY_OK, 0, true),
		CASE("response", HEADER("\x81\0", "\1", "\0", "\0", "\0") QUESTION, QUERY_DROP,
		     NONE, false),
		CASE("opcode 1", HEADER("\x08\0", "\1", "\0", "\0", "\0") QUESTION, QUERY_ERROR, 4,
		     false),
		CASE("opcode 15", HEADER("\x78\0", "\1", "\0", "\0", "\0") QUESTION, QUERY_ERROR, 4,
		     false),
		CASE("opcode 6, header", HEADER("\x30\0", "\0", "\0", "\0", "\0"), QUERY_ERROR, 4,
		     false),
		CASE("no question", HEADER(RD, "\0", "\0", "\0", "\0"), QUERY_ERROR, 1, false),
		CASE("no question, OPT", HEADER(RD, "\0", "\0", "\0", "\1") OPT, QUERY_ERROR, 1,
		     false),
		CASE("no question, cookie", HEADER(RD, "\0", "\0", "\0", "\1") OPT_COOKIE,
		     QUERY_ERROR, 0, false),
		CASE("two questions", HEADER(RD, "\2", "\0", "\0", "\0") QUESTION QUESTION,
		     QUERY_ERROR, 1, false),
		CASE("question missing", HEADER(RD, "\1", "\0", "\0", "\0"), QUERY_ERROR, 1, false),
		CASE("trailing octet", HEADER(RD, "\1", "\0", "\0", "\0") QUESTION "x", QUERY_ERROR,
		     1, true),
		CASE("trailing OPT", HEADER(RD, "\1", "\0", "\0", "\0") QUESTION OPT, QUERY_ERROR,
		     1, true),
		CASE("OPT missing", HEADER(RD, "\1", "\0", "\0", "\1") QUESTION, QUERY_ERROR, 1,
		     true),
		CASE("two OPT", HEADER(RD, "\1", "\0", "\0", "\2") QUESTION OPT OPT, QUERY_ERROR, 1,
		     true),
		CASE("OPT as answer", HEADER(RD, "\1", "\1", "\0", "\0") QUESTION OPT, QUERY_ERROR,
		     1, true),
		CASE("OPT as authority", HEADER(RD, "\1", "\0", "\1", "\0") QUESTION OPT,
		     QUERY_ERROR, 1, true),
		CASE("OPT with a name", HEADER(RD, "\1", "\0", "\0", "\1") QUESTION OPT_NAMED,
		     QUERY_ERROR, 1, true),
		CASE("TSIG", HEADER(RD, "\1", "\0", "\0", "\1") QUESTION TSIG, QUERY_ERROR, 1,
		     true),
		CASE("OPT and TSIG", HEADER(RD, "\1", "\0", "\0", "\2") QUESTION OPT TSIG,
		     QUERY_ERROR, 1, true),
		CASE("address", HEADER(RD, "\1", "\0", "\0", "\1") QUESTION ADDRESS, QUERY_ERROR, 1,
		     true),
		CASE("answer", HEADER(RD, "\1", "\1", "\0", "\0") QUESTION ADDRESS, QUERY_ERROR, 1,
		     true),
		CASE("version 1", HEADER(RD, "\1", "\0", "\0", "\1") QUESTION OPT_VERSION_1,
		     QUERY_ERROR, 16, true),
		CASE("cookie of 7", HEADER(RD, "\1", "\0", "\0", "\1") QUESTION OPT_BAD_COOKIE,
		     QUERY_ERROR, 1, true),
		CASE("subnet", HEADER(RD, "\1", "\0", "\0", "\1") QUESTION OPT_BAD_SUBNET,
		     QUERY_ERROR, 1, true),
		CASE("pointer", HEADER(RD, "\1", "\0", "\0", "\0") "\xc0\0\0\1\0\1", QUERY_ERROR, 1,
		     false),
		CASE("pointer to itself", HEADER(RD, "\1", "\0", "\0", "\0") "\xc0\14\0\1\0\1",
		     QUERY_ERROR, 1, false),
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct query q;
		enum query_kind kind =
		    query_parse((const uint8_t *)cases[i].octets, cases[i].len, &q);
		if (kind != cases[i].kind ||
		    (cases[i].rcode != NONE && q.rcode != cases[i].rcode) ||
		    (kind != QUERY_DROP && q.has_question != cases[i].question))
			CU_FAIL(cases[i].why);
		CU_ASSERT_EQUAL(q.id, 0x1234);
	}
}

/* RFC 6891 section 6.1.1: whoever sends one gets one; without it an error reads as "no EDNS here". */
static void test_an_opt_that_was_read_is_known_whatever_else_is_wrong(void)
{
	static const struct {
		const char *why, *octets;
		size_t len;
		enum query_kind kind;
		int rcode;
		bool edns;
	} cases[] = {
		CASE("opcode 2, OPT", HEADER("\x10\0", "\1", "\0", "\0", "\1") QUESTION OPT, QUERY_ERROR, 4, true),
		CASE("opcode 15, OPT alone", HEADER("\x78\0", "\0", "\0", "\0", "\1") OPT, QUERY_ERROR, 4, true),
		CASE("opcode 2, none", HEADER("\x10\0", "\1", "\0", "\0", "\0") QUESTION, QUERY_ERROR, 4, false),
		CASE("opcode 6, other octets", HEADER("\x30\0", "\0", "\0", "\0", "\0") OPT, QUERY_ERROR, 4, false),
		CASE("opcode 5, address", HEADER("\x28\0", "\1", "\0", "\0", "\1") QUESTION ADDRESS,
		     QUERY_ERROR, 4, false),
		CASE("OPT and TSIG", HEADER(RD, "\1", "\0", "\0", "\2") QUESTION OPT TSIG, QUERY_ERROR, 1, true),
		CASE("TSIG and OPT", HEADER(RD, "\1", "\0", "\0", "\2") QUESTION TSIG OPT, QUERY_ERROR, 1, false),
		CASE("trailing octet", HEADER(RD, "\1", "\0", "\0", "\1") QUESTION OPT "x", QUERY_ERROR, 1, true),
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct query q;
		enum query_kind kind = query_parse((const uint8_t *)cases[i].octets, cases[i].len, &q);
		if (kind != cases[i].kind || q.rcode != cases[i].rcode || q.edns.present != cases[i].edns)
			CU_FAIL(cases[i].why);
	}
}

static void test_the_question_keeps_its_case(void)
{
	static const char octets[] = HEADER(RD, "\1", "\0", "\0", "\1") QUESTION OPT_COOKIE;
	struct query q;
	struct name want = name_of("WwW.example.");
	CU_ASSERT_EQUAL(query_parse((const uint8_t *)octets, sizeof(octets) - 1, &q), QUERY_OK);
	CU_ASSERT_TRUE(name_equal_exact(&q.question.name, &want));
	CU_ASSERT_TRUE(q.question.type == TYPE_A && q.question.class == CLASS_IN);
	CU_ASSERT_TRUE(q.edns.has_cookie && memcmp(q.edns.cookie.client, "ABCDEFGH", 8) == 0);
	CU_ASSERT_EQUAL(q.edns.udp_size, 1232);
	CU_ASSERT_EQUAL(q.flags, FLAG_RD);
}

static void test_every_beginning_of_a_query_is_dropped_or_refused_threat_H8(void)
{
	static const char whole[] = HEADER(RD, "\1", "\0", "\0", "\1") QUESTION OPT_COOKIE;
	for (size_t len = 0; len < sizeof(whole) - 1; len++) {
		uint8_t octets[sizeof(whole)];
		struct query q;
		memcpy(octets, whole, len);
		enum query_kind kind = query_parse(octets, len, &q);
		CU_ASSERT_EQUAL(kind, len < HEADER_OCTETS ? QUERY_DROP : QUERY_ERROR);
		if (kind == QUERY_ERROR)
			CU_ASSERT_EQUAL(q.rcode, RCODE_FORMERR);
	}
}

/* Threat H2: whatever the counts say, only 1, 0, 0, 0 or 1 can be answered. */
static void test_without_an_opt_nothing_of_one_is_left_from_before(void)
{
	static const uint8_t plain[] = "\0\1\1\0\0\1\0\0\0\0\0\0\0\0\1\0\1";
	struct query q;
	memset(&q, 0x21, sizeof(q));
	CU_ASSERT_EQUAL(query_parse(plain, sizeof(plain) - 1, &q), QUERY_OK);
	uint8_t left = 0;
	memcpy(&left, &q.edns.dnssec_ok, 1); /* as it lies there: a bool may not even be looked at */
	CU_ASSERT_EQUAL(left, 0);
	memcpy(&left, &q.edns.compact_ok, 1);
	CU_ASSERT_EQUAL(left, 0);
	CU_ASSERT_FALSE(q.edns.present);
}

static void test_counts_that_lie_are_refused(void)
{
	static const char whole[] = HEADER(RD, "\1", "\0", "\0", "\1") QUESTION OPT;
	for (size_t at = 4; at < 12; at += 2) {
		for (unsigned count = 0; count < 65536; count += count < 300 ? 1 : 977) {
			uint8_t octets[sizeof(whole) - 1];
			struct query q;
			memcpy(octets, whole, sizeof(octets));
			octets[at] = (uint8_t)(count >> 8);
			octets[at + 1] = (uint8_t)count;
			bool same = memcmp(octets, whole, sizeof(octets)) == 0;
			CU_ASSERT_EQUAL(query_parse(octets, sizeof(octets), &q),
					same ? QUERY_OK : QUERY_ERROR);
		}
	}
}

static void test_random_packets_of_every_length_are_survived_threat_H8(void)
{
	struct rng r;
	unsigned kinds[3] = { 0 };
	rng_init_number(&r, 41);
	for (size_t len = 0; len <= 600; len++) {
		for (int i = 0; i < 30; i++) {
			uint8_t octets[600];
			struct query q;
			rng_fill(&r, octets, len);
			if (len >= 12 && i % 3 != 0)
				memcpy(octets, HEADER(RD, "\1", "\0", "\0", "\1"), 12);
			kinds[query_parse(octets, len, &q)]++;
		}
	}
	CU_ASSERT_TRUE(kinds[QUERY_DROP] > 0 && kinds[QUERY_ERROR] > 0);
}

static void test_what_we_ask_is_a_query(void)
{
	uint8_t out[512];
	struct question asked = { .name = name_of("eXample.org."),
				  .type = TYPE_NS,
				  .class = CLASS_IN };
	struct edns e = { .present = true, .udp_size = 1232, .dnssec_ok = true };
	for (int with = 0; with < 2; with++) {
		struct writer w = writer_of(out, sizeof(out));
		struct query q;
		e.present = with == 1;
		query_write(&w, 77, FLAG_CD, &asked, &e);
		CU_ASSERT_EQUAL(w.err, ERR_OK);
		CU_ASSERT_EQUAL(query_parse(out, writer_length(&w), &q), QUERY_OK);
		CU_ASSERT_TRUE(q.id == 77 && q.flags == FLAG_CD && q.edns.present == (with == 1));
		CU_ASSERT_TRUE(name_equal_exact(&q.question.name, &asked.name));
		CU_ASSERT_TRUE(question_equal(&q.question, &asked));
	}
}

static void test_questions_differ_in_name_type_and_class_but_not_in_case(void)
{
	struct siphash_key key = { 3, 4 };
	struct question a = { .name = name_of("a.example."), .type = 1, .class = 1 };
	struct question same = a, other[3] = { a, a, a };
	same.name = name_of("A.eXample.");
	other[0].name = name_of("b.example.");
	other[1].type = 28;
	other[2].class = 3;
	CU_ASSERT_TRUE(question_equal(&a, &same));
	CU_ASSERT_EQUAL(question_hash(&key, &a), question_hash(&key, &same));
	for (size_t i = 0; i < COUNT(other); i++) {
		CU_ASSERT_FALSE(question_equal(&a, &other[i]));
		CU_ASSERT_NOT_EQUAL(question_hash(&key, &a), question_hash(&key, &other[i]));
	}
}

static const struct unit_test tests[] = {
	UNIT(test_queries_are_sorted_into_answer_drop_and_error),
	UNIT(test_an_opt_that_was_read_is_known_whatever_else_is_wrong),
	UNIT(test_the_question_keeps_its_case),
	UNIT(test_every_beginning_of_a_query_is_dropped_or_refused_threat_H8),
	UNIT(test_without_an_opt_nothing_of_one_is_left_from_before),
	UNIT(test_counts_that_lie_are_refused),
	UNIT(test_random_packets_of_every_length_are_survived_threat_H8),
	UNIT(test_what_we_ask_is_a_query),
	UNIT(test_questions_differ_in_name_type_and_class_but_not_in_case),
};
extern const struct unit_suite suite_query;
const struct unit_suite suite_query = { "query", tests, COUNT(tests) };
