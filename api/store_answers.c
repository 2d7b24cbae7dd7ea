/* Answers that were given to requests with a key, kept so that asking again gets the same and does nothing. */
#include "store.h"

#include "store_db.h"

#include <stdlib.h>
#include <string.h>

store_answer *store_answer_free(store_answer *answer)
{
    if (answer) {
        arena_free(answer->strings);
        free(answer);
    }
    return NULL;
}

cr_status store_get_answer(cr_store *store, const char *client, const char *key, int64_t since_ms,
                           store_answer **ret_answer)
{
    cr_auto(store_answer) answer = calloc(1, sizeof *answer);
    if (!answer || arena_new(&answer->strings))
        return CR_E_NOMEM;
    db_rows rows;
    db_query(store->db, SQL_GET_ANSWER, &rows, DB_WITH(db_text(client), db_text(key), db_int(since_ms)));
    bool found = db_next(&rows);
    if (found) {
        answer->request = db_row_text(&rows, 0, answer->strings);
        answer->status = (int32_t)db_row_int(&rows, 1);
        answer->location = db_row_text(&rows, 2, answer->strings);
        answer->body = db_row_text(&rows, 3, answer->strings);
    }
    cr_status st = db_rows_done(&rows);
    if (!st && arena_failed(answer->strings))
        st = CR_E_NOMEM;
    if (!st && found)
        *ret_answer = store_answer_take(&answer);
    return st;
}

cr_status store_take_key(cr_store *store, const char *client, const char *key, const char *request, const char *date,
                         int64_t since_ms, store_act act, bool *ret_taken)
{
    int64_t n = 0;
    cr_status st = db_run(store->db, SQL_FORGET_ANSWERS, NULL, DB_WITH(db_int(since_ms)));
    if (!st)
        st = db_run(store->db, SQL_TAKE_KEY, &n,
                    DB_WITH(db_text(client), db_text(key), db_text(request), db_text(date), db_int(act.at_ms)));
    if (!st)
        *ret_taken = n > 0;
    return st;
}

cr_status store_put_answer(cr_store *store, const char *client, const char *key, const store_answer *answer)
{
    return db_run(store->db, SQL_PUT_ANSWER, NULL,
                  DB_WITH(db_int(answer->status), db_text(answer->location), db_text(answer->body), db_text(client),
                          db_text(key)));
}
