/* Reading a day: what its parts share. Internal to the reader.
 *
 * The way of a row: table (text) -> record (values, checked alone) -> links between records -> problem. Each step is a
 * file: read_tables.c (and changes_tables.c), read_places.c, read_providers.c, read_carers.c, read_visits.c,
 * read_parts.c, read_packages.c, read_links.c, read_history.c, road_periods.c, read_matrix.c, odd.c, build_problem.c. A
 * row with an error stays in its table, marked bad, and becomes no record.
 */
#ifndef API_READING_H
#define API_READING_H

#include "arena.h"
#include "day.h"
#include "findings.h"
#include "index.h"
#include "row.h"
#include "settings.h"
#include "table.h"
#include "value.h"

/* ---- words: skills and attributes, gathered from the carers and asked for by the visits ---- */

typedef struct vocabulary {
    const char *what; /* "skill" */
    int32_t n, room;
    int32_t n_known;     /* the first so many are from the carers, the rest are asked for in vain */
    const char **name;   /* as first written */
    int32_t *most_level; /* the highest that a carer has; 0: nobody has it */
    name_index *index;   /* by near_key() */
} vocabulary;

typedef struct skill_list {
    cr_skill *items; /* in the arena */
    int32_t n;
} skill_list;

typedef struct id_list {
    int32_t *items; /* in the arena */
    int32_t n;
} id_list;

typedef struct duration_list {
    cr_grade_duration *items; /* seconds; in the arena */
    int32_t n;
} duration_list;

/* What a visit does to the goods on board. */
typedef struct goods_list {
    cr_goods *items; /* in the arena */
    int32_t n;
} goods_list;

typedef struct room_list {
    cr_room *items; /* in the arena */
    int32_t n;
} room_list;

/* ---- places ---- */

typedef enum place_answer {
    PLACE_NOT_GIVEN,
    PLACE_WRONG, /* noted as an error of the row */
    PLACE_FOUND, /* perhaps with CR_PLACE_NONE: given, but not known */
} place_answer;

typedef struct place_columns {
    int32_t latitude, longitude, easting, northing, grid_ref, postcode;
    int32_t address; /* CR_NONE: there is none */
} place_columns;

typedef struct place_book {
    cr_grid *grid;
    cr_gazetteer *gazetteer;
    bool asked_for_gazetteer; /* its absence has been reported */
    int32_t n, room;
    cr_place *places;
    name_index *by_position;
    name_index *geocoded; /* texts that a geocoder was asked for, to indices; NULL: none was */
    cr_place *of_text;
    const char *geocoder; /* "Nominatim at https://..." */
} place_book;

/* ---- records ---- */

/* In an index of ids: there is such a row, but it has an error. Never an index of a record. */
#define REJECTED (-2)
/* Likewise: an event cancels it. */
#define CANCELLED (-3)

/* What a row of providers.csv says beside names. Lengths ascend. */
typedef struct provider_record {
    cr_provider contract;
    int32_t n_lengths;
    cr_length_price *by_length; /* in the arena */
} provider_record;

typedef struct carer_record {
    const char *carer_id, *name, *team;
    int32_t provider, grade; /* CR_NONE */
    skill_list skills;
    id_list attributes, patches;
    bool keeps_patches;
    int32_t max_work_s, max_week_work_s, overtime_after_s; /* CR_NONE */
    int32_t contracted_s;
    int32_t more_work_s, more_week_work_s, less_rest_s; /* accepted */
    double overtime_rate;                               /* times her pay */
    double pay_per_hour;
    double pence_per_mile;             /* CR_NONE: as her mode's */
    double speed_factor;               /* 1: as everybody by her mode */
    int32_t row, n_shifts, last_shift; /* row: her first one in the table */
    int32_t home_place;                /* CR_NONE */
} carer_record;

typedef struct break_record {
    bool given;
    int32_t open, close, length_s;
    bool paid;
} break_record;

#define SHIFT_MOST_KEPT 4

