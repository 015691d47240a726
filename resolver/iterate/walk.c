#include "resolver/iterate/walk.h"

#include "resolver/iterate/minimise.h"
#include "resolver/iterate/targets.h"

bool walk_is_shortened(const struct iterate *it)
{
	return it->asked.name.len != it->question.name.len;
}

/* Everybody may be asked again. */
static void forgive(struct iterate *it)
{
	it->blame = 0;
	for (unsigned i = 0; i < it->target_count; i++) {
		struct target *t = &it->targets[i];
		t->sent[TRANSPORT_UDP] = t->sent[TRANSPORT_TCP] = 0;
		t->again = AGAIN_NO;
		t->spent = false;
	}
}

static void ask(struct iterate *it, unsigned labels)
{
	if (labels >= name_labels(&it->question.name)) {
		it->asked = it->question;
	} else {
		/* RFC 9156 section 2.1: type A hides what is looked for and upsets nobody. */
		it->asked.name = name_suffix(&it->question.name, labels);
		it->asked.type = TYPE_A;
		it->asked.class = it->question.class;
		it->minimised++;
	}
	it->state = AT_CUT;
}

static void ask_next(struct iterate *it)
{
	unsigned labels = name_labels(&it->question.name);
	if (it->minimise != MINIMISE_OFF)
		labels = minimise_labels(&it->question.name, it->known_labels, it->minimised);
	it->step_sends = it->step_silences = 0;
	forgive(it);
	ask(it, labels);
}

static void close_all(struct iterate *it)
{
	for (unsigned i = 0; i < LIMIT_EXCHANGES_OUT; i++)
		walk_close_exchange(it, &it->exchanges[i]);
}

void walk_enter(struct iterate *it, const struct cut *cut)
{
	close_all(it);
	it->cut = cut;
	it->caches_count = false;
	it->zone = cut->kind == CUT_FORWARD ? 0 : servers_zone(it->env->servers, &cut->zone);
	it->zone_scope = name_labels(&cut->zone) > 1 ? ZONE_CAPPED : ZONE_WIDE;
	it->known_labels = name_labels(&cut->zone);
	if (cut->kind == CUT_FORWARD)
		it->minimise = MINIMISE_OFF;
	targets_enter(it);
	ask_next(it);
}

void walk_longer_name(struct iterate *it)
{
	close_all(it);
	it->known_labels = name_labels(&it->asked.name);
	ask_next(it);
}

/* Packets already sent at this cut stay counted (threats C8). */
void walk_full_name(struct iterate *it, bool afresh)
{
	it->minimise = MINIMISE_OFF;
	if (afresh)
		forgive(it);
	ask(it, name_labels(&it->question.name));
}

static void release(struct iterate *it, struct exchange *x)
{
	if (x->state == EXCHANGE_OUT || x->state == EXCHANGE_LATE)
		servers_release(it->env->servers, &x->to, it->zone);
}

void walk_close_exchange(struct iterate *it, struct exchange *x)
{
	release(it, x);
	if (x->state != EXCHANGE_FREE)
		x->state = EXCHANGE_CLOSING;
}

void walk_end_exchange(struct iterate *it, struct exchange *x)
{
	release(it, x);
	x->state = EXCHANGE_FREE;
}

void walk_finish(struct iterate *it, const struct outcome *o)
{
	close_all(it);
	it->outcome = *o;
	it->state = ENDED;
}

void walk_fail(struct iterate *it, uint16_t ede, const char *text)
{
	struct outcome o = { .kind = OUTCOME_FAILURE, .reason = { ede, text } };
	name_copy(&o.zone, &it->cut->zone);
	name_copy(&o.target, &it->question.name);
	walk_finish(it, &o);
}

void walk_fail_memory(struct iterate *it)
{
	walk_fail(it, EDE_OTHER, "IMEM replies took more memory than one question may");
}

bool walk_learn(struct iterate *it, const struct lesson *l)
{
	struct lesson_node *n = arena_alloc(it->arena, sizeof(*n));
	if (n == NULL) {
		walk_fail_memory(it);
		return false;
	}
	n->lesson = *l;
	if (it->lessons == NULL)
		it->lessons = n;
	else
		it->last_lesson->next = n;
	it->last_lesson = n;
	return true;
}

void walk_let_go(struct iterate *it, const struct cut *cut)
{
	struct cut *c = arena_alloc(it->arena, sizeof(*c));
	if (c == NULL)
		return;
	*c = *cut;
	c->ttl = 1;
	(void)walk_learn(it, &(struct lesson){ .kind = LESSON_CUT, .cut = c });
}

void walk_tell(const struct iterate *it, enum trace_kind kind, const struct exchange *x,
               struct now now, const char *what)
{
	if (it->trace != NULL)
		trace_exchange(it->trace, kind, &x->asked, &x->to, x->transport == TRANSPORT_TCP,
		               (uint32_t)(now.mono_ms - x->sent_ms), what);
}
