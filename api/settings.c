/* Settings: a table of names and where their values go. */
#include "settings_merge.h"

#include "near.h"
#include "time_zone.h"
#include "value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AT(field) offsetof(settings, field)
#define PENCE     0, 100000

static const setting table[] = {
    {"date", SETTING_DATE, AT(date_days), 0, 0, true},
    {"time_zone", SETTING_ZONE, AT(time_zone), 0, 0, false},
    {"history_days", SETTING_COUNT, AT(history_days), 0, 366, false},
    {"service_day", SETTING_WINDOW, AT(service_day), 0, 0, false},
    {"prices.pay_per_hour", SETTING_NUMBER, AT(pay_per_hour), PENCE, false},
    {"prices.overtime_rate", SETTING_NUMBER, AT(overtime_rate), 1, 10, false},
    {"prices.minimum_pay_per_hour", SETTING_NUMBER, AT(minimum_pay_per_hour), PENCE, false},
    {"prices.travel_per_hour", SETTING_NUMBER, AT(travel_per_hour), PENCE, false},
    {"prices.waiting_per_hour", SETTING_NUMBER, AT(waiting_per_hour), PENCE, false},
    {"prices.early_per_minute", SETTING_NUMBER, AT(early_per_minute), PENCE, false},
    {"prices.late_per_minute", SETTING_NUMBER, AT(late_per_minute), PENCE, false},
    {"prices.unfamiliar_per_visit", SETTING_NUMBER, AT(unfamiliar_per_visit), PENCE, false},
    {"prices.stranger_short_per_visit", SETTING_NUMBER, AT(stranger_short_per_visit), PENCE, false},
    {"prices.new_face_per_client", SETTING_NUMBER, AT(new_face_per_client), PENCE, false},
    {"prices.several_providers_per_client", SETTING_NUMBER, AT(several_providers_per_client), PENCE, false},
    {"prices.several_providers_per_address", SETTING_NUMBER, AT(several_providers_per_address), PENCE, false},
    {"prices.not_preferred_per_visit", SETTING_NUMBER, AT(not_preferred_per_visit), PENCE, false},
    {"prices.off_patch_per_visit", SETTING_NUMBER, AT(off_patch_per_visit), PENCE, false},
    {"prices.changed_carer_per_visit", SETTING_NUMBER, AT(changed_carer_per_visit), PENCE, false},
    {"prices.moved_per_minute", SETTING_NUMBER, AT(moved_per_minute), PENCE, false},
    {"prices.accepted_late_per_minute", SETTING_NUMBER, AT(accepted_late_per_minute), PENCE, false},
    {"prices.overrun_per_minute", SETTING_NUMBER, AT(overrun_per_minute), PENCE, false},
    {"prices.worst_idle_per_minute", SETTING_NUMBER, AT(worst_idle_per_minute), PENCE, false},
    {"prices.imbalance_per_minute", SETTING_NUMBER, AT(imbalance_per_minute), PENCE, false},
    {"prices.held_back_per_hour", SETTING_NUMBER, AT(held_back_per_hour), PENCE, false},
    {"prices.on_call_use", SETTING_NUMBER, AT(on_call_use), PENCE, false},
    {"prices.sleep_in", SETTING_NUMBER, AT(sleep_in), PENCE, false},
    {"prices.shift_use", SETTING_NUMBER, AT(shift_use), PENCE, false},
    {"unallocated.priority_1", SETTING_NUMBER, AT(unallocated[0]), 0, 1e8, false},
    {"unallocated.priority_2", SETTING_NUMBER, AT(unallocated[1]), 0, 1e8, false},
    {"unallocated.priority_3", SETTING_NUMBER, AT(unallocated[2]), 0, 1e8, false},
    {"unallocated.priority_4", SETTING_NUMBER, AT(unallocated[3]), 0, 1e8, false},
    {"unallocated.priority_5", SETTING_NUMBER, AT(unallocated[4]), 0, 1e8, false},
    {"unallocated.time_critical_factor", SETTING_NUMBER, AT(time_critical_factor), 1, 100, false},
    {"visits.priority", SETTING_COUNT, AT(priority), 1, 5, false},
    {"visits.short_visit", SETTING_DURATION, AT(short_visit_s), 0, 1440, false},
    {"visits.moved_within", SETTING_DURATION, AT(moved_within_s), 0, 720, false},
    {"visits.address_within", SETTING_DURATION, AT(address_within_s), 0, 1440, false},
    {"visits.same_provider", SETTING_BOOL, AT(same_provider), 0, 0, false},
    {"visits.tolerance", SETTING_DURATION, AT(tolerance_s), 0, 1440, false},
    {"visits.preferred_within", SETTING_DURATION, AT(preferred_within_s), 0, 720, false},
    {"visits.time_critical_tolerance", SETTING_DURATION, AT(tight_tolerance_s), 0, 1440, false},
    {"visits.door", SETTING_DURATION, AT(door_s), 0, 120, false},
    {"breaks.six_hour_rule", SETTING_BOOL, AT(rest_rule), 0, 0, false},
    {"breaks.work_over", SETTING_DURATION, AT(rest_work_over_s), 0, 2880, false},
    {"breaks.break", SETTING_DURATION, AT(rest_break_s), 1, 480, false},
    {"breaks.margin", SETTING_DURATION, AT(rest_margin_s), 0, 480, false},
    {"breaks.rest_between_days", SETTING_DURATION, AT(rest_between_days_s), 0, 2880, false},
    {"breaks.paid", SETTING_BOOL, AT(rest_paid), 0, 0, false},
    {"breaks.length", SETTING_DURATION, AT(break_s), 1, 480, false},
    {"travel.town_radius_m", SETTING_NUMBER, AT(town_radius_m), 0, 100000, false},
    {"travel.town_places", SETTING_COUNT, AT(town_places), 0, 100000, false},
    {"travel.on_demand_from", SETTING_COUNT, AT(on_demand_from), 2, 1000000, false},
    {"travel.walk_m", SETTING_NUMBER, AT(walk_m), 0, 5000, false},
    {"travel.walk_m_by_line", SETTING_NUMBER, AT(walk_m_by_line), 0, 5000, false},
    {"travel.same_building_m", SETTING_NUMBER, AT(same_building_m), 0, 500, false},
    {"travel.unpark", SETTING_DURATION, AT(unpark_s), 0, 60, false},
    {"travel.park", SETTING_DURATION, AT(park_s), 0, 60, false},
    {"travel.transit_quantile", SETTING_NUMBER, AT(transit_quantile), 0.01, 1, false},
    {"travel.transit_walk", SETTING_DURATION, AT(transit_walk_s), 0, 120, false},
    {"travel.transit_change", SETTING_DURATION, AT(transit_change_s), 0, 60, false},
    {"travel.transit_change_walk", SETTING_DURATION, AT(transit_change_walk_s), 0, 30, false},
    {"warnings.long_visit", SETTING_DURATION, AT(odd_long_visit_s), 0, 2880, false},
    {"warnings.short_visit", SETTING_DURATION, AT(odd_short_visit_s), 0, 2880, false},
    {"warnings.apart_km", SETTING_NUMBER, AT(odd_apart_km), 0, 20000, false},
    {"warnings.road_m", SETTING_NUMBER, AT(odd_road_m), 0, 1000000, false},
};

