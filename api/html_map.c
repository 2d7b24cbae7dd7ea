/* The map: rounds as lines over the places they visit, and the list of rounds beside it.
 *
 * Drawn in metres on a plane of its own (equirectangular about the middle of the day: within a county a straight line
 * stays straight and a circle round). There are no tiles, since the page asks no network for anything; the places
 * themselves, blurred together, show where the towns are, and their names are the last part of the addresses.
 */
#include "html.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define METRES_PER_DEG 111320.0 /* of latitude, near enough for a drawing */
#define MARGIN_M       1000
#define LEAST_SIDE_M   1500

typedef struct map_frame {
    double lat0_deg, lon0_deg, cos_lat;
    int32_t width_m, height_m;
} map_frame;

typedef struct point {
    int32_t x, y;
} point;

/* ---- the frame ---- */

static bool is_drawn(const cr_place *place)
{
    return place->quality != CR_PLACE_NONE;
}

static bool find_bounds(const cr_day *day, double *south, double *north, double *west, double *east)
{
    bool any = false;
    for (int32_t i = 0; i < day->n_places; i++) {
        const cr_place *at = &day->places[i];
        if (!is_drawn(at))
            continue;
        *south = any ? fmin(*south, at->lat_deg) : at->lat_deg;
        *north = any ? fmax(*north, at->lat_deg) : at->lat_deg;
        *west = any ? fmin(*west, at->lon_deg) : at->lon_deg;
        *east = any ? fmax(*east, at->lon_deg) : at->lon_deg;
        any = true;
    }
    return any;
}

static int32_t side_m(double span_m)
{
    return (int32_t)fmax(span_m, LEAST_SIDE_M) + 2 * MARGIN_M;
}

static bool frame_make(const cr_day *day, map_frame *ret_frame)
{
    double south = 0, north = 0, west = 0, east = 0;
    if (!find_bounds(day, &south, &north, &west, &east))
        return false;
    map_frame f = {.cos_lat = cos((south + north) / 2 * M_PI / 180)};
    f.width_m = side_m((east - west) * f.cos_lat * METRES_PER_DEG);
    f.height_m = side_m((north - south) * METRES_PER_DEG);
    if (f.height_m < f.width_m * 6 / 10)
        f.height_m = f.width_m * 6 / 10;
    if (f.width_m < f.height_m * 12 / 10)
        f.width_m = f.height_m * 12 / 10;
    f.lat0_deg = (south + north) / 2 + f.height_m / 2 / METRES_PER_DEG;
    f.lon0_deg = (west + east) / 2 - f.width_m / 2 / (f.cos_lat * METRES_PER_DEG);
    *ret_frame = f;
    return true;
}

static point project_degrees(const map_frame *f, double lat_deg, double lon_deg)
{
    return (point){(int32_t)lround((lon_deg - f->lon0_deg) * f->cos_lat * METRES_PER_DEG),
                   (int32_t)lround((f->lat0_deg - lat_deg) * METRES_PER_DEG)};
}

static point project(const map_frame *f, const cr_place *place)
{
    return project_degrees(f, place->lat_deg, place->lon_deg);
}

/* ---- towns ---- */

/* The last part of an address, or the first half of the postcode. */
static words town_of(const day_client *client)
{
    words town;
    const char *comma = strrchr(client->address, ',');
    const char *name = comma ? comma + 1 : client->postcode;
    while (*name == ' ')
        name++;
    snprintf(town.text, sizeof town.text, "%s", name);
    if (!comma && strchr(town.text, ' '))
        *strchr(town.text, ' ') = '\0';
    return town;
}

typedef struct town {
    words name;
    point at;
} town;

static int by_town(const void *a, const void *b)
{
    return strcmp(((const town *)a)->name.text, ((const town *)b)->name.text);
}

#define TOWN_LEAST 3 /* clients who make a name worth writing */

static int by_x(const void *a, const void *b)
{
    return ((const town *)a)->at.x - ((const town *)b)->at.x;
}

static int by_y(const void *a, const void *b)
{
    return ((const town *)a)->at.y - ((const town *)b)->at.y;
}

