/* Times of a day as people write them. */
#include "day.h"

#include "value.h"

#define MINUTES_A_DAY 1440

/* Days after the first that a time falls on; before it, negative. */
static int32_t days_after(int32_t minutes)
{
    return minutes >= 0 ? minutes / MINUTES_A_DAY : -((MINUTES_A_DAY - 1 - minutes) / MINUTES_A_DAY);
}

int32_t day_ticks(const cr_day *day, int32_t of_day, int32_t wall_s)
{
    return clock_elapsed(&day->change, of_day * 86400 + wall_s);
}

static char *weekday_time_text(const cr_day *day, int32_t minutes, char *buffer)
{
    static const char *const names[] = {"Thu", "Fri", "Sat", "Sun",
                                        "Mon", "Tue", "Wed"}; /* 1970-01-01 was a Thursday */
    const int32_t days = days_after(minutes), number = day->first_day + days;
    const uint32_t of_day = (uint32_t)(minutes - days * MINUTES_A_DAY);
    sprintf(buffer, "%s %02u:%02u", names[(number % 7 + 7) % 7], of_day / 60, of_day % 60);
    return buffer;
}

/* Of one day the clock goes on past midnight (24:15 belongs to the evening before), so hours may have any number of
 * digits. Seconds are cut off: a carer who comes at 07:30:59 is expected at half past seven. */
char *day_time_text(const cr_day *day, int32_t ticks, char *buffer)
{
    const int32_t minutes = clock_wall(&day->change, ticks) / 60;
    if (day->n_days > 1)
        return weekday_time_text(day, minutes, buffer);
    const bool is_negative = minutes < 0;
    const uint32_t size = is_negative ? 0u - (uint32_t)minutes : (uint32_t)minutes;
    sprintf(buffer, "%s%02u:%02u", is_negative ? "-" : "", size / 60, size % 60);
    return buffer;
}

char *day_date_text(const cr_day *day, int32_t ticks, char *buffer)
{
    if (day->n_days > 1)
        return value_date_text(day->first_day + days_after(clock_wall(&day->change, ticks) / 60), buffer);
    snprintf(buffer, 16, "%s", day->date);
    return buffer;
}
