#include "resolver/server/anchor_desk.h"

#include "resolver/server/anchor_file.h"
#include "resolver/server/anchor_report.h"
#include "resolver/server/anchor_seen.h"
#include "resolver/wire/zonetext.h"
#include "validator/anchors.h"
#include "validator/moment.h"
#include "validator/rfc5011.h"
#include "validator/time_floor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { DESK_OCTETS = 8 << 20, TAGS_TEXT_MAX = 512, MOMENT_TEXT_MAX = 32 };

/* Which file it is that lies there. */
struct stamp {
	bool there;
	dev_t device;
	ino_t number;
	off_t size;
	struct timespec changed;
};

struct anchor_desk {
	const struct config_validation *config;
	struct log *log;
	int supervisor;
	struct siphash_key key;
	char *path;               /* owned; NULL: the state lives in memory only */
	struct anchor_state state;
	struct stamp stamp;       /* of the file as last read or written by us */
	bool unwritable;          /* told */
};

/* ---- the file ---- */

static char *path_of(const struct config *c)
{
	static const char name[] = "anchors";
	if (c->validation.anchor_file[0] != '\0')
		return strdup(c->validation.anchor_file);
	if (c->cache.directory[0] == '\0')
		return NULL;
	size_t size = strlen(c->cache.directory) + sizeof(name) + 1;
	char *path = malloc(size);
	if (path != NULL)
		snprintf(path, size, "%s/%s", c->cache.directory, name);
	return path;
}

static struct stamp stamp_of(const char *path)
{
	struct stat st;
	if (lstat(path, &st) != 0)
		return (struct stamp){ .there = false };
	return (struct stamp){ .there = true, .device = st.st_dev, .number = st.st_ino,
		               .size = st.st_size, .changed = st.st_mtim };
}

static bool is_same(const struct stamp *a, const struct stamp *b)
{
	return a->there == b->there && a->device == b->device && a->number == b->number &&
	       a->size == b->size && a->changed.tv_sec == b->changed.tv_sec &&
	       a->changed.tv_nsec == b->changed.tv_nsec;
}

/* A directory that is gone, or cannot be looked into, is not an operator's word. */
static bool is_replaced(const struct anchor_desk *d)
{
	if (d->path == NULL)
		return false;
	struct stamp now = stamp_of(d->path);
	return now.there && !is_same(&now, &d->stamp);
}

static void write_file(struct anchor_desk *d, struct now now)
{
	char why[ANCHOR_FILE_WHY_MAX];
	if (d->path == NULL)
		return;
	enum err e = anchor_file_write(d->path, &d->state, now, why);
	d->stamp = stamp_of(d->path);
	if (e != ERR_OK && !d->unwritable)
		log_warning(d->log, "%s; the state of the trust anchors lives in memory only", why);
	else if (e == ERR_OK && d->unwritable)
		log_notice(d->log, "%s is written again", d->path);
	d->unwritable = e != ERR_OK;
}

/* ---- telling ---- */

static void tell_supervisor(struct anchor_desk *d)
{
	char *text = NULL;
	enum err e = anchor_text_write(&d->state, &text);
	size_t len = e == ERR_OK ? strlen(text) : 0;
	if (e == ERR_OK && len >= CHANNEL_OCTETS)
		e = ERR_LIMIT;
	if (e == ERR_OK)
		e = channel_send(d->supervisor, CHANNEL_ANCHORS_KEPT, text, len);
	if (e != ERR_OK)
		log_error(d->log, "the trust anchors could not be told: %s", err_text(e));
	free(text);
}

static void say_zone(const struct anchor_desk *d, const struct name *zone)
{
	char name[NAME_TEXT_MAX], keys[TAGS_TEXT_MAX];
	enum anchor_health h = anchor_state_health(&d->state, zone, d->config->allow_sha1);
	name_text(zone, name);
	anchor_report_keys(&d->state, zone, keys, sizeof(keys));
	if (anchor_health_is_red(h))
		log_error(d->log, "trust anchors of %s: %s; %s", name, keys, anchor_health_text(h));
	else
		log_notice(d->log, "trust anchors of %s: %s; %s", name, keys, anchor_health_text(h));
}

static void say_zones(const struct anchor_desk *d)
{
	for (size_t i = 0; i < d->state.zone_count; i++)
		say_zone(d, &d->state.zones[i].name);
}

/* ---- beginning ---- */

