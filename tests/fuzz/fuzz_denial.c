#include "tests/fuzz/fuzz.h"

#include "resolver/wire/zonetext.h"
#include "validator/denial.h"
#include "validator/nsec.h"

#include <string.h>

/*
 * An input is text: the zone and a name, a line each, then NSEC and NSEC3 records, all taken as
 * validated.
 */

enum { ARENA = 4 << 20, SETS = 12 };

static bool take_name(const char **at, const char *end, struct name *out)
{
	char line[NAME_TEXT_MAX];
	const char *stop = memchr(*at, '\n', (size_t)(end - *at));
	if (stop == NULL || stop - *at >= NAME_TEXT_MAX || memchr(*at, 0, (size_t)(stop - *at)))
		return false;
	memcpy(line, *at, (size_t)(stop - *at));
	line[stop - *at] = 0;
	*at = stop + 1;
	return name_from_text(line, out) == ERR_OK;
}

/* Without NSEC3 the records themselves must not contradict what was proven. */
static void check_nsec(const struct denial *d, const struct name *name, enum proof absent)
{
	for (unsigned i = 0; i < d->count && i < LIMIT_PROOF_SETS; i++) {
		struct nsec n;
		if (d->sets[i]->type == TYPE_NSEC3)
			return;
		if (nsec_parse(d->sets[i], d->zone, &n) != ERR_OK)
			continue;
		FUZZ_CHECK(name_is_within(&n.next, d->zone));
		if (name_equal(&n.owner, name))
			FUZZ_CHECK(absent == PROOF_NONE || typeset_has(&n.types, TYPE_NXNAME));
		FUZZ_CHECK(!nsec_covers(&n, &n.owner));
	}
}

static void prove_all(const struct denial *d, const struct name *name)
{
	static const uint16_t types[] = { TYPE_A, TYPE_DS, TYPE_NS, TYPE_SOA, TYPE_CNAME, 65280 };
	uint32_t before = d->budget->hashes;
	enum proof absent = denial_of_name(d, name);
	bool inside = name_is_within(name, d->zone);
	FUZZ_CHECK(inside || absent == PROOF_NONE);
	check_nsec(d, name, absent);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		FUZZ_CHECK(inside || denial_of_type(d, name, types[i]) == PROOF_NONE);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		(void)denial_of_type(d, name, types[i]);
	for (unsigned l = 0; l <= name_labels(name) && l < 6; l++)
		(void)denial_of_closer(d, name, l);
	enum proof cut = denial_of_ds_at_cut(d, name);
	FUZZ_CHECK(cut == PROOF_NONE || name_is_below(name, d->zone));
	(void)denial_says_nxname(d->sets, d->count, name);
	FUZZ_CHECK(d->budget->hashes <= before);
}

/* Records of one owner and type would be one RRset, and an NSEC of two records is none. */
static bool is_new(struct rrset *const *sets, unsigned count, const struct rrset *s)
{
	for (unsigned i = 0; i < count; i++)
		if (sets[i]->type == s->type && name_equal(&sets[i]->owner, &s->owner))
			return false;
	return true;
}

static void run(const char *at, const char *end, struct arena *a)
{
	struct name zone, name;
	struct rrset *sets[SETS];
	struct budget budget;
	unsigned count = 0;
	if (!take_name(&at, end, &zone) || !take_name(&at, end, &name))
		return;
	struct zonetext z = zonetext_of(at, (size_t)(end - at));
	z.origin = z.owner = zone;
	z.ttl = 300;
	for (enum err e = ERR_OK; e != ERR_NOTFOUND && count < SETS;) {
		sets[count] = arena_alloc(a, sizeof(*sets[count]));
		if (sets[count] == NULL)
			return;
		e = zonetext_next(&z, a, sets[count]);
		if (e != ERR_OK || !is_new(sets, count, sets[count]))
			continue;
		sets[count++]->security = SECURITY_SECURE;
	}
	budget_init(&budget, 0);
	struct denial d = { &zone, sets, count, &budget };
	prove_all(&d, &name);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	struct arena *a = arena_new(ARENA);
	if (a != NULL && len > 0)
		run((const char *)octets, (const char *)octets + len, a);
	arena_free(a);
	return 0;
}
