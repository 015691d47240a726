#include "resolver/wire/query.h"

static enum query_kind error(struct query *q, uint16_t rcode)
{
	q->rcode = rcode;
	return QUERY_ERROR;
}

/* A question that is no copy of anything before it has nothing to point at. */
static bool read_question(struct reader *r, struct question *q)
{
	read_plain_name_to(r, &q->name);
	q->type = read_u16(r);
	q->class = read_u16(r);
	return r->err == ERR_OK;
}

/* The one record that may follow: OPT at the root (RFC 6891 section 6.1.1). */
static bool read_opt(struct reader *r, struct edns *out)
{
	uint8_t owner = read_u8(r);
	uint16_t type = read_u16(r);
	uint16_t class = read_u16(r);
	uint32_t ttl = read_u32(r);
	uint16_t len = read_u16(r);
	struct reader rdata = read_slice(r, len);
	if (r->err != ERR_OK || owner != 0 || type != TYPE_OPT)
		return false;
	return edns_parse(rdata, class, ttl, out) == ERR_OK;
}

/* What is asked for without looking whether there was an OPT at all; the rest costs time on the hot path. */
static void forget_edns(struct query *q)
{
	q->edns.present = q->edns.dnssec_ok = q->edns.compact_ok = false;
}

enum query_kind query_parse(const uint8_t *octets, size_t len, struct query *out)
{
	struct reader r = reader_of(octets, len);
	out->id = read_u16(&r);
	out->flags = read_u16(&r);
	out->opcode = flags_opcode(out->flags);
	out->rcode = RCODE_NOERROR;
	out->has_question = false;
	forget_edns(out);
	uint16_t questions = read_u16(&r);
	uint16_t answers = read_u16(&r);
	uint16_t authorities = read_u16(&r);
	uint16_t additionals = read_u16(&r);
	if (r.err != ERR_OK || (out->flags & FLAG_QR) != 0)
		return QUERY_DROP;
	if (questions > 1) /* RFC 9619 section 4 */
		return error(out, out->opcode == OPCODE_QUERY ? RCODE_FORMERR : RCODE_NOTIMP);
	bool readable = questions == 0 || read_question(&r, &out->question);
	if (readable && answers == 0 && authorities == 0 && additionals > 0 && !read_opt(&r, &out->edns))
		forget_edns(out);
	/* Of what is not ours to read only an OPT in its usual place counts: RFC 6891 section 6.1.1. */
	if (out->opcode != OPCODE_QUERY)
		return error(out, RCODE_NOTIMP);
	out->has_question = questions == 1 && readable;
	if (!readable || answers != 0 || authorities != 0 || additionals > 1 ||
	    (additionals == 1 && !out->edns.present) || reader_finish(&r) != ERR_OK)
		return error(out, RCODE_FORMERR);
	if (!out->edns.present)
		return questions == 1 ? QUERY_OK : error(out, RCODE_FORMERR);
	if (out->edns.version != 0)
		return error(out, RCODE_BADVERS);
	if (out->edns.bad_cookie_length || out->edns.bad_subnet)
		return error(out, RCODE_FORMERR);
	if (questions == 0) /* only to learn a server cookie: RFC 7873 section 5.4 */
		return error(out, out->edns.has_cookie ? RCODE_NOERROR : RCODE_FORMERR);
	return QUERY_OK;
}

void query_write(struct writer *w, uint16_t id, uint16_t flags, const struct question *q,
		 const struct edns *edns)
{
	write_u16(w, id);
	write_u16(w, flags);
	write_u16(w, 1);
	write_u16(w, 0);
	write_u16(w, 0);
	write_u16(w, edns->present ? 1 : 0);
	write_name(w, &q->name);
	write_u16(w, q->type);
	write_u16(w, q->class);
	edns_write(w, edns);
}

const char *rcode_name(uint16_t rcode)
{
	switch (rcode) {
	case RCODE_NOERROR:
		return "NOERROR";
	case RCODE_FORMERR:
		return "FORMERR";
	case RCODE_SERVFAIL:
		return "SERVFAIL";
	case RCODE_NXDOMAIN:
		return "NXDOMAIN";
	case RCODE_NOTIMP:
		return "NOTIMP";
	case RCODE_REFUSED:
		return "REFUSED";
	case RCODE_YXDOMAIN:
		return "YXDOMAIN";
	case RCODE_NOTAUTH:
		return "NOTAUTH";
	case RCODE_BADVERS:
		return "BADVERS";
	case RCODE_BADCOOKIE:
		return "BADCOOKIE";
	default:
		return NULL;
	}
}
