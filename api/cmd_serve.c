/* careround serve: the service, until a signal ends it. */
#include "cmd.h"
#include "http.h"
#include "scratch.h"

#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define PATH_MOST 2000

static const char help[] =
    "usage: careround serve [options]\n\n"
    "Offer uploads, days and plans over HTTP (docs/service.md), on this machine only until there\n"
    "are tokens. Prints its address; ends with Ctrl-C or SIGTERM, when plans that run go back to the queue.\n\n"
    "      --listen ADDRESS where (default 127.0.0.1:8080; port 0 takes any that is free)\n"
    "      --store STORE    where all is kept: a file (default careround.db), or postgresql://USER@HOST/DATABASE, "
    "which\n"
    "                       several may serve together; made if it is not there\n"
    "      --workers N      plans at once (default 1; 0: others make them)\n"
    "      --workers-only   make plans, and offer nothing over HTTP\n"
    "      --lease S        not heard of for so long, others make its plans (5 to 3600; default 30)\n"
    "      --scratch FOLDER its own (default STORE-work; with PostgreSQL careround-work)\n"
    "      --threads N      most threads of a plan (default 1)\n"
    "      --time S         most seconds of search of a plan (default 3600)\n"
    "      --memory MB      most memory of a plan's worker (default 4096; 0: no limit)\n"
    "      --queue N        most plans that wait (default 1000)\n"
    "      --rows N         most rows of an upload (default 200000)\n"
    "      --body MB        largest upload (default 64)\n"
    "      --desks N        days that lie open for questions at once, each in a process (default 4)\n"
    "      --desk-idle S    seconds without a question, after which one is put away (default 300)\n" CMD_DAY_HELP;

enum {
    OPT_LISTEN = 256,
    OPT_STORE,
    OPT_WORKERS,
    OPT_THREADS,
    OPT_TIME,
    OPT_MEMORY,
    OPT_QUEUE,
    OPT_ROWS,
    OPT_BODY,
    OPT_LEASE,
    OPT_SCRATCH,
    OPT_WORKERS_ONLY,
    OPT_DESKS,
    OPT_DESK_IDLE
};

typedef struct serve_options {
    day_read_options read;
    const char *listen, *store, *scratch;
    bool workers_only;
    arena *strings; /* of the options that every worker gets */
    const char *how_to_read[JOBS_MOST_OPTIONS + 1];
    int32_t n_how_to_read;
    double workers, lease_s, threads, time_s, memory_mb, queue, rows, body_mb, desks, desk_idle_s;
} serve_options;

