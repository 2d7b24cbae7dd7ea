/* Conditions of time in tags: "no @ (Mo-Fr 08:15-09:15; PH off)". */
#ifndef GEO_TAG_HOURS_H
#define GEO_TAG_HOURS_H

#include "road_hours.h"

#define CLAUSES_MOST 8

typedef struct tag_clause {
    char value[24];
    road_hours hours;
} tag_clause;

/* The clauses of a conditional value whose hours were read, at most CLAUSES_MOST, in their order: of those that hold at
 * a time the last counts. Returns how many. Conditions that are not of time (weight, size, use) are passed over; those
 * of time that were not understood are noted in *kinds, a bit for each cr_hours_kind. */
int tag_clauses_read(const char *text, tag_clause clauses[CLAUSES_MOST], uint32_t *kinds);

/* Does the condition name a time, whatever it says of it? */
bool tag_names_time(const char *text);

#endif
