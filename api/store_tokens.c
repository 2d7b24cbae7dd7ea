/* Tokens: 256 random bits told once, of which only a hash is kept.
 *
 * A secret of that size cannot be guessed or found by trying words, so a fast hash is enough: BLAKE2b (libsodium's
 * generic hash). The hash is looked up as a whole, so how long that takes says nothing about the secret.
 */
#include "store.h"

#include "store_db.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECRET_BYTES 32
#define SECRET_MARK  "cr_"
#define ABOUT_SIZE   300

static_assert(STORE_SECRET_SIZE ==
                  sodium_base64_ENCODED_LEN(SECRET_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING) + 3,
              "the mark, the letters, the end");

static void hash_secret(const char *secret, char ret_hex[crypto_generichash_BYTES * 2 + 1])
{
    unsigned char hash[crypto_generichash_BYTES];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)secret, strlen(secret), NULL, 0);
    sodium_bin2hex(ret_hex, crypto_generichash_BYTES * 2 + 1, hash, sizeof hash);
}

static cr_status add_token(cr_store *store, const store_token *t, const char *token_id, const char *secret,
                           store_act act)
{
    char hash[crypto_generichash_BYTES * 2 + 1], about[ABOUT_SIZE];
    hash_secret(secret, hash);
    snprintf(about, sizeof about, "token %s '%s' %s%s%s", token_id, t->name, t->scope, *t->provider ? ":" : "",
             t->provider);
    cr_status st = db_run(store->db, SQL_ADD_TOKEN, NULL,
                          DB_WITH(db_text(token_id), db_text(t->name), db_text(t->scope), db_text(t->provider),
                                  db_text(hash), db_int(act.at_ms), db_int(t->expires_ms)));
    return st ? st : store_note(store, act, "add", about);
}

cr_status store_add_token(cr_store *store, const store_token *token, store_act act, char ret_id[STORE_ID_SIZE],
                          char ret_secret[STORE_SECRET_SIZE])
{
    char secret[STORE_SECRET_SIZE] = SECRET_MARK;
    unsigned char bits[SECRET_BYTES];
    char token_id[STORE_ID_SIZE];
    store_new_id(token_id);
    randombytes_buf(bits, sizeof bits);
    sodium_bin2base64(secret + strlen(SECRET_MARK), sizeof secret - strlen(SECRET_MARK), bits, sizeof bits,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    cr_status st = db_begin(store->db);
    if (!st)
        st = db_end(store->db, add_token(store, token, token_id, secret, act));
    if (!st) {
        memcpy(ret_id, token_id, sizeof token_id);
        memcpy(ret_secret, secret, sizeof secret);
    }
    sodium_memzero(bits, sizeof bits);
    sodium_memzero(secret, sizeof secret);
    return st;
}

/* ---- reading ---- */

store_tokens *store_tokens_free(store_tokens *list)
{
    if (list) {
        arena_free(list->strings);
        free(list->items);
        free(list);
    }
    return NULL;
}

static void read_token(const db_rows *rows, arena *strings, void *ret_token)
{
    *(store_token *)ret_token = (store_token){
        .token_id = db_row_text(rows, 0, strings),
        .name = db_row_text(rows, 1, strings),
        .scope = db_row_text(rows, 2, strings),
        .provider = db_row_text(rows, 3, strings),
        .at_ms = db_row_int(rows, 4),
        .expires_ms = db_row_int(rows, 5),
        .revoked_ms = db_row_int(rows, 6),
    };
}

static cr_status tokens_of(db_rows *rows, store_tokens **ret_list)
{
    cr_auto(store_tokens) list = calloc(1, sizeof *list);
    cr_status st = STORE_READ_LIST(rows, list, read_token);
    if (!st)
        *ret_list = store_tokens_take(&list);
    return st;
}

cr_status store_list_tokens(cr_store *store, store_tokens **ret_list)
{
    db_rows rows;
    db_query(store->db, SQL_LIST_TOKENS, &rows, NULL, 0);
    return tokens_of(&rows, ret_list);
}

cr_status store_has_tokens(cr_store *store, bool *ret_any)
{
    db_rows rows;
    db_query(store->db, SQL_ANY_TOKEN, &rows, NULL, 0);
    bool any = db_next(&rows);
    cr_status st = db_rows_done(&rows);
    if (!st)
        *ret_any = any;
    return st;
}

cr_status store_find_token(cr_store *store, const char *secret, int64_t now_ms, store_tokens **ret_token)
{
    char hash[crypto_generichash_BYTES * 2 + 1];
    cr_auto(store_tokens) list = NULL;
    db_rows rows;
    hash_secret(secret, hash);
    db_query(store->db, SQL_FIND_TOKEN, &rows, DB_WITH(db_text(hash), db_int(now_ms)));
    cr_status st = tokens_of(&rows, &list);
    if (!st && list->n)
        *ret_token = store_tokens_take(&list);
    return st;
}

static cr_status revoke_token(cr_store *store, const char *token_id, store_act act, int64_t *ret_changed)
{
    char about[ABOUT_SIZE];
    snprintf(about, sizeof about, "token %s", token_id);
    cr_status st = db_run(store->db, SQL_REVOKE_TOKEN, ret_changed, DB_WITH(db_int(act.at_ms), db_text(token_id)));
    return st || *ret_changed == 0 ? st : store_note(store, act, "revoke", about);
}

cr_status store_revoke_token(cr_store *store, const char *token_id, store_act act, bool *ret_taken)
{
    int64_t changed = 0;
    cr_status st = db_begin(store->db);
    if (!st)
        st = db_end(store->db, revoke_token(store, token_id, act, &changed));
    if (!st)
        *ret_taken = changed > 0;
    return st;
}
