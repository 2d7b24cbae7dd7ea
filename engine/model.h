/* The compiled problem: what the search reads millions of times a second.
 *
 * Built once from a validated cr_problem, const from then on. Exclusions are folded into one dense table of prices,
 * slot x carer; times and metres of a leg stand side by side; each slot knows the shifts that can take it at all.
 *
 * A "stop" is a slot, or n_slots + a break. A "start" is a visit, or n_visits + a break: carers of a visit share it.
 */
#ifndef ENGINE_MODEL_H
#define ENGINE_MODEL_H

#include "travel.h"

#define COST_NEVER (INT64_MAX / 4)
#define NEAR_SLOTS 48 /* of other visits, in whose rounds a visit is likely to be well placed */

typedef struct leg {
    int32_t time, dist_m;
} leg;

/* A shift, ready for pricing. */
typedef struct model_shift {
    const int32_t *length; /* of each stop, when its carer takes it: care, and how long she then stands by */
    const int32_t *work;   /* how much of that is work; the same where nobody may sleep */
    const leg *legs;       /* of its mode, by where it begins */
    const leg *into;       /* the same legs by where they end: into[to * into_row + from * into_step] */
    size_t into_row, into_step;
    const int32_t *times,
        *metres; /* of its mode by table, where travel depends on the time of day; NULL: `legs` says all */
    int32_t begin, end, start_place, end_place, carer, max_load;
    const int32_t *room;    /* for goods, by kind; INT32_MAX: no limit */
    int32_t day_most;       /* work of its carer on its day; INT32_MAX: no limit */
    int32_t day_first;      /* the first shift of the same carer and day: stands for all of them */
    cr_range too_near;      /* shifts of other days, to and from which she would have too little rest */
    int32_t contract;       /* provider whose contract asks for sums over its care; CR_NONE */
    int32_t crew;           /* the shift of who shares her car; CR_NONE */
    int32_t twin;           /* the first shift that is like this one in everything: empty twins are alike */
    int32_t pace;           /* the first shift with which its round can exchange a rest: swap_tails.h; CR_NONE */
    int32_t paid_end, rest; /* end of the shift as paid; length of its breaks */
    bool leaves_at_begin;
    bool exchanges;                                     /* stretches of its round with others: exchange.h */
    bool has_way_limits;                                /* its round has a most travel or distance */
    int32_t n_held;                                     /* stops at the beginning of its round that stay */
    bool is_over;                                       /* and no visit comes after them */
    int64_t overrun;                                    /* a tick past paid_end */
    int64_t travel_rate, dist_rate, wage, waiting_rate; /* a tick of travel, a metre, a tick of door time, of waiting */
    int64_t use_price; /* of a round with a visit: its shift's, and the wage of paid breaks */
} model_shift;

/* What a visit does to the goods of one kind on board: see goods.h. */
typedef struct model_goods {
    int32_t brings, takes;
} model_goods;

/* What a start may be and what it costs. */
typedef struct model_start {
    int32_t lo, hi, place, door, load;
    const cr_window *windows;
    int32_t n_windows; /* 1: [lo, hi] says it all */
    int32_t prefer_open, prefer_close, due;
    int32_t moved_open, moved_close;      /* no move against the published start */
    int64_t early, late, lateness, moved; /* a tick, for the whole visit */
    cr_range later_dues; /* of model.later_dues: where lateness rises again, as more of its slots are late */
    bool same_provider;  /* its carers are of one */
    bool coupled;        /* several slots, or a gap: its start moves with other rounds */
    bool priced;
    bool tracked; /* either: its earliest and latest start are asked for beside its round's */
    bool has_goods;
    bool is_anywhere; /* its carer stays where she is */
} model_start;

/* What each slot costs with each carer, whatever the time. Most carers of a slot cost one of a few prices: a byte for
 * each tells which, so that what is read all the time stays small. Kind 0 is COST_NEVER. */
typedef struct model_prices {
    uint8_t *kind;  /* [slot * n_carers + carer]; NULL: some slot has more than 255 prices */
    int32_t *first; /* of each slot: its kind 0 in of_kind */
    int64_t *of_kind;
    int64_t *whole; /* [slot * n_carers + carer], only if kind is NULL */
} model_prices;

/* From `at` on, a tick later costs so much more. */
typedef struct model_due {
    int32_t at;
    int64_t price;
} model_due;

/* One side of a gap: start(other) >= start(this) + distance. */
typedef struct model_link {
    int32_t other, distance;
    bool is_most; /* comes from a largest gap: the only links that can close a cycle with slack */
} model_link;

typedef enum model_timing {
    TIMING_FREE,     /* nothing that depends on starts is priced */
    TIMING_EARLIEST, /* only being late costs, or waiting from when the shift begins: the earliest starts are the
                        cheapest */
    TIMING_PRICED,   /* other waiting or being early costs too */
} model_timing;

