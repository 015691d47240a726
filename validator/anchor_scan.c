/* The way back in of anchor_text.h. */
#include "validator/anchor_text.h"

#include "resolver/wire/base64.h"
#include "resolver/wire/hex.h"
#include "resolver/wire/zonetext.h"
#include "validator/moment.h"
#include "validator/rfc5011.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { VERSION = 1, ARENA_BYTES = 8 << 20 };

static const char magic[] = "warren-anchors";

/* Between lines: at stands behind the last line read, whose number is line. */
struct scan {
	const char *start, *at, *end;
	unsigned line;
	struct anchor_state *state;
	struct anchor_text_error *why;
	bool has_floor;
};

static enum err refuse(struct scan *s, enum err e, const char *what)
{
	s->why->line = s->line;
	(void)snprintf(s->why->what, sizeof(s->why->what), "%s", what);
	return e;
}

/* The next line without its end; false: no more, or the last one has no end. */
static bool next_line(struct scan *s, const char **line, size_t *len)
{
	const char *stop = s->at < s->end ? memchr(s->at, '\n', (size_t)(s->end - s->at)) : NULL;
	if (stop == NULL)
		return false;
	*line = s->at;
	*len = (size_t)(stop - s->at);
	s->at = stop + 1;
	s->line++;
	return true;
}

static void expect(struct tokens *t, const char *label)
{
	struct token token = token_next(t);
	if (!token_is(&token, label))
		tokens_fail(t);
}

/* "never" is 0; 0 itself is never written. */
static int64_t take_moment(struct tokens *t, const char *label)
{
	int64_t seconds = 0;
	expect(t, label);
	struct token token = token_next(t);
	if (t->err == ERR_OK && !token_is(&token, "never") &&
	    (token.quoted || moment_parse(token.at, token.len, &seconds) != ERR_OK || seconds == 0))
		tokens_fail(t);
	return seconds;
}

static uint32_t take_number(struct tokens *t, const char *label, uint32_t max)
{
	expect(t, label);
	return token_number(t, max);
}

static enum err scan_floor(struct scan *s, struct tokens *t)
{
	int64_t floor_s = take_moment(t, "floor");
	if (s->has_floor)
		return refuse(s, ERR_FORMAT, "a second floor");
	if (tokens_finish(t) != ERR_OK)
		return refuse(s, ERR_FORMAT, "malformed floor: a date or \"never\" is wanted");
	s->state->floor_s = floor_s;
	s->has_floor = true;
	return ERR_OK;
}

static enum err scan_zone(struct scan *s, struct tokens *t)
{
	struct name root = name_root();
	struct anchor_zone z = { 0 };
	expect(t, "zone");
	z.name = token_name(t, &root);
	z.believed_s = take_moment(t, "believed");
	z.refused_s = take_moment(t, "refused");
	z.next_s = take_moment(t, "next");
	z.retry_s = take_number(t, "retry", RFC5011_RETRY_MAX_S);
	if (tokens_finish(t) != ERR_OK)
		return refuse(s, ERR_FORMAT, "malformed zone line");
	struct anchor_zone *known = anchor_state_zone(s->state, &z.name);
	if (known == NULL)
		return refuse(s, ERR_FORMAT, "a zone without a key before it");
	if (known->retry_s != 0 || known->next_s != 0 || known->believed_s != 0 ||
	    known->refused_s != 0)
		return refuse(s, ERR_FORMAT, "the same zone once more");
	*known = z;
	return ERR_OK;
}

/* "by 20326" for each; files of before have none. */
static void take_vouchers(struct tokens *t, struct anchor_key *k)
{
	for (;;) {
		struct tokens look = *t;
		struct token word = token_next(&look);
		if (k->state != KEY_ADDPEND || !token_is(&word, "by"))
			return;
		*t = look;
		uint16_t tag = (uint16_t)token_number(t, UINT16_MAX);
		if (k->by_count == LIMIT_ANCHOR_VOUCHERS)
			tokens_fail(t);
		else
			k->by[k->by_count++] = tag;
		if (t->err != ERR_OK)
			return;
	}
}

