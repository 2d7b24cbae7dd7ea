/* Words: figures as a coordinator says them, the same in every answer.
 *
 * Short texts come by value, so that printf("%s", words_money(cost).text) needs no buffer. All arithmetic is in
 * integers: no locale can turn a point into a comma.
 */
#ifndef API_WORDS_H
#define API_WORDS_H

#include "write.h"

typedef struct words {
    char text[48];
} words;

words words_clock(const cr_day *day, int32_t ticks);          /* "07:30" */
words words_date(const cr_day *day, int32_t ticks);           /* "2026-11-23" */
words words_dates(const cr_day *day);                         /* the same, or "2026-11-23 to 2026-11-29" */
words words_money(int64_t cost);                              /* "£1,234.50", "-£0.20" */
words words_money_round(int64_t cost);                        /* "£1,235" */
words words_duration(int64_t ticks);                          /* "45 min", "3 h 05 min" */
words words_miles(int64_t dist_m);                            /* "12.3 miles", "1,234 miles" */
bool words_knows_distance(const cr_day *day, int64_t dist_m); /* false: it is 0 for want of an answer */
words words_distance(const cr_day *day, int64_t dist_m);      /* the same, or how much of it the input leaves unsaid */
words words_count(int64_t n);                                 /* "1,234" */
words words_percent(int64_t part, int64_t whole);             /* "93 %"; "-" of nothing */
words words_fixed(int64_t value, int32_t decimals);           /* 12345, 2: "123.45" */
words words_degrees(double deg);                              /* "55.8937124": seven decimals, a centimetre */
int64_t words_pence(int64_t cost);                            /* cost units to whole pence, halves away from zero */
words words_capital(const char *text);                        /* "travel": "Travel" */

/* Terms that somebody is paid. The others are prices that the user sets on what should rather not happen: they steer
 * the plan and nobody receives them, so people must not read the sum of all as a bill. */
bool words_is_money(cr_term term);
int64_t words_money_of(const cr_cost *cost, bool is_money); /* the sum of the terms of that sort */

/* What could at most be saved, in hundredths of a percent of the plan's cost, rounded up: (cost - bound) / cost. */
int64_t words_gap(const cr_cost *cost, const cr_bound *bound);

/* Was the bound cut short so far below the plan that it says nothing about it? */
bool words_bound_is_weak(const cr_cost *cost, const cr_bound *bound);

/* Who accepted a breach, when and why; NULL: the day does not say. */
const day_accepted *words_accepted_by(const cr_day *day, const cr_breach *breach);

/* What `check` says of a broken rule: one sentence, yours to free; NULL without memory. */
char *words_breach(const cr_day *day, const cr_breach *breach);

/* The same of one that was accepted, and by whom. What goes beyond what was accepted is accepted by nobody. */
char *words_accepted_breach(const cr_day *day, const cr_breach *breach);

/* Who came and who comes, of each slot; CR_NONE nobody. Returns how many slots there are. */
int32_t words_change_carers(const answer *a, const cr_visit_change *change, int32_t was[CR_SLOTS_MOST],
                            int32_t now[CR_SLOTS_MOST]);

/* Nobody notices seconds: a change that keeps carers and minute is for plan.json only. How many of all are more. */
bool words_change_is_seen(const answer *a, const cr_visit_change *change);
int32_t words_changes_seen(const answer *a);

/* "08:30 Ann Bell, Bo Carr", or "nobody"; why a visit changed. Yours to free; NULL without memory. */
char *words_change_time(const answer *a, int32_t start, const int32_t *carers, int32_t n);
char *words_change_reason(const answer *a, const cr_visit_change *change);

/* "31 from Abbey at 08:40, off at Bridge 08:50; ..."; "" where she walks, or goes by no timetable. Yours to free. */
cr_status words_rides(const cr_day *day, const itinerary_leg *leg, char **ret_text);

/* "bring 2 x meals; take 1 x linen" of a visit, "6 x meals" of what is on board as a round begins; "" where there is
 * none. Yours to free; NULL without memory. */
char *words_goods(const cr_day *day, int32_t visit);
char *words_load(const answer *a, const cr_round *round);

#endif
