/* The store: opening it, its ids and hashes, its audit trail. */
#include "store.h"

#include "store_db.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static_assert(STORE_HASH_SIZE == crypto_hash_sha256_BYTES * 2 + 1, "two hex digits a byte");

cr_status store_open(const char *where, cr_store **ret_store, char *message, size_t size)
{
    snprintf(message, size, "the store: out of memory");
    if (sodium_init() < 0) {
        snprintf(message, size, "no random numbers to be had");
        return CR_E_UPSTREAM;
    }
    cr_store *store = calloc(1, sizeof *store);
    cr_status st = store ? db_open(where, &store->db, message, size) : CR_E_NOMEM;
    if (st)
        free(store);
    else
        *ret_store = store;
    return st;
}

cr_store *cr_store_free(cr_store *store)
{
    if (store) {
        db_close(store->db);
        free(store);
    }
    return NULL;
}

const char *store_message(const cr_store *store)
{
    return db_message(store->db);
}

cr_status store_begin(cr_store *store)
{
    cr_status st = store->depth ? CR_OK : db_begin(store->db);
    store->depth += !st;
    return st;
}

cr_status store_end(cr_store *store, cr_status st)
{
    assert(store->depth > 0);
    return --store->depth ? st : db_end(store->db, st);
}

void store_new_id(char ret_id[STORE_ID_SIZE])
{
    unsigned char bytes[(STORE_ID_SIZE - 1) / 2];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2hex(ret_id, STORE_ID_SIZE, bytes, sizeof bytes);
}

void store_hash(const void *bytes, size_t size, char ret_hash[STORE_HASH_SIZE])
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, bytes, size);
    sodium_bin2hex(ret_hash, STORE_HASH_SIZE, hash, sizeof hash);
}

/* ---- bytes ---- */

store_bytes *store_bytes_free(store_bytes *bytes)
{
    free(bytes);
    return NULL;
}

cr_status store_read_rows(db_rows *rows, store_read_row *read, size_t item_size, arena **strings, void **items,
                          int32_t *n)
{
    int32_t room = 0;
    if (!*strings && arena_new(strings)) {
        db_rows_done(rows);
        return CR_E_NOMEM;
    }
    while (db_next(rows)) {
        if (!array_room(items, *n, &room, item_size)) {
            arena_fail(*strings);
            break;
        }
        read(rows, *strings, (char *)*items + (size_t)(*n)++ * item_size);
    }
    cr_status st = db_rows_done(rows);
    return !st && arena_failed(*strings) ? CR_E_NOMEM : st;
}

cr_status store_read_bytes(cr_store *store, store_sql sql, const char *id, store_bytes **ret_bytes)
{
    cr_auto(store_bytes) found = NULL;
    db_rows rows;
    db_query(store->db, sql, &rows, DB_WITH(db_text(id)));
    size_t size = 0;
    const void *bytes = db_next(&rows) ? db_row_bytes(&rows, 0, &size) : NULL;
    if (bytes && !(found = malloc(sizeof *found + size + 1))) {
        db_rows_done(&rows);
        return CR_E_NOMEM;
    }
    if (found) {
        found->size = size;
        memcpy(found->bytes, bytes, size);
        found->bytes[size] = '\0';
    }
    cr_status st = db_rows_done(&rows);
    if (!st)
        *ret_bytes = store_bytes_take(&found);
    return st;
}

/* ---- who did what ---- */

cr_status store_note(cr_store *store, store_act act, const char *what, const char *about)
{
    return db_run(store->db, SQL_ADD_EVENT, NULL,
                  DB_WITH(db_int(act.at_ms), db_text(act.who), db_text(what), db_text(about)));
}

store_events *store_events_free(store_events *list)
{
    if (list) {
        arena_free(list->strings);
        free(list->items);
        free(list);
    }
    return NULL;
}

static void read_event(const db_rows *rows, arena *strings, void *ret_event)
{
    *(store_event *)ret_event = (store_event){db_row_int(rows, 0), db_row_int(rows, 1), db_row_text(rows, 2, strings),
                                              db_row_text(rows, 3, strings), db_row_text(rows, 4, strings)};
}

cr_status store_list_events(cr_store *store, int64_t after_id, int32_t most, store_events **ret_list)
{
    cr_auto(store_events) list = calloc(1, sizeof *list);
    db_rows rows;
    db_query(store->db, SQL_LIST_EVENTS, &rows, DB_WITH(db_int(after_id), db_int(most)));
    cr_status st = STORE_READ_LIST(&rows, list, read_event);
    if (!st)
        *ret_list = store_events_take(&list);
    return st;
}
