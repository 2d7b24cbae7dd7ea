/* careround worker FOLDER DATE: one plan of the service, or one run of a scenario, in a process of its own.
 *
 * The service starts it (jobs.c), so that a day that takes all memory, or finds a fault of ours, ends this process and
 * not the service. It reads the day FOLDER/DATE, says on standard output how far it is, one JSON object a line, and
 * leaves FOLDER/plan.json and FOLDER/summary.json, or FOLDER/problem.json with the findings, each whole or not at all,
 * and FOLDER/times.json, which is for /metrics.
 * SIGTERM: stop and keep the best plan. It ends when its parent does. A run leaves FOLDER/record.json; one that is
 * stopped leaves nothing.
 */
#include "child.h"
#include "cmd.h"
#include "day_folder.h"
#include "findings.h"
#include "job_worker.h"
#include "replan_run.h"
#include "scenario.h"
#include "words.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NICER        10
#define SAY_EVERY_S  0.25
#define SAY_AGAIN_S  2 /* though nothing is better: it is still searching */
#define FIRST_PLAN_S 2 /* asked to stop, it waits so long for a plan that is better than none */
#define LINE_SIZE    256
#define PATH_MOST    4096
#define SPARE_CPU_S  300 /* for reading, explaining and writing, beside the search and the bound */

typedef struct work {
    const char *folder, *date;
    const char *from; /* NULL, or when a published rota is planned anew */
    day_read_options read;
    double time_s, iterations, bound_s, seed, threads, memory_mb, parent;
    double run; /* of the scenarios in the folder; < 0: it is a plan */
    double begun_s, said_at_s;
    cr_progress last;    /* the newest, said or not */
    double stop_asked_s; /* 0: not yet */
    bool is_searching, has_unsaid, has_plan;
} work;

static bool set_up_process(const work *w)
{
    double search_s = w->time_s + (w->bound_s > 0 ? w->bound_s : 0);
    return child_set_up(&(child_limits){
        .parent = (pid_t)w->parent,
        .nicer = NICER,
        .cpu_s = w->time_s < 0 ? -1 : (search_s + SPARE_CPU_S) * w->threads,
        .memory_mb = w->memory_mb,
    });
}

/* ---- progress: never waits, the newest wins ---- */

static void say(work *w, const char *phase)
{
    char line[LINE_SIZE];
    int n = snprintf(line, sizeof line,
                     "{\"phase\": \"%s\", \"elapsed_s\": %s, \"iterations\": %" PRId64
                     ", \"cost_pence\": %lld, \"unallocated\": %d}\n",
                     phase, words_fixed(llround(10 * (cmd_clock_s(NULL) - w->begun_s)), 1).text, w->last.iterations,
                     (long long)words_pence(w->last.cost), w->last.n_unallocated);
    /* Shorter than PIPE_BUF: written whole or, if the pipe is full, not at all. */
    w->has_unsaid = write(STDOUT_FILENO, line, (size_t)n) != n;
    w->said_at_s = cmd_clock_s(NULL);
}

static void on_best(const cr_progress *progress, void *user)
{
    work *w = user;
    w->last = *progress;
    w->has_unsaid = w->has_plan = true;
    if (cmd_clock_s(NULL) - w->said_at_s >= SAY_EVERY_S)
        say(w, "search");
}

static bool should_stop(void *user)
{
    work *w = user;
    double silent_s = cmd_clock_s(NULL) - w->said_at_s;
    if (w->is_searching && silent_s >= (w->has_unsaid ? SAY_EVERY_S : SAY_AGAIN_S))
        say(w, "search");
    if (!cmd_should_stop(NULL))
        return false;
    if (w->stop_asked_s == 0)
        w->stop_asked_s = cmd_clock_s(NULL);
    return w->has_plan || cmd_clock_s(NULL) - w->stop_asked_s >= FIRST_PLAN_S;
}

/* ---- answers ---- */

static cr_status write_answers(const work *w, const answer *a)
{
    char path[PATH_MOST], message[500] = "";
    snprintf(path, sizeof path, "%s/summary.json", w->folder);
    cr_status st = write_file_whole(path, write_summary_json, a, message, sizeof message);
    snprintf(path, sizeof path, "%s/plan.json", w->folder);
    if (!st) /* last: who sees it knows that all is there */
        st = write_file_whole(path, write_plan_json, a, message, sizeof message);
    if (st)
        fprintf(stderr, "careround worker: %s\n", message);
    return st;
}

