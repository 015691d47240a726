#include "resolver/server/config_value.h"

#include "resolver/base/digit.h"
#include <string.h>

/* Every list of struct config starts like this; copied, never aliased. */
struct any_list {
	size_t count;
	void *items;
};

enum { FIRST_CAPACITY = 4 };

size_t config_value_count(const void *field)
{
	struct any_list list;
	memcpy(&list, field, sizeof(list));
	return list.count;
}

/* The capacity is not stored: it is FIRST_CAPACITY, or the power of two at or above count. */
void *config_value_append(struct arena *a, void *field, size_t size)
{
	struct any_list list;
	memcpy(&list, field, sizeof(list));
	bool full = list.count >= FIRST_CAPACITY && (list.count & (list.count - 1)) == 0;
	if (list.count == 0 || full) {
		size_t capacity = full ? 2 * list.count : FIRST_CAPACITY;
		void *items = arena_array(a, capacity, size);
		if (items == NULL)
			return NULL;
		if (full)
			memcpy(items, list.items, list.count * size);
		list.items = items;
	}
	void *element = (char *)list.items + list.count * size;
	list.count++;
	memcpy(field, &list, sizeof(list));
	return element;
}

void config_value_quote(const char *text, size_t len, char out[CONFIG_QUOTED_MAX])
{
	enum { SHOWN = CONFIG_QUOTED_MAX - 6 };
	size_t n = 0;
	out[n++] = '\'';
	for (size_t i = 0; i < len && i < SHOWN; i++) {
		unsigned char c = (unsigned char)text[i];
		out[n++] = c < 0x20 || c >= 0x7f ? '?' : (char)c;
	}
	for (unsigned dots = len > SHOWN ? 3 : 0; dots > 0; dots--)
		out[n++] = '.';
	out[n++] = '\'';
	out[n] = '\0';
}

/* "'abc' is not ...: expected yes or no" */
static enum err refuse(const struct config_key *k, const char *text, const char *fault,
		       char what[CONFIG_WHAT_MAX])
{
	char quoted[CONFIG_QUOTED_MAX], allowed[CONFIG_ALLOWED_MAX];
	config_value_quote(text, strlen(text), quoted);
	config_key_allowed(k, allowed);
	(void)snprintf(what, CONFIG_WHAT_MAX, "%s: %s %s: expected %s", k->name, quoted, fault,
		       allowed);
	return ERR_FORMAT;
}

static enum err out_of_memory(char what[CONFIG_WHAT_MAX])
{
	(void)snprintf(what, CONFIG_WHAT_MAX, "%s", err_text(ERR_NOMEM));
	return ERR_NOMEM;
}

static const char *const bool_words[] = { "no", "yes", "off", "on", "false", "true" };
enum { BOOL_WORDS = sizeof(bool_words) / sizeof(bool_words[0]) };

/* 1 for yes, 0 for no, by whatever word; -1: it is none of them. */
static int bool_of(const char *text)
{
	for (int i = 0; i < BOOL_WORDS; i++) {
		if (strcmp(text, bool_words[i]) == 0)
			return i & 1;
	}
	return -1;
}

static enum err read_bool(const struct config_key *k, const char *text, void *field,
			  char what[CONFIG_WHAT_MAX])
{
	int value = bool_of(text);
	if (value < 0)
		return refuse(k, text, "is neither yes nor no", what);
	*(bool *)field = value == 1;
	return ERR_OK;
}

struct suffix {
	const char *text;
	uint64_t factor;
};

static const struct suffix no_suffixes[] = { { "", 1 }, { NULL, 0 } };
static const struct suffix octet_suffixes[] = { { "", 1 },           { "K", 1 << 10 },
						{ "M", 1 << 20 },    { "G", 1 << 30 },
						{ "T", 1ull << 40 }, { NULL, 0 } };
static const struct suffix ms_suffixes[] = { { "ms", 1 },      { "s", 1000 },     { "m", 60000 },
					     { "h", 3600000 }, { "d", 86400000 }, { NULL, 0 } };
static const struct suffix s_suffixes[] = { { "", 1 },     { "s", 1 },     { "m", 60 },
					    { "h", 3600 }, { "d", 86400 }, { "w", 604800 },
					    { NULL, 0 } };

static const struct suffix *suffixes_of(enum config_unit unit)
{
	switch (unit) {
	case UNIT_OCTETS:
		return octet_suffixes;
	case UNIT_MS:
		return ms_suffixes;
	case UNIT_S:
		return s_suffixes;
	case UNIT_NONE:
	case UNIT_PERMILLE:
		break;
	}
	return no_suffixes;
}

enum reading { READ_NUMBER, READ_NOT_A_NUMBER, READ_NO_SUCH_UNIT, READ_TOO_LARGE };

