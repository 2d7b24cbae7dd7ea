/* Public transport for a day: a feed's timetable laid over the mode `transit`, and the rides of its legs. */
#ifndef API_DAY_TRANSIT_H
#define API_DAY_TRANSIT_H

#include "reading.h"

#define TRANSIT_MODE "transit"

/* What the day keeps, to name the rides of a leg. */
struct day_transit {
    cr_transit *transit;
    cr_transit_query query;
    int32_t *walk_s, *stop_s; /* the query's */
    int32_t mode;             /* the day's */
    const char *name;         /* "newport-gtfs.zip of 2023-06-13" */
};

/* Lay the feed that the options name over the matrix, which holds the ways on foot (roads may be NULL). A feed with
 * faults is findings and CR_E_INPUT. *ret_transit is the caller's. */
cr_status day_transit_lay_over(day_reading *r, const cr_roads *roads, int32_t mode, const cr_day *day,
                               cr_matrix *matrix, day_transit **ret_transit);

/* Is anybody on the way by timetable in a period of the settings? */
bool day_transit_has_period(const day_reading *r, int32_t mode, int32_t period);

/* The table of departures in such a period into a matrix that has the metres of the day's. */
cr_status day_transit_lay_period(const day_reading *r, int32_t mode, int32_t period, const cr_day *day,
                                 cr_matrix *matrix);

#endif
