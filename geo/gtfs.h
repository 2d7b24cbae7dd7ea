/* A GTFS feed as it is read: what is needed of it, with the days that matter.
 *
 * gtfs_table.c cuts a file into rows, gtfs_read.c makes the arrays below of them, transit_days.c timetables of those.
 */
#ifndef GEO_GTFS_H
#define GEO_GTFS_H

#include "careround/transit.h"

#include <jansson.h>

/* ---- where files come from ---- */

typedef bool (*gtfs_bytes)(void *user, const char *bytes, size_t n); /* false: enough */

/* read() gives a file's bytes in pieces: GTFS_MISSING if there is none, GTFS_UNREADABLE (with a reason) if it breaks.
 */
typedef enum gtfs_found { GTFS_FOUND, GTFS_MISSING, GTFS_UNREADABLE } gtfs_found;
typedef struct gtfs_source {
    gtfs_found (*read)(void *source, const char *name, gtfs_bytes take, void *user, char *reason, size_t size);
    void *source;
} gtfs_source;

/* ---- rows ---- */

#define GTFS_MOST_COLUMNS 12

typedef struct gtfs_reader gtfs_reader;

typedef struct gtfs_row {
    gtfs_reader *reader;
    const char *file;
    const char *const *columns;
    int64_t number;
    const char *value[GTFS_MOST_COLUMNS]; /* by column, "" when empty or not there */
} gtfs_row;

typedef struct gtfs_table {
    const char *file;
    bool is_needed;
    const char *columns[GTFS_MOST_COLUMNS]; /* the first n_required must be there */
    int32_t n_columns, n_required;
    void (*take)(gtfs_row *row);
} gtfs_table;

/* Give each row to table->take. Faults are noted; *ret_is_there may be NULL. CR_E_NOMEM only. */
cr_status gtfs_table_read(gtfs_reader *reader, const gtfs_table *table, bool *ret_is_there);

/* Always false. column: index; -1: the row as a whole. */
__attribute__((format(printf, 3, 4))) bool gtfs_row_fault(const gtfs_row *row, int32_t column, const char *format, ...);
__attribute__((format(printf, 4, 5))) void gtfs_fault(gtfs_reader *reader, const char *file, int64_t row,
                                                      const char *format, ...);

/* A whole number within limits; an empty cell leaves *ret as it is. False if noted as wrong. */
bool gtfs_row_int(const gtfs_row *row, int32_t column, int32_t least, int32_t most, int32_t *ret);

/* ---- the feed ---- */

typedef struct gtfs_stop {
    size_t name;    /* where in text */
    int32_t parent; /* index; CR_NONE */
    int32_t type;   /* 0 stop, 1 station, 2 entrance, 3 node, 4 boarding area */
    cr_place place;
} gtfs_stop;

typedef struct gtfs_trip {
    int32_t route;
    int32_t days; /* bit 0: the day before the first, 1: the first, and so on until the day after the last */
    bool is_frequent;
} gtfs_trip;

typedef struct gtfs_call {
    int32_t trip, sequence, stop;
    int32_t arrive_s, depart_s; /* CR_NONE: not given */
    int64_t row;
    bool may_board, may_alight;
} gtfs_call;

typedef struct gtfs_frequency {
    int32_t trip, begin_s, end_s, every_s;
} gtfs_frequency;

typedef struct gtfs_transfer {
    int32_t from, to; /* stops or stations */
    int32_t least_s;  /* CR_NONE: not said; CR_NO_WAY: not possible */
} gtfs_transfer;

typedef struct gtfs_feed {
    char *text; /* names, one after the other */
    size_t n_text, text_room;
    int32_t n_stops, n_routes, n_services, n_trips, n_calls, n_frequencies, n_transfers;
    int32_t stops_room, routes_room, services_room, trips_room, calls_room, frequencies_room, transfers_room;
    gtfs_stop *stops;
    size_t *routes;    /* where in text their names are */
    int32_t *services; /* days, as in gtfs_trip */
    gtfs_trip *trips;
    gtfs_call *calls; /* by trip and sequence in the end */
    gtfs_frequency *frequencies;
    gtfs_transfer *transfers;
    json_t *stop_ids, *route_ids, *service_ids, *trip_ids; /* to indices */
    int32_t first_day, last_day;
} gtfs_feed;

#define GTFS_MOST_FAULTS 100

struct gtfs_reader {
    const gtfs_source *source;
    cr_feed_fault_note note;
    void *user;
    int32_t day, n_days, n_faults;
    cr_status st;
    gtfs_feed *feed;
};

/* All files of a feed, for n_days days from `day` on. CR_E_INPUT if a fault was noted. */
cr_status gtfs_read(const gtfs_source *source, int32_t day, int32_t n_days, cr_feed_fault_note note, void *user,
                    gtfs_feed **ret_feed);
gtfs_feed *gtfs_feed_free(gtfs_feed *feed);
CR_AUTO_DEFINE(gtfs_feed)

/* ---- timetables ---- */

/* A trip on a day, or a run of a frequent one: its calls, so many seconds later. */
typedef struct transit_run {
    int32_t first, n, later_s;
} transit_run;

/* The timetable of runs, which are sorted by that. */
cr_status transit_build(const gtfs_feed *feed, const cr_transit_options *options, transit_run *runs, int32_t n_runs,
                        cr_transit **ret_transit);

/* A feed from any source, as cr_transit_open(); CR_E_INPUT also with faults noted where its times run backwards. */
cr_status transit_read(const gtfs_source *source, const cr_transit_options *options, cr_feed_fault_note note,
                       void *user, cr_transit_days *ret_days);

#endif