/* The RDATA of a key or ds line; tag is what the line claims. */
static void take_rdata(struct tokens *t, struct anchor_key *k, uint16_t claimed, uint16_t third,
                       struct writer *out)
{
	if (k->type == TYPE_DS) {
		write_u16(out, claimed);
		write_u8(out, k->algorithm);
		write_u8(out, (uint8_t)third);
		hex_scan(t, out);
	} else {
		write_u16(out, third);
		write_u8(out, 3);
		write_u8(out, k->algorithm);
		base64_scan(t, out);
	}
	if (out->err != ERR_OK)
		tokens_fail(t);
}

static bool possible_times(const struct anchor_key *k)
{
	if (k->state == KEY_ADDPEND)
		return k->first_s != 0 && k->sightings > 0 &&
		       k->hold_s - k->first_s >= RFC5011_HOLD_S;
	return k->hold_s == 0 || k->state == KEY_REVOKED || k->state == KEY_REMOVED;
}

static const char *fault_of(const struct anchor_key *k, uint16_t third)
{
	if (k->type == TYPE_DS && !anchor_key_trusted(k))
		return "a key known by its digest only can be but Valid or Missing";
	if (k->type == TYPE_DNSKEY && ((third & DNSKEY_ZONE) == 0 || (third & DNSKEY_REVOKE) != 0))
		return "flags of no zone key, or with the REVOKE bit";
	if (!possible_times(k))
		return "the hold-down does not fit the state";
	return NULL;
}

static enum err add_key(struct scan *s, const struct anchor_key *k, uint16_t claimed,
                        const struct rdata *r)
{
	enum err e = anchor_state_add(s->state, k, r);
	if (e == ERR_LIMIT)
		return refuse(s, e, "too many keys, or too big a key");
	if (e == ERR_FORMAT)
		return refuse(s, e, "no key, a digest of the wrong length, or the same key once more");
	if (e != ERR_OK)
		return refuse(s, e, err_text(e));
	if (s->state->keys[s->state->count - 1].tag != claimed)
		return refuse(s, ERR_FORMAT, "the tag is not the key's");
	return ERR_OK;
}

static enum err scan_key(struct scan *s, struct tokens *t, uint16_t type)
{
	struct name root = name_root();
	struct anchor_key k = { .type = type };
	uint8_t octets[LIMIT_ANCHOR_OCTETS];
	struct writer w = writer_of(octets, sizeof(octets));
	(void)token_next(t);
	k.zone = token_name(t, &root);
	uint16_t claimed = (uint16_t)token_number(t, UINT16_MAX);
	k.algorithm = (uint8_t)token_number(t, UINT8_MAX);
	uint16_t third = (uint16_t)token_number(t, type == TYPE_DS ? UINT8_MAX : UINT16_MAX);
	struct token state = token_next(t);
	if (t->err == ERR_OK &&
	    (state.quoted || key_state_parse(state.at, state.len, &k.state) != ERR_OK))
		return refuse(s, ERR_FORMAT, "no such state");
	k.since_s = take_moment(t, "since");
	k.first_s = take_moment(t, "first");
	k.last_s = take_moment(t, "last");
	k.hold_s = take_moment(t, "hold");
	k.sightings = take_number(t, "sightings", UINT32_MAX);
	take_vouchers(t, &k);
	take_rdata(t, &k, claimed, third, &w);
	if (tokens_finish(t) != ERR_OK)
		return refuse(s, ERR_FORMAT, "malformed key line");
	const char *fault = fault_of(&k, third);
	if (fault != NULL)
		return refuse(s, ERR_FORMAT, fault);
	struct rdata r = { (uint16_t)writer_length(&w), octets };
	return add_key(s, &k, claimed, &r);
}

static enum err scan_line(struct scan *s, const char *line, size_t len)
{
	struct tokens t = tokens_of(line, len), look = t;
	if (len > 0 && *line == '#')
		return ERR_OK;
	struct token first = token_next(&look);
	if (token_is(&first, "key"))
		return scan_key(s, &t, TYPE_DNSKEY);
	if (token_is(&first, "ds"))
		return scan_key(s, &t, TYPE_DS);
	if (token_is(&first, "zone"))
		return scan_zone(s, &t);
	if (token_is(&first, "floor"))
		return scan_floor(s, &t);
	return refuse(s, ERR_FORMAT, "not a line of this file");
}

