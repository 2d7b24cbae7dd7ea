/* From records to the problem: indices, prices in cost units, breaks, matrices, and the names beside them. */
#include "day_on_demand.h"
#include "day_roads.h"
#include "day_router.h"
#include "day_transit.h"
#include "day_walks.h"
#include "reading.h"
#include "travel_periods.h"
#include "value.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define METRES_PER_MILE 1609.344

/* Which record became which index; CR_NONE for those left out. */
typedef struct building {
    day_reading *r;
    cr_day *day;
    cr_problem *problem;
    int32_t *visit_at, *client_at;
    int32_t mode_at[CR_MODES_MAX];
    int32_t n_pairs_missing; /* of places, in a ready matrix */
    int32_t n_unpaid_legs;   /* of it, without metres where a mile is paid */
} building;

/* ---- prices ---- */

static int64_t pence_per_hour(double pence)
{
    return llround(pence * ((double)CR_COST_PENNY / 3600)); /* a tick is a second */
}

static int64_t pence_per_minute(double pence)
{
    return llround(pence * ((double)CR_COST_PENNY / 60));
}

static int64_t pence_each(double pence)
{
    return llround(pence * (double)CR_COST_PENNY);
}

static void set_prices(building *b)
{
    const settings *s = &b->r->settings;
    cr_prices *p = &b->problem->prices;
    p->travel = pence_per_hour(s->travel_per_hour);
    p->waiting = pence_per_hour(s->waiting_per_hour);
    p->unfamiliar = pence_each(s->unfamiliar_per_visit);
    p->stranger_short = pence_each(s->stranger_short_per_visit);
    p->short_visit = s->short_visit_s;
    p->new_face = pence_each(s->new_face_per_client);
    p->several_providers = pence_each(s->several_providers_per_client);
    p->worst_idle = pence_per_minute(s->worst_idle_per_minute);
    p->imbalance = pence_per_minute(s->imbalance_per_minute);
    p->not_preferred = pence_each(s->not_preferred_per_visit);
    p->off_patch = pence_each(s->off_patch_per_visit);
    p->changed_carer = pence_each(s->changed_carer_per_visit);
    p->moved = pence_per_minute(s->moved_per_minute);
    p->moved_free = s->moved_within_s;
    for (int32_t m = 0; m < s->n_modes; m++)
        if (b->mode_at[m] != CR_NONE)
            p->distance[b->mode_at[m]] = llround(s->modes[m].pence_per_mile * (double)CR_COST_PENNY / METRES_PER_MILE);
}

static int64_t unallocated_price(const settings *s, const visit_record *v)
{
    double pence = s->unallocated[v->priority - 1];
    return pence_each(v->time_critical ? pence * s->time_critical_factor : pence);
}

/* ---- modes and matrices ---- */

static void number_modes(building *b)
{
    const day_reading *r = b->r;
    bool used[CR_MODES_MAX] = {false};
    for (int32_t s = 0; s < r->n_shifts; s++)
        used[r->shifts[s].mode] = true;
    for (int32_t m = 0; m < r->settings.n_modes; m++) {
        b->mode_at[m] = used[m] ? b->problem->n_modes++ : CR_NONE;
        if (used[m])
            b->day->mode_name[b->mode_at[m]] = r->settings.modes[m].name;
    }
}

static cr_straight_line how_straight(const settings *s, int32_t m)
{
    return (cr_straight_line){s->modes[m].detour, s->modes[m].town_kmh, s->modes[m].country_kmh, s->town_radius_m,
                              s->town_places};
}

static cr_status straight_lines(building *b, int32_t m)
{
    cr_straight_line how = how_straight(&b->r->settings, m);
    cr_matrix **matrix = &b->day->matrix[b->mode_at[m]];
    cr_status st = cr_straight_line_matrix(&how, b->day->places, b->day->n_places, matrix);
    b->problem->matrix[b->mode_at[m]] = *matrix;
    return st;
}

/* Lay the rows of matrix.csv over one mode's straight lines, and count the pairs that it does not have. */
static cr_status lay_rows_over(building *b, int32_t m)
{
    const day_reading *r = b->r;
    size_t n = (size_t)b->day->n_places;
    bool *has = calloc(n * n + 1, sizeof *has);
    if (!has)
        return CR_E_NOMEM;
    for (int32_t i = 0; i < r->n_legs; i++) {
        const leg_record *leg = &r->legs[i];
        if ((leg->mode != CR_NONE && leg->mode != m) || leg->period != CR_NONE)
            continue;
        bool has_dist = leg->dist_m >= 0;
        cr_matrix_set(b->day->matrix[b->mode_at[m]], leg->from, leg->to, leg->time_s, has_dist ? leg->dist_m : 0);
        b->day->lacks_distances = b->day->lacks_distances || !has_dist;
        b->n_unpaid_legs += !has_dist && r->settings.modes[m].pence_per_mile > 0;
        has[(size_t)leg->from * n + (size_t)leg->to] = true;
    }
    for (size_t i = 0; i < n * n; i++)
        b->n_pairs_missing += !has[i] && i % (n + 1) != 0;
    free(has);
    return CR_OK;
}

