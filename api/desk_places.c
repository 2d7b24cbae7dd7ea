/* Questions that need no day: travel by road between points, places of addresses, and VROOM's problems. */
#include "desk_call.h"

#include "cmd.h"
#include "geocode_list.h"
#include "points_matrix.h"
#include "text_file.h"
#include "vroom.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define POINTS_MOST  2000
#define PLACES_MOST  5000
#define POINTS_FILE  "points"
#define VROOM_MOST_S 20 /* of search: who asks waits for the answer */

/* The body as text. False: the answer is set. */
static bool take_text(desk_call *call, text_file *ret_file)
{
    char message[300] = "";
    cr_status st =
        text_file_decode(call->question->text, call->question->head.n_text, ret_file, message, sizeof message);
    if (st == CR_E_INPUT)
        desk_problem(call, 422, "input", "The input has errors", "%s", message);
    else if (st)
        desk_reply_fault(call, st);
    return !st;
}

/* ---- matrix ---- */

/* The service's roads, kept open from question to question. NULL: the answer is set. */
static const cr_roads *open_roads(desk_call *call)
{
    static cr_roads *roads;
    const char *path = call->day->read.roads_path;
    char message[300] = "";
    if (!path) {
        desk_problem(call, 409, "roads", "There are no roads", "the service was started without --roads");
        return NULL;
    }
    cr_status st = roads ? CR_OK : cr_roads_open(path, &roads, message, sizeof message);
    if (st == CR_E_INPUT)
        desk_problem(call, 409, "roads", "The roads cannot be used", "%s", message);
    else if (st)
        desk_reply_fault(call, st);
    return roads;
}

/* False: the answer is set. */
static bool take_mode(desk_call *call, const cr_roads *roads, points_request *request)
{
    const char *mode = desk_word(call->question, "mode", 0), *period = desk_word(call->question, "period", 0);
    request->mode = cr_road_mode_find(mode ? mode : "car");
    if (request->mode == CR_NONE || !cr_roads_has_mode(roads, request->mode)) {
        desk_problem(call, 422, "query", "The query has errors",
                     "mode must be car, bicycle or foot, and one that the "
                     "roads have");
        return false;
    }
    request->period = period ? cr_roads_find_period(roads, request->mode, period) : CR_NONE;
    if (period && request->period == CR_NONE)
        desk_problem(call, 422, "query", "The query has errors", "the roads have no such period for this mode");
    return !desk_is_answered(call);
}

static void put_table(FILE *out, const char *name, const int32_t *cells, int32_t n)
{
    fprintf(out, ", \"%s\": [", name);
    for (int32_t i = 0; i < n; i++) {
        fputs(i ? ", [" : "[", out);
        for (int32_t j = 0; j < n; j++)
            fprintf(out, "%s%d", j ? "," : "", cells[(size_t)i * (size_t)n + (size_t)j]);
        fputc(']', out);
    }
    fputc(']', out);
}

/* Written by hand: a JSON value of millions of numbers would take the memory of hundreds of millions of bytes. */
static void reply_matrix(desk_call *call, const points_request *request, const points_matrix *m)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out) {
        desk_reply_fault(call, CR_E_NOMEM);
        return;
    }
    fprintf(out, "{\"n\": %d, \"mode\": \"%s\", \"unreachable\": %lld", m->n, cr_road_mode_name(request->mode),
            (long long)m->n_unreachable);
    put_table(out, "time_s", m->time_s, m->n);
    put_table(out, "distance_m", m->dist_m, m->n);
    fputs("}", out);
    if (fclose(out)) {
        free(text);
        desk_reply_fault(call, CR_E_NOMEM);
    } else {
        desk_reply_text(call, DESK_JSON, text, size);
    }
}

static void make_matrix(desk_call *call, const cr_roads *roads, const point_list *points)
{
    points_request request = {.n_threads = 1, .n_repeats = 1};
    points_matrix m = {0};
    if (points->n > POINTS_MOST) {
        desk_problem(call, 422, "input", "The input has errors", "%d points; at most %d at once", points->n,
                     POINTS_MOST);
        return;
    }
    if (!take_mode(call, roads, &request))
        return;
    cr_status st = points_matrix_make(&request, roads, points, &m);
    if (st)
        desk_reply_fault(call, st);
    else
        reply_matrix(call, &request, &m);
    points_matrix_done(&m);
}

static void refuse_points(desk_call *call, findings_book **book)
{
    cr_auto(day_findings) findings = NULL;
    if (findings_publish(book, &findings))
        desk_reply_fault(call, CR_E_NOMEM);
    else
        desk_reply_findings(call, "the points cannot be read", findings);
}

void desk_matrix(desk_call *call)
{
    const cr_roads *roads = open_roads(call);
    text_file file = {0};
    point_list points = {NULL, 0};
    findings_book *book = NULL;
    if (!roads || !take_text(call, &file))
        return;
    cr_status st = findings_new(&book);
    if (!st)
        st = points_read(file.text, file.size, POINTS_FILE, book, &points);
    if (st)
        desk_reply_fault(call, st);
    else if (findings_n_errors(book))
        refuse_points(call, &book);
    else
        make_matrix(call, roads, &points);
    findings_free(book);
    points_done(&points);
    text_file_done(&file);
}

/* ---- geocode ---- */

void desk_geocode(desk_call *call)
{
    cr_auto(day_findings) findings = NULL;
    text_file file = {0};
    json_t *places = NULL;
    if (!take_text(call, &file))
        return;
    cr_status st = geocode_list("places", file.text, file.size, PLACES_MOST, &call->day->read, &places, &findings);
    text_file_done(&file);
    if (st == CR_E_INPUT || (st == CR_E_UPSTREAM && findings)) {
        desk_reply_findings(call, "the places cannot be looked up", findings);
        json_decref(places);
        return;
    }
    json_t *json = st ? NULL : cmd_findings_json(findings);
    if (!json || json_object_set(json, "places", places)) {
        json_decref(json);
        json = NULL;
    }
    json_decref(places);
    if (st)
        desk_reply_fault(call, st);
    else
        desk_reply_json(call, json);
}

/* ---- VROOM ---- */

/* The answer is VROOM's also where something is wrong, as its clients know it, with the status that its server gives.
 */
void desk_vroom(desk_call *call)
{
    text_file file = {0};
    json_t *said = NULL;
    const vroom_request request = {
        .travel = {call->day->read.roads_path, day_defaults_path(&call->day->read)},
        .time_s = -1,
        .iterations = -1,
        .most_time_s = VROOM_MOST_S,
        .seed = 1,
        .n_threads = 1,
        .clock_s = cmd_clock_s,
        .should_stop = cmd_should_stop,
    };
    if (!take_text(call, &file))
        return;
    cr_status st = vroom_solve(&request, file.text, file.size, &said);
    text_file_done(&file);
    bool is_theirs = json_integer_value(json_object_get(said, "code")) == 2;
    desk_reply_json_as(call, !st ? 200 : is_theirs ? 400 : 500, said);
}
