#include "resolver/wire/cut.h"

static bool copy_server(struct arena *a, struct cut_server *to, const struct cut_server *from)
{
	name_copy(&to->name, &from->name);
	to->address_count = from->address_count;
	to->addresses = NULL;
	if (from->address_count == 0)
		return true;
	to->addresses =
	    arena_copy(a, from->addresses, from->address_count * sizeof(*from->addresses));
	return to->addresses != NULL;
}

struct cut *cut_copy(struct arena *a, const struct cut *c)
{
	struct cut *copy = arena_copy(a, c, sizeof(*c));
	if (copy == NULL)
		return NULL;
	copy->servers = arena_array(a, c->server_count, sizeof(*c->servers));
	if (copy->servers == NULL)
		return NULL;
	for (unsigned i = 0; i < c->server_count; i++) {
		if (!copy_server(a, &copy->servers[i], &c->servers[i]))
			return NULL;
	}
	return copy;
}

const char *cut_kind_text(enum cut_kind k)
{
	switch (k) {
	case CUT_DELEGATION:
		return "the closest one known";
	case CUT_HINTS:
		return "from the root hints";
	case CUT_STUB:
		return "configured as a stub zone";
	case CUT_FORWARD:
		return "configured to be forwarded";
	}
	return "?";
}
