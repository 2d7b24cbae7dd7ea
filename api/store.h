/* The store: what the service keeps. Uploads, the days made of them, plans, tokens, and who did what.
 *
 * Uploads, days and finished plans are versions: they are added and never changed, and a later one takes the place of
 * an earlier one. Every verb is one transaction, on the disk before it returns, and leaves its line in the audit trail.
 * The verbs know nothing of SQL: store_db.h asks a database for numbered statements, and each database has a file of
 * these (store_sqlite_sql.c, store_postgres_sql.c).
 *
 * A cr_store is one connection, for one thread at a time; several may be open on one store. One that is lost is made
 * again by the next verb; until the database is back, verbs fail. What a verb returns belongs
 * to the caller with all its strings, which are never NULL ("" when not given). "Not there" is no error: CR_OK and
 * NULL. CR_E_UPSTREAM: the database failed, store_message() says how.
 */
#ifndef API_STORE_H
#define API_STORE_H

#include "arena.h"

typedef struct cr_store cr_store;

/* Open or make a store and bring it to this program's form: SQLite's in a file, or "postgresql://...".
 * CR_E_INPUT: the file or database is no store of ours, or a later careround made it. message is written on any
 * fault. */
cr_status store_open(const char *where, cr_store **ret_store, char *message, size_t size);
bool store_is_file(const char *where); /* false: the name of a database elsewhere */
cr_store *cr_store_free(cr_store *store);
CR_AUTO_DEFINE(cr_store)

const char *store_message(const cr_store *store); /* of the last fault */

/* Who does something, and when (milliseconds since 1970). */
typedef struct store_act {
    const char *who;
    int64_t at_ms;
} store_act;

/* 16 random hex digits and an end. */
#define STORE_ID_SIZE 17
void store_new_id(char ret_id[STORE_ID_SIZE]);

/* SHA-256 as 64 hex digits and an end. */
#define STORE_HASH_SIZE 65
void store_hash(const void *bytes, size_t size, char ret_hash[STORE_HASH_SIZE]);

/* Several verbs as one: of store_put_upload(), store_add_plan(), store_add_scenario() and those on answers, all are on
 * the disk once store_end() has returned CR_OK, or none is. st: CR_OK, or the fault for which to undo them; comes back.
 */
cr_status store_begin(cr_store *store);
cr_status store_end(cr_store *store, cr_status st);

/* ---- uploads: one list of one provider for one date ---- */

typedef struct store_upload {
    const char *upload_id, *date, *table, *provider; /* "2026-11-23", "visits", "north" */
    const char *format, *hash, *who;                 /* "csv" or "json"; store_hash() of the content */
    const char *mapping;                             /* of its headings to ours, JSON; "" */
    int32_t version, n_rows;                         /* version: of this provider's list of this date, from 1 */
    int64_t size, at_ms;
} store_upload;

typedef struct store_uploads {
    arena *strings;
    int32_t n;
    store_upload *items;
} store_uploads;

store_uploads *store_uploads_free(store_uploads *list);
CR_AUTO_DEFINE(store_uploads)

typedef struct store_bytes {
    size_t size;
    char bytes[]; /* and a zero after them */
} store_bytes;

store_bytes *store_bytes_free(store_bytes *bytes);
CR_AUTO_DEFINE(store_bytes)

typedef struct store_receipt {
    char upload_id[STORE_ID_SIZE];
    int32_t version, day_version;
    bool is_new; /* false: the list was there already, word for word */
} store_receipt;

/* Put a list in the place of the one that this provider has for the date; this makes a new version of the day. The
 * same content and mapping again change nothing. Taken from upload: date, table, provider, format, mapping, n_rows. */
cr_status store_put_upload(cr_store *store, const store_upload *upload, const void *content, size_t size, store_act act,
                           store_receipt *ret_receipt);

/* Take a provider's list out of the day: a new version of it without. *ret_day_version 0: it had none. */
cr_status store_remove_upload(cr_store *store, const char *date, const char *table, const char *provider, store_act act,
                              int32_t *ret_day_version);

/* All versions of a table's lists of a date, newest first; of one provider, or NULL: of all. */
cr_status store_list_uploads(cr_store *store, const char *date, const char *table, const char *provider,
                             store_uploads **ret_list);

