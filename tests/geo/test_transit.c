/* Public transport: RAPTOR against a search of all events one by one, and what feeds may hold. */
#include "naive_transit.h"
#include "text_feed.h"
#include "transit.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define MONDAY   20780 /* 2026-11-23 */
#define HM(h, m) ((h)*3600 + (m)*60)

/* ---- feeds ---- */

typedef struct noted {
    int32_t n;
    char last[600];
} noted;

static void note(void *user, const cr_feed_fault *fault)
{
    noted *all = user;
    all->n++;
    snprintf(all->last, sizeof all->last, "%s %lld %s '%s': %s", fault->file, (long long)fault->row, fault->column,
             fault->value, fault->text);
}

static const cr_transit_options options = {MONDAY, 1, -86400, 3 * 86400, 4.8, 1.25, 300, 60};

static cr_status read_feed(text_feed *feed, noted *faults, cr_transit **ret_transit)
{
    gtfs_source source = {text_feed_read, feed};
    *faults = (noted){0, ""};
    for (int i = 0; i < TEXT_FEED_FILES; i++)
        feed->size[i] = feed->text[i] ? strlen(feed->text[i]) : 0;
    cr_transit_days days;
    cr_status st = transit_read(&source, &options, note, faults, &days);
    if (!st)
        *ret_transit = days.timetables[0];
    return st;
}

/* Two lines that meet at B, 1 km from A and C each; from C one walks to D, 100 m away. */
static text_feed small_feed(void)
{
    return (text_feed){
        {"stops.txt", "routes.txt", "calendar.txt", "trips.txt", "stop_times.txt", "transfers.txt", "frequencies.txt",
         "calendar_dates.txt"},
        {"\xef\xbb\xbfstop_id,stop_name,stop_lat,stop_lon\nA,Abbey,55.90,-3.10\nB,\"Bridge, the\",55.91,-3.10\n"
         "C,Castle,55.92,-3.10\nD,Docks,55.9209,-3.10\n",
         "route_id,route_short_name,route_long_name\nR1,31,\nR2,,Harbour Line\n",
         "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
         "W,1,1,1,1,1,0,0,20260101,20261231\nS,0,0,0,0,0,1,1,20260101,20261231\n",
         "route_id,service_id,trip_id\nR1,W,t1\nR1,W,t2\nR2,W,u1\nR2,S,u2\n",
         "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
         "t1,08:00:00,08:00:00,A,1\nt1,08:10:00,08:10:00,B,2\nt2,09:00:00,09:00:00,A,1\nt2,,,B,5\n"
         "u1,08:20:00,08:20:00,B,1\nu1,08:30:00,08:30:00,C,2\nu2,8:15:00,8:15:00,B,1\nu2,8:25:00,8:25:00,C,2\n",
         NULL, NULL, NULL},
        {0}};
}

/* Place 0 is two minutes from A, place 1 three minutes from C. They are too far apart to walk. */
typedef struct doors_of_two {
    int32_t walk_s[4], stop_s[8];
    cr_transit_query query;
} doors_of_two;

static void two_doors(doors_of_two *d, const cr_transit *t, int32_t at_a, int32_t at_c)
{
    int32_t n = cr_transit_count(t).n_stops;
    for (int i = 0; i < 4; i++)
        d->walk_s[i] = i % 3 == 0 ? 0 : CR_NO_WAY;
    for (int i = 0; i < 2 * n; i++)
        d->stop_s[i] = CR_NO_WAY;
    d->stop_s[at_a] = 120;
    d->stop_s[n + at_c] = 180;
    d->query = (cr_transit_query){2, d->walk_s, d->stop_s};
}

