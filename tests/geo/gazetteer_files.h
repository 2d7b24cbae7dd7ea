/* For the gazetteer's tests: a folder of their own with small files in it. */
#ifndef TESTS_GEO_GAZETTEER_FILES_H
#define TESTS_GEO_GAZETTEER_FILES_H

#include "shared_data.h"

#include "careround/place.h"

#include <string.h>

typedef struct scratch {
    char folder[64], csv[96], gaz[96], message[300];
} scratch;

static inline int scratch_new(void **state)
{
    scratch *s = calloc(1, sizeof *s);
    strcpy(s->folder, "/tmp/careround-gaz-XXXXXX");
    if (!mkdtemp(s->folder))
        return -1;
    snprintf(s->csv, sizeof s->csv, "%s/in.csv", s->folder);
    snprintf(s->gaz, sizeof s->gaz, "%s/out.gaz", s->folder);
    *state = s;
    return 0;
}

/* Fails if anything but the two files is left, such as a half-written one. */
static inline int scratch_free(void **state)
{
    scratch *s = *state;
    unlink(s->csv);
    unlink(s->gaz);
    int left = rmdir(s->folder);
    free(s);
    return left;
}

static inline void write_file(const char *path, const void *bytes, size_t n)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, n, file), n);
    assert_int_equal(fclose(file), 0);
}

static inline cr_status build_from(scratch *s, const char *csv, cr_gazetteer_counts *counts)
{
    write_file(s->csv, csv, strlen(csv));
    const char *const paths[] = {s->csv};
    return cr_gazetteer_build(paths, 1, s->gaz, counts, s->message, sizeof s->message);
}

static inline cr_gazetteer *open_built(scratch *s)
{
    cr_gazetteer *gazetteer = NULL;
    if (cr_gazetteer_open(s->gaz, &gazetteer, s->message, sizeof s->message) != CR_OK)
        fail_msg("%s", s->message);
    return gazetteer;
}

static inline cr_place find(const cr_gazetteer *gazetteer, const char *postcode)
{
    cr_place place;
    if (cr_gazetteer_find(gazetteer, postcode, &place) != CR_OK)
        fail_msg("%s is refused", postcode);
    return place;
}

/* The sum over the kinds of rows is the rows. */
static inline void assert_every_row_is_counted(const cr_gazetteer_counts *counts)
{
    assert_int_equal(counts->n_rows, counts->n_postcodes + counts->n_duplicates + counts->n_bad_rows);
}

#endif
