/* careround serve: the service, until a signal ends it. */
#include "cmd.h"
#include "http.h"
#include "log.h"
#include "scratch.h"
#include "serve_settings.h"

#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define PATH_MOST 2000

/* ---- settings ---- */

typedef struct serve_options {
    serve_settings settings;
    day_read_options read;
    const char *how_to_read[JOBS_MOST_OPTIONS + 1]; /* flags for the workers */
} serve_options;

static_assert(N_SERVE_SETTINGS - SERVE_GAZETTEER <= JOBS_MOST_OPTIONS, "workers get all on how to read a day");

/* Reading a day is the workers' part as well as ours. */
static bool take_day_options(serve_options *o)
{
    static const int option[] = {
        CMD_OPT_GAZETTEER,       CMD_OPT_GTFS,           CMD_OPT_ROADS,
        CMD_OPT_ROUTER,          CMD_OPT_ROUTER_PROFILE, CMD_OPT_ROUTER_UNANSWERED,
        CMD_OPT_GEOCODER,        CMD_OPT_GEOCODER_CACHE, CMD_OPT_GEOCODER_RATE,
        CMD_OPT_SERVICE_TIMEOUT, CMD_OPT_SERVICE_TRIES,  CMD_OPT_DEFAULTS,
    };
    static_assert(sizeof option / sizeof *option == N_SERVE_SETTINGS - SERVE_GAZETTEER, "in their order");
    int32_t n = 0;
    for (int32_t i = SERVE_GAZETTEER; i < N_SERVE_SETTINGS; i++) {
        const char *text = o->settings.of[i].text;
        if (!text)
            continue;
        if (!cmd_take_day_option(option[i - SERVE_GAZETTEER], text, &o->read)) {
            cmd_usage_error("serve", "see above; %s says so", o->settings.of[i].from);
            return false;
        }
        o->how_to_read[n++] = arena_print(o->settings.strings, "--%s=%s", serve_setting_name((serve_setting)i), text);
    }
    return true;
}

static double number_of(const serve_options *o, serve_setting which)
{
    return o->settings.of[which].number;
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
    while (sigwait(set, &number))
        ;
    log_event("info", "ending", json_pack("{s:s}", "signal", strsignal(number)));
}

static cr_status serve_http(const http_options *http, const jobs_options *jobs_of, const sigset_t *set, char *message,
                            size_t size)
{
    http_server *server;
    cr_status st = http_server_start(http, jobs_of, &server, message, size);
    if (st)
        return st;
    printf(strchr(http->host, ':') ? "http://[%s]:%d\n" : "http://%s:%d\n", http->host, server->port);
    fflush(stdout);
    log_event(
        "info", "serving",
        json_pack("{s:s, s:i, s:s}", "host", http->host, "port", (int)server->port, "version", CAREROUND_VERSION));
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
    fflush(stdout);
    log_event("info", "making plans", json_pack("{s:s, s:s}", "worker", jobs_of->worker, "version", CAREROUND_VERSION));
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
    /* One locale for all threads: a day is read in the C locale, and Jansson's numbers go through localeconv(), whose
     * answer is shared by all threads. Where another thread had a comma, it ended the service by an assertion. */
    setlocale(LC_ALL, "C");
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
    const char *listen = o->settings.of[SERVE_LISTEN].text, *store = o->settings.of[SERVE_STORE].text,
               *scratch_of = o->settings.of[SERVE_SCRATCH].text;
    bool workers_only = number_of(o, SERVE_WORKERS_ONLY) > 0;
    uint16_t port = 8080;
    scratch ours;
    if (strlen(store) > PATH_MOST - 100 || (scratch_of && strlen(scratch_of) > PATH_MOST - 100))
        return cmd_usage_error("serve", "the path of the store or of its scratch is too long");
    if (workers_only && number_of(o, SERVE_WORKERS) < 1)
        return cmd_usage_error("serve", "--workers-only with no workers has nothing to do");
    if (strlen(listen) >= sizeof host || !parse_address(listen, host, &port))
        return EXIT_USAGE;
    int status = workers_only || is_loopback(host) ? EXIT_DONE : look_for_tokens(store, host);
    if (status)
        return status;
    snprintf(folder, sizeof folder, "%s-work", store_is_file(store) ? store : "careround");
    cr_status st = scratch_open(scratch_of ? scratch_of : folder, &ours);
    if (st)
        return cmd_exit_status(st);
    http_options http = {
        .host = host,
        .port = port,
        .store_path = store,
        .scratch = ours.folder,
        .read = o->read,
        .most_rows = (int32_t)number_of(o, SERVE_ROWS),
        .most_bytes = (size_t)(number_of(o, SERVE_BODY) * 1048576),
        .most_time_s = number_of(o, SERVE_TIME),
        .most_queued = (int32_t)number_of(o, SERVE_QUEUE),
        .most_threads = (int32_t)number_of(o, SERVE_THREADS),
        .n_desks = (int32_t)number_of(o, SERVE_DESKS),
        .desk_idle_s = number_of(o, SERVE_DESK_IDLE),
        .patience_s = number_of(o, SERVE_PATIENCE),
    };
    jobs_options jobs_of = {
        .store_path = store,
        .folder = ours.folder,
        .worker = ours.worker,
        .lease_ms = (int64_t)(number_of(o, SERVE_LEASE) * 1000),
        .tells_progress = !store_is_file(store) || workers_only,
        .n_workers = (int32_t)number_of(o, SERVE_WORKERS),
        .most_time_s = number_of(o, SERVE_TIME),
        .memory_mb = number_of(o, SERVE_MEMORY),
        .how_to_read = o->how_to_read,
    };
    status = serve(workers_only ? NULL : &http, &jobs_of);
    scratch_remove(&ours);
    return status;
}

int cmd_serve(int argc, char **argv)
{
    cr_auto(arena) strings = NULL;
    serve_options o = {0};
    bool go_on;
    if (arena_new(&strings))
        return cmd_exit_status(CR_E_NOMEM);
    o.settings.strings = strings;
    int status = serve_settings_read(argc, argv, &o.settings, &go_on);
    if (!go_on)
        return status;
    if (!take_day_options(&o))
        return EXIT_USAGE;
    return arena_failed(strings) ? cmd_exit_status(CR_E_NOMEM) : serve_with(&o);
}
