/* The lines that the legs of a plan follow on the map, where the day goes by road. */
#ifndef API_LEG_LINES_H
#define API_LEG_LINES_H

#include "careround/plan.h"
#include "careround/roads.h"
#include "day.h"
#include "itinerary.h"

typedef struct leg_lines {
    cr_range *of_stop, *of_home; /* parallel to plan->stops and plan->rounds; n 0: a straight line */
    cr_road_position *at;
    int32_t n;
    size_t room;
} leg_lines;

/* Every leg's line, points within some metres of it left out. NULL (and CR_OK) for a day without roads. CR_E_NOMEM. */
cr_status leg_lines_new(const cr_day *day, const cr_plan *plan, const itinerary *it, leg_lines **ret_lines);
leg_lines *leg_lines_free(leg_lines *lines);
CR_AUTO_DEFINE(leg_lines)

#endif
