#include "resolver/server/job.h"

#include "resolver/server/control_client.h"
#include "resolver/server/control_report.h"
#include "resolver/server/nta_book.h"

#include <stdlib.h>
#include <string.h>

enum { SNAPSHOT_MS = 60000, RELOAD_MS = 20000, EXPLAIN_SPARE_MS = 2000, KEEPERS_TRIED = 2 };

enum whom { NOBODY, KEEPER, WORKERS, ONE_WORKER, EVERYBODY, SUPERVISOR };

enum { STEPS = 4 };

/*
 * A flush asks the workers twice: first so that none tells the keeper what it should forget, then again
 * because one may have taken it back from the store meanwhile.
 */
static const enum whom *steps_of(enum command_kind kind)
{
	static const enum whom nobody[STEPS] = { NOBODY };
	static const enum whom keeper[STEPS] = { KEEPER };
	static const enum whom lookup[STEPS] = { KEEPER, ONE_WORKER };
	static const enum whom flush[STEPS] = { WORKERS, KEEPER, WORKERS };
	static const enum whom one_worker[STEPS] = { ONE_WORKER };
	static const enum whom everybody[STEPS] = { EVERYBODY };
	static const enum whom supervisor[STEPS] = { SUPERVISOR };
	switch (kind) {
	case COMMAND_STATUS:
	case COMMAND_DUMP:
	case COMMAND_SNAPSHOT:
		return keeper;
	case COMMAND_LOOKUP:
		return lookup;
	case COMMAND_FLUSH:
	case COMMAND_NTA_ADD:
	case COMMAND_NTA_REMOVE:
		return flush;
	case COMMAND_EXPLAIN:
		return one_worker;
	case COMMAND_LOG:
		return everybody;
	case COMMAND_RELOAD:
		return supervisor;
	case COMMAND_STATS:
	case COMMAND_NTA_LIST:
	case COMMAND_ANCHORS:
	case COMMAND_STOP:
		return nobody;
	}
	return nobody;
}

static struct child *child_at(struct supervisor *s, unsigned i)
{
	return i < 2 * LIMIT_WORKERS ? &s->workers[i] : &s->keeper;
}

static unsigned place_of(const struct supervisor *s, const struct child *c)
{
	return c == &s->keeper ? 2 * LIMIT_WORKERS : (unsigned)(c - s->workers);
}

static bool lives(const struct child *c)
{
	return c->slot.state == SLOT_SERVING || c->slot.state == SLOT_STARTING;
}

static void note(struct job *j, const char *why, size_t len)
{
	if (j->why[0] != '\0')
		return;
	snprintf(j->why, sizeof(j->why), "%.*s", (int)(len < sizeof(j->why) ? len : sizeof(j->why) - 1),
	         why);
}

static void note_text(struct job *j, const char *why)
{
	note(j, why, strlen(why));
}

static void say(struct job *j, const char *text, size_t len)
{
	if (j->client != NULL)
		control_client_say(j->client, text, len);
}

static void stop(struct job *j)
{
	ev_timer_stop(j->supervisor->loop, &j->patience);
	memset(j->awaited, 0, sizeof(j->awaited));
	j->awaiting = 0;
	j->errand = 0;
	j->active = false;
	j->hungry = false;
}

static void end(struct job *j)
{
	stop(j);
	free(j->held);
	j->held = NULL;
	j->held_len = 0;
	if (j->client == NULL)
		return;
	if (j->why[0] != '\0')
		control_client_fail(j->client, j->why);
	else
		control_client_done(j->client);
}

/* ---- what the supervisor does by itself ---- */

/* Owned text of a report, said at once. */
static void say_report(struct job *j)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	if (out == NULL) {
		note_text(j, "out of memory");
		return;
	}
	control_report(j->supervisor, &j->command, j->held, j->why, out);
	j->why[0] = '\0';
	if (fclose(out) == 0)
		say(j, text, len);
	else
		note_text(j, "out of memory");
	free(text);
}

static void set_log(struct supervisor *s, enum log_level level)
{
	s->log.level = level;
	log_notice(&s->log, "log level set by the operator");
}

