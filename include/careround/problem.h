/* A day (or week) to plan, in plain arrays: what engine/ is asked.
 *
 * Everything is an index or a number; names stay with the caller. The rules are kept raw (skills, lists, windows), so
 * that the search compiles them its way and the checker reads them its own way. docs/model.md has each rule and cost as
 * a formula. Built with the cr_problem_add_* calls, checked once by cr_problem_validate(), const from then on.
 */
#ifndef CAREROUND_PROBLEM_H
#define CAREROUND_PROBLEM_H

#include "careround/base.h"
#include "careround/matrix.h"

typedef struct cr_window {
    int32_t open, close; /* the start of care lies in [open, close] */
} cr_window;

typedef struct cr_skill {
    int32_t skill, level; /* a carer's level must be at least the level needed */
} cr_skill;

/* What a visit does to one kind of goods on board: meals, linen, whatever takes up room. */
typedef struct cr_goods {
    int32_t kind;   /* below CR_GOODS_MOST */
    int32_t brings; /* on board from the start of the round, and put down here */
    int32_t takes;  /* taken on board here, to the end of the round; below 0: put down here, taken on board before */
} cr_goods;

/* How much of a kind of goods a shift has room for, at any moment of its round. */
typedef struct cr_room {
    int32_t kind, most;
} cr_room;

/* One call at a client's home. All carers of a visit start together. */
typedef struct cr_visit {
    int32_t client;   /* index; continuity is counted by client */
    int32_t place;    /* matrix index; CR_NONE: no position, so nobody can get there, */
    bool is_anywhere; /* or time held back, which its carer spends where she is: one slot in one window, without door
                         time, gaps, goods and sleep. Such visits come after all that have a place */
    int32_t day;      /* of the horizon, from 0: providers at a client are counted by the day */
    int32_t patch;    /* index of the area it lies in; CR_NONE: nobody's */
    int32_t address;  /* index; other providers there at about the same time cost. CR_NONE: nobody else is there */
    int32_t about;    /* ticks at which the visit is thought to be, for that; whenever it then is */
    cr_range slots;   /* one for each carer needed, 1 or more, consecutive */
    cr_range windows; /* hard, sorted, apart; at least one. Start must lie in one of them */
    int32_t door;     /* ticks at the door (park, key safe), paid when the carer comes from another place */
    int32_t locked_start; /* coordinator's lock; CR_FREE */
    int32_t prefer_open;  /* preferred start; outside it early_price / late_price a tick. CR_FREE: none on that side */
    int32_t prefer_close;
    int64_t early_price, late_price;
    int32_t due;               /* start after this is lateness (CR_FREE: none), */
    int64_t lateness_price;    /* at this price a tick and a carer, and it counts for the worst lateness */
    bool late_by_end;          /* due is for the end of each slot (its duration as written), not for the start */
    int32_t load;              /* of each carer's shift: 1 for "most visits", demand in vehicle routing */
    cr_range goods;            /* of each carer's shift, pool of goods; a kind at most once. Usually empty */
    int64_t unallocated_price; /* for each carer missing; what its priority comes to */
    cr_range forbidden;        /* ids: carers who must not come */
    cr_range preferred;        /* ids: carers wished for; others pay prices.not_preferred. Empty: no wish */
    bool same_provider;        /* all its carers are of one provider */
    bool time_critical;        /* medication: for the risk order of the unallocated, windows do the rest */
    int32_t priority;          /* as given, 1 most urgent; for the risk order */
    bool lives_alone;
    int32_t published_start; /* in the rota that people know; CR_FREE: not in it. Moves cost prices.moved */
    int32_t last_visit; /* ticks (negative: before the horizon) of the client's last known visit; CR_FREE unknown */
} cr_visit;

/* How long a carer of this grade takes for a slot. */
typedef struct cr_grade_duration {
    int32_t grade, duration; /* ticks of care */
} cr_grade_duration;

