/*
 * labsign.c - signs the zones of the lab with the library of ldns, many at a time.
 *
 *	labsign DIR SEED PROCESSES
 *
 * Reads DIR/plan, signs DIR/raw/FILE into DIR/zones/FILE, deepest zones first, and leaves a zone's
 *DS in DIR/ds/ZONE, which is added to its parent before that one is signed; ds/root is the trust
 *anchor. Zones marked for other signers are left to them.  A program of its own because starting
 *ldns-signzone thousands of times takes longer than signing.
 *
 * Keys of elliptic curves follow from seed and zone; RSA keys, dear to make, come from a small pool
 *below DIR/keys.
 */
#include "tools/labplan.h"
#include <ldns/ldns.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	RSA_POOL = 4,
	RSA_KSK_BITS = 2048,
	RSA_ZSK_BITS = 1280,
	KEY_TTL = 3600,
	DS_TTL = 86400,
	DAY = 86400,
	VALID_DAYS = 35,
};

enum role { ROLE_KSK, ROLE_ZSK, ROLE_STRANGER };

static const char *dir, *seed;

static void die(const char *what, const char *zone)
{
	fprintf(stderr, "labsign: %s: %s\n", zone, what);
	exit(1);
}

static void check(ldns_status s, const char *zone)
{
	if (s != LDNS_STATUS_OK)
		die(ldns_get_errorstr_by_id(s), zone);
}

static FILE *open_below(const char *mode, const char *folder, const char *file)
{
	char path[1024];
	snprintf(path, sizeof(path), "%s/%s/%s", dir, folder, file);
	FILE *f = fopen(path, mode);
	if (f == NULL)
		die("cannot open", path);
	return f;
}

/* ---- keys ---- */

static bool is_rsa(int algorithm)
{
	return algorithm == 5 || algorithm == 7 || algorithm == 8 || algorithm == 10;
}

static size_t curve_octets(int algorithm)
{
	switch (algorithm) {
	case 13:
		return 32;
	case 14:
		return 48;
	case 15:
		return 32;
	case 16:
		return 57;
	default:
		return 0;
	}
}

static unsigned hash(const char *text)
{
	unsigned h = 2166136261u;
	for (; *text != '\0'; text++)
		h = (h ^ (unsigned char)*text) * 16777619u;
	return h;
}

static void make_rsa_pool(void)
{
	for (unsigned i = 0; i < 2 * RSA_POOL; i++) {
		char path[1024];
		snprintf(path, sizeof(path), "%s/keys", dir);
		mkdir(path, 0777);
		snprintf(path, sizeof(path), "%s/keys/rsa%u", dir, i);
		if (access(path, R_OK) == 0)
			continue;
		uint16_t bits = i < RSA_POOL ? RSA_KSK_BITS : RSA_ZSK_BITS;
		ldns_key *key = ldns_key_new_frm_algorithm(LDNS_SIGN_RSASHA256, bits);
		FILE *f = fopen(path, "w");
		if (key == NULL || f == NULL)
			die("cannot make an RSA key", path);
		ldns_key_print(f, key);
		fclose(f);
		ldns_key_deep_free(key);
	}
}

/* The pool's keys are written as of algorithm 8; SHA-1 and SHA-512 use the same ones. */
static ldns_key *rsa_key(const char *zone, int algorithm, enum role role)
{
	char file[32];
	unsigned n =
	    (hash(zone) + (role == ROLE_STRANGER)) % RSA_POOL + (role == ROLE_ZSK ? RSA_POOL : 0);
	ldns_key *key = NULL;
	snprintf(file, sizeof(file), "rsa%u", n);
	FILE *f = open_below("r", "keys", file);
	check(ldns_key_new_frm_fp(&key, f), zone);
	fclose(f);
	ldns_key_set_algorithm(key, (ldns_signing_algorithm)algorithm);
	return key;
}

