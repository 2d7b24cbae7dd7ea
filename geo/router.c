/* Tables of an outside router: blocks that it accepts, put together.
 *
 * One failed block is not a few minutes' error somewhere: a pair without an answer keeps CR_NO_WAY, and whoever asked
 * decides what becomes of it. A router that answers nothing at all because of one place (it stands in the sea) is asked
 * for each place alone, once, and then without those.
 */
#include "router.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_FAILURES 3 /* in a row, with keep_going */

struct cr_router {
    cr_router_kind kind;
    http_client *client;
    char *name;
    int32_t most_side; /* larger blocks it has found too much */
};

static const struct {
    const char *name, *shown, *modes[3]; /* what it calls car, bicycle, foot */
    cr_status (*question)(const router_block *block, const char *profile, http_question *ret_question);
    router_verdict (*read)(const http_reply *reply, router_block *block, char *message, size_t size);
} kinds[CR_ROUTER_KINDS] = {
    {"osrm", "OSRM", {"driving", "cycling", "walking"}, osrm_question, osrm_read},
    {"valhalla", "Valhalla", {"auto", "bicycle", "pedestrian"}, valhalla_question, valhalla_read},
};

const char *cr_router_kind_name(int32_t kind)
{
    return kinds[kind].name;
}

int32_t cr_router_kind_find(const char *name)
{
    for (int32_t k = 0; k < CR_ROUTER_KINDS; k++)
        if (strcmp(kinds[k].name, name) == 0)
            return k;
    return CR_NONE;
}

const char *cr_router_profile(int32_t kind, const char *mode)
{
    static const char *const modes[] = {"car", "bicycle", "foot"};
    for (int i = 0; i < 3; i++)
        if (strcmp(modes[i], mode) == 0)
            return kinds[kind].modes[i];
    return NULL;
}

cr_router *cr_router_free(cr_router *router)
{
    if (router) {
        http_client_free(router->client);
        free(router->name);
        free(router);
    }
    return NULL;
}

cr_status cr_router_new(cr_router_kind kind, const char *url, const cr_service_options *options, cr_router **ret_router,
                        char *message, size_t size)
{
    cr_auto(cr_router) router = calloc(1, sizeof *router);
    if (!router)
        return CR_E_NOMEM;
    router->kind = kind;
    router->most_side = ROUTER_MOST_SIDE;
    cr_status st = http_client_new(url, options, &router->client, message, size);
    if (st)
        return st;
    if (asprintf(&router->name, "%s at %s", kinds[kind].shown, http_client_name(router->client)) < 0) {
        router->name = NULL;
        return CR_E_NOMEM;
    }
    *ret_router = cr_router_take(&router);
    return CR_OK;
}

const char *cr_router_name(const cr_router *router)
{
    return router->name;
}

/* ---- reading ---- */

json_t *router_json(const http_reply *reply, char *message, size_t size)
{
    json_error_t error;
    json_t *root = json_loadb(reply->body, reply->n, 0, &error);
    if (json_is_object(root))
        return root;
    char begins[40];
    json_decref(root);
    snprintf(message, size, "the reply (status %d) is not the JSON it should be; it begins '%s'", reply->status,
             http_printable(reply->body, begins, sizeof begins));
    return NULL;
}

static bool number(const json_t *value, double most, double *ret_number)
{
    if (!json_is_number(value))
        return false;
    *ret_number = json_number_value(value);
    return *ret_number >= 0 && *ret_number <= most; /* no NaN either */
}

bool router_seconds(const json_t *value, int32_t *ret_s)
{
    double seconds = 0;
    if (json_is_null(value)) {
        *ret_s = CR_NO_WAY;
        return true;
    }
    if (!number(value, CR_NO_WAY - 1, &seconds))
        return false;
    *ret_s = (int32_t)ceil(seconds);
    return true;
}

bool router_metres(const json_t *value, double metres_per_unit, int32_t *ret_m)
{
    double units = 0;
    if (json_is_null(value)) {
        *ret_m = CR_NO_WAY;
        return true;
    }
    if (!number(value, (CR_NO_WAY - 1) / metres_per_unit, &units))
        return false;
    *ret_m = (int32_t)lround(units * metres_per_unit);
    return true;
}

void router_put(router_block *block, size_t cell, int32_t time_s, int32_t dist_m)
{
    bool is_whole = time_s != CR_NO_WAY && dist_m != CR_NO_WAY;
    block->time_s[cell] = is_whole ? time_s : CR_NO_WAY;
    block->dist_m[cell] = is_whole ? dist_m : CR_NO_WAY;
}

/* ---- the table ---- */

