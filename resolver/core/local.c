#include "resolver/core/local.h"

#include "resolver/core/special.h"
#include "resolver/wire/writer.h"

#include <stdlib.h>
#include <string.h>

enum {
	SOA_TTL = 10800,    /* RFC 6303 section 3 */
	ADDRESS_TTL = 3600, /* of loopback names and ipv4only.arpa, and of the pointers to it */
};

enum act { ACT_INHERIT, ACT_PASS, ACT_DATA, ACT_NXDOMAIN, ACT_NODATA, ACT_ADDRESS, ACT_REFUSE };

/* Who says so; the later wins over the earlier. */
enum voice { VOICE_SPECIAL, VOICE_OPEN, VOICE_RULE, VOICE_RECORD };

struct node {
	const uint8_t *key; /* name_key: an ancestor's is a prefix */
	uint16_t key_len;
	uint8_t voice;      /* enum voice */
	uint8_t here, below; /* enum act */
	bool zone;          /* the top of a zone of ours: SOA and NS */
	bool own_ds;        /* its DS is not asked for from the parent */
	bool blocked;       /* by a rule: the client is told so */
	uint32_t parent;    /* index of the closest node above, plus 1; 0: none */
	const struct address *addresses;
	unsigned address_count;
	struct rrset **sets;
	unsigned set_count;
};

/*
 * After local_new: nodes are sorted by key, each key once, and nothing is ever written again.
 */
struct local {
	struct arena *arena;
	struct node *nodes;
	size_t count;
	uint32_t rule_ttl_s;
};

static const struct address loopback[] = {
	{ .family = FAMILY_IPV4, .octets = { 127, 0, 0, 1 } },
	{ .family = FAMILY_IPV6, .octets = { [15] = 1 } },
};

/* RFC 8880 section 7.1 */
static const struct address ipv4only[] = {
	{ .family = FAMILY_IPV4, .octets = { 192, 0, 0, 170 } },
	{ .family = FAMILY_IPV4, .octets = { 192, 0, 0, 171 } },
};

/* ---- building ---- */

static struct node *add(struct local *l, const struct name *name, enum voice voice)
{
	uint8_t key[NAME_KEY_MAX];
	size_t len = name_key(name, key);
	struct node *n = &l->nodes[l->count];
	n->key = arena_copy(l->arena, key, len > 0 ? len : 1);
	if (n->key == NULL)
		return NULL;
	n->key_len = (uint16_t)len;
	n->voice = (uint8_t)voice;
	l->count++;
	return n;
}

/* set is copied. */
static enum err give(struct local *l, struct node *n, const struct rrset *set)
{
	n->sets = arena_alloc(l->arena, sizeof(struct rrset *));
	struct rrset *copy = rrset_copy(l->arena, set);
	if (n->sets == NULL || copy == NULL)
		return ERR_NOMEM;
	copy->rank = RANK_LOCAL;
	copy->security = SECURITY_INSECURE;
	n->sets[0] = copy;
	n->set_count = 1;
	n->here = ACT_DATA;
	return ERR_OK;
}

/* RFC 8880 section 7.2 */
static enum err give_pointer(struct local *l, struct node *n, const struct name *name)
{
	struct name target = name_of("ipv4only.arpa.");
	struct rdata data = { .octets = target.wire, .len = target.len };
	struct rrset set = { .owner = *name, .type = TYPE_PTR, .class = CLASS_IN,
		             .ttl = ADDRESS_TTL, .count = 1, .rdata = &data };
	return give(l, n, &set);
}

