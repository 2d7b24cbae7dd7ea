/* The jobs' thread: takes plans, starts workers, hears them, records how they end. jobs_lease.c keeps the plans ours
 * meanwhile.
 *
 * What a worker says is kept in one place per worker: the newest wins, and nobody ever waits for a reader. A worker has
 * ended when its end of the pipe is closed. Recording can fail, with a full disk say; it is then tried again every
 * second, and the worker's folder stays until it has worked.
 */
#include "jobs.h"

#include "day_folder.h"
#include "job_folder.h"
#include "job_worker.h"
#include "jobs_inside.h"
#include "log.h"
#include "problem.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TURN_MS        1000  /* the thread looks around at least so often */
#define TELL_MS        5000  /* also when there is nothing to tell: somebody may have gone away */
#define CLAIM_AGAIN_MS 10000 /* where a plan could not be started */
#define SPARE_S        600   /* for reading, explaining and writing, beside the time asked for */

/* ---- starting ---- */

static cr_status prepare_folder(jobs *j, job *w, const store_plan *plan, const store_day *day)
{
    snprintf(w->folder, sizeof w->folder, "%s/%s-%" PRId64, j->o.folder, plan->plan_id, plan->fence);
    day_folder_remove(w->folder); /* of a service that was killed */
    if (!day)
        return CR_E_INTERNAL;
    return mkdir(w->folder, 0700) ? CR_E_UPSTREAM : job_folder_write(j->store, plan, day, w->folder);
}

static void fail_to_start(jobs *j, const job *w, const char *why)
{
    json_t *problem = problem_json(503, "start", "The plan could not be started", why);
    char *text = problem ? json_dumps(problem, JSON_COMPACT) : NULL;
    store_outcome outcome = {.state = PLAN_FAILED, .problem = text ? text : "{}"};
    bool taken;
    jobs_complain(j, w->plan_id, why);
    if (store_finish_plan(j->store, w->plan_id, w->fence, &outcome, jobs_act(), &taken))
        jobs_complain(j, w->plan_id, "this could not be recorded");
    free(text);
    json_decref(problem);
    day_folder_remove(w->folder);
}

/* A disk that is full, or no process to be had: that is no fault of the plan, which waits. */
static void wait_to_start(jobs *j, const job *w, const char *why)
{
    jobs_complain(j, w->plan_id, why);
    day_folder_remove(w->folder);
    (void)store_give_back_plan(j->store, w->plan_id, w->fence, jobs_act());
    j->claim_at_ms = jobs_now_ms(CLOCK_MONOTONIC) + CLAIM_AGAIN_MS;
}

/* The slot is this thread's until in_use is set. */
static void start(jobs *j, job *w, const store_plan *plan)
{
    cr_auto(store_days) day = NULL;
    job_request request = job_request_of(plan);
    job made = {.in_use = true, .fence = plan->fence, .started_ms = jobs_now_ms(CLOCK_MONOTONIC)};
    double most_s = request.time_s < 0 || request.time_s > j->o.most_time_s ? j->o.most_time_s : request.time_s;
    double bound_s = fmin(fmax(request.bound_s, 0), j->o.most_time_s);
    made.stop_at_ms = made.started_ms + (int64_t)((most_s + bound_s + SPARE_S) * 1000);
    snprintf(made.plan_id, sizeof made.plan_id, "%s", plan->plan_id);
    if (jobs_answered(j, store_get_day(j->store, plan->date, plan->day_version, &day))) {
        /* The store is in trouble, not the plan. If not even this can be said, the lease ends in time. */
        (void)store_give_back_plan(j->store, plan->plan_id, plan->fence, jobs_act());
        return;
    }
    errno = 0;
    cr_status st = prepare_folder(j, &made, plan, day ? &day->items[0] : NULL);
    if (!st)
        st = job_worker_start(&j->o, &request, made.folder, plan->date, &made.pid, &made.from);
    if (st) {
        const char *why = errno ? strerror(errno) : store_message(j->store);
        if (st == CR_E_UPSTREAM || st == CR_E_NOMEM)
            wait_to_start(j, &made, why);
        else
            fail_to_start(j, &made, why);
        return;
    }
    pthread_mutex_lock(&j->lock);
    *w = made;
    j->counts.n_running++;
    pthread_mutex_unlock(&j->lock);
    j->o.changed(j->o.user);
}

static void start_waiting(jobs *j)
{
    for (int32_t i = 0; i < j->o.n_workers && !atomic_load(&j->stopping);) {
        cr_auto(store_plans) plan = NULL;
        if (j->jobs[i].in_use) {
            i++;
            continue;
        }
        if (jobs_now_ms(CLOCK_MONOTONIC) < j->claim_at_ms)
            return;
        if (jobs_answered(j, store_claim_plan(j->store, j->o.worker, j->o.lease_ms, jobs_act(), &plan)) || !plan)
            return;
        start(j, &j->jobs[i], &plan->items[0]);
        i += !j->jobs[i].in_use; /* it could not be started: not the next at once in its place */
    }
}