typedef struct model {
    const cr_problem *p;
    int32_t n_placed; /* slots of visits that have a place: those behind them are spent where the carer is, as breaks */
    int32_t n_slots, n_stops, n_visits, n_starts, n_shifts, n_carers, n_places;
    leg *legs[CR_MODES_MAX]; /* with a row and a column of nothing in front: to and from CR_NONE */
    travel_day day;          /* its periods, if there are any */
    int32_t *times[CR_MODES_MAX], *metres[CR_MODES_MAX]; /* [leg * day.n_tables + table]; NULL: all tables are alike */
    bool has_periods;                                    /* for some mode that is used */
    leg *into[CR_MODES_MAX]; /* turned over; NULL: both directions are alike, or it would be too large */
    bool is_alike[CR_MODES_MAX];
    model_shift *shifts;
    model_start *starts;
    int32_t *start_of;    /* of each stop */
    int32_t *length;      /* of each stop: as it is written; then, if any slot asks, a row more for each grade */
    int32_t *work;        /* the same of what counts as work; NULL: all of it does */
    model_prices prices;  /* of slots with carers: model_slot_price() */
    int32_t *alike;       /* of each slot: the first of its visit that asks for the same */
    cr_range *candidates; /* of each slot: shifts that can take it at all */
    int32_t *candidate_pool;
    cr_range *usual; /* of each slot that many could take: those that would serve it cheapest on its own */
    int32_t *usual_pool;
    cr_range *links_out, *links_in; /* of each visit */
    model_link *link_pool;
    cr_range *gaps_of; /* of each visit: indices of its gaps */
    int32_t *gap_pool;
    int32_t n_near;            /* visits listed for each visit, nearest first */
    int32_t *near;             /* [visit * n_near + k], CR_NONE ends a short list */
    int32_t *near_pool;        /* of model_shift.too_near */
    int32_t *near_slots;       /* the slots of the first of them: [visit * NEAR_SLOTS + k], likewise */
    cr_range *slots_of_client; /* only where faces or providers are priced, as the next five */
    int32_t *client_slots;
    cr_range *met_at_address; /* of each visit: the others that are near it there; NULL: that has no price */
    int32_t *met_pool;
    int32_t *provider_of;   /* of each carer: the first carer of the same provider */
    int32_t *history_first; /* of each client: her first row of familiar; those after it are the next client's */
    model_timing timing;
    bool has_earliest_waiting; /* waiting and overrun are priced, and least at the earliest starts */
    bool has_rests;            /* shifts of one pace: the rests of their rounds can be exchanged */
    bool has_exchanges;        /* they are not all of one: stretches of rounds change carers instead */
    bool has_most_gaps, has_worst, has_max_work, has_doors;
    bool has_way_limits;    /* most travel or distance of a round */
    bool has_limits;        /* that or a most work, a most work of a day, rest between days: round_limits.h */
    bool has_company;       /* faces, or providers of a client or at an address, are priced: see shared.h */
    bool has_same_provider; /* a visit or a gap asks for carers of one provider */
    bool has_crews;         /* two carers share a car: crews.h */
    bool has_days;          /* most work of a day, or rest between days: see days.h */
    bool has_contracts;     /* sums over a provider's care have a limit or a price: contracts.h */
    bool has_hours;         /* overtime or contracted work is priced */
    bool has_idle, has_imbalance, has_spread; /* worst idle time, uneven work, either: see spread.h */
    bool *has_shift;                          /* of each carer */
    int32_t n_goods;                          /* kinds for which some shift has not room without limit */
    model_goods *goods;                       /* [visit * n_goods + kind] */
    int32_t *rooms;                           /* [shift * n_goods + kind] */
    int32_t *break_rooms;                     /* [break * n_goods + kind] */
    int32_t *put_down_at; /* of each visit: the one served with it where what it takes is put down; CR_NONE */
    bool *is_held;        /* of each visit; NULL: the day is not under way */
    int32_t *both_gaps;   /* gaps whose visits are served both or neither: see halves.h */
    int32_t n_both_gaps;
    model_due *later_dues;
    int32_t n_later_dues;
    double mean_leg_cost, mean_leg_ticks; /* scale of the annealing */
} model;

cr_status model_new(const cr_problem *p, model **ret_model);
model *model_free(model *m);
CR_AUTO_DEFINE(model)

/* Do locks, the client's wishes, skills and attributes let this carer do this slot? */
bool model_may_come(const cr_problem *p, int32_t slot, int32_t carer);

