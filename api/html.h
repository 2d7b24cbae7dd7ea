/* The page of a plan, inside: what its sections share.
 *
 * One self-contained file. Everything is rendered here as tables and SVG, so that it can be read, searched and printed
 * without any script; api/web/plan.js only lights up what belongs together. Nothing of the day is ever put into a
 * script or a style.
 */
#ifndef API_HTML_H
#define API_HTML_H

#include "providers.h"
#include "words.h"

/* Like fprintf, but every %s is escaped for text and quoted attributes: markup stands in the format, data never does.
 */
__attribute__((format(printf, 2, 3))) void html_put(FILE *out, const char *format, ...);

/* Carers with a round, in the order in which the page shows them: by provider, start of work, name. */
typedef struct page_carer {
    int32_t carer;
    int32_t first_start;
    int32_t n_visits; /* carer visits */
    bool is_used;     /* by a visit, or held back */
    int64_t travel, dist_m;
} page_carer;

typedef struct page_band {
    const char *name;
    int32_t open, close; /* most of its windows lie between */
} page_band;

#define PAGE_BANDS_MAX 8

typedef struct page {
    const answer *a;
    int32_t n_carers;
    page_carer *carers;
    int32_t *place_of; /* by carer: her place in carers; CR_NONE idle */
    int32_t n_bands;
    page_band bands[PAGE_BANDS_MAX]; /* by opening time */
    provider_figures *providers;     /* by provider; the last is "no provider" */
} page;

cr_status page_new(const answer *a, page **ret_page);
page *page_free(page *p);
CR_AUTO_DEFINE(page)

/* Carers on the page of a provider (n_providers: of none) stand together: the range of places in carers. */
cr_range page_carers_of(const page *p, int32_t provider);

int32_t page_band_of(const page *p, int32_t visit); /* place in bands; CR_NONE */

/* Colour, dash and number tell rounds apart: classes "c0".."c6", "d0".."d3" in plan.css. */
#define PAGE_COLOURS 7
#define PAGE_DASHES  4
int32_t page_colour(int32_t place);
int32_t page_dash(int32_t place);

/* ---- sections, by the names they have in plan.html ---- */

cr_status html_headline(const page *p, FILE *out);
cr_status html_changes(const page *p, FILE *out);   /* nothing, where the day was not planned anew */
cr_status html_held_back(const page *p, FILE *out); /* nothing, where none was asked for; */
cr_status html_held_key(const page *p, FILE *out);  /* nor in the timeline's key */
cr_status html_map(const page *p, FILE *out);
cr_status html_rounds(const page *p, FILE *out);
cr_status html_timeline(const page *p, FILE *out);
cr_status html_unallocated(const page *p, FILE *out);
cr_status html_costs(const page *p, FILE *out);
cr_status html_providers(const page *p, FILE *out);
cr_status html_quality(const page *p, FILE *out);
cr_status html_assumptions(const page *p, FILE *out);
cr_status html_sheets(const page *p, FILE *out);
cr_status html_clients(const page *p, FILE *out);

#endif
