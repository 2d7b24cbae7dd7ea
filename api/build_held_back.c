/* Capacity held back into the problem: each piece a visit that may be anywhere, for a client of its own whom everybody
 * knows, so that neither continuity nor faces have a price. They come after all other visits. */
#include "building.h"

#define DAY_S 86400

/* Carers of another provider, and those who work patches, but not that one. */
static cr_status add_unsuited(building *b, const held_back_record *h, cr_range *ret_range)
{
    const day_reading *r = b->r;
    int32_t *ids = arena_take_bytes(r->strings, ((size_t)r->n_carers + 1) * sizeof *ids), n = 0;
    for (int32_t c = 0; ids && c < r->n_carers; c++) {
        const carer_record *carer = &r->carers[c];
        bool works_there = h->patch == CR_NONE || carer->patches.n == 0;
        for (int32_t i = 0; i < carer->patches.n; i++)
            works_there = works_there || carer->patches.items[i] == h->patch;
        if (!works_there || (h->provider != CR_NONE && carer->provider != h->provider))
            ids[n++] = c;
    }
    return ids ? cr_problem_add_ids(b->problem, ids, n, ret_range) : CR_E_NOMEM;
}

static cr_status add_slot(building *b, const held_back_record *h, int32_t length_s)
{
    cr_slot slot = CR_SLOT_INIT;
    slot.duration = length_s;
    cr_status st = cr_problem_add_skills(b->problem, h->skills.items, h->skills.n, &slot.skills);
    if (!st)
        st = cr_problem_add_ids(b->problem, h->attributes.items, h->attributes.n, &slot.attributes);
    return st ? st : cr_problem_add_slot(b->problem, &slot);
}

static cr_status add_client(building *b, const held_back_record *h, const char *id)
{
    cr_status st = CR_OK;
    int32_t client = b->day->n_clients++;
    b->day->clients[client] = (day_client){id, h->name, "", "", {0, 0, -1, CR_PLACE_NONE}, true};
    b->problem->n_clients = b->day->n_clients;
    for (int32_t c = 0; !st && c < b->r->n_carers; c++)
        st = cr_problem_add_familiar(b->problem, client, c, 1);
    return st;
}

static cr_status add_piece(building *b, const held_back_record *h, int32_t day, int32_t length_s, const char *id)
{
    const settings *s = &b->r->settings;
    cr_problem *p = b->problem;
    cr_visit visit = CR_VISIT_INIT;
    int32_t open = clock_elapsed(&b->day->change, h->window.open + day * DAY_S);
    int32_t close = clock_elapsed(&b->day->change, h->window.close + day * DAY_S) - length_s;
    row at = row_of(b->r, TABLE_HELD_BACK, h->row);
    if (!id)
        return CR_E_NOMEM;
    visit.client = b->day->n_clients;
    visit.place = CR_NONE;
    visit.is_anywhere = true;
    visit.day = day;
    visit.load = 0;
    visit.unallocated_price = pence_each(s->held_back_per_hour * length_s / 3600);
    visit.priority = s->priority;
    b->day->visits[p->n_visits] = (day_visit){id, "", "", visit.client, row_line(&at), false};
    cr_status st = add_unsuited(b, h, &visit.forbidden);
    if (!st)
        st = add_client(b, h, id);
    if (!st)
        st = cr_problem_add_visit(p, &visit);
    if (!st)
        st = cr_problem_add_window(p, open, close > open ? close : open);
    return st ? st : add_slot(b, h, length_s);
}

/* What does not make a whole piece is the last one's. */
static cr_status add_day(building *b, const held_back_record *h, int32_t day)
{
    int32_t n = h->length_s / h->piece_s;
    cr_status st = CR_OK;
    for (int32_t i = 0; !st && i < n; i++) {
        int32_t length_s = i + 1 < n ? h->piece_s : h->piece_s + h->length_s % h->piece_s;
        st = add_piece(b, h, day, length_s, held_back_id(b->r, h, day, i));
    }
    return st;
}

cr_status building_add_held_back(building *b)
{
    const day_reading *r = b->r;
    cr_status st = CR_OK;
    for (int32_t i = 0; !st && i < r->n_held_back; i++)
        for (int32_t day = 0; !st && day < b->day->n_days; day++)
            if (r->held_back[i].day == CR_NONE || r->held_back[i].day == day)
                st = add_day(b, &r->held_back[i], day);
    return st;
}
