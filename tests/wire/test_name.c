#include "resolver/base/rng.h"
#include "resolver/wire/lower.h"
#include "resolver/wire/name.h"
#include "tests/unit.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct siphash_key key = { 1, 2 };

/* Labels out of few octets, so that equal ones and prefixes of one another are frequent. */
static struct name random_name(struct rng *r)
{
	static const uint8_t alphabet[] = { 0,   1,   2,   '.', '*', 'a', 'A',
					    'z', 'Z', '[', '@', '`', 0xff };
	struct name n = name_root();
	for (uint32_t labels = rng_below(r, 6); labels > 0; labels--) {
		uint8_t label[LABEL_OCTETS];
		size_t len = 1 + rng_below(r, rng_below(r, 20) == 0 ? LABEL_OCTETS : 3);
		for (size_t i = 0; i < len; i++)
			label[i] = alphabet[rng_below(r, COUNT(alphabet))];
		if (name_prepend(label, len, &n, &n) != ERR_OK)
			break;
	}
	return n;
}

static int sign(int v)
{
	return (v > 0) - (v < 0);
}

static void test_order_is_that_of_rfc4034_section_6_1(void)
{
	static const char *const sorted[] = {
		"example.",         "a.example.",      "yljkjljk.a.example.",
		"Z.a.example.",     "zABC.a.EXAMPLE.", "z.example.",
		"\\001.z.example.", "*.z.example.",    "\\200.z.example.",
	};
	for (size_t i = 0; i < COUNT(sorted); i++) {
		for (size_t k = 0; k < COUNT(sorted); k++) {
			struct name a = name_of(sorted[i]), b = name_of(sorted[k]);
			CU_ASSERT_EQUAL(sign(name_compare(&a, &b)), (i > k) - (i < k));
		}
	}
}

static void test_keys_sort_as_names_do_and_give_the_name_back(void)
{
	struct rng r;
	unsigned wrong = 0;
	rng_init_number(&r, 1);
	for (int i = 0; i < 20000; i++) {
		struct name a = random_name(&r), b = random_name(&r), back;
		uint8_t ka[NAME_KEY_MAX], kb[NAME_KEY_MAX];
		size_t la = name_key(&a, ka), lb = name_key(&b, kb), least = la < lb ? la : lb;
		int order = memcmp(ka, kb, least);
		if (order == 0)
			order = (la > lb) - (la < lb);
		wrong += sign(order) != sign(name_compare(&a, &b));
		wrong += (order == 0) != name_equal(&a, &b);
		wrong += name_from_key(ka, la, &back) != ERR_OK || !name_equal(&a, &back);
		/* A subtree is a run: a is within b exactly when b's key begins a's. */
		wrong += name_is_within(&a, &b) != (la >= lb && memcmp(ka, kb, lb) == 0);
	}
	CU_ASSERT_EQUAL(wrong, 0);
}

static void test_a_key_that_no_name_makes_is_refused(void)
{
	static const struct {
		const char *key;
		size_t len;
	} cases[] = { { "a", 1 },  { "\0", 1 },   { "a\0\0", 3 },
		      { "\1", 1 }, { "\1\0", 2 }, { "\1\3\0", 3 } };
	struct name n;
	for (size_t i = 0; i < COUNT(cases); i++)
		CU_ASSERT_NOT_EQUAL(name_from_key((const uint8_t *)cases[i].key, cases[i].len, &n),
				    ERR_OK);
	uint8_t longest[NAME_KEY_MAX];
	memset(longest, 'a', sizeof(longest));
	longest[64] = 0;
	CU_ASSERT_EQUAL(name_from_key(longest, 65, &n), ERR_FORMAT); /* a label of 64 */
	for (size_t i = 0; i < 300; i += 2) {
		longest[i] = 'a';
		longest[i + 1] = 0;
	}
	CU_ASSERT_EQUAL(name_from_key(longest, 254, &n), ERR_OK); /* 127 labels of one octet */
	CU_ASSERT_EQUAL(n.len, 255);
	CU_ASSERT_EQUAL(name_from_key(longest, 256, &n), ERR_FORMAT);
}

