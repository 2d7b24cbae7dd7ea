/* Patience with clients has an end.
 *
 * The library lets go of a connection that is silent for some seconds, so one byte now and then holds it for ever. Here
 * each connection has a deadline for what its client does now: sending a request, or reading an answer. It is the
 * patience, and a second more for every so many bytes that came or that there are to read. While we work on an answer
 * there is none, and those who listen to events may listen as long as they read. A thread looks around and cuts off who
 * is late: the library sees the connection's end as it would see the client's.
 */
#include "http.h"

#include "log.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#define BYTES_PER_MS 64 /* beside the patience: the slowest line that is no drip, half a megabit */
#define TURN_MS      250

typedef struct http_client {
    int socket;
    http_client_turn turn;
    int64_t since_ms; /* http_clock_ms() */
    size_t bytes;     /* that came, or that there are to read */
    bool is_cut;
    struct http_client *next, *before;
} http_client;

struct http_clients {
    pthread_mutex_t lock;
    pthread_cond_t ending;
    pthread_t thread;
    int64_t patience_ms, n_cut;
    bool ends;
    http_client *first;
};

int64_t http_clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- the thread ---- */

static bool is_late(const http_clients *c, const http_client *client, int64_t now)
{
    return !client->is_cut && client->turn != CLIENT_WAITS &&
           now - client->since_ms > c->patience_ms + (int64_t)(client->bytes / BYTES_PER_MS);
}

/* How many; the socket is open as long as the client is in the list: it is closed by whoever takes it out. */
static int32_t cut_late(http_clients *c)
{
    int64_t now = http_clock_ms();
    int32_t n = 0;
    for (http_client *client = c->first; client; client = client->next)
        if (is_late(c, client, now)) {
            client->is_cut = true;
            n++;
            shutdown(client->socket, SHUT_RDWR);
        }
    c->n_cut += n;
    return n;
}

/* A log that is not read must hold up nobody who has a request: it is written without the lock. */
static void cut_and_tell(http_clients *c)
{
    int32_t n = cut_late(c);
    if (n == 0)
        return;
    pthread_mutex_unlock(&c->lock);
    log_event("warning", "slow clients cut off", json_pack("{s:i}", "clients", (int)n));
    pthread_mutex_lock(&c->lock);
}

static void *look_around(void *user)
{
    http_clients *c = user;
    pthread_mutex_lock(&c->lock);
    while (!c->ends) {
        struct timespec until;
        cut_and_tell(c);
        if (c->ends)
            break;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += TURN_MS * 1000000;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        pthread_cond_timedwait(&c->ending, &c->lock, &until);
    }
    pthread_mutex_unlock(&c->lock);
    return NULL;
}

cr_status http_clients_start(double patience_s, http_clients **ret_clients)
{
    pthread_condattr_t monotonic;
    http_clients *c = calloc(1, sizeof *c);
    if (!c)
        return CR_E_NOMEM;
    c->patience_ms = (int64_t)(patience_s * 1000);
    pthread_mutex_init(&c->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&c->ending, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (pthread_create(&c->thread, NULL, look_around, c)) {
        c->ends = true;
        http_clients_free(c);
        return CR_E_NOMEM;
    }
    *ret_clients = c;
    return CR_OK;
}

void http_clients_free(http_clients *c)
{
    if (!c)
        return;
    pthread_mutex_lock(&c->lock);
    bool runs = !c->ends;
    c->ends = true;
    pthread_cond_signal(&c->ending);
    pthread_mutex_unlock(&c->lock);
    if (runs)
        pthread_join(c->thread, NULL);
    assert(!c->first);
    pthread_cond_destroy(&c->ending);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

int64_t http_clients_cut(http_clients *c)
{
    pthread_mutex_lock(&c->lock);
    int64_t n = c->n_cut;
    pthread_mutex_unlock(&c->lock);
    return n;
}

/* ---- connections ---- */

static void come(http_clients *c, struct MHD_Connection *connection, void **context)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    http_client *client = info ? calloc(1, sizeof *client) : NULL;
    if (!client) /* no memory for a deadline: it has the library's */
        return;
    *client = (http_client){.socket = info->connect_fd, .since_ms = http_clock_ms()};
    pthread_mutex_lock(&c->lock);
    client->next = c->first;
    if (c->first)
        c->first->before = client;
    c->first = client;
    pthread_mutex_unlock(&c->lock);
    *context = client;
}

static void go(http_clients *c, http_client *client)
{
    pthread_mutex_lock(&c->lock);
    if (client->before)
        client->before->next = client->next;
    else
        c->first = client->next;
    if (client->next)
        client->next->before = client->before;
    pthread_mutex_unlock(&c->lock);
    free(client);
}

void http_clients_notify(void *clients, struct MHD_Connection *connection, void **context,
                         enum MHD_ConnectionNotificationCode code)
{
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        come(clients, connection, context);
    else if (*context) {
        go(clients, *context);
        *context = NULL;
    }
}

static http_client *client_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

void http_client_has(http_clients *c, struct MHD_Connection *connection, http_client_turn turn, size_t bytes)
{
    http_client *client = client_of(connection);
    if (!client)
        return;
    pthread_mutex_lock(&c->lock);
    client->turn = turn;
    client->since_ms = http_clock_ms();
    client->bytes = bytes;
    pthread_mutex_unlock(&c->lock);
}

void http_client_sent(http_clients *c, struct MHD_Connection *connection, size_t bytes)
{
    http_client *client = client_of(connection);
    if (!client)
        return;
    pthread_mutex_lock(&c->lock);
    client->bytes += bytes;
    pthread_mutex_unlock(&c->lock);
}
