/* careround desk FOLDER DATE: a process of the service on which a day lies open (desk.h). DATE may be "": no day, for
 * questions about roads and places.
 *
 * It is asked on standard input and answers on standard output, and ends with either, or with its parent.
 */
#include "child.h"
#include "cmd.h"
#include "desk_call.h"

#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH_MOST 4096

static const desk_handler handlers[N_DESK_QUESTIONS] = {
    [DESK_CHECK] = desk_check,     [DESK_EVALUATE] = desk_evaluate, [DESK_SUGGEST] = desk_suggest,
    [DESK_EXPLAIN] = desk_explain, [DESK_COMPARE] = desk_compare,   [DESK_REPORT] = desk_report,
    [DESK_MATRIX] = desk_matrix,   [DESK_GEOCODE] = desk_geocode,   [DESK_VROOM] = desk_vroom,
};

typedef struct desk_options {
    day_read_options read;
    double memory_mb, parent;
} desk_options;

/* False: it is time to end. */
static bool answer_one(desk_day *day, int from, int to)
{
    desk_message question, reply = {0};
    if (desk_receive(from, -1, &question))
        return false;
    desk_call call = {.day = day, .question = &question, .answer = &reply, .from = from, .to = to};
    bool is_known = question.head.kind < N_DESK_QUESTIONS && handlers[question.head.kind];
    if (is_known)
        handlers[question.head.kind](&call);
    bool goes_on = is_known && desk_send(to, &reply, -1) == CR_OK && !call.is_spent;
    desk_message_done(&question);
    desk_message_done(&reply);
    return goes_on;
}

/* What the libraries print must not come between the answers. */
static int take_standard_output(void)
{
    int to = dup(STDOUT_FILENO);
    return to >= 0 && dup2(STDERR_FILENO, STDOUT_FILENO) >= 0 ? to : -1;
}

static const struct option long_options[] = {
    CMD_DAY_OPTIONS,
    {"memory", required_argument, NULL, 'm'},
    {"parent", required_argument, NULL, 'p'},
    {NULL, 0, NULL, 0},
};

static bool take_option(int c, desk_options *o)
{
    double *number = c == 'm' ? &o->memory_mb : c == 'p' ? &o->parent : NULL;
    return number ? cmd_option_number("desk", "number", optarg, 0, CMD_COUNT_MOST, number)
                  : cmd_take_day_option(c, optarg, &o->read);
}

int cmd_desk(int argc, char **argv)
{
    desk_options o = {.memory_mb = 0};
    char path[PATH_MOST];
    for (int c; (c = getopt_long(argc, argv, "", long_options, NULL)) != -1;)
        if (!take_option(c, &o))
            return EXIT_USAGE;
    if (optind + 2 != argc)
        return cmd_usage_error("desk", "'careround serve' starts it");
    signal(SIGPIPE, SIG_IGN);
    int to = take_standard_output();
    if (to < 0 || !child_set_up(&(child_limits){.parent = (pid_t)o.parent, .cpu_s = -1, .memory_mb = o.memory_mb}))
        return EXIT_FAULT;
    snprintf(path, sizeof path, "%s/%s", argv[optind], argv[optind + 1]);
    desk_day day = {.folder = argv[optind], .read = o.read};
    day.read.path = path;
    while (answer_one(&day, STDIN_FILENO, to))
        ;
    desk_day_done(&day);
    return EXIT_DONE;
}
