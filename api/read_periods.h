/* Periods of the day in a speeds file. */
#ifndef API_READ_PERIODS_H
#define API_READ_PERIODS_H

#include "read_speeds.h"

/* Lay a file's periods over those in speeds: {"night": {"from": "22:00", "weekend": "night", "time_factor": {"town":
 * {"all": 1, "primary": 0.9}}}}. A period of null is taken out; null instead of the object takes out all. Everything
 * wrong is a finding. */
void periods_read_json(const char *file, const json_t *periods, cr_road_speeds *speeds, findings_book *findings);

#endif
