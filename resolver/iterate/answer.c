#include "resolver/iterate/answer.h"

#include "resolver/iterate/harvest.h"
#include "resolver/iterate/scrub.h"
#include <string.h>

void answer_without_tcp(struct target *t)
{
	t->no_tcp = true;
	if (t->suspicious && t->sent[TRANSPORT_UDP] < LIMIT_TRIES)
		t->again = AGAIN_UDP;
	else
		t->spent = true;
	t->suspicious = false;
}

/* Asks the same server over TCP.  suspicious: over UDP somebody else may be answering. */
static void go_tcp(struct target *t, bool suspicious)
{
	t->suspicious = suspicious;
	if (t->no_tcp || t->sent[TRANSPORT_TCP] >= LIMIT_TRIES)
		answer_without_tcp(t);
	else
		t->again = AGAIN_TCP;
}

static void go_on(struct iterate *it)
{
	if (it->state != ENDED)
		it->state = AT_CUT;
}

/*
 * Nobody but the server writes on a connection to it: what makes no sense there makes none for the
 * next name either, so it is asked no more on this walk, and last on others.
 */
static void on_nonsense(struct iterate *it, struct now now, const struct exchange *x)
{
	it->blame |= BLAME_GARBLED;
	it->targets[x->target].lame = true;
	servers_on_lame(it->env->servers, now, &x->to, it->zone);
}

/*
 * Threats A4, A13: the first odd packet closes the port it came to, and the server is asked over
 * TCP, where nobody can guess.  When that is not possible waiting goes on.
 */
static void on_near_miss(struct iterate *it, struct now now, struct exchange *x, bool case_only)
{
	struct target *t = &it->targets[x->target];
	t->no_case |= case_only;
	t->odd |= !case_only;
	if (x->transport == TRANSPORT_TCP) {
		on_nonsense(it, now, x);
	} else if (!t->no_tcp || case_only) {
		go_tcp(t, true);
	} else {
		return;
	}
	walk_close_exchange(it, x);
	go_on(it);
}

static void keep_cookie(struct iterate *it, struct now now, const struct exchange *x,
                        const struct match_cookie *c)
{
	struct servers *s = it->env->servers;
	if (c->len > 0)
		servers_on_cookie(s, now, &x->to, c->server, c->len);
	else if (x->wants_cookie) /* over TCP: it has stopped sending cookies */
		servers_on_cookie(s, now, &x->to, NULL, 0);
}

static void note_reply(struct iterate *it, struct now now, const struct exchange *x,
                       const struct match_cookie *c)
{
	struct servers *s = it->env->servers;
	if (x->transport == TRANSPORT_UDP)
		servers_on_reply(s, now, &x->to, x->sent_ms);
	else
		servers_on_tcp(s, now, &x->to, true);
	if (it->targets[x->target].no_case && !x->cased)
		servers_on_lost_case(s, now, &x->to); /* the second try went well */
	if (x->to.family == it->slow_family)
		it->slow_family = FAMILY_NONE;
	keep_cookie(it, now, x, c);
}

/* Only what worked proves that the server cannot do EDNS. */
static void note_capabilities(struct iterate *it, struct now now, const struct exchange *x,
                              const struct message *m, enum reply_kind kind)
{
	if (m->edns.present)
		servers_on_edns(it->env->servers, now, &x->to);
	else if (it->targets[x->target].edns == EDNS_OFF && kind <= REPLY_REFERRAL)
		servers_on_plain(it->env->servers, now, &x->to);
}

/* Whether it was for the case of the name that it failed before, or failed now for another reason. */
static void note_case(struct iterate *it, struct now now, const struct exchange *x,
                      enum reply_kind kind)
{
	struct servers *s = it->env->servers;
	bool good = kind <= REPLY_REFERRAL;
	if (good && !x->cased && it->targets[x->target].lower)
		servers_on_hated_case(s, now, &x->to);
	else if (good == x->cased)
		servers_on_kept_case(s, now, &x->to);
}

/*
 * The reply with the name as it was asked before its case was changed: names compressed
 * against it would else carry our coin tosses into the cache.  NULL: no memory.
 */
