/* HTTP by libcurl: limits, retries, redirects. */
#include "http.h"

#include <curl/curl.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MOST_REDIRECTS 3

struct http_client {
    CURL *curl;
    CURLU *base;
    cr_service_options options;
    char *user_agent, *name, *host, *scheme;
    struct curl_slist *headers;
    char reason[CURL_ERROR_SIZE];
    char *body;
    size_t n, room;
    bool too_big, no_memory;
    double asked_at_s; /* when the last request was over; < 0: none yet */
    unsigned short jitter[3];
};

/* ---- time ---- */

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void sleep_s(double seconds)
{
    struct timespec left = {(time_t)seconds, (long)((seconds - floor(seconds)) * 1e9)};
    if (seconds > 0)
        nanosleep(&left, NULL);
}

/* ---- the client ---- */

http_client *http_client_free(http_client *client)
{
    if (client) {
        curl_easy_cleanup(client->curl);
        curl_url_cleanup(client->base);
        curl_slist_free_all(client->headers);
        free(client->user_agent);
        curl_free(client->name);
        curl_free(client->host);
        curl_free(client->scheme);
        free(client->body);
        free(client);
    }
    return NULL;
}

static void init_curl(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

/* libcurl's own limit of a reply counts packed bytes; this one counts what we would have to read. */
static size_t take_bytes(char *bytes, size_t size, size_t n_items, void *user)
{
    http_client *c = user;
    size_t n = size * n_items;
    if (n > (size_t)c->options.most_bytes - c->n) {
        c->too_big = true;
        return 0;
    }
    if (c->n + n + 1 > c->room) {
        size_t room = (c->n + n + 1) * 2;
        char *moved = realloc(c->body, room);
        if (!moved) {
            c->no_memory = true;
            return 0;
        }
        c->body = moved;
        c->room = room;
    }
    memcpy(c->body + c->n, bytes, n);
    c->n += n;
    c->body[c->n] = '\0';
    return n;
}

/* As the curl tool does; the library by itself knows only where certificates were when it was built. */
static void take_certificates(CURL *curl)
{
    const char *bundle = getenv("CURL_CA_BUNDLE"), *file = getenv("SSL_CERT_FILE"), *folder = getenv("SSL_CERT_DIR");
    if (bundle && *bundle)
        curl_easy_setopt(curl, CURLOPT_CAINFO, bundle);
    else if (file && *file)
        curl_easy_setopt(curl, CURLOPT_CAINFO, file);
    if (!(bundle && *bundle) && folder && *folder)
        curl_easy_setopt(curl, CURLOPT_CAPATH, folder);
}

static void set_options(http_client *c)
{
    CURL *curl = c->curl;
    const cr_service_options *o = &c->options;
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L); /* by hand, in ask_once() */
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)(o->connect_s * 1000));
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)(o->total_s * 1000));
    curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)o->most_bytes);
    curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, ""); /* whatever the library can unpack */
    curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_OPTIONAL);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, c->user_agent);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, c->headers);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, c->reason);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_bytes);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, c);
    take_certificates(curl);
}

/* The URL that may be shown: a password or key in it stays out of plans and messages. */
static bool take_name(http_client *c)
{
    CURLU *shown = curl_url();
    char *port = NULL;
    bool taken = shown && !curl_url_set(shown, CURLUPART_SCHEME, c->scheme, 0) &&
                 !curl_url_set(shown, CURLUPART_HOST, c->host, 0);
    if (taken && !curl_url_get(c->base, CURLUPART_PORT, &port, 0))
        taken = !curl_url_set(shown, CURLUPART_PORT, port, 0);
    taken = taken && !curl_url_get(shown, CURLUPART_URL, &c->name, 0);
    curl_free(port);
    curl_url_cleanup(shown);
    size_t n = taken ? strlen(c->name) : 0;
    if (n && c->name[n - 1] == '/')
        c->name[n - 1] = '\0';
    return taken;
}

static cr_status take_url(http_client *c, const char *url, char *message, size_t size)
{
    CURLUcode wrong = curl_url_set(c->base, CURLUPART_URL, url, 0);
    char *host = NULL;
    if (!wrong)
        wrong = curl_url_get(c->base, CURLUPART_SCHEME, &c->scheme, 0);
    if (wrong == CURLUE_OUT_OF_MEMORY)
        return CR_E_NOMEM;
    if (wrong || (strcmp(c->scheme, "http") != 0 && strcmp(c->scheme, "https") != 0) ||
        curl_url_get(c->base, CURLUPART_HOST, &host, 0)) {
        snprintf(message, size, "is no URL of http or https, such as http://127.0.0.1:5000");
        return CR_E_INPUT;
    }
    c->host = host;
    return take_name(c) ? CR_OK : CR_E_NOMEM;
}

