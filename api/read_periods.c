/* Periods: when each begins, and how many times as long the roads then take, by class and area. */
#include "read_periods.h"

#include "value.h"

#include <string.h>

typedef struct periods_reading {
    const char *file;
    const char *name; /* of the period at hand */
    cr_road_speeds *speeds;
    findings_book *findings;
} periods_reading;

static finding_at at_period(const periods_reading *r, const char *value)
{
    return (finding_at){r->file, 0, r->name, value};
}

static int32_t find_period(const cr_road_speeds *speeds, const char *name)
{
    for (int32_t k = 0; k < speeds->n_periods; k++)
        if (strcmp(speeds->periods[k].name, name) == 0)
            return k;
    return CR_NONE;
}

/* ---- factors ---- */

/* "all" first, whatever the order in the file: a class's own figure is the more particular. */
static void read_area(periods_reading *r, int32_t area, const json_t *classes, cr_road_period *period)
{
    const char *key;
    json_t *value;
    double factor = -1;
    const json_t *all = json_object_get(classes, "all");
    if (all &&
        speeds_read_number(r->file, r->name, all, CR_ROAD_FACTOR_LEAST, CR_ROAD_FACTOR_MOST, r->findings, &factor))
        for (int32_t c = 0; c < CR_ROAD_CLASSES; c++)
            period->time_factor[c][area] = factor;
    json_object_foreach((json_t *)classes, key, value)
    {
        int32_t c = 0;
        while (c < CR_ROAD_CLASSES && strcmp(key, cr_road_class_name(c)) != 0)
            c++;
        if (c < CR_ROAD_CLASSES)
            (void)speeds_read_number(r->file, key, value, CR_ROAD_FACTOR_LEAST, CR_ROAD_FACTOR_MOST, r->findings,
                                     &period->time_factor[c][area]);
        else if (strcmp(key, "all") != 0)
            findings_error(r->findings, at_period(r, key), "is no class of road that leads anywhere, nor 'all'");
    }
}

static void read_factors(periods_reading *r, const json_t *areas, cr_road_period *period)
{
    const char *key;
    json_t *value;
    if (!json_is_object(areas))
        findings_error(r->findings, at_period(r, "time_factor"), "must be an object of country, town, city");
    json_object_foreach((json_t *)areas, key, value)
    {
        int32_t area = 0;
        while (area < CR_ROAD_AREAS && strcmp(key, cr_road_area_name(area)) != 0)
            area++;
        if (area == CR_ROAD_AREAS || !json_is_object(value))
            findings_error(r->findings, at_period(r, key), "must be country, town or city, each an object");
        else
            read_area(r, area, value, period);
    }
}

/* ---- one period ---- */

static void read_from(periods_reading *r, const json_t *from, cr_road_period *period)
{
    const char *text = json_string_value(speeds_bare(from));
    int32_t from_s = 0;
    const char *fault = text ? value_time(text, &from_s) : "must be a time of day in quotes";
    if (!fault && from_s >= 86400)
        fault = "must be before 24:00";
    if (fault)
        findings_error(r->findings, at_period(r, text ? text : "from"), "%s", fault);
    else
        period->from_s = from_s;
}

/* The period of that name, a new one that changes nothing, or NULL: there is no more room. */
static cr_road_period *period_named(periods_reading *r)
{
    cr_road_speeds *speeds = r->speeds;
    int32_t k = find_period(speeds, r->name);
    if (k != CR_NONE)
        return &speeds->periods[k];
    if (speeds->n_periods == CR_ROAD_PERIODS_MOST || !*r->name || strlen(r->name) >= sizeof speeds->periods[0].name) {
        findings_error(r->findings, at_period(r, ""), "is too long a name, none, or one of more than %d periods",
                       CR_ROAD_PERIODS_MOST);
        return NULL;
    }
    cr_road_period *period = &speeds->periods[speeds->n_periods];
    *period = (cr_road_period){.from_s = CR_NONE, .weekend = speeds->n_periods++};
    strcpy(period->name, r->name);
    for (int32_t c = 0; c < CR_ROAD_CLASSES; c++)
        for (int32_t area = 0; area < CR_ROAD_AREAS; area++)
            period->time_factor[c][area] = 1;
    return period;
}

