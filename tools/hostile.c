/*
 * hostile.c - the authority of hostile.lab: every name below it is an attack on whoever resolves
 *it.
 *
 *	hostile ANCHORS ADDRESS ADDRESS CHILD-ADDRESS
 *
 * Names are LABELS.MANNER.hostile.lab; the table at the end says which manners there are.  Those of
 *signed zones are delegated to the third address; their DS go to the file ANCHORS, one a line, when
 *all is ready. Runs until it is killed.  For tools/attack; the message bodies are here, sockets in
 *hostile_door.c.
 */
#include "tools/hostile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum {
	SAME_TAG = 100,   /* keys, and signatures over each RRset */
	SERVERS = 1500,   /* of a referral */
	ADDRESSES = 4000, /* of one RRset */
	OWNERS = 4000,    /* of one message */
	SHARED = 13,      /* silent addresses that ten servers share */
	SLOW_MS = 2000,
	RIGHT_MS = 300, /* the right answer comes so long after the wrong ones */
	WRONG = 1000,
	DAY = 86400,
};

const uint8_t hostile_right_address[4] = { 198, 18, 100, 5 };
static const uint8_t wrong_address[] = { 198, 18, 100, 66 };

void hostile_die(const char *what)
{
	fprintf(stderr, "hostile: %s\n", what);
	exit(1);
}

uint32_t hostile_chance(struct hostile *h)
{
	return rng_u32(&h->rng);
}

/* ---- messages ---- */

void body_begin(struct body *b, const struct query *q, uint16_t flags, uint16_t rcode,
		uint8_t *octets, size_t size)
{
	*b = (struct body){ .query = q, .w = writer_of(octets, size) };
	write_u16(&b->w, q->id);
	write_u16(&b->w, (uint16_t)(FLAG_QR | (q->flags & FLAG_RD) | flags | rcode));
	write_u16(&b->w, 1);
	for (unsigned s = 0; s < SECTIONS; s++)
		write_u16(&b->w, 0);
	write_name(&b->w, &q->question.name);
	write_u16(&b->w, q->question.type);
	write_u16(&b->w, CLASS_IN);
}

/* What no longer fits is left out. */
void body_put(struct body *b, enum section s, const struct name *owner, uint16_t type,
	      const void *rdata, size_t len)
{
	struct writer mark = b->w;
	write_name(&b->w, owner);
	write_u16(&b->w, type);
	write_u16(&b->w, CLASS_IN);
	write_u32(&b->w, HOSTILE_TTL);
	write_u16(&b->w, (uint16_t)len);
	write_octets(&b->w, rdata, len);
	if (b->w.err != ERR_OK || writer_left(&b->w) < OPT_ROOM)
		writer_rewind(&b->w, &mark);
	else
		b->counts[s]++;
}

void body_put_name(struct body *b, enum section s, const struct name *owner, uint16_t type,
		   const struct name *to)
{
	body_put(b, s, owner, type, to->wire, to->len);
}

void body_put_set(struct body *b, enum section s, const struct rrset *set)
{
	bool fits = set == NULL || write_rrset(&b->w, set, set->ttl, true, 0, &b->counts[s]);
	(void)fits; /* what no longer does is left out */
}

size_t body_end(struct body *b)
{
	struct edns edns = { .present = true,
			     .udp_size = LIMIT_UDP_SIZE,
			     .dnssec_ok = b->query->edns.dnssec_ok };
	for (unsigned s = 0; s < SECTIONS; s++)
		write_u16_at(
		    &b->w, 6 + 2 * s,
		    (uint16_t)(b->counts[s] + (s == SECTION_ADDITIONAL && b->query->edns.present)));
	if (b->query->edns.present)
		edns_write(&b->w, &edns);
	return writer_length(&b->w);
}

struct name hostile_name(const char *format, ...)
{
	char text[NAME_TEXT_MAX];
	struct name n;
	va_list ap;
	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	if (name_from_text(text, &n) != ERR_OK)
		hostile_die(text);
	return n;
}

