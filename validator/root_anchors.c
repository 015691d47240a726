#include "validator/root_anchors.h"

#include "resolver/base/limits.h"
#include "resolver/wire/base64.h"
#include "resolver/wire/hex.h"
#include "validator/ds.h"
#include "validator/moment.h"
#include <string.h>

enum { TEXT_MAX = 8192, ATTRIBUTE_MAX = 256, RDATA_MAX = 8192 };

/* What is left of the document; the first fault sticks, and from then on nothing is taken. */
struct cursor {
	const char *at, *end;
	unsigned line;
	const char *what; /* NULL: no fault */
};

/* A piece of the document, borrowed; len 0 and at NULL: not there. */
struct piece {
	const char *at;
	size_t len;
};

static void complain(struct cursor *c, const char *what)
{
	if (c->what == NULL)
		c->what = what;
}

static void advance(struct cursor *c, size_t count)
{
	for (; count > 0; count--)
		c->line += *c->at++ == '\n';
}

static bool starts(const struct cursor *c, const char *text)
{
	size_t len = strlen(text);
	return c->what == NULL && (size_t)(c->end - c->at) >= len && memcmp(c->at, text, len) == 0;
}

static bool take(struct cursor *c, const char *text)
{
	if (!starts(c, text))
		return false;
	advance(c, strlen(text));
	return true;
}

static bool is_blank(char ch)
{
	return ch == ' ' || ch == '\t' || ch == '\r' || ch == '\n';
}

static void skip_blanks(struct cursor *c)
{
	while (c->what == NULL && c->at < c->end && is_blank(*c->at))
		advance(c, 1);
}

static void skip_past(struct cursor *c, const char *stop, const char *what)
{
	while (c->what == NULL && !take(c, stop)) {
		if (c->at == c->end)
			complain(c, what);
		else
			advance(c, 1);
	}
}

/* Blanks and comments, which mean nothing wherever an element may stand. */
static void skip_misc(struct cursor *c)
{
	skip_blanks(c);
	while (take(c, "<!--")) {
		skip_past(c, "-->", "comment not closed");
		skip_blanks(c);
	}
}

static void skip_prolog(struct cursor *c)
{
	if (take(c, "<?xml "))
		skip_past(c, "?>", "XML declaration not closed");
	skip_misc(c);
}

/* A name, then = and a value in quotes of either kind. */
static struct piece take_attribute(struct cursor *c, struct piece *name)
{
	*name = (struct piece){ c->at, 0 };
	while (c->at < c->end && ((*c->at | 0x20) >= 'a' && (*c->at | 0x20) <= 'z'))
		advance(c, 1);
	name->len = (size_t)(c->at - name->at);
	skip_blanks(c);
	bool equals = take(c, "=");
	skip_blanks(c);
	char quote = c->at < c->end ? *c->at : '\0';
	if (name->len == 0 || !equals || (quote != '"' && quote != '\'')) {
		complain(c, "malformed attribute");
		return (struct piece){ NULL, 0 };
	}
	advance(c, 1);
	struct piece value = { c->at, 0 };
	while (c->at < c->end && *c->at != quote && *c->at != '<' && *c->at != '&')
		advance(c, 1);
	value.len = (size_t)(c->at - value.at);
	if (c->at == c->end || *c->at != quote || value.len > ATTRIBUTE_MAX)
		complain(c, "malformed attribute value");
	else
		advance(c, 1);
	return value;
}

static bool piece_is(const struct piece *p, const char *text)
{
	return p->len == strlen(text) && memcmp(p->at, text, p->len) == 0;
}

/* The attributes of an opening tag, each at most once and only those named; then ">". */
static void take_attributes(struct cursor *c, const char *const names[], struct piece *values,
                            unsigned count)
{
	for (;;) {
		bool blank = c->at < c->end && is_blank(*c->at);
		skip_blanks(c);
		if (c->what != NULL || take(c, ">"))
			return;
		struct piece name, value;
		unsigned i = 0;
		if (!blank) {
			complain(c, "malformed tag");
			return;
		}
		value = take_attribute(c, &name);
		while (i < count && !piece_is(&name, names[i]))
			i++;
		if (i == count || values[i].at != NULL)
			complain(c, "unknown or repeated attribute");
		else
			values[i] = value;
	}
}

