#include "tests/fuzz/fuzz.h"

#include "resolver/wire/query.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	struct query q, again;
	uint8_t out[4096];
	struct writer w = writer_of(out, sizeof(out));
	if (query_parse(octets, len, &q) != QUERY_OK || edns_size(&q.edns) > 2048)
		return 0;
	query_write(&w, q.id, q.flags, &q.question, &q.edns);
	FUZZ_CHECK(w.err == ERR_OK);
	FUZZ_CHECK(query_parse(out, writer_length(&w), &again) == QUERY_OK);
	FUZZ_CHECK(question_equal(&q.question, &again.question));
	FUZZ_CHECK(q.id == again.id && q.flags == again.flags);
	return 0;
}
