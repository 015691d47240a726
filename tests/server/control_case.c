#include "tests/server/control_case.h"

#include "resolver/server/control_frame.h"
#include "resolver/server/nta_book.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

void house_open(struct house *h)
{
	char text[128];
	struct config *config = NULL;
	struct config_error why;
	strcpy(h->dir, "/tmp/warren-control-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(h->dir));
	snprintf(h->path, sizeof(h->path), "%s/control", h->dir);
	snprintf(text, sizeof(text), "server:\n  run-dir: \"%s\"\n  log-level: error\n", h->dir);
	CU_ASSERT_EQUAL_FATAL(config_parse(text, strlen(text), &config, &why), ERR_OK);
	struct supervisor *s = h->supervisor = supervisor_new(config, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	s->loop = ev_loop_new(EVFLAG_AUTO);
	s->counters = counters_new(SUPERVISOR_COUNTERS);
	s->control = control_new(s);
	h->worker = &s->workers[0];
	CU_ASSERT_EQUAL_FATAL(child_init(s, &s->keeper, CHILD_KEEPER), ERR_OK);
	CU_ASSERT_EQUAL_FATAL(child_init(s, h->worker, 0), ERR_OK);
	s->keeper.slot.state = h->worker->slot.state = SLOT_SERVING;
	s->ntas = nta_book_new(s);
	CU_ASSERT_PTR_NOT_NULL_FATAL(s->ntas);
	control_listen(s->control);
}

void house_close(struct house *h)
{
	struct supervisor *s = h->supervisor;
	control_free(s->control);
	nta_book_free(s->ntas);
	child_clear(s, h->worker);
	child_clear(s, &s->keeper);
	counters_free(s->counters, SUPERVISOR_COUNTERS);
	ev_loop_destroy(s->loop);
	config_free(s->config);
	free(s->anchors);
	free(s);
	CU_ASSERT_EQUAL(access(h->path, F_OK), -1);
	CU_ASSERT_EQUAL(rmdir(h->dir), 0);
}

void house_turn(struct house *h)
{
	for (unsigned i = 0; i < 10; i++)
		ev_run(h->supervisor->loop, EVRUN_NOWAIT);
}

int house_connect(const struct house *h)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	strcpy(at.sun_path, h->path);
	if (connect(fd, (const struct sockaddr *)&at, sizeof(at)) == 0)
		return fd;
	(void)close(fd);
	return -1;
}

void house_ask(struct house *h, int fd, const char *words)
{
	uint8_t request[1024];
	size_t len = strlen(words);
	CU_ASSERT_FATAL(len + 6 <= sizeof(request));
	octets_put_be32(request, (uint32_t)len + 2);
	request[CONTROL_HEAD_OCTETS] = CONTROL_VERSION;
	memcpy(request + 5, words, len + 1);
	for (size_t i = 5; i < len + 5; i++)
		request[i] = request[i] == ' ' ? 0 : request[i];
	CU_ASSERT_EQUAL(send(fd, request, len + 6, MSG_NOSIGNAL), (ssize_t)len + 6);
	house_turn(h);
}

static void read_frames(const uint8_t *octets, size_t len, struct said *out)
{
	for (size_t at = 0; at + CONTROL_HEAD_OCTETS < len;) {
		uint32_t part = octets_be32(octets + at);
		const char *text = (const char *)octets + at + 5;
		CU_ASSERT_FATAL(part > 0 && at + CONTROL_HEAD_OCTETS + part <= len);
		CU_ASSERT_EQUAL(out->end, 0);
		if (octets[at + 4] == CONTROL_TEXT) {
			memcpy(out->text + out->len, text, part - 1);
			out->len += part - 1;
		} else {
			out->end = (char)octets[at + 4];
			snprintf(out->why, sizeof(out->why), "%.*s", (int)part - 1, text);
		}
		at += CONTROL_HEAD_OCTETS + part;
	}
	out->text[out->len] = '\0';
}

void house_hear(struct house *h, int fd, struct said *out)
{
	static const size_t most = 1 << 16;
	uint8_t *octets = malloc(most);
	size_t len = 0;
	ssize_t n = 0;
	*out = (struct said){ .end = 0 };
	for (unsigned i = 0; i < 100 && octets != NULL; i++) {
		house_turn(h);
		n = recv(fd, octets + len, most - len, MSG_DONTWAIT);
		if (n <= 0)
			break;
		len += (size_t)n;
	}
	read_frames(octets, len, out);
	CU_ASSERT_EQUAL(out->end != 0, n == 0 || errno != EAGAIN);
	if (out->end != 0)
		(void)close(fd);
	free(octets);
}

bool house_errand(struct child *c, uint64_t *number, char *words, size_t size)
{
	static uint8_t buffer[CHANNEL_OCTETS];
	enum channel_kind kind;
	struct errand e;
	size_t len;
	while (channel_receive(c->slot.supervisor[1], buffer, &kind, &len) == ERR_OK) {
		if (kind != CHANNEL_ASK)
			continue;
		CU_ASSERT_EQUAL_FATAL(errand_read(buffer, len, &e), ERR_OK);
		CU_ASSERT_FATAL(e.request_len > 1 && e.request_len <= size);
		memcpy(words, e.request + 1, e.request_len - 1);
		for (size_t i = 0; i + 2 < e.request_len; i++)
			words[i] = words[i] == '\0' ? ' ' : words[i];
		*number = e.number;
		return true;
	}
	return false;
}
