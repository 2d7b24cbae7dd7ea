/* The desks of the service: which are there, who is asked, and when one ends.
 *
 * A slot is under the lock as long as nobody asks it; who marks it busy may use it without, until it is let go, but for
 * is_open, which is always set under the lock: while it is set, the process is ours to send signals to. A desk that
 * fails is ended and asked once more, new; the service only ever loses that answer.
 */
#include "desks.h"

#include "child.h"
#include "cmd.h"
#include "day_folder.h"
#include "log.h"
#include "value.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WAIT_S    10 /* for a desk that is being asked; one for slow questions is not waited for */
#define PATH_MOST 2100
#define ARGS_MOST (JOBS_MOST_OPTIONS + 20)

typedef struct desk_slot {
    bool is_open, is_busy;
    desk_key key;
    pid_t pid;
    int to, from;
    double used_s; /* last, of cmd_clock_s() */
    char folder[PATH_MOST];
} desk_slot;

struct desks {
    desks_options o;
    pthread_mutex_t lock;
    pthread_cond_t let_go;
    bool ends;
    desk_slot slots[DESKS_MOST];
    desks_counts counts;
};

static bool same_key(const desk_key *a, const desk_key *b)
{
    return a->version == b->version && a->at_ms == b->at_ms && a->is_slow == b->is_slow && a->alone == b->alone &&
           strcmp(a->date, b->date) == 0;
}

/* ---- one desk ---- */

/* Its process and folder, once it is no longer open. */
static void clear_away(desk_slot *s)
{
    int status;
    kill(s->pid, SIGKILL);
    close(s->to);
    close(s->from);
    while (waitpid(s->pid, &status, 0) < 0 && errno == EINTR)
        ;
    day_folder_remove(s->folder);
}

/* Under the lock: it is idle. */
static void close_idle(desk_slot *s)
{
    s->is_open = false;
    clear_away(s);
}

/* Ours, and it has failed. */
static void close_ours(desks *d, desk_slot *s)
{
    pthread_mutex_lock(&d->lock);
    s->is_open = false;
    pthread_mutex_unlock(&d->lock);
    clear_away(s);
}

static int start_process(const desks *d, desk_slot *s, int in, int out)
{
    value_text memory = value_print_number(d->o.memory_mb, 17), parent = value_print_number(getpid(), 17);
    char *arguments[ARGS_MOST];
    int n = 0;
    arguments[n++] = (char *)"careround";
    arguments[n++] = (char *)"desk";
    arguments[n++] = s->folder;
    arguments[n++] = s->key.date;
    for (const char *const *option = d->o.how_to_read; *option; option++)
        arguments[n++] = (char *)*option;
    arguments[n++] = (char *)"--memory";
    arguments[n++] = memory.text;
    arguments[n++] = (char *)"--parent";
    arguments[n++] = parent.text;
    arguments[n] = NULL;
    return child_start(arguments, in, out, &s->pid);
}

/* Pipes to it and from it; only our ends do not block. 0, or an errno. */
static int start_with_pipes(const desks *d, desk_slot *s)
{
    int in[2], out[2];
    if (pipe2(in, O_CLOEXEC))
        return errno;
    if (pipe2(out, O_CLOEXEC)) {
        int e = errno;
        close(in[0]);
        close(in[1]);
        return e;
    }
    bool blocks = fcntl(in[1], F_SETFL, O_NONBLOCK) || fcntl(out[0], F_SETFL, O_NONBLOCK);
    int e = blocks ? errno : start_process(d, s, in[0], out[1]);
    close(in[0]);
    close(out[1]);
    s->to = in[1];
    s->from = out[0];
    if (e) {
        close(s->to);
        close(s->from);
    }
    return e;
}

