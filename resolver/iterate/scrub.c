#include "resolver/iterate/scrub.h"

/* An empty section has no array, and NULL + 0 is no pointer. */
static struct rrset *sets_end(const struct message *m, enum section section)
{
	unsigned count = m->section[section].count;
	return count > 0 ? m->section[section].sets + count : m->section[section].sets;
}

struct rrset *scrub_find(const struct message *m, enum section section, const struct name *owner,
                         uint16_t type)
{
	for (struct rrset *s = m->section[section].sets; s < sets_end(m, section); s++)
		if (s->class == CLASS_IN && (s->type == type || type == TYPE_ANY) &&
		    name_equal(&s->owner, owner))
			return s;
	return NULL;
}

struct rrset *scrub_find_dname(const struct message *m, const struct name *name,
                               const struct name *zone)
{
	for (struct rrset *s = m->section[SECTION_ANSWER].sets; s < sets_end(m, SECTION_ANSWER);
	     s++)
		if (s->class == CLASS_IN && s->type == TYPE_DNAME && s->count == 1 &&
		    name_is_below(name, &s->owner) && name_is_within(&s->owner, zone))
			return s;
	return NULL;
}

struct rrset *scrub_find_soa(const struct message *m, const struct question *q,
                             const struct name *zone)
{
	for (struct rrset *s = m->section[SECTION_AUTHORITY].sets;
	     s < sets_end(m, SECTION_AUTHORITY); s++) {
		if (s->class != CLASS_IN || s->type != TYPE_SOA || s->count != 1)
			continue;
		if (!name_is_within(&q->name, &s->owner) || !name_is_within(&s->owner, zone))
			continue;
		/* RFC 4035 section 3.1.4.1: the child's apex cannot deny a DS. */
		if (q->type == TYPE_DS && !name_is_root(&q->name) &&
		    name_equal(&s->owner, &q->name))
			continue;
		return s;
	}
	return NULL;
}

/* A referral goes strictly down, towards the name: anything else is lame. */
static struct rrset *find_referral(const struct message *m, const struct scrub *s)
{
	for (struct rrset *ns = m->section[SECTION_AUTHORITY].sets;
	     ns < sets_end(m, SECTION_AUTHORITY); ns++)
		if (ns->class == CLASS_IN && ns->type == TYPE_NS &&
		    name_is_below(&ns->owner, s->zone) &&
		    name_is_within(&s->asked->name, &ns->owner))
			return ns;
	return NULL;
}

static bool find_data(const struct message *m, const struct scrub *s, struct reply *r)
{
	const struct question *q = s->asked;
	/* RFC 6672 section 2.4: nothing lies below a DNAME, the CNAME was made from it. */
	r->set = scrub_find_dname(m, &q->name, s->zone);
	if (r->set != NULL) {
		r->kind = REPLY_DNAME;
		return true;
	}
	r->set = scrub_find(m, SECTION_ANSWER, &q->name, q->type);
	if (r->set != NULL) {
		r->kind = REPLY_ANSWER;
		return true;
	}
	r->set = scrub_find(m, SECTION_ANSWER, &q->name, TYPE_CNAME);
	r->kind = REPLY_CNAME;
	return r->set != NULL && r->set->count == 1;
}

/* It may be old, or from anybody: the servers of the zone are asked before it is believed. */
static bool is_of_cache(const struct message *m, const struct scrub *s)
{
	return (m->flags & (FLAG_AA | FLAG_RA)) == FLAG_RA && !s->forwarded && !s->caches_count;
}

/* NOERROR or NXDOMAIN without the data asked for. */
static enum reply_kind classify_empty(const struct message *m, const struct scrub *s,
                                      struct reply *r)
{
	bool said_so = r->authoritative || s->forwarded;
	bool denied = r->soa != NULL && (said_so || !is_of_cache(m, s));
	r->of_cache = r->soa != NULL && is_of_cache(m, s);
	if (m->rcode == RCODE_NXDOMAIN) {
		r->of_cache = true; /* with neither AA nor SOA it is little to go by, but says one thing only */
		return said_so || denied || s->caches_count ? REPLY_NXDOMAIN : REPLY_LAME;
	}
	struct rrset *ns = s->forwarded ? NULL : find_referral(m, s);
	if (ns != NULL && !(r->authoritative && denied)) {
		r->set = ns;
		return REPLY_REFERRAL;
	}
	if (!denied && m->section[SECTION_ANSWER].count > 0)
		return REPLY_ERROR; /* it answers something else, and denies nothing: threats B4 */
	return said_so || denied ? REPLY_NODATA : REPLY_LAME;
}

/*
 * deviates: answers without AA are taken when the server does not offer recursion either: it is
 * the zone's server that forgot a bit, not a cache.  They rank lower (harvest.h).
 */
static struct reply classify_data(const struct message *m, const struct scrub *s)
{
	struct reply r = { .authoritative = (m->flags & FLAG_AA) != 0 };
	r.soa = scrub_find_soa(m, s->asked, s->zone);
	if (find_data(m, s, &r)) {
		r.of_cache = is_of_cache(m, s);
		if (r.of_cache)
			r.kind = REPLY_LAME;
		if (r.kind == REPLY_ANSWER && m->rcode == RCODE_NXDOMAIN)
			r.kind = REPLY_ERROR; /* there and not there */
		return r;
	}
	r.set = NULL;
	r.kind = classify_empty(m, s, &r);
	return r;
}

struct reply scrub_reply(const struct message *m, const struct scrub *s)
{
	struct reply r;
	switch (m->rcode) {
	case RCODE_NOERROR:
	case RCODE_NXDOMAIN:
		return classify_data(m, s);
	case RCODE_YXDOMAIN: /* RFC 6672 section 2.2: only a DNAME makes a name too long */
		r = classify_data(m, s);
		return r.kind == REPLY_DNAME ? r : (struct reply){ .kind = REPLY_ERROR };
	case RCODE_FORMERR:
	case RCODE_NOTIMP:
		return (struct reply){ .kind = REPLY_NO_EDNS };
	case RCODE_REFUSED:
		return (struct reply){ .kind = REPLY_REFUSED };
	case RCODE_BADVERS:
		return (struct reply){ .kind = REPLY_BADVERS };
	case RCODE_BADCOOKIE:
		return (struct reply){ .kind = REPLY_BADCOOKIE };
	default:
		return (struct reply){ .kind = REPLY_ERROR };
	}
}

const char *reply_kind_text(enum reply_kind k)
{
	switch (k) {
	case REPLY_ANSWER:
		return "the answer";
	case REPLY_CNAME:
		return "an alias";
	case REPLY_DNAME:
		return "an alias of the subtree";
	case REPLY_NODATA:
		return "no such type at the name";
	case REPLY_NXDOMAIN:
		return "no such name";
	case REPLY_REFERRAL:
		return "a referral";
	case REPLY_LAME:
		return "lame: it does not serve the zone";
	case REPLY_NO_EDNS:
		return "it does not know EDNS";
	case REPLY_BADVERS:
		return "another version of EDNS";
	case REPLY_BADCOOKIE:
		return "it wants another cookie";
	case REPLY_REFUSED:
		return "refused";
	case REPLY_ERROR:
		return "an error";
	}
	return "?";
}
