/* The store's database: SQLite, one file, with a write-ahead log.
 *
 * synchronous=FULL: what a verb has answered is on the disk, also when the power fails. Each statement is prepared once
 * a connection. A connection that has to wait for another one's transaction does so for BUSY_MS.
 */
#include "store_db.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUSY_MS        10000
#define APPLICATION_ID 0x63617265 /* "care", in the header of the file */

typedef struct sqlite {
    store_db base;
    sqlite3 *handle;
    sqlite3_stmt *statement[N_STORE_SQL];
} sqlite;

static sqlite *of(store_db *db)
{
    return (sqlite *)db;
}

static cr_status status_of(int code)
{
    switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return CR_OK;
    case SQLITE_NOMEM:
        return CR_E_NOMEM;
    case SQLITE_NOTADB:
        return CR_E_INPUT;
    case SQLITE_ERROR:
    case SQLITE_CONSTRAINT:
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
    case SQLITE_MISMATCH:
        return CR_E_INTERNAL;
    default:
        return CR_E_UPSTREAM; /* busy, full, no permission, a bad disk */
    }
}

static cr_status fault(sqlite *db, int code)
{
    snprintf(db->base.message, sizeof db->base.message, "the store failed: %s",
             db->handle ? sqlite3_errmsg(db->handle) : sqlite3_errstr(code));
    return status_of(code);
}

static cr_status execute(sqlite *db, const char *text)
{
    int code = sqlite3_exec(db->handle, text, NULL, NULL, NULL);
    return code ? fault(db, code) : CR_OK;
}

/* ---- transactions ---- */

/* IMMEDIATE: one that read first could not be promised that it may write later. */
static cr_status begin(store_db *base)
{
    return execute(of(base), "BEGIN IMMEDIATE");
}

static cr_status end(store_db *base, cr_status st)
{
    sqlite *db = of(base);
    if (!st)
        st = execute(db, "COMMIT");
    if (st && !sqlite3_get_autocommit(db->handle)) /* some faults have undone it already */
        sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
    return st;
}

/* ---- opening ---- */

