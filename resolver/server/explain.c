#include "resolver/server/explain.h"

#include "resolver/server/json.h"
#include "resolver/wire/zonetext.h"

#include <inttypes.h>
#include <string.h>

enum {
	QUESTION_TEXT_MAX = NAME_TEXT_MAX + TYPE_TEXT_MAX,
	SET_TEXT_MAX = 64 << 10,
	SERVER_TEXT_MAX = ADDRESS_TEXT_MAX + 8,
};

static const char *kind_text(enum trace_kind k)
{
	switch (k) {
	case TRACE_FOUND:
		return "found";
	case TRACE_FAILING:
		return "failing";
	case TRACE_UNCHECKED:
		return "unchecked";
	case TRACE_MISSING:
		return "missing";
	case TRACE_JOINED:
		return "joined";
	case TRACE_CUT:
		return "cut";
	case TRACE_SENT:
		return "sent";
	case TRACE_GOT:
		return "got";
	case TRACE_SILENT:
		return "silent";
	case TRACE_UNREACHED:
		return "unreached";
	case TRACE_ODD:
		return "odd";
	case TRACE_NEEDS:
		return "needs";
	case TRACE_DS:
		return "ds";
	case TRACE_SIGNATURE:
		return "signature";
	case TRACE_JUDGED:
		return "judged";
	case TRACE_FAILED:
		return "failed";
	}
	return "?";
}

/* RFC 8624 section 3.1, by number; NULL: no name we know. */
static const char *algorithm_text(uint8_t algorithm)
{
	switch (algorithm) {
	case 5:
		return "RSASHA1";
	case 7:
		return "RSASHA1-NSEC3-SHA1";
	case 8:
		return "RSASHA256";
	case 10:
		return "RSASHA512";
	case 13:
		return "ECDSAP256SHA256";
	case 14:
		return "ECDSAP384SHA384";
	case 15:
		return "ED25519";
	case 16:
		return "ED448";
	default:
		return "algorithm";
	}
}

static void question_text(const struct question *q, char out[QUESTION_TEXT_MAX])
{
	name_text(&q->name, out);
	size_t len = strlen(out);
	out[len] = ' ';
	type_text(q->type, out + len + 1);
}

static void server_text(const struct trace_event *e, char out[SERVER_TEXT_MAX])
{
	char address[ADDRESS_TEXT_MAX];
	address_text(&e->server, address);
	if (e->server.port == 0 || e->server.port == 53)
		snprintf(out, SERVER_TEXT_MAX, "%s", address);
	else
		snprintf(out, SERVER_TEXT_MAX, "%s@%u", address, e->server.port);
}

static const char *rcode_text(uint16_t rcode)
{
	const char *name = rcode_name(rcode);
	return name != NULL ? name : "unknown rcode";
}

static bool is_alias(const struct trace_event *e)
{
	return e->kind == TRACE_FOUND && !name_is_root(&e->name);
}

/* ---- in words ---- */

static void say_known(FILE *out, const struct trace_event *e, const char *q)
{
	char name[NAME_TEXT_MAX];
	fprintf(out, "%s is %s: %s, %s", q, e->what, e->reason, security_text(e->security));
	if (is_alias(e)) {
		name_text(&e->name, name);
		fprintf(out, ", to %s", name);
	}
}

static void say_exchange(FILE *out, const struct trace_event *e, const char *q)
{
	char server[SERVER_TEXT_MAX];
	const char *over = e->tcp ? "TCP" : "UDP";
	server_text(e, server);
	if (e->kind == TRACE_SENT)
		fprintf(out, "-> %s over %s: %s", server, over, q);
	else if (e->kind == TRACE_GOT)
		fprintf(out, "<- %s: %s (%s, %" PRIu32 " ms)", server, e->what, rcode_text(e->rcode), e->ms);
	else if (e->kind == TRACE_SILENT)
		fprintf(out, "%s has not answered %s over %s within %" PRIu32 " ms", server, q, over, e->ms);
	else if (e->kind == TRACE_UNREACHED)
		fprintf(out, "%s cannot be reached over %s: %s", server, over, e->what);
	else
		fprintf(out, "<- %s over %s: not to be used, %s", server, over, e->what);
}

static void say_proof(FILE *out, const struct trace_event *e, const char *q)
{
	char name[NAME_TEXT_MAX];
	name_text(&e->name, name);
	if (e->kind == TRACE_DS)
		fprintf(out, "DS of %s, key tag %u, %s (%u), digest %u: %s", name, e->tag,
		        algorithm_text(e->algorithm), e->algorithm, e->digest, e->what);
	else
		fprintf(out, "signature over %s by %s, key tag %u, %s (%u): %s%s", q, name, e->tag,
		        algorithm_text(e->algorithm), e->algorithm,
		        e->reason[0] == '\0' ? "good" : "no good, ", e->reason);
}