static void test_case_is_ignored_for_ascii_only_rfc4343(void)
{
	for (unsigned c = 0; c < 256; c++) {
		uint8_t upper[] = {
			9, '-', '-', '-', '-', (uint8_t)c, '-', '-', '-', (uint8_t)c, 0
		};
		uint8_t lower[sizeof(upper)];
		struct name a, b;
		bool letter = c >= 'A' && c <= 'Z';
		memcpy(lower, upper, sizeof(upper));
		lower[5] = lower[9] = (uint8_t)(c ^ 0x20);
		CU_ASSERT_EQUAL_FATAL(name_from_wire(upper, sizeof(upper), &a), ERR_OK);
		CU_ASSERT_EQUAL_FATAL(name_from_wire(lower, sizeof(lower), &b), ERR_OK);
		bool same = letter || (c >= 'a' && c <= 'z');
		CU_ASSERT_EQUAL(name_equal(&a, &b), same);
		CU_ASSERT_EQUAL(name_compare(&a, &b) == 0, same);
		CU_ASSERT_EQUAL(name_hash(&key, &a) == name_hash(&key, &b), same);
		CU_ASSERT_FALSE(name_equal_exact(&a, &b));
		CU_ASSERT_TRUE(name_equal_exact(&a, &a));
		name_lower(&a);
		CU_ASSERT_EQUAL(a.wire[5], letter ? c + 32 : c);
	}
}

static void test_words_are_lowered_like_their_octets(void)
{
	struct rng r;
	rng_init_number(&r, 3);
	for (int i = 0; i < 100000; i++) {
		uint8_t in[8], out[8];
		uint64_t w;
		rng_fill(&r, in, sizeof(in));
		memcpy(&w, in, sizeof(w));
		w = lower_word(w);
		memcpy(out, &w, sizeof(w));
		for (size_t k = 0; k < sizeof(in); k++)
			CU_ASSERT_FATAL(out[k] == lower_octet(in[k]));
	}
}

static void test_within_counts_labels_not_octets(void)
{
	static const struct {
		const char *name, *top;
		bool within, below;
		unsigned common;
	} cases[] = {
		{ "example.", "example.", true, false, 1 },
		{ "www.EXAMPLE.", "example.", true, true, 1 },
		{ "badexample.", "example.", false, false, 0 },
		{ "example.", "www.example.", false, false, 1 },
		{ "a.b.c.", ".", true, true, 0 },
		{ ".", ".", true, false, 0 },
		{ ".", "a.", false, false, 0 },
		{ "x\\007example.", "example.", false, false, 0 }, /* an octet 7 is no length */
		{ "a.b.example.", "c.b.example.", false, false, 2 },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct name n = name_of(cases[i].name), top = name_of(cases[i].top);
		CU_ASSERT_EQUAL(name_is_within(&n, &top), cases[i].within);
		CU_ASSERT_EQUAL(name_is_below(&n, &top), cases[i].below);
		CU_ASSERT_EQUAL(name_common_labels(&n, &top), cases[i].common);
	}
}

static bool is(const struct name *n, const char *text)
{
	struct name want = name_of(text);
	return name_equal_exact(n, &want);
}

static void test_names_are_taken_apart_by_labels(void)
{
	struct name n = name_of("a.Bc.def."), root = name_root(), s;
	CU_ASSERT_EQUAL(name_labels(&n), 3);
	CU_ASSERT_EQUAL(name_labels(&root), 0);
	CU_ASSERT_TRUE(name_is_root(&root) && !name_is_root(&n));
	s = name_suffix(&n, 0);
	CU_ASSERT_TRUE(is(&s, "."));
	s = name_suffix(&n, 2);
	CU_ASSERT_TRUE(is(&s, "Bc.def."));
	s = name_suffix(&n, 99);
	CU_ASSERT_TRUE(is(&s, "a.Bc.def."));
	s = name_parent(&n);
	CU_ASSERT_TRUE(is(&s, "Bc.def."));
	CU_ASSERT_EQUAL(name_label(&n, 1)[0], 2);
	CU_ASSERT_EQUAL(name_label(&n, 1)[1], 'B');
	CU_ASSERT_PTR_NULL(name_label(&n, 3));
	CU_ASSERT_PTR_NULL(name_label(&root, 0));
}

static void test_only_a_whole_label_star_is_a_wildcard(void)
{
	struct name a = name_of("*.example."), b = name_of("\\*.example."),
		    c = name_of("*a.example.");
	struct name d = name_of("a.*.example."), w;
	CU_ASSERT_TRUE(name_is_wildcard(&a) && name_is_wildcard(&b)); /* the escape is only text */
	CU_ASSERT_FALSE(name_is_wildcard(&c) || name_is_wildcard(&d));
	struct name parent = name_of("example.");
	CU_ASSERT_EQUAL(name_wildcard(&parent, &w), ERR_OK);
	CU_ASSERT_TRUE(name_equal(&w, &a));
}

static struct name longest_name(void)
{
	uint8_t label[LABEL_OCTETS];
	struct name n = name_root();
	memset(label, 'x', sizeof(label));
	for (int i = 0; i < 3; i++)
		CU_ASSERT_EQUAL_FATAL(name_prepend(label, 63, &n, &n), ERR_OK);
	CU_ASSERT_EQUAL_FATAL(name_prepend(label, 61, &n, &n), ERR_OK);
	return n;
}

