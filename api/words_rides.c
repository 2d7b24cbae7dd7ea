/* The rides of a leg in words, for run sheets and calendars. */
#include "words.h"

#include <stdio.h>
#include <stdlib.h>

#define RIDES_MOST 12

static words clock_at(const cr_day *day, int32_t wall_s)
{
    return words_clock(day, clock_elapsed(&day->change, wall_s));
}

cr_status words_rides(const cr_day *day, const itinerary_leg *leg, char **ret_text)
{
    cr_transit_ride rides[RIDES_MOST];
    int32_t n = 0, arrive_s;
    char *text = NULL;
    size_t size;
    cr_status st = day_transit_rides(day, leg, RIDES_MOST, rides, &n, &arrive_s);
    FILE *out = st ? NULL : open_memstream(&text, &size);
    if (!out)
        return CR_E_NOMEM;
    for (int32_t i = 0; i < n; i++)
        fprintf(out, "%s%s from %s at %s, off at %s %s", i ? "; " : "", rides[i].line, rides[i].from,
                clock_at(day, rides[i].board_s).text, rides[i].to, clock_at(day, rides[i].alight_s).text);
    if (arrive_s == CR_NO_WAY)
        fprintf(out, "nothing goes there then");
    else if (arrive_s > clock_wall(&day->change, leg->arrive))
        fprintf(out, "%s, there at %s, later than planned", n == 0 ? "on foot" : "", clock_at(day, arrive_s).text);
    if (fclose(out)) {
        free(text);
        return CR_E_NOMEM;
    }
    *ret_text = text;
    return CR_OK;
}
