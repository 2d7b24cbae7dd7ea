/* The service's HTTP, as the handlers of its routes see it.
 *
 * http_server.c takes connections and bodies within their limits and finds the route (http_routes.c); a handler looks
 * at the call, asks the store or the engine, and sets one answer (http_reply.c). Handlers of routes that take long run
 * on threads of their own, so that the others stay quick. Internal to the service.
 */
#ifndef API_HTTP_H
#define API_HTTP_H

#include "desks.h"
#include "jobs.h"
#include "store.h"

#include <jansson.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#define HTTP_MOST_PARTS 8

typedef struct http_options {
    const char *host; /* "127.0.0.1" */
    uint16_t port;    /* 0: any that is free */
    const char *store_path, *scratch;
    day_read_options read;
    int32_t most_rows;    /* of an upload */
    size_t most_bytes;    /* of an upload */
    double most_time_s;   /* of a plan */
    int32_t most_queued;  /* plans that wait */
    int32_t most_threads; /* of a plan */
    int32_t n_desks;      /* days that lie open for questions */
    double desk_idle_s;   /* unless nobody asks for so long */
    double patience_s;    /* for a request to come, and for an answer to be read */
} http_options;

typedef struct http_events http_events;
typedef struct http_work http_work;
typedef struct http_clients http_clients;

typedef struct http_server {
    http_options o;
    struct MHD_Daemon *daemon;
    jobs *jobs;
    http_events *events;
    http_work *work, *askers; /* the second: those who wait for a desk's answer */
    desks *desks;
    http_clients *clients;
    uint16_t port; /* that it listens on */
    pthread_mutex_t lock;
    cr_store *idle[64]; /* connections to the store that nobody uses now */
    atomic_bool ends;   /* no new connections */
    int32_t n_idle;
    int64_t store_at_ms; /* no new connection before; CLOCK_MONOTONIC */
    struct {
        int64_t requests, by_class[6]; /* 2xx ... 5xx by first digit */
    } counts;                          /* under the lock */
} http_server;

struct http_route;

/* What a token covers: one bit each, so that a route can say who may. */
typedef enum http_scope {
    SCOPE_NOBODY = 0,
    SCOPE_COORDINATOR = 1,
    SCOPE_PROVIDER = 2, /* the lists of one provider, and nothing else */
    SCOPE_VIEWER = 4,
    SCOPE_ADMIN = 8,
    SCOPE_ANYBODY = 16, /* of a route: without a token */
} http_scope;

extern const char *const http_scope_name[]; /* by bit; NULL ends them */
http_scope http_scope_of(const char *name); /* SCOPE_NOBODY: no scope is called so */

/* One request. */
typedef struct http_call {
    http_server *server;
    struct MHD_Connection *connection;
    const struct http_route *route;
    const char *method;
    http_scope scope;
    char provider[65], who[256];  /* of SCOPE_PROVIDER; for the audit trail */
    char token_id[STORE_ID_SIZE]; /* whose turns her plans have; "": there are no tokens */
    char *path;                   /* a copy, cut into parts */
    char *part[HTTP_MOST_PARTS];  /* "v1", "days", "2026-11-23" */
    int32_t n_parts;
    char *body;
    size_t size, room, most_bytes;
    bool is_refused, is_suspended, is_answered;
    int status;
    struct MHD_Response *response;
    size_t n_answer;  /* bytes of it; of a stream 0 */
    int64_t begun_ms; /* http_clock_ms() */
    cr_store *store;  /* for the handler */
    struct http_call *next;
} http_call;

typedef void (*http_handler)(http_call *call);

typedef struct http_route {
    const char *method, *path; /* "/v1/days/{date}/{table}" */
    http_handler handle;
    bool takes_long, has_body;
    int may;        /* who: a set of scopes */
    bool asks_desk; /* it waits for a desk, with a body as large as an upload */
} http_route;

/* The route of a call, whose parts are cut; or NULL, with the answer set: 404, or 405 with what is allowed. */
const http_route *http_find_route(http_call *call);

/* Who asks: scope and who are set, or the answer is: 401, 403. */
void http_let_in(http_call *call);

/* ---- what a handler may ask ---- */

/* A parameter of the query, or NULL. */
const char *http_query(const http_call *call, const char *name);
const char *http_header(const http_call *call, const char *name);

/* Who does it, for the audit trail. */
store_act http_act(const http_call *call);

/* A number of the query: false, and the answer set, if it is there and no whole number in [least, most]. */
bool http_query_int(http_call *call, const char *name, int32_t least, int32_t most, int32_t *ret_number);

/* ---- answers: one a call ---- */

/* The JSON is taken over; NULL: no memory, said so. */
void http_reply_json(http_call *call, int status, json_t *json);

/* Bytes, copied. etag: NULL, or the quoted hash that they are known by; a client that has them gets 304. */
void http_reply_bytes(http_call *call, const char *type, const char *etag, const void *bytes, size_t size);
bool http_has_it(http_call *call, const char *etag); /* true: answered 304 */

/* Text that was malloc'ed, taken over. */
void http_reply_text(http_call *call, int status, const char *type, char *text, size_t size);

/* RFC 9457. */
__attribute__((format(printf, 5, 6))) void http_reply_problem(http_call *call, int status, const char *name,
                                                              const char *title, const char *format, ...);
void http_reply_problem_json(http_call *call, json_t *problem);
void http_reply_not_found(http_call *call, const char *what);

/* What a status means for the client: 503, 500. */
void http_reply_fault(http_call *call, cr_status st);

void http_add_header(http_call *call, const char *name, const char *value);
void http_replace_header(http_call *call, const char *name, const char *value); /* one that every answer has */

/* "2026-11-23T07:30:00.000Z"; of 0 null. */
json_t *http_time(int64_t ms);

