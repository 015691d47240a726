/*
 * warren-anchor - look at trust anchors, take in published ones, rehearse their rollovers.
 *
 * Pure functions of validator/ between files; warren-anchor.1 says how to use it.
 */
#include "warren_build.h"
#include "resolver/server/anchor_file.h"
#include "tools/anchor_input.h"
#include "tools/anchor_key_line.h"
#include "tools/anchor_signature.h"
#include "validator/moment.h"
#include "validator/root_anchors.h"
#include "validator/anchors.h"
#include "resolver/wire/zonetext.h"
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	DONE = 0,    /* and all is well */
	UNWELL = 1,   /* red, or what was published cannot be used */
	UNUSABLE = 2, /* the call or a file is wrong; nothing was changed */
	UNWRITTEN = 3,
	ARENA_BYTES = 32 << 20,
	DNSKEY_BYTES = 4 << 20,
	SKEW_S = 300,
};

struct options {
	const char *state, *dnskey, *signature, *ca, *signer;
	struct now now;
	bool has_now, allow_sha1, help, version;
};

static const char usage_text[] =
	"usage: warren-anchor show FILE\n"
	"       warren-anchor check [FILE] [--dnskey FILE] [--now TIME]\n"
	"       warren-anchor import root-anchors.xml [--signature FILE --ca FILE [--signer ADDRESS]]\n"
	"                     [--state FILE] [--now TIME]\n"
	"       warren-anchor step --state FILE --now TIME --dnskey FILE\n"
	"\n"
	"Each also with --allow-sha1.  FILE is a state file of warrend or plain records: warren-anchor(1).\n";

static int usage(void)
{
	(void)fputs(usage_text, stderr);
	return UNUSABLE;
}

static int complain(const char *what)
{
	(void)fprintf(stderr, "warren-anchor: %s\n", what);
	return UNUSABLE;
}

static bool read_state(const char *path, struct now now, struct anchor_state *out)
{
	char why[ANCHOR_FILE_WHY_MAX];
	if (anchor_file_read_one(path, now, out, why) == ERR_OK)
		return true;
	(void)complain(why);
	return false;
}

static int write_state(const char *path, const struct anchor_state *s, struct now now)
{
	char why[ANCHOR_FILE_WHY_MAX];
	if (anchor_file_write(path, s, now, why) == ERR_OK)
		return DONE;
	(void)complain(why);
	return UNWRITTEN;
}

/* One RRset from a file onto a state in memory. */
static bool step_once(struct anchor_state *s, const struct options *o, struct rfc5011_report *out)
{
	static const struct siphash_key seed = { 0, 0 }; /* one run, one RRset: nobody aims at it */
	struct arena *a = arena_new(ARENA_BYTES);
	struct keys *keys = keys_new(&seed);
	size_t len = 0;
	char *text = anchor_input_text(o->dnskey, DNSKEY_BYTES, &len);
	struct rrset *set = NULL;
	struct budget budget;
	struct sighting seen;
	bool ok = false;
	budget_init(&budget, 0);
	if (a != NULL && keys != NULL && text != NULL)
		set = anchor_input_dnskeys(o->dnskey, text, len, a);
	if (set != NULL && anchor_state_zone(s, &set->owner) == NULL) {
		(void)complain("the DNSKEY RRset is of a zone without trust anchor");
	} else if (set != NULL) {
		struct verifier by = { .keys = keys, .budget = &budget, .now = o->now,
			               .skew_s = SKEW_S, .allow_sha1 = o->allow_sha1 };
		enum err e = sighting_of(&by, set, s, a, &seen);
		if (e == ERR_OK)
			e = rfc5011_step(s, &seen, o->now, SKEW_S, out);
		ok = e == ERR_OK;
		if (!ok)
			(void)complain(err_text(e));
	}
	free(text);
	keys_free(keys);
	arena_free(a);
	return ok;
}

static int step(const struct options *o)
{
	struct anchor_state s = { 0 };
	struct rfc5011_report report;
	if (o->state == NULL || o->dnskey == NULL || !o->has_now)
		return complain("step needs --state, --now and --dnskey");
	if (!read_state(o->state, o->now, &s))
		return UNUSABLE;
	int status = UNUSABLE;
	if (step_once(&s, o, &report)) {
		status = write_state(o->state, &s, o->now);
		anchor_report_lines(stderr, &report);
		anchor_next_lines(stderr, &s);
		anchor_key_lines(stdout, &s);
	}
	anchor_state_clear(&s);
	return status;
}

static int show(const char *path, const struct options *o)
{
	struct anchor_state s = { 0 };
	if (!read_state(path, o->now, &s))
		return UNUSABLE;
	anchor_key_lines(stdout, &s);
	anchor_state_clear(&s);
	return DONE;
}

static bool read_built_in(struct now now, struct anchor_state *out)
{
	struct arena *a = arena_new(ARENA_BYTES);
	struct rrset *built_in = a == NULL ? NULL : anchors_built_in(a);
	enum err e = built_in == NULL ? ERR_NOMEM : anchor_state_trust(out, built_in, 1, now);
	arena_free(a);
	return e == ERR_OK;
}