/* A name over most of its clients, or under them: never on them. */
typedef struct town_label {
    words name;
    int32_t n_clients, x, over, under; /* baselines */
} town_label;

/* The middle of its clients; a farm with the town's name far out does not count. */
static town_label label_of(town *towns, int32_t n, int32_t font)
{
    town_label label = {.name = towns[0].name, .n_clients = n};
    qsort(towns, (size_t)n, sizeof *towns, by_x);
    label.x = towns[n / 2].at.x;
    qsort(towns, (size_t)n, sizeof *towns, by_y);
    label.over = towns[n / 5].at.y - font * 2 / 3;
    label.under = towns[n - 1 - n / 5].at.y + font * 3 / 2;
    return label;
}

static int by_clients(const void *a, const void *b)
{
    return ((const town_label *)b)->n_clients - ((const town_label *)a)->n_clients;
}

/* A letter is about two thirds as wide as high: a little more keeps two names apart. */
static bool labels_touch(const town_label *a, const town_label *b, int32_t font)
{
    const int32_t width = (int32_t)(strlen(a->name.text) + strlen(b->name.text)) * font * 3 / 8;
    return abs(a->x - b->x) < width && abs(a->over - b->over) < font * 6 / 5;
}

static bool has_room(const town_label *label, const town_label *placed, int32_t n, int32_t font)
{
    for (int32_t k = 0; k < n; k++)
        if (labels_touch(label, &placed[k], font))
            return false;
    return true;
}

/* The largest first; a name that finds room neither over nor under its clients is left out. */
static void put_labels(town_label *labels, int32_t n, int32_t font, FILE *out)
{
    int32_t n_placed = 0;
    qsort(labels, (size_t)n, sizeof *labels, by_clients);
    for (int32_t i = 0; i < n; i++) {
        town_label label = labels[i];
        if (!has_room(&label, labels, n_placed, font))
            label.over = label.under;
        if (!has_room(&label, labels, n_placed, font))
            continue;
        labels[n_placed++] = label;
        html_put(out, "<text x=\"%d\" y=\"%d\">%s</text>", label.x, label.over, label.name.text);
    }
}

/* Clients with a position and a town, sorted by its name. */
static int32_t find_towns(const cr_day *day, const map_frame *f, town *ret_towns)
{
    int32_t n = 0;
    for (int32_t c = 0; c < day->n_clients; c++) {
        const day_client *client = &day->clients[c];
        words name = town_of(client);
        if (is_drawn(&client->place) && *name.text)
            ret_towns[n++] = (town){name, project(f, &client->place)};
    }
    qsort(ret_towns, (size_t)n, sizeof *ret_towns, by_town);
    return n;
}

static cr_status put_towns(const page *p, const map_frame *f, FILE *out)
{
    const cr_day *day = p->a->day;
    const int32_t font = f->width_m / 58;
    town *towns = calloc((size_t)day->n_clients + 1, sizeof *towns);
    town_label *labels = calloc((size_t)day->n_clients + 1, sizeof *labels);
    const cr_status st = towns && labels ? CR_OK : CR_E_NOMEM;
    const int32_t n = st ? 0 : find_towns(day, f, towns);
    int32_t n_labels = 0;
    for (int32_t first = 0, i = 0; i < n; i++) {
        if (i + 1 < n && by_town(&towns[first], &towns[i + 1]) == 0)
            continue;
        if (i + 1 - first >= TOWN_LEAST)
            labels[n_labels++] = label_of(&towns[first], i + 1 - first, font);
        first = i + 1;
    }
    html_put(out, "<g class=\"towns\" id=\"map-towns\" font-size=\"%d\">", font);
    if (!st)
        put_labels(labels, n_labels, font, out);
    html_put(out, "</g>\n");
    free(towns);
    free(labels);
    return st;
}

