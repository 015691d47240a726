#include "tests/unit.h"
#include "tests/wire/rdata_samples.h"

#include "resolver/base/rng.h"
#include "resolver/wire/rdata.h"
#include "resolver/wire/shape.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct bytes {
	size_t len;
	uint8_t octets[512];
};

static bool in_list(uint16_t type, const uint16_t *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (list[i] == type)
			return true;
	}
	return false;
}

/* RFC 1035, and the list of RFC 3597 section 4. */
static bool may_arrive_compressed(uint16_t type)
{
	static const uint16_t list[] = {
		TYPE_NS,  TYPE_MD,  TYPE_MF,    TYPE_CNAME, TYPE_SOA, TYPE_MB,    TYPE_MG,
		TYPE_MR,  TYPE_PTR, TYPE_MINFO, TYPE_MX,    TYPE_RP,  TYPE_AFSDB, TYPE_RT,
		TYPE_SIG, TYPE_PX,  TYPE_NXT,   TYPE_NAPTR, TYPE_SRV,
	};
	return in_list(type, list, sizeof(list) / sizeof(list[0]));
}

/* RFC 4034 section 6.2 without NSEC: RFC 6840 section 5.1. */
static bool is_lowered(uint16_t type)
{
	static const uint16_t list[] = { TYPE_KX, TYPE_DNAME, TYPE_A6, TYPE_RRSIG };
	return may_arrive_compressed(type) || in_list(type, list, sizeof(list) / sizeof(list[0]));
}

static bool leaves_compressed(uint16_t type)
{
	static const uint16_t list[] = {
		TYPE_NS, TYPE_MD, TYPE_MF,  TYPE_CNAME, TYPE_SOA, TYPE_MB,
		TYPE_MG, TYPE_MR, TYPE_PTR, TYPE_MINFO, TYPE_MX,
	};
	return in_list(type, list, sizeof(list) / sizeof(list[0]));
}

static void append(struct bytes *b, const void *octets, size_t len)
{
	memcpy(b->octets + b->len, octets, len);
	b->len += len;
}

/* Reads an exact copy on the heap, so that one octet too far is seen. */
static enum err read_exact(uint16_t type, const uint8_t *octets, size_t len, struct bytes *out)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);
	struct writer w = writer_of(out->octets, sizeof(out->octets));
	out->len = 0;
	if (copy == NULL)
		return ERR_NOMEM;
	if (len > 0)
		memcpy(copy, octets, len);
	enum err e = rdata_read(type, reader_of(copy, len), &w);
	out->len = writer_length(&w);
	free(copy);
	return e;
}

static bool same(const struct bytes *b, const void *octets, size_t len)
{
	return b->len == len && memcmp(b->octets, octets, len) == 0;
}

/* Says which sample failed; CUnit alone would only name the line. */
static void check(bool good, const struct rdata_sample *s, const char *what, size_t at)
{
	if (!good) {
		char name[TYPE_TEXT_MAX];
		type_text(s->type, name);
		printf("\n    %s: %s at %zu", name, what, at);
	}
	CU_ASSERT(good);
}

static void test_every_type_is_stored_as_it_came(void)
{
	for (size_t i = 0; i < rdata_sample_count; i++) {
		const struct rdata_sample *s = &rdata_samples[i];
		struct bytes out;
		enum err e = read_exact(s->type, (const uint8_t *)s->wire, s->len, &out);
		check(e == ERR_OK && same(&out, s->wire, s->len), s, "stored", 0);
	}
}

static void test_every_row_of_the_table_has_a_sample(void)
{
	for (uint32_t type = 0; type <= UINT16_MAX; type++) {
		bool found = false;
		for (size_t i = 0; i < rdata_sample_count; i++)
			found = found || rdata_samples[i].type == type;
		if (shape_of((uint16_t)type) != NULL)
			CU_ASSERT(found);
	}
}

static void test_truncation_at_each_octet_is_malformed(void)
{
	for (size_t i = 0; i < rdata_sample_count; i++) {
		const struct rdata_sample *s = &rdata_samples[i];
		for (size_t len = 0; len < s->len; len++) {
			struct bytes out;
			enum err e = read_exact(s->type, (const uint8_t *)s->wire, len, &out);
			bool may = (s->open > 0 && len >= s->open) ||
				   (len == 0 && (s->open == 1 || s->type == TYPE_APL));
			check(may || e == ERR_FORMAT, s, "truncated", len);
			check(e == ERR_OK || out.len == 0, s, "left half of it", len);
		}
	}
}