typedef struct shift_record {
    const char *shift_id;
    int32_t carer, day, begin, end, start_place, end_place, mode, max_visits, row, line;
    int32_t max_travel_s, max_dist_m;   /* CR_NONE */
    int32_t previous;                   /* of the same carer; CR_NONE */
    int32_t paid_end;                   /* CR_FREE: its end */
    bool on_call, at_begin;             /* at_begin: she sets off when it begins */
    int32_t rides_with;                 /* the shift in whose car she is all the time; CR_NONE */
    bool has_rider;                     /* somebody is in hers */
    int32_t late_s, more_visits;        /* accepted: so long after its end, and so many more */
    int32_t more_travel_s, more_dist_m; /* likewise */
    break_record brk;
    cr_window kept[SHIFT_MOST_KEPT]; /* times that the service holds back, ascending */
    int32_t n_kept;
    room_list rooms; /* for goods, in her car */
} shift_record;

typedef struct client_record {
    const char *client_id, *name, *address, *postcode;
    cr_place place;
    int32_t place_at; /* index into places; CR_NONE: no position */
    bool has_place, has_two_names;
    const char *file;         /* with line: of her first sound row */
    int32_t line, last_visit; /* CR_FREE unknown */
} client_record;

/* The place that a row of packages.csv gives its client, whether it brings a visit on the days planned or not. */
typedef struct package_place {
    cr_place place;
    const char *postcode;
} package_place;

#define VISIT_MOST_CARERS  4
#define VISIT_MOST_WINDOWS 16

typedef struct visit_record {
    bool is_repeat;           /* of a package's visit on an earlier day: what is wrong with the row has been said */
    int32_t table, row, line; /* of visits or packages; in the table, in the file */
    int32_t day;              /* after the first; all times count from the first midnight */
    const char *visit_id, *band, *notes;
    int32_t client, place_at, patch; /* CR_NONE */
    bool place_given;
    cr_window windows[VISIT_MOST_WINDOWS];
    int32_t n_windows;
    int32_t prefer_open, prefer_close;
    int32_t n_carers;
    bool is_part;                    /* the second carer's part of the visit before it */
    int32_t after_least, after_most; /* how long after the first carer the others begin */
    int32_t duration_s[2];           /* of the first carer and of the others */
    duration_list by_grade[2];
    goods_list goods; /* of each carer */
    skill_list skills[2];
    id_list attributes[2];
    id_list forbidden, preferred;
    int32_t locked[VISIT_MOST_CARERS];   /* CR_NONE */
    int32_t accepted[VISIT_MOST_CARERS]; /* CR_ACCEPT_... of each lock */
    int32_t locked_start;
    int32_t late_s; /* accepted: so long after the last window */
    int32_t priority, door_s;
    bool time_critical, lives_alone, sleep_in, same_provider;
} visit_record;

typedef struct link_record {
    int32_t first, second; /* visits */
    cr_gap_from from;
    int32_t min, max;
    cr_gap_carers carers;
    bool both;       /* served both or neither */
    int32_t gives_s; /* accepted: so much short of the least, or over the most */
    bool any_carers; /* accepted: whoever comes */
    bool same_provider;
} link_record;

/* A row of accepted.csv. */
typedef struct accepted_record {
    cr_rule rule;
    int32_t visit, other_visit, carer, shift; /* CR_NONE where the rule has none */
    const char *who, *when, *why;
} accepted_record;

/* A row of held_back.csv: so much time, in pieces of at least so much, each within the window. */
typedef struct held_back_record {
    const char *name;
    int32_t row, day; /* CR_NONE: each day planned */
    int32_t length_s, piece_s;
    cr_window window;
    skill_list skills;
    id_list attributes;
    int32_t provider, patch; /* CR_NONE: whosever, wherever */
} held_back_record;

/* A row of matrix.csv. */
typedef struct leg_record {
    int32_t mode, from, to; /* mode CR_NONE: every one */
    int32_t period;         /* of the settings; CR_NONE: of the rest of the day, and of those that have no row */
    int32_t time_s, dist_m; /* dist_m < 0: not given */
} leg_record;

enum {
    TABLE_PROVIDERS,
    TABLE_CARERS,
    TABLE_VISITS,
    TABLE_PACKAGES,
    TABLE_HISTORY,
    TABLE_ACCEPTED,
    TABLE_HELD_BACK,
    TABLE_MATRIX,
    N_TABLES,
    TABLE_NEW_VISITS = N_TABLES, /* of events, with the columns of visits */
    N_TABLES_READ
};