/* Rules on persons that the coordinator may let the carer of a lock break, as bits. */
enum { CR_ACCEPT_SKILL = 1, CR_ACCEPT_ATTRIBUTE = 2, CR_ACCEPT_PATCH = 4, CR_ACCEPT_ALL = 7 };

/* The part of a visit that one carer does. */
typedef struct cr_slot {
    int32_t visit;
    int32_t duration; /* ticks of care; of carers whose grade is not among by_grade */
    bool sleeps;      /* the carer may sleep there: sleep_price for all of it and no wage, and it is no work */
    int64_t sleep_price;
    cr_range by_grade;    /* pool of durations; a grade at most once. Usually empty */
    cr_range skills;      /* needed, pool of skills */
    cr_range attributes;  /* needed, ids (a woman, a language, at ease with dogs) */
    int32_t locked_carer; /* coordinator's lock; CR_NONE */
    int32_t accepted;     /* CR_ACCEPT_...: what the carer of the lock breaks with the coordinator's word; usually 0 */
    int32_t published_carer; /* in the rota that people know; CR_NONE */
    int32_t stay;            /* ticks that its carer stands by afterwards before she can go on: waiting. Usually 0 */
} cr_slot;

typedef enum cr_gap_from {
    CR_GAP_START_TO_START,
    CR_GAP_END_TO_START, /* from the end of the first visit's longest slot */
} cr_gap_from;

typedef enum cr_gap_carers {
    CR_GAP_ANY,
    CR_GAP_SAME,      /* the two visits have a carer in common */
    CR_GAP_DIFFERENT, /* they have none in common */
} cr_gap_carers;

/* start(second) - from(first) in [min, max]. Holds when both are served; says nothing when one is unallocated. */
typedef struct cr_gap {
    int32_t first, second; /* visits */
    cr_gap_from from;
    int32_t min, max; /* ticks; CR_FREE: no bound on that side */
    cr_gap_carers carers;
    bool both;          /* and neither is served without the other */
    bool same_provider; /* all carers of the one are of the provider of all of the other */
} cr_gap;

typedef struct cr_carer {
    cr_range skills;        /* had, pool of skills */
    cr_range attributes;    /* had, ids */
    int32_t grade;          /* below CR_GRADES_MOST; CR_NONE. Slots may take it longer or shorter */
    cr_range patches;       /* ids: the areas she works. Empty: everywhere */
    bool keeps_patches;     /* she serves nobody in another patch; otherwise at prices.off_patch */
    int32_t provider;       /* index, of providers if the problem has any; CR_NONE */
    int32_t max_work;       /* ticks of care + travel + door over all her shifts; CR_NONE: no limit */
    int32_t max_day_work;   /* ticks of the same over her shifts of one day; CR_NONE: no limit */
    int32_t min_rest;       /* ticks from the end of a shift to the begin of one of another day; 0: none */
    int32_t overtime_after; /* ticks of the same; each beyond it costs overtime_price more. CR_NONE: no overtime */
    int64_t overtime_price;
    int32_t least_work; /* ticks of the same that she is contracted for; each short of it costs shortfall_price */
    int64_t shortfall_price;
    int64_t wage_price;     /* a tick of care, travel, door, waiting and paid breaks */
    int64_t care_price;     /* a tick of care more, but of what she may sleep through */
    int64_t distance_price; /* a metre, by whatever mode; CR_NONE: as prices.distance has it */
} cr_carer;

/* A slot of at most this length, as written, costs so much. */
typedef struct cr_length_price {
    int32_t up_to; /* ticks */
    int64_t price;
} cr_length_price;

/* What the contract with a provider says of the care that its carers give, over all days. Its slots count with their
 * duration as written, those that may be slept through with nothing. */
