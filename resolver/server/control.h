/*
 * control.h - the operator's door: a unix socket in the supervisor, mode 0600.
 *
 * Accepts a bounded number of clients, each with one request (control_frame.h) and a bounded time for it,
 * and passes on what workers and the keeper say about it.  Never waits for anybody.  Who may ask is
 * settled by the mode of the socket and of its folder alone.
 */
#ifndef SERVER_CONTROL_H
#define SERVER_CONTROL_H

#include "resolver/server/child.h"

struct control;
struct job; /* job.h */

/* Owned.  NULL: no memory.  Nobody is heard before control_listen(). */
struct control *control_new(struct supervisor *s);
void control_free(struct control *c); /* takes NULL; removes the socket file */

/*
 * Listens where the configuration in force says; where it listens already, nothing changes.  The socket a
 * dead daemon left is removed, that of a living one is respected.  What fails is logged and costs the
 * control socket only.
 */
void control_listen(struct control *c);

/* For work of the supervisor's own that goes the way of a command; borrowed, one at a time. */
struct job *control_chore(struct control *c);

/* In a child, after fork: its copies of the descriptors are closed, the parent's loop is not touched. */
void control_abandon(struct control *c);

/* CHANNEL_TELL and CHANNEL_TOLD of a child. */
void control_on_tell(struct control *c, const uint8_t *octets, size_t len);
void control_on_told(struct control *c, const struct child *from, const uint8_t *octets, size_t len);
/* It will not answer any more. */
void control_on_gone(struct control *c, const struct child *child);
/* A reload is over; why it failed, NULL: it did not. */
void control_on_reloaded(struct control *c, const char *why);

#endif
