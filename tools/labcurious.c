/*
 * labcurious.c - the zones below "lab", each with one peculiarity that its name tells.
 *
 * All have www (A and AAAA) and mail beside what the table adds.  named serves those that have
 * servers at all; those of the table's second part are about the servers.
 */
#include "tools/labplan.h"
#include <stdlib.h>
#include <string.h>

/* Where the delegation leads. */
enum leads {
	LEADS_TO_BIND, /* two addresses of each family, all well */
	LEADS_TO_NSD,  /* likewise; named leaves signatures out where it sees no denial */
	LEADS_TO_KNOT, /* likewise; so does NSD where it sees no key of a zone */
	LEADS_TO_LAME, /* to servers that refuse the zone */
	LEADS_TO_DEAD, /* to addresses nobody has */
	LEADS_HALF,    /* one server dead, one well */
	LEADS_DEAD_V6, /* IPv6 addresses dead, IPv4 well */
	LEADS_V4,      /* no IPv6 */
	LEADS_V6,      /* no IPv4 */
	LEADS_TO_HOSTILE, /* to the addresses of tools/attack */
	LEADS_IN_RING, /* to servers named in the other ring zone, which are named here */
};

struct curious {
	const char *name; /* below lab; a name of two labels is a child of another one here */
	int algorithm;
	enum denial denial;
	unsigned iterations;
	enum flaw flaw;
	enum signer signer;
	enum leads leads;
	const char *records; /* more of them, or NULL */
};

/* Aliases out of a zone, into what is secure, what is not, and what is broken. */
#define CROSSINGS \
	"secure CNAME www.good.lab.\ninsecure CNAME www.plain.good.lab.\n" \
	"bogus CNAME www.badsig.lab.\nexpired CNAME www.expired.lab.\n" \
	"nothing CNAME nothing.good.lab.\nunproven CNAME nothing.plain.good.lab.\n" \
	"empty CNAME mail.good.lab.\nwild CNAME any.wildcard.lab.\n" \
	"loop CNAME loop\nlong DNAME " \
	"a123456789b123456789c123456789d123456789e123456789." \
	"a123456789b123456789c123456789d123456789e123456789.good.lab.\n" \
	"*.any CNAME www.good.lab.\ninto DNAME good.lab.\naway DNAME plain.good.lab.\n" \
	"ruin DNAME badsig.lab.\nsecond CNAME www.into\nback CNAME secure.crossing.lab.\n"

/* What is seldom met: wildcards that are aliases or lie in each other, chains of DNAME, odd octets. */
#define ODDITIES \
	"*.cw CNAME www\n*.cl CNAME x.cl\n*.dw DNAME good.lab.\n*.mx MX 10 www\n*.a.ent TXT x\n" \
	"b.a.ent A 198.18.100.1\n*.*.st A 198.18.100.4\nx.*.st TXT x\ngrow DNAME x.grow\n" \
	"d1 DNAME d2\nd2 DNAME d3\nd3 DNAME good.lab.\nswap DNAME paws\npaws DNAME swap\n" \
	"c1 CNAME www.d1\nc2 CNAME c3\nc3 CNAME any.cw\nup DNAME @\nroot DNAME .\ndot CNAME .\n" \
	"low\\000 TXT x\na\\.b TXT x\n\\255\\001 TXT x\nUPPER.CaSe A 198.18.100.6\n" \
	"none TYPE65280 \\# 0\nother TYPE65534 \\# 2 0102\nsvc HTTPS 0 www\ntwo HTTPS 0 svc\n"

