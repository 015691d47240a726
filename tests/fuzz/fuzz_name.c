#include "tests/fuzz/fuzz.h"

#include "resolver/wire/reader.h"
#include "resolver/wire/writer.h"

#include <string.h>

static int sign(int v)
{
	return (v > 0) - (v < 0);
}

static void survives_text(const struct name *n)
{
	char text[NAME_TEXT_MAX];
	struct name again;
	name_text(n, text);
	FUZZ_CHECK(name_from_text(text, &again) == ERR_OK);
	FUZZ_CHECK(name_equal_exact(n, &again));
}

static void survives_key(const struct name *n)
{
	uint8_t key[NAME_KEY_MAX];
	struct name again;
	size_t len = name_key(n, key);
	FUZZ_CHECK(name_from_key(key, len, &again) == ERR_OK);
	FUZZ_CHECK(name_equal(n, &again));
}

/* The order of sort keys is the canonical order, whichever name comes first. */
static void agree_on_order(const struct name *a, const struct name *b)
{
	uint8_t ka[NAME_KEY_MAX], kb[NAME_KEY_MAX];
	size_t la = name_key(a, ka), lb = name_key(b, kb);
	int by_key = memcmp(ka, kb, la < lb ? la : lb);
	if (by_key == 0)
		by_key = la < lb ? -1 : la > lb;
	FUZZ_CHECK(sign(name_compare(a, b)) == sign(by_key));
	FUZZ_CHECK(sign(name_compare(b, a)) == -sign(by_key));
	FUZZ_CHECK(name_equal(a, b) == (by_key == 0));
	FUZZ_CHECK(name_common_labels(a, b) <= name_labels(a));
}

static void survives_compression(const struct name *a, const struct name *b)
{
	uint8_t out[3 * NAME_OCTETS];
	struct writer w = writer_of(out, sizeof(out));
	write_name(&w, a);
	write_name(&w, b);
	write_name(&w, a);
	struct reader r = reader_of(out, writer_length(&w));
	struct name first = read_name(&r);
	struct name second = read_name(&r);
	struct name third = read_name(&r);
	FUZZ_CHECK(w.err == ERR_OK && reader_finish(&r) == ERR_OK);
	FUZZ_CHECK(name_equal_exact(&first, a) && name_equal(&second, b) && name_equal(&third, a));
}

static void scan_as_text(const uint8_t *octets, size_t len)
{
	char text[2048];
	struct name n;
	if (len >= sizeof(text))
		return;
	memcpy(text, octets, len);
	text[len] = '\0';
	if (name_from_text(text, &n) == ERR_OK)
		survives_text(&n);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	struct reader r = reader_of(octets, len);
	struct name last = name_root();
	while (r.err == ERR_OK && reader_left(&r) > 0) {
		struct name n = read_name(&r);
		survives_text(&n);
		survives_key(&n);
		agree_on_order(&n, &last);
		survives_compression(&n, &last);
		last = n;
	}
	scan_as_text(octets, len);
	return 0;
}