static const uint8_t *restore_case(struct iterate *it, const struct exchange *x,
                                   const uint8_t *octets, size_t len)
{
	const struct name *full = &it->question.name, *sent = &x->asked.name;
	if (len < (size_t)HEADER_OCTETS + sent->len ||
	    memcmp(sent->wire, full->wire + full->len - sent->len, sent->len) == 0)
		return octets;
	uint8_t *copy = arena_copy(it->arena, octets, len);
	if (copy != NULL && memcmp(copy + HEADER_OCTETS, sent->wire, sent->len) == 0)
		memcpy(copy + HEADER_OCTETS, full->wire + full->len - sent->len, sent->len);
	return copy;
}

static bool is_partial(const struct iterate *it, const struct exchange *x)
{
	return x->asked.name.len != it->question.name.len;
}

/* Relaxed minimisation trusts no error and no denial about a name that nobody asked for. */
static bool retreat(struct iterate *it, const struct exchange *x)
{
	if (!is_partial(it, x) || it->minimise == MINIMISE_STRICT)
		return false;
	if (walk_is_shortened(it))
		walk_full_name(it, true);
	return true;
}

/* The labels asked so far exist, so ask for more; unless that is already done. */
static void on_partial_success(struct iterate *it)
{
	if (walk_is_shortened(it))
		walk_longer_name(it);
}

static bool has_signed_proof(const struct iterate *it, const struct message *m)
{
	for (unsigned i = 0; i < m->section[SECTION_AUTHORITY].count; i++) {
		const struct rrset *s = &m->section[SECTION_AUTHORITY].sets[i];
		if ((s->type == TYPE_NSEC || s->type == TYPE_NSEC3) && s->sig_count > 0 &&
		    name_is_within(&s->owner, &it->cut->zone))
			return true;
	}
	return false;
}

/*
 * Servers that deny empty non-terminals are why relaxed minimisation asks again (RFC 9156
 * section 2.3); one that signs its denials is not of that kind (RFC 8020 section 2).
 */
static void on_nxdomain(struct iterate *it, const struct exchange *x, const struct message *m,
                        const struct reply *r)
{
	bool shortened = walk_is_shortened(it);
	if (has_signed_proof(it, m) || !retreat(it, x))
		harvest_outcome(it, m, r);
	else if (shortened) /* the whole name goes to who has answered, not to those that just failed */
		it->targets[x->target].again = AGAIN_UDP;
}

static bool was_protected(const struct exchange *x, bool cookie_came)
{
	return x->transport == TRANSPORT_TCP || cookie_came;
}

/*
 * Threats B4: a DNAME moves everything below it, so an unsigned one is believed when no stranger
 * can have sent it; where TCP does not work, for this question only.
 */
static void on_dname(struct iterate *it, const struct exchange *x, const struct message *m,
                     const struct reply *r, bool cookie_came)
{
	bool believable = r->set->sig_count > 0 || was_protected(x, cookie_came);
	if (!believable && !it->dname_checked) {
		it->dname_checked = true;
		go_tcp(&it->targets[x->target], true);
		return;
	}
	if (!believable)
		r->set->ttl = 0;
	harvest_outcome(it, m, r);
}

static void on_referral(struct iterate *it, const struct message *m, const struct rrset *ns)
{
	if (it->question.type == TYPE_DS && name_equal(&ns->owner, &it->question.name)) {
		/* RFC 4035 section 3.1.4.1: the DS lives on this side. */
		harvest_ds_outcome(it, m, ns);
		return;
	}
	if (!spend(&it->budget->referrals)) {
		walk_fail(it, EDE_OTHER, "IREF more referrals than one question may follow");
		return;
	}
	const struct cut *c = harvest_referral(it, m, ns);
	if (c == NULL)
		return;
	trace_cut(it->trace, c, "from the referral");
	walk_enter(it, c);
	if (it->failed != NULL && !cut_adds(c, it->failed))
		walk_fail(it, EDE_NO_REACHABLE_AUTHORITY, "IOLD the parent names no other servers");
}