#define N_SETTINGS ((int32_t)(sizeof table / sizeof *table))
static_assert(sizeof table / sizeof *table <= SETTINGS_NAMES_MOST, "all can be seen");

int32_t settings_n_names(void)
{
    return N_SETTINGS;
}

const char *settings_name(int32_t i)
{
    return table[i].name;
}

void settings_wrong(settings_merging *m, const char *name, const char *value, const char *format, ...)
{
    char text[300];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    findings_error(m->findings, (finding_at){m->file, 0, name, value}, "%s", text);
}

const json_t *settings_bare(const json_t *value)
{
    const json_t *inside = json_object_get(value, "value");
    return inside ? inside : value;
}

const char *settings_as_text(const settings_merging *m, const json_t *value)
{
    if (json_is_string(value))
        return json_string_value(value);
    if (json_is_boolean(value))
        return json_is_true(value) ? "yes" : "no";
    if (!json_is_number(value))
        return NULL;
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
    const char *copy = arena_copy(m->strings, text ? text : "");
    free(text);
    return copy;
}

const char *settings_window(const char *text, cr_window *ret_window)
{
    char open[32], close[32];
    const char *dash = strstr(text, "-");
    size_t dash_size = 1;
    if (!dash) {
        dash = strstr(text, "\xE2\x80\x93"); /* en dash, as word processors write it */
        dash_size = 3;
    }
    if (!dash || (size_t)(dash - text) >= sizeof open || strlen(dash + dash_size) >= sizeof close)
        return "not a window; write 07:00-10:00";
    snprintf(open, sizeof open, "%.*s", (int)(dash - text), text);
    snprintf(close, sizeof close, "%s", dash + dash_size + strspn(dash + dash_size, " "));
    for (size_t n = strlen(open); n > 0 && open[n - 1] == ' ';)
        open[--n] = '\0';
    cr_window w;
    if (value_time(open, &w.open) || value_time(close, &w.close))
        return "not a window; write 07:00-10:00";
    if (w.close < w.open)
        w.close += 86400;
    *ret_window = w;
    return NULL;
}