static const struct curious zones[] = {
	/* signed, and well */
	{ "good", 13, DENIAL_NSEC, 0, 0, 0, 0,
	  "alias CNAME www\n"
	  "far CNAME www.example.com.\n" },
	{ "child.good", 15, DENIAL_NSEC3, 0, 0, 0, 0, NULL },
	{ "plain.good", 0, 0, 0, 0, 0, 0, NULL },
	{ "nsec3", 13, DENIAL_NSEC3, 0, 0, 0, 0, "a.b.c A 198.18.100.9\n" },
	{ "iter50", 13, DENIAL_NSEC3, 50, 0, 0, 0, NULL },
	{ "iter51", 13, DENIAL_NSEC3, 51, 0, 0, 0, NULL },
	{ "iter150", 13, DENIAL_NSEC3, 150, 0, 0, 0, NULL },
	{ "optout", 13, DENIAL_OPTOUT, 0, 0, 0, 0, "unsigned NS ns1.plain.good.lab.\n" },
	{ "ent", 13, DENIAL_NSEC, 0, 0, 0, 0, "a.b.c A 198.18.100.9\n" },
	{ "wildcard", 13, DENIAL_NSEC, 0, 0, 0, 0, "* A 198.18.100.7\n*.deep TXT \"deep\"\n" },
	{ "wildcard3", 13, DENIAL_NSEC3, 0, 0, 0, 0, "* A 198.18.100.7\n*.deep TXT \"deep\"\n" },
	{ "crossing", 13, DENIAL_NSEC, 0, 0, 0, 0, CROSSINGS },
	{ "crossing3", 13, DENIAL_NSEC3, 0, 0, 0, 0, CROSSINGS },
	{ "plain.crossing", 0, 0, 0, 0, 0, 0, CROSSINGS },
	{ "odd", 13, DENIAL_NSEC, 0, 0, 0, 0, ODDITIES },
	{ "odd3", 13, DENIAL_NSEC3, 0, 0, 0, 0, ODDITIES },
	{ "plain.odd", 0, 0, 0, 0, 0, 0, ODDITIES },
	{ "plain.nsec3", 0, 0, 0, 0, 0, 0, NULL },
	{ "plain.optout", 0, 0, 0, 0, 0, 0, NULL },
	{ "good.optout", 13, DENIAL_NSEC, 0, 0, 0, 0, NULL },
	{ "plain.iter51", 0, 0, 0, 0, 0, 0, NULL },
	{ "good.iter51", 13, DENIAL_NSEC, 0, 0, 0, 0, NULL },
	{ "iter151", 13, DENIAL_NSEC3, 151, 0, 0, 0, "* A 198.18.100.7\n" },
	{ "dual", 13, DENIAL_NSEC, 0, FLAW_DUAL, 0, LEADS_TO_NSD, NULL },
	{ "sha1ds", 13, DENIAL_NSEC, 0, FLAW_SHA1, 0, 0, NULL },
	{ "twods", 13, DENIAL_NSEC, 0, FLAW_DS_BESIDE, 0, 0, NULL },
	{ "dname", 13, DENIAL_NSEC, 0, 0, 0, 0, "old DNAME good.lab.\n" },
	{ "alg5", 5, DENIAL_NSEC, 0, 0, 0, 0, NULL },
	{ "alg7", 7, DENIAL_NSEC3, 0, 0, 0, 0, NULL },
	{ "alg8", 8, DENIAL_NSEC, 0, 0, 0, 0, NULL },
	{ "alg10", 10, DENIAL_NSEC, 0, 0, 0, 0, NULL },
	{ "alg13", 13, DENIAL_NSEC, 0, 0, 0, 0, NULL },
	{ "alg14", 14, DENIAL_NSEC, 0, 0, 0, 0, NULL },
	{ "alg15", 15, DENIAL_NSEC, 0, 0, 0, 0, NULL },
	{ "alg16", 16, DENIAL_NSEC, 0, 0, 0, 0, NULL },
	{ "bind", 13, DENIAL_NSEC3, 0, 0, SIGNER_BIND, 0,
	  "* A 198.18.100.7\n@ CAA 0 issue \"ca.lab\"\n"
	  "@ HTTPS 1 . alpn=h2\n_sip._udp SRV 0 0 5060 www\n@ NAPTR 1 1 \"S\" \"SIP+D2U\" \"\" "
	  "_sip._udp\n"
	  "odd TYPE65280 \\# 3 010203\n" },
	{ "knot", 13, DENIAL_NSEC, 0, 0, SIGNER_KNOT, 0,
	  "* A 198.18.100.7\na.b.c A 198.18.100.9\n" },
	/* signed, and broken */
	{ "expired", 13, DENIAL_NSEC, 0, FLAW_EXPIRED, 0, 0, NULL },
	{ "future", 13, DENIAL_NSEC, 0, FLAW_FUTURE, 0, 0, NULL },
	{ "nods", 13, DENIAL_NSEC, 0, FLAW_NODS, 0, 0, NULL },
	{ "wrongds", 13, DENIAL_NSEC, 0, FLAW_WRONGDS, 0, 0, NULL },
	{ "wrongkey", 13, DENIAL_NSEC, 0, FLAW_WRONGKEY, 0, 0, NULL },
	{ "badsig", 13, DENIAL_NSEC, 0, FLAW_BADSIG, 0, 0, NULL },
	{ "stripped", 13, DENIAL_NSEC, 0, FLAW_STRIPPED, 0, 0, NULL },
	{ "nodenial", 13, DENIAL_NSEC, 0, FLAW_NODENIAL, 0, LEADS_TO_NSD, NULL },
	{ "hole", 13, DENIAL_NSEC, 0, FLAW_HOLE, 0, LEADS_TO_NSD, NULL },
	{ "hole3", 13, DENIAL_NSEC3, 0, FLAW_HOLE, 0, LEADS_TO_NSD, NULL },
	{ "wildhole", 13, DENIAL_NSEC, 0, FLAW_HOLE, 0, LEADS_TO_NSD, "* A 198.18.100.7\n" },
	{ "plain.nodenial", 0, 0, 0, 0, 0, 0, NULL },
	{ "nokey", 13, DENIAL_NSEC, 0, FLAW_NOKEY, 0, LEADS_TO_KNOT, NULL },
	{ "bare", 13, DENIAL_NSEC, 0, FLAW_BARE, 0, LEADS_TO_NSD, NULL },
	{ "revoked", 13, DENIAL_NSEC, 0, FLAW_REVOKED, 0, LEADS_TO_NSD, NULL },
	{ "notzone", 13, DENIAL_NSEC, 0, FLAW_NOTZONE, 0, LEADS_TO_KNOT, NULL },
	{ "protocol", 13, DENIAL_NSEC, 0, FLAW_PROTOCOL, 0, LEADS_TO_NSD, NULL },
	{ "zskonly", 13, DENIAL_NSEC, 0, FLAW_ZSKONLY, 0, LEADS_TO_NSD, NULL },
	{ "foreign", 13, DENIAL_NSEC, 0, FLAW_FOREIGN, 0, LEADS_TO_NSD, NULL },
	{ "labels", 13, DENIAL_NSEC, 0, FLAW_LABELS, 0, LEADS_TO_NSD, NULL },
	{ "sha1beside", 13, DENIAL_NSEC, 0, FLAW_SHA1_BESIDE, 0, 0, NULL },
	{ "dslast", 13, DENIAL_NSEC, 0, FLAW_DS_LAST, 0, 0, NULL },
	/* signed, in ways nobody can check */
	{ "alg250", 13, DENIAL_NSEC, 0, FLAW_ALGORITHM, 0, LEADS_TO_NSD, NULL },
	{ "digest250", 13, DENIAL_NSEC, 0, FLAW_DIGEST, 0, 0, NULL },
	{ "island.unsigned", 13, DENIAL_NSEC, 0, 0, 0, 0, NULL },
	/* unsigned */
	{ "unsigned", 0, 0, 0, 0, 0, 0, NULL },
	{ "wild", 0, 0, 0, 0, 0, 0, "* A 198.18.100.7\n" },
	{ "chain", 0, 0, 0, 0, 0, 0,
	  "c1 CNAME c2\nc2 CNAME c3\nc3 CNAME c4\nc4 CNAME c5\nc5 CNAME c6\nc6 CNAME c7\n"
	  "c7 CNAME c8\nc8 CNAME www\nout CNAME www.example.com.\nself CNAME self\nping CNAME "
	  "pong\npong CNAME ping\n"
	  "nowhere CNAME nowhere.example.com.\n" },
	{ "short", 0, 0, 0, 0, 0, 0,
	  "ttl0 0 A 198.18.100.5\nttl5 5 A 198.18.100.5\nttl60 60 A 198.18.100.5\n" },
	{ "big", 0, 0, 0, 0, 0, 0, NULL }, /* write_big */
	/* servers */
	{ "lame", 0, 0, 0, 0, 0, LEADS_TO_LAME, NULL },
	{ "dead", 0, 0, 0, 0, 0, LEADS_TO_DEAD, NULL },
	{ "halfdead", 0, 0, 0, 0, 0, LEADS_HALF, NULL },
	{ "deadv6", 0, 0, 0, 0, 0, LEADS_DEAD_V6, NULL },
	{ "onlyv4", 0, 0, 0, 0, 0, LEADS_V4, NULL },
	{ "onlyv6", 0, 0, 0, 0, 0, LEADS_V6, NULL },
	{ "hostile", 0, 0, 0, 0, 0, LEADS_TO_HOSTILE, NULL },
	{ "ring1", 0, 0, 0, 0, 0, LEADS_IN_RING, NULL },
	{ "ring2", 0, 0, 0, 0, 0, LEADS_IN_RING, NULL },
};
enum { ZONES = sizeof(zones) / sizeof(zones[0]) };

