/* hostile_zone.c - the signed zones of the hostile authority: their keys, false signatures and
 * padding. */
#include "tools/hostile.h"

#include "resolver/base/octets.h"
#include "validator/dnskey.h"

#include <stdlib.h>
#include <string.h>

enum { PROOFS = 200 /* signed NSEC of a padded denial; more RRsets are no message */ };

/* ---- keys ---- */

static uint16_t tag_with(uint8_t *rdata, size_t len, uint16_t flags)
{
	struct rdata r = { (uint16_t)len, rdata };
	octets_put_be16(rdata, flags);
	return dnskey_tag(&r);
}

/*
 * The reserved flags are ignored (RFC 4034 section 2.1.1), so they can bend the tag to what is
 * wanted: they are a term of its sum, but for a carry.  False: not for this key.
 */
static bool bend_tag(uint8_t *rdata, size_t len, uint16_t tag)
{
	uint16_t missing = (uint16_t)(tag - tag_with(rdata, len, 0));
	for (unsigned carry = 0; carry < 2; carry++) {
		uint16_t flags = (uint16_t)(missing - carry);
		if ((flags & DNSKEY_ZONE) != 0 && (flags & DNSKEY_REVOKE) == 0 &&
		    tag_with(rdata, len, flags) == tag)
			return true;
	}
	return false;
}

/* A key that verifies nothing, but takes its time about it. */
static size_t random_rsa(struct hostile *h, const struct manner *m, uint8_t *rdata)
{
	size_t e = m->exponent_octets, n = m->modulus_octets;
	struct writer w = writer_of(rdata, KEY_OCTETS);
	write_u16(&w, DNSKEY_ZONE);
	write_u8(&w, 3);
	write_u8(&w, m->algorithm);
	if (e > 255)
		write_u8(&w, 0), write_u16(&w, (uint16_t)e);
	else
		write_u8(&w, (uint8_t)e);
	uint8_t *from = w.at;
	for (size_t i = 0; i < e + n; i++)
		write_u8(&w, (uint8_t)hostile_chance(h));
	if (e == 3)
		memcpy(from, "\1\0\1", 3);
	else
		from[0] |= 0x80, from[e - 1] |= 1;
	from[e] |= 0x80;
	from[e + n - 1] |= 1;
	return writer_length(&w);
}

static size_t random_key(struct hostile *h, const struct manner *m, uint8_t *rdata)
{
	if (m->modulus_octets > 0)
		return random_rsa(h, m, rdata);
	struct sign_key *k = sign_key_new(m->algorithm, DNSKEY_ZONE, 0);
	if (k == NULL)
		hostile_die("no key");
	size_t len = sign_key_rdata(k)->len;
	memcpy(rdata, sign_key_rdata(k)->octets, len);
	sign_key_free(k);
	return len;
}

static void add_keys(struct hostile *h, const struct manner *m, struct rrset *set, uint16_t tag)
{
	uint8_t rdata[KEY_OCTETS];
	for (unsigned made = 0; made < m->keys;) {
		size_t len = random_key(h, m, rdata);
		if (!bend_tag(rdata, len, tag))
			continue;
		if (sign_add(h->arena, set, rdata, len) != ERR_OK)
			hostile_die("out of memory");
		made++;
	}
}

static size_t signature_octets(const struct manner *m)
{
	switch (m->algorithm) {
	case 13:
	case 15:
		return 64;
	case 14:
		return 96;
	case 16:
		return 114;
	default:
		return m->modulus_octets;
	}
}

/* In every field but the last an honest RRSIG. */
static size_t false_signature(struct hostile *h, const struct manner *m,
			      const struct zone_of_manner *z, const struct name *owner,
			      uint16_t covered, uint16_t tag, uint8_t *rdata)
{
	struct writer w = writer_of(rdata, KEY_OCTETS);
	write_u16(&w, covered);
	write_u8(&w, m->algorithm);
	write_u8(&w, (uint8_t)name_labels(owner));
	write_u32(&w, HOSTILE_TTL);
	write_u32(&w, h->how.expiration);
	write_u32(&w, h->how.inception);
	write_u16(&w, tag);
	write_plain_name(&w, &z->apex);
	for (size_t i = 0, n = signature_octets(m); i < n; i++)
		write_u8(&w, (i == 0 || i + 1 == n) ? 0 : (uint8_t)hostile_chance(h));
	return writer_length(&w);
}

static void put_false_signatures(struct hostile *h, struct body *b, const struct manner *m,
				 const struct zone_of_manner *z, uint16_t covered, uint16_t tag)
{
	uint8_t rdata[KEY_OCTETS];
	const struct name *owner = &b->query->question.name;
	for (unsigned i = 0; i < m->signatures; i++) {
		size_t len = false_signature(h, m, z, owner, covered, tag, rdata);
		body_put(b, SECTION_ANSWER, owner, TYPE_RRSIG, rdata, len);
	}
}

/* ---- signed zones ---- */