/* Before the first step.  What goes wrong is noted, and then there are no steps. */
static void prepare(struct job *j)
{
	struct supervisor *s = j->supervisor;
	const char *why = "";
	switch (j->command.kind) {
	case COMMAND_LOG:
		set_log(s, j->command.level);
		return;
	case COMMAND_RELOAD:
		(void)supervisor_reload(s, j->why, sizeof(j->why));
		return;
	case COMMAND_NTA_ADD:
		if (nta_book_add(s->ntas, &j->command.name, j->command.seconds, &why) != ERR_OK)
			note_text(j, why);
		return;
	case COMMAND_NTA_REMOVE:
		if (nta_book_remove(s->ntas, &j->command.name, &why) != ERR_OK)
			note_text(j, why);
		return;
	case COMMAND_STATUS:
	case COMMAND_LOOKUP:
	case COMMAND_FLUSH:
	case COMMAND_DUMP:
	case COMMAND_SNAPSHOT:
	case COMMAND_EXPLAIN:
	case COMMAND_STATS:
	case COMMAND_NTA_LIST:
	case COMMAND_ANCHORS:
	case COMMAND_STOP:
		return;
	}
}

/* Of what has nothing to tell: whoever reads JSON finds some. */
static void say_done(struct job *j)
{
	if (j->command.json && j->why[0] == '\0')
		say(j, "{}\n", 3);
}

/* All steps are made. */
static void finish(struct job *j)
{
	struct supervisor *s = j->supervisor;
	switch (j->command.kind) {
	case COMMAND_STATUS:
	case COMMAND_STATS:
	case COMMAND_NTA_LIST:
	case COMMAND_ANCHORS:
		say_report(j); /* with what could not be had, which is no failure */
		end(j);
		return;
	case COMMAND_STOP:
		say_done(j);
		end(j);
		supervisor_stop(s);
		return;
	case COMMAND_FLUSH:
	case COMMAND_SNAPSHOT:
	case COMMAND_RELOAD:
	case COMMAND_NTA_ADD:
	case COMMAND_NTA_REMOVE:
	case COMMAND_LOG:
		say_done(j);
		end(j);
		return;
	case COMMAND_LOOKUP:
	case COMMAND_DUMP:
	case COMMAND_EXPLAIN:
		end(j);
		return;
	}
}

/* ---- errands ---- */

static int64_t patience_ms(const struct job *j)
{
	switch (j->command.kind) {
	case COMMAND_SNAPSHOT:
		return SNAPSHOT_MS;
	case COMMAND_RELOAD:
		return RELOAD_MS;
	case COMMAND_EXPLAIN:
		return (int64_t)j->supervisor->config->limits.question_ms + EXPLAIN_SPARE_MS;
	case COMMAND_STATUS:
	case COMMAND_STATS:
	case COMMAND_LOOKUP:
	case COMMAND_FLUSH:
	case COMMAND_DUMP:
	case COMMAND_NTA_LIST:
	case COMMAND_NTA_ADD:
	case COMMAND_NTA_REMOVE:
	case COMMAND_ANCHORS:
	case COMMAND_LOG:
	case COMMAND_STOP:
		return LIMIT_CONTROL_ASK_MS;
	}
	return LIMIT_CONTROL_ASK_MS;
}

static void be_patient(struct job *j)
{
	ev_timer_stop(j->supervisor->loop, &j->patience);
	ev_timer_set(&j->patience, (double)patience_ms(j) / 1000, 0);
	ev_timer_start(j->supervisor->loop, &j->patience);
}

static void ask(struct job *j, struct child *c)
{
	const struct errand e = {
		.number = j->errand,
		.place = j->place,
		.place_len = j->place_len,
		.request = j->request,
		.request_len = j->request_len,
	};
	if (errand_send(c->slot.supervisor[0], &e) != ERR_OK) {
		note_text(j, "a process does not read its messages");
		return;
	}
	j->awaited[place_of(j->supervisor, c)] = true;
	j->awaiting++;
}

/* One that is just ending or not yet there has a successor, which finds the message in its channel. */
static void ask_keeper(struct job *j)
{
	ask(j, &j->supervisor->keeper);
}

static void ask_workers(struct job *j)
{
	for (unsigned i = 0; i < 2 * LIMIT_WORKERS; i++) {
		if (lives(child_at(j->supervisor, i)))
			ask(j, child_at(j->supervisor, i));
	}
}

static void ask_one_worker(struct job *j)
{
	for (unsigned i = 0; i < 2 * LIMIT_WORKERS; i++) {
		struct child *c = child_at(j->supervisor, i);
		if (c->slot.state == SLOT_SERVING) {
			ask(j, c);
			return;
		}
	}
	note_text(j, "no worker is there");
}

static void make_step(struct job *j, enum whom whom)
{
	j->errand = ++j->supervisor->last_errand;
	switch (whom) {
	case NOBODY:
		break;
	case KEEPER:
		ask_keeper(j);
		break;
	case WORKERS:
		ask_workers(j);
		break;
	case ONE_WORKER:
		ask_one_worker(j);
		break;
	case EVERYBODY:
		ask_workers(j);
		ask_keeper(j);
		break;
	case SUPERVISOR:
		j->awaiting = 1; /* until job_on_reloaded */
		break;
	}
	be_patient(j);
}

