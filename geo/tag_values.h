/* Numbers in tags. */
#ifndef GEO_TAG_VALUES_H
#define GEO_TAG_VALUES_H

#include "careround/roads.h"

/* km/h of a maxspeed: "30 mph", "50", "50; 40" (the least), "gb:nsl_single" by the table of names; < 0: no number. */
double tag_speed_kmh(const cr_road_speeds *speeds, const char *text);

/* Seconds of a ferry's duration: "1:30" (hours), "90" (minutes), "PT1H30M"; 0: none. */
int32_t tag_duration_s(const char *text);

#endif
