#include "resolver/base/rng.h"
#include "resolver/wire/reader.h"
#include "tests/unit.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void test_errors_stick_and_reads_give_zero(void)
{
	static const uint8_t octets[] = { 1, 2, 3 };
	struct reader r = reader_of(octets, sizeof(octets));
	CU_ASSERT_EQUAL(read_u16(&r), 0x0102);
	CU_ASSERT_EQUAL(read_u16(&r), 0);
	CU_ASSERT_EQUAL(r.err, ERR_SHORT);
	CU_ASSERT_EQUAL(read_u8(&r), 0); /* though one octet is there */
	CU_ASSERT_EQUAL(read_u32(&r), 0);
	CU_ASSERT_PTR_NULL(read_octets(&r, 1));
	struct name n = read_name(&r);
	CU_ASSERT_TRUE(name_is_root(&n));
	struct reader slice = read_slice(&r, 1);
	CU_ASSERT_EQUAL(slice.err, ERR_SHORT);
	CU_ASSERT_EQUAL(reader_left(&slice), 0);
	CU_ASSERT_EQUAL(reader_finish(&r), ERR_SHORT);
}

static void test_a_slice_cannot_be_left(void)
{
	static const uint8_t octets[] = { 1, 'a', 0, 1, 'b', 0 };
	struct reader r = reader_of(octets, sizeof(octets));
	struct reader slice = read_slice(&r, 5);
	struct name a = read_name(&slice);
	CU_ASSERT_EQUAL(a.len, 3);
	(void)read_name(&slice); /* its root label lies outside */
	CU_ASSERT_EQUAL(slice.err, ERR_SHORT);
	CU_ASSERT_EQUAL(reader_offset(&r), 5);
	CU_ASSERT_EQUAL(reader_finish(&r), ERR_FORMAT); /* one octet left over */
}

static void test_names_that_rfc1035_and_rfc9267_forbid(void)
{
	static const struct {
		const char *why, *wire;
		size_t len, at;
		enum err err;
	} cases[] = {
		{ "nothing there", "", 0, 0, ERR_SHORT },
		{ "ends inside a label", "\3ww", 3, 0, ERR_SHORT },
		{ "ends behind a label", "\2ww", 3, 0, ERR_SHORT },
		{ "half a pointer", "\1a\0\xc0", 4, 3, ERR_SHORT },
		{ "points at itself", "\xc0\x00", 2, 0, ERR_FORMAT },
		{ "points forward", "\xc0\x02\x00", 3, 0, ERR_FORMAT },
		{ "points into itself", "\1a\xc0\x00", 4, 0, ERR_FORMAT },
		{ "two that point at each other", "\xc0\x02\xc0\x00", 4, 2, ERR_FORMAT },
		{ "label type 01", "\x40\x00", 2, 0, ERR_FORMAT },
		{ "label type 10", "\x80\x00", 2, 0, ERR_FORMAT },
		{ "runs over its own start", "\4abc\xc0\x00", 6, 4, ERR_FORMAT },
		{ "goes on in its own pointer", "\1a\xc0\x00", 4, 2, ERR_FORMAT },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct reader r = reader_of((const uint8_t *)cases[i].wire, cases[i].len);
		(void)read_octets(&r, cases[i].at);
		struct name n = read_name(&r);
		CU_ASSERT_EQUAL(r.err, cases[i].err);
		CU_ASSERT_TRUE(name_is_root(&n));
	}
}

static void test_pointers_are_followed_backwards(void)
{
	static const uint8_t octets[] = { 3,    'c', 'o', 'm', 0,    1, 'b',
					  0xc0, 0,   1,   'a', 0xc0, 5, 0xff };
	struct reader r = reader_of(octets, sizeof(octets));
	(void)read_octets(&r, 9);
	struct name n = read_name(&r), want = name_of("a.b.com.");
	CU_ASSERT_EQUAL(r.err, ERR_OK);
	CU_ASSERT_TRUE(name_equal_exact(&n, &want));
	CU_ASSERT_EQUAL(reader_offset(&r), 13);

	r = reader_of(octets, sizeof(octets));
	(void)read_octets(&r, 9);
	(void)read_plain_name(&r);
	CU_ASSERT_EQUAL(r.err, ERR_FORMAT);
}

