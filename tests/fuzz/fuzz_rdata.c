#include "tests/fuzz/fuzz.h"

#include "resolver/wire/rdata.h"

#include <string.h>

enum { TEXT = 512 << 10, STORED = 70000 };

static void survives_writing(uint16_t type, const struct rdata *r)
{
	static uint8_t message[STORED], back[STORED];
	struct writer w = writer_of(message, sizeof(message)),
		      again = writer_of(back, sizeof(back));
	struct name before = name_of("example.com.");
	write_name(&w, &before);
	size_t from = writer_length(&w);
	rdata_write(&w, type, r);
	FUZZ_CHECK(w.err == ERR_OK);
	struct reader in = reader_of(message, writer_length(&w));
	(void)read_octets(&in, from);
	FUZZ_CHECK(rdata_read(type, in, &again) == ERR_OK);
	FUZZ_CHECK(writer_length(&again) == r->len);
}

static void is_canonical_once(uint16_t type, const struct rdata *r)
{
	static uint8_t first[STORED], second[STORED];
	struct writer w = writer_of(first, sizeof(first)),
		      again = writer_of(second, sizeof(second));
	rdata_write_canonical(&w, type, r);
	struct rdata once = { (uint16_t)writer_length(&w), first };
	rdata_write_canonical(&again, type, &once);
	struct rdata twice = { (uint16_t)writer_length(&again), second };
	FUZZ_CHECK(w.err == ERR_OK && again.err == ERR_OK && once.len == r->len);
	FUZZ_CHECK(rdata_compare_canonical(&once, &twice) == 0);
}

static void survives_text(uint16_t type, const struct rdata *r)
{
	static char text[TEXT], again[TEXT];
	static uint8_t back[STORED];
	struct writer w = writer_of(back, sizeof(back));
	struct name origin = name_root();
	FUZZ_CHECK(rdata_text(type, r, text, sizeof(text)));
	FUZZ_CHECK(rdata_scan(type, text, &origin, &w) == ERR_OK);
	struct rdata scanned = { (uint16_t)writer_length(&w), back };
	FUZZ_CHECK(rdata_text(type, &scanned, again, sizeof(again)));
	FUZZ_CHECK(strcmp(text, again) == 0);
}

/* The first two octets are the type; the RDATA may point back into them. */
int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	static uint8_t stored[STORED];
	static char text[256];
	struct reader in = reader_of(octets, len);
	struct writer w = writer_of(stored, sizeof(stored));
	uint16_t type = read_u16(&in);
	if (in.err != ERR_OK || len > UINT16_MAX)
		return 0;
	struct rdata raw = { (uint16_t)(len - 2), octets + 2 };
	(void)rdata_text(type, &raw, text, sizeof(text));
	if (rdata_read(type, in, &w) != ERR_OK || writer_length(&w) > UINT16_MAX)
		return 0;
	struct rdata r = { (uint16_t)writer_length(&w), stored };
	survives_writing(type, &r);
	is_canonical_once(type, &r);
	survives_text(type, &r);
	return 0;
}