/* The checksum line is the last one and has exactly one form. */
static enum err scan_checksum(struct scan *s, const char *line, size_t len)
{
	char right[32];
	(void)snprintf(right, sizeof(right), "checksum %016" PRIx64,
	               anchor_text_checksum(s->start, (size_t)(line - s->start)));
	if (strlen(right) != len || memcmp(right, line, len) != 0)
		return refuse(s, ERR_CORRUPT, "wrong checksum: torn, or changed by hand");
	if (s->at != s->end)
		return refuse(s, ERR_CORRUPT, "something stands behind the checksum");
	return ERR_OK;
}

static bool is_checksum(const char *line, size_t len)
{
	return len >= 8 && memcmp(line, "checksum", 8) == 0;
}

static enum err scan_version(struct scan *s, const char *line, size_t len)
{
	struct tokens t = tokens_of(line, len);
	(void)token_next(&t);
	uint32_t version = token_number(&t, UINT32_MAX);
	if (tokens_finish(&t) != ERR_OK)
		return refuse(s, ERR_FORMAT, "malformed first line");
	if (version != VERSION)
		return refuse(s, ERR_VERSION, "written by another version");
	return ERR_OK;
}

/* The checksum is looked at first: a torn file is called torn. */
static enum err check_whole(struct scan *s)
{
	struct scan look = *s;
	const char *line;
	size_t len;
	while (next_line(&look, &line, &len)) {
		if (is_checksum(line, len))
			return scan_checksum(&look, line, len);
	}
	look.line++;
	return refuse(&look, ERR_CORRUPT, "the file ends before its checksum");
}

static enum err scan_state(struct scan *s)
{
	const char *line;
	size_t len;
	enum err e = check_whole(s);
	for (bool first = true; e == ERR_OK && next_line(s, &line, &len); first = false) {
		if (first)
			e = scan_version(s, line, len);
		else if (is_checksum(line, len))
			break;
		else
			e = scan_line(s, line, len);
	}
	if (e == ERR_OK && !s->has_floor)
		return refuse(s, ERR_FORMAT, "no floor line");
	return e;
}

static enum err trust_sets(struct scan *s, struct rrset *sets, unsigned count, struct now now)
{
	unsigned kept = 0;
	for (unsigned i = 0; i < count; i++) {
		if (sets[i].type == TYPE_RRSIG)
			continue;
		if (sets[i].class != CLASS_IN ||
		    (sets[i].type != TYPE_DS && sets[i].type != TYPE_DNSKEY))
			return refuse(s, ERR_FORMAT, "a record that is neither DS nor DNSKEY");
		sets[kept++] = sets[i];
	}
	enum err e = anchor_state_trust(s->state, sets, kept, now);
	if (e == ERR_FORMAT)
		return refuse(s, e, "a record that is no key, or a digest of the wrong length");
	if (e != ERR_OK)
		return refuse(s, e, err_text(e));
	return s->state->count > 0 ? ERR_OK : refuse(s, ERR_FORMAT, "no trust anchor in it");
}

static enum err scan_records(struct scan *s, struct now now)
{
	struct zonetext z = zonetext_of(s->start, (size_t)(s->end - s->start));
	struct rrset *sets;
	unsigned count;
	struct arena *a = arena_new(ARENA_BYTES);
	if (a == NULL)
		return refuse(s, ERR_NOMEM, err_text(ERR_NOMEM));
	enum err e = zonetext_all(&z, a, &sets, &count);
	if (e == ERR_OK) {
		e = trust_sets(s, sets, count, now);
	} else {
		s->line = e == ERR_FORMAT ? z.line : 0;
		(void)refuse(s, e, z.what != NULL ? z.what : err_text(e));
	}
	arena_free(a);
	return e;
}

enum err anchor_text_read(const char *text, size_t len, struct now now, struct anchor_state *out,
                          struct anchor_text_error *why)
{
	struct anchor_state state = { 0 };
	struct scan s = { .start = text, .at = text, .end = text + len, .state = &state, .why = why };
	*why = (struct anchor_text_error){ 0 };
	if (len > LIMIT_ANCHOR_TEXT)
		return refuse(&s, ERR_LIMIT, "too big for a file of trust anchors");
	bool ours = len >= sizeof(magic) && memcmp(text, magic, sizeof(magic) - 1) == 0;
	enum err e = ours ? scan_state(&s) : scan_records(&s, now);
	if (e == ERR_OK)
		*out = state;
	else
		anchor_state_clear(&state);
	return e;
}
