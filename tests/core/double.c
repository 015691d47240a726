#include "tests/core/double.h"

struct validate {
	const struct question *question;
	struct outcome *outcome;
	bool wants_key, waits;
};

static bool has_label(const struct name *n, const char *label)
{
	struct name top = name_of(label);
	return name_is_within(n, &top);
}

struct validate *validate_new(struct arena *a, const struct validate_env *env,
                              const struct question *q, struct outcome *outcome,
                              struct budget *budget)
{
	(void)env;
	(void)budget;
	struct validate *v = arena_alloc(a, sizeof(*v));
	if (v == NULL)
		return NULL;
	v->question = q;
	v->outcome = outcome;
	v->wants_key = has_label(&q->name, "keyed.secure.") && q->type != TYPE_DNSKEY;
	return v;
}

static void set_all(struct outcome *o, enum security s)
{
	o->security = s;
	if (o->set != NULL)
		o->set->security = (uint8_t)s;
	if (o->soa != NULL)
		o->soa->security = (uint8_t)s;
	for (unsigned i = 0; i < o->proof_count; i++)
		o->proofs[i]->security = (uint8_t)s;
}

struct validate_want validate_next(struct validate *v, struct now now)
{
	(void)now;
	struct validate_want w = { .kind = VALIDATE_DONE };
	if (v->wants_key) {
		v->wants_key = false;
		v->waits = true;
		w.kind = VALIDATE_FETCH;
		w.fetch = *v->question;
		w.fetch.type = TYPE_DNSKEY;
		return w;
	}
	if (v->waits) {
		w.kind = VALIDATE_WAIT;
		return w;
	}
	w.verdict = (struct verdict){ .security = SECURITY_INSECURE, .reason = NO_REASON,
		                      .ttl_max = UINT32_MAX };
	if (has_label(&v->question->name, "secure."))
		w.verdict.security = SECURITY_SECURE;
	if (has_label(&v->question->name, "bogus.")) {
		w.verdict.security = SECURITY_BOGUS;
		w.verdict.reason = (struct reason){ EDE_BOGUS, "DBBG bogus by name" };
	}
	set_all(v->outcome, w.verdict.security);
	return w;
}

void validate_set_trace(struct validate *v, struct trace *trace)
{
	(void)v;
	(void)trace;
}

void validate_on_fetched(struct validate *v, struct now now, const struct question *q,
                         const struct outcome *outcome)
{
	(void)now;
	(void)q;
	(void)outcome;
	v->waits = false;
}