static void test_two_buses_and_what_is_called_by_which_name(void **state)
{
    /* Leaves at 7:57, at A 7:59, bus 8:00-8:10, change, Harbour Line 8:20-8:30, door 8:33: 36 minutes. */
    (void)state;
    text_feed feed = small_feed();
    noted faults;
    cr_auto(cr_transit) t = NULL;
    feed.text[4] =
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "t1,08:00:00,08:00:00,A,1\nt1,08:10:00,08:10:00,B,2\nt2,09:00:00,09:00:00,A,1\nt2,09:10:00,,B,5\n"
        "u1,08:20:00,08:20:00,B,1\nu1,08:30:00,08:30:00,C,2\nu2,8:15:00,8:15:00,B,1\nu2,8:25:00,8:25:00,C,2\n";
    assert_int_equal(read_feed(&feed, &faults, &t), CR_OK);
    assert_int_equal(faults.n, 0);
    assert_int_equal(cr_transit_count(t).n_stops, 3); /* D has no bus on a Monday */
    doors_of_two d;
    two_doors(&d, t, 0, 2);
    int32_t time_s[2], n, arrive_s;
    assert_int_equal(cr_transit_from(t, &d.query, 0, HM(7, 57), time_s), CR_OK);
    assert_int_equal(time_s[0], 0);
    assert_int_equal(time_s[1], 36 * 60);
    cr_transit_ride rides[4];
    assert_int_equal(cr_transit_way(t, &d.query, 0, 1, HM(7, 57), 4, rides, &n, &arrive_s), CR_OK);
    assert_int_equal(arrive_s, HM(8, 33));
    assert_int_equal(n, 2);
    assert_string_equal(rides[0].line, "31");
    assert_string_equal(rides[0].to, "Bridge, the");
    assert_int_equal(rides[0].alight_s, HM(8, 10));
    assert_string_equal(rides[1].line, "Harbour Line");
    assert_int_equal(rides[1].board_s, HM(8, 20));
    /* Two minutes later the bus is missed: the next meets a Harbour Line on Tuesday morning only. */
    assert_int_equal(cr_transit_from(t, &d.query, 0, HM(7, 59), time_s), CR_OK);
    assert_int_equal(time_s[1], HM(24 + 8, 33) - HM(7, 59));
    /* And back there is nothing at all. */
    assert_int_equal(cr_transit_from(t, &d.query, 1, HM(7, 0), time_s), CR_OK);
    assert_int_equal(time_s[0], CR_NO_WAY);
}

/* A byte order mark before a quoted heading, and degrees as some databases write them. */
static void test_feeds_as_some_write_them(void **state)
{
    (void)state;
    text_feed feed = small_feed();
    noted faults;
    cr_auto(cr_transit) t = NULL;
    feed.text[0] = "\xef\xbb\xbf\"stop_id\",\"stop_name\",stop_lat,stop_lon\nA,Abbey,55.90,-.10\nB,Bridge,55.91,-.10\n"
                   "C,Castle,51.,-0.10\nD,Docks,55.9209,.10\n";
    feed.text[4] = "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
                   "t1,08:00:00,08:00:00,A,1\nt1,08:10:00,08:10:00,B,2\n"
                   "u1,08:20:00,08:20:00,B,1\nu1,08:30:00,08:30:00,C,2\n";
    assert_int_equal(read_feed(&feed, &faults, &t), CR_OK);
    assert_int_equal(faults.n, 0);
    assert_int_equal(cr_transit_count(t).n_stops, 3);
}

/* Where one must telephone before, nobody gets on; who asks the driver does. */
static void test_what_comes_only_if_telephoned_for_does_not_come(void **state)
{
    (void)state;
    for (int32_t type = 0; type <= 3; type++) {
        text_feed feed = small_feed();
        noted faults;
        cr_auto(cr_transit) t = NULL;
        char calls[400];
        snprintf(calls, sizeof calls,
                 "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type\n"
                 "t1,08:00:00,08:00:00,A,1,%d\nt1,08:10:00,08:10:00,B,2,0\n"
                 "u1,08:20:00,08:20:00,B,1,0\nu1,08:30:00,08:30:00,C,2,0\n",
                 type);
        feed.text[4] = calls;
        feed.text[3] = "route_id,service_id,trip_id\nR1,W,t1\nR2,W,u1\n";
        assert_int_equal(read_feed(&feed, &faults, &t), CR_OK);
        assert_int_equal(faults.n, 0);
        doors_of_two d;
        int32_t time_s[2];
        two_doors(&d, t, 0, 2);
        assert_int_equal(cr_transit_from(t, &d.query, 0, HM(7, 57), time_s), CR_OK);
        if (type == 0 || type == 3)
            assert_int_equal(time_s[1], 36 * 60);
        else
            assert_true(time_s[1] > 36 * 60);
    }
}

