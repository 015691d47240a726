/*
 * driver.c - runs a fuzz target without libFuzzer: all seeds, then seeded random mutations.
 *
 *	fuzz_NAME [-n RUNS] [-s SEED] [FILE or FOLDER ...]
 *
 * Without files the folder is $srcdir/tests/fuzz/corpus/NAME.  In a .hex file each line is a
 * seed (# begins a comment); any other file is one seed as it is.  The same numbers give the
 * same inputs again, and the input that broke the target is printed as such a line.
 */
#include "tests/fuzz/fuzz.h"

#include "resolver/base/rng.h"

#include <dirent.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SEEDS = 1024, INPUT = 8192, RUNS = 20000, LINE = 2 * INPUT + 1024 };

struct seed {
	size_t len;
	uint8_t *octets;
};

static struct seed seeds[SEEDS];
static size_t seed_count;

static struct {
	const uint8_t *octets;
	size_t len;
} running;

void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

static void print_running(void)
{
	fprintf(stderr, "input of %zu octets:\n", running.len);
	for (size_t i = 0; i < running.len; i++)
		fprintf(stderr, "%02x", running.octets[i]);
	fprintf(stderr, "\n");
}

static void on_abort(int number)
{
	print_running();
	signal(number, SIG_DFL);
	raise(number);
}

static void add_seed(const uint8_t *octets, size_t len)
{
	if (seed_count == SEEDS || len > INPUT)
		return;
	uint8_t *copy = malloc(len + 1);
	if (copy == NULL)
		return;
	memcpy(copy, octets, len);
	seeds[seed_count].octets = copy;
	seeds[seed_count++].len = len;
}

static int digit_value(int c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c == '\0' ? NULL : strchr(digits, c | 0x20);
	return at == NULL ? -1 : (int)(at - digits);
}

static void add_hex(const char *line)
{
	uint8_t octets[INPUT];
	size_t digits = 0;
	for (; *line != '\0' && *line != '#' && digits < 2 * sizeof(octets); line++) {
		int v = digit_value((unsigned char)*line);
		if (v < 0)
			continue;
		int high = digits % 2 == 0 ? 0 : octets[digits / 2] << 4;
		octets[digits / 2] = (uint8_t)(high | v);
		digits++;
	}
	if (digits > 1)
		add_seed(octets, digits / 2);
}

static void add_file(const char *path)
{
	static char line[LINE];
	FILE *f = fopen(path, "rb");
	size_t len = strlen(path);
	if (f == NULL)
		return;
	if (len > 4 && strcmp(path + len - 4, ".hex") == 0) {
		while (fgets(line, sizeof(line), f) != NULL)
			add_hex(line);
	} else {
		len = fread(line, 1, INPUT, f);
		add_seed((const uint8_t *)line, len);
	}
	fclose(f);
}

