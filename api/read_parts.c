/* Double-ups that overlap only partly: what the second carer does (and further ones) becomes a visit of its own, the
 * part, tied to the first carer's by a gap from start to start and served with it or not at all (docs/model.md section
 * 2).
 */
#include "columns.h"
#include "reading.h"

#define AFTER_MOST_S (12 * 3600)

void read_second_after(const row *at, visit_record *v)
{
    static const int32_t columns[] = {VISIT_SECOND_AFTER, VISIT_SECOND_AFTER_MAX};
    bool has_least = row_duration(at, VISIT_SECOND_AFTER, 0, AFTER_MOST_S, &v->after_least);
    bool has_most = row_duration(at, VISIT_SECOND_AFTER_MAX, 0, AFTER_MOST_S, &v->after_most);
    if (!has_most)
        v->after_most = v->after_least;
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        if (v->n_carers == 1 && *row_text(at, columns[i]))
            row_warning(at, columns[i], "has no effect on a visit of one carer");
    if (has_least && has_most && v->after_most < v->after_least)
        row_error(at, VISIT_SECOND_AFTER_MAX, "is less than second_after, the least");
}

/* When the part may start, whenever the first carer does. Windows that touch by it become one. */
static void move_windows(visit_record *part, const visit_record *v)
{
    part->n_windows = 0;
    for (int32_t i = 0; i < v->n_windows; i++) {
        cr_window w = {v->windows[i].open + v->after_least, v->windows[i].close + v->after_most};
        if (part->n_windows > 0 && w.open <= part->windows[part->n_windows - 1].close)
            part->windows[part->n_windows - 1].close = w.close;
        else
            part->windows[part->n_windows++] = w;
    }
    if (v->locked_start != CR_FREE) {
        part->windows[0] = (cr_window){v->locked_start + v->after_least, v->locked_start + v->after_most};
        part->n_windows = 1;
    }
}

/* The second carer becomes the first, and so on; wishes for a time, and goods, stay with the visit. */
static visit_record make_part(const visit_record *v)
{
    visit_record part = *v;
    part.n_carers--;
    part.duration_s[0] = v->duration_s[1];
    part.by_grade[0] = v->by_grade[1];
    part.skills[0] = v->skills[1];
    part.attributes[0] = v->attributes[1];
    for (int32_t k = 0; k < part.n_carers; k++)
        part.locked[k] = v->locked[k + 1];
    move_windows(&part, v);
    part.goods = (goods_list){0};
    part.prefer_open = part.prefer_close = part.locked_start = CR_FREE;
    return part;
}

/* Of the visit kept last. */
cr_status keep_part(day_reading *r, const row *at, const cr_place *place, const char *postcode)
{
    visit_record *v = &r->visits[r->n_visits - 1];
    if (v->n_carers == 1 || v->after_most == 0)
        return CR_OK;
    visit_record part = make_part(v);
    v->n_carers = 1;
    part.is_part = true;
    part.visit_id = arena_print(r->strings, "%s/2", v->visit_id);
    if (!part.visit_id)
        return CR_E_NOMEM;
    if (name_index_get(r->visit_index, part.visit_id) != CR_NONE) {
        row_error(at, VISIT_SECOND_AFTER, "the second carer's part is called '%s', as another visit is already",
                  part.visit_id);
        return CR_OK;
    }
    return keep_visit(r, at, &part, place, postcode);
}

int32_t part_of_visit(const day_reading *r, int32_t visit)
{
    return visit + 1 < r->n_visits && r->visits[visit + 1].is_part ? visit + 1 : CR_NONE;
}
