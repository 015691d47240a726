#include "tests/fuzz/fuzz.h"

#include "resolver/wire/zonetext.h"
#include "validator/anchors.h"
#include "validator/keys.h"
#include "validator/validate.h"

#include <string.h>

/*
 * An input is text: a name and a type, a line each, then records.  They answer the question and all
 * that is fetched for it, each judged by a validate of its own; "." is trusted through its DS.
 */

enum { ARENA = 8 << 20, DEPTH = 24, STEPS = 400, NOW = 1800000000 };

struct run {
	struct arena *arena;
	struct rrset *sets;
	unsigned count, steps;
	struct validate_policy policy;
	struct validate_env env;
	struct budget budget;
	struct now now;
};

static bool take_line(const char **at, const char *end, char out[NAME_TEXT_MAX])
{
	const char *stop = memchr(*at, '\n', (size_t)(end - *at));
	if (stop == NULL || stop - *at >= NAME_TEXT_MAX || memchr(*at, 0, (size_t)(stop - *at)))
		return false;
	memcpy(out, *at, (size_t)(stop - *at));
	out[stop - *at] = 0;
	*at = stop + 1;
	return true;
}

static struct rrset *find(struct run *r, const struct name *owner, uint16_t type)
{
	for (unsigned i = 0; i < r->count; i++)
		if (r->sets[i].type == type && name_equal(&r->sets[i].owner, owner))
			return rrset_copy(r->arena, &r->sets[i]);
	return NULL;
}

/* The deepest SOA above the name, and every denial there is: a careless server. */
static void add_denial(struct run *r, const struct question *q, struct outcome *o)
{
	o->proofs = arena_array(r->arena, r->count + 1, sizeof(struct rrset *));
	for (unsigned i = 0; i < r->count && o->proofs != NULL; i++) {
		struct rrset *s = rrset_copy(r->arena, &r->sets[i]);
		if (s == NULL)
			return;
		if (s->type == TYPE_NSEC || s->type == TYPE_NSEC3)
			o->proofs[o->proof_count++] = s;
		if (s->type == TYPE_SOA && name_is_within(&q->name, &s->owner) &&
		    (o->soa == NULL || name_is_below(&s->owner, &o->soa->owner)))
			o->soa = s;
	}
	if (o->soa != NULL)
		o->zone = o->soa->owner;
}

static void answer(struct run *r, const struct question *q, struct outcome *o)
{
	struct rrset *cname = find(r, &q->name, TYPE_CNAME);
	*o = (struct outcome){ .kind = OUTCOME_NODATA, .reason = NO_REASON, .zone = name_root() };
	o->set = find(r, &q->name, q->type);
	add_denial(r, q, o);
	if (o->set != NULL) {
		o->kind = OUTCOME_ANSWER;
	} else if (cname != NULL) {
		o->kind = OUTCOME_CNAME;
		o->set = cname;
	} else if (find(r, &q->name, TYPE_NS) == NULL && find(r, &q->name, TYPE_NSEC) == NULL) {
		o->kind = OUTCOME_NXDOMAIN;
	}
	if (o->set != NULL)
		o->soa = NULL;
}

static void check(const struct run *r, const struct outcome *o, const struct verdict *v)
{
	FUZZ_CHECK(o->kind == OUTCOME_FAILURE || o->security == v->security);
	FUZZ_CHECK(v->security != SECURITY_UNCHECKED);
	FUZZ_CHECK(v->security != SECURITY_BOGUS || v->reason.text != NULL);
	FUZZ_CHECK(!v->opt_out || v->security == SECURITY_INSECURE);
	FUZZ_CHECK(r->budget.verifies <= LIMIT_VERIFIES);
	if (v->security != SECURITY_SECURE)
		return;
	if (o->set != NULL)
		FUZZ_CHECK(o->set->security == SECURITY_SECURE && o->set->sig_count > 0);
	if (o->soa != NULL)
		FUZZ_CHECK(o->soa->security == SECURITY_SECURE);
	FUZZ_CHECK(o->set != NULL || o->proof_count > 0);
	for (unsigned i = 0; i < o->proof_count; i++)
		FUZZ_CHECK(o->proofs[i]->security == SECURITY_SECURE);
}

static struct outcome *judge(struct run *r, const struct question *q, unsigned depth)
{
	struct outcome *o = arena_alloc(r->arena, sizeof(*o));
	if (o == NULL)
		return NULL;
	answer(r, q, o);
	struct validate *v = validate_new(r->arena, &r->env, q, o, &r->budget);
	while (v != NULL && r->steps++ < STEPS) {
		struct validate_want w = validate_next(v, r->now);
		if (w.kind == VALIDATE_DONE) {
			check(r, o, &w.verdict);
			return o;
		}
		FUZZ_CHECK(w.kind == VALIDATE_FETCH);
		FUZZ_CHECK(name_is_within(&q->name, &w.fetch.name) && depth < DEPTH);
		struct outcome *child = judge(r, &w.fetch, depth + 1);
		if (child == NULL)
			return NULL;
		validate_on_fetched(v, r->now, &w.fetch, child);
	}
	return NULL;
}

static void run(const char *at, const char *end, struct arena *a)
{
	static const struct siphash_key seed = { 1, 1 };
	char name[NAME_TEXT_MAX], type[NAME_TEXT_MAX];
	struct run r = { .arena = a, .policy = { .skew_s = 300 }, .now = { 0, NOW } };
	struct question q = { .class = CLASS_IN };
	struct anchors *anchors = NULL;
	if (!take_line(&at, end, name) || name_from_text(name, &q.name) != ERR_OK ||
	    !take_line(&at, end, type) || type_parse(type, &q.type) != ERR_OK ||
	    name_labels(&q.name) > DEPTH / 3)
		return;
	struct zonetext z = zonetext_of(at, (size_t)(end - at));
	z.ttl = 300;
	if (zonetext_all(&z, a, &r.sets, &r.count) != ERR_OK)
		return;
	struct name root = name_root();
	const struct rrset *trusted = find(&r, &root, TYPE_DNSKEY);
	r.env.keys = keys_new(&seed);
	if (trusted != NULL && r.env.keys != NULL && anchors_new(trusted, 1, &anchors) == ERR_OK) {
		r.env.policy = &r.policy;
		r.env.anchors = anchors;
		budget_init(&r.budget, 0);
		(void)judge(&r, &q, 0);
	}
	anchors_free(anchors);
	keys_free(r.env.keys);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	struct arena *a = arena_new(ARENA);
	if (a != NULL && len > 0)
		run((const char *)octets, (const char *)octets + len, a);
	arena_free(a);
	return 0;
}
