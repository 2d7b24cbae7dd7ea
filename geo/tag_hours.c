/* Conditions of time in tags.
 *
 * What is read of OpenStreetMap's opening hours is the part that the hours of closed roads are written in:
 *
 *     clauses    value @ condition; ...            a condition may stand in parentheses, and must if it has a ';'
 *     condition  hours AND hours ...
 *     hours      rule; rule ...                    a rule takes the place of those before it on its days,
 *                rule, rule ...                    or is added to them
 *     rule       24/7 | days | times | days times  and perhaps "off"
 *     days       Mo-Fr,Su                          PH and SH among them are passed over
 *     times      07:00-09:30,22:00-06:00           past midnight, also as 22:00-30:00
 *
 * All else that names a time is noted by kind, never guessed.
 */
#include "tag_hours.h"

#include <string.h>

#define TEXT_MOST   256 /* of a value, as OpenStreetMap has it */
#define RANGES_MOST 16
#define DAY_MIN     1440
#define ALL_DAYS    0x7f

static const char day_names[7][3] = {"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"};

typedef struct hours_reading {
    const char *at;
    road_hours *hours;
    bool has_days; /* a rule was for ordinary days */
} hours_reading;

/* ---- words ---- */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void skip_blanks(hours_reading *r)
{
    r->at += strspn(r->at, " ");
}

static bool accept(hours_reading *r, const char *word)
{
    size_t n = strlen(word);
    skip_blanks(r);
    if (strncmp(r->at, word, n) != 0 || (is_letter(word[n - 1]) && is_letter(r->at[n])))
        return false;
    r->at += n;
    return true;
}

static bool has_word(const char *text, const char *word)
{
    size_t n = strlen(word);
    for (const char *at = strstr(text, word); at; at = strstr(at + 1, word))
        if ((at == text || !is_letter(at[-1])) && !is_letter(at[n]))
            return true;
    return false;
}

static bool has_any_word(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (has_word(text, *words))
            return true;
    return false;
}

/* ---- what is not read ---- */

static const char *const seasons[] = {"Jan",    "Feb",    "Mar",    "Apr",    "May", "Jun",  "Jul",
                                      "Aug",    "Sep",    "Oct",    "Nov",    "Dec", "week", "easter",
                                      "summer", "winter", "spring", "autumn", NULL};
static const char *const suns[] = {"sunrise", "sunset", "dawn", "dusk", NULL};
static const char *const holidays[] = {"PH", "SH", NULL};
static const char *const days[] = {"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su", "24/7", NULL};

static bool has_clock(const char *text)
{
    for (const char *at = strchr(text, ':'); at; at = strchr(at + 1, ':'))
        if (at > text && is_digit(at[-1]) && is_digit(at[1]))
            return true;
    return false;
}

bool tag_names_time(const char *text)
{
    return has_clock(text) || has_any_word(text, days) || has_any_word(text, holidays) || has_any_word(text, seasons) ||
           has_any_word(text, suns);
}

static cr_hours_kind kind_of(const char *text)
{
    return has_any_word(text, seasons)    ? CR_HOURS_SEASON
           : has_any_word(text, suns)     ? CR_HOURS_SUN
           : has_any_word(text, holidays) ? CR_HOURS_HOLIDAY
                                          : CR_HOURS_UNREAD;
}

/* ---- days ---- */

static int read_day(hours_reading *r)
{
    for (int d = 0; d < 7; d++)
        if (accept(r, day_names[d]))
            return d;
    return -1;
}

static bool read_holiday(hours_reading *r)
{
    return accept(r, "PH") || accept(r, "SH");
}

