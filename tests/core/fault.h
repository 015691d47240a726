/*
 * fault.h - the n-th allocation fails, and every one after it; only inside the code under test.
 *
 * The program is linked with --wrap for malloc, calloc and realloc.
 */
#ifndef TESTS_CORE_FAULT_H
#define TESTS_CORE_FAULT_H

#include <stdbool.h>
#include <stddef.h>

/* From now on inside fault_enter/fault_leave: the n-th allocation (from 1) fails.  0: none. */
void fault_after(size_t n);
void fault_only(size_t n); /* the n-th alone */
bool fault_struck(void);   /* since fault_after or fault_only */

void fault_enter(void);
void fault_leave(void);

#endif
