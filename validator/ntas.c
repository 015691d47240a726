#include "validator/ntas.h"

#include "resolver/base/limits.h"
#include <stdlib.h>

enum { FIRST_ROOM = 8 };

void ntas_clear(struct ntas *n)
{
	free(n->names);
	free(n->ends);
	*n = (struct ntas){ 0 };
}

static enum err grow(struct ntas *n)
{
	unsigned room = n->room == 0 ? FIRST_ROOM : 2 * n->room;
	if (n->count < n->room)
		return ERR_OK;
	struct name *names = realloc(n->names, room * sizeof(*names));
	if (names == NULL)
		return ERR_NOMEM;
	n->names = names;
	struct nta *ends = realloc(n->ends, room * sizeof(*ends));
	if (ends == NULL)
		return ERR_NOMEM;
	n->ends = ends;
	n->room = room;
	return ERR_OK;
}

static int64_t next_check_ms(const struct ntas *n, struct now now)
{
	return n->check_s != 0 ? now.mono_ms + (int64_t)n->check_s * 1000 : INT64_MAX;
}

static unsigned find(const struct ntas *n, const struct name *name)
{
	unsigned i = 0;
	while (i < n->count && !name_equal(&n->names[i], name))
		i++;
	return i;
}

enum err ntas_add(struct ntas *n, const struct name *name, uint32_t lifetime_s, struct now now)
{
	unsigned i = find(n, name);
	if (lifetime_s == 0 || lifetime_s > LIMIT_NTA_S)
		return ERR_FORMAT;
	if (i == n->count) {
		if (n->count >= LIMIT_NTAS)
			return ERR_LIMIT;
		enum err e = grow(n);
		if (e != ERR_OK)
			return e;
		name_copy(&n->names[n->count], name);
		n->ends[n->count++].unflushed = false;
	}
	n->ends[i].until_ms = now.mono_ms + (int64_t)lifetime_s * 1000;
	n->ends[i].check_ms = next_check_ms(n, now);
	return ERR_OK;
}

static void drop(struct ntas *n, unsigned i)
{
	n->count--;
	n->names[i] = n->names[n->count];
	n->ends[i] = n->ends[n->count];
}

bool ntas_remove(struct ntas *n, const struct name *name)
{
	unsigned i = find(n, name);
	if (i == n->count)
		return false;
	drop(n, i);
	return true;
}

struct nta *ntas_find(struct ntas *n, const struct name *name)
{
	unsigned i = find(n, name);
	return i < n->count ? &n->ends[i] : NULL;
}

bool ntas_next_end(struct ntas *n, struct now now, struct name *out)
{
	unsigned i = 0;
	while (i < n->count && n->ends[i].until_ms > now.mono_ms)
		i++;
	if (i == n->count)
		return false;
	name_copy(out, &n->names[i]);
	drop(n, i);
	return true;
}

bool ntas_next_check(struct ntas *n, struct now now, struct name *out)
{
	unsigned first = 0;
	for (unsigned i = 1; i < n->count; i++)
		if (n->ends[i].check_ms < n->ends[first].check_ms)
			first = i;
	if (n->count == 0 || n->ends[first].check_ms > now.mono_ms)
		return false;
	n->ends[first].check_ms = next_check_ms(n, now);
	name_copy(out, &n->names[first]);
	return true;
}