static int is_visible(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static void add_path(const char *path)
{
	struct stat s;
	struct dirent **names;
	if (stat(path, &s) != 0 || !S_ISDIR(s.st_mode)) {
		add_file(path);
		return;
	}
	int count = scandir(path, &names, is_visible, alphasort); /* sorted: same runs everywhere */
	for (int i = 0; i < count; i++) {
		char file[4096];
		(void)snprintf(file, sizeof(file), "%s/%s", path, names[i]->d_name);
		add_file(file);
		free(names[i]);
	}
	if (count >= 0)
		free(names);
}

static void add_default(const char *program)
{
	const char *name = strrchr(program, '/'), *top = getenv("srcdir");
	char path[4096];
	name = name == NULL ? program : name + 1;
	if (strncmp(name, "fuzz_", 5) == 0)
		name += 5;
	(void)snprintf(path, sizeof(path), "%s/tests/fuzz/corpus/%s", top == NULL ? "." : top,
		       name);
	add_path(path);
}

static void run(const uint8_t *octets, size_t len)
{
	uint8_t *exact = malloc(len > 0 ? len : 1); /* so that one octet too far is seen */
	if (exact == NULL)
		return;
	if (len > 0)
		memcpy(exact, octets, len);
	running.octets = exact;
	running.len = len;
	(void)LLVMFuzzerTestOneInput(exact, len);
	running.len = 0;
	free(exact);
}

struct input {
	size_t len;
	uint8_t octets[INPUT];
};

static void insert(struct input *in, size_t at, const uint8_t *octets, size_t len)
{
	if (in->len + len > INPUT)
		return;
	memmove(in->octets + at + len, in->octets + at, in->len - at);
	memcpy(in->octets + at, octets, len);
	in->len += len;
}

static void cut(struct input *in, size_t at, size_t len)
{
	if (len > in->len - at)
		len = in->len - at;
	memmove(in->octets + at, in->octets + at + len, in->len - at - len);
	in->len -= len;
}

/* Octets that parsers trip over: small counts, edges, pointers. */
static uint8_t odd_octet(struct rng *rng)
{
	static const uint8_t odd[] = {
		0, 1, 2, 0x0c, 0x20, 0x21, 0x3f, 0x40, 0x7f, 0x80, 0xc0, 0xff
	};
	return rng_below(rng, 2) == 0 ? odd[rng_below(rng, sizeof(odd))] : (uint8_t)rng_u32(rng);
}

static void mutate(struct input *in, struct rng *rng)
{
	size_t at = in->len == 0 ? 0 : rng_below(rng, (uint32_t)in->len);
	const struct seed *other = &seeds[rng_below(rng, (uint32_t)seed_count)];
	uint8_t octets[2] = { odd_octet(rng), odd_octet(rng) };
	uint8_t pointer[2] = { 0xc0, (uint8_t)rng_below(rng, (uint32_t)at + 1) };
	if (in->len == 0) {
		insert(in, 0, octets, 2);
		return;
	}
	switch (rng_below(rng, 8)) {
	case 0:
		in->octets[at] ^= (uint8_t)(1 << rng_below(rng, 8));
		break;
	case 1:
		in->octets[at] = octets[0];
		break;
	case 2:
		insert(in, at, octets, 1 + rng_below(rng, 2));
		break;
	case 3:
		cut(in, at, 1 + rng_below(rng, 8));
		break;
	case 4:
		in->len = at;
		break;
	case 5:
		cut(in, at, 1 + rng_below(rng, 12));
		insert(in, at, pointer, 2);
		break;
	case 6: /* some of itself once more */
		for (uint32_t n = rng_below(rng, 24); n > 0 && in->len < INPUT; n--)
			in->octets[in->len++] = in->octets[at++];
		break;
	default: /* some of another */
		if (other->len > 0) {
			size_t from = rng_below(rng, (uint32_t)other->len);
			size_t len = other->len - from;
			insert(in, at, other->octets + from, len > 40 ? 40 : len);
		}
	}
}

static void run_mutations(unsigned long runs, uint64_t number)
{
	static struct input in;
	struct rng rng;
	rng_init_number(&rng, number);
	for (; runs > 0; runs--) {
		const struct seed *from = &seeds[rng_below(&rng, (uint32_t)seed_count)];
		in.len = from->len;
		memcpy(in.octets, from->octets, from->len);
		for (uint32_t n = 1 + rng_below(&rng, 6); n > 0; n--)
			mutate(&in, &rng);
		run(in.octets, in.len);
	}
}

int main(int argc, char **argv)
{
	unsigned long runs = RUNS, number = 1;
	int option;
	while ((option = getopt(argc, argv, "n:s:")) != -1) {
		if (option == '?') {
			fprintf(stderr, "usage: %s [-n RUNS] [-s SEED] [FILE or FOLDER ...]\n",
				argv[0]);
			return EXIT_FAILURE;
		}
		*(option == 'n' ? &runs : &number) = strtoul(optarg, NULL, 10);
	}
	signal(SIGABRT, on_abort);
	if (__sanitizer_set_death_callback != NULL)
		__sanitizer_set_death_callback(print_running);
	for (int i = optind; i < argc; i++)
		add_path(argv[i]);
	if (optind == argc)
		add_default(argv[0]);
	if (seed_count == 0) {
		fprintf(stderr, "%s: no seeds\n", argv[0]);
		return EXIT_FAILURE;
	}
	for (size_t i = 0; i < seed_count; i++)
		run(seeds[i].octets, seeds[i].len);
	run_mutations(runs, number);
	printf("%zu seeds, %lu mutations, seed %lu\n", seed_count, runs, number);
	for (size_t i = 0; i < seed_count; i++)
		free(seeds[i].octets);
	return EXIT_SUCCESS;
}
