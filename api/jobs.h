/* Jobs: plans and runs of scenarios that wait in the store are made by workers, each a process of its own.
 *
 * One thread looks after them all. It takes plans from the store by turns of their owners, starts 'careround worker'
 * for each, hears how far it is, and records how it ended. Several services, on one machine or more, may do so with one
 * store: each plan is leased to one of them. Everything may be called from any thread.
 */
#ifndef API_JOBS_H
#define API_JOBS_H

#include "day.h"
#include "store.h"

typedef struct jobs jobs;

#define JOBS_MOST_WORKERS 64
#define JOBS_MOST_OPTIONS 64 /* on how to read a day */

typedef struct jobs_options {
    const char *store_path;
    const char *folder;             /* for scratch; it is there, and nobody else's */
    const char *worker;             /* our name in the store, and nobody else's */
    int64_t lease_ms;               /* not heard of for so long, we have lost our plans */
    bool tells_progress;            /* into the store, for those who ask others */
    int32_t n_workers;              /* at once, up to JOBS_MOST_WORKERS; 0: others make the plans */
    double most_time_s;             /* of any plan; then it is stopped, and keeps the best */
    double memory_mb;               /* of each worker; 0: no limit */
    const char *const *how_to_read; /* "--roads=FILE" and so on, for every worker; NULL ends them */
    void (*changed)(
        void *user); /* some plan is further, or ended, or some seconds have passed; from the jobs' thread */
    void *user;
} jobs_options;

/* The strings stay the caller's and stay. Plans that ran when the last service of our name was killed are queued
 * again. */
cr_status jobs_start(const jobs_options *options, jobs **ret_jobs, char *message, size_t size);

/* Workers are asked to end, those plans go back to the queue, and the thread ends; what is asked afterwards finds no
 * plan running. */
void jobs_stop(jobs *j);
void jobs_free(jobs *j); /* once it has stopped; NULL is welcome */

/* A plan has been queued. */
void jobs_wake(jobs *j);

/* Ask the worker of a plan to stop and keep the best, or end it at once, which the store has been told before
 * (store_stop_plan(), store_cancel_plan()). False: none of ours makes it; another's hears of it from the store. */
bool jobs_end(jobs *j, const char *plan_id, bool keep);

/* Runs of a scenario were cancelled in the store: those that run here are ended as soon as the thread has looked. */
void jobs_doubt(jobs *j);

#define JOB_PROGRESS_SIZE 256
typedef struct job_progress {
    uint64_t number;              /* grows with each; 0: has not said anything */
    char text[JOB_PROGRESS_SIZE]; /* JSON */
} job_progress;

/* The newest progress of a plan that runs here; false: it does not. */
bool jobs_progress(jobs *j, const char *plan_id, job_progress *ret_progress);

/* Since the start, for /metrics. */
typedef struct jobs_counts {
    int64_t n_done, n_failed, n_ended_by_signal, n_gaps; /* n_gaps: plans with a bound */
    double solve_s, matrix_s, gaps; /* of all together; gaps: between plan and bound, as parts of the plan's cost */
    int32_t n_running;
} jobs_counts;
jobs_counts jobs_count(jobs *j);

#endif
