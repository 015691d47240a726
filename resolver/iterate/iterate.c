#include "resolver/iterate/iterate.h"

#include "resolver/iterate/answer.h"
#include "resolver/iterate/select.h"
#include "resolver/iterate/targets.h"
#include "resolver/iterate/walk.h"
#include "resolver/wire/query.h"

enum {
	TCP_COST = 2,           /* the connection and the question */
	SHORTENED_SILENCES = 2, /* then the servers may just not like the shortened question */
};

struct iterate *iterate_new(struct arena *a, const struct iterate_env *env,
                            const struct question *q, const struct cut *start,
                            struct budget *budget)
{
	struct iterate *it = arena_alloc(a, sizeof(*it));
	if (it == NULL)
		return NULL;
	it->arena = a;
	it->env = env;
	it->budget = budget;
	it->question = *q;
	it->minimise = env->policy->minimise;
	walk_enter(it, start);
	return it;
}

void iterate_end(struct iterate *it)
{
	for (unsigned i = 0; i < LIMIT_EXCHANGES_OUT; i++)
		walk_end_exchange(it, &it->exchanges[i]);
}

struct outcome *iterate_outcome(struct iterate *it)
{
	return &it->outcome;
}

static bool anybody_is_left(const struct iterate *it)
{
	for (unsigned i = 0; i < it->target_count; i++) {
		if (select_may_ask(&it->targets[i]))
			return true;
	}
	for (unsigned i = 0; i < it->ns_count; i++) {
		if (it->ns[i].state == NS_UNASKED)
			return true;
	}
	return false;
}

bool iterate_reject(struct iterate *it)
{
	if (it->state != ENDED || it->outcome.kind == OUTCOME_FAILURE)
		return false;
	it->targets[it->source].lame = true;
	if (!anybody_is_left(it))
		return false;
	it->state = AT_CUT;
	return true;
}

void iterate_set_trace(struct iterate *it, struct trace *trace)
{
	it->trace = trace;
}

void iterate_set_failed(struct iterate *it, const struct cut *failed)
{
	it->failed = failed;
}

const struct name *iterate_zone(const struct iterate *it)
{
	return &it->cut->zone;
}

bool iterate_next_lesson(struct iterate *it, struct lesson *out)
{
	if (it->lessons == NULL)
		return false;
	*out = it->lessons->lesson;
	it->lessons = it->lessons->next;
	return true;
}

/* Somebody who was asked this very question has time left. */
static bool is_waited_for(const struct iterate *it)
{
	for (unsigned i = 0; i < LIMIT_EXCHANGES_OUT; i++) {
		const struct exchange *x = &it->exchanges[i];
		if (x->state == EXCHANGE_OUT && x->asked.name.len == it->asked.name.len)
			return true;
	}
	return false;
}

static struct target *find_again(struct iterate *it, enum transport *transport)
{
	for (unsigned i = 0; i < it->target_count; i++) {
		struct target *t = &it->targets[i];
		if (t->again == AGAIN_NO || t->spent)
			continue;
		if (t->again == AGAIN_TCP)
			*transport = TRANSPORT_TCP;
		if (t->sent[*transport] < LIMIT_TRIES)
			return t;
		t->again = AGAIN_NO;
		t->spent = true;
	}
	return NULL;
}

/* An exchange was given up without an answer. */
static void charge_silence(struct iterate *it)
{
	if (!spend(&it->budget->timeouts))
		walk_fail(it, EDE_NO_REACHABLE_AUTHORITY, "ITMO too many servers did not answer");
}

/* Nobody waits for its answer any more. */
static bool may_close(const struct iterate *it, const struct exchange *x)
{
	return x->state == EXCHANGE_LATE || x->asked.name.len != it->asked.name.len;
}

