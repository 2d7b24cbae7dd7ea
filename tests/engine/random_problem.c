/* Random small problems: see random_problem.h. */
#include "random_maker.h"

#include <stdio.h>
#include <stdlib.h>

#define SLOTS_MOST  9 /* of a tiny problem, */
#define BREAKS_MOST 2 /* for the sake of brute force */
#define N_SKILLS    3
#define N_ATTRIBUTE 2
#define N_GRADES    2
#define N_PATCHES   3

static features draw_features(maker *m)
{
    bool coupled = m->size == RANDOM_COUPLED;
    return (features){
        .double_ups = coupled || chance(m, 60),
        .gaps = coupled || chance(m, 55),
        .breaks = chance(m, 40),
        .splits = chance(m, 40),
        .many_windows = chance(m, 35),
        .tight_windows = chance(m, 30),
        .preferred = coupled || chance(m, 50),
        .due = coupled || chance(m, 50),
        .worst = chance(m, 40),
        .skills = chance(m, 35),
        .attributes = chance(m, 25),
        .forbidden = chance(m, 25),
        .lock_carers = chance(m, 25),
        .lock_starts = chance(m, 15),
        .max_work = chance(m, 30),
        .max_load = chance(m, 30),
        .open_ends = chance(m, 40),
        .no_way = chance(m, 25),
        .wild_matrix = chance(m, 25),
        .two_modes = chance(m, 35),
        .doors = chance(m, 50),
        .grades = dice_chance(&m->more, 25),
        .patches = dice_chance(&m->more, 25),
        .published = dice_chance(&m->told, 25),
        .faces = dice_chance(&m->more, 25),
        .providers = dice_chance(&m->more, 25),
        .hours = dice_chance(&m->more, 25),
        .days = dice_chance(&m->more, 25),
        .overruns = m->size != RANDOM_TINY && dice_chance(&m->more, 30),
        .at_begin = m->size != RANDOM_TINY && dice_chance(&m->more, 20),
        .idle = m->size != RANDOM_TINY && dice_chance(&m->more, 20),
        .imbalance = m->size != RANDOM_TINY && dice_chance(&m->more, 20),
        .late_ends = m->size != RANDOM_TINY && dice_chance(&m->more, 30),
        .sleeps = dice_chance(&m->more, 20),
        .parts = dice_chance(&m->later, 30),
        .contracts = dice_chance(&m->later, 25),
        .held = dice_chance(&m->later, 25),
        .shared_places = chance(m, 40),
        .history = chance(m, 45),
        .wishes = chance(m, 30),
        .wages = chance(m, 55),
        .waiting = chance(m, 60),
        .cheap_visits = chance(m, 12),
        .periods = dice_chance(&m->hour, 25),
        .crews = dice_chance(&m->car, 10),
        .agencies = dice_chance(&m->firm, m->size == RANDOM_TINY ? 25 : 10),
        .own_miles = dice_chance(&m->firm, 20),
        .addresses = dice_chance(&m->door, 20),
        .goods = dice_chance(&m->boot, 15),
        .most_ways = dice_chance(&m->road, 20),
        .care_prices = dice_chance(&m->paid, 15),
        .anywhere = dice_chance(&m->idle, 15),
        .split_breaks = dice_chance(&m->rest, 40),
    };
}

/* ---- prices ---- */

static void make_prices(maker *m)
{
    m->p->prices = (cr_prices){
        .travel = price(m, 12),
        .distance = {price(m, 2), price(m, 1)},
        .waiting = m->has.waiting ? price(m, 15) : 0,
        .worst_lateness = m->has.worst ? price(m, 60) : 0,
        .worst_idle = m->has.idle ? m->price_unit * dice_between(&m->more, 1, 40) : 0,
        .imbalance = m->has.imbalance ? m->price_unit * dice_between(&m->more, 1, 20) : 0,
        .unfamiliar = m->has.history ? price(m, 300) : 0,
        .stranger_short = m->has.history ? price(m, 200) : 0,
        .short_visit = 20 * m->unit,
        .not_preferred = m->has.wishes ? price(m, 250) : 0,
        .new_face = m->has.faces ? m->price_unit * dice_between(&m->more, 1, 300) : 0,
        .several_providers = m->has.providers ? m->price_unit * dice_between(&m->more, 1, 300) : 0,
        .shared_address = m->has.addresses ? m->price_unit * dice_between(&m->door, 1, 300) : 0,
        .address_within = m->has.addresses ? m->unit * dice_between(&m->door, 0, 120) : 0,
        .off_patch = m->has.patches ? m->price_unit * dice_between(&m->more, 0, 300) : 0,
        .changed_carer = m->has.published ? m->price_unit * dice_between(&m->told, 0, 300) : 0,
        .moved = m->has.published ? m->price_unit * dice_between(&m->told, 0, 20) : 0,
        .moved_free = m->has.published ? m->unit * dice_between(&m->told, 0, 30) : 0,
    };
}

