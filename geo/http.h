/* HTTP as the outside services need it: one question, one bounded reply.
 *
 * A thin layer over libcurl, which does the work (DNS, TLS, proxies, compression). Ours are the limits: http and https
 * only, sizes, time-outs, retries, how often a second, and redirects, which stay on the host that the user named:
 * coordinates and addresses go nowhere else.
 */
#ifndef GEO_HTTP_H
#define GEO_HTTP_H

#include "careround/services.h"

typedef struct http_client http_client; /* one thread at a time */

cr_status http_client_new(const char *url, const cr_service_options *options, http_client **ret_client, char *message,
                          size_t size);
http_client *http_client_free(http_client *client);
CR_AUTO_DEFINE(http_client)

/* "http://127.0.0.1:5000": scheme, host and port of the URL. */
const char *http_client_name(const http_client *client);

typedef struct http_question {
    const char *path;  /* "/table/v1/...", joined to the URL's own */
    const char *query; /* "a=1&b=2", encoded, joined to the URL's own; NULL: none */
    const char *json;  /* sent as POST; NULL: GET */
} http_question;

typedef struct http_reply {
    int32_t status;   /* 2xx or 4xx */
    const char *body; /* the client's, until the next question */
    size_t n;
} http_reply;

/* Ask, again where that may help. CR_E_UPSTREAM with a message when there is no reply to read. */
cr_status http_ask(http_client *client, const http_question *question, http_reply *ret_reply, char *message,
                   size_t size);

/* A text from outside, fit to be shown: printable ASCII, at most size - 1 bytes. Returns buffer. */
char *http_printable(const char *text, char *buffer, size_t size);

#endif
