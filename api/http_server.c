/* The server: connections, bodies within their limits, and a store for each handler.
 *
 * libmicrohttpd calls take_request() once with the headers, again with each piece of the body, and at its end. A call
 * whose route takes long is suspended there, run by http_work.c, and taken up again with its answer made. Whatever is
 * refused is refused as soon as it is known: a body that is too long is not read.
 */
#include "http.h"

#include "day_folder.h"
#include "log.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define CONNECTIONS_MOST  500 /* with the store's files, below the 1,024 that a process may have open */
#define CONNECTION_IDLE_S 30
#define CONNECTION_MEMORY 32768 /* bytes for a request's line and headers, and an answer's headers */
#define SERVER_THREADS    2
#define WORK_THREADS      2
#define MOST_ASKERS       14
#define QUESTION_S        150               /* at most, for a desk to answer, reading the day included */
#define SMALL_BODY        ((size_t)1 << 20) /* of routes that take no list */
#define STORE_PAUSE_MS    500               /* a store that could not be opened is left alone for so long */

/* ---- the store ---- */

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void leave_alone_for_now(http_server *s)
{
    pthread_mutex_lock(&s->lock);
    s->store_at_ms = now_ms() + STORE_PAUSE_MS;
    pthread_mutex_unlock(&s->lock);
}

/* A connection that is idle, or a new one; NULL: it cannot be opened. */
cr_store *http_take_store(http_server *s)
{
    cr_store *store = NULL;
    char message[500];
    pthread_mutex_lock(&s->lock);
    if (s->n_idle > 0)
        store = s->idle[--s->n_idle];
    bool may_open = now_ms() >= s->store_at_ms;
    pthread_mutex_unlock(&s->lock);
    if (!store && may_open && store_open(s->o.store_path, &store, message, sizeof message)) {
        log_event("error", "store", json_pack("{s:s}", "detail", message));
        leave_alone_for_now(s);
    }
    return store;
}

void http_give_store(http_server *s, cr_store *store)
{
    pthread_mutex_lock(&s->lock);
    bool kept = s->n_idle < (int32_t)(sizeof s->idle / sizeof *s->idle);
    if (kept)
        s->idle[s->n_idle++] = store;
    pthread_mutex_unlock(&s->lock);
    if (!kept)
        cr_store_free(store);
}

void http_run(http_call *call)
{
    if (call->route->handle == http_health) { /* it lives, whatever the store does */
        http_health(call);
        return;
    }
    call->store = http_take_store(call->server);
    if (!call->store) {
        http_reply_fault(call, CR_E_UPSTREAM);
        return;
    }
    call->route->handle(call);
    http_give_store(call->server, call->store);
    call->store = NULL;
}

/* ---- what a handler may ask ---- */

const char *http_query(const http_call *call, const char *name)
{
    return MHD_lookup_connection_value(call->connection, MHD_GET_ARGUMENT_KIND, name);
}

const char *http_header(const http_call *call, const char *name)
{
    return MHD_lookup_connection_value(call->connection, MHD_HEADER_KIND, name);
}

cr_status http_scratch(http_call *call, char *ret_path)
{
    char id[STORE_ID_SIZE];
    store_new_id(id);
    snprintf(ret_path, DAY_FOLDER_PATH, "%s/call-%s", call->server->o.scratch, id);
    return mkdir(ret_path, 0700) ? CR_E_UPSTREAM : CR_OK;
}

/* ---- requests ---- */

static void call_free(http_call *call)
{
    if (call->response)
        MHD_destroy_response(call->response);
    free(call->body);
    free(call->path);
    free(call);
}

/* "/v1/days/2026-11-23" into its parts; the library has decoded %XX already. */
static bool cut_path(http_call *call, const char *path)
{
    call->path = strdup(path);
    char *at = call->path;
    if (!at || *at != '/')
        return false;
    for (*at++ = '\0'; call->n_parts < HTTP_MOST_PARTS;) {
        call->part[call->n_parts++] = at;
        at = strchr(at, '/');
        if (!at)
            return true;
        *at++ = '\0';
    }
    return false;
}

