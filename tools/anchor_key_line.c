#include "tools/anchor_key_line.h"

#include "validator/moment.h"

static void print_moment(FILE *out, const char *label, int64_t seconds)
{
	char text[32];
	struct text t = text_of(text, sizeof(text));
	if (seconds == 0)
		return;
	moment_text(&t, seconds);
	(void)fprintf(out, " %s %s", label, t.err == ERR_OK ? text : "?");
}

/* The first two words are for programs. */
static void print_key(FILE *out, const struct anchor_key *k)
{
	char zone[NAME_TEXT_MAX];
	name_text(&k->zone, zone);
	(void)fprintf(out, "%u %s algorithm %u zone %s", k->tag, key_state_text(k->state),
	              k->algorithm, zone);
	print_moment(out, "since", k->since_s);
	print_moment(out, "seen", k->last_s);
	if (k->state == KEY_ADDPEND)
		print_moment(out, "held until", k->hold_s);
	if (k->type == TYPE_DS)
		(void)fputs(" known by digest", out);
	if (k->state == KEY_REVOKED || k->state == KEY_REMOVED)
		(void)fprintf(out, " last signed as %u", anchor_key_revoked_tag(k));
	(void)fputc('\n', out);
}

void anchor_key_lines(FILE *out, const struct anchor_state *s)
{
	for (size_t i = 0; i < s->count; i++)
		print_key(out, &s->keys[i]);
}

bool anchor_health_lines(FILE *out, const struct anchor_state *s, bool allow_sha1)
{
	bool red = false;
	for (size_t i = 0; i < s->zone_count; i++) {
		char zone[NAME_TEXT_MAX];
		enum anchor_health h = anchor_state_health(s, &s->zones[i].name, allow_sha1);
		name_text(&s->zones[i].name, zone);
		(void)fprintf(out, "zone %s: %s\n", zone, anchor_health_text(h));
		red = red || anchor_health_is_red(h);
	}
	return red;
}

void anchor_next_lines(FILE *out, const struct anchor_state *s)
{
	for (size_t i = 0; i < s->zone_count; i++) {
		char zone[NAME_TEXT_MAX];
		name_text(&s->zones[i].name, zone);
		(void)fprintf(out, "zone %s:", zone);
		print_moment(out, "to be asked again at", s->zones[i].next_s);
		(void)fputs(s->zones[i].next_s == 0 ? " not asked yet\n" : "\n", out);
	}
}

void anchor_report_lines(FILE *out, const struct rfc5011_report *r)
{
	switch (r->outcome) {
	case RFC5011_BELIEVED:
		break;
	case RFC5011_REFUSED:
		(void)fprintf(out, "the DNSKEY RRset is not believed: %s\n",
		              fault_reason(r->fault).text);
		break;
	case RFC5011_CLOCK:
		(void)fputs("the time is before that of signatures already believed: nothing is "
		            "done\n", out);
		break;
	}
	for (unsigned i = 0; i < r->count && i < RFC5011_CHANGES; i++)
		(void)fprintf(out, "key %u: %s -> %s\n", r->changes[i].tag,
		              key_state_text(r->changes[i].from), key_state_text(r->changes[i].to));
	if (r->full)
		(void)fputs("too many new keys at once: some are not followed\n", out);
}