static cr_status write_problem(const work *w, const day_findings *findings)
{
    char path[PATH_MOST];
    json_t *all = cmd_findings_json(findings);
    char *text = all ? json_dumps(all, JSON_COMPACT) : NULL;
    json_decref(all);
    snprintf(path, sizeof path, "%s/problem.json", w->folder);
    cr_status st = text ? cmd_write_text(path, text) : CR_E_NOMEM;
    free(text);
    return st;
}

/* What is wrong with the published rota, or with the time, in the form of findings. */
static cr_status write_faults(const work *w, const plan_faults *faults, const char *message)
{
    findings_book *book = NULL;
    cr_auto(day_findings) findings = NULL;
    cr_status st = findings_new(&book);
    for (int32_t i = 0; !st && faults && i < faults->n; i++)
        findings_error(book, (finding_at){"published.json", 0, faults->items[i].where, ""}, "%s",
                       faults->items[i].text);
    if (!st && *message)
        findings_error(book, (finding_at){"from", 0, "", w->from}, "the day cannot stand then: %s", message);
    if (!st)
        st = findings_publish(&book, &findings);
    findings_free(book);
    return st ? st : write_problem(w, findings);
}

static cr_status judge_and_write(work *w, const plan_request *request, const cr_day *day, const cr_plan *plan)
{
    plan_facts facts;
    answer a;
    w->is_searching = false;
    say(w, "judge");
    cr_status st = plan_judge(request, day, plan, &facts);
    if (st)
        return st;
    st = plan_answer(&facts, day, plan, &a);
    if (!st) {
        st = write_answers(w, &a);
        answer_done(&a);
    }
    plan_facts_done(&facts);
    return st;
}

/* The plan that people know, if the service has put one into the folder. */
static cr_status read_published(const work *w, const cr_day *day, cr_plan **ret_plan)
{
    cr_auto(plan_faults) faults = NULL;
    char path[PATH_MOST];
    snprintf(path, sizeof path, "%s/published.json", w->folder);
    if (access(path, F_OK))
        return CR_OK;
    cr_status st = plan_json_read(path, day, ret_plan, NULL, &faults);
    if (!st)
        cr_problem_publish(day->problem, *ret_plan);
    if (st == CR_E_INPUT) {
        cr_status written = write_faults(w, faults, "");
        return written ? written : st;
    }
    return st;
}

static cr_status plan_day(work *w, const cr_day *day)
{
    cr_auto(cr_plan) published = NULL;
    cr_auto(cr_plan) plan = NULL;
    cr_status st = read_published(w, day, &published);
    const plan_request request = {
        .time_s = w->time_s,
        .iterations = w->iterations < 0 ? -1 : (int64_t)w->iterations,
        .bound_s = w->bound_s,
        .seed = (uint64_t)w->seed,
        .n_threads = (int32_t)w->threads,
        .published = published,
        .should_stop = should_stop,
        .on_best = on_best,
        .user = w,
    };
    w->is_searching = true;
    say(w, "search");
    if (!st)
        st = plan_search(&request, day, &plan);
    return st ? st : judge_and_write(w, &request, day, plan);
}

/* Nothing is lost if it is not there in the end, so it is not waited for until it is on the disk. */
static void write_times(const work *w, const cr_day *day)
{
    char path[PATH_MOST], text[100];
    snprintf(path, sizeof path, "%s/times.json", w->folder);
    snprintf(text, sizeof text, "{\"matrix_s\": %s}\n", words_fixed(llround(day->matrix_s * 1e6), 6).text);
    (void)day_folder_put_file(path, text, strlen(text));
}

/* ---- planning anew ---- */

static cr_status write_replanned(work *w, const replan_request *request, const cr_day *day, const cr_replanned *x)
{
    plan_facts facts;
    answer a;
    w->is_searching = false;
    say(w, "judge");
    cr_status st = replan_judge(request, day, x->plan, &facts);
    if (st)
        return st;
    st = plan_answer(&facts, day, x->plan, &a);
    if (!st) {
        a.replanned = x;
        st = write_answers(w, &a);
        answer_done(&a);
    }
    plan_facts_done(&facts);
    return st;
}

static cr_status replan(work *w, cr_day *day)
{
    cr_auto(plan_faults) faults = NULL;
    cr_auto(cr_replanned) x = NULL;
    char message[300] = "";
    replan_request request = {
        .published_path = w->read.plan_path,
        .time_s = w->time_s,
        .iterations = w->iterations < 0 ? -1 : (int64_t)w->iterations,
        .seed = (uint64_t)w->seed,
        .should_stop = should_stop,
        .user = w,
    };
    const char *why = replan_time(w->from, day, &request.from);
    if (why) {
        cr_status st = write_faults(w, NULL, why);
        return st ? st : CR_E_INPUT;
    }
    w->is_searching = w->has_plan = true; /* to stop early is to keep the published rota as far as it stands */
    say(w, "search");
    cr_status st = replan_day(&request, day, &x, &faults, message, sizeof message);
    if (st == CR_E_INPUT) {
        cr_status written = write_faults(w, faults, message);
        return written ? written : st;
    }
    return st ? st : write_replanned(w, &request, day, x);
}