static ldns_key *curve_key(const char *zone, int algorithm, enum role role)
{
	char text[1024];
	unsigned char secret[2 * LDNS_SHA256_DIGEST_LENGTH];
	for (unsigned half = 0; half < 2; half++) {
		int len = snprintf(text, sizeof(text), "%s %s %d %d %u", seed, zone, algorithm,
				   (int)role, half);
		ldns_sha256((unsigned char *)text, (unsigned)len,
			    secret + half * LDNS_SHA256_DIGEST_LENGTH);
	}
	secret[0] &= 0x7f; /* below the order of the curve */
	ldns_rdf *rdf = ldns_rdf_new_frm_data(LDNS_RDF_TYPE_B64, curve_octets(algorithm), secret);
	char *base64 = rdf == NULL ? NULL : ldns_rdf2str(rdf);
	if (base64 == NULL)
		die("cannot write a key", zone);
	snprintf(text, sizeof(text),
		 "Private-key-format: v1.2\nAlgorithm: %d (X)\nPrivateKey: %s\n", algorithm,
		 base64);
	free(base64);
	ldns_rdf_deep_free(rdf);
	FILE *f = fmemopen(text, strlen(text), "r");
	ldns_key *key = NULL;
	check(ldns_key_new_frm_fp(&key, f), zone);
	fclose(f);
	return key;
}

static ldns_key *make_key(const struct plan *p, const ldns_rdf *owner, enum role role)
{
	ldns_key *key = is_rsa(p->algorithm) ? rsa_key(p->zone, p->algorithm, role)
					     : curve_key(p->zone, p->algorithm, role);
	time_t now = time(NULL);
	time_t from = now - DAY, until = now + (time_t)VALID_DAYS * DAY;
	if (p->flaw == FLAW_EXPIRED) {
		from = now - (time_t)30 * DAY;
		until = now - DAY;
	} else if (p->flaw == FLAW_FUTURE) {
		from = now + (time_t)30 * DAY;
		until = from + (time_t)30 * DAY;
	}
	ldns_key_set_pubkey_owner(key, ldns_rdf_clone(owner));
	ldns_key_set_origttl(key, KEY_TTL);
	ldns_key_set_flags(key, role == ROLE_ZSK ? LDNS_KEY_ZONE_KEY
						 : LDNS_KEY_ZONE_KEY | LDNS_KEY_SEP_KEY);
	ldns_key_set_inception(key, (uint32_t)from);
	ldns_key_set_expiration(key, (uint32_t)until);
	ldns_rr *rr = ldns_key2rr(key);
	ldns_key_set_keytag(key, ldns_calc_keytag(rr));
	ldns_rr_free(rr);
	return key;
}

/* ---- one zone ---- */

static const char *parent_of(const char *zone)
{
	const char *dot = strchr(zone, '.');
	return dot == NULL ? "root" : dot + 1;
}

static const char *anchor_name(const char *zone)
{
	return strcmp(zone, ".") == 0 ? "root" : zone;
}

static void read_records(ldns_dnssec_zone *dz, FILE *f, const struct plan *p)
{
	ldns_zone *z = NULL;
	ldns_rdf *origin = ldns_dname_new_frm_str(p->zone);
	int line = 0;
	ldns_status s = ldns_zone_new_frm_fp_l(&z, f, origin, KEY_TTL, LDNS_RR_CLASS_IN, &line);
	if (s != LDNS_STATUS_OK) {
		fprintf(stderr, "labsign: raw/%s line %d\n", p->file, line);
		check(s, p->zone);
	}
	if (ldns_zone_soa(z) != NULL)
		check(ldns_dnssec_zone_add_rr(dz, ldns_zone_soa(z)), p->zone);
	for (size_t i = 0; i < ldns_zone_rr_count(z); i++)
		check(ldns_dnssec_zone_add_rr(dz, ldns_rr_list_rr(ldns_zone_rrs(z), i)), p->zone);
	ldns_rdf_deep_free(origin);
	ldns_rr_list_free(ldns_zone_rrs(z)); /* the records are dz's now */
	free(z);
}