typedef struct cr_provider {
    int32_t block;       /* ticks of care that are paid for, used or not, ... */
    int64_t block_price; /* ... at so much each; */
    int64_t care_price;  /* a tick of care beyond them */
    int32_t least_care;  /* ticks; each that is short of it costs shortfall_price */
    int64_t shortfall_price;
    int32_t max_care;   /* ticks; CR_NONE: no limit */
    int32_t max_slots;  /* served by its carers; CR_NONE: no limit */
    cr_range by_length; /* pool of length prices, ascending; what is longer than the last costs it as often as it goes
                           into it, and the price of the rest */
} cr_provider;

/* One unbroken span of a carer's day; one shift is one round. Shifts of one carer do not overlap. */
typedef struct cr_shift {
    int32_t carer;
    int32_t day;        /* of the horizon, from 0; past midnight it is still the same */
    int32_t begin, end; /* leaves the start place at begin or later, is back at the end place by end */
    int32_t paid_end;   /* being back later costs overrun_price a tick; CR_FREE: end, and there is none */
    int64_t overrun_price;
    bool leaves_at_begin;           /* sets off when the shift begins, whenever the first visit is: she waits there */
    int32_t start_place, end_place; /* CR_NONE: open, the first (last) leg takes no time and costs nothing */
    int32_t mode;                   /* which matrix */
    cr_range breaks;                /* in order of time */
    int32_t max_load;               /* CR_NONE: no limit */
    int32_t max_travel;             /* ticks of all legs of its round; CR_NONE: no limit */
    int32_t max_dist_m;             /* metres of them, none where the carer rides along; CR_NONE: no limit */
    cr_range rooms;                 /* pool of rooms, a kind at most once; other kinds have no limit */
    int64_t use_price;              /* once if the round has a visit */
    cr_range held;                  /* pool of held stops: her round begins with these, as they are */
    bool is_over;                   /* and has no visit after them */
    int32_t crew; /* the two shifts of a crew have the same number: their rounds are one. CR_NONE: she is by herself */
    bool rides;   /* in the car of the other of the crew: no mileage of her own */
} cr_shift;

/* A round with at least one visit holds every break of its shift once, between its departure and its return. */
typedef struct cr_break {
    int32_t shift;
    int32_t open, close; /* the break starts in [open, close], */
    cr_range windows;    /* and in one of these windows (pool of windows), the first from open, the last to close; none:
                            at any time of it */
    cr_range rooms;      /* pool of rooms, a kind at most once: while she takes it, no more than this is on board */
    int32_t length;
    bool paid;
    bool
        kept_free; /* no rest: time that the service holds back. For those who tell; a break like any other otherwise */
    int32_t stay;  /* as of a slot */
} cr_break;

/* A stop of a round that has begun, on a day that is under way (careround/as_of.h): it stays as it is. */
typedef struct cr_held {
    int32_t slot, brk; /* one of the two, CR_NONE the other */
    int32_t start;
} cr_held;

/* The client has seen this carer so many times in the history window (28 days before the horizon), n_lately of them in
 * the window that ends with the horizon, for faces. Carer CR_NONE: so many others, who are not among the carers, were
 * there (n_lately of them in that window). Sorted by client, carer; no doubles. */
typedef struct cr_familiar {
    int32_t client, carer, n_visits, n_lately;
} cr_familiar;

/* Which rule somebody has accepted to be broken, within bounds. */
typedef enum cr_conceded {
    CR_CONCEDED_WINDOW,       /* item: a window; was: its close */
    CR_CONCEDED_SHIFT,        /* a shift; its end */
    CR_CONCEDED_GAP_MIN,      /* a gap; its min */
    CR_CONCEDED_GAP_MAX,      /* a gap; its max */
    CR_CONCEDED_GAP_CARERS,   /* a gap, now CR_GAP_ANY; its carers */
    CR_CONCEDED_MAX_WORK,     /* a carer; her max_work */
    CR_CONCEDED_MAX_DAY_WORK, /* a carer; her max_day_work */
    CR_CONCEDED_MAX_LOAD,     /* a shift; its max_load */
    CR_CONCEDED_REST,         /* a carer; her min_rest */
    CR_CONCEDED_MAX_TRAVEL,   /* a shift; its max_travel */
    CR_CONCEDED_MAX_DISTANCE, /* a shift; its max_dist_m */
    CR_CONCEDED_N
} cr_conceded;

