/*
 * hostile.h - what hostile.c (the messages), hostile_zone.c (signed zones) and hostile_door.c
 * (sockets) share.
 */
#ifndef TOOLS_HOSTILE_H
#define TOOLS_HOSTILE_H

#include "resolver/base/rng.h"
#include "resolver/wire/message.h"
#include "tests/sign/zone.h"

#include <stdarg.h>
#include <stdio.h>

enum { HOSTILE_ADDRESSES = 3, KEY_OCTETS = 8192, OPT_ROOM = 64, HOSTILE_TTL = 300 };

struct hostile;
struct body;

/* A way to attack; what is zero does not apply. */
struct manner {
	const char *name;
	/* A signed zone at the third address. */
	bool zone;
	uint8_t algorithm; /* of the keys that are added, all with one tag */
	size_t modulus_octets, exponent_octets;
	unsigned keys, signatures; /* false ones, over each answer */
	bool anchor_tag; /* the tag is that of the zone's own key, and the DNSKEY RRset is what is
			    signed falsely */
	enum zone_denial denial;
	uint16_t iterations;
	bool padded;
	/* Or messages made up on the spot. */
	void (*answer)(struct hostile *h, struct body *b);
	bool referral;
	bool releases; /* all answers of some seconds at once */
	bool closes;   /* truncated over UDP, and TCP closes without an answer */
	bool garbage;  /* wrong answers of twenty kinds; else wrong ids */
};

struct zone_of_manner {
	struct name apex;
	struct sign_key *key;
	struct zone zone;
	struct rrset *dnskey;
	struct rrset **proofs;
	uint16_t tag;
};

struct hostile {
	FILE *anchors;
	struct arena *arena, *scratch;
	struct rng rng;
	struct sign_how how;
	uint8_t addresses[HOSTILE_ADDRESSES][4];
	struct zone_of_manner *zones; /* one for each manner */
};

/* A message being written. */
struct body {
	const struct query *query; /* borrowed */
	struct writer w;
	uint16_t counts[SECTIONS];
	uint16_t rcode;
	unsigned delay_ms, wrong_before; /* of it, and of wrong answers sent at once */
};

extern const uint8_t hostile_right_address[4];

__attribute__((noreturn)) void hostile_die(const char *what);
uint32_t hostile_chance(struct hostile *h);
__attribute__((format(printf, 1, 2))) struct name hostile_name(const char *format, ...);

void body_begin(struct body *b, const struct query *q, uint16_t flags, uint16_t rcode,
		uint8_t *octets, size_t size);
/* What no longer fits is left out. */
void body_put(struct body *b, enum section s, const struct name *owner, uint16_t type,
	      const void *rdata, size_t len);
void body_put_name(struct body *b, enum section s, const struct name *owner, uint16_t type,
		   const struct name *to);
void body_put_set(struct body *b, enum section s, const struct rrset *set); /* takes NULL */
void body_put_soa(struct body *b, enum section s, const struct name *zone);
void body_put_address(struct body *b, enum section s, const struct name *owner,
		      const uint8_t address[4]);
size_t body_end(struct body *b); /* the length */

/* Everything but body_end.  child: asked at the third address.  The manner, NULL: none, honest. */
const struct manner *hostile_answer(struct hostile *h, const struct query *q, bool child,
				    struct body *b, uint8_t *octets, size_t size);
/* The i-th wrong answer; its length. */
size_t hostile_wrong(struct hostile *h, const struct manner *m, const struct query *q, unsigned i,
		     uint8_t *out, size_t size);

void hostile_zone_make(struct hostile *h, const struct manner *m, struct zone_of_manner *z);
/* What the zone says, at its own address. */
void hostile_zone_answer(struct hostile *h, struct body *b, const struct manner *m,
			 struct zone_of_manner *z);

void door_open(struct hostile *h, char **addresses);
__attribute__((noreturn)) void door_serve(struct hostile *h);

#endif