static void add_proofs(struct hostile *h, struct zone_of_manner *z)
{
	z->proofs = arena_array(h->arena, PROOFS, sizeof(struct rrset *));
	for (unsigned i = 0; i < PROOFS; i++) {
		char apex[NAME_TEXT_MAX];
		name_text(&z->apex, apex);
		struct name owner = hostile_name("a%03u.%s", i, apex),
			    next = hostile_name("a%03ux.%s", i, apex);
		uint8_t rdata[NAME_OCTETS + 9];
		memcpy(rdata, next.wire, next.len);
		memcpy(rdata + next.len, "\0\6\x40\0\0\0\0\3", 8); /* A RRSIG NSEC */
		struct rrset *set = sign_new_set(h->arena, &owner, TYPE_NSEC, HOSTILE_TTL);
		if (set == NULL || sign_add(h->arena, set, rdata, next.len + 8u) != ERR_OK ||
		    sign_rrset(h->arena, set, z->key, &z->apex, &h->how) != ERR_OK)
			hostile_die("cannot sign");
		z->proofs[i] = set;
	}
}

void hostile_zone_make(struct hostile *h, const struct manner *m, struct zone_of_manner *z)
{
	struct zone_plan plan = {
		.denial = m->denial, .key_count = 1, .how = h->how, .iterations = m->iterations
	};
	char text[512];
	z->apex = hostile_name("%s.hostile.lab.", m->name);
	z->key = sign_key_new(13, DNSKEY_ZONE | DNSKEY_SEP, 0);
	if (z->key == NULL)
		hostile_die("no key");
	plan.keys[0] = z->key;
	if (plan.denial == ZONE_UNSIGNED)
		plan.denial = ZONE_NSEC;
	if (zone_make(h->arena, &z->apex,
		      "@ 300 SOA ns h 1 300 300 300 300\n@ 300 NS ns.hostile.lab.\n", &plan,
		      &z->zone) != ERR_OK)
		hostile_die("cannot make a zone");
	/* The DNSKEY RRset once more, with company. */
	z->tag = m->anchor_tag ? sign_key_tag(z->key) : (uint16_t)hostile_chance(h);
	z->dnskey = sign_new_set(h->arena, &z->apex, TYPE_DNSKEY, HOSTILE_TTL);
	if (z->dnskey == NULL)
		hostile_die("out of memory");
	add_keys(h, m, z->dnskey, z->tag);
	if (sign_add(h->arena, z->dnskey, sign_key_rdata(z->key)->octets,
		     sign_key_rdata(z->key)->len) != ERR_OK ||
	    sign_rrset(h->arena, z->dnskey, z->key, &z->apex, &h->how) != ERR_OK)
		hostile_die("cannot sign");
	if (m->padded)
		add_proofs(h, z);
	if (zone_ds_text(&z->apex, z->key, 2, text, sizeof(text)) != ERR_OK)
		hostile_die("no DS");
	fprintf(h->anchors, "%s\n", text);
}

static void put_denial(struct hostile *h, struct body *b, struct zone_of_manner *z)
{
	struct outcome o = { 0 };
	struct rrset *ds = NULL;
	arena_reset(h->scratch);
	if (zone_answer(&z->zone, &b->query->question, h->scratch, &o, &ds) != ZONE_OUTCOME)
		return;
	body_put_set(b, SECTION_ANSWER, o.set);
	body_put_set(b, SECTION_AUTHORITY, o.soa);
	for (unsigned i = 0; i < o.proof_count; i++)
		body_put_set(b, SECTION_AUTHORITY, o.proofs[i]);
	if (o.kind == OUTCOME_NXDOMAIN)
		b->rcode = RCODE_NXDOMAIN;
}

static void put_padding(struct body *b, struct zone_of_manner *z)
{
	body_put_soa(b, SECTION_AUTHORITY, &z->apex);
	for (unsigned i = 0; i < PROOFS; i++)
		body_put_set(b, SECTION_AUTHORITY, z->proofs[i]);
	b->rcode = RCODE_NXDOMAIN;
}

/* What the zone of a manner says, at its own address. */
void hostile_zone_answer(struct hostile *h, struct body *b, const struct manner *m,
			 struct zone_of_manner *z)
{
	const struct question *q = &b->query->question;
	bool apex = name_equal(&q->name, &z->apex);
	if (q->type == TYPE_DNSKEY && apex) {
		if (m->anchor_tag)
			put_false_signatures(h, b, m, z, TYPE_DNSKEY, z->tag);
		body_put_set(b, SECTION_ANSWER, z->dnskey);
	} else if (!apex && m->signatures > 0 && !m->anchor_tag && q->type == TYPE_A) {
		body_put_address(b, SECTION_ANSWER, &q->name, hostile_right_address);
		put_false_signatures(h, b, m, z, TYPE_A, z->tag);
	} else if (!apex && m->padded) {
		put_padding(b, z);
	} else {
		put_denial(h, b, z);
	}
}
