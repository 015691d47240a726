#include "tests/server/control_case.h"

#include "resolver/server/control_frame.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* Both children do what they are asked, without saying anything. */
static void answer_errands(struct house *h)
{
	uint64_t number;
	char words[1024];
	house_turn(h);
	while (house_errand(h->worker, &number, words, sizeof(words)) ||
	       house_errand(&h->supervisor->keeper, &number, words, sizeof(words))) {
		errand_done(h->worker->slot.supervisor[1], number, NULL, 0);
		errand_done(h->supervisor->keeper.slot.supervisor[1], number, NULL, 0);
		house_turn(h);
	}
}

static void test_the_socket_is_for_its_owner_alone(void)
{
	struct house h;
	struct stat st;
	house_open(&h);
	CU_ASSERT_EQUAL_FATAL(lstat(h.path, &st), 0);
	CU_ASSERT(S_ISSOCK(st.st_mode));
	CU_ASSERT_EQUAL(st.st_mode & 0777, 0600);
	house_close(&h);
}

static void test_a_dead_daemons_socket_is_replaced_and_a_living_ones_is_not(void)
{
	struct house h;
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	house_open(&h);
	strcpy(at.sun_path, h.path);
	control_free(h.supervisor->control);
	h.supervisor->control = control_new(h.supervisor);
	CU_ASSERT_PTR_NOT_NULL_FATAL(h.supervisor->control);
	int other = socket(AF_UNIX, SOCK_STREAM, 0);
	CU_ASSERT_EQUAL(bind(other, (const struct sockaddr *)&at, sizeof(at)), 0);
	CU_ASSERT_EQUAL(listen(other, 1), 0);
	control_listen(h.supervisor->control);
	(void)close(other); /* its file stays */
	CU_ASSERT_EQUAL(house_connect(&h), -1);
	control_listen(h.supervisor->control);
	int fd = house_connect(&h);
	CU_ASSERT(fd >= 0);
	(void)close(fd);
	house_close(&h);
}

