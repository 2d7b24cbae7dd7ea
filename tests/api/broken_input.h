/* Broken input: the table of test_broken_input.c and of docs/input-errors.md. */
#ifndef TESTS_API_BROKEN_INPUT_H
#define TESTS_API_BROKEN_INPUT_H

#include <stddef.h>

/* One change to the sound day: a cell of the first row, a file as a whole, or (text NULL) a file taken away. */
typedef struct broken_edit {
    const char *file, *column, *text;
    size_t n; /* bytes of text */
} broken_edit;

typedef struct broken_case {
    const char *what;
    broken_edit edits[6];
    const char *expected; /* lines as `careround plan DAY --dry-run` prints them, without the count */
} broken_case;

extern const broken_case broken_cases[];
extern const int n_broken_cases;

#endif
