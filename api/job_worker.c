/* One worker process: its arguments, and what it leaves. */
#include "job_worker.h"

#include "child.h"
#include "problem.h"
#include "value.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATH_MOST   4096
#define ARGS_MOST   (JOBS_MOST_OPTIONS + 20)
#define RESULT_MOST ((size_t)1 << 30)

static double number_of(const json_t *options, const char *name, double otherwise)
{
    const json_t *value = json_object_get(options, name);
    return json_is_number(value) ? json_number_value(value) : otherwise;
}

job_request job_request_of(const store_plan *plan)
{
    json_t *all = json_loads(plan->options, 0, NULL);
    job_request r = {
        .time_s = number_of(all, "time_s", -1),
        .iterations = number_of(all, "iterations", -1),
        .bound_s = number_of(all, "bound_s", -1),
        .seed = number_of(all, "seed", 1),
        .threads = number_of(all, "threads", 1),
        .run = *plan->scenario_id ? plan->run : -1,
    };
    const char *from = json_string_value(json_object_get(all, "from"));
    snprintf(r.from, sizeof r.from, "%s", from ? from : "");
    json_decref(all);
    return r;
}

/* ---- starting ---- */

typedef struct arguments {
    char *items[ARGS_MOST];
    value_text number[ARGS_MOST];
    int n;
} arguments;

static void add_text(arguments *a, const char *option, const char *text)
{
    a->items[a->n++] = (char *)option;
    a->items[a->n++] = (char *)text;
}

static void add_number(arguments *a, const char *option, double number)
{
    if (number < 0)
        return;
    a->number[a->n] = value_print_number(number, 17);
    add_text(a, option, a->number[a->n].text);
}

static void make_arguments(const jobs_options *o, const job_request *r, const char *folder, const char *date,
                           arguments *a)
{
    add_text(a, "careround", "worker");
    add_text(a, folder, date);
    for (const char *const *option = o->how_to_read; *option; option++)
        a->items[a->n++] = (char *)*option;
    add_number(a, "--time", r->time_s);
    add_number(a, "--iterations", r->iterations);
    add_number(a, "--bound", r->bound_s);
    add_number(a, "--seed", r->seed);
    add_number(a, "--threads", r->threads);
    if (*r->from)
        add_text(a, "--from", r->from);
    add_number(a, "--run", r->run);
    add_number(a, "--memory", o->memory_mb);
    add_number(a, "--parent", (double)getpid());
    a->items[a->n] = NULL;
}

cr_status job_worker_start(const jobs_options *o, const job_request *request, const char *folder, const char *date,
                           pid_t *ret_pid, int *ret_from)
{
    int ends[2];
    arguments a = {.n = 0};
    if (pipe2(ends, O_CLOEXEC))
        return CR_E_UPSTREAM;
    make_arguments(o, request, folder, date, &a);
    errno = fcntl(ends[0], F_SETFL, O_NONBLOCK) ? errno : child_start(a.items, -1, ends[1], ret_pid);
    close(ends[1]);
    if (errno) {
        close(ends[0]);
        return CR_E_UPSTREAM;
    }
    *ret_from = ends[0];
    return CR_OK;
}

/* ---- the answer ---- */

/* A whole file as text; NULL: it is not there, or too large, or there is no memory (*ret_st). */
static char *read_file(const char *folder, const char *name, size_t *ret_size, cr_status *ret_st)
{
    char path[PATH_MOST];
    struct stat about;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *in = fopen(path, "rbe");
    if (!in || fstat(fileno(in), &about) || (size_t)about.st_size > RESULT_MOST) {
        if (in)
            fclose(in);
        return NULL;
    }
    char *text = malloc((size_t)about.st_size + 1);
    *ret_size = text ? fread(text, 1, (size_t)about.st_size, in) : 0;
    if (!text)
        *ret_st = CR_E_NOMEM;
    else if (*ret_size != (size_t)about.st_size)
        *ret_st = CR_E_UPSTREAM;
    else
        text[*ret_size] = '\0';
    fclose(in);
    if (*ret_st) {
        free(text);
        return NULL;
    }
    return text;
}

static json_t *read_json(const char *folder, const char *name, cr_status *ret_st)
{
    size_t size;
    char *text = read_file(folder, name, &size, ret_st);
    json_t *value = text ? json_loadb(text, size, 0, NULL) : NULL;
    free(text);
    return value;
}

/* Why there is no plan: the day has errors, or the worker did not come to an end. */
static json_t *problem_of(const char *folder, int status, cr_status *ret_st)
{
    char detail[200];
    json_t *findings = read_json(folder, "problem.json", ret_st);
    if (findings)
        return problem_of_findings("the day cannot be planned as it is", findings);
    /* A run that was asked to stop ends well and leaves nothing: cut short, it must not count. */
    if ((WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU) || (WIFEXITED(status) && WEXITSTATUS(status) == 0))
        return problem_json(500, "time", "The plan took too much time", NULL);
    if (WIFEXITED(status) && WEXITSTATUS(status) == JOB_NO_MEMORY)
        return problem_json(503, "memory", "Out of memory",
                            "the day needs more memory than a plan may have here (--memory), or than there was");
    if (WIFSIGNALED(status))
        snprintf(detail, sizeof detail, "the worker was ended by signal %d (%s)", WTERMSIG(status),
                 strsignal(WTERMSIG(status)));
    else
        snprintf(detail, sizeof detail, "the worker ended with status %d; the log says more", WEXITSTATUS(status));
    return problem_json(500, "worker", "The plan could not be made", detail);
}

/* Figures for /metrics; an answer without them is one all the same. */
static void read_figures(const char *folder, job_answer *a)
{
    cr_status ignored = CR_OK;
    json_t *times = read_json(folder, "times.json", &ignored);
    json_t *summary = a->summary ? json_loads(a->summary, 0, NULL) : NULL;
    const json_t *bound = json_object_get(summary, "bound");
    a->matrix_s = number_of(times, "matrix_s", 0);
    a->gap = number_of(bound, "gap_percent", -100) / 100;
    json_decref(times);
    json_decref(summary);
}

cr_status job_worker_answer(const char *folder, int status, job_answer *ret_answer)
{
    cr_status st = CR_OK;
    job_answer a = {.outcome = {.state = PLAN_DONE}};
    size_t size;
    bool is_done = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    a.result = is_done ? read_file(folder, "plan.json", &a.outcome.size, &st) : NULL;
    a.summary = a.result ? read_file(folder, "summary.json", &size, &st) : NULL;
    if (is_done && !a.result && !st) /* of a run of a scenario, which has no summary */
        a.result = read_file(folder, "record.json", &a.outcome.size, &st);
    if (!st && !a.result) {
        json_t *problem = problem_of(folder, status, &st);
        a.problem = problem ? json_dumps(problem, JSON_COMPACT) : NULL;
        json_decref(problem);
        a.outcome.state = PLAN_FAILED;
        if (!st && !a.problem)
            st = CR_E_NOMEM;
    }
    a.outcome.result = a.result;
    a.outcome.summary = a.summary;
    a.outcome.problem = a.problem;
    if (!st)
        read_figures(folder, &a);
    if (st)
        job_answer_done(&a);
    else
        *ret_answer = a;
    return st;
}

void job_answer_done(job_answer *answer)
{
    free(answer->problem);
    free(answer->summary);
    free(answer->result);
    *answer = (job_answer){0};
}
