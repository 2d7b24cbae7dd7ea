/* careround bench: the public benchmark sets through the one engine, one JSON line a file.
 *
 *   careround bench --format F (--time S | --iterations N) [--threads N] [--seed K] [--bound S] [--trace] FILE...
 *
 * A file that cannot be read gives an error line, the run goes on and ends with status 3. The contract is fixed;
 * docs/benchmarks.md has it.
 */
#include "bench.h"
#include "cmd.h"

#include "careround/bound.h"
#include "careround/check.h"
#include "careround/solve.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Kept back from the search for checking and writing the line. */
#define RESERVE_S    0.02
#define SECONDS_MOST 1e7
#define THREADS_MOST 256

static const char help[] =
    "usage: careround bench --format F (--time S | --iterations N) [--threads N] [--seed K] [--trace] FILE...\n\n"
    "      --format F       solomon (also Gehring & Homberger), mankowska, udine (also Kummer's files),\n"
    "                       bredstrom, uhhc, strathclyde (FILE is FOLDER/DATE), native (FILE is a DAY)\n"
    "      --time S         seconds for each file, reading included (default 10)\n"
    "      --iterations N   steps of the search for each file instead: the same plan every time\n"
    "      --bound S        seconds more for a proved lower bound (default 0: none), not counted in \"seconds\";\n"
    "                       solomon, strathclyde and native have one\n"
    "      --threads N      default 1\n"
    "      --seed K         default 1\n"
    "      --trace          adds \"trace\": the seconds of each better plan, and its cost against the last one's\n"
    "      --convention C   solomon: dimacs (default), or classic: double precision, fewest vehicles first\n"
    "      --duration-factor F  bredstrom: 1 (default), or 1.4 times the durations, rounded down\n"
    "      --gazetteer G    native: postcodes (default: postcodes.gaz in the folder)\n\n"
    "One JSON line a file on standard output; a file that cannot be read gives a line with \"error\", and status 3.\n";

typedef struct bench_options {
    const bench_format *format;
    const char *gazetteer_path;
    double time_s;     /* < 0: no limit */
    double iterations; /* < 0: no limit */
    double seed, threads;
    double bound_s; /* 0: no bound */
    bool trace;
    bench_convention convention;
} bench_options;

static const bench_format *const formats[] = {&bench_solomon, &bench_mankowska,   &bench_udine, &bench_bredstrom,
                                              &bench_uhhc,    &bench_strathclyde, &bench_native};

#define N_FORMATS (sizeof formats / sizeof *formats)

/* ---- one file ---- */

static bool serves_all(const bench_instance *instance, const cr_plan *plan)
{
    for (int32_t u = 0; u < plan->n_unallocated; u++)
        if (!instance->is_optional || !instance->is_optional[plan->unallocated[u]])
            return false;
    return true;
}

static bool holds(const bench_instance *instance, const cr_plan *plan, cr_status *ret_status)
{
    cr_auto(cr_check) check = NULL;
    *ret_status = cr_check_plan(instance->problem, plan, &check);
    if (*ret_status)
        return false;
    for (int32_t b = 0; b < check->n_breaches; b++)
        fprintf(stderr, "careround bench: the plan breaks a rule: %s\n", cr_rule_name(check->breaches[b].rule));
    return check->n_breaches == 0 && (!instance->must_serve_all || serves_all(instance, plan));
}

typedef struct trace_clock {
    bench_trace *trace;
    double begun_s;
} trace_clock;

static void note_best(const cr_progress *progress, void *user)
{
    const trace_clock *clock = user;
    bench_trace_add(clock->trace, cmd_clock_s(NULL) - clock->begun_s, progress->cost);
}

/* Search with what reading has left of the time. */
static cr_status solve(const bench_options *options, const bench_instance *instance, double begun_s, cr_plan **ret_plan,
                       bench_result *result, bench_trace *trace)
{
    trace_clock clock = {trace, begun_s};
    cr_solve_options how = CR_SOLVE_OPTIONS_INIT;
    cr_solve_stats stats;
    double read_s = cmd_clock_s(NULL) - begun_s;
    how.iterations = (int64_t)options->iterations;
    how.seed = (uint64_t)options->seed;
    how.n_threads = (int32_t)options->threads;
    how.clock_s = cmd_clock_s;
    how.should_stop = cmd_should_stop;
    if (options->trace) {
        how.on_best = note_best;
        how.user = &clock;
    }
    if (options->time_s >= 0)
        how.time_s = fmax(0, options->time_s - read_s - RESERVE_S);
    cr_status st = cr_solve(instance->problem, &how, ret_plan, &stats);
    if (st)
        return st;
    result->iterations_per_s = stats.elapsed_s > 0 ? floor((double)stats.iterations / stats.elapsed_s) : 0;
    result->first_feasible_s = stats.first_complete_s < 0 ? -1 : read_s + stats.first_complete_s;
    return CR_OK;
}