static void test_an_octet_too_many_is_malformed(void)
{
	for (size_t i = 0; i < rdata_sample_count; i++) {
		const struct rdata_sample *s = &rdata_samples[i];
		struct bytes in = { 0 }, out;
		append(&in, s->wire, s->len);
		append(&in, "\0", 1);
		enum err e = read_exact(s->type, in.octets, in.len, &out);
		if (s->open == 0 && s->type != TYPE_CDS && s->type != TYPE_CDNSKEY &&
		    s->type != TYPE_SPF)
			check(e == ERR_FORMAT, s, "one more", s->len);
	}
}

/* Name number `which` of the sample stands as a pointer to offset 12, where MAIL.oRg. is. */
static void pointer_inside(const struct rdata_sample *s, size_t which)
{
	static const uint8_t target[] = "\4MAIL\3oRg";
	struct bytes message = { .len = 12, .octets = { 0 } }, expected = { 0 }, out;
	size_t at = s->names[which].at, behind = at + s->names[which].len;
	append(&message, target, sizeof(target));
	size_t rdata = message.len;
	append(&message, s->wire, at);
	append(&message, "\300\14", 2);
	append(&message, s->wire + behind, s->len - behind);
	append(&expected, s->wire, at);
	append(&expected, target, sizeof(target));
	append(&expected, s->wire + behind, s->len - behind);

	struct reader r = reader_of(message.octets, message.len);
	struct writer w = writer_of(out.octets, sizeof(out.octets));
	(void)read_octets(&r, rdata);
	enum err e = rdata_read(s->type, read_slice(&r, message.len - rdata), &w);
	out.len = writer_length(&w);
	if (may_arrive_compressed(s->type))
		check(e == ERR_OK && same(&out, expected.octets, expected.len), s, "pointer",
		      which);
	else
		check(e == ERR_FORMAT, s, "pointer", which);
}

static void test_a_pointer_is_followed_only_where_rfc3597_section_4_allows_it(void)
{
	for (size_t i = 0; i < rdata_sample_count; i++) {
		for (size_t n = 0; n < 2; n++) {
			if (rdata_samples[i].names[n].len > 0)
				pointer_inside(&rdata_samples[i], n);
		}
	}
}

static void test_unknown_types_keep_what_looks_like_a_pointer(void)
{
	static const uint8_t octets[] = { 0xc0, 0x00, 0xc0, 0xff, 0x40 };
	struct bytes out;
	CU_ASSERT_EQUAL(read_exact(65280, octets, sizeof(octets), &out), ERR_OK);
	CU_ASSERT(same(&out, octets, sizeof(octets)));
}

static void test_canonical_form_lowers_the_names_of_rfc4034_section_6_2(void)
{
	for (size_t i = 0; i < rdata_sample_count; i++) {
		const struct rdata_sample *s = &rdata_samples[i];
		struct bytes expected = { 0 }, out;
		append(&expected, s->wire, s->len);
		for (size_t n = 0; n < 2 && is_lowered(s->type); n++) {
			for (size_t k = 0; k < s->names[n].len; k++) {
				uint8_t *octet = &expected.octets[s->names[n].at + k];
				*octet = (uint8_t)tolower(*octet);
			}
		}
		struct writer w = writer_of(out.octets, sizeof(out.octets));
		struct rdata r = { (uint16_t)s->len, (const uint8_t *)s->wire };
		rdata_write_canonical(&w, s->type, &r);
		out.len = writer_length(&w);
		check(w.err == ERR_OK && same(&out, expected.octets, expected.len), s, "canonical",
		      0);
	}
}

static void test_only_rfc1035_types_leave_compressed(void)
{
	for (size_t i = 0; i < rdata_sample_count; i++) {
		const struct rdata_sample *s = &rdata_samples[i];
		struct bytes out;
		struct writer w = writer_of(out.octets, sizeof(out.octets));
		struct name host = name_of("Ns.Example."), mail = name_of("Mail.oRg.");
		write_name(&w, &host);
		write_name(&w, &mail);
		size_t before = writer_length(&w), saved = 0;
		struct rdata r = { (uint16_t)s->len, (const uint8_t *)s->wire };
		rdata_write(&w, s->type, &r);
		for (size_t n = 0; n < 2 && leaves_compressed(s->type); n++)
			saved += s->names[n].len > 0 ? (size_t)s->names[n].len - 2 : 0;
		check(writer_length(&w) - before == s->len - saved, s, "compressed", saved);
	}
}

