/* One worker process: started, and its answer read. Internal to the jobs. */
#ifndef API_JOB_WORKER_H
#define API_JOB_WORKER_H

#include "jobs.h"

#include <sys/types.h>

#define JOB_FROM_SIZE 32
#define JOB_NO_MEMORY 17 /* the exit status of a worker that has come to the limit of its memory */

/* What was asked of a plan or a run, from its options in the store. */
typedef struct job_request {
    double time_s, iterations, bound_s, seed, threads; /* < 0: not given */
    char from[JOB_FROM_SIZE];                          /* when a published rota is planned anew; "": it is not */
    double run;                                        /* of a scenario; < 0: it is a plan */
} job_request;
job_request job_request_of(const store_plan *plan);

/* Start a worker for a folder that holds the day DATE. ret_from: where it says how far it is, non-blocking. */
cr_status job_worker_start(const jobs_options *o, const job_request *request, const char *folder, const char *date,
                           pid_t *ret_pid, int *ret_from);

/* What it left: an outcome whose strings and result are the caller's (job_answer_done()). status: of waitpid(). */
typedef struct job_answer {
    store_outcome outcome;
    char *problem, *summary, *result;
    double matrix_s; /* how long it took to make the day's matrices; 0 if it did not come so far */
    double gap;      /* between the plan and its proved bound, as a part of the plan; < 0: it has none */
} job_answer;
cr_status job_worker_answer(const char *folder, int status, job_answer *ret_answer);
void job_answer_done(job_answer *answer);

#endif