static void test_what_is_no_socket_is_left_alone(void)
{
	struct house h;
	struct stat st;
	house_open(&h);
	control_free(h.supervisor->control);
	FILE *f = fopen(h.path, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	(void)fclose(f);
	h.supervisor->control = control_new(h.supervisor);
	control_listen(h.supervisor->control);
	CU_ASSERT(lstat(h.path, &st) == 0 && S_ISREG(st.st_mode));
	(void)unlink(h.path);
	house_close(&h);
}

static void test_counters_and_status_are_reported(void)
{
	struct house h;
	struct said said;
	uint64_t number;
	char words[100];
	house_open(&h);
	count_set(&h.supervisor->counters[0].queries_udp, 40);
	count_set(&h.supervisor->counters[1].queries_udp, 2);
	int fd = house_connect(&h);
	house_ask(&h, fd, "stats --json");
	house_hear(&h, fd, &said);
	CU_ASSERT_EQUAL(said.end, CONTROL_DONE);
	CU_ASSERT_PTR_NOT_NULL(strstr(said.text, "\"queries_udp\":42"));
	fd = house_connect(&h);
	house_ask(&h, fd, "status");
	CU_ASSERT_FATAL(house_errand(&h.supervisor->keeper, &number, words, sizeof(words)));
	CU_ASSERT_STRING_EQUAL(words, "status");
	errand_tell(h.supervisor->keeper.slot.supervisor[1], number, "store: two\n", 11);
	errand_done(h.supervisor->keeper.slot.supervisor[1], number, NULL, 0);
	house_hear(&h, fd, &said);
	CU_ASSERT_EQUAL(said.end, CONTROL_DONE);
	CU_ASSERT_PTR_NOT_NULL(strstr(said.text, "worker 0"));
	CU_ASSERT_PTR_NOT_NULL(strstr(said.text, "store: two"));
	house_close(&h);
}

static void test_a_flush_ends_when_workers_keeper_and_workers_again_are_done(void)
{
	struct house h;
	struct said said;
	uint64_t number;
	char words[100];
	house_open(&h);
	struct child *keeper = &h.supervisor->keeper, *order[] = { h.worker, keeper, h.worker };
	int fd = house_connect(&h);
	house_ask(&h, fd, "flush www.example --tree");
	for (unsigned i = 0; i < 3; i++) {
		house_turn(&h);
		CU_ASSERT_FALSE(house_errand(order[i] == keeper ? h.worker : keeper, &number, words, 100));
		CU_ASSERT_FATAL(house_errand(order[i], &number, words, sizeof(words)));
		CU_ASSERT_STRING_EQUAL(words, "flush www.example --tree");
		house_hear(&h, fd, &said);
		CU_ASSERT_EQUAL(said.end, 0);
		errand_done(order[i]->slot.supervisor[1], number, NULL, 0);
	}
	house_hear(&h, fd, &said);
	CU_ASSERT_EQUAL(said.end, CONTROL_DONE);
	house_close(&h);
}

static void test_a_long_answer_is_fetched_part_by_part(void)
{
	struct house h;
	struct said said;
	uint64_t number, last = 0;
	char words[100];
	house_open(&h);
	int keeper = h.supervisor->keeper.slot.supervisor[1];
	int fd = house_connect(&h);
	house_ask(&h, fd, "dump");
	for (unsigned i = 0; i < 3; i++) {
		house_turn(&h);
		CU_ASSERT_FATAL(house_errand(&h.supervisor->keeper, &number, words, sizeof(words)));
		CU_ASSERT(number > last);
		last = number;
		errand_tell(keeper, number, "entry\n", 6);
		errand_done(keeper, number, (const uint8_t *)"place", i < 2 ? 5 : 0);
	}
	house_hear(&h, fd, &said);
	CU_ASSERT_EQUAL(said.end, CONTROL_DONE);
	CU_ASSERT_STRING_EQUAL(said.text, "entry\nentry\nentry\n");
	house_close(&h);
}

static void test_who_asked_is_not_answered_for_another(void)
{
	struct house h;
	struct said said;
	uint64_t number;
	char words[100];
	house_open(&h);
	int keeper = h.supervisor->keeper.slot.supervisor[1];
	int first = house_connect(&h), second = house_connect(&h);
	house_ask(&h, first, "dump");
	house_ask(&h, second, "dump --json");
	CU_ASSERT_FATAL(house_errand(&h.supervisor->keeper, &number, words, sizeof(words)));
	errand_tell(keeper, number, "one\n", 4);
	errand_tell(keeper, number + 1000, "never\n", 6);
	errand_failed(keeper, number, "sorry");
	house_hear(&h, second, &said);
	CU_ASSERT(said.end == 0 && said.len == 0);
	house_hear(&h, first, &said);
	CU_ASSERT_EQUAL(said.end, CONTROL_FAILED);
	CU_ASSERT_STRING_EQUAL(said.text, "one\n");
	CU_ASSERT_STRING_EQUAL(said.why, "sorry");
	(void)close(second);
	house_turn(&h);
	house_close(&h);
}

static void test_a_successor_of_the_keeper_is_asked_again(void)
{
	struct house h;
	struct said said;
	uint64_t number, again;
	char words[100];
	house_open(&h);
	struct child *keeper = &h.supervisor->keeper;
	int fd = house_connect(&h);
	house_ask(&h, fd, "snapshot");
	CU_ASSERT_FATAL(house_errand(keeper, &number, words, sizeof(words)));
	control_on_gone(h.supervisor->control, keeper);
	CU_ASSERT_FATAL(house_errand(keeper, &again, words, sizeof(words)));
	CU_ASSERT(again > number);
	errand_done(keeper->slot.supervisor[1], again, NULL, 0);
	house_hear(&h, fd, &said);
	CU_ASSERT_EQUAL(said.end, CONTROL_DONE);
	house_close(&h);
}

static void test_negative_anchors_are_told_to_workers_listed_and_removed(void)
{
	struct house h;
	struct said said;
	enum channel_kind kind;
	size_t len;
	static uint8_t buffer[CHANNEL_OCTETS];
	house_open(&h);
	while (channel_receive(h.worker->slot.supervisor[1], buffer, &kind, &len) == ERR_OK)
		;
	int fd = house_connect(&h);
	house_ask(&h, fd, "nta add broken.example --for 1h");
	CU_ASSERT_EQUAL(channel_receive(h.worker->slot.supervisor[1], buffer, &kind, &len), ERR_OK);
	CU_ASSERT_EQUAL(kind, CHANNEL_NTAS);
	CU_ASSERT(len == 16 && memcmp(buffer, "\6broken\7example", 16) == 0);
	answer_errands(&h);
	house_hear(&h, fd, &said);
	CU_ASSERT_EQUAL(said.end, CONTROL_DONE);
	fd = house_connect(&h);
	house_ask(&h, fd, "nta list --json");
	house_hear(&h, fd, &said);
	CU_ASSERT_PTR_NOT_NULL(strstr(said.text, "\"broken.example.\",\"left_s\":3"));
	fd = house_connect(&h);
	house_ask(&h, fd, "nta remove broken.example --json");
	answer_errands(&h);
	house_hear(&h, fd, &said);
	CU_ASSERT_EQUAL(said.end, CONTROL_DONE);
	CU_ASSERT_STRING_EQUAL(said.text, "{}\n"); /* nothing to tell, and JSON all the same */
	fd = house_connect(&h);
	house_ask(&h, fd, "nta remove broken.example");
	house_hear(&h, fd, &said);
	CU_ASSERT_EQUAL(said.end, CONTROL_FAILED);
	house_close(&h);
}

static void test_j3_what_is_no_request_gets_one_line_and_the_door(void)
{
	static const struct {
		const char *octets;
		size_t len;
	} cases[] = {
		{ "\0\0\0\0", 4 },
		{ "\0\0\0\3\1\0\0", 7 },
		{ "\0\0\0\7\1status", 11 },
		{ "\0\1\0\1", 4 }, /* one more than may be */
		{ "GET / HTTP/1.1\r\n\r\n", 18 },
	};
	struct house h;
	struct said said;
	house_open(&h);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int fd = house_connect(&h);
		CU_ASSERT_EQUAL(send(fd, cases[i].octets, cases[i].len, MSG_NOSIGNAL),
		                (ssize_t)cases[i].len);
		house_hear(&h, fd, &said);
		CU_ASSERT_EQUAL(said.end, CONTROL_FAILED);
		CU_ASSERT(said.len == 0 && said.why[0] != '\0');
	}
	house_close(&h);
}

