#include "resolver/server/errand.h"

#include "resolver/wire/reader.h"
#include "resolver/wire/writer.h"

#include <string.h>

enum { HEAD_OCTETS = 16, TOLD_MAX = 1024 };

static void write_number(struct writer *w, uint64_t number)
{
	write_u32(w, (uint32_t)(number >> 32));
	write_u32(w, (uint32_t)number);
}

static uint64_t read_number(struct reader *r)
{
	uint64_t high = read_u32(r);
	return high << 32 | read_u32(r);
}

enum err errand_send(int fd, const struct errand *e)
{
	uint8_t octets[HEAD_OCTETS + ERRAND_PLACE_MAX + ERRAND_REQUEST_MAX];
	struct writer w = writer_of(octets, sizeof(octets));
	write_number(&w, e->number);
	write_u16(&w, (uint16_t)e->place_len);
	write_octets(&w, e->place, e->place_len);
	write_octets(&w, e->request, e->request_len);
	if (w.err != ERR_OK)
		return w.err;
	return channel_send(fd, CHANNEL_ASK, octets, writer_length(&w));
}

enum err errand_read(const uint8_t *octets, size_t len, struct errand *out)
{
	struct reader r = reader_of(octets, len);
	struct errand e = { .number = read_number(&r) };
	e.place_len = read_u16(&r);
	e.place = read_octets(&r, e.place_len);
	e.request_len = reader_left(&r);
	e.request = read_octets(&r, e.request_len);
	if (r.err != ERR_OK)
		return r.err;
	*out = e;
	return ERR_OK;
}

static bool tell_part(int fd, uint64_t number, const char *text, size_t len)
{
	uint8_t octets[HEAD_OCTETS + ERRAND_TEXT_MAX];
	struct writer w = writer_of(octets, sizeof(octets));
	write_number(&w, number);
	write_octets(&w, text, len);
	return w.err == ERR_OK && channel_send(fd, CHANNEL_TELL, octets, writer_length(&w)) == ERR_OK;
}

void errand_tell(int fd, uint64_t number, const char *text, size_t len)
{
	for (size_t at = 0; at < len; at += ERRAND_TEXT_MAX) {
		size_t part = len - at < ERRAND_TEXT_MAX ? len - at : ERRAND_TEXT_MAX;
		if (!tell_part(fd, number, text + at, part))
			return;
	}
}

static void tell_end(int fd, uint64_t number, bool failed, const void *octets, size_t len)
{
	uint8_t out[TOLD_MAX];
	struct writer w = writer_of(out, sizeof(out));
	write_number(&w, number);
	write_u8(&w, failed);
	write_octets(&w, octets, len);
	if (w.err == ERR_OK) /* a full queue loses it: who waits has a time-out */
		(void)!channel_send(fd, CHANNEL_TOLD, out, writer_length(&w));
}

void errand_done(int fd, uint64_t number, const uint8_t *place, size_t place_len)
{
	tell_end(fd, number, false, place, place_len);
}

void errand_failed(int fd, uint64_t number, const char *why)
{
	size_t len = strlen(why);
	tell_end(fd, number, true, why, len < TOLD_MAX / 2 ? len : TOLD_MAX / 2);
}

enum err errand_read_tell(const uint8_t *octets, size_t len, struct errand_said *out)
{
	struct reader r = reader_of(octets, len);
	struct errand_said s = { .number = read_number(&r) };
	s.len = reader_left(&r);
	s.octets = read_octets(&r, s.len);
	if (r.err != ERR_OK)
		return r.err;
	*out = s;
	return ERR_OK;
}

enum err errand_read_told(const uint8_t *octets, size_t len, struct errand_said *out)
{
	struct reader r = reader_of(octets, len);
	struct errand_said s = { .number = read_number(&r) };
	s.failed = read_u8(&r) != 0;
	s.len = reader_left(&r);
	s.octets = read_octets(&r, s.len);
	if (r.err != ERR_OK)
		return r.err;
	*out = s;
	return ERR_OK;
}