static const struct option long_options[] = {
    CMD_DAY_OPTIONS,
    {"listen", required_argument, NULL, OPT_LISTEN},
    {"store", required_argument, NULL, OPT_STORE},
    {"workers", required_argument, NULL, OPT_WORKERS},
    {"workers-only", no_argument, NULL, OPT_WORKERS_ONLY},
    {"lease", required_argument, NULL, OPT_LEASE},
    {"scratch", required_argument, NULL, OPT_SCRATCH},
    {"threads", required_argument, NULL, OPT_THREADS},
    {"time", required_argument, NULL, OPT_TIME},
    {"memory", required_argument, NULL, OPT_MEMORY},
    {"queue", required_argument, NULL, OPT_QUEUE},
    {"rows", required_argument, NULL, OPT_ROWS},
    {"body", required_argument, NULL, OPT_BODY},
    {"desks", required_argument, NULL, OPT_DESKS},
    {"desk-idle", required_argument, NULL, OPT_DESK_IDLE},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

/* ---- options ---- */

/* Reading a day is the workers' part as well as ours. */
static bool take_day_option(int c, const char *name, serve_options *o)
{
    if (o->n_how_to_read == JOBS_MOST_OPTIONS) {
        cmd_usage_error("serve", "more than %d options on how to read a day", JOBS_MOST_OPTIONS);
        return false;
    }
    if (!cmd_take_day_option(c, optarg, &o->read)) {
        cmd_usage_error("serve", "see above");
        return false;
    }
    o->how_to_read[o->n_how_to_read++] = arena_print(o->strings, "--%s=%s", name, optarg);
    return true;
}

static bool take_option(int c, const char *name, serve_options *o)
{
    switch (c) {
    case OPT_LISTEN:
        o->listen = optarg;
        return true;
    case OPT_STORE:
        o->store = optarg;
        return true;
    case OPT_WORKERS:
        return cmd_option_count("serve", "workers", optarg, 0, JOBS_MOST_WORKERS, &o->workers);
    case OPT_WORKERS_ONLY:
        o->workers_only = true;
        return true;
    case OPT_LEASE:
        return cmd_option_number("serve", "lease", optarg, 5, 3600, &o->lease_s);
    case OPT_SCRATCH:
        o->scratch = optarg;
        return true;
    case OPT_THREADS:
        return cmd_option_count("serve", "threads", optarg, 1, 1024, &o->threads);
    case OPT_TIME:
        return cmd_option_number("serve", "time", optarg, 1, 1e6, &o->time_s);
    case OPT_MEMORY:
        return cmd_option_number("serve", "memory", optarg, 0, 1e7, &o->memory_mb);
    case OPT_QUEUE:
        return cmd_option_count("serve", "queue", optarg, 1, 1e6, &o->queue);
    case OPT_ROWS:
        return cmd_option_count("serve", "rows", optarg, 1, 5e6, &o->rows);
    case OPT_BODY:
        return cmd_option_number("serve", "body", optarg, 0.001, 256, &o->body_mb);
    case OPT_DESKS:
        return cmd_option_count("serve", "desks", optarg, 2, DESKS_MOST, &o->desks);
    case OPT_DESK_IDLE:
        return cmd_option_number("serve", "desk-idle", optarg, 1, 1e6, &o->desk_idle_s);
    default:
        return take_day_option(c, name, o);
    }
}

static int parse_options(int argc, char **argv, serve_options *o, bool *ret_go_on)
{
    *ret_go_on = false;
    for (int c, at = 0; (c = getopt_long(argc, argv, "h", long_options, &at)) != -1;) {
        if (c == 'h') {
            fputs(help, stdout);
            return EXIT_DONE;
        }
        if (!take_option(c, long_options[at].name, o))
            return EXIT_USAGE;
    }
    if (optind != argc)
        return cmd_usage_error("serve", "'%s' is more than it takes", argv[optind]);
    if (strlen(o->store) > PATH_MOST - 100 || (o->scratch && strlen(o->scratch) > PATH_MOST - 100))
        return cmd_usage_error("serve", "the path of the store or of its scratch is too long");
    if (o->workers_only && o->workers < 1)
        return cmd_usage_error("serve", "--workers-only with no workers has nothing to do");
    *ret_go_on = true;
    return EXIT_DONE;
}

/* "127.0.0.1:8080", "[::1]:8080" or "::1" taken apart; host has room for the text. */
static bool parse_address(const char *text, char *host, uint16_t *ret_port)
{
    const char *colon = strrchr(text, ':');
    bool in_brackets = *text == '[';
    double port = *ret_port;
    if (colon && (in_brackets ? colon > text && colon[-1] == ']' : strchr(text, ':') == colon)) {
        if (!cmd_option_count("serve", "listen port", colon + 1, 0, 65535, &port))
            return false;
        text = strndupa(text, (size_t)(colon - text));
    }
    size_t n = strlen(text);
    if (in_brackets && n > 2 && text[n - 1] == ']')
        snprintf(host, n - 1, "%s", text + 1);
    else
        strcpy(host, text);
    *ret_port = (uint16_t)port;
    return true;
}

static bool is_loopback(const char *host)
{
    return strncmp(host, "127.", 4) == 0 || strcmp(host, "::1") == 0;
}

/* Without tokens, whoever can connect may do everything: so nobody from elsewhere can. */
static int look_for_tokens(const char *path, const char *host)
{
    cr_auto(cr_store) store = NULL;
    char message[500];
    bool any;
    cr_status st = store_open(path, &store, message, sizeof message);
    if (!st && (st = store_has_tokens(store, &any)))
        snprintf(message, sizeof message, "%s", store_message(store));
    if (st) {
        fprintf(stderr, "careround serve: %s\n", message);
        return cmd_exit_status(st);
    }
    if (any)
        return EXIT_DONE;
    return cmd_usage_error("serve",
                           "'%s' is not on this machine, and there are no tokens yet: make one first "
                           "(careround token add)",
                           host);
}

/* ---- the service ---- */

static sigset_t signals_to_end(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    return set;
}

/* Until a signal ends it. */
static void wait_for_signal(const sigset_t *set)
{
    int number;
    fflush(stdout);
    while (sigwait(set, &number))
        ;
    fprintf(stderr, "careround serve: %s, ending\n", strsignal(number));
}

static cr_status serve_http(const http_options *http, const jobs_options *jobs_of, const sigset_t *set, char *message,
                            size_t size)
{
    http_server *server;
    cr_status st = http_server_start(http, jobs_of, &server, message, size);
    if (st)
        return st;
    printf(strchr(http->host, ':') ? "http://[%s]:%d\n" : "http://%s:%d\n", http->host, server->port);
    wait_for_signal(set);
    http_server_stop(server);
    return CR_OK;
}

static void nobody_listens(void *user)
{
    (void)user;
}

static cr_status serve_workers(const jobs_options *jobs_of, const sigset_t *set, char *message, size_t size)
{
    jobs *j;
    jobs_options alone = *jobs_of;
    alone.changed = nobody_listens;
    cr_status st = jobs_start(&alone, &j, message, size);
    if (st)
        return st;
    printf("%s\n", jobs_of->worker);
    wait_for_signal(set);
    jobs_stop(j);
    jobs_free(j);
    return CR_OK;
}

/* http NULL: workers only. */
static int serve(const http_options *http, const jobs_options *jobs_of)
{
    char message[500] = "out of memory";
    sigset_t set = signals_to_end();
    signal(SIGPIPE, SIG_IGN);
    pthread_sigmask(SIG_BLOCK, &set, NULL); /* before there are threads, so that they all have it */
    cr_status st = http ? serve_http(http, jobs_of, &set, message, sizeof message)
                        : serve_workers(jobs_of, &set, message, sizeof message);
    if (st)
        fprintf(stderr, "careround serve: %s\n", message);
    return cmd_exit_status(st);
}

static int serve_with(const serve_options *o)
{
    char folder[PATH_MOST], host[PATH_MOST];
    uint16_t port = 8080;
    scratch ours;
    if (strlen(o->listen) >= sizeof host || !parse_address(o->listen, host, &port))
        return EXIT_USAGE;
    int status = o->workers_only || is_loopback(host) ? EXIT_DONE : look_for_tokens(o->store, host);
    if (status)
        return status;
    snprintf(folder, sizeof folder, "%s-work", store_is_file(o->store) ? o->store : "careround");
    cr_status st = scratch_open(o->scratch ? o->scratch : folder, &ours);
    if (st)
        return cmd_exit_status(st);
    http_options http = {
        .host = host,
        .port = port,
        .store_path = o->store,
        .scratch = ours.folder,
        .read = o->read,
        .most_rows = (int32_t)o->rows,
        .most_bytes = (size_t)(o->body_mb * 1048576),
        .most_time_s = o->time_s,
        .most_queued = (int32_t)o->queue,
        .most_threads = (int32_t)o->threads,
        .n_desks = (int32_t)o->desks,
        .desk_idle_s = o->desk_idle_s,
    };
    jobs_options jobs_of = {
        .store_path = o->store,
        .folder = ours.folder,
        .worker = ours.worker,
        .lease_ms = (int64_t)(o->lease_s * 1000),
        .tells_progress = !store_is_file(o->store) || o->workers_only,
        .n_workers = (int32_t)o->workers,
        .most_time_s = o->time_s,
        .memory_mb = o->memory_mb,
        .how_to_read = o->how_to_read,
    };
    status = serve(o->workers_only ? NULL : &http, &jobs_of);
    scratch_remove(&ours);
    return status;
}

int cmd_serve(int argc, char **argv)
{
    serve_options o = {.listen = "127.0.0.1:8080",
                       .store = "careround.db",
                       .workers = 1,
                       .lease_s = 30,
                       .threads = 1,
                       .time_s = 3600,
                       .memory_mb = 4096,
                       .queue = 1000,
                       .rows = 200000,
                       .body_mb = 64,
                       .desks = 4,
                       .desk_idle_s = 300};
    bool go_on;
    if (arena_new(&o.strings))
        return cmd_exit_status(CR_E_NOMEM);
    int status = parse_options(argc, argv, &o, &go_on);
    if (go_on)
        status = arena_failed(o.strings) ? cmd_exit_status(CR_E_NOMEM) : serve_with(&o);
    arena_free(o.strings);
    return status;
}