static void on_lame(struct iterate *it, struct now now, const struct exchange *x, bool of_cache)
{
	it->targets[x->target].cache |= of_cache;
	if (retreat(it, x))
		return;
	it->blame |= BLAME_LAME;
	it->targets[x->target].lame = true;
	servers_on_lame(it->env->servers, now, &x->to, it->zone);
}

/*
 * Some servers fail over capitals, so one that is not known not to may be asked again without; others come first.
 */
static bool in_lower_case(struct iterate *it, struct now now, const struct exchange *x)
{
	struct target *t = &it->targets[x->target];
	if (!x->cased || servers_find(it->env->servers, now, &x->to, it->zone).keeps_case)
		return false;
	t->lower = true;
	t->edns = EDNS_FULL;
	return true;
}

static void on_error_reply(struct iterate *it, struct now now, const struct exchange *x)
{
	if (retreat(it, x) || in_lower_case(it, now, x))
		return;
	it->blame |= BLAME_ERROR;
	it->targets[x->target].spent = true;
}

/* REFUSED is how many servers say that they do not serve the zone: RFC 9499 section 7. */
static void on_refused(struct iterate *it, struct now now, const struct exchange *x)
{
	if (!is_partial(it, x))
		servers_on_lame(it->env->servers, now, &x->to, it->zone);
	on_error_reply(it, now, x);
}

/*
 * RFC 6891 section 7: once without options if it knows EDNS, then without EDNS.  But no signature comes
 * without it: when they are wanted, other servers are asked first (threats A11).
 */
static void on_no_edns(struct iterate *it, struct now now, const struct exchange *x,
                       bool knows_edns)
{
	struct target *t = &it->targets[x->target];
	if (x->edns == EDNS_OFF) {
		on_error_reply(it, now, x);
		return;
	}
	t->edns = knows_edns && x->has_cookie ? EDNS_BARE : EDNS_OFF;
	if (t->edns == EDNS_BARE || !it->env->policy->dnssec)
		t->again = AGAIN_UDP;
}

/* RFC 7873 section 5.3: with the new cookie, then over TCP, then no more. */
static void on_bad_cookie(struct iterate *it, struct now now, const struct exchange *x,
                          bool cookie_came)
{
	struct target *t = &it->targets[x->target];
	if (x->transport == TRANSPORT_TCP || !x->has_cookie)
		on_error_reply(it, now, x);
	else if (cookie_came && t->bad_cookies++ < LIMIT_BADCOOKIES)
		t->again = AGAIN_UDP;
	else
		go_tcp(t, false);
}

static void react(struct iterate *it, struct now now, const struct exchange *x,
                  const struct message *m, bool cookie_came)
{
	struct scrub s = { &it->cut->zone, &x->asked, it->cut->kind == CUT_FORWARD, it->caches_count };
	struct reply r = scrub_reply(m, &s);
	it->source = x->target;
	note_capabilities(it, now, x, m, r.kind);
	note_case(it, now, x, r.kind);
	if (it->trace != NULL)
		trace_got(it->trace, &x->asked, &x->to, x->transport == TRANSPORT_TCP,
		          (uint32_t)(now.mono_ms - x->sent_ms), m->rcode, reply_kind_text(r.kind));
	switch (r.kind) {
	case REPLY_ANSWER:
	case REPLY_CNAME:
	case REPLY_NODATA:
		if (is_partial(it, x))
			on_partial_success(it);
		else
			harvest_outcome(it, m, &r);
		break;
	case REPLY_DNAME:
		on_dname(it, x, m, &r, cookie_came);
		break;
	case REPLY_NXDOMAIN:
		on_nxdomain(it, x, m, &r);
		break;
	case REPLY_REFERRAL:
		on_referral(it, m, r.set);
		break;
	case REPLY_LAME:
		on_lame(it, now, x, r.of_cache);
		break;
	case REPLY_NO_EDNS:
		on_no_edns(it, now, x, m->edns.present);
		break;
	case REPLY_BADVERS:
		on_no_edns(it, now, x, false);
		break;
	case REPLY_BADCOOKIE:
		on_bad_cookie(it, now, x, cookie_came);
		break;
	case REPLY_REFUSED:
		on_refused(it, now, x);
		break;
	case REPLY_ERROR:
		on_error_reply(it, now, x);
		break;
	}
}

