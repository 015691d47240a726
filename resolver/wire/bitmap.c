#include "resolver/wire/bitmap.h"

/* One window: its number, and the octets behind its two octets of header. */
struct window {
	uint8_t number, len;
	const uint8_t *bits;
};

/* Takes the window at *at; false at the end and at a fault, *at then stays. */
static bool next_window(const uint8_t *octets, size_t len, size_t *at, struct window *out)
{
	if (len - *at < 2)
		return false;
	struct window w = { octets[*at], octets[*at + 1], octets + *at + 2 };
	if (w.len == 0 || w.len > BITMAP_WINDOW_OCTETS || len - *at - 2 < w.len)
		return false;
	*at += 2 + (size_t)w.len;
	*out = w;
	return true;
}

bool bitmap_is_valid(const uint8_t *octets, size_t len)
{
	size_t at = 0;
	int last = -1;
	struct window w;
	while (next_window(octets, len, &at, &w)) {
		if (w.number <= last)
			return false;
		last = w.number;
	}
	return at == len;
}

static bool has_bit(const struct window *w, unsigned bit)
{
	return bit / 8 < w->len && (w->bits[bit / 8] & (0x80 >> (bit % 8))) != 0;
}

bool bitmap_has(const uint8_t *octets, size_t len, uint16_t type)
{
	size_t at = 0;
	struct window w;
	while (next_window(octets, len, &at, &w)) {
		if (w.number == type >> 8)
			return has_bit(&w, type & 0xff);
	}
	return false;
}

int32_t bitmap_next(const uint8_t *octets, size_t len, uint32_t from)
{
	size_t at = 0;
	struct window w;
	while (next_window(octets, len, &at, &w)) {
		uint32_t base = (uint32_t)w.number << 8;
		for (uint32_t bit = from > base ? from - base : 0; bit < (uint32_t)w.len * 8;
		     bit++) {
			if (has_bit(&w, bit))
				return (int32_t)(base + bit);
		}
	}
	return -1;
}
