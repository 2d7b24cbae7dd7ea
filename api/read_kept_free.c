/* Capacity that a service holds back: times of a shift in which its carer is kept free for what may come (a discharge
 * from hospital, a colleague who falls ill). To the engine it is a break at a fixed time, spent where she is and paid.
 */
#include "columns.h"
#include "reading.h"

#define DAY_S 86400

/* In the order of time, and apart. */
static void put(const row *at, shift_record *shift, cr_window w)
{
    int32_t k = shift->n_kept;
    if (k == SHIFT_MOST_KEPT) {
        row_error(at, CARER_KEPT_FREE, "more than %d times", SHIFT_MOST_KEPT);
        return;
    }
    for (; k > 0 && shift->kept[k - 1].open > w.open; k--)
        shift->kept[k] = shift->kept[k - 1];
    shift->kept[k] = w;
    shift->n_kept++;
    if ((k > 0 && shift->kept[k - 1].close > w.open) || (k + 1 < shift->n_kept && w.close > shift->kept[k + 1].open))
        row_error(at, CARER_KEPT_FREE, "two of the times overlap");
}

/* On a night shift 02:00 is the next day's. */
static void read_one(const row *at, shift_record *shift, value_item item)
{
    cr_window w;
    if (!parse_window(item, &w)) {
        row_error(at, CARER_KEPT_FREE, "'%.*s' is not a span of time; write 10:00-12:00", (int)item.n, item.text);
        return;
    }
    if (w.close < w.open)
        w.close += DAY_S;
    if (w.open < shift->begin && w.close + DAY_S <= shift->end) {
        w.open += DAY_S;
        w.close += DAY_S;
    }
    if (w.close <= w.open || w.open < shift->begin || w.close > shift->end)
        row_error(at, CARER_KEPT_FREE, "'%.*s' does not lie within the shift", (int)item.n, item.text);
    else
        put(at, shift, w);
}

/* A break that could only be taken while she is kept free would leave the shift unused. */
static void check_break(const row *at, const shift_record *shift)
{
    const break_record *b = &shift->brk;
    for (int32_t k = 0; b->given && k < shift->n_kept; k++)
        if (b->open > shift->kept[k].open - b->length_s && b->close < shift->kept[k].close)
            row_error(at, CARER_KEPT_FREE, "leaves no time for the break of %d minutes", b->length_s / 60);
}

void read_kept_free(const row *at, shift_record *shift)
{
    const char *list = row_text(at, CARER_KEPT_FREE);
    value_item item;
    while (!row_is_bad(at) && value_next_item(&list, &item))
        read_one(at, shift, item);
    if (!row_is_bad(at))
        check_break(at, shift);
}
