/* Times of a day as people write them. */
#include "day.h"

/* The clock goes on past midnight (24:15 belongs to the evening before), so hours may have any number of digits.
 * Seconds are cut off: a carer who comes at 07:30:59 is expected at half past seven. */
char *day_time_text(const cr_day *day, int32_t ticks, char *buffer)
{
    const int32_t minutes = ticks / 60;
    const bool is_negative = minutes < 0;
    const uint32_t size = is_negative ? 0u - (uint32_t)minutes : (uint32_t)minutes;
    sprintf(buffer, "%s%02u:%02u", is_negative ? "-" : "", size / 60, size % 60);
    return buffer;
}
