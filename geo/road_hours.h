/* Hours of the week at which a road is closed or a turn forbidden.
 *
 * A week is cut into slots of five minutes, Monday's midnight first; one slot more stands for "no time asked", the
 * roads as built. The hours of a map are a short list without doubles, and turns carry a number of it; number 0 is
 * never.
 */
#ifndef GEO_ROAD_HOURS_H
#define GEO_ROAD_HOURS_H

#include "careround/roads.h"

#define HOURS_SLOT_S  300
#define HOURS_A_DAY   (86400 / HOURS_SLOT_S)
#define HOURS_NO_TIME (7 * HOURS_A_DAY) /* the slot after the week's */
#define HOURS_SLOTS   (HOURS_NO_TIME + 1)
#define HOURS_WORDS   32
#define HOURS_MOST    (1 << 14) /* of a map; a turn has 14 bits for its number */

typedef struct road_hours {
    uint64_t slots[HOURS_WORDS];
} road_hours;

static_assert(HOURS_SLOTS <= 64 * HOURS_WORDS, "a bit for each slot");

static inline bool hours_have(const road_hours *hours, int slot)
{
    return hours->slots[slot / 64] >> (slot % 64) & 1;
}

static inline void hours_set(road_hours *hours, int slot, bool value)
{
    uint64_t bit = UINT64_C(1) << (slot % 64);
    hours->slots[slot / 64] = value ? hours->slots[slot / 64] | bit : hours->slots[slot / 64] & ~bit;
}

bool hours_are_never(const road_hours *hours);

/* ---- a map's ---- */

typedef struct road_hours_list {
    road_hours *at; /* the first: never */
    size_t n, room;
    bool lacks_memory, is_full; /* then numbers are worth nothing */
} road_hours_list;

/* The number of these hours, which are put into the list if they are not there yet. */
uint16_t road_hours_number(road_hours_list *list, const road_hours *hours);

/* The number of the hours of one without those of the other, and of those of either. */
uint16_t road_hours_without(road_hours_list *list, uint16_t hours, uint16_t others);
uint16_t road_hours_either(road_hours_list *list, uint16_t hours, uint16_t others);

void road_hours_list_done(road_hours_list *list);

/* ---- in a period ---- */

/* What a period makes of hours: it is shut in the period if they are half of the time, or more, at which the period
 * holds in the course of a week. */
enum { HOURS_OPEN, HOURS_PARTLY, HOURS_SHUT };

/* For each of n hours one of these, in period k of n_periods (CR_NONE: as built). */
void road_hours_in_period(const road_hours *hours, size_t n, const cr_road_period *periods, int32_t n_periods,
                          int32_t k, uint8_t *ret_shut);

#endif