/* JSON that is kept as text; of "" null. */
json_t *http_kept_json(const char *text);

/* An answer that was made elsewhere; taken over. */
void http_reply(http_call *call, int status, struct MHD_Response *response);

/* A body of JSON that is text already: malloc'ed, taken over (NULL: no memory). location: NULL, or a header. */
void http_reply_made(http_call *call, int status, const char *location, char *text);

/* ---- requests that are done once, whoever asks again (http_once.c) ---- */

#define HTTP_KEY_SIZE 256
typedef struct http_once {
    char key[HTTP_KEY_SIZE]; /* "": none was sent */
    char request[STORE_HASH_SIZE];
} http_once;

/* Has this been done? request: what is asked, in any words that are the same only for the same; taken over. False: the
 * answer is set. */
bool http_once_look(http_call *call, json_t *request, http_once *ret_once);

/* Begin a transaction for what changes the store about a date; false: the answer is set. */
bool http_once_begin(http_call *call, const http_once *once, const char *date);

/* End it and answer. st: how it went so far; json: taken over; location: NULL, or a header. */
void http_once_reply(http_call *call, const http_once *once, cr_status st, int status, const char *location,
                     json_t *json);

/* ---- slow work (http_work.c) ---- */

/* so many threads; calls wait in a queue of bounded length */
cr_status http_work_start(int32_t n_threads, http_work **ret_work);
void http_work_stop(http_work *work);                 /* once those that wait are done */
void http_work_free(http_work *work);                 /* once it has stopped; NULL is welcome */
bool http_work_add(http_work *work, http_call *call); /* false: too many wait, or it has stopped */
void http_run(http_call *call);                       /* the handler, with a store */
cr_store *http_take_store(http_server *server);       /* NULL: it cannot be opened; the log says why */
void http_give_store(http_server *server, cr_store *store);

/* ---- slow clients (http_clients.c) ---- */

int64_t http_clock_ms(void); /* CLOCK_MONOTONIC */

typedef enum http_client_turn {
    CLIENT_SENDS, /* a request, or nothing yet */
    CLIENT_WAITS, /* for us */
    CLIENT_READS, /* an answer */
} http_client_turn;

cr_status http_clients_start(double patience_s, http_clients **ret_clients);
void http_clients_free(http_clients *clients);   /* once there are no connections any more; NULL is welcome */
int64_t http_clients_cut(http_clients *clients); /* how many were cut off since the start */

/* MHD_NotifyConnectionCallback, of the clients. */
void http_clients_notify(void *clients, struct MHD_Connection *connection, void **context,
                         enum MHD_ConnectionNotificationCode code);

/* From now on it is its turn: bytes that have come with it, or that there are to read. */
void http_client_has(http_clients *clients, struct MHD_Connection *connection, http_client_turn turn, size_t bytes);
void http_client_sent(http_clients *clients, struct MHD_Connection *connection, size_t bytes); /* so many more */

/* ---- events (http_events.c) ---- */

cr_status http_events_new(http_server *server, http_events **ret_events);
void http_events_free(http_events *events);
void http_events_changed(void *server);    /* jobs_options.changed */
void http_events_end(http_server *server); /* let go of all who listen */

/* ---- handlers ---- */

void http_put_upload(http_call *call);
void http_post_uploads(http_call *call);
void http_delete_upload(http_call *call);
void http_list_uploads(http_call *call);
void http_get_upload(http_call *call);
void http_get_content(http_call *call);
void http_list_days(http_call *call);
void http_get_day(http_call *call);
void http_post_plan(http_call *call);
void http_list_plans(http_call *call);
void http_get_plan(http_call *call);
void http_get_result(http_call *call);
void http_get_events(http_call *call);
void http_stop_plan(http_call *call);
void http_cancel_plan(http_call *call);
void http_delete_plan(http_call *call);
void http_health(http_call *call);
void http_ready(http_call *call);
void http_metrics(http_call *call);
void http_about(http_call *call);
void http_list_events(http_call *call);
void http_get_file(http_call *call);
void http_ask_desk(http_call *call);
void http_replan(http_call *call);
void http_post_scenario(http_call *call);
void http_list_scenarios(http_call *call);
void http_get_scenario(http_call *call);
void http_get_scenario_file(http_call *call);
void http_get_scenario_events(http_call *call);
void http_cancel_scenario(http_call *call);
void http_delete_scenario(http_call *call);

/* ---- shared by the handlers ---- */

bool http_is_date(const char *text); /* in our form: "2026-11-23" */

/* A date of the path in our form; NULL, and the answer set, if it is none. */
const char *http_date(http_call *call, const char *text);

/* The report of a version of a day, read now if it never was: JSON, the caller's. NULL: the answer is set. */
json_t *http_day_report(http_call *call, const store_day *day);

/* Is there room in the queue for so many? False: the answer is set. */
bool http_queue_has_room(http_call *call, int32_t n_more);

/* Queue a plan of a day, with its options as JSON (NULL: no memory), and answer. */
void http_queue_plan(http_call *call, const http_once *once, const store_day *day, const char *options);

/* A scenario as it is answered. with_asked: and what was asked. */
json_t *http_scenario_json(const store_scenario *scenario, bool with_asked);

/* That of the path; NULL: the answer is set. */
store_scenarios *http_find_scenario(http_call *call);

/* A scratch folder of this call, named by the date. CR_E_UPSTREAM with errno. ret_path has DAY_FOLDER_PATH bytes. */
cr_status http_scratch(http_call *call, char *ret_path);

/* ---- the server ---- */

cr_status http_server_start(const http_options *options, const jobs_options *jobs, http_server **ret_server,
                            char *message, size_t size);
void http_server_stop(http_server *server);

#endif