static cr_status pragma_int(sqlite *db, const char *text, int32_t *ret_number)
{
    sqlite3_stmt *s = NULL;
    int code = sqlite3_prepare_v2(db->handle, text, -1, &s, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_step(s);
    if (code == SQLITE_ROW)
        *ret_number = sqlite3_column_int(s, 0);
    cr_status st = code == SQLITE_ROW ? CR_OK : fault(db, code);
    sqlite3_finalize(s);
    return st;
}

/* Within a transaction, so that two programs that open a new store do not both make it. */
static cr_status bring_up_to_date(sqlite *db)
{
    char pragma[80];
    int32_t version, application, tables;
    cr_status st = pragma_int(db, "PRAGMA user_version", &version);
    if (!st)
        st = pragma_int(db, "PRAGMA application_id", &application);
    if (!st)
        st = pragma_int(db, "SELECT count(*) FROM sqlite_master", &tables);
    if (st)
        return st;
    if (application != APPLICATION_ID && (application || version || tables)) {
        snprintf(db->base.message, sizeof db->base.message, "is a database, but no store of careround");
        return CR_E_INPUT;
    }
    if (version > store_sqlite_n_steps) {
        snprintf(db->base.message, sizeof db->base.message,
                 "was made by a later careround (form %d, this one knows %d)", version, store_sqlite_n_steps);
        return CR_E_INPUT;
    }
    for (int32_t i = version; !st && i < store_sqlite_n_steps; i++)
        st = execute(db, store_sqlite_steps[i]);
    snprintf(pragma, sizeof pragma, "PRAGMA application_id = %d; PRAGMA user_version = %d", APPLICATION_ID,
             store_sqlite_n_steps);
    return st || version == store_sqlite_n_steps ? st : execute(db, pragma);
}

static cr_status prepare(sqlite *db)
{
    for (int32_t i = 0; i < N_STORE_SQL; i++) {
        int code =
            sqlite3_prepare_v3(db->handle, store_sqlite_sql[i], -1, SQLITE_PREPARE_PERSISTENT, &db->statement[i], NULL);
        if (code)
            return fault(db, code);
    }
    return CR_OK;
}

static cr_status open_database(const char *path, sqlite *db)
{
    int code =
        sqlite3_open_v2(path, &db->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
    if (code)
        return fault(db, code);
    sqlite3_busy_timeout(db->handle, BUSY_MS);
    sqlite3_extended_result_codes(db->handle, 1);
    cr_status st = execute(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
                               "PRAGMA trusted_schema = OFF; PRAGMA secure_delete = ON");
    if (!st)
        st = begin(&db->base);
    if (!st)
        st = end(&db->base, bring_up_to_date(db));
    return st ? st : prepare(db);
}

static void close_database(store_db *base)
{
    sqlite *db = of(base);
    for (int32_t i = 0; i < N_STORE_SQL; i++)
        sqlite3_finalize(db->statement[i]);
    sqlite3_close(db->handle);
    free(db);
}

static cr_status open_store(const char *path, store_db **ret_db, char *message, size_t size)
{
    sqlite *db = calloc(1, sizeof *db);
    if (!db)
        return CR_E_NOMEM;
    db->base.is = &store_sqlite;
    cr_status st = open_database(path, db);
    if (st) {
        snprintf(message, size, "%s: %s", path, db->base.message);
        close_database(&db->base);
        return st;
    }
    *ret_db = &db->base;
    return CR_OK;
}

/* ---- the whole file ---- */

static cr_status copy(store_db *base, const char *path)
{
    sqlite *db = of(base);
    sqlite3_stmt *s = NULL;
    int code = sqlite3_prepare_v2(db->handle, "VACUUM INTO ?", -1, &s, NULL);
    if (!code)
        code = sqlite3_bind_text(s, 1, path, -1, SQLITE_STATIC);
    if (!code)
        code = sqlite3_step(s);
    cr_status st = code == SQLITE_DONE ? CR_OK : fault(db, code);
    sqlite3_finalize(s);
    return st;
}

/* secure_delete overwrites in the file itself; the log before it goes with the checkpoint. */
static cr_status forget(store_db *base)
{
    sqlite *db = of(base);
    int in_log, done;
    int code = sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, &in_log, &done);
    if (code != SQLITE_BUSY)
        return code ? fault(db, code) : CR_OK;
    snprintf(base->message, sizeof base->message,
             "somebody reads the store, so that its log still has what was taken out; purge again later");
    return CR_E_UPSTREAM;
}

/* ---- statements ---- */

/* The caller's bytes stay where they are until the statement is reset. */
static int bind(sqlite3_stmt *s, int at, const db_value *value)
{
    switch (value->kind) {
    case DB_INT:
        return sqlite3_bind_int64(s, at, value->number);
    case DB_TEXT:
        return sqlite3_bind_text(s, at, value->bytes, -1, SQLITE_STATIC);
    case DB_BYTES:
        return sqlite3_bind_blob64(s, at, value->bytes, value->size, SQLITE_STATIC);
    default:
        return sqlite3_bind_null(s, at);
    }
}

static sqlite3_stmt *statement_of(const db_rows *rows)
{
    return of(rows->db)->statement[rows->sql];
}

static void query(store_db *base, store_sql sql, db_rows *ret_rows, const db_value *values, int32_t n)
{
    sqlite *db = of(base);
    sqlite3_stmt *s = db->statement[sql];
    assert(sqlite3_bind_parameter_count(s) == n && !sqlite3_stmt_busy(s));
    int code = SQLITE_OK;
    for (int32_t i = 0; !code && i < n; i++)
        code = bind(s, i + 1, &values[i]);
    *ret_rows = (db_rows){base, sql, code ? fault(db, code) : CR_OK};
}

static bool next(db_rows *rows)
{
    if (rows->st)
        return false;
    int code = sqlite3_step(statement_of(rows));
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        rows->st = fault(of(rows->db), code);
    return code == SQLITE_ROW;
}

static int64_t changed(const db_rows *rows)
{
    return sqlite3_changes64(of(rows->db)->handle);
}

static cr_status rows_done(db_rows *rows)
{
    sqlite3_reset(statement_of(rows)); /* its code is that of the last step */
    sqlite3_clear_bindings(statement_of(rows));
    return rows->st;
}

static int64_t row_int(const db_rows *rows, int32_t column)
{
    return sqlite3_column_int64(statement_of(rows), column);
}

static const char *row_text(const db_rows *rows, int32_t column)
{
    return (const char *)sqlite3_column_text(statement_of(rows), column);
}

static const void *row_bytes(const db_rows *rows, int32_t column, size_t *ret_size)
{
    const void *bytes = sqlite3_column_blob(statement_of(rows), column);
    *ret_size = (size_t)sqlite3_column_bytes(statement_of(rows), column);
    return *ret_size ? bytes : NULL;
}

const store_database store_sqlite = {
    .open = open_store,
    .close = close_database,
    .begin = begin,
    .end = end,
    .copy = copy,
    .forget = forget,
    .query = query,
    .next = next,
    .changed = changed,
    .rows_done = rows_done,
    .row_int = row_int,
    .row_text = row_text,
    .row_bytes = row_bytes,
};