/* ---- hearing ---- */

static void keep_progress(jobs *j, job *w, const char *line)
{
    if (strlen(line) >= JOB_PROGRESS_SIZE)
        return;
    pthread_mutex_lock(&j->lock);
    w->progress.number++;
    strcpy(w->progress.text, line);
    jobs_send_stop(w, jobs_now_ms(CLOCK_MONOTONIC));
    pthread_mutex_unlock(&j->lock);
}

/* Keep the last whole line of what has come; a line longer than any of ours is dropped. */
static void take_bytes(jobs *j, job *w, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] != '\n') {
            if (w->n_line < JOBS_LINE_SIZE - 1)
                w->line[w->n_line++] = bytes[i];
            continue;
        }
        w->line[w->n_line] = '\0';
        w->n_line = 0;
        keep_progress(j, w, w->line);
    }
}

/* True once it has ended. */
static bool hear(jobs *j, job *w)
{
    char bytes[4096];
    ssize_t n;
    while ((n = read(w->from, bytes, sizeof bytes)) > 0)
        take_bytes(j, w, bytes, (size_t)n);
    return n == 0 || (errno != EAGAIN && errno != EINTR);
}

static void wait_for(jobs *j, job *w)
{
    int status = 0;
    close(w->from);
    while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR)
        ;
    pthread_mutex_lock(&j->lock); /* from now on nobody sends it a signal: the number may be another's */
    w->has_ended = true;
    w->status = status;
    pthread_mutex_unlock(&j->lock);
}

/* ---- ending ---- */

static cr_status record(jobs *j, job *w)
{
    job_answer answer;
    bool taken;
    if (w->is_lost)
        return CR_OK;
    if (w->gives_back)
        return jobs_answered(j, store_give_back_plan(j->store, w->plan_id, w->fence, jobs_act()));
    cr_status st = job_worker_answer(w->folder, w->status, &answer);
    if (st)
        return st;
    st = jobs_answered(j, store_finish_plan(j->store, w->plan_id, w->fence, &answer.outcome, jobs_act(), &taken));
    if (!st && !taken)
        jobs_complain(j, w->plan_id, "its end is not recorded: it is cancelled, or another has it");
    if (!st) {
        pthread_mutex_lock(&j->lock);
        j->counts.n_done += taken && answer.outcome.state == PLAN_DONE;
        j->counts.n_failed += taken && answer.outcome.state == PLAN_FAILED;
        j->counts.n_ended_by_signal += WIFSIGNALED(w->status);
        j->counts.solve_s += (double)(jobs_now_ms(CLOCK_MONOTONIC) - w->started_ms) / 1000;
        j->counts.matrix_s += answer.matrix_s;
        if (taken && answer.gap >= 0) {
            j->counts.n_gaps++;
            j->counts.gaps += answer.gap;
        }
        pthread_mutex_unlock(&j->lock);
        if (taken)
            log_event(answer.outcome.state == PLAN_FAILED ? "warning" : "info", "plan",
                      json_pack("{s:s, s:s, s:I}", "plan", w->plan_id, "state",
                                store_plan_state_name[answer.outcome.state], "ms",
                                (json_int_t)(jobs_now_ms(CLOCK_MONOTONIC) - w->started_ms)));
    }
    job_answer_done(&answer);
    return st;
}

static void try_to_record(jobs *j, job *w)
{
    if (record(j, w)) {
        if (!j->is_cut_off)
            jobs_complain(j, w->plan_id, "its end could not be recorded");
        if (!atomic_load(&j->stopping)) /* else the next service begins it again */
            return;
    }
    day_folder_remove(w->folder);
    pthread_mutex_lock(&j->lock);
    w->in_use = false;
    j->counts.n_running--;
    pthread_mutex_unlock(&j->lock);
}

/* Who was asked to stop and has not, is ended; who takes too long, or all when the service stops, are asked. */
static void keep_deadlines(jobs *j)
{
    int64_t now = jobs_now_ms(CLOCK_MONOTONIC);
    pthread_mutex_lock(&j->lock);
    for (int32_t i = 0; i < j->o.n_workers; i++) {
        job *w = &j->jobs[i];
        if (!w->in_use || w->has_ended)
            continue;
        if (atomic_load(&j->stopping))
            w->gives_back = true;
        if (w->gives_back || now >= w->stop_at_ms)
            jobs_end_soon(w, now);
        if (w->kill_at_ms && now >= w->kill_at_ms)
            kill(w->pid, SIGKILL);
    }
    pthread_mutex_unlock(&j->lock);
}

/* ---- the thread ---- */

/* True if anything is new. */
static bool hear_all(jobs *j, const struct pollfd *ready)
{
    bool changed = false;
    for (int32_t i = 0; i < j->o.n_workers; i++) {
        job *w = &j->jobs[i];
        if (!w->in_use)
            continue;
        if (!w->has_ended && ready[i].revents) {
            changed = true;
            if (hear(j, w))
                wait_for(j, w);
        }
        if (w->has_ended) {
            changed = true;
            try_to_record(j, w);
        }
    }
    return changed;
}

