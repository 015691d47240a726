#include "tests/net/outbound_case.h"

static void on_reply(void *owner, uint64_t exchange, const uint8_t *octets, size_t len)
{
	struct asker *a = owner;
	unsigned i = a->replies++ % ASKER_EVENTS;
	CU_ASSERT_FALSE(a->inside);
	a->replied[i] = exchange;
	a->reply_id[i] = (uint16_t)(len >= 2 ? octets[0] << 8 | octets[1] : 0);
	if (a->close_on_reply)
		asker_close(a, exchange);
}

static void on_timeout(void *owner, uint64_t exchange)
{
	struct asker *a = owner;
	CU_ASSERT_FALSE(a->inside);
	a->timed_out[a->timeouts++ % ASKER_EVENTS] = exchange;
}

static void on_error(void *owner, uint64_t exchange, enum outbound_error e)
{
	struct asker *a = owner;
	unsigned i = a->errors++ % ASKER_EVENTS;
	CU_ASSERT_FALSE(a->inside);
	a->failed[i] = exchange;
	a->error[i] = e;
}

struct outbound_setup asker_setup(void)
{
	return (struct outbound_setup){
		.port_low = 1024,
		.port_high = 65535,
		.tcp_idle_ms = 1000,
		.tcp_in_flight = 100,
		.tcp_connections = 8,
		.tcp_connect_ms = 1000,
		.on_reply = on_reply,
		.on_timeout = on_timeout,
		.on_error = on_error,
	};
}

void asker_start(struct asker *a, const struct outbound_setup *setup)
{
	struct outbound_setup s = *setup;
	*a = (struct asker){ .loop = ev_loop_new(0) };
	rng_init_number(&a->rng, 7);
	s.rng = &a->rng;
	s.owner = a;
	a->outbound = outbound_new(a->loop, &s);
	CU_ASSERT_PTR_NOT_NULL_FATAL(a->outbound);
}

void asker_stop(struct asker *a)
{
	outbound_free(a->outbound);
	ev_loop_destroy(a->loop);
}

void asker_prepare(struct asker *a, uint64_t exchange, const struct address *to, bool tcp,
		   uint16_t id, uint32_t timeout_ms)
{
	uint8_t octets[ASKER_QUESTION];
	net_message(octets, sizeof(octets), id);
	bool was = a->inside;
	a->inside = true;
	outbound_send(a->outbound, exchange, to, tcp, octets, sizeof(octets), timeout_ms);
	a->inside = was;
}

void asker_ask(struct asker *a, uint64_t exchange, const struct address *to, bool tcp, uint16_t id,
	       uint32_t timeout_ms)
{
	asker_prepare(a, exchange, to, tcp, id, timeout_ms);
	bool was = a->inside;
	a->inside = true;
	outbound_flush(a->outbound);
	a->inside = was;
}

void asker_close(struct asker *a, uint64_t exchange)
{
	bool was = a->inside;
	a->inside = true;
	outbound_close(a->outbound, exchange);
	a->inside = was;
}
