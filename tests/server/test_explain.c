#include "tests/server/control_case.h"

#include "resolver/server/explain.h"

#include <stdlib.h>

static const struct question question = { .name = { 3, { 1, 'a', 0 } }, .type = TYPE_A, .class = CLASS_IN };

static char *written(void (*write)(FILE *, const struct trace *, const struct message *),
                     const struct trace *t, const struct message *m)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	write(out, t, m);
	CU_ASSERT_EQUAL(fclose(out), 0);
	return text;
}

static struct trace *filled(void)
{
	struct trace *t = trace_new(1000);
	struct address server = { .family = FAMILY_IPV4, .octets = { 192, 0, 2, 1 }, .port = 53 };
	struct rrset set = { .owner = question.name, .type = TYPE_A, .class = CLASS_IN };
	struct rrsig sig = { .tag = 4711, .algorithm = 13, .signer = { 1, { 0 } } };
	struct outcome o = { .kind = OUTCOME_ANSWER };
	CU_ASSERT_PTR_NOT_NULL_FATAL(t);
	trace_question(t, TRACE_MISSING, &question);
	trace_question(t, TRACE_MISSING, &question);
	trace_exchange(t, TRACE_SENT, &question, &server, false, 0, NULL);
	trace_at(t, 1020, 1);
	trace_got(t, &question, &server, false, 20, RCODE_NOERROR, "the answer");
	trace_signature(t, &set, &sig, (struct reason){ EDE_BOGUS, "SGWR it \"does\" not fit" });
	trace_judged(t, &question, &o, SECURITY_BOGUS, (struct reason){ EDE_BOGUS, "SGWR it \"does\" not fit" });
	return t;
}

static void test_a_trace_in_words_names_servers_keys_and_where_it_broke(void)
{
	static const char *const lines[] = {
		"     0 ms  a. A is not in the cache\n",
		"     0 ms  -> 192.0.2.1 over UDP: a. A\n",
		"    20 ms    <- 192.0.2.1: the answer (NOERROR, 20 ms)\n",
		"signature over a. A by ., key tag 4711, ECDSAP256SHA256 (13): no good, SGWR it",
		"SERVFAIL\n",
		"it broke here: a. A, answer, is judged bogus: SGWR it",
	};
	struct trace *t = filled();
	struct message m = { .rcode = RCODE_SERVFAIL };
	char *text = written(explain_plain, t, &m);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		CU_ASSERT_PTR_NOT_NULL(strstr(text, lines[i]));
	char *first = strstr(text, "not in the cache");
	CU_ASSERT_FATAL(first != NULL);
	CU_ASSERT_PTR_NULL(strstr(first + 1, "not in the cache"));
	free(text);
	trace_drop(t);
}

static void test_a_trace_as_json_is_escaped_and_says_the_same(void)
{
	static const char *const parts[] = {
		"{\"event\":\"sent\",\"at_ms\":0,\"level\":0,\"name\":\"a.\",\"type\":\"A\","
		"\"server\":\"192.0.2.1\",\"transport\":\"udp\"}",
		"\"signer\":\".\",\"tag\":4711,\"algorithm\":13,\"good\":false,"
		"\"reason\":\"SGWR it \\\"does\\\" not fit\",\"ede\":6}",
		"\"rcode\":\"SERVFAIL\",\"ad\":false",
		"\"broke\":{\"event\":\"judged\"",
	};
	struct trace *t = filled();
	struct message m = { .rcode = RCODE_SERVFAIL };
	char *text = written(explain_json, t, &m);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		CU_ASSERT_PTR_NOT_NULL(strstr(text, parts[i]));
	CU_ASSERT_PTR_NULL(strchr(text, '\t'));
	free(text);
	trace_drop(t);
}

static void test_an_answer_that_came_broke_nowhere(void)
{
	struct trace *t = filled();
	struct message m = { .rcode = RCODE_NOERROR, .flags = FLAG_AD };
	char *text = written(explain_json, t, &m);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "\"broke\":null"));
	free(text);
	text = written(explain_plain, t, &m);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "NOERROR, validated (AD)\n"));
	CU_ASSERT_PTR_NULL(strstr(text, "it broke here"));
	free(text);
	trace_drop(t);
}

static const struct unit_test tests[] = {
	UNIT(test_a_trace_in_words_names_servers_keys_and_where_it_broke),
	UNIT(test_a_trace_as_json_is_escaped_and_says_the_same),
	UNIT(test_an_answer_that_came_broke_nowhere),
};
const struct unit_suite suite_explain = { "explain", tests, sizeof(tests) / sizeof(tests[0]) };