/* ---- carers ---- */

static void add_skills(maker *m, cr_range *ret_range, int32_t percent)
{
    cr_skill skills[N_SKILLS];
    int32_t n = 0;
    for (int32_t s = 0; s < N_SKILLS; s++)
        if (m->has.skills && chance(m, percent))
            skills[n++] = (cr_skill){s, between(m, 0, 2)};
    must(cr_problem_add_skills(m->p, skills, n, ret_range));
}

static void add_attributes(maker *m, cr_range *ret_range, int32_t percent)
{
    int32_t ids[N_ATTRIBUTE], n = 0;
    for (int32_t a = 0; a < N_ATTRIBUTE; a++)
        if (m->has.attributes && chance(m, percent))
            ids[n++] = 70 + a;
    must(cr_problem_add_ids(m->p, ids, n, ret_range));
}

static void add_patches(maker *m, cr_carer *carer)
{
    int32_t ids[N_PATCHES], n = 0;
    for (int32_t patch = 0; patch < N_PATCHES; patch++)
        if (m->has.patches && dice_chance(&m->more, 50))
            ids[n++] = patch;
    carer->keeps_patches = m->has.patches && dice_chance(&m->more, 40);
    must(cr_problem_add_ids(m->p, ids, n, &carer->patches));
}

static void draw_hours(maker *m, cr_carer *carer)
{
    if (!m->has.hours)
        return;
    int32_t limit = dice_between(&m->more, 0, 240 * m->unit);
    carer->overtime_after = dice_chance(&m->more, 60) ? limit : CR_NONE;
    carer->overtime_price = m->price_unit * dice_between(&m->more, 0, 8);
    carer->least_work = dice_chance(&m->more, 60) ? dice_between(&m->more, 0, 300 * m->unit) : 0;
    carer->shortfall_price = m->price_unit * dice_between(&m->more, 0, 8);
}

static void add_carer(maker *m)
{
    cr_carer carer = CR_CARER_INIT;
    add_skills(m, &carer.skills, 85);
    add_attributes(m, &carer.attributes, 75);
    add_patches(m, &carer);
    draw_hours(m, &carer);
    carer.provider = random_provider(m);
    if (m->has.days) {
        carer.max_day_work = dice_chance(&m->more, 60) ? dice_between(&m->more, 30 * m->unit, 240 * m->unit) : CR_NONE;
        carer.min_rest = dice_chance(&m->more, 60) ? dice_between(&m->more, 0, 60 * m->unit) : 0;
    }
    if (m->has.grades)
        carer.grade = dice_between(&m->more, CR_NONE, N_GRADES - 1);
    carer.wage_price = m->has.wages ? price(m, 8) : 0;
    if (m->has.care_prices && dice_chance(&m->paid, 60))
        carer.care_price = m->price_unit * dice_between(&m->paid, 1, 8);
    if (m->has.own_miles && dice_chance(&m->firm, 50))
        carer.distance_price = m->price_unit * dice_between(&m->firm, 0, 3);
    if (m->has.max_work && chance(m, 60))
        carer.max_work = minutes(m, 60, 300);
    must(cr_problem_add_carer(m->p, &carer));
}

static int32_t some_place(maker *m)
{
    if (m->has.open_ends && chance(m, 40))
        return CR_NONE;
    return chance(m, 70) ? 0 : between(m, 0, m->p->n_places - 1);
}

/* The break just made may start at some of its times only. */
static void split_break(maker *m)
{
    const cr_break *brk = &m->p->breaks[m->p->n_breaks - 1];
    cr_window windows[3] = {{brk->open, brk->close}};
    int32_t n = 1;
    while (n < 3 && windows[n - 1].close - windows[n - 1].open >= 4 && dice_chance(&m->rest, 60)) {
        cr_window *last = &windows[n - 1];
        int32_t until = dice_between(&m->rest, last->open, last->close - 2),
                from = dice_between(&m->rest, until + 2, last->close);
        windows[n++] = (cr_window){from, last->close};
        last->close = until;
    }
    must(cr_problem_add_break_windows(m->p, windows, n));
}