/* Label i is "a" and a pointer to label i - 1: every name one label longer. */
static size_t chain(uint8_t *octets, unsigned links)
{
	size_t at = 0, before = 0;
	octets[at++] = 0;
	for (unsigned i = 0; i < links; i++) {
		size_t here = at;
		octets[at++] = 1;
		octets[at++] = 'a';
		octets[at++] = (uint8_t)(0xc0 | before >> 8);
		octets[at++] = (uint8_t)before;
		before = here;
	}
	return at;
}

static void test_names_composed_of_pointers_end_at_255_octets_threat_D9(void)
{
	uint8_t octets[1 + 4 * 200];
	for (unsigned links = 1; links < 200; links++) {
		size_t len = chain(octets, links);
		struct reader r = reader_of(octets, len);
		(void)read_octets(&r, len - 4);
		struct name n = read_name(&r);
		CU_ASSERT_EQUAL(r.err, links <= 127 ? ERR_OK : ERR_FORMAT);
		CU_ASSERT_EQUAL(n.len, links <= 127 ? 2 * links + 1 : 1);
	}
}

/* Pointers only to pointers, 127 of them at most. */
static void test_pointers_to_pointers_are_bounded(void)
{
	uint8_t octets[1 + 2 * 200];
	octets[0] = 0;
	for (size_t i = 0; i < 200; i++) {
		size_t target = i == 0 ? 0 : 2 * i - 1;
		octets[2 * i + 1] = (uint8_t)(0xc0 | target >> 8);
		octets[2 * i + 2] = (uint8_t)target;
	}
	for (size_t i = 0; i < 200; i++) {
		struct reader r = reader_of(octets, sizeof(octets));
		(void)read_octets(&r, 2 * i + 1);
		(void)read_name(&r);
		CU_ASSERT_EQUAL(r.err, i < 127 ? ERR_OK : ERR_FORMAT);
	}
}

/* Whatever stands there: no crash, a valid name, and r moves only on success. */
static void test_every_suffix_of_three_octets_is_survived_threat_H1(void)
{
	uint8_t octets[203];
	unsigned wrong = 0;
	for (size_t i = 0; i < sizeof(octets); i++)
		octets[i] = (uint8_t)(i % 8 == 0 ? 7 : i % 8 == 7 ? 0xc0 : 'a');
	for (uint32_t program = 0; program < 1u << 24; program += 5) {
		size_t at = program % 200;
		memcpy(octets + at,
		       (uint8_t[]){ (uint8_t)(program >> 16), (uint8_t)(program >> 8),
				    (uint8_t)program },
		       3);
		struct reader r = reader_of(octets, at + 3);
		(void)read_octets(&r, at);
		struct name n = read_name(&r), again;
		wrong += name_from_wire(n.wire, n.len, &again) != ERR_OK;
		wrong += r.err != ERR_OK && reader_offset(&r) != at;
	}
	CU_ASSERT_EQUAL(wrong, 0);
}

static void test_random_octets_are_survived(void)
{
	struct rng rng;
	rng_init_number(&rng, 17);
	for (int i = 0; i < 200000; i++) {
		uint8_t octets[64];
		size_t len = rng_below(&rng, sizeof(octets) + 1);
		rng_fill(&rng, octets, len);
		for (size_t k = 0; k < len; k++) /* many pointers, many short labels */
			octets[k] = octets[k] < 100   ? octets[k] % 6
				    : octets[k] < 160 ? 0xc0
						      : octets[k] % 64;
		struct reader r = reader_of(octets, len);
		(void)read_octets(&r, len / 2);
		struct name n = read_name(&r), again;
		CU_ASSERT_FATAL(name_from_wire(n.wire, n.len, &again) == ERR_OK);
	}
}

static const struct unit_test tests[] = {
	UNIT(test_errors_stick_and_reads_give_zero),
	UNIT(test_a_slice_cannot_be_left),
	UNIT(test_names_that_rfc1035_and_rfc9267_forbid),
	UNIT(test_pointers_are_followed_backwards),
	UNIT(test_names_composed_of_pointers_end_at_255_octets_threat_D9),
	UNIT(test_pointers_to_pointers_are_bounded),
	UNIT(test_every_suffix_of_three_octets_is_survived_threat_H1),
	UNIT(test_random_octets_are_survived),
};
extern const struct unit_suite suite_reader;
const struct unit_suite suite_reader = { "reader", tests, COUNT(tests) };
