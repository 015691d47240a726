#include "tests/fuzz/fuzz.h"

#include "resolver/wire/edns.h"

/* What was written is an OPT record: its owner, type, class, TTL and length, then the options. */
static enum err parse_record(const uint8_t *octets, size_t len, struct edns *out)
{
	struct reader r = reader_of(octets, len);
	(void)read_octets(&r, 3);
	uint16_t class = read_u16(&r);
	uint32_t ttl = read_u32(&r);
	uint16_t rest = read_u16(&r);
	FUZZ_CHECK(r.err == ERR_OK && reader_left(&r) == rest);
	return edns_parse(r, class, ttl, out);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	static uint8_t out[70000];
	struct reader r = reader_of(octets, len);
	struct edns e, again;
	uint16_t class = read_u16(&r);
	uint32_t ttl = read_u32(&r);
	if (r.err != ERR_OK || len > 65535 || edns_parse(r, class, ttl, &e) != ERR_OK)
		return 0;
	struct writer w = writer_of(out, sizeof(out));
	edns_write(&w, &e);
	FUZZ_CHECK(w.err == ERR_OK && writer_length(&w) <= edns_size(&e));
	FUZZ_CHECK(parse_record(out, writer_length(&w), &again) == ERR_OK);
	FUZZ_CHECK(again.udp_size == e.udp_size && again.version == e.version);
	FUZZ_CHECK(again.dnssec_ok == e.dnssec_ok && again.has_cookie == e.has_cookie);
	FUZZ_CHECK(again.nsid_len == e.nsid_len || !e.has_nsid);

	e.pad_to = 468; /* RFC 8467 section 4.1; into less room than it wants */
	w = writer_of(out, len + 32);
	edns_write(&w, &e);
	FUZZ_CHECK(writer_length(&w) <= len + 32);
	return 0;
}
