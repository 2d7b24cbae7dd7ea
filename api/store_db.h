/* What the store asks of a database: numbered statements run with values, and rows that come back.
 *
 * Each database is two files: store_sqlite.c and store_postgres.c make the calls below come true, and the text of every
 * statement stands in store_sqlite_sql.c and store_postgres_sql.c and nowhere else. store_db.c finds the one that a
 * store's name asks for. Internal to store*.c.
 */
#ifndef API_STORE_DB_H
#define API_STORE_DB_H

#include "store.h"

typedef struct store_db store_db;

typedef enum store_sql {
    SQL_LOCK_DATE,  /* one transaction after another: that change what a date is made of, ... */
    SQL_LOCK_DATES, /* ... or that of many */
    SQL_ADD_UPLOAD,
    SQL_LIST_UPLOADS,
    SQL_GET_UPLOAD,
    SQL_GET_CONTENT,
    SQL_CURRENT_UPLOAD,
    SQL_NEXT_UPLOAD_VERSION,
    SQL_NEWEST_DAY,
    SQL_ADD_DAY,
    SQL_COPY_PARTS,
    SQL_ADD_PART,
    SQL_LIST_DAYS,
    SQL_GET_DAY,
    SQL_GET_PARTS,
    SQL_PUT_REPORT,
    SQL_ADD_PLAN,
    SQL_GET_PLAN,
    SQL_LIST_PLANS,
    SQL_LIST_PLANS_OF_DATE,
    SQL_NEXT_PLAN,
    SQL_START_PLAN,
    SQL_RENEW_PLAN,
    SQL_STOP_PLAN,
    SQL_FINISH_PLAN,
    SQL_FAIL_LOST_PLANS,
    SQL_REQUEUE_LOST_PLANS,
    SQL_GIVE_BACK_PLAN,
    SQL_CANCEL_PLAN,
    SQL_DELETE_PLAN,
    SQL_GET_RESULT,
    SQL_COUNT_PLANS,
    SQL_ADD_SCENARIO,
    SQL_ADD_RUN,
    SQL_GET_SCENARIO,
    SQL_LIST_SCENARIOS,
    SQL_GET_RECORDS,
    SQL_CANCEL_SCENARIO,
    SQL_DELETE_RUNS,
    SQL_DELETE_SCENARIO,
    SQL_GET_ANSWER,
    SQL_FORGET_ANSWERS,
    SQL_TAKE_KEY,
    SQL_PUT_ANSWER,
    SQL_ADD_TOKEN,
    SQL_ANY_TOKEN,
    SQL_FIND_TOKEN,
    SQL_LIST_TOKENS,
    SQL_REVOKE_TOKEN,
    SQL_PURGE_PLANS,
    SQL_PURGE_SCENARIOS,
    SQL_PURGE_PARTS,
    SQL_PURGE_DAYS,
    SQL_PURGE_UPLOADS,
    SQL_PURGE_ANSWERS,
    SQL_ADD_EVENT,
    SQL_LIST_EVENTS,
    N_STORE_SQL,
} store_sql;

extern const char *const store_sqlite_sql[N_STORE_SQL];
extern const char *const store_postgres_sql[N_STORE_SQL];

/* Step i brings a store of version i to version i + 1; an empty database is version 0. Both have the same steps, so
 * that a version says the same of both. */
extern const char *const store_sqlite_steps[], *const store_postgres_steps[];
extern const int32_t store_sqlite_n_steps, store_postgres_n_steps;

/* ---- values of a statement's parameters, in order ---- */

typedef struct db_value {
    enum { DB_NULL, DB_INT, DB_TEXT, DB_BYTES } kind;
    int64_t number;
    const void *bytes;
    size_t size;
} db_value;

static inline db_value db_int(int64_t number)
{
    return (db_value){.kind = DB_INT, .number = number};
}

/* NULL is no value. */
static inline db_value db_text(const char *text)
{
    return (db_value){.kind = text ? DB_TEXT : DB_NULL, .bytes = text};
}

static inline db_value db_bytes(const void *bytes, size_t size)
{
    return (db_value){.kind = bytes ? DB_BYTES : DB_NULL, .bytes = bytes, .size = size};
}

/* DB_WITH(db_text(a), db_int(b)): the last two arguments of the calls below. */
#define DB_WITH(...)                                                                                                   \
    (const db_value[]){__VA_ARGS__}, (int32_t)(sizeof((const db_value[]){__VA_ARGS__}) / sizeof(db_value))

