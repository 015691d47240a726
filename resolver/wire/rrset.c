#include "resolver/wire/rrset.h"

#include "resolver/wire/reader.h"

#include <string.h>

const char *rank_text(uint8_t rank)
{
	switch ((enum rank)rank) {
	case RANK_NONE:
		return "none";
	case RANK_ADDITIONAL:
		return "additional";
	case RANK_GLUE:
		return "glue";
	case RANK_REFERRAL:
		return "referral";
	case RANK_AUTHORITY:
		return "authority";
	case RANK_FORWARDED:
		return "forwarded";
	case RANK_ANSWER:
		return "answer";
	case RANK_SECURE:
		return "secure";
	case RANK_LOCAL:
		return "local";
	}
	return "?";
}

const char *security_text(enum security security)
{
	switch (security) {
	case SECURITY_UNCHECKED:
		return "unchecked";
	case SECURITY_INDETERMINATE:
		return "indeterminate";
	case SECURITY_INSECURE:
		return "insecure";
	case SECURITY_SECURE:
		return "secure";
	case SECURITY_BOGUS:
		return "bogus";
	}
	return "?";
}

static size_t octets_of(const struct rdata *r, unsigned count)
{
	size_t sum = 0;
	for (unsigned i = 0; i < count; i++)
		sum += r[i].len;
	return sum;
}

/* Copies count records to `to`, their octets to *at, which moves behind them. */
static void copy_records(struct rdata *to, const struct rdata *from, unsigned count, uint8_t **at)
{
	for (unsigned i = 0; i < count; i++) {
		to[i].len = from[i].len;
		to[i].octets = *at;
		if (from[i].len > 0)
			memcpy(*at, from[i].octets, from[i].len);
		*at += from[i].len;
	}
}

/* One piece of memory: the set, its records, its signatures, then all octets. */
struct rrset *rrset_copy(struct arena *a, const struct rrset *s)
{
	size_t records = (size_t)s->count + s->sig_count;
	size_t octets = octets_of(s->rdata, s->count) + octets_of(s->sigs, s->sig_count);
	struct rrset *copy = arena_alloc(a, sizeof(*s) + records * sizeof(*s->rdata) + octets);
	if (copy == NULL)
		return NULL;
	*copy = *s;
	copy->rdata = (struct rdata *)(copy + 1);
	copy->sigs = copy->rdata + s->count;
	uint8_t *at = (uint8_t *)(copy->sigs + s->sig_count);
	copy_records(copy->rdata, s->rdata, s->count, &at);
	copy_records(copy->sigs, s->sigs, s->sig_count, &at);
	return copy;
}

static bool same_rdata(const struct rdata *a, const struct rdata *b)
{
	return a->len == b->len && (a->len == 0 || memcmp(a->octets, b->octets, a->len) == 0);
}

static bool has_rdata(const struct rrset *s, const struct rdata *r, unsigned likely)
{
	if (same_rdata(&s->rdata[likely], r))
		return true;
	for (unsigned i = 0; i < s->count; i++) {
		if (same_rdata(&s->rdata[i], r))
			return true;
	}
	return false;
}

bool rrset_same_data(const struct rrset *a, const struct rrset *b)
{
	if (a->type != b->type || a->class != b->class || a->count != b->count ||
	    !name_equal(&a->owner, &b->owner))
		return false;
	for (unsigned i = 0; i < a->count; i++) {
		/* No duplicates inside a set: as many records, each of them found, is equal. */
		if (!has_rdata(b, &a->rdata[i], i))
			return false;
	}
	return true;
}

/* Octets before the name. */
static bool target_offset(uint16_t type, size_t *offset)
{
	switch (type) {
	case TYPE_NS:
	case TYPE_CNAME:
	case TYPE_DNAME:
	case TYPE_PTR:
		*offset = 0;
		return true;
	case TYPE_MX:
		*offset = 2;
		return true;
	case TYPE_SRV:
		*offset = 6;
		return true;
	default:
		return false;
	}
}

enum err rdata_target(uint16_t type, const struct rdata *r, struct name *out)
{
	size_t offset;
	if (!target_offset(type, &offset))
		return ERR_UNSUPPORTED;
	struct reader rd = reader_of(r->octets, r->len);
	(void)read_octets(&rd, offset);
	struct name target = read_plain_name(&rd);
	enum err e = reader_finish(&rd);
	if (e == ERR_OK)
		name_copy(out, &target);
	return e;
}

enum err rdata_soa(const struct rdata *r, struct soa *out)
{
	struct soa s;
	struct reader rd = reader_of(r->octets, r->len);
	s.mname = read_plain_name(&rd);
	s.rname = read_plain_name(&rd);
	s.serial = read_u32(&rd);
	s.refresh = read_u32(&rd);
	s.retry = read_u32(&rd);
	s.expire = read_u32(&rd);
	s.minimum = read_u32(&rd);
	enum err e = reader_finish(&rd);
	if (e == ERR_OK)
		*out = s;
	return e;
}

enum err rdata_rrsig(const struct rdata *r, struct rrsig *out)
{
	struct rrsig s;
	struct reader rd = reader_of(r->octets, r->len);
	s.covered = read_u16(&rd);
	s.algorithm = read_u8(&rd);
	s.labels = read_u8(&rd);
	s.original_ttl = read_u32(&rd);
	s.expiration = read_u32(&rd);
	s.inception = read_u32(&rd);
	s.tag = read_u16(&rd);
	s.signer = read_plain_name(&rd);
	s.signature_len = reader_left(&rd);
	s.signature = read_octets(&rd, s.signature_len);
	enum err e = reader_finish(&rd);
	if (e == ERR_OK)
		*out = s;
	return e;
}
