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

int32_t time_zone_change_s(const char *name, int32_t days)
{
    UChar zone[NAME_MOST];
    UErrorCode code = U_ZERO_ERROR;
    if (!to_icu(name, zone))
        return 0;
    UCalendar *calendar = ucal_open(zone, -1, "en_GB", UCAL_GREGORIAN, &code);
    if (U_FAILURE(code))
        return 0;
    double midnight_ms = days * DAY_MS - offset_ms(calendar, days * DAY_MS, &code);
    double before_ms = offset_ms(calendar, midnight_ms, &code);
    double after_ms = offset_ms(calendar, midnight_ms + DAY_MS, &code);
    ucal_close(calendar);
    return U_FAILURE(code) ? 0 : (int32_t)((after_ms - before_ms) / 1000);
}
