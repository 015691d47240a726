#include "resolver/server/process.h"

#include "resolver/server/keeper.h"
#include "resolver/server/memory.h"
#include "resolver/server/nta_book.h"
#include "resolver/server/worker.h"

/* Sockets of others, and of a generation that goes, are closed. */
static int run_worker(struct supervisor *s, struct child *c)
{
	sockets_keep_only(&s->sockets, c->slot.index);
	sockets_close(&s->old_sockets);
	char who[16];
	snprintf(who, sizeof(who), "worker %u", c->slot.index);
	log_init(&s->log, s->log.level, s->config->limits.log_per_second, who);
	size_t ntas_len;
	const uint8_t *ntas = nta_book_octets(s->ntas, &ntas_len);
	const struct worker_setup setup = {
		.ntas = ntas,
		.ntas_len = ntas_len,
		.config = s->config,
		.clock = { .offset_ms = s->clock_offset_ms },
		.log = &s->log,
		.counters = child_counters(s, c),
		.sockets = sockets_of(&s->sockets, c->slot.index),
		.socket_count = s->sockets.address_count,
		.supervisor = c->slot.supervisor[1],
		.keeper = c->slot.keeper[1],
		.index = c->slot.index,
		.may_open_store = s->is_kept,
		.witness = child_witness(s, c),
		.anchors = s->anchors,
	};
	return worker_run(&setup);
}

static int run_keeper(struct supervisor *s)
{
	int channels[2 * LIMIT_WORKERS];
	unsigned count = 0;
	for (unsigned i = 0; i < 2 * LIMIT_WORKERS; i++) {
		if (s->workers[i].slot.keeper[0] >= 0)
			channels[count++] = s->workers[i].slot.keeper[0];
	}
	sockets_close(&s->sockets);
	sockets_close(&s->old_sockets);
	log_init(&s->log, s->log.level, s->config->limits.log_per_second, "keeper");
	const struct keeper_setup setup = {
		.config = s->config,
		.log = &s->log,
		.supervisor = s->keeper.slot.supervisor[1],
		.workers = channels,
		.anchors = s->anchors,
		.worker_count = count,
		.trust = s->trust,
		.witness = child_witness(s, &s->keeper),
	};
	return keeper_run(&setup);
}

int process_run(struct supervisor *s, struct child *c)
{
	memory_offer();
	memory_hold();
	return c == &s->keeper ? run_keeper(s) : run_worker(s, c);
}