static void test_of_all_departures_the_chosen_part_is_there_in_time(void **state)
{
    /* Departures at 7:20, 7:30 ... 7:50: all take the 8:00, so the ways last 73, 63, 53, 43 minutes. */
    (void)state;
    text_feed feed = small_feed();
    noted faults;
    cr_auto(cr_transit) t = NULL;
    feed.text[4] =
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "t1,08:00:00,08:00:00,A,1\nt1,08:10:00,08:10:00,B,2\nu1,08:20:00,08:20:00,B,1\nu1,08:30:00,08:30:00,C,2\n";
    assert_int_equal(read_feed(&feed, &faults, &t), CR_OK);
    doors_of_two d;
    two_doors(&d, t, 0, 2);
    static const struct {
        double quantile;
        int32_t minutes;
    } expected[] = {{0.25, 43}, {0.3, 53}, {0.5, 53}, {0.75, 63}, {0.8, 73}, {1, 73}};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        cr_transit_period period = {HM(7, 20), HM(8, 0), 600, expected[i].quantile};
        int32_t time_s[4];
        assert_int_equal(cr_transit_table(t, &d.query, &period, time_s), CR_OK);
        assert_int_equal(time_s[1], expected[i].minutes * 60);
        assert_int_equal(time_s[2], CR_NO_WAY);
    }
}

/* Where no departure is left, all of them count, and not the first alone: as the fourth of the ways above. */
static void test_where_all_departures_are_left_out_none_is(void **state)
{
    (void)state;
    text_feed feed = small_feed();
    noted faults;
    cr_auto(cr_transit) t = NULL;
    feed.text[4] =
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "t1,08:00:00,08:00:00,A,1\nt1,08:10:00,08:10:00,B,2\nu1,08:20:00,08:20:00,B,1\nu1,08:30:00,08:30:00,C,2\n";
    assert_int_equal(read_feed(&feed, &faults, &t), CR_OK);
    doors_of_two d;
    two_doors(&d, t, 0, 2);
    const cr_transit_span whole = {HM(7, 0), HM(9, 0)}, end = {HM(7, 40), HM(9, 0)};
    cr_transit_period period = {HM(7, 20), HM(8, 0), 600, 0.25, &whole, 1};
    int32_t time_s[4];
    assert_int_equal(cr_transit_table(t, &d.query, &period, time_s), CR_OK);
    assert_int_equal(time_s[1], 43 * 60);
    period.without = &end; /* 7:20 and 7:30 are left */
    assert_int_equal(cr_transit_table(t, &d.query, &period, time_s), CR_OK);
    assert_int_equal(time_s[1], 63 * 60);
}

/* A row with more fields than there are headings, as a note behind the last or a comma at the end. */
static void test_fields_without_a_heading_are_nobodys(void **state)
{
    (void)state;
    text_feed feed = small_feed();
    noted faults;
    cr_auto(cr_transit) t = NULL;
    feed.text[4] =
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "t1,08:00:00,08:00:00,A,1,\nt1,08:10:00,08:10:00,B,2,\nu1,08:20:00,08:20:00,B,1\nu1,08:30:00,08:30:00,C,2\n";
    feed.text[7] = "service_id,date,exception_type\nW,20261123,2,Holiday\n";
    assert_int_equal(read_feed(&feed, &faults, &t), CR_OK);
    assert_int_equal(faults.n, 0);
    doors_of_two d;
    two_doors(&d, t, 0, 2);
    int32_t time_s[2];
    assert_int_equal(cr_transit_from(t, &d.query, 0, HM(7, 57), time_s), CR_OK);
    assert_int_equal(time_s[1], HM(24 + 8, 33) - HM(7, 57)); /* on Tuesday */
}