static void warn_of_matrix(const building *b, const char *lines)
{
    const day_reading *r = b->r;
    const finding_at at = {r->tables[TABLE_MATRIX].file, 0, "", ""};
    if (b->n_pairs_missing > 0)
        findings_warning(r->findings, at, "%d pair%s of places not there, taken as %s", b->n_pairs_missing,
                         b->n_pairs_missing == 1 ? "" : "s", lines);
    if (b->n_unpaid_legs > 0)
        findings_warning(r->findings, at, "%d way%s without metres, so no mileage is counted there", b->n_unpaid_legs,
                         b->n_unpaid_legs == 1 ? "" : "s");
}

/* By what the modes of the day travel. */
typedef struct travel_count {
    int32_t n_by_road, n_by_line;
} travel_count;

/* What the answers say about travel: the best first. */
static void name_travel(building *b, const day_roads *roads, const day_router *router, travel_count n,
                        const char *lines)
{
    day_reading *r = b->r;
    const char *source = router->names;
    if (b->day->transit)
        source = arena_print(r->strings, "%s%s%s", source, *source ? ", " : "", b->day->transit->name);
    if (n.n_by_road > 0)
        source = arena_print(r->strings, "%s%s%s", source, *source ? ", " : "", day_roads_name(roads));
    if (router->n_estimated > 0)
        lines = arena_print(r->strings, "%s (%lld estimated way%s)", lines, (long long)router->n_estimated,
                            router->n_estimated == 1 ? "" : "s");
    if (!*source)
        source = lines;
    else if (n.n_by_line > 0 || roads->n_by_line > 0 || router->n_estimated > 0)
        source = arena_print(r->strings, "%s, otherwise %s", source, lines);
    if (r->has_table[TABLE_MATRIX])
        warn_of_matrix(b, source);
    if (r->has_table[TABLE_MATRIX])
        source = b->n_pairs_missing == 0 ? "matrix.csv" : arena_print(r->strings, "matrix.csv, otherwise %s", source);
    b->day->travel_source = source;
}

/* Roads over the straight lines of a mode, or the router that the user has named for it. */
static cr_status lay_ways_over(building *b, day_roads *roads, day_router *router, int32_t m, travel_count *n)
{
    const char *mode_name = b->r->settings.modes[m].name;
    cr_matrix *matrix = b->day->matrix[b->mode_at[m]];
    bool is_laid = false;
    b->day->road_mode[b->mode_at[m]] = CR_NONE;
    if (day_router_serves(router, mode_name))
        return day_router_lay_over(router, mode_name, b->day->places, matrix);
    cr_status st = day_roads_lay_over(roads, mode_name, b->day->places, matrix, &is_laid);
    if (!st && roads->roads && !is_laid)
        findings_warning(b->r->findings, (finding_at){"area.roads", 0, "", roads->path},
                         "has no roads for mode '%s', which takes straight lines", mode_name);
    if (is_laid)
        b->day->road_mode[b->mode_at[m]] = cr_road_mode_find(mode_name);
    n->n_by_road += is_laid;
    n->n_by_line += !is_laid;
    return st;
}

/* A large day by road has its cells computed when they are asked for: not all pairs of places ever are. */
static bool is_on_demand(const building *b, const day_roads *roads, const day_router *router, int32_t m)
{
    const settings *s = &b->r->settings;
    int32_t road_mode = cr_road_mode_find(s->modes[m].name);
    return b->day->n_places >= s->on_demand_from && !b->r->has_table[TABLE_MATRIX] && roads->roads &&
           road_mode != CR_NONE && cr_roads_has_mode(roads->roads, road_mode) &&
           !day_router_serves(router, s->modes[m].name);
}

