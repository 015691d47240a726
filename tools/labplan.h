/*
 * labplan.h - what labzones tells labsign: one line of text for each zone to sign.
 *
 * Only the lab's own programs write and read plans, so a bad line simply ends the program.
 */
#ifndef TOOLS_LABPLAN_H
#define TOOLS_LABPLAN_H

#include <stdbool.h>
#include <stdio.h>

enum denial { DENIAL_NSEC, DENIAL_NSEC3, DENIAL_OPTOUT };

/* What is done wrong on purpose. */
enum flaw {
	FLAW_NONE,
	FLAW_EXPIRED,  /* signatures ran out yesterday */
	FLAW_FUTURE,   /* signatures begin in a month */
	FLAW_NODS,     /* signed, but the parent says nothing of it: insecure */
	FLAW_WRONGDS,  /* the parent's digest is of something else */
	FLAW_WRONGKEY, /* the DS is of a key that is not in the zone */
	FLAW_BADSIG,   /* one bit of each signature over an A RRset is flipped */
	FLAW_STRIPPED, /* no signatures at all */
	FLAW_NODENIAL, /* signatures, but no NSEC or NSEC3 */
	FLAW_HOLE,     /* the NSEC or NSEC3 of "mail" is missing */
	FLAW_NOKEY,    /* no DNSKEY */
	FLAW_BARE,     /* A RRsets without signatures */
	FLAW_REVOKED,  /* the keys say that they are revoked */
	FLAW_NOTZONE,  /* the keys say that they are not a zone's */
	FLAW_PROTOCOL, /* the keys are of protocol 2 */
	FLAW_ZSKONLY,  /* the DNSKEY RRset is signed by a key that has no DS */
	FLAW_FOREIGN,  /* the next name of the last NSEC lies outside the zone */
	FLAW_LABELS,   /* signatures over A RRsets claim a wildcard of the parent zone */
	FLAW_ALGORITHM, /* keys, signatures and DS of an algorithm nobody knows */
	FLAW_DUAL,     /* signed by RSASHA1 too */
	/* DS: */
	FLAW_DIGEST,      /* of a digest nobody knows */
	FLAW_SHA1,        /* a SHA-1 digest only */
	FLAW_SHA1_BESIDE, /* a right SHA-1 beside a wrong SHA-256 */
	FLAW_DS_BESIDE,   /* one of an unknown algorithm beside the right one */
	FLAW_DS_LAST,     /* one of an unknown algorithm beside a wrong one */
};

/* Who signs: by the library of ldns (labsign), or as a program (lab.d/sign.sh). */
enum signer { SIGNER_LDNS, SIGNER_BIND, SIGNER_KNOT };

struct plan {
	unsigned level;     /* labels in the name: the deepest are signed first */
	const char *zone;   /* "." or a name without the final dot */
	const char *file;   /* below raw/ (to sign) and zones/ (to serve) */
	const char *server; /* who serves it */
	int algorithm;      /* DNSSEC algorithm number; 0: not signed */
	enum denial denial;
	unsigned iterations; /* NSEC3; above 0 there is a salt too */
	enum flaw flaw;
	enum signer signer;
};

/* Writes nothing for a zone that is not signed. */
void plan_write(FILE *f, const struct plan *p);

struct plan_line {
	struct plan plan; /* its texts are in the buffers below */
	char zone[256], file[256], server[64];
};

bool plan_read(FILE *f, struct plan_line *out);

/*
 * The zones made by hand, all below the TLD "lab" (labcurious.c).  The first writes them, the
 * second the delegations that lead to them.
 */
void curious_write(const char *dir, FILE *plan, FILE *serve, FILE *addresses);
void curious_write_delegations(FILE *tld);

#endif
