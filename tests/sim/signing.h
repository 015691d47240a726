/*
 * signing.h - how a zone of a world is signed, right or wrong on purpose, and what its parent says of it.
 *
 * Reads the words behind "signed" and "ds" of a zone, and those behind "signed" of a scripted record
 * (FORMAT).  Makes keys and single signatures; whole zones are made by tests/sign/zone.h.
 */
#ifndef SIM_SIGNING_H
#define SIM_SIGNING_H

#include "tests/sim/script.h"
#include "tests/sign/zone.h"

enum { SIGNING_KEYS = 2, SIGNING_DS = 4 };

/* A DS in the parent: of a key, or nearly. */
struct signing_ds {
	uint8_t digest;
	uint8_t algorithm; /* claimed; 0: the key's */
	bool wrong;        /* the digest of another key */
	unsigned key;      /* which of the keys */
};

/* All zero: an unsigned zone. */
struct signing {
	enum zone_denial denial;
	uint8_t algorithms[SIGNING_KEYS];
	uint8_t claims;           /* algorithm written into DNSKEY, RRSIG and DS; 0: the own */
	uint16_t flags;           /* of the keys; 0: 257 */
	struct sign_key *keys[SIGNING_KEYS];
	unsigned key_count;
	struct sign_how how;
	bool opt_out;
	uint16_t iterations;
	uint8_t salt_len;
	struct signing_ds ds[SIGNING_DS];
	unsigned ds_count;        /* none: one of SHA-256, unless no_ds */
	bool no_ds;
};

/* An honest signature made at the beginning of a world. */
struct sign_how signing_honest(void);
/* expired, future, reversed, broken, labels N, signer NAME, covers TYPE, tag N; false: the next word is none. */
bool signing_read_how(struct script *s, struct sign_how *how);

/* The words behind "signed"; makes the keys. */
void signing_read(struct script *s, struct signing *g);
/* The words behind "ds". */
void signing_read_ds(struct script *s, struct signing *g);
void signing_clear(struct signing *g);

struct zone_plan signing_plan(const struct signing *g);
/* DS records of zone as text; "" when there are none. */
void signing_ds_text(const struct signing *g, const struct name *zone, char *out, size_t size);

#endif
