/*
 * sim - plays worlds: sim [-v] [-s SEED] [FILE...]
 *       or worlds by chance: sim [-v] --random COUNT [--from SEED]
 *       or signed ones with one thing wrong: sim [-v] --signed COUNT [--from SEED]
 *       or honest ones asked for long: sim [-v] --long COUNT [--from SEED]
 *       or prints one of those: sim --print SEED, sim --print-signed SEED, sim --print-long SEED
 *
 * Without anything: all of tests/sim/worlds, CHECK_SEEDS worlds by chance, CHECK_SIGNED signed ones and CHECK_LONG
 * asked for long.  -v prints the whole exchange.  Ends with "N passed, N failed".
 */
#include "tests/sim/play.h"
#include "tests/sim/random.h"
#include "tests/sim/random_long.h"
#include "tests/sim/random_signed.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_BYTES = 1 << 20, WHY_BYTES = 4096, CHECK_SEEDS = 10000, CHECK_SIGNED = 2000, CHECK_LONG = 1000 };

struct score {
	uint64_t seed;
	FILE *trace;
	unsigned passed, failed;
};

/* Owned; NULL: cannot be read. */
static char *read_file(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = malloc(FILE_BYTES + 1);
	if (f != NULL && text != NULL) {
		text[fread(text, 1, FILE_BYTES, f)] = '\0';
		fclose(f);
		return text;
	}
	if (f != NULL)
		fclose(f);
	free(text);
	return NULL;
}

static void play_file(struct score *score, const char *path)
{
	char why[WHY_BYTES];
	char *text = read_file(path);
	if (text == NULL) {
		printf("%s: cannot be read\n", path);
		score->failed++;
		return;
	}
	if (play_text(path, text, score->seed, score->trace, why, sizeof(why)) == PLAY_PASSED) {
		score->passed++;
	} else {
		printf("%s\n", why);
		score->failed++;
	}
	free(text);
}

static void play_all(struct score *score)
{
	char pattern[4096];
	const char *dir = getenv("srcdir");
	glob_t g;
	snprintf(pattern, sizeof(pattern), "%s/tests/sim/worlds/*/*.world",
		 dir == NULL ? "." : dir);
	if (glob(pattern, 0, NULL, &g) == 0)
		for (size_t i = 0; i < g.gl_pathc; i++)
			play_file(score, g.gl_pathv[i]);
	globfree(&g);
}

/* A world from a number, and the option that asks for it. */
struct maker {
	char *(*make)(uint64_t seed);
	const char *option;
};

static const struct maker plain = { random_world, "random" };
static const struct maker sealed = { random_signed, "signed" };
static const struct maker lengthy = { random_long, "long" };

static void play_random(struct score *score, const struct maker *maker, uint64_t count)
{
	char why[WHY_BYTES], name[64];
	for (uint64_t seed = score->seed; count > 0; count--, seed++) {
		char *text = maker->make(seed);
		snprintf(name, sizeof(name), "%s world %llu", maker->option,
			 (unsigned long long)seed);
		if (play_text(name, text, seed, score->trace, why, sizeof(why)) == PLAY_PASSED) {
			score->passed++;
		} else {
			score->failed++;
			printf("%s\n  again: tests/sim/sim -v --%s 1 --from %llu\n", why,
			       maker->option, (unsigned long long)seed);
		}
		free(text);
	}
}

static int print_random(const struct maker *maker, uint64_t seed)
{
	char *text = maker->make(seed);
	fputs(text, stdout);
	free(text);
	return EXIT_SUCCESS;
}

static int usage(void)
{
	fprintf(stderr, "usage: sim [-v] [-s SEED] [FILE...]\n"
			"       sim [-v] --random COUNT [--from SEED]\n"
			"       sim [-v] --signed COUNT [--from SEED]\n"
			"       sim [-v] --long COUNT [--from SEED]\n"
			"       sim --print SEED, sim --print-signed SEED, sim --print-long SEED\n");
	return EXIT_FAILURE;
}

static bool takes_number(int argc, char **argv, int *i, const char *option, uint64_t *out)
{
	if (strcmp(argv[*i], option) != 0 || *i + 1 >= argc)
		return false;
	*out = strtoull(argv[++*i], NULL, 10);
	return true;
}

int main(int argc, char **argv)
{
	struct score score = { .seed = 1 };
	uint64_t random = 0, signed_ones = 0, long_ones = 0, print = 0;
	int i = 1;
	for (; i < argc && argv[i][0] == '-'; i++) {
		if (strcmp(argv[i], "-v") == 0)
			score.trace = stdout;
		else if (takes_number(argc, argv, &i, "--print", &print))
			return print_random(&plain, print);
		else if (takes_number(argc, argv, &i, "--print-signed", &print))
			return print_random(&sealed, print);
		else if (takes_number(argc, argv, &i, "--print-long", &print))
			return print_random(&lengthy, print);
		else if (!takes_number(argc, argv, &i, "-s", &score.seed) &&
			 !takes_number(argc, argv, &i, "--from", &score.seed) &&
			 !takes_number(argc, argv, &i, "--random", &random) &&
			 !takes_number(argc, argv, &i, "--signed", &signed_ones) &&
			 !takes_number(argc, argv, &i, "--long", &long_ones))
			return usage();
	}
	if (random == 0 && signed_ones == 0 && long_ones == 0 && i == argc) {
		play_all(&score);
		random = CHECK_SEEDS;
		signed_ones = CHECK_SIGNED;
		long_ones = CHECK_LONG;
	}
	play_random(&score, &plain, random);
	play_random(&score, &sealed, signed_ones);
	play_random(&score, &lengthy, long_ones);
	for (; i < argc; i++)
		play_file(&score, argv[i]);
	printf("%u passed, %u failed\n", score.passed, score.failed);
	return score.failed == 0 && score.passed > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
