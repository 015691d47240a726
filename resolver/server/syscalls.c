#include "warren_build.h"
#include "resolver/server/sandbox.h"

#ifdef HAVE_SECCOMP

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/socket.h>

/* Memory, time, signals to itself, waiting, and what is already open: every process of ours. */
static const char *const basic[] = {
	"brk", "mmap", "mmap2", "munmap", "mremap", "mprotect", "madvise", "membarrier",
	"futex", "futex_time64", "set_robust_list", "get_robust_list", "rseq", "sched_yield",
	"sched_getaffinity", "getcpu", "restart_syscall",
	"clock_gettime", "clock_gettime64", "clock_getres", "clock_getres_time64", "gettimeofday", "time",
	"nanosleep", "clock_nanosleep", "clock_nanosleep_time64", "setitimer",
	"rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigreturn", "sigaltstack", "tgkill",
	"getpid", "gettid", "getppid", "getuid", "geteuid", "getgid", "getegid", "getrandom",
	"getrusage", "getrlimit", "ugetrlimit", "sysinfo", "uname", "exit", "exit_group",
	"epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait", "epoll_pwait2", "eventfd2",
	"poll", "ppoll", "ppoll_time64", "select", "_newselect", "pselect6", "pselect6_time64", "pipe2",
	"timerfd_create", "timerfd_settime", "timerfd_settime64",
	"read", "readv", "pread64", "preadv", "write", "writev", "close", "lseek", "_llseek", "dup",
	"fcntl", "fcntl64", "fstat", "fstat64", "stat", "stat64", "lstat", "lstat64", "fstatat64",
	"newfstatat", "statx", "open", "openat", "access", "faccessat", "faccessat2", "readlink",
	"readlinkat", "getcwd", "fstatfs", "fstatfs64", "getdents64", "ftruncate", "ftruncate64",
	"sendmsg", "recvmsg", "sendto", "recvfrom", "send", "recv",
};

static const char *const network[] = {
	"bind", "connect", "accept", "accept4", "getsockname", "getpeername", "getsockopt",
	"setsockopt", "sendmmsg", "recvmmsg", "recvmmsg_time64", "shutdown",
};

static const char *const files[] = {
	"pwrite64", "pwritev", "fsync", "fdatasync", "msync", "fallocate", "fadvise64",
	"rename", "renameat", "renameat2", "unlink", "unlinkat", "mkdir", "mkdirat", "fchmod",
	"umask", "flock", "sendfile", "sendfile64", "copy_file_range",
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* A name that this machine or this libseccomp does not know needs no rule. */
static int allow(scmp_filter_ctx filter, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int number = seccomp_syscall_resolve_name(names[i]);
		int e = number == __NR_SCMP_ERROR ? 0 : seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 0);
		if (e < 0 && e != -EDOM)
			return e;
	}
	return 0;
}

static int allow_if(scmp_filter_ctx filter, int number, struct scmp_arg_cmp condition)
{
	return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, number, 1, &condition);
}

/* Upstream sockets of the two families, and no other. */
static int allow_network(scmp_filter_ctx filter)
{
	int e = allow(filter, network, COUNT(network));
	if (e == 0)
		e = allow_if(filter, SCMP_SYS(socket), SCMP_A0(SCMP_CMP_EQ, AF_INET, 0));
	return e == 0 ? allow_if(filter, SCMP_SYS(socket), SCMP_A0(SCMP_CMP_EQ, AF_INET6, 0)) : e;
}

/* A thread writes the snapshot (LMDB's compacting copy); no process is made. */
static int allow_files(scmp_filter_ctx filter)
{
	int e = allow(filter, files, COUNT(files));
	if (e == 0)
		e = allow_if(filter, SCMP_SYS(clone),
		             SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
	/* Its flags lie in memory where no filter sees them: libc then uses clone(2). */
	return e == 0 ? seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) : e;
}

static uint32_t default_of(enum config_seccomp action)
{
	switch (action) {
	case SECCOMP_OFF:
	case SECCOMP_LOG:
		return SCMP_ACT_LOG;
	case SECCOMP_REFUSE:
		return SCMP_ACT_ERRNO(EPERM);
	case SECCOMP_KILL:
		return SCMP_ACT_KILL_PROCESS;
	}
	return SCMP_ACT_ERRNO(EPERM);
}

enum err syscalls_restrict(enum sandbox_role role, enum config_seccomp action)
{
	scmp_filter_ctx filter = seccomp_init(default_of(action));
	if (filter == NULL)
		return ERR_NOMEM;
	int e = allow(filter, basic, COUNT(basic));
	if (e == 0)
		e = role == SANDBOX_WORKER ? allow_network(filter) : allow_files(filter);
	if (e == 0)
		e = seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 0); /* place.c has */
#if SCMP_VER_MAJOR > 2 || (SCMP_VER_MAJOR == 2 && SCMP_VER_MINOR >= 5)
	/* A tree instead of a list, for kernels that do not remember verdicts (before 5.11). */
	if (e == 0)
		(void)seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
#endif
	if (e == 0)
		e = seccomp_load(filter);
	seccomp_release(filter);
	if (e == 0)
		return ERR_OK;
	errno = -e;
	return ERR_IO;
}

#else

enum err syscalls_restrict(enum sandbox_role role, enum config_seccomp action)
{
	(void)role;
	(void)action;
	return ERR_UNSUPPORTED;
}

#endif
