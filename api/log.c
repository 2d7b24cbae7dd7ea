/* The service's log. */
#include "log.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void time_now(char *text, size_t size)
{
    struct timespec now;
    struct tm utc;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    size_t n = strftime(text, size, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(text + n, size - n, ".%03dZ", (int)(now.tv_nsec / 1000000));
}

void log_event(const char *level, const char *event, json_t *about)
{
    char at[40];
    time_now(at, sizeof at);
    json_t *all = json_pack("{s:s, s:s, s:s}", "at", at, "level", level, "event", event);
    if (all && about)
        json_object_update(all, about);
    char *text = all ? json_dumps(all, JSON_COMPACT) : NULL;
    fprintf(stderr, "%s\n", text ? text : "{\"level\":\"error\",\"event\":\"out of memory\"}");
    free(text);
    json_decref(all);
    json_decref(about);
}
