#include "tests/server/config_case.h"

struct bad {
	const char *text;
	unsigned line, column;
	const char *words; /* part of the message */
};

static void all_refused(const struct bad *cases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct config_error why;
		config_refused(cases[i].text, &why);
		bool right = why.at.line == cases[i].line && why.at.column == cases[i].column &&
			     strstr(why.what, cases[i].words) != NULL;
		if (!right)
			(void)fprintf(stderr, "case %zu: %u:%u: %s\n", i, why.at.line,
				      why.at.column, why.what);
		CU_ASSERT_TRUE(right);
	}
}

#define REFUSED(cases) all_refused((cases), sizeof(cases) / sizeof((cases)[0]))

static void test_unknown_keys_name_the_nearest(void)
{
	static const struct bad cases[] = {
		{ "server:\n  mininal-answers: yes\n", 2, 3,
		  "unknown key 'mininal-answers' (did you mean 'minimal-answers'?)" },
		{ "sever: {}\n", 1, 1, "unknown key 'sever' (did you mean 'server'?)" },
		{ "server:\n  prefetch: yes\n", 2, 3, "(it belongs under 'cache')" },
		{ "server:\n  zzzzzzzzzzzz: yes\n", 2, 3, "unknown key 'zzzzzzzzzzzz'" },
		{ "prefetch: yes\n", 1, 1, "(it belongs under 'cache')" },
		{ "server:\n  \"wor\\0kers\": 1\n", 2, 3, "unknown key" },
		{ "stub-zones:\n  - zone: a.\n    server: [192.0.2.1]\n", 3, 5,
		  "(did you mean 'servers'?)" },
		{ "server:\n  \"a\\nb\": 1\n", 2, 3, "unknown key 'a?b'" },
	};
	REFUSED(cases);
}

static void test_duplicate_keys_name_the_first(void)
{
	static const struct bad cases[] = {
		{ "server:\n  workers: 1\n  tcp: yes\n  workers: 2\n", 4, 3,
		  "duplicate key 'workers': it is there already, in line 2" },
		{ "cache: {}\nserver: {}\ncache: {}\n", 3, 1, "in line 1" },
		{ "stub-zones:\n- zone: a.\n  zone: b.\n", 3, 3, "duplicate key 'zone'" },
	};
	REFUSED(cases);
}

static void test_wrong_types_say_what_is_allowed(void)
{
	static const struct bad cases[] = {
		{ "server:\n  tcp: maybe\n", 2, 8,
		  "tcp: 'maybe' is neither yes nor no: expected yes or no" },
		{ "server:\n  workers: many\n", 2, 12, "expected a whole number from 0 to 64" },
		{ "server:\n  workers: 4.5\n", 2, 12, "does not end in a unit" },
		{ "server:\n  workers: 0x10\n", 2, 12, "does not end in a unit" },
		{ "server:\n  workers: +4\n", 2, 12, "is not a number" },
		{ "server:\n  workers: [4]\n", 2, 12, "a list stands here" },
		{ "server:\n  workers: {}\n", 2, 12, "a map stands here" },
		{ "server:\n  workers:\n", 2, 11, "nothing stands here" },
		{ "server:\n  workers: ~\n", 2, 12, "nothing stands here" },
		{ "server:\n  listen: 127.0.0.1\n", 2, 11,
		  "a single value stands here: expected a list" },
		{ "server:\n  listen: []\n", 2, 11, "the list is empty" },
		{ "server: yes\n", 1, 9,
		  "server: a single value stands here: expected a map of keys" },
		{ "- server\n", 1, 1, "must be a map of groups" },
		{ "server\n", 1, 1, "must be a map of groups" },
		{ "server:\n  [a]: 1\n", 2, 3, "a key must be a single word" },
		{ "forward-zones: {}\n", 1, 16, "a list of maps" },
		{ "forward-zones:\n  - a.\n", 2, 5, "a single value stands here" },
		{ "cache:\n  ttl-policy: public\n", 2, 15, "expected one of off, private, strict" },
		{ "cache:\n  stale-timer: 1800\n", 2, 16, "does not end in a unit" },
		{ "cache:\n  ttl-max: 5ms\n", 2, 12, "does not end in a unit" },
		{ "cache:\n  store-size: 1GB\n", 2, 15, "does not end in a unit" },
		{ "cache:\n  ttl-low: 0.1255\n", 2, 12, "is not a number" },
		{ "cache:\n  ttl-low: 1e-1\n", 2, 12, "is not a number" },
	};
	REFUSED(cases);
}

