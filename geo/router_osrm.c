/* OSRM's table service (HTTP API v1). */
#include "router.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the question ---- */

/* Six decimals, 0.1 m; with a point, whatever the locale. */
static void put_degrees(FILE *out, double deg)
{
    long micro = lround(deg * 1e6), size = labs(micro);
    fprintf(out, "%s%ld.%06ld", micro < 0 ? "-" : "", size / 1000000, size % 1000000);
}

static void put_places(FILE *out, const router_block *b, const int32_t *which, int32_t n, const char *before)
{
    for (int32_t i = 0; i < n; i++) {
        fputs(i ? ";" : before, out);
        put_degrees(out, b->places[which[i]].lon_deg);
        fputc(',', out);
        put_degrees(out, b->places[which[i]].lat_deg);
    }
}

static void put_numbers(FILE *out, int32_t first, int32_t n)
{
    for (int32_t i = 0; i < n; i++)
        fprintf(out, "%s%d", i ? ";" : "", first + i);
}

cr_status osrm_question(const router_block *block, const char *profile, http_question *ret_question)
{
    char *path = NULL, *query = NULL;
    size_t n_path, n_query;
    FILE *out = open_memstream(&path, &n_path);
    if (!out)
        return CR_E_NOMEM;
    fprintf(out, "/table/v1/%s/", profile);
    put_places(out, block, block->from, block->n_from, "");
    put_places(out, block, block->to, block->n_to, ";");
    bool written = fclose(out) == 0;
    out = written ? open_memstream(&query, &n_query) : NULL;
    if (!out) {
        free(path);
        return CR_E_NOMEM;
    }
    fputs("annotations=duration,distance&sources=", out);
    put_numbers(out, 0, block->n_from);
    fputs("&destinations=", out);
    put_numbers(out, block->n_from, block->n_to);
    if (fclose(out)) {
        free(path);
        free(query);
        return CR_E_NOMEM;
    }
    *ret_question = (http_question){path, query, NULL};
    return CR_OK;
}

/* ---- the reply ---- */

static router_verdict refused(const json_t *root, int32_t status, char *message, size_t size)
{
    const char *code = json_string_value(json_object_get(root, "code"));
    const char *text = json_string_value(json_object_get(root, "message"));
    char shown[40], said[120];
    code = code ? code : "";
    if (strcmp(code, "TooBig") == 0 || strcmp(code, "TooManyCoordinates") == 0)
        return ROUTER_TOO_MUCH;
    if (strcmp(code, "NoSegment") == 0)
        return ROUTER_PLACE_OFF;
    snprintf(message, size, "refuses (status %d) with '%s'%s%s", status, http_printable(code, shown, sizeof shown),
             text ? ": " : "", http_printable(text ? text : "", said, sizeof said));
    return ROUTER_REFUSED;
}

/* One row of durations and distances. */
static bool read_row(const json_t *times, const json_t *lengths, int32_t row, router_block *b, char *message,
                     size_t size)
{
    if (json_array_size(times) != (size_t)b->n_to || json_array_size(lengths) != (size_t)b->n_to) {
        snprintf(message, size, "row %d of its table has %zu durations and %zu distances, not %d", row,
                 json_array_size(times), json_array_size(lengths), b->n_to);
        return false;
    }
    for (int32_t i = 0; i < b->n_to; i++) {
        int32_t time_s, dist_m;
        if (!router_seconds(json_array_get(times, (size_t)i), &time_s) ||
            !router_metres(json_array_get(lengths, (size_t)i), 1, &dist_m)) {
            snprintf(message, size, "row %d, column %d of its table is no time and length", row, i);
            return false;
        }
        router_put(b, (size_t)row * (size_t)b->n_to + (size_t)i, time_s, dist_m);
    }
    return true;
}

static void read_snaps(const json_t *sources, router_block *b)
{
    for (int32_t i = 0; i < b->n_from; i++) {
        const json_t *distance = json_object_get(json_array_get(sources, (size_t)i), "distance");
        double snap_m = json_is_number(distance) ? json_number_value(distance) : -1;
        b->snap_m[i] = snap_m >= 0 ? snap_m : -1;
    }
}

static router_verdict read_table(const json_t *root, int32_t status, router_block *b, char *message, size_t size)
{
    const char *code = json_string_value(json_object_get(root, "code"));
    if (code && strcmp(code, "NoTable") == 0) { /* there is no way between any of them */
        for (size_t i = 0; i < (size_t)b->n_from * (size_t)b->n_to; i++)
            router_put(b, i, CR_NO_WAY, CR_NO_WAY);
        return ROUTER_ANSWERED;
    }
    if (status >= 300 || !code || strcmp(code, "Ok") != 0)
        return refused(root, status, message, size);
    const json_t *times = json_object_get(root, "durations"), *lengths = json_object_get(root, "distances");
    if (json_array_size(times) != (size_t)b->n_from || json_array_size(lengths) != (size_t)b->n_from) {
        snprintf(message, size, "its table has %zu rows of durations and %zu of distances, not %d",
                 json_array_size(times), json_array_size(lengths), b->n_from);
        return ROUTER_REFUSED;
    }
    for (int32_t i = 0; i < b->n_from; i++)
        if (!read_row(json_array_get(times, (size_t)i), json_array_get(lengths, (size_t)i), i, b, message, size))
            return ROUTER_REFUSED;
    read_snaps(json_object_get(root, "sources"), b);
    return ROUTER_ANSWERED;
}

router_verdict osrm_read(const http_reply *reply, router_block *block, char *message, size_t size)
{
    if (reply->status == 413 || reply->status == 414)
        return ROUTER_TOO_MUCH;
    json_t *root = router_json(reply, message, size);
    if (!root)
        return ROUTER_REFUSED;
    router_verdict verdict = read_table(root, reply->status, block, message, size);
    json_decref(root);
    return verdict;
}
