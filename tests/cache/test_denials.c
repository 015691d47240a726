#include "tests/cache/sample.h"
#include "tests/cache/suites.h"

static void put_nsec(struct sample *s, const char *zone, const char *owner, const char *next)
{
	char text[600];
	struct name z = name_of(zone);
	snprintf(text, sizeof(text), "%s 300 IN NSEC %s A RRSIG NSEC\n%s 300 IN " SIG("NSEC", "2", "300", "%s"),
	         owner, next, owner, zone);
	struct rrset *set = sample_set(s, text, RANK_AUTHORITY, SECURITY_SECURE);
	cache_put_denial(s->cache, s->now, &z, set);
}

static bool nsec_before(struct sample *s, const char *zone, const char *at, const char *expected)
{
	struct name z = name_of(zone), n = name_of(at), o = name_of(expected);
	struct rrset set;
	return cache_find_nsec(s->cache, s->now, &z, &n, s->arena, &set) == ERR_OK &&
	       set.type == TYPE_NSEC && set.sig_count == 1 && set.security == SECURITY_SECURE &&
	       name_equal(&set.owner, &o);
}

static void test_the_nsec_at_or_before_a_name_is_found_in_its_zone_only(void)
{
	struct sample s;
	struct rrset set;
	sample_open(&s);
	put_nsec(&s, "example.", "example.", "d.example.");
	put_nsec(&s, "example.", "d.example.", "m.example.");
	put_nsec(&s, "example.", "m.example.", "example.");
	put_nsec(&s, "sub.example.", "sub.example.", "z.sub.example.");
	CU_ASSERT(nsec_before(&s, "example.", "a.example.", "example."));
	CU_ASSERT(nsec_before(&s, "example.", "d.example.", "d.example."));
	CU_ASSERT(nsec_before(&s, "example.", "x.d.example.", "d.example."));
	CU_ASSERT(nsec_before(&s, "example.", "zz.example.", "m.example."));
	CU_ASSERT(nsec_before(&s, "example.", "a.sub.example.", "m.example."));
	CU_ASSERT(nsec_before(&s, "sub.example.", "a.sub.example.", "sub.example."));
	struct name zone = name_of("other."), at = name_of("a.other.");
	CU_ASSERT_EQUAL(cache_find_nsec(s.cache, s.now, &zone, &at, s.arena, &set), ERR_NOTFOUND);
	zone = name_of("example.");
	CU_ASSERT_EQUAL(cache_find_nsec(s.cache, s.now, &zone, &at, s.arena, &set), ERR_NOTFOUND);
	sample_close(&s);
}

static void test_a_denial_that_ran_out_is_stepped_over(void)
{
	struct sample s;
	sample_open(&s);
	put_nsec(&s, "example.", "b.example.", "c.example.");
	put_nsec(&s, "example.", "c.example.", "d.example.");
	sample_pass(&s, 200);
	put_nsec(&s, "example.", "a.example.", "z.example.");
	sample_pass(&s, 100);
	CU_ASSERT(nsec_before(&s, "example.", "cc.example.", "a.example."));
	sample_close(&s);
}

static void test_only_secure_signed_denials_are_kept(void)
{
	struct sample s;
	struct name zone = name_of("example.");
	sample_open(&s);
	struct rrset *set = sample_set(&s, "a.example. 300 IN NSEC b.example. A\n"
	                                   "a.example. 300 IN " SIG("NSEC", "2", "300", "example."),
	                               RANK_AUTHORITY, SECURITY_INSECURE);
	cache_put_denial(s.cache, s.now, &zone, set);
	set->security = SECURITY_SECURE;
	set->sig_count = 0;
	cache_put_denial(s.cache, s.now, &zone, set);
	set->sig_count = 1;
	zone = name_of("other.");
	cache_put_denial(s.cache, s.now, &zone, set);
	CU_ASSERT_EQUAL(cache_count(s.cache).hot_entries, 0);
	sample_close(&s);
}

static void put_nsec3(struct sample *s, const char *hash)
{
	char text[600];
	struct name z = name_of("example.");
	snprintf(text, sizeof(text), "%s.example. 300 IN NSEC3 1 0 0 - 2t7b4g4vsa5smi47k61mv5bv1a22bojr A\n"
	                             "%s.example. 300 IN " SIG("NSEC3", "2", "300", "example."),
	         hash, hash);
	cache_put_denial(s->cache, s->now, &z,
	                 sample_set(s, text, RANK_AUTHORITY, SECURITY_SECURE));
}