static cr_status open_desk(desks *d, desk_slot *s, const desk_supply *supply)
{
    char id[STORE_ID_SIZE], folder[PATH_MOST + 20];
    store_new_id(id);
    snprintf(s->folder, sizeof s->folder, "%s/desk-%s", d->o.folder, id);
    snprintf(folder, sizeof folder, "%s/%s", s->folder, s->key.date);
    cr_status st = mkdir(s->folder, 0700) ? CR_E_UPSTREAM : CR_OK;
    if (!st && *s->key.date)
        st = supply->write_day(supply->user, folder);
    int e = st ? errno : start_with_pipes(d, s);
    if (st || e) {
        log_event("error", "desk", json_pack("{s:s, s:s}", "detail", "could not be started", "why", strerror(e)));
        day_folder_remove(s->folder);
        return st ? st : CR_E_UPSTREAM;
    }
    pthread_mutex_lock(&d->lock);
    s->is_open = !d->ends;
    d->counts.n_started++;
    pthread_mutex_unlock(&d->lock);
    if (!s->is_open)
        clear_away(s);
    return s->is_open ? CR_OK : CR_E_STOPPED;
}

/* ---- choosing ---- */

static desk_slot *find_open(desks *d, const desk_key *key)
{
    for (int32_t i = 0; i < d->o.n_desks; i++)
        if ((d->slots[i].is_open || d->slots[i].is_busy) && same_key(&d->slots[i].key, key))
            return &d->slots[i];
    return NULL;
}

static bool is_older_version(const desk_slot *s, const desk_key *key)
{
    return *key->date && strcmp(s->key.date, key->date) == 0 && s->key.is_slow == key->is_slow &&
           (s->key.version < key->version || s->key.at_ms < key->at_ms);
}

/* Slow questions leave one place at least to the others. */
static bool has_room_for(const desks *d, const desk_key *key)
{
    int32_t n_slow = 0;
    for (int32_t i = 0; i < d->o.n_desks; i++)
        n_slow += d->slots[i].is_busy && d->slots[i].key.is_slow;
    return !key->is_slow || n_slow + 1 < d->o.n_desks;
}

/* A place for a new desk: of an earlier version of the day, or free, or of the desk that has been idle longest. */
static desk_slot *find_place(desks *d, const desk_key *key)
{
    desk_slot *best = NULL;
    for (int32_t i = 0; i < d->o.n_desks; i++) {
        desk_slot *s = &d->slots[i];
        if (s->is_busy)
            continue;
        if (s->is_open && is_older_version(s, key))
            return s;
        if (!best || (best->is_open && (!s->is_open || s->used_s < best->used_s)))
            best = s;
    }
    return best;
}

static bool wait_until_let_go(desks *d, double until_s)
{
    struct timespec at;
    double left_s = until_s - cmd_clock_s(NULL);
    if (left_s <= 0)
        return false;
    clock_gettime(CLOCK_REALTIME, &at);
    at.tv_sec += (time_t)left_s + 1;
    return pthread_cond_timedwait(&d->let_go, &d->lock, &at) == 0;
}

/* A desk of ours alone, open or still to be opened; NULL: none became free. */
static desk_slot *take(desks *d, const desk_key *key)
{
    double until_s = cmd_clock_s(NULL) + WAIT_S;
    desk_slot *s = NULL;
    pthread_mutex_lock(&d->lock);
    while (!d->ends) {
        desk_slot *open = find_open(d, key);
        if (has_room_for(d, key))
            s = !open ? find_place(d, key) : open->is_busy ? NULL : open;
        if (s || key->is_slow || !wait_until_let_go(d, until_s))
            break;
    }
    if (s) {
        if (s->is_open && !same_key(&s->key, key))
            close_idle(s);
        s->key = *key;
        s->is_busy = true;
        d->counts.n_asked++;
    }
    pthread_mutex_unlock(&d->lock);
    return s;
}

static void let_go(desks *d, desk_slot *s)
{
    pthread_mutex_lock(&d->lock);
    s->is_busy = false;
    s->used_s = cmd_clock_s(NULL);
    pthread_cond_broadcast(&d->let_go);
    pthread_mutex_unlock(&d->lock);
}

/* ---- asking ---- */

static cr_status send_plan(desk_slot *s, const desk_supply *supply, const char *plan_id, double until_s)
{
    cr_auto(store_bytes) plan = NULL;
    if (supply->get_plan(supply->user, plan_id, &plan) || !plan)
        return CR_E_INTERNAL;
    desk_message m = {.head = {.kind = DESK_PLAN, .n_text = plan->size}, .text = plan->bytes};
    return desk_send(s->to, &m, until_s);
}