static void test_malformed_values_are_shown(void)
{
	static const struct bad cases[] = {
		{ "server:\n  listen: [127.0.0.256]\n", 2, 12,
		  "'127.0.0.256' is not an IP address" },
		{ "server:\n  listen:\n    - 127.0.0.1@0\n", 3, 7, "is not an IP address" },
		{ "server:\n  listen:\n    - 127.0.0.1@65536\n", 3, 7, "is not an IP address" },
		{ "server:\n  listen:\n    - 127.0.0.1\n    - 127.0.0.1@53\n", 4, 7,
		  "is there already" },
		{ "server:\n  allow: [10.0.0.0/33]\n", 2, 11, "is not a network" },
		{ "upstream:\n  outgoing: [192.0.2.1@53]\n", 2, 14, "has a port" },
		{ "server:\n  cookie-secret: abcd\n", 2, 18, "expected 32 hexadecimal digits" },
		{ "server:\n  nsid: \"a\\tb\"\n", 2, 9, "has control characters" },
		{ "server:\n  nsid: \"a\\0b\"\n", 2, 9, "has a NUL inside" },
		{ "server:\n  nsid: \"a\\Nb\"\n", 2, 9, "has control characters" },
		{ "stub-zones:\n  - zone: a..b\n    servers: [192.0.2.1]\n", 2, 11,
		  "is not a domain name" },
		{ "stub-zones:\n  - zone: \"\"\n    servers: [192.0.2.1]\n", 2, 11,
		  "is not a domain name" },
		{ "server:\n  user: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n", 2, 9, "is too long" },
		{ "server:\n  user: nosuch.user\n", 2, 3, "no such user" },
	};
	REFUSED(cases);
}

static void test_missing_parts_of_an_element_are_named(void)
{
	static const struct bad cases[] = {
		{ "stub-zones:\n  - servers: [192.0.2.1]\n", 2, 5, "'zone' is missing" },
		{ "stub-zones:\n  - zone: a.\n", 2, 5, "'servers' is missing" },
		{ "stub-zones:\n  - zone: a.\n    servers: []\n", 3, 14, "the list is empty" },
		{ "local-data:\n  blocks:\n    - subtree: yes\n", 3, 7, "'name' is missing" },
	};
	REFUSED(cases);
}

static void test_records_are_read_at_once(void)
{
	static const struct bad cases[] = {
		{ "local-data:\n  records:\n    - a.example. 60 IN A 192.0.2.1\n"
		  "    - a.example. 60 IN A 192.0.2\n",
		  4, 7, "records: not a record" },
		{ "local-data:\n  records: |\n    a.example. 60 IN A 192.0.2.1\n"
		  "    a.example. 60 IN A 192.0.2\n",
		  4, 1, "records: not a record" },
		{ "validation:\n  trust-anchors:\n    - . 60 IN A 192.0.2.1\n", 3, 7,
		  "'A' is not a type that may stand here" },
		{ "local-data:\n  records:\n    - a.example. CH A 192.0.2.1\n", 3, 7,
		  "records: 'A' is not of class IN" },
		{ "local-data:\n  records:\n    - \"*.example. A 192.0.2.1\"\n", 3, 7,
		  "stands for no other name here" },
		{ "validation:\n  trust-anchors:\n    - . DS 20326 8 2 e06d\n", 3, 7,
		  "a digest not of the length of its kind" },
		{ "validation:\n  trust-anchors:\n    - . DNSKEY 256 4 13 AAAA\n", 3, 7,
		  "is no zone key, or is revoked" },
		{ "validation:\n  trust-anchors:\n    - . DNSKEY 1 3 13 AAAA\n", 3, 7,
		  "is no zone key, or is revoked" },
		{ "validation:\n  trust-anchors:\n    - . DNSKEY 385 3 13 AAAA\n", 3, 7,
		  "is no zone key, or is revoked" },
		{ "upstream:\n  root-hints:\n    - . NS a.lab.\n    - b.lab. A 192.0.2.1\n", 2, 3,
		  "root-hints: no root server with an address" },
		{ "upstream:\n  root-hints:\n    - {}\n", 3, 7, "a map stands here" },
	};
	REFUSED(cases);
}