static void test_the_nsec3_at_or_before_a_hash_is_found_and_hashes_go_round(void)
{
	static const struct {
		uint8_t first;
		const char *owner;
	} cases[] = {
		{ 0x00, "s0000000000000000000000000000000" }, /* before the first: the last */
		{ 0x10, "20000000000000000000000000000000" },
		{ 0x7f, "20000000000000000000000000000000" },
		{ 0x80, "g0000000000000000000000000000000" },
		{ 0xff, "s0000000000000000000000000000000" },
	};
	struct sample s;
	struct name zone = name_of("example."), owner;
	struct rrset set;
	char text[60];
	sample_open(&s);
	put_nsec3(&s, "20000000000000000000000000000000");
	put_nsec3(&s, "G0000000000000000000000000000000");
	put_nsec3(&s, "s0000000000000000000000000000000");
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t hash[20] = { cases[i].first };
		snprintf(text, sizeof(text), "%s.example.", cases[i].owner);
		owner = name_of(text);
		CU_ASSERT_EQUAL_FATAL(cache_find_nsec3(s.cache, s.now, &zone, hash, 20, s.arena, &set), ERR_OK);
		CU_ASSERT(name_equal(&set.owner, &owner));
		CU_ASSERT(set.type == TYPE_NSEC3 && set.sig_count == 1);
		CU_ASSERT_EQUAL(set.ttl, 300);
	}
	sample_close(&s);
}

static void test_a_flush_takes_the_denials_that_could_speak_about_the_name(void)
{
	struct sample s;
	struct rrset set;
	uint8_t hash[20] = { 0x90 };
	sample_open(&s);
	put_nsec(&s, "example.", "a.example.", "m.example."); /* older: since then there is d */
	put_nsec(&s, "example.", "d.example.", "m.example.");
	put_nsec(&s, "sub.example.", "sub.example.", "z.sub.example.");
	put_nsec3(&s, "G0000000000000000000000000000000");
	struct name zone = name_of("example."), at = name_of("e.example.");
	cache_flush(s.cache, &at, 0, false);
	CU_ASSERT_EQUAL(cache_find_nsec(s.cache, s.now, &zone, &at, s.arena, &set), ERR_NOTFOUND);
	CU_ASSERT_EQUAL(cache_find_nsec3(s.cache, s.now, &zone, hash, 20, s.arena, &set), ERR_NOTFOUND);
	CU_ASSERT(nsec_before(&s, "sub.example.", "e.sub.example.", "sub.example."));
	sample_close(&s);
}

static void test_a_flush_takes_the_nxdomain_of_a_name_above(void)
{
	struct sample s;
	struct cached found;
	struct name at = name_of("a.b.n.example.");
	static const struct { uint16_t type; bool tree; } ways[] = { { 0, false }, { TYPE_A, false }, { 0, true } };
	sample_open(&s);
	struct outcome nx = sample_negative(&s, OUTCOME_NXDOMAIN, "example. 300 IN SOA ns host 1 2 3 4 300\n",
	                                    SECURITY_SECURE);
	for (unsigned i = 0; i < 3; i++) {
		sample_put(&s, "n.example.", TYPE_A, &nx);
		CU_ASSERT_EQUAL(cache_find_nxdomain_above(s.cache, s.now, &at, s.arena, &found), ERR_OK);
		cache_flush(s.cache, &at, ways[i].type, ways[i].tree);
		CU_ASSERT_EQUAL(cache_find_nxdomain_above(s.cache, s.now, &at, s.arena, &found),
		                ERR_NOTFOUND);
	}
	sample_close(&s);
}

static bool cut_is(struct sample *s, const char *name, bool above, const char *zone)
{
	struct name n = name_of(name), z = name_of(zone);
	struct cut cut;
	return cache_find_cut(s->cache, s->now, &n, above, s->arena, &cut) == ERR_OK &&
	       name_equal(&cut.zone, &z) && cut.server_count == 1;
}

static void test_the_closest_cut_is_found_by_labels(void)
{
	static const char *const zones[] = { ".", "com.", "example.com.", "deep.a.b.example.com.", "xample.com." };
	struct sample s;
	sample_open(&s);
	for (unsigned i = 0; i < 5; i++) {
		struct cut cut = sample_cut(&s, zones[i], "192.0.2.53", 3600);
		cache_put_cut(s.cache, s.now, &cut);
	}
	CU_ASSERT(cut_is(&s, "www.example.com.", false, "example.com."));
	CU_ASSERT(cut_is(&s, "zzz.b.example.com.", false, "example.com."));
	CU_ASSERT(cut_is(&s, "deep.a.b.example.com.", false, "deep.a.b.example.com."));
	CU_ASSERT(cut_is(&s, "deep.a.b.example.com.", true, "example.com."));
	CU_ASSERT(cut_is(&s, "example.com.", true, "com."));
	CU_ASSERT(cut_is(&s, "eexample.com.", false, "com."));
	CU_ASSERT(cut_is(&s, "net.", false, "."));
	CU_ASSERT(cut_is(&s, "com.", true, "."));
	struct name root = name_root();
	struct cut none;
	CU_ASSERT_EQUAL(cache_find_cut(s.cache, s.now, &root, true, s.arena, &none), ERR_NOTFOUND);
	sample_close(&s);
}

