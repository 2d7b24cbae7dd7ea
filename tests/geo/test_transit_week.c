/* Public transport on several days: each by its own timetable, and days that are alike have one together. */
#include "naive_transit.h"
#include "text_feed.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define MONDAY 20780 /* 2026-11-23 */
#define DAY_S  86400

static void fail_on_fault(void *user, const cr_feed_fault *fault)
{
    (void)user;
    fail_msg("%s %lld %s '%s': %s", fault->file, (long long)fault->row, fault->column, fault->value, fault->text);
}

static void read_days(text_feed *feed, const cr_transit_options *options, cr_transit_days *ret_days)
{
    gtfs_source source = {text_feed_read, feed};
    for (int i = 0; i < TEXT_FEED_FILES; i++)
        feed->size[i] = feed->text[i] ? strlen(feed->text[i]) : 0;
    assert_int_equal(transit_read(&source, options, fail_on_fault, NULL, ret_days), CR_OK);
}

static const char *date_text(int32_t of_day) /* from Monday 23 November on */
{
    static char text[32];
    snprintf(text, sizeof text, "2026%02d%02d", of_day < 8 ? 11 : 12, of_day < 8 ? 23 + of_day : of_day - 7);
    return text;
}

/* ---- one week, by hand ---- */

/* A bus at 8:00 from Monday to Friday, one at 9:00 at weekends; on Friday by exception those of the weekend, on Sunday
 * none; on Friday also one at 24:30. Wednesday and Thursday are alike. */
static text_feed week_feed(void)
{
    return (text_feed){{"stops.txt", "routes.txt", "calendar.txt", "calendar_dates.txt", "trips.txt", "stop_times.txt"},
                       {"stop_id,stop_lat,stop_lon\nA,55.90,-3.10\nB,55.91,-3.10\n", "route_id\nR\n",
                        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
                        "W,1,1,1,1,1,0,0,20260101,20261231\nE,0,0,0,0,0,1,1,20260101,20261231\n",
                        "service_id,date,exception_type\nW,20261127,2\nE,20261127,1\nE,20261129,2\nN,20261127,1\n",
                        "route_id,service_id,trip_id\nR,W,w\nR,E,e\nR,N,n\n",
                        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nw,08:00:00,,A,1\nw,08:10:00,,B,2\n"
                        "e,09:00:00,,A,1\ne,09:10:00,,B,2\nn,24:30:00,,A,1\nn,24:40:00,,B,2\n"},
                       {0}};
}

static void test_days_that_are_alike_have_one_timetable(void **state)
{
    /* Asked for 7:00 to 20:00 the Friday's night bus matters to nobody, and so Friday is as Saturday. */
    (void)state;
    text_feed feed = week_feed();
    cr_transit_days days;
    cr_transit_options options = {MONDAY, 7, 7 * 3600, 20 * 3600, 4.8, 1.25, 300, 60};
    static const int32_t of_day[] = {0, 0, 0, 0, 1, 1, 2}, n_on_day[] = {1, 1, 1, 1, 2, 1, 0};
    static const int32_t of_day_by_night[] = {0, 0, 0, 0, 1, 2, 3};
    read_days(&feed, &options, &days);
    assert_int_equal(days.n_timetables, 3);
    assert_memory_equal(days.of_day, of_day, sizeof of_day);
    assert_memory_equal(days.n_on_day, n_on_day, sizeof n_on_day);
    assert_int_equal(cr_transit_count(days.timetables[0]).n_trips, 1);
    assert_int_equal(cr_transit_count(days.timetables[2]).n_trips, 0);
    cr_transit_days_done(&days);
    options.begin_s = 0; /* now the night bus is in Friday, as the next morning, and in Saturday, as the night before */
    options.end_s = 31 * 3600;
    read_days(&feed, &options, &days);
    assert_int_equal(days.n_timetables, 4);
    assert_memory_equal(days.of_day, of_day_by_night, sizeof of_day_by_night);
    assert_int_equal(cr_transit_count(days.timetables[1]).n_trips, 2);
    cr_transit_days_done(&days);
}

/* ---- random weeks ---- */

enum { SERVICES = 4, TRIPS = 8, PLACES = 3, DAYS = CR_TRANSIT_DAYS_MOST, TIMES_MOST = 60 };

/* What the feed says, as it was made. */
typedef struct week {
    bool runs[SERVICES][DAYS + 2]; /* from the day before the first on */
    int n_runs, service[TIMES_MOST];
    naive_run run[TIMES_MOST]; /* at the times of the day of their service */
} week;

