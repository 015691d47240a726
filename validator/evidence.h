/*
 * evidence.h - what an outcome brings along for its own truth: signatures and denials.
 *
 * Judges with the signer's DNSKEY RRset, which has been believed already.  How that was found is
 * validate.c's concern.
 */
#ifndef VALIDATOR_EVIDENCE_H
#define VALIDATOR_EVIDENCE_H

#include "validator/proof.h"
#include "validator/rrsig.h"
#include "validator/validate.h"

/*
 * The zone that claims to have signed the outcome: at or above its name (above it for DS, which
 * lies in the parent), at or below top.  False: no RRSIG there can be of use.
 */
bool evidence_signer(const struct question *q, const struct outcome *o, const struct name *top,
                     struct name *signer);

/*
 * Verifies what has to be verified, marks each RRset's security, caps its TTL (RFC 4035 section
 * 5.3.3), and leaves in o->proofs only what validated.
 */
struct verdict evidence_judge(const struct verifier *by, const struct question *q,
                              struct outcome *o, const struct name *signer,
                              const struct rrset *dnskeys);

/*
 * A judged denial of DS: does it show that cut is delegated without DS, or in an opt-out span?
 * PROOF_NONE: no delegation there.
 */
enum proof evidence_of_insecure_cut(const struct outcome *ds, const struct name *cut,
                                    struct budget *budget);

/*
 * Caps s's TTL by the one that a signature over it gives, and *ttl_max by how long that lasts: an end is a
 * moment and no TTL (cache/ttl.h).
 */
void evidence_cap_ttl(struct rrset *s, const struct signature *sig, uint32_t *ttl_max);

#endif