/* All that can be said before the body. */
static void look_at_headers(http_call *call, const char *path)
{
    const char *length = http_header(call, "Content-Length");
    if (!cut_path(call, path)) {
        http_reply_problem(call, 404, "not-found", "Not found", "there is no such route");
        return;
    }
    call->route = http_find_route(call);
    if (call->route)
        http_let_in(call);
    if (call->response)
        return;
    call->most_bytes = !call->route->has_body                     ? 0
                       : call->route->asks_desk                   ? call->server->o.most_bytes
                       : strcmp(call->route->method, "PUT") == 0  ? call->server->o.most_bytes
                       : call->route->handle == http_post_uploads ? call->server->o.most_bytes
                                                                  : SMALL_BODY;
    if (length && strtoull(length, NULL, 10) > call->most_bytes)
        http_reply_problem(call, 413, "size", "Too large", "at most %zu bytes here", call->most_bytes);
}

/* A piece of the body; false: no memory, or more than there may be (only of bodies without a length). */
static bool take_piece(http_call *call, const char *piece, size_t size)
{
    if (size > call->most_bytes - call->size)
        return false;
    if (call->size + size + 1 > call->room) {
        size_t room = call->room * 2 > call->size + size + 1 ? call->room * 2 : call->size + size + 4096;
        char *grown = realloc(call->body, room);
        if (!grown)
            return false;
        call->body = grown;
        call->room = room;
    }
    memcpy(call->body + call->size, piece, size);
    call->size += size;
    call->body[call->size] = '\0';
    return true;
}

/* Changes and faults; of a token its scope and id, without the name that it was given. */
static void log_request(const http_call *call)
{
    bool looks = strcmp(call->method, "GET") == 0 || strcmp(call->method, "HEAD") == 0;
    if ((looks && call->status < 500) || !call->route)
        return;
    log_event(call->status < 500 ? "info" : "error", "request",
              json_pack("{s:s, s:s, s:i, s:I, s:s%}", "method", call->route->method, "route", call->route->path,
                        "status", call->status, "ms", (json_int_t)(http_clock_ms() - call->begun_ms), "who", call->who,
                        (size_t)strcspn(call->who, "(")));
}

/* A connection that is closed without an answer says why. */
static void log_lost(const http_call *call, const char *level, const char *why)
{
    log_event(level, "request without answer",
              json_pack("{s:s, s:s, s:s, s:I}", "method", call->route ? call->route->method : "", "route",
                        call->route ? call->route->path : "", "why", why, "ms",
                        (json_int_t)(http_clock_ms() - call->begun_ms)));
}

static enum MHD_Result queue_answer(const http_call *call)
{
    if (!call->response)
        log_lost(call, "error", "none could be made, for want of memory");
    else if (MHD_queue_response(call->connection, (unsigned)call->status, call->response) == MHD_YES)
        return MHD_YES;
    else
        log_lost(call, "error", "it could not be queued");
    return MHD_NO;
}

static enum MHD_Result send_answer(http_call *call)
{
    log_request(call);
    http_server *s = call->server;
    pthread_mutex_lock(&s->lock);
    s->counts.requests++;
    s->counts.by_class[call->status / 100 % 6]++;
    pthread_mutex_unlock(&s->lock);
    call->is_answered = true;
    bool has_events =
        call->route && (call->route->handle == http_get_events || call->route->handle == http_get_scenario_events);
    bool is_stream = has_events && call->status == 200;
    http_client_has(s->clients, call->connection, is_stream ? CLIENT_WAITS : CLIENT_READS, call->n_answer);
    return queue_answer(call);
}

static enum MHD_Result run_or_suspend(http_call *call)
{
    if (call->route->takes_long && !call->is_suspended) {
        call->is_suspended = true;
        MHD_suspend_connection(call->connection);
        http_work *who = call->route->asks_desk ? call->server->askers : call->server->work;
        if (http_work_add(who, call))
            return MHD_YES;
        MHD_resume_connection(call->connection);
        http_reply_problem(call, 503, "busy", "Too busy", "try again in a second");
        http_add_header(call, "Retry-After", "1");
        return MHD_YES; /* sent when it is taken up */
    }
    if (!call->response && !call->is_suspended)
        http_run(call);
    return send_answer(call);
}