/* Seconds more for a bound of the objective; NAN if none is proved. */
static cr_status find_bound(const bench_options *options, const bench_instance *instance, const cr_plan *plan,
                            double *ret_bound)
{
    *ret_bound = NAN;
    if (options->bound_s <= 0 || !options->format->bound)
        return CR_OK;
    cr_bound_options how = CR_BOUND_OPTIONS_INIT;
    cr_bound bound;
    how.time_s = options->bound_s;
    how.n_threads = (int32_t)options->threads;
    how.start = plan;
    how.clock_s = cmd_clock_s;
    how.should_stop = cmd_should_stop;
    cr_status st = cr_bound_find(instance->problem, &how, &bound);
    if (!st && bound.cost > 0)
        *ret_bound = options->format->bound(instance, bound.cost);
    return st;
}

static cr_status write_plan(const bench_options *options, const bench_instance *instance, double begun_s,
                            bench_result *result)
{
    cr_status st;
    double *start = bench_starts(options->format, instance, result->plan);
    if (!start)
        return CR_E_NOMEM;
    result->feasible = holds(instance, result->plan, &st);
    result->start = start;
    result->objective = options->format->objective(instance, result->plan, start);
    result->seconds = cmd_clock_s(NULL) - begun_s;
    if (!st)
        st = find_bound(options, instance, result->plan, &result->bound);
    char *line = st ? NULL : bench_line(options->format, instance, result);
    if (line)
        puts(line);
    free(line);
    free(start);
    return line ? CR_OK : CR_E_NOMEM;
}

static cr_status run_file(const bench_options *options, const char *path, const char *name, bench_message *message)
{
    double begun_s = cmd_clock_s(NULL);
    cr_auto(bench_instance) instance = NULL;
    bench_source source = {.path = path, .gazetteer_path = options->gazetteer_path, .convention = options->convention};
    cr_status st = bench_read(options->format, &source, &instance, message);
    if (!st)
        st = cr_problem_validate(instance->problem, message->text, sizeof message->text);
    if (st)
        return st;
    cr_auto(cr_plan) plan = NULL;
    bench_result result = {.instance_name = name, .seed = (int64_t)options->seed, .threads = (int32_t)options->threads};
    bench_trace trace = {0};
    st = solve(options, instance, begun_s, &plan, &result, &trace);
    if (!st) {
        result.plan = plan;
        result.trace = options->trace ? &trace : NULL;
        st = write_plan(options, instance, begun_s, &result);
    }
    bench_trace_done(&trace);
    return st;
}

static const char *status_text(cr_status status)
{
    return status == CR_E_NOMEM ? "out of memory" : status == CR_E_UPSTREAM ? "cannot be read" : "internal error";
}

/* The file's line, or its error line; the status to end with. What cannot be read is the input's fault, wherever it
 * lies. */
static int run_and_report(const bench_options *options, const char *path)
{
    bench_message message = {""};
    char *name = bench_instance_name(path);
    if (!name)
        return cmd_exit_status(CR_E_NOMEM);
    cr_status st = run_file(options, path, name, &message);
    if (st) {
        char *line = bench_error_line(name, *message.text ? message.text : status_text(st));
        puts(line ? line : "{\"instance\":\"?\",\"error\":\"out of memory\"}");
        free(line);
    }
    free(name);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "careround bench: standard output: %s\n", strerror(errno));
        return EXIT_UPSTREAM;
    }
    return st == CR_E_UPSTREAM ? EXIT_INPUT : cmd_exit_status(st);
}

/* ---- the command line ---- */

static bool parse_format(const char *text, const bench_format **ret_format)
{
    for (size_t i = 0; i < N_FORMATS; i++)
        if (strcmp(formats[i]->name, text) == 0) {
            *ret_format = formats[i];
            return true;
        }
    cmd_usage_error("bench", "--format '%s' must be solomon, mankowska, udine, bredstrom, uhhc, strathclyde or native",
                    text);
    return false;
}

