/* The service's log: a line of JSON for each thing that happened, on standard error. No names, no addresses: of whom a
 * list is about, and of whoever connects. */
#ifndef API_LOG_H
#define API_LOG_H

#include <jansson.h>

/* {"at": "2026-11-23T07:30:00.000Z", "level": LEVEL, "event": EVENT, and what about has}. level: "info", "warning" or
 * "error"; about: an object, taken over, or NULL. One write, whole also when several threads log. */
void log_event(const char *level, const char *event, json_t *about);

#endif
