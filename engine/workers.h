/* Jobs on several threads, in the order of their numbers, until all are done: the only place of the engine that starts
 * a thread. */
#ifndef ENGINE_WORKERS_H
#define ENGINE_WORKERS_H

#include "careround/base.h"

/* Threads that wait for calls. */
typedef struct workers workers;

/* One job; worker is 0 on the thread that made the call, and below n_threads. */
typedef cr_status workers_job(int32_t job, int32_t worker, void *user);

/* At most n_threads threads, the caller's included: one that cannot be had is done without. CR_E_NOMEM. */
cr_status workers_new(int32_t n_threads, workers **ret_workers);
workers *workers_free(workers *w);
CR_AUTO_DEFINE(workers)

/* Runs jobs 0 to n_jobs - 1 and waits for all. Returns the first status that is not CR_OK, by the jobs' order.
 * CR_E_NOMEM. Not from within a job. */
cr_status workers_call(workers *w, int32_t n_jobs, workers_job *do_job, void *user);

/* The same for once, with threads of its own. */
cr_status workers_run(int32_t n_threads, int32_t n_jobs, workers_job *do_job, void *user);

#endif
