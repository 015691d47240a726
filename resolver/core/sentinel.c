#include "resolver/core/sentinel.h"

#include "validator/sentinel.h"

bool sentinel_fails(const struct tasks *ts, const struct query *query, const struct chain *c)
{
	const struct tasks_policy *p = ts->setup.policy;
	struct name root = name_root();
	if (!sentinel_is_question(&query->question) || !p->sentinel || !p->validate ||
	    ts->setup.anchors == NULL || c->state != CHAIN_COMPLETE)
		return false;
	struct key_tags tags = key_tags_of(ts->setup.anchors, &root);
	enum security security = chain_is_secure(c) ? SECURITY_SECURE : SECURITY_INSECURE;
	return sentinel_judge(&query->question, security, (query->flags & FLAG_CD) != 0, &tags) ==
	       SENTINEL_SERVFAIL;
}