void body_put_soa(struct body *b, enum section s, const struct name *zone)
{
	uint8_t octets[2 * NAME_OCTETS + 20];
	struct writer w = writer_of(octets, sizeof(octets));
	write_plain_name(&w, zone);
	write_plain_name(&w, zone);
	for (unsigned i = 0; i < 5; i++)
		write_u32(&w, i == 0 ? 1 : HOSTILE_TTL);
	body_put(b, s, zone, TYPE_SOA, octets, writer_length(&w));
}

void body_put_address(struct body *b, enum section s, const struct name *owner,
		      const uint8_t address[4])
{
	body_put(b, s, owner, TYPE_A, address, 4);
}

/* ---- manners without a zone of their own ---- */

/* The part of the name that belongs to the attack: two labels and more below hostile.lab. */
static struct name cut_of(const struct query *q)
{
	return name_suffix(&q->question.name, 4);
}

/* NXNSAttack, CVE-2020-12667: server names of a victim's zone that do not exist. */
static void answer_nxns(struct hostile *h, struct body *b)
{
	struct name cut = cut_of(b->query);
	uint32_t stamp = hostile_chance(h);
	for (unsigned i = 0; i < SERVERS; i++) {
		struct name ns = hostile_name("n%u-%08x.unsigned.lab.", i, stamp);
		body_put_name(b, SECTION_AUTHORITY, &cut, TYPE_NS, &ns);
	}
}

/* NRDelegation, CVE-2022-3204: server names that exist and lead to nobody. */
static void answer_nrdelegation(struct hostile *h, struct body *b)
{
	struct name cut = cut_of(b->query);
	(void)h;
	for (unsigned i = 0; i < SERVERS; i++) {
		struct name ns = hostile_name("nr%u.wild.lab.", i);
		body_put_name(b, SECTION_AUTHORITY, &cut, TYPE_NS, &ns);
	}
}

/* CVE-2026-3592: ten servers with the same thirteen silent addresses each. */
static void answer_glue(struct hostile *h, struct body *b)
{
	struct name cut = cut_of(b->query), ns[10];
	char text[NAME_TEXT_MAX];
	(void)h;
	name_text(&cut, text);
	for (unsigned i = 0; i < 10; i++) {
		ns[i] = hostile_name("ns%u.%s", i, text);
		body_put_name(b, SECTION_AUTHORITY, &cut, TYPE_NS, &ns[i]);
	}
	for (unsigned i = 0; i < 10 * SHARED; i++) {
		uint8_t address[] = { 198, 18, 9, (uint8_t)(100 + i % SHARED) };
		body_put_address(b, SECTION_ADDITIONAL, &ns[i / SHARED], address);
	}
}

/* iDNS, CVE-2014-8500: each name is delegated to a server one label further down. */
static void answer_deeper(struct hostile *h, struct body *b)
{
	const struct name *cut = &b->query->question.name;
	char text[NAME_TEXT_MAX];
	struct name ns = *cut;
	name_text(cut, text);
	if (ns.len < NAME_OCTETS - 20)
		ns = hostile_name("ns%x.%s", hostile_chance(h) & 0xfff, text);
	body_put_name(b, SECTION_AUTHORITY, cut, TYPE_NS, &ns);
	body_put_address(b, SECTION_ADDITIONAL, &ns, h->addresses[hostile_chance(h) % 2]);
}

/* The same sideways: always another name without an address. */
static void answer_sideways(struct hostile *h, struct body *b)
{
	struct name cut = cut_of(b->query);
	for (unsigned i = 0; i < SHARED; i++) {
		struct name ns = hostile_name("ns.s%08x.sideways.hostile.lab.", hostile_chance(h));
		body_put_name(b, SECTION_AUTHORITY, &cut, TYPE_NS, &ns);
	}
}