/* <NAME>text</NAME>, the text without the blanks around it. */
static struct piece take_element(struct cursor *c, const char *open, const char *close,
                                 const char *what)
{
	struct piece text = { NULL, 0 };
	skip_misc(c);
	if (!take(c, open)) {
		complain(c, what);
		return text;
	}
	skip_blanks(c);
	text.at = c->at;
	while (c->at < c->end && *c->at != '<' && *c->at != '&')
		advance(c, 1);
	text.len = (size_t)(c->at - text.at);
	while (text.len > 0 && is_blank(text.at[text.len - 1]))
		text.len--;
	if (!take(c, close) || text.len == 0 || text.len > TEXT_MAX)
		complain(c, what);
	return text;
}

static uint32_t number_of(struct cursor *c, struct piece p, uint32_t max, const char *what)
{
	struct tokens t = tokens_of(p.at, p.len);
	if (c->what != NULL)
		return 0;
	uint32_t v = token_number(&t, max);
	if (tokens_finish(&t) != ERR_OK)
		complain(c, what);
	return v;
}

static int64_t moment_of(struct cursor *c, struct piece p)
{
	int64_t seconds = 0;
	if (c->what == NULL && moment_parse(p.at, p.len, &seconds) != ERR_OK)
		complain(c, "malformed date");
	return seconds;
}

static struct rdata keep(struct cursor *c, struct arena *a, const struct writer *w)
{
	struct rdata r = { (uint16_t)writer_length(w), NULL };
	if (c->what != NULL)
		return (struct rdata){ 0, NULL };
	r.octets = arena_copy(a, w->start, r.len);
	if (r.octets == NULL)
		complain(c, "out of memory");
	return r;
}

static void take_ds(struct cursor *c, struct arena *a, struct root_anchor *out)
{
	uint8_t octets[RDATA_MAX];
	struct writer w = writer_of(octets, sizeof(octets));
	struct piece tag = take_element(c, "<KeyTag>", "</KeyTag>", "KeyTag is wanted");
	struct piece alg = take_element(c, "<Algorithm>", "</Algorithm>", "Algorithm is wanted");
	struct piece type = take_element(c, "<DigestType>", "</DigestType>", "DigestType is wanted");
	struct piece digest = take_element(c, "<Digest>", "</Digest>", "Digest is wanted");
	out->tag = (uint16_t)number_of(c, tag, UINT16_MAX, "malformed KeyTag");
	out->algorithm = (uint8_t)number_of(c, alg, UINT8_MAX, "malformed Algorithm");
	write_u16(&w, out->tag);
	write_u8(&w, out->algorithm);
	write_u8(&w, (uint8_t)number_of(c, type, UINT8_MAX, "malformed DigestType"));
	if (c->what != NULL)
		return;
	struct tokens t = tokens_of(digest.at, digest.len);
	hex_scan(&t, &w);
	if (tokens_finish(&t) != ERR_OK || w.err != ERR_OK)
		complain(c, "malformed Digest");
	out->ds = keep(c, a, &w);
}

/* RFC 9718 section 2.2: both or neither. */
static void take_public_key(struct cursor *c, struct arena *a, struct root_anchor *out)
{
	uint8_t octets[RDATA_MAX];
	struct writer w = writer_of(octets, sizeof(octets));
	skip_misc(c);
	if (!starts(c, "<PublicKey>"))
		return;
	struct piece key = take_element(c, "<PublicKey>", "</PublicKey>", "malformed PublicKey");
	struct piece flags = take_element(c, "<Flags>", "</Flags>", "Flags are wanted");
	write_u16(&w, (uint16_t)number_of(c, flags, UINT16_MAX, "malformed Flags"));
	write_u8(&w, 3);
	write_u8(&w, out->algorithm);
	if (c->what != NULL)
		return;
	struct tokens t = tokens_of(key.at, key.len);
	base64_scan(&t, &w);
	if (tokens_finish(&t) != ERR_OK || w.err != ERR_OK)
		complain(c, "malformed PublicKey");
	out->dnskey = keep(c, a, &w);
}

static enum root_anchor_use judge(const struct root_anchor *r, const struct name *zone,
                                  struct now now)
{
	struct ds ds;
	if (ds_parse(&r->ds, &ds) != ERR_OK || crypto_digest_length(ds.digest_type) == 0)
		return ROOT_ANCHOR_UNKNOWN;
	if (ds.digest_len != crypto_digest_length(ds.digest_type) ||
	    (r->dnskey.len > 0 && !ds_matches(&ds, zone, &r->dnskey)))
		return ROOT_ANCHOR_MISMATCH;
	if (now.wall_s < r->from_s)
		return ROOT_ANCHOR_EARLY;
	if (r->until_s != 0 && now.wall_s >= r->until_s)
		return ROOT_ANCHOR_LATE;
	return ROOT_ANCHOR_GOOD;
}

