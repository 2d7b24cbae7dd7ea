/* Who asks, and whether she may.
 *
 * Until the first token is made, whoever reaches the service may do everything, and only this machine reaches it; web
 * pages, which a browser on this machine would let through, are refused. From the first token on, revoked or not, every
 * request needs one, but for the two that say whether the service lives.
 */
#include "http.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define BEARER "Bearer "

const char *const http_scope_name[] = {"coordinator", "provider", "viewer", "admin", NULL};

http_scope http_scope_of(const char *name)
{
    for (int32_t i = 0; http_scope_name[i]; i++)
        if (strcmp(http_scope_name[i], name) == 0)
            return (http_scope)(1 << i);
    return SCOPE_NOBODY;
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

store_act http_act(const http_call *call)
{
    return (store_act){call->who, now_ms()};
}

/* ---- without tokens ---- */

/* Meant for this machine, and sent by no web page? */
static bool is_for_us(const http_call *call)
{
    static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};
    const char *host = http_header(call, "Host");
    for (size_t i = 0; host && i < sizeof names / sizeof *names; i++) {
        size_t n = strlen(names[i]);
        if (strncmp(host, names[i], n) == 0 && (host[n] == '\0' || host[n] == ':'))
            return http_header(call, "Origin") == NULL;
    }
    return host == NULL; /* HTTP/1.0: no browser */
}

static void let_in_from_here(http_call *call)
{
    if (!is_for_us(call)) {
        http_reply_problem(call, 403, "origin", "Not for other sites",
                           "without tokens, the service answers to localhost and 127.0.0.1 only, and to no web page");
        return;
    }
    call->scope = SCOPE_ADMIN;
    snprintf(call->who, sizeof call->who, "local");
}

/* ---- with tokens ---- */

static void ask_for_token(http_call *call, const char *detail)
{
    http_reply_problem(call, 401, "token", "A token is needed", "%s", detail);
    http_add_header(call, "WWW-Authenticate", "Bearer realm=\"careround\"");
}

static void let_in_with(http_call *call, const store_token *token)
{
    call->scope = http_scope_of(token->scope);
    snprintf(call->provider, sizeof call->provider, "%s", token->provider);
    snprintf(call->token_id, sizeof call->token_id, "%s", token->token_id);
    snprintf(call->who, sizeof call->who, "%s%s%s %s (%s)", token->scope, *token->provider ? ":" : "", token->provider,
             token->token_id, token->name);
    if (!(call->route->may & call->scope))
        http_reply_problem(call, 403, "scope", "Not for this token", "%s",
                           "the scope of the token does not cover this");
}

static void look_at_token(http_call *call)
{
    const char *header = http_header(call, "Authorization");
    cr_auto(store_tokens) token = NULL;
    if (!header || strncasecmp(header, BEARER, strlen(BEARER)) != 0) {
        ask_for_token(call, "send it as 'Authorization: Bearer cr_...'; 'careround token add' makes one");
        return;
    }
    cr_status st = store_find_token(call->store, header + strlen(BEARER), now_ms(), &token);
    if (st)
        http_reply_fault(call, st);
    else if (!token)
        ask_for_token(call, "this one is not known, has expired, or has been revoked");
    else
        let_in_with(call, &token->items[0]);
}

void http_let_in(http_call *call)
{
    bool any;
    if (call->route->may == SCOPE_ANYBODY)
        return;
    call->store = http_take_store(call->server);
    cr_status st = call->store ? store_has_tokens(call->store, &any) : CR_E_UPSTREAM;
    if (st)
        http_reply_fault(call, st);
    else if (any)
        look_at_token(call);
    else
        let_in_from_here(call);
    if (call->store)
        http_give_store(call->server, call->store);
    call->store = NULL;
}
