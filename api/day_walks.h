/* Park and walk: neighbouring doors between which the car stays where it is. */
#ifndef API_DAY_WALKS_H
#define API_DAY_WALKS_H

#include "reading.h"

/* Put walks into the car's matrix wherever that is quicker than getting in, driving and parking (docs/model.md, section
 * 2), and list them in the day. On the roads' footpaths if it has roads (NULL: it has none), otherwise in straight
 * lines. */
cr_status day_walks_lay_over(day_reading *r, const cr_roads *roads, cr_day *day, cr_matrix *car);

/* Forget those that a ready table has replaced since. */
void day_walks_keep_laid(cr_day *day, const cr_matrix *car);

#endif