static enum err add_special(struct local *l, const struct special *s)
{
	struct name name = name_of(s->name);
	struct node *n = add(l, &name, VOICE_SPECIAL);
	if (n == NULL)
		return ERR_NOMEM;
	switch (s->kind) {
	case SPECIAL_ABSENT:
		n->here = n->below = ACT_NXDOMAIN;
		break;
	case SPECIAL_ZONE:
		n->here = ACT_DATA;
		n->below = ACT_NXDOMAIN;
		n->zone = true;
		break;
	case SPECIAL_OWN_ZONE:
		/* RFC 9462 section 4: NODATA says that there is no designated resolver. */
		n->here = ACT_DATA;
		n->below = ACT_NODATA;
		n->zone = true;
		n->own_ds = true;
		break;
	case SPECIAL_IPV4ONLY:
		n->here = ACT_ADDRESS;
		n->below = ACT_NXDOMAIN;
		n->zone = true;
		n->addresses = ipv4only;
		n->address_count = sizeof(ipv4only) / sizeof(ipv4only[0]);
		break;
	case SPECIAL_IPV4ONLY_POINTER:
		n->below = ACT_NXDOMAIN;
		n->zone = true;
		return give_pointer(l, n, &name);
	case SPECIAL_LOOPBACK:
		n->here = n->below = ACT_ADDRESS;
		n->addresses = loopback;
		n->address_count = sizeof(loopback) / sizeof(loopback[0]);
		break;
	}
	return ERR_OK;
}

static enum err add_open(struct local *l, const struct name *name)
{
	struct node *n = add(l, name, VOICE_OPEN);
	if (n == NULL)
		return ERR_NOMEM;
	n->here = n->below = ACT_PASS;
	return ERR_OK;
}

static enum act act_of(enum local_action a)
{
	switch (a) {
	case LOCAL_NXDOMAIN:
		return ACT_NXDOMAIN;
	case LOCAL_NODATA:
		return ACT_NODATA;
	case LOCAL_ADDRESS:
		return ACT_ADDRESS;
	case LOCAL_REFUSE:
		return ACT_REFUSE;
	case LOCAL_PASS:
		return ACT_PASS;
	}
	return ACT_PASS;
}

static enum err add_rule(struct local *l, const struct local_rule *r)
{
	struct node *n = add(l, &r->name, VOICE_RULE);
	if (n == NULL)
		return ERR_NOMEM;
	n->here = (uint8_t)act_of(r->action);
	n->below = r->subtree ? n->here : (uint8_t)ACT_INHERIT;
	n->blocked = r->action != LOCAL_PASS;
	if (r->address_count == 0)
		return ERR_OK;
	n->addresses = arena_copy(l->arena, r->addresses, r->address_count * sizeof(*r->addresses));
	n->address_count = r->address_count;
	return n->addresses != NULL ? ERR_OK : ERR_NOMEM;
}

static enum err add_record(struct local *l, const struct rrset *set)
{
	struct node *n = add(l, &set->owner, VOICE_RECORD);
	return n != NULL ? give(l, n, set) : ERR_NOMEM;
}

static enum err add_all(struct local *l, const struct local_setup *setup)
{
	enum err e = ERR_OK;
	for (unsigned i = 0; e == ERR_OK && special_at(i) != NULL; i++) {
		if (setup->special & special_at(i)->sort)
			e = add_special(l, special_at(i));
	}
	for (unsigned i = 0; e == ERR_OK && i < setup->open_count; i++)
		e = add_open(l, &setup->open[i]);
	for (unsigned i = 0; e == ERR_OK && i < setup->rule_count; i++)
		e = add_rule(l, &setup->rules[i]);
	for (unsigned i = 0; e == ERR_OK && i < setup->record_count; i++)
		e = add_record(l, &setup->records[i]);
	return e;
}

static int compare_keys(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len)
{
	int order = memcmp(a, b, a_len < b_len ? a_len : b_len);
	return order != 0 ? order : (a_len > b_len) - (a_len < b_len);
}

static int compare_nodes(const void *a, const void *b)
{
	const struct node *x = a, *y = b;
	int order = compare_keys(x->key, x->key_len, y->key, y->key_len);
	return order != 0 ? order : x->voice - y->voice;
}