/* ---- a run of a scenario ---- */

static cr_status run_scenario(work *w)
{
    cr_auto(scenario_job) job = NULL;
    cr_auto(cr_day) day = NULL;
    cr_auto(day_findings) findings = NULL;
    cr_status st = scenario_job_open(w->folder, (int32_t)w->run, &w->read, &job, &findings);
    if (!st)
        st = scenario_job_read_day(job, &w->read, &day, &findings);
    if (st == CR_E_INPUT && findings) {
        cr_status written = write_problem(w, findings);
        return written ? written : st;
    }
    if (!st) {
        write_times(w, day);
        say(w, "search");
        st = scenario_job_do(job, day);
    }
    return st;
}

static int ended(cr_status st)
{
    int status = cmd_exit_status(st);
    return st == CR_E_NOMEM ? JOB_NO_MEMORY : status;
}

static int run(work *w)
{
    char path[PATH_MOST], published[PATH_MOST], events[PATH_MOST];
    cr_auto(cr_day) day = NULL;
    cr_auto(day_findings) findings = NULL;
    snprintf(path, sizeof path, "%s/%s", w->folder, w->date);
    w->read.path = path;
    snprintf(published, sizeof published, "%s/published.json", w->folder);
    snprintf(events, sizeof events, "%s/events", w->folder);
    if (w->from) {
        w->read.plan_path = published;
        w->read.events_path = access(events, F_OK) ? NULL : events;
    }
    say(w, "read");
    if (w->run >= 0)
        return ended(run_scenario(w));
    cr_status st = cr_day_read(&w->read, &day, &findings);
    if (st == CR_E_INPUT && findings) {
        cr_status written = write_problem(w, findings);
        return ended(written ? written : st);
    }
    if (!st)
        write_times(w, day);
    return ended(st ? st : w->from ? replan(w, day) : plan_day(w, day));
}

/* ---- the command ---- */

static const struct option long_options[] = {
    CMD_DAY_OPTIONS,
    {"time", required_argument, NULL, 't'},
    {"iterations", required_argument, NULL, 'i'},
    {"bound", required_argument, NULL, 'b'},
    {"seed", required_argument, NULL, 's'},
    {"threads", required_argument, NULL, 'n'},
    {"memory", required_argument, NULL, 'm'},
    {"parent", required_argument, NULL, 'p'},
    {"from", required_argument, NULL, 'f'},
    {"run", required_argument, NULL, 'r'},
    {NULL, 0, NULL, 0},
};

/* The service has looked at the numbers; these are the bounds that keep them numbers. */
static bool take_option(int c, work *w)
{
    double *number = c == 't'   ? &w->time_s
                     : c == 'i' ? &w->iterations
                     : c == 'b' ? &w->bound_s
                     : c == 's' ? &w->seed
                     : c == 'n' ? &w->threads
                     : c == 'm' ? &w->memory_mb
                     : c == 'p' ? &w->parent
                     : c == 'r' ? &w->run
                                : NULL;
    if (number)
        return cmd_option_number("worker", "number", optarg, 0, 9007199254740992.0, number);
    if (c == 'f')
        w->from = optarg;
    return c == 'f' || cmd_take_day_option(c, optarg, &w->read);
}

int cmd_worker(int argc, char **argv)
{
    work w = {.time_s = -1, .iterations = -1, .bound_s = -1, .seed = 1, .threads = 1, .run = -1};
    for (int c; (c = getopt_long(argc, argv, "", long_options, NULL)) != -1;)
        if (!take_option(c, &w))
            return EXIT_USAGE;
    if (optind + 2 != argc || (w.time_s < 0 && w.iterations < 0))
        return cmd_usage_error("worker", "'careround serve' starts it");
    w.folder = argv[optind];
    w.date = argv[optind + 1];
    cmd_watch_signals();
    w.begun_s = cmd_clock_s(NULL);
    int flags = fcntl(STDOUT_FILENO, F_GETFL);
    if (!set_up_process(&w) || flags < 0 || fcntl(STDOUT_FILENO, F_SETFL, flags | O_NONBLOCK))
        return EXIT_FAULT;
    return run(&w);
}