/* Round each client a spot; where they lie close the spots run together into a town. */
static void put_ground(const page *p, const map_frame *f, FILE *out)
{
    static const struct {
        const char *class;
        int32_t radius_m;
    } layers[] = {{"ground1", 900}, {"ground2", 450}};
    const cr_day *day = p->a->day;
    for (int layer = 0; layer < 2; layer++) {
        html_put(out, "<g class=\"%s\">", layers[layer].class);
        for (int32_t c = 0; c < day->n_clients; c++) {
            point at = project(f, &day->clients[c].place);
            if (is_drawn(&day->clients[c].place))
                html_put(out, "<circle cx=\"%d\" cy=\"%d\" r=\"%d\"/>", at.x, at.y, layers[layer].radius_m);
        }
        html_put(out, "</g>\n");
    }
}

/* ---- rounds ---- */

/* The road between, in steps from point to point. */
static void put_road(const page *p, const map_frame *f, const cr_range *part, point from, FILE *out)
{
    for (int32_t i = part ? part->first : 0; part && i < part->first + part->n; i++) {
        const cr_road_position *position = &p->a->lines->at[i];
        point at = project_degrees(f, position->lat_deg, position->lon_deg);
        html_put(out, "l%d %d", at.x - from.x, at.y - from.y);
        from = at;
    }
}

/* part: of the answer's lines; NULL: straight. */
static void put_leg(const page *p, const map_frame *f, const itinerary_leg *leg, const cr_range *part,
                    const char *class, int32_t visit, FILE *out)
{
    const cr_day *day = p->a->day;
    if (leg->from < 0 || leg->to < 0 || leg->from == leg->to)
        return;
    if (!is_drawn(&day->places[leg->from]) || !is_drawn(&day->places[leg->to]))
        return;
    point from = project(f, &day->places[leg->from]), to = project(f, &day->places[leg->to]);
    html_put(out, "<path d=\"M%d %d", from.x, from.y);
    put_road(p, f, part, from, out);
    html_put(out, "L%d %d\" class=\"%s\"", to.x, to.y, class);
    if (visit >= 0)
        html_put(out, " data-band=\"%d\"", page_band_of(p, visit));
    html_put(out, "/>");
}

static void put_round(const page *p, const map_frame *f, int32_t r, FILE *out)
{
    const answer *a = p->a;
    const cr_round *round = &a->plan->rounds[r];
    const cr_shift *shift = &a->day->problem->shifts[round->shift];
    const int32_t place = p->place_of[shift->carer];
    const leg_lines *lines = a->lines;
    html_put(out, "<g class=\"round c%d d%d\" data-c=\"%d\">", page_colour(place), page_dash(place), place);
    bool is_first = true;
    for (int32_t k = round->stops.first; k < round->stops.first + round->stops.n; k++) {
        const itinerary_stop *s = &a->itinerary->stops[k];
        if (s->visit == CR_NONE)
            continue;
        put_leg(p, f, &s->leg, lines ? &lines->of_stop[k] : NULL, is_first ? "home" : "leg", s->visit, out);
        is_first = false;
    }
    put_leg(p, f, &a->itinerary->way_home[r], lines ? &lines->of_home[r] : NULL, "home", CR_NONE, out);
    html_put(out, "</g>\n");
}

/* Where a shift begins: a small square. */
static void put_base(const page *p, const map_frame *f, int32_t r, FILE *out)
{
    const cr_day *day = p->a->day;
    const cr_shift *shift = &day->problem->shifts[p->a->plan->rounds[r].shift];
    if (shift->start_place < 0 || !is_drawn(&day->places[shift->start_place]))
        return;
    const int32_t place = p->place_of[shift->carer];
    point at = project(f, &day->places[shift->start_place]);
    html_put(out, "<path class=\"base c%d\" data-c=\"%d\" d=\"M%d %dh0\"><title>%s starts here</title></path>",
             page_colour(place), place, at.x, at.y, day->carers[shift->carer].name);
}

/* ---- clients ---- */

/* Who comes to each client when: built once, in the order of time. */
typedef struct call {
    int32_t client, start, visit, slot; /* slot CR_NONE: not placed */
} call;

static int by_client_start(const void *a, const void *b)
{
    const call *x = a, *y = b;
    if (x->client != y->client)
        return x->client < y->client ? -1 : 1;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return x->slot < y->slot ? -1 : x->slot > y->slot;
}