/* The children's DS, gathered before the first parent of this level is signed: see collect_ds. */
static void read_zone(ldns_dnssec_zone *dz, const struct plan *p)
{
	char path[1024], line[1024];
	FILE *whole = tmpfile();
	FILE *raw = open_below("r", "raw", p->file);
	if (whole == NULL)
		die("cannot make a temporary file", p->zone);
	while (fgets(line, sizeof(line), raw) != NULL)
		fputs(line, whole);
	fclose(raw);
	snprintf(path, sizeof(path), "%s/ds/below-%s", dir, anchor_name(p->zone));
	FILE *below = fopen(path, "r");
	while (below != NULL && fgets(line, sizeof(line), below) != NULL)
		fputs(line, whole);
	if (below != NULL)
		fclose(below);
	rewind(whole);
	read_records(dz, whole, p);
	fclose(whole);
}

static void write_ds(const struct plan *p, const ldns_rr *key)
{
	FILE *f = open_below("w", "ds", anchor_name(p->zone));
	ldns_rr *ds = ldns_key_rr2ds(key, p->algorithm == 14 ? LDNS_SHA384 : LDNS_SHA256);
	if (p->flaw == FLAW_WRONGDS) {
		uint8_t *digest = ldns_rdf_data(ldns_rr_rdf(ds, 3));
		digest[0] ^= 1;
	}
	ldns_rr_set_ttl(ds, DS_TTL);
	if (p->flaw != FLAW_NODS)
		ldns_rr_print(f, ds);
	ldns_rr_free(ds);
	fclose(f);
}

static void flip_bits(ldns_dnssec_name *name)
{
	ldns_dnssec_rrsets *set = ldns_dnssec_name_find_rrset(name, LDNS_RR_TYPE_A);
	for (ldns_dnssec_rrs *s = set == NULL ? NULL : set->signatures; s != NULL; s = s->next) {
		ldns_rdf *signature = ldns_rr_rrsig_sig(s->rr);
		ldns_rdf_data(signature)[ldns_rdf_size(signature) - 1] ^= 1;
	}
}

static void strip_signatures(ldns_dnssec_name *name)
{
	for (ldns_dnssec_rrsets *set = name->rrsets; set != NULL; set = set->next)
		set->signatures = NULL;
	name->nsec_signatures = NULL;
}

static void spoil(ldns_dnssec_zone *dz, enum flaw flaw)
{
	for (ldns_rbnode_t *n = ldns_rbtree_first(dz->names); n != LDNS_RBTREE_NULL;
	     n = ldns_rbtree_next(n)) {
		ldns_dnssec_name *name;
		memcpy(&name, &n->data,
		       sizeof(name)); /* the tree's data is const, its names are not */
		if (flaw == FLAW_BADSIG)
			flip_bits(name);
		if (flaw == FLAW_STRIPPED)
			strip_signatures(name);
		if (flaw == FLAW_STRIPPED || flaw == FLAW_NODENIAL) {
			name->nsec = NULL;
			name->nsec_signatures = NULL;
		}
	}
}

static void sign_records(ldns_dnssec_zone *dz, ldns_key_list *keys, const struct plan *p)
{
	static uint8_t salt[] = { 0xca, 0xfe };
	ldns_rr_list *made = ldns_rr_list_new();
	ldns_status s;
	if (p->denial == DENIAL_NSEC)
		s = ldns_dnssec_zone_sign_flg(dz, made, keys,
					      ldns_dnssec_default_replace_signatures, NULL, 0);
	else
		s = ldns_dnssec_zone_sign_nsec3_flg(
		    dz, made, keys, ldns_dnssec_default_replace_signatures, NULL, 1,
		    p->denial == DENIAL_OPTOUT, (uint16_t)p->iterations,
		    p->iterations > 0 ? sizeof(salt) : 0, salt, 0);
	check(s, p->zone);
	ldns_rr_list_free(made);
}

