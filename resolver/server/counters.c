#include "resolver/server/counters.h"

#include <stdio.h>
#include <sys/mman.h>

struct counters *counters_new(unsigned slots)
{
	void *p = mmap(NULL, slots * sizeof(struct counters), PROT_READ | PROT_WRITE,
	               MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return p == MAP_FAILED ? NULL : p;
}

void counters_free(struct counters *c, unsigned slots)
{
	if (c != NULL)
		(void)munmap(c, slots * sizeof(struct counters));
}

void counters_forget_gauges(struct counters *c)
{
#define COUNTER_FORGET(name, words) count_set(&c->name, 0);
	COUNTER_GAUGES(COUNTER_FORGET)
#undef COUNTER_FORGET
}

static uint64_t sum(const struct counters *c, unsigned slots, size_t offset)
{
	uint64_t total = 0;
	for (unsigned i = 0; i < slots; i++) {
		const char *slot = (const char *)&c[i];
		const _Atomic uint64_t *word = (const void *)(slot + offset);
		total += atomic_load_explicit(word, memory_order_relaxed);
	}
	return total;
}

void counters_text(const struct counters *c, unsigned slots, bool json, char *out, size_t size)
{
	static const struct {
		const char *name;
		size_t offset;
	} table[] = {
#define COUNTER_ROW(name, words) { #name, offsetof(struct counters, name) },
		COUNTERS(COUNTER_ROW)
#undef COUNTER_ROW
	};
	size_t at = 0;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		unsigned long long v = sum(c, slots, table[i].offset);
		int n = json ? snprintf(out + at, size - at, "%s\"%s\":%llu", i == 0 ? "{" : ",",
		                        table[i].name, v)
			     : snprintf(out + at, size - at, "%s %llu\n", table[i].name, v);
		if (n < 0 || (size_t)n >= size - at)
			return;
		at += (size_t)n;
	}
	if (json)
		snprintf(out + at, size - at, "}");
}