/* It is the answer, but cannot be read (threats A13) or is cut short. */
static void on_unreadable(struct iterate *it, const struct exchange *x, bool truncated)
{
	struct target *t = &it->targets[x->target];
	t->odd |= !truncated;
	if (x->transport == TRANSPORT_TCP)
		t->spent = true;
	else
		go_tcp(t, !truncated && !t->no_tcp);
}

static bool is_cut_short(const struct exchange *x, const uint8_t *octets, size_t len)
{
	return (octets[2] & (FLAG_TC >> 8)) != 0 ||
	       (x->transport == TRANSPORT_UDP && len > x->udp_size);
}

/*
 * A tail is odd enough for TCP (threats A13).  There it is what some servers do to all that they say, and no harm.
 */
enum reading { READ_WELL, READ_ODD, READ_CUT, READ_TOO_MUCH, READ_NO_MEMORY };

static enum reading read_reply(struct iterate *it, const struct exchange *x, const uint8_t *octets,
                               size_t len, struct message *out)
{
	if (!spend_many(&it->budget->octets, (uint32_t)len))
		return READ_TOO_MUCH;
	if (is_cut_short(x, octets, len)) {
		it->blame |= BLAME_CUT;
		return READ_CUT;
	}
	octets = restore_case(it, x, octets, len);
	enum err e = octets == NULL ? ERR_NOMEM : message_parse(octets, len, it->arena, out);
	if (e == ERR_OK && (out->tail == 0 || x->transport == TRANSPORT_TCP))
		return READ_WELL;
	if (e == ERR_NOMEM)
		return READ_NO_MEMORY;
	it->blame |= e == ERR_LIMIT ? BLAME_LARGE : BLAME_GARBLED;
	return READ_ODD;
}

/*
 * Without TCP nothing settles what a reply is that cannot be used, so the wait for a better one goes on (threats
 * A13).  Not for a server that cuts its answers short, unless it was odd before.
 */
static bool is_passed_over(const struct target *t, const struct exchange *x, enum reading r)
{
	return x->transport == TRANSPORT_UDP && t->no_tcp &&
	       (r == READ_ODD || (r == READ_CUT && t->odd));
}

static void judge(struct iterate *it, struct now now, const struct exchange *x, enum reading r,
                  const struct message *m, bool cookie_came)
{
	switch (r) {
	case READ_WELL:
		react(it, now, x, m, cookie_came);
		break;
	case READ_ODD:
	case READ_CUT:
		on_unreadable(it, x, r == READ_CUT);
		break;
	case READ_TOO_MUCH:
		walk_fail(it, EDE_OTHER, "IOCT replies larger than one question may cost");
		break;
	case READ_NO_MEMORY:
		walk_fail_memory(it);
		break;
	}
}

bool answer_take(struct iterate *it, struct now now, struct exchange *x, const uint8_t *octets,
                 size_t len)
{
	struct match_cookie cookie;
	struct message m;
	enum match match = exchange_match(x, octets, len, &cookie);
	if (match == MATCH_NEAR || (match == MATCH_CASE && x->transport == TRANSPORT_UDP)) {
		walk_tell(it, TRACE_ODD, x, now, match == MATCH_CASE ? "the case of the name is another"
		                                                     : "it answers something else");
		on_near_miss(it, now, x, match == MATCH_CASE);
		return false;
	}
	if (match == MATCH_CASE)
		servers_on_lost_case(it->env->servers, now, &x->to);
	enum reading r = read_reply(it, x, octets, len, &m);
	if (r == READ_ODD || r == READ_CUT)
		walk_tell(it, TRACE_ODD, x, now, r == READ_ODD ? "it cannot be read" : "it is cut short");
	if (is_passed_over(&it->targets[x->target], x, r))
		return false;
	struct exchange was = *x;
	walk_end_exchange(it, x);
	go_on(it);
	note_reply(it, now, &was, &cookie);
	judge(it, now, &was, r, &m, cookie.len > 0);
	return true;
}