typedef struct day_reading {
    const day_read_options *options;
    findings_book *findings;
    arena *strings; /* the day's in the end */
    const char *name;
    json_t *root; /* a JSON day, or NULL for a folder */
    settings settings;
    cr_roads *roads; /* NULL: the day has none */
    const char *roads_file;
    int32_t day0; /* days since 1970-01-01 */
    int32_t n_days;
    const char *settings_file;
    table tables[N_TABLES_READ];
    bool has_table[N_TABLES];
    place_book places;
    const char *places_source; /* NULL: no geocoder was asked */
    vocabulary skills, attributes, grades, patches, goods;

    int32_t n_providers, providers_room;
    day_provider *providers;
    int32_t contracts_room;
    provider_record *contracts; /* of each provider */
    name_index *provider_index;

    int32_t n_carers, carers_room, n_shifts, shifts_room;
    carer_record *carers;
    name_index *carer_index, *shift_index;
    shift_record *shifts;

    int32_t n_clients, clients_room, n_visits, visits_room, n_links, links_room;
    client_record *clients;
    name_index *client_index, *visit_index;
    name_index *package_index; /* rows of packages.csv by id */
    int32_t n_package_places, package_places_room;
    package_place *package_places;
    name_index *package_place_index; /* of these, by client id */
    visit_record *visits;
    link_record *links;

    int32_t n_accepted, accepted_room;
    accepted_record *accepted;

    int32_t n_held_back, held_back_room, n_pieces; /* pieces of all of them */
    held_back_record *held_back;

    int32_t n_familiar, familiar_room;
    cr_familiar *familiar;

    int32_t n_legs, legs_room;
    leg_record *legs;

    int32_t n_events, events_room;
    day_event *events;
    int32_t n_new_visits, new_visits_room;
    int32_t *new_visit_rows; /* rows of the events that bring them */

    int32_t n_notes, notes_room; /* what the changes did */
    const char **notes;
} day_reading;

extern const table_kind table_kinds[N_TABLES];

#define DAY_PATH_SIZE 4096

static inline void json_drop(json_t **value)
{
    json_decref(*value);
}

/* ---- the steps, in their order; all note what is wrong and return CR_E_NOMEM (or UPSTREAM, INTERNAL) only ---- */

cr_status read_tables(day_reading *r);
cr_status change_tables(day_reading *r); /* options->changes, as far as they are of tables and settings */
cr_status read_providers(day_reading *r);
cr_status keep_plain_provider(day_reading *r, const char *id); /* known by her carers' word only */
bool contract_has_price(const day_reading *r, int32_t provider);
cr_status read_carers(day_reading *r);
void read_kept_free(const row *at, shift_record *shift);                  /* its times and its break are read before */
void read_rides_with(day_reading *r, const row *at, shift_record *shift); /* all else of it is read before */
cr_status read_visits(day_reading *r);
bool read_visit_row(day_reading *r, const row *at, int32_t day, visit_record *v, cr_place *ret_place,
                    const char **ret_postcode);
cr_status keep_visit(day_reading *r, const row *at, visit_record *v, const cr_place *place, const char *postcode);
void read_second_after(const row *at, visit_record *v); /* durations and carers are read before */
cr_status keep_part(day_reading *r, const row *at, const cr_place *place, const char *postcode);
int32_t part_of_visit(const day_reading *r, int32_t visit); /* the second carer's, kept right after it; CR_NONE */
void read_visit_times(day_reading *r, const row *at, visit_record *v); /* time_critical is read before */
bool parse_window(value_item item, cr_window *ret_window);             /* "07:00-09:00" */
void move_visit_to_day(day_reading *r, visit_record *v, int32_t day);  /* whose times are of the first day */
cr_status read_packages(day_reading *r);
bool may_change_package(const day_reading *r, const row *visit,
                        const row *package); /* the row of a visit that of a package? */
cr_status read_events(day_reading *r);
/* What happened to it, laid over it. True: it is cancelled. */
bool event_changes_visit(day_reading *r, visit_record *v);
void check_events(day_reading *r);       /* are their carers and visits there? */
cr_status change_visits(day_reading *r); /* the other changes */
cr_status read_links(day_reading *r);
cr_status read_accepted(day_reading *r);
cr_status read_held_back(day_reading *r);
const char *held_back_id(const day_reading *r, const held_back_record *h, int32_t day,
                         int32_t piece); /* in the arena */
cr_status read_history(day_reading *r);
cr_status open_roads(day_reading *r); /* and the periods that they have, if the settings ask for these */
cr_status read_matrix(day_reading *r);
cr_status note_what_is_odd(day_reading *r);
cr_status build_day(day_reading *r, cr_day **ret_day);
cr_status note_rejected_rows(day_reading *r);

