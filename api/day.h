/* A day as people know it: names and places beside the problem that the engine solves.
 *
 * Read from a folder of CSV files or one JSON file (day_read.c), handed to every writer of answers. All arrays run
 * parallel to those of the problem: visits[v] is problem->visits[v], and so on. Strings are UTF-8, owned by the day,
 * never NULL ("" when not given).
 */
#ifndef API_DAY_H
#define API_DAY_H

#include "careround/check.h"
#include "careround/place.h"
#include "careround/plan.h"
#include "careround/problem.h"
#include "careround/roads.h"
#include "careround/transit.h"
#include "itinerary.h"
#include "services.h"
#include "time_zone.h"

#include <stdio.h>

/* ---- what is wrong or odd with the input ---- */

typedef struct day_finding {
    bool is_error;    /* otherwise a warning */
    const char *file; /* "visits.csv" */
    int32_t row;      /* line of the file where the record starts, header is 1; 0: the file as a whole */
    const char *column, *value, *text; /* text: what is wrong and what would be right, with a hint for a near miss */
} day_finding;

typedef struct day_findings {
    int32_t n, n_errors;
    day_finding *items; /* by file in reading order, then row */
    char *rejected_csv; /* rows left out by skip_bad_rows: file, row, reasons and their own columns; NULL: none */
} day_findings;

/* ---- names ---- */

typedef struct day_client {
    const char *client_id, *name, *address, *postcode;
    cr_place place;
    bool is_held_back; /* none: a piece of time held back, which has a name */
} day_client;

typedef struct day_visit {
    const char *visit_id, *band, *notes;
    int32_t client; /* index into clients */
    int32_t row;    /* line in visits.csv (index + 1 in JSON) */
    bool is_part;   /* the second carer's part of the visit before it */
} day_visit;

typedef struct day_carer {
    const char *carer_id, *name, *team;
    int32_t provider; /* index into providers; CR_NONE */
} day_carer;

typedef struct day_shift {
    const char *shift_id;
    int32_t row;
} day_shift;

typedef struct day_provider {
    const char *provider_id, *name;
    bool in_house, keeps_patches;
} day_provider;

/* A leg that is walked: both ways, for the car stays where it is. The door time's parking is taken off leg_s. */
typedef struct day_walk {
    int32_t from, to, leg_s, walk_m; /* walk_m 0: in the same building */
} day_walk;

/* A breach that the coordinator has accepted. Indices that do not apply are CR_NONE. */
typedef struct day_accepted {
    cr_rule rule;
    int32_t visit, other_visit, carer, shift;
    const char *who, *when, *why;
} day_accepted;

/* Timetables and how their stops are walked to (day_transit.c). */
typedef struct day_transit day_transit;
day_transit *day_transit_free(day_transit *transit);
CR_AUTO_DEFINE(day_transit)

typedef enum day_event_kind {
    EVENT_CARER_ILL,    /* from a time on, or all day */
    EVENT_CARER_LATE,   /* until a time */
    EVENT_CARER_LEAVES, /* from a time on */
    EVENT_NEW_VISIT,
    EVENT_VISIT_CANCELLED,
    EVENT_VISIT_LONGER, /* or shorter: of another duration than was planned */
} day_event_kind;

/* Something that happened while the day was under way. The day is what it is with it. */
typedef struct day_event {
    day_event_kind kind;
    const char *file, *id; /* of the carer or visit */
    int32_t row;           /* in the file */
    const char *json;      /* as it was given */
    int32_t from_s, to_s;  /* of the clock, from the first midnight; CR_FREE: not given */
    int32_t from, to;      /* ticks: when the carer is not there; CR_FREE: not about a carer */
    int32_t duration_s;    /* of EVENT_VISIT_LONGER */
    int32_t carer;         /* CR_NONE */
    bool is_new;           /* not from the plan that was planned anew before */
    bool is_found;         /* the visit, while the day is read */
} day_event;

typedef struct cr_day {
    const char *name;      /* of the folder or file */
    const char *date;      /* "2026-11-23", the first day of the horizon */
    int32_t first_day;     /* the same since 1970-01-01 */
    int32_t n_days;        /* of the horizon; 0 is 1 */
    clock_change change;   /* of the clocks; ticks are what passes, not what the clock shows */
    const char *time_zone; /* "Europe/London" */
    cr_problem *problem;   /* validated; place indices are indices into places */
    cr_matrix *matrix[CR_MODES_MAX];
    cr_matrix *tables[CR_MODES_MAX][CR_TABLES_MAX];   /* of the periods of the settings, from 1 on; NULL: as matrix */
    int32_t road_period[CR_MODES_MAX][CR_TABLES_MAX]; /* of the roads, by table; CR_NONE: none */
    double time_factor[CR_MODES_MAX][CR_TABLES_MAX];  /* of the ways of the rest of the day, by table */
    const char *mode_name[CR_MODES_MAX];              /* "car", "bicycle", "foot" */
    double speed_factor[CR_MODES_MAX]; /* of carers who have a pace of their own; 0: the mode is everybody's */
    int32_t base_mode[CR_MODES_MAX];   /* of a pace: whose ways they are */
    cr_roads *roads;                   /* for the lines of legs on a map; NULL: not by road, or by matrix.csv */
    int32_t road_mode[CR_MODES_MAX];   /* in these; CR_NONE: they do not have it */
    int32_t walk_mode;                 /* whose car stays parked on some legs; CR_NONE: none's */
    int32_t n_walks;
    day_walk *walks; /* those legs, by from and to */
    const char
        *travel_source;   /* "area.roads of 2023-06-12", "straight line x 1.35", "matrix.csv": said in every answer */
    day_transit *transit; /* NULL: nobody goes by public transport, or by matrix.csv */
    double matrix_s;      /* how long its matrices took to make */
    const char *places_source; /* "Nominatim at https://...: 12 of 13 found"; NULL: no geocoder was asked */
    bool lacks_distances;      /* matrix.csv leaves out metres: those ways count as 0 m, so sums fall short */

    int32_t n_accepted;
    day_accepted *accepted;

    int32_t n_events;
    day_event *events;

    int32_t n_clients, n_providers, n_skills, n_attributes, n_patches, n_goods, n_places;
    day_client *clients; /* problem's client indices */
    day_visit *visits;
    day_carer *carers;
    day_shift *shifts;
    day_provider *providers;
    const char **skill_name;     /* by skill id */
    const char **attribute_name; /* by attribute id */
    const char **patch_name;     /* by patch id */
    const char **goods_name;     /* by kind */
    cr_place *places;

    int32_t n_change_notes;
    const char **change_notes; /* what day_read_options.changes came to, a sentence each */

    void *strings; /* the arena that owns every string */
} cr_day;

