/*
 * flood.c - asks a DNS server many questions over UDP and says how it fared.
 *
 * Keeps at most a given number of questions in flight on each of a few sockets and moves packets in
 * batches, so that one core can saturate a fast server.  It checks the id and nothing else of an
 * answer, and never asks again what got none.
 */
#define _GNU_SOURCE /* recvmmsg, sendmmsg */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	IN_FLIGHT_MAX = 64, /* per socket; 6 bits of the id say which */
	SOCKETS_MAX = 64,
	ANSWER_MAX = 4096,
	QUERY_MAX = 512,
	BUFFER_OCTETS = 4 << 20,
	/* Latency is counted in buckets of 1/16 of a power of two: within 6 %. */
	BUCKETS = 40 * 16,
};

struct query {
	uint32_t at;
	uint16_t len;
};

struct questions {
	uint8_t *bytes;
	struct query *queries;
	size_t count, used, room;
};

struct slot {
	uint64_t sent_at;  /* ns; 0: free */
	uint64_t question; /* its number */
	uint16_t id;
};

struct lane {
	int fd;
	struct slot slots[IN_FLIGHT_MAX];
	uint16_t turn;
};

struct flood {
	const char *address, *port, *file, *from;
	uint64_t count, seconds, rate, timeout_ms; /* 0: no bound */
	unsigned sockets, in_flight;
	bool edns, dnssec_ok, recursion, each, steady;
	struct questions questions;
	struct lane lanes[SOCKETS_MAX];
	uint64_t *firsts; /* one a question, with --steady: what its first answer said; 0: nothing yet */
	uint64_t changed, slowest;
	uint64_t started, sent, answered, lost, strangers, secure, unsent, rcodes[16],
	    buckets[BUCKETS];
};

static volatile sig_atomic_t ended; /* by SIGTERM */

static void on_term(int number)
{
	ended = number;
}