static void sign_zone(const struct plan *p)
{
	ldns_dnssec_zone *dz = ldns_dnssec_zone_new();
	ldns_rdf *owner = ldns_dname_new_frm_str(p->zone);
	ldns_key_list *keys = ldns_key_list_new();
	read_zone(dz, p);
	for (enum role role = ROLE_KSK; role <= ROLE_ZSK; role++) {
		ldns_key *key = make_key(p, owner, role);
		ldns_key_list_push_key(keys, key);
		ldns_rr *rr = ldns_key2rr(key);
		if (role == ROLE_KSK && p->flaw != FLAW_WRONGKEY)
			write_ds(p, rr);
		check(ldns_dnssec_zone_add_rr(dz, rr), p->zone);
	}
	if (p->flaw == FLAW_WRONGKEY) {
		ldns_key *stranger = make_key(p, owner, ROLE_STRANGER);
		ldns_rr *rr = ldns_key2rr(stranger);
		write_ds(p, rr);
		ldns_rr_free(rr);
		ldns_key_deep_free(stranger);
	}
	check(ldns_dnssec_zone_mark_glue(dz), p->zone);
	sign_records(dz, keys, p);
	spoil(dz, p->flaw);
	FILE *out = open_below("w", "zones", p->file);
	ldns_dnssec_zone_print(out, dz);
	if (fclose(out) != 0)
		die("cannot write", p->file);
	ldns_key_list_free(keys);
	ldns_rdf_deep_free(owner);
	if (p->flaw == FLAW_NONE)
		ldns_dnssec_zone_deep_free(dz); /* a spoilt one is no longer whole */
}

/* ---- all of them ---- */

static void add_ds(const struct plan *p)
{
	char line[1024], below[300];
	snprintf(below, sizeof(below), "below-%s", parent_of(p->zone));
	FILE *in = open_below("r", "ds", p->zone);
	FILE *out = open_below("a", "ds", below);
	while (fgets(line, sizeof(line), in) != NULL)
		fputs(line, out);
	fclose(in);
	fclose(out);
}

static FILE *open_plan(void)
{
	return open_below("r", ".", "plan");
}

static void collect_ds(unsigned level)
{
	struct plan_line line;
	FILE *plan = open_plan();
	while (plan_read(plan, &line))
		if (line.plan.level == level)
			add_ds(&line.plan);
	fclose(plan);
}

static void sign_share(unsigned level, unsigned share, unsigned shares)
{
	struct plan_line line;
	FILE *plan = open_plan();
	for (unsigned i = 0; plan_read(plan, &line); i++)
		if (line.plan.level == level && line.plan.signer == SIGNER_LDNS &&
		    i % shares == share)
			sign_zone(&line.plan);
	fclose(plan);
}

static void sign_level(unsigned level, unsigned shares)
{
	for (unsigned share = 0; share < shares; share++) {
		pid_t pid = fork();
		if (pid < 0)
			die("cannot fork", "plan");
		if (pid == 0) {
			sign_share(level, share, shares);
			_exit(0);
		}
	}
	bool failed = false;
	int status;
	while (wait(&status) > 0)
		failed = failed || status != 0;
	if (failed)
		exit(1);
}

int main(int argc, char **argv)
{
	if (argc != 4) {
		fprintf(stderr, "usage: labsign DIR SEED PROCESSES\n");
		return 2;
	}
	dir = argv[1];
	seed = argv[2];
	unsigned shares = (unsigned)strtoul(argv[3], NULL, 10);
	make_rsa_pool();
	for (unsigned level = 4; level-- > 0;) {
		sign_level(level, shares == 0 ? 1 : shares);
		if (level > 0)
			collect_ds(level);
	}
	return 0;
}
