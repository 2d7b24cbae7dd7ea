/* Leases: a plan is ours for some time, and longer as long as we say so; then any other may take it.
 *
 * A worker of ours goes on while the store cannot be reached: if nobody has taken its plan meanwhile, it is ours still,
 * and else the fence refuses what we record.
 */
#include "jobs_inside.h"
#include "log.h"
#include "problem.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#define GRACE_MS      5000  /* from asking a worker to stop to ending it, where its plan is not wanted; */
#define FINISH_MS     60000 /* where it is: to explain and to write what it has found */
#define MOST_ATTEMPTS 3     /* a plan whose worker was lost so often has failed */
#define TELL_EVERY_MS 2000  /* how far a plan is, to those who ask another server */
#define AGAIN_MS      1000  /* what the store did not answer is tried again */

int64_t jobs_now_ms(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

store_act jobs_act(void)
{
    return (store_act){"service", jobs_now_ms(CLOCK_REALTIME)};
}

void jobs_complain(const jobs *j, const char *plan_id, const char *what)
{
    (void)j;
    log_event("warning", "plan", json_pack("{s:s, s:s}", "plan", plan_id, "detail", what));
}

cr_status jobs_answered(jobs *j, cr_status st)
{
    if (st && !j->is_cut_off)
        log_event("error", "store", json_pack("{s:s}", "detail", store_message(j->store)));
    if (!st && j->is_cut_off)
        log_event("info", "store", json_pack("{s:s}", "detail", "it answers again"));
    j->is_cut_off = st;
    return st;
}

/* ---- asking to stop ---- */

/* The first thing that a worker says is that it takes signals; one that came before would end it without a plan. */
void jobs_send_stop(job *w, int64_t now)
{
    if (!w->stops || w->is_asked || w->progress.number == 0)
        return;
    w->is_asked = true;
    kill(w->pid, SIGTERM);
    if (!w->kill_at_ms)
        w->kill_at_ms = now + FINISH_MS;
}

void jobs_ask_to_stop(job *w, int64_t now)
{
    w->stops = true;
    jobs_send_stop(w, now);
}

void jobs_end_soon(job *w, int64_t now)
{
    const int64_t at_ms = now + (w->gives_back ? GRACE_MS : FINISH_MS);
    jobs_ask_to_stop(w, now);
    if (!w->kill_at_ms || w->kill_at_ms > at_ms)
        w->kill_at_ms = at_ms;
}

/* ---- of workers that are gone ---- */

static cr_status requeue(jobs *j, const char *worker, int32_t *ret_n)
{
    json_t *problem = problem_json(500, "lost", "The plan could not be made",
                                   "three times, the worker that made it was killed or was not heard of any more");
    char *text = problem ? json_dumps(problem, JSON_COMPACT) : NULL;
    json_decref(problem);
    cr_status st = text ? store_requeue_plans(j->store, worker, MOST_ATTEMPTS, text, jobs_act(), ret_n) : CR_E_NOMEM;
    free(text);
    return st;
}

cr_status jobs_recover(jobs *j)
{
    int32_t n = 0;
    cr_status st = requeue(j, j->o.worker, &n);
    if (n > 0)
        log_event("warning", "plans cut short", json_pack("{s:i}", "begun_again", (int)n));
    return st;
}

/* ---- of ours ---- */

static bool is_due(const jobs *j, const job *w, int64_t now)
{
    int64_t renewed_ms = w->renew_at_ms - j->o.lease_ms / 4;
    bool tells = j->o.tells_progress && w->progress.number != w->n_told;
    return now >= w->renew_at_ms || (tells && now >= renewed_ms + TELL_EVERY_MS);
}

static void heed(jobs *j, job *w, store_hold hold, int64_t now)
{
    pthread_mutex_lock(&j->lock);
    if (hold == HOLD_STOP && !w->has_ended)
        jobs_ask_to_stop(w, now);
    if (hold == HOLD_LOST && !w->is_lost) {
        w->is_lost = true;
        if (!w->has_ended)
            kill(w->pid, SIGKILL);
        jobs_complain(j, w->plan_id, "is not ours any more");
    }
    pthread_mutex_unlock(&j->lock);
}

static cr_status renew(jobs *j, job *w, int64_t now)
{
    store_hold hold;
    uint64_t number = w->progress.number; /* only this thread changes it */
    cr_status st = store_renew_plan(j->store, w->plan_id, w->fence, j->o.lease_ms,
                                    number && j->o.tells_progress ? w->progress.text : NULL, &hold);
    w->renew_at_ms = now + (st ? AGAIN_MS : j->o.lease_ms / 4);
    if (jobs_answered(j, st))
        return st;
    w->n_told = number;
    heed(j, w, hold, now);
    return CR_OK;
}

void jobs_keep_leases(jobs *j, bool all)
{
    int64_t now = jobs_now_ms(CLOCK_MONOTONIC);
    for (int32_t i = 0; i < j->o.n_workers; i++) {
        job *w = &j->jobs[i];
        if (w->in_use && (all || is_due(j, w, now)))
            (void)renew(j, w, now);
    }
}

/* Before leases are looked at: a machine that slept, or a store that was away, has let ours run out, too. */
static bool renew_all(jobs *j, int64_t now)
{
    bool all = true;
    for (int32_t i = 0; i < j->o.n_workers && all; i++)
        all = !j->jobs[i].in_use || renew(j, &j->jobs[i], now) == CR_OK;
    return all;
}

void jobs_take_back(jobs *j)
{
    int32_t n = 0;
    int64_t now = jobs_now_ms(CLOCK_MONOTONIC);
    if (now < j->take_back_at_ms)
        return;
    j->take_back_at_ms = now + j->o.lease_ms / 4;
    if (renew_all(j, now) && jobs_answered(j, requeue(j, NULL, &n)) == CR_OK && n > 0)
        log_event("warning", "workers not heard of", json_pack("{s:i}", "begun_again", (int)n));
}
