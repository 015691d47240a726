#include "resolver/iterate/exchange.h"

#include "resolver/base/limits.h"
#include "resolver/wire/query.h"
#include "resolver/wire/reader.h"
#include "resolver/wire/writer.h"
#include <string.h>

enum { UDP_SIZE_PLAIN = 512 }; /* RFC 1035 section 4.2.1 */

/* RFC 7873 section 6: another one for every server. */
static void make_cookie(const struct siphash_key *key, const struct address *server,
                        uint8_t out[COOKIE_CLIENT])
{
	uint8_t host[17] = { server->family };
	memcpy(host + 1, server->octets, sizeof(server->octets));
	uint64_t h = siphash(key, host, sizeof(host));
	for (unsigned i = 0; i < COOKIE_CLIENT; i++)
		out[i] = (uint8_t)(h >> (8 * i));
}

static bool is_letter(uint8_t c)
{
	return (uint8_t)((c | 0x20) - 'a') < 26;
}

/* 0x20: every letter's case by chance.  Length octets are at most 63, so none of them looks like a letter. */
static void randomise_case(struct name *n, struct rng *rng)
{
	uint32_t bits = 0;
	unsigned left = 0;
	for (unsigned i = 0; i < n->len; i++) {
		if (!is_letter(n->wire[i]))
			continue;
		if (left == 0) {
			bits = rng_u32(rng);
			left = 32;
		}
		n->wire[i] = (uint8_t)((n->wire[i] & ~0x20) | ((bits & 1) != 0 ? 0x20 : 0));
		bits >>= 1;
		left--;
	}
}

static void add_cookie(struct exchange *x, struct edns *edns, const struct iterate_env *env,
                       const struct server *known)
{
	make_cookie(&env->cookie_key, &x->to, x->cookie);
	edns->has_cookie = true;
	memcpy(edns->cookie.client, x->cookie, COOKIE_CLIENT);
	memcpy(edns->cookie.server, known->cookie, known->cookie_len);
	edns->cookie.server_len = known->cookie_len;
	x->has_cookie = true;
	x->wants_cookie = known->cookie_len > 0;
}

size_t exchange_write(struct exchange *x, const struct iterate_env *env, const struct server *known,
                      uint8_t out[EXCHANGE_OCTETS_MAX])
{
	const struct iterate_policy *p = env->policy;
	struct edns edns = {
		.present = x->edns != EDNS_OFF,
		.udp_size = p->udp_size,
		.dnssec_ok = p->dnssec,
	};
	x->id = (uint16_t)rng_u32(env->rng);
	x->udp_size = edns.present && p->udp_size > UDP_SIZE_PLAIN ? p->udp_size : UDP_SIZE_PLAIN;
	x->has_cookie = x->wants_cookie = false;
	if (x->edns == EDNS_FULL && p->cookies)
		add_cookie(x, &edns, env, known);
	if (x->cased)
		randomise_case(&x->asked.name, env->rng);
	struct writer w = writer_of(out, EXCHANGE_OCTETS_MAX);
	query_write(&w, x->id, x->flags, &x->asked, &edns);
	return w.err == ERR_OK ? writer_length(&w) : 0;
}

/* Header bits that a server may set as it likes; all others must be as a reply to us has them. */
static bool flags_fit(const struct exchange *x, uint16_t flags)
{
	if ((flags & FLAG_QR) == 0 || flags_opcode(flags) != OPCODE_QUERY)
		return false;
	return x->any_rd || (flags & FLAG_RD) == (x->flags & FLAG_RD);
}

/* A server that could not read the question may send the header alone (RFC 1035 section 4.1.1). */
static bool may_lack_question(const struct exchange *x, uint16_t flags)
{
	unsigned rcode = flags & 0xf;
	return x->transport == TRANSPORT_TCP && (rcode == RCODE_FORMERR || rcode == RCODE_NOTIMP);
}

static enum match match_question(const struct exchange *x, struct reader *r)
{
	struct name name = read_name(r);
	uint16_t type = read_u16(r);
	uint16_t class = read_u16(r);
	if (r->err != ERR_OK || type != x->asked.type || class != x->asked.class ||
	    !name_equal(&name, &x->asked.name))
		return MATCH_NEAR;
	return x->cased && !name_equal_exact(&name, &x->asked.name) ? MATCH_CASE : MATCH_YES;
}

/* The COOKIE option in the OPT record, if the reader can get there. */
static bool find_cookie(struct reader r, unsigned records, struct reader *out)
{
	for (unsigned i = 0; i < records && r.err == ERR_OK; i++) {
		(void)read_name(&r);
		uint16_t type = read_u16(&r);
		(void)read_octets(&r, 6); /* class and TTL */
		uint16_t len = read_u16(&r);
		struct reader rdata = read_slice(&r, len);
		if (type != TYPE_OPT || r.err != ERR_OK)
			continue;
		for (unsigned n = 0; reader_left(&rdata) > 0 && n < LIMIT_EDNS_OPTIONS; n++) {
			uint16_t code = read_u16(&rdata);
			uint16_t size = read_u16(&rdata);
			*out = read_slice(&rdata, size);
			if (rdata.err == ERR_OK && code == EDNS_COOKIE)
				return true;
		}
		return false;
	}
	return false;
}

/* RFC 7873 section 5.3: a wrong client part is thrown away, and none if the server has cookies. */
static bool cookie_fits(const struct exchange *x, struct reader r, unsigned records,
                        struct match_cookie *out)
{
	struct reader option;
	if (!x->has_cookie)
		return true;
	if (!find_cookie(r, records, &option))
		return !x->wants_cookie || x->transport == TRANSPORT_TCP;
	size_t len = reader_left(&option);
	const uint8_t *client = read_octets(&option, COOKIE_CLIENT);
	if (client == NULL || memcmp(client, x->cookie, COOKIE_CLIENT) != 0)
		return false;
	len -= COOKIE_CLIENT;
	if (len >= COOKIE_SERVER_MIN && len <= COOKIE_SERVER_MAX)
		*out = (struct match_cookie){ option.at, len };
	return true;
}

enum match exchange_match(const struct exchange *x, const uint8_t *octets, size_t len,
                          struct match_cookie *cookie)
{
	struct reader r = reader_of(octets, len);
	uint16_t id = read_u16(&r);
	uint16_t flags = read_u16(&r);
	uint16_t questions = read_u16(&r);
	unsigned records = read_u16(&r);
	records += read_u16(&r);
	records += read_u16(&r);
	*cookie = (struct match_cookie){ NULL, 0 };
	if (r.err != ERR_OK || id != x->id || !flags_fit(x, flags))
		return MATCH_NEAR;
	if (questions == 0 && may_lack_question(x, flags))
		return MATCH_YES;
	if (questions != 1) /* RFC 9619 section 4 */
		return MATCH_NEAR;
	enum match m = match_question(x, &r);
	if (m == MATCH_NEAR || !cookie_fits(x, r, records, cookie))
		return MATCH_NEAR;
	return m;
}
