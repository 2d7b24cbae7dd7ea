/* What the parts of the jobs share. Internal to jobs*.c. */
#ifndef API_JOBS_INSIDE_H
#define API_JOBS_INSIDE_H

#include "jobs.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>
#include <time.h>

#define JOBS_LINE_SIZE 512
#define JOBS_PATH_MOST 2048

typedef struct job {
    bool in_use, has_ended, gives_back;
    bool stops, is_asked; /* it is to stop; and has been told so */
    bool is_lost;         /* the plan is not ours any more */
    char plan_id[STORE_ID_SIZE], folder[JOBS_PATH_MOST];
    int64_t fence;
    pid_t pid;
    int from, status;                           /* the pipe; of waitpid() */
    int64_t started_ms, stop_at_ms, kill_at_ms; /* CLOCK_MONOTONIC; kill_at_ms 0: not yet known */
    int64_t renew_at_ms;                        /* the lease, at the latest; 0: at once */
    char line[JOBS_LINE_SIZE];                  /* half a line that it said */
    size_t n_line;
    job_progress progress;
    uint64_t n_told; /* number of the progress that the store has */
} job;

struct jobs {
    jobs_options o;
    cr_store *store; /* the thread's own */
    pthread_t thread;
    pthread_mutex_t lock; /* of the jobs below */
    int wake;             /* eventfd */
    atomic_bool stopping;
    atomic_bool doubts;      /* some of ours may not be ours any more: ask the store at once */
    bool is_cut_off;         /* the store did not answer the last time */
    int64_t claim_at_ms;     /* no plan is begun before; what it needs was not to be had */
    int64_t take_back_at_ms; /* look for plans of workers that are gone, at the latest */
    job *jobs;
    jobs_counts counts;
};

int64_t jobs_now_ms(clockid_t clock);
store_act jobs_act(void);
void jobs_complain(const jobs *j, const char *plan_id, const char *what);

/* What the store answered; the log says when it is lost and when it is back, not every time. */
cr_status jobs_answered(jobs *j, cr_status st);

/* Under the lock. SIGTERM once the worker takes signals (it may read its day for minutes), and SIGKILL some time
 * later. */
void jobs_ask_to_stop(job *w, int64_t now);
void jobs_send_stop(job *w, int64_t now);

/* Under the lock. The same, but time runs from now on whether it takes signals or not. */
void jobs_end_soon(job *w, int64_t now);

/* Plans that were being made by us, before we were killed: queued again. */
cr_status jobs_recover(jobs *j);

/* Now and then: plans of workers whose lease has expired, whoever they were, are queued again. Ours are renewed before,
 * be they late; if that fails, nothing is. */
void jobs_take_back(jobs *j);

/* Renew what is due, or all; workers whose plan is not ours any more are ended. */
void jobs_keep_leases(jobs *j, bool all);

#endif
