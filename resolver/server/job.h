/*
 * job.h - what the supervisor does about one command, step by step.
 *
 * A command is a short list of steps: ask the keeper, ask all workers, ask one of them; then the answer is
 * complete.  A step ends when everybody asked has answered, is gone, or has let LIMIT_CONTROL_ASK_MS
 * pass.  A job without a client works all the same: its answer is dropped.
 */
#ifndef SERVER_JOB_H
#define SERVER_JOB_H

#include "resolver/server/child.h"
#include "resolver/server/command.h"
#include "resolver/server/errand.h"

struct control_client;

enum { JOB_CHILDREN = 2 * LIMIT_WORKERS + 1, JOB_WHY_MAX = CONFIG_WHAT_MAX + 256 };

struct job {
	struct supervisor *supervisor;
	struct control_client *client; /* NULL: nobody listens */
	const uint8_t *request;        /* borrowed from the client, or below */
	size_t request_len;
	struct command command;
	bool active;
	unsigned step;
	uint64_t errand;               /* number of the one under way; 0: none */
	bool awaited[JOB_CHILDREN];
	unsigned awaiting;
	unsigned again;                /* times the keeper ended over the step under way */
	ev_timer patience;
	size_t place_len;              /* DUMP: where to go on */
	uint8_t place[ERRAND_PLACE_MAX];
	bool hungry;                   /* DUMP: goes on when the client has taken what there is */
	char *held;                    /* owned: text kept for the end of a STATUS */
	size_t held_len;
	char why[JOB_WHY_MAX];         /* what went wrong first */
};

void job_init(struct job *j, struct supervisor *s, struct control_client *client);
void job_clear(struct job *j); /* stops it wherever it is */

/* request: without its length; borrowed until the job ends. */
void job_begin(struct job *j, const uint8_t *request, size_t len);

void job_on_tell(struct job *j, const struct errand_said *said);
void job_on_told(struct job *j, const struct child *from, const struct errand_said *said);
void job_on_gone(struct job *j, const struct child *child);
void job_on_reloaded(struct job *j, const char *why);
/* The client has taken all that was said so far. */
void job_on_drained(struct job *j);

#endif
