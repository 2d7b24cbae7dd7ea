/* The audit trail, for who administers the service. */
#include "http.h"

#define MOST 1000

void http_list_events(http_call *call)
{
    int32_t after = 0, most = 100;
    cr_auto(store_events) events = NULL;
    if (!http_query_int(call, "after", 0, INT32_MAX, &after) || !http_query_int(call, "most", 1, MOST, &most))
        return;
    cr_status st = store_list_events(call->store, after, most, &events);
    if (st) {
        http_reply_fault(call, st);
        return;
    }
    json_t *list = json_array();
    for (int32_t i = 0; i < events->n; i++) {
        const store_event *e = &events->items[i];
        json_array_append_new(list, json_pack("{s:I, s:o, s:s, s:s, s:s}", "event", (json_int_t)e->event_id, "at",
                                              http_time(e->at_ms), "who", e->who, "what", e->what, "about", e->about));
    }
    http_reply_json(call, 200, json_pack("{s:o}", "events", list));
}