static void test_no_room_is_an_error_and_nothing_else(void)
{
	for (size_t i = 0; i < rdata_sample_count; i++) {
		const struct rdata_sample *s = &rdata_samples[i];
		for (size_t room = 0; room < s->len; room++) {
			uint8_t *out = malloc(room + 1);
			struct writer w = writer_of(out, room);
			enum err e =
			    rdata_read(s->type, reader_of((const uint8_t *)s->wire, s->len), &w);
			check(e == ERR_SPACE, s, "no room", room);
			free(out);
		}
	}
}

static void read_and_print(uint16_t type, const uint8_t *octets, size_t len)
{
	struct bytes out;
	char text[4096];
	struct rdata raw = { (uint16_t)len, octets };
	CU_ASSERT(rdata_text(type, &raw, text, sizeof(text)));
	if (read_exact(type, octets, len, &out) == ERR_OK) {
		struct rdata stored = { (uint16_t)out.len, out.octets };
		CU_ASSERT(rdata_text(type, &stored, text, sizeof(text)));
	}
	for (size_t size = 0; size < 4; size++)
		(void)rdata_text(type, &raw, text, size);
}

static void test_all_types_of_0_to_20_octets_parse_and_print_threat_E16(void)
{
	struct rng rng;
	rng_init_number(&rng, 1);
	for (uint32_t type = 0; type <= 300; type++) {
		for (size_t len = 0; len <= 20; len++) {
			uint8_t octets[20];
			memset(octets, 0, sizeof(octets));
			read_and_print((uint16_t)type, octets, len);
			memset(octets, 1, sizeof(octets));
			read_and_print((uint16_t)type, octets, len);
			memset(octets, 0xff, sizeof(octets));
			read_and_print((uint16_t)type, octets, len);
			rng_fill(&rng, octets, sizeof(octets));
			read_and_print((uint16_t)type, octets, len);
		}
	}
}

static void test_type_bitmaps_are_checked_for_structure(void)
{
	static const struct {
		const char *why, *wire;
		size_t len;
		enum err err;
	} cases[] = {
		{ "no window", "\0", 1, ERR_FORMAT },
		{ "one octet", "\0\0\1\x40", 4, ERR_OK },
		{ "trailing zeros", "\0\0\3\x40\0\0", 6, ERR_OK },
		{ "half a header", "\0\0", 2, ERR_FORMAT },
		{ "empty window", "\0\0\0", 3, ERR_FORMAT },
		{ "window of 33",
		  "\0\0\41"
		  "123456789012345678901234567890123",
		  36, ERR_FORMAT },
		{ "window of 32",
		  "\0\0\40"
		  "12345678901234567890123456789012",
		  35, ERR_OK },
		{ "window cut", "\0\0\2\x40", 4, ERR_FORMAT },
		{ "two windows", "\0\0\1\x40\1\1\x40", 7, ERR_OK },
		{ "twice the same", "\0\0\1\x40\0\1\x40", 7, ERR_FORMAT },
		{ "descending", "\0\1\1\x40\0\1\x40", 7, ERR_FORMAT },
		{ "octet behind", "\0\0\1\x40\1", 5, ERR_FORMAT },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bytes out;
		enum err e =
		    read_exact(TYPE_NSEC, (const uint8_t *)cases[i].wire, cases[i].len, &out);
		if (e != cases[i].err)
			printf("\n    %s", cases[i].why);
		CU_ASSERT_EQUAL(e, cases[i].err);
	}
}

