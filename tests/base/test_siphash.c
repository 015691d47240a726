#include "resolver/base/octets.h"
#include "resolver/base/siphash.h"
#include "tests/unit.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* From the paper and its reference code: key 00..0f, input 00, 01, ... of length i. */
static const uint8_t vectors[][8] = {
	{ 0x31, 0x0e, 0x0e, 0xdd, 0x47, 0xdb, 0x6f, 0x72 },
	{ 0xfd, 0x67, 0xdc, 0x93, 0xc5, 0x39, 0xf8, 0x74 },
	{ 0x5a, 0x4f, 0xa9, 0xd9, 0x09, 0x80, 0x6c, 0x0d },
	{ 0x2d, 0x7e, 0xfb, 0xd7, 0x96, 0x66, 0x67, 0x85 },
	{ 0xb7, 0x87, 0x71, 0x27, 0xe0, 0x94, 0x27, 0xcf },
	{ 0x8d, 0xa6, 0x99, 0xcd, 0x64, 0x55, 0x76, 0x18 },
	{ 0xce, 0xe3, 0xfe, 0x58, 0x6e, 0x46, 0xc9, 0xcb },
	{ 0x37, 0xd1, 0x01, 0x8b, 0xf5, 0x00, 0x02, 0xab },
	{ 0x62, 0x24, 0x93, 0x9a, 0x79, 0xf5, 0xf5, 0x93 },
	{ 0xb0, 0xe4, 0xa9, 0x0b, 0xdf, 0x82, 0x00, 0x9e },
	{ 0xf3, 0xb9, 0xdd, 0x94, 0xc5, 0xbb, 0x5d, 0x7a },
	{ 0xa7, 0xad, 0x6b, 0x22, 0x46, 0x2f, 0xb3, 0xf4 },
	{ 0xfb, 0xe5, 0x0e, 0x86, 0xbc, 0x8f, 0x1e, 0x75 },
	{ 0x90, 0x3d, 0x84, 0xc0, 0x27, 0x56, 0xea, 0x14 },
	{ 0xee, 0xf2, 0x7a, 0x8e, 0x90, 0xca, 0x23, 0xf7 },
	{ 0xe5, 0x45, 0xbe, 0x49, 0x61, 0xca, 0x29, 0xa1 },
};

static struct siphash_key counting_key(void)
{
	uint8_t bytes[SIPHASH_KEY_OCTETS];
	for (unsigned i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)i;
	return siphash_key_of(bytes);
}

static void test_siphash_gives_the_reference_vectors(void)
{
	uint8_t in[COUNT(vectors)];
	struct siphash_key key = counting_key();
	for (size_t i = 0; i < COUNT(vectors); i++) {
		in[i] = (uint8_t)i;
		CU_ASSERT_EQUAL(siphash(&key, in, i), octets_le64(vectors[i]));
	}
}

static void test_siphash_depends_on_every_octet_the_length_and_the_key(void)
{
	struct siphash_key key = counting_key(), other = { key.k0, key.k1 ^ 1 };
	uint8_t in[33] = { 0 };
	uint64_t base = siphash(&key, in, 32);
	for (size_t i = 0; i < 32; i++) {
		in[i] ^= 0x80;
		CU_ASSERT_NOT_EQUAL(siphash(&key, in, 32), base);
		in[i] ^= 0x80;
	}
	CU_ASSERT_NOT_EQUAL(siphash(&key, in, 33), base);
	CU_ASSERT_NOT_EQUAL(siphash(&other, in, 32), base);
	CU_ASSERT_EQUAL(siphash(&key, in, 32), base);
}

static void test_octets_read_and_write_both_orders(void)
{
	uint8_t p[8];
	octets_put_be16(p, 0x1234);
	CU_ASSERT_TRUE(p[0] == 0x12 && p[1] == 0x34 && octets_be16(p) == 0x1234);
	octets_put_be32(p, 0xfedcba98);
	CU_ASSERT_TRUE(p[0] == 0xfe && p[3] == 0x98 && octets_be32(p) == 0xfedcba98);
	octets_put_le32(p, 0xfedcba98);
	CU_ASSERT_TRUE(p[0] == 0x98 && p[3] == 0xfe && octets_le32(p) == 0xfedcba98);
	octets_put_le64(p, 0x8877665544332211);
	CU_ASSERT_TRUE(p[0] == 0x11 && p[7] == 0x88 && octets_le64(p) == 0x8877665544332211);
}

static const struct unit_test tests[] = {
	UNIT(test_siphash_gives_the_reference_vectors),
	UNIT(test_siphash_depends_on_every_octet_the_length_and_the_key),
	UNIT(test_octets_read_and_write_both_orders),
};
extern const struct unit_suite suite_siphash;
const struct unit_suite suite_siphash = { "siphash", tests, COUNT(tests) };