/* ---- files (read_tables.c, read_lists.c) ---- */

/* CR_E_INPUT: noted under `file`. */
cr_status read_json_file(day_reading *r, const char *path, const char *file, json_t **ret_value);
cr_status read_csv_file(day_reading *r, table *t, const char *path);

/* Is it in the day's folder? ret_path has DAY_PATH_SIZE bytes. */
bool folder_has(const day_reading *r, const char *file, char *ret_path);

/* Note what is wrong with {"Their heading": "our_column", ...} of that file. */
void check_mapping(day_reading *r, const char *file, const json_t *mapping, const table_kind *kind);

/* A table of several lists: the files of the folder visits/ (NAME.csv, NAME.json), and visits.csv. */
cr_status read_table_lists(day_reading *r, int32_t kind, const json_t *mapping);

/* ---- shared helpers ---- */

row row_of(day_reading *r, int32_t table_at, int32_t at);

/* Row after row of a table, until one says no. */
cr_status read_each_row(day_reading *r, int32_t table_at, cr_status (*read_one)(day_reading *r, int32_t at));

static inline row row_of_visit(day_reading *r, int32_t v)
{
    return row_of(r, r->visits[v].table, r->visits[v].row);
}

/* The visit's row, read well at first, has turned out to have an error. */
static inline bool visit_is_left_out(const day_reading *r, int32_t v)
{
    return r->tables[r->visits[v].table].bad[r->visits[v].row];
}

/* The id of a package's visit on a day, in the arena. */
const char *package_visit_id(day_reading *r, const char *package_id, int32_t day);

cr_status vocabulary_init(vocabulary *w, const char *what);
void vocabulary_done(vocabulary *w);
int32_t vocabulary_find(const vocabulary *w, const char *name);          /* CR_NONE */
int32_t vocabulary_add(vocabulary *w, arena *strings, const char *name); /* finds or makes; CR_NONE without memory */

/* What a carer has: new words are learnt. What a visit needs: unknown words near a known one are errors. */
bool read_skills_had(day_reading *r, const row *at, int32_t column, skill_list *ret_list);
bool read_attributes_had(day_reading *r, const row *at, int32_t column, id_list *ret_list);
bool read_skills_needed(day_reading *r, const row *at, int32_t column, skill_list *ret_list);
bool read_attributes_needed(day_reading *r, const row *at, int32_t column, id_list *ret_list);

bool read_patches_worked(day_reading *r, const row *at, int32_t column, id_list *ret_list);
int32_t read_patch_of(day_reading *r, const row *at, int32_t column); /* CR_NONE */

int32_t read_grade_had(day_reading *r, const row *at, int32_t column); /* CR_NONE */
bool read_durations_by_grade(day_reading *r, const row *at, int32_t column, duration_list *ret_list);

bool read_rooms(day_reading *r, const row *at, int32_t column, room_list *ret_list);
bool read_goods(day_reading *r, const row *at, goods_list *ret_list); /* what a visit brings and takes */

cr_status places_open(day_reading *r);
void places_close(place_book *book);

/* Before any row is read: ask the user's geocoder, if one is named, for all that rows leave to it. A service that fails
 * is an error and CR_E_UPSTREAM. */
cr_status geocode_rows(day_reading *r);
cr_status geocode_table(day_reading *r, table *t, const place_columns *columns); /* of one table alone */
/* What it said to a row: false if it was not asked. */
bool geocoded_place(const day_reading *r, const row *at, const place_columns *columns, cr_place *ret_place);
place_answer read_place(day_reading *r, const row *at, const place_columns *columns, cr_place *ret_place,
                        const char **ret_postcode);
/* The place's index, the same for the same coordinates; CR_NONE for no position (or no memory: *ret_st). */
int32_t place_index(place_book *book, const cr_place *place, cr_status *ret_st);
/* A place of its own, known only to a ready matrix. */
int32_t place_add(place_book *book, const cr_place *place, cr_status *ret_st);

/* Who lives at a place: the first client or carer of the day who does. */
const char *who_is_at(const day_reading *r, int32_t place);

/* "22:00", "07:00": an end before its begin means the next day, if that makes a night and no more than `most_s`. */
bool span_over_midnight(int32_t begin, int32_t *end, int32_t most_s);

#endif
