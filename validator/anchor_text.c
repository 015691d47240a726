#include "validator/anchor_text.h"

#include "resolver/wire/base64.h"
#include "resolver/wire/hex.h"
#include "validator/ds.h"
#include "validator/moment.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { DNSKEY_HEAD = 4, DS_HEAD = 4, FIRST_SIZE = 16 << 10 };

/* Not a secret: it finds torn and mistyped files, not forged ones; who may write may also sign. */
uint64_t anchor_text_checksum(const char *text, size_t len)
{
	static const struct siphash_key key = { 0x77617272656e2d61, 0x6e63686f72732d31 };
	return siphash(&key, text, len);
}

static void put_moment(struct text *t, const char *label, int64_t seconds)
{
	text_put(t, label);
	if (seconds == 0)
		text_put(t, "never");
	else
		moment_text(t, seconds);
}

static void put_number(struct text *t, const char *label, uint64_t v)
{
	text_put(t, label);
	text_number(t, v);
}

static void put_zone(struct text *t, const struct anchor_zone *z)
{
	text_put(t, "zone ");
	text_name(t, &z->name);
	put_moment(t, " believed ", z->believed_s);
	put_moment(t, " refused ", z->refused_s);
	put_moment(t, " next ", z->next_s);
	put_number(t, " retry ", z->retry_s);
	text_char(t, '\n');
}

static void put_key(struct text *t, const struct anchor_key *k)
{
	bool by_digest = k->type == TYPE_DS;
	text_put(t, by_digest ? "ds " : "key ");
	text_name(t, &k->zone);
	put_number(t, " ", k->tag);
	put_number(t, " ", k->algorithm);
	put_number(t, " ", by_digest ? k->octets[3] : (unsigned)(k->octets[0] << 8 | k->octets[1]));
	text_char(t, ' ');
	text_put(t, key_state_text(k->state));
	put_moment(t, " since ", k->since_s);
	put_moment(t, " first ", k->first_s);
	put_moment(t, " last ", k->last_s);
	put_moment(t, " hold ", k->hold_s);
	put_number(t, " sightings ", k->sightings);
	for (unsigned i = 0; i < k->by_count; i++)
		put_number(t, " by ", k->by[i]);
	text_char(t, ' ');
	if (by_digest)
		hex_text(t, k->octets + DS_HEAD, (size_t)k->len - DS_HEAD);
	else
		base64_text(t, k->octets + DNSKEY_HEAD, (size_t)k->len - DNSKEY_HEAD);
	text_char(t, '\n');
}

static void put_all(struct text *t, const char *start, const struct anchor_state *s)
{
	char sum[32];
	text_put(t, "warren-anchors 1\n"
	            "# Trust anchors and their states (RFC 5011).  To start anew, put DS or DNSKEY\n"
	            "# records here instead; a line changed by hand makes the whole file invalid.\n");
	put_moment(t, "floor ", s->floor_s);
	text_char(t, '\n');
	for (size_t i = 0; i < s->count; i++)
		put_key(t, &s->keys[i]);
	for (size_t i = 0; i < s->zone_count; i++)
		put_zone(t, &s->zones[i]);
	if (t->err != ERR_OK)
		return;
	(void)snprintf(sum, sizeof(sum), "checksum %016" PRIx64 "\n",
	               anchor_text_checksum(start, (size_t)(t->at - start)));
	text_put(t, sum);
}

enum err anchor_text_write(const struct anchor_state *s, char **out)
{
	for (size_t size = FIRST_SIZE;; size *= 2) {
		char *text = malloc(size);
		if (text == NULL)
			return ERR_NOMEM;
		struct text t = text_of(text, size);
		put_all(&t, text, s);
		if (t.err == ERR_OK && t.at - text <= LIMIT_ANCHOR_TEXT) {
			*out = text;
			return ERR_OK;
		}
		free(text);
		if (t.err != ERR_SPACE || size > LIMIT_ANCHOR_TEXT)
			return t.err == ERR_UNSUPPORTED ? ERR_FORMAT : ERR_LIMIT;
	}
}
