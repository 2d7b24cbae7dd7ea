/* The files of a feed, in the order in which they refer to each other. */
#include "gtfs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DAY_S        86400
#define MOST_TIME_S  (7 * DAY_S) /* a trip of a week is a fault */
#define MOST_OF_KIND 50000000    /* rows */

/* ---- keeping ---- */

gtfs_feed *gtfs_feed_free(gtfs_feed *feed)
{
    if (feed) {
        json_decref(feed->stop_ids);
        json_decref(feed->route_ids);
        json_decref(feed->service_ids);
        json_decref(feed->trip_ids);
        free(feed->text);
        free(feed->stops);
        free(feed->routes);
        free(feed->services);
        free(feed->trips);
        free(feed->calls);
        free(feed->frequencies);
        free(feed->transfers);
        free(feed);
    }
    return NULL;
}

/* Room for one more; NULL (and the reader's status) without memory. */
static void *one_more(gtfs_reader *reader, void *array, int32_t *n, int32_t *room, size_t size)
{
    void **items = array;
    if (*n == *room) {
        int32_t more = *room < 64 ? 64 : *room + *room / 2;
        void *moved = *n < MOST_OF_KIND ? realloc(*items, (size_t)more * size) : NULL;
        if (!moved) {
            reader->st = CR_E_NOMEM;
            return NULL;
        }
        *items = moved;
        *room = more;
    }
    return (char *)*items + (size_t)(*n)++ * size;
}

static size_t keep_text(gtfs_reader *reader, const char *text)
{
    gtfs_feed *f = reader->feed;
    size_t n = strlen(text) + 1, at = f->n_text;
    if (at + n > f->text_room) {
        size_t room = (at + n) * 2 + 1024;
        char *moved = realloc(f->text, room);
        if (!moved) {
            reader->st = CR_E_NOMEM;
            return 0;
        }
        f->text = moved;
        f->text_room = room;
    }
    memcpy(f->text + at, text, n);
    f->n_text += n;
    return at;
}

/* A new id: false (and a fault) if it is empty or there already. Once named, a row is kept whatever else is wrong with
 * it: others refer to it by index, and one fault should not become many. */
static bool name(const gtfs_row *row, json_t *ids, int32_t index)
{
    if (!*row->value[0])
        return gtfs_row_fault(row, 0, "is empty");
    if (json_object_get(ids, row->value[0]))
        return gtfs_row_fault(row, 0, "is there twice");
    if (json_object_set_new_nocheck(ids, row->value[0], json_integer(index))) {
        row->reader->st = CR_E_NOMEM;
        return false;
    }
    return true;
}

static bool find(const gtfs_row *row, int32_t column, const json_t *ids, const char *where, int32_t *ret_index)
{
    const json_t *index = json_object_get(ids, row->value[column]);
    if (!index)
        return gtfs_row_fault(row, column, "is not in %s", where);
    *ret_index = (int32_t)json_integer_value(index);
    return true;
}

/* ---- values ---- */

static bool digits(const char *text, size_t n, int32_t *ret_number)
{
    *ret_number = 0;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *ret_number = *ret_number * 10 + (text[i] - '0');
    }
    return n > 0;
}

/* "7:05:00" or "25:10:30"; an empty cell leaves *ret_s as it is. */
static bool time_of(const gtfs_row *row, int32_t column, int32_t *ret_s)
{
    const char *text = row->value[column];
    int32_t hours, minutes, seconds;
    size_t n = strlen(text);
    if (n == 0)
        return true;
    bool is_time = (n >= 7 && n <= 9) && text[n - 3] == ':' && text[n - 6] == ':' && digits(text, n - 6, &hours) &&
                   digits(text + n - 5, 2, &minutes) && digits(text + n - 2, 2, &seconds) && minutes < 60 &&
                   seconds < 60;
    if (!is_time || hours * 3600 > MOST_TIME_S - 3600)
        return gtfs_row_fault(row, column, "is no time; write it like 07:05:00, past midnight 25:05:00");
    *ret_s = hours * 3600 + minutes * 60 + seconds;
    return true;
}

/* Days since 1970-01-01 of a date in the Gregorian calendar (Hinnant, "chrono-compatible low-level date algorithms").
 */