static cr_status ways_on_demand(building *b, day_roads *roads, int32_t m, travel_count *n)
{
    cr_straight_line how = how_straight(&b->r->settings, m);
    cr_straight_lines *lines = NULL;
    int32_t mode = b->mode_at[m], road_mode = cr_road_mode_find(b->r->settings.modes[m].name);
    cr_status st = cr_straight_lines_new(&how, b->day->places, b->day->n_places, &lines);
    if (!st)
        st = day_on_demand_new(roads, road_mode, lines, b->day->places, &b->day->matrix[mode]);
    b->problem->matrix[mode] = b->day->matrix[mode];
    b->day->road_mode[mode] = road_mode;
    n->n_by_road++;
    return st;
}

static cr_status lay_walks_over(building *b, const day_roads *roads, int32_t m)
{
    int32_t mode = b->mode_at[m];
    b->day->walk_mode = mode;
    return day_walks_lay_over(b->r, b->day->road_mode[mode] == CR_NONE ? NULL : roads->roads, b->day,
                              b->day->matrix[mode]);
}

/* Over the ways on foot, by road where there are roads for that. */
static cr_status lay_transit_over(building *b, day_roads *roads, int32_t m, travel_count *n)
{
    int32_t mode = b->mode_at[m];
    bool is_laid = false;
    b->day->road_mode[mode] = CR_NONE;
    cr_status st = day_roads_lay_over(roads, "foot", b->day->places, b->day->matrix[mode], &is_laid);
    n->n_by_road += is_laid;
    n->n_by_line += !is_laid;
    if (!st)
        st = day_transit_lay_over(b->r, is_laid ? roads->roads : NULL, m, b->day, b->day->matrix[mode],
                                  &b->day->transit);
    if (!st && b->day->transit)
        b->day->transit->mode = mode;
    return st;
}

/* Straight lines, over them roads or a router's table, over them a ready table: each mode has the best that there is.
 */
static cr_status make_matrices_over(building *b, day_roads *roads)
{
    day_reading *r = b->r;
    const char *lines = "straight line";
    travel_count n = {0, 0};
    day_router router;
    cr_status st = CR_OK;
    day_router_init(&router, r, b->day->n_places);
    for (int32_t m = 0; !st && m < r->settings.n_modes; m++) {
        if (b->mode_at[m] == CR_NONE)
            continue;
        bool on_demand = is_on_demand(b, roads, &router, m);
        st = on_demand ? ways_on_demand(b, roads, m, &n) : straight_lines(b, m);
        if (b->mode_at[m] == 0)
            lines = arena_print(r->strings, "straight line x %.4g", r->settings.modes[m].detour);
        bool is_transit = strcmp(r->settings.modes[m].name, TRANSIT_MODE) == 0;
        if (!st && is_transit)
            st = lay_transit_over(b, roads, m, &n);
        else if (!st && !on_demand)
            st = lay_ways_over(b, roads, &router, m, &n);
        if (!st && strcmp(r->settings.modes[m].name, "car") == 0)
            st = lay_walks_over(b, roads, m);
        if (!st && r->has_table[TABLE_MATRIX])
            st = lay_rows_over(b, m);
        if (!st && b->day->walk_mode == b->mode_at[m])
            day_walks_keep_laid(b->day, b->day->matrix[b->mode_at[m]]);
        if (!st)
            st = travel_periods_add_tables(r, b->day, m, b->mode_at[m]);
    }
    if (!st) {
        day_roads_warn(roads);
        name_travel(b, roads, &router, n, lines);
        st = travel_periods_add(r, b->day);
    }
    return st;
}

static cr_status make_matrices(building *b)
{
    day_roads roads;
    cr_status st = day_roads_open(&roads, b->r, b->day->n_places);
    if (!st)
        st = make_matrices_over(b, &roads);
    if (!st && !b->r->has_table[TABLE_MATRIX]) {
        b->day->roads = roads.roads;
        roads.roads = NULL;
    }
    day_roads_done(&roads);
    return st;
}

/* ---- carers and shifts ---- */

/* What somebody has accepted is in the rule; the checker is told what it was. */
static cr_status concede(building *b, cr_conceded rule, int32_t item, int32_t was)
{
    return cr_problem_add_concession(b->problem, &(cr_concession){rule, item, was});
}

static int32_t wider(int32_t limit, int32_t by)
{
    return limit == CR_NONE ? CR_NONE : limit + by;
}

static int32_t least_limit(int32_t a, int32_t b)
{
    return a == CR_NONE || (b != CR_NONE && b < a) ? b : a;
}

static cr_status add_providers(building *b)
{
    const day_reading *r = b->r;
    cr_status st = CR_OK;
    for (int32_t i = 0; !st && i < r->n_providers; i++) {
        const provider_record *from = &r->contracts[i];
        cr_provider provider = from->contract;
        st = cr_problem_add_length_prices(b->problem, from->by_length, from->n_lengths, &provider.by_length);
        if (!st)
            st = cr_problem_add_provider(b->problem, &provider);
    }
    return st;
}

