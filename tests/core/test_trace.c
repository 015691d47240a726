#include "tests/core/nets.h"
#include "tests/unit.h"

/* "Events of that kind are in the trace", the first of them. */
static const struct trace_event *find(const struct trace *t, enum trace_kind kind)
{
	for (unsigned i = 0; i < t->count; i++) {
		if (t->events[i].kind == kind)
			return &t->events[i];
	}
	return NULL;
}

static unsigned count(const struct trace *t, enum trace_kind kind)
{
	unsigned n = 0;
	for (unsigned i = 0; i < t->count; i++)
		n += t->events[i].kind == kind;
	return n;
}

static struct world *traced(struct trace **trace)
{
	struct world *w = net_new();
	w->policy.validate = true;
	world_start(w);
	w->trace = *trace = trace_new(w->now.mono_ms);
	CU_ASSERT_PTR_NOT_NULL_FATAL(*trace);
	return w;
}

static void done(struct world *w, struct trace *t)
{
	world_free(w);
	CU_ASSERT_EQUAL(t->holders, 1);
	trace_drop(t);
}

static void test_a_trace_tells_the_way_from_the_root_to_the_answer(void)
{
	struct trace *t;
	struct world *w = traced(&t);
	struct client *c = world_resolve(w, "www.example.com.", TYPE_A, 0);
	CU_ASSERT_TRUE(world_has_address(c, "www.example.com.", "198.51.100.1"));
	CU_ASSERT_EQUAL(t->events[0].kind, TRACE_MISSING);
	CU_ASSERT(count(t, TRACE_CUT) >= 3);
	CU_ASSERT_EQUAL(count(t, TRACE_SENT), count(t, TRACE_GOT));
	CU_ASSERT_STRING_EQUAL(find(t, TRACE_GOT)->what, "a referral");
	CU_ASSERT_EQUAL(find(t, TRACE_GOT)->ms, 10);
	CU_ASSERT_EQUAL(t->events[t->count - 1].kind, TRACE_JUDGED);
	CU_ASSERT_EQUAL(t->events[t->count - 1].security, SECURITY_INSECURE);
	done(w, t);
}

static void test_what_is_known_is_told_and_asked_anew_when_wanted(void)
{
	struct trace *t;
	struct world *w = traced(&t);
	(void)world_resolve(w, "www.example.com.", TYPE_A, 0);
	unsigned before = t->count, sends = w->sends;
	(void)world_resolve(w, "www.example.com.", TYPE_A, 0);
	CU_ASSERT_EQUAL(t->count, before + 1);
	CU_ASSERT_EQUAL(t->events[before].kind, TRACE_FOUND);
	CU_ASSERT_STRING_EQUAL(t->events[before].what, "in the cache");
	CU_ASSERT_EQUAL(w->sends, sends);
	w->fresh = true;
	struct client *c = world_resolve(w, "www.example.com.", TYPE_A, 0);
	CU_ASSERT_TRUE(world_has_address(c, "www.example.com.", "198.51.100.1"));
	CU_ASSERT_EQUAL(w->sends, sends + 1);
	done(w, t);
}

static void test_sub_questions_are_told_one_level_deeper(void)
{
	struct trace *t;
	struct world *w = traced(&t);
	(void)world_resolve(w, "www.keyed.secure.", TYPE_A, 0);
	const struct trace_event *needs = find(t, TRACE_NEEDS);
	CU_ASSERT_PTR_NOT_NULL_FATAL(needs);
	CU_ASSERT_EQUAL(needs->question.type, TYPE_DNSKEY);
	CU_ASSERT_EQUAL(needs->level, 0);
	unsigned deeper = 0;
	for (const struct trace_event *e = needs; e < t->events + t->count; e++)
		deeper += e->level == 1 && e->kind == TRACE_SENT && e->question.type == TYPE_DNSKEY;
	CU_ASSERT_EQUAL(deeper, 1);
	done(w, t);
}

static void test_silence_and_failure_are_told(void)
{
	struct trace *t;
	struct world *w = traced(&t);
	world_site(w, EXAMPLE_ADDRESS)->silent = true;
	struct client *c = world_resolve(w, "www.example.com.", TYPE_A, 0);
	CU_ASSERT_EQUAL(c->reply.rcode, RCODE_SERVFAIL);
	CU_ASSERT(count(t, TRACE_SILENT) >= 2);
	const struct trace_event *failed = find(t, TRACE_FAILED);
	CU_ASSERT_PTR_NOT_NULL_FATAL(failed);
	CU_ASSERT(failed->reason[0] != '\0');
	unsigned before = t->count;
	(void)world_resolve(w, "www.example.com.", TYPE_A, 0);
	CU_ASSERT_EQUAL(t->events[before].kind, TRACE_FAILING);
	done(w, t);
}

static void test_a_bogus_answer_is_told_with_its_reason(void)
{
	struct trace *t;
	struct world *w = traced(&t);
	(void)world_resolve(w, "www.bogus.", TYPE_A, 0);
	const struct trace_event *judged = find(t, TRACE_JUDGED);
	CU_ASSERT_PTR_NOT_NULL_FATAL(judged);
	CU_ASSERT_EQUAL(judged->security, SECURITY_BOGUS);
	CU_ASSERT_STRING_EQUAL(judged->reason, "DBBG bogus by name");
	done(w, t);
}

static void test_a_trace_is_bounded_and_counts_what_it_lost(void)
{
	struct trace *t = trace_new(0);
	struct question q = world_question("www.example.com.", TYPE_A);
	CU_ASSERT_PTR_NOT_NULL_FATAL(t);
	for (unsigned i = 0; i < LIMIT_TRACE_EVENTS + 7; i++)
		trace_question(t, TRACE_MISSING, &q);
	struct address server = world_address(ROOT_ADDRESS);
	trace_got(t, &q, &server, false, 1, RCODE_REFUSED, "refused");
	CU_ASSERT_EQUAL(t->count, LIMIT_TRACE_EVENTS);
	CU_ASSERT_EQUAL(t->lost, 8);
	CU_ASSERT_EQUAL(t->events[t->count - 1].kind, TRACE_MISSING);
	CU_ASSERT_EQUAL(t->events[t->count - 1].rcode, 0);
	trace_drop(t);
	trace_drop(NULL);
	trace_question(NULL, TRACE_MISSING, &q);
}

static void test_questions_of_others_leave_no_trace(void)
{
	struct trace *t;
	struct world *w = traced(&t);
	(void)world_ask(w, "www.example.com.", TYPE_A, FLAG_RD);
	w->trace = NULL;
	unsigned before = t->count;
	(void)world_ask(w, "www.secure.", TYPE_A, FLAG_RD);
	CU_ASSERT_EQUAL(t->count, before);
	world_run(w, 2000);
	struct name secure = name_of("secure.");
	for (unsigned i = 0; i < t->count; i++)
		CU_ASSERT_FALSE(name_is_within(&t->events[i].question.name, &secure));
	done(w, t);
}

static const struct unit_test tests[] = {
	UNIT(test_a_trace_tells_the_way_from_the_root_to_the_answer),
	UNIT(test_what_is_known_is_told_and_asked_anew_when_wanted),
	UNIT(test_sub_questions_are_told_one_level_deeper),
	UNIT(test_silence_and_failure_are_told),
	UNIT(test_a_bogus_answer_is_told_with_its_reason),
	UNIT(test_a_trace_is_bounded_and_counts_what_it_lost),
	UNIT(test_questions_of_others_leave_no_trace),
};
const struct unit_suite suite_trace = { "trace", tests, sizeof(tests) / sizeof(tests[0]) };