enum { NSD = 2, KNOT = NSD, LAME = NSD, BIND = 3, HOSTILE = 5, NOBODY = 9 }; /* blocks of addresses: labzones.c */

static void write_addresses(FILE *f, const char *owner, unsigned n, unsigned v4, unsigned v6)
{
	if (v4 != 0)
		fprintf(f, "%s. A 198.18.%u.%u\n", owner, v4, n);
	if (v6 != 0)
		fprintf(f, "%s. AAAA 2001:2:0:%x::%x\n", owner, v6, n);
}

static void write_server(FILE *f, const struct curious *c, const char *owner, unsigned n)
{
	switch (c->leads) {
	case LEADS_TO_BIND:
		write_addresses(f, owner, n, BIND, BIND);
		break;
	case LEADS_TO_NSD:
		write_addresses(f, owner, n, NSD, NSD);
		break;
	case LEADS_TO_KNOT:
		write_addresses(f, owner, n + 2, KNOT, KNOT);
		break;
	case LEADS_TO_LAME:
		write_addresses(f, owner, n, LAME, LAME);
		break;
	case LEADS_TO_DEAD:
		write_addresses(f, owner, n, NOBODY, NOBODY);
		break;
	case LEADS_TO_HOSTILE:
		write_addresses(f, owner, n, HOSTILE, 0);
		break;
	case LEADS_HALF:
		write_addresses(f, owner, n, n == 1 ? NOBODY : BIND, n == 1 ? NOBODY : BIND);
		break;
	case LEADS_DEAD_V6:
		write_addresses(f, owner, n, BIND, NOBODY);
		break;
	case LEADS_V4:
		write_addresses(f, owner, n, BIND, 0);
		break;
	case LEADS_V6:
		write_addresses(f, owner, n, 0, BIND);
		break;
	case LEADS_IN_RING:
		break;
	}
}

