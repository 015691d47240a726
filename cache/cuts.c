#include "cache/cuts.h"

#include "cache/rules.h"
#include <string.h>

/* Same servers and addresses, octet by octet: the form of a cut does not depend on when it was packed. */
static bool same_body(const struct entry *old, const struct writer *packed)
{
	struct entry new;
	size_t len = writer_length(packed);
	return entry_read(packed->start, len, &new) == ERR_OK &&
	       reader_left(&new.body) == reader_left(&old->body) &&
	       memcmp(new.body.at, old->body.at, reader_left(&old->body)) == 0;
}

void cuts_put(struct layers *l, const struct cache_policy *policy, uint32_t now_s,
              const struct cut *cut)
{
	struct key k;
	struct place old;
	struct entry head = { .what = ENTRY_CUT, .stored_s = now_s, .bound_s = TTL_NO_BOUND,
		              .rank = RANK_REFERRAL, .lifetime_s = cut->ttl };
	if (cut->kind != CUT_DELEGATION || cut->server_count == 0 ||
	    !key_named(&k, KEY_CUT, &cut->zone))
		return;
	if (head.lifetime_s > policy->ttl_max)
		head.lifetime_s = policy->ttl_max;
	bool known = layers_newest(l, &k, &old);
	uint32_t left = known ? rules_left(&old.entry, &policy->ttl, now_s) : 0;
	if (left > 0 && left < head.lifetime_s)
		head.lifetime_s = left; /* ghost domains: threats B7 */
	struct writer w = layers_pack(l);
	if (head.lifetime_s == 0 || entry_pack_cut(&w, &head, cut) != ERR_OK)
		return;
	if (left > 0 && left <= head.lifetime_s && same_body(&old.entry, &w))
		return; /* nothing new */
	layers_keep(l, &k, &w);
}
