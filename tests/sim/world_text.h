/*
 * world_text.h - the lines of a world block (FORMAT) as zones, hosts and forgeries.
 *
 * A directive takes the deeper indented lines below it.  Errors stick in the script.
 */
#ifndef SIM_WORLD_TEXT_H
#define SIM_WORLD_TEXT_H

#include "tests/sim/script.h"
#include "tests/sim/world.h"

/* The line just read, and its body.  False: its first word is no directive; nothing was taken. */
bool world_text_read(struct world *w, struct script *s);

uint16_t world_text_rcode(struct script *s);
uint16_t world_text_flag(struct script *s);
/* A section's name, if the next word is one. */
bool world_text_section(struct script *s, enum section *out);

#endif
