/* The commands of careround: one file each, found through the table in main.c. */
#ifndef API_CMD_H
#define API_CMD_H

#include "day.h"
#include "write.h"

#include <jansson.h>
#include <stdio.h>

/* Exit statuses, DESIGN section 5. */
typedef enum exit_status {
    EXIT_DONE = 0, /* unallocated visits and Ctrl-C included */
    EXIT_FAULT = 1,
    EXIT_USAGE = 2,
    EXIT_INPUT = 3,
    EXIT_CHECK = 4,
    EXIT_UPSTREAM = 5,
} exit_status;

/* A command gets "careround NAME" as argv[0] and uses getopt_long. */
typedef int (*command_run)(int argc, char **argv);

typedef struct command {
    const char *name, *summary;
    command_run run;
} command;

int cmd_plan(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_replan(int argc, char **argv);
int cmd_suggest(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_evaluate(int argc, char **argv);
int cmd_gazetteer(int argc, char **argv);
int cmd_roads(int argc, char **argv);
int cmd_matrix(int argc, char **argv);
int cmd_geocode(int argc, char **argv);
int cmd_scenario(int argc, char **argv);
int cmd_bench(int argc, char **argv);
int cmd_serve(int argc, char **argv);
int cmd_backup(int argc, char **argv);
int cmd_purge(int argc, char **argv);
int cmd_token(int argc, char **argv);
int cmd_worker(int argc, char **argv);
int cmd_desk(int argc, char **argv);

/* `careround plan --format vroom`. */
typedef struct cmd_vroom_options {
    const char *path, *out_path; /* "-": standard input; NULL: standard output */
    const char *roads_path, *defaults_path;
    double time_s;      /* < 0: not given */
    int64_t iterations; /* < 0: not given */
    uint64_t seed;
    int32_t n_threads;
} cmd_vroom_options;
int cmd_plan_vroom(const cmd_vroom_options *options);

/* ---- what the commands share (cmd.c) ---- */

/* The exit status of a cr_status; a message about NOMEM and INTERNAL is written here. */
int cmd_exit_status(cr_status st);

/* "careround plan: MESSAGE. Try 'careround plan --help'." on standard error; EXIT_USAGE. */
__attribute__((format(printf, 2, 3))) int cmd_usage_error(const char *name, const char *format, ...);

/* Numbers of options: false (and a message) if it is not one in [least, most]. */
bool cmd_option_number(const char *name, const char *option, const char *text, double least, double most,
                       double *ret_number);
/* The same of whole numbers. */
#define CMD_COUNT_MOST 9007199254740992.0 /* 2^53: up to here they are exact in a double */
bool cmd_option_count(const char *name, const char *option, const char *text, double least, double most,
                      double *ret_count);

/* Findings for people on a stream, or as JSON on standard output:
 * {"errors": 2, "warnings": 1, "findings": [{"severity", "file", "row", "column", "value", "message"}, ...]} */
json_t *cmd_findings_json(const day_findings *findings); /* NULL: no memory */
void cmd_print_findings(const day_findings *findings, FILE *out);
cr_status cmd_print_findings_json(const day_findings *findings, FILE *out);

/* JSON on standard output, taken over; NULL: CR_E_NOMEM. */
cr_status cmd_print_json(json_t *json);

/* Monotonic seconds, and whether Ctrl-C (or SIGTERM) came; both fit cr_solve_options. */
double cmd_clock_s(void *user);
void cmd_watch_signals(void);
bool cmd_should_stop(void *user);

/* Where answers go (cmd_answer.c). NULL: not wanted. */
typedef struct answer_files {
    const char *out, *html, *geojson;
    const char *csv, *ics; /* folders */
    bool json;             /* the summary as JSON */
} answer_files;

/* Before a search: can each of them be written? All that cannot are said on standard error. CR_E_UPSTREAM, CR_E_NOMEM.
 */
cr_status cmd_try_answer(const char *name, const answer_files *files);

/* Write the files, then the summary to standard output. Faults are said on standard error in the name of the command.
 */
cr_status cmd_write_answer(const char *name, const answer_files *files, const answer *a);

/* The options of every command that reads a day, for its table of options and its help, and taking one of them: false
 * if it is another. */
#define CMD_DAY_OPTIONS                                                                                                \
    {"gazetteer", required_argument, NULL, CMD_OPT_GAZETTEER}, {"roads", required_argument, NULL, CMD_OPT_ROADS},      \
        {"gtfs", required_argument, NULL, CMD_OPT_GTFS}, {"router", required_argument, NULL, CMD_OPT_ROUTER},          \
        {"router-profile", required_argument, NULL, CMD_OPT_ROUTER_PROFILE},                                           \
        {"router-unanswered", required_argument, NULL, CMD_OPT_ROUTER_UNANSWERED},                                     \
        {"geocoder", required_argument, NULL, CMD_OPT_GEOCODER},                                                       \
        {"geocoder-cache", required_argument, NULL, CMD_OPT_GEOCODER_CACHE},                                           \
        {"geocoder-rate", required_argument, NULL, CMD_OPT_GEOCODER_RATE},                                             \
        {"service-timeout", required_argument, NULL, CMD_OPT_SERVICE_TIMEOUT},                                         \
        {"service-tries", required_argument, NULL, CMD_OPT_SERVICE_TRIES},                                             \
    {                                                                                                                  \
        "defaults", required_argument, NULL, CMD_OPT_DEFAULTS                                                          \
    }
#define CMD_DAY_HELP                                                                                                   \
    "      --gazetteer FILE postcodes, as for 'careround plan'\n"                                                      \
    "      --gtfs FILE      a timetable, as for 'careround plan'\n"                                                    \
    "      --roads FILE     roads, as for 'careround plan'\n"                                                          \
    "      --router KIND=URL, --geocoder KIND=URL and what belongs to it: as for 'careround plan'\n"                   \
    "      --defaults FILE  instead of the defaults.json that came with careround\n"
enum {
    CMD_OPT_GAZETTEER = 1024,
    CMD_OPT_ROADS,
    CMD_OPT_DEFAULTS,
    CMD_OPT_GTFS,
    CMD_OPT_ROUTER,
    CMD_OPT_ROUTER_PROFILE,
    CMD_OPT_ROUTER_UNANSWERED,
    CMD_OPT_GEOCODER,
    CMD_OPT_GEOCODER_CACHE,
    CMD_OPT_GEOCODER_RATE,
    CMD_OPT_SERVICE_TIMEOUT,
    CMD_OPT_SERVICE_TRIES,
};
bool cmd_take_day_option(int option, const char *text, day_read_options *read);

/* Read a day; its findings go to standard error if nothing of it can be used. With a day, a status other than CR_OK
 * means that rows were left out. */
cr_status cmd_read_day(const day_read_options *options, cr_day **ret_day);

/* Read a plan of this day; every fault of the file, and whether the day has changed since, on standard error. */
cr_status cmd_read_plan(const char *path, const cr_day *day, cr_plan **ret_plan, plan_origin *ret_origin);

/* Broken rules in words, one a line. */
void cmd_print_breaches(const cr_day *day, const cr_check *check, FILE *out);
void cmd_print_accepted(const cr_day *day, const cr_check *check, FILE *out);

/* The same for programs, [{"rule", "message"}, ...], and a cost in whole pence, {"travel": ..., "total": ...}. */
json_t *cmd_breaches_json(const cr_day *day, const cr_check *check);
json_t *cmd_accepted_json(const cr_day *day, const cr_check *check);
json_t *cmd_terms_json(const cr_cost *cost);

/* Write a file so that it appears whole or not at all: with `write`, which returns false if it could not, or a text. */
cr_status cmd_write_file(const char *path, bool (*write)(FILE *out, void *user), void *user);
cr_status cmd_write_text(const char *path, const char *text);

#endif