/* Bits of the days; *ret_any: there was a day or a holiday. False: something else stands where a day should. */
static bool read_days(hours_reading *r, uint8_t *ret_days, bool *ret_any)
{
    *ret_days = 0;
    *ret_any = false;
    for (;;) {
        int first = read_day(r), last = first;
        if (first < 0 && !read_holiday(r))
            return !*ret_any;
        *ret_any = true;
        if (first >= 0 && accept(r, "-"))
            last = read_day(r);
        if (first >= 0 && last < 0)
            return false;
        for (int d = first; first >= 0; d = (d + 1) % 7) {
            *ret_days |= (uint8_t)(1 << d);
            if (d == last)
                break;
        }
        if (!accept(r, ","))
            return true;
    }
}

/* ---- times ---- */

/* Minutes after midnight, to 48:00; < 0: none. */
static int read_clock(hours_reading *r)
{
    int hour = 0, n = 0;
    skip_blanks(r);
    for (; n < 2 && is_digit(r->at[n]); n++)
        hour = 10 * hour + (r->at[n] - '0');
    const char *at = r->at + n;
    if (n == 0 || at[0] != ':' || !is_digit(at[1]) || !is_digit(at[2]) || is_digit(at[3]))
        return -1;
    int minute = 10 * (at[1] - '0') + (at[2] - '0'), both = 60 * hour + minute;
    r->at = at + 3;
    return minute < 60 && both <= 2 * DAY_MIN ? both : -1;
}

typedef struct clock_range {
    int from, to; /* minutes; to may lie past midnight */
} clock_range;

/* Ranges divided by commas; a comma before what is no time is left. Returns how many, < 0: it is not understood. */
static int read_times(hours_reading *r, clock_range ranges[RANGES_MOST])
{
    int n = 0;
    for (;;) {
        clock_range *range = &ranges[n++];
        range->from = read_clock(r);
        range->to = range->from >= 0 && accept(r, "-") ? read_clock(r) : -1;
        if (range->to < 0 || range->from >= DAY_MIN)
            return -1;
        range->to += range->to <= range->from ? DAY_MIN : 0;
        if (range->to - range->from > DAY_MIN)
            return -1;
        const char *before = r->at;
        if (!accept(r, ","))
            return n;
        skip_blanks(r);
        if (!is_digit(*r->at)) {
            r->at = before;
            return n;
        }
        if (n == RANGES_MOST)
            return -1;
    }
}

/* ---- rules ---- */

/* A slot counts by its middle. */
static void set_range(road_hours *hours, int day, clock_range range, bool value)
{
    enum { SLOT_MIN = HOURS_SLOT_S / 60 };
    for (int s = (range.from + SLOT_MIN / 2) / SLOT_MIN; s < (range.to + SLOT_MIN / 2) / SLOT_MIN; s++)
        hours_set(hours, (day * HOURS_A_DAY + s) % HOURS_NO_TIME, value);
}

static bool read_rule(hours_reading *r, bool is_added)
{
    clock_range ranges[RANGES_MOST] = {{0, DAY_MIN}};
    uint8_t on = ALL_DAYS;
    bool is_always = accept(r, "24/7"), any_days = is_always;
    if (!is_always && !read_days(r, &on, &any_days))
        return false;
    skip_blanks(r);
    int n = 1;
    if (!is_always && is_digit(*r->at))
        n = read_times(r, ranges);
    else if (!any_days)
        return false;
    if (n < 0)
        return false;
    bool is_off = accept(r, "off") || accept(r, "closed");
    on = any_days ? on : ALL_DAYS;
    on = is_always ? ALL_DAYS : on;
    r->has_days = r->has_days || on;
    for (int d = 0; d < 7 && !is_added && !is_off; d++) /* before any lasts into the next day */
        if (on >> d & 1)
            set_range(r->hours, d, (clock_range){0, DAY_MIN}, false);
    for (int d = 0; d < 7; d++)
        for (int i = 0; on >> d & 1 && i < n; i++)
            set_range(r->hours, d, ranges[i], !is_off);
    return true;
}