/* The digits at *at, which moves behind them. */
static enum reading read_digits(const char **at, uint64_t *out)
{
	uint64_t n = 0;
	if (**at < '0' || **at > '9')
		return READ_NOT_A_NUMBER;
	for (; **at >= '0' && **at <= '9'; (*at)++) {
		if (__builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, (uint64_t)(**at - '0'), &n))
			return READ_TOO_LARGE;
	}
	*out = n;
	return READ_NUMBER;
}

static enum reading read_with_unit(const char *text, enum config_unit unit, uint64_t *out)
{
	uint64_t n;
	enum reading r = read_digits(&text, &n);
	if (r != READ_NUMBER)
		return r;
	if (unit == UNIT_MS && n == 0 && *text == '\0') {
		*out = 0; /* nothing is nothing in every unit */
		return READ_NUMBER;
	}
	for (const struct suffix *s = suffixes_of(unit); s->text != NULL; s++) {
		if (strcmp(text, s->text) == 0)
			return __builtin_mul_overflow(n, s->factor, out) ? READ_TOO_LARGE
									 : READ_NUMBER;
	}
	return READ_NO_SUCH_UNIT;
}

/* "0.125": thousandths. */
static enum reading read_fraction(const char *text, uint64_t *out)
{
	uint64_t whole;
	enum reading r = read_digits(&text, &whole);
	if (r != READ_NUMBER)
		return r;
	if (whole > UINT64_MAX / 1000 - 1)
		return READ_TOO_LARGE;
	uint64_t part = 0;
	if (*text == '.') {
		text++;
		for (unsigned place = 100; place > 0; place /= 10) {
			if (*text >= '0' && *text <= '9')
				part += place * (uint64_t)(*text++ - '0');
		}
	}
	if (*text != '\0')
		return READ_NOT_A_NUMBER;
	*out = whole * 1000 + part;
	return READ_NUMBER;
}

static enum err read_number(const struct config_key *k, const char *text, void *field,
			    char what[CONFIG_WHAT_MAX])
{
	uint64_t n = 0;
	switch (k->unit == UNIT_PERMILLE ? read_fraction(text, &n)
					 : read_with_unit(text, k->unit, &n)) {
	case READ_NUMBER:
		break;
	case READ_NOT_A_NUMBER:
		return refuse(k, text, "is not a number", what);
	case READ_NO_SUCH_UNIT:
		return refuse(k, text, "does not end in a unit of it", what);
	case READ_TOO_LARGE:
		return refuse(k, text, "is out of range", what);
	}
	if (n < k->min || n > k->max)
		return refuse(k, text, "is out of range", what);
	if (k->kind == CONFIG_SIZE)
		*(uint64_t *)field = n;
	else
		*(uint32_t *)field = (uint32_t)n;
	return ERR_OK;
}

/* A choice that is a word for yes or no has the others, too: YAML tools write what they read as one as another. */
static bool is_choice(const char *text, const char *choice)
{
	return strcmp(text, choice) == 0 || (bool_of(text) >= 0 && bool_of(text) == bool_of(choice));
}

static enum err read_choice(const struct config_key *k, const char *text, void *field,
			    char what[CONFIG_WHAT_MAX])
{
	for (unsigned i = 0; k->choices[i] != NULL; i++) {
		if (is_choice(text, k->choices[i])) {
			memcpy(field, &i, sizeof(i)); /* our enums are as wide as unsigned */
			return ERR_OK;
		}
	}
	return refuse(k, text, "is not a choice", what);
}

/*
 * What would not survive being printed and read again, or would disturb a terminal: control
 * characters of ASCII and of Unicode (C2 80..9F), line separators (E2 80 A8..A9).
 */
static bool has_controls(const char *text, size_t len)
{
	const unsigned char *t = (const unsigned char *)text;
	for (size_t i = 0; i < len; i++) {
		if (t[i] < 0x20 || t[i] == 0x7f)
			return true;
		if (t[i] == 0xc2 && i + 1 < len && t[i + 1] < 0xa0)
			return true;
		if (t[i] == 0xe2 && i + 2 < len && t[i + 1] == 0x80 && (t[i + 2] & 0xfe) == 0xa8)
			return true;
	}
	return false;
}

static enum err read_text(const struct config_key *k, const char *text, size_t len, struct arena *a,
			  void *field, char what[CONFIG_WHAT_MAX])
{
	if (len > k->max)
		return refuse(k, text, "is too long", what);
	if (has_controls(text, len))
		return refuse(k, text, "has control characters", what);
	char *copy = arena_copy(a, text, len + 1);
	if (copy == NULL)
		return out_of_memory(what);
	*(char **)field = copy;
	return ERR_OK;
}

