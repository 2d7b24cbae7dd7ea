/* Progress of a plan, or of the runs of a scenario, as server-sent events.
 *
 * Each who listens is a connection that is suspended while there is nothing to say, so it costs no thread. The jobs'
 * thread tells when anything has changed, and all are taken up to look. What is said is always the newest: a slow
 * client misses what came between, and nobody waits for it.
 */
#include "http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_LISTENERS 200
#define BLOCK_SIZE     2048
#define TEXT_SIZE      1024

typedef struct listener {
    http_server *server;
    struct MHD_Connection *connection;
    char id[STORE_ID_SIZE];       /* of a plan, ... */
    bool is_scenario;             /* ... or a scenario */
    store_plan_state said_state;  /* N_PLAN_STATES: none yet */
    char said[JOB_PROGRESS_SIZE]; /* of the progress */
    bool is_suspended, is_over;
    char text[TEXT_SIZE]; /* what is being sent */
    size_t at, n;
    struct listener *next;
} listener;

struct http_events {
    pthread_mutex_t lock;
    listener *first;
    int32_t n;
    uint64_t generation; /* of what there is to look at */
    bool ends;
};

cr_status http_events_new(http_server *server, http_events **ret_events)
{
    http_events *e = calloc(1, sizeof *e);
    (void)server;
    if (!e)
        return CR_E_NOMEM;
    pthread_mutex_init(&e->lock, NULL);
    *ret_events = e;
    return CR_OK;
}

void http_events_free(http_events *e)
{
    if (e) {
        assert(!e->first);
        pthread_mutex_destroy(&e->lock);
        free(e);
    }
}

/* ---- taking up ---- */

static void take_up_all(http_events *e)
{
    e->generation++;
    for (listener *l = e->first; l; l = l->next)
        if (l->is_suspended) {
            l->is_suspended = false;
            MHD_resume_connection(l->connection);
        }
}

void http_events_changed(void *server)
{
    http_events *e = ((http_server *)server)->events;
    pthread_mutex_lock(&e->lock);
    take_up_all(e);
    pthread_mutex_unlock(&e->lock);
}

void http_events_end(http_server *server)
{
    http_events *e = server->events;
    pthread_mutex_lock(&e->lock);
    e->ends = true;
    take_up_all(e);
    pthread_mutex_unlock(&e->lock);
}

static uint64_t generation_of(http_events *e)
{
    pthread_mutex_lock(&e->lock);
    uint64_t generation = e->generation;
    pthread_mutex_unlock(&e->lock);
    return generation;
}

/* Suspend until something changes; false: it has since we looked, or the service ends. */
static bool rest(listener *l, uint64_t generation)
{
    http_events *e = l->server->events;
    pthread_mutex_lock(&e->lock);
    bool rests = e->generation == generation && !e->ends;
    if (rests) {
        l->is_suspended = true;
        MHD_suspend_connection(l->connection);
    }
    if (e->ends)
        l->is_over = true;
    pthread_mutex_unlock(&e->lock);
    return rests;
}

/* ---- what there is to say ---- */

static void put_text(listener *l, const char *event, const char *data)
{
    int n = snprintf(l->text + l->n, sizeof l->text - l->n, "event: %s\ndata: %s\n\n", event, data);
    assert(n > 0 && l->n + (size_t)n < sizeof l->text);
    l->n += (size_t)n;
}

static void put_state(listener *l, store_plan_state state)
{
    char data[100];
    l->said_state = state;
    snprintf(data, sizeof data, "{\"%s\": \"%s\", \"state\": \"%s\"}", l->is_scenario ? "scenario" : "plan", l->id,
             store_plan_state_name[state]);
    put_text(l, "state", data);
    l->is_over = state != PLAN_QUEUED && state != PLAN_RUNNING;
}

/* progress: how far it is, of a plan that another server makes; or NULL. */
static store_plan_state state_now(listener *l, char *progress)
{
    cr_store *store = http_take_store(l->server);
    cr_auto(store_plans) plan = NULL;
    store_plan_state state = l->said_state; /* if it cannot be read now, the next time */
    if (store && store_get_plan(store, l->id, &plan) == CR_OK)
        state = plan ? plan->items[0].state : PLAN_CANCELLED; /* deleted meanwhile */
    if (plan && progress && state == PLAN_RUNNING)
        snprintf(progress, JOB_PROGRESS_SIZE, "%s", plan->items[0].progress);
    if (store)
        http_give_store(l->server, store);
    return state;
}

