/* The crew: all runs of a scenario file, done by as many processes as there are cores.
 *
 * With an iteration limit a run comes to the same plan on one thread as on many, so each process takes one run at a
 * time on one thread and all cores are busy on days of any size. With a limit of time what else is at work would count,
 * so the runs go one after the other, each on all cores. Processes, not threads: a run that dies takes no other along,
 * and what they have to say to each other is in the bundle, where every record is kept as soon as it is made.
 */
#include "cmd.h"
#include "scenario.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Seen by all processes. */
typedef struct crew_board {
    atomic_int next; /* run to be taken */
    atomic_int n_done;
} crew_board;

typedef struct crew {
    const scenario_work *work;
    crew_board *board;
    int32_t n_runs, n_kept, n_processes;
} crew;

static int32_t n_runs_of(const scenario_file *f)
{
    return f->n_scenarios * f->n_seeds;
}

static cr_status key_of(const scenario_work *w, int32_t run, char ret_key[STORE_HASH_SIZE])
{
    return scenario_key(&w->bundle->origin, w->file, run / w->file->n_seeds, run % w->file->n_seeds, w->n_threads,
                        ret_key);
}

static json_t *record_of(const scenario_work *w, int32_t run)
{
    char key[STORE_HASH_SIZE];
    return key_of(w, run, key) ? NULL : scenario_bundle_record(w->bundle->folder, key);
}

static void show(const crew *c)
{
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r%d of %d runs done ", c->n_kept + atomic_load(&c->board->n_done), c->n_runs);
}

/* ---- one process ---- */

/* The day of the run's scenario; the same as the last time as long as it is the same scenario. */
static cr_status day_of(const scenario_work *w, int32_t at, int32_t *ret_at, cr_day **day)
{
    cr_auto(day_findings) findings = NULL;
    if (*day && *ret_at == at)
        return CR_OK;
    *day = cr_day_free(*day);
    *ret_at = at;
    return scenario_day_read(w->file, w->read, at, day, &findings);
}

static cr_status do_run(const crew *c, int32_t run, const cr_day *day)
{
    const scenario_work *w = c->work;
    char key[STORE_HASH_SIZE];
    json_t *record = NULL;
    if (key_of(w, run, key))
        return CR_E_NOMEM;
    scenario_run_options how = {.scenario = w->file->scenarios[run / w->file->n_seeds].name,
                                .key = key,
                                .seed = w->file->seeds[run % w->file->n_seeds],
                                .iterations = w->file->iterations,
                                .time_s = w->file->time_s,
                                .n_threads = c->n_processes > 1 ? 1 : w->n_threads};
    cr_status st = scenario_run(day, &how, &record);
    if (!st && record)
        st = scenario_bundle_keep(w->bundle, key, record);
    if (!st && record)
        atomic_fetch_add(&c->board->n_done, 1);
    json_decref(record);
    return st;
}

static cr_status do_runs(const crew *c)
{
    cr_auto(cr_day) day = NULL;
    int32_t at = CR_NONE;
    cr_status st = CR_OK;
    for (int32_t run; !st && !cmd_should_stop(NULL) && (run = atomic_fetch_add(&c->board->next, 1)) < c->n_runs;) {
        json_t *kept = record_of(c->work, run);
        if (!kept && !(st = day_of(c->work, run / c->work->file->n_seeds, &at, &day)))
            st = do_run(c, run, day);
        json_decref(kept);
        show(c);
    }
    return st;
}

/* ---- several ---- */

/* In the child: ends with its parent, however that ends. */
static void be_child(const crew *c, pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(CR_E_INTERNAL);
    close(c->work->bundle->lock); /* the parent's, so that it goes with the parent */
    _exit((int)do_runs(c));
}

static cr_status wait_for(const pid_t *children, int32_t n)
{
    cr_status worst = CR_OK;
    bool is_told = false;
    for (int32_t i = 0; i < n; i++) {
        int status = 0;
        while (waitpid(children[i], &status, 0) < 0 && errno == EINTR) {
            for (int32_t k = i; cmd_should_stop(NULL) && !is_told && k < n; k++)
                kill(children[k], SIGTERM);
            is_told = cmd_should_stop(NULL);
        }
        if (!WIFEXITED(status))
            fprintf(stderr, "careround scenario: a run was ended by signal %d\n", WTERMSIG(status));
        cr_status st = WIFEXITED(status) ? (cr_status)WEXITSTATUS(status) : CR_E_INTERNAL;
        worst = st ? st : worst;
    }
    return worst;
}

static cr_status do_in_processes(const crew *c)
{
    pid_t *children = calloc((size_t)c->n_processes, sizeof *children), parent = getpid();
    int32_t n = 0;
    if (!children)
        return CR_E_NOMEM;
    fflush(NULL);
    for (; n < c->n_processes; n++) {
        children[n] = fork();
        if (children[n] == 0)
            be_child(c, parent);
        if (children[n] < 0)
            break;
    }
    cr_status st = n > 0 ? wait_for(children, n) : do_runs(c); /* no process to be had: then without */
    free(children);
    return st;
}

/* ---- the whole ---- */

static int32_t count_kept(const scenario_work *w)
{
    int32_t n = 0;
    for (int32_t run = 0; run < n_runs_of(w->file); run++) {
        json_t *record = record_of(w, run);
        n += record != NULL;
        json_decref(record);
    }
    return n;
}

/* All of them, or the user has stopped. */
static cr_status collect(const scenario_work *w, scenario_work_done *ret_done)
{
    for (int32_t run = 0; run < n_runs_of(w->file); run++) {
        json_t *record = record_of(w, run);
        if (!record && !cmd_should_stop(NULL))
            return CR_E_INTERNAL;
        if (!record)
            ret_done->is_stopped = true;
        else if (json_array_append_new(ret_done->records, record))
            return CR_E_NOMEM;
    }
    return CR_OK;
}

cr_status scenario_work_do(const scenario_work *work, scenario_work_done *ret_done)
{
    crew c = {.work = work, .n_runs = n_runs_of(work->file), .n_kept = count_kept(work)};
    int32_t n_left = c.n_runs - c.n_kept;
    c.n_processes = work->file->iterations < 0 ? 1 : work->n_threads < n_left ? work->n_threads : n_left;
    c.board = mmap(NULL, sizeof *c.board, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    *ret_done = (scenario_work_done){.records = json_array()};
    if (c.board == MAP_FAILED || !ret_done->records)
        return CR_E_NOMEM;
    atomic_init(&c.board->next, 0);
    atomic_init(&c.board->n_done, 0);
    show(&c);
    cr_status st = c.n_processes > 1 ? do_in_processes(&c) : do_runs(&c);
    if (isatty(STDERR_FILENO))
        fputc('\n', stderr);
    ret_done->n_kept = c.n_kept;
    ret_done->n_done = atomic_load(&c.board->n_done);
    munmap(c.board, sizeof *c.board);
    return st ? st : collect(work, ret_done);
}