cr_status http_client_new(const char *url, const cr_service_options *options, http_client **ret_client, char *message,
                          size_t size)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, init_curl);
    cr_auto(http_client) c = calloc(1, sizeof *c);
    if (!c)
        return CR_E_NOMEM;
    c->options = *options;
    c->asked_at_s = -1;
    uint64_t seed = (uint64_t)(now_s() * 1e9) ^ (uint64_t)(uintptr_t)c;
    memcpy(c->jitter, &seed, sizeof c->jitter);
    c->user_agent = strdup(options->user_agent);
    c->base = curl_url();
    c->curl = curl_easy_init();
    c->headers = curl_slist_append(NULL, "Content-Type: application/json");
    if (!c->user_agent || !c->base || !c->curl || !c->headers)
        return CR_E_NOMEM;
    cr_status st = take_url(c, url, message, size);
    if (st)
        return st;
    set_options(c);
    *ret_client = http_client_take(&c);
    return CR_OK;
}

const char *http_client_name(const http_client *client)
{
    return client->name;
}

char *http_printable(const char *text, char *buffer, size_t size)
{
    size_t n = 0;
    for (; text[n] && n + 1 < size; n++)
        buffer[n] = text[n] >= ' ' && text[n] <= '~' ? text[n] : '?';
    buffer[n] = '\0';
    return buffer;
}

/* ---- one request ---- */

typedef enum outcome { ANSWERED, MAY_HELP_TO_RETRY, FAILED } outcome;

static CURLU *url_of(const http_client *c, const http_question *q)
{
    CURLU *url = curl_url_dup(c->base);
    char *own = NULL, *joined = NULL;
    bool made = url && !curl_url_get(url, CURLUPART_PATH, &own, 0);
    if (made) {
        size_t n = strlen(own);
        while (n && own[n - 1] == '/')
            n--;
        made = asprintf(&joined, "%.*s%s", (int)n, own, q->path) >= 0 && !curl_url_set(url, CURLUPART_PATH, joined, 0);
    }
    if (made && q->query)
        made = !curl_url_set(url, CURLUPART_QUERY, q->query, CURLU_APPENDQUERY);
    free(joined);
    curl_free(own);
    if (made)
        return url;
    curl_url_cleanup(url);
    return NULL;
}

static bool may_help_to_retry(CURLcode code)
{
    return code == CURLE_COULDNT_RESOLVE_PROXY || code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_CONNECT ||
           code == CURLE_OPERATION_TIMEDOUT || code == CURLE_PARTIAL_FILE || code == CURLE_GOT_NOTHING ||
           code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR || code == CURLE_HTTP2 || code == CURLE_HTTP2_STREAM;
}

static bool is_busy(long status)
{
    return status == 408 || status == 425 || status == 429 || status == 500 || (status >= 502 && status <= 504);
}

/* To the same host, and never from https back to http. */
static bool may_follow(const http_client *c, const char *location)
{
    CURLU *url = curl_url();
    char *host = NULL, *scheme = NULL;
    bool may = url && !curl_url_set(url, CURLUPART_URL, location, 0) && !curl_url_get(url, CURLUPART_HOST, &host, 0) &&
               !curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) && strcmp(host, c->host) == 0 &&
               (strcmp(scheme, "https") == 0 || strcmp(scheme, c->scheme) == 0);
    curl_free(host);
    curl_free(scheme);
    curl_url_cleanup(url);
    return may;
}

/* Follow a redirect: the URL is then the new one. */
static outcome redirect(http_client *c, CURLU *url, int *n_redirects, char *message, size_t size)
{
    char *location = NULL;
    curl_easy_getinfo(c->curl, CURLINFO_REDIRECT_URL, &location);
    if (++*n_redirects > MOST_REDIRECTS)
        snprintf(message, size, "%s: redirects more than %d times", c->name, MOST_REDIRECTS);
    else if (!location || !may_follow(c, location))
        snprintf(message, size, "%s: redirects to another host, which was not followed; name that one if it is meant",
                 c->name);
    else if (!curl_url_set(url, CURLUPART_URL, location, 0))
        return ANSWERED;
    else
        snprintf(message, size, "%s: redirects to what is no URL", c->name);
    return FAILED;
}

