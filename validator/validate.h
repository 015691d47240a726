/*
 * validate.h - one judgement: may this outcome be believed?
 *
 * Follows the chain of trust from an anchor to the signer of the data (RFC 4035 section 5), asking
 * for the DS and DNSKEY RRsets it misses as ordinary questions (FETCH): their outcomes come back
 * already judged, by another validate of their own.  Never fetches itself, keeps nothing beside
 * the keys in its env.  Every signature and hash is charged to the question's budget.
 */
#ifndef VALIDATOR_VALIDATE_H
#define VALIDATOR_VALIDATE_H

#include "resolver/base/arena.h"
#include "resolver/base/budget.h"
#include "resolver/base/now.h"
#include "resolver/wire/outcome.h"

struct anchors; /* anchors.h */
struct trace;   /* trace.h of wire */
struct keys;    /* keys.h: parsed public keys of this worker */

struct validate_policy {
	bool allow_sha1;       /* RFC 9905: else 5, 7 and SHA-1 DS count as unsupported */
	uint32_t skew_s;       /* tolerated clock difference, 300 */
	const struct name *ntas; /* borrowed: negative trust anchors in force, RFC 7646 */
	unsigned nta_count;
	const struct name *spared; /* borrowed: at and below these nothing is validated, for good */
	unsigned spared_count;
};

struct validate_env {
	const struct validate_policy *policy;
	const struct anchors *anchors;
	struct keys *keys;
	bool undated;          /* the clock cannot be right: dates of signatures do not count */
};

/*
 * SECURE, BOGUS; INSECURE also where no anchor stands above the name (RFC 4033 section 5);
 * INDETERMINATE when a DS or DNSKEY needed could not be had: SERVFAIL, too, but worth another try.
 */
struct verdict {
	enum security security;
	struct reason reason;  /* for bogus, indeterminate, insecure with an EDE */
	uint32_t ttl_max;      /* signatures end then: no RRset of the outcome may live longer */
	bool wildcard;         /* a positive answer was expanded from a wildcard */
	uint8_t encloser;      /* wildcard: labels of the name that the wildcard stands below */
	bool inherited;        /* bogus, indeterminate: for a DS or DNSKEY, not for the outcome itself */
	bool opt_out;          /* the denial rests on an opt-out span: insecure, denies no name */
};

enum validate_kind {
	VALIDATE_FETCH, /* w.fetch, then call validate_next again */
	VALIDATE_WAIT,
	VALIDATE_DONE,  /* w.verdict */
};

struct validate_want {
	enum validate_kind kind;
	struct question fetch; /* DS or DNSKEY */
	struct verdict verdict;
};

struct validate;

/*
 * In a's memory; outcome is borrowed.  At DONE its security and its RRsets' are set, TTLs are
 * capped by the signatures, proofs that did not validate are gone, and reason is the verdict's if
 * that has one.  The first signature of a secure RRset is the one that was verified; what others
 * say is anybody's word.  Under an opt-out verdict the proofs themselves are secure and may be kept.
 * NULL: no memory.
 */
struct validate *validate_new(struct arena *a, const struct validate_env *env,
                              const struct question *q, struct outcome *outcome,
                              struct budget *budget);
/* Borrowed for as long as v lives; NULL: none. */
void validate_set_trace(struct validate *v, struct trace *trace);
struct validate_want validate_next(struct validate *v, struct now now);
/*
 * outcome: judged, or a FAILURE.  Borrowed for as long as v lives.  A denial of DS must still have
 * its proofs, each marked with its security: whether they show a delegation is read from them.
 */
void validate_on_fetched(struct validate *v, struct now now, const struct question *q,
                         const struct outcome *outcome);

#endif
