/* iCalendar: a carer's day for the calendar on her telephone (RFC 5545).
 *
 * Times are in UTC, which every calendar shows in its own zone, so no zone rules need to travel along. A visit keeps
 * its UID from plan to plan of the day, so that a calendar which reads the new plan moves the old entry.
 */
#include "words.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unicode/ucal.h>

#define LINE_MOST 75 /* octets without the line end */

/* ---- lines ---- */

/* A content line under construction. Folded when it is put out, never within a letter. */
typedef struct ical {
    FILE *out;
    const answer *a;
    UCalendar *calendar; /* in the time zone of the day */
} ical;

static void put_folded(FILE *out, const char *line)
{
    int32_t room = LINE_MOST;
    while (*line) {
        int32_t size = 1;
        while ((line[size] & 0xC0) == 0x80)
            size++;
        if (size > room) {
            fputs("\r\n ", out);
            room = LINE_MOST - 1;
        }
        fwrite(line, 1, (size_t)size, out);
        line += size;
        room -= size;
    }
    fputs("\r\n", out);
}

/* Backslash, comma, semicolon and line ends are escaped; other control characters have no place in a text. */
static void put_escaped(FILE *out, const char *text)
{
    for (; *text; text++) {
        if (strchr("\\,;", *text))
            fprintf(out, "\\%c", *text);
        else if (*text == '\n')
            fputs("\\n", out);
        else if ((unsigned char)*text >= 0x20 && *text != 0x7f)
            fputc(*text, out);
    }
}

/* "NAME:part part part", the parts escaped. NULL ends the list. */
__attribute__((sentinel)) static cr_status put_text(const ical *cal, const char *name, ...)
{
    char *line = NULL;
    size_t size;
    FILE *out = open_memstream(&line, &size);
    if (!out)
        return CR_E_NOMEM;
    va_list parts;
    va_start(parts, name);
    fprintf(out, "%s:", name);
    for (const char *part; (part = va_arg(parts, const char *));)
        put_escaped(out, part);
    va_end(parts);
    if (fclose(out)) {
        free(line);
        return CR_E_NOMEM;
    }
    put_folded(cal->out, line);
    free(line);
    return CR_OK;
}

/* ---- times ---- */

/* Ticks are what passes from the first midnight on. */
static cr_status put_utc(const ical *cal, const char *name, int32_t ticks)
{
    int year, month, day_of_month;
    UErrorCode error = U_ZERO_ERROR;
    if (sscanf(cal->a->day->date, "%d-%d-%d", &year, &month, &day_of_month) != 3)
        return CR_E_INTERNAL;
    ucal_clear(cal->calendar);
    ucal_setDateTime(cal->calendar, year, month - 1, day_of_month, 0, 0, 0, &error);
    const UDate ms = ucal_getMillis(cal->calendar, &error) + 1000.0 * ticks;
    if (U_FAILURE(error))
        return CR_E_INTERNAL;
    const time_t seconds = (time_t)(ms / 1000);
    struct tm utc;
    gmtime_r(&seconds, &utc);
    fprintf(cal->out, "%s:%04d%02d%02dT%02d%02d%02dZ\r\n", name, utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
            utc.tm_hour, utc.tm_min, utc.tm_sec);
    return CR_OK;
}

/* ---- entries ---- */

/* The stamp is the day's midnight, not now: the same plan gives the same bytes. */
static cr_status put_span(const ical *cal, const itinerary_stop *s)
{
    cr_status st = put_utc(cal, "DTSTAMP", 0);
    if (!st)
        st = put_utc(cal, "DTSTART", s->start);
    return st ? st : put_utc(cal, "DTEND", s->end);
}

static void put_geo(const ical *cal, const cr_place *place)
{
    if (place->quality >= CR_PLACE_POSTCODE)
        fprintf(cal->out, "GEO:%s;%s\r\n", words_degrees(place->lat_deg).text, words_degrees(place->lon_deg).text);
}

/* Everybody else who comes; "" nobody. Yours to free; NULL without memory. */
static char *partners_of(const answer *a, int32_t slot)
{
    int32_t others[DAY_COMPANIONS_MOST], n = day_companions(a->day, slot, others);
    const char *between = "";
    char *names = NULL;
    size_t size;
    FILE *list = open_memstream(&names, &size);
    if (!list)
        return NULL;
    for (int32_t i = 0; i < n; i++) {
        const int32_t stop = a->itinerary->stop_of_slot[others[i]];
        if (stop == CR_NONE)
            continue;
        const int32_t shift = a->plan->rounds[a->itinerary->stops[stop].round].shift;
        fprintf(list, "%s%s", between, a->day->carers[a->day->problem->shifts[shift].carer].name);
        between = " and ";
    }
    if (fclose(list)) {
        free(names);
        return NULL;
    }
    return names;
}