/* What a slot costs with a carer, whatever the time; COST_NEVER: excluded. */
static inline int64_t model_slot_price(const model *m, int32_t slot, int32_t carer)
{
    size_t at = (size_t)slot * (size_t)m->n_carers + (size_t)carer;
    return m->prices.kind ? m->prices.of_kind[m->prices.first[slot] + m->prices.kind[at]] : m->prices.whole[at];
}

/* Is the carer not excluded? */
static inline bool model_is_carer_for(const model *m, int32_t slot, int32_t carer)
{
    size_t at = (size_t)slot * (size_t)m->n_carers + (size_t)carer;
    return m->prices.kind ? m->prices.kind[at] > 0 : m->prices.whole[at] != COST_NEVER;
}

static inline bool is_break(const model *m, int32_t stop)
{
    return stop >= m->n_slots;
}

/* A break, or time held back: she stays where she is. */
static inline bool is_placeless(const model *m, int32_t stop)
{
    return stop >= m->n_placed;
}

/* Nobody can get there. */
static inline bool is_nowhere(const model_start *start)
{
    return start->place == CR_NONE && !start->is_anywhere;
}

/* Can nobody serve it, whatever is done? It has no position, or one of its carers no shift that could take it. */
static inline bool model_is_hopeless(const model *m, int32_t visit)
{
    const cr_range slots = m->p->visits[visit].slots;
    bool is_hopeless = is_nowhere(&m->starts[visit]);
    for (int32_t i = 0; i < slots.n; i++)
        is_hopeless = is_hopeless || m->candidates[slots.first + i].n == 0;
    return is_hopeless;
}

/* Where one end is open (CR_NONE) a leg is nothing. */
static inline const leg *leg_in_table(const model *m, const leg *table, int32_t from, int32_t to)
{
    return &table[((ptrdiff_t)from + 1) * ((ptrdiff_t)m->n_places + 1) + to + 1];
}

static inline const leg *leg_of(const model *m, const model_shift *shift, int32_t from, int32_t to)
{
    return leg_in_table(m, shift->legs, from, to);
}

static inline int32_t leg_time(const model *m, const model_shift *shift, int32_t from, int32_t to)
{
    return leg_of(m, shift, from, to)->time;
}

/* ---- by time of day ---- */

static inline size_t tables_of_leg(const model *m, int32_t from, int32_t to)
{
    return (size_t)(((ptrdiff_t)from + 1) * ((ptrdiff_t)m->n_places + 1) + to + 1) * (size_t)m->day.n_tables;
}

/* When she is there if she leaves then. */
static inline int32_t leg_arrive(const model *m, const model_shift *shift, int32_t from, int32_t to, int32_t depart)
{
    return shift->times ? travel_arrive(&m->day, shift->times + tables_of_leg(m, from, to), depart)
                        : depart + leg_time(m, shift, from, to);
}

/* The latest that she may leave to be there by then. */
static inline int32_t leg_leave(const model *m, const model_shift *shift, int32_t from, int32_t to, int32_t arrive)
{
    return shift->times ? travel_leave(&m->day, shift->times + tables_of_leg(m, from, to), arrive)
                        : arrive - leg_time(m, shift, from, to);
}

/* The leg of who leaves then. */
static inline leg leg_at(const model *m, const model_shift *shift, int32_t from, int32_t to, int32_t depart)
{
    if (!shift->times)
        return *leg_of(m, shift, from, to);
    size_t at = tables_of_leg(m, from, to);
    return (leg){travel_arrive(&m->day, shift->times + at, depart) - depart,
                 shift->metres[at + (size_t)travel_table(&m->day, depart)]};
}

/* Door time of a visit when the carer comes from there: none for a neighbour at the same place. */
static inline int32_t door_after(const model_start *to, int32_t from)
{
    return from == to->place ? 0 : to->door;
}

/* The first allowed start at t or later; past hi if there is none. */
static inline int32_t window_after(const model_start *s, int32_t t)
{
    if (t <= s->lo)
        return s->lo;
    for (int32_t k = 0; k + 1 < s->n_windows; k++)
        if (t <= s->windows[k].close)
            return t > s->windows[k].open ? t : s->windows[k].open;
    if (s->n_windows > 1 && t < s->windows[s->n_windows - 1].open)
        return s->windows[s->n_windows - 1].open;
    return t;
}

/* The last allowed start at t or sooner; before lo if there is none. */
static inline int32_t window_before(const model_start *s, int32_t t)
{
    if (t >= s->hi)
        return s->hi;
    for (int32_t k = s->n_windows - 1; k > 0; k--)
        if (t >= s->windows[k].open)
            return t < s->windows[k].close ? t : s->windows[k].close;
    if (s->n_windows > 1 && t > s->windows[0].close)
        return s->windows[0].close;
    return t;
}

#endif
