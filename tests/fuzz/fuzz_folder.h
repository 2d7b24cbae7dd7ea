/* A folder of its own for fuzz targets of what reads files; it goes when the program ends. */
#ifndef TESTS_FUZZ_FOLDER_H
#define TESTS_FUZZ_FOLDER_H

#include "day.h"
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char fuzz_folder[64];

static const char *fuzz_path(const char *file)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", fuzz_folder, file);
    return path;
}

static inline void fuzz_folder_remove(void)
{
    static const char *const files[] = {"visits.csv", "carers.csv",    "history.csv",  "providers.csv",
                                        "matrix.csv", "settings.json", "columns.json", "day.json"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        unlink(fuzz_path(files[i]));
    rmdir(fuzz_folder);
}

static inline void fuzz_folder_make(void)
{
    if (*fuzz_folder)
        return;
    const char *root = getenv("TMPDIR");
    snprintf(fuzz_folder, sizeof fuzz_folder, "%.40s/careround-fuzz-XXXXXX", root ? root : "/tmp");
    FUZZ_CHECK(mkdtemp(fuzz_folder) != NULL);
    atexit(fuzz_folder_remove);
}

static inline void fuzz_write(const char *file, const uint8_t *data, size_t size)
{
    FILE *out = fopen(fuzz_path(file), "wb");
    FUZZ_CHECK(out != NULL);
    FUZZ_CHECK(fwrite(data, 1, size, out) == size);
    fclose(out);
}

/* Whatever was read: errors and a day exclude one another unless rows may be left out, a day is a sound problem, and
 * what was left out is told. */
static inline void fuzz_read_day(const char *path, bool skip_bad_rows)
{
    day_read_options options = {.path = path, .skip_bad_rows = skip_bad_rows};
    cr_auto(cr_day) day = NULL;
    cr_auto(day_findings) findings = NULL;
    cr_status st = cr_day_read(&options, &day, &findings);
    FUZZ_CHECK(findings != NULL);
    FUZZ_CHECK(st == (findings->n_errors ? CR_E_INPUT : CR_OK));
    FUZZ_CHECK((day != NULL) <= (findings->n_errors == 0 || skip_bad_rows));
    FUZZ_CHECK((day == NULL) <= (findings->n_errors > 0));
    FUZZ_CHECK(!findings->rejected_csv || (skip_bad_rows && findings->n_errors > 0));
    char message[300];
    if (day)
        FUZZ_CHECK(cr_problem_validate(day->problem, message, sizeof message) == CR_OK);
}

#endif