static void wait_for_news(jobs *j, struct pollfd *ready)
{
    int32_t n = j->o.n_workers;
    for (int32_t i = 0; i < n; i++) /* poll() passes over what is < 0 */
        ready[i] =
            (struct pollfd){.fd = j->jobs[i].in_use && !j->jobs[i].has_ended ? j->jobs[i].from : -1, .events = POLLIN};
    ready[n] = (struct pollfd){.fd = j->wake, .events = POLLIN};
    ready[n + 1] = (struct pollfd){.fd = store_news_fd(j->store), .events = POLLIN};
    (void)poll(ready, (nfds_t)n + 2, TURN_MS);
    uint64_t woken;
    if (ready[n].revents)
        (void)!read(j->wake, &woken, sizeof woken);
}

static bool any_in_use(const jobs *j)
{
    for (int32_t i = 0; i < j->o.n_workers; i++)
        if (j->jobs[i].in_use)
            return true;
    return false;
}

static void *look_after(void *user)
{
    jobs *j = user;
    struct pollfd ready[JOBS_MOST_WORKERS + 2];
    for (int64_t told_ms = 0; !atomic_load(&j->stopping) || any_in_use(j);) {
        int news = store_hear(j->store);
        jobs_take_back(j);
        start_waiting(j);
        jobs_keep_leases(j, (news & NEWS_END) || atomic_exchange(&j->doubts, false));
        keep_deadlines(j);
        wait_for_news(j, ready);
        bool changed = hear_all(j, ready) || news;
        if (changed || jobs_now_ms(CLOCK_MONOTONIC) - told_ms >= TELL_MS) {
            j->o.changed(j->o.user);
            told_ms = jobs_now_ms(CLOCK_MONOTONIC);
        }
    }
    return NULL;
}

/* ---- from outside ---- */

void jobs_free(jobs *j)
{
    if (!j)
        return;
    if (j->wake >= 0)
        close(j->wake);
    cr_store_free(j->store);
    pthread_mutex_destroy(&j->lock);
    free(j->jobs);
    free(j);
}

cr_status jobs_start(const jobs_options *options, jobs **ret_jobs, char *message, size_t size)
{
    assert(options->n_workers >= 0 && options->n_workers <= JOBS_MOST_WORKERS);
    jobs *j = calloc(1, sizeof *j);
    if (!j)
        return CR_E_NOMEM;
    j->o = *options;
    pthread_mutex_init(&j->lock, NULL);
    j->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    j->jobs = calloc((size_t)options->n_workers + 1, sizeof *j->jobs);
    cr_status st = j->jobs && j->wake >= 0 ? store_open(options->store_path, &j->store, message, size) : CR_E_NOMEM;
    if (!st && ((st = store_listen(j->store)) || (st = jobs_recover(j))))
        snprintf(message, size, "%s", store_message(j->store));
    if (!st && pthread_create(&j->thread, NULL, look_after, j))
        st = CR_E_NOMEM;
    if (st)
        jobs_free(j);
    else
        *ret_jobs = j;
    return st;
}

void jobs_stop(jobs *j)
{
    atomic_store(&j->stopping, true);
    jobs_wake(j);
    pthread_join(j->thread, NULL);
}

void jobs_wake(jobs *j)
{
    (void)!write(j->wake, &(uint64_t){1}, sizeof(uint64_t)); /* full: it is awake already */
}

static job *find_job(jobs *j, const char *plan_id)
{
    for (int32_t i = 0; i < j->o.n_workers; i++)
        if (j->jobs[i].in_use && strcmp(j->jobs[i].plan_id, plan_id) == 0)
            return &j->jobs[i];
    return NULL;
}

bool jobs_end(jobs *j, const char *plan_id, bool keep)
{
    pthread_mutex_lock(&j->lock);
    job *w = find_job(j, plan_id);
    bool runs = w && !w->has_ended;
    if (runs && keep)
        jobs_ask_to_stop(w, jobs_now_ms(CLOCK_MONOTONIC));
    else if (runs)
        kill(w->pid, SIGKILL);
    pthread_mutex_unlock(&j->lock);
    jobs_wake(j);
    return runs;
}

void jobs_doubt(jobs *j)
{
    atomic_store(&j->doubts, true);
    jobs_wake(j);
}

bool jobs_progress(jobs *j, const char *plan_id, job_progress *ret_progress)
{
    pthread_mutex_lock(&j->lock);
    const job *w = find_job(j, plan_id);
    if (w)
        *ret_progress = w->progress;
    pthread_mutex_unlock(&j->lock);
    return w;
}

jobs_counts jobs_count(jobs *j)
{
    pthread_mutex_lock(&j->lock);
    jobs_counts counts = j->counts;
    pthread_mutex_unlock(&j->lock);
    return counts;
}
