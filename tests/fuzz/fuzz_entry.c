#include "tests/fuzz/fuzz.h"

#include "cache/cache.h"
#include "cache/entry.h"
#include "cache/hashed.h"
#include "cache/key.h"
#include "cache/turn.h"

enum { ARENA = 1 << 20 };

/* What unpacks, packs again to the same outcome. */
static void repack_outcome(const struct entry *e, const struct name *owner, uint16_t type,
                           struct arena *a)
{
	struct outcome o, again;
	struct entry read;
	uint8_t octets[2 * LIMIT_ENTRY_BYTES];
	if (entry_outcome(e, owner, type, 1, a, &o) != ERR_OK)
		return;
	struct writer w = writer_of(octets, sizeof(octets));
	if (entry_pack_outcome(&w, e, owner, &o) != ERR_OK)
		return;
	FUZZ_CHECK(entry_read(octets, writer_length(&w), &read) == ERR_OK);
	FUZZ_CHECK(read.stored_s == e->stored_s && read.lifetime_s == e->lifetime_s);
	FUZZ_CHECK(entry_outcome(&read, owner, type, 1, a, &again) == ERR_OK);
	FUZZ_CHECK(again.kind == o.kind && name_equal(&again.zone, &o.zone));
	FUZZ_CHECK((o.set == NULL) == (again.set == NULL));
	FUZZ_CHECK(o.set == NULL || rrset_same_data(o.set, again.set));
}

static void look_at(const struct turn_record *t, struct arena *a)
{
	struct key_parts p;
	struct entry e;
	struct cut cut;
	struct rrset set;
	struct name owner;
	if (key_parse(t->key, t->key_len, &p) != ERR_OK ||
	    entry_read(t->value, t->value_len, &e) != ERR_OK)
		return;
	repack_outcome(&e, &p.name, p.type, a);
	(void)!entry_cut(&e, &p.name, 1, a, &cut);
	owner = p.owner;
	if (p.kind == KEY_NSEC3 && hashed_owner(p.hash, p.hash_len, &p.name, &owner) != ERR_OK)
		return;
	if (p.kind == KEY_NSEC || p.kind == KEY_NSEC3)
		(void)!entry_denial(&e, &owner, TYPE_NSEC, 1, a, &set);
}

/* A worker's message, and the entries in it. */
int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	struct reader r;
	struct turn_record t;
	struct arena *a = arena_new(ARENA);
	FUZZ_CHECK(a != NULL);
	if (turn_open(octets, len, &r) == ERR_OK) {
		while (turn_next(&r, &t) == ERR_OK) {
			if (t.kind == TURN_ENTRY)
				look_at(&t, a);
			arena_reset(a);
		}
	}
	arena_free(a);
	return 0;
}
