/* The timeline: a row for each carer, with care, travel, waiting and breaks along the hours of the day.
 *
 * Names and hours stand inside the drawing, so that it prints as one piece; the script keeps them in view while it is
 * scrolled. All coordinates are whole pixels.
 */
#include "held_spans.h"
#include "html.h"

#include <stdlib.h>
#include <string.h>

enum {
    NAMES_WIDTH = 190,
    ROW_HEIGHT = 26,
    BAR_HEIGHT = 18,
    HEAD_HEIGHT = 24, /* a provider's name */
    HOURS_HEIGHT = 22,
    BAND_HEIGHT = 16, /* one lane of bands */
    PLOT_WIDTH = 1150,
    LETTER_WIDTH = 7, /* of the names in the bars, on the safe side */
};

typedef struct timeline {
    const page *p;
    int32_t begin, end; /* whole hours, ticks */
    int32_t hour_px;
    int32_t n_lanes, lane[PAGE_BANDS_MAX];
    int32_t top, height;
    int32_t *row_y; /* by place of the carer */
} timeline;

static int32_t x_of(const timeline *t, int32_t ticks)
{
    return NAMES_WIDTH + (int32_t)((int64_t)(ticks - t->begin) * t->hour_px / 3600);
}

/* ---- laying out ---- */

static int32_t floor_hour(int32_t ticks)
{
    return (ticks - (ticks % 3600 + 3600) % 3600);
}

static void find_span(timeline *t)
{
    const cr_problem *p = t->p->a->day->problem;
    const cr_plan *plan = t->p->a->plan;
    t->begin = 7 * 3600;
    t->end = 8 * 3600;
    for (int32_t r = 0; r < plan->n_rounds; r++) {
        const cr_shift *shift = &p->shifts[plan->rounds[r].shift];
        if (r == 0 || shift->begin < t->begin)
            t->begin = shift->begin;
        if (r == 0 || shift->end > t->end)
            t->end = shift->end;
    }
    t->begin = floor_hour(t->begin);
    t->end = floor_hour(t->end + 3599);
    const int32_t n_hours = (t->end - t->begin) / 3600;
    t->hour_px = PLOT_WIDTH / (n_hours > 0 ? n_hours : 1);
    t->hour_px = t->hour_px < 48 ? 48 : t->hour_px > 140 ? 140 : t->hour_px;
}

/* Bands may overlap: each takes the first lane that is free when it opens. */
static void find_lanes(timeline *t)
{
    int32_t free_from[PAGE_BANDS_MAX];
    for (int32_t b = 0; b < t->p->n_bands; b++) {
        const page_band *band = &t->p->bands[b];
        int32_t lane = 0;
        while (lane < t->n_lanes && free_from[lane] > band->open)
            lane++;
        if (lane == t->n_lanes)
            t->n_lanes++;
        free_from[lane] = band->close;
        t->lane[b] = lane;
    }
}

static void find_rows(timeline *t)
{
    t->top = HOURS_HEIGHT + t->n_lanes * BAND_HEIGHT + 6;
    int32_t y = t->top;
    for (int32_t provider = 0; provider <= t->p->a->day->n_providers; provider++) {
        cr_range range = page_carers_of(t->p, provider);
        if (range.n > 0 && t->p->a->day->n_providers > 0)
            y += HEAD_HEIGHT;
        for (int32_t i = range.first; i < range.first + range.n; i++, y += ROW_HEIGHT)
            t->row_y[i] = y;
    }
    t->height = y + 4;
}

/* ---- the ground: hours and bands ---- */

static void put_hours(const timeline *t, FILE *out)
{
    html_put(out, "<g class=\"grid\">");
    for (int32_t h = t->begin; h <= t->end; h += 3600)
        html_put(out, "<path d=\"M%d %dV%d\"/>", x_of(t, h), t->top - 4, t->height);
    html_put(out, "</g>\n");
}

static void put_band(const timeline *t, int32_t b, FILE *out)
{
    const page_band *band = &t->p->bands[b];
    const int32_t open = band->open > t->begin ? band->open : t->begin;
    const int32_t close = band->close < t->end ? band->close : t->end;
    if (close <= open)
        return;
    const int32_t y = HOURS_HEIGHT + t->lane[b] * BAND_HEIGHT;
    html_put(out, "<g class=\"band\" data-b=\"%d\"><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"3\"/>", b,
             x_of(t, open) + 1, y, x_of(t, close) - x_of(t, open) - 2, BAND_HEIGHT - 2);
    html_put(out, "<text x=\"%d\" y=\"%d\">%s</text></g>\n", (x_of(t, open) + x_of(t, close)) / 2, y + 11, band->name);
}

