/*
 * control_client.h - one connection to the control socket: a request in, an answer out.
 *
 * Reads one bounded frame, hands it to its job (job.h), and sends what the job says in frames.  A client
 * that is slow is waited for, within LIMIT_CONTROL_IDLE_MS; one that wants more than
 * LIMIT_CONTROL_UNSENT at once is told that it failed.
 */
#ifndef SERVER_CONTROL_CLIENT_H
#define SERVER_CONTROL_CLIENT_H

#include "resolver/base/list.h"
#include "resolver/server/job.h"

enum control_client_state {
	CLIENT_READING, /* its request */
	CLIENT_WORKING, /* its job is under way */
	CLIENT_LEAVING, /* the answer is complete; what is unsent goes out */
};

struct control_client {
	struct list link;
	struct ev_loop *loop;
	int fd;
	enum control_client_state state;
	ev_io in, out;
	ev_timer idle;
	size_t got;            /* octets of frame */
	uint8_t *frame;        /* owned: the request with its length */
	char *unsent;          /* owned */
	size_t unsent_len, unsent_room;
	struct job job;
	bool gone;             /* to be freed by whoever looks next */
};

/* Takes fd, also when it fails.  NULL: no memory. */
struct control_client *control_client_new(struct supervisor *s, int fd);
void control_client_free(struct control_client *c);

/* For its job.  Text is sent as it comes; done and fail are the end. */
void control_client_say(struct control_client *c, const char *text, size_t len);
void control_client_done(struct control_client *c);
void control_client_fail(struct control_client *c, const char *why);

#endif
