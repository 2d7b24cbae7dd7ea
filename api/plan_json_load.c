/* A plan.json loaded with Jansson.
 *
 * Three quarters of the file are for people and maps: names, clock times, distances. Whoever sends a plan waits while
 * it is read, so these do not reach Jansson.
 */
#include "plan_json.h"

#include "json_lean.h"

#include <stdlib.h>

/* A key that stands twice may hide a stop from whoever reads the file: refused. */
#define LOAD_FLAGS JSON_REJECT_DUPLICATES

/* In none of the file's objects does plan_json_read.c or plan_json_replanned.c look at these. */
static const char *const unread[] = {
    "address",     "arrive",          "band",       "begin",    "begin_s", "carer",  "carer_name", "client",
    "client_name", "depart",          "distance_m", "door_s",   "end",     "end_s",  "finish",     "finish_s",
    "leave",       "leave_s",         "mode",       "name",     "notes",   "pence",  "postcode",   "provider",
    "quality",     "shares_car_with", "start",      "travel_s", "wait_s",  "walk_m", "with",
};

static bool lacked_memory(const json_t *root, const json_error_t *error)
{
    return !root && json_error_code(error) == json_error_out_of_memory;
}

cr_status plan_json_load(const char *text, size_t size, json_t **ret_root, json_error_t *ret_error)
{
    size_t lean_size;
    char *lean;
    *ret_root = NULL;
    cr_status st = json_lean(text, size, unread, (int32_t)(sizeof unread / sizeof *unread), &lean, &lean_size);
    if (st)
        return st;
    json_t *root = lean ? json_loadb(lean, lean_size, LOAD_FLAGS, ret_error) : NULL;
    bool has_failed = lean && lacked_memory(root, ret_error);
    free(lean);
    if (!root && !has_failed) /* the place of a fault is one in what was sent */
        root = json_loadb(text, size, LOAD_FLAGS, ret_error);
    if (lacked_memory(root, ret_error))
        return CR_E_NOMEM;
    *ret_root = root;
    return root ? CR_OK : CR_E_INPUT;
}

json_t *plan_json_load_file(const char *path, json_error_t *ret_error)
{
    return json_load_file(path, LOAD_FLAGS, ret_error);
}