static call *calls_make(const answer *a)
{
    const cr_problem *p = a->day->problem;
    call *calls = calloc((size_t)p->n_slots + 1, sizeof *calls);
    for (int32_t i = 0; calls && i < p->n_slots; i++) {
        const int32_t stop = a->itinerary->stop_of_slot[i], visit = p->slots[i].visit;
        const int32_t open = p->windows[p->visits[visit].windows.first].open;
        calls[i] = (call){p->visits[visit].client, stop >= 0 ? a->itinerary->stops[stop].start : open, visit,
                          stop >= 0 ? i : CR_NONE};
    }
    if (calls)
        qsort(calls, (size_t)p->n_slots, sizeof *calls, by_client_start);
    return calls;
}

static int32_t place_of_call(const page *p, const call *c)
{
    const answer *a = p->a;
    const int32_t r = a->itinerary->stops[a->itinerary->stop_of_slot[c->slot]].round;
    return p->place_of[a->day->problem->shifts[a->plan->rounds[r].shift].carer];
}

/* "Mary, 1 High Street: 07:30 Ann Brown; 12:00 not placed" */
static void put_client_title(const page *p, const call *calls, int32_t n, FILE *out)
{
    const cr_day *day = p->a->day;
    const day_client *client = &day->clients[calls[0].client];
    html_put(out, "<title>%s, %s %s", client->name, client->address, client->postcode);
    for (int32_t i = 0; i < n; i++) {
        html_put(out, "\n%s %s", words_clock(day, calls[i].start).text,
                 calls[i].slot == CR_NONE ? "NOT PLACED"
                                          : day->carers[p->carers[place_of_call(p, &calls[i])].carer].name);
    }
    html_put(out, "\n(position: %s)</title>", cr_place_quality_name(client->place.quality));
}

static const char *quality_class(cr_place_quality quality)
{
    return quality == CR_PLACE_ROOFTOP ? "rooftop" : quality == CR_PLACE_POSTCODE ? "postcode" : "sector";
}

/* A client is a group: the mark, and over it one more mark where a visit is not placed. */
static void put_client(const page *p, const map_frame *f, const call *calls, int32_t n, FILE *out)
{
    const day_client *client = &p->a->day->clients[calls[0].client];
    if (!is_drawn(&client->place))
        return;
    point at = project(f, &client->place);
    bool is_lost = false;
    html_put(out, "<g class=\"client %s\" data-k=\"%d\" data-cs=\"", quality_class(client->place.quality),
             calls[0].client);
    for (int32_t i = 0; i < n; i++) {
        if (calls[i].slot != CR_NONE)
            html_put(out, "%d ", place_of_call(p, &calls[i]));
        is_lost |= calls[i].slot == CR_NONE;
    }
    html_put(out, "\"><path class=\"rim\" d=\"M%d %dh0\"/><path class=\"core\" d=\"M%d %dh0\"/>", at.x, at.y, at.x,
             at.y);
    if (is_lost)
        html_put(out, "<path class=\"lost\" d=\"M%d %dh0\"/>", at.x, at.y);
    put_client_title(p, calls, n, out);
    html_put(out, "</g>\n");
}

static cr_status put_clients(const page *p, const map_frame *f, FILE *out)
{
    const int32_t n = p->a->day->problem->n_slots;
    call *calls = calls_make(p->a);
    if (!calls)
        return CR_E_NOMEM;
    html_put(out, "<g class=\"clients\">\n");
    for (int32_t first = 0, i = 0; i < n; i++) {
        if (i + 1 < n && calls[i + 1].client == calls[first].client)
            continue;
        put_client(p, f, &calls[first], i + 1 - first, out);
        first = i + 1;
    }
    html_put(out, "</g>\n");
    free(calls);
    return CR_OK;
}

/* ---- scale ---- */

