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
	UNKNOWN = 250, /* algorithm and digest type that nobody has */
	REVOKED_KEY = 128,
	KEY_FLAGS = 0, /* places in the RDATA of DNSKEY and DS */
	KEY_PROTOCOL = 1,
	KEY_ALGORITHM = 2,
	DS_ALGORITHM = 1,
	DS_DIGEST_TYPE = 2,
	DS_DIGEST = 3,
	NSEC_NEXT = 0,
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

static uint16_t key_flags(const struct plan *p, enum role role)
{
	uint16_t flags =
	    role == ROLE_ZSK ? LDNS_KEY_ZONE_KEY : LDNS_KEY_ZONE_KEY | LDNS_KEY_SEP_KEY;
	if (p->flaw == FLAW_REVOKED)
		flags |= REVOKED_KEY;
	return flags;
}

/* The DNSKEY as the zone has it. */
static ldns_rr *key_record(const struct plan *p, const ldns_key *key)
{
	ldns_rr *rr = ldns_key2rr(key);
	if (p->flaw == FLAW_NOTZONE)
		*ldns_rdf_data(ldns_rr_rdf(rr, KEY_FLAGS)) = 0; /* the upper octet of them */
	if (p->flaw == FLAW_PROTOCOL)
		*ldns_rdf_data(ldns_rr_rdf(rr, KEY_PROTOCOL)) = 2;
	if (p->flaw == FLAW_ALGORITHM)
		*ldns_rdf_data(ldns_rr_rdf(rr, KEY_ALGORITHM)) = UNKNOWN;
	return rr;
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
	ldns_key_set_flags(key, key_flags(p, role));
	ldns_key_set_inception(key, (uint32_t)from);
	ldns_key_set_expiration(key, (uint32_t)until);
	ldns_rr *rr = key_record(p, key);
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

static void print_ds(FILE *f, const ldns_rr *key, ldns_hash digest, int place, uint8_t change)
{
	ldns_rr *ds = ldns_key_rr2ds(key, digest);
	ldns_rdf_data(ldns_rr_rdf(ds, (size_t)place))[0] ^= change;
	ldns_rr_set_ttl(ds, DS_TTL);
	ldns_rr_print(f, ds);
	ldns_rr_free(ds);
}

static void write_ds(const struct plan *p, const ldns_rr *key)
{
	FILE *f = open_below("w", "ds", anchor_name(p->zone));
	ldns_hash digest = p->algorithm == 14 ? LDNS_SHA384 : LDNS_SHA256;
	bool wrong = p->flaw == FLAW_WRONGDS || p->flaw == FLAW_SHA1_BESIDE || p->flaw == FLAW_DS_LAST;
	if (p->flaw == FLAW_SHA1 || p->flaw == FLAW_SHA1_BESIDE)
		print_ds(f, key, LDNS_SHA1, DS_DIGEST, 0);
	if (p->flaw == FLAW_DS_BESIDE || p->flaw == FLAW_DS_LAST)
		print_ds(f, key, digest, DS_ALGORITHM, (uint8_t)p->algorithm ^ UNKNOWN);
	if (p->flaw == FLAW_DIGEST)
		print_ds(f, key, digest, DS_DIGEST_TYPE, LDNS_SHA256 ^ UNKNOWN);
	else if (p->flaw != FLAW_NODS && p->flaw != FLAW_SHA1)
		print_ds(f, key, digest, DS_DIGEST, wrong);
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

static void leave_out(ldns_dnssec_name *name, ldns_rr_type type)
{
	ldns_dnssec_rrsets **at = &name->rrsets;
	while (*at != NULL && (*at)->type != type)
		at = &(*at)->next;
	if (*at != NULL)
		*at = (*at)->next;
}

static void claim_algorithm(ldns_dnssec_rrs *signatures)
{
	for (; signatures != NULL; signatures = signatures->next)
		*ldns_rdf_data(ldns_rr_rrsig_algorithm(signatures->rr)) = UNKNOWN;
}

static void claim_unknown(ldns_dnssec_name *name)
{
	for (ldns_dnssec_rrsets *set = name->rrsets; set != NULL; set = set->next)
		claim_algorithm(set->signatures);
	claim_algorithm(name->nsec_signatures);
}

static bool is_called(const ldns_dnssec_name *name, const char *label)
{
	const uint8_t *wire = ldns_rdf_data(name->name);
	return wire[0] == strlen(label) && memcmp(wire + 1, label, wire[0]) == 0;
}

/* A signature over one record as it stands, put in the place of that of another. */
static void replace_signature(ldns_dnssec_rrs *old, ldns_rr *record, ldns_key_list *keys)
{
	ldns_rr_list *set = ldns_rr_list_new(), *made;
	ldns_rr_list_push_rr(set, record);
	for (size_t i = 0; i < ldns_key_list_key_count(keys); i++) {
		ldns_key *key = ldns_key_list_key(keys, i);
		ldns_key_set_use(key, (ldns_key_flags(key) & LDNS_KEY_SEP_KEY) == 0);
	}
	made = ldns_sign_public(set, keys);
	if (made == NULL || old == NULL)
		die("cannot sign again", "a spoilt zone");
	ldns_rr_set_owner(ldns_rr_list_rr(made, 0), ldns_rdf_clone(ldns_rr_owner(old->rr)));
	old->rr = ldns_rr_list_rr(made, 0);
}

static void point_outside(ldns_dnssec_name *name, ldns_key_list *keys)
{
	if (!is_called(name, "www"))
		return;
	ldns_rr_set_rdf(name->nsec, ldns_dname_new_frm_str("zz.lab."), NSEC_NEXT);
	replace_signature(name->nsec_signatures, name->nsec, keys);
}

/* RFC 4035 section 5.3.2: what a signature of few labels covers is the wildcard. */
static void claim_wildcard(ldns_dnssec_name *name, ldns_key_list *keys)
{
	ldns_dnssec_rrsets *set = ldns_dnssec_name_find_rrset(name, LDNS_RR_TYPE_A);
	if (set == NULL || set->signatures == NULL)
		return;
	ldns_rr *wild = ldns_rr_clone(set->rrs->rr);
	ldns_rr_set_owner(wild, ldns_dname_new_frm_str("*.lab."));
	replace_signature(set->signatures, wild, keys);
}

static void spoil_name(ldns_dnssec_name *name, enum flaw flaw, ldns_key_list *keys)
{
	bool hole = flaw == FLAW_HOLE && is_called(name, "mail");
	if (flaw == FLAW_BADSIG)
		flip_bits(name);
	if (flaw == FLAW_STRIPPED)
		strip_signatures(name);
	if (flaw == FLAW_NOKEY)
		leave_out(name, LDNS_RR_TYPE_DNSKEY);
	if (flaw == FLAW_ALGORITHM)
		claim_unknown(name);
	if (flaw == FLAW_FOREIGN)
		point_outside(name, keys);
	if (flaw == FLAW_LABELS)
		claim_wildcard(name, keys);
	if (flaw == FLAW_BARE && ldns_dnssec_name_find_rrset(name, LDNS_RR_TYPE_A) != NULL)
		ldns_dnssec_name_find_rrset(name, LDNS_RR_TYPE_A)->signatures = NULL;
	if (flaw == FLAW_STRIPPED || flaw == FLAW_NODENIAL || hole) {
		name->nsec = NULL;
		name->nsec_signatures = NULL;
	}
}

static void spoil(ldns_dnssec_zone *dz, enum flaw flaw, ldns_key_list *keys)
{
	for (ldns_rbnode_t *n = ldns_rbtree_first(dz->names); n != LDNS_RBTREE_NULL;
	     n = ldns_rbtree_next(n)) {
		ldns_dnssec_name *name;
		memcpy(&name, &n->data,
		       sizeof(name)); /* the tree's data is const, its names are not */
		spoil_name(name, flaw, keys);
	}
}

/*
 * RFC 5155 section 6: an insecure delegation needs no NSEC3 where spans opt out.  The library only sets the
 * bit; names that it takes for glue get no NSEC3, and an unsigned delegation has nothing else to be signed.
 */
static void opt_out(ldns_dnssec_zone *dz)
{
	for (ldns_rbnode_t *n = ldns_rbtree_first(dz->names); n != LDNS_RBTREE_NULL;
	     n = ldns_rbtree_next(n)) {
		ldns_dnssec_name *name;
		memcpy(&name, &n->data, sizeof(name));
		if (name != dz->soa && ldns_dnssec_name_find_rrset(name, LDNS_RR_TYPE_NS) != NULL &&
		    ldns_dnssec_name_find_rrset(name, LDNS_RR_TYPE_DS) == NULL)
			name->is_glue = true;
	}
}

static void sign_records(ldns_dnssec_zone *dz, ldns_key_list *keys, const struct plan *p)
{
	static uint8_t salt[] = { 0xca, 0xfe };
	ldns_rr_list *made = ldns_rr_list_new();
	ldns_status s;
	if (p->denial == DENIAL_OPTOUT)
		opt_out(dz);
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

static void add_key(ldns_dnssec_zone *dz, const struct plan *p, ldns_key_list *keys, ldns_key *key)
{
	ldns_key_list_push_key(keys, key);
	check(ldns_dnssec_zone_add_rr(dz, key_record(p, key)), p->zone);
}

static void add_keys(ldns_dnssec_zone *dz, const struct plan *p, const ldns_rdf *owner,
		     ldns_key_list *keys)
{
	enum role trusted = p->flaw == FLAW_WRONGKEY ? ROLE_STRANGER : ROLE_KSK;
	ldns_key *key = make_key(p, owner, trusted);
	ldns_rr *rr = key_record(p, key);
	write_ds(p, rr);
	if (p->flaw == FLAW_ZSKONLY)
		check(ldns_dnssec_zone_add_rr(dz, ldns_rr_clone(rr)), p->zone);
	ldns_rr_free(rr);
	ldns_key_deep_free(key);
	if (p->flaw != FLAW_ZSKONLY)
		add_key(dz, p, keys, make_key(p, owner, ROLE_KSK));
	add_key(dz, p, keys, make_key(p, owner, ROLE_ZSK));
	if (p->flaw == FLAW_NOTZONE) {
		/* With a key that signs nothing, or servers take the zone for unsigned. */
		struct plan good = *p;
		good.flaw = FLAW_NONE;
		ldns_key *idle = make_key(&good, owner, ROLE_STRANGER);
		check(ldns_dnssec_zone_add_rr(dz, key_record(&good, idle)), p->zone);
		ldns_key_deep_free(idle);
	}
	if (p->flaw == FLAW_DUAL) {
		struct plan old = *p;
		old.algorithm = 5;
		add_key(dz, p, keys, make_key(&old, owner, ROLE_KSK));
		add_key(dz, p, keys, make_key(&old, owner, ROLE_ZSK));
	}
}

static void sign_zone(const struct plan *p)
{
	ldns_dnssec_zone *dz = ldns_dnssec_zone_new();
	ldns_rdf *owner = ldns_dname_new_frm_str(p->zone);
	ldns_key_list *keys = ldns_key_list_new();
	read_zone(dz, p);
	add_keys(dz, p, owner, keys);
	check(ldns_dnssec_zone_mark_glue(dz), p->zone);
	sign_records(dz, keys, p);
	spoil(dz, p->flaw, keys);
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
