/* The anchor state file, as it came and with a checksum that is right. */
#include "tests/fuzz/fuzz.h"

#include "validator/anchor_text.h"
#include "validator/rfc5011.h"

#include <inttypes.h>
#include <string.h>

static const struct now then = { 0, 1800000000 };

static void is_possible(const struct anchor_state *s)
{
	FUZZ_CHECK(s->count > 0 || s->zone_count == 0);
	for (size_t i = 0; i < s->count; i++) {
		const struct anchor_key *k = &s->keys[i];
		FUZZ_CHECK(anchor_state_zone(s, &k->zone) != NULL);
		FUZZ_CHECK(k->type == TYPE_DNSKEY || anchor_key_trusted(k));
		FUZZ_CHECK(k->state != KEY_ADDPEND || k->hold_s - k->first_s >= RFC5011_HOLD_S);
	}
}

static void survives_text(const struct anchor_state *s)
{
	struct anchor_state again;
	struct anchor_text_error why;
	char *text, *second;
	FUZZ_CHECK(anchor_text_write(s, &text) == ERR_OK);
	FUZZ_CHECK(anchor_text_read(text, strlen(text), then, &again, &why) == ERR_OK);
	FUZZ_CHECK(anchor_text_write(&again, &second) == ERR_OK);
	FUZZ_CHECK(strcmp(text, second) == 0);
	anchor_state_clear(&again);
	free(text);
	free(second);
}

static void read_one(const char *text, size_t len)
{
	struct anchor_state s;
	struct anchor_text_error why;
	if (anchor_text_read(text, len, then, &s, &why) != ERR_OK) {
		FUZZ_CHECK(why.what[0] != '\0');
		return;
	}
	is_possible(&s);
	survives_text(&s);
	anchor_state_clear(&s);
}

static size_t body_length(const char *text, size_t len)
{
	for (size_t i = 0; i + 9 < len; i++)
		if ((i == 0 || text[i - 1] == '\n') && memcmp(text + i, "checksum ", 9) == 0)
			return i;
	return len;
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	enum { SUM = 40 };
	const char *text = (const char *)octets;
	read_one(text, len);
	size_t body = body_length(text, len);
	char *copy = malloc(body + SUM);
	if (copy == NULL)
		return 0;
	if (body > 0)
		memcpy(copy, text, body);
	int sum = snprintf(copy + body, SUM, "checksum %016" PRIx64 "\n",
	                   anchor_text_checksum(copy, body));
	read_one(copy, body + (size_t)sum);
	free(copy);
	return 0;
}
