/* Time zones, asked of ICU. */
#include "time_zone.h"

#include <unicode/ucal.h>
#include <unicode/ustring.h>

#define NAME_MOST 64
#define DAY_MS    86400000.0

static bool to_icu(const char *name, UChar ret_name[NAME_MOST])
{
    UErrorCode code = U_ZERO_ERROR;
    u_strFromUTF8(ret_name, NAME_MOST, NULL, name, -1, &code);
    return U_SUCCESS(code) && code != U_STRING_NOT_TERMINATED_WARNING;
}

bool time_zone_is_known(const char *name)
{
    UChar wanted[NAME_MOST], known[NAME_MOST];
    UErrorCode code = U_ZERO_ERROR;
    UBool is_system = false;
    if (!to_icu(name, wanted))
        return false;
    ucal_getCanonicalTimeZoneID(wanted, -1, known, NAME_MOST, &is_system, &code);
    return U_SUCCESS(code) && is_system;
}

/* How far the zone is ahead of Greenwich at that instant. */
static double offset_ms(UCalendar *calendar, double when_ms, UErrorCode *code)
{
    ucal_setMillis(calendar, when_ms, code);
    return (double)ucal_get(calendar, UCAL_ZONE_OFFSET, code) + (double)ucal_get(calendar, UCAL_DST_OFFSET, code);
}

/* ICU's next change after an instant; false: there is none, or it moves nothing. */
static bool next_change(UCalendar *calendar, double after_ms, double *ret_ms, double *ret_by_ms, UErrorCode *code)
{
    ucal_setMillis(calendar, after_ms, code);
    if (!ucal_getTimeZoneTransitionDate(calendar, UCAL_TZ_TRANSITION_NEXT, ret_ms, code) || U_FAILURE(*code))
        return false;
    *ret_by_ms = offset_ms(calendar, *ret_ms, code) - offset_ms(calendar, *ret_ms - 1, code);
    return U_SUCCESS(*code) && *ret_by_ms != 0;
}

clock_change time_zone_change(const char *name, int32_t days, int32_t n_days)
{
    UChar zone[NAME_MOST];
    UErrorCode code = U_ZERO_ERROR;
    clock_change change = {0, 0};
    if (!to_icu(name, zone))
        return change;
    UCalendar *calendar = ucal_open(zone, -1, "en_GB", UCAL_GREGORIAN, &code);
    if (U_FAILURE(code))
        return change;
    double utc_ms = days * DAY_MS, at_ms, by_ms;
    double near_ms = utc_ms - offset_ms(calendar, utc_ms, &code); /* an hour off where the clocks change before noon */
    double midnight_ms = utc_ms - offset_ms(calendar, near_ms, &code);
    if (U_SUCCESS(code) && next_change(calendar, midnight_ms - 1, &at_ms, &by_ms, &code) &&
        at_ms < midnight_ms + n_days * DAY_MS)
        change = (clock_change){(int32_t)((at_ms - midnight_ms) / 1000), (int32_t)(by_ms / 1000)};
    ucal_close(calendar);
    return change;
}

/* ---- the clock on the wall ---- */

clock_doubt clock_doubt_of(const clock_change *change, int32_t wall_s)
{
    if (change->by_s > 0 && wall_s >= change->at_s && wall_s < change->at_s + change->by_s)
        return CLOCK_NEVER;
    if (change->by_s < 0 && wall_s >= change->at_s + change->by_s && wall_s < change->at_s)
        return CLOCK_TWICE;
    return CLOCK_CLEAR;
}

int32_t clock_elapsed(const clock_change *change, int32_t wall_s)
{
    if (change->by_s == 0 || wall_s < change->at_s)
        return wall_s;
    int32_t after = wall_s - change->by_s;
    return after > change->at_s ? after : change->at_s;
}

int32_t clock_wall(const clock_change *change, int32_t elapsed_s)
{
    return elapsed_s < change->at_s ? elapsed_s : elapsed_s + change->by_s;
}