cr_status store_get_upload(cr_store *store, const char *upload_id, store_uploads **ret_upload); /* n is 1 */
cr_status store_get_content(cr_store *store, const char *upload_id, store_bytes **ret_content);

/* ---- days: which lists a date is made of ---- */

typedef struct store_day {
    const char *date;
    int32_t version; /* from 1 */
    int64_t at_ms;
    const char *report; /* what reading it found, JSON; "": nobody has read it yet */
    int32_t n_parts;
    store_upload *parts; /* by table, then provider; only of store_get_day() */
} store_day;

typedef struct store_days {
    arena *strings;
    int32_t n;
    store_day *items;
} store_days;

store_days *store_days_free(store_days *list);
CR_AUTO_DEFINE(store_days)

/* The newest version of each date, in order of dates, without reports. */
cr_status store_list_days(cr_store *store, store_days **ret_list);

/* One version of a date with its parts, n is 1; version 0: the newest. */
cr_status store_get_day(cr_store *store, const char *date, int32_t version, store_days **ret_day);

/* Keep what reading a version found; the first report stays. */
cr_status store_put_report(cr_store *store, const char *date, int32_t version, const char *report);

/* ---- plans, which are jobs until they are done ---- */

typedef enum store_plan_state {
    PLAN_QUEUED,
    PLAN_RUNNING,
    PLAN_DONE,
    PLAN_FAILED,
    PLAN_CANCELLED,
    N_PLAN_STATES,
} store_plan_state;

extern const char *const store_plan_state_name[N_PLAN_STATES];

typedef struct store_plan {
    const char *plan_id, *date, *owner, *who; /* owner: whose turn it is, in a fair queue: a token, a scenario; "" */
    int32_t day_version, attempts;
    int64_t fence; /* how often it was taken: the token of who took it last */
    store_plan_state state;
    const char *options;                        /* JSON, as asked */
    const char *problem, *summary, *hash;       /* why it failed, JSON; figures of the plan, JSON; of the result */
    const char *worker, *progress;              /* who has it, or had it last; how far it was, JSON */
    int64_t queued_ms, started_ms, finished_ms; /* 0: not yet */
    const char *scenario_id;                    /* "", or whose run this is: a job like any other, whose result is */
    int32_t run;                                /* the record; by scenario of the file, then seed */
} store_plan;

typedef struct store_plans {
    arena *strings;
    int32_t n;
    store_plan *items;
} store_plans;

store_plans *store_plans_free(store_plans *list);
CR_AUTO_DEFINE(store_plans)

/* Queue a plan. Taken from plan: plan_id, date, day_version, owner, options. */
cr_status store_add_plan(cr_store *store, const store_plan *plan, store_act act);

/* n is 1; a run of a scenario is no plan. */
cr_status store_get_plan(cr_store *store, const char *plan_id, store_plans **ret_plan);

/* Newest first, at most so many; of one date, or NULL: of all. Without the runs of scenarios. */
cr_status store_list_plans(cr_store *store, const char *date, int32_t most, store_plans **ret_list);

/* Take the next queued plan, or run of a scenario, and mark it running; NULL: none waits. Owners take turns: first who
 * has the fewest running, then who has waited longest since her last start. It is the worker's for so long, by the
 * database's clock, and longer if it says so in time (store_renew_plan()); then others may take it. The plan's fence is
 * the token that the calls below ask: it grows each time a plan is taken, so who comes late with an old one changes
 * nothing. */
cr_status store_claim_plan(cr_store *store, const char *worker, int64_t lease_ms, store_act act,
                           store_plans **ret_plan);

typedef enum store_hold {
    HOLD_LOST, /* cancelled, deleted, ended, or another's */
    HOLD_KEPT,
    HOLD_STOP, /* kept; somebody has asked to stop and keep the best (store_stop_plan()) */
} store_hold;

/* The worker is still there: the plan is hers for so long from now. progress: JSON, or NULL: as it was. */
cr_status store_renew_plan(cr_store *store, const char *plan_id, int64_t fence, int64_t lease_ms, const char *progress,
                           store_hold *ret_hold);

