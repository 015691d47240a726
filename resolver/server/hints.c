#include "resolver/server/hints.h"

#include "resolver/base/limits.h"
#include "resolver/wire/zonetext.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { HINTS_FILE_OCTETS = 1 << 20 };

const char hints_built_in[] =
	". 3600000 NS a.root-servers.net.\n"
	". 3600000 NS b.root-servers.net.\n"
	". 3600000 NS c.root-servers.net.\n"
	". 3600000 NS d.root-servers.net.\n"
	". 3600000 NS e.root-servers.net.\n"
	". 3600000 NS f.root-servers.net.\n"
	". 3600000 NS g.root-servers.net.\n"
	". 3600000 NS h.root-servers.net.\n"
	". 3600000 NS i.root-servers.net.\n"
	". 3600000 NS j.root-servers.net.\n"
	". 3600000 NS k.root-servers.net.\n"
	". 3600000 NS l.root-servers.net.\n"
	". 3600000 NS m.root-servers.net.\n"
	"a.root-servers.net. 3600000 A 198.41.0.4\n"
	"a.root-servers.net. 3600000 AAAA 2001:503:ba3e::2:30\n"
	"b.root-servers.net. 3600000 A 170.247.170.2\n"
	"b.root-servers.net. 3600000 AAAA 2801:1b8:10::b\n"
	"c.root-servers.net. 3600000 A 192.33.4.12\n"
	"c.root-servers.net. 3600000 AAAA 2001:500:2::c\n"
	"d.root-servers.net. 3600000 A 199.7.91.13\n"
	"d.root-servers.net. 3600000 AAAA 2001:500:2d::d\n"
	"e.root-servers.net. 3600000 A 192.203.230.10\n"
	"e.root-servers.net. 3600000 AAAA 2001:500:a8::e\n"
	"f.root-servers.net. 3600000 A 192.5.5.241\n"
	"f.root-servers.net. 3600000 AAAA 2001:500:2f::f\n"
	"g.root-servers.net. 3600000 A 192.112.36.4\n"
	"g.root-servers.net. 3600000 AAAA 2001:500:12::d0d\n"
	"h.root-servers.net. 3600000 A 198.97.190.53\n"
	"h.root-servers.net. 3600000 AAAA 2001:500:1::53\n"
	"i.root-servers.net. 3600000 A 192.36.148.17\n"
	"i.root-servers.net. 3600000 AAAA 2001:7fe::53\n"
	"j.root-servers.net. 3600000 A 192.58.128.30\n"
	"j.root-servers.net. 3600000 AAAA 2001:503:c27::2:30\n"
	"k.root-servers.net. 3600000 A 193.0.14.129\n"
	"k.root-servers.net. 3600000 AAAA 2001:7fd::1\n"
	"l.root-servers.net. 3600000 A 199.7.83.42\n"
	"l.root-servers.net. 3600000 AAAA 2001:500:9f::42\n"
	"m.root-servers.net. 3600000 A 202.12.27.33\n"
	"m.root-servers.net. 3600000 AAAA 2001:dc3::35\n";

static void take_addresses(struct arena *arena, const struct rrset *sets, unsigned count,
                           struct cut_server *server)
{
	server->addresses = arena_array(arena, LIMIT_NS_ADDRESSES, sizeof(*server->addresses));
	for (unsigned i = 0; server->addresses != NULL && i < count; i++) {
		const struct rrset *s = &sets[i];
		if ((s->type != TYPE_A && s->type != TYPE_AAAA) || !name_equal(&s->owner, &server->name))
			continue;
		for (unsigned r = 0; r < s->count && server->address_count < LIMIT_NS_ADDRESSES; r++) {
			struct address *a = &server->addresses[server->address_count++];
			a->family = s->type == TYPE_A ? FAMILY_IPV4 : FAMILY_IPV6;
			memcpy(a->octets, s->rdata[r].octets, s->rdata[r].len);
		}
	}
}

/* NS of the root and addresses of its servers -> the cut every walk can start from.  NULL: none can. */
static struct cut *cut_of(struct arena *arena, const struct rrset *sets, unsigned count)
{
	const struct rrset *ns = NULL;
	unsigned addresses = 0;
	for (unsigned i = 0; i < count; i++) {
		if (sets[i].type == TYPE_NS && name_is_root(&sets[i].owner))
			ns = &sets[i];
	}
	struct cut *cut = arena_alloc(arena, sizeof(*cut));
	if (ns == NULL || cut == NULL)
		return NULL;
	*cut = (struct cut){ .kind = CUT_HINTS, .zone = name_root(), .ttl = LIMIT_TTL };
	cut->servers = arena_array(arena, ns->count, sizeof(*cut->servers));
	for (unsigned i = 0; cut->servers != NULL && i < ns->count && i < LIMIT_NS_KEPT; i++) {
		struct cut_server *server = &cut->servers[cut->server_count];
		if (rdata_target(TYPE_NS, &ns->rdata[i], &server->name) != ERR_OK)
			continue;
		take_addresses(arena, sets, count, server);
		cut->server_count++;
		addresses += server->address_count;
	}
	return addresses > 0 ? cut : NULL;
}

struct cut *hints_read(const char *text, size_t len, struct arena *arena, char why[HINTS_WHY])
{
	struct zonetext z = zonetext_of(text, len);
	struct rrset *sets = NULL;
	unsigned count = 0;
	enum err e = zonetext_all(&z, arena, &sets, &count);
	if (e != ERR_OK) {
		snprintf(why, HINTS_WHY, "line %u: %s", z.line, z.what != NULL ? z.what : err_text(e));
		return NULL;
	}
	struct cut *cut = cut_of(arena, sets, count);
	if (cut == NULL)
		snprintf(why, HINTS_WHY, "no root server with an address");
	return cut;
}

struct cut *hints_read_file(const char *path, struct arena *arena, char why[HINTS_WHY])
{
	FILE *f = fopen(path, "re");
	char *text = f != NULL ? arena_alloc(arena, HINTS_FILE_OCTETS) : NULL;
	size_t len = text != NULL ? fread(text, 1, HINTS_FILE_OCTETS, f) : 0;
	bool read = text != NULL && !ferror(f);
	if (!read)
		snprintf(why, HINTS_WHY, "%s", strerror(errno));
	if (f != NULL)
		(void)fclose(f);
	return read ? hints_read(text, len, arena, why) : NULL;
}
