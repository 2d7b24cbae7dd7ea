/* Settings of a day: prices, weights, bands, rules, travel. data/defaults.json gives each a value and its source;
 * settings.json (or "settings" in a JSON day) overrides what it names. No figure stands in the code. */
#ifndef API_SETTINGS_H
#define API_SETTINGS_H

#include "arena.h"
#include "careround/place.h"
#include "careround/problem.h"
#include "findings.h"

#define SETTINGS_MOST_BANDS 32

typedef struct settings_band {
    const char *name;
    cr_window window; /* of the start, seconds */
} settings_band;

typedef struct settings_mode {
    const char *name;
    double detour, town_kmh, country_kmh;
    double pence_per_mile;
} settings_mode;

/* A part of each day in which ways take so many times as long, or what the roads say. */
typedef struct settings_period {
    const char *name;
    cr_window hours;   /* seconds; the end may lie past midnight. open CR_FREE: as the roads have it */
    bool on[7];        /* the days on which it begins, Monday first */
    bool has_days;     /* they are given; otherwise all, but for what the roads say of weekends */
    const char *roads; /* the roads' period whose times the modes by road take; NULL: as the rest of the day */
    int32_t weekend;   /* the period whose times hold instead on Saturdays and Sundays; itself as a rule */
    double factor[CR_MODES_MAX];
} settings_period;

#define SETTINGS_MOST_MODES   8                   /* the problem has more where carers have a pace of their own */
#define SETTINGS_MOST_PERIODS (CR_TABLES_MAX - 1) /* beside the rest of the day */

typedef struct settings {
    int32_t date_days; /* since 1970-01-01; CR_FREE: not given */
    const char *time_zone;

    /* prices in pence */
    double pay_per_hour, travel_per_hour, waiting_per_hour;
    double early_per_minute, late_per_minute; /* outside the preferred time */
    double new_face_per_client, several_providers_per_client, several_providers_per_address;
    double unfamiliar_per_visit, stranger_short_per_visit, not_preferred_per_visit, off_patch_per_visit, shift_use;
    double changed_carer_per_visit, moved_per_minute;    /* against a published rota */
    double worst_idle_per_minute, imbalance_per_minute;  /* of the longest idle time; off the mean of work */
    double accepted_late_per_minute, overrun_per_minute; /* of a visit past its windows; of a shift past its paid end */
    double on_call_use, sleep_in,
        held_back_per_hour; /* of a shift on call that is used; of a night slept at a client's */
    double unallocated[5];  /* by priority 1 to 5, for each carer missing */
    double time_critical_factor;
    double overtime_rate;        /* times her pay */
    double minimum_pay_per_hour; /* pay below it is warned about */

    /* visits */
    int32_t priority;           /* of a visit that gives none */
    int32_t short_visit_s;      /* shorter: not by a stranger */
    int32_t tolerance_s;        /* around a preferred time without a window */
    int32_t preferred_within_s; /* of a preferred time is as good as that time */
    int32_t moved_within_s;     /* of the published start is no change */
    int32_t tight_tolerance_s;  /* around a time-critical one */
    int32_t door_s;
    int32_t address_within_s; /* providers at one address within so long count */
    bool same_provider;       /* of all carers of a visit */
    cr_window service_day;    /* for a visit that may be at any time */
    int32_t history_days;

    /* breaks: the 6-hour rule */
    bool rest_rule;
    int32_t rest_work_over_s, rest_break_s, rest_margin_s, rest_between_days_s;
    bool rest_paid;
    int32_t break_s; /* a break whose length is not given */

    /* travel */
    double town_radius_m;
    int32_t town_places;
    int32_t on_demand_from;                   /* so many places make a large day */
    double walk_m, walk_m_by_line;            /* between neighbouring doors, one way, at most; 0: always driven */
    double same_building_m;                   /* doors nearer than that are in one */
    int32_t unpark_s, park_s;                 /* to get in and set off; of the door time, to park */
    double transit_quantile;                  /* of departures that are there within the time */
    int32_t transit_walk_s, transit_change_s; /* to a stop, at most; for a change, at least */
    int32_t transit_change_walk_s;            /* from stop to stop, at most */
    int32_t n_modes;
    settings_mode modes[SETTINGS_MOST_MODES];
    bool periods_of_roads; /* all of them, as the roads have them */
    int32_t n_periods;
    settings_period periods[SETTINGS_MOST_PERIODS];

    /* what is odd enough for a warning */
    int32_t odd_long_visit_s, odd_short_visit_s;
    double odd_apart_km;
    double odd_road_m; /* from a door to the road */

    int32_t n_bands;
    settings_band bands[SETTINGS_MOST_BANDS];
} settings;

/* The defaults from an object in the form of data/defaults.json; every figure must be there. CR_E_INPUT with findings
 * under `file`. */
cr_status settings_load_defaults(const json_t *defaults, const char *file, arena *strings, findings_book *findings,
                                 settings *ret_settings);

/* Lay a day's own settings over them. Errors are findings; CR_E_NOMEM only. */
cr_status settings_merge(settings *s, const json_t *own, const char *file, arena *strings, findings_book *findings);

int32_t settings_find_band(const settings *s, const char *name);   /* CR_NONE */
int32_t settings_find_period(const settings *s, const char *name); /* CR_NONE */
/* Note those periods that begin before another one is over, once all have their hours. */
void settings_check_periods(const settings *s, const char *file, arena *strings, findings_book *findings);

int32_t settings_find_mode(const settings *s, const char *name); /* with its everyday names: bike, walk, ... */

/* The date and zone, bands, prices ...: the names that settings.json may use, for hints and the documentation's test.
 */
int32_t settings_n_names(void);
const char *settings_name(int32_t i);

#endif
