#include "resolver/server/memory.h"

#include <linux/magic.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

enum {
	PATH_OCTETS = 1024,
	LINE_OCTETS = 1024,
	SHARE = 2,          /* half: a quarter for questions under way, a quarter for all else */
	TASKS_SHARE = 4,
	TASK_OCTETS = 32 << 10, /* a question under way, the kernel's part of it too: measured, 30 KiB */
	TASKS_LEAST = 64,
	PERMILLE = 1000,
	CHILD_SCORE = 50,   /* permille of all memory: before the supervisor, not before everybody else */
	SCORE_MAX = 1000,
	HEAP_STEP = 256 << 10, /* octets by which the heap grows */
	HEAP_HELD = 4 << 20,   /* octets free at its end before it shrinks */
};

#define CACHE_LEAST ((uint64_t)1 << 20)

/* Of the first line of a file; no bound when there is none, or it says "max". */
static uint64_t read_bound(const char *path)
{
	char text[32] = "";
	FILE *f = fopen(path, "re");
	if (f == NULL)
		return UINT64_MAX;
	char *got = fgets(text, sizeof(text), f), *end;
	(void)fclose(f);
	uint64_t bound = got != NULL ? strtoull(text, &end, 10) : 0;
	return got == NULL || end == text ? UINT64_MAX : bound;
}

/* Of a group and all above it the least.  base: where groups of its kind are; group begins with a slash. */
static uint64_t group_bound(const char *root, const char *base, const char *group,
                            const char *name)
{
	char at[PATH_OCTETS], file[PATH_OCTETS + 64];
	uint64_t least = UINT64_MAX;
	int len = snprintf(at, sizeof(at), "%s%s%s", root, base, group);
	size_t shortest = strlen(root) + strlen(base);
	if (len < 0 || (size_t)len >= sizeof(at))
		return least;
	for (;;) {
		(void)snprintf(file, sizeof(file), "%s/%s", at, name);
		uint64_t bound = read_bound(file);
		least = bound < least ? bound : least;
		char *slash = strrchr(at + shortest, '/');
		if (slash == NULL)
			return least;
		*slash = '\0';
	}
}

/* A line of /proc/self/cgroup: number, controllers (none: version 2), path. */
static uint64_t line_bound(const char *root, char *line)
{
	char *controllers = strchr(line, ':');
	char *group = controllers != NULL ? strchr(controllers + 1, ':') : NULL;
	if (group == NULL)
		return UINT64_MAX;
	*controllers++ = '\0';
	*group++ = '\0';
	group[strcspn(group, "\n")] = '\0';
	if (controllers[0] == '\0')
		return group_bound(root, "/sys/fs/cgroup", group, "memory.max");
	if (strcmp(controllers, "memory") == 0)
		return group_bound(root, "/sys/fs/cgroup/memory", group, "memory.limit_in_bytes");
	return UINT64_MAX;
}

uint64_t memory_least(const char *root, uint64_t machine)
{
	char path[PATH_OCTETS], line[LINE_OCTETS];
	uint64_t least = machine;
	(void)snprintf(path, sizeof(path), "%s/proc/self/cgroup", root);
	FILE *f = fopen(path, "re");
	if (f == NULL)
		return least;
	while (fgets(line, sizeof(line), f) != NULL) {
		uint64_t bound = line_bound(root, line);
		least = bound < least ? bound : least;
	}
	(void)fclose(f);
	return least;
}

uint64_t memory_octets(void)
{
	long pages = sysconf(_SC_PHYS_PAGES), octets = sysconf(_SC_PAGESIZE);
	return memory_least("", pages > 0 && octets > 0 ? (uint64_t)pages * (uint64_t)octets : UINT64_MAX);
}

uint64_t memory_share(uint64_t octets)
{
	return octets / SHARE;
}

bool memory_holds(const char *directory)
{
	struct statfs fs;
	return statfs(directory, &fs) == 0 && (fs.f_type == TMPFS_MAGIC || fs.f_type == RAMFS_MAGIC);
}

static uint64_t part_of(uint64_t size, uint64_t permille)
{
	uint64_t part = size / PERMILLE * permille;
	return part < CACHE_LEAST ? CACHE_LEAST : part;
}

static void fit_caches(struct config_cache *c, unsigned workers, bool store_counts, uint64_t octets,
                       struct log *log)
{
	uint64_t wanted = (c->hot_octets + c->answers_octets) * workers;
	wanted += store_counts ? c->store_octets : 0;
	uint64_t share = memory_share(octets);
	if (wanted <= share)
		return;
	uint64_t permille = share / (wanted / PERMILLE);
	if (store_counts)
		c->store_octets = part_of(c->store_octets, permille);
	c->hot_octets = part_of(c->hot_octets, permille);
	c->answers_octets = part_of(c->answers_octets, permille);
	log_warning(log,
	            "caches of %llu MiB are more than half of the memory there is, %llu MiB: now "
	            "store-size is %lluK, hot-size %lluK, answers-size %lluK",
	            (unsigned long long)(wanted >> 20), (unsigned long long)(octets >> 20),
	            (unsigned long long)(c->store_octets >> 10), (unsigned long long)(c->hot_octets >> 10),
	            (unsigned long long)(c->answers_octets >> 10));
}

static void fit_tasks(struct config_limits *l, unsigned workers, uint64_t octets, struct log *log)
{
	uint64_t most = octets / TASKS_SHARE / TASK_OCTETS / workers;
	if (most < TASKS_LEAST)
		most = TASKS_LEAST;
	if (l->tasks <= most)
		return;
	log_warning(log,
	            "%u questions a worker are more than the memory there is, %llu MiB, is enough for: "
	            "now recursions is %llu",
	            l->tasks, (unsigned long long)(octets >> 20), (unsigned long long)most);
	l->tasks = (uint32_t)most;
}

void memory_fit(struct config *config, unsigned workers, bool store_counts, uint64_t octets,
                struct log *log)
{
	fit_caches(&config->cache, workers, store_counts, octets, log);
	fit_tasks(&config->limits, workers, octets, log);
}

void memory_offer(void)
{
	static const char path[] = "/proc/self/oom_score_adj";
	int score = 0;
	FILE *f = fopen(path, "re");
	if (f == NULL)
		return;
	if (fscanf(f, "%d", &score) != 1)
		score = 0;
	(void)fclose(f);
	score = score + CHILD_SCORE < SCORE_MAX ? score + CHILD_SCORE : SCORE_MAX;
	f = fopen(path, "we");
	if (f == NULL)
		return;
	(void)fprintf(f, "%d\n", score);
	(void)fclose(f);
}

/* By default glibc returns whatever is beyond 128 KiB: a brk(2) and its page faults for each few questions. */
void memory_hold(void)
{
#ifdef M_TRIM_THRESHOLD
	(void)mallopt(M_TRIM_THRESHOLD, HEAP_HELD);
	(void)mallopt(M_TOP_PAD, HEAP_STEP);
#endif
}
