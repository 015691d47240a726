#define _GNU_SOURCE /* syscall */
#include "resolver/server/sandbox.h"

#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* All of them, in every set, so that not even root's processes have any. */
static enum err drop_capabilities(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { 0 };
	for (unsigned long c = 0; prctl(PR_CAPBSET_READ, c, 0, 0, 0) >= 0; c++)
		(void)prctl(PR_CAPBSET_DROP, c, 0, 0, 0); /* refused to who has none anyway */
	return syscall(SYS_capset, &head, none) == 0 ? ERR_OK : ERR_IO;
}

/* The keeper speaks for all of them: the system is the same. */
static void complain(enum sandbox_role role, struct log *log, const char *wall, enum err e)
{
	const char *why = e == ERR_IO ? strerror(errno) : err_text(e);
	switch (role) {
	case SANDBOX_KEEPER:
		log_warning(log, "going on without %s: %s", wall, why);
		break;
	case SANDBOX_WORKER:
		log_debug(log, "going on without %s: %s", wall, why);
		break;
	}
}

void sandbox_close(enum sandbox_role role, const struct config *config, struct log *log)
{
	enum err e = drop_capabilities();
	if (e != ERR_OK)
		complain(role, log, "dropping capabilities", e);
	e = config->server.landlock ? landlock_restrict(role, config) : ERR_OK;
	if (e != ERR_OK)
		complain(role, log, "Landlock", e);
	e = config->server.seccomp != SECCOMP_OFF ? syscalls_restrict(role, config->server.seccomp)
	                                          : ERR_OK;
	if (e != ERR_OK)
		complain(role, log, "seccomp", e);
}
