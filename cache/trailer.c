#include "cache/trailer.h"

#include "resolver/base/siphash.h"
#include <string.h>

static const uint8_t mark[8] = "warren1";

void trailer_add(struct trailer_sum *s, const uint8_t *block, size_t len)
{
	struct siphash_key key = { s->value, s->len };
	s->value = siphash(&key, block, len);
	s->len += len;
}

static void put_u64(uint8_t *out, uint64_t v)
{
	for (unsigned i = 0; i < 8; i++)
		out[i] = (uint8_t)(v >> (56 - 8 * i));
}

void trailer_write(const struct trailer_sum *s, uint8_t out[TRAILER_OCTETS])
{
	memcpy(out, mark, sizeof(mark));
	put_u64(out + 8, s->len);
	put_u64(out + 16, s->value);
}