static void read_period(periods_reading *r, const json_t *fields)
{
    const char *key;
    json_t *value;
    cr_road_period *period = json_is_object(fields) ? period_named(r) : NULL;
    if (!json_is_object(fields))
        findings_error(r->findings, at_period(r, ""), "must be an object");
    if (!period)
        return;
    json_object_foreach((json_t *)fields, key, value)
    {
        if (strcmp(key, "from") == 0)
            read_from(r, value, period);
        else if (strcmp(key, "time_factor") == 0)
            read_factors(r, value, period);
        else if (strcmp(key, "weekend") != 0) /* which is read when all names are known */
            findings_error(r->findings, at_period(r, key), "must be from, weekend or time_factor");
    }
    if (period->from_s == CR_NONE) {
        findings_error(r->findings, at_period(r, ""), "has no time from which on it is");
        period->from_s = 0;
    }
}

static void take_out(cr_road_speeds *speeds, int32_t gone)
{
    for (int32_t k = gone; k + 1 < speeds->n_periods; k++)
        speeds->periods[k] = speeds->periods[k + 1];
    speeds->n_periods--;
    for (int32_t k = 0; k < speeds->n_periods; k++) {
        int32_t *weekend = &speeds->periods[k].weekend;
        *weekend = *weekend == gone ? k : *weekend - (*weekend > gone);
    }
}

/* ---- all of them ---- */

static void read_weekend(periods_reading *r, const json_t *fields)
{
    const json_t *weekend = json_object_get(fields, "weekend");
    int32_t k = find_period(r->speeds, r->name);
    const char *name = json_string_value(speeds_bare(weekend));
    if (!weekend || k == CR_NONE)
        return;
    int32_t other = name ? find_period(r->speeds, name) : CR_NONE;
    if (other == CR_NONE)
        findings_error(r->findings, at_period(r, name ? name : "weekend"), "must be the name of a period");
    else
        r->speeds->periods[k].weekend = other;
}

static void swap(cr_road_speeds *speeds, int32_t a, int32_t b)
{
    cr_road_period period = speeds->periods[a];
    speeds->periods[a] = speeds->periods[b];
    speeds->periods[b] = period;
    for (int32_t k = 0; k < speeds->n_periods; k++) {
        int32_t *weekend = &speeds->periods[k].weekend;
        *weekend = *weekend == a ? b : *weekend == b ? a : *weekend;
    }
}

static void sort_by_time(periods_reading *r)
{
    cr_road_speeds *speeds = r->speeds;
    for (int32_t k = 1; k < speeds->n_periods; k++) {
        int32_t i = k;
        for (; i > 0 && speeds->periods[i - 1].from_s > speeds->periods[i].from_s; i--)
            swap(speeds, i - 1, i);
        if (i > 0 && speeds->periods[i - 1].from_s == speeds->periods[i].from_s)
            findings_error(r->findings, (finding_at){r->file, 0, speeds->periods[i].name, ""}, "begins when '%s' does",
                           speeds->periods[i - 1].name);
    }
}

void periods_read_json(const char *file, const json_t *periods, cr_road_speeds *speeds, findings_book *findings)
{
    periods_reading r = {file, "periods", speeds, findings};
    json_t *value;
    if (json_is_null(periods))
        speeds->n_periods = 0;
    else if (!json_is_object(periods))
        findings_error(findings, at_period(&r, ""), "must be an object");
    json_object_foreach((json_t *)periods, r.name, value)
    {
        if (!json_is_null(value))
            read_period(&r, value);
        else if (find_period(speeds, r.name) != CR_NONE)
            take_out(speeds, find_period(speeds, r.name));
    }
    json_object_foreach((json_t *)periods, r.name, value) read_weekend(&r, value);
    sort_by_time(&r);
}
