#include "cache/shares.h"

#include <string.h>

size_t shares_add(struct shares *s, uint64_t zone, size_t octets)
{
	unsigned least = 0;
	for (unsigned i = 0; i < SHARES_KEPT; i++) {
		if (s->at[i].zone == zone && s->at[i].octets > 0) {
			s->at[i].octets += octets;
			return s->at[i].octets - s->at[i].error;
		}
		if (s->at[i].octets < s->at[least].octets)
			least = i;
	}
	s->at[least].zone = zone;
	s->at[least].error = s->at[least].octets;
	s->at[least].octets += octets;
	return octets;
}

size_t shares_of(const struct shares *s, uint64_t zone)
{
	for (unsigned i = 0; i < SHARES_KEPT; i++) {
		if (s->at[i].zone == zone)
			return s->at[i].octets - s->at[i].error;
	}
	return 0;
}

void shares_restart(struct shares *s)
{
	memset(s, 0, sizeof(*s));
}