/* A free slot; when all are taken the oldest of no more use is closed, and its slot comes free. */
static struct exchange *find_slot(struct iterate *it)
{
	struct exchange *oldest = NULL;
	for (unsigned i = 0; i < LIMIT_EXCHANGES_OUT; i++) {
		struct exchange *x = &it->exchanges[i];
		if (x->state == EXCHANGE_FREE)
			return x;
		if (may_close(it, x) && (oldest == NULL || x->sent_ms < oldest->sent_ms))
			oldest = x;
	}
	if (oldest == NULL)
		return NULL;
	bool silent = oldest->state == EXCHANGE_LATE;
	walk_close_exchange(it, oldest);
	if (silent)
		charge_silence(it);
	return NULL;
}

/* Charged before it is sent, so that no way of failing is free (threats C8). */
static bool charge(struct iterate *it, struct target *t, enum transport transport)
{
	unsigned cost = transport == TRANSPORT_TCP ? TCP_COST : 1;
	if (it->step_sends + cost > LIMIT_STEP_SENDS) {
		t->spent = true;
		it->state = is_waited_for(it) ? LISTENING : STUCK;
		return false;
	}
	if (!spend_many(&it->budget->sends, cost)) {
		walk_fail(it, EDE_OTHER, "ISND more packets than one question may cost");
		return false;
	}
	it->step_sends += cost;
	return true;
}

static bool take_server(struct iterate *it, struct now now, struct target *t)
{
	switch (servers_take(it->env->servers, now, &t->address, it->zone, it->zone_scope)) {
	case TAKE_OK:
		return true;
	case TAKE_SERVER_FULL:
		it->blame |= BLAME_SERVER_FULL;
		t->spent = true;
		return false;
	case TAKE_ZONE_FULL:
		walk_fail(it, EDE_OTHER, "IZON too many questions to this zone are under way");
		return false;
	}
	return false;
}

static uint32_t until_deadline(const struct iterate *it, struct now now, uint32_t ms)
{
	int64_t left = it->budget->deadline_ms - now.mono_ms;
	return left < (int64_t)ms ? (uint32_t)left : ms;
}

/*
 * Some servers do not answer a name with capitals.  The last packet to one that is not known to do so is in lower
 * case: whoever would forge its answer must silence a server that we hardly know, and then meets what there is
 * without 0x20, an id and a port.
 */
static bool is_last_try(const struct target *t, const struct server *k, enum transport transport)
{
	return transport == TRANSPORT_UDP && t->sent[TRANSPORT_UDP] == LIMIT_TRIES - 1 && !k->keeps_case;
}

static void start_exchange(struct iterate *it, struct now now, struct exchange *x, struct target *t,
                           const struct server *k, enum transport transport)
{
	const struct iterate_policy *p = it->env->policy;
	x->state = EXCHANGE_OUT;
	x->to = t->address;
	x->transport = transport;
	x->target = (unsigned)(t - it->targets);
	x->edns = k->plain ? EDNS_OFF : t->edns;
	x->asked = it->asked;
	x->flags = 0;
	if (it->cut->kind == CUT_FORWARD)
		x->flags = p->dnssec ? FLAG_RD | FLAG_CD : FLAG_RD;
	t->lower |= is_last_try(t, k, transport);
	x->cased = p->randomise_case && !k->loses_case && !t->lower &&
	           (transport == TRANSPORT_TCP || !t->no_case);
	if (p->randomise_case && !x->cased)
		name_lower(&x->asked.name); /* clients may randomise, too */
	/*
	 * Some do not copy RD, which RFC 1035 section 4.1.1 wants and which whoever guesses would do: that
	 * is odd enough for TCP, where nobody but the server writes, but where there is none no harm is done.
	 */
	x->any_rd = transport == TRANSPORT_TCP || t->no_tcp || k->no_tcp;
	x->sent_ms = now.mono_ms;
	x->timeout_ms = until_deadline(it, now, select_timeout(it, t, k, transport, &x->patient));
}

