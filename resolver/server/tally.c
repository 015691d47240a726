#include "resolver/server/tally.h"

void tally_tasks(struct tally *t, const struct tasks_counts *now)
{
	struct counters *c = t->counters;
	const struct tasks_counts *last = &t->tasks;
	count_add(&c->answers_hit, now->finished - last->finished);
	count_add(&c->stale, now->stale - last->stale);
	count_add(&c->secure, now->secure - last->secure);
	count_add(&c->bogus, now->bogus - last->bogus);
	count_add(&c->synthesised, now->synthesised - last->synthesised);
	count_add(&c->prefetched, now->prefetched - last->prefetched);
	count_add(&c->upstream_sent, now->sends - last->sends);
	count_add(&c->upstream_timeout, now->timeouts - last->timeouts);
	count_add(&c->near_miss, now->near_misses - last->near_misses);
	count_add(&c->verifies, now->verifies - last->verifies);
	count_set(&c->in_flight, now->in_flight);
	t->tasks = *now;
}

void tally_tcp(struct tally *t, const struct tcp_counts *now)
{
	count_add(&t->counters->tcp_refused, now->refused - t->tcp.refused);
	count_add(&t->counters->tcp_closed, now->closed - t->tcp.closed);
	t->tcp = *now;
}

void tally_udp(struct tally *t, uint64_t cut_short, uint64_t unsent)
{
	count_add(&t->counters->udp_cut_short, cut_short - t->cut_short);
	count_add(&t->counters->udp_unsent, unsent - t->unsent);
	t->cut_short = cut_short;
	t->unsent = unsent;
}