static void take_key_digest(struct cursor *c, struct arena *a, struct root_anchors *out,
                            struct now now)
{
	static const char *const names[] = { "id", "validFrom", "validUntil" };
	struct piece values[3] = { { NULL, 0 }, { NULL, 0 }, { NULL, 0 } };
	struct root_anchor r = { 0 };
	take_attributes(c, names, values, 3);
	if (values[0].at == NULL || values[1].at == NULL)
		complain(c, "KeyDigest needs id and validFrom");
	r.from_s = moment_of(c, values[1]);
	r.until_s = values[2].at != NULL ? moment_of(c, values[2]) : 0;
	take_ds(c, a, &r);
	take_public_key(c, a, &r);
	skip_misc(c);
	if (!take(c, "</KeyDigest>"))
		complain(c, "end of KeyDigest is wanted");
	if (c->what != NULL)
		return;
	r.use = judge(&r, &out->zone, now);
	out->list[out->count++] = r;
}

static void take_zone(struct cursor *c, struct root_anchors *out)
{
	struct piece zone = take_element(c, "<Zone>", "</Zone>", "Zone is wanted");
	struct tokens t = tokens_of(zone.at, c->what == NULL ? zone.len : 0);
	struct name root = name_root();
	out->zone = token_name(&t, &root);
	if (tokens_finish(&t) != ERR_OK)
		complain(c, "malformed Zone");
}

static bool take_document(struct cursor *c, struct arena *a, struct root_anchors *out,
                          struct now now)
{
	static const char *const names[] = { "id", "source" };
	struct piece values[2] = { { NULL, 0 }, { NULL, 0 } };
	skip_prolog(c);
	if (!take(c, "<TrustAnchor"))
		complain(c, "TrustAnchor is wanted");
	take_attributes(c, names, values, 2);
	take_zone(c, out);
	skip_misc(c);
	while (out->count < LIMIT_ROOT_ANCHORS && take(c, "<KeyDigest")) {
		take_key_digest(c, a, out, now);
		skip_misc(c);
	}
	if (starts(c, "<KeyDigest"))
		return false;
	if (!take(c, "</TrustAnchor>"))
		complain(c, "KeyDigest or the end of TrustAnchor is wanted");
	skip_misc(c);
	if (c->at != c->end)
		complain(c, "something stands behind TrustAnchor");
	if (out->count == 0)
		complain(c, "no KeyDigest");
	return true;
}

enum err root_anchors_read(const char *text, size_t len, struct now now, struct arena *a,
                           struct root_anchors *out, struct root_anchors_error *why)
{
	struct root_anchors r = { .count = 0 };
	struct cursor c = { text, text + len, 1, NULL };
	*why = (struct root_anchors_error){ 1, "too big for root-anchors.xml" };
	if (len > LIMIT_ROOT_ANCHORS_BYTES)
		return ERR_LIMIT;
	r.list = arena_array(a, LIMIT_ROOT_ANCHORS, sizeof(*r.list));
	*why = (struct root_anchors_error){ 0, err_text(ERR_NOMEM) };
	if (r.list == NULL)
		return ERR_NOMEM;
	bool few = take_document(&c, a, &r, now);
	*why = (struct root_anchors_error){ c.line, few ? c.what : "too many KeyDigests" };
	if (!few)
		return ERR_LIMIT;
	if (c.what != NULL)
		return ERR_FORMAT;
	*out = r;
	return ERR_OK;
}

const char *root_anchor_use_text(enum root_anchor_use use)
{
	switch (use) {
	case ROOT_ANCHOR_GOOD:     return "good";
	case ROOT_ANCHOR_EARLY:    return "not yet valid";
	case ROOT_ANCHOR_LATE:     return "no longer valid";
	case ROOT_ANCHOR_MISMATCH: return "public key and digest do not fit";
	case ROOT_ANCHOR_UNKNOWN:  return "digest of an unknown type";
	}
	return "?";
}

struct rrset *root_anchors_set(const struct root_anchors *r, struct arena *a)
{
	struct rrset *set = arena_alloc(a, sizeof(*set));
	if (set == NULL)
		return NULL;
	*set = (struct rrset){ .owner = r->zone, .type = TYPE_DS, .class = CLASS_IN,
		               .rank = RANK_LOCAL, .security = SECURITY_SECURE };
	set->rdata = arena_array(a, r->count + 1u, sizeof(*set->rdata));
	if (set->rdata == NULL)
		return NULL;
	for (unsigned i = 0; i < r->count; i++)
		if (r->list[i].use == ROOT_ANCHOR_GOOD)
			set->rdata[set->count++] = r->list[i].ds;
	return set;
}
