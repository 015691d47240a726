/*
 * labzones.c - writes the zones of a small Internet as text, the same for the same seed.
 *
 *	labzones DIR SEED ZONES TLDS ROOT-ALGORITHM [ROOT-ZONE-TEXT]
 *
 * Writes below DIR: zones/ (what is served unsigned), raw/ (what labsign has still to sign), plan
 *(a line for labsign per zone to sign), serve (which server serves which zone from which file),
 * addresses (who has which address), hints, and names/ (lists of questions for load programs).
 * It signs nothing, starts nothing and knows no server's configuration language.
 *
 * The addresses are those set aside for benchmarks (RFC 2544: 198.18.0.0/15, RFC 5180:
 *2001:2::/48), because resolvers refuse to believe in authorities on private or documentation
 *addresses.
 */
#include "tools/labplan.h"
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
	HOSTERS = 8,         /* companies that serve the second level, two servers each */
	NAMES_MAX = 100000,  /* distinct names for the Zipf list */
	NAMES_PER_ZONE = 50, /* in a lab too small for NAMES_MAX */
	SIGNED_HOSTS = 8,    /* names in a signed zone: signing time is what limits the lab */
	HOT = 1000,
	ZIPF_DRAWS = 500000,
	DENIALS = 60000, /* random names that do not exist */
	DENIAL_ZONES = 500,
	ROOT_SERVERS = 3, /* without a real root zone */
};

/* What a second-level zone is; everything else about it follows. */
struct zone {
	char name[64]; /* without the final dot */
	unsigned tld, hoster, hosts;
	int algorithm; /* 0: unsigned */
	enum denial denial;
	bool glueless; /* its servers have names in the hoster's zone */
};

struct lab {
	const char *dir;
	uint64_t seed, state;
	unsigned tlds, zone_count;
	int root_algorithm;
	struct zone *zones;
	FILE *plan, *serve, *addresses;
};

