/* Threads for the calls that take long: reading lists, writing to the disk. Those who wait are a bounded queue. */
#include "http.h"

#include <stdlib.h>

#define MOST_WAITING 64
#define MOST_THREADS 16

struct http_work {
    pthread_mutex_t lock;
    pthread_cond_t news;
    http_call *first, *last;
    int32_t n_waiting, n_threads;
    bool ends;
    pthread_t thread[MOST_THREADS];
};

static http_call *next_call(http_work *w)
{
    pthread_mutex_lock(&w->lock);
    while (!w->first && !w->ends)
        pthread_cond_wait(&w->news, &w->lock);
    http_call *call = w->first;
    if (call) {
        w->first = call->next;
        w->n_waiting--;
    }
    pthread_mutex_unlock(&w->lock);
    return call;
}

static void *work_on(void *user)
{
    http_work *w = user;
    for (http_call *call; (call = next_call(w));) {
        struct MHD_Connection *connection = call->connection;
        http_run(call);
        MHD_resume_connection(connection); /* the call may be gone after this */
    }
    return NULL;
}

cr_status http_work_start(int32_t n_threads, http_work **ret_work)
{
    http_work *w = calloc(1, sizeof *w);
    if (!w)
        return CR_E_NOMEM;
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->news, NULL);
    while (w->n_threads < n_threads && w->n_threads < MOST_THREADS &&
           pthread_create(&w->thread[w->n_threads], NULL, work_on, w) == 0)
        w->n_threads++;
    if (w->n_threads == 0) {
        http_work_free(w);
        return CR_E_NOMEM;
    }
    *ret_work = w;
    return CR_OK;
}

void http_work_stop(http_work *w)
{
    pthread_mutex_lock(&w->lock);
    w->ends = true;
    pthread_cond_broadcast(&w->news);
    pthread_mutex_unlock(&w->lock);
    for (int32_t i = 0; i < w->n_threads; i++)
        pthread_join(w->thread[i], NULL);
}

void http_work_free(http_work *w)
{
    if (!w)
        return;
    pthread_cond_destroy(&w->news);
    pthread_mutex_destroy(&w->lock);
    free(w);
}

bool http_work_add(http_work *w, http_call *call)
{
    pthread_mutex_lock(&w->lock);
    bool fits = w->n_waiting < MOST_WAITING && !w->ends;
    if (fits) {
        call->next = NULL;
        if (w->first)
            w->last->next = call;
        else
            w->first = call;
        w->last = call;
        w->n_waiting++;
        pthread_cond_signal(&w->news);
    }
    pthread_mutex_unlock(&w->lock);
    return fits;
}
