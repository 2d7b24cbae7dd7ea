/* Which rows a change is about, and what it has to say. Internal to the reader of days. */
#ifndef API_CHANGES_PICK_H
#define API_CHANGES_PICK_H

#include "changes.h"
#include "reading.h"

/* One change while it is made. */
typedef struct change_at {
    day_reading *r;
    const json_t *change;
    const char *path; /* "scenarios[2].changes[0]" */
} change_at;

/* What is wrong with it. field: "carers[1]", or "" for the change as a whole. */
__attribute__((format(printf, 4, 5))) void change_error(const change_at *c, const char *field, const char *value,
                                                        const char *format, ...);

/* One sentence on what it did; CR_E_NOMEM. */
__attribute__((format(printf, 2, 3))) cr_status change_note(const change_at *c, const char *format, ...);

/* A text field, or NULL. */
const char *change_text(const change_at *c, const char *name);

/* The rows of a table that the change is about: those that match one name in each of its lists (carers, providers,
 * teams; visits, clients, bands), or all. A name that no row has is an error: picks over several tables count together.
 */
#define PICK_TABLES_MOST 2
typedef struct row_pick {
    int32_t n_tables;
    int32_t kind[PICK_TABLES_MOST];
    bool *rows[PICK_TABLES_MOST]; /* by row; one more than there are */
    int32_t n_rows;               /* picked, in all */
} row_pick;

cr_status row_pick_carers(const change_at *c, row_pick *ret_pick);
cr_status row_pick_providers(const change_at *c, row_pick *ret_pick);
cr_status row_pick_visits(const change_at *c, row_pick *ret_pick); /* and packages */
void row_pick_done(row_pick *pick);

/* Of visits to be removed: a package takes the rows along that stand in for its visits, and is suspended on the day of
 * such a row that goes without it. */
cr_status row_pick_stand_ins(const change_at *c, row_pick *pick);

/* Take those rows away, and what hung on them: locks, ties, rides, accepted breaches. CR_E_NOMEM. */
cr_status change_remove_visits(const change_at *c, row_pick *pick);
cr_status change_remove_carers(const change_at *c, const row_pick *pick);

static inline table *change_table_of(const change_at *c, int32_t kind)
{
    return &c->r->tables[kind];
}

static inline const char *change_s_of(int32_t n)
{
    return n == 1 ? "" : "s";
}

/* What a carer's row says, or an earlier or later row of hers if it leaves it empty. */
const char *carer_row_text(const table *t, int32_t at_row, int32_t column);

#endif
