#include "tests/core/fault.h"

static struct {
	size_t left;
	bool armed, inside, once, struck;
} fault;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

void fault_after(size_t n)
{
	fault.left = n;
	fault.armed = n > 0;
	fault.once = fault.struck = false;
}

void fault_only(size_t n)
{
	fault_after(n);
	fault.once = true;
}

bool fault_struck(void)
{
	return fault.struck;
}

void fault_enter(void)
{
	fault.inside = true;
}

void fault_leave(void)
{
	fault.inside = false;
}

static bool strikes(void)
{
	if (!fault.inside || !fault.armed)
		return false;
	if (fault.left > 1) {
		fault.left--;
		return false;
	}
	fault.struck = true;
	if (fault.once)
		fault.armed = false;
	return true;
}

void *__wrap_malloc(size_t size)
{
	return strikes() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return strikes() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	return strikes() ? NULL : __real_realloc(old, size);
}
