/* Numbers in tags: speeds and durations as mappers write them, in any locale. */
#include "tag_values.h"

#include <string.h>
#include <strings.h>

#define KMH_PER_MPH  1.609344
#define KMH_PER_KNOT 1.852

/* Digits, perhaps a point and more digits; *ret_end behind them. < 0: none. */
static double parse_number(const char *text, const char **ret_end)
{
    double value = 0, unit = 1;
    bool any = false;
    for (; *text >= '0' && *text <= '9' && value < 1e6; text++, any = true)
        value = value * 10 + (*text - '0');
    if (any && *text == '.')
        for (text++; *text >= '0' && *text <= '9'; text++)
            value += (*text - '0') * (unit /= 10);
    *ret_end = text;
    return any ? value : -1;
}

static const char *skip_blanks(const char *text)
{
    return text + strspn(text, " ");
}

/* One speed with its unit; *ret_end behind it. < 0: none. */
static double parse_speed(const char *text, const char **ret_end)
{
    static const struct {
        const char *unit;
        double kmh;
    } units[] = {{"mph", KMH_PER_MPH}, {"knots", KMH_PER_KNOT}, {"km/h", 1}, {"kmh", 1}, {"kph", 1}};
    double value = parse_number(skip_blanks(text), ret_end);
    const char *unit = skip_blanks(*ret_end);
    if (value < 0)
        return -1;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strncmp(unit, units[i].unit, strlen(units[i].unit)) == 0) {
            *ret_end = unit + strlen(units[i].unit);
            return value * units[i].kmh;
        }
    return value;
}

double tag_speed_kmh(const cr_road_speeds *speeds, const char *text)
{
    for (int32_t i = 0; i < speeds->n_limits; i++)
        if (strcasecmp(text, speeds->limits[i].name) == 0)
            return speeds->limits[i].kmh;
    double least = -1;
    for (const char *at = text; at; at = strchr(at, ';')) {
        at += *at == ';';
        const char *end;
        double kmh = parse_speed(at, &end);
        end = skip_blanks(end);
        if (kmh <= 0 || (*end && *end != ';'))
            return -1;
        if (least < 0 || kmh < least)
            least = kmh;
    }
    return least;
}

/* "PT1H30M15S": what follows PT. */
static double iso_duration_s(const char *text)
{
    double total_s = 0;
    while (*text) {
        double value = parse_number(text, &text);
        double unit_s = *text == 'H' ? 3600 : *text == 'M' ? 60 : *text == 'S' ? 1 : -1;
        if (value < 0 || unit_s < 0)
            return 0;
        total_s += value * unit_s;
        text++;
    }
    return total_s;
}

int32_t tag_duration_s(const char *text)
{
    double s = 0;
    if (strncmp(text, "PT", 2) == 0) {
        s = iso_duration_s(text + 2);
    } else {
        const char *at;
        double first = parse_number(text, &at), second = 0, third = 0;
        bool has_hours = *at == ':';
        if (has_hours)
            second = parse_number(at + 1, &at);
        if (has_hours && *at == ':')
            third = parse_number(at + 1, &at);
        if (first < 0 || second < 0 || third < 0 || *at)
            return 0;
        s = has_hours ? first * 3600 + second * 60 + third : first * 60;
    }
    return s > 0 && s < 86400 * 14 ? (int32_t)s : 0;
}
