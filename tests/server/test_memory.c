#include "resolver/server/memory.h"
#include "tests/server/daemon_suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define MIB ((uint64_t)1 << 20)

/* Files below a directory of their own. */
struct place {
	char top[64];
};

static void put(const struct place *p, const char *name, const char *text)
{
	char path[300];
	CU_ASSERT_FATAL(snprintf(path, sizeof(path), "%s%s", p->top, name) < (int)sizeof(path));
	char *slash = path + strlen(p->top);
	while ((slash = strchr(slash + 1, '/')) != NULL) {
		*slash = '\0';
		(void)mkdir(path, 0700);
		*slash = '/';
	}
	FILE *f = fopen(path, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	CU_ASSERT(fputs(text, f) >= 0);
	CU_ASSERT_EQUAL(fclose(f), 0);
}

static void place_open(struct place *p)
{
	strcpy(p->top, "/tmp/memoryXXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(p->top));
}

static void place_close(const struct place *p)
{
	char command[100];
	CU_ASSERT_FATAL(snprintf(command, sizeof(command), "rm -rf '%s'", p->top) < (int)sizeof(command));
	CU_ASSERT_EQUAL(system(command), 0);
}

static void test_d11_the_least_bound_of_our_control_groups_counts(void)
{
	struct place p;
	place_open(&p);
	CU_ASSERT_EQUAL(memory_least(p.top, 1000 * MIB), 1000 * MIB);
	put(&p, "/proc/self/cgroup", "0::/system.slice/warrend.service\n");
	CU_ASSERT_EQUAL(memory_least(p.top, 1000 * MIB), 1000 * MIB);
	put(&p, "/sys/fs/cgroup/system.slice/warrend.service/memory.max", "max\n");
	CU_ASSERT_EQUAL(memory_least(p.top, 1000 * MIB), 1000 * MIB);
	put(&p, "/sys/fs/cgroup/system.slice/memory.max", "268435456\n");
	CU_ASSERT_EQUAL(memory_least(p.top, 1000 * MIB), 256 * MIB);
	put(&p, "/sys/fs/cgroup/system.slice/warrend.service/memory.max", "134217728\n");
	CU_ASSERT_EQUAL(memory_least(p.top, 1000 * MIB), 128 * MIB);
	CU_ASSERT_EQUAL(memory_least(p.top, 64 * MIB), 64 * MIB);
	/* a container sees itself as the root */
	put(&p, "/proc/self/cgroup", "0::/\n");
	put(&p, "/sys/fs/cgroup/memory.max", "33554432\n");
	CU_ASSERT_EQUAL(memory_least(p.top, 1000 * MIB), 32 * MIB);
	/* version 1 */
	put(&p, "/proc/self/cgroup", "5:cpu,cpuacct:/a\n4:memory:/a/b\n1:name=systemd:/\n");
	put(&p, "/sys/fs/cgroup/memory/a/b/memory.limit_in_bytes", "9223372036854771712\n");
	put(&p, "/sys/fs/cgroup/memory/a/memory.limit_in_bytes", "67108864\n");
	CU_ASSERT_EQUAL(memory_least(p.top, 1000 * MIB), 64 * MIB);
	put(&p, "/proc/self/cgroup", "nonsense\n::\n4:memory\n");
	put(&p, "/sys/fs/cgroup/memory.max", "\n");
	CU_ASSERT_EQUAL(memory_least(p.top, 1000 * MIB), 1000 * MIB);
	place_close(&p);
}

static void test_d11_caches_take_at_most_half_of_the_memory(void)
{
	struct config c = { .cache = { .store_octets = 256 * MIB,
		                       .hot_octets = 32 * MIB,
		                       .answers_octets = 16 * MIB } };
	const struct config all = c;
	struct log log;
	log_init(&log, LOG_LEVEL_ERROR, 10, "test");
	memory_fit(&c, 2, true, 704 * MIB, &log);
	CU_ASSERT_EQUAL(memcmp(&c, &all, sizeof(c)), 0);
	memory_fit(&c, 2, false, 192 * MIB, &log);
	CU_ASSERT_EQUAL(memcmp(&c, &all, sizeof(c)), 0);
	memory_fit(&c, 2, true, 128 * MIB, &log);
	uint64_t sum = c.cache.store_octets + 2 * (c.cache.hot_octets + c.cache.answers_octets);
	CU_ASSERT(sum <= 64 * MIB && sum >= 63 * MIB);
	CU_ASSERT_EQUAL(c.cache.store_octets / 8 / 1000, c.cache.hot_octets / 1000);
	c = all;
	memory_fit(&c, 2, false, 128 * MIB, &log);
	CU_ASSERT_EQUAL(c.cache.store_octets, 256 * MIB);
	CU_ASSERT(c.cache.hot_octets < 32 * MIB);
	memory_fit(&c, 2, true, 1, &log);
	CU_ASSERT_EQUAL(c.cache.store_octets, MIB); /* the least that may be configured */
	CU_ASSERT_EQUAL(c.cache.answers_octets, MIB);
}

static void test_d11_questions_under_way_take_at_most_a_quarter(void)
{
	struct config c = { .limits = { .tasks = 4096 } };
	struct log log;
	log_init(&log, LOG_LEVEL_ERROR, 10, "test");
	memory_fit(&c, 2, true, 1024 * MIB, &log);
	CU_ASSERT_EQUAL(c.limits.tasks, 4096);
	memory_fit(&c, 2, true, 128 * MIB, &log);
	CU_ASSERT_EQUAL(c.limits.tasks, 512);
	memory_fit(&c, 2, true, 1, &log);
	CU_ASSERT_EQUAL(c.limits.tasks, 64);
	c.limits.tasks = 16;
	memory_fit(&c, 2, true, 1, &log);
	CU_ASSERT_EQUAL(c.limits.tasks, 16);
}

static const struct unit_test tests[] = {
	UNIT(test_d11_the_least_bound_of_our_control_groups_counts),
	UNIT(test_d11_caches_take_at_most_half_of_the_memory),
	UNIT(test_d11_questions_under_way_take_at_most_a_quarter),
};

const struct unit_suite suite_memory = { "memory", tests, sizeof(tests) / sizeof(tests[0]) };
