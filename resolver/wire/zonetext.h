/*
 * zonetext.h - records in presentation format (RFC 1035 section 5): hints, local data, anchors, tests.
 *
 * $ORIGIN, $TTL, "@", relative names, omitted owner/TTL/class, parentheses and comments.  TTLs
 * are plain seconds, an omitted class is IN.  No $INCLUDE, no $GENERATE.  Pure: the text is
 * already in memory.
 */
#ifndef WIRE_ZONETEXT_H
#define WIRE_ZONETEXT_H

#include "resolver/wire/rrset.h"

enum { ZONETEXT_TTL = 3600 };

struct zonetext {
	const char *at, *end;
	unsigned line;       /* where the record just read begins, from 1 */
	unsigned next_line;  /* where `at` stands */
	struct name origin;  /* the root to begin with */
	struct name owner;   /* of the last record; len 0: none yet */
	uint32_t ttl;        /* of records that say none: $TTL, ZONETEXT_TTL before it */
	const char *what;    /* static text of the error */
};

struct zonetext zonetext_of(const char *text, size_t len);

/*
 * The next record, as an RRset of one record in a (an RRSIG stands as an RRset of type RRSIG).
 * ERR_NOTFOUND: no more.  ERR_FORMAT: z->line and z->what say where and why; the reader stands
 * behind the bad record.
 */
MUST_CHECK enum err zonetext_next(struct zonetext *z, struct arena *a, struct rrset *out);

/*
 * All records, gathered into RRsets with their signatures attached, as message_parse does.
 * ERR_LIMIT: a set is too big for one; z->what says so, no line is at fault.
 */
MUST_CHECK enum err zonetext_all(struct zonetext *z, struct arena *a, struct rrset **sets,
                                 unsigned *count);

/* "owner TTL class type rdata\n" for each record and signature.  False: cut short. */
bool rrset_text(const struct rrset *s, char *out, size_t size);

#endif
