#include "resolver/server/config_check.h"
#include "resolver/base/limits.h"
#include "resolver/server/hints.h"
#include "resolver/wire/zonetext.h"
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

static enum err blame(const void *a, const void *b, const char *words, struct config_culprits *who,
		      struct config_error *why)
{
	*who = (struct config_culprits){ { a, b } };
	(void)snprintf(why->what, sizeof(why->what), "%s", words);
	return ERR_FORMAT;
}

struct order {
	const uint32_t *low, *high;
	const char *words;
};

static enum err check_orders(const struct config *c, struct config_culprits *who,
			     struct config_error *why)
{
	const struct config_cache *k = &c->cache;
	const struct config_upstream *u = &c->upstream;
	const struct order orders[] = {
		{ &k->ttl_min_s, &k->ttl_max_s, "ttl-min is above ttl-max" },
		{ &k->ttl_low_permille, &k->ttl_high_permille, "ttl-low is above ttl-high" },
		{ &k->failure_ttl_s, &k->failure_ttl_max_s,
		  "failure-ttl is above failure-ttl-max" },
		{ &u->timeout_min_ms, &u->timeout_first_ms, "timeout-min is above timeout-first" },
		{ &u->timeout_first_ms, &u->timeout_max_ms, "timeout-first is above timeout-max" },
		{ &c->limits.tcp_idle_min_ms, &c->limits.tcp_idle_ms,
		  "tcp-idle-min is above tcp-idle" },
		{ &c->limits.tcp_per_host, &c->limits.tcp_clients,
		  "tcp-per-host is above tcp-clients" },
		{ &c->limits.dead_fetches, &c->limits.address_fetches,
		  "dead-fetches is above address-fetches" },
		{ &c->limits.verify_failures, &c->limits.verifies,
		  "verify-failures is above verifies" },
	};
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		if (*orders[i].low > *orders[i].high)
			return blame(orders[i].low, orders[i].high, orders[i].words, who, why);
	}
	return ERR_OK;
}

static enum err check_upstream(const struct config *c, struct config_culprits *who,
			       struct config_error *why)
{
	const struct config_upstream *u = &c->upstream;
	if (!u->ipv4 && !u->ipv6)
		return blame(&u->ipv4, &u->ipv6, "ipv4 and ipv6 are both off: nothing can be asked",
			     who, why);
	if (!u->udp && !u->tcp)
		return blame(&u->udp, &u->tcp, "udp and tcp are both off: nothing can be asked",
			     who, why);
	if (u->root_hints_file[0] != '\0' && u->root_hints.len > 0)
		return blame(&u->root_hints_file, &u->root_hints,
			     "root-hints and root-hints-file exclude one another", who, why);
	for (size_t i = 0; i < u->outgoing.count; i++) {
		bool four = u->outgoing.items[i].family == FAMILY_IPV4;
		if (four ? !u->ipv4 : !u->ipv6)
			return blame(&u->outgoing, NULL,
				     "outgoing has an address of a family that is off", who, why);
	}
	return ERR_OK;
}

/* With hints that are of no use the built-in ones would be asked, which those who have others do not want. */
static enum err check_hints(const struct config *c, struct config_culprits *who,
			    struct config_error *why)
{
	const struct config_upstream *u = &c->upstream;
	char fault[HINTS_WHY];
	if (u->root_hints.len == 0)
		return ERR_OK;
	struct arena *a = arena_new(HINTS_ARENA);
	if (a == NULL)
		return ERR_NOMEM;
	bool good = hints_read(u->root_hints.text, u->root_hints.len, a, fault) != NULL;
	arena_free(a);
	if (good)
		return ERR_OK;
	(void)blame(&u->root_hints, NULL, "", who, why);
	(void)snprintf(why->what, sizeof(why->what), "root-hints: %s", fault);
	return ERR_FORMAT;
}

