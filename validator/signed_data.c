#include "validator/signed_data.h"

#include "resolver/wire/rdata.h"
#include <stdlib.h>
#include <string.h>

enum { RRSIG_HEAD = 18, RECORD_HEAD = 10 };

static int compare(const void *a, const void *b)
{
	return rdata_compare_canonical(a, b);
}

/* RFC 4034 section 6.3: a record that differs from another only in case counts once. */
static void sort_out(struct signed_data *d)
{
	if (d->count > 1)
		qsort(d->rdata, d->count, sizeof(*d->rdata), compare);
	unsigned kept = 0;
	for (unsigned i = 0; i < d->count; i++) {
		if (kept == 0 || rdata_compare_canonical(&d->rdata[kept - 1], &d->rdata[i]) != 0)
			d->rdata[kept++] = d->rdata[i];
	}
	d->count = kept;
}

static enum err canonise(struct signed_data *d, size_t total)
{
	struct writer w = writer_of(d->room, total);
	for (unsigned i = 0; i < d->set->count; i++) {
		uint8_t *at = w.at;
		rdata_write_canonical(&w, d->set->type, &d->set->rdata[i]);
		if (w.err != ERR_OK)
			return w.err;
		d->rdata[i] = (struct rdata){ (uint16_t)(w.at - at), at };
	}
	d->count = d->set->count;
	sort_out(d);
	return ERR_OK;
}

enum err signed_data_init(struct signed_data *d, const struct rrset *set, size_t spare)
{
	size_t total = 0;
	for (unsigned i = 0; i < set->count; i++)
		total += set->rdata[i].len;
	*d = (struct signed_data){ .set = set };
	d->size =
	    RRSIG_HEAD + NAME_OCTETS + total + set->count * (size_t)(NAME_OCTETS + RECORD_HEAD);
	enum err e = ERR_NOMEM;
	d->rdata = calloc(set->count + 1u, sizeof(*d->rdata));
	d->room = malloc(total + 1);
	d->octets = malloc(d->size + spare);
	if (d->rdata == NULL || d->room == NULL || d->octets == NULL)
		goto fail;
	e = canonise(d, total);
	if (e == ERR_OK)
		return ERR_OK;
fail:
	signed_data_clear(d);
	return e;
}

void signed_data_clear(struct signed_data *d)
{
	free(d->rdata);
	free(d->room);
	free(d->octets);
	*d = (struct signed_data){ 0 };
}

/* RFC 4035 section 5.3.2: fewer labels than the owner has mean it came from "*." and the rest. */
static enum err signed_owner(const struct rrset *set, unsigned labels, struct name *out)
{
	struct name owner = set->owner;
	name_lower(&owner);
	unsigned own = name_labels(&owner) - name_is_wildcard(&owner);
	*out = owner;
	if (labels >= own)
		return ERR_OK;
	struct name encloser = name_suffix(&owner, labels);
	return name_wildcard(&encloser, out);
}

static void write_head(struct writer *w, const struct rrsig *sig)
{
	struct name signer = sig->signer;
	name_lower(&signer);
	write_u16(w, sig->covered);
	write_u8(w, sig->algorithm);
	write_u8(w, sig->labels);
	write_u32(w, sig->original_ttl);
	write_u32(w, sig->expiration);
	write_u32(w, sig->inception);
	write_u16(w, sig->tag);
	write_plain_name(w, &signer);
}

size_t signed_data_for(struct signed_data *d, const struct rrsig *sig)
{
	struct name owner;
	if (signed_owner(d->set, sig->labels, &owner) != ERR_OK)
		return 0;
	struct writer w = writer_of(d->octets, d->size);
	write_head(&w, sig);
	for (unsigned i = 0; i < d->count; i++) {
		write_plain_name(&w, &owner);
		write_u16(&w, d->set->type);
		write_u16(&w, d->set->class);
		write_u32(&w, sig->original_ttl);
		write_u16(&w, d->rdata[i].len);
		write_octets(&w, d->rdata[i].octets, d->rdata[i].len);
	}
	return w.err == ERR_OK ? writer_length(&w) : 0;
}
