#include "resolver/server/config_key.h"
#include "resolver/wire/type.h"
#include <inttypes.h>
#include <string.h>

const struct config_key *config_key_find(const struct config_key *keys, const char *name)
{
	for (; keys->name != NULL; keys++) {
		if (strcmp(keys->name, name) == 0)
			return keys;
	}
	return NULL;
}

const struct config_key *config_key_home(const struct config_key *keys, const char *name)
{
	for (; keys->name != NULL; keys++) {
		if (keys->kind == CONFIG_GROUP && config_key_find(keys->keys, name) != NULL)
			return keys;
	}
	return NULL;
}

enum { DISTANCE_MAX = 40 }; /* longest name compared */

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Levenshtein's, with one row; both names at most DISTANCE_MAX long. */
static unsigned distance(const char *a, const char *b)
{
	unsigned row[DISTANCE_MAX + 1];
	size_t n = strlen(b);
	for (unsigned j = 0; j <= n; j++)
		row[j] = j;
	for (unsigned i = 1; a[i - 1] != '\0'; i++) {
		unsigned corner = row[0];
		row[0] = i;
		for (unsigned j = 1; j <= n; j++) {
			unsigned change = corner + (a[i - 1] != b[j - 1]);
			corner = row[j];
			row[j] = least(change, least(row[j], row[j - 1]) + 1);
		}
	}
	return row[n];
}

const struct config_key *config_key_nearest(const struct config_key *keys, const char *name)
{
	size_t len = strlen(name);
	if (len > DISTANCE_MAX)
		return NULL;
	const struct config_key *nearest = NULL;
	unsigned best = (unsigned)len / 3 + 2; /* further than this is another word */
	for (; keys->name != NULL; keys++) {
		if (strlen(keys->name) > DISTANCE_MAX)
			continue;
		unsigned d = distance(name, keys->name);
		if (d < best) {
			best = d;
			nearest = keys;
		}
	}
	return nearest;
}

struct step {
	uint64_t size;
	const char *suffix;
};

static const struct step octet_steps[] = {
	{ 1ull << 40, "T" }, { 1 << 30, "G" }, { 1 << 20, "M" }, { 1 << 10, "K" }, { 1, "" }
};
static const struct step ms_steps[] = {
	{ 86400000, "d" }, { 3600000, "h" }, { 60000, "m" }, { 1000, "s" }, { 1, "ms" }
};
static const struct step s_steps[] = { { 86400, "d" }, { 3600, "h" }, { 60, "m" }, { 1, "s" } };

/* 0 has the smallest unit. */
static void stepped(const struct step *steps, size_t count, uint64_t n, char *out)
{
	size_t i = 0;
	while (i + 1 < count && (n == 0 || n % steps[i].size != 0))
		i++;
	(void)snprintf(out, CONFIG_NUMBER_MAX, "%" PRIu64 "%s", n / steps[i].size, steps[i].suffix);
}

#define STEPPED(steps) stepped((steps), sizeof(steps) / sizeof((steps)[0]), n, out)

void config_key_number_text(enum config_unit unit, uint64_t n, char out[CONFIG_NUMBER_MAX])
{
	switch (unit) {
	case UNIT_NONE:
		(void)snprintf(out, CONFIG_NUMBER_MAX, "%" PRIu64, n);
		return;
	case UNIT_OCTETS:
		STEPPED(octet_steps);
		return;
	case UNIT_MS:
		STEPPED(ms_steps);
		return;
	case UNIT_S:
		STEPPED(s_steps);
		return;
	case UNIT_PERMILLE:
		(void)snprintf(out, CONFIG_NUMBER_MAX, "%" PRIu64 ".%03" PRIu64, n / 1000,
			       n % 1000);
		return;
	}
}

const char *config_key_initial(const struct config_key *k, char out[CONFIG_NUMBER_MAX])
{
	if (k->kind != CONFIG_NUMBER && k->kind != CONFIG_SIZE)
		return k->initial;
	config_key_number_text(k->unit, k->number, out);
	return out;
}

static const char *unit_words(enum config_unit unit)
{
	switch (unit) {
	case UNIT_NONE:
		return "a whole number";
	case UNIT_OCTETS:
		return "a size (K, M, G, T)";
	case UNIT_MS:
		return "a duration (ms, s, m, h, d)";
	case UNIT_S:
		return "a duration (s, m, h, d, w)";
	case UNIT_PERMILLE:
		return "a fraction with up to three decimals";
	}
	return "";
}

static void choices_text(const char *const *choices, char out[CONFIG_ALLOWED_MAX])
{
	size_t used = 0;
	for (size_t i = 0; choices[i] != NULL && used < CONFIG_ALLOWED_MAX; i++) {
		int n = snprintf(out + used, CONFIG_ALLOWED_MAX - used, "%s%s",
				 i > 0 ? ", " : "one of ", choices[i]);
		used += n > 0 ? (size_t)n : 0;
	}
}

static void records_text(const uint16_t *types, char out[CONFIG_ALLOWED_MAX])
{
	char names[64] = "";
	size_t used = 0;
	for (size_t i = 0; i < CONFIG_RECORD_TYPES && types[i] != 0; i++) {
		char type[TYPE_TEXT_MAX];
		type_text(types[i], type);
		int n = snprintf(names + used, sizeof(names) - used, " %s", type);
		used += n > 0 ? (size_t)n : 0;
	}
	(void)snprintf(out, CONFIG_ALLOWED_MAX,
		       "a list of zone file lines, or one block of them%s%s",
		       used > 0 ? ", with records of type" : "", names);
}

void config_key_allowed(const struct config_key *k, char out[CONFIG_ALLOWED_MAX])
{
	char low[CONFIG_NUMBER_MAX], high[CONFIG_NUMBER_MAX];
	const char *words = "";
	out[0] = '\0';
	switch (k->kind) {
	case CONFIG_BOOL:
		words = "yes or no";
		break;
	case CONFIG_NUMBER:
	case CONFIG_SIZE:
		config_key_number_text(k->unit, k->min, low);
		config_key_number_text(k->unit, k->max, high);
		(void)snprintf(out, CONFIG_ALLOWED_MAX, "%s from %s to %s", unit_words(k->unit),
			       low, high);
		return;
	case CONFIG_ENUM:
		choices_text(k->choices, out);
		return;
	case CONFIG_TEXT:
	case CONFIG_PATH:
		(void)snprintf(out, CONFIG_ALLOWED_MAX, "%s of at most %" PRIu64 " octets",
			       k->kind == CONFIG_TEXT ? "a text" : "a path", k->max);
		return;
	case CONFIG_SECRET:
		words = "32 hexadecimal digits, or nothing";
		break;
	case CONFIG_NAME:
		words = "a domain name";
		break;
	case CONFIG_ADDRESSES:
		words = k->port == PORT_NEVER
			    ? "a list of IP addresses"
			    : "a list of IP addresses, each with @port or without";
		break;
	case CONFIG_PREFIXES:
		words = "a list of networks, such as 192.0.2.0/24";
		break;
	case CONFIG_NAMES:
		words = "a list of domain names";
		break;
	case CONFIG_RECORDS:
		records_text(k->types, out);
		return;
	case CONFIG_GROUP:
		words = "a map of keys";
		break;
	case CONFIG_MAPS:
		words = "a list of maps of keys";
		break;
	}
	(void)snprintf(out, CONFIG_ALLOWED_MAX, "%s", words);
}