/* A path longer than sockaddr_un takes would only fail when everything else has started. */
static enum err check_control(const struct config *c, struct config_culprits *who,
			      struct config_error *why)
{
	enum { SOCKET_PATH_MAX = 107 };
	const struct config_server *s = &c->server;
	if (strlen(s->control_socket) > SOCKET_PATH_MAX)
		return blame(&s->control_socket, NULL,
			     "control-socket: a socket's path has at most 107 octets", who, why);
	if (s->run_dir[0] == '\0')
		return blame(&s->run_dir, NULL, "run-dir may not be empty", who, why);
	if (s->control_socket[0] == '\0' &&
	    strlen(s->run_dir) + strlen("/control") > SOCKET_PATH_MAX)
		return blame(&s->run_dir, NULL,
			     "run-dir is too long for a socket in it: set control-socket", who,
			     why);
	return ERR_OK;
}

/* Found out later, every process would end as soon as it is to become that user. */
static enum err check_user(const struct config *c, struct config_culprits *who,
			   struct config_error *why)
{
	const char *user = c->server.user;
	if (user[0] == '\0' || getpwnam(user) != NULL)
		return ERR_OK;
	return blame(&c->server.user, NULL, "user: this machine has no such user", who, why);
}

/* Something that may be there once, and where it stands. */
struct entry {
	const struct name *name;
	struct config_mark at;
	const struct config_block *block; /* NULL: a zone */
};

static int by_name(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = name_compare(x->name, y->name);
	if (order != 0)
		return order;
	return x->at.line < y->at.line ? -1 : x->at.line > y->at.line;
}

/* Lists of blocks are put together of others that name the same. */
static bool says_the_same(const struct config_block *a, const struct config_block *b)
{
	if (a == NULL || a->action != b->action || a->subtree != b->subtree ||
	    a->addresses.count != b->addresses.count)
		return false;
	for (size_t i = 0; i < a->addresses.count; i++) {
		if (!address_equal(&a->addresses.items[i], &b->addresses.items[i]))
			return false;
	}
	return true;
}

/* kind: what they are, in one word.  Takes all. */
static enum err check_once(struct entry *all, size_t count, const char *key, const char *kind,
			   struct config_error *why)
{
	enum err e = ERR_OK;
	qsort(all, count, sizeof(*all), by_name);
	for (size_t i = 1; i < count && e == ERR_OK; i++) {
		if (!name_equal(all[i - 1].name, all[i].name) ||
		    says_the_same(all[i - 1].block, all[i].block))
			continue;
		why->at = all[i].at;
		(void)snprintf(why->what, sizeof(why->what),
			       "%s: the same %s is there already, in line %u", key, kind,
			       all[i - 1].at.line);
		e = ERR_FORMAT;
	}
	free(all);
	return e;
}

static void collect(struct entry *all, size_t *count, const struct config_zones *zones)
{
	for (size_t i = 0; i < zones->count; i++)
		all[(*count)++] = (struct entry){ &zones->items[i].zone, zones->items[i].at, NULL };
}

/* One zone has one way to be resolved, whether forward or stub. */
static enum err check_zones(const struct config *c, struct config_error *why)
{
	size_t count = 0;
	struct entry *all = calloc(c->forward.count + c->stub.count + 1, sizeof(*all));
	if (all == NULL)
		return ERR_NOMEM;
	collect(all, &count, &c->forward);
	collect(all, &count, &c->stub);
	return check_once(all, count, "zone", "zone", why);
}

/* Which of two blocks that differ counts nobody could tell. */
static enum err check_block_names(const struct config *c, struct config_error *why)
{
	const struct config_blocks *b = &c->local.blocks;
	struct entry *all = calloc(b->count + 1, sizeof(*all));
	if (all == NULL)
		return ERR_NOMEM;
	for (size_t i = 0; i < b->count; i++)
		all[i] = (struct entry){ &b->items[i].name, b->items[i].at, &b->items[i] };
	return check_once(all, b->count, "name", "name", why);
}

static enum err check_blocks(const struct config *c, struct config_error *why)
{
	for (size_t i = 0; i < c->local.blocks.count; i++) {
		const struct config_block *b = &c->local.blocks.items[i];
		if ((b->action == BLOCK_ADDRESS) == (b->addresses.count > 0))
			continue;
		why->at = b->at;
		(void)snprintf(why->what, sizeof(why->what), "%s",
			       b->action == BLOCK_ADDRESS
				   ? "action address needs addresses"
				   : "addresses are only for action address");
		return ERR_FORMAT;
	}
	return check_block_names(c, why);
}