static void put_axis(const timeline *t, int32_t width, FILE *out)
{
    html_put(out, "<g id=\"timeline-axis\"><rect class=\"paper\" width=\"%d\" height=\"%d\"/>", width, t->top - 4);
    for (int32_t h = t->begin; h <= t->end; h += 3600)
        html_put(out, "<text class=\"hour\" x=\"%d\" y=\"15\">%s</text>", x_of(t, h),
                 words_clock(t->p->a->day, h).text);
    html_put(out, "\n");
    for (int32_t b = 0; b < t->p->n_bands; b++)
        put_band(t, b, out);
    html_put(out, "</g>\n");
}

/* ---- rounds ---- */

static void put_bar(const timeline *t, const char *class, int32_t from, int32_t to, int32_t y, int32_t height,
                    FILE *out)
{
    const int32_t x = x_of(t, from), width = x_of(t, to) - x;
    if (width > 0)
        html_put(out, "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>", class, x, y, width, height);
}

/* Travel runs as a narrow bar in the middle of the row, the door as a darker end of it. */
static void put_way(const timeline *t, const itinerary_leg *leg, int32_t door, int32_t y, FILE *out)
{
    put_bar(t, "travel", leg->leave, leg->arrive, y + 6, BAR_HEIGHT - 12, out);
    put_bar(t, "door", leg->arrive, leg->arrive + door, y + 6, BAR_HEIGHT - 12, out);
}

/* The start of a UTF-8 text that is at most n letters long. */
static int bytes_of_letters(const char *text, int32_t n)
{
    int bytes = 0;
    while (text[bytes] && n > 0) {
        bytes++;
        while ((text[bytes] & 0xC0) == 0x80)
            bytes++;
        n--;
    }
    return bytes;
}

/* Of a name the last part says most: "Thistlequill", as much of it as fits. */
static void put_short_name(const timeline *t, const char *name, const itinerary_stop *s, int32_t y, FILE *out)
{
    const int32_t n_letters = (x_of(t, s->end) - x_of(t, s->start) - 4) / LETTER_WIDTH;
    const char *space = strrchr(name, ' ');
    words part;
    if (space && space[1])
        name = space + 1;
    if (n_letters < 2)
        return;
    snprintf(part.text, sizeof part.text, "%.*s", bytes_of_letters(name, n_letters > 14 ? 14 : n_letters), name);
    html_put(out, "<text class=\"inbar\" x=\"%d\" y=\"%d\">%s</text>", x_of(t, s->start) + 3, y + 13, part.text);
}

static void put_visit(const timeline *t, int32_t k, int32_t y, FILE *out)
{
    const answer *a = t->p->a;
    const cr_day *day = a->day;
    const itinerary_stop *s = &a->itinerary->stops[k];
    const cr_visit *visit = &day->problem->visits[s->visit];
    const day_client *client = &day->clients[day->visits[s->visit].client];
    put_way(t, &s->leg, s->door, y, out);
    if (s->wait > 0)
        put_bar(t, "waiting", s->start - s->wait, s->start, y + 2, BAR_HEIGHT - 4, out);
    html_put(out, "<g class=\"visit%s%s\" data-v=\"%d\" data-k=\"%d\">", visit->slots.n > 1 ? " double" : "",
             visit->time_critical ? " critical" : "", s->visit, visit->client);
    html_put(out, "<title>%s, %s to %s%s%s\nleaves %s, %s on the way%s, there %s%s%s\n%s</title>", client->name,
             words_clock(day, s->start).text, words_clock(day, s->end).text, visit->slots.n > 1 ? ", double-up" : "",
             visit->time_critical ? ", time-critical" : "", words_clock(day, s->leg.leave).text,
             words_duration(s->leg.travel).text,
             day_walk_between(day, s->leg.mode, s->leg.from, s->leg.to) ? " on foot" : "",
             words_clock(day, s->leg.arrive).text, s->wait > 0 ? ", waits " : "",
             s->wait > 0 ? words_duration(s->wait).text : "", client->address);
    put_bar(t, "care", s->start, s->end, y, BAR_HEIGHT, out);
    put_short_name(t, client->name, s, y, out);
    if (visit->time_critical)
        html_put(out, "<path class=\"flag\" d=\"M%d %dh6l-6 6z\"/>", x_of(t, s->start), y);
    html_put(out, "</g>\n");
}

