/* Capacity held back of whoever suits: so many hours of a span of the day, in pieces, each held by one carer who is
 * where her round has brought her. To the engine a piece is a visit that may be anywhere; build_held_back.c makes it.
 */
#include "columns.h"
#include "reading.h"

#include <string.h>

#define DAY_S       86400
#define PIECE_USUAL (30 * 60)
#define PIECE_LEAST (5 * 60)
#define HOURS_MOST  (48 * 3600)
#define PIECES_MOST 96 /* of a row */

static void read_window(const row *at, held_back_record *h)
{
    const char *text = row_required(at, HELD_BACK_WINDOW);
    if (!text)
        return;
    if (!parse_window((value_item){text, strlen(text)}, &h->window)) {
        row_error(at, HELD_BACK_WINDOW, "not a span of time; write 08:00-14:00");
        return;
    }
    if (h->window.close < h->window.open)
        h->window.close += DAY_S;
    int32_t longest_s = h->piece_s + h->length_s % h->piece_s;
    if (h->window.close - h->window.open < longest_s)
        row_error(at, HELD_BACK_WINDOW, "has no room for a piece of %d minutes", longest_s / 60);
}

static int32_t read_provider(day_reading *r, const row *at)
{
    const char *id = row_text(at, HELD_BACK_PROVIDER), *ids[64];
    int32_t n = r->n_providers < 64 ? r->n_providers : 64,
            found = *id ? name_index_get(r->provider_index, id) : CR_NONE;
    for (int32_t i = 0; i < n; i++)
        ids[i] = r->providers[i].provider_id;
    if (*id && found == CR_NONE && !r->options->is_list)
        row_error(at, HELD_BACK_PROVIDER, "no carer is of this provider%s", findings_hint(r->findings, id, ids, n));
    return found;
}

const char *held_back_id(const day_reading *r, const held_back_record *h, int32_t day, int32_t piece)
{
    return r->n_days > 1 ? arena_print(r->strings, "held-%d-%d-%d", h->row + 1, day + 1, piece + 1)
                         : arena_print(r->strings, "held-%d-%d", h->row + 1, piece + 1);
}

/* Visits are called otherwise. */
static cr_status check_ids(day_reading *r, const row *at, const held_back_record *h)
{
    for (int32_t day = 0; day < (r->n_days > 1 ? r->n_days : 1); day++)
        for (int32_t i = 0; i < h->length_s / h->piece_s && (h->day == CR_NONE || h->day == day); i++) {
            const char *id = held_back_id(r, h, day, i);
            if (!id)
                return CR_E_NOMEM;
            if (name_index_get(r->visit_index, id) != CR_NONE) {
                row_error(at, CR_NONE, "a piece of it is called '%s', as a visit is already", id);
                return CR_OK;
            }
        }
    return CR_OK;
}

static cr_status read_one(day_reading *r, int32_t i)
{
    row at = row_of(r, TABLE_HELD_BACK, i);
    held_back_record h = {.row = i, .name = row_text(&at, HELD_BACK_NAME), .day = CR_NONE, .piece_s = PIECE_USUAL};
    if (!*h.name)
        h.name = "Held back";
    if (*row_text(&at, HELD_BACK_DATE) && !row_day(&at, HELD_BACK_DATE, r->day0, &h.day))
        h.day = 0;
    if (h.day != CR_NONE && h.day >= (r->n_days > 1 ? r->n_days : 1))
        row_error(&at, HELD_BACK_DATE, "no visit and no shift is on this day or after it; leave it out for every day");
    row_duration(&at, HELD_BACK_PIECE, PIECE_LEAST, HOURS_MOST, &h.piece_s);
    if (row_required(&at, HELD_BACK_HOURS) &&
        row_duration(&at, HELD_BACK_HOURS, PIECE_LEAST, HOURS_MOST, &h.length_s)) {
        if (h.length_s < h.piece_s)
            row_error(&at, HELD_BACK_HOURS, "less than a piece of %d minutes", h.piece_s / 60);
        else if (h.length_s / h.piece_s > PIECES_MOST)
            row_error(&at, HELD_BACK_HOURS, "more than %d pieces; give a longer piece", PIECES_MOST);
    }
    read_window(&at, &h);
    read_skills_needed(r, &at, HELD_BACK_SKILLS, &h.skills);
    read_attributes_needed(r, &at, HELD_BACK_ATTRIBUTES, &h.attributes);
    h.provider = read_provider(r, &at);
    h.patch = read_patch_of(r, &at, HELD_BACK_PATCH);
    cr_status st = row_is_bad(&at) ? CR_OK : check_ids(r, &at, &h);
    if (st || row_is_bad(&at))
        return st;
    if (!array_room((void **)&r->held_back, r->n_held_back, &r->held_back_room, sizeof *r->held_back))
        return CR_E_NOMEM;
    r->n_pieces += h.length_s / h.piece_s * (h.day == CR_NONE && r->n_days > 1 ? r->n_days : 1);
    r->held_back[r->n_held_back++] = h;
    return CR_OK;
}

cr_status read_held_back(day_reading *r)
{
    return read_each_row(r, TABLE_HELD_BACK, read_one);
}
