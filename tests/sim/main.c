/*
 * sim - plays worlds: sim [-v] [-s SEED] [FILE...]
 *
 * Without a FILE all of tests/sim/worlds.  -v prints the whole exchange.  Ends with "N passed, N
 * failed".
 */
#include "tests/sim/play.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_BYTES = 1 << 20, WHY_BYTES = 4096 };

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

static int usage(void)
{
	fprintf(stderr, "usage: sim [-v] [-s SEED] [FILE...]\n");
	return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	struct score score = { .seed = 1 };
	int i = 1;
	for (; i < argc && argv[i][0] == '-'; i++) {
		if (strcmp(argv[i], "-v") == 0)
			score.trace = stdout;
		else if (strcmp(argv[i], "-s") == 0 && i + 1 < argc)
			score.seed = strtoull(argv[++i], NULL, 10);
		else
			return usage();
	}
	if (i == argc)
		play_all(&score);
	for (; i < argc; i++)
		play_file(&score, argv[i]);
	printf("%u passed, %u failed\n", score.passed, score.failed);
	return score.failed == 0 && score.passed > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
