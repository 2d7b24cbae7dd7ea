/* What the commands share: messages, findings, the clock, Ctrl-C, whole files. */
#include "cmd.h"

#include "careround/file.h"

#include "value.h"

#include <jansson.h>
#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static volatile sig_atomic_t stop_asked; /* the signal that did; a handler can reach nothing else */

/* Whoever started us sees that it was the signal, as of any other program. */
static int end_by_signal(void)
{
    if (stop_asked)
        raise(stop_asked); /* which is no longer caught */
    return EXIT_FAULT;
}

int cmd_exit_status(cr_status st)
{
    switch (st) {
    case CR_OK:
        return EXIT_DONE;
    case CR_E_INPUT:
        return EXIT_INPUT;
    case CR_E_UPSTREAM:
        return EXIT_UPSTREAM;
    case CR_E_NOMEM:
        fputs("careround: out of memory; try a smaller day\n", stderr);
        return EXIT_FAULT;
    case CR_E_STOPPED:
        fputs("careround: stopped; nothing was written\n", stderr);
        return end_by_signal();
    default:
        fputs("careround: a fault of ours; please report it with the input\n", stderr);
        return EXIT_FAULT;
    }
}

int cmd_usage_error(const char *name, const char *format, ...)
{
    va_list args;
    fprintf(stderr, "careround %s: ", name);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fprintf(stderr, ". Try 'careround %s --help'.\n", name);
    return EXIT_USAGE;
}

static bool says(const char *option, const char *text, const char *wrong)
{
    if (wrong)
        fprintf(stderr, "careround: --%s '%s': %s\n", option, text, wrong);
    return !wrong;
}

/* False if it is another option, or wrong, which is then said. */
static bool take_service_option(int option, const char *text, day_services *services)
{
    double number;
    switch (option) {
    case CMD_OPT_ROUTER:
        return says("router", text, services_take_router(services, text));
    case CMD_OPT_ROUTER_PROFILE:
        return says("router-profile", text, services_take_profile(services, text));
    case CMD_OPT_ROUTER_UNANSWERED:
        services->estimates = strcmp(text, "estimate") == 0;
        return services->estimates || strcmp(text, "error") == 0 ||
               says("router-unanswered", text, "must be error or estimate");
    case CMD_OPT_GEOCODER:
        return says("geocoder", text, services_take_geocoder(services, text));
    case CMD_OPT_GEOCODER_CACHE:
        services->geocoder_cache = text;
        return true;
    case CMD_OPT_GEOCODER_RATE:
        return cmd_option_number("plan", "geocoder-rate", text, 0.01, 1000, &services->geocoder_per_s);
    case CMD_OPT_SERVICE_TIMEOUT:
        return cmd_option_number("plan", "service-timeout", text, 0.1, 3600, &services->total_s);
    case CMD_OPT_SERVICE_TRIES:
        if (!cmd_option_count("plan", "service-tries", text, 1, 20, &number))
            return false;
        services->n_tries = (int32_t)number;
        return true;
    default:
        return false;
    }
}

bool cmd_take_day_option(int option, const char *text, day_read_options *read)
{
    const char **path = option == CMD_OPT_GAZETTEER  ? &read->gazetteer_path
                        : option == CMD_OPT_ROADS    ? &read->roads_path
                        : option == CMD_OPT_GTFS     ? &read->gtfs_path
                        : option == CMD_OPT_DEFAULTS ? &read->defaults_path
                                                     : NULL;
    if (path)
        *path = text;
    return path || take_service_option(option, text, &read->services);
}

bool cmd_option_number(const char *name, const char *option, const char *text, double least, double most,
                       double *ret_number)
{
    double number;
    if (!value_number(text, false, &number) && number >= least && number <= most) {
        *ret_number = number;
        return true;
    }
    cmd_usage_error(name, "--%s '%s' must be a number from %s to %s", option, text, value_print_number(least, 10).text,
                    value_print_number(most, 10).text);
    return false;
}

bool cmd_option_count(const char *name, const char *option, const char *text, double least, double most,
                      double *ret_count)
{
    double count;
    if (!cmd_option_number(name, option, text, least, most, &count))
        return false;
    if (count != floor(count)) {
        cmd_usage_error(name, "--%s '%s' must be a whole number", option, text);
        return false;
    }
    *ret_count = count;
    return true;
}

/* ---- findings ---- */

static void print_finding(const day_finding *f, FILE *out)
{
    fprintf(out, "%s: %s", f->is_error ? "error" : "warning", f->file);
    if (f->row)
        fprintf(out, " row %d", f->row);
    if (*f->column)
        fprintf(out, ", %s", f->column);
    if (*f->value)
        fprintf(out, " '%s'", f->value);
    fprintf(out, ": %s\n", f->text);
}

void cmd_print_findings(const day_findings *findings, FILE *out)
{
    for (int32_t i = 0; i < findings->n; i++)
        print_finding(&findings->items[i], out);
    if (findings->n)
        fprintf(out, "%d error%s, %d warning%s\n", findings->n_errors, findings->n_errors == 1 ? "" : "s",
                findings->n - findings->n_errors, findings->n - findings->n_errors == 1 ? "" : "s");
}

static json_t *finding_json(const day_finding *f)
{
    return json_pack("{s:s, s:s, s:i, s:s, s:s, s:s}", "severity", f->is_error ? "error" : "warning", "file", f->file,
                     "row", (int)f->row, "column", f->column, "value", f->value, "message", f->text);
}

json_t *cmd_findings_json(const day_findings *findings)
{
    json_t *list = json_array();
    for (int32_t i = 0; i < findings->n; i++)
        json_array_append_new(list, finding_json(&findings->items[i]));
    if (!list || json_array_size(list) != (size_t)findings->n) {
        json_decref(list);
        return NULL;
    }
    return json_pack("{s:i, s:i, s:o}", "errors", (int)findings->n_errors, "warnings",
                     (int)(findings->n - findings->n_errors), "findings", list);
}

cr_status cmd_print_findings_json(const day_findings *findings, FILE *out)
{
    json_t *all = cmd_findings_json(findings);
    bool written = all && json_dumpf(all, out, JSON_INDENT(2)) == 0 && fputc('\n', out) != EOF;
    cr_status st = written ? CR_OK : all ? CR_E_UPSTREAM : CR_E_NOMEM;
    json_decref(all);
    return st;
}

cr_status cmd_print_json(json_t *json)
{
    bool written = json && json_dumpf(json, stdout, JSON_INDENT(2)) == 0 && putchar('\n') != EOF;
    cr_status st = written ? CR_OK : json ? CR_E_UPSTREAM : CR_E_NOMEM;
    json_decref(json);
    return st;
}

/* ---- clock and signals ---- */

static void on_signal(int number)
{
    stop_asked = number;
}

/* Once is asking to stop and keep the best; the second time the default ends the program. */
void cmd_watch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool cmd_should_stop(void *user)
{
    (void)user;
    return stop_asked != 0;
}

double cmd_clock_s(void *user)
{
    (void)user;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* ---- files ---- */

cr_status cmd_write_file(const char *path, bool (*write)(FILE *out, void *user), void *user)
{
    char message[500];
    cr_status st = cr_file_write(path, write, user, message, sizeof message);
    if (st == CR_E_UPSTREAM)
        fprintf(stderr, "careround: %s\n", message);
    return st;
}

static bool write_text(FILE *out, void *user)
{
    return fputs(*(const char **)user, out) != EOF;
}

cr_status cmd_write_text(const char *path, const char *text)
{
    return cmd_write_file(path, write_text, &text);
}
