/* A store of its own for a test: in SQLite, or in PostgreSQL where CAREROUND_TEST_POSTGRES says that one listens
 * (postgres.py starts it). Definitions: one file of a program includes it. */
#ifndef TESTS_API_STORE_FILE_H
#define TESTS_API_STORE_FILE_H

#include "store.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct store_file {
    char folder[32], path[400]; /* path: the store's name; folder: of a file, or the schema in the database */
} store_file;

static inline const char *test_postgres(void)
{
    return getenv("CAREROUND_TEST_POSTGRES");
}

/* One number from SQL that the test needs and the store does not; 0 of none. */
static inline long long postgres_run(const char *where, const char *sql)
{
    PGconn *connection = PQconnectdb(where);
    PGresult *result = PQexec(connection, sql);
    ExecStatusType kind = PQresultStatus(result);
    if (kind != PGRES_COMMAND_OK && kind != PGRES_TUPLES_OK)
        print_error("%s: %s\n", sql, PQerrorMessage(connection));
    assert_true(kind == PGRES_COMMAND_OK || kind == PGRES_TUPLES_OK);
    long long number = kind == PGRES_TUPLES_OK && PQntuples(result) ? atoll(PQgetvalue(result, 0, 0)) : 0;
    PQclear(result);
    PQfinish(connection);
    return number;
}

static inline store_file store_schema_new(void)
{
    static int n;
    char sql[100];
    store_file f;
    snprintf(f.folder, sizeof f.folder, "test_%d_%d", (int)getpid(), n++);
    snprintf(f.path, sizeof f.path, "%s&options=-csearch_path%%3D%s", test_postgres(), f.folder);
    snprintf(sql, sizeof sql, "SET client_min_messages = warning; CREATE SCHEMA %s", f.folder);
    postgres_run(test_postgres(), sql);
    return f;
}

static inline store_file store_file_new(void)
{
    if (test_postgres())
        return store_schema_new();
    store_file f = {.folder = "careround-store-XXXXXX"};
    assert_non_null(mkdtemp(f.folder));
    snprintf(f.path, sizeof f.path, "%s/careround.db", f.folder);
    return f;
}

/* Anything else in the folder makes rmdir() fail, and with it the test. */
static inline void store_file_remove(const store_file *f)
{
    char text[420];
    if (test_postgres()) {
        snprintf(text, sizeof text, "SET client_min_messages = warning; DROP SCHEMA %s CASCADE", f->folder);
        postgres_run(test_postgres(), text);
        return;
    }
    for (const char *const *ending = (const char *const[]){"", "-wal", "-shm", NULL}; *ending; ending++) {
        snprintf(text, sizeof text, "%s%s", f->path, *ending);
        unlink(text);
    }
    assert_int_equal(rmdir(f->folder), 0);
}

static inline cr_store *store_at(const char *path)
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