static enum err trust_configured(const struct anchor_desk *d, struct anchor_state *s, struct now now)
{
	const struct config_records *c = &d->config->trust_anchors;
	struct arena *a = arena_new(DESK_OCTETS);
	struct rrset *sets = NULL;
	unsigned count = 1;
	enum err e = ERR_NOMEM;
	if (a == NULL)
		return e;
	if (c->len > 0) {
		struct zonetext z = zonetext_of(c->text, c->len);
		e = zonetext_all(&z, a, &sets, &count);
	} else {
		sets = anchors_built_in(a);
		e = sets != NULL ? ERR_OK : ERR_NOMEM;
	}
	if (e == ERR_OK)
		e = anchor_state_trust(s, sets, count, now);
	arena_free(a);
	return e;
}

static const char *instead(const struct anchor_desk *d, enum anchor_file_source source)
{
	if (d->state.zone_count > 0)
		return "what is known already goes on";
	return source == ANCHOR_FILE_PREVIOUS ? "the file before it counts" : "starting without it";
}

/* From the file; when that is of no use, from what is known already, then from the file before it. */
static enum err load(struct anchor_desk *d, struct now now, struct anchor_state *out)
{
	struct anchor_file_load file = { .source = ANCHOR_FILE_NONE };
	if (d->path != NULL) {
		d->stamp = stamp_of(d->path);
		anchor_file_read(d->path, now, &file);
	}
	if (file.why[0] != '\0')
		log_error(d->log, "%s; %s", file.why, instead(d, file.source));
	if (file.source != ANCHOR_FILE_CURRENT && d->state.zone_count > 0) {
		anchor_state_clear(&file.state);
		return anchor_state_copy(&d->state, out);
	}
	*out = file.state;
	return ERR_OK;
}

/* The file, the configuration and what was revoked so far become the state in force. */
static enum err begin(struct anchor_desk *d, struct now now)
{
	struct anchor_state next = { 0 };
	enum err e = load(d, now, &next);
	if (e == ERR_OK)
		e = trust_configured(d, &next, now);
	if (e == ERR_OK)
		e = anchor_state_remember(&next, &d->state);
	if (e == ERR_OK && d->config->time_floor && next.floor_s < TIME_FLOOR_S)
		next.floor_s = TIME_FLOOR_S;
	if (e != ERR_OK) {
		log_error(d->log, "the trust anchors could not be taken in: %s", err_text(e));
		anchor_state_clear(&next);
		return e;
	}
	anchor_state_clear(&d->state);
	d->state = next;
	return ERR_OK;
}

static void read_before(struct anchor_desk *d, const char *before, struct now now)
{
	struct anchor_text_error why;
	if (before != NULL && anchor_text_read(before, strlen(before), now, &d->state, &why) != ERR_OK)
		log_error(d->log, "the keeper before told anchors that cannot be read: %s", why.what);
}

struct anchor_desk *anchor_desk_new(const struct anchor_desk_setup *setup, struct now now)
{
	struct anchor_desk *d = calloc(1, sizeof(*d));
	if (d == NULL)
		return NULL;
	d->config = &setup->config->validation;
	d->log = setup->log;
	d->supervisor = setup->supervisor;
	d->path = path_of(setup->config);
	d->key = (struct siphash_key){ rng_u64(setup->rng), rng_u64(setup->rng) };
	read_before(d, setup->before, now);
	if (begin(d, now) == ERR_OK) {
		write_file(d, now);
		tell_supervisor(d);
		say_zones(d);
	}
	return d;
}

void anchor_desk_free(struct anchor_desk *d)
{
	if (d == NULL)
		return;
	anchor_state_clear(&d->state);
	free(d->path);
	free(d);
}

void anchor_desk_look(struct anchor_desk *d, struct now now)
{
	if (!is_replaced(d))
		return;
	log_notice(d->log, "%s was put there by somebody else: it counts from now on", d->path);
	if (begin(d, now) != ERR_OK)
		return;
	tell_supervisor(d);
	say_zones(d);
}

/* ---- what a worker saw ---- */

static void say_changes(const struct anchor_desk *d, const char *zone, const struct rfc5011_report *r)
{
	for (unsigned i = 0; i < r->count && i < RFC5011_CHANGES; i++) {
		const struct rfc5011_change *c = &r->changes[i];
		log_notice(d->log, "key %u (algorithm %u) of %s: %s, was %s", c->tag, c->algorithm, zone,
		           key_state_text(c->to), key_state_text(c->from));
	}
	if (r->full)
		log_warning(d->log, "%s has too many new keys at once: some are not followed", zone);
}