/* TsuNAME: zones whose servers are named in each other. */
static void answer_cycle(struct hostile *h, struct body *b)
{
	struct name cut = cut_of(b->query), ns;
	char label[LABEL_OCTETS + 1] = "";
	(void)h;
	name_lower(&cut);
	memcpy(label, cut.wire + 1, cut.wire[0]);
	bool other = cut.wire[cut.wire[0]] == 'b';
	label[cut.wire[0]] = '\0';
	if (other)
		label[cut.wire[0] - 1] = '\0';
	ns = hostile_name("ns.%s%s.cycle.hostile.lab.", label, other ? "" : "b");
	body_put_name(b, SECTION_AUTHORITY, &cut, TYPE_NS, &ns);
}

static void answer_chain(struct hostile *h, struct body *b)
{
	struct name to = hostile_name("c%08x.chain.hostile.lab.", hostile_chance(h));
	body_put_name(b, SECTION_ANSWER, &b->query->question.name, TYPE_CNAME, &to);
}

static void answer_self(struct hostile *h, struct body *b)
{
	(void)h;
	body_put_name(b, SECTION_ANSWER, &b->query->question.name, TYPE_CNAME,
		      &b->query->question.name);
}

/* CAMP: aliases, each into a zone of five servers, whose names are aliases again. */
static void answer_camp(struct hostile *h, struct body *b)
{
	const struct name *n = &b->query->question.name;
	struct name cut = cut_of(b->query);
	uint32_t stamp = hostile_chance(h);
	if (n->wire[1] == 'n' || n->wire[1] == 'N') {
		struct name to = hostile_name("a.b.c.d.e.f.g.h.z%08x.camp.hostile.lab.", stamp);
		body_put_name(b, SECTION_ANSWER, n, TYPE_CNAME, &to);
		return;
	}
	for (unsigned i = 0; i < 5; i++) {
		struct name ns = hostile_name("n%u.y%08x.camp.hostile.lab.", i, stamp + i);
		body_put_name(b, SECTION_AUTHORITY, &cut, TYPE_NS, &ns);
	}
}

static void answer_huge(struct hostile *h, struct body *b)
{
	(void)h;
	for (unsigned i = 0; i < ADDRESSES; i++) {
		uint8_t address[] = { 198, 18, (uint8_t)(i >> 8), (uint8_t)i };
		body_put_address(b, SECTION_ANSWER, &b->query->question.name, address);
	}
}

static void answer_types(struct hostile *h, struct body *b)
{
	(void)h;
	body_put_address(b, SECTION_ANSWER, &b->query->question.name, hostile_right_address);
	for (unsigned i = 0; i < ADDRESSES; i++)
		body_put(b, SECTION_ANSWER, &b->query->question.name, (uint16_t)(0x1000 + i), "x",
			 1);
}

static void answer_owners(struct hostile *h, struct body *b)
{
	(void)h;
	body_put_address(b, SECTION_ANSWER, &b->query->question.name, hostile_right_address);
	for (unsigned i = 0; i < OWNERS; i++) {
		struct name owner = hostile_name("o%u.owners.hostile.lab.", i);
		body_put_address(b, SECTION_ADDITIONAL, &owner, hostile_right_address);
	}
}

static void answer_slow(struct hostile *h, struct body *b)
{
	struct name zone = name_of("hostile.lab.");
	(void)h;
	b->rcode = RCODE_NXDOMAIN;
	b->delay_ms = SLOW_MS;
	body_put_soa(b, SECTION_AUTHORITY, &zone);
}

/* ---- spoofers: wrong answers first, from the right address to the right port ---- */

static void answer_after_wrong(struct hostile *h, struct body *b)
{
	(void)h;
	b->delay_ms = RIGHT_MS;
	b->wrong_before = WRONG;
	body_put_address(b, SECTION_ANSWER, &b->query->question.name, hostile_right_address);
}

