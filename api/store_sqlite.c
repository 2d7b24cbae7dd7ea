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

struct store_db {
    sqlite3 *handle;
    sqlite3_stmt *statement[N_STORE_SQL];
    char message[400];
};

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

static cr_status fault(store_db *db, int code)
{
    snprintf(db->message, sizeof db->message, "the store failed: %s",
             db->handle ? sqlite3_errmsg(db->handle) : sqlite3_errstr(code));
    return status_of(code);
}

static cr_status execute(store_db *db, const char *text)
{
    int code = sqlite3_exec(db->handle, text, NULL, NULL, NULL);
    return code ? fault(db, code) : CR_OK;
}

/* ---- opening ---- */

static cr_status pragma_int(store_db *db, const char *text, int32_t *ret_number)
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
static cr_status bring_up_to_date(store_db *db)
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
        snprintf(db->message, sizeof db->message, "is a database, but no store of careround");
        return CR_E_INPUT;
    }
    if (version > store_sqlite_n_steps) {
        snprintf(db->message, sizeof db->message, "was made by a later careround (form %d, this one knows %d)", version,
                 store_sqlite_n_steps);
        return CR_E_INPUT;
    }
    for (int32_t i = version; !st && i < store_sqlite_n_steps; i++)
        st = execute(db, store_sqlite_steps[i]);
    snprintf(pragma, sizeof pragma, "PRAGMA application_id = %d; PRAGMA user_version = %d", APPLICATION_ID,
             store_sqlite_n_steps);
    return st || version == store_sqlite_n_steps ? st : execute(db, pragma);
}

static cr_status prepare(store_db *db)
{
    for (int32_t i = 0; i < N_STORE_SQL; i++) {
        int code =
            sqlite3_prepare_v3(db->handle, store_sqlite_sql[i], -1, SQLITE_PREPARE_PERSISTENT, &db->statement[i], NULL);
        if (code)
            return fault(db, code);
    }
    return CR_OK;
}

static cr_status open_database(const char *path, store_db *db)
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
        st = db_begin(db);
    if (!st)
        st = db_end(db, bring_up_to_date(db));
    return st ? st : prepare(db);
}

cr_status db_open(const char *path, store_db **ret_db, char *message, size_t size)
{
    store_db *db = calloc(1, sizeof *db);
    if (!db)
        return CR_E_NOMEM;
    cr_status st = open_database(path, db);
    if (st) {
        snprintf(message, size, "%s: %s", path, db->message);
        db_close(db);
        return st;
    }
    *ret_db = db;
    return CR_OK;
}

store_db *db_close(store_db *db)
{
    if (db) {
        for (int32_t i = 0; i < N_STORE_SQL; i++)
            sqlite3_finalize(db->statement[i]);
        sqlite3_close(db->handle);
        free(db);
    }
    return NULL;
}

const char *db_message(const store_db *db)
{
    return db->message;
}

/* ---- transactions ---- */

/* IMMEDIATE: one that read first could not be promised that it may write later. */
cr_status db_begin(store_db *db)
{
    return execute(db, "BEGIN IMMEDIATE");
}

cr_status db_end(store_db *db, cr_status st)
{
    if (!st)
        st = execute(db, "COMMIT");
    if (st && !sqlite3_get_autocommit(db->handle)) /* some faults have undone it already */
        sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
    return st;
}

/* ---- the whole file ---- */

cr_status db_copy(store_db *db, const char *path)
{
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
cr_status db_forget(store_db *db)
{
    return execute(db, "PRAGMA wal_checkpoint(TRUNCATE)");
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

void db_query(store_db *db, store_sql sql, db_rows *ret_rows, const db_value *values, int32_t n)
{
    sqlite3_stmt *s = db->statement[sql];
    assert(sqlite3_bind_parameter_count(s) == n && !sqlite3_stmt_busy(s));
    int code = SQLITE_OK;
    for (int32_t i = 0; !code && i < n; i++)
        code = bind(s, i + 1, &values[i]);
    *ret_rows = (db_rows){db, sql, code ? fault(db, code) : CR_OK};
}

bool db_next(db_rows *rows)
{
    if (rows->st)
        return false;
    int code = sqlite3_step(rows->db->statement[rows->sql]);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        rows->st = fault(rows->db, code);
    return code == SQLITE_ROW;
}

cr_status db_rows_done(db_rows *rows)
{
    sqlite3_reset(rows->db->statement[rows->sql]); /* its code is that of the last step */
    sqlite3_clear_bindings(rows->db->statement[rows->sql]);
    return rows->st;
}

cr_status db_run(store_db *db, store_sql sql, int64_t *ret_changed, const db_value *values, int32_t n)
{
    db_rows rows;
    for (db_query(db, sql, &rows, values, n); db_next(&rows);)
        ;
    if (ret_changed && !rows.st)
        *ret_changed = sqlite3_changes64(db->handle);
    return db_rows_done(&rows);
}

int64_t db_row_int(const db_rows *rows, int32_t column)
{
    return sqlite3_column_int64(rows->db->statement[rows->sql], column);
}

const char *db_row_text(const db_rows *rows, int32_t column, arena *strings)
{
    const char *text = (const char *)sqlite3_column_text(rows->db->statement[rows->sql], column);
    return text ? arena_copy(strings, text) : "";
}

const void *db_row_bytes(const db_rows *rows, int32_t column, size_t *ret_size)
{
    const void *bytes = sqlite3_column_blob(rows->db->statement[rows->sql], column);
    *ret_size = (size_t)sqlite3_column_bytes(rows->db->statement[rows->sql], column);
    return *ret_size ? bytes : NULL;
}
