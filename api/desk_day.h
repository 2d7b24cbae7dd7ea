/* What lies on a desk: a day, read and compiled once, and the plans that are looked at. Internal to the desk's process.
 *
 * A plan that was planned anew, or against a published rota, changes the day that it is read with. So a desk says as of
 * which plan its day stands, and reads the day again when it is asked about another.
 */
#ifndef API_DESK_DAY_H
#define API_DESK_DAY_H

#include "careround/evaluate.h"
#include "desk.h"
#include "store.h"
#include "write.h"

#define DESK_KEPT_PLANS 8

typedef struct desk_kept {
    char plan_id[STORE_ID_SIZE]; /* "": it was sent with its question */
    char *text;                  /* as it was sent, to know it again; NULL: of the store, or too large to keep */
    size_t n_text;
    cr_plan *plan;
    plan_origin origin;
} desk_kept;

typedef struct desk_day {
    const char *folder; /* FOLDER/DATE is the day; what is written goes beside it */
    day_read_options read;
    cr_day *day;                        /* NULL: not read yet, or it has errors */
    day_findings *findings;             /* of reading it; NULL: not read yet */
    cr_evaluator *evaluator;            /* of the day as its files have it; NULL: nobody has asked yet */
    bool is_published;                  /* the day has a published rota, of the plan that was read last */
    char stands_as_of[STORE_HASH_SIZE]; /* of the plan.json that was planned anew; "": as its files have it */
    desk_kept anew;                     /* that plan */
    desk_kept kept[DESK_KEPT_PLANS];    /* plans that change nothing of the day */
    int32_t next_kept;
    char fingerprint[DAY_FINGERPRINT_SIZE]; /* of the day as its files have it; "": not worked out yet */
} desk_day;

/* The day as its files have it, without a published rota. CR_E_INPUT: findings has what is wrong. */
cr_status desk_day_open(desk_day *d);
void desk_day_done(desk_day *d);

/* A plan of the store that was read before, as long as it lies here: NULL, or borrowed until the next plan is read. */
const desk_kept *desk_day_find(desk_day *d, const char *plan_id);

/* Read a plan.json; the day then stands as it did for that plan. plan_id: of the store, to keep it; NULL: it is none,
 * and one that was sent before, to the letter, is not read again. may_change_day false: one that was planned anew is a
 * fault. CR_E_INPUT: *ret_faults (the caller's) has what is wrong with the plan, or is NULL and findings has what is
 * wrong with the day. *ret_plan is borrowed until the next is read.
 */
cr_status desk_day_read_plan(desk_day *d, const char *plan_id, const char *text, size_t size, bool may_change_day,
                             const desk_kept **ret_plan, plan_faults **ret_faults);

/* The plan itself, which then lies here no more. */
cr_plan *desk_day_take(desk_day *d, const desk_kept *plan);

/* Was the plan made for another form of the day? Only known of a day as its files have it. */
bool desk_day_is_other(desk_day *d, const desk_kept *plan);

#endif
