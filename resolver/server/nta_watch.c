#include "resolver/server/nta_watch.h"

#include "resolver/server/channel.h"
#include "resolver/wire/reader.h"
#include "resolver/wire/writer.h"

#include <stdlib.h>

/* Beyond the numbers of anchor_watch.c. */
static const uint64_t check_bit = (uint64_t)1 << 63;

void nta_watch_take(struct nta_watch *w, const uint8_t *octets, size_t len)
{
	struct name *before = w->policy->ntas;
	if (policy_read_ntas(w->policy, octets, len) != ERR_OK) {
		log_error(w->log, "negative trust anchors could not be taken over");
		return;
	}
	tasks_set_ntas(w->tasks, &w->policy->validate);
	free(before);
}

/* The SOA stands for the zone: either it or its absence is signed. */
void nta_watch_check(struct nta_watch *w, struct now now, const uint8_t *octets, size_t len)
{
	struct reader r = reader_of(octets, len);
	struct question q = { .type = TYPE_SOA, .class = CLASS_IN };
	read_plain_name_to(&r, &q.name);
	if (reader_finish(&r) != ERR_OK || w->out != 0)
		return;
	uint64_t number = check_bit | ++w->last;
	if (!tasks_check(w->tasks, now, &q, number))
		return;
	w->out = number;
	name_copy(&w->name, &q.name);
}

/* Signed, or proven to be unsigned: without the exception clients get an answer. */
static bool is_content(const struct outcome *o)
{
	return o != NULL && (o->security == SECURITY_SECURE || o->security == SECURITY_INSECURE);
}

bool nta_watch_probed(struct nta_watch *w, const struct deed *d)
{
	uint8_t octets[NAME_OCTETS];
	struct writer out = writer_of(octets, sizeof(octets));
	if (d->client != w->out || w->out == 0)
		return false;
	w->out = 0;
	write_plain_name(&out, &w->name);
	if (is_content(d->outcome) && out.err == ERR_OK &&
	    channel_send(w->supervisor, CHANNEL_NTA_OVER, octets, writer_length(&out)) != ERR_OK)
		log_warning(w->log, "the supervisor could not be told of a negative trust anchor");
	return true;
}
