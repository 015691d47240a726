#include "resolver/server/anchor_seen.h"

#include "resolver/wire/reader.h"
#include "resolver/wire/writer.h"
#include "resolver/wire/zonetext.h"

#include <stdlib.h>
#include <string.h>

enum { SPARE = 1 }; /* the kind travels beside the message; it must still fit */

static enum err fill(uint8_t *octets, size_t room, const struct name *zone, const struct rrset *set,
                     size_t *len)
{
	struct writer w = writer_of(octets, room);
	write_plain_name(&w, zone);
	if (w.err != ERR_OK)
		return w.err;
	*len = writer_length(&w);
	char *text = (char *)octets + *len;
	if (set == NULL)
		return ERR_OK;
	if (!rrset_text(set, text, room - *len))
		return ERR_SPACE;
	*len += strlen(text);
	return ERR_OK;
}

enum err anchor_seen_send(int fd, const struct name *zone, const struct rrset *set)
{
	size_t len = 0;
	uint8_t *octets = malloc(CHANNEL_OCTETS - SPARE);
	if (octets == NULL)
		return ERR_NOMEM;
	enum err e = fill(octets, CHANNEL_OCTETS - SPARE, zone, set, &len);
	if (e == ERR_OK)
		e = channel_send(fd, CHANNEL_ANCHORS_SEEN, octets, len);
	free(octets);
	return e;
}

enum err anchor_seen_read(const uint8_t *octets, size_t len, struct anchor_seen *out)
{
	struct reader r = reader_of(octets, len);
	struct anchor_seen seen;
	read_plain_name_to(&r, &seen.zone);
	seen.len = reader_left(&r);
	seen.text = (const char *)read_octets(&r, seen.len);
	if (r.err != ERR_OK)
		return r.err;
	*out = seen;
	return ERR_OK;
}