/* Both speak of one name; later was said with a voice at least as loud. */
static enum err join(struct local *l, struct node *into, const struct node *later)
{
	if (later->here != ACT_INHERIT)
		into->here = later->here;
	if (later->below != ACT_INHERIT)
		into->below = later->below;
	if (later->voice == VOICE_OPEN || later->voice == VOICE_RULE)
		into->zone = false;
	into->blocked = later->voice == VOICE_RECORD ? false : later->blocked;
	if (later->address_count > 0) {
		into->addresses = later->addresses;
		into->address_count = later->address_count;
	}
	if (into->voice != later->voice)
		into->set_count = 0;
	into->voice = later->voice;
	if (later->set_count == 0)
		return ERR_OK;
	struct rrset **both = arena_array(l->arena, into->set_count + later->set_count, sizeof(*both));
	if (both == NULL)
		return ERR_NOMEM;
	if (into->set_count > 0)
		memcpy(both, into->sets, into->set_count * sizeof(*both));
	memcpy(both + into->set_count, later->sets, later->set_count * sizeof(*both));
	into->sets = both;
	into->set_count += later->set_count;
	return ERR_OK;
}

static bool is_above(const struct node *n, const uint8_t *key, size_t len)
{
	return n->key_len <= len && memcmp(n->key, key, n->key_len) == 0;
}

/* The closest node at or above key, searching up from node number i (from 1; 0: none). */
static uint32_t climb(const struct local *l, uint32_t i, const uint8_t *key, size_t len)
{
	while (i != 0 && !is_above(&l->nodes[i - 1], key, len))
		i = l->nodes[i - 1].parent;
	return i;
}

static enum err join_all(struct local *l)
{
	qsort(l->nodes, l->count, sizeof(*l->nodes), compare_nodes);
	size_t kept = 0;
	for (size_t i = 0; i < l->count; i++) {
		struct node *last = kept > 0 ? &l->nodes[kept - 1] : NULL;
		const struct node *n = &l->nodes[i];
		if (last != NULL && last->key_len == n->key_len && is_above(last, n->key, n->key_len)) {
			if (join(l, last, n) != ERR_OK)
				return ERR_NOMEM;
			continue;
		}
		l->nodes[kept] = *n;
		l->nodes[kept].parent = climb(l, (uint32_t)kept, n->key, n->key_len);
		kept++;
	}
	l->count = kept;
	return ERR_OK;
}

static size_t most_nodes(const struct local_setup *setup)
{
	size_t n = 1;
	while (special_at((unsigned)n - 1) != NULL)
		n++;
	return n + setup->open_count + setup->rule_count + setup->record_count;
}

struct local *local_new(const struct local_setup *setup)
{
	struct local *l = calloc(1, sizeof(*l));
	if (l == NULL)
		return NULL;
	l->rule_ttl_s = setup->rule_ttl_s;
	l->arena = arena_new(SIZE_MAX / 2);
	l->nodes = calloc(most_nodes(setup), sizeof(*l->nodes));
	if (l->arena == NULL || l->nodes == NULL || add_all(l, setup) != ERR_OK ||
	    join_all(l) != ERR_OK) {
		local_free(l);
		return NULL;
	}
	return l;
}

void local_free(struct local *l)
{
	if (l == NULL)
		return;
	arena_free(l->arena);
	free(l->nodes);
	free(l);
}

/* ---- answering ---- */

/* How many nodes have a key not above the given one: the number of the last of them, from 1. */
static uint32_t floor_of(const struct local *l, const uint8_t *key, size_t len)
{
	size_t low = 0, high = l->count;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (compare_keys(l->nodes[mid].key, l->nodes[mid].key_len, key, len) <= 0)
			low = mid + 1;
		else
			high = mid;
	}
	return (uint32_t)low;
}

static struct rrset *make_set(struct arena *a, const struct name *owner, uint16_t type,
                              unsigned count, uint32_t ttl)
{
	struct rrset *s = arena_alloc(a, sizeof(*s));
	if (s == NULL)
		return NULL;
	*s = (struct rrset){ .owner = *owner, .type = type, .class = CLASS_IN, .ttl = ttl,
		             .count = (uint16_t)count, .rank = RANK_LOCAL,
		             .security = SECURITY_INSECURE };
	s->rdata = arena_array(a, count, sizeof(*s->rdata));
	return s->rdata != NULL ? s : NULL;
}

static bool set_rdata(struct arena *a, struct rdata *r, const void *octets, size_t len)
{
	r->octets = arena_copy(a, octets, len);
	r->len = (uint16_t)len;
	return r->octets != NULL;
}