cr_day *cr_day_free(cr_day *day);
CR_AUTO_DEFINE(cr_day)

/* The list that is no provider's but the council's own, where a table is several lists (visits/own.csv). */
#define DAY_OWN_LIST "own"

typedef struct day_read_options {
    const char *path;                  /* folder or JSON file */
    const char *defaults_path;         /* data/defaults.json; NULL: where the program was installed or built */
    const char *gazetteer_path;        /* NULL: "postcodes.gaz" in the folder, if there */
    const char *roads_path;            /* NULL: "area.roads" in the folder, if there; without it, straight lines */
    const char *gtfs_path;             /* a timetable for mode transit; NULL: none */
    day_services services;             /* outside ones */
    bool is_list;                      /* one list alone: see day_check_list() */
    const char *list_provider;         /* of such a list, who may have no other's carers in it; NULL: anybody's */
    const char *list_settings_path;    /* of such a list, the settings of its day, not judged again; NULL: it is them */
    const char *plan_path;             /* NULL, or a plan.json: what happened before it was planned anew holds */
    const char *events_path;           /* NULL, or a file of what happened since */
    const struct day_changes *changes; /* made while reading (changes.h); NULL: none */
    bool skip_bad_rows;                /* leave out the rows with errors (the findings still have them) */
} day_read_options;

/* defaults_path, or where the defaults are found without one. */
const char *day_defaults_path(const day_read_options *options);

/* Read and check everything; all findings in one go. CR_OK: *ret_day is sound. CR_E_INPUT: errors in the findings;
 * *ret_day is the day without the bad rows where skip_bad_rows asks for it and enough is left, else NULL. The findings
 * are always returned and are the caller's. */
cr_status cr_day_read(const day_read_options *options, cr_day **ret_day, day_findings **ret_findings);
/* Read and check one list of a day alone, which stands in the folder as the only table: all that can be said of it with
 * the day's settings and without the other lists, whose rows it may name. The folder is named by the date. *ret_n_rows
 * is how many it has. CR_E_INPUT: errors in the findings. */
cr_status day_check_list(const day_read_options *options, int32_t *ret_n_rows, day_findings **ret_findings);
day_findings *day_findings_free(day_findings *findings);
CR_AUTO_DEFINE(day_findings)

/* The slots of those who come to the client with the carer of this one: for the same visit, its part, or the visit that
 * it is a part of. Returns how many there are; ret_slots has room for DAY_COMPANIONS_MOST. */
#define DAY_COMPANIONS_MOST (2 * CR_SLOTS_MOST)
int32_t day_companions(const cr_day *day, int32_t slot, int32_t *ret_slots);

/* The visit of that id; CR_NONE: there is none, as of NULL. */
int32_t day_find_visit(const cr_day *day, const char *visit_id);

/* Pieces of time held back among its visits; each is a client too. */
int32_t day_n_held_back(const cr_day *day);

/* How that leg is walked, or NULL: it is not. */
const day_walk *day_walk_between(const cr_day *day, int32_t mode, int32_t from, int32_t to);

/* The rides of a leg by the timetable of its day, with what the clock shows on boarding and alighting; *ret_n 0: she
 * walks, or it is another mode's. *ret_arrive_s: what it shows when she is there, later than planned perhaps;
 * CR_NO_WAY: nothing leads there then. */
cr_status day_transit_rides(const cr_day *day, const itinerary_leg *leg, int32_t most, cr_transit_ride *ret_rides,
                            int32_t *ret_n, int32_t *ret_arrive_s);

/* Is it the mode of one of the day's timetables? */
bool day_goes_by_transit(const cr_day *day, int32_t mode);

/* The tick at which the clock of that day (from the first, 0) shows so many seconds after midnight. */
int32_t day_ticks(const cr_day *day, int32_t of_day, int32_t wall_s);

/* "07:30"; past midnight "24:15" stays as it is. Where several days are planned, "Tue 07:30" by the calendar. buffer of
 * at least 16 bytes, returned. */
char *day_time_text(const cr_day *day, int32_t ticks, char *buffer);

/* The date of that time; of one day always that day's. buffer of at least 16 bytes, returned. */
char *day_date_text(const cr_day *day, int32_t ticks, char *buffer);

#endif
