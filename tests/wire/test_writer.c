#include "resolver/base/rng.h"
#include "resolver/wire/reader.h"
#include "resolver/wire/writer.h"
#include "tests/unit.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void put(struct writer *w, const char *text)
{
	struct name n = name_of(text);
	write_name(w, &n);
}

static void test_numbers_go_out_in_network_order(void)
{
	uint8_t out[9];
	struct writer w = writer_of(out, sizeof(out));
	write_u8(&w, 1);
	write_u16(&w, 0x0203);
	write_u32(&w, 0x04050607);
	size_t hole = write_hole(&w);
	write_u16_at(&w, hole, 0x0809);
	CU_ASSERT_EQUAL(w.err, ERR_OK);
	CU_ASSERT_EQUAL(memcmp(out, "\1\2\3\4\5\6\7\10\11", 9), 0);
	write_u8(&w, 1);
	CU_ASSERT_EQUAL(w.err, ERR_SPACE);
	CU_ASSERT_EQUAL(writer_length(&w), 9);
}

static void test_nothing_is_written_behind_the_end_and_errors_stick(void)
{
	uint8_t out[8] = { 0 };
	struct writer w = writer_of(out, 3);
	write_u16(&w, 0xffff);
	write_u32(&w, 0xffffffff);
	CU_ASSERT_EQUAL(w.err, ERR_SPACE);
	write_u8(&w, 0xff); /* would fit, but something before it is missing */
	size_t hole = write_hole(&w);
	write_u16_at(&w, hole, 0xffff);
	CU_ASSERT_EQUAL(memcmp(out, "\xff\xff\0\0\0\0\0\0", 8), 0);
	struct name n = name_of("example.");
	write_name(&w, &n);
	write_plain_name(&w, &n);
	CU_ASSERT_EQUAL(writer_length(&w), 2);
}

static void test_names_are_compressed_against_any_suffix(void)
{
	uint8_t out[200];
	struct writer w = writer_of(out, sizeof(out));
	put(&w, "www.example.com.");
	CU_ASSERT_EQUAL(writer_length(&w), 17);
	put(&w, "www.EXAMPLE.com."); /* the whole */
	CU_ASSERT_EQUAL(writer_length(&w), 19);
	put(&w, "mail.example.com.");
	CU_ASSERT_EQUAL(writer_length(&w), 26);
	put(&w, "a.mail.example.com.");
	CU_ASSERT_EQUAL(writer_length(&w), 30);
	put(&w, "example.net."); /* shares a label, but no suffix */
	CU_ASSERT_EQUAL(writer_length(&w), 43);
	put(&w, "net.");
	CU_ASSERT_EQUAL(writer_length(&w), 45);
	put(&w, ".");
	CU_ASSERT_EQUAL(writer_length(&w), 46);
	CU_ASSERT_EQUAL(out[17] << 8 | out[18], 0xc000);
	CU_ASSERT_EQUAL(out[24] << 8 | out[25], 0xc004);
	CU_ASSERT_EQUAL(out[28] << 8 | out[29], 0xc000 | 19);
}

static void test_a_plain_name_is_neither_compressed_nor_a_target(void)
{
	uint8_t out[64];
	struct writer w = writer_of(out, sizeof(out));
	struct name n = name_of("example.");
	write_plain_name(&w, &n);
	write_name(&w, &n);
	write_plain_name(&w, &n);
	CU_ASSERT_EQUAL(writer_length(&w), 27);
}

static void test_a_rewind_forgets_the_names_written_since(void)
{
	uint8_t out[64];
	struct writer w = writer_of(out, sizeof(out));
	put(&w, "a.example.");
	struct writer mark = w;
	put(&w, "b.other.");
	write_octets(&w, out, sizeof(out)); /* does not fit */
	writer_rewind(&w, &mark);
	CU_ASSERT_EQUAL(w.err, ERR_OK);
	write_u8(&w, 0xee);
	put(&w, "b.other."); /* must not point at where it no longer stands */
	CU_ASSERT_EQUAL(writer_length(&w), 11 + 1 + 9);
	put(&w, "b.other.");
	CU_ASSERT_EQUAL(writer_length(&w), 11 + 1 + 9 + 2);
}

