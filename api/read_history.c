/* History: who has been where in the weeks before. */
#include "columns.h"
#include "reading.h"
#include "value.h"

#include <stdio.h>
#include <stdlib.h>

#define DAY_S  86400
#define NOON_S 43200 /* for a visit whose time of day is not known */

/* Rows outside the window or of people who are not here today are common; they are counted, not listed. */
typedef struct history_counts {
    int32_t not_before, unknown_client, unknown_carer;
    const char *a_client, *a_carer; /* an example each */
} history_counts;

/* The record of a client and a carer (CR_NONE: of all who are not here today); CR_NONE: no memory. */
static int32_t find_pair(day_reading *r, name_index *pairs, int32_t client, int32_t carer)
{
    char key[32];
    snprintf(key, sizeof key, "%d %d", client, carer);
    int32_t at = name_index_get(pairs, key);
    if (at != CR_NONE)
        return at;
    if (!array_room((void **)&r->familiar, r->n_familiar, &r->familiar_room, sizeof *r->familiar) ||
        !name_index_set(pairs, key, r->n_familiar))
        return CR_NONE;
    r->familiar[r->n_familiar] = (cr_familiar){client, carer, 0, 0};
    return r->n_familiar++;
}

static cr_status count_visit(day_reading *r, name_index *pairs, int32_t client, int32_t carer, bool is_lately)
{
    int32_t at = find_pair(r, pairs, client, carer);
    if (at == CR_NONE)
        return CR_E_NOMEM;
    r->familiar[at].n_visits++;
    r->familiar[at].n_lately += is_lately;
    return CR_OK;
}

/* Somebody who is not here today: one face more, the first time that she is met. */
static cr_status count_face(day_reading *r, name_index *pairs, int32_t client, const char *carer_id, bool is_lately)
{
    char key[200];
    int32_t at = find_pair(r, pairs, client, CR_NONE);
    if (at == CR_NONE)
        return CR_E_NOMEM;
    for (int32_t lately = 0; lately <= is_lately; lately++) {
        snprintf(key, sizeof key, "%d%c %s", client, lately ? '+' : '-', carer_id);
        if (name_index_get(pairs, key) != CR_NONE)
            continue;
        if (!name_index_set(pairs, key, 0))
            return CR_E_NOMEM;
        r->familiar[at].n_visits += !lately;
        r->familiar[at].n_lately += lately;
    }
    return CR_OK;
}

static bool read_when(const row *at, int32_t *ret_days, int32_t *ret_s)
{
    const char *text = row_required(at, HISTORY_DATE);
    if (!text)
        return false;
    const char *wrong = value_date_time(text, ret_days, ret_s);
    if (wrong)
        return row_error(at, HISTORY_DATE, "%s", wrong);
    row_time(at, HISTORY_TIME, ret_s);
    if (*ret_s == CR_FREE)
        *ret_s = NOON_S;
    return !row_is_bad(at);
}

static cr_status read_history_row(day_reading *r, int32_t i, name_index *pairs, history_counts *counts)
{
    row at = row_of(r, TABLE_HISTORY, i);
    const char *client_id = row_required(&at, HISTORY_CLIENT_ID), *carer_id = row_required(&at, HISTORY_CARER_ID);
    int32_t days, s = CR_FREE;
    if (!read_when(&at, &days, &s) || row_is_bad(&at))
        return CR_OK;
    int32_t client = name_index_get(r->client_index, client_id), carer = name_index_get(r->carer_index, carer_id);
    int32_t ago = r->day0 - days;
    if (ago < 1) {
        counts->not_before++;
        return CR_OK;
    }
    if (client == CR_NONE) {
        counts->unknown_client++;
        counts->a_client = client_id;
    } else if (ago <= 366) {
        int32_t when = s - ago * DAY_S, *last = &r->clients[client].last_visit;
        *last = *last == CR_FREE || when > *last ? when : *last;
    }
    if (carer == CR_NONE) {
        counts->unknown_carer++;
        counts->a_carer = carer_id;
    }
    if (client < 0 || ago > r->settings.history_days)
        return CR_OK;
    bool is_lately = ago + (r->n_days > 1 ? r->n_days - 1 : 0) <= r->settings.history_days;
    return carer < 0 ? count_face(r, pairs, client, carer_id, is_lately)
                     : count_visit(r, pairs, client, carer, is_lately);
}

cr_status read_history(day_reading *r)
{
    const table *t = &r->tables[TABLE_HISTORY];
    history_counts counts = {0};
    cr_auto(name_index) pairs = NULL;
    cr_status st = name_index_new(&pairs);
    for (int32_t i = 0; !st && i < t->n_rows; i++)
        st = read_history_row(r, i, pairs, &counts);
    char date[16];
    if (counts.not_before)
        findings_warning(r->findings, (finding_at){t->file, 0, "date", ""},
                         "%d row%s of the day planned (%s) or later, not counted", counts.not_before,
                         counts.not_before == 1 ? "" : "s", value_date_text(r->day0, date));
    if (counts.unknown_client && !r->options->is_list)
        findings_warning(r->findings, (finding_at){t->file, 0, "client_id", counts.a_client},
                         "%d row%s of clients without a visit today, like this one", counts.unknown_client,
                         counts.unknown_client == 1 ? "" : "s");
    if (counts.unknown_carer && !r->options->is_list)
        findings_warning(r->findings, (finding_at){t->file, 0, "carer_id", counts.a_carer},
                         "%d row%s of carers who are not in carers.csv, like this one", counts.unknown_carer,
                         counts.unknown_carer == 1 ? "" : "s");
    return st;
}