static void add_breaks(maker *m, int32_t begin, int32_t end)
{
    int32_t n = m->has.breaks ? between(m, 0, chance(m, 20) ? 2 : 1) : 0;
    if (m->size == RANDOM_TINY && n > BREAKS_MOST - m->p->n_breaks)
        n = BREAKS_MOST - m->p->n_breaks;
    for (int32_t k = 0, from = begin; k < n && from < end; k++) {
        int32_t open = between(m, from, end - (end - from) / 4), close = between(m, open, end);
        if (m->has.held && dice_chance(&m->later, 50)) /* time held back is at its time */
            close = open;
        must(cr_problem_add_break(m->p, open, close, chance(m, 10) ? 0 : minutes(m, 5, 30), chance(m, 50)));
        if (m->has.split_breaks)
            split_break(m);
        from = open;
    }
}

static void add_shift(maker *m, int32_t day, int32_t begin, int32_t end)
{
    cr_shift shift = CR_SHIFT_INIT;
    shift.carer = m->p->n_carers - 1;
    shift.day = day;
    shift.begin = begin;
    shift.end = end;
    shift.start_place = some_place(m);
    shift.end_place = chance(m, 70) ? shift.start_place : some_place(m);
    shift.mode = between(m, 0, m->p->n_modes - 1);
    shift.use_price = chance(m, 30) ? price(m, 400) : 0;
    if (m->has.max_load && chance(m, 60))
        shift.max_load = between(m, 1, m->size == RANDOM_TINY ? 5 : 8);
    if (m->has.overruns && dice_chance(&m->more, 70)) {
        shift.paid_end = dice_between(&m->more, begin, end);
        shift.overrun_price = m->price_unit * dice_between(&m->more, 0, 12);
    }
    if (m->has.most_ways && dice_chance(&m->road, 60))
        shift.max_travel = dice_between(&m->road, 20 * m->unit, 200 * m->unit);
    if (m->has.most_ways && dice_chance(&m->road, 40))
        shift.max_dist_m = 8 * dice_between(&m->road, 20 * m->unit, 200 * m->unit);
    shift.leaves_at_begin = m->has.at_begin && dice_chance(&m->more, 60);
    must(cr_problem_add_shift(m->p, &shift));
    add_breaks(m, begin, end);
}

/* Somebody shares the car of the shift just made: all of it is as hers. */
static void add_to_crew(maker *m)
{
    int32_t r = m->p->n_shifts - 1;
    const cr_range breaks = m->p->shifts[r].breaks;
    if (!m->has.crews || m->has_crew || m->p->n_shifts >= m->n_shifts || !dice_chance(&m->car, 60) ||
        (m->size == RANDOM_TINY && m->p->n_breaks + breaks.n > BREAKS_MOST))
        return;
    add_carer(m);
    m->has_crew = true; /* one is enough: it serves double-ups only, */
    if (m->size != RANDOM_TINY)
        m->n_shifts += 2; /* so it comes beside those who serve the rest */
    m->p->shifts[r].crew = r;
    cr_shift shift = m->p->shifts[r];
    shift.breaks = (cr_range){0, 0};
    shift.carer = m->p->n_carers - 1;
    shift.rides = dice_chance(&m->car, 80);
    shift.use_price = m->price_unit * dice_between(&m->car, 0, 200);
    must(cr_problem_add_shift(m->p, &shift));
    for (int32_t b = 0; b < breaks.n; b++) {
        cr_break of = m->p->breaks[breaks.first + b];
        must(cr_problem_add_break(m->p, of.open, of.close, of.length, dice_chance(&m->car, 50)));
        m->p->breaks[m->p->n_breaks - 1].windows = of.windows;
    }
}

static void make_carers(maker *m)
{
    int32_t day = DAY * m->unit;
    while (m->p->n_shifts < m->n_shifts) {
        add_carer(m);
        int32_t begin = chance(m, 30) ? 0 : minutes(m, 0, DAY / 4),
                end = chance(m, 40) ? day : between(m, begin + day / 2, day);
        if (m->has.splits && m->p->n_shifts + 1 < m->n_shifts && chance(m, 60)) {
            int32_t middle = between(m, begin + day / 12, end - day / 12), rest = between(m, 0, (end - middle) / 3);
            add_shift(m, 0, begin, middle);
            add_shift(m, m->has.days && dice_chance(&m->more, 70) ? RANDOM_DAYS - 1 : 0, middle + rest, end);
        } else {
            add_shift(m, 0, begin, end);
        }
        add_to_crew(m);
    }
    if (chance(m, 15))
        add_carer(m); /* she has no shift */
}

/* ---- visits ---- */

