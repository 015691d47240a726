#include "warren_build.h"
#include "resolver/server/control_report.h"

#include "resolver/server/anchor_report.h"
#include "resolver/server/clock.h"
#include "resolver/server/nta_book.h"

#include <inttypes.h>

static int64_t seconds_since(int64_t ms)
{
	return (clock_boot_ms() - ms) / 1000;
}

static const struct child *process_at(const struct supervisor *s, unsigned i)
{
	return i == 0 ? &s->keeper : &s->workers[i - 1];
}

enum { PROCESSES = 1 + 2 * LIMIT_WORKERS, PROCESS_TEXT_MAX = 32 };

static void process_text(const struct child *c, char out[PROCESS_TEXT_MAX])
{
	if (c->slot.index == CHILD_KEEPER)
		snprintf(out, PROCESS_TEXT_MAX, "keeper");
	else
		snprintf(out, PROCESS_TEXT_MAX, "worker %u", c->slot.index);
}

static bool is_there(const struct child *c)
{
	return c->slot.state != SLOT_EMPTY && c->slot.supervisor[0] >= 0;
}

static void processes_plain(const struct supervisor *s, FILE *out)
{
	char name[PROCESS_TEXT_MAX];
	for (unsigned i = 0; i < PROCESSES; i++) {
		const struct child *c = process_at(s, i);
		if (!is_there(c))
			continue;
		process_text(c, name);
		fprintf(out, "%-12s process %d, %s, generation %u, up %" PRId64 " s\n", name,
		        (int)c->slot.pid, slot_state_text(c->slot.state), c->slot.generation,
		        seconds_since(c->slot.started_ms));
	}
}

static void processes_json(const struct supervisor *s, FILE *out)
{
	char name[PROCESS_TEXT_MAX];
	const char *before = "";
	for (unsigned i = 0; i < PROCESSES; i++) {
		const struct child *c = process_at(s, i);
		if (!is_there(c))
			continue;
		process_text(c, name);
		fprintf(out, "%s{\"name\":\"%s\",\"pid\":%d,\"state\":\"%s\",\"generation\":%u,\"up_s\":%" PRId64 "}",
		        before, name, (int)c->slot.pid, slot_state_text(c->slot.state),
		        c->slot.generation, seconds_since(c->slot.started_ms));
		before = ",";
	}
}

static uint64_t sum_of(const struct supervisor *s, size_t offset)
{
	uint64_t total = 0;
	for (unsigned i = 0; i < SUPERVISOR_COUNTERS; i++) {
		const void *word = (const char *)&s->counters[i] + offset;
		total += atomic_load_explicit((const _Atomic uint64_t *)word, memory_order_relaxed);
	}
	return total;
}

static void status(const struct supervisor *s, bool json, const char *store, const char *why,
                   FILE *out)
{
	int64_t up = seconds_since(s->started_ms);
	uint64_t entries = sum_of(s, offsetof(struct counters, hot_entries));
	uint64_t octets = sum_of(s, offsetof(struct counters, hot_octets));
	bool sha1 = s->config->validation.allow_sha1;
	if (json) {
		fprintf(out, "{\"version\":\"%s\",\"up_s\":%" PRId64 ",\"stage\":\"%s\",\"generation\":%u,"
			"\"processes\":[", PACKAGE_VERSION, up, supervisor_stage_text(s), s->generation);
		processes_json(s, out);
		fprintf(out, "],\"hot\":{\"entries\":%" PRIu64 ",\"octets\":%" PRIu64 "},\"store\":%s,\"anchors\":",
			entries, octets, store != NULL ? store : "null");
		anchor_report(s->anchors, sha1, true, out);
		fputs("}\n", out);
		return;
	}
	fprintf(out, "%-12s %s, %s, generation %u, up %" PRId64 " s\n", PACKAGE_NAME, PACKAGE_VERSION,
	        supervisor_stage_text(s), s->generation, up);
	processes_plain(s, out);
	fprintf(out, "%-12s %" PRIu64 " entries, %" PRIu64 " octets in the workers\n", "hot", entries, octets);
	if (store != NULL)
		fputs(store, out);
	else
		fprintf(out, "%-12s %s\n", "store", why);
	anchor_report(s->anchors, sha1, false, out);
}

static void stats_part(const struct counters *c, unsigned slots, bool json, FILE *out)
{
	char text[COUNTERS_TEXT_MAX];
	counters_text(c, slots, json, text, sizeof(text));
	fputs(text, out);
}

static void stats(const struct supervisor *s, const struct command *c, FILE *out)
{
	if (!c->workers) {
		stats_part(s->counters, SUPERVISOR_COUNTERS, c->json, out);
		fputs(c->json ? "\n" : "", out);
		return;
	}
	fputs(c->json ? "{" : "", out);
	for (unsigned i = 0; i < s->sockets.workers; i++) {
		fprintf(out, c->json ? "%s\"worker %u\":" : "%sworker %u\n", i > 0 && c->json ? "," : "", i);
		stats_part(&s->counters[2 * i], 2, c->json, out); /* of both generations */
	}
	fputs(c->json ? "}\n" : "", out);
}

static void anchors(const struct supervisor *s, bool json, FILE *out)
{
	const char *text = s->anchors != NULL ? s->anchors : "";
	if (json) {
		fputs("{\"anchors\":", out);
		anchor_report(s->anchors, s->config->validation.allow_sha1, true, out);
		fputs("}\n", out);
	} else if (text[0] != '\0') {
		fputs(text, out);
	} else {
		fputs("no state is kept: the anchors are those configured or built in\n", out);
	}
}

void control_report(const struct supervisor *s, const struct command *c, const char *store,
                    const char *why, FILE *out)
{
	if (c->kind == COMMAND_STATUS)
		status(s, c->json, store, why, out);
	else if (c->kind == COMMAND_STATS)
		stats(s, c, out);
	else if (c->kind == COMMAND_ANCHORS)
		anchors(s, c->json, out);
	else if (c->kind == COMMAND_NTA_LIST)
		nta_book_list(s->ntas, c->json, out);
}
