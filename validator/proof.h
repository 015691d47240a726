/*
 * proof.h - what a set of NSEC or NSEC3 records comes to.
 */
#ifndef VALIDATOR_PROOF_H
#define VALIDATOR_PROOF_H

enum proof {
	PROOF_NONE,       /* does not show what was claimed */
	PROOF_FULL,
	PROOF_OPT_OUT,    /* shown, but for names that an opt-out span may hide: insecure */
	PROOF_ITERATIONS, /* NSEC3 that hashes too often to be looked at: insecure, EDE 27 */
	PROOF_COSTLY,     /* the question's budget is used up */
};

#endif
