#include "tests/fuzz/fuzz.h"

#include "resolver/wire/zonetext.h"

#include <string.h>

enum { ARENA = 64 << 20, TEXT = 8 << 20 };

/* Each record alone, behind faulty ones too; the reader must get to the end. */
static void read_each(const char *text, size_t len, struct arena *a)
{
	struct zonetext z = zonetext_of(text, len);
	struct rrset set;
	enum err e;
	do {
		const char *before = z.at;
		e = zonetext_next(&z, a, &set);
		FUZZ_CHECK(e == ERR_NOTFOUND || z.at > before);
	} while (e != ERR_NOTFOUND);
	FUZZ_CHECK(z.at == z.end);
}

static void survives_text(const struct rrset *sets, unsigned count, struct arena *a)
{
	static char text[TEXT];
	size_t used = 0;
	text[0] = '\0';
	for (unsigned i = 0; i < count; i++) {
		FUZZ_CHECK(rrset_text(&sets[i], text + used, sizeof(text) - used));
		used += strlen(text + used);
	}
	struct zonetext z = zonetext_of(text, used);
	struct rrset *again;
	unsigned found;
	FUZZ_CHECK(zonetext_all(&z, a, &again, &found) == ERR_OK && found == count);
	for (unsigned i = 0; i < count; i++) {
		FUZZ_CHECK(name_equal_exact(&sets[i].owner, &again[i].owner));
		FUZZ_CHECK(sets[i].ttl == again[i].ttl && rrset_same_data(&sets[i], &again[i]));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	struct arena *a = arena_new(ARENA);
	struct zonetext z = zonetext_of((const char *)octets, len);
	struct rrset *sets;
	unsigned count;
	if (a != NULL && len <= 16384) {
		read_each((const char *)octets, len, a);
		if (zonetext_all(&z, a, &sets, &count) == ERR_OK)
			survives_text(sets, count, a);
	}
	arena_free(a);
	return 0;
}