/* Who else comes, how far it is, and what to know. */
static cr_status put_description(const ical *cal, int32_t k)
{
    const answer *a = cal->a;
    const itinerary_stop *s = &a->itinerary->stops[k];
    const words leave = words_clock(a->day, s->leg.leave);
    const words travel = s->leg.travel < CR_NO_WAY ? words_duration(s->leg.travel) : (words){"?"};
    const char *notes = a->day->visits[s->visit].notes;
    char *rides = NULL, *goods = words_goods(a->day, s->visit), *partners = partners_of(a, a->plan->stops[k].slot);
    cr_status st = goods && partners ? words_rides(a->day, &s->leg, &rides) : CR_E_NOMEM;
    if (!st)
        st = put_text(cal, "DESCRIPTION", "Set off ", leave.text, ", ", travel.text, " on the way", *rides ? "\n" : "",
                      rides, *partners ? "\nDouble-up with " : "", partners,
                      a->day->problem->visits[s->visit].time_critical ? "\nTime-critical" : "", *goods ? "\n" : "",
                      goods, *notes ? "\n" : "", notes, NULL);
    free(rides);
    free(goods);
    free(partners);
    return st;
}

static cr_status put_visit(const ical *cal, int32_t k)
{
    const cr_day *day = cal->a->day;
    const itinerary_stop *s = &cal->a->itinerary->stops[k];
    const day_client *client = &day->clients[day->visits[s->visit].client];
    const int32_t slot = cal->a->plan->stops[k].slot - day->problem->visits[s->visit].slots.first;
    fputs("BEGIN:VEVENT\r\n", cal->out);
    cr_status st = put_text(cal, "UID", day->visits[s->visit].visit_id, "-", words_fixed(slot, 0).text, "-", day->date,
                            "@careround", NULL);
    if (!st)
        st = put_span(cal, s);
    if (!st)
        st = put_text(cal, "SUMMARY", client->name, NULL);
    if (!st)
        st = put_text(cal, "LOCATION", client->address, *client->address && *client->postcode ? ", " : "",
                      client->postcode, NULL);
    if (!st)
        st = put_description(cal, k);
    put_geo(cal, &client->place);
    fputs("END:VEVENT\r\n", cal->out);
    return st;
}

static cr_status put_break(const ical *cal, int32_t k, int32_t shift)
{
    const cr_day *day = cal->a->day;
    const int32_t brk = cal->a->plan->stops[k].brk;
    fputs("BEGIN:VEVENT\r\n", cal->out);
    cr_status st = put_text(cal, "UID", day->shifts[shift].shift_id, "-break-",
                            words_fixed(brk - day->problem->shifts[shift].breaks.first, 0).text, "-", day->date,
                            "@careround", NULL);
    if (!st)
        st = put_span(cal, &cal->a->itinerary->stops[k]);
    if (!st)
        st = put_text(cal, "SUMMARY", cal->a->day->problem->breaks[brk].kept_free ? "Kept free" : "Break", NULL);
    fputs("END:VEVENT\r\n", cal->out);
    return st;
}

static cr_status put_round(const ical *cal, const cr_round *round)
{
    cr_status st = CR_OK;
    for (int32_t k = round->stops.first; k < round->stops.first + round->stops.n && !st; k++)
        st = cal->a->plan->stops[k].slot == CR_NONE ? put_break(cal, k, round->shift) : put_visit(cal, k);
    return st;
}

static cr_status put_calendar(const ical *cal, int32_t carer)
{
    const answer *a = cal->a;
    fputs("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//careround//careround//EN\r\nCALSCALE:GREGORIAN\r\n"
          "METHOD:PUBLISH\r\n",
          cal->out);
    cr_status st = put_text(cal, "X-WR-CALNAME", a->day->carers[carer].name, " ", a->day->date, NULL);
    for (int32_t r = 0; r < a->plan->n_rounds && !st; r++)
        if (a->day->problem->shifts[a->plan->rounds[r].shift].carer == carer)
            st = put_round(cal, &a->plan->rounds[r]);
    fputs("END:VCALENDAR\r\n", cal->out);
    return st;
}

cr_status write_carer_ical(const answer *a, int32_t carer, FILE *out)
{
    UErrorCode error = U_ZERO_ERROR;
    UChar zone[64];
    const char *name = a->day->time_zone;
    int32_t n = 0;
    for (; name[n] && n < 63; n++) /* names of zones are ASCII */
        zone[n] = (unsigned char)name[n];
    UCalendar *calendar = ucal_open(zone, n, "en", UCAL_GREGORIAN, &error);
    if (U_FAILURE(error))
        return error == U_MEMORY_ALLOCATION_ERROR ? CR_E_NOMEM : CR_E_INTERNAL;
    const ical cal = {out, a, calendar};
    cr_status st = put_calendar(&cal, carer);
    ucal_close(calendar);
    return st ? st : ferror(out) ? CR_E_UPSTREAM : CR_OK;
}
