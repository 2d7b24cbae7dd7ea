/* Jobs on several threads. */
#include "workers.h"

#include "partition.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

typedef struct crew {
    workers_job *do_job;
    void *user;
    int32_t n_jobs;
    atomic_int next;   /* job to be taken */
    cr_status *status; /* of each job */
} crew;

typedef struct worker {
    crew *crew;
    int32_t index;
    pthread_t thread;
    bool is_running;
} worker;

static void work(crew *c, int32_t index)
{
    for (int32_t job; (job = atomic_fetch_add(&c->next, 1)) < c->n_jobs;)
        c->status[job] = c->do_job(job, index, c->user);
}

static void *run_thread(void *user)
{
    worker *w = user;
    work(w->crew, w->index);
    partition_thread_ends();
    return NULL;
}

cr_status workers_run(int32_t n_threads, int32_t n_jobs, workers_job *do_job, void *user)
{
    int32_t n = n_threads < n_jobs ? n_threads : n_jobs;
    crew c = {.do_job = do_job, .user = user, .n_jobs = n_jobs};
    c.status = calloc((size_t)n_jobs + 1, sizeof *c.status);
    worker *workers = calloc((size_t)n + 1, sizeof *workers);
    cr_status st = c.status && workers ? CR_OK : CR_E_NOMEM;
    atomic_init(&c.next, 0);
    for (int32_t i = 1; !st && i < n; i++) {
        workers[i] = (worker){.crew = &c, .index = i};
        workers[i].is_running = pthread_create(&workers[i].thread, NULL, run_thread, &workers[i]) == 0;
    }
    if (!st)
        work(&c, 0);
    for (int32_t i = 1; !st && i < n; i++)
        if (workers[i].is_running)
            pthread_join(workers[i].thread, NULL);
    for (int32_t job = 0; !st && job < n_jobs; job++)
        st = c.status[job];
    free(c.status);
    free(workers);
    return st;
}
