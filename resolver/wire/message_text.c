#include "resolver/wire/message.h"
#include "resolver/wire/zonetext.h"

#include <stdarg.h>
#include <stdio.h>

struct text {
	char *at, *end; /* end: the place of the last possible NUL */
};

__attribute__((format(printf, 2, 3))) static void put(struct text *t, const char *format, ...)
{
	size_t room = (size_t)(t->end - t->at) + 1;
	va_list args;
	va_start(args, format);
	int n = vsnprintf(t->at, room, format, args);
	va_end(args);
	if (n > 0)
		t->at = (size_t)n < room ? t->at + n : t->end;
}

static const char *opcode_text(uint8_t opcode)
{
	switch (opcode) {
	case OPCODE_QUERY:
		return "QUERY";
	case OPCODE_IQUERY:
		return "IQUERY";
	case OPCODE_STATUS:
		return "STATUS";
	case OPCODE_NOTIFY:
		return "NOTIFY";
	case OPCODE_UPDATE:
		return "UPDATE";
	case OPCODE_DSO:
		return "DSO";
	default:
		return "?";
	}
}

static void put_flags(struct text *t, uint16_t flags)
{
	static const struct {
		uint16_t bit;
		char text[4];
	} names[] = {
		{ FLAG_QR, "qr" }, { FLAG_AA, "aa" }, { FLAG_TC, "tc" }, { FLAG_RD, "rd" },
		{ FLAG_RA, "ra" }, { FLAG_Z, "z" },   { FLAG_AD, "ad" }, { FLAG_CD, "cd" },
	};
	put(t, ";; flags:");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if ((flags & names[i].bit) != 0)
			put(t, " %s", names[i].text);
	}
	put(t, "\n");
}

static void put_header(struct text *t, const struct message *m)
{
	const char *rcode = rcode_name(m->rcode);
	put(t, ";; opcode: %s, status: ", opcode_text(flags_opcode(m->flags)));
	if (rcode != NULL)
		put(t, "%s", rcode);
	else
		put(t, "RCODE%u", m->rcode);
	put(t, ", id: %u\n", m->id);
	put_flags(t, m->flags);
}

static void put_edns(struct text *t, const struct edns *e)
{
	if (!e->present)
		return;
	put(t, ";; EDNS: version: %u, flags:%s%s; udp: %u\n", e->version, e->dnssec_ok ? " do" : "",
	    e->compact_ok ? " co" : "", e->udp_size);
	for (unsigned i = 0; i < e->error_count && i < EDNS_ERRORS; i++)
		put(t, ";; EDE: %u (%s)\n", e->errors[i].ede, ede_text(e->errors[i].ede));
}

static void put_question(struct text *t, const struct question *q)
{
	char name[NAME_TEXT_MAX], type[TYPE_TEXT_MAX], class[TYPE_TEXT_MAX];
	name_text(&q->name, name);
	type_text(q->type, type);
	class_text(q->class, class);
	put(t, "\n;; QUESTION\n;%s %s %s\n", name, class, type);
}

static void put_section(struct text *t, const struct message *m, enum section s)
{
	static const char titles[SECTIONS][12] = { "ANSWER", "AUTHORITY", "ADDITIONAL" };
	if (m->section[s].count == 0)
		return;
	put(t, "\n;; %s\n", titles[s]);
	for (unsigned i = 0; i < m->section[s].count; i++) {
		(void)rrset_text(&m->section[s].sets[i], t->at, (size_t)(t->end - t->at) + 1);
		while (*t->at != '\0')
			t->at++;
	}
}

void message_text(const struct message *m, char *out, size_t size)
{
	if (size == 0)
		return;
	struct text t = { out, out + size - 1 };
	*out = '\0';
	put_header(&t, m);
	put_edns(&t, &m->edns);
	if (m->question_count == 1)
		put_question(&t, &m->question);
	for (unsigned s = 0; s < SECTIONS; s++)
		put_section(&t, m, (enum section)s);
}