/* Record how an attempt ended, once: *ret_taken is false if the plan is no longer that attempt's (cancelled, deleted,
 * or given to another). state: done, failed or cancelled; result: of a plan that is done. */
typedef struct store_outcome {
    store_plan_state state;
    const char *problem, *summary; /* JSON, or NULL */
    const void *result;
    size_t size;
} store_outcome;
cr_status store_finish_plan(cr_store *store, const char *plan_id, int64_t fence, const store_outcome *outcome,
                            store_act act, bool *ret_taken);

/* Running plans whose worker is gone: queued again, or failed with this problem after so many attempts. worker: of this
 * one, which is known to be gone; NULL: of those that have not been heard of for as long as they said. */
cr_status store_requeue_plans(cr_store *store, const char *worker, int32_t most_attempts, const char *problem,
                              store_act act, int32_t *ret_n);

/* One running plan back to the queue, as if that attempt had not been: its worker stops in good order. */
cr_status store_give_back_plan(cr_store *store, const char *plan_id, int64_t fence, store_act act);

/* Ask who makes a plan to stop and keep the best; *ret_taken false: it does not run. */
cr_status store_stop_plan(cr_store *store, const char *plan_id, store_act act, bool *ret_taken);

/* A plan that waits or runs becomes cancelled; *ret_taken false: it had ended. */
cr_status store_cancel_plan(cr_store *store, const char *plan_id, store_act act, bool *ret_taken);

/* Take a plan out of the store with its result; *ret_taken false: it waits or runs, or is not there. */
cr_status store_delete_plan(cr_store *store, const char *plan_id, store_act act, bool *ret_taken);

cr_status store_get_result(cr_store *store, const char *plan_id, store_bytes **ret_result);

/* ---- news of plans ---- */

/* From now on this connection hears that plans are in another state, if its database can tell; a database in a file
 * cannot, and is looked at now and then. The descriptor is readable when there is news; -1: none is told, now. */
cr_status store_listen(cr_store *store);
int store_news_fd(const cr_store *store);

enum {
    NEWS_STATE = 1, /* some plan is in another state, ... */
    NEWS_END = 2,   /* ... is cancelled, or shall stop */
};

/* What has come since the last call, without waiting: a set of the above. */
int store_hear(cr_store *store);

/* How many are in each state. */
typedef struct store_counts {
    int64_t plans[N_PLAN_STATES], runs[N_PLAN_STATES]; /* runs: of scenarios */
} store_counts;
cr_status store_count_plans(cr_store *store, store_counts *ret_counts);

/* ---- scenarios: days with changes, whose runs wait in the same queue as plans ---- */

typedef struct store_scenario {
    const char *scenario_id, *date, *who;
    int32_t day_version;
    int64_t at_ms;
    const char *file, *facts; /* JSON: what was asked, as a scenario file ("" in lists); what was found of it then */
    int64_t n_runs[N_PLAN_STATES];
    int64_t started_ms, finished_ms; /* of the first run that started, of the last that ended; 0: none */
    const char *problem;             /* of the first run that failed, JSON; "" */
} store_scenario;

/* Not kept, but said by its runs: running once one has started and until all have ended. */
store_plan_state store_scenario_state(const store_scenario *scenario);

typedef struct store_scenarios {
    arena *strings;
    int32_t n;
    store_scenario *items;
} store_scenarios;

store_scenarios *store_scenarios_free(store_scenarios *list);
CR_AUTO_DEFINE(store_scenarios)

/* Keep it and queue its runs, all or none, each with these options; they have turns of their own. Taken from scenario:
 * scenario_id, date, day_version, file, facts. */
cr_status store_add_scenario(cr_store *store, const store_scenario *scenario, int32_t n_runs, const char *options,
                             store_act act);

cr_status store_get_scenario(cr_store *store, const char *scenario_id, store_scenarios **ret_scenario); /* n is 1 */

/* Newest first, at most so many; of one date, or NULL: of all. */
cr_status store_list_scenarios(cr_store *store, const char *date, int32_t most, store_scenarios **ret_list);

/* The results of its runs, in their order. */
typedef struct store_records {
    arena *strings;
    int32_t n;
    const char **items; /* "": that run has none */
} store_records;