/* Weekdays and exceptions; the last service is in calendar_dates.txt alone. */
static void make_services(uint64_t *random, week *w, FILE *calendar, FILE *dates)
{
    for (int s = 0; s < SERVICES; s++) {
        int first = below(random, 3), last = 4 + below(random, 6);
        bool on[7];
        for (int d = 0; d < 7; d++)
            on[d] = below(random, 3) > 0;
        if (s + 1 < SERVICES) {
            fprintf(calendar, "V%d", s);
            for (int d = 0; d < 7; d++)
                fprintf(calendar, ",%d", on[d]);
            fprintf(calendar, ",%s", date_text(first));
            fprintf(calendar, ",%s\n", date_text(last));
        }
        for (int d = -1; d <= DAYS; d++) {
            bool is_regular = s + 1 < SERVICES && d >= first && d <= last && on[(d + 7) % 7];
            int exception = d >= 0 && below(random, 6) == 0 ? 1 + below(random, 2) : 0;
            if (exception)
                fprintf(dates, "V%d,%s,%d\n", s, date_text(d), exception);
            w->runs[s][d + 1] = exception ? exception == 1 : is_regular;
        }
        if (s + 1 == SERVICES) /* it has to be there */
            fprintf(dates, "V%d,%s,1\n", s, date_text(20));
    }
}

/* In the morning, in the evening, or past midnight, some of them several times. */
static void make_trips(uint64_t *random, week *w, FILE *trips, FILE *times, FILE *frequencies)
{
    static const int begin_h[] = {7, 8, 20, 26};
    w->n_runs = 0;
    for (int i = 0; i < TRIPS; i++) {
        int service = below(random, SERVICES), s = 3600 * begin_h[below(random, 4)] + 60 * below(random, 60);
        naive_run run = {.n = 2 + below(random, LEN_MOST - 1)};
        fprintf(trips, "R,V%d,t%d\n", service, i);
        for (int p = 0; p < run.n; p++) {
            run.stop[p] = below(random, STOPS);
            run.arrive_s[p] = s;
            run.depart_s[p] = s + 60 * below(random, 2);
            fprintf(times, "t%d", i);
            put_time(times, run.arrive_s[p]);
            put_time(times, run.depart_s[p]);
            fprintf(times, ",S%d,%d\n", run.stop[p], p);
            s = run.depart_s[p] + 60 * below(random, 12);
        }
        int n = below(random, 3) == 0 ? 1 + below(random, 3) : 0, first_s = 3600 * begin_h[below(random, 4)];
        if (n > 0) {
            fprintf(frequencies, "t%d", i);
            put_time(frequencies, first_s);
            put_time(frequencies, first_s + 900 * n);
            fprintf(frequencies, ",900\n");
        }
        for (int k = 0; k < (n > 0 ? n : 1); k++) {
            int later_s = n > 0 ? first_s + 900 * k - run.depart_s[0] : 0;
            naive_run *kept = &w->run[w->n_runs];
            w->service[w->n_runs++] = service;
            *kept = run;
            for (int p = 0; p < run.n; p++) {
                kept->arrive_s[p] += later_s;
                kept->depart_s[p] += later_s;
            }
        }
    }
}

/* All that runs on a day, on the one before and on the next. Returns how many are its own. */
static int runs_of_day(const week *w, int32_t of_day, naive *ret)
{
    int n_own = 0;
    ret->n_runs = 0;
    for (int i = 0; i < w->n_runs; i++)
        for (int k = 0; k < 3; k++) {
            if (!w->runs[w->service[i]][of_day + k])
                continue;
            assert_true(ret->n_runs < RUNS_MOST);
            naive_run *run = &ret->runs[ret->n_runs++];
            *run = w->run[i];
            n_own += k == 1;
            for (int p = 0; p < run->n; p++) {
                run->arrive_s[p] += (k - 1) * DAY_S;
                run->depart_s[p] += (k - 1) * DAY_S;
            }
        }
    return n_own;
}

static bool is_in_time(const naive_run *run, const cr_transit_options *options)
{
    return run->arrive_s[run->n - 1] >= options->begin_s && run->depart_s[0] < options->end_s;
}

/* Do the same runs matter? Both are in the order of the week. */
static bool are_alike(const naive *a, const naive *b, const cr_transit_options *options)
{
    int i = 0, k = 0;
    for (;; i++, k++) {
        while (i < a->n_runs && !is_in_time(&a->runs[i], options))
            i++;
        while (k < b->n_runs && !is_in_time(&b->runs[k], options))
            k++;
        if (i == a->n_runs || k == b->n_runs)
            return i == a->n_runs && k == b->n_runs;
        if (memcmp(&a->runs[i], &b->runs[k], sizeof a->runs[i]) != 0)
            return false;
    }
}

