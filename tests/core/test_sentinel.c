/* RFC 8509, threats F10: what goes out, resolved and from the cache, before and after the anchors change. */
#include "tests/core/nets.h"
#include "tests/unit.h"

#include "validator/anchor_state.h"
#include "validator/anchors.h"

#include <stdio.h>

#define IS "root-key-sentinel-is-ta-"
#define NOT "root-key-sentinel-not-ta-"
#define A " 300 A 198.51.100.8\n"

static const struct site net[] = {
	{ ROOT_ADDRESS, ".",
	  ". 86400 SOA ns.root. admin.root. 1 1800 900 604800 300\n"
	  ". 86400 NS ns.root.\n"
	  "ns.root. 86400 A 192.0.2.1\n"
	  IS "38696.plain. 300 A 198.51.100.9\n"
	  "secure. 86400 NS ns.secure.\n"
	  "ns.secure. 86400 A 192.0.2.4\n", false, 0 },
	{ SECURE_ADDRESS, "secure.",
	  "@ 3600 SOA ns admin 1 1800 900 604800 300\n"
	  "@ 3600 NS ns\n"
	  "ns A 192.0.2.4\n"
	  IS "20326" A NOT "20326" A IS "38696" A NOT "38696" A IS "00000" A NOT "00000" A
	  IS "20326 300 TXT \"text\"\n" NOT "20326 300 TXT \"text\"\n"
	  NOT "20326 300 AAAA 2001:db8::8\n"
	  IS "2032" A IS "020326" A IS "99999" A IS "65535" A
	  "www." IS "38696" A "x" IS "38696" A
	  IS "00001 300 CNAME " IS "38696\n"
	  "www 300 CNAME " IS "38696\n"
	  NOT "00001 300 CNAME " IS "38696.plain.\n" NOT "00002" A, false, 0 },
};

enum trust { NOBODY, OLD, BOTH, NEW };

/* Taken by the world. */
static struct anchors *anchors_of(struct world *w, enum trust trust)
{
	struct anchors *a;
	struct rrset *set = anchors_built_in(w->arena);
	struct anchor_state none = { 0 };
	size_t count;
	if (trust == NEW)
		set->rdata++;
	if (trust == OLD || trust == NEW)
		set->count = 1;
	if (trust == NOBODY) { /* both revoked */
		CU_ASSERT_EQUAL_FATAL(anchor_state_trust(&none, set, 1, w->now), ERR_OK);
		none.keys[0].state = none.keys[1].state = KEY_REVOKED;
		CU_ASSERT_EQUAL_FATAL(anchor_state_sets(&none, false, w->arena, &set, &count), ERR_OK);
		CU_ASSERT_EQUAL_FATAL(anchors_new(set, count, &a), ERR_OK);
		anchor_state_clear(&none);
		return a;
	}
	CU_ASSERT_EQUAL_FATAL(anchors_new(set, 1, &a), ERR_OK);
	return a;
}

static struct world *trusting(enum trust trust)
{
	struct world *w = world_new(net, sizeof(net) / sizeof(net[0]));
	w->policy.validate = w->policy.sentinel = true;
	w->keep_finished = true;
	w->anchors = anchors_of(w, trust);
	world_start(w);
	return w;
}

static void trust(struct world *w, enum trust trust)
{
	struct anchors *before = w->anchors;
	w->anchors = anchors_of(w, trust);
	tasks_set_anchors(w->tasks, w->anchors);
	anchors_free(before);
}

/* Resolved, from the cache, as a finished answer. */
static bool answers(struct world *w, const char *name, uint16_t type, uint32_t flags)
{
	bool first = world_resolve(w, name, type, flags)->reply.rcode == RCODE_NOERROR;
	for (unsigned i = 0; i < 3; i++) {
		struct client *c = world_resolve(w, name, type, flags | WORLD_EDNS);
		bool good = c->reply.rcode == RCODE_NOERROR;
		CU_ASSERT_EQUAL(good, first);
		CU_ASSERT_TRUE(good || world_error(c, 0) == EDE_OTHER);
		CU_ASSERT_TRUE(good || c->reply.rcode == RCODE_SERVFAIL);
		CU_ASSERT_TRUE(good || c->reply.section[SECTION_ANSWER].count == 0);
	}
	return first;
}