/* From step to step, as long as nobody is to be waited for. */
static void go_on(struct job *j)
{
	while (j->active && j->awaiting == 0) {
		enum whom whom = j->step < STEPS ? steps_of(j->command.kind)[j->step] : NOBODY;
		if (whom == NOBODY) {
			finish(j);
			return;
		}
		j->step++;
		make_step(j, whom);
	}
}

static void on_patience(struct ev_loop *loop, ev_timer *timer, int events)
{
	struct job *j = timer->data;
	(void)loop;
	(void)events;
	if (j->awaited[2 * LIMIT_WORKERS])
		note_text(j, "the keeper did not answer in time");
	else
		note_text(j, "a worker did not answer in time");
	memset(j->awaited, 0, sizeof(j->awaited));
	j->awaiting = 0;
	j->place_len = 0;
	go_on(j);
}

void job_init(struct job *j, struct supervisor *s, struct control_client *client)
{
	*j = (struct job){ .supervisor = s, .client = client };
	ev_timer_init(&j->patience, on_patience, 0, 0);
	j->patience.data = j;
}

void job_clear(struct job *j)
{
	stop(j);
	free(j->held);
	j->held = NULL;
	j->held_len = 0;
}

void job_begin(struct job *j, const uint8_t *request, size_t len)
{
	j->request = request;
	j->request_len = len;
	j->step = 0;
	j->place_len = 0;
	j->again = 0;
	j->why[0] = '\0';
	if (command_parse(request, len, &j->command, j->why) != ERR_OK) {
		end(j);
		return;
	}
	prepare(j);
	if (j->why[0] != '\0') {
		end(j);
		return;
	}
	j->active = true;
	go_on(j);
}

static void hold(struct job *j, const struct errand_said *said)
{
	char *more = realloc(j->held, j->held_len + said->len + 1);
	if (more == NULL)
		return;
	memcpy(more + j->held_len, said->octets, said->len);
	j->held = more;
	j->held_len += said->len;
	j->held[j->held_len] = '\0';
}

void job_on_tell(struct job *j, const struct errand_said *said)
{
	if (!j->active || said->number != j->errand)
		return;
	be_patient(j);
	if (j->command.kind == COMMAND_STATUS)
		hold(j, said);
	else
		say(j, (const char *)said->octets, said->len);
}

static void forget(struct job *j, const struct child *child)
{
	unsigned i = place_of(j->supervisor, child);
	if (!j->awaited[i])
		return;
	j->awaited[i] = false;
	j->awaiting--;
}

/* The same step again, from where it stopped; not before the client has room for more. */
static void ask_for_more(struct job *j, const struct errand_said *said)
{
	memcpy(j->place, said->octets, said->len);
	j->place_len = said->len;
	j->step--;
	j->hungry = j->client != NULL && j->client->unsent_len > 0;
	if (j->hungry)
		ev_timer_stop(j->supervisor->loop, &j->patience);
	else
		go_on(j);
}

void job_on_told(struct job *j, const struct child *from, const struct errand_said *said)
{
	if (!j->active || said->number != j->errand)
		return;
	forget(j, from);
	if (said->failed)
		note(j, (const char *)said->octets, said->len);
	if (!said->failed && said->len > 0 && said->len <= ERRAND_PLACE_MAX) {
		ask_for_more(j, said);
		return;
	}
	j->place_len = 0;
	go_on(j);
}

void job_on_gone(struct job *j, const struct child *child)
{
	if (!j->active || !j->awaited[place_of(j->supervisor, child)])
		return;
	if (child == &j->supervisor->keeper && j->again++ < KEEPERS_TRIED)
		j->step--; /* it may have read the errand: its successor gets another */
	else if (child == &j->supervisor->keeper)
		note_text(j, "the keeper ended meanwhile");
	else if (j->command.kind == COMMAND_EXPLAIN)
		note_text(j, "the worker ended meanwhile");
	forget(j, child); /* what a worker knew ended with it */
	go_on(j);
}

void job_on_reloaded(struct job *j, const char *why)
{
	if (!j->active || j->command.kind != COMMAND_RELOAD)
		return;
	if (why != NULL)
		note_text(j, why);
	j->awaiting = 0;
	go_on(j);
}

void job_on_drained(struct job *j)
{
	if (!j->active || !j->hungry)
		return;
	j->hungry = false;
	go_on(j);
}
