/* A seeded run of mutated configurations; WARREN_FUZZ_RUNS asks for more. */
#include "resolver/base/rng.h"
#include "tests/server/config_case.h"
#include <stdlib.h>

enum { RUNS = 2000, TEXT_MAX = 1 << 13 };

static const char *const words[] = {
	"server:",
	"\n",
	"  ",
	"- ",
	"[",
	"]",
	"{",
	"}",
	": ",
	"'",
	"\"",
	"|\n",
	">-\n",
	"# ",
	"&a ",
	"*a",
	"!!str ",
	"---\n",
	"...\n",
	"%YAML 1.1\n",
	"workers",
	"listen",
	"127.0.0.1@53",
	"yes",
	"99999999999999999999",
	"-1",
	"0.125",
	"cache:",
	"records",
	"local-data:",
	"\xff",
	"\xc2\x85",
	"\\0",
	"~",
	"forward-zones:",
	"zone",
	"servers",
	". 60 IN DS 1 8 2 00",
	"\t",
	"\r",
	"?",
	"<<",
};

static const char seed[] =
    "server:\n  listen: [127.0.0.1@5335, \"::1@5335\"]\n  workers: 1\n  identity: \"x\"\n"
    "  allow:\n    - 10.0.0.0/8\nupstream:\n  minimisation: strict\n  root-hints: |\n"
    "    . 3600 IN NS a.root.\n    a.root. 3600 IN A 192.0.2.1\ncache:\n  store-size: 64M\n"
    "  ttl-max: 1d\n  ttl-low: 0.1\nvalidation:\n  negative-anchors: [a.example]\n"
    "forward-zones:\n  - zone: corp.example\n    servers: [192.0.2.3]\n    first: yes\n"
    "local-data:\n  records:\n    - a.example. 60 IN A 192.0.2.1\n  blocks:\n"
    "    - {name: b.example, action: nodata}\n";

static size_t splice(char *text, size_t len, size_t at, size_t cut, const char *in, size_t in_len)
{
	if (at > len)
		at = len;
	if (cut > len - at)
		cut = len - at;
	if (len - cut + in_len > TEXT_MAX)
		return len;
	memmove(text + at + in_len, text + at + cut, len - at - cut);
	memcpy(text + at, in, in_len);
	return len - cut + in_len;
}

static size_t mutate(struct rng *r, char *text, size_t len)
{
	size_t at = rng_below(r, (uint32_t)len + 1);
	char octet = (char)rng_u32(r);
	const char *word = words[rng_below(r, sizeof(words) / sizeof(words[0]))];
	size_t from = rng_below(r, sizeof(seed) - 1), part = rng_below(r, 60);
	if (part > sizeof(seed) - 1 - from)
		part = sizeof(seed) - 1 - from;
	switch (rng_below(r, 5)) {
	case 0:
		return splice(text, len, at, 1, &octet, 1);
	case 1:
		return splice(text, len, at, rng_below(r, 40), "", 0);
	case 2:
		return splice(text, len, at, 0, word, strlen(word));
	case 3:
		return splice(text, len, at, strlen(word), word, strlen(word));
	default:
		return splice(text, len, at, 0, seed + from, part);
	}
}

/* Refused with words and, unless about the whole, a place; or it means what it prints. */
static bool judged_well(const char *text, size_t len)
{
	struct config *c = NULL;
	struct config_error why;
	enum err e = config_parse(text, len, &c, &why);
	if (e != ERR_OK)
		return e == ERR_FORMAT && c == NULL && why.what[0] != '\0' &&
		       strchr(why.what, '\n') == NULL && why.at.line > 0 && why.at.column > 0;
	char *printed = config_printed(c);
	struct config *again = NULL;
	bool fine =
	    printed != NULL && config_parse(printed, strlen(printed), &again, &why) == ERR_OK;
	if (fine)
		config_free(again);
	free(printed);
	config_free(c);
	return fine;
}

static void test_mutated_files_are_judged_and_never_crash(void)
{
	static char text[TEXT_MAX];
	const char *more = getenv("WARREN_FUZZ_RUNS");
	unsigned long runs = more != NULL ? strtoul(more, NULL, 10) : RUNS;
	for (unsigned long run = 0; run < runs; run++) {
		struct rng r;
		rng_init_number(&r, run);
		size_t len = sizeof(seed) - 1;
		memcpy(text, seed, len);
		for (uint32_t n = 1 + rng_below(&r, 4); n > 0; n--)
			len = mutate(&r, text, len);
		if (!judged_well(text, len)) {
			(void)fprintf(stderr, "config fuzz: seed %lu:\n%.*s\n", run, (int)len,
				      text);
			CU_FAIL("misjudged");
			return;
		}
	}
	CU_PASS("all judged");
}

static const struct unit_test tests[] = {
	UNIT(test_mutated_files_are_judged_and_never_crash),
};

const struct unit_suite suite_config_fuzz = { "config_fuzz", tests,
					      sizeof(tests) / sizeof(tests[0]) };
