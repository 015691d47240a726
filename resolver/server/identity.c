#include "resolver/server/identity.h"

#include "resolver/wire/type.h"

#include <string.h>

enum { TEXT_MAX = 255, POINTER_TO_QUESTION = 0xc000 | HEADER_OCTETS };

const char *identity_text(const struct config_server *c, const struct question *q)
{
	const struct {
		const char *name, *text;
	} table[] = {
		{ "version.bind.", c->version },
		{ "version.server.", c->version },
		{ "hostname.bind.", c->identity },
		{ "id.server.", c->identity },
	};
	if (q->class != CLASS_CH || q->type != TYPE_TXT)
		return NULL;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct name name = name_of(table[i].name);
		if (name_equal(&q->name, &name))
			return table[i].text[0] != '\0' ? table[i].text : NULL;
	}
	return NULL;
}

void identity_reply(const struct query *query, const char *text, const struct edns *edns,
                    struct writer *w)
{
	size_t len = strnlen(text, TEXT_MAX);
	write_u16(w, query->id);
	write_u16(w, (uint16_t)(FLAG_QR | FLAG_AA | FLAG_RA | (query->flags & (FLAG_RD | FLAG_CD))));
	write_u16(w, 1);
	write_u16(w, 1);
	write_u16(w, 0);
	write_u16(w, edns != NULL ? 1 : 0);
	write_plain_name(w, &query->question.name);
	write_u16(w, TYPE_TXT);
	write_u16(w, CLASS_CH);
	write_u16(w, POINTER_TO_QUESTION);
	write_u16(w, TYPE_TXT);
	write_u16(w, CLASS_CH);
	write_u32(w, 0); /* the next process may say something else */
	write_u16(w, (uint16_t)(len + 1));
	write_u8(w, (uint8_t)len);
	write_octets(w, text, len);
	if (edns != NULL)
		edns_write(w, edns);
}