static void test_a_cut_keeps_its_servers_and_addresses(void)
{
	struct sample s;
	struct cut cut, found;
	sample_open(&s);
	cut = sample_cut(&s, "example.", "2001:db8::53@5353", 3600);
	cache_put_cut(s.cache, s.now, &cut);
	sample_pass(&s, 600);
	CU_ASSERT_EQUAL_FATAL(cache_find_cut(s.cache, s.now, &cut.zone, false, s.arena, &found), ERR_OK);
	CU_ASSERT_EQUAL(found.kind, CUT_DELEGATION);
	CU_ASSERT_EQUAL(found.ttl, 3000);
	CU_ASSERT(name_equal(&found.servers[0].name, &cut.servers[0].name));
	CU_ASSERT_EQUAL_FATAL(found.servers[0].address_count, 1);
	CU_ASSERT(address_equal(&found.servers[0].addresses[0], &cut.servers[0].addresses[0]));
	sample_close(&s);
}

static void test_b7_a_cut_renewed_every_second_ends_when_the_parent_said(void)
{
	struct sample s;
	struct cut found;
	sample_open(&s);
	for (unsigned i = 0; i < 300; i++) {
		struct cut cut = sample_cut(&s, "ghost.example.", i % 2 ? "192.0.2.1" : "192.0.2.2", 300);
		cache_put_cut(s.cache, s.now, &cut);
		CU_ASSERT_EQUAL_FATAL(cache_find_cut(s.cache, s.now, &cut.zone, false, s.arena, &found), ERR_OK);
		CU_ASSERT_EQUAL(found.ttl, 300 - i);
		sample_pass(&s, 1);
		arena_reset(s.arena);
	}
	struct name zone = name_of("ghost.example.");
	CU_ASSERT_EQUAL(cache_find_cut(s.cache, s.now, &zone, false, s.arena, &found), ERR_NOTFOUND);
	sample_close(&s);
}

static void test_an_expired_cut_leads_to_the_one_above(void)
{
	struct sample s;
	sample_open(&s);
	struct cut com = sample_cut(&s, "com.", "192.0.2.1", 3600);
	struct cut example = sample_cut(&s, "example.com.", "192.0.2.2", 60);
	cache_put_cut(s.cache, s.now, &com);
	cache_put_cut(s.cache, s.now, &example);
	sample_pass(&s, 60);
	CU_ASSERT(cut_is(&s, "www.example.com.", false, "com."));
	sample_close(&s);
}

static void test_configured_zones_are_not_kept(void)
{
	struct sample s;
	sample_open(&s);
	struct cut cut = sample_cut(&s, "corp.", "192.0.2.1", 3600);
	for (enum cut_kind k = CUT_DELEGATION; k <= CUT_FORWARD; k++) {
		cut.kind = k;
		cut.ttl = k == CUT_DELEGATION ? 0 : 3600;
		cache_put_cut(s.cache, s.now, &cut);
	}
	CU_ASSERT_EQUAL(cache_count(s.cache).hot_entries, 0);
	sample_close(&s);
}

static const struct unit_test tests[] = {
	UNIT(test_the_nsec_at_or_before_a_name_is_found_in_its_zone_only),
	UNIT(test_a_denial_that_ran_out_is_stepped_over),
	UNIT(test_only_secure_signed_denials_are_kept),
	UNIT(test_the_nsec3_at_or_before_a_hash_is_found_and_hashes_go_round),
	UNIT(test_a_flush_takes_the_denials_that_could_speak_about_the_name),
	UNIT(test_a_flush_takes_the_nxdomain_of_a_name_above),
	UNIT(test_the_closest_cut_is_found_by_labels),
	UNIT(test_a_cut_keeps_its_servers_and_addresses),
	UNIT(test_b7_a_cut_renewed_every_second_ends_when_the_parent_said),
	UNIT(test_an_expired_cut_leads_to_the_one_above),
	UNIT(test_configured_zones_are_not_kept),
};

const struct unit_suite suite_denials = { "denials", tests, sizeof(tests) / sizeof(tests[0]) };
