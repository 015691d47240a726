/*
 * response.h - a server's reply while it is put together.
 *
 * Filled by the honest authority, bent by manners and forgeries, then written as octets.  RRsets
 * are borrowed; the arena is that of one packet.
 */
#ifndef SIM_RESPONSE_H
#define SIM_RESPONSE_H

#include "resolver/wire/message.h"

struct response {
	struct arena *arena;
	uint16_t id, flags, rcode;
	bool has_question;
	struct question question; /* case as received */
	struct {
		const struct rrset **sets;
		unsigned count, room;
	} section[SECTIONS];
	unsigned needed_glue; /* the first so many of the additional section: RFC 9471 section 2 */
	struct edns edns;
	bool sigs;       /* the query said DO */
	bool empty_node; /* the name exists, but only for what is below it */
	bool uncut;      /* write more than the other side wants */
};

void response_init(struct response *r, struct arena *a, const struct query *q);
/* Everything that was put in goes; flags and rcode as given. */
void response_clear(struct response *r, uint16_t flags, uint16_t rcode);
/* A set that is there already is not added twice.  NULL is nothing to add. */
void response_add(struct response *r, enum section section, const struct rrset *set);

/* limit: what the other side takes; more is cut and marked TC.  Returns the length. */
size_t response_write(const struct response *r, size_t limit, uint8_t *out, size_t size);

#endif