static uint64_t clock_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void die(const char *what)
{
	fprintf(stderr, "flood: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* ---- questions ---- */

static unsigned type_number(const char *text)
{
	static const struct {
		const char *text;
		unsigned number;
	} types[] = { { "A", 1 },    { "NS", 2 },  { "CNAME", 5 },   { "SOA", 6 },
		      { "PTR", 12 }, { "MX", 15 }, { "TXT", 16 },    { "AAAA", 28 },
		      { "SRV", 33 }, { "DS", 43 }, { "DNSKEY", 48 }, { "HTTPS", 65 },
		      { "ANY", 255 } };
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcasecmp(types[i].text, text) == 0)
			return types[i].number;
	return strncasecmp(text, "TYPE", 4) == 0 ? (unsigned)strtoul(text + 4, NULL, 10) : 0;
}

static uint8_t *write_name(uint8_t *to, const char *name)
{
	while (*name != '\0' && strcmp(name, ".") != 0) {
		size_t len = strcspn(name, ".");
		if (len == 0 || len > 63)
			return NULL;
		*to++ = (uint8_t)len;
		memcpy(to, name, len);
		to += len;
		name += len + (name[len] == '.');
	}
	*to++ = 0;
	return to;
}

static size_t write_query(const struct flood *f, uint8_t out[QUERY_MAX], const char *name,
			  unsigned type)
{
	static const uint8_t opt[] = { 0, 0, 41, 4, 0xd0, 0, 0, 0, 0, 0, 0 };
	memset(out, 0, 12);
	out[2] = f->recursion ? 1 : 0;
	out[5] = 1;
	uint8_t *at = write_name(out + 12, name);
	if (at == NULL)
		return 0;
	const uint8_t tail[] = { (uint8_t)(type >> 8), (uint8_t)type, 0, 1 };
	memcpy(at, tail, sizeof(tail));
	at += sizeof(tail);
	if (f->edns || f->dnssec_ok) {
		out[11] = 1;
		memcpy(at, opt, sizeof(opt));
		at[7] = f->dnssec_ok ? 0x80 : 0;
		at += sizeof(opt);
	}
	return (size_t)(at - out);
}

static void add_question(struct flood *f, const char *name, unsigned type)
{
	struct questions *q = &f->questions;
	uint8_t packet[QUERY_MAX];
	size_t len = write_query(f, packet, name, type);
	if (len == 0 || type == 0)
		return;
	if ((q->count & (q->count + 1)) == 0) { /* 2^n - 1: full */
		q->queries = realloc(q->queries, 2 * (q->count + 1) * sizeof(*q->queries));
		if (q->queries == NULL)
			die("questions");
	}
	if (q->used + len > q->room) {
		q->room = 2 * q->room + QUERY_MAX;
		q->bytes = realloc(q->bytes, q->room);
		if (q->bytes == NULL)
			die("questions");
	}
	memcpy(q->bytes + q->used, packet, len);
	q->queries[q->count++] = (struct query){ (uint32_t)q->used, (uint16_t)len };
	q->used += len;
}

static void read_questions(struct flood *f)
{
	char line[1024], name[256], type[32];
	FILE *in = strcmp(f->file, "-") == 0 ? stdin : fopen(f->file, "r");
	if (in == NULL)
		die(f->file);
	while (fgets(line, sizeof(line), in) != NULL) {
		int fields = sscanf(line, "%255s %31s", name, type);
		if (fields >= 1 && name[0] != '#')
			add_question(f, name, fields == 2 ? type_number(type) : 1);
	}
	if (in != stdin)
		fclose(in);
	if (f->questions.count == 0) {
		fprintf(stderr, "flood: no questions in %s\n", f->file);
		exit(1);
	}
}

/* ---- latency ---- */

static unsigned bucket_of(uint64_t ns)
{
	if (ns < 16)
		return (unsigned)ns;
	unsigned power = 63u - (unsigned)__builtin_clzll(ns);
	unsigned bucket = (power - 3) * 16 + (unsigned)(ns >> (power - 4) & 15);
	return bucket < BUCKETS ? bucket : BUCKETS - 1;
}

static double bucket_us(unsigned bucket)
{
	if (bucket < 16)
		return bucket / 1000.0;
	return (double)((uint64_t)(16 + bucket % 16) << (bucket / 16 - 1)) / 1000.0;
}

static double percentile(const struct flood *f, unsigned percent)
{
	uint64_t want = f->answered * percent / 100, seen = 0;
	for (unsigned i = 0; i < BUCKETS; i++) {
		seen += f->buckets[i];
		if (seen > want)
			return bucket_us(i);
	}
	return 0;
}

/* ---- packets ---- */

/* Each socket is a client of its own: the n-th of them has the n-th address from f->from on. */
static void bind_lane(const struct flood *f, const struct lane *lane)
{
	struct sockaddr_in from = { .sin_family = AF_INET };
	if (inet_pton(AF_INET, f->from, &from.sin_addr) != 1)
		die(f->from);
	from.sin_addr.s_addr = htonl(ntohl(from.sin_addr.s_addr) + (uint32_t)(lane - f->lanes));
	if (bind(lane->fd, (struct sockaddr *)&from, sizeof(from)) != 0)
		die(f->from);
}

static void open_lane(struct flood *f, struct lane *lane)
{
	struct sockaddr_in6 six = { .sin6_family = AF_INET6,
				    .sin6_port = htons((uint16_t)atoi(f->port)) };
	struct sockaddr_in four = { .sin_family = AF_INET, .sin_port = six.sin6_port };
	bool is_six = inet_pton(AF_INET6, f->address, &six.sin6_addr) == 1;
	if (!is_six && inet_pton(AF_INET, f->address, &four.sin_addr) != 1) {
		fprintf(stderr, "flood: %s is no address\n", f->address);
		exit(2);
	}
	int size = BUFFER_OCTETS;
	lane->fd =
	    socket(is_six ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (lane->fd < 0)
		die("socket");
	setsockopt(lane->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	setsockopt(lane->fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	if (f->from != NULL)
		bind_lane(f, lane);
	int failed = is_six ? connect(lane->fd, (struct sockaddr *)&six, sizeof(six))
			    : connect(lane->fd, (struct sockaddr *)&four, sizeof(four));
	if (failed != 0)
		die("connect");
}

/* How many more questions may go out by now. */
static uint64_t allowance(const struct flood *f, uint64_t now)
{
	uint64_t all = f->count != 0 && f->count < UINT64_MAX ? f->count : UINT64_MAX;
	if (ended || (f->seconds != 0 && now - f->started >= f->seconds * 1000000000u))
		return 0;
	if (f->rate != 0) {
		uint64_t due = (now - f->started) / 1000 * f->rate / 1000000 + 1;
		all = due < all ? due : all;
	}
	return all > f->sent ? all - f->sent : 0;
}

static void fill_lane(struct flood *f, struct lane *lane, uint64_t now)
{
	static uint8_t packets[IN_FLIGHT_MAX][QUERY_MAX];
	struct mmsghdr messages[IN_FLIGHT_MAX];
	struct iovec vectors[IN_FLIGHT_MAX];
	unsigned slots[IN_FLIGHT_MAX], n = 0;
	uint64_t allowed = allowance(f, now);
	for (unsigned i = 0; i < f->in_flight && n < allowed; i++) {
		if (lane->slots[i].sent_at != 0)
			continue;
		const struct query *q = &f->questions.queries[(f->sent + n) % f->questions.count];
		uint16_t id = (uint16_t)((unsigned)lane->turn++ << 6 | i);
		memcpy(packets[n], f->questions.bytes + q->at, q->len);
		packets[n][0] = (uint8_t)(id >> 8);
		packets[n][1] = (uint8_t)id;
		vectors[n] = (struct iovec){ packets[n], q->len };
		messages[n] =
		    (struct mmsghdr){ .msg_hdr = { .msg_iov = &vectors[n], .msg_iovlen = 1 } };
		lane->slots[i].id = id;
		lane->slots[i].question = f->sent + n;
		slots[n++] = i;
	}
	int sent = n == 0 ? 0 : sendmmsg(lane->fd, messages, n, 0);
	for (int i = 0; i < sent; i++)
		lane->slots[slots[i]].sent_at = now;
	f->sent += sent > 0 ? (uint64_t)sent : 0;
	f->unsent += sent < 0;
}

/* One record, its TTL left out; in *at, moved behind it.  0: it cannot be read. */
static uint64_t record_hash(const uint8_t *packet, size_t len, size_t *at)
{
	uint64_t hash = 0xcbf29ce484222325;
	while (*at < len && packet[*at] != 0 && packet[*at] < 0xc0)
		*at += packet[*at] + 1u;
	*at += *at < len && packet[*at] != 0 ? 2 : 1;
	if (*at + 10 > len)
		return 0;
	size_t data = *at + 10, end = data + (size_t)(packet[*at + 8] << 8 | packet[*at + 9]);
	if (end > len)
		return 0;
	hash = (hash ^ packet[*at] ^ (uint64_t)packet[*at + 1] << 8) * 0x100000001b3;
	for (size_t i = data; i < end; i++)
		hash = (hash ^ packet[i]) * 0x100000001b3;
	*at = end;
	return hash | 1;
}

/* Of rcode and answer section, in whatever order the records come. */
static uint64_t answer_hash(const uint8_t *packet, size_t len)
{
	size_t at = 12;
	uint64_t sum = (packet[3] & 15u) + 1;
	unsigned records = (unsigned)(packet[6] << 8 | packet[7]);
	while (at < len && packet[at] != 0)
		at += packet[at] + 1u;
	at += 5;
	for (unsigned i = 0; i < records; i++)
		sum += record_hash(packet, len, &at);
	return sum;
}

/* SERVFAIL is no other answer but none. */
static void compare_with_first(struct flood *f, uint64_t question, const uint8_t *packet, size_t len)
{
	uint64_t *first = &f->firsts[question % f->questions.count];
	uint64_t now = answer_hash(packet, len);
	if ((packet[3] & 15) == 2)
		return;
	if (*first == 0)
		*first = now;
	f->changed += *first != now;
}

static void count_answer(struct flood *f, struct lane *lane, const uint8_t *packet, size_t len,
			 uint64_t now)
{
	uint16_t id = (uint16_t)(packet[0] << 8 | packet[1]);
	struct slot *slot = &lane->slots[id % IN_FLIGHT_MAX];
	if (len < 12 || slot->sent_at == 0 || slot->id != id) {
		f->strangers++;
		return;
	}
	f->buckets[bucket_of(now - slot->sent_at)]++;
	if (now - slot->sent_at > f->slowest)
		f->slowest = now - slot->sent_at;
	if (f->steady)
		compare_with_first(f, slot->question, packet, len);
	slot->sent_at = 0;
	f->answered++;
	f->rcodes[packet[3] & 15]++;
	f->secure += (packet[3] >> 5) & 1;
	if (f->each)
		printf("%llu %u %s\n", (unsigned long long)slot->question + 1, packet[3] & 15u,
		       (packet[3] & 0x20) != 0 ? "AD" : "-");
}

static void drain_lane(struct flood *f, struct lane *lane)
{
	static uint8_t packets[IN_FLIGHT_MAX][ANSWER_MAX];
	struct mmsghdr messages[IN_FLIGHT_MAX];
	struct iovec vectors[IN_FLIGHT_MAX];
	for (unsigned i = 0; i < IN_FLIGHT_MAX; i++) {
		vectors[i] = (struct iovec){ packets[i], ANSWER_MAX };
		messages[i] =
		    (struct mmsghdr){ .msg_hdr = { .msg_iov = &vectors[i], .msg_iovlen = 1 } };
	}
	int got = recvmmsg(lane->fd, messages, IN_FLIGHT_MAX, MSG_DONTWAIT, NULL);
	uint64_t now = clock_ns();
	for (int i = 0; i < got; i++)
		count_answer(f, lane, packets[i], messages[i].msg_len, now);
}

static unsigned give_up(struct flood *f, struct lane *lane, uint64_t now)
{
	unsigned waiting = 0;
	for (unsigned i = 0; i < f->in_flight; i++) {
		struct slot *slot = &lane->slots[i];
		if (slot->sent_at != 0 && now - slot->sent_at > f->timeout_ms * 1000000) {
			slot->sent_at = 0;
			f->lost++;
		}
		waiting += slot->sent_at != 0;
	}
	return waiting;
}

static void run(struct flood *f)
{
	struct pollfd polls[SOCKETS_MAX];
	for (unsigned i = 0; i < f->sockets; i++) {
		open_lane(f, &f->lanes[i]);
		polls[i] = (struct pollfd){ .fd = f->lanes[i].fd, .events = POLLIN };
	}
	f->started = clock_ns();
	uint64_t swept = f->started;
	/* At a low rate the first socket would take all: another one is first each time. */
	for (unsigned turn = 0;; turn++) {
		uint64_t now = clock_ns();
		for (unsigned i = 0; i < f->sockets; i++)
			fill_lane(f, &f->lanes[(turn + i) % f->sockets], now);
		if (poll(polls, f->sockets, f->rate != 0 ? 1 : 20) > 0)
			for (unsigned i = 0; i < f->sockets; i++)
				if (polls[i].revents != 0)
					drain_lane(f, &f->lanes[i]);
		if (now - swept < 20000000 && allowance(f, now) > 0)
			continue;
		unsigned waiting = 0;
		swept = now;
		for (unsigned i = 0; i < f->sockets; i++)
			waiting += give_up(f, &f->lanes[i], now);
		bool over = ended || (f->count != 0 && f->sent >= f->count) ||
			    (f->seconds != 0 && now - f->started >= f->seconds * 1000000000u);
		if (over && waiting == 0)
			break;
	}
}

static void report(const struct flood *f)
{
	static const char *const names[16] = { "NOERROR",  "FORMERR", "SERVFAIL",
					       "NXDOMAIN", "NOTIMP",  "REFUSED" };
	double seconds = (double)(clock_ns() - f->started) / 1e9;
	printf("sent=%llu answered=%llu lost=%llu strangers=%llu secure=%llu seconds=%.3f qps=%.0f "
	       "p50=%.1f p99=%.1f",
	       (unsigned long long)f->sent, (unsigned long long)f->answered,
	       (unsigned long long)f->lost, (unsigned long long)f->strangers,
	       (unsigned long long)f->secure, seconds, (double)f->answered / seconds,
	       percentile(f, 50), percentile(f, 99));
	if (f->steady)
		printf(" max=%.1f changed=%llu", (double)f->slowest / 1000, (unsigned long long)f->changed);
	for (unsigned i = 0; i < 16; i++) {
		if (f->rcodes[i] == 0)
			continue;
		if (names[i] != NULL)
			printf(" %s=%llu", names[i], (unsigned long long)f->rcodes[i]);
		else
			printf(" RCODE%u=%llu", i, (unsigned long long)f->rcodes[i]);
	}
	printf("\n");
}

static const char usage[] =
    "usage: flood [OPTION...] ADDRESS PORT FILE\n"
    "Asks the questions of FILE (lines of NAME [TYPE]; - for standard input), once, or as often as "
    "needed\n"
    "for --count or --seconds or until SIGTERM, and prints one line of totals; latencies are in "
    "microseconds.\n"
    "  --count N       so many questions (as many as the file has)\n"
    "  --seconds N     for so long instead\n"
    "  --rate N        no more than N a second\n"
    "  --sockets N     sockets (8, at most 64)\n"
    "  --in-flight N   questions without answer per socket (16, at most 64)\n"
    "  --from ADDRESS  of the first socket; the others have those after it (IPv4)\n"
    "  --timeout MS    a question is lost after that (5000)\n"
    "  --edns, --do    with EDNS; with DNSSEC OK too\n"
    "  --no-rd         recursion not desired\n"
    "  --each          first a line for each answer: number of the question, rcode, AD or -\n"
    "  --steady        also the slowest answer, and how many differed from the first to the same "
    "question\n";

static uint64_t number(const char *text, uint64_t most)
{
	char *end;
	uint64_t n = strtoull(text, &end, 10);
	if (*end != '\0' || end == text || n == 0 || n > most) {
		fprintf(stderr, "flood: %s is not a number from 1 to %llu\n", text,
			(unsigned long long)most);
		exit(2);
	}
	return n;
}

static void read_options(struct flood *f, int argc, char **argv)
{
	static const struct option options[] = {
		{ "count", 1, NULL, 'c' },     { "seconds", 1, NULL, 's' },
		{ "rate", 1, NULL, 'r' },      { "sockets", 1, NULL, 'k' },
		{ "in-flight", 1, NULL, 'i' }, { "timeout", 1, NULL, 't' },
		{ "edns", 0, NULL, 'e' },      { "do", 0, NULL, 'd' },
		{ "no-rd", 0, NULL, 'n' },     { "each", 0, NULL, 'a' },
		{ "from", 1, NULL, 'f' },      { "steady", 0, NULL, 'S' },
		{ "help", 0, NULL, 'h' },      { NULL, 0, NULL, 0 },
	};
	for (int c; (c = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
		switch (c) {
		case 'c':
			f->count = number(optarg, UINT64_MAX / 2);
			break;
		case 's':
			f->seconds = number(optarg, 86400);
			break;
		case 'r':
			f->rate = number(optarg, 10000000);
			break;
		case 'k':
			f->sockets = (unsigned)number(optarg, SOCKETS_MAX);
			break;
		case 'i':
			f->in_flight = (unsigned)number(optarg, IN_FLIGHT_MAX);
			break;
		case 't':
			f->timeout_ms = number(optarg, 600000);
			break;
		case 'e':
			f->edns = true;
			break;
		case 'd':
			f->dnssec_ok = true;
			break;
		case 'n':
			f->recursion = false;
			break;
		case 'a':
			f->each = true;
			break;
		case 'f':
			f->from = optarg;
			break;
		case 'S':
			f->steady = true;
			break;
		default:
			fputs(usage, c == 'h' ? stdout : stderr);
			exit(c == 'h' ? 0 : 2);
		}
	}
	if (argc - optind != 3) {
		fputs(usage, stderr);
		exit(2);
	}
	f->address = argv[optind];
	f->port = argv[optind + 1];
	f->file = argv[optind + 2];
}

int main(int argc, char **argv)
{
	static struct flood f = {
		.sockets = 8, .in_flight = 16, .timeout_ms = 5000, .recursion = true
	};
	read_options(&f, argc, argv);
	read_questions(&f);
	signal(SIGTERM, on_term);
	if (f.steady && (f.firsts = calloc(f.questions.count, sizeof(*f.firsts))) == NULL)
		die("questions");
	if (f.count == 0 && f.seconds == 0)
		f.count = f.questions.count;
	run(&f);
	report(&f);
	free(f.firsts);
	free(f.questions.queries);
	free(f.questions.bytes);
	return f.answered > 0 ? 0 : 1;
}