static cr_status concede_to_carer(building *b, const carer_record *from, int32_t index, cr_carer *carer)
{
    const cr_carer strict = *carer;
    bool one_day = b->r->n_days <= 1;
    int32_t work = wider(from->max_work_s, from->more_work_s);
    int32_t week = wider(from->max_week_work_s, from->more_week_work_s);
    carer->max_work = one_day ? least_limit(work, week) : week;
    carer->max_day_work = one_day ? CR_NONE : work;
    carer->min_rest = carer->min_rest > from->less_rest_s ? carer->min_rest - from->less_rest_s : 0;
    cr_status st = CR_OK;
    if (carer->max_work != strict.max_work)
        st = concede(b, CR_CONCEDED_MAX_WORK, index, strict.max_work);
    if (!st && carer->max_day_work != strict.max_day_work)
        st = concede(b, CR_CONCEDED_MAX_DAY_WORK, index, strict.max_day_work);
    if (!st && carer->min_rest != strict.min_rest)
        st = concede(b, CR_CONCEDED_REST, index, strict.min_rest);
    return st;
}

static cr_status add_carers(building *b)
{
    day_reading *r = b->r;
    cr_status st = CR_OK;
    for (int32_t c = 0; !st && c < r->n_carers; c++) {
        const carer_record *from = &r->carers[c];
        cr_carer carer = CR_CARER_INIT;
        carer.grade = from->grade;
        carer.keeps_patches = from->keeps_patches;
        carer.provider = from->provider;
        bool one_day = r->n_days <= 1;
        carer.max_work = one_day ? least_limit(from->max_work_s, from->max_week_work_s) : from->max_week_work_s;
        carer.max_day_work = one_day ? CR_NONE : from->max_work_s;
        carer.min_rest = one_day ? 0 : r->settings.rest_between_days_s;
        st = concede_to_carer(b, from, c, &carer);
        carer.overtime_after = from->overtime_after_s;
        carer.overtime_price = pence_per_hour(from->pay_per_hour * (from->overtime_rate - 1));
        carer.least_work = from->contracted_s;
        carer.shortfall_price = pence_per_hour(from->pay_per_hour);
        carer.wage_price = pence_per_hour(from->pay_per_hour);
        if (!st)
            st = cr_problem_add_skills(b->problem, from->skills.items, from->skills.n, &carer.skills);
        if (!st)
            st = cr_problem_add_ids(b->problem, from->attributes.items, from->attributes.n, &carer.attributes);
        if (!st)
            st = cr_problem_add_ids(b->problem, from->patches.items, from->patches.n, &carer.patches);
        if (!st)
            st = cr_problem_add_carer(b->problem, &carer);
        b->day->carers[c] = (day_carer){from->carer_id, from->name, from->team, from->provider};
    }
    return st;
}

/* ---- the clock ---- */

/* The first of a row's times that the clock leaves in doubt, as a warning. */
static bool note_doubt(building *b, const row *at, int32_t wall_s)
{
    const clock_change *change = &b->day->change;
    clock_doubt doubt = wall_s == CR_FREE ? CLOCK_CLEAR : clock_doubt_of(change, wall_s);
    char date[16];
    if (doubt == CLOCK_CLEAR)
        return false;
    value_date_text(b->r->day0 + wall_s / 86400, date);
    int32_t of_day = wall_s % 86400, first = change->at_s % 86400 / 60,
            by = (change->by_s > 0 ? 1 : -1) * change->by_s / 60;
    if (doubt == CLOCK_NEVER)
        row_warning(at, CR_NONE,
                    "the clock never shows %02d:%02d on %s (it goes forward from %02d:%02d by %d minutes), so the time "
                    "of the change is taken",
                    of_day / 3600, of_day / 60 % 60, date, first / 60, first % 60, by);
    else
        row_warning(
            at, CR_NONE,
            "the clock shows %02d:%02d twice on %s (it goes back from %02d:%02d by %d minutes), and the first is "
            "taken",
            of_day / 3600, of_day / 60 % 60, date, first / 60, first % 60, by);
    return true;
}

static int32_t tick_of(const building *b, int32_t wall_s)
{
    return wall_s == CR_FREE ? CR_FREE : clock_elapsed(&b->day->change, wall_s);
}

