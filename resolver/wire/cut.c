#include "resolver/wire/cut.h"

static const struct cut_server *find_server(const struct cut *c, const struct name *name)
{
	for (unsigned i = 0; i < c->server_count; i++) {
		if (name_equal(&c->servers[i].name, name))
			return &c->servers[i];
	}
	return NULL;
}

static bool has_address(const struct cut_server *s, const struct address *a)
{
	for (unsigned i = 0; i < s->address_count; i++) {
		if (address_equal(&s->addresses[i], a))
			return true;
	}
	return false;
}

bool cut_adds(const struct cut *c, const struct cut *known)
{
	if (!name_equal(&c->zone, &known->zone))
		return true;
	for (unsigned i = 0; i < c->server_count; i++) {
		const struct cut_server *s = find_server(known, &c->servers[i].name);
		if (s == NULL)
			return true;
		for (unsigned n = 0; n < c->servers[i].address_count; n++) {
			if (!has_address(s, &c->servers[i].addresses[n]))
				return true;
		}
	}
	return false;
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