static void signers_text(const struct anchor_state *s, const struct sighting *seen, char *out,
                         size_t size)
{
	struct text t = text_of(out, size);
	for (unsigned i = 0; i < seen->count; i++) {
		const struct anchor_key *k = anchor_state_find(s, seen->zone, seen->keys[i].rdata);
		if (!seen->keys[i].signs || k == NULL || !anchor_key_trusted(k))
			continue;
		text_put(&t, t.at == out ? "" : ", ");
		text_number(&t, k->tag);
	}
}

static void say_clock(const struct anchor_desk *d, struct now now)
{
	char is[MOMENT_TEXT_MAX], floor[MOMENT_TEXT_MAX];
	struct text a = text_of(is, sizeof(is)), b = text_of(floor, sizeof(floor));
	moment_text(&a, now.wall_s);
	moment_text(&b, d->state.floor_s);
	log_error(d->log, "the clock says %s, but that was before %s: trust anchors are not judged by such a "
	          "clock", is, floor);
}

static void say_step(const struct anchor_desk *d, struct now now, const struct sighting *seen,
                     const struct rfc5011_report *r)
{
	char zone[NAME_TEXT_MAX], tags[TAGS_TEXT_MAX];
	name_text(seen->zone, zone);
	say_changes(d, zone, r);
	switch (r->outcome) {
	case RFC5011_BELIEVED:
		signers_text(&d->state, seen, tags, sizeof(tags));
		log_notice(d->log, "the DNSKEY RRset of %s validates with key %s", zone, tags);
		break;
	case RFC5011_REFUSED:
		log_error(d->log, "the DNSKEY RRset of %s does not validate: %s (EDE %u)", zone,
		          fault_reason(r->fault).text, fault_reason(r->fault).ede);
		say_zone(d, seen->zone);
		break;
	case RFC5011_CLOCK:
		say_clock(d, now);
		break;
	}
}

static const struct rrset *find_keys(const struct anchor_seen *seen, struct arena *a)
{
	struct zonetext z = zonetext_of(seen->text, seen->len);
	struct rrset *sets = NULL;
	unsigned count = 0;
	if (a == NULL || zonetext_all(&z, a, &sets, &count) != ERR_OK)
		return NULL;
	for (unsigned i = 0; i < count; i++) {
		if (sets[i].type == TYPE_DNSKEY && name_equal(&sets[i].owner, &seen->zone))
			return &sets[i];
	}
	return NULL;
}

/* Without validation.time-floor any clock is believed. */
static uint32_t floor_skew_s(const struct anchor_desk *d)
{
	return d->config->time_floor ? d->config->clock_skew_s : UINT32_MAX;
}

static enum err step(struct anchor_desk *d, struct now now, const struct rrset *set, struct arena *a)
{
	struct keys *keys = keys_new(&d->key);
	struct budget budget;
	struct sighting sighting;
	struct rfc5011_report report;
	if (keys == NULL)
		return ERR_NOMEM;
	budget_init(&budget, now.mono_ms);
	struct verifier by = { .keys = keys, .budget = &budget, .now = now,
		               .skew_s = d->config->clock_skew_s,
		               .allow_sha1 = d->config->allow_sha1 };
	enum err e = sighting_of(&by, set, &d->state, a, &sighting);
	if (e == ERR_OK)
		e = rfc5011_step(&d->state, &sighting, now, floor_skew_s(d), &report);
	if (e == ERR_OK) {
		write_file(d, now); /* refused, too: it may hold a revocation */
		say_step(d, now, &sighting, &report);
	}
	keys_free(keys);
	return e;
}

static void say_nothing_came(const struct anchor_desk *d, const struct anchor_seen *seen)
{
	char zone[NAME_TEXT_MAX];
	name_text(&seen->zone, zone);
	log_warning(d->log, "the DNSKEY RRset of %s could not be had; its trust anchors stay as they are",
	            zone);
}

void anchor_desk_seen(struct anchor_desk *d, struct now now, const uint8_t *octets, size_t len)
{
	struct anchor_seen seen;
	if (anchor_seen_read(octets, len, &seen) != ERR_OK)
		return;
	anchor_desk_look(d, now); /* not to write over what an operator has just put there */
	if (anchor_state_zone(&d->state, &seen.zone) == NULL)
		return;
	struct arena *a = arena_new(DESK_OCTETS);
	const struct rrset *set = seen.len > 0 ? find_keys(&seen, a) : NULL;
	enum err e = ERR_OK;
	if (set != NULL) {
		e = step(d, now, set, a);
	} else {
		rfc5011_on_failure(&d->state, &seen.zone, now);
		say_nothing_came(d, &seen);
	}
	if (e == ERR_OK)
		tell_supervisor(d);
	else
		log_error(d->log, "a DNSKEY RRset could not be judged: %s", err_text(e));
	arena_free(a);
}