typedef struct tabling {
    cr_router *router;
    const char *profile;
    const cr_place *places;
    int32_t n_places;
    bool keep_going;
    cr_router_answer *answer;
    char *message;
    size_t size;
    bool *is_off, *is_tried; /* by place */
    int32_t n_failures;      /* in a row */
    int32_t cells_s[ROUTER_MOST_SIDE * ROUTER_MOST_SIDE], cells_m[ROUTER_MOST_SIDE * ROUTER_MOST_SIDE];
    double snaps_m[ROUTER_MOST_SIDE];
} tabling;

static router_verdict ask(tabling *t, router_block *b, char *message, size_t size)
{
    http_question question;
    http_reply reply;
    char said[400] = "";
    if (kinds[t->router->kind].question(b, t->profile, &question))
        return ROUTER_NO_MEMORY;
    t->answer->n_requests++;
    cr_status st = http_ask(t->router->client, &question, &reply, message, size);
    free((char *)question.path);
    free((char *)question.query);
    free((char *)question.json);
    if (st)
        return st == CR_E_NOMEM ? ROUTER_NO_MEMORY : ROUTER_REFUSED;
    router_verdict verdict = kinds[t->router->kind].read(&reply, b, said, sizeof said);
    if (verdict == ROUTER_REFUSED)
        snprintf(message, size, "%s: %s", http_client_name(t->router->client), said);
    return verdict;
}

static void keep(tabling *t, const router_block *b)
{
    size_t n = (size_t)t->n_places;
    for (int32_t i = 0; i < b->n_from; i++)
        for (int32_t k = 0; k < b->n_to; k++) {
            size_t to = (size_t)b->from[i] * n + (size_t)b->to[k], from = (size_t)i * (size_t)b->n_to + (size_t)k;
            t->answer->time_s[to] = b->time_s[from];
            t->answer->dist_m[to] = b->dist_m[from];
        }
    for (int32_t i = 0; i < b->n_from && t->answer->snap_m; i++)
        t->answer->snap_m[b->from[i]] = b->snap_m[i];
}

static cr_status failed(tabling *t, const router_block *b, const char *message)
{
    if (!*t->message)
        snprintf(t->message, t->size, "%s", message);
    t->answer->n_failed += (int64_t)b->n_from * b->n_to;
    t->n_failures++;
    return t->keep_going ? CR_OK : CR_E_UPSTREAM;
}

static cr_status refused(tabling *t, const router_block *b, const char *what)
{
    char message[400];
    snprintf(message, sizeof message, "%s: %s", http_client_name(t->router->client), what);
    return failed(t, b, message);
}

/* Is a place at a road? Asked for alone, from itself to itself. */
static cr_status try_place(tabling *t, int32_t place)
{
    char message[400] = "";
    if (t->is_tried[place])
        return CR_OK;
    router_block alone = {t->places, &place, &place, 1, 1, t->cells_s, t->cells_m, t->snaps_m};
    router_verdict verdict = ask(t, &alone, message, sizeof message);
    if (verdict == ROUTER_NO_MEMORY)
        return CR_E_NOMEM;
    t->is_tried[place] = true;
    t->is_off[place] = verdict == ROUTER_PLACE_OFF;
    return verdict == ROUTER_REFUSED ? failed(t, &alone, message) : CR_OK;
}

static int32_t without_those_off(const tabling *t, const int32_t *which, int32_t n, int32_t *ret_kept)
{
    int32_t n_kept = 0;
    for (int32_t i = 0; i < n; i++)
        if (!t->is_off[which[i]])
            ret_kept[n_kept++] = which[i];
    return n_kept;
}

static cr_status fill_block(tabling *t, const int32_t *from, int32_t n_from, const int32_t *to, int32_t n_to);

/* Two halves, along the longer side. */
static cr_status fill_halves(tabling *t, const router_block *b)
{
    bool by_row = b->n_from >= b->n_to;
    int32_t half = (by_row ? b->n_from : b->n_to) / 2;
    cr_status st =
        by_row ? fill_block(t, b->from, half, b->to, b->n_to) : fill_block(t, b->from, b->n_from, b->to, half);
    if (st)
        return st;
    return by_row ? fill_block(t, b->from + half, b->n_from - half, b->to, b->n_to)
                  : fill_block(t, b->from, b->n_from, b->to + half, b->n_to - half);
}

/* Each place of the block alone, then the block without those at no road. */
static cr_status fill_without_those_off(tabling *t, const router_block *b)
{
    cr_status st = CR_OK;
    for (int32_t i = 0; !st && i < b->n_from; i++)
        st = try_place(t, b->from[i]);
    for (int32_t i = 0; !st && i < b->n_to; i++)
        st = try_place(t, b->to[i]);
    return st ? st : fill_block(t, b->from, b->n_from, b->to, b->n_to);
}

