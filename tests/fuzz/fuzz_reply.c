#include "tests/fuzz/fuzz.h"

#include "resolver/wire/lower.h"
#include "resolver/wire/message.h"

enum { ARENA = 16 << 20 };

/* False: what was compressed better than we do did not fit. */
static bool write_all(struct writer *w, const struct message *m)
{
	uint16_t counts[SECTIONS] = { 0 };
	write_u16(w, m->id);
	write_u16(w, m->flags);
	write_u16(w, m->question_count);
	size_t holes[SECTIONS];
	for (unsigned s = 0; s < SECTIONS; s++)
		holes[s] = write_hole(w);
	if (m->question_count == 1) {
		write_name(w, &m->question.name);
		write_u16(w, m->question.type);
		write_u16(w, m->question.class);
	}
	for (unsigned s = 0; s < SECTIONS; s++) {
		for (unsigned i = 0; i < m->section[s].count; i++) {
			const struct rrset *set = &m->section[s].sets[i];
			if (!write_rrset(w, set, set->ttl, true, i, &counts[s]))
				return false;
		}
		write_u16_at(w, holes[s], counts[s]);
	}
	return w->err == ERR_OK;
}

/* Of the records of a list, those that differ in more than case: names compressed together share theirs. */
static unsigned distinct(const struct rdata *list, unsigned count)
{
	unsigned kept = 0;
	for (unsigned i = 0; i < count; i++) {
		unsigned k = 0;
		while (k < i && (list[k].len != list[i].len ||
		                 !lower_equal(list[k].octets, list[i].octets, list[i].len)))
			k++;
		kept += k == i;
	}
	return kept;
}

static void same_messages(const struct message *a, const struct message *b)
{
	FUZZ_CHECK(a->id == b->id && a->question_count == b->question_count);
	for (unsigned s = 0; s < SECTIONS; s++) {
		FUZZ_CHECK(a->section[s].count == b->section[s].count);
		for (unsigned i = 0; i < a->section[s].count; i++) {
			const struct rrset *x = &a->section[s].sets[i], *y = &b->section[s].sets[i];
			FUZZ_CHECK(name_equal(&x->owner, &y->owner) && x->ttl == y->ttl);
			FUZZ_CHECK(y->count <= x->count && y->count >= distinct(x->rdata, x->count));
			FUZZ_CHECK(x->sig_count == y->sig_count);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	static uint8_t out[65535];
	static char text[65536];
	struct arena *a = arena_new(ARENA);
	struct message m, again;
	if (a != NULL && message_parse(octets, len, a, &m) == ERR_OK) {
		struct writer w = writer_of(out, sizeof(out));
		message_text(&m, text, sizeof(text));
		message_text(&m, text, 100);
		if (write_all(&w, &m)) {
			FUZZ_CHECK(message_parse(out, writer_length(&w), a, &again) == ERR_OK);
			same_messages(&m, &again);
		}
	}
	arena_free(a);
	return 0;
}