static void add_windows(maker *m)
{
    int32_t day = DAY * m->unit;
    int32_t n = m->has.many_windows && chance(m, 60) ? between(m, 2, 3) : 1;
    for (int32_t k = 0, from = 0; k < n; k++) {
        int32_t to = day * (k + 1) / n - m->unit;
        int32_t open = between(m, from, to), close = between(m, open, to);
        if (m->has.tight_windows && chance(m, 50)) {
            close = chance(m, 30) ? open : open + between(m, 0, (to - open) / 8);
        } else if (n == 1 && chance(m, 60)) {
            open = chance(m, 50) ? 0 : open / 2;
            close = chance(m, 50) ? day : day - (day - close) / 2;
        }
        must(cr_problem_add_window(m->p, open, close));
        from = close + 1;
        if (from > day - m->unit)
            break;
    }
}

static void draw_times(maker *m, cr_visit *visit)
{
    if (m->has.preferred && chance(m, 60)) {
        int32_t open = minutes(m, 0, DAY), close = open + (chance(m, 40) ? 0 : minutes(m, 0, 60));
        visit->prefer_open = chance(m, 85) ? open : CR_FREE;
        visit->prefer_close = chance(m, 85) ? close : CR_FREE;
        visit->early_price = price(m, 20);
        visit->late_price = price(m, 20);
    }
    if (m->has.due && chance(m, 60)) {
        visit->due = minutes(m, 0, DAY);
        visit->lateness_price = price(m, 20);
        visit->late_by_end = m->has.late_ends && dice_chance(&m->more, 60);
    }
    if (m->has.lock_starts && chance(m, 25))
        visit->locked_start = minutes(m, 0, DAY);
}

static void add_carer_list(maker *m, cr_range *ret_range)
{
    int32_t ids[16], n = 0;
    for (int32_t c = 0; c < m->p->n_carers; c++)
        if (chance(m, 40))
            ids[n++] = c;
    must(cr_problem_add_ids(m->p, ids, n, ret_range));
}

/* Some grades are slower, some quicker, some not at all other. */
static void add_by_grade(maker *m, int32_t duration, cr_range *ret_range)
{
    cr_grade_duration durations[N_GRADES];
    int32_t n = 0;
    for (int32_t grade = 0; grade < N_GRADES; grade++)
        if (m->has.grades && dice_chance(&m->more, 50))
            durations[n++] = (cr_grade_duration){grade, duration * dice_between(&m->more, 60, 150) / 100};
    must(cr_problem_add_durations(m->p, durations, n, ret_range));
}

static void add_slot(maker *m, int32_t duration)
{
    cr_slot slot = CR_SLOT_INIT;
    slot.duration = duration;
    add_by_grade(m, duration, &slot.by_grade);
    add_skills(m, &slot.skills, 15);
    add_attributes(m, &slot.attributes, 15);
    if (m->has.lock_carers && chance(m, 25))
        slot.locked_carer = between(m, 0, m->p->n_carers - 1);
    if (slot.locked_carer != CR_NONE && dice_chance(&m->more, 40))
        slot.accepted = dice_between(&m->more, 0, CR_ACCEPT_ALL);
    if (m->has.published && dice_chance(&m->told, 70))
        slot.published_carer = dice_between(&m->told, 0, m->p->n_carers - 1);
    slot.sleeps = m->has.sleeps && dice_chance(&m->more, 40);
    slot.sleep_price = slot.sleeps ? m->price_unit * dice_between(&m->more, 0, 300) : 0;
    must(cr_problem_add_slot(m->p, &slot));
}

static void add_slots(maker *m)
{
    int32_t n = 1;
    if ((m->has.double_ups || m->has_crew) && chance(m, m->has_crew ? 60 : 40))
        n = chance(m, 15) ? 3 : 2;
    if (n > m->p->n_carers && chance(m, 90))
        n = m->p->n_carers;
    int32_t visits_left = m->n_visits - m->p->n_visits;
    if (m->size == RANDOM_TINY && m->p->n_slots + n + visits_left > SLOTS_MOST)
        n = 1;
    int32_t duration = chance(m, 6) ? 0 : minutes(m, 5, m->size == RANDOM_TINY ? 70 : 50);
    for (int32_t k = 0; k < n; k++) {
        add_slot(m, duration);
        if (chance(m, 40))
            duration = minutes(m, 5, 50);
    }
}

