/* The store's database: PostgreSQL, for several servers and workers on several machines.
 *
 * A connection that is lost is made again by the next statement outside a transaction, with longer and longer pauses
 * between the attempts, during which everything fails at once. A transaction that was cut short is nobody's but the
 * caller's to repeat: whether its COMMIT came through cannot be known. Statements are prepared when first used.
 */
#include "store_db.h"

#include <endian.h>
#include <libpq-fe.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define VALUES_MOST    16
#define PAUSE_FIRST_MS 100
#define PAUSE_MOST_MS  5000
#define BEGIN          "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"

typedef struct postgres {
    store_db base;
    char *where;
    PGconn *connection; /* NULL: none now */
    bool is_within;     /* a transaction */
    bool listens;
    bool is_prepared[N_STORE_SQL];
    PGresult *result[N_STORE_SQL];
    int32_t row[N_STORE_SQL];
    int64_t retry_at_ms; /* not before; CLOCK_MONOTONIC */
    int32_t pause_ms;    /* before the attempt after the next that fails */
} postgres;

static postgres *of(store_db *db)
{
    return (postgres *)db;
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- faults ---- */

/* By the class of the code, which is its first two letters: constraints, bad values and bad SQL are ours. */
static cr_status status_of(const char *code)
{
    static const char *const ours[] = {"21", "22", "23", "26", "2F", "34", "42", NULL};
    for (const char *const *class = ours; code && *class; class ++)
        if (strncmp(code, *class, 2) == 0)
            return CR_E_INTERNAL;
    return CR_E_UPSTREAM; /* no connection, no rights, full, busy, ending */
}

/* The first line of what the server or libpq says, which has no values in it (PQERRORS_TERSE) and no password. */
static void keep_message(postgres *p, const char *text)
{
    snprintf(p->base.message, sizeof p->base.message, "the store failed: %.*s", (int)strcspn(text, "\n"), text);
}

static cr_status fault(postgres *p, const PGresult *result)
{
    const char *text = result ? PQresultErrorMessage(result) : "";
    const char *code = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    keep_message(p, *text ? text : PQerrorMessage(p->connection));
    return status_of(code);
}

static bool is_alive(const postgres *p)
{
    return p->connection && PQstatus(p->connection) == CONNECTION_OK;
}

/* Text without values, of one statement or several. */
static cr_status execute(postgres *p, const char *text)
{
    PGresult *result = PQexec(p->connection, text);
    ExecStatusType kind = PQresultStatus(result);
    cr_status st = kind == PGRES_COMMAND_OK || kind == PGRES_TUPLES_OK ? CR_OK : fault(p, result);
    PQclear(result);
    return st;
}

/* ---- form ---- */

static cr_status read_int(postgres *p, const char *text, int32_t *ret_number)
{
    PGresult *result = PQexec(p->connection, text);
    cr_status st = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1 ? CR_OK : fault(p, result);
    if (!st)
        *ret_number = atoi(PQgetvalue(result, 0, 0));
    PQclear(result);
    return st;
}

static cr_status refuse(postgres *p, const char *why)
{
    snprintf(p->base.message, sizeof p->base.message, "%s", why);
    return CR_E_INPUT;
}

/* -1: it has no store. A query sees what another program has just made; to_regclass() may remember that there was none.
 */
static cr_status read_version(postgres *p, int32_t *ret_version)
{
    int32_t there = 0;
    *ret_version = -1;
    cr_status st = read_int(p,
                            "SELECT count(*) FROM pg_class WHERE relname = 'careround_form'"
                            " AND relnamespace = current_schema()::regnamespace",
                            &there);
    return st || !there ? st : read_int(p, "SELECT version FROM careround_form", ret_version);
}

static cr_status make_form(postgres *p)
{
    int32_t tables = 0;
    cr_status st =
        read_int(p, "SELECT count(*) FROM pg_class WHERE relnamespace = current_schema()::regnamespace", &tables);
    if (!st && tables)
        st = refuse(p, "is a database, but no store of careround");
    return st ? st
              : execute(p, "CREATE TABLE careround_form (version bigint NOT NULL);"
                           "INSERT INTO careround_form VALUES (0)");
}

/* Within a transaction. The lock lets one program at a time make or change a store. */
static cr_status take_steps(postgres *p)
{
    char text[100];
    int32_t version = 0;
    cr_status st = execute(p, "SELECT pg_advisory_xact_lock(1667330661, 0)");
    if (!st)
        st = read_version(p, &version);
    if (!st && version < 0) {
        st = make_form(p);
        version = 0;
    }
    for (int32_t i = version; !st && i < store_postgres_n_steps; i++)
        st = execute(p, store_postgres_steps[i]);
    snprintf(text, sizeof text, "UPDATE careround_form SET version = %d", store_postgres_n_steps);
    return st ? st : execute(p, text);
}

static cr_status bring_up_to_date(postgres *p)
{
    int32_t version;
    char why[120];
    cr_status st = read_version(p, &version);
    if (st || version == store_postgres_n_steps)
        return st;
    if (version > store_postgres_n_steps) {
        snprintf(why, sizeof why, "was made by a later careround (form %d, this one knows %d)", version,
                 store_postgres_n_steps);
        return refuse(p, why);
    }
    st = execute(p, BEGIN);
    if (st)
        return st;
    st = take_steps(p);
    if (!st)
        return execute(p, "COMMIT");
    PQclear(PQexec(p->connection, "ROLLBACK"));
    return st;
}

/* ---- connecting ---- */

static void drop_connection(postgres *p)
{
    for (int32_t i = 0; i < N_STORE_SQL; i++) {
        p->is_prepared[i] = false;
        PQclear(p->result[i]);
        p->result[i] = NULL;
    }
    PQfinish(p->connection);
    p->connection = NULL;
}

/* What was answered is on the server's disk, whatever its settings say; nobody waits for ever for a lock, and who does
 * not come back within a transaction lets go of its own. */
static cr_status set_up_session(postgres *p)
{
    return execute(p, "SELECT set_config('synchronous_commit', 'on', false)"
                      " WHERE current_setting('synchronous_commit') = 'off';"
                      "SET lock_timeout = '10s'; SET statement_timeout = '60s';"
                      "SET idle_in_transaction_session_timeout = '30s'; SET client_min_messages = warning");
}

static void say_nothing(void *user, const char *message)
{
    (void)user;
    (void)message;
}

/* What the name says goes before what we say before it. A machine that has vanished is noticed in half a minute. */
static cr_status connect_once(postgres *p)
{
    const char *const names[] = {"connect_timeout",  "keepalives_idle",           "keepalives_interval",
                                 "keepalives_count", "tcp_user_timeout",          "dbname",
                                 "client_encoding",  "fallback_application_name", NULL};
    const char *const values[] = {"5", "10", "5", "3", "25000", p->where, "UTF8", "careround", NULL};
    p->connection = PQconnectdbParams(names, values, 1);
    if (!is_alive(p)) {
        keep_message(p, p->connection ? PQerrorMessage(p->connection) : "out of memory");
        return p->connection ? CR_E_UPSTREAM : CR_E_NOMEM;
    }
    PQsetNoticeProcessor(p->connection, say_nothing, NULL);
    PQsetErrorVerbosity(p->connection, PQERRORS_TERSE);
    cr_status st = set_up_session(p);
    if (!st)
        st = bring_up_to_date(p);
    return st || !p->listens ? st : execute(p, "LISTEN careround");
}

/* The pause doubles, and is somewhat different for each, so that not all come back at the same moment. */
static void pause_before_next(postgres *p)
{
    p->retry_at_ms = now_ms() + p->pause_ms * 3 / 4 + (int64_t)randombytes_uniform((uint32_t)p->pause_ms / 2);
    p->pause_ms = p->pause_ms * 2 < PAUSE_MOST_MS ? p->pause_ms * 2 : PAUSE_MOST_MS;
}

static cr_status connect_if_lost(postgres *p)
{
    if (is_alive(p))
        return CR_OK;
    drop_connection(p);
    if (now_ms() < p->retry_at_ms)
        return CR_E_UPSTREAM; /* the message is that of the attempt before */
    cr_status st = connect_once(p);
    if (!st) {
        p->pause_ms = PAUSE_FIRST_MS;
        return CR_OK;
    }
    drop_connection(p);
    pause_before_next(p);
    return st;
}

static void close_database(store_db *base)
{
    postgres *p = of(base);
    drop_connection(p);
    free(p->where);
    free(p);
}

/* libpq's own message would have the name in it, password and all. */
static bool is_name(const char *where)
{
    PQconninfoOption *options = PQconninfoParse(where, NULL);
    PQconninfoFree(options);
    return options;
}

static cr_status open_store(const char *where, store_db **ret_db, char *message, size_t size)
{
    if (!is_name(where)) {
        snprintf(message, size, "the store's name cannot be read; write it like postgresql://user@host/database");
        return CR_E_INPUT;
    }
    postgres *p = calloc(1, sizeof *p);
    if (!p || !(p->where = strdup(where))) {
        free(p);
        return CR_E_NOMEM;
    }
    p->base.is = &store_postgres;
    p->pause_ms = PAUSE_FIRST_MS;
    cr_status st = connect_if_lost(p);
    if (st) {
        snprintf(message, size, "PostgreSQL: %s", p->base.message); /* the name may hold a password */
        close_database(&p->base);
        return st;
    }
    *ret_db = &p->base;
    return CR_OK;
}

/* ---- transactions ---- */

/* A connection that was lost while nobody used it is found out by the first statement, which can be repeated. */
static cr_status begin(store_db *base)
{
    postgres *p = of(base);
    assert(!p->is_within);
    cr_status st = connect_if_lost(p);
    if (!st)
        st = execute(p, BEGIN);
    if (st && p->connection && !is_alive(p)) {
        st = connect_if_lost(p);
        if (!st)
            st = execute(p, BEGIN);
    }
    p->is_within = !st;
    return st;
}

static cr_status end(store_db *base, cr_status st)
{
    postgres *p = of(base);
    p->is_within = false;
    if (!st)
        st = execute(p, "COMMIT");
    if (st && is_alive(p) && PQtransactionStatus(p->connection) != PQTRANS_IDLE)
        PQclear(PQexec(p->connection, "ROLLBACK"));
    return st;
}

/* ---- news ---- */

/* A connection that is made again listens again; what was told meanwhile is not heard. */
static cr_status start_listening(store_db *base)
{
    postgres *p = of(base);
    cr_status st = connect_if_lost(p);
    p->listens = true;
    return st ? st : execute(p, "LISTEN careround");
}

static int news_fd(const store_db *base)
{
    const postgres *p = (const postgres *)base;
    return is_alive(p) ? PQsocket(p->connection) : -1;
}

static int hear(store_db *base)
{
    postgres *p = of(base);
    PGnotify *told;
    int news = 0;
    if (!is_alive(p) || !PQconsumeInput(p->connection))
        return 0;
    while ((told = PQnotifies(p->connection))) {
        news |= NEWS_STATE;
        if (strcmp(told->extra, "cancelled") == 0 || strcmp(told->extra, "stop") == 0)
            news |= NEWS_END;
        PQfreemem(told);
    }
    return news;
}

/* ---- the whole ---- */

static cr_status copy(store_db *base, const char *path)
{
    (void)path;
    return refuse(of(base), "a store in PostgreSQL is copied by PostgreSQL's own tools: pg_dump --format=custom, "
                            "or pg_basebackup with its log for any moment in time");
}

/* The tables are written anew without what was deleted; the server's log has it until it is recycled. */
static cr_status forget(store_db *base)
{
    postgres *p = of(base);
    static const char *const steps[] = {"VACUUM FULL plan",   "VACUUM FULL part",   "VACUUM FULL day",
                                        "VACUUM FULL upload", "VACUUM FULL answer", "VACUUM FULL scenario"};
    cr_status st = execute(p, "SET lock_timeout = 0; SET statement_timeout = 0");
    for (size_t i = 0; !st && i < sizeof steps / sizeof *steps; i++)
        st = execute(p, steps[i]);
    cr_status again = is_alive(p) ? set_up_session(p) : CR_E_UPSTREAM;
    return st ? st : again;
}

/* ---- statements ---- */

static cr_status prepare(postgres *p, store_sql sql, char name[16])
{
    snprintf(name, 16, "s%d", (int)sql);
    if (p->is_prepared[sql])
        return CR_OK;
    PGresult *result = PQprepare(p->connection, name, store_postgres_sql[sql], 0, NULL);
    cr_status st = PQresultStatus(result) == PGRES_COMMAND_OK ? CR_OK : fault(p, result);
    p->is_prepared[sql] = !st;
    PQclear(result);
    return st;
}

/* Numbers and text go as text, bytes as bytes; all comes back as bytes. */
static cr_status run(postgres *p, store_sql sql, const db_value *values, int32_t n)
{
    const char *at[VALUES_MOST];
    int size[VALUES_MOST], is_binary[VALUES_MOST];
    char number[VALUES_MOST][24], name[16];
    assert(n <= VALUES_MOST && !p->result[sql]);
    for (int32_t i = 0; i < n; i++) {
        snprintf(number[i], sizeof number[i], "%lld", (long long)values[i].number);
        at[i] = values[i].kind == DB_NULL ? NULL : values[i].kind == DB_INT ? number[i] : values[i].bytes;
        size[i] = (int)values[i].size; /* of bytes; an upload or plan has at most 1 GiB */
        is_binary[i] = values[i].kind == DB_BYTES;
    }
    cr_status st = prepare(p, sql, name);
    if (st)
        return st;
    PGresult *result = PQexecPrepared(p->connection, name, n, at, size, is_binary, 1);
    ExecStatusType kind = PQresultStatus(result);
    if (kind == PGRES_COMMAND_OK || kind == PGRES_TUPLES_OK) {
        p->result[sql] = result;
        p->row[sql] = -1;
        return CR_OK;
    }
    st = fault(p, result);
    PQclear(result);
    return st;
}

/* Outside a transaction a statement that found the connection lost is run again: all such look, or may be repeated. */
static void query(store_db *base, store_sql sql, db_rows *ret_rows, const db_value *values, int32_t n)
{
    postgres *p = of(base);
    cr_status st = p->is_within ? CR_OK : connect_if_lost(p);
    if (!st)
        st = run(p, sql, values, n);
    if (st && !p->is_within && p->connection && !is_alive(p)) {
        st = connect_if_lost(p);
        if (!st)
            st = run(p, sql, values, n);
    }
    *ret_rows = (db_rows){base, sql, st};
}

static const PGresult *result_of(const db_rows *rows)
{
    return of(rows->db)->result[rows->sql];
}

static bool next(db_rows *rows)
{
    return !rows->st && ++of(rows->db)->row[rows->sql] < PQntuples(result_of(rows));
}

static int64_t changed(const db_rows *rows)
{
    return strtoll(PQcmdTuples(of(rows->db)->result[rows->sql]), NULL, 10);
}

static cr_status rows_done(db_rows *rows)
{
    postgres *p = of(rows->db);
    PQclear(p->result[rows->sql]);
    p->result[rows->sql] = NULL;
    return rows->st;
}

/* A value of the row as its bytes, which a zero follows; NULL: none. */
static const char *value_of(const db_rows *rows, int32_t column, size_t *ret_size)
{
    const PGresult *result = result_of(rows);
    int row = of(rows->db)->row[rows->sql];
    *ret_size = (size_t)PQgetlength(result, row, column);
    return PQgetisnull(result, row, column) ? NULL : PQgetvalue(result, row, column);
}

static int64_t row_int(const db_rows *rows, int32_t column)
{
    size_t size;
    uint64_t number = 0;
    const char *bytes = value_of(rows, column, &size);
    assert(!bytes || size == sizeof number);
    if (bytes)
        memcpy(&number, bytes, sizeof number);
    return (int64_t)be64toh(number);
}

static const char *row_text(const db_rows *rows, int32_t column)
{
    size_t size;
    return value_of(rows, column, &size);
}

static const void *row_bytes(const db_rows *rows, int32_t column, size_t *ret_size)
{
    const char *bytes = value_of(rows, column, ret_size);
    return *ret_size ? bytes : NULL;
}

const store_database store_postgres = {
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
    .listen = start_listening,
    .news_fd = news_fd,
    .hear = hear,
};
