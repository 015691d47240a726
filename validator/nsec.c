#include "validator/nsec.h"

#include "resolver/wire/reader.h"

enum err nsec_parse(const struct rrset *set, const struct name *zone, struct nsec *out)
{
	if (set->type != TYPE_NSEC || set->count != 1 || !name_is_within(&set->owner, zone))
		return ERR_FORMAT;
	struct reader in = reader_of(set->rdata[0].octets, set->rdata[0].len);
	struct nsec n = { .owner = set->owner, .zone = *zone };
	n.next = read_plain_name(&in);
	n.types.len = reader_left(&in);
	n.types.octets = read_octets(&in, n.types.len);
	if (in.err != ERR_OK)
		return in.err;
	if (!name_is_within(&n.next, zone) || !bitmap_is_valid(n.types.octets, n.types.len))
		return ERR_FORMAT;
	*out = n;
	return ERR_OK;
}

/* RFC 6840 section 4.1: such a record knows nothing of the names below its owner. */
static bool blind_below(const struct nsec *n)
{
	return typeset_is_delegation(&n->types) || typeset_has(&n->types, TYPE_DNAME);
}

bool nsec_covers(const struct nsec *n, const struct name *name)
{
	if (!name_is_within(name, &n->zone) || name_compare(&n->owner, name) >= 0)
		return false;
	if (blind_below(n) && name_is_below(name, &n->owner))
		return false;
	/* The last record of a zone points back to the apex. */
	return name_equal(&n->next, &n->zone) || name_compare(name, &n->next) < 0;
}

/* Neither the name nor anything below it exists: it is no empty non-terminal. */
static bool denies_tree(const struct nsec *n, const struct name *name)
{
	return nsec_covers(n, name) && !name_is_within(&n->next, name);
}

static const struct nsec *find_match(const struct nsec_set *s, const struct name *name)
{
	for (unsigned i = 0; i < s->count; i++)
		if (name_equal(&s->records[i].owner, name))
			return &s->records[i];
	return NULL;
}

static const struct nsec *find_denier(const struct nsec_set *s, const struct name *name)
{
	for (unsigned i = 0; i < s->count; i++)
		if (denies_tree(&s->records[i], name))
			return &s->records[i];
	return NULL;
}

/* RFC 4592 section 3.3.1: the longest ancestor of name with owner or next below it. */
static struct name closest_encloser(const struct nsec *n, const struct name *name)
{
	unsigned left = name_common_labels(name, &n->owner);
	unsigned right = name_common_labels(name, &n->next);
	return name_suffix(name, left > right ? left : right);
}

static bool wildcard_of(const struct nsec *denier, const struct name *name, struct name *out)
{
	struct name encloser = closest_encloser(denier, name);
	return name_wildcard(&encloser, out) == ERR_OK;
}

bool nsec_proves_nxdomain(const struct nsec_set *s, const struct name *name)
{
	const struct nsec *match = find_match(s, name);
	if (match != NULL)
		return typeset_has(&match->types, TYPE_NXNAME);
	const struct nsec *denier = find_denier(s, name);
	struct name wildcard;
	if (denier == NULL)
		return false;
	/* A wildcard too long to exist need not be denied. */
	return !wildcard_of(denier, name, &wildcard) || find_denier(s, &wildcard) != NULL;
}

/* RFC 6840 sections 4.1, 4.4: of a delegation DS alone may be denied, by the parent alone. */
static bool speaks_of(const struct nsec *n, uint16_t type)
{
	if (type == TYPE_DS)
		return !typeset_has(&n->types, TYPE_SOA) || name_is_root(&n->owner);
	return !typeset_is_delegation(&n->types);
}

static bool denies_type(const struct nsec *n, uint16_t type)
{
	return speaks_of(n, type) && typeset_denies(&n->types, type);
}

static bool is_empty_non_terminal(const struct nsec_set *s, const struct name *name)
{
	for (unsigned i = 0; i < s->count; i++)
		if (nsec_covers(&s->records[i], name) && name_is_below(&s->records[i].next, name))
			return true;
	return false;
}

bool nsec_proves_nodata(const struct nsec_set *s, const struct name *name, uint16_t type)
{
	const struct nsec *match = find_match(s, name);
	if (match != NULL)
		return denies_type(match, type);
	if (is_empty_non_terminal(s, name))
		return true;
	const struct nsec *denier = find_denier(s, name);
	struct name wildcard;
	if (denier == NULL || !wildcard_of(denier, name, &wildcard))
		return false;
	match = find_match(s, &wildcard);
	if (match == NULL) /* RFC 4592 section 2.2.2: without records, but it is there to be expanded */
		return is_empty_non_terminal(s, &wildcard);
	return denies_type(match, type);
}

bool nsec_proves_expansion(const struct nsec_set *s, const struct name *name,
			   unsigned encloser_labels)
{
	struct name next_closer = name_suffix(name, encloser_labels + 1);
	return find_denier(s, &next_closer) != NULL;
}

bool nsec_proves_insecure_cut(const struct nsec_set *s, const struct name *cut)
{
	const struct nsec *match = find_match(s, cut);
	return match != NULL && typeset_is_delegation(&match->types) &&
	       typeset_denies(&match->types, TYPE_DS);
}
