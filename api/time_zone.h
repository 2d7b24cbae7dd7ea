/* Time zones, as far as reading a day needs them: is there such a zone, and do its clocks change on the day? */
#ifndef API_TIME_ZONE_H
#define API_TIME_ZONE_H

#include "careround/base.h"

/* "Europe/London" is one, "Europe/Edinburgh" is none. */
bool time_zone_is_known(const char *name);

/* By how much the clocks go forward (back: negative) within the 24 hours from the midnight that begins the day; 0 on
 * most days. days since 1970-01-01. */
int32_t time_zone_change_s(const char *name, int32_t days);

#endif
