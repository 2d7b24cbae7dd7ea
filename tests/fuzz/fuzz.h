/* What a fuzz target offers, to libFuzzer or to replay.c. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Feed one input to the parser. Returns 0; a fault shows as a crash, a sanitizer's report or a FUZZ_CHECK. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Like assert(), but also in release builds: what must hold for every input. */
#define FUZZ_CHECK(claim) ((claim) ? (void)0 : __builtin_trap())

#endif
