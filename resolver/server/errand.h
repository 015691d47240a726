/*
 * errand.h - a control request on its way to a worker or the keeper, and what comes back.
 *
 * CHANNEL_ASK carries an errand; any number of CHANNEL_TELL carry text for the operator, and one
 * CHANNEL_TOLD ends it.  A long answer goes in steps: TOLD brings a place to go on from, and the next
 * errand has it.  So a slow operator costs nobody memory.  Numbers are never reused.
 */
#ifndef SERVER_ERRAND_H
#define SERVER_ERRAND_H

#include "resolver/server/channel.h"
#include <stdbool.h>

enum {
	ERRAND_PLACE_MAX = 512,       /* octets of a place to go on from: a key of the store */
	ERRAND_TEXT_MAX = 48 << 10,   /* of one TELL */
	ERRAND_REQUEST_MAX = 64 << 10,
};

struct errand {
	uint64_t number;
	const uint8_t *place;   /* borrowed, as are the others */
	size_t place_len;       /* 0: from the beginning */
	const uint8_t *request; /* command_parse() takes it */
	size_t request_len;
};

MUST_CHECK enum err errand_send(int fd, const struct errand *e);
MUST_CHECK enum err errand_read(const uint8_t *octets, size_t len, struct errand *out);

/* In as many messages as it takes.  A full queue loses the rest, and the operator hears of a time-out. */
void errand_tell(int fd, uint64_t number, const char *text, size_t len);
/* place_len 0: that was all. */
void errand_done(int fd, uint64_t number, const uint8_t *place, size_t place_len);
void errand_failed(int fd, uint64_t number, const char *why);

/* What a TELL or a TOLD says. */
struct errand_said {
	uint64_t number;
	bool failed;          /* TOLD: octets are why, else the place to go on from */
	const uint8_t *octets;
	size_t len;
};
MUST_CHECK enum err errand_read_tell(const uint8_t *octets, size_t len, struct errand_said *out);
MUST_CHECK enum err errand_read_told(const uint8_t *octets, size_t len, struct errand_said *out);

#endif