/* A round number of miles, some fifth of the width. */
static void put_scale(const map_frame *f, FILE *out)
{
    static const struct {
        const char *text;
        int32_t metres;
    } steps[] = {{"50 miles", 80467}, {"20 miles", 32187}, {"10 miles", 16093}, {"5 miles", 8047},
                 {"2 miles", 3219},   {"1 mile", 1609},    {"half a mile", 805}};
    size_t step = 0;
    while (step + 1 < sizeof steps / sizeof *steps && steps[step].metres > f->width_m / 5)
        step++;
    html_put(out,
             "<p class=\"scale\"><svg viewBox=\"0 0 %d 100\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
             "<path id=\"map-scale\" d=\"M0 0V100H%dV0\"/></svg><span>%s; north is up</span></p>\n",
             f->width_m, steps[step].metres, steps[step].text);
}

static void put_frame_open(const page *p, const map_frame *f, FILE *out)
{
    html_put(out,
             "<svg id=\"map-svg\" viewBox=\"0 0 %d %d\" role=\"img\" tabindex=\"0\" aria-label=\"Map of %d rounds. The "
             "run sheets below say the same in words.\">\n",
             f->width_m, f->height_m, p->a->plan->n_rounds);
}

cr_status html_map(const page *p, FILE *out)
{
    map_frame f;
    if (!frame_make(p->a->day, &f)) {
        html_put(out, "<p>No place of this day has a position, so there is no map.</p>\n");
        return CR_OK;
    }
    put_frame_open(p, &f, out);
    put_ground(p, &f, out);
    html_put(out, "<g class=\"lines\">\n");
    for (int32_t r = 0; r < p->a->plan->n_rounds; r++)
        put_round(p, &f, r, out);
    html_put(out, "</g>\n<g class=\"bases\">");
    for (int32_t r = 0; r < p->a->plan->n_rounds; r++)
        put_base(p, &f, r, out);
    html_put(out, "</g>\n");
    cr_status st = put_clients(p, &f, out);
    if (!st)
        st = put_towns(p, &f, out);
    html_put(out, "<g id=\"map-numbers\"></g></svg>\n");
    put_scale(&f, out);
    return st;
}

/* ---- the list of rounds ---- */

static void put_carer_button(const page *p, int32_t place, FILE *out)
{
    const page_carer *c = &p->carers[place];
    html_put(out,
             "<li><button type=\"button\" class=\"who c%d d%d\" data-c=\"%d\" aria-pressed=\"false\">"
             "<span class=\"chip\">%d</span><svg class=\"line\" viewBox=\"0 0 30 8\" aria-hidden=\"true\"><path "
             "class=\"leg\" d=\"M0 4H30\"/></svg><span class=\"name\">%s</span><span class=\"figures\">%d %s, %s"
             "</span></button></li>\n",
             page_colour(place), page_dash(place), place, place + 1, p->a->day->carers[c->carer].name, c->n_visits,
             c->n_visits == 1 ? "visit" : "visits", words_duration(c->travel).text);
}

static void put_idle(const page *p, FILE *out)
{
    const cr_day *day = p->a->day;
    const char *before = "<h3>Not needed this day</h3>\n<p class=\"note\">";
    for (int32_t c = 0; c < day->problem->n_carers; c++) {
        if (p->place_of[c] != CR_NONE)
            continue;
        fputs(before, out);
        html_put(out, "%s", day->carers[c].name);
        before = ", ";
    }
    if (*before == ',')
        html_put(out, "</p>\n");
}

cr_status html_rounds(const page *p, FILE *out)
{
    const cr_day *day = p->a->day;
    for (int32_t provider = 0; provider <= day->n_providers; provider++) {
        cr_range range = page_carers_of(p, provider);
        if (range.n == 0)
            continue;
        html_put(out, "<h3>%s</h3>\n<ul class=\"rounds\">\n",
                 provider < day->n_providers ? day->providers[provider].name
                 : day->n_providers > 0      ? "No provider"
                                             : "Carers");
        for (int32_t i = range.first; i < range.first + range.n; i++)
            put_carer_button(p, i, out);
        html_put(out, "</ul>\n");
    }
    put_idle(p, out);
    return CR_OK;
}
