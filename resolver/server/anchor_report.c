#include "resolver/server/anchor_report.h"

#include "resolver/server/json.h"
#include "resolver/wire/text.h"
#include "validator/anchor_text.h"

#include <inttypes.h>
#include <string.h>

enum { KEYS_TEXT_MAX = 512 };

void anchor_report_keys(const struct anchor_state *s, const struct name *zone, char *out, size_t size)
{
	struct text t = text_of(out, size);
	for (size_t i = 0; i < s->count; i++) {
		const struct anchor_key *k = &s->keys[i];
		if (!name_equal(&k->zone, zone))
			continue;
		text_put(&t, t.at == out ? "" : ", ");
		text_number(&t, k->tag);
		text_char(&t, ' ');
		text_put(&t, key_state_text(k->state));
	}
	if (t.at == out)
		text_put(&t, "none");
}

static void zone_plain(const struct anchor_state *s, const struct name *zone, bool allow_sha1, FILE *out)
{
	char name[NAME_TEXT_MAX], keys[KEYS_TEXT_MAX];
	name_text(zone, name);
	anchor_report_keys(s, zone, keys, sizeof(keys));
	fprintf(out, "%-12s %s %s; %s\n", "anchors", name, keys,
	        anchor_health_text(anchor_state_health(s, zone, allow_sha1)));
}

static void keys_json(const struct anchor_state *s, const struct name *zone, FILE *out)
{
	const char *before = "";
	for (size_t i = 0; i < s->count; i++) {
		const struct anchor_key *k = &s->keys[i];
		if (!name_equal(&k->zone, zone))
			continue;
		fprintf(out, "%s{\"tag\":%u,\"algorithm\":%u,\"state\":\"%s\",\"since\":%" PRId64
		        ",\"first\":%" PRId64 ",\"last\":%" PRId64 ",\"hold\":%" PRId64 "}", before, k->tag,
		        k->algorithm, key_state_text(k->state), k->since_s, k->first_s, k->last_s, k->hold_s);
		before = ",";
	}
}

/* Times are seconds since 1970, 0 for never. */
static void zone_json(const struct anchor_state *s, const struct anchor_zone *zone, bool allow_sha1,
                      FILE *out)
{
	char name[NAME_TEXT_MAX];
	enum anchor_health h = anchor_state_health(s, &zone->name, allow_sha1);
	name_text(&zone->name, name);
	fputs("{\"zone\":", out);
	json_string(out, name);
	fprintf(out, ",\"red\":%s,\"health\":", anchor_health_is_red(h) ? "true" : "false");
	json_string(out, anchor_health_text(h));
	fprintf(out, ",\"believed\":%" PRId64 ",\"refused\":%" PRId64 ",\"next\":%" PRId64 ",\"keys\":[",
	        zone->believed_s, zone->refused_s, zone->next_s);
	keys_json(s, &zone->name, out);
	fputs("]}", out);
}

void anchor_report(const char *text, bool allow_sha1, bool json, FILE *out)
{
	struct anchor_state s = { 0 };
	struct anchor_text_error why;
	struct now never = { 0 }; /* a state has its own times */
	if (text != NULL && anchor_text_read(text, strlen(text), never, &s, &why) != ERR_OK)
		s = (struct anchor_state){ 0 };
	fputs(json ? "[" : "", out);
	for (size_t i = 0; i < s.zone_count; i++) {
		fputs(json && i > 0 ? "," : "", out);
		if (json)
			zone_json(&s, &s.zones[i], allow_sha1, out);
		else
			zone_plain(&s, &s.zones[i].name, allow_sha1, out);
	}
	if (json)
		fputs("]", out);
	else if (s.zone_count == 0)
		fprintf(out, "%-12s as configured or built in; their state is not kept\n", "anchors");
	anchor_state_clear(&s);
}