static void test_times_after_midnight_frequencies_stations_and_exceptions(void **state)
{
    /* Sunday's night bus reaches B at 25:10, that is 1:10 on Monday. u runs every 10 minutes from 1:15 to 1:35 on the
     * Monday, by exception. B and C are of one station: a walk, though 1.1 km long. D is 100 m from C: 2 minutes. */
    (void)state;
    text_feed feed = small_feed();
    noted faults;
    cr_auto(cr_transit) t = NULL;
    feed.text[0] =
        "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\nA,Abbey,55.90,-3.10,0,\n"
        "B,Bridge,55.91,-3.10,,X\nC,Castle,55.92,-3.10,,X\nD,Docks,55.9209,-3.10,,\nX,Central,55.91,-3.1,1,\n";
    feed.text[2] = NULL;
    feed.text[7] = "service_id,date,exception_type\nN,20261122,1\nM,20261123,1\nW,20261123,1\nW,20261123,2\n";
    feed.text[3] = "route_id,service_id,trip_id\nR1,N,t1\nR2,M,u1\nR2,W,u2\n";
    feed.text[4] =
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "t1,25:00:00,25:00:00,A,1\nt1,25:10:00,25:10:00,B,2\nu1,00:00:00,00:00:00,D,1\nu1,00:05:00,00:05:00,A,2\n"
        "u2,00:00:00,00:00:00,C,1\nu2,00:01:00,00:01:00,A,2\n";
    feed.text[6] = "trip_id,start_time,end_time,headway_secs\nu1,01:15:00,01:35:00,600\n";
    feed.text[5] = "from_stop_id,to_stop_id,transfer_type,min_transfer_time\nX,X,0,\nB,D,2,400\n";
    assert_int_equal(read_feed(&feed, &faults, &t), CR_OK);
    assert_int_equal(faults.n, 0);
    assert_int_equal(cr_transit_count(t).n_stops, 3); /* A, B, D: C has no bus, for W runs not */
    assert_int_equal(cr_transit_count(t).n_trips, 3);
    doors_of_two d;
    two_doors(&d, t, 0, 0);
    d.stop_s[0] = 0;
    int32_t time_s[2];
    /* At A 1:00, B 1:10, 400 s to D: 1:16:40, bus 1:25, at A again 1:30, 3 minutes to the other door. */
    d.query.stop_s = d.stop_s;
    assert_int_equal(cr_transit_from(t, &d.query, 0, HM(1, 0), time_s), CR_OK);
    assert_int_equal(time_s[1], 33 * 60);
}

static void test_a_way_between_near_stops(void **state)
{
    /* Two stops 100 m apart: 100 * 1.25 / (4.8 km/h) = 94 s. */
    (void)state;
    text_feed feed = small_feed();
    noted faults;
    cr_auto(cr_transit) t = NULL;
    feed.text[3] = "route_id,service_id,trip_id\nR1,W,t1\nR2,W,u1\n";
    feed.text[4] =
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "t1,08:00:00,08:00:00,A,1\nt1,08:10:00,08:10:00,C,2\nu1,08:11:34,08:11:34,D,1\nu1,08:20:00,08:20:00,B,2\n";
    assert_int_equal(read_feed(&feed, &faults, &t), CR_OK);
    assert_int_equal(cr_transit_count(t).n_paths, 2);
    doors_of_two d;
    int32_t time_s[2];
    two_doors(&d, t, 0, 1); /* to B */
    assert_int_equal(cr_transit_from(t, &d.query, 0, HM(7, 58), time_s), CR_OK);
    assert_int_equal(time_s[1], HM(8, 23) - HM(7, 58));
}

