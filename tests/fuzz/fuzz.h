/*
 * fuzz.h - one function a parser, run by libFuzzer or by driver.c.
 *
 * An input may be refused; what is accepted must survive its own way out and in again.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define FUZZ_CHECK(truth) \
	do { \
		if (!(truth)) { \
			fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #truth); \
			abort(); \
		} \
	} while (0)

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len);

#endif
