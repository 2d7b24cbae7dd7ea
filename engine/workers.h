/* Jobs on several threads, in the order of their numbers, until all are done: the only place of the engine that starts
 * a thread. */
#ifndef ENGINE_WORKERS_H
#define ENGINE_WORKERS_H

#include "careround/base.h"

/* One job; worker is 0 on the thread that called workers_run(). */
typedef cr_status workers_job(int32_t job, int32_t worker, void *user);

/* Runs jobs 0 to n_jobs - 1 on at most n_threads threads, this one included, and waits for all. A thread that cannot
 * be had is done without. Returns the first status that is not CR_OK, by the jobs' order. CR_E_NOMEM. */
cr_status workers_run(int32_t n_threads, int32_t n_jobs, workers_job *do_job, void *user);

#endif
