/* Changes to a day, as a scenario states them: made while it is read, so that every rule of the reader holds for what
 * comes out.
 *
 * Most are edits of the tables (a carer's rows gone, a column set, rows added), made before any row is read; windows
 * and durations are known only when the visits have been read, and are changed then. docs/scenarios.md has each kind of
 * change, data/schema/scenarios.schema.json its form.
 */
#ifndef API_CHANGES_H
#define API_CHANGES_H

#include "arena.h"
#include "findings.h"

#include <jansson.h>

typedef struct day_changes {
    const char *file;   /* for messages: "scenarios.json" */
    const char *where;  /* "scenarios[2].changes" */
    const json_t *list; /* changes_check() found nothing against it; borrowed */
} day_changes;

/* Is a list of changes well formed? Every fault goes to the findings; false if there is one. */
bool changes_check(const day_changes *changes, arena *strings, findings_book *findings);

/* ---- inside: what the files of changes share ---- */

typedef enum change_kind {
    CHANGE_REMOVE_CARERS,
    CHANGE_ADD_CARERS,
    CHANGE_SET_CARERS,
    CHANGE_TRAVEL_BY,
    CHANGE_MOVE_HOURS,
    CHANGE_REMOVE_VISITS,
    CHANGE_ADD_VISITS,
    CHANGE_SET_VISITS,
    CHANGE_SHORTEN_VISITS,
    CHANGE_WIDEN_WINDOWS,
    CHANGE_ADD_PROVIDERS,
    CHANGE_SET_PROVIDERS,
    CHANGE_SETTINGS,
    N_CHANGES
} change_kind;

/* Which kind a checked change is. */
change_kind change_kind_of(const json_t *change);

/* Minutes of a checked change, as seconds; `usual` where it does not say. */
int32_t change_minutes_s(const json_t *change, const char *name, int32_t usual);

#endif