static void add_visit(maker *m)
{
    cr_visit visit = CR_VISIT_INIT;
    visit.client = between(m, 0, m->p->n_clients - 1);
    visit.place = m->has.no_way && chance(m, 6) ? CR_NONE : between(m, 0, m->p->n_places - 1);
    visit.door = m->has.doors ? minutes(m, 0, 6) : 0;
    visit.load = m->has.max_load ? between(m, 0, 2) : 1;
    visit.unallocated_price = m->price_unit * (m->has.cheap_visits ? between(m, 0, 600) : between(m, 5000, 80000));
    if (m->has.forbidden && chance(m, 40))
        add_carer_list(m, &visit.forbidden);
    if (m->has.wishes && chance(m, 50))
        add_carer_list(m, &visit.preferred);
    if (m->has.days)
        visit.day = dice_between(&m->more, 0, RANDOM_DAYS - 1);
    if (m->has.patches)
        visit.patch = dice_between(&m->more, CR_NONE, N_PATCHES - 1);
    if (m->has.published && dice_chance(&m->told, 70))
        visit.published_start = m->unit * dice_between(&m->told, 0, DAY);
    visit.same_provider = m->has.agencies && dice_chance(&m->firm, 30);
    if (m->has.addresses) {
        visit.address = dice_between(&m->door, CR_NONE, 2);
        visit.about = m->unit * dice_between(&m->door, 0, DAY);
    }
    draw_times(m, &visit);
    must(cr_problem_add_visit(m->p, &visit));
    add_windows(m);
    add_slots(m);
}

static void draw_size(maker *m)
{
    bool tiny = m->size == RANDOM_TINY;
    m->n_visits = tiny ? between(m, 1, 7) : between(m, 8, 30);
    m->n_shifts = tiny ? (chance(m, 20) ? 1 : between(m, 2, 3)) : between(m, 3, 8);
    m->unit = tiny || chance(m, 40) ? 1 : 60;
    m->price_unit = chance(m, 70) ? 1 : 1000;
}

void random_problem_init(random_problem *random, random_size size, uint64_t seed)
{
    *random = (random_problem){0};
    must(cr_problem_new(&random->problem));
    maker m = {.dice = {seed},
               .more = {~seed},
               .told = {seed ^ UINT64_C(0x5EED)},
               .later = {seed ^ UINT64_C(0xA11A5)},
               .hour = {seed ^ UINT64_C(0xC10C)},
               .car = {seed ^ UINT64_C(0xCAB)},
               .firm = {seed ^ UINT64_C(0xF14)},
               .door = {seed ^ UINT64_C(0xD008)},
               .boot = {seed ^ UINT64_C(0xB007)},
               .idle = {seed ^ UINT64_C(0x1D1E)},
               .seen = {seed ^ UINT64_C(0x5EE2)},
               .road = {seed ^ UINT64_C(0x20AD)},
               .paid = {seed ^ UINT64_C(0x9A1D)},
               .rest = {seed ^ UINT64_C(0x2E57)},
               .size = size,
               .made = random,
               .p = random->problem};
    m.has = draw_features(&m);
    draw_size(&m);
    m.p->n_clients = 1 + m.n_visits * 2 / 3;
    random_places(&m);
    random_periods(&m);
    make_prices(&m);
    random_providers(&m);
    make_carers(&m);
    for (int32_t v = 0; v < m.n_visits; v++)
        add_visit(&m);
    random_gaps(&m);
    random_parts(&m);
    random_goods(&m);
    random_history(&m);
    random_anywhere(&m);
    char message[200];
    cr_status st = cr_problem_validate(m.p, message, sizeof message);
    if (st)
        fprintf(stderr, "random problem, seed %llu: %s\n", (unsigned long long)seed, message);
    must(st);
}

void random_problem_forget_periods(random_problem *random)
{
    random->problem->n_periods = 0;
}

void random_problem_done(random_problem *random)
{
    random->problem = cr_problem_free(random->problem);
    for (int32_t mode = 0; mode < 2; mode++) {
        random->matrix[mode] = cr_matrix_free(random->matrix[mode]);
        for (int32_t t = 0; t < RANDOM_TABLES; t++)
            random->tables[mode][t] = cr_matrix_free(random->tables[mode][t]);
    }
}

void random_problem_mark_halves(const cr_problem *problem, bool *is_marked)
{
    bool is_changed = true;
    while (is_changed) {
        is_changed = false;
        for (int32_t g = 0; g < problem->n_gaps; g++) {
            const cr_gap *gap = &problem->gaps[g];
            if (!gap->both || is_marked[gap->first] == is_marked[gap->second])
                continue;
            is_marked[gap->first] = is_marked[gap->second] = is_changed = true;
        }
    }
}