/* A shift whose times are ticks. */
static shift_record ticking_shift(building *b, const shift_record *from)
{
    shift_record s = *from;
    row at = row_of(b->r, TABLE_CARERS, from->row);
    bool noted = note_doubt(b, &at, s.begin) || note_doubt(b, &at, s.end);
    if (s.brk.given && !noted && !note_doubt(b, &at, s.brk.open))
        note_doubt(b, &at, s.brk.close);
    s.begin = tick_of(b, s.begin);
    s.end = tick_of(b, s.end);
    s.paid_end = tick_of(b, s.paid_end);
    s.brk.open = tick_of(b, s.brk.open);
    s.brk.close = tick_of(b, s.brk.close);
    for (int32_t k = 0; k < s.n_kept; k++)
        s.kept[k] = (cr_window){tick_of(b, s.kept[k].open), tick_of(b, s.kept[k].close)};
    return s;
}

/* A visit whose times are ticks. Windows that meet where the clock goes forward become one. */
static visit_record ticking_visit(building *b, int32_t v)
{
    visit_record visit = b->r->visits[v];
    row at = row_of_visit(b->r, v);
    int32_t n = 0;
    bool noted = note_doubt(b, &at, visit.locked_start);
    for (int32_t i = 0; i < visit.n_windows; i++) {
        cr_window w = visit.windows[i];
        noted = noted || note_doubt(b, &at, w.open) || note_doubt(b, &at, w.close);
        w = (cr_window){tick_of(b, w.open), tick_of(b, w.close)};
        if (n > 0 && w.open <= visit.windows[n - 1].close)
            visit.windows[n - 1].close = w.close;
        else
            visit.windows[n++] = w;
    }
    visit.n_windows = n;
    visit.prefer_open = tick_of(b, visit.prefer_open);
    visit.prefer_close = tick_of(b, visit.prefer_close);
    visit.locked_start = tick_of(b, visit.locked_start);
    return visit;
}

/* The 6-hour rule (docs/model.md section 2): a break of its own is enough, otherwise one is given. */
static cr_status add_breaks(building *b, const shift_record *s)
{
    const settings *set = &b->r->settings;
    const break_record *own = &s->brk;
    cr_status st = CR_OK;
    if (own->given)
        st = cr_problem_add_break(b->problem, own->open, own->close, own->length_s, own->paid);
    bool rested = own->given && own->length_s >= set->rest_break_s;
    int32_t open = s->begin + set->rest_margin_s, close = s->end - set->rest_margin_s - set->rest_break_s;
    if (st || !set->rest_rule || rested || s->end - s->begin <= set->rest_work_over_s || open > close)
        return st;
    return cr_problem_add_break(b->problem, open, close, set->rest_break_s, set->rest_paid);
}

/* Times held back are breaks too, paid and at their time; all in the order of time. */
static cr_status add_kept_free(building *b, const shift_record *s)
{
    cr_problem *p = b->problem;
    cr_status st = CR_OK;
    for (int32_t k = 0; !st && k < s->n_kept; k++) {
        st = cr_problem_add_break(p, s->kept[k].open, s->kept[k].open, s->kept[k].close - s->kept[k].open, true);
        if (!st)
            p->breaks[p->n_breaks - 1].kept_free = true;
    }
    for (int32_t n = p->shifts[p->n_shifts - 1].breaks.n, i = p->n_breaks - n + 1; !st && i < p->n_breaks; i++)
        for (int32_t k = i; k > p->n_breaks - n && p->breaks[k - 1].open > p->breaks[k].open; k--) {
            cr_break later = p->breaks[k - 1];
            p->breaks[k - 1] = p->breaks[k];
            p->breaks[k] = later;
        }
    return st;
}

/* Past its end the shift runs over, which has a price. */
static cr_status concede_to_shift(building *b, const shift_record *from, int32_t index, cr_shift *shift)
{
    cr_status st = CR_OK;
    if (from->late_s > 0) {
        st = concede(b, CR_CONCEDED_SHIFT, index, shift->end);
        shift->paid_end = shift->paid_end == CR_FREE ? shift->end : shift->paid_end;
        shift->overrun_price = pence_per_minute(b->r->settings.overrun_per_minute);
        shift->end += from->late_s;
    }
    if (!st && from->more_visits > 0 && shift->max_load != CR_NONE) {
        st = concede(b, CR_CONCEDED_MAX_LOAD, index, shift->max_load);
        shift->max_load += from->more_visits;
    }
    return st;
}

