/* What a worker finds in its folder: the day, and what a plan is made from beside it. */
#ifndef API_JOB_FOLDER_H
#define API_JOB_FOLDER_H

#include "store.h"

/* Put it there: FOLDER/DATE with the day, which is of the plan's date; FOLDER/published.json if the plan's options name
 * a plan that is kept, and FOLDER/events if they have any; for a run of a scenario, FOLDER/scenarios.json and
 * FOLDER/facts.json. The folder is there. CR_E_UPSTREAM: errno, or the store's
 * message. CR_E_INTERNAL: the published plan is gone. */
cr_status job_folder_write(cr_store *store, const store_plan *plan, const store_day *day, const char *folder);

#endif
