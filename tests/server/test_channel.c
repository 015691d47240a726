#include "resolver/server/channel.h"
#include "tests/server/daemon_suites.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct pair {
	int ends[2];
	uint8_t *buffer;
	enum channel_kind kind;
	size_t len;
};

static struct pair open_pair(void)
{
	struct pair p = { .buffer = malloc(CHANNEL_OCTETS) };
	CU_ASSERT_EQUAL_FATAL(channel_pair(p.ends), ERR_OK);
	return p;
}

static void close_pair(struct pair *p)
{
	(void)close(p->ends[0]);
	(void)close(p->ends[1]);
	free(p->buffer);
}

static enum err receive(struct pair *p)
{
	return channel_receive(p->ends[1], p->buffer, &p->kind, &p->len);
}

static void test_messages_arrive_whole_and_in_order(void)
{
	struct pair p = open_pair();
	uint8_t *large = calloc(1, CHANNEL_OCTETS);
	memset(large, 7, CHANNEL_OCTETS);
	CU_ASSERT_EQUAL(channel_send(p.ends[0], CHANNEL_TURN, large, CHANNEL_OCTETS), ERR_OK);
	CU_ASSERT_EQUAL(channel_send(p.ends[0], CHANNEL_READY, NULL, 0), ERR_OK);
	CU_ASSERT_EQUAL(receive(&p), ERR_OK);
	CU_ASSERT_EQUAL(p.kind, CHANNEL_TURN);
	CU_ASSERT_EQUAL(p.len, (size_t)CHANNEL_OCTETS);
	CU_ASSERT_EQUAL(memcmp(p.buffer, large, CHANNEL_OCTETS), 0);
	CU_ASSERT_EQUAL(receive(&p), ERR_OK);
	CU_ASSERT_EQUAL(p.kind, CHANNEL_READY);
	CU_ASSERT_EQUAL(p.len, 0);
	CU_ASSERT_EQUAL(receive(&p), ERR_NOTFOUND);
	free(large);
	close_pair(&p);
}

static void test_a_full_queue_is_busy_and_never_waits(void)
{
	struct pair p = open_pair();
	uint8_t *large = calloc(1, CHANNEL_OCTETS);
	unsigned sent = 0, received = 0;
	while (sent < 10000 && channel_send(p.ends[0], CHANNEL_TURN, large, CHANNEL_OCTETS) == ERR_OK)
		sent++;
	CU_ASSERT_TRUE(sent > 0 && sent < 10000);
	CU_ASSERT_EQUAL(channel_send(p.ends[0], CHANNEL_TURN, large, CHANNEL_OCTETS), ERR_BUSY);
	while (receive(&p) == ERR_OK)
		received++;
	CU_ASSERT_EQUAL(received, sent);
	free(large);
	close_pair(&p);
}

static void test_what_is_none_of_ours_is_dropped_and_the_next_one_read(void)
{
	struct pair p = open_pair();
	uint8_t *large = calloc(1, CHANNEL_OCTETS + 2);
	large[0] = CHANNEL_TURN;
	CU_ASSERT_EQUAL(send(p.ends[0], "\0x", 2, 0), 2);
	CU_ASSERT_EQUAL(send(p.ends[0], "\377x", 2, 0), 2);
	CU_ASSERT_EQUAL(send(p.ends[0], large, CHANNEL_OCTETS + 2, 0), CHANNEL_OCTETS + 2);
	CU_ASSERT_EQUAL(channel_send(p.ends[0], CHANNEL_ASK, "y", 1), ERR_OK);
	for (int i = 0; i < 3; i++)
		CU_ASSERT_EQUAL(receive(&p), ERR_FORMAT);
	CU_ASSERT_EQUAL(receive(&p), ERR_OK);
	CU_ASSERT_EQUAL(p.kind, CHANNEL_ASK);
	free(large);
	close_pair(&p);
}

static void test_an_end_that_is_gone_is_an_error_on_both_sides(void)
{
	struct pair p = open_pair();
	(void)close(p.ends[0]);
	CU_ASSERT_EQUAL(receive(&p), ERR_IO);
	CU_ASSERT_EQUAL(channel_send(p.ends[1], CHANNEL_TURN, "x", 1), ERR_IO);
	close_pair(&p);
}

static const struct unit_test tests[] = {
	UNIT(test_messages_arrive_whole_and_in_order),
	UNIT(test_a_full_queue_is_busy_and_never_waits),
	UNIT(test_what_is_none_of_ours_is_dropped_and_the_next_one_read),
	UNIT(test_an_end_that_is_gone_is_an_error_on_both_sides),
};
const struct unit_suite suite_channel = { "channel", tests, sizeof(tests) / sizeof(tests[0]) };