static void put_break(const timeline *t, int32_t k, int32_t y, FILE *out)
{
    const cr_day *day = t->p->a->day;
    const itinerary_stop *s = &t->p->a->itinerary->stops[k];
    if (s->wait > 0)
        put_bar(t, "waiting", s->start - s->wait, s->start, y + 2, BAR_HEIGHT - 4, out);
    html_put(out, "<g class=\"rest\"><title>%s, %s to %s</title>",
             day->problem->breaks[t->p->a->plan->stops[k].brk].kept_free ? "Kept free" : "Break",
             words_clock(day, s->start).text, words_clock(day, s->end).text);
    put_bar(t, "break", s->start, s->end, y, BAR_HEIGHT, out);
    html_put(out, "</g>\n");
}

/* Time held back has a look of its own, between visits and breaks; its name says what it is for. */
static void put_held_back(const timeline *t, int32_t k, int32_t y, FILE *out)
{
    const cr_day *day = t->p->a->day;
    const itinerary_stop *s = &t->p->a->itinerary->stops[k];
    if (s->wait > 0)
        put_bar(t, "waiting", s->start - s->wait, s->start, y + 2, BAR_HEIGHT - 4, out);
    const char *name = day->clients[day->visits[s->visit].client].name;
    html_put(out,
             "<g class=\"rest\" data-v=\"%d\"><title>%s, %s to %s\nheld back for what may come; she stays where she "
             "is</title>",
             s->visit, name, words_clock(day, s->start).text, words_clock(day, s->end).text);
    put_bar(t, "held", s->start, s->end, y, BAR_HEIGHT, out);
    put_short_name(t, name, s, y, out);
    html_put(out, "</g>\n");
}

static void put_round(const timeline *t, int32_t r, FILE *out)
{
    const answer *a = t->p->a;
    const cr_round *round = &a->plan->rounds[r];
    const cr_shift *shift = &a->day->problem->shifts[round->shift];
    const int32_t place = t->p->place_of[shift->carer], y = t->row_y[place] + (ROW_HEIGHT - BAR_HEIGHT) / 2;
    html_put(out, "<g class=\"turn\" data-c=\"%d\">", place);
    put_bar(t, "shift", shift->begin, shift->end, y - 2, BAR_HEIGHT + 4, out);
    for (int32_t k = round->stops.first; k < round->stops.first + round->stops.n; k++) {
        if (a->plan->stops[k].slot == CR_NONE)
            put_break(t, k, y, out);
        else if (held_spans_has(a, k))
            put_held_back(t, k, y, out);
        else
            put_visit(t, k, y, out);
    }
    put_way(t, &a->itinerary->way_home[r], 0, y, out);
    html_put(out, "</g>\n");
}

/* ---- double-ups: a thread from row to row ---- */

static int32_t row_of_slot(const timeline *t, int32_t slot)
{
    const answer *a = t->p->a;
    const int32_t stop = a->itinerary->stop_of_slot[slot];
    if (stop == CR_NONE)
        return CR_NONE;
    const int32_t shift = a->plan->rounds[a->itinerary->stops[stop].round].shift;
    return t->row_y[t->p->place_of[a->day->problem->shifts[shift].carer]];
}

static void put_thread(const timeline *t, int32_t v, FILE *out)
{
    const cr_visit *visit = &t->p->a->day->problem->visits[v];
    int32_t top = INT32_MAX, bottom = CR_NONE, start = 0;
    for (int32_t i = visit->slots.first; i < visit->slots.first + visit->slots.n; i++) {
        const int32_t y = row_of_slot(t, i);
        if (y == CR_NONE)
            return;
        top = y < top ? y : top;
        bottom = y > bottom ? y : bottom;
        start = t->p->a->itinerary->stops[t->p->a->itinerary->stop_of_slot[i]].start;
    }
    const int32_t x = x_of(t, start) + 1, half = ROW_HEIGHT / 2;
    html_put(out, "<path class=\"thread\" data-v=\"%d\" d=\"M%d %dV%d\"/>", v, x, top + half, bottom + half);
}