static void test_keys_that_disagree_are_blamed_where_they_stand(void)
{
	static const struct bad cases[] = {
		{ "cache:\n  ttl-min: 100\n  ttl-max: 50\n", 3, 3, "ttl-min is above ttl-max" },
		{ "cache:\n  ttl-low: 0.3\n", 2, 3, "ttl-low is above ttl-high" },
		{ "upstream:\n  ipv4: no\n  ipv6: no\n", 3, 3, "both off" },
		{ "upstream:\n  ipv6: no\n  outgoing:\n    - 2001:db8::1\n", 3, 3,
		  "a family that is off" },
		{ "local-data:\n  blocks:\n    - {name: a., action: address}\n", 3, 7,
		  "needs addresses" },
		{ "local-data:\n  blocks:\n    - {name: a., addresses: [192.0.2.1]}\n", 3, 7,
		  "only for action address" },
		{ "forward-zones:\n  - {zone: a.example, servers: [192.0.2.1]}\n"
		  "stub-zones:\n  - {zone: A.example., servers: [192.0.2.1]}\n",
		  4, 5, "the same zone is there already, in line 2" },
		{ "local-data:\n  blocks:\n    - {name: a.example, action: refuse}\n"
		  "    - {name: b.example, action: refuse}\n    - {name: A.example., action: nodata}\n",
		  5, 7, "the same name is there already, in line 3" },
		{ "local-data:\n  records: |\n    a.example. 60 IN A 192.0.2.1\n"
		  "    b.example. 60 IN CNAME a.example.\n    B.example. 60 IN TXT x\n",
		  2, 3, "b.example. has a CNAME and another record" },
		{ "local-data:\n  records:\n    - a.example. 60 IN CNAME b.example.\n"
		  "    - a.example. 60 IN CNAME c.example.\n",
		  2, 3, "a.example. has a CNAME and another record" },
		{ "server:\n  run-dir: \"\"\n", 2, 3, "run-dir may not be empty" },
	};
	REFUSED(cases);
}

static void test_broken_yaml_has_a_place(void)
{
	static const struct bad cases[] = {
		{ "server:\n  workers: 1\n tcp: yes\n", 3, 2, "not YAML" },
		{ "server:\n  workers: 1\n   tcp: yes\n", 2, 12, "'1 tcp' does not end" },
		{ "server:\n\tworkers: 1\n", 2, 1, "not YAML" },
		{ "server: {workers: 1\n", 2, 1, "not YAML" },
		{ "server: \"a\n", 2, 1, "not YAML" },
		{ "server:\n  nsid: \xff\xfe\n", 2, 9, "not YAML" },
		{ "server:\n  nsid: a\x01\n", 2, 10, "not YAML" },
		{ "server: &a {}\n", 1, 9, "anchors, aliases and tags" },
		{ "server: *a\n", 1, 9, "anchors, aliases and tags" },
		{ "server: {workers: !!int 1}\n", 1, 19, "anchors, aliases and tags" },
		{ "server: {}\n---\ncache: {}\n", 2, 1, "a second document" },
	};
	REFUSED(cases);
}

static void test_error_text_is_one_line_an_editor_can_jump_to(void)
{
	struct config_error why;
	char text[600];
	config_refused("# comment\nserver:\n  mininal-answers: yes\n", &why);
	config_error_text(&why, "warren.yaml", text, sizeof(text));
	CU_ASSERT_STRING_EQUAL(text, "warren.yaml:3:3: unknown key 'mininal-answers' "
				     "(did you mean 'minimal-answers'?)");
	config_error_text(&why, "warren.yaml", text, 12);
	CU_ASSERT_STRING_EQUAL(text, "warren.yaml");
}

static void test_hostile_text_stays_printable(void)
{
	struct config_error why;
	char text[4096] = "\"";
	memset(text + 1, 'x', 2000);
	memcpy(text + 2001, "\\e[31m\": 1\n", 12);
	config_refused(text, &why);
	CU_ASSERT_TRUE(strlen(why.what) < 120);
	for (const char *at = why.what; *at != '\0'; at++)
		CU_ASSERT_TRUE(*at >= 0x20 && *at < 0x7f);
}

static void test_a_deep_file_ends_early(void)
{
	static char text[1 << 20];
	struct config_error why;
	memset(text, '[', sizeof(text) - 1);
	config_refused(text, &why);
	CU_ASSERT_EQUAL(why.at.line, 1);
}

static const struct unit_test tests[] = {
	UNIT(test_unknown_keys_name_the_nearest),
	UNIT(test_duplicate_keys_name_the_first),
	UNIT(test_wrong_types_say_what_is_allowed),
	UNIT(test_malformed_values_are_shown),
	UNIT(test_missing_parts_of_an_element_are_named),
	UNIT(test_records_are_read_at_once),
	UNIT(test_keys_that_disagree_are_blamed_where_they_stand),
	UNIT(test_broken_yaml_has_a_place),
	UNIT(test_error_text_is_one_line_an_editor_can_jump_to),
	UNIT(test_hostile_text_stays_printable),
	UNIT(test_a_deep_file_ends_early),
};

const struct unit_suite suite_config_errors = { "config_errors", tests,
						sizeof(tests) / sizeof(tests[0]) };
