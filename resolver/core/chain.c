#include "resolver/core/chain.h"

#include <assert.h>

const struct name *chain_link_name(const struct chain *c, const struct question *q, unsigned i)
{
	return i == 0 ? &q->name : &c->links[i - 1].outcome->target;
}

const struct name *chain_name(const struct chain *c, const struct question *q)
{
	unsigned next = c->state == CHAIN_COMPLETE && c->count > 0 ? c->count - 1 : c->count;
	return chain_link_name(c, q, next);
}

void chain_fail(struct chain *c, uint16_t rcode, struct reason reason)
{
	c->state = CHAIN_FAILED;
	c->rcode = rcode;
	c->reason = reason;
}

static void complete(struct chain *c, uint16_t rcode)
{
	c->state = CHAIN_COMPLETE;
	c->rcode = rcode;
}

static bool comes_back(const struct chain *c, const struct question *q)
{
	const struct name *target = &c->links[c->count - 1].outcome->target;
	for (unsigned i = 0; i < c->count; i++) {
		if (name_equal(target, chain_link_name(c, q, i)))
			return true;
	}
	return false;
}

static void follow(struct chain *c, const struct question *q)
{
	if (c->links[c->count - 1].outcome->too_long)
		complete(c, RCODE_YXDOMAIN); /* RFC 6672 section 2.2 */
	else if (q->type == TYPE_CNAME)
		complete(c, RCODE_NOERROR); /* what a DNAME means is the answer: RFC 1034 section 3.6.2 */
	else if (comes_back(c, q))
		chain_fail(c, RCODE_SERVFAIL,
		           (struct reason){ EDE_OTHER, "ALUP an alias leads back to itself" });
	else if (c->count > LIMIT_ALIASES)
		chain_fail(c, RCODE_SERVFAIL,
		           (struct reason){ EDE_OTHER, "ALNG too many aliases in a row" });
}

void chain_add(struct chain *c, const struct question *q, const struct chain_link *link)
{
	assert(c->state == CHAIN_OPEN && c->count <= LIMIT_ALIASES);
	if (link->outcome->kind == OUTCOME_FAILURE) {
		chain_fail(c, RCODE_SERVFAIL, link->outcome->reason);
		return;
	}
	c->links[c->count++] = *link;
	switch (link->outcome->kind) {
	case OUTCOME_ANSWER:
	case OUTCOME_NODATA:
		complete(c, RCODE_NOERROR);
		break;
	case OUTCOME_NXDOMAIN:
		complete(c, RCODE_NXDOMAIN);
		break;
	case OUTCOME_CNAME:
	case OUTCOME_DNAME:
		follow(c, q);
		break;
	case OUTCOME_FAILURE:
		break; /* above */
	}
}

bool chain_is_secure(const struct chain *c)
{
	for (unsigned i = 0; i < c->count; i++) {
		const struct chain_link *l = &c->links[i];
		if (l->stale || l->local || l->outcome->security != SECURITY_SECURE)
			return false;
	}
	return c->count > 0;
}

bool chain_is_stale(const struct chain *c)
{
	for (unsigned i = 0; i < c->count; i++) {
		if (c->links[i].stale)
			return true;
	}
	return false;
}

bool chain_ede_is_of_dnssec(uint16_t ede)
{
	switch (ede) {
	case EDE_UNSUPPORTED_ALGORITHM:
	case EDE_UNSUPPORTED_DIGEST:
	case EDE_INDETERMINATE:
	case EDE_BOGUS:
	case EDE_SIGNATURE_EXPIRED:
	case EDE_SIGNATURE_NOT_YET_VALID:
	case EDE_DNSKEY_MISSING:
	case EDE_RRSIGS_MISSING:
	case EDE_NO_ZONE_KEY_BIT:
	case EDE_NSEC_MISSING:
	case EDE_SIGNATURE_EXPIRED_BEFORE_VALID:
	case EDE_UNSUPPORTED_NSEC3_ITERATIONS:
		return true;
	default:
		return false;
	}
}
