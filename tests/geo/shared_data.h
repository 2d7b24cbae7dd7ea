/* Where the public maps and instances lie, for the tests that need them. */
#ifndef TESTS_GEO_SHARED_DATA_H
#define TESTS_GEO_SHARED_DATA_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

/* The path of a file of the shared folder, in buffer; skips the test, and says so, where the folder is not there. */
static inline const char *shared_file(const char *name, char *buffer, size_t size)
{
    const char *folder = getenv("CAREROUND_SHARED");
    snprintf(buffer, size, "%s/%s", folder ? folder : "", name);
    if (!folder || !*folder || access(buffer, R_OK) != 0) {
        fprintf(stderr, "SKIPPED: needs %s of the shared data (meson option shared_data)\n", name);
        skip();
    }
    return buffer;
}

#endif
