/*
 * sockets.h - the listening sockets: one UDP and one TCP a worker for each configured address.
 *
 * The supervisor makes and keeps them, workers inherit them: a worker that dies loses no socket and
 * what waits in its queues is answered by its successor; a reload hands the same sockets to the next
 * generation (SO_REUSEPORT spreads the clients).
 */
#ifndef SERVER_SOCKETS_H
#define SERVER_SOCKETS_H

#include "resolver/server/config.h"
#include "resolver/server/log.h"

struct sockets {
	unsigned workers;
	size_t address_count;
	struct socket_row {
		struct address at;
		int udp, tcp; /* tcp: -1 when TCP is off */
	} *rows; /* workers * address_count, a worker's rows together */
};

/*
 * All of config's listen addresses for that many workers.  Sockets of old (may be NULL) for the same
 * address and worker are shared by dup(2).  An address this machine has not is left out as long as
 * there is another; all else fails.  Without old a port that somebody has is waited for, a second at most.  What
 * went wrong is in the log, and which addresses to ask from the machine has not.
 */
MUST_CHECK enum err sockets_open(const struct config *config, unsigned workers,
                                 const struct sockets *old, struct sockets *out,
                                 struct log *log);
void sockets_close(struct sockets *s);

/*
 * The sockets of old that the next do not share get no more questions, so that what waits in them can be
 * answered before they are closed.
 */
void sockets_retire(const struct sockets *old, const struct sockets *next);

const struct socket_row *sockets_of(const struct sockets *s, unsigned worker);
/* In a worker: closes every socket that is not that worker's. */
void sockets_keep_only(struct sockets *s, unsigned worker);

#endif
