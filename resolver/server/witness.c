#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "resolver/server/witness.h"

#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/wait.h>

struct witness *witness_new(unsigned count)
{
	void *p = mmap(NULL, count * sizeof(struct witness), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return p != MAP_FAILED ? p : NULL;
}

void witness_free(struct witness *w, unsigned count)
{
	if (w != NULL)
		(void)munmap(w, count * sizeof(*w));
}

/* A sanitizer ends the process with a status where otherwise a signal would. */
static bool is_its_own_doing(int status)
{
	if (!WIFSIGNALED(status))
		return WEXITSTATUS(status) != 0;
	switch (WTERMSIG(status)) {
	case SIGSEGV:
	case SIGBUS:
	case SIGABRT:
	case SIGILL:
	case SIGFPE:
		return true;
	}
	return false;
}

bool witness_saw_death(struct witness *w, int status)
{
	bool was = w->inside;
	w->inside = false;
	return was && is_its_own_doing(status);
}