static cr_status add_shifts(building *b)
{
    day_reading *r = b->r;
    cr_status st = CR_OK;
    for (int32_t s = 0; !st && s < r->n_shifts; s++) {
        const shift_record ticking = ticking_shift(b, &r->shifts[s]), *from = &ticking;
        cr_shift shift = CR_SHIFT_INIT;
        shift.carer = from->carer;
        shift.day = from->day;
        shift.begin = from->begin;
        shift.end = from->end;
        shift.paid_end = from->paid_end;
        shift.overrun_price = from->paid_end != CR_FREE ? pence_per_minute(r->settings.overrun_per_minute) : 0;
        shift.leaves_at_begin = from->at_begin;
        shift.start_place = from->start_place;
        shift.end_place = from->end_place;
        shift.mode = b->mode_at[from->mode];
        shift.max_load = from->max_visits;
        shift.use_price = pence_each(from->on_call ? r->settings.on_call_use : r->settings.shift_use);
        st = concede_to_shift(b, from, s, &shift);
        if (!st)
            st = cr_problem_add_shift(b->problem, &shift);
        if (!st)
            st = add_breaks(b, from);
        if (!st)
            st = add_kept_free(b, from);
        b->day->shifts[s] = (day_shift){from->shift_id, from->line};
    }
    return st;
}

/* ---- clients and visits ---- */

/* Only clients who still have a visit. */
static void number_clients_and_visits(building *b)
{
    const day_reading *r = b->r;
    for (int32_t c = 0; c < r->n_clients; c++)
        b->client_at[c] = CR_NONE;
    for (int32_t v = 0; v < r->n_visits; v++)
        if (!visit_is_left_out(r, v))
            b->client_at[r->visits[v].client] = 0;
    for (int32_t c = 0; c < r->n_clients; c++) {
        const client_record *from = &r->clients[c];
        if (b->client_at[c] == CR_NONE)
            continue;
        b->client_at[c] = b->day->n_clients++;
        b->day->clients[b->client_at[c]] = (day_client){from->client_id, *from->name ? from->name : from->client_id,
                                                        from->address, from->postcode, from->place};
    }
    b->problem->n_clients = b->day->n_clients;
}

static cr_status add_slots(building *b, const visit_record *from)
{
    cr_status st = CR_OK;
    for (int32_t k = 0; !st && k < from->n_carers; k++) {
        int32_t which = k > 0;
        cr_slot slot = CR_SLOT_INIT;
        slot.duration = from->duration_s[which];
        slot.locked_carer = from->locked[k];
        slot.accepted = from->accepted[k];
        slot.sleeps = from->sleep_in;
        slot.sleep_price = from->sleep_in ? pence_each(b->r->settings.sleep_in) : 0;
        st = cr_problem_add_durations(b->problem, from->by_grade[which].items, from->by_grade[which].n, &slot.by_grade);
        if (st)
            return st;
        st = cr_problem_add_skills(b->problem, from->skills[which].items, from->skills[which].n, &slot.skills);
        if (!st)
            st = cr_problem_add_ids(b->problem, from->attributes[which].items, from->attributes[which].n,
                                    &slot.attributes);
        if (!st)
            st = cr_problem_add_slot(b->problem, &slot);
    }
    return st;
}

static cr_status add_visit(building *b, const visit_record *from)
{
    const settings *s = &b->r->settings;
    cr_visit visit = CR_VISIT_INIT;
    visit.client = b->client_at[from->client];
    visit.place = from->place_at;
    visit.day = from->day;
    visit.patch = from->patch;
    visit.door = from->door_s;
    visit.locked_start = from->locked_start;
    visit.prefer_open = from->prefer_open;
    visit.prefer_close = from->prefer_close;
    visit.early_price = pence_per_minute(s->early_per_minute);
    visit.late_price = pence_per_minute(s->late_per_minute);
    if (from->late_s > 0 && !from->is_part) {
        visit.due = from->windows[from->n_windows - 1].close;
        visit.lateness_price = pence_per_minute(s->accepted_late_per_minute);
    }
    visit.load = 1;
    visit.unallocated_price = unallocated_price(s, from);
    visit.time_critical = from->time_critical;
    visit.priority = from->priority;
    visit.lives_alone = from->lives_alone;
    visit.last_visit = b->r->clients[from->client].last_visit;
    cr_status st = cr_problem_add_ids(b->problem, from->forbidden.items, from->forbidden.n, &visit.forbidden);
    if (!st)
        st = cr_problem_add_ids(b->problem, from->preferred.items, from->preferred.n, &visit.preferred);
    if (!st)
        st = cr_problem_add_visit(b->problem, &visit);
    int32_t last = from->n_windows - 1;
    for (int32_t i = 0; !st && i < from->n_windows; i++)
        st = cr_problem_add_window(b->problem, from->windows[i].open,
                                   from->windows[i].close + (i == last ? from->late_s : 0));
    if (!st && from->late_s > 0)
        st = concede(b, CR_CONCEDED_WINDOW, b->problem->n_windows - 1, from->windows[last].close);
    return st ? st : add_slots(b, from);
}

