/*
 * snooper.c - what does a resolver tell about the questions of others?
 *
 * Plays the attack of Trufflehunter (IMC 2020) and a timing one.  A victim asks half of the names at
 * known times; then an attacker in another network asks all of them once and guesses from the TTL how
 * long ago the victim asked, and from the TTL and from the time of the answer whether it asked at all.
 *
 *	snooper serve ADDRESS            the authority of snoop.example: any A, TTL 3600, after 15 to 25 ms
 *	snooper look [OPTION...] SERVER  the attack; prints one line
 */
#include "resolver/base/rng.h"
#include "resolver/wire/message.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
	AUTHORITY_TTL = 3600,
	DELAY_MIN_MS = 15,
	DELAY_SPREAD_MS = 10,
	NAMES_MAX = 20000,
	PENDING_MAX = 4096,
	PACKET_OCTETS = 1500,
	BINS = 8,
	SHUFFLES = 200,
	PATIENCE_MS = 3000,
};

struct target {
	struct question question;
	double asked_s;   /* by the victim, since the start; < 0: never */
	double age_s;     /* when the attacker asked */
	double took_ms;
	double ttl;
	bool answered;
};

static double now_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void sleep_until(double when)
{
	double left = when - now_s();
	if (left > 0)
		(void)usleep((useconds_t)(left * 1e6));
}

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static int open_socket(const char *address, unsigned port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0 || inet_pton(AF_INET, address, &at.sin_addr) != 1 ||
	    bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0)
		die(address);
	return fd;
}

/* ---- the authority ---- */

struct pending {
	double due_s;
	struct sockaddr_in to;
	size_t len;
	uint8_t octets[PACKET_OCTETS];
};

/* The address of every name, NODATA for every other type. */
static size_t write_authority(const struct query *q, uint8_t *out)
{
	static const uint8_t address[] = { 198, 18, 100, 200 };
	struct name apex = name_of("snoop.example.");
	struct edns edns = { .present = true, .udp_size = 1232 };
	struct writer w = writer_of(out, PACKET_OCTETS);
	bool is_address = q->question.type == TYPE_A;
	write_u16(&w, q->id);
	write_u16(&w, (uint16_t)(FLAG_QR | FLAG_AA | (q->flags & FLAG_RD)));
	write_u16(&w, 1);
	write_u16(&w, is_address);
	write_u16(&w, !is_address);
	write_u16(&w, q->edns.present);
	write_name(&w, &q->question.name);
	write_u16(&w, q->question.type);
	write_u16(&w, CLASS_IN);
	write_name(&w, is_address ? &q->question.name : &apex);
	write_u16(&w, is_address ? TYPE_A : TYPE_SOA);
	write_u16(&w, CLASS_IN);
	write_u32(&w, AUTHORITY_TTL);
	size_t length = write_hole(&w);
	if (is_address) {
		write_octets(&w, address, sizeof(address));
	} else {
		write_plain_name(&w, &apex);
		write_plain_name(&w, &apex);
		for (int i = 0; i < 5; i++)
			write_u32(&w, AUTHORITY_TTL);
	}
	write_u16_at(&w, length, (uint16_t)(writer_length(&w) - length - 2));
	if (q->edns.present)
		edns_write(&w, &edns);
	return writer_length(&w);
}

static void serve(const char *address)
{
	static struct pending pending[PENDING_MAX];
	struct rng rng;
	rng_init_number(&rng, 1);
	int fd = open_socket(address, 53);
	for (unsigned used = 0;;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		if (poll(&p, 1, used > 0 ? 1 : 1000) > 0 && used < PENDING_MAX) {
			uint8_t in[PACKET_OCTETS];
			struct query q;
			struct pending *n = &pending[used];
			socklen_t len = sizeof(n->to);
			ssize_t got = recvfrom(fd, in, sizeof(in), 0, (struct sockaddr *)&n->to, &len);
			if (got > 0 && query_parse(in, (size_t)got, &q) == QUERY_OK) {
				n->due_s = now_s() + (DELAY_MIN_MS + rng_below(&rng, DELAY_SPREAD_MS * 1000) / 1000.0) / 1000;
				n->len = write_authority(&q, n->octets);
				used++;
			}
		}
		for (unsigned i = 0; i < used;) {
			if (pending[i].due_s > now_s()) {
				i++;
				continue;
			}
			(void)sendto(fd, pending[i].octets, pending[i].len, 0,
			             (struct sockaddr *)&pending[i].to, sizeof(pending[i].to));
			pending[i] = pending[--used];
		}
	}
}

/* ---- the attack ---- */

struct look {
	const char *server, *victim, *attacker, *label;
	unsigned port, count;
	double seconds;
	struct rng rng;
	struct target *targets;
};

