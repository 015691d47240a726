#include "cache/flush.h"

#include "resolver/wire/type.h"

struct flush flush_of(const struct name *name, uint16_t type, bool tree)
{
	return (struct flush){ .name = name, .type = type, .tree = tree };
}

/* Subtree: one run for each kind, zones at and below the name included. */
static bool tree_key(struct flush *f, struct key *key, enum flush_how *how)
{
	static const enum key_kind kinds[] = { KEY_DATA, KEY_NXDOMAIN, KEY_DNAME, KEY_FAILURE,
		                               KEY_CUT,  KEY_NSEC,     KEY_NSEC3 };
	*how = FLUSH_RUN;
	while (f->step < sizeof(kinds) / sizeof(kinds[0])) {
		if (key_named(key, kinds[f->step++], f->name))
			return true;
	}
	return false;
}

static bool all_types_key(struct flush *f, struct key *key, enum flush_how *how)
{
	*how = f->step < 2 ? FLUSH_TYPES : FLUSH_ONE;
	switch (f->step++) {
	case 0: return key_run(key, KEY_DATA, f->name);
	case 1: return key_run(key, KEY_FAILURE, f->name);
	case 2: return key_named(key, KEY_DNAME, f->name);
	case 3: return key_named(key, KEY_CUT, f->name);
	}
	return false;
}

static bool one_type_key(struct flush *f, struct key *key, enum flush_how *how)
{
	*how = FLUSH_ONE;
	switch (f->step++) {
	case 0: return key_typed(key, KEY_DATA, f->name, f->type);
	case 1: return key_typed(key, KEY_FAILURE, f->name, f->type);
	case 2: return key_typed(key, KEY_DATA, f->name, TYPE_CNAME);
	case 3: return key_named(key, f->type == TYPE_NS ? KEY_CUT : KEY_DNAME, f->name);
	}
	return false;
}

/* Of the name or zone that is the rightmost depth/3 labels of the name. */
static bool denial_key(struct flush *f, struct key *key, enum flush_how *how)
{
	while (f->depth / 3 <= name_labels(f->name)) {
		struct name above = name_suffix(f->name, f->depth / 3);
		bool made = false;
		*how = FLUSH_RUN;
		switch (f->depth++ % 3) {
		case 0: made = key_run(key, KEY_NSEC, &above); break;
		case 1: made = key_run(key, KEY_NSEC3, &above); break;
		case 2:
			*how = FLUSH_ONE;
			made = key_named(key, KEY_NXDOMAIN, &above);
			break;
		}
		if (made)
			return true;
	}
	return false;
}

bool flush_next(struct flush *f, struct key *key, enum flush_how *how)
{
	unsigned steps = f->tree ? 7 : 4;
	while (f->step < steps) {
		bool made = f->tree        ? tree_key(f, key, how)
		            : f->type == 0 ? all_types_key(f, key, how)
		                           : one_type_key(f, key, how);
		if (made)
			return true;
	}
	return denial_key(f, key, how);
}
