/* The page of a plan: escaping, and the order and colours that all sections share. */
#include "html.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* ---- escaping ---- */

/* Control characters are no HTML; a line break in an address becomes a space. */
static void put_escaped(FILE *out, const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        switch (*c) {
        case '&':
            fputs("&amp;", out);
            break;
        case '<':
            fputs("&lt;", out);
            break;
        case '>':
            fputs("&gt;", out);
            break;
        case '"':
            fputs("&quot;", out);
            break;
        case '\'':
            fputs("&#39;", out);
            break;
        default:
            fputc(*c < 0x20 || *c == 0x7f ? ' ' : *c, out);
        }
    }
}

void html_put(FILE *out, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    for (const char *at = format; *at; at++) {
        if (*at != '%') {
            fputc(*at, out);
            continue;
        }
        at++;
        if (*at == 's')
            put_escaped(out, va_arg(args, const char *));
        else if (*at == 'd')
            fprintf(out, "%d", va_arg(args, int));
        else
            fputc(*at, out); /* %% */
    }
    va_end(args);
}

/* ---- order ---- */

typedef struct sort_key {
    page_carer carer;
    int32_t provider;
    const char *name;
} sort_key;

static int by_provider_start_name(const void *a, const void *b)
{
    const sort_key *x = a, *y = b;
    if (x->provider != y->provider)
        return x->provider < y->provider ? -1 : 1;
    if (x->carer.first_start != y->carer.first_start)
        return x->carer.first_start < y->carer.first_start ? -1 : 1;
    int by_name = strcmp(x->name, y->name);
    return by_name ? by_name : x->carer.carer < y->carer.carer ? -1 : 1;
}

static void add_round_to(const answer *a, int32_t r, page_carer *carer)
{
    const cr_round *round = &a->plan->rounds[r];
    const int32_t begin = a->day->problem->shifts[round->shift].begin;
    if (!carer->is_used || begin < carer->first_start)
        carer->first_start = begin;
    carer->is_used = carer->is_used || a->report->rounds[r].n_visits > 0 || a->report->rounds[r].n_held_back > 0;
    carer->n_visits += a->report->rounds[r].n_visits;
    carer->travel += a->report->rounds[r].travel;
    carer->dist_m += a->report->rounds[r].dist_m;
}

static cr_status order_carers(page *p)
{
    const cr_day *day = p->a->day;
    const int32_t n = day->problem->n_carers;
    sort_key *keys = calloc((size_t)n + 1, sizeof *keys);
    if (!keys)
        return CR_E_NOMEM;
    for (int32_t c = 0; c < n; c++) {
        int32_t provider = day->carers[c].provider;
        keys[c] = (sort_key){{.carer = c}, provider >= 0 ? provider : day->n_providers, day->carers[c].name};
    }
    for (int32_t r = 0; r < p->a->plan->n_rounds; r++)
        add_round_to(p->a, r, &keys[day->problem->shifts[p->a->plan->rounds[r].shift].carer].carer);
    for (int32_t c = 0; c < n; c++)
        if (keys[c].carer.is_used)
            keys[p->n_carers++] = keys[c];
    qsort(keys, (size_t)p->n_carers, sizeof *keys, by_provider_start_name);
    for (int32_t i = 0; i < p->n_carers; i++) {
        p->carers[i] = keys[i].carer;
        p->place_of[keys[i].carer.carer] = i;
    }
    free(keys);
    return CR_OK;
}

cr_range page_carers_of(const page *p, int32_t provider)
{
    cr_range range = {0, 0};
    for (int32_t i = 0; i < p->n_carers; i++) {
        int32_t of = p->a->day->carers[p->carers[i].carer].provider;
        if ((of >= 0 ? of : p->a->day->n_providers) != provider)
            continue;
        if (range.n++ == 0)
            range.first = i;
    }
    return range;
}

int32_t page_colour(int32_t place)
{
    return place % PAGE_COLOURS;
}

int32_t page_dash(int32_t place)
{
    return place / PAGE_COLOURS % PAGE_DASHES;
}

/* ---- bands ---- */

static bool is_new_band(const page *p, int32_t visit)
{
    const char *name = p->a->day->visits[visit].band;
    for (int32_t b = 0; b < p->n_bands; b++)
        if (strcmp(p->bands[b].name, name) == 0)
            return false;
    return *name && p->n_bands < PAGE_BANDS_MAX;
}

static int by_time(const void *a, const void *b)
{
    const int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return x < y ? -1 : x > y;
}

/* From where most of its windows open to where most are closed: one visit in twenty may stand out on either side.
 * opens and closes have room for all visits. */
static page_band usual_band(const cr_day *day, int32_t first, int32_t *opens, int32_t *closes)
{
    const cr_problem *p = day->problem;
    page_band band = {.name = day->visits[first].band};
    int32_t n = 0;
    for (int32_t v = first; v < p->n_visits; v++) {
        if (strcmp(day->visits[v].band, band.name) != 0)
            continue;
        const cr_range windows = p->visits[v].windows;
        opens[n] = p->windows[windows.first].open;
        closes[n++] = p->windows[windows.first + windows.n - 1].close;
    }
    qsort(opens, (size_t)n, sizeof *opens, by_time);
    qsort(closes, (size_t)n, sizeof *closes, by_time);
    band.open = opens[n / 20];
    band.close = closes[n - 1 - n / 20];
    return band;
}

static int by_opening(const void *a, const void *b)
{
    const page_band *x = a, *y = b;
    return x->open != y->open ? (x->open < y->open ? -1 : 1) : strcmp(x->name, y->name);
}

static cr_status find_bands(page *p)
{
    const int32_t n = p->a->day->problem->n_visits;
    int32_t *times = calloc(2 * (size_t)n + 1, sizeof *times);
    if (!times)
        return CR_E_NOMEM;
    for (int32_t v = 0; v < n; v++)
        if (is_new_band(p, v))
            p->bands[p->n_bands++] = usual_band(p->a->day, v, times, times + n);
    qsort(p->bands, (size_t)p->n_bands, sizeof *p->bands, by_opening);
    free(times);
    return CR_OK;
}

int32_t page_band_of(const page *p, int32_t visit)
{
    for (int32_t b = 0; b < p->n_bands; b++)
        if (strcmp(p->bands[b].name, p->a->day->visits[visit].band) == 0)
            return b;
    return CR_NONE;
}

/* ---- the page ---- */

page *page_free(page *p)
{
    if (p) {
        free(p->carers);
        free(p->place_of);
        free(p->providers);
        free(p);
    }
    return NULL;
}

cr_status page_new(const answer *a, page **ret_page)
{
    const int32_t n = a->day->problem->n_carers;
    cr_auto(page) p = calloc(1, sizeof *p);
    if (!p)
        return CR_E_NOMEM;
    p->a = a;
    p->carers = calloc((size_t)n + 1, sizeof *p->carers);
    p->place_of = calloc((size_t)n + 1, sizeof *p->place_of);
    p->providers = provider_figures_make(a);
    if (!p->carers || !p->place_of || !p->providers)
        return CR_E_NOMEM;
    for (int32_t c = 0; c < n; c++)
        p->place_of[c] = CR_NONE;
    cr_status st = order_carers(p);
    if (!st)
        st = find_bands(p);
    if (st)
        return st;
    *ret_page = page_take(&p);
    return CR_OK;
}
