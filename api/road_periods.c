/* The roads of a day, and what their periods are to the settings (travel.periods).
 *
 * Each mode of the file may have periods of its own. A day has one clock: where two of its modes disagree on when a
 * period begins, the settings must say.
 */
#include "reading.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DAY_S 86400

/* ---- the file ---- */

static cr_status open_file(day_reading *r)
{
    char beside[DAY_PATH_SIZE], message[300];
    const char *path = r->options->roads_path;
    snprintf(beside, sizeof beside, "%s/area.roads", r->options->path);
    if (!path && !r->root && access(beside, R_OK) == 0)
        path = beside;
    if (!path)
        return CR_OK;
    const char *slash = strrchr(path, '/');
    r->roads_file = arena_copy(r->strings, slash ? slash + 1 : path);
    cr_status st = cr_roads_open(path, &r->roads, message, sizeof message);
    if (st != CR_E_INPUT)
        return st;
    findings_error(r->findings, (finding_at){"area.roads", 0, "", path}, "%s", message);
    return CR_OK;
}

/* The road mode of the settings' mode m, if a shift of the day travels so and the file has it; CR_NONE. */
static int32_t mode_in_use(const day_reading *r, int32_t m)
{
    int32_t mode = cr_road_mode_find(r->settings.modes[m].name);
    for (int32_t s = 0; s < r->n_shifts; s++)
        if (r->shifts[s].mode == m)
            return mode != CR_NONE && cr_roads_has_mode(r->roads, mode) ? mode : CR_NONE;
    return CR_NONE;
}

/* ---- what it says of a period ---- */

static cr_window hours_of(const cr_roads *roads, int32_t mode, int32_t k)
{
    int32_t next = (k + 1) % cr_roads_n_periods(roads, mode);
    cr_window hours = {cr_roads_period(roads, mode, k)->from_s, cr_roads_period(roads, mode, next)->from_s};
    if (hours.close <= hours.open)
        hours.close += DAY_S;
    return hours;
}

static const char *weekend_of(const cr_roads *roads, int32_t mode, int32_t k)
{
    return cr_roads_period(roads, mode, cr_roads_period(roads, mode, k)->weekend)->name;
}

static const char *clock_text(arena *strings, int32_t s)
{
    return arena_print(strings, "%02d:%02d", (int)(s / 3600 % 24), (int)(s / 60 % 60));
}

static void disagree(day_reading *r, const char *name, const char *mode_name)
{
    findings_error(r->findings, (finding_at){"area.roads", 0, name, r->roads_file},
                   "is at other times, or has another weekend, for mode '%s' than for the one before it; give hours "
                   "and days in settings.json under travel.periods",
                   mode_name);
}

/* ---- all of them ---- */

static void add_period(day_reading *r, const char *name, cr_window hours)
{
    settings *s = &r->settings;
    settings_period period = {.name = arena_copy(r->strings, name), .hours = hours, .weekend = s->n_periods};
    period.roads = period.name;
    for (int32_t d = 0; d < 7; d++)
        period.on[d] = true;
    for (int32_t m = 0; m < CR_MODES_MAX; m++)
        period.factor[m] = 1;
    s->periods[s->n_periods++] = period;
}

static void add_periods_of(day_reading *r, int32_t m, int32_t mode)
{
    settings *s = &r->settings;
    int32_t n = cr_roads_n_periods(r->roads, mode);
    for (int32_t k = 0; k < n; k++) {
        const char *name = cr_roads_period(r->roads, mode, k)->name;
        cr_window hours = hours_of(r->roads, mode, k);
        int32_t at = settings_find_period(s, name);
        if (at == CR_NONE && s->n_periods == SETTINGS_MOST_PERIODS) {
            findings_error(
                r->findings, (finding_at){"area.roads", 0, name, r->roads_file},
                "is one period more than the %d that a day may have; name those that matter in settings.json "
                "under travel.periods",
                SETTINGS_MOST_PERIODS);
            return;
        }
        if (at == CR_NONE)
            add_period(r, name, hours);
        else if (s->periods[at].hours.open != hours.open || s->periods[at].hours.close != hours.close)
            disagree(r, name, s->modes[m].name);
    }
}

/* A mode that has the period says what stands in for it at weekends; two must say the same. */
static void set_weekends(day_reading *r, int32_t m, int32_t mode, bool *is_set)
{
    settings *s = &r->settings;
    for (int32_t k = 0; k < cr_roads_n_periods(r->roads, mode); k++) {
        int32_t at = settings_find_period(s, cr_roads_period(r->roads, mode, k)->name);
        int32_t weekend = settings_find_period(s, weekend_of(r->roads, mode, k));
        if (at == CR_NONE || weekend == CR_NONE)
            continue;
        if (is_set[at] && s->periods[at].weekend != weekend)
            disagree(r, s->periods[at].name, s->modes[m].name);
        s->periods[at].weekend = weekend;
        is_set[at] = true;
    }
}

