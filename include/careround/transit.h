/* Public transport: from a GTFS feed to travel times between places, door to door.
 *
 * A feed (a zip of CSV files, gtfs.org) becomes the timetables of some days (cr_transit_open). Between two places one
 * walks, or walks to a stop, rides, changes and walks on, whichever is there first. Times are seconds after midnight of
 * the day; trips that began the day before and those of the next morning are among them.
 */
#ifndef CAREROUND_TRANSIT_H
#define CAREROUND_TRANSIT_H

#include "careround/base.h"
#include "careround/place.h"

#define CR_TRANSIT_DAYS_MOST 7

typedef struct cr_transit_options {
    int32_t day, n_days;   /* the first since 1970-01-01; 1 to CR_TRANSIT_DAYS_MOST of them */
    int32_t begin_s;       /* of each day: nobody sets off before, */
    int32_t end_s;         /* and from then on nobody gets on; trips that are over, or begin then, are left out */
    double walk_kmh;       /* between stops, and */
    double walk_detour;    /* so much longer than the straight line */
    int32_t most_change_s; /* longest walk from one stop to another */
    int32_t change_s;      /* least time for a change; transfers.txt may ask for more, or less */
} cr_transit_options;

/* What is wrong with a feed. Strings are valid during the call only. */
typedef struct cr_feed_fault {
    const char *file; /* "stop_times.txt" */
    int64_t row;      /* record of the file, the header is 1; 0: the file as a whole */
    const char *column, *value, *text;
} cr_feed_fault;

typedef void (*cr_feed_fault_note)(void *user, const cr_feed_fault *fault);

typedef struct cr_transit cr_transit; /* constant once made */

typedef struct cr_transit_counts {
    int32_t n_stops, n_lines, n_trips; /* of the day and its neighbours; trips along a line do not overtake */
    int64_t n_paths;                   /* from stop to stop on foot */
} cr_transit_counts;

/* The timetables of the days asked for. Days on which the same trips run have one together. */
typedef struct cr_transit_days {
    int32_t n_timetables;
    cr_transit *timetables[CR_TRANSIT_DAYS_MOST];
    int32_t of_day[CR_TRANSIT_DAYS_MOST];   /* by day: which of them */
    int32_t n_on_day[CR_TRANSIT_DAYS_MOST]; /* trips of the day itself, at any time */
    int32_t first_day, last_day;            /* of the feed's calendars, since 1970-01-01 */
} cr_transit_days;

/* Read a feed. CR_E_INPUT: its faults have been noted, at most 100 of them; CR_E_UPSTREAM: the file cannot be read, and
 * that has been noted too. *ret_days is written if all goes well: cr_transit_days_done() frees what it has. */
cr_status cr_transit_open(const char *zip_path, const cr_transit_options *options, cr_feed_fault_note note, void *user,
                          cr_transit_days *ret_days);
void cr_transit_days_done(cr_transit_days *days);

cr_transit_counts cr_transit_count(const cr_transit *transit);

/* The stop as a place. */
cr_place cr_transit_stop(const cr_transit *transit, int32_t stop);

/* Who goes where, and how they walk. */
typedef struct cr_transit_query {
    int32_t n_places;
    const int32_t *walk_s; /* n_places x n_places, row = from; CR_NO_WAY: too far to walk */
    const int32_t *stop_s; /* n_places x stops, from a place to a stop and back; CR_NO_WAY: too far */
} cr_transit_query;

/* Seconds from door to door, for somebody who leaves at depart_s: n_places cells, CR_NO_WAY where nothing leads. */
cr_status cr_transit_from(const cr_transit *transit, const cr_transit_query *query, int32_t from, int32_t depart_s,
                          int32_t *ret_time_s);

/* For somebody who leaves at a time that the timetable knows nothing of, a departure every step_s of
 * [begin_s, end_s): so large a part of them is there within the time. quantile 0.8: four of five; 0 < quantile <= 1. */
typedef struct cr_transit_span {
    int32_t begin_s, end_s; /* [begin_s, end_s) */
} cr_transit_span;

typedef struct cr_transit_period {
    int32_t begin_s, end_s, step_s;
    double quantile;
    const cr_transit_span *without; /* departures in these do not count; if that leaves none, all do */
    int32_t n_without;
} cr_transit_period;

/* n_places x n_places cells; CR_NO_WAY for a pair that is not reached from so many departures. */
cr_status cr_transit_table(const cr_transit *transit, const cr_transit_query *query, const cr_transit_period *period,
                           int32_t *ret_time_s);

/* One ride of a way. */
typedef struct cr_transit_ride {
    const char *line, *from, *to; /* names as in the feed; the transit's */
    int32_t board_s, alight_s;
} cr_transit_ride;

/* The rides of the way from a place to a place for somebody who leaves at depart_s, at most `most` of them written;
 * *ret_n 0: on foot all the way. *ret_arrive_s CR_NO_WAY: nothing leads there. */
cr_status cr_transit_way(const cr_transit *transit, const cr_transit_query *query, int32_t from, int32_t to,
                         int32_t depart_s, int32_t most, cr_transit_ride *ret_rides, int32_t *ret_n,
                         int32_t *ret_arrive_s);

#endif