size_t hostile_wrong(struct hostile *h, const struct manner *m, const struct query *q, unsigned i,
		     uint8_t *out, size_t size)
{
	struct body b;
	struct query wrong = *q;
	unsigned kind = m->garbage ? i % 20 : 0;
	wrong.id = (uint16_t)(kind == 0 ? q->id + 1 + i : q->id);
	body_begin(&b, &wrong, FLAG_AA, 0, out, size);
	body_put_address(&b, SECTION_ANSWER, &q->question.name, wrong_address);
	size_t len = body_end(&b);
	if (kind >= 1 && kind < 4)
		out[2] ^= (uint8_t)(kind == 1   ? 0x80
				    : kind == 2 ? 0x08
						: 0x02); /* a query; opcode; TC */
	else if (kind >= 4 && kind < 8)
		out[4 + kind - 4 + (kind & 1)] ^= 3; /* counts that are not true */
	else if (kind >= 8 && kind < 14)
		len -= kind - 7; /* too short */
	else if (kind >= 14 && kind < 17)
		out[13] ^= 1; /* another name */
	else if (kind >= 17)
		out[12 + hostile_chance(h) % (len - 12)] = 0xc0; /* a pointer to anywhere */
	return len;
}

/* ---- the table ---- */

static const struct manner manners[] = {
	{ .name = "keytrap-rsa",
	  .zone = true,
	  .algorithm = 8,
	  .modulus_octets = 256,
	  .exponent_octets = 3,
	  .keys = SAME_TAG / 2, /* or they are too many octets for one RRset */
	  .signatures = SAME_TAG },
	{ .name = "keytrap-p256",
	  .zone = true,
	  .algorithm = 13,
	  .keys = SAME_TAG,
	  .signatures = SAME_TAG },
	{ .name = "keytrap-ed448",
	  .zone = true,
	  .algorithm = 16,
	  .keys = SAME_TAG,
	  .signatures = SAME_TAG },
	{ .name = "keytrap-keys",
	  .zone = true,
	  .algorithm = 13,
	  .keys = SAME_TAG,
	  .signatures = SAME_TAG,
	  .anchor_tag = true },
	{ .name = "nsec3-50", .zone = true, .denial = ZONE_NSEC3, .iterations = 50 },
	{ .name = "nsec3-51", .zone = true, .denial = ZONE_NSEC3, .iterations = 51 },
	{ .name = "nsec3-2500", .zone = true, .denial = ZONE_NSEC3, .iterations = 2500 },
	{ .name = "padded", .zone = true, .padded = true },
	{ .name = "exponent",
	  .zone = true,
	  .algorithm = 8,
	  .modulus_octets = 512,
	  .exponent_octets = 511,
	  .keys = 4,
	  .signatures = 8 },
	{ .name = "modulus",
	  .zone = true,
	  .algorithm = 8,
	  .modulus_octets = 2048,
	  .exponent_octets = 3,
	  .keys = 4,
	  .signatures = 8 },
	{ .name = "nxns", .answer = answer_nxns, .referral = true },
	{ .name = "nrdelegation", .answer = answer_nrdelegation, .referral = true },
	{ .name = "glue", .answer = answer_glue, .referral = true },
	{ .name = "deeper", .answer = answer_deeper, .referral = true },
	{ .name = "sideways", .answer = answer_sideways, .referral = true },
	{ .name = "cycle", .answer = answer_cycle, .referral = true },
	{ .name = "chain", .answer = answer_chain },
	{ .name = "self", .answer = answer_self },
	{ .name = "camp", .answer = answer_camp, .referral = true },
	{ .name = "huge", .answer = answer_huge },
	{ .name = "types", .answer = answer_types },
	{ .name = "owners", .answer = answer_owners },
	{ .name = "slow", .answer = answer_slow },
	{ .name = "bomb", .answer = answer_slow, .releases = true },
	{ .name = "closes", .answer = answer_huge, .closes = true },
	{ .name = "wrong-id", .answer = answer_after_wrong },
	{ .name = "garbage", .answer = answer_after_wrong, .garbage = true },
};
enum { MANNERS = sizeof(manners) / sizeof(manners[0]) };