static void say_event(FILE *out, const struct trace_event *e)
{
	char q[QUESTION_TEXT_MAX], name[NAME_TEXT_MAX];
	question_text(&e->question, q);
	name_text(&e->name, name);
	switch (e->kind) {
	case TRACE_FOUND:
		say_known(out, e, q);
		break;
	case TRACE_FAILING:
		fprintf(out, "%s is known to fail: %s", q, e->reason);
		break;
	case TRACE_UNCHECKED:
		fprintf(out, "%s is in the cache, but was not validated yet", q);
		break;
	case TRACE_MISSING:
		fprintf(out, "%s is not in the cache", q);
		break;
	case TRACE_JOINED:
		fprintf(out, "%s is being resolved for somebody else: waits for that", q);
		break;
	case TRACE_CUT:
		fprintf(out, "goes to the servers of %s, %s", name, e->what);
		break;
	case TRACE_NEEDS:
		fprintf(out, "needs %s", q);
		break;
	case TRACE_SENT:
	case TRACE_GOT:
	case TRACE_SILENT:
	case TRACE_UNREACHED:
	case TRACE_ODD:
		say_exchange(out, e, q);
		break;
	case TRACE_DS:
	case TRACE_SIGNATURE:
		say_proof(out, e, q);
		break;
	case TRACE_JUDGED:
		fprintf(out, "%s, %s, is judged %s%s%s", q, e->what, security_text(e->security),
		        e->reason[0] != '\0' ? ": " : "", e->reason);
		break;
	case TRACE_FAILED:
		fprintf(out, "gives up on %s: %s", q, e->reason);
		break;
	}
}

static bool is_break(const struct trace_event *e)
{
	switch (e->kind) {
	case TRACE_JUDGED:
		return e->security == SECURITY_BOGUS || e->security == SECURITY_INDETERMINATE;
	case TRACE_FAILED:
	case TRACE_FAILING:
		return true;
	case TRACE_FOUND:
	case TRACE_UNCHECKED:
	case TRACE_MISSING:
	case TRACE_JOINED:
	case TRACE_CUT:
	case TRACE_SENT:
	case TRACE_GOT:
	case TRACE_SILENT:
	case TRACE_UNREACHED:
	case TRACE_ODD:
	case TRACE_NEEDS:
	case TRACE_DS:
	case TRACE_SIGNATURE:
		return false;
	}
	return false;
}

/* Where it went wrong first, for an answer that went wrong.  NULL: nowhere, or it was overcome. */
static const struct trace_event *find_break(const struct trace *t, const struct message *reply)
{
	if (reply->rcode != RCODE_SERVFAIL)
		return NULL;
	const struct trace_event *judged = NULL, *failed = NULL;
	for (unsigned i = 0; i < t->count; i++) {
		const struct trace_event *e = &t->events[i];
		if (!is_break(e))
			continue;
		if (e->kind == TRACE_JUDGED && judged == NULL)
			judged = e;
		if (e->level == 0 || failed == NULL)
			failed = failed != NULL && failed->level == 0 ? failed : e;
	}
	return judged != NULL ? judged : failed;
}

/* It says nothing that the one before did not say. */
static bool is_repeated(const struct trace *t, unsigned i)
{
	const struct trace_event *e = &t->events[i], *before = i > 0 ? e - 1 : NULL;
	if (before == NULL || !question_equal(&before->question, &e->question))
		return false;
	if (e->kind == TRACE_MISSING || e->kind == TRACE_UNCHECKED)
		return before->kind == e->kind;
	return e->kind == TRACE_FAILED && strcmp(before->reason, e->reason) == 0;
}

static void say_answer(FILE *out, const struct message *m)
{
	char text[SET_TEXT_MAX];
	const char *name = rcode_text(m->rcode);
	fprintf(out, "%s%s\n", name, (m->flags & FLAG_AD) != 0 ? ", validated (AD)" : "");
	for (unsigned i = 0; i < m->edns.error_count && m->edns.present; i++)
		fprintf(out, "extended error %u: %s\n", m->edns.errors[i].ede, ede_text(m->edns.errors[i].ede));
	for (unsigned i = 0; i < m->section[SECTION_ANSWER].count; i++) {
		if (rrset_text(&m->section[SECTION_ANSWER].sets[i], text, sizeof(text)))
			fputs(text, out);
	}
}

void explain_plain(FILE *out, const struct trace *t, const struct message *reply)
{
	for (unsigned i = 0; i < t->count; i++) {
		const struct trace_event *e = &t->events[i];
		if (is_repeated(t, i))
			continue;
		fprintf(out, "%6" PRId64 " ms  %*s", e->at_ms - t->begun_ms, (int)(2 * e->level), "");
		say_event(out, e);
		fputc('\n', out);
	}
	if (t->lost > 0)
		fprintf(out, "%u more events found no room\n", t->lost);
	fputc('\n', out);
	say_answer(out, reply);
	const struct trace_event *broke = find_break(t, reply);
	if (broke != NULL) {
		fputs("it broke here: ", out);
		say_event(out, broke);
		fputc('\n', out);
	}
}

