/*
 * nsec.h - what NSEC records of one zone prove (RFC 4035 section 5.4, RFC 6840 section 4).
 *
 * Records here are validated and lie in the zone that signed them, owner and next name (threats
 * E7).  Functions take the records of one zone and a name at or below its apex.
 */
#ifndef VALIDATOR_NSEC_H
#define VALIDATOR_NSEC_H

#include "resolver/wire/rrset.h"
#include "validator/typeset.h"

struct nsec {
	struct name owner, next, zone;
	struct typeset types; /* borrowed from the RDATA */
};

/* ERR_FORMAT: not one NSEC record, or it reaches out of zone. */
MUST_CHECK enum err nsec_parse(const struct rrset *set, const struct name *zone, struct nsec *out);

struct nsec_set {
	const struct nsec *records; /* borrowed */
	unsigned count;
};

/* The name lies strictly between owner and next, and the record may speak about it. */
bool nsec_covers(const struct nsec *n, const struct name *name);

/* RFC 4035 section 5.4, first case; and RFC 9824 section 3.3: the name's own NSEC says NXNAME. */
bool nsec_proves_nxdomain(const struct nsec_set *s, const struct name *name);
/* RFC 4035 section 5.4; empty non-terminals (RFC 4592 section 2.2.2); wildcard NODATA; DS. */
bool nsec_proves_nodata(const struct nsec_set *s, const struct name *name, uint16_t type);
/* RFC 4035 section 5.3.4: nothing closer than the wildcard, whose parent has encloser_labels. */
bool nsec_proves_expansion(const struct nsec_set *s, const struct name *name,
                           unsigned encloser_labels);
/* RFC 4035 section 5.2: a delegation without DS. */
bool nsec_proves_insecure_cut(const struct nsec_set *s, const struct name *cut);

#endif
