/*
 * config_key.h - one key of the configuration: its kind, place, range, default, words.
 *
 * Knows nothing of YAML, nor which keys there are (config_table.h).
 */
#ifndef SERVER_CONFIG_KEY_H
#define SERVER_CONFIG_KEY_H

#include "resolver/server/config.h"

enum config_kind {
	CONFIG_BOOL,      /* bool */
	CONFIG_NUMBER,    /* uint32_t */
	CONFIG_SIZE,      /* uint64_t, octets */
	CONFIG_ENUM,      /* an enum: index into choices */
	CONFIG_TEXT,      /* char *, at most max octets */
	CONFIG_PATH,      /* char * */
	CONFIG_SECRET,    /* struct config_secret */
	CONFIG_NAME,      /* struct name */
	CONFIG_ADDRESSES, /* struct config_addresses */
	CONFIG_PREFIXES,  /* struct config_prefixes */
	CONFIG_NAMES,     /* struct config_names */
	CONFIG_RECORDS,   /* struct config_records */
	CONFIG_GROUP,     /* a map of keys */
	CONFIG_MAPS,      /* a list of maps of keys: count, then a pointer to elements */
};

enum config_unit {
	UNIT_NONE,
	UNIT_OCTETS,   /* "64K" */
	UNIT_MS,       /* "250ms", "2s": the unit must be said */
	UNIT_S,        /* "30", "30s", "1d" */
	UNIT_PERMILLE, /* "0.125" */
};

/* What an address in a list may carry. */
enum config_port {
	PORT_OPTIONAL,
	PORT_DNS, /* 53 when not said */
	PORT_NEVER,
};

enum {
	CONFIG_GROUPS_MAX = 16,
	CONFIG_KEYS_MAX = 64,
	CONFIG_PATH_MAX = 1000,
	CONFIG_RECORD_TYPES = 4,
	CONFIG_INITIAL_MAX = 64, /* a default that is no list */
};

struct config_key {
	const char *name;
	enum config_kind kind;
	enum config_unit unit;      /* NUMBER, SIZE */
	enum config_port port;      /* ADDRESSES */
	bool required;              /* in a list of maps: no default */
	size_t offset;              /* in struct config, or in the element of a list of maps */
	uint64_t min, max;          /* NUMBER, SIZE; TEXT, PATH: octets; lists, MAPS: elements */
	uint64_t number;            /* NUMBER, SIZE: the default */
	const char *const *choices; /* ENUM: NULL-terminated */
	uint16_t types[CONFIG_RECORD_TYPES]; /* RECORDS: those allowed, 0-terminated; none: all */
	const char *initial;           /* the other kinds: the default, as YAML, without escapes */
	const char *words;             /* for the manual, one or more sentences */
	const struct config_key *keys; /* GROUP, MAPS: ended by a NULL name */
	size_t size;                   /* MAPS: octets of an element */
};

/* NULL: no such key. */
const struct config_key *config_key_find(const struct config_key *keys, const char *name);
/* The key whose name is nearest by edit distance, or NULL when none is near. */
const struct config_key *config_key_nearest(const struct config_key *keys, const char *name);
/* The group among keys that has a key of exactly this name, or NULL. */
const struct config_key *config_key_home(const struct config_key *keys, const char *name);

/* The default as YAML, borrowed from the table or from out. */
enum { CONFIG_NUMBER_MAX = 32 };
const char *config_key_initial(const struct config_key *k, char out[CONFIG_NUMBER_MAX]);

/* A number in the largest unit that divides it: "256M", "90s", "0.125". */
void config_key_number_text(enum config_unit unit, uint64_t n, char out[CONFIG_NUMBER_MAX]);

/* What may stand there: "a whole number from 0 to 64".  NUL-terminated. */
enum { CONFIG_ALLOWED_MAX = 160 };
void config_key_allowed(const struct config_key *k, char out[CONFIG_ALLOWED_MAX]);

static inline bool config_kind_is_list(enum config_kind kind)
{
	return kind == CONFIG_ADDRESSES || kind == CONFIG_PREFIXES || kind == CONFIG_NAMES;
}

#endif