static void test_j3_ten_megaoctets_of_garbage_cost_one_connection(void)
{
	enum { PIECE = 1 << 16, PIECES = 160 };
	struct house h;
	struct said said;
	char *garbage = malloc(PIECE);
	unsigned refused = 0;
	CU_ASSERT_PTR_NOT_NULL_FATAL(garbage);
	house_open(&h);
	int fd = house_connect(&h);
	for (unsigned i = 0; i < PIECE; i++)
		garbage[i] = (char)(i * 2654435761u >> 13);
	for (unsigned i = 0; i < PIECES; i++) {
		refused += send(fd, garbage, PIECE, MSG_NOSIGNAL) < 0 && errno == EPIPE;
		house_turn(&h);
	}
	CU_ASSERT(refused > PIECES - 10);
	house_hear(&h, fd, &said);
	CU_ASSERT_EQUAL(said.end, CONTROL_FAILED);
	fd = house_connect(&h);
	house_ask(&h, fd, "stats");
	house_hear(&h, fd, &said);
	CU_ASSERT_EQUAL(said.end, CONTROL_DONE);
	free(garbage);
	house_close(&h);
}

static void test_clients_beyond_the_bound_are_sent_away(void)
{
	int fds[LIMIT_CONTROL_CLIENTS + 1];
	struct house h;
	struct said said;
	house_open(&h);
	for (unsigned i = 0; i <= LIMIT_CONTROL_CLIENTS; i++) {
		fds[i] = house_connect(&h);
		house_turn(&h);
	}
	house_hear(&h, fds[LIMIT_CONTROL_CLIENTS], &said);
	CU_ASSERT_EQUAL(said.end, CONTROL_FAILED);
	for (unsigned i = 0; i < LIMIT_CONTROL_CLIENTS; i++)
		(void)close(fds[i]);
	house_turn(&h);
	fds[0] = house_connect(&h);
	house_ask(&h, fds[0], "stats");
	house_hear(&h, fds[0], &said);
	CU_ASSERT_EQUAL(said.end, CONTROL_DONE);
	house_close(&h);
}

static void test_a_client_that_leaves_ends_its_job(void)
{
	struct house h;
	uint64_t number;
	char words[100];
	house_open(&h);
	int fd = house_connect(&h);
	house_ask(&h, fd, "dump");
	CU_ASSERT_FATAL(house_errand(&h.supervisor->keeper, &number, words, sizeof(words)));
	(void)close(fd);
	house_turn(&h);
	errand_tell(h.supervisor->keeper.slot.supervisor[1], number, "x\n", 2);
	errand_done(h.supervisor->keeper.slot.supervisor[1], number, (const uint8_t *)"place", 5);
	house_turn(&h);
	CU_ASSERT_FALSE(house_errand(&h.supervisor->keeper, &number, words, sizeof(words)));
	house_close(&h);
}

static const struct unit_test tests[] = {
	UNIT(test_the_socket_is_for_its_owner_alone),
	UNIT(test_a_dead_daemons_socket_is_replaced_and_a_living_ones_is_not),
	UNIT(test_what_is_no_socket_is_left_alone),
	UNIT(test_counters_and_status_are_reported),
	UNIT(test_a_flush_ends_when_workers_keeper_and_workers_again_are_done),
	UNIT(test_a_long_answer_is_fetched_part_by_part),
	UNIT(test_who_asked_is_not_answered_for_another),
	UNIT(test_a_successor_of_the_keeper_is_asked_again),
	UNIT(test_negative_anchors_are_told_to_workers_listed_and_removed),
	UNIT(test_j3_what_is_no_request_gets_one_line_and_the_door),
	UNIT(test_j3_ten_megaoctets_of_garbage_cost_one_connection),
	UNIT(test_clients_beyond_the_bound_are_sent_away),
	UNIT(test_a_client_that_leaves_ends_its_job),
};
const struct unit_suite suite_control = { "control", tests, sizeof(tests) / sizeof(tests[0]) };