static enum MHD_Result take_request(void *user, struct MHD_Connection *connection, const char *path, const char *method,
                                    const char *version, const char *piece, size_t *piece_size, void **context)
{
    http_call *call = *context;
    (void)version;
    if (!call) {
        call = calloc(1, sizeof *call);
        if (!call) {
            log_event("error", "request without answer", json_pack("{s:s}", "why", "no memory"));
            return MHD_NO;
        }
        *context = call;
        call->server = user;
        call->connection = connection;
        call->method = method;
        call->begun_ms = http_clock_ms();
        http_client_has(call->server->clients, connection, CLIENT_SENDS, 0);
        look_at_headers(call, path);
        return call->response ? send_answer(call) : MHD_YES;
    }
    if (call->is_answered)
        return MHD_YES;
    if (*piece_size > 0) {
        bool taken = take_piece(call, piece, *piece_size);
        http_client_sent(call->server->clients, connection, *piece_size);
        *piece_size = 0;
        if (!taken)
            log_lost(call, "warning", "its body is too long, or there is no memory for it");
        call->is_refused = !taken;
        return taken ? MHD_YES : MHD_NO;
    }
    http_client_has(call->server->clients, connection, CLIENT_WAITS, 0);
    return run_or_suspend(call);
}

static void end_request(void *user, struct MHD_Connection *connection, void **context,
                        enum MHD_RequestTerminationCode code)
{
    static const char *const why[] = {
        [MHD_REQUEST_TERMINATED_WITH_ERROR] = "the connection failed",
        [MHD_REQUEST_TERMINATED_TIMEOUT_REACHED] = "it was silent for too long",
        [MHD_REQUEST_TERMINATED_DAEMON_SHUTDOWN] = "the service ends",
        [MHD_REQUEST_TERMINATED_READ_ERROR] = "the connection failed while it came",
        [MHD_REQUEST_TERMINATED_CLIENT_ABORT] = "the client closed the connection",
    };
    http_server *s = user;
    http_call *call = *context;
    http_client_has(s->clients, connection, CLIENT_SENDS, 0);
    if (call) {
        if (!call->is_answered && !call->is_refused && (size_t)code < sizeof why / sizeof *why && why[code])
            log_lost(call, "info", why[code]);
        call_free(call);
    }
    *context = NULL;
}

/* Parameters of the query keep their bytes; the path must be UTF-8 without zeros, like all text we keep. */
static size_t unescape(void *user, struct MHD_Connection *connection, char *text)
{
    (void)user;
    (void)connection;
    size_t n = MHD_http_unescape(text);
    return strlen(text) < n ? strlen(text) : n;
}

/* ---- starting and stopping ---- */