static void test_what_is_wrong_with_a_feed_is_named(void **state)
{
    (void)state;
    static const struct {
        int file;
        const char *text, *said;
    } cases[] = {
        {0, NULL, "stops.txt 0 '': is not in the feed"},
        {0, "", "stops.txt 0 '': has no header"},
        {0, "stop_name\nx\n", "stops.txt 1 '': has no column stop_id"},
        {0, "stop_id,stop_lat,stop_lon\nA,95,0\n", "stops.txt 2 stop_lat '95': must be degrees from -90 to 90"},
        {0, "stop_id,stop_lat,stop_lon\nA,1,0\nA,1,0\n", "stops.txt 3 stop_id 'A': is there twice"},
        {0, "stop_id,stop_lat,stop_lon,parent_station\nA,1,0,B\nB,1,0,\n",
         "stops.txt 2 parent_station 'B': is no station (location_type 1)"},
        {2, NULL, "calendar.txt 0 '': is not in the feed, nor is calendar_dates.txt; one is needed"},
        {2,
         "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
         "W,2,1,1,1,1,0,0,20261301,20261231\n",
         "calendar.txt 2 monday '2': must be a whole number from 0 to 1"},
        {3, "route_id,service_id,trip_id\nR9,W,t1\n", "trips.txt 2 route_id 'R9': is not in routes.txt"},
        {3, "route_id,service_id,trip_id\nR1,Q,t1\n",
         "trips.txt 2 service_id 'Q': is not in calendar.txt or calendar_dates.txt"},
        {4, "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nt1,8:0:0,,A,1\n",
         "stop_times.txt 2 arrival_time '8:0:0': is no time; write it like 07:05:00, past midnight 25:05:00"},
        {4, "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nt1,08:00:00,,Z,1\n",
         "stop_times.txt 2 stop_id 'Z': is not in stops.txt"},
        {4, "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nt1,08:00:00,08:00:00,A,1\nt1,07:00:00,,B,2\n",
         "stop_times.txt 3 '': arrives before it has left the stop before"},
        {4, "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nt1,08:00:00,08:00:00,A,1\nt1,,,B,2\n",
         "stop_times.txt 3 '': the first and the last stop of a trip need times"},
        {4, "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nt1,08:00:00,07:00:00,A,1\nt1,08:00:00,,B,2\n",
         "stop_times.txt 2 '': departs before it arrives"},
        {4, "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nt1,08:00:00,,A,1\nt1,08:00:00,,B,1\n",
         "stop_times.txt 3 '': has the stop_sequence of another row of its trip"},
        {6, "trip_id,start_time,end_time,headway_secs\nt1,08:00:00,09:00:00,0\n",
         "frequencies.txt 2 headway_secs '0': must be a whole number from 1 to 604800"},
        {7, "service_id,date,exception_type\nW,2026-11-23,1\n",
         "calendar_dates.txt 2 date '2026-11-23': is no date; write it like 20261123"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        text_feed feed = small_feed();
        noted faults;
        cr_transit *t = NULL;
        feed.text[4] = "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n";
        if (cases[i].file == 0)
            feed.text[3] = "route_id,service_id,trip_id\n";
        feed.text[cases[i].file] = cases[i].text;
        if (cases[i].file == 2)
            feed.text[3] = "route_id,service_id,trip_id\n";
        assert_int_equal(read_feed(&feed, &faults, &t), CR_E_INPUT);
        assert_null(t);
        char said[600];
        snprintf(said, sizeof said, "%s", faults.last);
        if (cases[i].file == 2 && cases[i].text)
            assert_int_equal(faults.n, 2); /* the date and the Monday */
        char *two = strstr(said, "  '");
        if (two)
            memmove(two, two + 1, strlen(two));
        if (!(cases[i].file == 2 && cases[i].text) || strstr(said, "monday"))
            assert_string_equal(said, cases[i].said);
    }
}

/* ---- against all events, one by one ---- */

/* Trips of a few patterns, so that lines have several, at times that often meet and sometimes overtake; some of the day
 * before, some frequent. */
static void make_trips(uint64_t *random, naive *w, FILE *trips, FILE *times, FILE *frequencies)
{
    int patterns[4][LEN_MOST], lengths[4];
    for (int k = 0; k < 4; k++) {
        lengths[k] = 2 + below(random, LEN_MOST - 1);
        for (int p = 0; p < lengths[k]; p++)
            patterns[k][p] = below(random, STOPS);
    }
    w->n_runs = 0;
    for (int i = 0; i < 14; i++) {
        int k = below(random, 4), day = below(random, 4) == 0 ? -1 : 0;
        int s = (day < 0 ? HM(31, 30) : HM(7, 30)) + 60 * below(random, 90);
        naive_run run = {.n = lengths[k]};
        fprintf(trips, "R%d,%s,t%d\n", k % 2, day < 0 ? "Sunday" : "Monday", i);
        for (int p = 0; p < run.n; p++) {
            run.stop[p] = patterns[k][p];
            run.arrive_s[p] = s + day * 86400;
            fprintf(times, "t%d", i);
            put_time(times, s);
            s += 60 * below(random, 3);
            put_time(times, s);
            run.depart_s[p] = s + day * 86400;
            s += 60 * below(random, 12);
            fprintf(times, ",S%d,%d\n", run.stop[p], p * 3);
        }
        bool is_frequent = day == 0 && below(random, 4) == 0;
        int begin_s = HM(8, 0) + 60 * below(random, 30), every_s = 60 * (5 + below(random, 20));
        if (is_frequent) {
            fprintf(frequencies, "t%d", i);
            put_time(frequencies, begin_s);
            put_time(frequencies, begin_s + 40 * 60);
            fprintf(frequencies, ",%d\n", every_s);
        }
        int first_s = is_frequent ? begin_s : run.depart_s[0], end_s = is_frequent ? begin_s + 40 * 60 : first_s + 1;
        for (int at_s = first_s, later_s; at_s < end_s && w->n_runs < RUNS_MOST; at_s += every_s) {
            naive_run *kept = &w->runs[w->n_runs++];
            *kept = run;
            later_s = at_s - run.depart_s[0];
            for (int p = 0; p < run.n; p++) {
                kept->arrive_s[p] += later_s;
                kept->depart_s[p] += later_s;
            }
        }
    }
}

enum { PLACES = 3 };

static void check_way(const cr_transit *t, const cr_transit_query *query, int from, int to, int32_t depart_s,
                      int32_t time_s)
{
    cr_transit_ride rides[20];
    int32_t n, arrive_s, at_s = depart_s;
    assert_int_equal(cr_transit_way(t, query, from, to, depart_s, 20, rides, &n, &arrive_s), CR_OK);
    assert_int_equal(arrive_s, time_s == CR_NO_WAY ? CR_NO_WAY : depart_s + time_s);
    for (int i = 0; i < n; i++) {
        assert_true(rides[i].board_s >= at_s && rides[i].alight_s >= rides[i].board_s);
        assert_true(i == 0 || strcmp(rides[i].from, rides[i - 1].to) == 0 || rides[i].board_s >= at_s);
        at_s = rides[i].alight_s;
    }
    assert_true(n == 0 || arrive_s >= at_s);
}

static void compare_one_feed(uint64_t *random)
{
    static naive w;
    char *text[4];
    size_t size[4];
    FILE *out[4];
    for (int i = 0; i < 4; i++)
        assert_non_null(out[i] = open_memstream(&text[i], &size[i]));
    fputs("route_id,service_id,trip_id\n", out[0]);
    fputs("trip_id,arrival_time,departure_time,stop_id,stop_sequence\n", out[1]);
    fputs("trip_id,start_time,end_time,headway_secs\n", out[2]);
    fputs("from_stop_id,to_stop_id,transfer_type,min_transfer_time\n", out[3]);
    make_trips(random, &w, out[0], out[1], out[2]);
    make_changes(random, options.change_s, &w, out[3]);
    for (int i = 0; i < 4; i++)
        fclose(out[i]);
    /* a degree apart, so that nobody walks from stop to stop unless transfers.txt says so */
    text_feed feed = {{"stops.txt", "routes.txt", "calendar_dates.txt", "trips.txt", "stop_times.txt",
                       "frequencies.txt", "transfers.txt"},
                      {"stop_id,stop_lat,stop_lon\nS0,50,0\nS1,51,0\nS2,52,0\nS3,53,0\nS4,54,0\nS5,55,0\nS6,56,0\n",
                       "route_id\nR0\nR1\n", "service_id,date,exception_type\nSunday,20261122,1\nMonday,20261123,1\n",
                       text[0], text[1], text[2], text[3]},
                      {0}};
    noted faults;
    cr_auto(cr_transit) t = NULL;
    assert_int_equal(read_feed(&feed, &faults, &t), CR_OK);
    assert_int_equal(cr_transit_count(t).n_trips, w.n_runs);

    int n_stops = cr_transit_count(t).n_stops;
    int32_t walk_s[PLACES * PLACES], of_feed[PLACES][STOPS], of_ours[PLACES * STOPS];
    for (int i = 0; i < PLACES; i++) {
        for (int k = 0; k < PLACES; k++)
            walk_s[i * PLACES + k] = i == k ? 0 : below(random, 3) ? CR_NO_WAY : 60 * below(random, 120);
        for (int s = 0; s < STOPS; s++)
            of_feed[i][s] = below(random, 3) ? CR_NO_WAY : 30 * below(random, 40);
        for (int s = 0; s < n_stops; s++)
            of_ours[i * n_stops + s] = of_feed[i][(int)(cr_transit_stop(t, s).lat_deg + 0.5) - 50];
    }
    cr_transit_query query = {PLACES, walk_s, of_ours};
    cr_transit_period period = {HM(7, 0), HM(9, 0), 60 * (5 + below(random, 10)), 0.1 * (1 + below(random, 10))};
    int32_t table_s[PLACES * PLACES];
    assert_int_equal(cr_transit_table(t, &query, &period, table_s), CR_OK);
    for (int from = 0; from < PLACES; from++) {
        int n = 0, n_within[PLACES] = {0}, n_shorter[PLACES] = {0};
        for (int32_t depart_s = period.begin_s; depart_s < period.end_s; depart_s += period.step_s, n++) {
            int32_t time_s[PLACES];
            assert_int_equal(cr_transit_from(t, &query, from, depart_s, time_s), CR_OK);
            for (int to = 0; to < PLACES; to++) {
                assert_int_equal(time_s[to],
                                 naive_time(&w, of_feed[from], of_feed[to], walk_s[from * PLACES + to], depart_s));
                check_way(t, &query, from, to, depart_s, time_s[to]);
                n_within[to] += time_s[to] <= table_s[from * PLACES + to];
                n_shorter[to] += time_s[to] < table_s[from * PLACES + to];
            }
        }
        for (int to = 0; to < PLACES; to++) { /* so many are there in time, and with less there would be fewer */
            assert_true(n_within[to] >= period.quantile * n - 1e-9);
            assert_true(n_shorter[to] < period.quantile * n - 1e-9 || n_shorter[to] == 0);
        }
    }
    for (int i = 0; i < 4; i++)
        free(text[i]);
}

static void test_random_feeds_against_all_events(void **state)
{
    (void)state;
    const char *runs = getenv("CAREROUND_PROPERTY_RUNS");
    int n = runs ? atoi(runs) : 150;
    for (int seed = 1; seed <= n; seed++) {
        uint64_t random = (uint64_t)seed * UINT64_C(0x9e3779b97f4a7c15);
        print_message("seed %d\r", seed);
        compare_one_feed(&random);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_buses_and_what_is_called_by_which_name),
        cmocka_unit_test(test_feeds_as_some_write_them),
        cmocka_unit_test(test_what_comes_only_if_telephoned_for_does_not_come),
        cmocka_unit_test(test_of_all_departures_the_chosen_part_is_there_in_time),
        cmocka_unit_test(test_where_all_departures_are_left_out_none_is),
        cmocka_unit_test(test_fields_without_a_heading_are_nobodys),
        cmocka_unit_test(test_times_after_midnight_frequencies_stations_and_exceptions),
        cmocka_unit_test(test_a_way_between_near_stops),
        cmocka_unit_test(test_what_is_wrong_with_a_feed_is_named),
        cmocka_unit_test(test_random_feeds_against_all_events),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
