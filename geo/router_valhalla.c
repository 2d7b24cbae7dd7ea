/* Valhalla's sources_to_targets service. */
#include "router.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define METRES_PER_KILOMETRE 1000

/* Its error codes that are no fault of the question as a whole. */
enum {
    TOO_MANY_LOCATIONS = 150,
    TOO_FAR_APART = 154, /* one pair of the block is */
    UNCONNECTED = 170,   /* likewise: the others may well be connected */
    NO_EDGE_NEAR = 171,
    NO_PATH = 442,
};

/* ---- the question ---- */

static json_t *places_json(const router_block *b, const int32_t *which, int32_t n)
{
    json_t *list = json_array();
    for (int32_t i = 0; i < n; i++) {
        const cr_place *p = &b->places[which[i]];
        if (json_array_append_new(list, json_pack("{s:f, s:f}", "lat", p->lat_deg, "lon", p->lon_deg))) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

cr_status valhalla_question(const router_block *block, const char *costing, http_question *ret_question)
{
    json_t *from = places_json(block, block->from, block->n_from), *to = places_json(block, block->to, block->n_to);
    json_t *all =
        json_pack("{s:o, s:o, s:s, s:s}", "sources", from, "targets", to, "costing", costing, "units", "kilometers");
    char *text = json_dumps(all, JSON_COMPACT | JSON_REAL_PRECISION(9));
    json_decref(all);
    char *path = text ? strdup("/sources_to_targets") : NULL;
    if (!path) {
        free(text);
        return CR_E_NOMEM;
    }
    *ret_question = (http_question){path, NULL, text};
    return CR_OK;
}

/* ---- the reply ---- */

static void no_way_at_all(router_block *b)
{
    for (size_t i = 0; i < (size_t)b->n_from * (size_t)b->n_to; i++)
        router_put(b, i, CR_NO_WAY, CR_NO_WAY);
}

static router_verdict refused(const json_t *root, int32_t status, router_block *b, char *message, size_t size)
{
    const char *text = json_string_value(json_object_get(root, "error"));
    json_int_t code = json_integer_value(json_object_get(root, "error_code"));
    char said[120];
    switch (code) {
    case TOO_MANY_LOCATIONS:
        return ROUTER_TOO_MUCH;
    case TOO_FAR_APART:
    case UNCONNECTED:
    case NO_PATH:
        if (b->n_from > 1 || b->n_to > 1)
            return ROUTER_TOO_FAR;
        no_way_at_all(b);
        return ROUTER_ANSWERED;
    case NO_EDGE_NEAR:
        return ROUTER_PLACE_OFF;
    default:
        snprintf(message, size, "refuses (status %d) with error %lld%s%s", status, (long long)code, text ? ": " : "",
                 http_printable(text ? text : "", said, sizeof said));
        return ROUTER_REFUSED;
    }
}

static bool read_cell(const json_t *cell, router_block *b, int32_t row, int32_t column)
{
    int32_t time_s, dist_m;
    const json_t *from = json_object_get(cell, "from_index"), *to = json_object_get(cell, "to_index");
    if ((from && json_integer_value(from) != row) || (to && json_integer_value(to) != column))
        return false;
    if (!router_seconds(json_object_get(cell, "time"), &time_s) ||
        !router_metres(json_object_get(cell, "distance"), METRES_PER_KILOMETRE, &dist_m))
        return false;
    router_put(b, (size_t)row * (size_t)b->n_to + (size_t)column, time_s, dist_m);
    return true;
}

static router_verdict read_table(const json_t *root, router_block *b, char *message, size_t size)
{
    const json_t *rows = json_object_get(root, "sources_to_targets");
    const char *units = json_string_value(json_object_get(root, "units"));
    if (!units || strcmp(units, "kilometers") != 0) {
        snprintf(message, size, "its table is not in kilometers, as it was asked for");
        return ROUTER_REFUSED;
    }
    if (json_array_size(rows) != (size_t)b->n_from) {
        snprintf(message, size, "its table has %zu rows, not %d", json_array_size(rows), b->n_from);
        return ROUTER_REFUSED;
    }
    for (int32_t i = 0; i < b->n_from; i++) {
        const json_t *row = json_array_get(rows, (size_t)i);
        if (json_array_size(row) != (size_t)b->n_to) {
            snprintf(message, size, "row %d of its table has %zu cells, not %d", i, json_array_size(row), b->n_to);
            return ROUTER_REFUSED;
        }
        for (int32_t k = 0; k < b->n_to; k++)
            if (!read_cell(json_array_get(row, (size_t)k), b, i, k)) {
                snprintf(message, size, "row %d, column %d of its table is no time and length of that pair", i, k);
                return ROUTER_REFUSED;
            }
    }
    for (int32_t i = 0; i < b->n_from; i++)
        b->snap_m[i] = -1; /* it does not say */
    return ROUTER_ANSWERED;
}

router_verdict valhalla_read(const http_reply *reply, router_block *block, char *message, size_t size)
{
    if (reply->status == 413)
        return ROUTER_TOO_MUCH;
    json_t *root = router_json(reply, message, size);
    if (!root)
        return ROUTER_REFUSED;
    router_verdict verdict = reply->status >= 300 || json_object_get(root, "error_code")
                                 ? refused(root, reply->status, block, message, size)
                                 : read_table(root, block, message, size);
    json_decref(root);
    return verdict;
}