static void write_servers(FILE *f, const struct curious *c)
{
	for (unsigned n = 1; n <= 2; n++) {
		char owner[96];
		const char *home = c->name;
		if (c->leads == LEADS_IN_RING)
			home = strcmp(c->name, "ring1") == 0 ? "ring2" : "ring1";
		snprintf(owner, sizeof(owner), "ns%u.%s.lab", n, home);
		fprintf(f, "%s.lab. NS %s.\n", c->name, owner);
		write_server(f, c, owner, n);
	}
}

static bool has_parent_here(const struct curious *c)
{
	return strchr(c->name, '.') != NULL;
}

void curious_write_delegations(FILE *tld)
{
	for (unsigned i = 0; i < ZONES; i++)
		if (!has_parent_here(&zones[i]))
			write_servers(tld, &zones[i]);
}

/* Answers of 2, 6 and 40 KiB: over any UDP size a resolver offers, and over most buffers. */
static void write_big(FILE *f)
{
	for (unsigned i = 0; i < 128; i++)
		fprintf(f, "a128 A 198.18.120.%u\n", i);
	for (unsigned i = 0; i < 400; i++)
		fprintf(f,
			"%s TXT \"number %03u "
			"........................................................\"\n",
			i < 60 ? "txt60" : "txt340", i);
}

static void write_children(FILE *f, const struct curious *parent)
{
	size_t len = strlen(parent->name);
	for (unsigned i = 0; i < ZONES; i++) {
		const char *dot = strchr(zones[i].name, '.');
		if (dot != NULL && strcmp(dot + 1, parent->name) == 0 && len > 0)
			write_servers(f, &zones[i]);
	}
}

static void write_zone(const char *dir, const struct curious *c)
{
	char path[512];
	snprintf(path, sizeof(path), "%s/%s/%s.lab.zone", dir, c->algorithm != 0 ? "raw" : "zones",
		 c->name);
	FILE *f = fopen(path, "w");
	if (f == NULL) {
		perror(path);
		exit(1);
	}
	fprintf(f, "$ORIGIN %s.lab.\n$TTL 3600\n@ SOA ns1 hostmaster 1 7200 3600 1209600 300\n",
		c->name);
	write_servers(f, c);
	fprintf(f,
		"@ MX 10 mail\nmail A 198.18.100.2\nwww A 198.18.100.3\nwww AAAA 2001:2:0:64::3\n");
	if (c->records != NULL)
		fputs(c->records, f);
	if (strcmp(c->name, "big") == 0)
		write_big(f);
	write_children(f, c);
	fclose(f);
}

static const char *server_of(const struct curious *c)
{
	if (c->leads == LEADS_TO_NSD)
		return "nsd-hosts";
	return c->leads == LEADS_TO_KNOT ? "knot-hosts" : "bind";
}

void curious_write(const char *dir, FILE *plan, FILE *serve, FILE *addresses)
{
	for (unsigned n = 1; n <= 2; n++)
		fprintf(addresses, "bind bind 198.18.%d.%u\nbind bind 2001:2:0:%x::%x\n", BIND, n,
			BIND, n);
	for (unsigned i = 0; i < ZONES; i++) {
		const struct curious *c = &zones[i];
		char zone[96], file[112];
		snprintf(zone, sizeof(zone), "%s.lab", c->name);
		snprintf(file, sizeof(file), "%s.zone", zone);
		write_zone(dir, c);
		const char *server = server_of(c);
		fprintf(serve, "%s %s zones/%s\n", server, zone, file);
		plan_write(plan, &(struct plan){ .level = has_parent_here(c) ? 3 : 2,
						 .zone = zone,
						 .file = file,
						 .server = server,
						 .algorithm = c->algorithm,
						 .denial = c->denial,
						 .iterations = c->iterations,
						 .flaw = c->flaw,
						 .signer = c->signer });
	}
}