static cr_status add_visits(building *b)
{
    day_reading *r = b->r;
    cr_status st = CR_OK;
    for (int32_t v = 0; !st && v < r->n_visits; v++) {
        const visit_record *from = &r->visits[v];
        b->visit_at[v] = CR_NONE;
        if (visit_is_left_out(r, v))
            continue;
        b->visit_at[v] = b->problem->n_visits;
        b->day->visits[b->problem->n_visits] =
            (day_visit){from->visit_id, from->band, from->notes, b->client_at[from->client], from->line, from->is_part};
        const visit_record ticking = ticking_visit(b, v);
        st = add_visit(b, &ticking);
    }
    return st;
}

/* Before the gap is added. */
static cr_status concede_to_gap(building *b, const link_record *link, cr_gap *gap)
{
    int32_t index = b->problem->n_gaps;
    cr_status st = CR_OK;
    if (link->gives_s > 0 && gap->min != CR_FREE) {
        st = concede(b, CR_CONCEDED_GAP_MIN, index, gap->min);
        gap->min -= link->gives_s;
    }
    if (!st && link->gives_s > 0 && gap->max != CR_FREE) {
        st = concede(b, CR_CONCEDED_GAP_MAX, index, gap->max);
        gap->max += link->gives_s;
    }
    if (!st && link->any_carers && gap->carers != CR_GAP_ANY) {
        st = concede(b, CR_CONCEDED_GAP_CARERS, index, (int32_t)gap->carers);
        gap->carers = CR_GAP_ANY;
    }
    return st;
}

static cr_status add_gaps(building *b)
{
    day_reading *r = b->r;
    cr_status st = CR_OK;
    for (int32_t i = 0; !st && i < r->n_links; i++) {
        const link_record *link = &r->links[i];
        cr_gap gap = {b->visit_at[link->first],
                      b->visit_at[link->second],
                      link->from,
                      link->min,
                      link->max,
                      link->carers,
                      link->both};
        if (gap.second == CR_NONE)
            continue;
        if (gap.first != CR_NONE) {
            st = concede_to_gap(b, link, &gap);
            if (!st)
                st = cr_problem_add_gap(b->problem, &gap);
            continue;
        }
        row at = row_of_visit(r, link->second);
        row_warning(&at, CR_NONE, "visit '%s' was left out, so the link to it is not kept",
                    r->visits[link->first].visit_id);
    }
    return st;
}

static void copy_accepted(building *b)
{
    const day_reading *r = b->r;
    for (int32_t i = 0; i < r->n_accepted; i++) {
        const accepted_record *a = &r->accepted[i];
        day_accepted to = {a->rule, CR_NONE, CR_NONE, a->carer, a->shift, a->who, a->when, a->why};
        to.visit = a->visit != CR_NONE ? b->visit_at[a->visit] : CR_NONE;
        to.other_visit = a->other_visit != CR_NONE ? b->visit_at[a->other_visit] : CR_NONE;
        bool is_here =
            (a->visit == CR_NONE || to.visit != CR_NONE) && (a->other_visit == CR_NONE || to.other_visit != CR_NONE);
        if (is_here)
            b->day->accepted[b->day->n_accepted++] = to;
    }
}

#define ALWAYS (400 * 86400) /* further than any horizon */

static int32_t ticks_of(const cr_day *day, int32_t wall_s)
{
    int32_t of_day = wall_s >= 0 ? wall_s / 86400 : -((86399 - wall_s) / 86400);
    return day_ticks(day, of_day, wall_s - of_day * 86400);
}

/* Carers keep their order, so their places hold; events about carers become times at which they are not there. */
static void copy_events(building *b)
{
    const day_reading *r = b->r;
    cr_day *day = b->day;
    for (int32_t i = 0; i < r->n_events; i++) {
        day_event event = r->events[i];
        bool is_carer = event.carer >= 0;
        event.from = !is_carer ? CR_FREE : event.from_s == CR_FREE ? -ALWAYS : ticks_of(day, event.from_s);
        event.to = !is_carer ? CR_FREE : event.to_s == CR_FREE ? ALWAYS : ticks_of(day, event.to_s);
        day->events[day->n_events++] = event;
    }
}

static cr_status add_history(building *b)
{
    const day_reading *r = b->r;
    cr_status st = CR_OK;
    for (int32_t i = 0; !st && i < r->n_familiar; i++) {
        const cr_familiar *f = &r->familiar[i];
        if (b->client_at[f->client] != CR_NONE)
            st = cr_problem_add_familiar(b->problem, b->client_at[f->client], f->carer, f->n_visits);
    }
    return st;
}

