/* What the clock shows becomes what has passed since the first midnight. */
#include "building.h"
#include "value.h"

/* The first of a row's times that the clock leaves in doubt, as a warning. */
static bool note_doubt(building *b, const row *at, int32_t wall_s)
{
    const clock_change *change = &b->day->change;
    clock_doubt doubt = wall_s == CR_FREE ? CLOCK_CLEAR : clock_doubt_of(change, wall_s);
    char date[16];
    if (doubt == CLOCK_CLEAR)
        return false;
    value_date_text(b->r->day0 + wall_s / 86400, date);
    int32_t of_day = wall_s % 86400, first = change->at_s % 86400 / 60,
            by = (change->by_s > 0 ? 1 : -1) * change->by_s / 60;
    if (doubt == CLOCK_NEVER)
        row_warning(at, CR_NONE,
                    "the clock never shows %02d:%02d on %s (it goes forward from %02d:%02d by %d minutes), so the time "
                    "of the change is taken",
                    of_day / 3600, of_day / 60 % 60, date, first / 60, first % 60, by);
    else
        row_warning(
            at, CR_NONE,
            "the clock shows %02d:%02d twice on %s (it goes back from %02d:%02d by %d minutes), and the first is "
            "taken",
            of_day / 3600, of_day / 60 % 60, date, first / 60, first % 60, by);
    return true;
}

static int32_t tick_of(const building *b, int32_t wall_s)
{
    return wall_s == CR_FREE ? CR_FREE : clock_elapsed(&b->day->change, wall_s);
}

/* A shift whose times are ticks. */
shift_record building_ticking_shift(building *b, const shift_record *from)
{
    shift_record s = *from;
    row at = row_of(b->r, TABLE_CARERS, from->row);
    bool noted = note_doubt(b, &at, s.begin) || note_doubt(b, &at, s.end);
    if (s.brk.given && !noted && !note_doubt(b, &at, s.brk.open))
        note_doubt(b, &at, s.brk.close);
    s.begin = tick_of(b, s.begin);
    s.end = tick_of(b, s.end);
    s.paid_end = tick_of(b, s.paid_end);
    s.brk.open = tick_of(b, s.brk.open);
    s.brk.close = tick_of(b, s.brk.close);
    for (int32_t k = 0; k < s.n_kept; k++)
        s.kept[k] = (cr_window){tick_of(b, s.kept[k].open), tick_of(b, s.kept[k].close)};
    return s;
}

/* A visit whose times are ticks. Windows that meet where the clock goes forward become one. */
visit_record building_ticking_visit(building *b, int32_t v)
{
    visit_record visit = b->r->visits[v];
    row at = row_of_visit(b->r, v);
    int32_t n = 0;
    bool noted = note_doubt(b, &at, visit.locked_start);
    for (int32_t i = 0; i < visit.n_windows; i++) {
        cr_window w = visit.windows[i];
        noted = noted || note_doubt(b, &at, w.open) || note_doubt(b, &at, w.close);
        w = (cr_window){tick_of(b, w.open), tick_of(b, w.close)};
        if (n > 0 && w.open <= visit.windows[n - 1].close)
            visit.windows[n - 1].close = w.close;
        else
            visit.windows[n++] = w;
    }
    visit.n_windows = n;
    visit.prefer_open = tick_of(b, visit.prefer_open);
    visit.prefer_close = tick_of(b, visit.prefer_close);
    visit.locked_start = tick_of(b, visit.locked_start);
    return visit;
}
