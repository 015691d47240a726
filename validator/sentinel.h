/*
 * sentinel.h - root key sentinel: RFC 8509 section 3.
 *
 * Decides from the question as it was asked and the answer as it was judged; applied when an
 * answer goes out, so cached answers and a set of anchors that changed a moment ago are right,
 * too.  Whether the daemon takes part at all is configuration.
 */
#ifndef VALIDATOR_SENTINEL_H
#define VALIDATOR_SENTINEL_H

#include "validator/key_tags.h"

enum sentinel {
	SENTINEL_ANSWER,   /* as if there were no sentinel */
	SENTINEL_SERVFAIL, /* RFC 8509 section 3.2: rcode 2, no answer section */
};

/* security: of the whole answer.  root: the tags of the root's anchors in force. */
enum sentinel sentinel_judge(const struct question *q, enum security security,
                             bool checking_disabled, const struct key_tags *root);
/* It has a sentinel's leftmost label and type: worth asking sentinel_judge. */
bool sentinel_is_question(const struct question *q);

#endif