static void send(struct iterate *it, struct exchange *x, struct target *t, const struct server *k,
                 struct iterate_want *w)
{
	w->kind = ITERATE_SEND;
	w->slot = (unsigned)(x - it->exchanges);
	w->send.to = x->to;
	w->send.transport = x->transport;
	w->send.len = exchange_write(x, it->env, k, it->packet);
	w->send.octets = it->packet;
	w->send.timeout_ms = x->timeout_ms;
	t->again = AGAIN_NO;
	t->sent[x->transport]++;
	it->state = LISTENING;
}

/* True: w says what to send. */
static bool ask_target(struct iterate *it, struct now now, struct target *t,
                       enum transport transport, struct iterate_want *w)
{
	struct server k = servers_find(it->env->servers, now, &t->address, it->zone);
	if (transport == TRANSPORT_TCP && k.no_tcp) {
		t->again = AGAIN_NO;
		answer_without_tcp(t);
		return false;
	}
	struct exchange *x = find_slot(it);
	if (x == NULL) {
		if (it->state == AT_CUT && is_waited_for(it))
			it->state = LISTENING;
		return false;
	}
	if (!take_server(it, now, t))
		return false;
	if (!charge(it, t, transport)) {
		servers_release(it->env->servers, &t->address, it->zone);
		return false;
	}
	start_exchange(it, now, x, t, &k, transport);
	send(it, x, t, &k, w);
	walk_tell(it, TRACE_SENT, x, now, NULL);
	return true;
}

/* The best that is left was silent before: at this cut, or so often that it counts as down. */
static bool is_doubtful(const struct iterate *it, struct now now, const struct target *t)
{
	if (t->sent[TRANSPORT_UDP] > 0)
		return it->step_silences > 0;
	return servers_find(it->env->servers, now, &t->address, it->zone).health == SERVER_DOWN;
}

/* True: w says what to send. */
static bool at_cut(struct iterate *it, struct now now, struct iterate_want *w)
{
	enum transport transport = it->env->policy->no_udp ? TRANSPORT_TCP : TRANSPORT_UDP;
	if (it->minimise == MINIMISE_RELAXED && walk_is_shortened(it) &&
	    it->step_silences >= SHORTENED_SILENCES)
		walk_full_name(it, false);
	struct target *t = find_again(it, &transport);
	if (t == NULL && is_waited_for(it)) {
		it->state = LISTENING;
		return false;
	}
	if (t == NULL)
		t = select_target(it, now);
	if (t == NULL) {
		it->state = NEEDS_ADDRESS;
		return false;
	}
	/* They get one more chance, and others are looked up meanwhile. */
	if (transport == TRANSPORT_UDP && t->again == AGAIN_NO && is_doubtful(it, now, t) &&
	    targets_next_fetch(it, &w->fetch)) {
		w->kind = ITERATE_FETCH;
		return true;
	}
	return ask_target(it, now, t, transport, w);
}

/* True: w says what to fetch, or that there is nothing to do but wait. */
static bool needs_address(struct iterate *it, struct iterate_want *w)
{
	if (it->step_sends >= LIMIT_STEP_SENDS) {
		it->state = STUCK;
		return false;
	}
	if (targets_next_fetch(it, &w->fetch)) {
		w->kind = ITERATE_FETCH;
		return true;
	}
	if (targets_fetching(it))
		return true;
	it->state = STUCK;
	return false;
}