static void test_no_pointer_goes_beyond_fourteen_bits(void)
{
	static uint8_t out[40000];
	struct writer w = writer_of(out, sizeof(out));
	w.at += 0x3ffd;
	put(&w, "ab.example."); /* ab at 3ffd, example at 4000 */
	put(&w, "ab.example.");
	put(&w, "x.example.");
	struct reader r = reader_of(out, writer_length(&w));
	struct name want = name_of("ab.example.");
	(void)read_octets(&r, 0x3ffd);
	for (int i = 0; i < 2; i++) {
		struct name n = read_name(&r);
		CU_ASSERT_TRUE(name_equal(&n, &want));
	}
	want = name_of("x.example.");
	struct name n = read_name(&r);
	CU_ASSERT_TRUE(name_equal(&n, &want));
	CU_ASSERT_EQUAL(reader_finish(&r), ERR_OK);
}

static void test_what_is_written_is_read_back(void)
{
	static const char *const labels[] = { "a",       "b",   "c",     "example",
					      "EXAMPLE", "com", "\\000", "*" };
	struct rng r;
	rng_init_number(&r, 23);
	for (int round = 0; round < 300; round++) {
		uint8_t out[2000];
		struct name names[100];
		size_t count = 0;
		struct writer w = writer_of(out, 50 + rng_below(&r, 1950));
		while (count < COUNT(names) && w.err == ERR_OK) {
			char text[100] = "";
			for (uint32_t n = 1 + rng_below(&r, 5); n > 0; n--)
				snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s.",
					 labels[rng_below(&r, COUNT(labels))]);
			names[count] = name_of(text);
			struct writer mark = w;
			write_name(&w, &names[count]);
			if (w.err != ERR_OK) {
				writer_rewind(&w, &mark);
				break;
			}
			count++;
		}
		struct reader rd = reader_of(out, writer_length(&w));
		for (size_t i = 0; i < count; i++) {
			struct name n = read_name(&rd);
			CU_ASSERT_TRUE(name_equal(&n, &names[i]));
		}
		CU_ASSERT_EQUAL(reader_finish(&rd), ERR_OK);
	}
}

/* CVE-2024-8508: many names, none of them alike, cost a bounded search; generous for sanitizers. */
static void test_ten_thousand_names_are_written_in_bounded_time_threat_D6(void)
{
	static uint8_t out[LIMIT_MESSAGE_BYTES];
	struct writer w = writer_of(out, sizeof(out));
	clock_t begin = clock();
	unsigned written = 0;
	for (; written < 10000 && writer_left(&w) > 40; written++) {
		char text[40];
		snprintf(text, sizeof(text), "%u.%u.x.", written % 64, written);
		put(&w, text);
	}
	double ms = 1000.0 * (double)(clock() - begin) / CLOCKS_PER_SEC;
	CU_ASSERT_EQUAL(w.err, ERR_OK);
	CU_ASSERT_TRUE(w.target_count <= LIMIT_COMPRESSION_TARGETS);
	CU_ASSERT_TRUE(ms < 100);
}

static const struct unit_test tests[] = {
	UNIT(test_numbers_go_out_in_network_order),
	UNIT(test_nothing_is_written_behind_the_end_and_errors_stick),
	UNIT(test_names_are_compressed_against_any_suffix),
	UNIT(test_a_plain_name_is_neither_compressed_nor_a_target),
	UNIT(test_a_rewind_forgets_the_names_written_since),
	UNIT(test_no_pointer_goes_beyond_fourteen_bits),
	UNIT(test_what_is_written_is_read_back),
	UNIT(test_ten_thousand_names_are_written_in_bounded_time_threat_D6),
};
extern const struct unit_suite suite_writer;
const struct unit_suite suite_writer = { "writer", tests, COUNT(tests) };
