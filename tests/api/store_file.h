/* A store in a folder of its own, for tests. Definitions: one file of a program includes it. */
#ifndef TESTS_API_STORE_FILE_H
#define TESTS_API_STORE_FILE_H

#include "store.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct store_file {
    char folder[32], path[64];
} store_file;

static store_file store_file_new(void)
{
    store_file f = {.folder = "careround-store-XXXXXX"};
    assert_non_null(mkdtemp(f.folder));
    snprintf(f.path, sizeof f.path, "%s/careround.db", f.folder);
    return f;
}

/* Anything else in the folder makes rmdir() fail, and with it the test. */
static void store_file_remove(const store_file *f)
{
    char beside[80];
    for (const char *const *ending = (const char *const[]){"", "-wal", "-shm", NULL}; *ending; ending++) {
        snprintf(beside, sizeof beside, "%s%s", f->path, *ending);
        unlink(beside);
    }
    assert_int_equal(rmdir(f->folder), 0);
}

static cr_store *store_at(const char *path)
{
    cr_store *store = NULL;
    char message[500] = "";
    cr_status st = store_open(path, &store, message, sizeof message);
    if (st)
        print_error("%s\n", message);
    assert_int_equal(st, CR_OK);
    return store;
}

static inline store_upload list_of(const char *date, const char *table, const char *provider)
{
    return (store_upload){
        .date = date, .table = table, .provider = provider, .format = "csv", .mapping = "", .n_rows = 1};
}

#endif
