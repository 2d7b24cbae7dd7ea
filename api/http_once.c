/* Done once: requests with an Idempotency-Key, after the IETF's draft (draft-ietf-httpapi-idempotency-key-header-07).
 *
 * What a request does and the answer that it gets are kept in one transaction, so that whoever asks again with the same
 * key, after a connection that broke or a service that was killed, gets the same answer and nothing is done twice. The
 * key is the client's: of her token. A refusal is not kept: nothing was done, and the request may be mended under the
 * same key. Two at the same time wait for one another.
 */
#include "http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEPT_MS (24 * 3600 * (int64_t)1000)

/* A structured field's string, "like this", or the same without quotation marks. An empty key: none was sent. */
static bool read_key(http_call *call, char ret_key[HTTP_KEY_SIZE])
{
    const char *text = http_header(call, "Idempotency-Key");
    size_t n = 0;
    *ret_key = '\0';
    if (!text)
        return true;
    bool is_quoted = *text == '"';
    text += is_quoted;
    while (n < HTTP_KEY_SIZE - 1 && text[n] >= (is_quoted ? ' ' : '!') && text[n] <= '~' && !strchr("\"\\", text[n]))
        n++;
    if (n > 0 && strcmp(text + n, is_quoted ? "\"" : "") == 0) {
        snprintf(ret_key, HTTP_KEY_SIZE, "%.*s", (int)n, text);
        return true;
    }
    http_reply_problem(
        call, 400, "idempotency-key", "Not a key",
        "Idempotency-Key must be 1 to %d ASCII characters without quotation marks and backslashes, with or without "
        "quotation marks around them, and with spaces only between these",
        HTTP_KEY_SIZE - 1);
    return false;
}

/* The answer that is kept under the key, given again; or, with nothing kept, no answer. */
static void reply_again(http_call *call, const http_once *once)
{
    cr_auto(store_answer) kept = NULL;
    cr_status st = store_get_answer(call->store, call->who, once->key, http_act(call).at_ms - KEPT_MS, &kept);
    if (st)
        http_reply_fault(call, st);
    else if (kept && strcmp(kept->request, once->request) != 0)
        http_reply_problem(call, 422, "idempotency-key", "The key is another request's",
                           "this Idempotency-Key was used for something else in the last 24 hours; take a new one");
    else if (kept)
        http_reply_made(call, kept->status, *kept->location ? kept->location : NULL, strdup(kept->body));
}

bool http_once_look(http_call *call, json_t *request, http_once *ret_once)
{
    char *text = request ? json_dumps(request, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    json_decref(request);
    *ret_once = (http_once){0};
    if (!text)
        http_reply_fault(call, CR_E_NOMEM);
    else if (read_key(call, ret_once->key) && *ret_once->key) {
        store_hash(text, strlen(text), ret_once->request);
        reply_again(call, ret_once);
    }
    free(text);
    return !call->response;
}

bool http_once_begin(http_call *call, const http_once *once, const char *date)
{
    bool taken = true;
    store_act act = http_act(call);
    cr_status st = store_begin(call->store);
    if (st) {
        http_reply_fault(call, st);
        return false;
    }
    if (*once->key)
        st = store_take_key(call->store, call->who, once->key, once->request, date, act.at_ms - KEPT_MS, act, &taken);
    if (!st && taken)
        return true;
    if (!st) /* somebody was faster, with the same key */
        reply_again(call, once);
    (void)store_end(call->store, CR_E_INTERNAL);
    if (!call->response)
        http_reply_fault(call, st ? st : CR_E_INTERNAL);
    return false;
}

void http_once_reply(http_call *call, const http_once *once, cr_status st, int status, const char *location,
                     json_t *json)
{
    char *text = st ? NULL : json ? json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(12)) : NULL;
    json_decref(json);
    if (!st && !text)
        st = CR_E_NOMEM;
    const store_answer answer = {.status = status, .location = location ? location : "", .body = text};
    if (!st && *once->key)
        st = store_put_answer(call->store, call->who, once->key, &answer);
    st = store_end(call->store, st);
    if (st) {
        free(text);
        http_reply_fault(call, st);
    } else
        http_reply_made(call, status, location, text);
}
