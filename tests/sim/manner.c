#include "tests/sim/manner.h"

#include "tests/sim/authority.h"
#include <assert.h>
#include <string.h>

static const char *const texts[MANNERS] = {
	[MANNER_REFUSED] = "refused",
	[MANNER_SERVFAIL] = "servfail",
	[MANNER_FORMERR] = "formerr",
	[MANNER_NOTIMP] = "notimp",
	[MANNER_NXDOMAIN] = "nxdomain",
	[MANNER_NO_EDNS] = "no-edns",
	[MANNER_IGNORES_EDNS] = "ignores-edns",
	[MANNER_SILENT_EDNS] = "silent-to-edns",
	[MANNER_NO_OPTIONS] = "no-options",
	[MANNER_BADVERS] = "badvers",
	[MANNER_COOKIES] = "cookies",
	[MANNER_COOKIES_REQUIRED] = "cookies-required",
	[MANNER_BADCOOKIE] = "badcookie",
	[MANNER_WRONG_COOKIE] = "wrong-cookie",
	[MANNER_LAME] = "lame",
	[MANNER_UPWARD] = "upward",
	[MANNER_SIDEWAYS] = "sideways",
	[MANNER_SELF] = "self-referral",
	[MANNER_DEEPER] = "deeper",
	[MANNER_EMPTY] = "empty",
	[MANNER_NO_SOA] = "no-soa",
	[MANNER_NO_AA] = "no-aa",
	[MANNER_DENIES_EMPTY] = "denies-empty",
	[MANNER_RECURSIVE] = "recursive",
	[MANNER_NO_SIGNATURES] = "no-signatures",
	[MANNER_NO_AUTHORITY] = "no-authority",
	[MANNER_TRUNCATES] = "truncates",
	[MANNER_TRUNCATES_ALWAYS] = "truncates-always",
	[MANNER_OVERSIZE] = "oversize",
	[MANNER_SILENT] = "silent",
	[MANNER_CLOSES] = "closes",
	[MANNER_NO_TCP] = "no-tcp",
	[MANNER_WRONG_ID] = "wrong-id",
	[MANNER_WRONG_NAME] = "wrong-name",
	[MANNER_WRONG_TYPE] = "wrong-type",
	[MANNER_WRONG_CLASS] = "wrong-class",
	[MANNER_WRONG_CASE] = "wrong-case",
	[MANNER_LOWER_CASE] = "lower-case",
	[MANNER_WRONG_OPCODE] = "wrong-opcode",
	[MANNER_NOT_REPLY] = "not-a-reply",
	[MANNER_NO_QUESTION] = "no-question",
	[MANNER_TWO_QUESTIONS] = "two-questions",
	[MANNER_GARBAGE] = "garbage",
	[MANNER_GARBLED] = "garbled",
	[MANNER_TRAILING] = "trailing",
	[MANNER_SHORT] = "short",
	[MANNER_HEADER_ONLY] = "header-only",
	[MANNER_MIXED] = "mixed",
	[MANNER_RIGHT] = "right",
};

const char *manner_text(enum manner_kind k)
{
	return texts[k];
}

bool manner_parse(const char *word, enum manner_kind *out)
{
	for (unsigned k = 0; k < MANNERS; k++) {
		if (strcmp(texts[k], word) == 0) {
			*out = (enum manner_kind)k;
			return true;
		}
	}
	return false;
}

static bool has_capitals(const struct name *n)
{
	struct name lower = *n;
	name_lower(&lower);
	return !name_equal_exact(n, &lower);
}

bool manner_applies(struct manner *m, bool stream, const struct question *q)
{
	if (!(stream ? m->tcp : m->udp) || (m->type != 0 && m->type != q->type) ||
	    (m->capitals && !has_capitals(&q->name)))
		return false;
	m->used++;
	return m->first == 0 || m->used <= m->first;
}

/* ---- EDNS and cookies ---- */

static void say_no_edns(struct response *r, uint16_t rcode)
{
	if (!r->edns.present)
		return;
	response_clear(r, 0, rcode);
	r->edns.present = false;
}

/* A server cookie is the client's, changed: enough to tell ours from a forger's. */
static void give_cookie(struct response *r, const struct query *q)
{
	r->edns.has_cookie = true;
	memcpy(r->edns.cookie.client, q->edns.cookie.client, COOKIE_CLIENT);
	r->edns.cookie.server_len = COOKIE_SERVER_MIN;
	for (unsigned i = 0; i < COOKIE_SERVER_MIN; i++)
		r->edns.cookie.server[i] = q->edns.cookie.client[i] ^ 0x5a;
}

static bool has_good_cookie(const struct query *q)
{
	const struct cookie *c = &q->edns.cookie;
	bool good = q->edns.has_cookie && c->server_len == COOKIE_SERVER_MIN;
	for (unsigned i = 0; good && i < COOKIE_SERVER_MIN; i++)
		good = c->server[i] == (c->client[i] ^ 0x5a);
	return good;
}