/* splitmix64: small, and the same everywhere. */
static uint64_t draw(struct lab *lab)
{
	uint64_t z = (lab->state += 0x9e3779b97f4a7c15u);
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static unsigned pick(struct lab *lab, unsigned count)
{
	return (unsigned)(draw(lab) % count);
}

static void die(const char *what)
{
	perror(what);
	exit(1);
}

__attribute__((format(printf, 3, 4))) static FILE *create(const struct lab *lab, const char *mode,
							  const char *format, ...)
{
	char path[512];
	int at = snprintf(path, sizeof(path), "%s/", lab->dir);
	va_list ap;
	va_start(ap, format);
	vsnprintf(path + at, sizeof(path) - (size_t)at, format, ap);
	va_end(ap);
	FILE *f = fopen(path, mode);
	if (f == NULL)
		die(path);
	return f;
}

static void done(FILE *f)
{
	if (fclose(f) != 0)
		die("labzones");
}

/* ---- top-level domains ---- */

static const char *const tld_names[] = {
	"com",   "net",  "org",  "lab",  "de",   "uk",   "nl",   "se",     "fr",     "ch",
	"it",    "eu",   "pl",   "br",   "jp",   "info", "io",   "ca",     "au",     "us",
	"cz",    "be",   "at",   "dk",   "no",   "fi",   "es",   "pt",     "ie",     "nz",
	"in",    "kr",   "mx",   "za",   "biz",  "dev",  "app",  "xyz",    "online", "shop",
	"cloud", "blog", "tech", "site", "club", "top",  "name", "museum", "aero",   "coop",
};
enum {
	TLD_COM,
	TLD_NET,
	TLD_ORG,
	TLD_LAB,
	TLD_MAX = sizeof(tld_names) / sizeof(tld_names[0]),
};

static int tld_algorithm(unsigned tld)
{
	static const int algorithms[] = { 13, 8, 13, 15, 8, 13, 13, 8, 13, 0 };
	return tld == TLD_LAB ? 13 : algorithms[tld % 10];
}

static enum denial tld_denial(unsigned tld)
{
	static const enum denial denials[] = { DENIAL_OPTOUT, DENIAL_NSEC, DENIAL_NSEC3 };
	return tld == TLD_LAB ? DENIAL_NSEC3 : tld < 2 ? DENIAL_OPTOUT : denials[tld % 3];
}

static void write_soa(FILE *f, const char *origin, const char *ns)
{
	fprintf(f, "$ORIGIN %s.\n$TTL 86400\n@ SOA %s. hostmaster.%s%s 1 7200 3600 1209600 900\n",
		origin, ns, origin, *origin == '\0' ? "" : ".");
}

static void tell_plan(struct lab *lab, const struct plan *p)
{
	plan_write(lab->plan, p);
	fprintf(lab->serve, "%s %s zones/%s\n", p->server, p->zone, p->file);
}

/* The server's pair of addresses, number n of block b. */
static void write_glue(FILE *f, const char *owner, unsigned block, unsigned n)
{
	fprintf(f, "%s. 172800 IN A 198.18.%u.%u\n", owner, block, n);
	fprintf(f, "%s. 172800 IN AAAA 2001:2:0:%x::%x\n", owner, block, n);
}

static void tell_address(struct lab *lab, const char *label, const char *server, unsigned block,
			 unsigned n)
{
	fprintf(lab->addresses, "%s %s 198.18.%u.%u\n%s %s 2001:2:0:%x::%x\n", label, server, block,
		n, label, server, block, n);
}

enum { BLOCK_ROOT, BLOCK_TLD, BLOCK_HOSTER, BLOCK_BIND, BLOCK_NOBODY = 9 };

static void write_referral_to_tld(FILE *root, unsigned tld)
{
	const char *name = tld_names[tld];
	for (unsigned i = 0; i < 2; i++) {
		char ns[64];
		snprintf(ns, sizeof(ns), "%c.nic.%s", 'a' + (int)i, name);
		fprintf(root, "%s. 172800 NS %s.\n", name, ns);
		write_glue(root, ns, BLOCK_TLD, 2 * tld + 1 + i);
	}
}

static void hoster_server(unsigned hoster, unsigned i, char out[64])
{
	snprintf(out, 64, "ns%u.host%u.net", i + 1, hoster + 1);
}

/* Odd hosters run NSD, even ones Knot. */
static const char *hoster_daemon(unsigned hoster)
{
	return hoster % 2 == 0 ? "nsd-hosts" : "knot-hosts";
}

static void write_delegation(FILE *tld, const struct zone *z)
{
	for (unsigned i = 0; i < 2; i++) {
		char ns[96];
		if (z->glueless)
			hoster_server(z->hoster, i, ns);
		else
			snprintf(ns, sizeof(ns), "ns%u.%s", i + 1, z->name);
		fprintf(tld, "%s. NS %s.\n", z->name, ns);
		if (!z->glueless)
			write_glue(tld, ns, BLOCK_HOSTER, 2 * z->hoster + 1 + i);
	}
}

/* What the hints say, as the delegation or content of root-servers.net: unsigned, as in the real
 * world. */
static void write_root_servers(const struct lab *lab, FILE *f)
{
	char line[2048];
	FILE *hints = create(lab, "r", "hints");
	while (fgets(line, sizeof(line), hints) != NULL)
		fprintf(f, "%s%s", line[0] == '.' ? "root-servers.net" : "", line);
	done(hints);
}

static void write_tld(struct lab *lab, unsigned tld)
{
	const char *name = tld_names[tld];
	int algorithm = tld_algorithm(tld);
	char ns[64], file[80];
	snprintf(ns, sizeof(ns), "a.nic.%s", name);
	snprintf(file, sizeof(file), "%s.zone", name);
	FILE *f = create(lab, "w", "%s/%s", algorithm != 0 ? "raw" : "zones", file);
	write_soa(f, name, ns);
	for (unsigned i = 0; i < 2; i++) {
		ns[0] = (char)('a' + (int)i);
		fprintf(f, "@ NS %s.\n", ns);
		write_glue(f, ns, BLOCK_TLD, 2 * tld + 1 + i);
		tell_address(lab, name, "knot-tlds", BLOCK_TLD, 2 * tld + 1 + i);
	}
	for (unsigned i = 0; i < lab->zone_count; i++)
		if (lab->zones[i].tld == tld)
			write_delegation(f, &lab->zones[i]);
	if (tld == TLD_NET)
		write_root_servers(lab, f);
	if (tld == TLD_LAB)
		curious_write_delegations(f);
	done(f);
	tell_plan(lab, &(struct plan){ .level = 1,
				       .zone = name,
				       .file = file,
				       .server = "knot-tlds",
				       .algorithm = algorithm,
				       .denial = tld_denial(tld) });
}

/* ---- the root ---- */

static bool lab_serves(const struct lab *lab, const char *owner)
{
	size_t len = strcspn(owner, ".");
	if (owner[len] != '.' || owner[len + 1] != '\0')
		return false;
	for (unsigned i = 0; i < lab->tlds; i++)
		if (strlen(tld_names[i]) == len && strncmp(tld_names[i], owner, len) == 0)
			return true;
	return false;
}

/* One line of the real root zone: owner, TTL, IN, type, RDATA. */
static void copy_root_line(struct lab *lab, FILE *root, FILE *hints, const char *line)
{
	char owner[256], type[16], rdata[512];
	if (sscanf(line, "%255s %*s %*s %15s %511[^\n]", owner, type, rdata) != 3)
		return;
	if (lab_serves(lab, owner) || strcmp(type, "RRSIG") == 0 || strcmp(type, "NSEC") == 0 ||
	    strcmp(type, "DNSKEY") == 0 || strcmp(type, "ZONEMD") == 0)
		return;
	fputs(line, root);
	bool address = strcmp(type, "A") == 0 || strcmp(type, "AAAA") == 0;
	bool server = strstr(owner, ".root-servers.net.") != NULL && address;
	if (server)
		fprintf(lab->addresses, "root nsd-root %s\n", rdata);
	if (server || (strcmp(owner, ".") == 0 && strcmp(type, "NS") == 0))
		fputs(line, hints);
}

static void copy_root(struct lab *lab, FILE *root, FILE *hints, const char *path)
{
	char line[2048];
	FILE *in = fopen(path, "r");
	if (in == NULL)
		die(path);
	while (fgets(line, sizeof(line), in) != NULL)
		copy_root_line(lab, root, hints, line);
	done(in);
}

static void invent_root(struct lab *lab, FILE *root, FILE *hints)
{
	fprintf(root, ". 86400 IN SOA a.root-servers.net. hostmaster.root-servers.net. 1 1800 900 "
		      "604800 86400\n");
	for (unsigned i = 0; i < ROOT_SERVERS; i++) {
		char ns[64];
		snprintf(ns, sizeof(ns), "%c.root-servers.net", 'a' + (int)i);
		FILE *both[] = { root, hints };
		for (unsigned j = 0; j < 2; j++) {
			fprintf(both[j], ". 518400 IN NS %s.\n", ns);
			write_glue(both[j], ns, BLOCK_ROOT, i + 1);
		}
		tell_address(lab, "root", "nsd-root", BLOCK_ROOT, i + 1);
	}
}

static void write_root(struct lab *lab, const char *real)
{
	FILE *root = create(lab, "w", "raw/root.zone");
	FILE *hints = create(lab, "w", "hints");
	if (real != NULL)
		copy_root(lab, root, hints, real);
	else
		invent_root(lab, root, hints);
	for (unsigned i = 0; i < lab->tlds; i++)
		write_referral_to_tld(root, i);
	done(hints);
	done(root);
	FILE *servers = create(lab, "w", "zones/root-servers.net.zone");
	write_soa(servers, "root-servers.net", "a.root-servers.net");
	write_root_servers(lab, servers);
	done(servers);
	fprintf(lab->serve, "nsd-root root-servers.net zones/root-servers.net.zone\n");
	tell_plan(lab, &(struct plan){ .level = 0,
				       .zone = ".",
				       .file = "root.zone",
				       .server = "nsd-root",
				       .algorithm = lab->root_algorithm,
				       .denial = DENIAL_NSEC });
}

/* ---- the second level ---- */

static void invent_zone(struct lab *lab, unsigned i)
{
	static const char *const first[] = { "river",  "stone", "maple", "amber", "cedar", "north",
					     "quiet",  "solar", "vivid", "ember", "frost", "lunar",
					     "meadow", "ocean", "pine",  "raven" };
	static const char *const second[] = { "works", "field", "media", "bank", "post", "labs",
					      "trade", "house", "mill",  "bay",  "gate", "wood",
					      "data",  "port",  "forge", "craft" };
	static const int algorithms[] = { 13, 13, 13, 8, 13, 13, 15, 13, 8, 13 };
	struct zone *z = &lab->zones[i];
	if (i < HOSTERS) {
		z->tld = TLD_NET;
		z->hoster = i;
		snprintf(z->name, sizeof(z->name), "host%u.net", i + 1);
	} else if (i < HOSTERS + 3) {
		z->tld = i - HOSTERS; /* com, net, org */
		z->hoster = i - HOSTERS;
		snprintf(z->name, sizeof(z->name), "example.%s", tld_names[z->tld]);
	} else {
		z->tld = pick(lab, 3) == 0 ? TLD_COM : pick(lab, lab->tlds);
		if (z->tld == TLD_LAB)
			z->tld = TLD_ORG;
		z->hoster = pick(lab, HOSTERS);
		z->glueless = pick(lab, 10) < 6;
		snprintf(z->name, sizeof(z->name), "%s%s%u.%s", first[pick(lab, 16)],
			 second[pick(lab, 16)], i, tld_names[z->tld]);
	}
	bool is_signed = i < HOSTERS + 3 ? i % 2 == 0 : pick(lab, 10) < 4;
	z->algorithm = is_signed ? algorithms[pick(lab, 10)] : 0;
	z->denial = pick(lab, 2) == 0 ? DENIAL_NSEC : DENIAL_NSEC3;
}

/* Unsigned zones get what the signed ones lack to the number of names wanted. */
static void spread_hosts(struct lab *lab)
{
	unsigned wanted = lab->zone_count * NAMES_PER_ZONE, plain = 0;
	if (wanted > NAMES_MAX || lab->zone_count >= NAMES_MAX / NAMES_PER_ZONE)
		wanted = NAMES_MAX;
	for (unsigned i = 0; i < lab->zone_count; i++)
		plain += lab->zones[i].algorithm == 0;
	unsigned in_signed = (lab->zone_count - plain) * SIGNED_HOSTS;
	unsigned each = plain == 0 || wanted < in_signed ? 1 : (wanted - in_signed) / plain + 1;
	for (unsigned i = 0; i < lab->zone_count; i++)
		lab->zones[i].hosts = lab->zones[i].algorithm != 0 ? SIGNED_HOSTS : each;
}

static void write_zone(struct lab *lab, const struct zone *z)
{
	char ns[96], file[80];
	snprintf(file, sizeof(file), "%s.zone", z->name);
	FILE *f = create(lab, "w", "%s/%s", z->algorithm != 0 ? "raw" : "zones", file);
	snprintf(ns, sizeof(ns), "ns1.%s", z->name);
	if (z->glueless)
		hoster_server(z->hoster, 0, ns);
	write_soa(f, z->name, ns);
	for (unsigned i = 0; i < 2; i++) {
		ns[2] = (char)('1' + (int)i);
		fprintf(f, "@ NS %s.\n", ns);
		if (!z->glueless)
			write_glue(f, ns, BLOCK_HOSTER, 2 * z->hoster + 1 + i);
	}
	fprintf(f,
		"@ A 198.18.100.1\n@ MX 10 mail\nmail A 198.18.100.2\nwww AAAA 2001:2:0:64::1\n");
	fprintf(f, "www A 198.18.100.%u\n", 3 + pick(lab, 200));
	for (unsigned i = 1; i < z->hosts; i++)
		fprintf(f, "h%u A 198.18.%u.%u\n", i, 101 + i / 250 % 100, 1 + i % 250);
	done(f);
	tell_plan(lab, &(struct plan){ .level = 2,
				       .zone = z->name,
				       .file = file,
				       .server = hoster_daemon(z->hoster),
				       .algorithm = z->algorithm,
				       .denial = z->denial });
}

static void write_zones(struct lab *lab)
{
	for (unsigned i = 0; i < HOSTERS; i++)
		for (unsigned j = 0; j < 2; j++) {
			char label[64];
			snprintf(label, sizeof(label), "host%u", i + 1);
			tell_address(lab, label, hoster_daemon(i), BLOCK_HOSTER, 2 * i + 1 + j);
		}
	for (unsigned i = 0; i < lab->zone_count; i++)
		write_zone(lab, &lab->zones[i]);
}

/* ---- lists of questions ---- */

struct host {
	unsigned zone, number;
};

static void write_host(FILE *f, const struct lab *lab, struct host h)
{
	if (h.number == 0)
		fprintf(f, "www.%s A\n", lab->zones[h.zone].name);
	else
		fprintf(f, "h%u.%s A\n", h.number, lab->zones[h.zone].name);
}

static struct host *shuffled_hosts(struct lab *lab, unsigned *count)
{
	size_t total = 0, at = 0;
	for (unsigned i = 0; i < lab->zone_count; i++)
		total += lab->zones[i].hosts;
	struct host *hosts = malloc((total + 1) * sizeof(*hosts));
	if (hosts == NULL)
		die("labzones");
	for (unsigned i = 0; i < lab->zone_count; i++)
		for (unsigned j = 0; j < lab->zones[i].hosts; j++)
			hosts[at++] = (struct host){ i, j };
	for (size_t i = total; i > 1; i--) {
		size_t j = draw(lab) % i;
		struct host swap = hosts[i - 1];
		hosts[i - 1] = hosts[j];
		hosts[j] = swap;
	}
	*count = (unsigned)(total < NAMES_MAX ? total : NAMES_MAX);
	return hosts;
}

/* Exponent 1: the share of rank r is 1/r; drawn by looking the sum up. */
static void write_zipf(struct lab *lab, const struct host *hosts, unsigned count)
{
	double *sum = malloc(count * sizeof(*sum)), total = 0;
	if (sum == NULL)
		die("labzones");
	for (unsigned i = 0; i < count; i++)
		sum[i] = total += 1.0 / (i + 1);
	FILE *f = create(lab, "w", "names/zipf");
	for (unsigned n = 0; n < ZIPF_DRAWS; n++) {
		double want = total * (double)(draw(lab) >> 11) / 9007199254740992.0;
		unsigned low = 0, high = count - 1;
		while (low < high) {
			unsigned middle = low + (high - low) / 2;
			if (sum[middle] < want)
				low = middle + 1;
			else
				high = middle;
		}
		write_host(f, lab, hosts[low]);
	}
	done(f);
	free(sum);
}

static void write_demand(struct lab *lab)
{
	unsigned count;
	struct host *hosts = shuffled_hosts(lab, &count);
	FILE *all = create(lab, "w", "names/all");
	FILE *hot = create(lab, "w", "names/hot");
	for (unsigned i = 0; i < count; i++) {
		write_host(all, lab, hosts[i]);
		if (i < HOT)
			write_host(hot, lab, hosts[i]);
	}
	done(hot);
	done(all);
	write_zipf(lab, hosts, count);
	free(hosts);
}

/*
 * One name out of each zone.  The first tenth of the zones is for warming up (so that roots, TLDs
 * and hosters are known and a cold question costs what its own zone costs); the lists share no zone
 * with it.
 */
static void write_cold(struct lab *lab)
{
	FILE *warm = create(lab, "w", "names/warmup"),
	     *mixed = create(lab, "w", "names/cold-mixed");
	FILE *plain = create(lab, "w", "names/cold-unsigned"),
	     *secure = create(lab, "w", "names/cold-signed");
	unsigned tenth = HOSTERS + 3 + lab->zone_count / 10;
	for (unsigned i = 0; i < lab->zone_count; i++) {
		const struct zone *z = &lab->zones[i];
		if (i < tenth) {
			fprintf(warm, "www.%s A\n", z->name);
			continue;
		}
		fprintf(mixed, "www.%s A\n", z->name);
		if (tld_algorithm(z->tld) != 0)
			fprintf(z->algorithm != 0 ? secure : plain, "www.%s A\n", z->name);
	}
	done(warm);
	done(mixed);
	done(plain);
	done(secure);
}

enum denial_list { LIST_UNSIGNED, LIST_NSEC, LIST_NSEC3 };

static bool belongs(const struct zone *z, enum denial_list list)
{
	bool secure = z->algorithm != 0 && tld_algorithm(z->tld) != 0;
	switch (list) {
	case LIST_UNSIGNED:
		return z->algorithm == 0;
	case LIST_NSEC:
		return secure && z->denial == DENIAL_NSEC;
	case LIST_NSEC3:
		return secure && z->denial == DENIAL_NSEC3;
	}
	return false;
}

static void write_denials(struct lab *lab, const char *file, enum denial_list list)
{
	unsigned zones[DENIAL_ZONES], count = 0;
	for (unsigned i = 0; i < lab->zone_count && count < DENIAL_ZONES; i++)
		if (belongs(&lab->zones[i], list))
			zones[count++] = i;
	FILE *f = create(lab, "w", "names/%s", file);
	for (unsigned i = 0; i < DENIALS && count > 0; i++)
		fprintf(f, "x%llx.%s A\n", (unsigned long long)draw(lab) >> 24,
			lab->zones[zones[pick(lab, count)]].name);
	done(f);
}

static unsigned number(const char *text, unsigned low, unsigned high)
{
	unsigned long n = strtoul(text, NULL, 10);
	if (n < low || n > high) {
		fprintf(stderr, "labzones: %s is not between %u and %u\n", text, low, high);
		exit(2);
	}
	return (unsigned)n;
}

static void make_folders(const struct lab *lab)
{
	static const char *const folders[] = { "zones", "raw", "names", "ds" };
	for (unsigned i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		char path[512];
		snprintf(path, sizeof(path), "%s/%s", lab->dir, folders[i]);
		if (mkdir(path, 0777) != 0)
			die(path);
	}
}

int main(int argc, char **argv)
{
	if (argc < 6 || argc > 7) {
		fprintf(stderr,
			"usage: labzones DIR SEED ZONES TLDS ROOT-ALGORITHM [ROOT-ZONE-TEXT]\n");
		return 2;
	}
	struct lab lab = { .dir = argv[1] };
	lab.seed = lab.state = strtoull(argv[2], NULL, 10);
	lab.zone_count = number(argv[3], HOSTERS + 3, 200000);
	lab.tlds = number(argv[4], TLD_LAB + 1, TLD_MAX);
	lab.root_algorithm = (int)number(argv[5], 5, 16);
	lab.zones = calloc(lab.zone_count, sizeof(*lab.zones));
	if (lab.zones == NULL)
		die("labzones");
	make_folders(&lab);
	lab.plan = create(&lab, "w", "plan");
	lab.serve = create(&lab, "w", "serve");
	lab.addresses = create(&lab, "w", "addresses");
	for (unsigned i = 0; i < lab.zone_count; i++)
		invent_zone(&lab, i);
	spread_hosts(&lab);
	write_zones(&lab);
	curious_write(lab.dir, lab.plan, lab.serve, lab.addresses);
	write_root(&lab, argc == 7 ? argv[6] : NULL);
	for (unsigned i = 0; i < lab.tlds; i++)
		write_tld(&lab, i);
	write_demand(&lab);
	write_cold(&lab);
	write_denials(&lab, "nx-unsigned", LIST_UNSIGNED);
	write_denials(&lab, "nx-nsec", LIST_NSEC);
	write_denials(&lab, "nx-nsec3", LIST_NSEC3);
	done(lab.plan);
	done(lab.serve);
	done(lab.addresses);
	free(lab.zones);
	return 0;
}