/* ---- the day ---- */

static void *take_array(day_reading *r, int32_t n, size_t size)
{
    return arena_take_bytes(r->strings, ((size_t)n + 1) * size);
}

static cr_status take_arrays(building *b)
{
    day_reading *r = b->r;
    cr_day *day = b->day;
    char date[16];
    day->name = r->name;
    day->date = arena_copy(r->strings, value_date_text(r->day0, date));
    day->first_day = r->day0;
    day->n_days = r->n_days > 1 ? r->n_days : 1;
    day->change = time_zone_change(r->settings.time_zone, r->day0, day->n_days + 1);
    day->time_zone = r->settings.time_zone;
    day->places_source = r->places_source;
    day->n_providers = r->n_providers;
    day->n_skills = r->skills.n;
    day->n_attributes = r->attributes.n;
    day->n_patches = r->patches.n;
    day->n_places = r->places.n;
    day->clients = take_array(r, r->n_clients, sizeof *day->clients);
    day->visits = take_array(r, r->n_visits, sizeof *day->visits);
    day->carers = take_array(r, r->n_carers, sizeof *day->carers);
    day->shifts = take_array(r, r->n_shifts, sizeof *day->shifts);
    day->providers = take_array(r, r->n_providers, sizeof *day->providers);
    day->skill_name = take_array(r, r->skills.n, sizeof *day->skill_name);
    day->attribute_name = take_array(r, r->attributes.n, sizeof *day->attribute_name);
    day->accepted = take_array(r, r->n_accepted, sizeof *day->accepted);
    day->events = take_array(r, r->n_events, sizeof *day->events);
    day->patch_name = take_array(r, r->patches.n, sizeof *day->patch_name);
    day->places = take_array(r, r->places.n, sizeof *day->places);
    b->visit_at = take_array(r, r->n_visits, sizeof *b->visit_at);
    b->client_at = take_array(r, r->n_clients, sizeof *b->client_at);
    return arena_failed(r->strings) ? CR_E_NOMEM : CR_OK;
}

static void copy_names(building *b)
{
    const day_reading *r = b->r;
    cr_day *day = b->day;
    if (r->n_providers)
        memcpy(day->providers, r->providers, (size_t)r->n_providers * sizeof *day->providers);
    if (r->skills.n)
        memcpy(day->skill_name, r->skills.name, (size_t)r->skills.n * sizeof *day->skill_name);
    if (r->attributes.n)
        memcpy(day->attribute_name, r->attributes.name, (size_t)r->attributes.n * sizeof *day->attribute_name);
    if (r->patches.n)
        memcpy(day->patch_name, r->patches.name, (size_t)r->patches.n * sizeof *day->patch_name);
    if (r->places.n)
        memcpy(day->places, r->places.places, (size_t)r->places.n * sizeof *day->places);
}

static cr_status fill(building *b)
{
    cr_status st = take_arrays(b);
    if (st)
        return st;
    copy_names(b);
    b->problem->n_places = b->day->n_places;
    b->day->walk_mode = CR_NONE;
    number_modes(b);
    number_clients_and_visits(b);
    set_prices(b);
    if ((st = make_matrices(b)) || (st = add_providers(b)) || (st = add_carers(b)) || (st = add_shifts(b)) ||
        (st = add_visits(b)) || (st = add_gaps(b)) || (st = add_history(b)))
        return st;
    copy_accepted(b);
    copy_events(b);
    return arena_failed(b->r->strings) ? CR_E_NOMEM : CR_OK;
}

/* What passed our checks and still fails the engine's is named without a row, rather than planned. */
static cr_status validate(building *b)
{
    char message[300];
    cr_status st = cr_problem_validate(b->problem, message, sizeof message);
    if (st == CR_E_INPUT)
        findings_error(b->r->findings, (finding_at){b->r->name, 0, "", ""}, "%s", message);
    return st;
}

cr_status build_day(day_reading *r, cr_day **ret_day)
{
    cr_auto(cr_day) day = calloc(1, sizeof *day);
    if (!day)
        return CR_E_NOMEM;
    cr_status st = cr_problem_new(&day->problem);
    if (st)
        return st;
    building b = {.r = r, .day = day, .problem = day->problem};
    st = fill(&b);
    if (!st)
        st = validate(&b);
    if (st)
        return st;
    day->strings = r->strings;
    r->strings = NULL;
    *ret_day = cr_day_take(&day);
    return CR_OK;
}