/* The problem's own rule is the one with what was accepted in it, so nobody but the checker has to know: where a plan
 * keeps the rule as it is and not as it was, the breach is listed as accepted. */
typedef struct cr_concession {
    cr_conceded rule;
    int32_t item;
    int32_t was; /* the stricter bound */
} cr_concession;

/* From `begin` on, until the next period begins, ways take what this table of their mode says. */
typedef struct cr_period {
    int32_t begin, table;
} cr_period;

#define CR_MODES_MAX   32
#define CR_TABLES_MAX  8 /* of one mode */
#define CR_SLOTS_MOST  8 /* carers of one visit */
#define CR_GRADES_MOST 64
#define CR_GOODS_MOST  16 /* kinds */
#define CR_DAYS_MOST   366

/* Prices of the whole day in cost units; 0 switches a term off. Prices of single visits stand with them. */
typedef struct cr_prices {
    int64_t travel;                 /* a tick of travel, on top of the wage */
    int64_t distance[CR_MODES_MAX]; /* a metre, of carers without a price of their own */
    int64_t waiting;                /* a tick of waiting, on top of the wage */
    int64_t worst_lateness;         /* a tick of the largest lateness of the plan */
    int64_t worst_idle;             /* a tick of the longest idle time of a shift */
    int64_t imbalance;              /* a tick of a carer's work above or below the mean */
    int64_t unfamiliar;             /* a slot served by a carer the client has not seen in the history window */
    int64_t stranger_short;         /* more, if the slot is shorter than short_visit (NICE NG21 1.4.2) */
    int32_t short_visit;            /* ticks */
    int64_t new_face;               /* a carer whom the client has not seen lately, and who comes once or more */
    int64_t several_providers;      /* each provider more than one at a client */
    int64_t shared_address;         /* a visit at about which carers of several providers are at its address */
    int32_t address_within;         /* ticks that make "about" */
    int64_t not_preferred;          /* a slot served by a carer not on the visit's wish list */
    int64_t changed_carer;          /* a slot served by a carer who is not among the visit's published carers */
    int64_t moved;                  /* a tick that a visit starts more than moved_free from its published start */
    int32_t moved_free;             /* ticks */
    int64_t off_patch;              /* a slot in a patch that is not among its carer's */
} cr_prices;

typedef struct cr_problem {
    int32_t ticks_per_unit; /* 1 for real days (a tick is a second) */
    int32_t n_visits, n_slots, n_windows, n_skills, n_ids, n_gaps, n_carers, n_shifts, n_breaks, n_familiar;
    int32_t n_durations, n_providers, n_length_prices, n_concessions, n_held, n_periods, n_goods, n_rooms;
    int32_t n_clients, n_places, n_modes;
    int32_t as_of; /* ticks at which it stands: what is over cannot be had any more; CR_FREE: not under way */
    cr_visit *visits;
    cr_slot *slots;
    cr_window *windows;           /* pool of cr_visit.windows and cr_break.windows */
    cr_skill *skills;             /* pool of cr_slot.skills and cr_carer.skills */
    int32_t *ids;                 /* pool of attribute ids and carer indices */
    cr_grade_duration *durations; /* pool of cr_slot.by_grade */
    cr_goods *goods;              /* pool of cr_visit.goods */
    cr_room *rooms;               /* pool of cr_shift.rooms and cr_break.rooms */
    cr_gap *gaps;
    cr_carer *carers;
    cr_shift *shifts;
    cr_break *breaks;
    cr_familiar *familiar;
    cr_provider *providers; /* by index; none at all: nobody has a contract */
    cr_concession *concessions;
    cr_length_price *length_prices; /* pool of cr_provider.by_length */
    cr_held *held;                  /* pool of cr_shift.held */
    cr_period *periods; /* by begin; the first also holds before it begins. None: every way takes the same all day */
    const cr_matrix *matrix[CR_MODES_MAX];                /* table 0 of each mode; borrowed: keep them alive */
    const cr_matrix *tables[CR_MODES_MAX][CR_TABLES_MAX]; /* the others, likewise; NULL: as table 0 */
    cr_prices prices;
    struct cr_problem_room *room; /* how far the arrays may grow; the builder's own */
} cr_problem;