/* One question, one answer; the TTL of its first record. */
static bool ask(struct look *l, int fd, const struct question *q, double *took_ms, double *ttl)
{
	uint8_t octets[PACKET_OCTETS];
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)l->port) };
	struct writer w = writer_of(octets, sizeof(octets));
	struct edns edns = { .present = true, .udp_size = 1232 };
	uint16_t id = (uint16_t)rng_u32(&l->rng);
	(void)inet_pton(AF_INET, l->server, &to.sin_addr);
	query_write(&w, id, FLAG_RD, q, &edns);
	double start = now_s();
	if (sendto(fd, octets, writer_length(&w), 0, (struct sockaddr *)&to, sizeof(to)) < 0)
		die("sendto");
	struct pollfd p = { .fd = fd, .events = POLLIN };
	while (poll(&p, 1, PATIENCE_MS) > 0) {
		ssize_t got = recv(fd, octets, sizeof(octets), 0);
		struct arena *a = arena_new(LIMIT_TASK_BYTES);
		struct message m;
		bool good = a != NULL && got > 0 &&
		            message_parse(octets, (size_t)got, a, &m) == ERR_OK && m.id == id;
		bool answer = good && m.section[SECTION_ANSWER].count > 0;
		*took_ms = (now_s() - start) * 1000;
		*ttl = answer ? m.section[SECTION_ANSWER].sets[0].ttl : 0;
		arena_free(a);
		if (good)
			return answer;
	}
	return false;
}

static void make_targets(struct look *l)
{
	l->targets = calloc(l->count, sizeof(*l->targets));
	if (l->targets == NULL)
		die("targets");
	for (unsigned i = 0; i < l->count; i++) {
		char text[64];
		struct target *t = &l->targets[i];
		snprintf(text, sizeof(text), "n%08x%08x.snoop.example.", rng_u32(&l->rng),
		         rng_u32(&l->rng));
		t->question = (struct question){ name_of(text), TYPE_A, CLASS_IN };
		t->asked_s = -1;
	}
}

/* Every other name, evenly over the time. */
static void play_victim(struct look *l, double start)
{
	int fd = open_socket(l->victim, 0);
	for (unsigned i = 0; i < l->count; i += 2) {
		double took, ttl;
		sleep_until(start + l->seconds * i / l->count);
		l->targets[i].asked_s = now_s();
		(void)ask(l, fd, &l->targets[i].question, &took, &ttl);
	}
	(void)close(fd);
}

static void play_attacker(struct look *l)
{
	int fd = open_socket(l->attacker, 0);
	for (unsigned i = l->count - 1; i > 0; i--) {
		unsigned j = rng_below(&l->rng, i + 1);
		struct target t = l->targets[i];
		l->targets[i] = l->targets[j];
		l->targets[j] = t;
	}
	for (unsigned i = 0; i < l->count; i++) {
		struct target *t = &l->targets[i];
		t->age_s = t->asked_s < 0 ? -1 : now_s() - t->asked_s;
		t->answered = ask(l, fd, &t->question, &t->took_ms, &t->ttl);
	}
	(void)close(fd);
}

/* ---- what it learned ---- */

/*
 * Probability that a value of a miss lies above one of a hit (its TTL is whole, it takes longer); ties count half.
 * *error: two sigma of what guessing would give (Mann-Whitney).
 */
