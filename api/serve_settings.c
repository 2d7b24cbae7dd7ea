/* Settings of the service: the table, and gathering what the flags, the environment and the file say. */
#include "serve_settings.h"

#include "cmd.h"
#include "desks.h"
#include "near.h"
#include "text_file.h"
#include "value.h"

#include <ctype.h>
#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NAME_SIZE  40
#define OPT_CONFIG 1000

/* ---- the table ---- */

typedef struct setting {
    const char *name, *value, *help; /* "workers", "N" */
    const char *otherwise;           /* NULL: none */
    enum { TEXT, NUMBER, COUNT, YES_NO } kind;
    double least, most;
} setting;

static const setting table[N_SERVE_SETTINGS] = {
    [SERVE_LISTEN] = {"listen", "ADDRESS", "where; port 0 takes any that is free", "127.0.0.1:8080"},
    [SERVE_STORE] =
        {"store", "STORE",
         "where all is kept: a file, or postgresql://USER@HOST/DATABASE, which several may serve together;\n"
         "                               made if it is not there",
         "careround.db"},
    [SERVE_WORKERS] = {"workers", "N", "plans at once; 0: others make them", "1", COUNT, 0, 64},
    [SERVE_WORKERS_ONLY] = {"workers-only", NULL, "make plans, and offer nothing over HTTP", "no", YES_NO},
    [SERVE_LEASE] = {"lease", "S", "not heard of for so long, others make its plans", "30", NUMBER, 5, 3600},
    [SERVE_SCRATCH] = {"scratch", "FOLDER", "its own; STORE-work unless said, with PostgreSQL careround-work"},
    [SERVE_THREADS] = {"threads", "N", "most threads of a plan", "1", COUNT, 1, 1024},
    [SERVE_TIME] = {"time", "S", "most seconds of search of a plan", "3600", NUMBER, 1, 1e6},
    [SERVE_MEMORY] = {"memory", "MB", "most memory of a plan's worker; 0: no limit", "4096", NUMBER, 0, 1e7},
    [SERVE_QUEUE] = {"queue", "N", "most plans and runs of scenarios that wait", "1000", COUNT, 1, 1e6},
    [SERVE_ROWS] = {"rows", "N", "most rows of an upload", "200000", COUNT, 1, 5e6},
    [SERVE_BODY] = {"body", "MB", "largest upload", "64", NUMBER, 0.001, 256},
    [SERVE_DESKS] = {"desks", "N", "days that lie open for questions at once, each in a process", "4", COUNT, 2,
                     DESKS_MOST},
    [SERVE_DESK_IDLE] = {"desk-idle", "S", "seconds without a question, after which one is put away", "300", NUMBER, 1,
                         1e6},
    [SERVE_PATIENCE] = {"patience", "S", "with a client that sends or reads slowly, beside a second for each 64 kB",
                        "30", NUMBER, 0.1, 86400},
    [SERVE_GAZETTEER] = {"gazetteer", "FILE", "postcodes, as for 'careround plan'; so are all below"},
    [SERVE_GTFS] = {"gtfs", "FILE", "a timetable"},
    [SERVE_ROADS] = {"roads", "FILE", "roads"},
    [SERVE_ROUTER] = {"router", "KIND=URL", "an outside router"},
    [SERVE_ROUTER_PROFILE] = {"router-profile", "MODE=NAME", "what it calls a mode"},
    [SERVE_ROUTER_UNANSWERED] = {"router-unanswered", "HOW", "ways that it has no answer for"},
    [SERVE_GEOCODER] = {"geocoder", "KIND=URL", "an outside geocoder"},
    [SERVE_GEOCODER_CACHE] = {"geocoder-cache", "FILE", "what it has answered"},
    [SERVE_GEOCODER_RATE] = {"geocoder-rate", "N", "requests to it a second"},
    [SERVE_SERVICE_TIMEOUT] = {"service-timeout", "S", "to wait for an outside service"},
    [SERVE_SERVICE_TRIES] = {"service-tries", "N", "of each request to it"},
    [SERVE_DEFAULTS] = {"defaults", "FILE", "instead of the defaults.json that came with careround"},
};

const char *serve_setting_name(serve_setting which)
{
    return table[which].name;
}

