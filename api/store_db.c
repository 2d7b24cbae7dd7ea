/* Which database a store is in, and its calls. */
#include "store_db.h"

#include <string.h>

bool store_is_file(const char *where)
{
    return strncmp(where, "postgresql://", 13) != 0 && strncmp(where, "postgres://", 11) != 0;
}

cr_status db_open(const char *where, store_db **ret_db, char *message, size_t size)
{
    return (store_is_file(where) ? &store_sqlite : &store_postgres)->open(where, ret_db, message, size);
}

store_db *db_close(store_db *db)
{
    if (db)
        db->is->close(db);
    return NULL;
}

const char *db_message(const store_db *db)
{
    return db->message;
}

cr_status db_listen(store_db *db)
{
    return db->is->listen ? db->is->listen(db) : CR_OK;
}

int db_news_fd(const store_db *db)
{
    return db->is->news_fd ? db->is->news_fd(db) : -1;
}

int db_hear(store_db *db)
{
    return db->is->hear ? db->is->hear(db) : 0;
}

cr_status db_begin(store_db *db)
{
    return db->is->begin(db);
}

cr_status db_end(store_db *db, cr_status st)
{
    return db->is->end(db, st);
}

cr_status db_copy(store_db *db, const char *path)
{
    return db->is->copy(db, path);
}

cr_status db_forget(store_db *db)
{
    return db->is->forget(db);
}

void db_query(store_db *db, store_sql sql, db_rows *ret_rows, const db_value *values, int32_t n)
{
    db->is->query(db, sql, ret_rows, values, n);
}

bool db_next(db_rows *rows)
{
    return rows->db->is->next(rows);
}

cr_status db_rows_done(db_rows *rows)
{
    return rows->db->is->rows_done(rows);
}

cr_status db_run(store_db *db, store_sql sql, int64_t *ret_changed, const db_value *values, int32_t n)
{
    db_rows rows;
    for (db_query(db, sql, &rows, values, n); db_next(&rows);)
        ;
    if (ret_changed && !rows.st)
        *ret_changed = db->is->changed(&rows);
    return db_rows_done(&rows);
}

int64_t db_row_int(const db_rows *rows, int32_t column)
{
    return rows->db->is->row_int(rows, column);
}

const char *db_row_text(const db_rows *rows, int32_t column, arena *strings)
{
    const char *text = rows->db->is->row_text(rows, column);
    return text ? arena_copy(strings, text) : "";
}

const void *db_row_bytes(const db_rows *rows, int32_t column, size_t *ret_size)
{
    return rows->db->is->row_bytes(rows, column, ret_size);
}
