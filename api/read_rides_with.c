/* Crews: a carer who rides in another's car all shift. Her shift is the other's in all that makes a round: places, way
 * to travel, breaks, times held back. The row of who drives stands above hers.
 */
#include "columns.h"
#include "reading.h"

#include <string.h>

/* The other's shift at just these times; CR_NONE. */
static int32_t find_shift(const day_reading *r, int32_t carer, const shift_record *like)
{
    for (int32_t s = r->carers[carer].last_shift; s != CR_NONE; s = r->shifts[s].previous)
        if (r->shifts[s].day == like->day && r->shifts[s].begin == like->begin && r->shifts[s].end == like->end)
            return s;
    return CR_NONE;
}

/* What the row says of its round has no effect, which is said once. */
static void warn_of_own(const row *at)
{
    static const int32_t columns[] = {CARER_MODE,           CARER_SPEED_FACTOR,
                                      CARER_PAID_END,       CARER_STARTS_AT_BEGIN,
                                      CARER_BREAK_START,    CARER_BREAK_END,
                                      CARER_BREAK_MIN,      CARER_BREAK_PAID,
                                      CARER_KEPT_FREE,      CARER_START_LATITUDE,
                                      CARER_START_EASTING,  CARER_START_GRID_REF,
                                      CARER_START_POSTCODE, CARER_END_LATITUDE,
                                      CARER_END_EASTING,    CARER_END_GRID_REF,
                                      CARER_END_POSTCODE,   CARER_ROOM};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        if (*row_text(at, columns[i])) {
            row_warning(at, columns[i], "has no effect: who rides with another shares all of her shift");
            return;
        }
}

static void share(shift_record *shift, const shift_record *driver, int32_t index)
{
    shift->rides_with = index;
    shift->start_place = driver->start_place;
    shift->end_place = driver->end_place;
    shift->mode = driver->mode;
    shift->paid_end = driver->paid_end;
    shift->at_begin = driver->at_begin;
    shift->brk = driver->brk;
    shift->rooms = driver->rooms;
    shift->n_kept = driver->n_kept;
    memcpy(shift->kept, driver->kept, sizeof shift->kept);
}

void read_rides_with(day_reading *r, const row *at, shift_record *shift)
{
    const char *id = row_text(at, CARER_RIDES_WITH);
    if (!*id || row_is_bad(at))
        return;
    int32_t carer = name_index_get(r->carer_index, id);
    if (strcmp(id, row_text(at, CARER_ID)) == 0) {
        row_error(at, CARER_RIDES_WITH, "must be another carer");
        return;
    }
    if (carer < 0) {
        row_error(at, CARER_RIDES_WITH, "no such carer in the rows above%s; the row of who drives comes first",
                  carer == REJECTED ? " (her row has an error)" : "");
        return;
    }
    int32_t driver = find_shift(r, carer, shift);
    if (driver == CR_NONE)
        row_error(at, CARER_RIDES_WITH,
                  "'%s' has no shift in the rows above with the same date, shift_start and shift_end", id);
    else if (r->shifts[driver].has_rider || r->shifts[driver].rides_with != CR_NONE)
        row_error(at, CARER_RIDES_WITH, "the car of '%s' is shared already; a crew is two carers", id);
    else {
        warn_of_own(at);
        share(shift, &r->shifts[driver], driver);
    }
}