static void compare_day(uint64_t *random, const cr_transit *t, const naive *w, const int32_t *walk_s,
                        int32_t of_feed[PLACES][STOPS], const int32_t *depart_s)
{
    int n_stops = cr_transit_count(t).n_stops;
    int32_t of_ours[PLACES * STOPS], time_s[PLACES];
    for (int i = 0; i < PLACES; i++)
        for (int s = 0; s < n_stops; s++)
            of_ours[i * n_stops + s] = of_feed[i][(int)(cr_transit_stop(t, s).lat_deg + 0.5) - 50];
    cr_transit_query query = {PLACES, walk_s, of_ours};
    for (int k = 0; k < 2; k++) {
        int from = below(random, PLACES);
        assert_int_equal(cr_transit_from(t, &query, from, depart_s[k], time_s), CR_OK);
        for (int to = 0; to < PLACES; to++)
            assert_int_equal(time_s[to],
                             naive_time(w, of_feed[from], of_feed[to], walk_s[from * PLACES + to], depart_s[k]));
    }
}

/* Departures from the begin of the shifts to their end; whoever can walk is nowhere later than on foot. */
static void compare_one_week(uint64_t *random, text_feed *feed, const week *w, naive *by_day)
{
    int32_t walk_s[PLACES * PLACES], of_feed[PLACES][STOPS], depart_s[2], longest_s = 0;
    bool is_far = below(random, 2);
    for (int i = 0; i < PLACES; i++) {
        for (int k = 0; k < PLACES; k++)
            walk_s[i * PLACES + k] = i == k ? 0 : is_far && below(random, 2) ? CR_NO_WAY : 60 * below(random, 120);
        for (int s = 0; s < STOPS; s++)
            of_feed[i][s] = below(random, 3) ? CR_NO_WAY : 30 * below(random, 40);
    }
    for (int i = 0; i < PLACES * PLACES; i++)
        longest_s = walk_s[i] > longest_s ? walk_s[i] : longest_s;
    depart_s[0] = 3600 * below(random, 8) + 60 * below(random, 60);
    depart_s[1] = depart_s[0] + 600 * below(random, 100);
    cr_transit_options options = {
        MONDAY, 2 + below(random, 6), depart_s[0], depart_s[1] + longest_s + 1, 4.8, 1.25, 300, 60};
    cr_transit_days days;
    read_days(feed, &options, &days);
    for (int d = 0; d < options.n_days; d++) {
        by_day[d].n_runs = 0;
        memcpy(by_day[d].change_s, by_day[0].change_s, sizeof by_day[0].change_s);
        assert_int_equal(days.n_on_day[d], runs_of_day(w, d, &by_day[d]));
        for (int e = 0; e < d; e++)
            assert_int_equal(days.of_day[d] == days.of_day[e], are_alike(&by_day[d], &by_day[e], &options));
        assert_in_range(days.of_day[d], 0, days.n_timetables - 1);
        compare_day(random, days.timetables[days.of_day[d]], &by_day[d], walk_s, of_feed, depart_s);
    }
    cr_transit_days_done(&days);
}

static void make_and_compare(uint64_t *random)
{
    static const char *const heads[] = {
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n",
        "service_id,date,exception_type\n",
        "route_id,service_id,trip_id\n",
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n",
        "trip_id,start_time,end_time,headway_secs\n",
        "from_stop_id,to_stop_id,transfer_type,min_transfer_time\n"};
    static week w;
    static naive by_day[DAYS];
    char *text[6];
    size_t size[6];
    FILE *out[6];
    for (int i = 0; i < 6; i++) {
        assert_non_null(out[i] = open_memstream(&text[i], &size[i]));
        fputs(heads[i], out[i]);
    }
    make_services(random, &w, out[0], out[1]);
    make_trips(random, &w, out[2], out[3], out[4]);
    make_changes(random, 60, &by_day[0], out[5]);
    for (int i = 0; i < 6; i++)
        fclose(out[i]);
    /* a degree apart, so that nobody walks from stop to stop unless transfers.txt says so */
    text_feed feed = {{"stops.txt", "routes.txt", "calendar.txt", "calendar_dates.txt", "trips.txt", "stop_times.txt",
                       "frequencies.txt", "transfers.txt"},
                      {"stop_id,stop_lat,stop_lon\nS0,50,0\nS1,51,0\nS2,52,0\nS3,53,0\nS4,54,0\nS5,55,0\nS6,56,0\n",
                       "route_id\nR\n", text[0], text[1], text[2], text[3], text[4], text[5]},
                      {0}};
    compare_one_week(random, &feed, &w, by_day);
    for (int i = 0; i < 6; i++)
        free(text[i]);
}

static void test_random_weeks_against_all_events(void **state)
{
    (void)state;
    const char *runs = getenv("CAREROUND_PROPERTY_RUNS");
    int n = runs ? atoi(runs) : 200;
    for (int seed = 1; seed <= n; seed++) {
        uint64_t random = (uint64_t)seed * UINT64_C(0x9e3779b97f4a7c15);
        print_message("seed %d\r", seed);
        make_and_compare(&random);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_days_that_are_alike_have_one_timetable),
        cmocka_unit_test(test_random_weeks_against_all_events),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