static void do_cookies(enum manner_kind k, struct response *r, const struct query *q, bool stream)
{
	if (!q->edns.present || !q->edns.has_cookie)
		return;
	give_cookie(r, q);
	if (k == MANNER_WRONG_COOKIE)
		r->edns.cookie.client[0] ^= 1;
	if (k == MANNER_BADCOOKIE ||
	    (k == MANNER_COOKIES_REQUIRED && !stream && !has_good_cookie(q)))
		response_clear(r, 0, RCODE_BADCOOKIE);
	if (k == MANNER_BADCOOKIE)
		r->edns.cookie.server[0] ^= 0xff;
}

static void do_edns(enum manner_kind k, struct response *r, const struct query *q)
{
	if (k == MANNER_NO_EDNS)
		say_no_edns(r, RCODE_FORMERR);
	if (k == MANNER_IGNORES_EDNS)
		r->edns.present = false;
	if (k == MANNER_NO_OPTIONS && q->edns.present && q->edns.has_cookie)
		response_clear(r, 0, RCODE_FORMERR);
	if (k == MANNER_BADVERS && r->edns.present)
		response_clear(r, 0, RCODE_BADVERS);
}

/* ---- answers that lead nowhere ---- */

static void refer(struct response *r, const struct name *to)
{
	struct name ns;
	response_clear(r, 0, RCODE_NOERROR);
	struct rrset *set = sign_new_set(r->arena, to, TYPE_NS, 3600);
	if (name_prepend((const uint8_t *)"ns", 2, to, &ns) != ERR_OK)
		ns = name_root();
	if (set != NULL && sign_add(r->arena, set, ns.wire, ns.len) == ERR_OK)
		response_add(r, SECTION_AUTHORITY, set);
}

static void do_referral(enum manner_kind k, struct host *h, struct response *r)
{
	const struct name *q = &r->question.name;
	const struct world_zone *z = world_served(h, q, false);
	unsigned labels = z == NULL ? 0 : z->labels;
	if (k == MANNER_UPWARD)
		refer(r, &(struct name){ .len = 1 });
	if (k == MANNER_SELF && z != NULL)
		refer(r, &z->apex);
	if (k == MANNER_SIDEWAYS) {
		struct name sister,
		    up = z == NULL || labels == 0 ? name_root() : name_parent(&z->apex);
		if (name_prepend((const uint8_t *)"sister", 6, &up, &sister) == ERR_OK)
			refer(r, &sister);
	}
	if (k == MANNER_DEEPER) {
		h->depth = h->depth < labels + 1 ? labels + 1 : h->depth + 1;
		if (h->depth > name_labels(q))
			h->depth = name_labels(q);
		struct name to = name_suffix(q, h->depth);
		refer(r, &to);
		const struct address *a = &h->address;
		struct rrset *glue = sign_new_set(r->arena, &to, TYPE_A, 3600);
		if (glue == NULL ||
		    name_prepend((const uint8_t *)"ns", 2, &to, &glue->owner) != ERR_OK)
			return;
		if (a->family == FAMILY_IPV4 && sign_add(r->arena, glue, a->octets, 4) == ERR_OK)
			response_add(r, SECTION_ADDITIONAL, glue);
	}
}

static void drop_sets(struct response *r, enum section s, uint16_t type)
{
	unsigned kept = 0;
	for (unsigned i = 0; i < r->section[s].count; i++)
		if (type != 0 && r->section[s].sets[i]->type != type)
			r->section[s].sets[kept++] = r->section[s].sets[i];
	r->section[s].count = kept;
}

static void do_content(enum manner_kind k, struct response *r)
{
	if (k == MANNER_LAME)
		response_clear(r, 0, RCODE_NOERROR);
	if (k == MANNER_EMPTY)
		response_clear(r, FLAG_AA, RCODE_NOERROR);
	if (k == MANNER_NO_SOA)
		drop_sets(r, SECTION_AUTHORITY, TYPE_SOA);
	if (k == MANNER_NO_AUTHORITY)
		drop_sets(r, SECTION_AUTHORITY, 0);
	if (k == MANNER_NO_AA)
		r->flags = (uint16_t)(r->flags & ~FLAG_AA);
	if (k == MANNER_NO_SIGNATURES)
		r->sigs = false;
	if (k == MANNER_DENIES_EMPTY && r->empty_node)
		r->rcode = RCODE_NXDOMAIN;
	if (k == MANNER_OVERSIZE)
		r->uncut = true;
}

/* ---- the question that comes back ---- */

static uint8_t swap_case(uint8_t c)
{
	return (uint8_t)((c | 0x20) - 'a') < 26 ? c ^ 0x20 : c;
}

