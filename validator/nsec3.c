#include "validator/nsec3.h"

#include "resolver/wire/base32.h"
#include "resolver/wire/reader.h"
#include <string.h>

enum { HASH_SHA1 = 1, FLAG_OPT_OUT = 1 };

/* RFC 5155 section 3.3: the hash as a label, 32 digits without padding. */
static bool decode_label(const struct name *owner, uint8_t out[NSEC3_HASH])
{
	struct token label = { (const char *)owner->wire + 1, owner->wire[0], false };
	struct tokens t = tokens_of(label.at, label.len);
	struct writer w = writer_of(out, NSEC3_HASH);
	base32_scan_token(&t, &label, &w);
	return t.err == ERR_OK && w.err == ERR_OK && writer_left(&w) == 0;
}

static enum err parse_rdata(const struct rdata *r, struct nsec3 *n)
{
	struct reader in = reader_of(r->octets, r->len);
	uint8_t algorithm = read_u8(&in);
	uint8_t flags = read_u8(&in);
	n->parameters.iterations = read_u16(&in);
	n->parameters.salt_len = read_u8(&in);
	n->parameters.salt = read_octets(&in, n->parameters.salt_len);
	uint8_t hash_len = read_u8(&in);
	const uint8_t *next = read_octets(&in, hash_len);
	n->types.len = reader_left(&in);
	n->types.octets = read_octets(&in, n->types.len);
	if (in.err != ERR_OK)
		return in.err;
	if (algorithm != HASH_SHA1 || (flags & ~FLAG_OPT_OUT) != 0)
		return ERR_UNSUPPORTED;
	if (hash_len != NSEC3_HASH || !bitmap_is_valid(n->types.octets, n->types.len))
		return ERR_FORMAT;
	n->opt_out = (flags & FLAG_OPT_OUT) != 0;
	memcpy(n->next, next, NSEC3_HASH);
	return ERR_OK;
}

enum err nsec3_parse(const struct rrset *set, const struct name *zone, struct nsec3 *out)
{
	struct nsec3 n = { 0 };
	if (set->type != TYPE_NSEC3 || set->count != 1 || !name_is_below(&set->owner, zone) ||
	    name_labels(&set->owner) != name_labels(zone) + 1 ||
	    !decode_label(&set->owner, n.owner))
		return ERR_FORMAT;
	enum err e = parse_rdata(&set->rdata[0], &n);
	if (e == ERR_OK)
		*out = n;
	return e;
}

bool nsec3_same_parameters(const struct nsec3_parameters *a, const struct nsec3_parameters *b)
{
	return a->iterations == b->iterations && a->salt_len == b->salt_len &&
	       (a->salt_len == 0 || memcmp(a->salt, b->salt, a->salt_len) == 0);
}

/* RFC 9276 section 3.2, with a long salt counted as the further blocks it costs. */
static bool too_many_iterations(const struct nsec3_parameters *p, uint32_t most)
{
	/* SHA-1 works on 64 octets and adds 9 of its own. */
	unsigned blocks = (NSEC3_HASH + p->salt_len + 9u + 63u) / 64u;
	return p->iterations * blocks > most;
}

enum proof nsec3_hash(const struct nsec3_parameters *p, const struct name *name,
		      struct budget *budget, uint8_t out[NSEC3_HASH])
{
	struct name lower = *name;
	if (too_many_iterations(p, budget->iterations))
		return PROOF_ITERATIONS;
	if (!spend(&budget->hashes))
		return PROOF_COSTLY;
	name_lower(&lower);
	return crypto_nsec3(lower.wire, lower.len, p->salt, p->salt_len, p->iterations, out)
		   ? PROOF_FULL
		   : PROOF_COSTLY;
}

bool nsec3_covers(const struct nsec3 *n, const uint8_t hash[NSEC3_HASH])
{
	bool after = memcmp(n->owner, hash, NSEC3_HASH) < 0;
	bool before = memcmp(hash, n->next, NSEC3_HASH) < 0;
	int span = memcmp(n->owner, n->next, NSEC3_HASH);
	if (span < 0)
		return after && before;
	/* The last of the chain, or the only one. */
	return (after || before) && memcmp(n->owner, hash, NSEC3_HASH) != 0;
}

static const struct nsec3 *find_match(const struct nsec3_set *s, const uint8_t hash[NSEC3_HASH])
{
	for (unsigned i = 0; i < s->count; i++)
		if (memcmp(s->records[i].owner, hash, NSEC3_HASH) == 0)
			return &s->records[i];
	return NULL;
}

static const struct nsec3 *find_cover(const struct nsec3_set *s, const uint8_t hash[NSEC3_HASH])
{
	for (unsigned i = 0; i < s->count; i++)
		if (nsec3_covers(&s->records[i], hash))
			return &s->records[i];
	return NULL;
}

/* What the set says of one name: at most one of match and cover. */
struct sight {
	const struct nsec3 *match, *cover;
};

static enum proof look(const struct nsec3_set *s, const struct name *name, struct sight *out)
{
	uint8_t hash[NSEC3_HASH];
	*out = (struct sight){ NULL, NULL };
	if (s->count == 0)
		return PROOF_NONE;
	enum proof p = nsec3_hash(&s->records[0].parameters, name, s->budget, hash);
	if (p != PROOF_FULL)
		return p;
	out->match = find_match(s, hash);
	if (out->match == NULL)
		out->cover = find_cover(s, hash);
	return PROOF_FULL;
}