static bool read_hours(const char *text, road_hours *hours, cr_hours_kind *ret_kind)
{
    hours_reading r = {text, hours, false};
    bool ok = read_rule(&r, false);
    while (ok) {
        bool is_added = accept(&r, ",");
        if (!is_added && !accept(&r, ";"))
            break;
        skip_blanks(&r);
        if (!is_added && !*r.at) /* a ';' at the end */
            break;
        ok = read_rule(&r, is_added);
    }
    skip_blanks(&r);
    *ret_kind = ok && !*r.at && !r.has_days ? CR_HOURS_HOLIDAY : kind_of(text);
    return ok && !*r.at && r.has_days;
}

/* ---- clauses ---- */

/* The text up to the next " AND ", which *at is put behind; at the end it is put to NULL. */
static void cut_part(const char **at, char part[TEXT_MOST])
{
    const char *end = strstr(*at, " AND ");
    end = end ? end : strstr(*at, " and ");
    size_t n = end ? (size_t)(end - *at) : strlen(*at);
    memcpy(part, *at, n);
    part[n] = '\0';
    *at = end ? end + 5 : NULL;
}

/* All parts must hold. False: a part is not of time, or (noted) not understood. */
static bool read_condition(const char *text, road_hours *ret_hours, uint32_t *kinds)
{
    char part[TEXT_MOST];
    uint32_t found = 0;
    memset(ret_hours, 0xff, sizeof *ret_hours);
    for (const char *at = text; at;) {
        road_hours hours = {{0}};
        cr_hours_kind kind;
        cut_part(&at, part);
        if (!tag_names_time(part))
            return false;
        if (!read_hours(part, &hours, &kind))
            found |= UINT32_C(1) << kind;
        for (int w = 0; w < HOURS_WORDS; w++)
            ret_hours->slots[w] &= hours.slots[w];
    }
    *kinds |= found;
    return !found;
}

/* The next clause's value and condition; false: there is none, or it is not understood (noted if it names a time). */
static bool cut_clause(const char **at, char value[TEXT_MOST], char condition[TEXT_MOST])
{
    const char *text = *at + strspn(*at, " ;"), *sign = strchr(text, '@');
    *at = NULL;
    if (!sign)
        return false;
    size_t n = (size_t)(sign - text);
    while (n > 0 && text[n - 1] == ' ')
        n--;
    memcpy(value, text, n);
    value[n] = '\0';
    const char *from = sign + 1 + strspn(sign + 1, " ");
    bool in_brackets = *from == '(';
    from += in_brackets;
    const char *to = strchr(from, in_brackets ? ')' : ';');
    if (!to)
        to = from + strlen(from);
    n = (size_t)(to - from);
    memcpy(condition, from, n);
    condition[n] = '\0';
    to += in_brackets && *to == ')';
    *at = to + strspn(to, " ");
    return true;
}

int tag_clauses_read(const char *text, tag_clause clauses[CLAUSES_MOST], uint32_t *kinds)
{
    char value[TEXT_MOST], condition[TEXT_MOST];
    int n = 0;
    if (strlen(text) >= TEXT_MOST) {
        *kinds |= tag_names_time(text) ? UINT32_C(1) << kind_of(text) : 0;
        return 0;
    }
    for (const char *at = text; *at;) {
        tag_clause clause = {{0}, {{0}}};
        bool is_clause = cut_clause(&at, value, condition);
        if (!is_clause || (*at && *at != ';')) { /* some other form: the rest is not taken apart */
            *kinds |= tag_names_time(text) ? UINT32_C(1) << kind_of(text) : 0;
            return n;
        }
        if (!read_condition(condition, &clause.hours, kinds) || strlen(value) >= sizeof clause.value)
            continue;
        if (n == CLAUSES_MOST) {
            *kinds |= UINT32_C(1) << CR_HOURS_UNREAD;
            return n;
        }
        strcpy(clause.value, value);
        clauses[n++] = clause;
    }
    return n;
}