/* An empty problem, ticks_per_unit 1, all prices 0. */
cr_status cr_problem_new(cr_problem **ret_problem);
cr_problem *cr_problem_free(cr_problem *problem);
CR_AUTO_DEFINE(cr_problem)

/* Records with every optional field "not given": fill in what is known, then add. */
#define CR_VISIT_INIT                                                                                                  \
    ((cr_visit){.patch = CR_NONE,                                                                                      \
                .address = CR_NONE,                                                                                    \
                .locked_start = CR_FREE,                                                                               \
                .prefer_open = CR_FREE,                                                                                \
                .prefer_close = CR_FREE,                                                                               \
                .due = CR_FREE,                                                                                        \
                .published_start = CR_FREE,                                                                            \
                .last_visit = CR_FREE})
#define CR_SLOT_INIT ((cr_slot){.locked_carer = CR_NONE, .published_carer = CR_NONE})
#define CR_GAP_INIT  ((cr_gap){.min = CR_FREE, .max = CR_FREE})
#define CR_CARER_INIT                                                                                                  \
    ((cr_carer){.grade = CR_NONE,                                                                                      \
                .provider = CR_NONE,                                                                                   \
                .max_work = CR_NONE,                                                                                   \
                .max_day_work = CR_NONE,                                                                               \
                .distance_price = CR_NONE,                                                                             \
                .overtime_after = CR_NONE})
#define CR_PROVIDER_INIT ((cr_provider){.max_care = CR_NONE, .max_slots = CR_NONE})
#define CR_SHIFT_INIT                                                                                                  \
    ((cr_shift){.start_place = CR_NONE,                                                                                \
                .end_place = CR_NONE,                                                                                  \
                .max_load = CR_NONE,                                                                                   \
                .max_travel = CR_NONE,                                                                                 \
                .max_dist_m = CR_NONE,                                                                                 \
                .paid_end = CR_FREE,                                                                                   \
                .crew = CR_NONE})

/* Each copies its arguments and returns CR_OK or CR_E_NOMEM. Order: pools and carers first, then what refers to them.
 * A visit's slots and a shift's breaks are added right after it; add_window, add_slot and add_break extend the last
 * visit or shift. The cr_range calls append to a pool and give the range. */
cr_status cr_problem_add_skills(cr_problem *problem, const cr_skill *skills, int32_t n, cr_range *ret_range);
cr_status cr_problem_add_goods(cr_problem *problem, const cr_goods *goods, int32_t n, cr_range *ret_range);
cr_status cr_problem_add_rooms(cr_problem *problem, const cr_room *rooms, int32_t n, cr_range *ret_range);
cr_status cr_problem_add_ids(cr_problem *problem, const int32_t *ids, int32_t n, cr_range *ret_range);
cr_status cr_problem_add_durations(cr_problem *problem, const cr_grade_duration *durations, int32_t n,
                                   cr_range *ret_range);
cr_status cr_problem_add_length_prices(cr_problem *problem, const cr_length_price *prices, int32_t n,
                                       cr_range *ret_range);