static outcome transport_failed(const http_client *c, CURLcode code, char *message, size_t size)
{
    char reason[160];
    if (c->too_big || code == CURLE_FILESIZE_EXCEEDED)
        snprintf(message, size, "%s: the reply is larger than %lld bytes", c->name, (long long)c->options.most_bytes);
    else
        snprintf(message, size, "%s: %s", c->name,
                 http_printable(*c->reason ? c->reason : curl_easy_strerror(code), reason, sizeof reason));
    return may_help_to_retry(code) ? MAY_HELP_TO_RETRY : FAILED;
}

static void keep_to_the_rate(http_client *c)
{
    if (c->options.most_per_s > 0 && c->asked_at_s >= 0)
        sleep_s(c->asked_at_s + 1 / c->options.most_per_s - now_s());
}

/* One request with its redirects. *ret_status is set when ANSWERED; *ret_wait_s what the service asks for, 0: nothing.
 */
static outcome ask_once(http_client *c, CURLU *url, const char *json, long *ret_status, double *ret_wait_s,
                        char *message, size_t size)
{
    *ret_wait_s = 0;
    for (int n_redirects = 0;;) {
        c->n = 0;
        c->too_big = c->no_memory = false;
        *c->reason = '\0';
        curl_easy_setopt(c->curl, CURLOPT_CURLU, url);
        if (json) {
            curl_easy_setopt(c->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(json));
            curl_easy_setopt(c->curl, CURLOPT_POSTFIELDS, json);
        } else {
            curl_easy_setopt(c->curl, CURLOPT_HTTPGET, 1L);
        }
        keep_to_the_rate(c);
        CURLcode code = curl_easy_perform(c->curl);
        c->asked_at_s = now_s(); /* from its end on, so that the service never sees two in less */
        if (code)
            return transport_failed(c, code, message, size);
        curl_easy_getinfo(c->curl, CURLINFO_RESPONSE_CODE, ret_status);
        if (*ret_status < 300 || *ret_status >= 400)
            break;
        if (redirect(c, url, &n_redirects, message, size) == FAILED)
            return FAILED;
    }
    if (*ret_status >= 200 && *ret_status < 500 && !is_busy(*ret_status))
        return ANSWERED;
    curl_off_t wait_s = 0;
    curl_easy_getinfo(c->curl, CURLINFO_RETRY_AFTER, &wait_s);
    *ret_wait_s = (double)wait_s;
    snprintf(message, size, "%s: answers with status %ld", c->name, *ret_status);
    return is_busy(*ret_status) ? MAY_HELP_TO_RETRY : FAILED;
}

/* ---- again and again ---- */

/* Exponential back-off with jitter, so that many of us do not come back at the same moment. */
static double back_off_s(http_client *c, int32_t retry)
{
    double wait_s = c->options.wait_s * pow(2, retry) * (0.5 + erand48(c->jitter));
    return fmin(wait_s, c->options.most_wait_s);
}

static void add_to_message(char *message, size_t size, const char *more, double number)
{
    size_t n = strlen(message);
    snprintf(message + n, size - n, more, number);
}

static cr_status ask_until_answered(http_client *c, CURLU *url, const char *json, http_reply *ret_reply, char *message,
                                    size_t size)
{
    for (int32_t retry = 0;; retry++) {
        long status = 0;
        double asked_wait_s;
        CURLU *at = curl_url_dup(url); /* a redirect holds for one request */
        if (!at)
            return CR_E_NOMEM;
        outcome got = ask_once(c, at, json, &status, &asked_wait_s, message, size);
        curl_easy_setopt(c->curl, CURLOPT_CURLU, NULL);
        curl_url_cleanup(at);
        if (c->no_memory)
            return CR_E_NOMEM;
        if (got == ANSWERED) {
            *ret_reply = (http_reply){(int32_t)status, c->n ? c->body : "", c->n};
            return CR_OK;
        }
        if (got == FAILED)
            return CR_E_UPSTREAM;
        if (asked_wait_s > c->options.most_wait_s) {
            add_to_message(message, size, " and asks to come back in %.0f s", asked_wait_s);
            return CR_E_UPSTREAM;
        }
        if (retry >= c->options.n_retries) {
            add_to_message(message, size, " (asked %.0f times)", retry + 1);
            return CR_E_UPSTREAM;
        }
        sleep_s(fmax(asked_wait_s, back_off_s(c, retry)));
    }
}

cr_status http_ask(http_client *client, const http_question *question, http_reply *ret_reply, char *message,
                   size_t size)
{
    CURLU *url = url_of(client, question);
    if (!url)
        return CR_E_NOMEM;
    cr_status st = ask_until_answered(client, url, question->json, ret_reply, message, size);
    curl_url_cleanup(url);
    return st;
}