/* Messages do not repeat a secret. */
static enum err read_secret(const struct config_key *k, const char *text, size_t len,
			    struct config_secret *field, char what[CONFIG_WHAT_MAX])
{
	struct config_secret s = { .given = len > 0 };
	bool fine = len == 0 || len == 2 * sizeof(s.octets);
	for (size_t i = 0; fine && i < len; i++) {
		int digit = digit_of(text[i], 16);
		fine = digit >= 0;
		s.octets[i / 2] = (uint8_t)(s.octets[i / 2] << 4 | (digit & 0xf));
	}
	if (!fine) {
		char allowed[CONFIG_ALLOWED_MAX];
		config_key_allowed(k, allowed);
		(void)snprintf(what, CONFIG_WHAT_MAX, "%s: expected %s", k->name, allowed);
		return ERR_FORMAT;
	}
	*field = s;
	return ERR_OK;
}

static enum err read_name_text(const struct config_key *k, const char *text, struct name *field,
			       char what[CONFIG_WHAT_MAX])
{
	if (text[0] == '\0' || name_from_text(text, field) != ERR_OK)
		return refuse(k, text, "is not a domain name", what);
	return ERR_OK;
}

static enum err read_address(const struct config_key *k, const char *text, struct address *field,
			     char what[CONFIG_WHAT_MAX])
{
	struct address one;
	if (address_parse(text, &one) != ERR_OK)
		return refuse(k, text, "is not an IP address", what);
	bool said = strchr(text, '@') != NULL;
	if (said && k->port == PORT_NEVER)
		return refuse(k, text, "has a port", what);
	if (!said && k->port == PORT_DNS)
		one.port = 53;
	*field = one;
	return ERR_OK;
}

static enum err append_address(const struct config_key *k, const char *text, struct arena *a,
			       struct config_addresses *list, char what[CONFIG_WHAT_MAX])
{
	struct address one;
	enum err e = read_address(k, text, &one, what);
	if (e != ERR_OK)
		return e;
	for (size_t i = 0; i < list->count; i++) {
		if (address_equal(&list->items[i], &one))
			return refuse(k, text, "is there already", what);
	}
	struct address *slot = config_value_append(a, list, sizeof(*slot));
	if (slot == NULL)
		return out_of_memory(what);
	*slot = one;
	return ERR_OK;
}

static enum err append_prefix(const struct config_key *k, const char *text, struct arena *a,
			      struct config_prefixes *list, char what[CONFIG_WHAT_MAX])
{
	struct prefix one;
	if (prefix_parse(text, &one) != ERR_OK)
		return refuse(k, text, "is not a network", what);
	struct prefix *slot = config_value_append(a, list, sizeof(*slot));
	if (slot == NULL)
		return out_of_memory(what);
	*slot = one;
	return ERR_OK;
}

static enum err append_name(const struct config_key *k, const char *text, struct arena *a,
			    struct config_names *list, char what[CONFIG_WHAT_MAX])
{
	struct name one;
	enum err e = read_name_text(k, text, &one, what);
	if (e != ERR_OK)
		return e;
	struct name *slot = config_value_append(a, list, sizeof(*slot));
	if (slot == NULL)
		return out_of_memory(what);
	*slot = one;
	return ERR_OK;
}

enum err config_value_read(const struct config_key *k, const char *text, size_t len,
			   struct arena *a, void *field, char what[CONFIG_WHAT_MAX])
{
	if (memchr(text, 0, len) != NULL)
		return refuse(k, text, "has a NUL inside", what);
	switch (k->kind) {
	case CONFIG_BOOL:
		return read_bool(k, text, field, what);
	case CONFIG_NUMBER:
	case CONFIG_SIZE:
		return read_number(k, text, field, what);
	case CONFIG_ENUM:
		return read_choice(k, text, field, what);
	case CONFIG_TEXT:
	case CONFIG_PATH:
		return read_text(k, text, len, a, field, what);
	case CONFIG_SECRET:
		return read_secret(k, text, len, field, what);
	case CONFIG_NAME:
		return read_name_text(k, text, field, what);
	case CONFIG_ADDRESSES:
		return append_address(k, text, a, field, what);
	case CONFIG_PREFIXES:
		return append_prefix(k, text, a, field, what);
	case CONFIG_NAMES:
		return append_name(k, text, a, field, what);
	case CONFIG_RECORDS:
	case CONFIG_GROUP:
	case CONFIG_MAPS:
		break;
	}
	return refuse(k, text, "is a single value", what);
}

static bool type_allowed(const struct config_key *k, uint16_t type)
{
	if (k->types[0] == 0)
		return !type_is_meta(type);
	for (size_t i = 0; i < CONFIG_RECORD_TYPES && k->types[i] != 0; i++) {
		if (k->types[i] == type)
			return true;
	}
	return false;
}

