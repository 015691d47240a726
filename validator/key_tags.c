#include "validator/key_tags.h"

#include "validator/anchor_state.h"
#include "validator/ds.h"
#include <stdio.h>
#include <string.h>

enum { TAG_DIGITS = 4, PREFIX = 3, PER_LABEL = (LABEL_OCTETS - PREFIX) / (TAG_DIGITS + 1) };

void key_tags_add(struct key_tags *t, uint16_t tag)
{
	unsigned i = 0;
	while (i < t->count && t->tags[i] < tag)
		i++;
	if (t->count == KEY_TAGS_MAX || (i < t->count && t->tags[i] == tag))
		return;
	memmove(&t->tags[i + 1], &t->tags[i], (t->count - i) * sizeof(t->tags[0]));
	t->tags[i] = tag;
	t->count++;
}

bool key_tags_has(const struct key_tags *t, uint16_t tag)
{
	for (unsigned i = 0; i < t->count; i++)
		if (t->tags[i] == tag)
			return true;
	return false;
}

struct key_tags key_tags_of(const struct anchors *a, const struct name *zone)
{
	struct key_tags t = { 0 };
	size_t count;
	const struct rrset *sets = anchors_all(a, &count);
	for (size_t i = 0; i < count; i++) {
		for (unsigned j = 0; j < sets[i].count && name_equal(&sets[i].owner, zone); j++) {
			struct ds ds;
			if (!anchor_ds_is_unmeetable(&sets[i].rdata[j]) &&
			    ds_parse(&sets[i].rdata[j], &ds) == ERR_OK)
				key_tags_add(&t, ds.tag);
		}
	}
	return t;
}

/* "_ta-4f66-9728" of up to PER_LABEL tags. */
static size_t write_label(char label[LABEL_OCTETS + 1], const uint16_t *tags, unsigned count)
{
	int at = snprintf(label, LABEL_OCTETS + 1, "_ta");
	for (unsigned i = 0; i < count; i++)
		at += snprintf(label + at, (size_t)(LABEL_OCTETS + 1 - at), "-%04x", tags[i]);
	return (size_t)at;
}

/* Labels are put in front of one another, so the last tags come first. */
enum err key_tags_question(const struct key_tags *t, const struct name *zone,
                           struct question *out)
{
	struct name name = *zone;
	if (t->count == 0)
		return ERR_NOTFOUND;
	for (unsigned left = t->count; left > 0;) {
		char label[LABEL_OCTETS + 1];
		unsigned first = (left - 1) / PER_LABEL * PER_LABEL;
		struct name longer;
		size_t len = write_label(label, t->tags + first, left - first);
		if (name_prepend((const uint8_t *)label, len, &name, &longer) != ERR_OK)
			return ERR_SPACE;
		name = longer;
		left = first;
	}
	*out = (struct question){ name, TYPE_NULL, CLASS_IN };
	return ERR_OK;
}
