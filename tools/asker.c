/*
 * asker.c - asks a resolver questions and says what each answer holds, in a form that can be compared.
 *
 *	asker ADDRESS PORT <QUESTIONS
 *
 * A question is a line of NAME TYPE FLAGS; FLAGS are letters: e for EDNS, d for DO (and EDNS), s for EDNS that takes no
 * more than 512 octets, c for CD, a for AD, t for TCP, "-" for none.  For each, in order, one line: rcode, "AD" or "-",
 * the records of the answer section, lower case, sorted, without TTLs, and behind "||" those of the authority section
 * when nothing is in the first and DO was said.  Over UDP, and again over TCP when that was truncated.  It parses with
 * the resolver's own codec: what that refuses is told as UNREADABLE.
 */
#define _GNU_SOURCE /* asprintf */
#include "resolver/base/rng.h"
#include "resolver/wire/message.h"
#include "resolver/wire/rdata.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/time.h>
#include <unistd.h>

enum {
	ASKERS = 32, /* questions at the same time */
	QUESTIONS_MAX = 100000,
	LINE = 1400,
	PATIENCE_S = 6,
	TRIES = 2,
	ARENA_OCTETS = 8 << 20,
	RECORD_TEXT = 5 * 65536,
};

struct asked {
	struct question question;
	uint16_t flags;
	uint16_t udp_size;
	bool edns, dnssec_ok, tcp;
	char *said;
};

static struct sockaddr_in server;
static struct asked *questions;
static size_t question_count;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

/* ---- one exchange ---- */

static size_t write_question(const struct asked *q, uint16_t id, uint8_t *out, size_t size)
{
	struct writer w = writer_of(out, size);
	struct edns edns = { .present = q->edns,
			     .udp_size = q->udp_size,
			     .dnssec_ok = q->dnssec_ok };
	query_write(&w, id, (uint16_t)(FLAG_RD | q->flags), &q->question, &edns);
	return writer_length(&w);
}

static bool is_loopback(void)
{
	return ntohl(server.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
}

/* Each asker is a client of its own, or together they would have more than a client's share. */
static _Thread_local unsigned asker;

static int open_socket(int type)
{
	struct sockaddr_in from = { .sin_family = AF_INET };
	struct timeval patience = { .tv_sec = PATIENCE_S };
	int fd = socket(AF_INET, type, 0);
	if (fd < 0)
		die("socket");
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + asker);
	if (is_loopback() && bind(fd, (struct sockaddr *)&from, sizeof(from)) != 0)
		die("bind");
	if (connect(fd, (struct sockaddr *)&server, sizeof(server)) == 0)
		return fd;
	close(fd);
	return -1;
}

/* False: nothing came. */
static bool read_all(int fd, uint8_t *out, size_t len)
{
	while (len > 0) {
		ssize_t got = read(fd, out, len);
		if (got <= 0)
			return false;
		out += got;
		len -= (size_t)got;
	}
	return true;
}

/* The length of the answer, 0: none. */
static size_t ask_tcp(const struct asked *q, uint16_t id, uint8_t *octets)
{
	int fd = open_socket(SOCK_STREAM);
	size_t len = write_question(q, id, octets + 2, LIMIT_MESSAGE_BYTES), answer = 0;
	octets[0] = (uint8_t)(len >> 8);
	octets[1] = (uint8_t)len;
	if (fd >= 0 && write(fd, octets, len + 2) == (ssize_t)len + 2 && read_all(fd, octets, 2)) {
		answer = (size_t)(octets[0] << 8 | octets[1]);
		answer = read_all(fd, octets, answer) ? answer : 0;
	}
	if (fd >= 0)
		close(fd);
	return answer;
}

static size_t ask_udp(const struct asked *q, uint16_t id, uint8_t *octets)
{
	int fd = open_socket(SOCK_DGRAM);
	size_t len = write_question(q, id, octets, LIMIT_MESSAGE_BYTES), answer = 0;
	if (fd < 0 || send(fd, octets, len, 0) < 0)
		die("send");
	while (answer == 0) {
		ssize_t got = recv(fd, octets, LIMIT_MESSAGE_BYTES, 0);
		if (got <= 0)
			break;
		if (got >= HEADER_OCTETS && (octets[0] << 8 | octets[1]) == id)
			answer = (size_t)got;
	}
	close(fd);
	return answer;
}

/* ---- what it says ---- */

