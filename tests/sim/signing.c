#include "tests/sim/signing.h"

#include "tests/sim/clock.h"
#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { ALGORITHM = 13, FLAGS = 257, DAY_S = 86400, LIFE_DAYS = 60, DS_TEXT = NAME_TEXT_MAX + 256 };

struct sign_how signing_honest(void)
{
	return (struct sign_how){ .inception = CLOCK_START_S - DAY_S,
				  .expiration = CLOCK_START_S + LIFE_DAYS * DAY_S };
}

bool signing_read_how(struct script *s, struct sign_how *how)
{
	if (script_take(s, "expired")) {
		how->inception = CLOCK_START_S - 2 * DAY_S;
		how->expiration = CLOCK_START_S - DAY_S;
	} else if (script_take(s, "future")) {
		how->inception = CLOCK_START_S + DAY_S;
	} else if (script_take(s, "reversed")) {
		how->inception = CLOCK_START_S + DAY_S;
		how->expiration = CLOCK_START_S - DAY_S;
	} else if (script_take(s, "broken")) {
		how->break_signature = true;
	} else if (script_take(s, "labels")) {
		how->labels = (uint8_t)script_number(s);
		how->set_labels = true;
	} else if (script_take(s, "signer")) {
		how->signer = script_name(s, NULL);
	} else if (script_take(s, "covers")) {
		how->covered = script_type(s);
	} else if (script_take(s, "tag")) {
		how->tag = (uint16_t)script_number(s);
		how->set_tag = true;
	} else {
		return false;
	}
	return true;
}

static void read_algorithms(struct script *s, struct signing *g)
{
	g->key_count = 0;
	do
		g->algorithms[g->key_count++] = (uint8_t)script_number(s);
	while (g->key_count < SIGNING_KEYS && script_take(s, "and"));
}

static bool read_word(struct script *s, struct signing *g)
{
	if (script_take(s, "nsec"))
		g->denial = ZONE_NSEC;
	else if (script_take(s, "nsec3"))
		g->denial = ZONE_NSEC3;
	else if (script_take(s, "compact"))
		g->denial = ZONE_COMPACT;
	else if (script_take(s, "opt-out"))
		g->opt_out = true;
	else if (script_take(s, "iterations"))
		g->iterations = (uint16_t)script_number(s);
	else if (script_take(s, "salt"))
		g->salt_len = (uint8_t)script_number(s);
	else if (script_take(s, "algorithm"))
		read_algorithms(s, g);
	else if (script_take(s, "claims"))
		g->claims = (uint8_t)script_number(s);
	else if (script_take(s, "key-flags"))
		g->flags = (uint16_t)script_number(s);
	else
		return signing_read_how(s, &g->how);
	return true;
}

static void make_keys(struct signing *g)
{
	for (unsigned i = 0; i < g->key_count; i++) {
		sign_key_free(g->keys[i]);
		g->keys[i] = sign_key_new(g->algorithms[i], g->flags != 0 ? g->flags : FLAGS, 0);
		assert(g->keys[i] != NULL);
		if (g->claims != 0)
			sign_key_set_algorithm(g->keys[i], g->claims);
	}
}

void signing_read(struct script *s, struct signing *g)
{
	signing_clear(g);
	g->denial = ZONE_NSEC;
	g->algorithms[0] = ALGORITHM;
	g->key_count = 1;
	g->how = signing_honest();
	while (read_word(s, g))
		;
	if (!s->failed)
		make_keys(g);
}

void signing_read_ds(struct script *s, struct signing *g)
{
	if (script_take(s, "none")) {
		g->no_ds = true;
		return;
	}
	if (g->ds_count == SIGNING_DS) {
		script_fail(s, "too many DS");
		return;
	}
	struct signing_ds *ds = &g->ds[g->ds_count++];
	*ds = (struct signing_ds){ .digest = (uint8_t)script_number(s) };
	for (;;) {
		if (script_take(s, "wrong"))
			ds->wrong = true;
		else if (script_take(s, "claims"))
			ds->algorithm = (uint8_t)script_number(s);
		else if (script_take(s, "second"))
			ds->key = 1;
		else
			return;
	}
}

/* What was said of DS stays. */
void signing_clear(struct signing *g)
{
	struct signing none = { 0 };
	for (unsigned i = 0; i < SIGNING_KEYS; i++)
		sign_key_free(g->keys[i]);
	memcpy(none.ds, g->ds, sizeof(none.ds));
	none.ds_count = g->ds_count;
	none.no_ds = g->no_ds;
	*g = none;
}

struct zone_plan signing_plan(const struct signing *g)
{
	static const uint8_t salt[255] = { 0xaa, 0xbb };
	struct zone_plan p = { .denial = g->denial, .key_count = g->key_count, .how = g->how,
			       .iterations = g->iterations, .salt = salt, .salt_len = g->salt_len,
			       .opt_out = g->opt_out };
	for (unsigned i = 0; i < g->key_count; i++)
		p.keys[i] = g->keys[i];
	return p;
}

static size_t put_ds(const struct signing *g, const struct signing_ds *ds, const struct name *zone,
		     char *out, size_t size)
{
	char text[DS_TEXT], name[NAME_TEXT_MAX], hex[DS_TEXT];
	unsigned tag, algorithm, digest;
	bool known = ds->digest == 1 || ds->digest == 2 || ds->digest == 4;
	enum err e = zone_ds_text(zone, g->keys[ds->key], known ? ds->digest : 2, text, sizeof(text));
	assert(e == ERR_OK);
	(void)e;
	int n = sscanf(text, "%*s IN DS %u %u %u %s", &tag, &algorithm, &digest, hex);
	assert(n == 4);
	if (ds->wrong)
		hex[0] = hex[0] == '0' ? '1' : '0';
	name_text(zone, name);
	n = snprintf(out, size, "%s IN DS %u %u %u %s\n", name, tag,
		     ds->algorithm != 0 ? ds->algorithm : algorithm, ds->digest, hex);
	assert(n > 0 && (size_t)n < size);
	return (size_t)n;
}

void signing_ds_text(const struct signing *g, const struct name *zone, char *out, size_t size)
{
	static const struct signing_ds honest = { .digest = 2 };
	size_t len = 0;
	out[0] = '\0';
	if (g->key_count == 0 || g->no_ds)
		return;
	if (g->ds_count == 0)
		(void)put_ds(g, &honest, zone, out, size);
	for (unsigned i = 0; i < g->ds_count; i++)
		len += put_ds(g, &g->ds[i], zone, out + len, size - len);
}
