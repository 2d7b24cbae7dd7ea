/* Looking after the store: copies, and taking out what is old. */
#include "store.h"

#include "store_db.h"

#include <stdio.h>

cr_status store_copy(cr_store *store, const char *path)
{
    return db_copy(store->db, path);
}

/* Plans before scenarios, these before days, days before uploads: each holds the one after. */
static cr_status purge(cr_store *store, const char *before, store_act act, store_purged *ret)
{
    char about[200];
    cr_status st = db_run(store->db, SQL_LOCK_DATES, NULL, NULL, 0);
    if (!st)
        st = db_run(store->db, SQL_PURGE_PLANS, &ret->plans, DB_WITH(db_text(before)));
    if (!st)
        st = db_run(store->db, SQL_PURGE_SCENARIOS, &ret->scenarios, DB_WITH(db_text(before)));
    if (!st)
        st = db_run(store->db, SQL_PURGE_PARTS, NULL, DB_WITH(db_text(before)));
    if (!st)
        st = db_run(store->db, SQL_PURGE_DAYS, NULL, DB_WITH(db_text(before)));
    if (!st)
        st = db_run(store->db, SQL_PURGE_UPLOADS, &ret->uploads, DB_WITH(db_text(before)));
    if (!st)
        st = db_run(store->db, SQL_PURGE_ANSWERS, NULL, DB_WITH(db_text(before)));
    snprintf(about, sizeof about, "%lld lists, %lld plans and runs, %lld scenarios of dates before %s",
             (long long)ret->uploads, (long long)ret->plans, (long long)ret->scenarios, before);
    return st ? st : store_note(store, act, "purge", about);
}

cr_status store_purge(cr_store *store, const char *before, store_act act, store_purged *ret_purged)
{
    store_purged purged = {0};
    cr_status st = db_begin(store->db);
    if (!st)
        st = db_end(store->db, purge(store, before, act, &purged));
    if (!st)
        st = db_forget(store->db);
    if (!st)
        *ret_purged = purged;
    return st;
}