static int32_t day_of(int32_t year, int32_t month, int32_t day)
{
    year -= month <= 2;
    int32_t era = year / 400, of_era = year - era * 400;
    int32_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static bool date_of(const gtfs_row *row, int32_t column, int32_t *ret_day)
{
    const char *text = row->value[column];
    int32_t year, month, day;
    if (strlen(text) != 8 || !digits(text, 4, &year) || !digits(text + 4, 2, &month) || !digits(text + 6, 2, &day) ||
        year < 1970 || month < 1 || month > 12 || day < 1 || day > 31)
        return gtfs_row_fault(row, column, "is no date; write it like 20261123");
    *ret_day = day_of(year, month, day);
    return true;
}

/* With a point, whatever the locale: through Jansson, which reads JSON's numbers. These have a digit on either side of
 * it, but some databases write .5 and 51. */
static bool degrees_of(const gtfs_row *row, int32_t column, double most, double *ret_deg)
{
    const char *text = row->value[column];
    bool is_negative = *text == '-';
    const char *digit = text + (is_negative || *text == '+');
    while (*digit == '0' && digit[1] >= '0' && digit[1] <= '9')
        digit++;
    char padded[64];
    size_t n = strlen(digit);
    bool is_short = n > 1 && n < sizeof padded - 3;
    if (is_short)
        snprintf(padded, sizeof padded, "%s%s%s", *digit == '.' ? "0" : "", digit, digit[n - 1] == '.' ? "0" : "");
    json_t *number = json_loads(is_short ? padded : digit, JSON_DECODE_ANY, NULL);
    double deg = json_is_number(number) ? json_number_value(number) : NAN;
    json_decref(number);
    if (!(deg >= 0 && deg <= most))
        return gtfs_row_fault(row, column, "must be degrees from %.0f to %.0f", -most, most);
    *ret_deg = is_negative ? -deg : deg;
    return true;
}

/* ---- stops ---- */

enum { STOP_ID, STOP_NAME, STOP_LAT, STOP_LON, STOP_TYPE, STOP_PARENT };

static void take_stop(gtfs_row *row)
{
    gtfs_feed *f = row->reader->feed;
    gtfs_stop stop = {.parent = CR_NONE, .place = {0, 0, -1, CR_PLACE_ROOFTOP}};
    if (!name(row, f->stop_ids, f->n_stops))
        return;
    gtfs_row_int(row, STOP_TYPE, 0, 4, &stop.type);
    /* nodes and boarding areas of a station may have no position */
    if (stop.type < 3 || *row->value[STOP_LAT] || *row->value[STOP_LON]) {
        degrees_of(row, STOP_LAT, 90, &stop.place.lat_deg);
        degrees_of(row, STOP_LON, 180, &stop.place.lon_deg);
    }
    stop.name = keep_text(row->reader, *row->value[STOP_NAME] ? row->value[STOP_NAME] : row->value[STOP_ID]);
    gtfs_stop *kept = one_more(row->reader, &f->stops, &f->n_stops, &f->stops_room, sizeof *f->stops);
    if (kept)
        *kept = stop;
}

/* On a second reading, for a station may come after its stops. */
static void take_parent(gtfs_row *row)
{
    gtfs_feed *f = row->reader->feed;
    int32_t stop = 0, parent = 0;
    if (!*row->value[STOP_PARENT] || !find(row, STOP_ID, f->stop_ids, "stops.txt", &stop) ||
        !find(row, STOP_PARENT, f->stop_ids, "stops.txt", &parent))
        return;
    if (f->stops[stop].type == 4)
        return; /* whose parent is a stop */
    if (f->stops[parent].type != 1)
        gtfs_row_fault(row, STOP_PARENT, "is no station (location_type 1)");
    else if (f->stops[stop].type == 1)
        gtfs_row_fault(row, STOP_PARENT, "is given for a station, which has none");
    else
        f->stops[stop].parent = parent;
}

/* ---- routes, services, trips ---- */

enum { ROUTE_ID, ROUTE_SHORT, ROUTE_LONG };

static void take_route(gtfs_row *row)
{
    gtfs_feed *f = row->reader->feed;
    const char *shown = *row->value[ROUTE_SHORT]  ? row->value[ROUTE_SHORT]
                        : *row->value[ROUTE_LONG] ? row->value[ROUTE_LONG]
                                                  : row->value[ROUTE_ID];
    if (!name(row, f->route_ids, f->n_routes))
        return;
    size_t at = keep_text(row->reader, shown);
    size_t *kept = one_more(row->reader, &f->routes, &f->n_routes, &f->routes_room, sizeof *f->routes);
    if (kept)
        *kept = at;
}

static void widen(gtfs_feed *f, int32_t first, int32_t last)
{
    if (first < f->first_day)
        f->first_day = first;
    if (last > f->last_day)
        f->last_day = last;
}

enum { CALENDAR_SERVICE, CALENDAR_MONDAY, CALENDAR_START = 8, CALENDAR_END };

static void take_calendar(gtfs_row *row)
{
    gtfs_feed *f = row->reader->feed;
    int32_t runs[7] = {0}, first = 0, last = 0, days = 0;
    if (!name(row, f->service_ids, f->n_services))
        return;
    bool has_dates = date_of(row, CALENDAR_START, &first);
    has_dates = date_of(row, CALENDAR_END, &last) && has_dates;
    for (int32_t d = 0; d < 7; d++)
        gtfs_row_int(row, CALENDAR_MONDAY + d, 0, 1, &runs[d]);
    for (int32_t k = 0; k < row->reader->n_days + 2; k++) {
        int32_t day = row->reader->day - 1 + k, weekday = (day % 7 + 7 + 3) % 7; /* 1970-01-01 was a Thursday */
        if (day >= first && day <= last && runs[weekday])
            days |= 1 << k;
    }
    if (has_dates)
        widen(f, first, last);
    int32_t *kept = one_more(row->reader, &f->services, &f->n_services, &f->services_room, sizeof *f->services);
    if (kept)
        *kept = days;
}

enum { DATES_SERVICE, DATES_DATE, DATES_TYPE };

static void take_date(gtfs_row *row)
{
    gtfs_feed *f = row->reader->feed;
    int32_t day, type = 0;
    if (!date_of(row, DATES_DATE, &day) || !gtfs_row_int(row, DATES_TYPE, 1, 2, &type))
        return;
    if (type == 0) {
        gtfs_row_fault(row, DATES_TYPE, "must be 1 (runs) or 2 (does not run)");
        return;
    }
    const json_t *index = json_object_get(f->service_ids, row->value[DATES_SERVICE]);
    int32_t service = index ? (int32_t)json_integer_value(index) : f->n_services;
    if (!index) { /* a service may be in this file alone */
        if (!name(row, f->service_ids, service))
            return;
        int32_t *kept = one_more(row->reader, &f->services, &f->n_services, &f->services_room, sizeof *f->services);
        if (!kept)
            return;
        *kept = 0;
    }
    int32_t k = day - (row->reader->day - 1);
    if (type == 1)
        widen(f, day, day);
    if (k >= 0 && k < row->reader->n_days + 2)
        f->services[service] = type == 1 ? f->services[service] | 1 << k : f->services[service] & ~(1 << k);
}

enum { TRIP_ID, TRIP_ROUTE, TRIP_SERVICE };

static void take_trip(gtfs_row *row)
{
    gtfs_feed *f = row->reader->feed;
    int32_t route = 0, service = CR_NONE;
    if (!name(row, f->trip_ids, f->n_trips))
        return;
    find(row, TRIP_ROUTE, f->route_ids, "routes.txt", &route);
    find(row, TRIP_SERVICE, f->service_ids, "calendar.txt or calendar_dates.txt", &service);
    gtfs_trip *kept = one_more(row->reader, &f->trips, &f->n_trips, &f->trips_room, sizeof *f->trips);
    if (kept)
        *kept = (gtfs_trip){route, service == CR_NONE ? 0 : f->services[service], false};
}

/* ---- stop times ---- */

enum { CALL_TRIP, CALL_SEQUENCE, CALL_STOP, CALL_ARRIVE, CALL_DEPART, CALL_PICKUP, CALL_DROP_OFF };

/* pickup_type and drop_off_type. Nobody telephones for the plan; who asks the driver (3) is let on and off. */
enum { NOT_AT_ALL = 1, IF_TELEPHONED = 2 };

static void take_call(gtfs_row *row)
{
    gtfs_feed *f = row->reader->feed;
    gtfs_call call = {.sequence = CR_NONE, .arrive_s = CR_NONE, .depart_s = CR_NONE, .row = row->number};
    int32_t pickup = 0, drop_off = 0;
    bool ok = find(row, CALL_TRIP, f->trip_ids, "trips.txt", &call.trip);
    ok = find(row, CALL_STOP, f->stop_ids, "stops.txt", &call.stop) && ok; /* each is looked at: all faults at once */
    ok = gtfs_row_int(row, CALL_SEQUENCE, 0, INT32_MAX, &call.sequence) && ok;
    ok = time_of(row, CALL_ARRIVE, &call.arrive_s) && ok;
    ok = time_of(row, CALL_DEPART, &call.depart_s) && ok;
    ok = gtfs_row_int(row, CALL_PICKUP, 0, 3, &pickup) && ok;
    ok = gtfs_row_int(row, CALL_DROP_OFF, 0, 3, &drop_off) && ok;
    if (ok && call.sequence == CR_NONE)
        ok = gtfs_row_fault(row, CALL_SEQUENCE, "is empty");
    if (ok && f->stops[call.stop].type != 0)
        ok = gtfs_row_fault(row, CALL_STOP, "is no stop (location_type 0)");
    if (!ok || !f->trips[call.trip].days)
        return; /* no trip of these days */
    if (call.arrive_s == CR_NONE)
        call.arrive_s = call.depart_s;
    if (call.depart_s == CR_NONE)
        call.depart_s = call.arrive_s;
    call.may_board = pickup != NOT_AT_ALL && pickup != IF_TELEPHONED;
    call.may_alight = drop_off != NOT_AT_ALL && drop_off != IF_TELEPHONED;
    gtfs_call *kept = one_more(row->reader, &f->calls, &f->n_calls, &f->calls_room, sizeof *f->calls);
    if (kept)
        *kept = call;
}

/* ---- frequencies, transfers ---- */

enum { FREQUENCY_TRIP, FREQUENCY_BEGIN, FREQUENCY_END, FREQUENCY_EVERY };

static void take_frequency(gtfs_row *row)
{
    gtfs_feed *f = row->reader->feed;
    gtfs_frequency q = {0, CR_NONE, CR_NONE, CR_NONE};
    bool ok = find(row, FREQUENCY_TRIP, f->trip_ids, "trips.txt", &q.trip);
    ok = time_of(row, FREQUENCY_BEGIN, &q.begin_s) && ok;
    ok = time_of(row, FREQUENCY_END, &q.end_s) && ok;
    ok = gtfs_row_int(row, FREQUENCY_EVERY, 1, MOST_TIME_S, &q.every_s) && ok;
    if (!ok)
        return;
    if (q.begin_s == CR_NONE || q.end_s == CR_NONE || q.every_s == CR_NONE || q.end_s < q.begin_s) {
        gtfs_row_fault(row, q.every_s == CR_NONE ? FREQUENCY_EVERY : FREQUENCY_END,
                       "start_time, end_time and headway_secs are needed, the end after the start");
        return;
    }
    gtfs_frequency *kept =
        one_more(row->reader, &f->frequencies, &f->n_frequencies, &f->frequencies_room, sizeof *f->frequencies);
    if (kept)
        *kept = q;
    f->trips[q.trip].is_frequent = true;
}

enum {
    TRANSFER_FROM,
    TRANSFER_TO,
    TRANSFER_TYPE,
    TRANSFER_LEAST,
    TRANSFER_OF_SOME,
    TRANSFER_LAST = TRANSFER_OF_SOME + 3
};

static void take_transfer(gtfs_row *row)
{
    gtfs_feed *f = row->reader->feed;
    int32_t type = 0, least_s = CR_NONE;
    gtfs_transfer t = {0, 0, CR_NONE};
    for (int32_t k = TRANSFER_OF_SOME; k <= TRANSFER_LAST; k++)
        if (*row->value[k])
            return; /* between two routes or trips only */
    if (!gtfs_row_int(row, TRANSFER_TYPE, 0, 5, &type) || type > 3)
        return;
    bool ok = find(row, TRANSFER_FROM, f->stop_ids, "stops.txt", &t.from);
    ok = find(row, TRANSFER_TO, f->stop_ids, "stops.txt", &t.to) && ok;
    if (!gtfs_row_int(row, TRANSFER_LEAST, 0, DAY_S, &least_s) || !ok)
        return;
    t.least_s = type == 3 ? CR_NO_WAY : type == 2 ? least_s : CR_NONE;
    gtfs_transfer *kept =
        one_more(row->reader, &f->transfers, &f->n_transfers, &f->transfers_room, sizeof *f->transfers);
    if (kept)
        *kept = t;
}

/* ---- all files ---- */

static const gtfs_table stops = {
    "stops.txt", true, {"stop_id", "stop_name", "stop_lat", "stop_lon", "location_type", "parent_station"},
    6,           1,    take_stop};
static const gtfs_table parents = {
    "stops.txt", true, {"stop_id", "stop_name", "stop_lat", "stop_lon", "location_type", "parent_station"},
    6,           1,    take_parent};
static const gtfs_table routes = {"routes.txt", true, {"route_id", "route_short_name", "route_long_name"}, 3, 1,
                                  take_route};
static const gtfs_table calendar = {"calendar.txt",
                                    false,
                                    {"service_id", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
                                     "sunday", "start_date", "end_date"},
                                    10,
                                    10,
                                    take_calendar};
static const gtfs_table dates = {
    "calendar_dates.txt", false, {"service_id", "date", "exception_type"}, 3, 3, take_date};
static const gtfs_table trips = {"trips.txt", true, {"trip_id", "route_id", "service_id"}, 3, 3, take_trip};
static const gtfs_table calls = {
    "stop_times.txt",
    true,
    {"trip_id", "stop_sequence", "stop_id", "arrival_time", "departure_time", "pickup_type", "drop_off_type"},
    7,
    5,
    take_call};
static const gtfs_table frequencies = {
    "frequencies.txt", false, {"trip_id", "start_time", "end_time", "headway_secs"}, 4, 4, take_frequency};
static const gtfs_table transfers = {"transfers.txt",
                                     false,
                                     {"from_stop_id", "to_stop_id", "transfer_type", "min_transfer_time",
                                      "from_route_id", "to_route_id", "from_trip_id", "to_trip_id"},
                                     8,
                                     2,
                                     take_transfer};

static cr_status read_files(gtfs_reader *r)
{
    bool has_calendar = false, has_dates = false;
    cr_status st = gtfs_table_read(r, &stops, NULL);
    if (!st)
        st = gtfs_table_read(r, &parents, NULL);
    if (!st)
        st = gtfs_table_read(r, &routes, NULL);
    if (!st)
        st = gtfs_table_read(r, &calendar, &has_calendar);
    if (!st)
        st = gtfs_table_read(r, &dates, &has_dates);
    if (!st && !has_calendar && !has_dates)
        gtfs_fault(r, "calendar.txt", 0, "is not in the feed, nor is calendar_dates.txt; one is needed");
    if (!st)
        st = gtfs_table_read(r, &trips, NULL);
    if (!st)
        st = gtfs_table_read(r, &calls, NULL);
    if (!st)
        st = gtfs_table_read(r, &frequencies, NULL);
    if (!st)
        st = gtfs_table_read(r, &transfers, NULL);
    return st;
}

cr_status gtfs_read(const gtfs_source *source, int32_t day, int32_t n_days, cr_feed_fault_note note, void *user,
                    gtfs_feed **ret_feed)
{
    cr_auto(gtfs_feed) feed = calloc(1, sizeof *feed);
    if (!feed)
        return CR_E_NOMEM;
    feed->first_day = INT32_MAX;
    feed->last_day = INT32_MIN;
    feed->stop_ids = json_object();
    feed->route_ids = json_object();
    feed->service_ids = json_object();
    feed->trip_ids = json_object();
    if (!feed->stop_ids || !feed->route_ids || !feed->service_ids || !feed->trip_ids)
        return CR_E_NOMEM;
    gtfs_reader reader = {source, note, user, day, n_days, 0, CR_OK, feed};
    cr_status st = read_files(&reader);
    if (!st && reader.n_faults > 0)
        st = CR_E_INPUT;
    if (!st)
        *ret_feed = gtfs_feed_take(&feed);
    return st;
}