store_records *store_records_free(store_records *records);
CR_AUTO_DEFINE(store_records)

cr_status store_get_records(cr_store *store, const char *scenario_id, store_records **ret_records);

/* All runs that wait or run become cancelled; *ret_taken false: there are none. */
cr_status store_cancel_scenario(cr_store *store, const char *scenario_id, store_act act, bool *ret_taken);

/* Take it out with its runs; *ret_taken false: some wait or run, or it is not there. */
cr_status store_delete_scenario(cr_store *store, const char *scenario_id, store_act act, bool *ret_taken);

/* ---- answers to requests with a key, for who asks again ---- */

typedef struct store_answer {
    arena *strings;
    const char *request, *location, *body; /* store_hash() of what was asked; "" */
    int32_t status;                        /* of HTTP */
} store_answer;

store_answer *store_answer_free(store_answer *answer);
CR_AUTO_DEFINE(store_answer)

/* What this client was answered under the key since then; NULL: nothing is kept. */
cr_status store_get_answer(cr_store *store, const char *client, const char *key, int64_t since_ms,
                           store_answer **ret_answer);

/* Within store_begin(): forget all answers of before since_ms, and take the key for a request about this date.
 * *ret_taken false: it was taken since. A key that another transaction is taking is waited for. */
cr_status store_take_key(cr_store *store, const char *client, const char *key, const char *request, const char *date,
                         int64_t since_ms, store_act act, bool *ret_taken);

/* After it: the answer. Taken from answer: status, location, body. */
cr_status store_put_answer(cr_store *store, const char *client, const char *key, const store_answer *answer);

/* ---- tokens: only their hash is kept ---- */

typedef struct store_token {
    const char *token_id, *name, *scope, *provider; /* scope: "coordinator", "provider", "viewer", "admin" */
    int64_t at_ms, expires_ms, revoked_ms;          /* 0: never */
} store_token;

typedef struct store_tokens {
    arena *strings;
    int32_t n;
    store_token *items;
} store_tokens;

store_tokens *store_tokens_free(store_tokens *list);
CR_AUTO_DEFINE(store_tokens)

/* "cr_" and 43 letters for 256 random bits, and an end. */
#define STORE_SECRET_SIZE 47

/* Make a token; the secret is told this once. Taken from token: name, scope, provider, expires_ms. */
cr_status store_add_token(cr_store *store, const store_token *token, store_act act, char ret_id[STORE_ID_SIZE],
                          char ret_secret[STORE_SECRET_SIZE]);

/* The token of a secret if it holds at that time: not expired, not revoked; n is 1. */
cr_status store_find_token(cr_store *store, const char *secret, int64_t now_ms, store_tokens **ret_token);

/* Was there ever one, revoked and expired ones included? */
cr_status store_has_tokens(cr_store *store, bool *ret_any);

cr_status store_list_tokens(cr_store *store, store_tokens **ret_list);
cr_status store_revoke_token(cr_store *store, const char *token_id, store_act act, bool *ret_taken);

/* ---- looking after it ---- */

/* Copy all to a new file, which is then a store itself; others may go on meanwhile. CR_E_INPUT: of a database that has
 * its own tools for this; the message names them. */
cr_status store_copy(cr_store *store, const char *path);

typedef struct store_purged {
    int64_t uploads, plans, scenarios;
} store_purged;

/* Take out what is of dates before that one, and overwrite it on the disk; dates with plans or runs that wait or run
 * stay. */
cr_status store_purge(cr_store *store, const char *before, store_act act, store_purged *ret_purged);

/* ---- who did what ---- */

typedef struct store_event {
    int64_t event_id, at_ms;
    const char *who, *what, *about; /* "coordinator jo", "upload", "2026-11-23 visits north version 3" */
} store_event;

typedef struct store_events {
    arena *strings;
    int32_t n;
    store_event *items;
} store_events;

store_events *store_events_free(store_events *list);
CR_AUTO_DEFINE(store_events)

/* In their order, after that one, at most so many. */
cr_status store_list_events(cr_store *store, int64_t after_id, int32_t most, store_events **ret_list);

#endif
