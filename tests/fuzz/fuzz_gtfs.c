/* Fuzz: any bytes as the files of a feed: each begins with a line "=NAME". What is read as a timetable is asked for
 * ways.
 */
#include "fuzz.h"
#include "text_feed.h"

#define PLACES 2

static void note(void *user, const cr_feed_fault *fault)
{
    FUZZ_CHECK(*fault->text && fault->file);
    ++*(int *)user;
}

/* Cut the text into files, in place. */
static text_feed cut(char *text, size_t n)
{
    text_feed feed = {{NULL}, {NULL}, {0}};
    char *end = text + n;
    int i = -1;
    for (char *line = text; line < end;) {
        char *next = memchr(line, '\n', (size_t)(end - line));
        next = next ? next + 1 : end;
        if (*line == '=' && i + 1 < TEXT_FEED_FILES) {
            next[-1] = '\0'; /* the line's end, or the NUL behind the last */
            feed.name[++i] = line + 1;
            feed.text[i] = next;
        }
        if (i >= 0)
            feed.size[i] = (size_t)(next - feed.text[i]);
        line = next;
    }
    return feed;
}

static void ask(const cr_transit *t)
{
    int32_t n_stops = cr_transit_count(t).n_stops, n_rides, arrive_s;
    int32_t walk_s[PLACES * PLACES] = {0, CR_NO_WAY, 100, 0}, time_s[PLACES * PLACES];
    int32_t *stop_s = malloc((PLACES * (size_t)n_stops + 1) * sizeof *stop_s);
    cr_transit_ride rides[5];
    FUZZ_CHECK(stop_s);
    for (int32_t i = 0; i < PLACES * n_stops; i++)
        stop_s[i] = i % 2 ? 60 * (i % 30) : CR_NO_WAY;
    cr_transit_query query = {PLACES, walk_s, stop_s};
    cr_transit_period period = {7 * 3600, 9 * 3600, 1800, 0.8};
    FUZZ_CHECK(cr_transit_table(t, &query, &period, time_s) == CR_OK);
    for (int i = 0; i < PLACES * PLACES; i++)
        FUZZ_CHECK(time_s[i] >= 0 && time_s[i] <= CR_NO_WAY);
    FUZZ_CHECK(cr_transit_way(t, &query, 0, 1, 8 * 3600, 5, rides, &n_rides, &arrive_s) == CR_OK);
    FUZZ_CHECK(n_rides >= 0 && n_rides <= 5);
    free(stop_s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const cr_transit_options options = {20780, 2, -86400, 3 * 86400, 4.8, 1.25, 300, 60};
    int n_faults = 0;
    cr_transit_days days = {0};
    if (size == 0 || size > 1 << 16 || data[0] != '=')
        return 0;
    char *text = malloc(size + 1);
    FUZZ_CHECK(text);
    memcpy(text, data, size);
    text[size] = '\0';
    text_feed feed = cut(text, size);
    gtfs_source source = {text_feed_read, &feed};
    cr_status st = transit_read(&source, &options, note, &n_faults, &days);
    FUZZ_CHECK(st == CR_OK ? days.n_timetables >= 1 && n_faults == 0 : st == CR_E_NOMEM || n_faults > 0);
    for (int32_t i = 0; i < days.n_timetables; i++)
        ask(days.timetables[i]);
    FUZZ_CHECK(st || (days.of_day[0] == 0 && days.of_day[1] == days.n_timetables - 1));
    cr_transit_days_done(&days);
    free(text);
    return 0;
}
