/*
 * message.h - a whole response: header, question, and its records gathered into RRsets.
 *
 * Parsed into an arena; RRSIGs are attached to the RRset they cover (same section), a signature
 * without its RRset stands as an RRset of type RRSIG.  Parsing is strict: counts, RDATA lengths
 * and the end of the message must agree.  Judges nothing (iterate/scrub does).
 */
#ifndef WIRE_MESSAGE_H
#define WIRE_MESSAGE_H

#include "resolver/wire/edns.h"
#include "resolver/wire/query.h"
#include "resolver/wire/rrset.h"

enum section { SECTION_ANSWER, SECTION_AUTHORITY, SECTION_ADDITIONAL, SECTIONS };

struct message {
	uint16_t id, flags;
	uint16_t rcode; /* 12 bits, EDNS included */
	uint16_t question_count;
	struct question question; /* when question_count is 1 */
	struct edns edns;
	struct {
		struct rrset *sets; /* borrowed, in order of appearance */
		unsigned count;
	} section[SECTIONS];
	size_t tail; /* octets behind the last record, which are not of the message */
};

/*
 * Everything lives in a; nothing points into octets afterwards.  ERR_LIMIT: more than limits.h
 * allows.  On any error *out means nothing.
 */
MUST_CHECK enum err message_parse(const uint8_t *octets, size_t len, struct arena *a,
                                  struct message *out);

/* The RRset of that owner and type in a section, or NULL. */
struct rrset *message_find(const struct message *m, enum section s, const struct name *owner,
                           uint16_t type);

/*
 * Writes the whole RRset (with its RRSIGs when sigs) or nothing (RFC 2181 section 5.1), starting
 * with record `first` and wrapping, so that order can be shuffled.  Adds the records written to
 * *count.  False: it did not fit, the writer stands as before.
 */
MUST_CHECK bool write_rrset(struct writer *w, const struct rrset *s, uint32_t ttl, bool sigs,
                            unsigned first, uint16_t *count);

/* Multi-line, as dig prints it, for logs and tools.  Cut when it does not fit; NUL-terminated. */
void message_text(const struct message *m, char *out, size_t size);

#endif