static void test_odd_lengths_inside(void)
{
	static const struct {
		const char *why;
		uint16_t type;
		const char *wire;
		size_t len;
		enum err err;
	} cases[] = {
		{ "NSEC3 without hash", TYPE_NSEC3, "\1\0\0\0\0\0", 6, ERR_FORMAT },
		{ "NSEC3 without types", TYPE_NSEC3, "\1\0\0\0\0\1x", 7, ERR_OK },
		{ "NSEC3 salt past the end", TYPE_NSEC3, "\1\0\0\0\7\1x", 7, ERR_FORMAT },
		{ "TXT without string", TYPE_TXT, "", 0, ERR_FORMAT },
		{ "TXT of one empty string", TYPE_TXT, "\0", 1, ERR_OK },
		{ "CAA with empty tag", TYPE_CAA, "\0\0x", 3, ERR_FORMAT },
		{ "CAA without value", TYPE_CAA, "\0\1x", 3, ERR_OK },
		{ "A6 with prefix 129", TYPE_A6, "\201\0", 2, ERR_FORMAT },
		{ "A6 with prefix 128", TYPE_A6, "\200\0", 2, ERR_OK },
		{ "APL IPv4 prefix 33", TYPE_APL, "\0\1\41\0", 4, ERR_FORMAT },
		{ "APL of 5 octets IPv4", TYPE_APL, "\0\1\40\5\1\2\3\4\5", 9, ERR_FORMAT },
		{ "empty APL", TYPE_APL, "", 0, ERR_OK },
		{ "HIP without tag", TYPE_HIP, "\0\2\0\1k", 5, ERR_FORMAT },
		{ "IPSECKEY without gateway", TYPE_IPSECKEY, "\1\0\2k", 4, ERR_OK },
		{ "IPSECKEY with half an address", TYPE_IPSECKEY, "\1\1\2\1\2\3", 6, ERR_FORMAT },
		{ "LOC of another version", TYPE_LOC, "\1x", 2, ERR_OK },
		{ "LOC version 0 of 17", TYPE_LOC,
		  "\0"
		  "1234567890123456",
		  17, ERR_FORMAT },
		{ "NXT of 17 octets", TYPE_NXT,
		  "\0"
		  "12345678901234567",
		  18, ERR_FORMAT },
		{ "DS without digest", TYPE_DS, "\0\1\10\2", 4, ERR_FORMAT },
		{ "DNSKEY without key", TYPE_DNSKEY, "\1\1\3\10", 4, ERR_FORMAT },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bytes out;
		enum err e =
		    read_exact(cases[i].type, (const uint8_t *)cases[i].wire, cases[i].len, &out);
		if (e != cases[i].err)
			printf("\n    %s", cases[i].why);
		CU_ASSERT_EQUAL(e, cases[i].err);
	}
}

static void test_canonical_order_is_by_octets_then_length(void)
{
	static const uint8_t ab[] = { 0x61, 0x62 }, a[] = { 0x61 }, high[] = { 0xff };
	struct rdata rab = { 2, ab }, ra = { 1, a }, rhigh = { 1, high }, none = { 0, NULL };
	CU_ASSERT(rdata_compare_canonical(&ra, &rab) < 0);
	CU_ASSERT(rdata_compare_canonical(&rab, &ra) > 0);
	CU_ASSERT(rdata_compare_canonical(&rhigh, &rab) > 0);
	CU_ASSERT(rdata_compare_canonical(&none, &ra) < 0);
	CU_ASSERT_EQUAL(rdata_compare_canonical(&ra, &ra), 0);
	CU_ASSERT_EQUAL(rdata_compare_canonical(&none, &none), 0);
}

static const struct unit_test tests[] = {
	UNIT(test_every_type_is_stored_as_it_came),
	UNIT(test_every_row_of_the_table_has_a_sample),
	UNIT(test_truncation_at_each_octet_is_malformed),
	UNIT(test_an_octet_too_many_is_malformed),
	UNIT(test_a_pointer_is_followed_only_where_rfc3597_section_4_allows_it),
	UNIT(test_unknown_types_keep_what_looks_like_a_pointer),
	UNIT(test_canonical_form_lowers_the_names_of_rfc4034_section_6_2),
	UNIT(test_only_rfc1035_types_leave_compressed),
	UNIT(test_no_room_is_an_error_and_nothing_else),
	UNIT(test_all_types_of_0_to_20_octets_parse_and_print_threat_E16),
	UNIT(test_type_bitmaps_are_checked_for_structure),
	UNIT(test_odd_lengths_inside),
	UNIT(test_canonical_order_is_by_octets_then_length),
};

const struct unit_suite suite_rdata = { "rdata", tests, sizeof(tests) / sizeof(tests[0]) };