static void test_table_of_rfc8509_section_3_2(void)
{
	static const struct {
		const char *tag;
		bool trusted[4]; /* by enum trust */
	} rows[] = {
		{ "20326", { false, true, true, false } },
		{ "38696", { false, false, true, true } },
		{ "00000", { false, false, false, false } }, /* that of the DS that nobody meets */
	};
	struct world *w = trusting(NOBODY);
	for (unsigned t = NOBODY; t <= NEW; t++) {
		for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
			char is[64], not[64];
			trust(w, (enum trust)t); /* what is cached was told under another set */
			snprintf(is, sizeof(is), IS "%s.secure.", rows[i].tag);
			snprintf(not, sizeof(not), NOT "%s.secure.", rows[i].tag);
			CU_ASSERT_EQUAL(answers(w, is, TYPE_A, 0), rows[i].trusted[t]);
			CU_ASSERT_EQUAL(answers(w, not, TYPE_A, 0), !rows[i].trusted[t]);
			CU_ASSERT_TRUE(answers(w, is, TYPE_A, FLAG_CD));
			CU_ASSERT_TRUE(answers(w, not, TYPE_A, FLAG_CD));
		}
	}
	world_free(w);
}

static void test_conditions_of_rfc8509_section_3_1(void)
{
	static const struct {
		const char *name;
		uint16_t type;
		bool answers;
	} rows[] = {
		{ NOT "20326.secure.", TYPE_A, false },
		{ "ROOT-key-Sentinel-NOT-ta-20326.Secure.", TYPE_A, false },
		{ NOT "20326.secure.", TYPE_AAAA, false },
		{ NOT "20326.secure.", TYPE_TXT, true },
		{ IS "38696.secure.", TYPE_A, false },
		{ IS "38696.secure.", TYPE_AAAA, false }, /* a secure NODATA */
		{ IS "38696.plain.", TYPE_A, true },      /* insecure */
		{ "www." IS "38696.secure.", TYPE_A, true },
		{ "x" IS "38696.secure.", TYPE_A, true },
		{ IS "2032.secure.", TYPE_A, true },
		{ IS "020326.secure.", TYPE_A, true },
		{ IS "99999.secure.", TYPE_A, true },
		{ IS "65535.secure.", TYPE_A, false },
		{ IS "00001.secure.", TYPE_A, false },     /* an alias, all of it secure */
		{ "www.secure.", TYPE_A, true },           /* the name in the question counts */
		{ NOT "00001.secure.", TYPE_A, true },     /* into insecure */
		{ NOT "00002.secure.", TYPE_A, true },
	};
	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct world *w = trusting(OLD);
		CU_ASSERT_EQUAL(answers(w, rows[i].name, rows[i].type, 0), rows[i].answers);
		CU_ASSERT_EQUAL(answers(w, rows[i].name, rows[i].type, WORLD_DO), rows[i].answers);
		CU_ASSERT_TRUE(answers(w, rows[i].name, rows[i].type, FLAG_CD));
		world_free(w);
	}
}

static void test_sentinel_can_be_switched_off(void)
{
	struct world *w = world_new(net, sizeof(net) / sizeof(net[0]));
	w->policy.validate = true;
	w->anchors = anchors_of(w, OLD);
	world_start(w);
	CU_ASSERT_TRUE(answers(w, NOT "20326.secure.", TYPE_A, 0));
	CU_ASSERT_TRUE(answers(w, IS "38696.secure.", TYPE_A, 0));
	world_free(w);
}

static const struct unit_test tests[] = {
	UNIT(test_table_of_rfc8509_section_3_2),
	UNIT(test_conditions_of_rfc8509_section_3_1),
	UNIT(test_sentinel_can_be_switched_off),
};

extern const struct unit_suite suite_sentinel;
const struct unit_suite suite_sentinel = { "sentinel", tests, sizeof(tests) / sizeof(tests[0]) };