/* Nobody is left: the reason is the worst that was heard. */
static void give_up(struct iterate *it)
{
	static const struct {
		enum blame blame;
		uint16_t ede;
		const char *text;
	} reasons[] = {
		{ BLAME_ERROR, EDE_NO_REACHABLE_AUTHORITY,
		  "IERR servers of the zone answer with errors" },
		{ BLAME_LAME, EDE_NO_REACHABLE_AUTHORITY,
		  "ILAM servers of the zone do not serve it" },
		{ BLAME_LARGE, EDE_OTHER, "ILRG replies with more records than are taken" },
		{ BLAME_GARBLED, EDE_NETWORK_ERROR, "IGAR replies cannot be read" },
		{ BLAME_CUT, EDE_NETWORK_ERROR, "ICUT replies are cut short, and TCP brings no more" },
		{ BLAME_SERVER_FULL, EDE_OTHER,
		  "ISRV too many questions to this server are under way" },
		{ BLAME_SILENCE, EDE_NO_REACHABLE_AUTHORITY,
		  "ISIL no server of the zone answered" },
		{ BLAME_NETWORK, EDE_NETWORK_ERROR, "INET no server of the zone can be reached" },
		{ BLAME_FETCHES, EDE_NO_REACHABLE_AUTHORITY,
		  "IFET too many servers of the zone have no address" },
	};
	/* Nobody above the root servers that priming found could tell of others; the hints can: RFC 9609 section 2. */
	if (it->cut->kind == CUT_DELEGATION && name_is_root(&it->cut->zone))
		walk_let_go(it, it->cut);
	for (unsigned i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if ((it->blame & reasons[i].blame) != 0) {
			walk_fail(it, reasons[i].ede, reasons[i].text);
			return;
		}
	}
	walk_fail(it, EDE_NO_REACHABLE_AUTHORITY,
	          "INAD no server of the zone has an address to ask");
}

/* Resolvers where the zone's servers should be: better what they know than nothing.  False: none. */
static bool turn_to_caches(struct iterate *it)
{
	bool any = false;
	for (unsigned i = 0; i < it->target_count && !it->caches_count; i++) {
		struct target *t = &it->targets[i];
		if (!t->cache)
			continue;
		t->lame = t->spent = false;
		t->sent[TRANSPORT_UDP] = t->sent[TRANSPORT_TCP] = 0;
		any = true;
	}
	it->caches_count |= any;
	return any;
}

/* RFC 9156 section 2.3: relaxed, the whole name is the last thing to try. */
static void stuck(struct iterate *it)
{
	static const unsigned replies = BLAME_ERROR | BLAME_LAME | BLAME_GARBLED | BLAME_CUT | BLAME_LARGE;
	bool said_something = (it->blame & replies) != 0;
	bool may_send = it->step_sends < LIMIT_STEP_SENDS;
	if (it->minimise == MINIMISE_RELAXED && walk_is_shortened(it) && said_something && may_send)
		walk_full_name(it, true);
	else if (may_send && turn_to_caches(it))
		it->state = AT_CUT;
	else
		give_up(it);
}

static bool close_one(struct iterate *it, struct iterate_want *w)
{
	for (unsigned i = 0; i < LIMIT_EXCHANGES_OUT; i++) {
		if (it->exchanges[i].state != EXCHANGE_CLOSING)
			continue;
		it->exchanges[i].state = EXCHANGE_FREE;
		w->kind = ITERATE_CLOSE;
		w->slot = i;
		return true;
	}
	return false;
}

struct iterate_want iterate_next(struct iterate *it, struct now now)
{
	struct iterate_want w = { .kind = ITERATE_WAIT };
	for (;;) {
		if (it->state != ENDED && now.mono_ms >= it->budget->deadline_ms)
			walk_fail(it, EDE_NO_REACHABLE_AUTHORITY,
			          "ITIM the question took too long");
		if (close_one(it, &w))
			return w;
		switch (it->state) {
		case AT_CUT:
			if (at_cut(it, now, &w))
				return w;
			break;
		case LISTENING:
			return w;
		case NEEDS_ADDRESS:
			if (needs_address(it, &w))
				return w;
			break;
		case STUCK:
			stuck(it);
			break;
		case ENDED:
			w.kind = ITERATE_DONE;
			return w;
		}
	}
}

