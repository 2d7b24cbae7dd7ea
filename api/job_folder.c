/* The folder of a worker, filled from the store. */
#include "job_folder.h"

#include "day_folder.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static cr_status write_published(cr_store *store, const char *plan_id, const char *folder)
{
    char path[DAY_FOLDER_PATH];
    cr_auto(store_bytes) published = NULL;
    cr_status st = store_get_result(store, plan_id, &published);
    if (st || !published)
        return st ? st : CR_E_INTERNAL;
    snprintf(path, sizeof path, "%s/published.json", folder);
    return day_folder_put_file(path, published->bytes, published->size);
}

static cr_status write_text(const char *folder, const char *name, const char *text)
{
    char path[DAY_FOLDER_PATH];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return day_folder_put_file(path, text, strlen(text));
}

static cr_status write_scenario(cr_store *store, const char *scenario_id, const char *folder)
{
    cr_auto(store_scenarios) scenario = NULL;
    cr_status st = store_get_scenario(store, scenario_id, &scenario);
    if (!st && !scenario)
        st = CR_E_INTERNAL;
    if (!st)
        st = write_text(folder, "scenarios.json", scenario->items[0].file);
    return st ? st : write_text(folder, "facts.json", scenario->items[0].facts);
}

cr_status job_folder_write(cr_store *store, const store_plan *plan, const store_day *day, const char *folder)
{
    char path[DAY_FOLDER_PATH];
    json_auto_t *options = json_loads(plan->options, 0, NULL);
    const char *published = json_string_value(json_object_get(options, "published"));
    const char *events = json_string_value(json_object_get(options, "events"));
    snprintf(path, sizeof path, "%s/%s", folder, plan->date);
    cr_status st = day_folder_write(store, day, path);
    if (!st && published)
        st = write_published(store, published, folder);
    if (!st && events)
        st = write_text(folder, "events", events);
    if (!st && *plan->scenario_id)
        st = write_scenario(store, plan->scenario_id, folder);
    return st;
}
