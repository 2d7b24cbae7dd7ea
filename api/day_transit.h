/* Public transport for a day: a feed's timetables laid over the mode `transit`, and the rides of its legs. */
#ifndef API_DAY_TRANSIT_H
#define API_DAY_TRANSIT_H

#include "reading.h"

#define TRANSIT_MODE "transit"

/* One of the timetables: a mode of the day's problem of its own, for the shifts of the days that have it. */
typedef struct day_timetable {
    int32_t mode; /* the day's; CR_NONE: nobody is on the way on such a day */
    int32_t *stop_s;
    cr_transit_query query;
} day_timetable;

/* What the day keeps, to name the rides of a leg. */
struct day_transit {
    cr_transit_days days;
    day_timetable tables[CR_TRANSIT_DAYS_MOST]; /* beside days.timetables */
    int32_t *walk_s;                            /* of the queries */
    const char *name;                           /* "newport-gtfs.zip of 2023-06-13" */
};

/* Read the feed that the options name, for all days of the horizon. `on_foot` has the ways on foot; mode is the
 * settings'. A feed with faults, or in which nothing runs on any day of a shift, is findings and CR_E_INPUT; a day of
 * shifts on which nothing runs is a warning. *ret_transit is the caller's; NULL: matrix.csv has the times. */
cr_status day_transit_open(day_reading *r, int32_t mode, const cr_day *day, const cr_matrix *on_foot,
                           day_transit **ret_transit);

/* Is there a shift by transit on a day that has this timetable? */
bool day_transit_is_used(const day_reading *r, int32_t mode, const day_transit *t, int32_t timetable);

/* Let mode `at` of the day go by a timetable: its times into the matrix, which has the metres on foot. roads: NULL
 * where these have no footways. */
cr_status day_transit_lay_over(const day_reading *r, const cr_roads *roads, int32_t mode, const cr_day *day,
                               int32_t timetable, int32_t at, cr_matrix *matrix);

/* The day's mode that goes by the timetable of a day of the horizon. */
int32_t day_transit_mode_on(const day_transit *t, int32_t of_day);

/* Is anybody on the way in hours that go by a period's table, in mode `at` of the day, which goes by timetable? */
bool day_transit_has_period(const day_reading *r, int32_t mode, int32_t period, const cr_day *day, int32_t at);

/* The times of departures in these hours for mode `at` of the day into a matrix that has the metres on foot. */
cr_status day_transit_lay_period(const day_reading *r, int32_t mode, int32_t period, const cr_day *day, int32_t at,
                                 cr_matrix *matrix);

#endif
