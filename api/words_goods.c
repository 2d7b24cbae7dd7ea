/* Goods in words, for run sheets and calendars: "bring 2 x meals; take 1 x linen". */
#include "words.h"

#include <stdlib.h>

static void put_counts(FILE *out, const cr_day *day, const char *verb, const int64_t *count)
{
    const char *between = verb;
    for (int32_t kind = 0; kind < day->n_goods; kind++)
        if (count[kind] > 0) {
            fprintf(out, "%s%s x %s", between, words_count(count[kind]).text, day->goods_name[kind]);
            between = ", ";
        }
}

static bool has_any(const cr_day *day, const int64_t *count)
{
    for (int32_t kind = 0; kind < day->n_goods; kind++)
        if (count[kind] > 0)
            return true;
    return false;
}

static void count_visit(const cr_day *day, int32_t visit, int64_t *brings, int64_t *takes)
{
    cr_range goods = day->problem->visits[visit].goods;
    for (int32_t i = goods.first; i < goods.first + goods.n; i++) {
        brings[day->problem->goods[i].kind] += day->problem->goods[i].brings;
        takes[day->problem->goods[i].kind] += day->problem->goods[i].takes;
    }
}

/* NULL: no memory. */
static char *text_of(const cr_day *day, const char *verb, const int64_t *brings, const int64_t *takes)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    put_counts(out, day, verb, brings);
    if (has_any(day, brings) && has_any(day, takes))
        fputs("; ", out);
    put_counts(out, day, "take ", takes);
    if (fclose(out)) {
        free(text);
        return NULL;
    }
    return text;
}

char *words_goods(const cr_day *day, int32_t visit)
{
    int64_t brings[CR_GOODS_MOST] = {0}, takes[CR_GOODS_MOST] = {0};
    count_visit(day, visit, brings, takes);
    return text_of(day, "bring ", brings, takes);
}

/* What is taken along comes on the way, and is not said. */
char *words_load(const answer *a, const cr_round *round)
{
    int64_t brings[CR_GOODS_MOST] = {0}, takes[CR_GOODS_MOST] = {0}, nothing[CR_GOODS_MOST] = {0};
    for (int32_t k = round->stops.first; k < round->stops.first + round->stops.n; k++)
        if (a->plan->stops[k].slot != CR_NONE)
            count_visit(a->day, a->itinerary->stops[k].visit, brings, takes);
    return text_of(a->day, "", brings, nothing);
}