static void do_question(enum manner_kind k, unsigned number, struct response *r)
{
	struct name *n = &r->question.name;
	if (k == MANNER_WRONG_ID)
		r->id = (uint16_t)(r->id ^ (1 + number % 65535));
	if (k == MANNER_WRONG_NAME &&
	    (name_is_root(n) || name_prepend((const uint8_t *)"x", 1, n, n) != ERR_OK))
		*n = name_of("x.");
	if (k == MANNER_WRONG_TYPE)
		r->question.type = r->question.type == TYPE_A ? TYPE_AAAA : TYPE_A;
	if (k == MANNER_WRONG_CLASS)
		r->question.class = CLASS_CH;
	for (unsigned i = 0; k == MANNER_WRONG_CASE && i < n->len; i++)
		n->wire[i] = swap_case(n->wire[i]);
	if (k == MANNER_LOWER_CASE)
		name_lower(n);
	if (k == MANNER_WRONG_OPCODE)
		r->flags |= 4 << 11;
	if (k == MANNER_NOT_REPLY)
		r->flags = (uint16_t)(r->flags & ~FLAG_QR);
	if (k == MANNER_NO_QUESTION)
		r->has_question = false;
}

static enum fate do_transport(enum manner_kind k, bool stream, struct response *r)
{
	if (k == MANNER_TRUNCATES_ALWAYS || (k == MANNER_TRUNCATES && !stream)) {
		uint16_t flags = r->flags & FLAG_AA;
		response_clear(r, flags | FLAG_TC, RCODE_NOERROR);
	}
	if (k == MANNER_SILENT)
		return FATE_SILENCE;
	if (k == MANNER_CLOSES && stream)
		return FATE_RESET;
	return FATE_REPLY;
}

static bool is_octets(enum manner_kind k)
{
	return k == MANNER_TWO_QUESTIONS || k == MANNER_GARBAGE || k == MANNER_GARBLED ||
	       k == MANNER_TRAILING || k == MANNER_SHORT || k == MANNER_HEADER_ONLY;
}

static enum manner_kind mixed(unsigned number)
{
	static const enum manner_kind kinds[] = {
		MANNER_WRONG_ID,     MANNER_WRONG_NAME,  MANNER_WRONG_TYPE,    MANNER_WRONG_CLASS,
		MANNER_WRONG_OPCODE, MANNER_NOT_REPLY,   MANNER_TWO_QUESTIONS, MANNER_GARBAGE,
		MANNER_SHORT,        MANNER_HEADER_ONLY,
	};
	return kinds[number % (sizeof(kinds) / sizeof(kinds[0]))];
}

enum fate manner_apply(enum manner_kind k, struct world *w, struct host *h, const struct query *q,
		       bool stream, unsigned number, struct response *r)
{
	static const struct {
		enum manner_kind kind;
		uint16_t rcode;
	} rcodes[] = { { MANNER_REFUSED, RCODE_REFUSED },
		       { MANNER_SERVFAIL, RCODE_SERVFAIL },
		       { MANNER_FORMERR, RCODE_FORMERR },
		       { MANNER_NOTIMP, RCODE_NOTIMP },
		       { MANNER_NXDOMAIN, RCODE_NXDOMAIN } };
	if (k == MANNER_MIXED)
		k = mixed(number);
	for (unsigned i = 0; i < sizeof(rcodes) / sizeof(rcodes[0]); i++)
		if (rcodes[i].kind == k)
			response_clear(r, k == MANNER_NXDOMAIN ? FLAG_AA : 0, rcodes[i].rcode);
	if (k == MANNER_SILENT_EDNS && q->edns.present)
		return FATE_SILENCE;
	if (k == MANNER_RECURSIVE)
		authority_resolve(w, q, r);
	if (k >= MANNER_COOKIES && k <= MANNER_WRONG_COOKIE)
		do_cookies(k, r, q, stream);
	do_edns(k, r, q);
	if (k >= MANNER_UPWARD && k <= MANNER_DEEPER)
		do_referral(k, h, r);
	do_content(k, r);
	do_question(k, number, r);
	return is_octets(k) ? FATE_OCTETS : do_transport(k, stream, r);
}

size_t manner_bend(enum manner_kind k, unsigned number, uint8_t *octets, size_t len, size_t size)
{
	if (k == MANNER_MIXED)
		k = mixed(number);
	if (k == MANNER_GARBAGE)
		for (size_t i = 0; i < len; i++)
			octets[i] = (uint8_t)(i * 37 + 11 + number);
	if (k == MANNER_GARBLED) { /* it is the answer, but its records say more than is there */
		octets[7] = (uint8_t)(octets[7] + 3);
	}
	if (k == MANNER_TRAILING && len + 4 < size) {
		memset(octets + len, 0xee, 4);
		return len + 4;
	}
	if (k == MANNER_TWO_QUESTIONS)
		octets[5] = 2;
	if (k == MANNER_SHORT)
		return number % HEADER_OCTETS;
	if (k == MANNER_HEADER_ONLY)
		return HEADER_OCTETS;
	return len;
}