cr_status cr_problem_add_provider(cr_problem *problem, const cr_provider *provider);
cr_status cr_problem_add_held(cr_problem *problem, const cr_held *held, int32_t n, cr_range *ret_range);
/* Is one of its slots held? Then it has begun, and stays. */
bool cr_problem_has_begun(const cr_problem *problem, int32_t visit);
cr_status cr_problem_add_carer(cr_problem *problem, const cr_carer *carer);
cr_status cr_problem_add_shift(cr_problem *problem, const cr_shift *shift);
cr_status cr_problem_add_break(cr_problem *problem, int32_t open, int32_t close, int32_t length, bool paid);
/* The break added last starts in one of these n >= 1 windows instead, which are in order and apart. */
cr_status cr_problem_add_break_windows(cr_problem *problem, const cr_window *windows, int32_t n);
cr_status cr_problem_add_visit(cr_problem *problem, const cr_visit *visit);
cr_status cr_problem_add_window(cr_problem *problem, int32_t open, int32_t close);
cr_status cr_problem_add_slot(cr_problem *problem, const cr_slot *slot);
cr_status cr_problem_add_gap(cr_problem *problem, const cr_gap *gap);
cr_status cr_problem_add_concession(cr_problem *problem, const cr_concession *concession);
/* All of it lately: set n_lately where it is less. */
cr_status cr_problem_add_familiar(cr_problem *problem, int32_t client, int32_t carer, int32_t n_visits);
cr_status cr_problem_add_period(cr_problem *problem, int32_t begin, int32_t table);

/* Is it well formed: indices in range, windows, breaks and periods sorted, no negative length or price, shifts of a
 * carer apart, nothing so large that a sum could overflow? Sorts familiar. CR_E_INPUT: message (size bytes) names the
 * first fault.
 */
cr_status cr_problem_validate(cr_problem *problem, char *message, size_t size);

/* The client's first row of familiar, where it is sorted; where it would be, if there is none. */
int32_t cr_problem_first_familiar(const cr_problem *problem, int32_t client);

/* How often this client has seen this carer in the history window. */
int32_t cr_problem_familiar(const cr_problem *problem, int32_t client, int32_t carer);

/* The same in the window that ends with the horizon. */
int32_t cr_problem_seen_lately(const cr_problem *problem, int32_t client, int32_t carer);

/* How long this carer takes for this slot. */
int32_t cr_problem_duration(const cr_problem *problem, int32_t slot, int32_t carer);

/* How much of that counts as work: nothing where she may sleep. */
int32_t cr_problem_work(const cr_problem *problem, int32_t slot, int32_t carer);

/* What a slot counts in the contract of whoever serves it, ticks. */
int32_t cr_problem_contract_care(const cr_problem *problem, int32_t slot);

/* The shift of who shares the car of this one's carer; CR_NONE. */
int32_t cr_problem_crew(const cr_problem *problem, int32_t shift);

/* A way by a mode, docs/model.md section 2: ticks and metres for who leaves then. CR_NO_WAY where nothing leads;
 * nothing where an end is open (CR_NONE). Ways of the same mode are first-in-first-out. */
int32_t cr_problem_travel(const cr_problem *problem, int32_t mode, int32_t from, int32_t to, int32_t depart);
int32_t cr_problem_metres(const cr_problem *problem, int32_t mode, int32_t from, int32_t to, int32_t depart);

/* The latest that she may leave to be there by then: the inverse. */
int32_t cr_problem_leave_by(const cr_problem *problem, int32_t mode, int32_t from, int32_t to, int32_t arrive);

/* The least ticks (metres) that the way takes at any time. */
int32_t cr_problem_fastest(const cr_problem *problem, int32_t mode, int32_t from, int32_t to);
int32_t cr_problem_shortest(const cr_problem *problem, int32_t mode, int32_t from, int32_t to);

/* A cell of one of its matrices could not be computed (cr_matrix_lacks_memory()). */
bool cr_problem_lacks_memory(const cr_problem *problem);

/* The same problem in memory of its own (matrices stay borrowed), to change and try. */
cr_status cr_problem_copy(const cr_problem *problem, cr_problem **ret_copy);

#endif
