/* When a visit may start: windows, band, preferred time, tolerance, lock. */
#include "columns.h"
#include "reading.h"
#include "value.h"

#include <stdio.h>
#include <string.h>

#define DAY_S         86400
#define WINDOW_MOST_S (16 * 3600)

/* ---- windows ---- */

static bool add_window(const row *at, int32_t column, visit_record *v, cr_window w)
{
    int32_t close = w.close;
    if (!span_over_midnight(w.open, &w.close, WINDOW_MOST_S))
        return row_error(at, column, "the window closes before it opens; past midnight go on counting (24:15)");
    if (close != w.close)
        row_warning(at, column, "closes before it opens, so the closing time is taken as the next day's");
    if (v->n_windows == VISIT_MOST_WINDOWS)
        return row_error(at, column, "more than %d windows", VISIT_MOST_WINDOWS);
    v->windows[v->n_windows++] = w;
    return true;
}

/* The dash of "07:00-09:00": a hyphen, an en dash, or the word "to". */
static const char *find_dash(const char *text, size_t *ret_n)
{
    static const char *const dashes[] = {"-", "\xE2\x80\x93", "\xE2\x80\x94", " to "};
    for (size_t i = 0; i < sizeof dashes / sizeof *dashes; i++) {
        const char *dash = strstr(text, dashes[i]);
        *ret_n = strlen(dashes[i]);
        if (dash)
            return dash;
    }
    return NULL;
}

static void copy_trimmed(char *to, size_t size, const char *from, size_t n)
{
    while (n > 0 && *from == ' ') {
        from++;
        n--;
    }
    while (n > 0 && from[n - 1] == ' ')
        n--;
    snprintf(to, size, "%.*s", (int)n, from);
}

bool parse_window(value_item item, cr_window *ret_window)
{
    char text[64], open[32], close[32];
    copy_trimmed(text, sizeof text, item.text, item.n);
    size_t n;
    const char *dash = find_dash(text, &n);
    cr_window w;
    if (dash) {
        copy_trimmed(open, sizeof open, text, (size_t)(dash - text));
        copy_trimmed(close, sizeof close, dash + n, strlen(dash + n));
    }
    if (!dash || value_time(open, &w.open) || value_time(close, &w.close))
        return false;
    *ret_window = w;
    return true;
}

static bool read_window_item(const row *at, visit_record *v, value_item item)
{
    char text[64];
    cr_window w;
    if (parse_window(item, &w))
        return add_window(at, VISIT_WINDOWS, v, w);
    copy_trimmed(text, sizeof text, item.text, item.n);
    return row_error(at, VISIT_WINDOWS, "'%s' is not a window; write 07:00-09:00, several as 07:00-09:00;10:00-11:00",
                     text);
}

static void read_window_pair(day_reading *r, const row *at, visit_record *v)
{
    cr_window w = {0, DAY_S};
    bool opens = row_instant(at, VISIT_WINDOW_START, r->day0 + v->day, &w.open);
    bool closes = row_instant(at, VISIT_WINDOW_END, r->day0 + v->day, &w.close);
    if (opens && closes)
        add_window(at, VISIT_WINDOW_END, v, w);
    else if ((opens || closes) && !row_is_bad(at))
        row_error(at, opens ? VISIT_WINDOW_END : VISIT_WINDOW_START,
                  "is empty, but the other end of the window is given");
}

static void read_band(day_reading *r, const row *at, visit_record *v)
{
    v->band = row_text(at, VISIT_BAND);
    if (!*v->band)
        return;
    int32_t band = settings_find_band(&r->settings, v->band);
    if (band == CR_NONE) {
        const char *names[SETTINGS_MOST_BANDS];
        for (int32_t i = 0; i < r->settings.n_bands; i++)
            names[i] = r->settings.bands[i].name;
        row_error(at, VISIT_BAND, "no such band; settings.json names them (bands)%s",
                  findings_hint(r->findings, v->band, names, r->settings.n_bands));
        return;
    }
    v->band = r->settings.bands[band].name;
    if (v->n_windows == 0)
        v->windows[v->n_windows++] = r->settings.bands[band].window;
}

/* Times around midnight: 00:30 for a window that opens at 22:00 means the night of this day. */
static int32_t nearest_day(const visit_record *v, int32_t s)
{
    for (int32_t i = 0; i < v->n_windows; i++)
        if (v->windows[i].close >= DAY_S && s + DAY_S <= v->windows[i].close && s < v->windows[i].open)
            return s + DAY_S;
    return s;
}

static void read_preferred(day_reading *r, const row *at, visit_record *v)
{
    int32_t s;
    if (row_instant(at, VISIT_PREFERRED_TIME, r->day0 + v->day, &s)) {
        v->prefer_open = v->prefer_close = nearest_day(v, s);
        if (*row_text(at, VISIT_PREFERRED_START) || *row_text(at, VISIT_PREFERRED_END))
            row_error(at, VISIT_PREFERRED_TIME, "give either preferred_time or preferred_start and preferred_end");
        return;
    }
    if (row_instant(at, VISIT_PREFERRED_START, r->day0 + v->day, &s))
        v->prefer_open = nearest_day(v, s);
    if (row_instant(at, VISIT_PREFERRED_END, r->day0 + v->day, &s))
        v->prefer_close = nearest_day(v, s);
    if (v->prefer_open != CR_FREE && v->prefer_close != CR_FREE && v->prefer_close < v->prefer_open)
        row_error(at, VISIT_PREFERRED_END, "the preferred time ends before it begins");
}