/* What is an alias: a growing list of names. */
struct aliases {
	struct name *names;
	size_t count;
};

static enum err add_alias(struct aliases *l, const struct name *name)
{
	if ((l->count & (l->count - 1)) == 0) { /* full: it is as long as the next power of two */
		size_t room = l->count == 0 ? 1 : 2 * l->count;
		struct name *more = realloc(l->names, room * sizeof(*more));
		if (more == NULL)
			return ERR_NOMEM;
		l->names = more;
	}
	name_copy(&l->names[l->count++], name);
	return ERR_OK;
}

static int compare_names(const void *a, const void *b)
{
	return name_compare(a, b);
}

/* Each local record in turn.  ERR_NOTFOUND: no more. */
static enum err next_record(struct zonetext *z, struct arena *scratch, struct rrset *out)
{
	arena_reset(scratch);
	return zonetext_next(z, scratch, out);
}

static enum err find_aliases(const struct config_records *r, struct arena *scratch,
			     struct aliases *l)
{
	struct zonetext z = zonetext_of(r->text, r->len);
	struct rrset one;
	enum err e;
	while ((e = next_record(&z, scratch, &one)) == ERR_OK) {
		if (one.type == TYPE_CNAME && (e = add_alias(l, &one.owner)) != ERR_OK)
			return e;
	}
	if (l->count > 0)
		qsort(l->names, l->count, sizeof(*l->names), compare_names);
	return e == ERR_NOTFOUND ? ERR_OK : e;
}

/* The name that is an alias and something else; NULL: none is. */
static const struct name *find_torn(const struct config_records *r, struct arena *scratch,
				    const struct aliases *l)
{
	struct zonetext z = zonetext_of(r->text, r->len);
	struct rrset one;
	for (size_t i = 1; i < l->count; i++) {
		if (name_equal(&l->names[i - 1], &l->names[i]))
			return &l->names[i];
	}
	while (l->count > 0 && next_record(&z, scratch, &one) == ERR_OK) {
		const struct name *alias = bsearch(&one.owner, l->names, l->count,
						   sizeof(*l->names), compare_names);
		if (one.type != TYPE_CNAME && alias != NULL)
			return alias;
	}
	return NULL;
}

/* RFC 1034 section 3.6.2: there is no other data beside a CNAME, and not two of them. */
static enum err check_aliases(const struct config *c, struct config_culprits *who,
			      struct config_error *why)
{
	enum { RECORD_BYTES = 1 << 20 }; /* one record and its parts */
	const struct config_records *r = &c->local.records;
	struct arena *scratch = r->len > 0 ? arena_new(RECORD_BYTES) : NULL;
	struct aliases l = { NULL, 0 };
	char text[NAME_TEXT_MAX];
	if (scratch == NULL)
		return r->len > 0 ? ERR_NOMEM : ERR_OK;
	enum err e = find_aliases(r, scratch, &l);
	const struct name *torn = e == ERR_OK ? find_torn(r, scratch, &l) : NULL;
	if (torn != NULL) {
		name_text(torn, text);
		e = blame(r, NULL, "", who, why);
		(void)snprintf(why->what, sizeof(why->what),
			       "records: %.200s has a CNAME and another record", text);
	}
	free(l.names);
	arena_free(scratch);
	return e;
}

enum err config_check(const struct config *c, struct config_culprits *culprits,
		      struct config_error *why)
{
	*culprits = (struct config_culprits){ { NULL, NULL } };
	enum err e = check_orders(c, culprits, why);
	if (e == ERR_OK)
		e = check_upstream(c, culprits, why);
	if (e == ERR_OK)
		e = check_hints(c, culprits, why);
	if (e == ERR_OK)
		e = check_control(c, culprits, why);
	if (e == ERR_OK)
		e = check_user(c, culprits, why);
	if (e == ERR_OK)
		e = check_zones(c, why);
	if (e == ERR_OK)
		e = check_blocks(c, why);
	if (e == ERR_OK)
		e = check_aliases(c, culprits, why);
	return e;
}
