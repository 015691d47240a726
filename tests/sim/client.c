/* Clients: what they ask, as octets, and the one answer each must get. */
#include "tests/sim/sim.h"

#include "resolver/core/reply.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void write_wish(const struct wish *wish, uint16_t id, struct writer *w)
{
	write_u16(w, id);
	write_u16(w, (uint16_t)(wish->flags | wish->opcode << 11));
	write_u16(w, 1);
	write_u16(w, 0);
	write_u16(w, 0);
	write_u16(w, wish->edns);
	write_plain_name(w, &wish->question.name);
	write_u16(w, wish->question.type);
	write_u16(w, wish->question.class);
	if (!wish->edns)
		return;
	struct edns edns = { .present = true,
			     .udp_size = wish->udp_size,
			     .version = wish->version,
			     .dnssec_ok = wish->dnssec_ok };
	edns_write(w, &edns);
}

static struct client *new_client(struct sim *s)
{
	if (s->client_count == s->client_room) {
		s->client_room = s->client_room == 0 ? 16 : 2 * s->client_room;
		s->clients = realloc(s->clients, s->client_room * sizeof(*s->clients));
		assert(s->clients != NULL);
	}
	struct client *c = &s->clients[s->client_count++];
	*c = (struct client){ .asked_ms = s->clock.ms };
	return c;
}

static void keep_reply(struct sim *s, struct client *c, uint64_t number, const struct writer *w)
{
	s->answered_last = number;
	s->pending -= c->answers == 0 && !c->dropped;
	if (++c->answers > 1) {
		sim_wrong(s, "client %lu was answered twice", (unsigned long)number);
		return;
	}
	if (w->err != ERR_OK)
		sim_wrong(s, "the reply to client %lu was not written whole",
			  (unsigned long)number);
	c->answered_ms = s->clock.ms;
	c->reply_len = writer_length(w);
	c->reply = malloc(c->reply_len + 1);
	assert(c->reply != NULL);
	memcpy(c->reply, w->start, c->reply_len);
	char what[64];
	snprintf(what, sizeof(what), "=> client %lu", (unsigned long)number);
	trace_message(s, what, c->reply, c->reply_len);
}

/* What server/ would hand to core for this client. */
static struct ask ask_of(const struct sim *s, const struct client *c, struct edns *edns)
{
	*edns = (struct edns){ .present = true, .udp_size = s->resolver.policy.udp_size };
	return (struct ask){
		.query = &c->parsed,
		.client = c->address,
		.stream = c->stream,
		.may_snoop = s->resolver.snoop,
		.edns = c->parsed.edns.present ? edns : NULL,
	};
}

static void ask_tasks(struct sim *s, struct client *c, uint64_t number)
{
	struct edns edns;
	struct ask ask = ask_of(s, c, &edns);
	struct writer w = writer_of(s->buffer, SIM_MESSAGE);
	s->pending++;
	switch (tasks_ask(s->resolver.tasks, clock_now(&s->clock), &ask, number, &w)) {
	case ASKED_ANSWERED:
		keep_reply(s, c, number, &w);
		break;
	case ASKED_PENDING:
		break;
	case ASKED_DROPPED:
		c->dropped = true;
		s->pending--;
		trace_line(s, "=> client %lu: dropped", (unsigned long)number);
		break;
	}
}

uint64_t client_ask(struct sim *s, const struct wish *wish)
{
	uint8_t octets[HEADER_OCTETS + NAME_OCTETS + 64];
	static const struct address usual = { .family = FAMILY_IPV4,
					      .octets = { 10, 0, 0, 1 },
					      .port = 1234 };
	char text[NAME_TEXT_MAX + TYPE_TEXT_MAX];
	struct client *c = new_client(s);
	uint64_t number = s->client_count;
	struct writer w = writer_of(octets, sizeof(octets));
	write_wish(wish, (uint16_t)rng_u32(&s->rng), &w);
	assert(w.err == ERR_OK);
	c->query_len = writer_length(&w);
	c->query = malloc(c->query_len);
	assert(c->query != NULL);
	memcpy(c->query, octets, c->query_len);
	c->stream = wish->stream;
	c->address = usual;
	if (wish->from.family != 0)
		c->address = wish->from;
	c->kind = query_parse(c->query, c->query_len, &c->parsed);
	trace_asked(&wish->question, text, sizeof(text));
	trace_line(s, "<= client %lu asks %s", (unsigned long)number, text);
	switch (c->kind) {
	case QUERY_OK:
		ask_tasks(s, c, number);
		break;
	case QUERY_DROP:
		c->dropped = true;
		break;
	case QUERY_ERROR:
		w = writer_of(s->buffer, SIM_MESSAGE);
		reply_error(&c->parsed, c->parsed.rcode, 0, NO_REASON, NULL,
			    s->resolver.policy.udp_size, false, &w);
		s->pending++;
		keep_reply(s, c, number, &w);
		break;
	}
	sim_drain(s);
	return number;
}

void client_answer(struct sim *s, uint64_t number)
{
	struct edns edns;
	if (number == 0 || number > s->client_count) {
		sim_wrong(s, "an answer for client %lu, who never asked", (unsigned long)number);
		return;
	}
	struct client *c = &s->clients[number - 1];
	struct ask ask = ask_of(s, c, &edns);
	struct writer w = writer_of(s->buffer, SIM_MESSAGE);
	tasks_reply(s->resolver.tasks, clock_now(&s->clock), &ask, &w);
	keep_reply(s, c, number, &w);
}
