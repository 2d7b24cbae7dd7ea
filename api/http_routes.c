/* The routes of the service, and finding the one of a call. docs/service.md says what each takes and answers. */
#include "http.h"

#include <stdio.h>
#include <string.h>

/* Who may look at all, who may change what is planned, and who has lists. */
#define LOOKS   (SCOPE_COORDINATOR | SCOPE_VIEWER | SCOPE_ADMIN)
#define PLANS   (SCOPE_COORDINATOR | SCOPE_ADMIN)
#define UPLOADS (SCOPE_COORDINATOR | SCOPE_ADMIN | SCOPE_PROVIDER)

static const http_route routes[] = {
    {"GET", "/healthz", http_health, false, false, SCOPE_ANYBODY, false},
    {"GET", "/readyz", http_ready, false, false, SCOPE_ANYBODY, false},
    {"GET", "/metrics", http_metrics, false, false, LOOKS, false},
    {"GET", "/v1", http_about, false, false, LOOKS | SCOPE_PROVIDER, false},
    {"GET", "/v1/audit", http_list_events, false, false, SCOPE_ADMIN, false},
    {"GET", "/v1/days", http_list_days, false, false, LOOKS, false},
    {"GET", "/v1/days/{date}", http_get_day, true, false, LOOKS, false},
    {"POST", "/v1/days/{date}", http_post_uploads, true, true, UPLOADS, false},
    {"POST", "/v1/days/{date}/check", http_ask_desk, true, true, LOOKS, true},
    {"POST", "/v1/days/{date}/evaluate", http_ask_desk, true, true, LOOKS, true},
    {"POST", "/v1/days/{date}/suggest", http_ask_desk, true, true, LOOKS, true},
    {"POST", "/v1/days/{date}/explain", http_ask_desk, true, true, LOOKS, true},
    {"POST", "/v1/days/{date}/compare", http_ask_desk, true, true, LOOKS, true},
    {"POST", "/v1/days/{date}/report", http_ask_desk, true, true, LOOKS, true},
    {"GET", "/v1/days/{date}/{table}", http_list_uploads, false, false, LOOKS | SCOPE_PROVIDER, false},
    {"PUT", "/v1/days/{date}/{table}", http_put_upload, true, true, UPLOADS, false},
    {"DELETE", "/v1/days/{date}/{table}", http_delete_upload, true, false, UPLOADS, false},
    {"GET", "/v1/uploads/{upload}", http_get_upload, false, false, LOOKS | SCOPE_PROVIDER, false},
    {"GET", "/v1/uploads/{upload}/content", http_get_content, false, false, LOOKS | SCOPE_PROVIDER, false},
    {"POST", "/v1/matrix", http_ask_desk, true, true, LOOKS, true},
    {"POST", "/v1/geocode", http_ask_desk, true, true, LOOKS, true},
    {"POST", "/v1/vroom", http_ask_desk, true, true, PLANS, true},
    {"POST", "/v1/vroom/optimization", http_ask_desk, true, true, PLANS, true},
    {"GET", "/v1/plans", http_list_plans, false, false, LOOKS, false},
    {"POST", "/v1/plans", http_post_plan, true, true, PLANS, false},
    {"GET", "/v1/plans/{plan}", http_get_plan, false, false, LOOKS, false},
    {"DELETE", "/v1/plans/{plan}", http_delete_plan, true, false, PLANS, false},
    {"GET", "/v1/plans/{plan}/result", http_get_result, false, false, LOOKS, false},
    {"GET", "/v1/plans/{plan}/files/{file}", http_get_file, true, false, LOOKS, false},
    {"GET", "/v1/plans/{plan}/events", http_get_events, false, false, LOOKS, false},
    {"POST", "/v1/plans/{plan}/replan", http_replan, true, true, PLANS, false},
    {"POST", "/v1/plans/{plan}/stop", http_stop_plan, true, false, PLANS, false},
    {"POST", "/v1/plans/{plan}/cancel", http_cancel_plan, true, false, PLANS, false},
    {"GET", "/v1/scenarios", http_list_scenarios, false, false, LOOKS, false},
    {"POST", "/v1/scenarios", http_post_scenario, true, true, PLANS, false},
    {"GET", "/v1/scenarios/{scenario}", http_get_scenario, false, false, LOOKS, false},
    {"DELETE", "/v1/scenarios/{scenario}", http_delete_scenario, true, false, PLANS, false},
    {"GET", "/v1/scenarios/{scenario}/files/{file}", http_get_scenario_file, true, false, LOOKS, false},
    {"GET", "/v1/scenarios/{scenario}/events", http_get_scenario_events, false, false, LOOKS, false},
    {"POST", "/v1/scenarios/{scenario}/cancel", http_cancel_scenario, true, false, PLANS, false},
};

#define N_ROUTES ((int32_t)(sizeof routes / sizeof *routes))

/* No name is anything but UTF-8, and a database that is asked for such a one takes it for a fault of its own. */
static bool is_text(const char *part)
{
    json_t *text = json_string(part);
    bool is = text != NULL;
    json_decref(text);
    return is;
}

/* One part of a pattern against one of the path. */
static bool part_fits(const char *pattern, size_t n, const char *part)
{
    return *pattern == '{' ? *part != '\0' && is_text(part) : strlen(part) == n && strncmp(pattern, part, n) == 0;
}

static bool path_fits(const char *pattern, const http_call *call)
{
    int32_t at = 0;
    while (*pattern == '/') {
        size_t n = strcspn(++pattern, "/");
        if (at == call->n_parts || !part_fits(pattern, n, call->part[at++]))
            return false;
        pattern += n;
    }
    return at == call->n_parts;
}

/* The pattern of a call's path, the first that fits: one with names before one with braces. NULL: there is none. */
static const char *pattern_of(const http_call *call)
{
    for (int32_t i = 0; i < N_ROUTES; i++)
        if (path_fits(routes[i].path, call))
            return routes[i].path;
    return NULL;
}

static void refuse(http_call *call, const char *pattern)
{
    char allowed[100] = "";
    for (int32_t i = 0; pattern && i < N_ROUTES; i++)
        if (strcmp(routes[i].path, pattern) == 0) {
            strcat(allowed, *allowed ? ", " : ""); /* four methods at most */
            strcat(allowed, routes[i].method);
        }
    if (!*allowed) {
        http_reply_not_found(call, "route; docs/service.md lists them");
        return;
    }
    http_reply_problem(call, 405, "method", "Method not allowed", "allowed: %s", allowed);
    http_add_header(call, "Allow", allowed);
}

/* HEAD is GET without the body, which the library leaves out. */
const http_route *http_find_route(http_call *call)
{
    const char *method = strcmp(call->method, "HEAD") == 0 ? "GET" : call->method, *pattern = pattern_of(call);
    for (int32_t i = 0; pattern && i < N_ROUTES; i++)
        if (strcmp(routes[i].method, method) == 0 && strcmp(routes[i].path, pattern) == 0)
            return &routes[i];
    refuse(call, pattern);
    return NULL;
}