static void take_all(day_reading *r)
{
    bool is_set[SETTINGS_MOST_PERIODS] = {false};
    for (int32_t m = 0; m < r->settings.n_modes; m++)
        if (mode_in_use(r, m) != CR_NONE)
            add_periods_of(r, m, mode_in_use(r, m));
    for (int32_t m = 0; m < r->settings.n_modes; m++)
        if (mode_in_use(r, m) != CR_NONE)
            set_weekends(r, m, mode_in_use(r, m), is_set);
    if (r->settings.n_periods == 0)
        findings_warning(r->findings, (finding_at){"area.roads", 0, "", r->roads_file},
                         "has no periods for any way to travel of this day, so ways take the same all day");
}

/* ---- those that the settings name ---- */

static const char *names_of_all(const day_reading *r)
{
    const char *names = "";
    for (int32_t m = 0; m < r->settings.n_modes; m++) {
        int32_t mode = mode_in_use(r, m);
        for (int32_t k = 0; mode != CR_NONE && k < cr_roads_n_periods(r->roads, mode); k++) {
            const char *name = cr_roads_period(r->roads, mode, k)->name;
            if (!strstr(names, arena_print(r->strings, "'%s'", name)))
                names = arena_print(r->strings, "%s%s'%s'", names, *names ? ", " : "", name);
        }
    }
    return names;
}

static void take_mode_of(day_reading *r, settings_period *period, int32_t m, int32_t mode, int32_t k, bool keeps_hours)
{
    finding_at at = {r->settings_file, 0, arena_print(r->strings, "travel.periods.%s", period->name), period->roads};
    cr_window hours = hours_of(r->roads, mode, k);
    if (period->factor[m] != 1)
        findings_error(r->findings, at, "gives mode '%s' its times already; leave out its figure",
                       r->settings.modes[m].name);
    if (!period->has_days && cr_roads_period(r->roads, mode, k)->weekend != k)
        period->on[5] = period->on[6] = false;
    if (keeps_hours)
        return;
    if (period->hours.open != CR_FREE && (period->hours.open != hours.open || period->hours.close != hours.close))
        findings_error(r->findings, at, "begins at %s or at %s, by mode; give its hours",
                       clock_text(r->strings, period->hours.open), clock_text(r->strings, hours.open));
    period->hours = hours;
}

static void take_named(day_reading *r, settings_period *period)
{
    bool keeps_hours = period->hours.open != CR_FREE, is_found = false;
    for (int32_t m = 0; m < r->settings.n_modes; m++) {
        int32_t mode = mode_in_use(r, m);
        int32_t k = mode == CR_NONE ? CR_NONE : cr_roads_find_period(r->roads, mode, period->roads);
        if (k == CR_NONE)
            continue;
        is_found = true;
        take_mode_of(r, period, m, mode, k, keeps_hours);
    }
    const char *names = names_of_all(r);
    if (!is_found)
        findings_error(r->findings,
                       (finding_at){r->settings_file, 0,
                                    arena_print(r->strings, "travel.periods.%s.roads", period->name), period->roads},
                       "%s has no such period for the ways to travel of this day; it has %s", r->roads_file,
                       *names ? names : "none");
}

static void check_there_are_roads(day_reading *r)
{
    const settings *s = &r->settings;
    if (s->periods_of_roads && !r->roads_file)
        findings_error(r->findings, (finding_at){r->settings_file, 0, "travel.periods", "roads"},
                       "the day has no roads; give a file with --roads, or put area.roads into its folder");
    for (int32_t k = 0; k < s->n_periods && !r->roads_file; k++)
        if (s->periods[k].roads)
            findings_error(r->findings,
                           (finding_at){r->settings_file, 0,
                                        arena_print(r->strings, "travel.periods.%s.roads", s->periods[k].name),
                                        s->periods[k].roads},
                           "the day has no roads; give a file with --roads, or put area.roads into its folder");
}

cr_status open_roads(day_reading *r)
{
    settings *s = &r->settings;
    cr_status st = open_file(r);
    if (st)
        return st;
    check_there_are_roads(r);
    for (int32_t k = 0; k < s->n_periods && r->roads; k++)
        if (s->periods[k].roads)
            take_named(r, &s->periods[k]);
    if (s->periods_of_roads && r->roads)
        take_all(r);
    settings_check_periods(s, r->settings_file, r->strings, r->findings);
    return CR_OK;
}