/* RFC 6303 section 3: the SOA of an empty zone. */
static struct rrset *make_soa(struct arena *a, const struct name *zone)
{
	uint8_t octets[2 * NAME_OCTETS + 20];
	struct writer w = writer_of(octets, sizeof(octets));
	struct name person = name_of("nobody.invalid.");
	static const uint32_t numbers[] = { 1, 3600, 1200, 604800, SOA_TTL };
	write_plain_name(&w, zone);
	write_plain_name(&w, &person);
	for (unsigned i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		write_u32(&w, numbers[i]);
	struct rrset *s = make_set(a, zone, TYPE_SOA, 1, SOA_TTL);
	if (s == NULL || !set_rdata(a, &s->rdata[0], octets, writer_length(&w)))
		return NULL;
	return s;
}

static enum local_found negative(enum outcome_kind kind, struct arena *a, struct outcome *out)
{
	out->kind = kind;
	out->ttl = SOA_TTL;
	out->soa = make_soa(a, &out->zone);
	return out->soa != NULL ? LOCAL_FOUND : LOCAL_NOMEM;
}

static enum local_found answer(struct rrset *set, const struct question *q, struct outcome *out)
{
	if (set == NULL)
		return LOCAL_NOMEM;
	out->set = set;
	out->ttl = set->ttl;
	out->kind = OUTCOME_ANSWER;
	if (set->type != TYPE_CNAME || q->type == TYPE_CNAME)
		return LOCAL_FOUND;
	out->kind = OUTCOME_CNAME;
	return rdata_target(TYPE_CNAME, &set->rdata[0], &out->target) == ERR_OK ? LOCAL_FOUND
	                                                                        : LOCAL_MISS;
}

static struct rrset *find_set(const struct node *n, uint16_t type)
{
	for (unsigned i = 0; i < n->set_count; i++) {
		if (n->sets[i]->type == type || n->sets[i]->type == TYPE_CNAME)
			return n->sets[i];
	}
	return NULL;
}

static struct rrset *make_ns(struct arena *a, const struct name *zone)
{
	struct rrset *s = make_set(a, zone, TYPE_NS, 1, SOA_TTL);
	return s != NULL && set_rdata(a, &s->rdata[0], zone->wire, zone->len) ? s : NULL;
}

static enum local_found answer_data(const struct node *n, const struct question *q,
                                    struct arena *a, struct outcome *out)
{
	struct rrset *set = find_set(n, q->type);
	if (set != NULL)
		return answer(set, q, out);
	if (n->zone && q->type == TYPE_SOA)
		return answer(make_soa(a, &q->name), q, out);
	if (n->zone && q->type == TYPE_NS)
		return answer(make_ns(a, &q->name), q, out);
	return negative(OUTCOME_NODATA, a, out);
}

static enum local_found answer_address(const struct node *n, const struct question *q,
                                       struct arena *a, struct outcome *out)
{
	uint8_t family = q->type == TYPE_A ? FAMILY_IPV4 :
	                 q->type == TYPE_AAAA ? FAMILY_IPV6 : FAMILY_NONE;
	unsigned count = 0;
	for (unsigned i = 0; i < n->address_count; i++)
		count += n->addresses[i].family == family;
	if (count == 0 && n->zone)
		return answer_data(n, q, a, out);
	if (count == 0)
		return negative(OUTCOME_NODATA, a, out);
	struct rrset *s = make_set(a, &q->name, q->type, count, ADDRESS_TTL);
	if (s == NULL)
		return LOCAL_NOMEM;
	for (unsigned i = 0, at = 0; i < n->address_count; i++) {
		const struct address *x = &n->addresses[i];
		if (x->family == family &&
		    !set_rdata(a, &s->rdata[at++], x->octets, address_octets(x)))
			return LOCAL_NOMEM;
	}
	return answer(s, q, out);
}

/* Something of ours lies below the name: it exists (RFC 8020 section 2).  Below a block only records count. */
static bool has_below(const struct local *l, uint32_t floor, const uint8_t *key, size_t len,
                      bool blocked)
{
	if (floor >= l->count)
		return false;
	const struct node *next = &l->nodes[floor];
	return next->key_len > len && memcmp(next->key, key, len) == 0 &&
	       (blocked ? next->here == ACT_DATA : next->here != ACT_NXDOMAIN);
}

/* The top of the zone a negative answer is of: the closest of ours, else the node's own. */
static const struct node *top_of(const struct local *l, uint32_t i)
{
	uint32_t found = i;
	while (i != 0 && !l->nodes[i - 1].zone && l->nodes[i - 1].below == ACT_INHERIT)
		i = l->nodes[i - 1].parent;
	if (i != 0 && l->nodes[i - 1].below != ACT_PASS)
		found = i;
	return &l->nodes[found - 1];
}

static struct name zone_of(const struct node *top, const struct name *name)
{
	struct name zone;
	if (name_from_key(top->key, top->key_len, &zone) != ERR_OK)
		return *name;
	return zone;
}

/* The SOA that was written for the zone, if one was, denies instead of ours: RFC 2308 section 3. */
static void take_own_soa(const struct node *top, struct outcome *o)
{
	struct soa soa;
	for (unsigned i = 0; i < top->set_count; i++) {
		const struct rrset *own = top->sets[i];
		if (own->type != TYPE_SOA || rdata_soa(&own->rdata[0], &soa) != ERR_OK)
			continue;
		*o->soa = *own;
		o->ttl = o->soa->ttl = own->ttl < soa.minimum ? own->ttl : soa.minimum;
	}
}

static enum local_found act(const struct node *n, enum act what,
                            const struct question *q, struct arena *a, struct outcome *out)
{
	switch (what) {
	case ACT_INHERIT:
	case ACT_PASS:
		return LOCAL_MISS;
	case ACT_DATA:
		return answer_data(n, q, a, out);
	case ACT_NXDOMAIN:
		return negative(OUTCOME_NXDOMAIN, a, out);
	case ACT_NODATA:
		return negative(OUTCOME_NODATA, a, out);
	case ACT_ADDRESS:
		return answer_address(n, q, a, out);
	case ACT_REFUSE:
		return LOCAL_REFUSED;
	}
	return LOCAL_MISS;
}

/* The sets were made for this answer alone. */
static void set_ttl(struct outcome *o, uint32_t ttl_s)
{
	o->ttl = ttl_s;
	if (o->set != NULL)
		o->set->ttl = ttl_s;
	if (o->soa != NULL)
		o->soa->ttl = ttl_s;
}

enum local_found local_find(const struct local *l, const struct question *q, struct arena *a,
                            struct outcome *out)
{
	uint8_t key[NAME_KEY_MAX];
	size_t len = name_key(&q->name, key);
	uint32_t floor = floor_of(l, key, len);
	uint32_t i = climb(l, floor, key, len);
	if (i == 0)
		return LOCAL_MISS;
	uint32_t by = i;
	bool exact = l->nodes[i - 1].key_len == len;
	enum act what = exact ? l->nodes[i - 1].here : l->nodes[i - 1].below;
	while (what == ACT_INHERIT && (by = l->nodes[by - 1].parent) != 0)
		what = l->nodes[by - 1].below;
	if (by == 0 || what == ACT_PASS)
		return LOCAL_MISS;
	const struct node *n = &l->nodes[by - 1];
	if (exact && q->type == TYPE_DS && n->zone && !n->own_ds)
		return LOCAL_MISS; /* the parent's data: RFC 4035 section 3.1.4.1 */
	if (what == ACT_NXDOMAIN && has_below(l, floor, key, len, n->blocked))
		what = ACT_NODATA;
	const struct node *top = top_of(l, by);
	*out = (struct outcome){ .security = SECURITY_INSECURE, .reason = NO_REASON,
		                 .zone = zone_of(top, &q->name) };
	if (n->blocked)
		out->reason = what == ACT_ADDRESS
			? (struct reason){ EDE_FORGED, "BLAD a local rule gives this address" }
			: (struct reason){ EDE_BLOCKED, "BLKD a local rule blocks this name" };
	enum local_found found = act(n, what, q, a, out);
	if (found == LOCAL_FOUND && out->soa != NULL)
		take_own_soa(top, out);
	if (found == LOCAL_FOUND && n->blocked)
		set_ttl(out, l->rule_ttl_s);
	return found;
}
