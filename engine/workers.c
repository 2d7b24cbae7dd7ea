/* Jobs on several threads. Threads wait by semaphores: between calls nothing is shared that could want a lock. */
#include "workers.h"

#include "partition.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>

/* What all are at; changed while nobody works. */
typedef struct call {
    workers_job *do_job;
    void *user;
    int32_t n_jobs;
    cr_status *status; /* of each job */
} call;

typedef struct worker {
    workers *crew;
    int32_t index;
    pthread_t thread;
    sem_t called;
} worker;

struct workers {
    worker *threads; /* beside the caller's */
    int32_t n;       /* of them that run */
    call now;
    atomic_int next; /* job to be taken */
    bool is_over;
    sem_t done; /* once for each thread that has done with the call */
};

/* A signal may cut a wait short. */
static void await(sem_t *sign)
{
    while (sem_wait(sign) != 0)
        continue;
}

static void work(workers *w, int32_t index)
{
    for (int32_t job; (job = atomic_fetch_add(&w->next, 1)) < w->now.n_jobs;)
        w->now.status[job] = w->now.do_job(job, index, w->now.user);
}

static void *run_thread(void *user)
{
    worker *me = user;
    for (await(&me->called); !me->crew->is_over; await(&me->called)) {
        work(me->crew, me->index);
        sem_post(&me->crew->done);
    }
    partition_thread_ends();
    return NULL;
}

cr_status workers_call(workers *w, int32_t n_jobs, workers_job *do_job, void *user)
{
    w->now = (call){do_job, user, n_jobs, calloc((size_t)n_jobs + 1, sizeof *w->now.status)};
    if (!w->now.status)
        return CR_E_NOMEM;
    atomic_store(&w->next, 0);
    for (int32_t i = 0; i < w->n; i++)
        sem_post(&w->threads[i].called);
    work(w, 0);
    for (int32_t i = 0; i < w->n; i++)
        await(&w->done);
    cr_status st = CR_OK;
    for (int32_t job = 0; !st && job < n_jobs; job++)
        st = w->now.status[job];
    free(w->now.status);
    return st;
}

cr_status workers_run(int32_t n_threads, int32_t n_jobs, workers_job *do_job, void *user)
{
    cr_auto(workers) w = NULL;
    cr_status st = workers_new(n_threads < n_jobs ? n_threads : n_jobs, &w);
    return st ? st : workers_call(w, n_jobs, do_job, user);
}

/* ---- made and freed ---- */

static bool start_thread(workers *w, worker *one)
{
    *one = (worker){.crew = w, .index = w->n + 1};
    if (sem_init(&one->called, 0, 0) != 0)
        return false;
    bool runs = pthread_create(&one->thread, NULL, run_thread, one) == 0;
    if (!runs)
        sem_destroy(&one->called);
    return runs;
}

cr_status workers_new(int32_t n_threads, workers **ret_workers)
{
    int32_t n = n_threads > 1 ? n_threads - 1 : 0;
    workers *w = calloc(1, sizeof *w);
    worker *threads = calloc((size_t)n + 1, sizeof *threads);
    if (!w || !threads || sem_init(&w->done, 0, 0) != 0) {
        free(w);
        free(threads);
        return CR_E_NOMEM;
    }
    w->threads = threads;
    while (w->n < n && start_thread(w, &w->threads[w->n]))
        w->n++;
    *ret_workers = w;
    return CR_OK;
}

workers *workers_free(workers *w)
{
    if (!w)
        return NULL;
    w->is_over = true;
    for (int32_t i = 0; i < w->n; i++)
        sem_post(&w->threads[i].called);
    for (int32_t i = 0; i < w->n; i++) {
        pthread_join(w->threads[i].thread, NULL);
        sem_destroy(&w->threads[i].called);
    }
    sem_destroy(&w->done);
    free(w->threads);
    free(w);
    return NULL;
}
