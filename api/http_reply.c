/* Answers of the service. */
#include "http.h"

#include "log.h"
#include "problem.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The page of a client's data must not stay in a cache, be framed, or be taken for what it is not. */
static const char *const security_headers[][2] = {
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Cache-Control", "no-cache, private"},
};

void http_reply(http_call *call, int status, struct MHD_Response *response)
{
    assert(!call->response);
    for (size_t i = 0; response && i < sizeof security_headers / sizeof *security_headers; i++)
        MHD_add_response_header(response, security_headers[i][0], security_headers[i][1]);
    call->status = status;
    call->response = response;
}

void http_add_header(http_call *call, const char *name, const char *value)
{
    if (call->response)
        MHD_add_response_header(call->response, name, value);
}

void http_replace_header(http_call *call, const char *name, const char *value)
{
    const char *now = call->response ? MHD_get_response_header(call->response, name) : NULL;
    if (now)
        MHD_del_response_header(call->response, name, now);
    http_add_header(call, name, value);
}

void http_reply_text(http_call *call, int status, const char *type, char *text, size_t size)
{
    struct MHD_Response *response = NULL;
    call->n_answer = text ? strlen(text) : 0;
    if (text)
        response = MHD_create_response_from_buffer(size, text, MHD_RESPMEM_MUST_FREE);
    if (!response)
        free(text);
    http_reply(call, response ? status : 503, response);
    http_add_header(call, "Content-Type", type);
}

void http_reply_made(http_call *call, int status, const char *location, char *text)
{
    http_reply_text(call, status, "application/json", text, text ? strlen(text) : 0);
    if (location)
        http_add_header(call, "Location", location);
}

void http_reply_json(http_call *call, int status, json_t *json)
{
    char *text = json ? json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(12)) : NULL;
    json_decref(json);
    http_reply_text(call, status, "application/json", text, text ? strlen(text) : 0);
}

void http_reply_problem_json(http_call *call, json_t *problem)
{
    int status = (int)json_integer_value(json_object_get(problem, "status"));
    char *text = problem ? json_dumps(problem, JSON_COMPACT) : NULL;
    json_decref(problem);
    http_reply_text(call, status, "application/problem+json", text, text ? strlen(text) : 0);
}

void http_reply_problem(http_call *call, int status, const char *name, const char *title, const char *format, ...)
{
    char detail[500];
    va_list args;
    va_start(args, format);
    vsnprintf(detail, sizeof detail, format, args);
    va_end(args);
    http_reply_problem_json(call, problem_json(status, name, title, *detail ? detail : NULL));
}

void http_reply_not_found(http_call *call, const char *what)
{
    http_reply_problem(call, 404, "not-found", "Not found", "there is no such %s", what);
}

/* What the store says; if it has nothing to say, it was a file or a folder that failed. */
static const char *what_failed(const http_call *call, cr_status st)
{
    const char *text = call->store ? store_message(call->store) : "";
    return *text ? text : st == CR_E_UPSTREAM && errno ? strerror(errno) : "failed";
}

void http_reply_fault(http_call *call, cr_status st)
{
    if (st == CR_E_INTERNAL || st == CR_E_UPSTREAM)
        log_event("error", "fault",
                  json_pack("{s:s, s:s, s:s}", "method", call->method, "route", call->route->path, "detail",
                            what_failed(call, st)));
    if (st == CR_E_INTERNAL)
        http_reply_problem(call, 500, "internal", "A fault of ours", "the log says more");
    else if (st == CR_E_NOMEM)
        http_reply_problem(call, 503, "memory", "Out of memory", "try again, or with less");
    else
        http_reply_problem(call, 503, "store", "The store cannot be used", "the log says more");
}

bool http_has_it(http_call *call, const char *etag)
{
    const char *known = http_header(call, "If-None-Match");
    if (!known || !strstr(known, etag)) /* a list of quoted tags; ours has its quotation marks with it */
        return false;
    http_reply(call, 304, MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT));
    http_add_header(call, "ETag", etag);
    return true;
}

void http_reply_bytes(http_call *call, const char *type, const char *etag, const void *bytes, size_t size)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(size, (void *)bytes, MHD_RESPMEM_MUST_COPY);
    call->n_answer = size;
    http_reply(call, response ? 200 : 503, response);
    http_add_header(call, "Content-Type", type);
    if (etag)
        http_add_header(call, "ETag", etag);
}

json_t *http_kept_json(const char *text)
{
    json_t *value = *text ? json_loads(text, 0, NULL) : NULL;
    return value ? value : json_null();
}

json_t *http_time(int64_t ms)
{
    char text[40];
    time_t s = (time_t)(ms / 1000);
    struct tm utc;
    if (ms == 0 || !gmtime_r(&s, &utc))
        return json_null();
    size_t n = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(text + n, sizeof text - n, ".%03dZ", (int)(ms % 1000));
    return json_string(text);
}