static const struct manner *manner_of(const struct name *n)
{
	struct name top = name_suffix(n, 3);
	for (unsigned i = 0; i < MANNERS; i++)
		if (top.wire[0] == strlen(manners[i].name) &&
		    strncasecmp((const char *)top.wire + 1, manners[i].name, top.wire[0]) == 0)
			return &manners[i];
	return NULL;
}

/* A name above all attacks, or of a server: as an honest authority would. */
static void answer_honestly(struct hostile *h, struct body *b)
{
	const struct question *q = &b->query->question;
	struct name apex = name_of("hostile.lab."), ns = name_of("ns.hostile.lab.");
	bool is_ns = name_equal(&q->name, &ns);
	(void)h;
	if (is_ns && q->type == TYPE_A)
		body_put_address(b, SECTION_ANSWER, &ns, h->addresses[2]);
	else if (name_equal(&q->name, &apex) && q->type == TYPE_SOA)
		body_put_soa(b, SECTION_ANSWER, &apex);
	else
		body_put_soa(b, SECTION_AUTHORITY, &apex);
}

static void refer_to_zone(struct hostile *h, struct body *b, const struct zone_of_manner *z)
{
	struct name ns = name_of("ns.hostile.lab.");
	body_put_name(b, SECTION_AUTHORITY, &z->apex, TYPE_NS, &ns);
	body_put_address(b, SECTION_ADDITIONAL, &ns, h->addresses[2]);
}

const struct manner *hostile_answer(struct hostile *h, const struct query *q, bool child,
				    struct body *b, uint8_t *octets, size_t size)
{
	const struct name *n = &q->question.name;
	struct name top = name_of("hostile.lab.");
	const struct manner *m = name_is_below(n, &top) ? manner_of(n) : NULL;
	struct zone_of_manner *z = m == NULL ? NULL : &h->zones[m - manners];
	bool attack = m != NULL && name_labels(n) > 3;
	bool refers =
	    m != NULL && (m->zone ? !child && q->question.type != TYPE_DS : attack && m->referral);
	body_begin(b, q, refers ? 0 : FLAG_AA, 0, octets, size);
	if (m != NULL && m->zone && child)
		hostile_zone_answer(h, b, m, z);
	else if (refers && m->zone)
		refer_to_zone(h, b, z);
	else if (attack && !m->zone)
		m->answer(h, b);
	else
		answer_honestly(h, b);
	if (b->counts[SECTION_ANSWER] > 0)
		b->w.start[2] |= FLAG_AA >> 8;
	b->w.start[3] = (uint8_t)((b->w.start[3] & 0xf0) | b->rcode);
	return m;
}

int main(int argc, char **argv)
{
	static struct hostile h;
	if (argc != 5) {
		fprintf(stderr, "usage: hostile ANCHORS ADDRESS ADDRESS CHILD-ADDRESS\n");
		return 2;
	}
	char ready[512];
	snprintf(ready, sizeof(ready), "%s.new", argv[1]);
	h.anchors = fopen(ready, "w");
	h.arena = arena_new((size_t)64 << 20);
	h.scratch = arena_new((size_t)4 << 20);
	h.zones = calloc(MANNERS, sizeof(*h.zones));
	if (h.anchors == NULL || h.arena == NULL || h.scratch == NULL || h.zones == NULL)
		hostile_die("cannot begin");
	rng_init_number(&h.rng, 1);
	h.how.inception = (uint32_t)time(NULL) - DAY;
	h.how.expiration = (uint32_t)time(NULL) + 7 * DAY;
	door_open(&h, argv + 2);
	for (unsigned i = 0; i < MANNERS; i++)
		if (manners[i].zone)
			hostile_zone_make(&h, &manners[i], &h.zones[i]);
	if (fclose(h.anchors) != 0 || rename(ready, argv[1]) != 0)
		hostile_die(argv[1]);
	door_serve(&h);
}
