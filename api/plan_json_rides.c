/* Rides in plan.json: which bus from which stop, for carers who go by public transport.
 *
 * They follow from the timetable and from when she sets off; nothing of a plan is read back from them.
 */
#include "plan_json.h"

#define RIDES_MOST 12

static json_t *ride_json(const cr_day *day, const cr_transit_ride *ride)
{
    int32_t board = clock_elapsed(&day->change, ride->board_s), alight = clock_elapsed(&day->change, ride->alight_s);
    return json_pack("{s:s, s:s, s:s, " TIME_PAIR ", " TIME_PAIR "}", "line", ride->line, "from", ride->from, "to",
                     ride->to, TIME_ARGS("board", day, board), TIME_ARGS("alight", day, alight));
}

cr_status plan_json_add_rides(const cr_day *day, const itinerary_leg *leg, bool is_home, json_t *object)
{
    cr_transit_ride rides[RIDES_MOST];
    int32_t n = 0, arrive_s = CR_NO_WAY;
    if (!day_goes_by_transit(day, leg->mode))
        return CR_OK;
    cr_status st = day_transit_rides(day, leg, RIDES_MOST, rides, &n, &arrive_s);
    json_t *list = st ? NULL : json_array();
    bool ok = list;
    for (int32_t i = 0; ok && i < n; i++)
        ok = json_array_append_new(list, ride_json(day, &rides[i])) == 0;
    if (!ok) {
        json_decref(list);
        return CR_E_NOMEM;
    }
    return json_object_set_new(object, is_home ? "home_rides" : "rides", list) ? CR_E_NOMEM : CR_OK;
}
