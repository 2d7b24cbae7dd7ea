/* What a given route breaks, by VROOM's causes. */
#include "vroom_violations.h"

void vroom_violations_add(vroom_violations *sum, const vroom_violations *more)
{
    for (int cause = 0; cause < VROOM_CAUSES; cause++)
        sum->has[cause] = sum->has[cause] || more->has[cause];
    sum->lead_s += more->lead_s;
    sum->delay_s += more->delay_s;
}

json_t *vroom_violations_list(const vroom_violations *v)
{
    static const char *const names[VROOM_CAUSES] = {"lead_time",    "delay",      "load",          "max_tasks",
                                                    "skills",       "precedence", "missing_break", "max_travel_time",
                                                    "max_distance", "max_load"};
    json_t *list = json_array();
    for (int cause = 0; cause < VROOM_CAUSES; cause++) {
        if (!v->has[cause])
            continue;
        json_t *item = json_pack("{s:s}", "cause", names[cause]);
        int64_t duration_s = cause == VROOM_LEAD_TIME ? v->lead_s : cause == VROOM_DELAY ? v->delay_s : 0;
        bool is_sound = item && (duration_s == 0 || !json_object_set_new(item, "duration", json_integer(duration_s)));
        if (!is_sound || json_array_append(list, item)) {
            json_decref(item);
            json_decref(list);
            return NULL;
        }
        json_decref(item);
    }
    return list;
}

int64_t vroom_off_windows(const json_t *windows, int64_t time_s)
{
    size_t i;
    const json_t *window;
    int64_t before_s = INT64_MAX, after_s = INT64_MAX; /* since the last one closed, until the next one opens */
    json_array_foreach(windows, i, window)
    {
        int64_t open_s = (int64_t)json_number_value(json_array_get(window, 0));
        int64_t close_s = (int64_t)json_number_value(json_array_get(window, 1));
        if (time_s < open_s) {
            after_s = open_s - time_s;
            break;
        }
        if (time_s <= close_s)
            return 0;
        before_s = time_s - close_s;
    }
    if (before_s == INT64_MAX && after_s == INT64_MAX)
        return 0;
    return before_s <= after_s ? before_s : -after_s;
}

bool vroom_lacks_skill(const vroom_task *task, const vroom_vehicle *vehicle)
{
    size_t i, k;
    const json_t *needed, *had, *all = json_object_get(vehicle->given, "skills");
    json_array_foreach(task->skills, i, needed)
    {
        bool is_had = false;
        json_array_foreach(all, k, had) is_had = is_had || json_number_value(had) == json_number_value(needed);
        if (!is_had)
            return true;
    }
    return false;
}