/* The exchange of a slot if it is still of interest; a late word about another is dropped. */
static struct exchange *exchange_of(struct iterate *it, unsigned slot)
{
	if (it->state == ENDED || slot >= LIMIT_EXCHANGES_OUT)
		return NULL;
	struct exchange *x = &it->exchanges[slot];
	return x->state == EXCHANGE_OUT || x->state == EXCHANGE_LATE ? x : NULL;
}

bool iterate_on_reply(struct iterate *it, struct now now, unsigned slot, const uint8_t *octets,
                      size_t len)
{
	struct exchange *x = exchange_of(it, slot);
	return x != NULL && answer_take(it, now, x, octets, len);
}

static void lose_tcp(struct iterate *it, struct now now, struct exchange *x)
{
	struct target *t = &it->targets[x->target];
	servers_on_tcp(it->env->servers, now, &x->to, false);
	answer_without_tcp(t);
}

void iterate_on_timeout(struct iterate *it, struct now now, unsigned slot)
{
	struct exchange *x = exchange_of(it, slot);
	if (x == NULL || x->state == EXCHANGE_LATE)
		return;
	walk_tell(it, TRACE_SILENT, x, now, NULL);
	it->blame |= BLAME_SILENCE;
	it->step_silences++;
	it->state = AT_CUT;
	if (x->transport == TRANSPORT_TCP) {
		lose_tcp(it, now, x);
		walk_close_exchange(it, x);
		charge_silence(it);
		return;
	}
	x->state = EXCHANGE_LATE;
	if (it->env->policy->race_families)
		it->slow_family = x->to.family;
	servers_on_silence(it->env->servers, now, &x->to, x->sent_ms, x->patient);
}

static const char *error_text(enum exchange_error e)
{
	switch (e) {
	case EXCHANGE_UNREACHABLE:
		return "there is no way to it";
	case EXCHANGE_REFUSED:
		return "nobody listens there";
	case EXCHANGE_RESET:
		return "it closed the connection";
	case EXCHANGE_NO_RESOURCE:
		return "we have no socket to spare";
	}
	return "?";
}

void iterate_on_error(struct iterate *it, struct now now, unsigned slot, enum exchange_error e)
{
	struct exchange *x = exchange_of(it, slot);
	if (x == NULL)
		return;
	walk_tell(it, TRACE_UNREACHED, x, now, error_text(e));
	it->blame |= BLAME_NETWORK;
	it->state = AT_CUT;
	if (x->transport == TRANSPORT_TCP)
		lose_tcp(it, now, x);
	else
		it->targets[x->target].spent = true;
	if (x->transport == TRANSPORT_UDP && e != EXCHANGE_NO_RESOURCE)
		servers_on_error(it->env->servers, now, &x->to, x->sent_ms,
		                 e != EXCHANGE_UNREACHABLE);
	walk_end_exchange(it, x);
}

/* Who was silent before may still answer, but somebody new is asked now. */
static void stop_insisting(struct iterate *it, struct now now)
{
	for (unsigned i = 0; i < LIMIT_EXCHANGES_OUT; i++) {
		struct exchange *x = &it->exchanges[i];
		if (x->state != EXCHANGE_OUT || x->transport != TRANSPORT_UDP)
			continue;
		struct server k = servers_find(it->env->servers, now, &x->to, it->zone);
		if (it->targets[x->target].sent[TRANSPORT_UDP] > 1 || k.health == SERVER_DOWN)
			x->state = EXCHANGE_LATE;
	}
}

void iterate_on_fetched(struct iterate *it, struct now now, const struct question *q,
                        const struct outcome *outcome)
{
	if (it->state == ENDED)
		return;
	unsigned before = it->target_count;
	if (!targets_on_fetched(it, q, outcome) || it->target_count == before)
		return;
	if (it->state == LISTENING)
		stop_insisting(it, now);
	if (it->state == NEEDS_ADDRESS || (it->state == LISTENING && !is_waited_for(it)))
		it->state = AT_CUT;
}
