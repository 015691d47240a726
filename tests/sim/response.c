#include "tests/sim/response.h"

#include <assert.h>
#include <string.h>

void response_init(struct response *r, struct arena *a, const struct query *q)
{
	*r = (struct response){ .arena = a, .id = q->id };
	r->flags = FLAG_QR | (q->flags & (0x7800 | FLAG_RD | FLAG_CD));
	r->has_question = q->has_question;
	r->question = q->question;
	r->sigs = q->edns.present && q->edns.dnssec_ok;
	r->edns = (struct edns){ .present = q->edns.present,
				 .udp_size = LIMIT_UDP_SIZE,
				 .dnssec_ok = r->sigs };
}

void response_clear(struct response *r, uint16_t flags, uint16_t rcode)
{
	r->flags = (uint16_t)(FLAG_QR | (r->flags & (FLAG_RD | FLAG_CD)) | flags);
	r->rcode = rcode;
	r->needed_glue = 0;
	for (unsigned s = 0; s < SECTIONS; s++)
		r->section[s].count = 0;
}

void response_add(struct response *r, enum section section, const struct rrset *set)
{
	unsigned count = r->section[section].count;
	if (set == NULL)
		return;
	for (unsigned i = 0; i < count && i < 16; i++) {
		const struct rrset *there = r->section[section].sets[i];
		if (there == set || (there->type == set->type && rrset_same_data(there, set) &&
				     name_equal_exact(&there->owner, &set->owner)))
			return;
	}
	if (count == r->section[section].room) {
		unsigned room = count == 0 ? 8 : 4 * count;
		const struct rrset **more = arena_array(r->arena, room, sizeof(*more));
		assert(more != NULL);
		if (count > 0)
			memcpy(more, r->section[section].sets, count * sizeof(*more));
		r->section[section].sets = more;
		r->section[section].room = room;
	}
	r->section[section].sets[r->section[section].count++] = set;
}

/* What was not written of a section; r->sigs decides about RRSIGs. */
static unsigned write_section(const struct response *r, struct writer *w, enum section s,
			      uint16_t *records)
{
	for (unsigned i = 0; i < r->section[s].count; i++) {
		const struct rrset *set = r->section[s].sets[i];
		if (!write_rrset(w, set, set->ttl, r->sigs, 0, records))
			return r->section[s].count - i;
	}
	return 0;
}

static bool write_sections(const struct response *r, struct writer *w, uint16_t counts[SECTIONS])
{
	for (enum section s = SECTION_ANSWER; s < SECTIONS; s++) {
		unsigned left = write_section(r, w, s, &counts[s]);
		unsigned optional =
		    s == SECTION_ADDITIONAL ? r->section[s].count - r->needed_glue : 0;
		if (left > optional)
			return false;
	}
	return true;
}

size_t response_write(const struct response *r, size_t limit, uint8_t *out, size_t size)
{
	uint16_t counts[SECTIONS] = { 0 };
	struct edns edns = r->edns;
	edns.extended_rcode = (uint8_t)(r->rcode >> 4);
	struct writer w = writer_of(out, r->uncut || limit > size ? size : limit);
	write_u16(&w, r->id);
	write_u16(&w, (uint16_t)(r->flags | (r->rcode & 0xf)));
	write_u16(&w, r->has_question);
	for (unsigned s = 0; s < SECTIONS; s++)
		write_u16(&w, 0);
	if (r->has_question) {
		write_name(&w, &r->question.name);
		write_u16(&w, r->question.type);
		write_u16(&w, r->question.class);
	}
	uint8_t *end = w.end;
	size_t reserve = edns.present ? edns_size(&edns) : 0;
	w.end -= reserve < writer_left(&w) ? reserve : writer_left(&w);
	bool whole = write_sections(r, &w, counts);
	w.end = end;
	if (edns.present)
		edns_write(&w, &edns);
	for (unsigned s = 0; s < SECTIONS; s++)
		write_u16_at(&w, 6 + 2 * s,
			     (uint16_t)(counts[s] + (s == SECTION_ADDITIONAL && edns.present)));
	if (!whole)
		out[2] |= FLAG_TC >> 8;
	assert(w.err == ERR_OK);
	return writer_length(&w);
}