static bool parse_convention(const char *text, bench_convention *convention)
{
    convention->fewest_vehicles = strcmp(text, "classic") == 0;
    if (convention->fewest_vehicles || strcmp(text, "dimacs") == 0)
        return true;
    cmd_usage_error("bench", "--convention '%s' must be dimacs or classic", text);
    return false;
}

static bool parse_duration_factor(const char *text, bench_convention *convention)
{
    convention->duration_tenths = strcmp(text, "1.4") == 0 ? 14 : 10;
    if (convention->duration_tenths == 14 || strcmp(text, "1") == 0)
        return true;
    cmd_usage_error("bench", "--duration-factor '%s' must be 1 or 1.4", text);
    return false;
}

static bool parse_option(int option, const char *text, bench_options *options)
{
    switch (option) {
    case 'f':
        return parse_format(text, &options->format);
    case 't':
        return cmd_option_number("bench", "time", text, 0, SECONDS_MOST, &options->time_s);
    case 'i':
        return cmd_option_count("bench", "iterations", text, 0, CMD_COUNT_MOST, &options->iterations);
    case 'n':
        return cmd_option_count("bench", "threads", text, 1, THREADS_MOST, &options->threads);
    case 's':
        return cmd_option_count("bench", "seed", text, 0, CMD_COUNT_MOST, &options->seed);
    case 'c':
        return parse_convention(text, &options->convention);
    case 'd':
        return parse_duration_factor(text, &options->convention);
    case 'b':
        return cmd_option_number("bench", "bound", text, 0, SECONDS_MOST, &options->bound_s);
    case 'r':
        options->trace = true;
        return true;
    case 'g':
        options->gazetteer_path = text;
        return true;
    default:
        cmd_usage_error("bench", "unknown option");
        return false;
    }
}

/* EXIT_DONE, or the status to end with. */
static int check_options(bench_options *options, int n_files)
{
    if (!options->format)
        return cmd_usage_error("bench", "which --format?");
    if (options->convention.fewest_vehicles && options->format != &bench_solomon)
        return cmd_usage_error("bench", "--convention classic is for solomon");
    if (options->convention.duration_tenths != 10 && options->format != &bench_bredstrom)
        return cmd_usage_error("bench", "--duration-factor is for bredstrom");
    if (options->time_s >= 0 && options->iterations >= 0)
        return cmd_usage_error("bench", "--time and --iterations exclude each other");
    if (options->time_s < 0 && options->iterations < 0)
        options->time_s = 10;
    if (n_files < 1)
        return cmd_usage_error("bench", "which FILE?");
    return EXIT_DONE;
}

/* A fault of ours goes before one of the input; without an output there is nothing more to do. */
static int run_files(const bench_options *options, char **paths, int n)
{
    int status = EXIT_DONE;
    cmd_watch_signals();
    for (int i = 0; i < n && status != EXIT_UPSTREAM && !cmd_should_stop(NULL); i++) {
        int one = run_and_report(options, paths[i]);
        if (one != EXIT_DONE && status != EXIT_FAULT)
            status = one;
    }
    return status;
}

int cmd_bench(int argc, char **argv)
{
    static const struct option long_options[] = {
        {"format", required_argument, NULL, 'f'},
        {"time", required_argument, NULL, 't'},
        {"iterations", required_argument, NULL, 'i'},
        {"threads", required_argument, NULL, 'n'},
        {"seed", required_argument, NULL, 's'},
        {"bound", required_argument, NULL, 'b'},
        {"trace", no_argument, NULL, 'r'},
        {"convention", required_argument, NULL, 'c'},
        {"duration-factor", required_argument, NULL, 'd'},
        {"gazetteer", required_argument, NULL, 'g'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    bench_options options = {
        .time_s = -1, .iterations = -1, .seed = 1, .threads = 1, .convention = BENCH_CONVENTION_INIT};
    for (int c; (c = getopt_long(argc, argv, "h", long_options, NULL)) != -1;) {
        if (c == 'h') {
            fputs(help, stdout);
            return EXIT_DONE;
        }
        if (!parse_option(c, optarg, &options))
            return EXIT_USAGE;
    }
    int status = check_options(&options, argc - optind);
    return status ? status : run_files(&options, argv + optind, argc - optind);
}