static void print_help(void)
{
    fputs("usage: careround serve [options]\n\n"
          "Offer uploads, days and plans over HTTP (docs/service.md), on this machine only until there\n"
          "are tokens. Prints its address; ends with Ctrl-C or SIGTERM, when plans that run go back to the queue.\n\n"
          "      --config FILE            JSON with any of these by their names, as in {\"workers\": 2}\n",
          stdout);
    for (int32_t i = 0; i < N_SERVE_SETTINGS; i++) {
        char flag[NAME_SIZE];
        snprintf(flag, sizeof flag, "--%s %s", table[i].name, table[i].value ? table[i].value : "");
        printf("      %-24s %s", flag, table[i].help);
        if (table[i].otherwise && table[i].kind != YES_NO)
            printf(" (default %s)", table[i].otherwise);
        putchar('\n');
    }
    fputs("\nEach may be in the environment as well: CAREROUND_WORKERS for --workers. A flag goes before the\n"
          "environment, and that before the file.\n",
          stdout);
}

/* ---- the places ---- */

static void say_wrong(const serve_settings *s, bool *is_wrong, const char *from, const char *text, const char *why)
{
    fprintf(stderr, "careround %s: %s '%.200s' %s\n", s->command, from, text, why);
    *is_wrong = true;
}

static void set(serve_settings *s, int32_t which, const char *text, const char *from)
{
    s->of[which].text = text;
    s->of[which].from = from;
}

static void read_environment(serve_settings *s)
{
    for (int32_t i = 0; i < N_SERVE_SETTINGS; i++) {
        char name[NAME_SIZE] = "CAREROUND_";
        size_t n = strlen(name);
        for (const char *c = table[i].name; *c; c++)
            name[n++] = (char)(*c == '-' ? '_' : toupper((unsigned char)*c));
        name[n] = '\0';
        const char *text = getenv(name);
        if (text)
            set(s, i, text, arena_copy(s->strings, name));
    }
}

static int32_t find(const char *name)
{
    for (int32_t i = 0; i < N_SERVE_SETTINGS; i++)
        if (strcmp(table[i].name, name) == 0)
            return i;
    return -1;
}

static void say_unknown(const serve_settings *s, bool *is_wrong, const char *path, const char *name)
{
    const char *names[N_SERVE_SETTINGS];
    char from[300];
    for (int32_t i = 0; i < N_SERVE_SETTINGS; i++)
        names[i] = table[i].name;
    const char *near = near_miss(name, names, N_SERVE_SETTINGS);
    snprintf(from, sizeof from, "is no setting%s%s%s", near ? "; did you mean '" : "", near ? near : "",
             near ? "'?" : "");
    say_wrong(s, is_wrong, path, name, from);
}

static void read_members(serve_settings *s, const char *path, const json_t *all, bool *is_wrong)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)all, name, value)
    {
        int32_t which = find(name);
        if (which < 0) {
            say_unknown(s, is_wrong, path, name);
            continue;
        }
        const char *from = arena_print(s->strings, "%s: %s", path, name);
        if (json_is_string(value))
            set(s, which, arena_copy(s->strings, json_string_value(value)), from);
        else if (json_is_number(value))
            set(s, which, arena_copy(s->strings, value_print_number(json_number_value(value), 17).text), from);
        else if (json_is_boolean(value))
            set(s, which, json_is_true(value) ? "yes" : "no", from);
        else
            say_wrong(s, is_wrong, from, "", "must be a string, a number, true or false");
    }
}

/* False if the file cannot be read at all. */
static bool read_config(serve_settings *s, const char *path, bool *is_wrong)
{
    text_file file;
    json_error_t error;
    char message[300];
    cr_status st = text_file_read(path, &file, message, sizeof message);
    if (st) {
        fprintf(stderr, "careround %s: %s: %s\n", s->command, path, message);
        return false;
    }
    json_t *all = json_loadb(file.text, file.size, JSON_REJECT_DUPLICATES, &error);
    text_file_done(&file);
    if (json_is_object(all))
        read_members(s, path, all, is_wrong);
    else if (all)
        fprintf(stderr, "careround %s: %s: must be an object: {\"workers\": 2}\n", s->command, path);
    else
        fprintf(stderr, "careround %s: %s line %d: %s\n", s->command, path, error.line, error.text);
    bool is_object = json_is_object(all);
    json_decref(all);
    return is_object;
}