/* A digest that was cut when it was copied would leave nothing that validates. */
static bool digest_fits(const struct rrset *ds)
{
	enum { DS_HEAD = 4, SHA1 = 1, SHA256 = 2, SHA384 = 4 };
	size_t len = ds->rdata[0].len;
	switch (len < DS_HEAD ? 0 : ds->rdata[0].octets[DS_HEAD - 1]) {
	case SHA1:   return len == DS_HEAD + 20;
	case SHA256: return len == DS_HEAD + 32;
	case SHA384: return len == DS_HEAD + 48;
	}
	return len > DS_HEAD;
}

/* RFC 4034 section 2.1, RFC 5011 section 3: other keys sign nothing, and a zone without an anchor is not validated. */
static bool may_sign(const struct rrset *dnskey)
{
	enum { ZONE_KEY = 0x01, REVOKED = 0x80, PROTOCOL = 3, KEY_HEAD = 4 };
	const struct rdata *r = &dnskey->rdata[0];
	return r->len > KEY_HEAD && (r->octets[0] & ZONE_KEY) != 0 && (r->octets[1] & REVOKED) == 0 &&
	       r->octets[2] == PROTOCOL;
}

static enum err check_record(const struct config_key *k, const struct rrset *one,
			     char what[CONFIG_WHAT_MAX])
{
	char type[TYPE_TEXT_MAX];
	type_text(one->type, type);
	if (!type_allowed(k, one->type))
		return refuse(k, type, "is not a type that may stand here", what);
	if (one->class != CLASS_IN)
		return refuse(k, type, "is not of class IN", what);
	if (k->types[0] == 0 && name_is_wildcard(&one->owner))
		return refuse(k, "*", "stands for no other name here", what);
	if (k->types[0] != 0 && one->type == TYPE_DS && !digest_fits(one))
		return refuse(k, type, "has a digest not of the length of its kind", what);
	if (k->types[0] != 0 && one->type == TYPE_DNSKEY && !may_sign(one))
		return refuse(k, type, "is no zone key, or is revoked", what);
	return ERR_OK;
}

/* Reads all records of text once, so that whoever uses them later meets no error. */
static enum err check_records(const struct config_key *k, struct zonetext *z,
			      char what[CONFIG_WHAT_MAX])
{
	enum { RECORD_BYTES = 1 << 20 }; /* one record and its parts */
	struct arena *scratch = arena_new(RECORD_BYTES);
	if (scratch == NULL)
		return out_of_memory(what);
	enum err e;
	for (;;) {
		struct rrset one;
		arena_reset(scratch);
		e = zonetext_next(z, scratch, &one);
		if (e == ERR_OK)
			e = check_record(k, &one, what);
		if (e != ERR_OK)
			break;
	}
	arena_free(scratch);
	if (e == ERR_NOTFOUND)
		return ERR_OK;
	if (e == ERR_FORMAT && what[0] != '\0')
		return e;
	if (e == ERR_NOMEM)
		return out_of_memory(what);
	(void)snprintf(what, CONFIG_WHAT_MAX, "%s: not a record: %s", k->name,
		       z->what != NULL ? z->what : err_text(e));
	return ERR_FORMAT;
}

static size_t capacity_of(size_t octets)
{
	size_t capacity = 64;
	while (capacity < octets)
		capacity *= 2;
	return capacity;
}

/* The buffer always has capacity_of(what is in it), so that many short lines cost little. */
static enum err append_records(struct arena *a, struct config_records *field, const char *text,
			       size_t len)
{
	bool newline = len > 0 && text[len - 1] != '\n';
	size_t capacity = capacity_of(field->len + len + newline + 1);
	if (field->text == NULL || capacity > capacity_of(field->len + 1)) {
		char *moved = arena_alloc(a, capacity);
		if (moved == NULL)
			return ERR_NOMEM;
		if (field->text != NULL)
			memcpy(moved, field->text, field->len);
		field->text = moved;
	}
	memcpy(field->text + field->len, text, len);
	field->len += len;
	if (newline)
		field->text[field->len++] = '\n';
	field->text[field->len] = '\0';
	return ERR_OK;
}

enum err config_value_records(const struct config_key *k, const char *text, size_t len,
			      struct arena *a, struct zonetext *z, struct config_records *field,
			      char what[CONFIG_WHAT_MAX])
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];
		if (c >= 0x7f || (c < 0x20 && c != '\t' && c != '\n'))
			return refuse(k, text, "has more than ASCII text (use \\DDD)", what);
	}
	what[0] = '\0';
	struct zonetext start = zonetext_of(text, len);
	start.origin = z->origin;
	start.owner = z->owner;
	start.ttl = z->ttl;
	*z = start;
	enum err e = check_records(k, z, what);
	if (e != ERR_OK)
		return e;
	return append_records(a, field, text, len) == ERR_OK ? ERR_OK : out_of_memory(what);
}