/* Without a file: what the daemon starts from when it has none. */
static int check(const char *path, const struct options *o)
{
	struct anchor_state s = { 0 };
	struct rfc5011_report report;
	if (path != NULL ? !read_state(path, o->now, &s) : !read_built_in(o->now, &s))
		return UNUSABLE;
	bool ok = o->dnskey == NULL || step_once(&s, o, &report);
	if (ok && o->dnskey != NULL)
		anchor_report_lines(stderr, &report);
	bool red = false;
	if (ok) {
		anchor_key_lines(stdout, &s);
		red = anchor_health_lines(stdout, &s, o->allow_sha1);
	}
	anchor_state_clear(&s);
	return !ok ? UNUSABLE : red ? UNWELL : DONE;
}

static void print_published(const struct root_anchors *r)
{
	for (unsigned i = 0; i < r->count; i++)
		(void)fprintf(stderr, "%u algorithm %u: %s\n", r->list[i].tag, r->list[i].algorithm,
		              root_anchor_use_text(r->list[i].use));
}

static int print_records(const struct rrset *set)
{
	enum { SIZE = 64 << 10 };
	char *text = malloc(SIZE);
	bool ok = text != NULL && rrset_text(set, text, SIZE);
	if (ok)
		(void)fputs(text, stdout);
	free(text);
	return ok ? DONE : complain(err_text(ERR_NOMEM));
}

/* Joins them to a state that is there, or begins one. */
static int join(const struct rrset *set, const struct options *o)
{
	struct anchor_state s = { 0 };
	char why[ANCHOR_FILE_WHY_MAX];
	enum err e = anchor_file_read_one(o->state, o->now, &s, why);
	if (e != ERR_OK && e != ERR_NOTFOUND)
		return complain(why);
	e = anchor_state_trust(&s, set, 1, o->now);
	int status = e == ERR_OK ? write_state(o->state, &s, o->now) : complain(err_text(e));
	if (status == DONE)
		anchor_key_lines(stdout, &s);
	anchor_state_clear(&s);
	return status;
}

static int take(const char *path, const char *text, size_t len, const struct options *o,
                struct arena *a)
{
	struct root_anchors r;
	struct root_anchors_error why;
	enum err e = root_anchors_read(text, len, o->now, a, &r, &why);
	if (e != ERR_OK) {
		(void)fprintf(stderr, "warren-anchor: %s:%u: %s\n", path, why.line, why.what);
		return UNUSABLE;
	}
	struct rrset *set = root_anchors_set(&r, a);
	if (set == NULL)
		return complain(err_text(ERR_NOMEM));
	print_published(&r);
	if (set->count == 0) {
		(void)complain("none of the published anchors can be used now");
		return UNWELL;
	}
	return o->state == NULL ? print_records(set) : join(set, o);
}

static int import(const char *path, const struct options *o)
{
	size_t len = 0;
	if ((o->signature == NULL) != (o->ca == NULL))
		return complain("--signature and --ca go together");
	char *text = anchor_input_text(path, LIMIT_ROOT_ANCHORS_BYTES, &len);
	if (text == NULL)
		return UNUSABLE;
	int status = UNWELL;
	struct arena *a = arena_new(ARENA_BYTES);
	if (a == NULL)
		status = complain(err_text(ERR_NOMEM));
	else if (o->signature == NULL ||
	         anchor_signature_is_good(text, len, o->signature, o->ca, o->signer))
		status = take(path, text, len, o, a);
	arena_free(a);
	free(text);
	return status;
}

/* False: told why. */
static bool read_options(int argc, char **argv, struct options *o)
{
	static const struct option names[] = {
		{ "state", required_argument, NULL, 's' },     { "now", required_argument, NULL, 'n' },
		{ "dnskey", required_argument, NULL, 'd' },    { "ca", required_argument, NULL, 'c' },
		{ "signature", required_argument, NULL, 'p' }, { "signer", required_argument, NULL, 'w' },
		{ "allow-sha1", no_argument, NULL, 'a' },      { "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },         { NULL, 0, NULL, 0 },
	};
	int option;
	*o = (struct options){ .signer = "dnssec@iana.org", .now = { 0, (int64_t)time(NULL) } };
	while ((option = getopt_long(argc, argv, "hV", names, NULL)) != -1) {
		switch (option) {
		case 's': o->state = optarg; break;
		case 'd': o->dnskey = optarg; break;
		case 'c': o->ca = optarg; break;
		case 'p': o->signature = optarg; break;
		case 'w': o->signer = optarg; break;
		case 'a': o->allow_sha1 = true; break;
		case 'h': o->help = true; break;
		case 'V': o->version = true; break;
		case 'n':
			o->has_now = true;
			if (moment_parse(optarg, strlen(optarg), &o->now.wall_s) == ERR_OK &&
			    o->now.wall_s > 0)
				break;
			(void)complain("--now wants a time like 2026-10-11T00:00:00Z, after 1970");
			return false;
		default:
			(void)usage();
			return false;
		}
	}
	return true;
}

int main(int argc, char **argv)
{
	struct options o;
	if (!read_options(argc, argv, &o))
		return UNUSABLE;
	if (o.help || o.version) {
		(void)fputs(o.help ? usage_text : PACKAGE_STRING "\n", stdout);
		return DONE;
	}
	int words = argc - optind;
	const char *command = words > 0 ? argv[optind] : "";
	const char *file = words > 1 ? argv[optind + 1] : NULL;
	if (strcmp(command, "show") == 0 && words == 2)
		return show(file, &o);
	if (strcmp(command, "check") == 0 && words <= 2)
		return check(file, &o);
	if (strcmp(command, "import") == 0 && words == 2)
		return import(file, &o);
	if (strcmp(command, "step") == 0 && words == 1)
		return step(&o);
	return usage();
}