/* The same of a scenario, whose progress is how many runs are in which state. */
static store_plan_state scenario_now(listener *l, char *progress)
{
    cr_store *store = http_take_store(l->server);
    cr_auto(store_scenarios) scenario = NULL;
    store_plan_state state = l->said_state;
    if (store && store_get_scenario(store, l->id, &scenario) == CR_OK)
        state = scenario ? store_scenario_state(&scenario->items[0]) : PLAN_CANCELLED;
    for (int32_t i = 0, n = 0; scenario && i < N_PLAN_STATES; i++)
        n += snprintf(progress + n, JOB_PROGRESS_SIZE - (size_t)n, "%s\"%s\": %lld%s", i ? ", " : "{",
                      store_plan_state_name[i], (long long)scenario->items[0].n_runs[i],
                      i == N_PLAN_STATES - 1 ? "}" : "");
    if (store)
        http_give_store(l->server, store);
    return state;
}

static void look_at_scenario(listener *l)
{
    char progress[JOB_PROGRESS_SIZE] = ""; /* five counts are shorter */
    store_plan_state state = scenario_now(l, progress);
    l->at = l->n = 0;
    if (*progress && strcmp(progress, l->said) != 0) {
        strcpy(l->said, progress);
        put_text(l, "progress", progress);
    }
    if (state != l->said_state && state != N_PLAN_STATES)
        put_state(l, state);
}

static void look_at_plan(listener *l)
{
    job_progress progress = {0};
    bool runs = jobs_progress(l->server->jobs, l->id, &progress);
    l->at = l->n = 0;
    /* A plan that runs here is running; only when it does not is the store asked. */
    bool is_known = runs && l->said_state == PLAN_RUNNING;
    store_plan_state state = is_known ? PLAN_RUNNING : state_now(l, runs ? NULL : progress.text);
    if (state != l->said_state && state != N_PLAN_STATES)
        put_state(l, state);
    if (*progress.text && strcmp(progress.text, l->said) != 0 && !l->is_over) {
        strcpy(l->said, progress.text);
        put_text(l, "progress", progress.text);
    }
}

static void look(listener *l)
{
    if (l->is_scenario)
        look_at_scenario(l);
    else
        look_at_plan(l);
}

static ssize_t read_events(void *user, uint64_t position, char *buffer, size_t size)
{
    listener *l = user;
    (void)position;
    while (l->at == l->n) {
        if (l->is_over)
            return MHD_CONTENT_READER_END_OF_STREAM;
        uint64_t generation = generation_of(l->server->events);
        look(l);
        if (l->n == 0 && rest(l, generation))
            return 0;
    }
    size_t n = l->n - l->at < size ? l->n - l->at : size;
    memcpy(buffer, l->text + l->at, n);
    l->at += n;
    return (ssize_t)n;
}

/* ---- coming and going ---- */

static bool add(http_events *e, listener *l)
{
    pthread_mutex_lock(&e->lock);
    bool fits = e->n < MOST_LISTENERS && !e->ends;
    if (fits) {
        l->next = e->first;
        e->first = l;
        e->n++;
    }
    pthread_mutex_unlock(&e->lock);
    return fits;
}

static void go(void *user)
{
    listener *gone = user;
    http_events *e = gone->server->events;
    pthread_mutex_lock(&e->lock);
    for (listener **at = &e->first; *at; at = &(*at)->next)
        if (*at == gone) {
            *at = gone->next;
            e->n--;
            break;
        }
    pthread_mutex_unlock(&e->lock);
    free(gone);
}

static void listen_to(http_call *call, const char *id, bool is_scenario)
{
    listener *l = calloc(1, sizeof *l);
    if (!l) {
        http_reply_fault(call, CR_E_NOMEM);
        return;
    }
    l->server = call->server;
    l->connection = call->connection;
    l->said_state = N_PLAN_STATES;
    snprintf(l->id, sizeof l->id, "%s", id);
    l->is_scenario = is_scenario;
    if (!add(call->server->events, l)) {
        free(l);
        http_reply_problem(call, 503, "busy", "Too busy", "too many listen already; ask now and then");
        return;
    }
    struct MHD_Response *response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK_SIZE, read_events, l, go);
    if (!response)
        go(l);
    http_reply(call, response ? 200 : 503, response);
    http_add_header(call, "Content-Type", "text/event-stream");
}

void http_get_events(http_call *call)
{
    cr_auto(store_plans) plan = NULL;
    cr_status st = store_get_plan(call->store, call->part[2], &plan);
    if (st)
        http_reply_fault(call, st);
    else if (!plan)
        http_reply_not_found(call, "plan");
    else
        listen_to(call, plan->items[0].plan_id, false);
}

void http_get_scenario_events(http_call *call)
{
    cr_auto(store_scenarios) scenario = http_find_scenario(call);
    if (scenario)
        listen_to(call, scenario->items[0].scenario_id, true);
}