/* Question and answer, with the plans that it asks back for. A store that fails is CR_E_INTERNAL. */
static cr_status converse(desk_slot *s, const desk_supply *supply, const desk_message *question, double until_s,
                          desk_message *ret_answer)
{
    desk_message said;
    cr_status st = desk_send(s->to, question, until_s);
    while (!st && !(st = desk_receive(s->from, until_s, &said))) {
        if (said.head.kind != 0) {
            *ret_answer = said;
            return CR_OK;
        }
        st = send_plan(s, supply, said.text, until_s);
        desk_message_done(&said);
    }
    return st;
}

static void count_death(desks *d)
{
    pthread_mutex_lock(&d->lock);
    d->counts.n_died++;
    pthread_mutex_unlock(&d->lock);
}

/* Of our desk. One that died since it was last asked, or over this question, is asked again, new. */
static desk_outcome ask(desks *d, desk_slot *s, const desk_supply *supply, const desk_message *question,
                        desk_message *ret_answer)
{
    for (int attempt = 0; attempt < 2; attempt++) {
        double until_s = cmd_clock_s(NULL) + d->o.most_time_s;
        if (!s->is_open && open_desk(d, s, supply))
            return DESK_FAULT;
        cr_status st = converse(s, supply, question, until_s, ret_answer);
        if (!st)
            return DESK_ANSWERED;
        close_ours(d, s);
        if (st == CR_E_INTERNAL)
            return DESK_FAULT;
        count_death(d);
        if (cmd_clock_s(NULL) >= until_s)
            return DESK_TIME;
    }
    log_event("error", "desk", json_pack("{s:s}", "detail", "died twice over one question"));
    return DESK_DIED;
}

desk_outcome desks_ask(desks *d, const desk_key *key, const desk_supply *supply, const desk_message *question,
                       desk_message *ret_answer)
{
    desk_slot *s = take(d, key);
    if (!s)
        return DESK_BUSY;
    desk_outcome outcome = ask(d, s, supply, question, ret_answer);
    let_go(d, s);
    return outcome;
}

/* ---- beginning and ending ---- */

cr_status desks_new(const desks_options *options, desks **ret_desks)
{
    assert(options->n_desks > 0 && options->n_desks <= DESKS_MOST);
    desks *d = calloc(1, sizeof *d);
    if (!d)
        return CR_E_NOMEM;
    d->o = *options;
    pthread_mutex_init(&d->lock, NULL);
    pthread_cond_init(&d->let_go, NULL);
    *ret_desks = d;
    return CR_OK;
}

void desks_tidy(desks *d)
{
    double now_s = cmd_clock_s(NULL);
    pthread_mutex_lock(&d->lock);
    for (int32_t i = 0; i < d->o.n_desks; i++) {
        desk_slot *s = &d->slots[i];
        if (s->is_open && !s->is_busy && now_s - s->used_s >= d->o.idle_s)
            close_idle(s);
    }
    pthread_mutex_unlock(&d->lock);
}

/* Who is being asked is ended by its signal alone; who asks closes it. */
void desks_stop(desks *d)
{
    pthread_mutex_lock(&d->lock);
    d->ends = true;
    for (int32_t i = 0; i < d->o.n_desks; i++) {
        desk_slot *s = &d->slots[i];
        if (s->is_open && s->is_busy)
            kill(s->pid, SIGKILL);
        else if (s->is_open)
            close_idle(s);
    }
    pthread_cond_broadcast(&d->let_go);
    pthread_mutex_unlock(&d->lock);
}

void desks_free(desks *d)
{
    if (!d)
        return;
    pthread_cond_destroy(&d->let_go);
    pthread_mutex_destroy(&d->lock);
    free(d);
}

desks_counts desks_count(desks *d)
{
    pthread_mutex_lock(&d->lock);
    desks_counts counts = d->counts;
    for (int32_t i = 0; i < d->o.n_desks; i++)
        counts.n_open += d->slots[i].is_open;
    pthread_mutex_unlock(&d->lock);
    return counts;
}
