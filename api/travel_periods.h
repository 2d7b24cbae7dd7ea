/* Travel by time of day: a table for each period of the settings and each mode that it changes. */
#ifndef API_TRAVEL_PERIODS_H
#define API_TRAVEL_PERIODS_H

#include "day_roads.h"

/* Tables of mode `mode` of the settings, which is mode `at` of the day's problem and has its matrix by now. */
cr_status travel_periods_add_tables(day_roads *roads, cr_day *day, int32_t mode, int32_t at);

/* The periods of each day of the horizon, if they change anything. Says so in day->travel_source. */
cr_status travel_periods_add(day_reading *r, cr_day *day);

#endif
