#include "resolver/base/rng.h"
#include "tests/unit.h"

#include <stdbool.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/*
 * RFC 8439 appendix A.1, test vectors 1 and 2: key and nonce of zeros, blocks 0 and 1.  The first
 * 32 octets become the next key and are never given out.
 */
static const uint8_t stream[] = {
	0x76, 0xb8, 0xe0, 0xad, 0xa0, 0xf1, 0x3d, 0x90, 0x40, 0x5d, 0x6a, 0xe5, 0x53, 0x86, 0xbd,
	0x28, 0xbd, 0xd2, 0x19, 0xb8, 0xa0, 0x8d, 0xed, 0x1a, 0xa8, 0x36, 0xef, 0xcc, 0x8b, 0x77,
	0x0d, 0xc7, 0xda, 0x41, 0x59, 0x7c, 0x51, 0x57, 0x48, 0x8d, 0x77, 0x24, 0xe0, 0x3f, 0xb8,
	0xd8, 0x4a, 0x37, 0x6a, 0x43, 0xb8, 0xf4, 0x15, 0x18, 0xa1, 0x1c, 0xc3, 0x87, 0xb6, 0x69,
	0xb2, 0xee, 0x65, 0x86, 0x9f, 0x07, 0xe7, 0xbe, 0x55, 0x51, 0x38, 0x7a, 0x98, 0xba, 0x97,
	0x7c, 0x73, 0x2d, 0x08, 0x0d, 0xcb, 0x0f, 0x29, 0xa0, 0x48, 0xe3, 0x65, 0x69, 0x12, 0xc6,
	0x53, 0x3e, 0x32, 0xee, 0x7a, 0xed, 0x29, 0xb7, 0x21, 0x76, 0x9c, 0xe6, 0x4e, 0x43, 0xd5,
	0x71, 0x33, 0xb0, 0x74, 0xd8, 0x39, 0xd5, 0x31, 0xed, 0x1f, 0x28, 0x51, 0x0a, 0xfb, 0x45,
	0xac, 0xe1, 0x0a, 0x1f, 0x4b, 0x79, 0x4d, 0x6f,
};

static void test_the_stream_is_chacha20_of_rfc8439(void)
{
	struct rng r;
	uint8_t out[sizeof(stream) - 32];
	rng_init_number(&r, 0);
	rng_fill(&r, out, sizeof(out));
	CU_ASSERT_EQUAL(memcmp(out, stream + 32, sizeof(out)), 0);
	CU_ASSERT_EQUAL(memcmp(r.key, stream, 32), 0); /* the old key is gone */
}

static bool holds(const struct rng *r, const uint8_t *what, size_t len)
{
	const uint8_t *p = (const uint8_t *)r;
	for (size_t i = 0; i + len <= sizeof(*r); i++) {
		if (memcmp(p + i, what, len) == 0)
			return true;
	}
	return false;
}

static void test_nothing_given_out_stays_in_the_state(void)
{
	struct rng r;
	uint8_t out[480 + 480 + 7];
	rng_init_number(&r, 5);
	rng_fill(&r, out, sizeof(out));
	for (size_t i = 0; i + 8 <= sizeof(out); i++)
		CU_ASSERT_FALSE(holds(&r, out + i, 8));
}

static void test_the_way_of_asking_does_not_change_the_stream(void)
{
	struct rng a, b;
	uint8_t whole[2000], parts[2000];
	rng_init_number(&a, 99);
	rng_init_number(&b, 99);
	rng_fill(&a, whole, sizeof(whole));
	for (size_t at = 0, n = 1; at < sizeof(parts); at += n, n = n % 61 + 1) {
		if (n > sizeof(parts) - at)
			n = sizeof(parts) - at;
		rng_fill(&b, parts + at, n);
	}
	CU_ASSERT_EQUAL(memcmp(whole, parts, sizeof(whole)), 0);
}

static void test_seeds_make_different_streams_and_outputs_do_not_repeat_threat_A2(void)
{
	struct rng a, b;
	rng_init_number(&a, 1);
	rng_init_number(&b, 2);
	uint64_t seen[3000];
	for (size_t i = 0; i < COUNT(seen); i++) {
		seen[i] = rng_u64(&a);
		CU_ASSERT_NOT_EQUAL(seen[i], rng_u64(&b));
	}
	for (size_t i = 1; i < COUNT(seen); i++)
		CU_ASSERT_TRUE(seen[i] != seen[i - 1] && seen[i] != seen[0]);
}

/* Chi-squared; the limits are the 0.001 quantiles, the seed is fixed: it passes always or never. */
static void test_below_is_uniform_and_below(void)
{
	enum { DRAWS = 100000 };
	static const struct {
		uint32_t n;
		double most;
	} cases[] = { { 2, 10.83 }, { 3, 13.82 }, { 7, 22.46 }, { 10, 27.88 }, { 100, 148.2 } };
	struct rng r;
	rng_init_number(&r, 42);
	for (size_t i = 0; i < COUNT(cases); i++) {
		unsigned hits[100] = { 0 };
		double chi = 0, want = (double)DRAWS / cases[i].n;
		for (int k = 0; k < DRAWS; k++) {
			uint32_t v = rng_below(&r, cases[i].n);
			CU_ASSERT_FATAL(v < cases[i].n);
			hits[v]++;
		}
		for (uint32_t v = 0; v < cases[i].n; v++)
			chi += (hits[v] - want) * (hits[v] - want) / want;
		CU_ASSERT_TRUE(chi < cases[i].most);
	}
	CU_ASSERT_EQUAL(rng_below(&r, 1), 0);
}

static void test_below_has_no_modulo_bias(void)
{
	/* With n = 3 * 2^30 a plain remainder would give the lowest third half of all draws. */
	struct rng r;
	unsigned low = 0;
	rng_init_number(&r, 7);
	for (int i = 0; i < 30000; i++)
		low += rng_below(&r, 3u << 30) < 1u << 30;
	CU_ASSERT_TRUE(low > 9700 && low < 10300);
}

static const struct unit_test tests[] = {
	UNIT(test_the_stream_is_chacha20_of_rfc8439),
	UNIT(test_nothing_given_out_stays_in_the_state),
	UNIT(test_the_way_of_asking_does_not_change_the_stream),
	UNIT(test_seeds_make_different_streams_and_outputs_do_not_repeat_threat_A2),
	UNIT(test_below_is_uniform_and_below),
	UNIT(test_below_has_no_modulo_bias),
};
extern const struct unit_suite suite_rng;
const struct unit_suite suite_rng = { "rng", tests, COUNT(tests) };
