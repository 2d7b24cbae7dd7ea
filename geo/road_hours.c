/* Hours of the week: the list of a map, and what a period of the day makes of it. */
#include "road_hours.h"

#include "room.h"

#include <string.h>

bool hours_are_never(const road_hours *hours)
{
    for (int w = 0; w < HOURS_WORDS; w++)
        if (hours->slots[w])
            return false;
    return true;
}

/* ---- the list ---- */

static uint16_t append(road_hours_list *list, const road_hours *hours)
{
    if (list->n == HOURS_MOST) {
        list->is_full = true;
        return 0;
    }
    if (!room_for(&list->at, &list->room, list->n + 1, sizeof *list->at)) {
        list->lacks_memory = true;
        return 0;
    }
    list->at[list->n] = *hours;
    return (uint16_t)list->n++;
}

uint16_t road_hours_number(road_hours_list *list, const road_hours *hours)
{
    if (list->n == 0)
        (void)append(list, &(road_hours){{0}});
    for (size_t i = 0; i < list->n; i++)
        if (memcmp(&list->at[i], hours, sizeof *hours) == 0)
            return (uint16_t)i;
    return append(list, hours);
}

uint16_t road_hours_without(road_hours_list *list, uint16_t hours, uint16_t others)
{
    if (hours == 0 || others == 0 || hours == others)
        return hours == others ? 0 : hours;
    road_hours rest = list->at[hours];
    for (int w = 0; w < HOURS_WORDS; w++)
        rest.slots[w] &= ~list->at[others].slots[w];
    return road_hours_number(list, &rest);
}

uint16_t road_hours_either(road_hours_list *list, uint16_t hours, uint16_t others)
{
    if (hours == 0 || others == 0 || hours == others)
        return hours ? hours : others;
    road_hours both = list->at[hours];
    for (int w = 0; w < HOURS_WORDS; w++)
        both.slots[w] |= list->at[others].slots[w];
    return road_hours_number(list, &both);
}

void road_hours_list_done(road_hours_list *list)
{
    free(list->at);
    memset(list, 0, sizeof *list);
}

/* ---- in a period ---- */

/* The period that holds at a time of day; the last of them also holds before the first begins. */
static int32_t period_at(const cr_road_period *periods, int32_t n_periods, int32_t at_s)
{
    int32_t k = n_periods - 1;
    for (int32_t i = 0; i < n_periods; i++)
        if (periods[i].from_s <= at_s)
            k = i;
    return k;
}

/* When a period holds: its own hours, unless another one stands in at the weekend, and there also those of the periods
 * that it stands in for. A slot counts by its middle. */
static road_hours hours_of(const cr_road_period *periods, int32_t n_periods, int32_t k)
{
    road_hours hours = {{0}};
    for (int slot = 0; slot < HOURS_NO_TIME; slot++) {
        int32_t at = period_at(periods, n_periods, slot % HOURS_A_DAY * HOURS_SLOT_S + HOURS_SLOT_S / 2);
        if (slot / HOURS_A_DAY >= 5)
            at = periods[at].weekend;
        hours_set(&hours, slot, at == k);
    }
    return hours;
}

void road_hours_in_period(const road_hours *hours, size_t n, const cr_road_period *periods, int32_t n_periods,
                          int32_t k, uint8_t *ret_shut)
{
    road_hours period = {{0}};
    int n_period = 0;
    if (k == CR_NONE)
        hours_set(&period, HOURS_NO_TIME, true);
    else
        period = hours_of(periods, n_periods, k);
    for (int w = 0; w < HOURS_WORDS; w++)
        n_period += __builtin_popcountll(period.slots[w]);
    for (size_t i = 0; i < n; i++) {
        int n_shut = 0;
        for (int w = 0; w < HOURS_WORDS; w++)
            n_shut += __builtin_popcountll(hours[i].slots[w] & period.slots[w]);
        ret_shut[i] = n_shut == 0 ? HOURS_OPEN : 2 * n_shut >= n_period ? HOURS_SHUT : HOURS_PARTLY;
    }
}
