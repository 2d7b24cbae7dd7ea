/* What making a timetable needs of it. */
#ifndef ENGINE_TIMETABLE_INTERNAL_H
#define ENGINE_TIMETABLE_INTERNAL_H

#include "timetable.h"

/* Least starts of the plan whose stops it has, from nothing. False: there are none. */
bool timetable_time_plan(timetable *tt);

#endif