static void put_threads(const timeline *t, FILE *out)
{
    const cr_problem *p = t->p->a->day->problem;
    html_put(out, "<g class=\"threads\">");
    for (int32_t v = 0; v < p->n_visits; v++)
        if (p->visits[v].slots.n > 1)
            put_thread(t, v, out);
    html_put(out, "</g>\n");
}

/* ---- names ---- */

/* A bar across the drawing, or the name on it, which must stand over the names' paper. */
static void put_head(const timeline *t, int32_t provider, int32_t width, FILE *out)
{
    const cr_day *day = t->p->a->day;
    cr_range range = page_carers_of(t->p, provider);
    if (range.n == 0 || day->n_providers == 0)
        return;
    const int32_t y = t->row_y[range.first] - HEAD_HEIGHT;
    if (width > 0)
        html_put(out, "<rect class=\"head\" y=\"%d\" width=\"%d\" height=\"%d\"/>", y + 2, width, HEAD_HEIGHT - 4);
    else
        html_put(out, "<text class=\"headtext\" x=\"4\" y=\"%d\">%s</text>\n", y + 16,
                 provider < day->n_providers ? day->providers[provider].name : "No provider");
}

static void put_heads(const timeline *t, int32_t width, FILE *out)
{
    for (int32_t provider = 0; provider <= t->p->a->day->n_providers; provider++)
        put_head(t, provider, width, out);
}

static void put_names(const timeline *t, FILE *out)
{
    html_put(out, "<g id=\"timeline-names\"><rect class=\"paper\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n", t->top,
             NAMES_WIDTH - 4, t->height - t->top);
    put_heads(t, NAMES_WIDTH - 4, out);
    put_heads(t, 0, out);
    for (int32_t i = 0; i < t->p->n_carers; i++) {
        const char *name = t->p->a->day->carers[t->p->carers[i].carer].name;
        words part;
        snprintf(part.text, sizeof part.text, "%.*s", bytes_of_letters(name, 22), name);
        html_put(out,
                 "<a class=\"turn c%d\" href=\"#sheet-%d\" data-c=\"%d\"><rect class=\"chip\" x=\"4\" y=\"%d\" "
                 "width=\"24\" height=\"16\" rx=\"3\"/><text class=\"chiptext\" x=\"16\" y=\"%d\">%d</text><text "
                 "x=\"34\" y=\"%d\">%s</text></a>\n",
                 page_colour(i), i + 1, i, t->row_y[i] + 5, t->row_y[i] + 17, i + 1, t->row_y[i] + 17, part.text);
    }
    html_put(out, "</g>\n");
}

/* ---- all of it ---- */

static void put_patterns(FILE *out)
{
    html_put(out, "<defs><pattern id=\"hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
                  "patternTransform=\"rotate(45)\"><rect width=\"6\" height=\"6\" class=\"hatch0\"/><rect width=\"2\" "
                  "height=\"6\" class=\"hatch1\"/></pattern></defs>\n");
}

static void put_drawing(const timeline *t, FILE *out)
{
    const int32_t width = x_of(t, t->end) + 24;
    html_put(out,
             "<svg id=\"timeline-svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"group\" "
             "aria-label=\"Timeline of %d carers. The run sheets below say the same in words.\">\n",
             width, t->height, width, t->height, t->p->n_carers);
    put_patterns(out);
    put_hours(t, out);
    put_heads(t, width, out);
    put_threads(t, out);
    for (int32_t r = 0; r < t->p->a->plan->n_rounds; r++)
        put_round(t, r, out);
    put_names(t, out);
    put_axis(t, width, out);
    html_put(out, "</svg>\n");
}

cr_status html_timeline(const page *p, FILE *out)
{
    timeline t = {.p = p, .row_y = calloc((size_t)p->n_carers + 1, sizeof *t.row_y)};
    if (!t.row_y)
        return CR_E_NOMEM;
    find_span(&t);
    find_lanes(&t);
    find_rows(&t);
    put_drawing(&t, out);
    free(t.row_y);
    return CR_OK;
}
