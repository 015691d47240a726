/*
 * tally.h - what the rooms of a worker have counted since it was last looked at.
 *
 * They count from nothing in each process; the counters of a worker's place outlive it, so only differences are
 * added to them.
 */
#ifndef SERVER_TALLY_H
#define SERVER_TALLY_H

#include "resolver/core/tasks.h"
#include "resolver/net/tcp.h"
#include "resolver/server/counters.h"

struct tally {
	struct counters *counters; /* borrowed */
	struct tasks_counts tasks; /* as last seen */
	struct tcp_counts tcp;
	uint64_t cut_short, unsent;
};

void tally_tasks(struct tally *t, const struct tasks_counts *now);
void tally_tcp(struct tally *t, const struct tcp_counts *now);
/* Datagrams: longer than our buffer; not sent by the system. */
void tally_udp(struct tally *t, uint64_t cut_short, uint64_t unsent);

#endif
