/* Uploads and days: lists that take one another's place, and which of them a date is made of. */
#include "store.h"

#include "store_db.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ABOUT_SIZE 300

/* ---- reading them back ---- */

store_uploads *store_uploads_free(store_uploads *list)
{
    if (list) {
        arena_free(list->strings);
        free(list->items);
        free(list);
    }
    return NULL;
}

store_days *store_days_free(store_days *list)
{
    if (list) {
        for (int32_t i = 0; i < list->n; i++)
            free(list->items[i].parts);
        arena_free(list->strings);
        free(list->items);
        free(list);
    }
    return NULL;
}

static void read_upload(const db_rows *rows, arena *strings, void *ret_upload)
{
    *(store_upload *)ret_upload = (store_upload){
        .upload_id = db_row_text(rows, 0, strings),
        .date = db_row_text(rows, 1, strings),
        .table = db_row_text(rows, 2, strings),
        .provider = db_row_text(rows, 3, strings),
        .format = db_row_text(rows, 4, strings),
        .hash = db_row_text(rows, 5, strings),
        .who = db_row_text(rows, 6, strings),
        .mapping = db_row_text(rows, 7, strings),
        .version = (int32_t)db_row_int(rows, 8),
        .n_rows = (int32_t)db_row_int(rows, 9),
        .size = db_row_int(rows, 10),
        .at_ms = db_row_int(rows, 11),
    };
}

static cr_status uploads_of(db_rows *rows, store_uploads **ret_list)
{
    cr_auto(store_uploads) list = calloc(1, sizeof *list);
    cr_status st = STORE_READ_LIST(rows, list, read_upload);
    if (!st)
        *ret_list = store_uploads_take(&list);
    return st;
}

cr_status store_list_uploads(cr_store *store, const char *date, const char *table, const char *provider,
                             store_uploads **ret_list)
{
    db_rows rows;
    db_query(store->db, SQL_LIST_UPLOADS, &rows, DB_WITH(db_text(date), db_text(table), db_text(provider)));
    return uploads_of(&rows, ret_list);
}

cr_status store_get_upload(cr_store *store, const char *upload_id, store_uploads **ret_upload)
{
    cr_auto(store_uploads) list = NULL;
    db_rows rows;
    db_query(store->db, SQL_GET_UPLOAD, &rows, DB_WITH(db_text(upload_id)));
    cr_status st = uploads_of(&rows, &list);
    if (!st && list->n)
        *ret_upload = store_uploads_take(&list);
    return st;
}

cr_status store_get_content(cr_store *store, const char *upload_id, store_bytes **ret_content)
{
    return store_read_bytes(store, SQL_GET_CONTENT, upload_id, ret_content);
}

/* ---- putting and removing ---- */

static cr_status read_int(db_rows *rows, int32_t *ret_number)
{
    if (db_next(rows))
        *ret_number = (int32_t)db_row_int(rows, 0);
    return db_rows_done(rows);
}

static cr_status newest_day(cr_store *store, const char *date, int32_t *ret_version)
{
    db_rows rows;
    db_query(store->db, SQL_NEWEST_DAY, &rows, DB_WITH(db_text(date)));
    return read_int(&rows, ret_version);
}

/* Which list of this provider the version of the day has; "" in receipt->upload_id: none. *ret_same: it is this one. */
static cr_status current_upload(cr_store *store, const store_upload *u, const char *hash, int32_t day_version,
                                store_receipt *receipt, bool *ret_same)
{
    cr_auto(arena) strings = NULL;
    if (arena_new(&strings))
        return CR_E_NOMEM;
    db_rows rows;
    db_query(store->db, SQL_CURRENT_UPLOAD, &rows,
             DB_WITH(db_text(u->date), db_int(day_version), db_text(u->table), db_text(u->provider)));
    *ret_same = false;
    if (db_next(&rows)) {
        snprintf(receipt->upload_id, sizeof receipt->upload_id, "%s", db_row_text(&rows, 0, strings));
        receipt->version = (int32_t)db_row_int(&rows, 4);
        *ret_same = strcmp(db_row_text(&rows, 1, strings), hash) == 0 &&
                    strcmp(db_row_text(&rows, 2, strings), u->mapping) == 0 &&
                    strcmp(db_row_text(&rows, 3, strings), u->format) == 0;
    }
    cr_status st = db_rows_done(&rows);
    return !st && arena_failed(strings) ? CR_E_NOMEM : st;
}

static cr_status add_upload(cr_store *store, const store_upload *u, const char *hash, const void *content, size_t size,
                            store_act act, store_receipt *receipt)
{
    db_rows rows;
    db_query(store->db, SQL_NEXT_UPLOAD_VERSION, &rows,
             DB_WITH(db_text(u->date), db_text(u->table), db_text(u->provider)));
    cr_status st = read_int(&rows, &receipt->version);
    if (st)
        return st;
    store_new_id(receipt->upload_id);
    return db_run(store->db, SQL_ADD_UPLOAD, NULL,
                  DB_WITH(db_text(receipt->upload_id), db_text(u->date), db_text(u->table), db_text(u->provider),
                          db_int(receipt->version), db_text(u->format), db_text(u->mapping), db_text(hash),
                          db_int(u->n_rows), db_int((int64_t)size), db_int(act.at_ms), db_text(act.who),
                          size ? db_bytes(content, size) : db_bytes("", 0)));
}

