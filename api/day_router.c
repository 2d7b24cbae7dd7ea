/* Outside routers for a day.
 *
 * A pair without an answer is an error unless the user has said that an estimate will do: a service that is half down
 * must not look like a day with long ways.
 */
#include "day_router.h"

#include "careround/matrix.h"

#include <stdlib.h>
#include <string.h>

#define NAMED_MOST 5 /* pairs and places named one by one; the rest are counted */

void day_router_init(day_router *d, day_reading *r, int32_t n_places)
{
    *d = (day_router){.r = r, .n_places = n_places, .names = ""};
}

bool day_router_serves(const day_router *d, const char *mode_name)
{
    const char *profile;
    return services_router_for(&d->r->options->services, cr_road_mode_find(mode_name), &profile) != NULL;
}

/* What one table left open, and what to say of it. */
typedef struct open_ways {
    int64_t n, n_asked;
    int32_t n_cut_off, n_far; /* places: no answer at all, from and to anywhere; far from a road */
    int32_t n_pairs_named;
    const char *cut_off, *far, *pairs;
} open_ways;

static bool is_open(const day_router *d, const cr_router_answer *a, int32_t i, int32_t j)
{
    return a->time_s[(size_t)i * (size_t)d->n_places + (size_t)j] == CR_NO_WAY;
}

static const char *and_who(const day_router *d, const char *names, int32_t place)
{
    return arena_print(d->r->strings, "%s%s%s", names, *names ? ", " : "", who_is_at(d->r, place));
}

static bool is_cut_off(const day_router *d, const cr_router_answer *a, int32_t i)
{
    bool cut_off = d->n_places > 1;
    for (int32_t j = 0; j < d->n_places && cut_off; j++)
        cut_off = j == i || (is_open(d, a, i, j) && is_open(d, a, j, i));
    return cut_off;
}

static void note_place(const day_router *d, const cr_router_answer *a, int32_t i, bool *ret_cut_off, open_ways *open)
{
    *ret_cut_off = is_cut_off(d, a, i);
    if (*ret_cut_off && open->n_cut_off++ < NAMED_MOST)
        open->cut_off = and_who(d, open->cut_off, i);
    if (a->snap_m[i] > d->r->settings.odd_road_m && open->n_far++ < NAMED_MOST)
        open->far = and_who(d, open->far, i);
}

static void note_pair(const day_router *d, int32_t i, int32_t j, open_ways *open)
{
    if (open->n_pairs_named++ < NAMED_MOST)
        open->pairs = arena_print(d->r->strings, "%s%sfrom %s to %s", open->pairs, *open->pairs ? ", " : "",
                                  who_is_at(d->r, i), who_is_at(d->r, j));
}

/* Answers into the matrix; what is open is counted, and named: a place cut off once, not with each other place. */
static void lay(const day_router *d, const cr_router_answer *a, const cr_place *places, bool *is_off, cr_matrix *matrix,
                open_ways *open)
{
    for (int32_t i = 0; i < d->n_places; i++)
        if (places[i].quality != CR_PLACE_NONE)
            note_place(d, a, i, &is_off[i], open);
    for (int32_t i = 0; i < d->n_places; i++)
        for (int32_t j = 0; j < d->n_places; j++) {
            if (j == i || places[i].quality == CR_PLACE_NONE || places[j].quality == CR_PLACE_NONE)
                continue;
            size_t cell = (size_t)i * (size_t)d->n_places + (size_t)j;
            open->n_asked++;
            open->n += is_open(d, a, i, j);
            if (!is_open(d, a, i, j))
                cr_matrix_set(matrix, i, j, a->time_s[cell], a->dist_m[cell]);
            else if (!is_off[i] && !is_off[j])
                note_pair(d, i, j, open);
        }
}

/* CR_E_UPSTREAM if something is open that must not be. */
static cr_status say(day_router *d, const finding_at at, const open_ways *open, const char *failure)
{
    day_reading *r = d->r;
    if (open->n_far > 0)
        findings_warning(r->findings, at, "%d place%s more than %.0f m from any road it can use: %s%s", open->n_far,
                         open->n_far == 1 ? "" : "s", r->settings.odd_road_m, open->far,
                         open->n_far > NAMED_MOST ? " ..." : "");
    if (open->n == 0)
        return CR_OK;
    const char *text =
        arena_print(r->strings, "%lld way%s without an answer", (long long)open->n, open->n == 1 ? "" : "s");
    if (open->n_cut_off > 0)
        text = arena_print(r->strings, "%s; none at all from or to %s%s", text, open->cut_off,
                           open->n_cut_off > NAMED_MOST ? " ..." : "");
    if (open->n_pairs_named > 0)
        text = arena_print(r->strings, "%s; %s%s", text, open->pairs, open->n_pairs_named > NAMED_MOST ? " ..." : "");
    if (*failure)
        text = arena_print(r->strings, "%s; %s", text, failure);
    d->n_estimated += open->n;
    if (r->options->services.estimates) {
        findings_warning(r->findings, at, "%s; straight lines are taken there", text);
        return CR_OK;
    }
    findings_error(r->findings, at, "%s; --router-unanswered estimate would take straight lines there", text);
    return CR_E_UPSTREAM;
}

static cr_status ask(day_router *d, cr_router *router, const char *profile, const char *mode_name,
                     const cr_place *places, cr_matrix *matrix)
{
    size_t n = (size_t)d->n_places;
    char message[400] = "";
    cr_router_answer answer = {.time_s = malloc((n * n + 1) * sizeof(int32_t)),
                               .dist_m = malloc((n * n + 1) * sizeof(int32_t)),
                               .snap_m = malloc((n + 1) * sizeof(double))};
    finding_at at = {"router", 0, "", arena_print(d->r->strings, "%s (%s)", cr_router_name(router), mode_name)};
    bool estimates = d->r->options->services.estimates, *is_off = calloc(n + 1, sizeof *is_off);
    open_ways open = {.cut_off = "", .far = "", .pairs = ""};
    cr_status st = answer.time_s && answer.dist_m && answer.snap_m && is_off ? CR_OK : CR_E_NOMEM;
    if (!st)
        st = cr_router_table(router, profile, places, d->n_places, estimates, &answer, message, sizeof message);
    if (st == CR_E_UPSTREAM) {
        findings_error(d->r->findings, at, "%s", message);
    } else if (!st) {
        lay(d, &answer, places, is_off, matrix, &open);
        if (open.n < open.n_asked)
            d->names = arena_print(d->r->strings, "%s%s%s", d->names, *d->names ? ", " : "", at.value);
        st = say(d, at, &open, message);
    }
    free(answer.time_s);
    free(answer.dist_m);
    free(answer.snap_m);
    free(is_off);
    return st;
}

cr_status day_router_lay_over(day_router *d, const char *mode_name, const cr_place *places, cr_matrix *matrix)
{
    char message[300] = "";
    const char *profile = NULL;
    const day_services *services = &d->r->options->services;
    const service_router *choice = services_router_for(services, cr_road_mode_find(mode_name), &profile);
    cr_service_options options = services_options(services);
    cr_auto(cr_router) router = NULL;
    assert(choice);
    cr_status st = cr_router_new(choice->kind, choice->url, &options, &router, message, sizeof message);
    if (st == CR_E_INPUT) {
        findings_error(d->r->findings, (finding_at){"--router", 0, "", choice->url}, "%s", message);
        return CR_E_INPUT;
    }
    return st ? st : ask(d, router, profile, mode_name, places, matrix);
}
