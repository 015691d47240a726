#include "cache/incoming.h"

#include "cache/hashed.h"
#include "resolver/base/limits.h"

enum {
	FUTURE_S = 2,            /* stored later than now by more: refused */
	FAILURE_AGE_MAX_S = 300, /* RFC 9520 section 3.2 */
};

static bool fits_kind(const struct incoming *in)
{
	switch (in->parts.kind) {
	case KEY_META:     return false;
	case KEY_DATA:     return in->entry.what == ENTRY_ANSWER || in->entry.what == ENTRY_NODATA ||
		                  (in->entry.what == ENTRY_CNAME && in->parts.type == TYPE_CNAME);
	case KEY_NXDOMAIN: return in->entry.what == ENTRY_NXDOMAIN;
	case KEY_DNAME:    return in->entry.what == ENTRY_DNAME;
	case KEY_FAILURE:  return in->entry.what == ENTRY_FAILURE;
	case KEY_CUT:      return in->entry.what == ENTRY_CUT;
	case KEY_NSEC:
	case KEY_NSEC3:    return in->entry.what == ENTRY_DENIAL;
	}
	return false;
}

static bool fits_limits(const struct entry *e, uint32_t most, uint32_t now_s)
{
	if (e->what == ENTRY_FAILURE)
		most = FAILURE_AGE_MAX_S;
	return e->lifetime_s > 0 && e->lifetime_s <= most && e->stored_s <= now_s + FUTURE_S &&
	       (e->what == ENTRY_FAILURE || e->security != SECURITY_BOGUS);
}

/* Unpacks it as a worker would. */
static bool unpacks(const struct incoming *in, struct arena *a)
{
	struct outcome o;
	struct cut cut;
	struct rrset set;
	struct name owner;
	const struct key_parts *p = &in->parts;
	arena_reset(a);
	switch (in->entry.what) {
	case ENTRY_CUT:
		return entry_cut(&in->entry, &p->name, 1, a, &cut) == ERR_OK;
	case ENTRY_DENIAL:
		owner = p->owner;
		if (p->kind == KEY_NSEC3 &&
		    hashed_owner(p->hash, p->hash_len, &p->name, &owner) != ERR_OK)
			return false;
		return entry_denial(&in->entry, &owner, p->kind == KEY_NSEC3 ? TYPE_NSEC3 : TYPE_NSEC,
		                    1, a, &set) == ERR_OK;
	case ENTRY_ANSWER:
	case ENTRY_CNAME:
	case ENTRY_DNAME:
	case ENTRY_NODATA:
	case ENTRY_NXDOMAIN:
	case ENTRY_FAILURE:
		return entry_outcome(&in->entry, &p->name, p->type, 1, a, &o) == ERR_OK;
	}
	return false;
}

bool incoming_read(struct incoming *in, const struct turn_record *t, const struct siphash_key *mac,
                   uint32_t most_s, uint32_t now_s, struct arena *scratch)
{
	in->key = (struct octets){ t->key, t->key_len };
	in->value = (struct octets){ t->value, t->value_len };
	return key_parse(t->key, t->key_len, &in->parts) == ERR_OK &&
	       t->value_len <= LIMIT_ENTRY_BYTES &&
	       entry_read(t->value, t->value_len, &in->entry) == ERR_OK &&
	       entry_intact(mac, t->key, t->key_len, t->value, t->value_len) &&
	       fits_kind(in) && fits_limits(&in->entry, most_s, now_s) && unpacks(in, scratch);
}