/* The next version of a day: the parts of the one before, but for one provider's list of one table. */
static cr_status add_day(cr_store *store, const store_upload *u, int32_t before, store_act act)
{
    cr_status st =
        db_run(store->db, SQL_ADD_DAY, NULL, DB_WITH(db_text(u->date), db_int(before + 1), db_int(act.at_ms)));
    return st ? st
              : db_run(store->db, SQL_COPY_PARTS, NULL,
                       DB_WITH(db_text(u->date), db_int(before), db_text(u->table), db_text(u->provider)));
}

static cr_status put_upload(cr_store *store, const store_upload *u, const char *hash, const void *content, size_t size,
                            store_act act, store_receipt *receipt)
{
    char about[ABOUT_SIZE];
    int32_t before = 0;
    bool same;
    cr_status st = db_run(store->db, SQL_LOCK_DATE, NULL, DB_WITH(db_text(u->date)));
    if (!st)
        st = newest_day(store, u->date, &before);
    if (!st)
        st = current_upload(store, u, hash, before, receipt, &same);
    receipt->day_version = before;
    if (st || same)
        return st;
    receipt->is_new = true;
    receipt->day_version = before + 1;
    st = add_upload(store, u, hash, content, size, act, receipt);
    if (!st)
        st = add_day(store, u, before, act);
    if (!st)
        st = db_run(store->db, SQL_ADD_PART, NULL,
                    DB_WITH(db_text(u->date), db_int(before + 1), db_text(receipt->upload_id)));
    snprintf(about, sizeof about, "%s %s %s version %d", u->date, u->table, u->provider, receipt->version);
    return st ? st : store_note(store, act, "upload", about);
}

cr_status store_put_upload(cr_store *store, const store_upload *upload, const void *content, size_t size, store_act act,
                           store_receipt *ret_receipt)
{
    char hash[STORE_HASH_SIZE];
    store_receipt receipt = {0};
    store_hash(content, size, hash); /* before the transaction: others wait for it */
    cr_status st = store_begin(store);
    if (!st)
        st = store_end(store, put_upload(store, upload, hash, content, size, act, &receipt));
    if (!st)
        *ret_receipt = receipt;
    return st;
}

static cr_status remove_upload(cr_store *store, const store_upload *u, store_act act, int32_t *ret_day_version)
{
    char about[ABOUT_SIZE];
    store_receipt receipt = {0};
    int32_t before = 0;
    bool same;
    *ret_day_version = 0;
    cr_status st = db_run(store->db, SQL_LOCK_DATE, NULL, DB_WITH(db_text(u->date)));
    if (!st)
        st = newest_day(store, u->date, &before);
    if (!st)
        st = current_upload(store, u, "", before, &receipt, &same);
    if (st || !*receipt.upload_id)
        return st;
    st = add_day(store, u, before, act);
    snprintf(about, sizeof about, "%s %s %s version %d", u->date, u->table, u->provider, receipt.version);
    if (!st)
        st = store_note(store, act, "remove", about);
    *ret_day_version = before + 1;
    return st;
}

cr_status store_remove_upload(cr_store *store, const char *date, const char *table, const char *provider, store_act act,
                              int32_t *ret_day_version)
{
    const store_upload which = {.date = date, .table = table, .provider = provider, .mapping = "", .format = ""};
    int32_t version = 0;
    cr_status st = db_begin(store->db);
    if (!st)
        st = db_end(store->db, remove_upload(store, &which, act, &version));
    if (!st)
        *ret_day_version = version;
    return st;
}

/* ---- days ---- */

static void read_day(const db_rows *rows, arena *strings, void *ret_day)
{
    *(store_day *)ret_day = (store_day){.date = db_row_text(rows, 0, strings),
                                        .version = (int32_t)db_row_int(rows, 1),
                                        .at_ms = db_row_int(rows, 2),
                                        .report = db_row_text(rows, 3, strings)};
}

static cr_status days_of(db_rows *rows, store_days **ret_list)
{
    cr_auto(store_days) list = calloc(1, sizeof *list);
    cr_status st = STORE_READ_LIST(rows, list, read_day);
    if (!st)
        *ret_list = store_days_take(&list);
    return st;
}

cr_status store_list_days(cr_store *store, store_days **ret_list)
{
    db_rows rows;
    db_query(store->db, SQL_LIST_DAYS, &rows, NULL, 0);
    return days_of(&rows, ret_list);
}

/* A version's parts never change, so reading the two one after the other is safe. */
cr_status store_get_day(cr_store *store, const char *date, int32_t version, store_days **ret_day)
{
    cr_auto(store_days) list = NULL;
    db_rows rows;
    cr_status st = version ? CR_OK : newest_day(store, date, &version);
    if (st)
        return st;
    db_query(store->db, SQL_GET_DAY, &rows, DB_WITH(db_text(date), db_int(version)));
    st = days_of(&rows, &list);
    if (st || list->n == 0)
        return st;
    store_day *day = &list->items[0];
    db_query(store->db, SQL_GET_PARTS, &rows, DB_WITH(db_text(date), db_int(version)));
    st = store_read_rows(&rows, read_upload, sizeof *day->parts, &list->strings, (void **)&day->parts, &day->n_parts);
    if (!st)
        *ret_day = store_days_take(&list);
    return st;
}

cr_status store_put_report(cr_store *store, const char *date, int32_t version, const char *report)
{
    return db_run(store->db, SQL_PUT_REPORT, NULL, DB_WITH(db_text(report), db_text(date), db_int(version)));
}