void settings_set_number(settings_merging *m, const setting *set, const char *text, void *field)
{
    double number;
    const char *fault = value_number(text, false, &number);
    if (fault)
        settings_wrong(m, set->name, text, "%s", fault);
    else if (number < set->least || number > set->most || (set->kind == SETTING_COUNT && number != (int32_t)number))
        settings_wrong(m, set->name, text, "must be a %snumber from %.10g to %.10g",
                       set->kind == SETTING_COUNT ? "whole " : "", set->least, set->most);
    else if (set->kind == SETTING_COUNT)
        *(int32_t *)field = (int32_t)number;
    else
        *(double *)field = number;
}

static void set_duration(settings_merging *m, const setting *set, const char *text, int32_t *field)
{
    int32_t s;
    const char *fault = value_duration(text, &s);
    if (fault)
        settings_wrong(m, set->name, text, "%s", fault);
    else if (s < set->least * 60 || s > set->most * 60)
        settings_wrong(m, set->name, text, "must be from %.0f to %.0f minutes", set->least, set->most);
    else
        *field = s;
}

static void set_value(settings_merging *m, const setting *set, const json_t *value)
{
    const char *text = settings_as_text(m, settings_bare(value));
    void *field = (char *)m->s + set->offset;
    const char *fault = NULL;
    if (!text) {
        settings_wrong(m, set->name, "", "must be text, a number, true or false");
        return;
    }
    switch (set->kind) {
    case SETTING_NUMBER:
    case SETTING_COUNT:
        settings_set_number(m, set, text, field);
        break;
    case SETTING_DURATION:
        set_duration(m, set, text, field);
        break;
    case SETTING_BOOL:
        fault = value_bool(text, field);
        break;
    case SETTING_WINDOW:
        fault = settings_window(text, field);
        break;
    case SETTING_DATE:
        fault = value_date(text, field);
        break;
    case SETTING_ZONE:
        if (time_zone_is_known(text))
            *(const char **)field = arena_copy(m->strings, text);
        else
            fault = "no such time zone; write Europe/London";
        break;
    }
    if (fault)
        settings_wrong(m, set->name, text, "%s", fault);
}

/* ---- bands and modes: lists that may grow ---- */

int32_t settings_find_band(const settings *s, const char *name)
{
    char key[64], known[64];
    near_key(name, key, sizeof key);
    for (int32_t i = 0; i < s->n_bands; i++) {
        near_key(s->bands[i].name, known, sizeof known);
        if (strcmp(key, known) == 0)
            return i;
    }
    return CR_NONE;
}