static void test_a_name_never_grows_beyond_255_octets(void)
{
	struct name n = longest_name(), out = name_of("kept.");
	CU_ASSERT_EQUAL(n.len, 255);
	CU_ASSERT_EQUAL(name_prepend((const uint8_t *)"a", 1, &n, &out), ERR_FORMAT);
	CU_ASSERT_EQUAL(name_wildcard(&n, &out), ERR_FORMAT);
	CU_ASSERT_EQUAL(name_prepend((const uint8_t *)"", 0, &out, &out), ERR_FORMAT);
	struct name from = name_suffix(&n, 1), to = name_of("a."), longer = name_suffix(&n, 2);
	CU_ASSERT_EQUAL(name_replace_suffix(&n, &from, &longer, &out), ERR_FORMAT);
	CU_ASSERT_TRUE(is(&out, "kept."));
	CU_ASSERT_EQUAL(name_replace_suffix(&n, &from, &to, &out), ERR_OK);
	CU_ASSERT_EQUAL(out.len, 255 - 64 + 2);
}

static void test_a_suffix_is_replaced_as_rfc6672_section_2_2_shows(void)
{
	static const struct {
		const char *n, *from, *to, *out; /* out NULL: not below from */
	} cases[] = {
		{ "com.", "example.com.", "example.net.", NULL },
		{ "a.example.com.", "example.com.", "example.net.", "a.example.net." },
		{ "ab.example.com.", "b.example.com.", "example.net.", NULL },
		{ "a.x.example.com.", "x.example.com.", ".", "a." },
		{ "a.b.c.", "C.", "d.e.", "a.b.d.e." },
		{ "shortloop.x.x.", "x.", ".", "shortloop.x." },
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct name n = name_of(cases[i].n), from = name_of(cases[i].from);
		struct name to = name_of(cases[i].to), out;
		if (!name_is_below(&n, &from)) {
			CU_ASSERT_PTR_NULL(cases[i].out);
			continue;
		}
		CU_ASSERT_EQUAL_FATAL(name_replace_suffix(&n, &from, &to, &out), ERR_OK);
		CU_ASSERT_TRUE(is(&out, cases[i].out));
	}
}

static void test_from_wire_takes_exactly_one_plain_name(void)
{
	static const struct {
		const char *wire;
		size_t len;
		enum err err;
	} cases[] = {
		{ "\0", 1, ERR_OK },
		{ "\1a\0", 3, ERR_OK },
		{ "", 0, ERR_FORMAT },
		{ "\1a", 2, ERR_FORMAT },
		{ "\1a\0\0", 4, ERR_FORMAT },
		{ "\2a\0", 3, ERR_FORMAT },
		{ "\1", 1, ERR_FORMAT },
		{ "\xc0\0", 2, ERR_FORMAT },
		{ "\x40\0", 2, ERR_FORMAT },
		{ "\1a\1", 3, ERR_FORMAT },
		{ "\1a\xc0\0", 4, ERR_FORMAT },
	};
	struct name n;
	for (size_t i = 0; i < COUNT(cases); i++)
		CU_ASSERT_EQUAL(name_from_wire((const uint8_t *)cases[i].wire, cases[i].len, &n),
				cases[i].err);
	uint8_t long_wire[256] = { 0 };
	for (size_t i = 0; i < 254; i += 2)
		long_wire[i] = 1;
	CU_ASSERT_EQUAL(name_from_wire(long_wire, 255, &n), ERR_OK);
	long_wire[254] = 1;
	CU_ASSERT_EQUAL(name_from_wire(long_wire, 256, &n), ERR_FORMAT);
}

static const struct unit_test tests[] = {
	UNIT(test_order_is_that_of_rfc4034_section_6_1),
	UNIT(test_keys_sort_as_names_do_and_give_the_name_back),
	UNIT(test_a_key_that_no_name_makes_is_refused),
	UNIT(test_case_is_ignored_for_ascii_only_rfc4343),
	UNIT(test_words_are_lowered_like_their_octets),
	UNIT(test_within_counts_labels_not_octets),
	UNIT(test_names_are_taken_apart_by_labels),
	UNIT(test_only_a_whole_label_star_is_a_wildcard),
	UNIT(test_a_name_never_grows_beyond_255_octets),
	UNIT(test_a_suffix_is_replaced_as_rfc6672_section_2_2_shows),
	UNIT(test_from_wire_takes_exactly_one_plain_name),
};
extern const struct unit_suite suite_name;
const struct unit_suite suite_name = { "name", tests, COUNT(tests) };