/* ---- as JSON ---- */

static void put_question(FILE *out, const struct question *q)
{
	char type[TYPE_TEXT_MAX];
	type_text(q->type, type);
	fputs(",\"name\":", out);
	json_name(out, &q->name);
	fprintf(out, ",\"type\":\"%s\"", type);
}

static void put_reason(FILE *out, const struct trace_event *e, const char *key)
{
	if (e->reason[0] == '\0')
		return;
	fprintf(out, ",\"%s\":", key);
	json_string(out, e->reason);
	if (e->ede != EDE_NONE)
		fprintf(out, ",\"ede\":%u", e->ede);
}

static void put_exchange(FILE *out, const struct trace_event *e)
{
	char server[SERVER_TEXT_MAX];
	server_text(e, server);
	fprintf(out, ",\"server\":\"%s\",\"transport\":\"%s\"", server, e->tcp ? "tcp" : "udp");
	if (e->kind != TRACE_SENT)
		fprintf(out, ",\"ms\":%" PRIu32, e->ms);
	if (e->kind == TRACE_GOT)
		fprintf(out, ",\"rcode\":\"%s\"", rcode_text(e->rcode));
}

static void put_details(FILE *out, const struct trace_event *e)
{
	switch (e->kind) {
	case TRACE_FOUND:
		put_question(out, &e->question);
		fprintf(out, ",\"security\":\"%s\"", security_text(e->security));
		put_reason(out, e, "is");
		break;
	case TRACE_CUT:
		fputs(",\"zone\":", out);
		json_name(out, &e->name);
		break;
	case TRACE_SENT:
	case TRACE_GOT:
	case TRACE_SILENT:
	case TRACE_UNREACHED:
	case TRACE_ODD:
		put_question(out, &e->question);
		put_exchange(out, e);
		break;
	case TRACE_SIGNATURE:
		put_question(out, &e->question);
		fputs(",\"signer\":", out);
		json_name(out, &e->name);
		fprintf(out, ",\"tag\":%u,\"algorithm\":%u,\"good\":%s", e->tag, e->algorithm,
		        e->reason[0] == '\0' ? "true" : "false");
		put_reason(out, e, "reason");
		break;
	case TRACE_DS:
		fputs(",\"zone\":", out);
		json_name(out, &e->name);
		fprintf(out, ",\"tag\":%u,\"algorithm\":%u,\"digest\":%u", e->tag, e->algorithm, e->digest);
		break;
	case TRACE_JUDGED:
		put_question(out, &e->question);
		fprintf(out, ",\"security\":\"%s\"", security_text(e->security));
		put_reason(out, e, "reason");
		break;
	case TRACE_FAILING:
	case TRACE_UNCHECKED:
	case TRACE_MISSING:
	case TRACE_JOINED:
	case TRACE_NEEDS:
	case TRACE_FAILED:
		put_question(out, &e->question);
		put_reason(out, e, "reason");
		break;
	}
	if (e->what != NULL) {
		fputs(",\"what\":", out);
		json_string(out, e->what);
	}
}

static void put_event(FILE *out, const struct trace *t, const struct trace_event *e)
{
	fprintf(out, "{\"event\":\"%s\",\"at_ms\":%" PRId64 ",\"level\":%u", kind_text(e->kind),
	        e->at_ms - t->begun_ms, e->level);
	put_details(out, e);
	fputc('}', out);
}

/* Each record a string, as in a zone file. */
static void put_records(FILE *out, const struct message *m)
{
	char text[SET_TEXT_MAX];
	const char *before = "";
	for (unsigned i = 0; i < m->section[SECTION_ANSWER].count; i++) {
		if (!rrset_text(&m->section[SECTION_ANSWER].sets[i], text, sizeof(text)))
			continue;
		for (char *line = text, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
			*end = '\0';
			fputs(before, out);
			json_string(out, line);
			before = ",";
		}
	}
}

void explain_json(FILE *out, const struct trace *t, const struct message *reply)
{
	fputs("{\"events\":[", out);
	for (unsigned i = 0; i < t->count; i++) {
		fputs(i > 0 ? "," : "", out);
		put_event(out, t, &t->events[i]);
	}
	fprintf(out, "],\"lost\":%u,\"rcode\":\"%s\",\"ad\":%s,\"errors\":[", t->lost,
	        rcode_text(reply->rcode), (reply->flags & FLAG_AD) != 0 ? "true" : "false");
	for (unsigned i = 0; i < reply->edns.error_count && reply->edns.present; i++)
		fprintf(out, "%s%u", i > 0 ? "," : "", reply->edns.errors[i].ede);
	fputs("],\"answer\":[", out);
	put_records(out, reply);
	fputs("],\"broke\":", out);
	const struct trace_event *broke = find_break(t, reply);
	if (broke != NULL)
		put_event(out, t, broke);
	else
		fputs("null", out);
	fputs("}\n", out);
}