static void merge_bands(settings_merging *m, const json_t *bands)
{
    const char *name;
    json_t *value;
    if (!json_is_object(bands))
        settings_wrong(m, "bands", "", "must be an object: {\"morning\": \"07:00-10:00\"}");
    json_object_foreach((json_t *)bands, name, value)
    {
        const char *text = json_string_value(settings_bare(value));
        cr_window window;
        const char *fault = text ? settings_window(text, &window) : "not a window; write 07:00-10:00";
        int32_t at = settings_find_band(m->s, name);
        if (fault) {
            settings_wrong(m, arena_print(m->strings, "bands.%s", name), text ? text : "", "%s", fault);
        } else if (at == CR_NONE && m->s->n_bands == SETTINGS_MOST_BANDS) {
            settings_wrong(m, "bands", name, "more than %d bands", SETTINGS_MOST_BANDS);
        } else {
            at = at == CR_NONE ? m->s->n_bands++ : at;
            m->s->bands[at] = (settings_band){arena_copy(m->strings, name), window};
        }
    }
}

static const struct {
    const char *everyday, *mode;
} everyday_modes[] = {
    {"drive", "car"},       {"driver", "car"},      {"driving", "car"},
    {"cardriver", "car"},   {"bike", "bicycle"},    {"cycle", "bicycle"},
    {"cycling", "bicycle"}, {"cyclist", "bicycle"}, {"publictransport", "transit"},
    {"walk", "foot"},       {"walking", "foot"},    {"walker", "foot"},
    {"onfoot", "foot"},
};

int32_t settings_find_mode(const settings *s, const char *name)
{
    char key[64];
    near_key(name, key, sizeof key);
    for (size_t i = 0; i < sizeof everyday_modes / sizeof *everyday_modes; i++)
        if (strcmp(key, everyday_modes[i].everyday) == 0)
            snprintf(key, sizeof key, "%s", everyday_modes[i].mode);
    for (int32_t m = 0; m < s->n_modes; m++)
        if (strcmp(key, s->modes[m].name) == 0)
            return m;
    return CR_NONE;
}

static void set_mode_number(settings_merging *m, const char *mode, const char *name, const json_t *object, double least,
                            double most, double *field)
{
    const json_t *value = json_object_get(object, name);
    if (!value)
        return;
    setting set = {arena_print(m->strings, "travel.modes.%s.%s", mode, name), SETTING_NUMBER, 0, least, most, false};
    const char *text = settings_as_text(m, settings_bare(value));
    if (text)
        settings_set_number(m, &set, text, field);
    else
        settings_wrong(m, set.name, "", "must be a number");
}

static void check_mode_names(settings_merging *m, const char *mode, const json_t *object)
{
    static const char *const names[] = {"detour", "town_kmh", "country_kmh", "pence_per_mile"};
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)object, name, value)
    {
        bool known = strcmp(name, "source") == 0;
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            known = known || strcmp(name, names[i]) == 0;
        if (!known)
            settings_wrong(m, arena_print(m->strings, "travel.modes.%s.%s", mode, name), "", "unknown setting%s",
                           findings_hint(m->findings, name, names, 4));
    }
}

/* A mode that is new here must say all about itself. */
static void merge_mode(settings_merging *m, const char *name, const json_t *object)
{
    char key[64];
    near_key(name, key, sizeof key);
    int32_t at = settings_find_mode(m->s, key);
    if (!json_is_object(object) || (at == CR_NONE && m->s->n_modes == SETTINGS_MOST_MODES)) {
        settings_wrong(m, "travel.modes", name,
                       json_is_object(object) ? "more than 8 modes"
                                              : "must be an object with detour, town_kmh, country_kmh, pence_per_mile");
        return;
    }
    settings_mode mode = at == CR_NONE ? (settings_mode){arena_copy(m->strings, key), 0, 0, 0, -1} : m->s->modes[at];
    check_mode_names(m, name, object);
    set_mode_number(m, name, "detour", object, 1, 10, &mode.detour);
    set_mode_number(m, name, "town_kmh", object, 0.5, 200, &mode.town_kmh);
    set_mode_number(m, name, "country_kmh", object, 0.5, 200, &mode.country_kmh);
    set_mode_number(m, name, "pence_per_mile", object, 0, 10000, &mode.pence_per_mile);
    if (mode.detour < 1 || mode.town_kmh <= 0 || mode.country_kmh <= 0 || mode.pence_per_mile < 0) {
        settings_wrong(m, "travel.modes", name, "a new mode needs detour, town_kmh, country_kmh and pence_per_mile");
        return;
    }
    m->s->modes[at == CR_NONE ? m->s->n_modes++ : at] = mode;
}

