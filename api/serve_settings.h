/* The settings of the service: one table, and four places that may say each, of which the first that does decides: the
 * flag (--workers 2), the environment (CAREROUND_WORKERS=2), the file of --config ({"workers": 2}), the default. */
#ifndef API_SERVE_SETTINGS_H
#define API_SERVE_SETTINGS_H

#include "arena.h"

typedef enum serve_setting {
    SERVE_LISTEN,
    SERVE_STORE,
    SERVE_WORKERS,
    SERVE_WORKERS_ONLY,
    SERVE_LEASE,
    SERVE_SCRATCH,
    SERVE_THREADS,
    SERVE_TIME,
    SERVE_MEMORY,
    SERVE_QUEUE,
    SERVE_ROWS,
    SERVE_BODY,
    SERVE_DESKS,
    SERVE_DESK_IDLE,
    SERVE_PATIENCE,
    SERVE_GAZETTEER, /* the first of those on how to read a day, which the workers get as well */
    SERVE_GTFS,
    SERVE_ROADS,
    SERVE_ROUTER,
    SERVE_ROUTER_PROFILE,
    SERVE_ROUTER_UNANSWERED,
    SERVE_GEOCODER,
    SERVE_GEOCODER_CACHE,
    SERVE_GEOCODER_RATE,
    SERVE_SERVICE_TIMEOUT,
    SERVE_SERVICE_TRIES,
    SERVE_DEFAULTS,
    N_SERVE_SETTINGS,
} serve_setting;

typedef struct serve_settings {
    const char *command; /* whose messages these are: "serve" */
    arena *strings;      /* the caller's */
    struct {
        const char *text; /* NULL: nobody says it, and there is no default */
        const char *from; /* "--workers", "CAREROUND_WORKERS", "careround.json: workers"; NULL: the default */
        double number;    /* of those that are numbers; of yes and no 1 and 0 */
    } of[N_SERVE_SETTINGS];
} serve_settings;

/* Gather them. An exit status; what is wrong is on standard error, all at once, each with the place that says it.
 * *ret_go_on false: wrong, or help was asked for. Strings of argv and the environment stay theirs. */
int serve_settings_read(int argc, char **argv, serve_settings *settings, bool *ret_go_on);

/* The store alone, for the commands that look after it: of --store (NULL: not given), CAREROUND_STORE, the file of
 * --config (NULL: of CAREROUND_CONFIG, if that is set), or the default. An exit status, and what is wrong on standard
 * error. */
int serve_settings_store(const char *name, const char *config, arena *strings, const char **store);

/* "workers": the flag's name and the file's. */
const char *serve_setting_name(serve_setting which);

#endif
