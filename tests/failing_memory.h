/* Memory that runs out: the linker hands our own calls of malloc() and calloc() to the functions below (--wrap in
 * meson.build), and the one that is asked to fails. Definitions: one file of a program includes it.
 */
#ifndef TESTS_FAILING_MEMORY_H
#define TESTS_FAILING_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);

static int n_until_failure = -1; /* < 0: none fails */
static bool has_failed;

static bool fails_now(void)
{
    if (n_until_failure < 0 || n_until_failure-- > 0)
        return false;
    has_failed = true;
    return true;
}

void *__wrap_malloc(size_t size)
{
    return fails_now() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails_now() ? NULL : __real_calloc(n, size);
}

#endif
