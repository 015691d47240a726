/*
 * control_frame.h - what goes over the control socket, as both of its ends see it.
 *
 * A frame is four octets of length, in network order, and as many octets.  A request is one frame:
 * CONTROL_VERSION, then words, each ended by an octet 0.  The answer is frames that begin with an
 * enum control_part octet and go on with text; the last one is DONE or FAILED, then the daemon closes.
 */
#ifndef SERVER_CONTROL_FRAME_H
#define SERVER_CONTROL_FRAME_H

#include "resolver/base/octets.h"

enum {
	CONTROL_VERSION = 1,
	CONTROL_HEAD_OCTETS = 4,
	CONTROL_WORDS = 8,              /* of one request */
	CONTROL_PART_OCTETS = 32 << 10, /* most of one frame of an answer */
};

enum control_part {
	CONTROL_TEXT = 't',
	CONTROL_DONE = 'd',   /* with no text */
	CONTROL_FAILED = 'f', /* with one line: why */
};

#endif