static void merge_modes(settings_merging *m, const json_t *modes)
{
    const char *name;
    json_t *value;
    if (!json_is_object(modes))
        settings_wrong(m, "travel.modes", "", "must be an object: {\"car\": {\"town_kmh\": 25}}");
    json_object_foreach((json_t *)modes, name, value) merge_mode(m, name, value);
}

/* ---- the whole ---- */

static void unknown(settings_merging *m, const char *name)
{
    const char *names[N_SETTINGS + 3];
    for (int32_t i = 0; i < N_SETTINGS; i++)
        names[i] = table[i].name;
    names[N_SETTINGS] = "bands";
    names[N_SETTINGS + 1] = "travel.modes";
    names[N_SETTINGS + 2] = "travel.periods";
    settings_wrong(m, name, "", "unknown setting%s", findings_hint(m->findings, name, names, N_SETTINGS + 3));
}

static bool is_group(const char *name)
{
    size_t n = strlen(name);
    for (int32_t i = 0; i < N_SETTINGS; i++)
        if (strncmp(table[i].name, name, n) == 0 && table[i].name[n] == '.')
            return true;
    return false;
}

static void merge_one(settings_merging *m, const char *name, const json_t *value)
{
    for (int32_t i = 0; i < N_SETTINGS; i++)
        if (strcmp(table[i].name, name) == 0) {
            m->seen[i] = true;
            set_value(m, &table[i], value);
            return;
        }
    if (strcmp(name, "bands") == 0)
        merge_bands(m, value);
    else if (strcmp(name, "travel.modes") == 0)
        merge_modes(m, value);
    else if (strcmp(name, "travel.periods") == 0)
        m->periods = value;
    else
        unknown(m, name);
}

static void merge_group(settings_merging *m, const char *group, const json_t *object)
{
    const char *name;
    json_t *value;
    if (!json_is_object(object))
        settings_wrong(m, group, "", "must be an object of settings");
    json_object_foreach((json_t *)object, name, value) if (strcmp(name, "source") != 0)
        merge_one(m, arena_print(m->strings, "%s.%s", group, name), value);
}

static void merge_all(settings_merging *m, const json_t *object)
{
    const char *name;
    json_t *value;
    if (!json_is_object(object))
        settings_wrong(m, "", "", "must be an object: {\"date\": \"2026-11-23\"}");
    json_object_foreach((json_t *)object, name, value) if (is_group(name)) merge_group(m, name, value);
    else if (strcmp(name, "about") != 0) merge_one(m, name, value);
    if (m->periods)
        settings_merge_periods(m);
}

cr_status settings_merge(settings *s, const json_t *own, const char *file, arena *strings, findings_book *findings)
{
    settings_merging m = {.s = s, .file = file, .strings = strings, .findings = findings};
    merge_all(&m, own);
    return arena_failed(strings) ? CR_E_NOMEM : CR_OK;
}

cr_status settings_load_defaults(const json_t *defaults, const char *file, arena *strings, findings_book *findings,
                                 settings *ret_settings)
{
    *ret_settings = (settings){.date_days = CR_FREE, .time_zone = ""};
    settings_merging m = {.s = ret_settings, .file = file, .strings = strings, .findings = findings};
    int32_t errors_before = findings_n_errors(findings);
    merge_all(&m, defaults);
    for (int32_t i = 0; i < N_SETTINGS; i++)
        if (!m.seen[i] && !table[i].optional)
            settings_wrong(&m, table[i].name, "", "is missing");
    if (arena_failed(strings))
        return CR_E_NOMEM;
    return findings_n_errors(findings) > errors_before ? CR_E_INPUT : CR_OK;
}