static bool address_of(const http_options *o, struct sockaddr_storage *ret_address)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)ret_address;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)ret_address;
    memset(ret_address, 0, sizeof *ret_address);
    if (inet_pton(AF_INET, o->host, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(o->port);
        return true;
    }
    if (inet_pton(AF_INET6, o->host, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(o->port);
        return true;
    }
    return false;
}

/* What the library has to say. */
static void log_http(void *user, const char *format, va_list args)
{
    char text[500];
    (void)user;
    vsnprintf(text, sizeof text, format, args);
    text[strcspn(text, "\n")] = '\0';
    log_event("warning", "http", json_pack("{s:s}", "detail", text));
}

/* Asked for each new connection; no, once the service ends. MHD_quiesce_daemon() is for that, but where a thread of the
 * library wakes at that moment, both take the socket out of its list, and one ends the process by abort() (0.9.75). */
static enum MHD_Result may_connect(void *user, const struct sockaddr *from, socklen_t n_from)
{
    const http_server *s = user;
    (void)from;
    (void)n_from;
    return atomic_load(&s->ends) ? MHD_NO : MHD_YES;
}

static cr_status listen_at(http_server *s, char *message, size_t size)
{
    struct sockaddr_storage address;
    if (!address_of(&s->o, &address)) {
        snprintf(message, size, "'%s' is no address; write 127.0.0.1 or ::1", s->o.host);
        return CR_E_INPUT;
    }
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG |
                     (address.ss_family == AF_INET6 ? MHD_USE_IPv6 : 0);
    s->daemon =
        MHD_start_daemon(flags, s->o.port, may_connect, s, take_request, s, MHD_OPTION_EXTERNAL_LOGGER, log_http, NULL,
                         MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_NOTIFY_COMPLETED, end_request, s,
                         MHD_OPTION_NOTIFY_CONNECTION, http_clients_notify, s->clients, MHD_OPTION_UNESCAPE_CALLBACK,
                         unescape, s, MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MOST, MHD_OPTION_CONNECTION_TIMEOUT,
                         CONNECTION_IDLE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
                         MHD_OPTION_THREAD_POOL_SIZE, SERVER_THREADS, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    if (!s->daemon) {
        snprintf(message, size, "cannot listen on %s port %d: %s", s->o.host, s->o.port, strerror(errno));
        return CR_E_UPSTREAM;
    }
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT);
    s->port = info ? info->port : s->o.port;
    return CR_OK;
}

/* From the jobs' thread, whenever something changes and every few seconds. */
static void on_change(void *user)
{
    http_server *s = user;
    http_events_changed(s);
    desks_tidy(s->desks);
}

static cr_status start_desks(http_server *s, const jobs_options *jobs_of)
{
    const desks_options options = {
        .folder = s->o.scratch,
        .n_desks = s->o.n_desks,
        .idle_s = s->o.desk_idle_s,
        .memory_mb = jobs_of->memory_mb,
        .most_time_s = QUESTION_S,
        .how_to_read = jobs_of->how_to_read,
    };
    int32_t n_askers = s->o.n_desks + 2 < MOST_ASKERS ? s->o.n_desks + 2 : MOST_ASKERS;
    cr_status st = desks_new(&options, &s->desks);
    return st ? st : http_work_start(n_askers, &s->askers);
}

cr_status http_server_start(const http_options *options, const jobs_options *jobs_of, http_server **ret_server,
                            char *message, size_t size)
{
    http_server *s = calloc(1, sizeof *s);
    if (!s)
        return CR_E_NOMEM;
    s->o = *options;
    pthread_mutex_init(&s->lock, NULL);
    jobs_options with_events = *jobs_of;
    with_events.changed = on_change;
    with_events.user = s;
    cr_status st = http_events_new(s, &s->events);
    if (!st)
        st = http_work_start(WORK_THREADS, &s->work);
    if (!st)
        st = start_desks(s, jobs_of);
    if (!st)
        st = http_clients_start(options->patience_s, &s->clients);
    if (!st)
        st = jobs_start(&with_events, &s->jobs, message, size);
    if (!st)
        st = listen_at(s, message, size);
    if (st)
        http_server_stop(s);
    else
        *ret_server = s;
    return st;
}

static void stop_answering(http_server *s)
{
    if (s->desks)
        desks_stop(s->desks);
    if (s->askers)
        http_work_stop(s->askers);
    if (s->work)
        http_work_stop(s->work);
    if (s->jobs)
        jobs_stop(s->jobs);
}

/* No new connections; calls that wait are answered; then the workers, those who listen, and the connections. */
void http_server_stop(http_server *s)
{
    if (s->daemon) {
        atomic_store(&s->ends, true);
        stop_answering(s);
        http_events_end(s);
        MHD_stop_daemon(s->daemon);
    } else {
        stop_answering(s);
    }
    http_work_free(s->askers);
    http_work_free(s->work);
    jobs_free(s->jobs);
    desks_free(s->desks);
    http_events_free(s->events);
    http_clients_free(s->clients);
    for (int32_t i = 0; i < s->n_idle; i++)
        cr_store_free(s->idle[i]);
    pthread_mutex_destroy(&s->lock);
    free(s);
}