static int compare_lines(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

struct lines {
	char **line;
	size_t count;
};

static void add_line(struct lines *l, const struct rrset *set, uint16_t type, const struct rdata *r)
{
	static _Thread_local char text[RECORD_TEXT];
	static _Thread_local uint8_t canonical[LIMIT_MESSAGE_BYTES];
	struct writer w = writer_of(canonical, sizeof(canonical));
	char owner[NAME_TEXT_MAX], kind[TYPE_TEXT_MAX];
	struct name name = set->owner;
	rdata_write_canonical(&w, type, r);
	struct rdata lower = { .len = (uint16_t)writer_length(&w), .octets = canonical };
	name_lower(&name);
	name_text(&name, owner);
	type_text(type, kind);
	bool whole = rdata_text(type, &lower, text, sizeof(text));
	char **more = realloc(l->line, (l->count + 1) * sizeof(*more));
	if (more == NULL ||
	    asprintf(&more[l->count], "%s %s %s%s", owner, kind, text, whole ? "" : "...") < 0)
		die("lines");
	l->line = more;
	l->count++;
}

/* The first line behind mark, the others behind bars. */
static char *join(const char *head, const char *mark, struct lines *l)
{
	size_t size = strlen(head) + strlen(mark) + 1;
	for (size_t i = 0; i < l->count; i++)
		size += strlen(l->line[i]) + 3;
	char *all = malloc(size);
	if (all == NULL)
		die("lines");
	char *at = stpcpy(all, head);
	for (size_t i = 0; i < l->count; i++) {
		at = stpcpy(stpcpy(at, i == 0 ? mark : " | "), l->line[i]);
		free(l->line[i]);
	}
	free(l->line);
	return all;
}

static struct lines list_section(const struct message *m, enum section section)
{
	struct lines l = { 0 };
	for (unsigned i = 0; i < m->section[section].count; i++) {
		const struct rrset *set = &m->section[section].sets[i];
		for (unsigned j = 0; j < set->count; j++)
			add_line(&l, set, set->type, &set->rdata[j]);
		for (unsigned j = 0; j < set->sig_count; j++)
			add_line(&l, set, TYPE_RRSIG, &set->sigs[j]);
	}
	if (l.count > 0)
		qsort(l.line, l.count, sizeof(*l.line), compare_lines);
	return l;
}

static char *describe(const struct asked *q, const struct message *m)
{
	struct lines answer = list_section(m, SECTION_ANSWER), authority;
	char head[64];
	const char *rcode = rcode_name(m->rcode);
	snprintf(head, sizeof(head), "%s %s", rcode == NULL ? "RCODE" : rcode,
		 (m->flags & FLAG_AD) != 0 ? "AD" : "-");
	if (answer.count > 0 || !q->dnssec_ok)
		return join(head, " | ", &answer);
	authority = list_section(m, SECTION_AUTHORITY);
	return join(head, " || ", &authority);
}

static void ask(struct asked *q, uint16_t id)
{
	static _Thread_local uint8_t octets[LIMIT_MESSAGE_BYTES + 2];
	struct arena *a = arena_new(ARENA_OCTETS);
	struct message m;
	size_t len = 0;
	for (unsigned i = 0; i < TRIES && len == 0 && !q->tcp; i++)
		len = ask_udp(q, id, octets);
	if (q->tcp || (len > 0 && (octets[2] & (FLAG_TC >> 8)) != 0))
		len = ask_tcp(q, id, octets);
	if (a == NULL)
		die("arena");
	if (len == 0)
		q->said = strdup("SILENCE -");
	else if (message_parse(octets, len, a, &m) != ERR_OK)
		q->said = strdup("UNREADABLE -");
	else
		q->said = describe(q, &m);
	arena_free(a);
}

static void *ask_share(void *arg)
{
	size_t first = (size_t)(uintptr_t)arg;
	asker = (unsigned)first;
	uint8_t seed[RNG_SEED_OCTETS];
	struct rng rng;
	if (getrandom(seed, sizeof(seed), 0) != sizeof(seed))
		die("getrandom");
	rng_init(&rng, seed);
	for (size_t i = first; i < question_count; i += ASKERS)
		ask(&questions[i], (uint16_t)rng_u32(&rng));
	return NULL;
}

/* ---- questions ---- */

static bool read_question(const char *line, struct asked *out)
{
	char name[NAME_TEXT_MAX + 1], type[32], flags[16];
	if (sscanf(line, "%1025s %31s %15s", name, type, flags) != 3 ||
	    name_from_text(name, &out->question.name) != ERR_OK ||
	    type_parse(type, &out->question.type) != ERR_OK)
		return false;
	out->question.class = CLASS_IN;
	out->dnssec_ok = strchr(flags, 'd') != NULL;
	out->udp_size = strchr(flags, 's') != NULL ? 512 : LIMIT_UDP_SIZE;
	out->edns = out->dnssec_ok || strpbrk(flags, "es") != NULL;
	out->tcp = strchr(flags, 't') != NULL;
	out->flags = (uint16_t)((strchr(flags, 'c') != NULL ? FLAG_CD : 0) |
				(strchr(flags, 'a') != NULL ? FLAG_AD : 0));
	return true;
}

static void read_questions(void)
{
	char line[LINE];
	questions = calloc(QUESTIONS_MAX, sizeof(*questions));
	if (questions == NULL)
		die("questions");
	while (question_count < QUESTIONS_MAX && fgets(line, sizeof(line), stdin) != NULL) {
		if (!read_question(line, &questions[question_count++])) {
			fprintf(stderr, "asker: not a question: %s", line);
			exit(2);
		}
	}
}

int main(int argc, char **argv)
{
	pthread_t askers[ASKERS];
	if (argc != 3 || inet_pton(AF_INET, argv[1], &server.sin_addr) != 1) {
		fprintf(stderr, "usage: asker ADDRESS PORT <QUESTIONS\n");
		return 2;
	}
	server.sin_family = AF_INET;
	server.sin_port = htons((uint16_t)atoi(argv[2]));
	read_questions();
	for (size_t i = 0; i < ASKERS; i++)
		if (pthread_create(&askers[i], NULL, ask_share, (void *)(uintptr_t)i) != 0)
			die("thread");
	for (size_t i = 0; i < ASKERS; i++)
		pthread_join(askers[i], NULL);
	for (size_t i = 0; i < question_count; i++) {
		puts(questions[i].said);
		free(questions[i].said);
	}
	free(questions);
	return 0;
}