static double auc(const struct look *l, bool by_time, double *error)
{
	double wins = 0, pairs = 0, hits = 0, misses = 0;
	for (unsigned i = 0; i < l->count; i++) {
		hits += l->targets[i].age_s >= 0 && l->targets[i].answered;
		misses += l->targets[i].age_s < 0 && l->targets[i].answered;
	}
	*error = hits * misses > 0 ? 2 * sqrt((hits + misses + 1) / (12 * hits * misses)) : 0.5;
	for (unsigned i = 0; i < l->count; i++) {
		for (unsigned j = 0; j < l->count; j++) {
			const struct target *hit = &l->targets[i], *miss = &l->targets[j];
			if (hit->age_s < 0 || miss->age_s >= 0 || !hit->answered || !miss->answered)
				continue;
			double a = by_time ? hit->took_ms : hit->ttl, b = by_time ? miss->took_ms : miss->ttl;
			wins += b > a ? 1 : a == b ? 0.5 : 0;
			pairs++;
		}
	}
	return pairs > 0 ? wins / pairs : 0.5;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* Which of BINS equal parts of the sorted values. */
static unsigned bin_of(double v, const double *sorted, unsigned n)
{
	unsigned below = 0;
	while (below < n && sorted[below] < v)
		below++;
	return below * BINS / n;
}

static double information(const unsigned *x, const unsigned *y, unsigned n)
{
	double joint[BINS][BINS] = { { 0 } }, px[BINS] = { 0 }, py[BINS] = { 0 }, bits = 0;
	for (unsigned i = 0; i < n; i++) {
		joint[x[i]][y[i]] += 1.0 / n;
		px[x[i]] += 1.0 / n;
		py[y[i]] += 1.0 / n;
	}
	for (unsigned i = 0; i < BINS; i++)
		for (unsigned j = 0; j < BINS; j++)
			if (joint[i][j] > 0)
				bits += joint[i][j] * log2(joint[i][j] / (px[i] * py[j]));
	return bits;
}

/* Bits of the age in the TTL, less what the same numbers shuffled seem to hold; *error is two sigma of that. */
static double age_bits(struct look *l, double *error)
{
	double *ages = calloc(l->count, sizeof(double)), *ttls = calloc(l->count, sizeof(double));
	unsigned *x = calloc(l->count, sizeof(*x)), *y = calloc(l->count, sizeof(*y)), n = 0;
	if (ages == NULL || ttls == NULL || x == NULL || y == NULL)
		die("memory");
	for (unsigned i = 0; i < l->count; i++) {
		if (l->targets[i].age_s < 0 || !l->targets[i].answered)
			continue;
		ages[n] = l->targets[i].age_s;
		ttls[n++] = l->targets[i].ttl;
	}
	if (n < BINS)
		return 0;
	qsort(ages, n, sizeof(double), by_value);
	qsort(ttls, n, sizeof(double), by_value);
	unsigned k = 0;
	for (unsigned i = 0; i < l->count; i++) {
		if (l->targets[i].age_s < 0 || !l->targets[i].answered)
			continue;
		x[k] = bin_of(l->targets[i].age_s, ages, n);
		y[k++] = bin_of(l->targets[i].ttl, ttls, n);
	}
	double bits = information(x, y, n), sum = 0, squares = 0;
	for (unsigned s = 0; s < SHUFFLES; s++) {
		for (unsigned i = n - 1; i > 0; i--) {
			unsigned j = rng_below(&l->rng, i + 1), held = y[i];
			y[i] = y[j];
			y[j] = held;
		}
		double chance = information(x, y, n);
		sum += chance;
		squares += chance * chance;
	}
	double mean = sum / SHUFFLES;
	*error = 2 * sqrt(fabs(squares / SHUFFLES - mean * mean));
	free(ages);
	free(ttls);
	free(x);
	free(y);
	return bits - mean;
}

/* Mean error in seconds of guessing the age as T less the TTL shown. */
static double age_error(const struct look *l)
{
	double sum = 0;
	unsigned n = 0;
	for (unsigned i = 0; i < l->count; i++) {
		const struct target *t = &l->targets[i];
		if (t->age_s < 0 || !t->answered)
			continue;
		sum += fabs(AUTHORITY_TTL - t->ttl - t->age_s);
		n++;
	}
	return n > 0 ? sum / n : 0;
}

static void look(struct look *l)
{
	uint64_t seed = (uint64_t)(now_s() * 1e9);
	double error = 0;
	unsigned answered = 0;
	rng_init_number(&l->rng, seed);
	make_targets(l);
	play_victim(l, now_s());
	sleep_until(now_s() + 1);
	play_attacker(l);
	for (unsigned i = 0; i < l->count; i++)
		answered += l->targets[i].answered;
	double bits = age_bits(l, &error);
	double chance, by_ttl = auc(l, false, &chance), by_time = auc(l, true, &chance);
	printf("%-18s %7u %12.1f %9.3f +-%.3f %9.3f %9.3f +-%.3f\n", l->label, answered, age_error(l),
	       bits, error, by_ttl, by_time, chance);
	free(l->targets);
}

static void usage(FILE *out)
{
	fputs("usage: snooper serve ADDRESS\n"
	      "       snooper look [-p PORT] [-n NAMES] [-s SECONDS] [-l LABEL] [-v VICTIM] [-a ATTACKER] SERVER\n"
	      "       snooper head\n",
	      out);
}

int main(int argc, char **argv)
{
	struct look l = { .victim = "127.0.0.2", .attacker = "127.66.0.2", .label = "resolver",
		          .port = 53, .count = 1000, .seconds = 30 };
	int c;
	while ((c = getopt(argc, argv, "p:n:s:l:v:a:h")) != -1) {
		switch (c) {
		case 'p':
			l.port = (unsigned)atoi(optarg);
			break;
		case 'n':
			l.count = (unsigned)atoi(optarg);
			break;
		case 's':
			l.seconds = atof(optarg);
			break;
		case 'l':
			l.label = optarg;
			break;
		case 'v':
			l.victim = optarg;
			break;
		case 'a':
			l.attacker = optarg;
			break;
		case 'h':
			usage(stdout);
			return 0;
		default:
			usage(stderr);
			return 2;
		}
	}
	const char *verb = optind < argc ? argv[optind] : "";
	if (strcmp(verb, "serve") == 0 && optind + 2 == argc) {
		serve(argv[optind + 1]);
	} else if (strcmp(verb, "look") == 0 && optind + 2 == argc && l.count >= 16 &&
	           l.count <= NAMES_MAX) {
		l.server = argv[optind + 1];
		look(&l);
	} else if (strcmp(verb, "head") == 0) {
		printf("%-18s %7s %12s %16s %9s %17s\n", "", "answers", "age error s", "bits of age",
		       "AUC: TTL", "time");
	} else {
		usage(stderr);
		return 2;
	}
	return 0;
}