/* ---- the flags ---- */

typedef struct flags {
    const char *text[N_SERVE_SETTINGS], *config;
} flags;

static int read_flags(int argc, char **argv, flags *ret, bool *ret_go_on)
{
    struct option options[N_SERVE_SETTINGS + 3] = {
        {"help", no_argument, NULL, 'h'},
        {"config", required_argument, NULL, OPT_CONFIG},
    };
    for (int32_t i = 0; i < N_SERVE_SETTINGS; i++)
        options[i + 2] = (struct option){table[i].name, table[i].kind == YES_NO ? no_argument : required_argument, NULL,
                                         OPT_CONFIG + 1 + i};
    for (int c; (c = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
        if (c == 'h') {
            print_help();
            return EXIT_DONE;
        }
        if (c < OPT_CONFIG)
            return cmd_usage_error("serve", "see above");
        if (c == OPT_CONFIG)
            ret->config = optarg;
        else
            ret->text[c - OPT_CONFIG - 1] = optarg ? optarg : "yes";
    }
    if (optind != argc)
        return cmd_usage_error("serve", "'%s' is more than it takes", argv[optind]);
    *ret_go_on = true;
    return EXIT_DONE;
}

/* ---- all together ---- */

static void check(serve_settings *s, int32_t which, bool *is_wrong)
{
    const setting *t = &table[which];
    char why[120];
    double number;
    const char *text = s->of[which].text;
    if (t->kind == TEXT)
        return;
    if (t->kind == YES_NO) {
        s->of[which].number = strcmp(text, "yes") == 0;
        if (strcmp(text, "yes") != 0 && strcmp(text, "no") != 0)
            say_wrong(s, is_wrong, s->of[which].from, text, "must be yes or no");
        return;
    }
    if (!value_number(text, false, &number) && number >= t->least && number <= t->most &&
        (t->kind == NUMBER || number == floor(number))) {
        s->of[which].number = number;
        return;
    }
    snprintf(why, sizeof why, "must be a %snumber from %s to %s", t->kind == COUNT ? "whole " : "",
             value_print_number(t->least, 10).text, value_print_number(t->most, 10).text);
    say_wrong(s, is_wrong, s->of[which].from, text, why);
}

int serve_settings_read(int argc, char **argv, serve_settings *s, bool *ret_go_on)
{
    flags given = {0};
    bool is_wrong = false;
    s->command = "serve";
    *ret_go_on = false;
    int status = read_flags(argc, argv, &given, ret_go_on);
    if (!*ret_go_on)
        return status;
    for (int32_t i = 0; i < N_SERVE_SETTINGS; i++)
        set(s, i, table[i].otherwise, NULL);
    if (!given.config)
        given.config = getenv("CAREROUND_CONFIG");
    if (given.config && !read_config(s, given.config, &is_wrong)) {
        *ret_go_on = false;
        return EXIT_INPUT;
    }
    read_environment(s);
    for (int32_t i = 0; i < N_SERVE_SETTINGS; i++)
        if (given.text[i])
            set(s, i, given.text[i], arena_print(s->strings, "--%s", table[i].name));
    for (int32_t i = 0; i < N_SERVE_SETTINGS; i++)
        check(s, i, &is_wrong);
    *ret_go_on = !is_wrong && !arena_failed(s->strings);
    return arena_failed(s->strings) ? cmd_exit_status(CR_E_NOMEM) : is_wrong ? EXIT_USAGE : EXIT_DONE;
}

int serve_settings_store(const char *name, const char *config, arena *strings, const char **store)
{
    serve_settings s = {.command = name, .strings = strings};
    bool is_wrong = false;
    if (*store)
        return EXIT_DONE;
    set(&s, SERVE_STORE, table[SERVE_STORE].otherwise, NULL);
    if (!config)
        config = getenv("CAREROUND_CONFIG");
    if (config && !read_config(&s, config, &is_wrong))
        return EXIT_INPUT;
    read_environment(&s);
    *store = s.of[SERVE_STORE].text;
    return arena_failed(strings) ? cmd_exit_status(CR_E_NOMEM) : is_wrong ? EXIT_USAGE : EXIT_DONE;
}