/* Keep of the windows what lies within the tolerance of the preferred time; without windows that is the window. */
static void apply_tolerance(const row *at, visit_record *v, int32_t tolerance_s)
{
    cr_window near = {v->prefer_open != CR_FREE ? v->prefer_open : v->prefer_close,
                      v->prefer_close != CR_FREE ? v->prefer_close : v->prefer_open};
    near.open -= tolerance_s;
    near.close += tolerance_s;
    if (v->n_windows == 0) {
        v->windows[v->n_windows++] = near;
        return;
    }
    int32_t n = 0;
    for (int32_t i = 0; i < v->n_windows; i++) {
        cr_window w = {near.open > v->windows[i].open ? near.open : v->windows[i].open,
                       near.close < v->windows[i].close ? near.close : v->windows[i].close};
        if (w.open <= w.close)
            v->windows[n++] = w;
    }
    if (n == 0)
        row_error(at, VISIT_PREFERRED_TIME, "no window lies within %d minutes of the preferred time", tolerance_s / 60);
    v->n_windows = n;
}

/* Ascending and apart, as the engine wants them: windows that touch become one. */
static void sort_windows(visit_record *v)
{
    for (int32_t i = 1; i < v->n_windows; i++)
        for (int32_t j = i; j > 0 && v->windows[j].open < v->windows[j - 1].open; j--) {
            cr_window w = v->windows[j];
            v->windows[j] = v->windows[j - 1];
            v->windows[j - 1] = w;
        }
    int32_t n = 0;
    for (int32_t i = 0; i < v->n_windows; i++)
        if (n > 0 && v->windows[i].open <= v->windows[n - 1].close)
            v->windows[n - 1].close =
                v->windows[i].close > v->windows[n - 1].close ? v->windows[i].close : v->windows[n - 1].close;
        else
            v->windows[n++] = v->windows[i];
    v->n_windows = n;
}

static void read_windows(day_reading *r, const row *at, visit_record *v)
{
    const char *list = row_text(at, VISIT_WINDOWS);
    value_item item;
    while (value_next_item(&list, &item))
        read_window_item(at, v, item);
    read_window_pair(r, at, v);
    read_band(r, at, v);
    read_preferred(r, at, v);
    const bool is_point = v->prefer_open != CR_FREE && v->prefer_open == v->prefer_close;
    int32_t tolerance_s = r->settings.tight_tolerance_s;
    bool given = row_duration(at, VISIT_TOLERANCE_MIN, 0, 12 * 3600, &tolerance_s);
    bool prefers = v->prefer_open != CR_FREE || v->prefer_close != CR_FREE;
    if (row_is_bad(at))
        return;
    if (prefers && (given || v->time_critical))
        apply_tolerance(at, v, tolerance_s);
    else if (prefers && v->n_windows == 0)
        apply_tolerance(at, v, r->settings.tolerance_s);
    else if (given && !prefers)
        row_warning(at, VISIT_TOLERANCE_MIN, "has no effect without a preferred time");
    if (v->n_windows == 0 && !row_is_bad(at)) {
        row_warning(at, CR_NONE, "no windows, band or preferred time: any time of the service day will do");
        v->windows[v->n_windows++] = r->settings.service_day;
    }
    sort_windows(v);
    if (is_point) {
        v->prefer_open -= r->settings.preferred_within_s;
        v->prefer_close += r->settings.preferred_within_s;
    }
}

static void read_lock_time(day_reading *r, const row *at, visit_record *v)
{
    int32_t s;
    if (!row_instant(at, VISIT_LOCK_TIME, r->day0 + v->day, &s))
        return;
    v->locked_start = nearest_day(v, s);
    bool inside = false;
    for (int32_t i = 0; i < v->n_windows; i++)
        inside = inside || (v->locked_start >= v->windows[i].open && v->locked_start <= v->windows[i].close);
    if (!inside)
        row_warning(at, VISIT_LOCK_TIME, "outside the visit's windows; the lock goes before them");
}

static void add_ticks(int32_t *time, int32_t ticks)
{
    if (*time != CR_FREE)
        *time += ticks;
}

void read_visit_times(day_reading *r, const row *at, visit_record *v)
{
    read_windows(r, at, v);
    read_lock_time(r, at, v);
}

void move_visit_to_day(day_reading *r, visit_record *v, int32_t day)
{
    v->day = day;
    for (int32_t i = 0; i < v->n_windows; i++) {
        v->windows[i].open += day * DAY_S;
        v->windows[i].close += day * DAY_S;
    }
    add_ticks(&v->prefer_open, day * DAY_S);
    add_ticks(&v->prefer_close, day * DAY_S);
    add_ticks(&v->locked_start, day * DAY_S);
    r->n_days = day >= r->n_days ? day + 1 : r->n_days;
}
