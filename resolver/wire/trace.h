/*
 * trace.h - what happened on the way to an answer, for an operator who wants to know.
 *
 * A bounded list of events that belongs to one client's question and all it caused.  Whoever does something
 * worth telling adds an event; without a trace (NULL, nearly always) that is one comparison.  Nothing here
 * changes what is done.  Held by several, freed with its last holder.
 */
#ifndef WIRE_TRACE_H
#define WIRE_TRACE_H

#include "resolver/base/address.h"
#include "resolver/base/limits.h"
#include "resolver/wire/cut.h"
#include "resolver/wire/outcome.h"

enum trace_kind {
	TRACE_FOUND,     /* question: outcome was known already; what: where */
	TRACE_FAILING,   /* question: a failure is remembered; reason */
	TRACE_UNCHECKED, /* question: known, but to be judged first */
	TRACE_MISSING,   /* question: nothing usable is known */
	TRACE_JOINED,    /* question: under way for somebody else, whose events are not here */
	TRACE_CUT,       /* name: its servers are asked from now on; what: how it is known */
	TRACE_SENT,      /* question to server */
	TRACE_GOT,       /* reply to question from server, after ms: rcode, what it is */
	TRACE_SILENT,    /* server has not answered question within ms */
	TRACE_UNREACHED, /* server could not be reached; what */
	TRACE_ODD,       /* something else than the answer came from server */
	TRACE_NEEDS,     /* question must be answered first */
	TRACE_DS,        /* name: DS record with tag, algorithm; what: a digest type, and whether a key fits */
	TRACE_SIGNATURE, /* question's RRset: signature of name with tag, algorithm; reason: why it is no good */
	TRACE_JUDGED,    /* question: security of what was found; reason when there is one */
	TRACE_FAILED,    /* question: reason */
};

enum { TRACE_REASON_MAX = 120 };

struct trace_event {
	enum trace_kind kind;
	unsigned level;        /* how many questions wait above the one this was for */
	int64_t at_ms;         /* life clock */
	struct question question;
	struct name name;
	const char *what;      /* static, or NULL */
	struct address server;
	bool tcp;
	uint16_t rcode;
	uint32_t ms;
	uint16_t tag;
	uint8_t algorithm, digest;
	uint8_t security;      /* enum security */
	uint16_t ede;
	char reason[TRACE_REASON_MAX]; /* "": none */
};

struct trace {
	unsigned holders;
	unsigned count, lost;  /* lost: events that found no room */
	int64_t begun_ms, now_ms;
	unsigned level;
	struct trace_event events[LIMIT_TRACE_EVENTS];
};

/* Held once by the caller.  NULL: no memory. */
struct trace *trace_new(int64_t now_ms);
struct trace *trace_hold(struct trace *t); /* takes NULL */
void trace_drop(struct trace *t);          /* takes NULL */

/* Events from now on are of that time, and for a question that deep.  All take NULL. */
void trace_at(struct trace *t, int64_t now_ms, unsigned level);

void trace_question(struct trace *t, enum trace_kind kind, const struct question *q);
void trace_found(struct trace *t, const struct question *q, const struct outcome *o,
                 const char *where);
void trace_reason(struct trace *t, enum trace_kind kind, const struct question *q,
                  struct reason reason);
void trace_cut(struct trace *t, const struct cut *cut, const char *how);
/* SENT, SILENT, UNREACHED, ODD. */
void trace_exchange(struct trace *t, enum trace_kind kind, const struct question *q,
                    const struct address *server, bool tcp, uint32_t ms, const char *what);
void trace_got(struct trace *t, const struct question *q, const struct address *server, bool tcp,
               uint32_t ms, uint16_t rcode, const char *what);
void trace_ds(struct trace *t, const struct name *zone, uint16_t tag, uint8_t algorithm, uint8_t digest,
              const char *what);
void trace_signature(struct trace *t, const struct rrset *set, const struct rrsig *sig,
                     struct reason reason);
void trace_judged(struct trace *t, const struct question *q, const struct outcome *o,
                  enum security security, struct reason reason);

#endif