static bool all_tried(const tabling *t, const router_block *b)
{
    bool all = true;
    for (int32_t i = 0; i < b->n_from; i++)
        all = all && t->is_tried[b->from[i]];
    for (int32_t i = 0; i < b->n_to; i++)
        all = all && t->is_tried[b->to[i]];
    return all;
}

static cr_status fill_block(tabling *t, const int32_t *from, int32_t n_from, const int32_t *to, int32_t n_to)
{
    int32_t kept_from[ROUTER_MOST_SIDE], kept_to[ROUTER_MOST_SIDE];
    char message[400] = "";
    router_block b = {.places = t->places, .from = kept_from, .to = kept_to};
    b.n_from = without_those_off(t, from, n_from, kept_from);
    b.n_to = without_those_off(t, to, n_to, kept_to);
    b.time_s = t->cells_s;
    b.dist_m = t->cells_m;
    b.snap_m = t->snaps_m;
    if (b.n_from == 0 || b.n_to == 0)
        return CR_OK;
    if (b.n_from > t->router->most_side || b.n_to > t->router->most_side)
        return fill_halves(t, &b);
    if (t->n_failures >= MOST_FAILURES) {
        t->answer->n_failed += (int64_t)b.n_from * b.n_to;
        return CR_OK;
    }
    switch (ask(t, &b, message, sizeof message)) {
    case ROUTER_ANSWERED:
        t->n_failures = 0;
        keep(t, &b);
        return CR_OK;
    case ROUTER_TOO_MUCH:
        if (b.n_from == 1 && b.n_to == 1)
            return refused(t, &b, "finds a single pair too much");
        t->router->most_side = (b.n_from > b.n_to ? b.n_from : b.n_to) / 2;
        return fill_halves(t, &b);
    case ROUTER_TOO_FAR:
        return fill_halves(t, &b);
    case ROUTER_PLACE_OFF:
        if (all_tried(t, &b))
            return refused(t, &b, "finds each place at a road, and not all of them together");
        return fill_without_those_off(t, &b);
    case ROUTER_NO_MEMORY:
        return CR_E_NOMEM;
    default:
        return failed(t, &b, message);
    }
}

static cr_status fill_all(tabling *t, const int32_t *known, int32_t n_known)
{
    cr_status st = CR_OK;
    for (int32_t i = 0; !st && i < n_known; i += ROUTER_MOST_SIDE)
        for (int32_t k = 0; !st && k < n_known; k += ROUTER_MOST_SIDE) {
            int32_t n_from = n_known - i < ROUTER_MOST_SIDE ? n_known - i : ROUTER_MOST_SIDE;
            int32_t n_to = n_known - k < ROUTER_MOST_SIDE ? n_known - k : ROUTER_MOST_SIDE;
            st = fill_block(t, known + i, n_from, known + k, n_to);
        }
    return st;
}

static void begin(tabling *t, int32_t *known, int32_t *ret_n_known)
{
    cr_router_answer *a = t->answer;
    size_t n = (size_t)t->n_places;
    a->n_requests = a->n_failed = 0;
    *t->message = '\0';
    *ret_n_known = 0;
    for (size_t i = 0; i < n * n; i++)
        a->time_s[i] = a->dist_m[i] = CR_NO_WAY;
    for (int32_t i = 0; i < t->n_places; i++) {
        if (a->snap_m)
            a->snap_m[i] = -1;
        if (t->places[i].quality != CR_PLACE_NONE)
            known[(*ret_n_known)++] = i;
    }
}

cr_status cr_router_table(cr_router *router, const char *profile, const cr_place *places, int32_t n_places,
                          bool keep_going, cr_router_answer *answer, char *message, size_t size)
{
    int32_t n_known;
    int32_t *known = malloc(((size_t)n_places + 1) * sizeof *known);
    tabling *t = calloc(1, sizeof *t);
    bool *marks = calloc(2 * (size_t)n_places + 1, sizeof *marks);
    cr_status st = known && t && marks ? CR_OK : CR_E_NOMEM;
    if (!st) {
        *t = (tabling){.router = router,
                       .profile = profile,
                       .places = places,
                       .n_places = n_places,
                       .keep_going = keep_going,
                       .answer = answer,
                       .message = message,
                       .size = size,
                       .is_off = marks,
                       .is_tried = marks + n_places};
        begin(t, known, &n_known);
        st = n_known > 1 ? fill_all(t, known, n_known) : CR_OK;
        for (size_t i = 0; i < (size_t)n_places; i++)
            answer->time_s[i * (size_t)n_places + i] = answer->dist_m[i * (size_t)n_places + i] = 0;
    }
    free(known);
    free(t);
    free(marks);
    return st;
}