/* ---- calls ---- */

cr_status db_open(const char *where, store_db **ret_db, char *message, size_t size);
store_db *db_close(store_db *db);
const char *db_message(const store_db *db);

/* News of plans, as in store.h. */
cr_status db_listen(store_db *db);
int db_news_fd(const store_db *db);
int db_hear(store_db *db);

/* A transaction that may write. db_end() commits it if st is CR_OK, else (or if that fails) undoes it; the status of
 * the whole comes back. */
cr_status db_begin(store_db *db);
cr_status db_end(store_db *db, cr_status st);

/* A copy of everything in a new file. CR_E_INPUT: this database has tools of its own for that; the message names them.
 */
cr_status db_copy(store_db *db, const char *path);

/* What was deleted is nowhere in the files any more. */
cr_status db_forget(store_db *db);

/* Run a statement that returns no rows. ret_changed (rows) may be NULL. */
cr_status db_run(store_db *db, store_sql sql, int64_t *ret_changed, const db_value *values, int32_t n);

/* Rows, one after another:
 *     db_rows rows;
 *     for (db_query(db, SQL, &rows, DB_WITH(...)); db_next(&rows);) ... db_row_int(&rows, 0) ...
 *     st = db_rows_done(&rows);
 */
typedef struct db_rows {
    store_db *db;
    store_sql sql;
    cr_status st;
} db_rows;
void db_query(store_db *db, store_sql sql, db_rows *ret_rows, const db_value *values, int32_t n);
bool db_next(db_rows *rows);
cr_status db_rows_done(db_rows *rows);

int64_t db_row_int(const db_rows *rows, int32_t column);                         /* no value: 0 */
const char *db_row_text(const db_rows *rows, int32_t column, arena *strings);    /* a copy; no value: "" */
const void *db_row_bytes(const db_rows *rows, int32_t column, size_t *ret_size); /* until the next row; NULL */

/* ---- a database ---- */

/* The same calls as above, of one kind of database. text and bytes hold until the next row. */
typedef struct store_database {
    cr_status (*open)(const char *where, store_db **ret_db, char *message, size_t size);
    void (*close)(store_db *db);
    cr_status (*begin)(store_db *db);
    cr_status (*end)(store_db *db, cr_status st);
    cr_status (*copy)(store_db *db, const char *path);
    cr_status (*forget)(store_db *db);
    void (*query)(store_db *db, store_sql sql, db_rows *ret_rows, const db_value *values, int32_t n);
    bool (*next)(db_rows *rows);
    int64_t (*changed)(const db_rows *rows); /* once there are no more rows */
    cr_status (*rows_done)(db_rows *rows);
    int64_t (*row_int)(const db_rows *rows, int32_t column);
    const char *(*row_text)(const db_rows *rows, int32_t column); /* no value: NULL */
    const void *(*row_bytes)(const db_rows *rows, int32_t column, size_t *ret_size);
    cr_status (*listen)(store_db *db); /* these three NULL: it tells nothing */
    int (*news_fd)(const store_db *db);
    int (*hear)(store_db *db);
} store_database;

extern const store_database store_sqlite, store_postgres;

/* A connection; each database's own begins with this. */
struct store_db {
    const store_database *is;
    char message[400];
};

/* ---- what the parts of the store share (store.c) ---- */

struct cr_store {
    store_db *db;
    int32_t depth; /* of store_begin() */
};

/* Within a transaction: a line of the audit trail. */
cr_status store_note(cr_store *store, store_act act, const char *what, const char *about);

/* By its name in the database. */
store_plan_state store_state_of(const char *name);

/* All rows of a query that was begun, into a list {strings, n, items}: each row as read() makes an element of it. The
 * query is done whatever comes of it; without memory (or for list NULL) CR_E_NOMEM, and the list's free() takes what is
 * there. */
typedef void store_read_row(const db_rows *rows, arena *strings, void *ret_item);
cr_status store_read_rows(db_rows *rows, store_read_row *read, size_t item_size, arena **strings, void **items,
                          int32_t *n);
#define STORE_READ_LIST(rows, list, read)                                                                              \
    ((list)                                                                                                            \
         ? store_read_rows(rows, read, sizeof *(list)->items, &(list)->strings, (void **)&(list)->items, &(list)->n)   \
         : (db_rows_done(rows), CR_E_NOMEM))

/* One column of bytes of one row. */
cr_status store_read_bytes(cr_store *store, store_sql sql, const char *id, store_bytes **ret_bytes);

#endif