/* RFC 5155 section 8.3: a delegation or a DNAME has nothing to say about names below it. */
static bool blind_below(const struct nsec3 *n)
{
	return typeset_is_delegation(&n->types) || typeset_has(&n->types, TYPE_DNAME);
}

struct encloser {
	struct name name;
	const struct nsec3 *next_closer; /* the record that covers it */
};

/*
 * RFC 5155 section 8.3.  From the apex down, unlike the text: where a covered name follows a
 * matched one the closest encloser is found, and a long name costs no more hashes than it needs.
 */
static enum proof closest_encloser(const struct nsec3_set *s, const struct name *name,
				   struct encloser *out)
{
	const struct nsec3 *match = NULL; /* of the ancestor one label above */
	unsigned all = name_labels(name);
	for (unsigned labels = name_labels(s->zone); labels <= all; labels++) {
		struct name here = name_suffix(name, labels);
		struct sight sight;
		enum proof p = look(s, &here, &sight);
		if (p != PROOF_FULL)
			return p;
		if (sight.cover != NULL) {
			if (match == NULL)
				return PROOF_NONE;
			out->name = name_parent(&here);
			out->next_closer = sight.cover;
			return PROOF_FULL;
		}
		match = sight.match;
		if (match != NULL && blind_below(match))
			return PROOF_NONE;
	}
	return PROOF_NONE;
}

static enum proof look_at_wildcard(const struct nsec3_set *s, const struct encloser *ce,
				   struct sight *out)
{
	struct name wildcard;
	*out = (struct sight){ NULL, NULL };
	if (name_wildcard(&ce->name, &wildcard) != ERR_OK)
		return PROOF_NONE;
	return look(s, &wildcard, out);
}

enum proof nsec3_proves_nxdomain(const struct nsec3_set *s, const struct name *name)
{
	struct encloser ce;
	struct sight wildcard;
	enum proof p = closest_encloser(s, name, &ce);
	if (p != PROOF_FULL)
		return p;
	p = look_at_wildcard(s, &ce, &wildcard);
	if (p != PROOF_FULL)
		return p;
	if (wildcard.cover == NULL)
		return PROOF_NONE;
	/* RFC 5155 section 9.2: an unsigned delegation may hide in the next closer name's span. */
	return ce.next_closer->opt_out ? PROOF_OPT_OUT : PROOF_FULL;
}

/* RFC 6840 sections 4.1, 4.4: of a delegation DS alone may be denied, by the parent alone. */
static bool denies_type(const struct nsec3 *n, const struct name *name, uint16_t type)
{
	if (!typeset_denies(&n->types, type))
		return false;
	if (type == TYPE_DS)
		return !typeset_has(&n->types, TYPE_SOA) || name_is_root(name);
	return !typeset_is_delegation(&n->types);
}

/* No record at the name: the wildcard's (section 8.7), or an opt-out span (section 8.6). */
static enum proof nodata_without_match(const struct nsec3_set *s, const struct name *name,
				       uint16_t type)
{
	struct encloser ce;
	struct sight wildcard;
	enum proof p = closest_encloser(s, name, &ce);
	if (p != PROOF_FULL)
		return p;
	/*
	 * Section 8.6 speaks of DS; an empty non-terminal that only leads to unsigned delegations
	 * has no record either (RFC 5155 section 7.1), so the span serves any type.  The result is
	 * insecure.
	 */
	if (ce.next_closer->opt_out)
		return PROOF_OPT_OUT;
	p = look_at_wildcard(s, &ce, &wildcard);
	if (p != PROOF_FULL)
		return p;
	return wildcard.match != NULL && denies_type(wildcard.match, name, type) ? PROOF_FULL
										 : PROOF_NONE;
}

enum proof nsec3_proves_nodata(const struct nsec3_set *s, const struct name *name, uint16_t type)
{
	struct sight sight;
	enum proof p = look(s, name, &sight);
	if (p != PROOF_FULL)
		return p;
	if (sight.match != NULL)
		return denies_type(sight.match, name, type) ? PROOF_FULL : PROOF_NONE;
	return nodata_without_match(s, name, type);
}

enum proof nsec3_proves_expansion(const struct nsec3_set *s, const struct name *name,
				  unsigned encloser_labels)
{
	struct name next_closer = name_suffix(name, encloser_labels + 1);
	struct sight sight;
	enum proof p = look(s, &next_closer, &sight);
	if (p != PROOF_FULL)
		return p;
	if (sight.cover == NULL)
		return PROOF_NONE;
	return sight.cover->opt_out ? PROOF_OPT_OUT : PROOF_FULL;
}

enum proof nsec3_proves_insecure_cut(const struct nsec3_set *s, const struct name *cut)
{
	struct sight sight;
	struct encloser ce;
	enum proof p = look(s, cut, &sight);
	if (p != PROOF_FULL)
		return p;
	if (sight.match != NULL)
		return typeset_is_delegation(&sight.match->types) &&
			       typeset_denies(&sight.match->types, TYPE_DS)
			   ? PROOF_FULL
			   : PROOF_NONE;
	p = closest_encloser(s, cut, &ce);
	if (p != PROOF_FULL)
		return p;
	return ce.next_closer->opt_out ? PROOF_OPT_OUT : PROOF_NONE;
}
