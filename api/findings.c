/* The book of findings; day_findings is its public face and its first member. */
#include "findings.h"

#include "arena.h"
#include "near.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define HINTS_MOST      200
#define CANDIDATES_MOST 2000 /* looked at for one hint */
#define VALUE_MOST      80   /* bytes of a value worth quoting */

struct findings_book {
    day_findings face;
    arena *strings;
    int32_t room, hints_left;
    bool lost; /* a finding could not be kept */
};

cr_status findings_new(findings_book **ret_book)
{
    findings_book *book = calloc(1, sizeof *book);
    if (!book || arena_new(&book->strings)) {
        free(book);
        return CR_E_NOMEM;
    }
    book->hints_left = HINTS_MOST;
    *ret_book = book;
    return CR_OK;
}

findings_book *findings_free(findings_book *book)
{
    if (book) {
        arena_free(book->strings);
        free(book->face.items);
        free(book->face.rejected_csv);
        free(book);
    }
    return NULL;
}

day_findings *day_findings_free(day_findings *findings)
{
    findings_free((findings_book *)findings);
    return NULL;
}

/* The value as it can be quoted on one line: cut at a letter's border, control characters as spaces. */
static const char *quotable(findings_book *book, const char *value)
{
    size_t n = strlen(value);
    bool cut = n > VALUE_MOST;
    if (cut)
        for (n = VALUE_MOST; n > 0 && ((unsigned char)value[n] & 0xC0) == 0x80; n--)
            ;
    char *text = arena_take_bytes(book->strings, n + 4);
    if (!text)
        return "";
    for (size_t i = 0; i < n; i++)
        text[i] = (unsigned char)value[i] < 0x20 || value[i] == 0x7F ? ' ' : value[i];
    return cut ? strcat(text, "...") : text;
}

static void add(findings_book *book, bool is_error, finding_at at, const char *format, va_list args)
{
    char text[1000];
    vsnprintf(text, sizeof text, format, args);
    book->face.n_errors += is_error;
    if (!array_room((void **)&book->face.items, book->face.n, &book->room, sizeof *book->face.items)) {
        book->lost = true;
        return;
    }
    const day_finding *last = book->face.n ? &book->face.items[book->face.n - 1] : NULL;
    bool same_file = last && strcmp(last->file, at.file) == 0;
    book->face.items[book->face.n++] =
        (day_finding){.is_error = is_error,
                      .file = same_file ? last->file : arena_copy(book->strings, at.file),
                      .row = at.row,
                      .column = quotable(book, at.column ? at.column : ""),
                      .value = quotable(book, at.value ? at.value : ""),
                      .text = arena_copy(book->strings, text)};
}

void findings_error(findings_book *book, finding_at at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add(book, true, at, format, args);
    va_end(args);
}

void findings_warning(findings_book *book, finding_at at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add(book, false, at, format, args);
    va_end(args);
}

const char *findings_hint(findings_book *book, const char *word, const char *const *candidates, int32_t n)
{
    if (book->hints_left <= 0 || !*word)
        return "";
    book->hints_left--;
    const char *near = near_miss(word, candidates, n < CANDIDATES_MOST ? n : CANDIDATES_MOST);
    return near ? arena_print(book->strings, "; did you mean '%s'?", near) : "";
}

int32_t findings_n_errors(const findings_book *book)
{
    return book->face.n_errors;
}

void findings_set_rejected(findings_book *book, char *csv)
{
    free(book->face.rejected_csv);
    book->face.rejected_csv = csv;
}

/* The order in which a person would go through the files, which in a JSON day are parts without ".csv"; anything else
 * (the JSON file, the folder) before them. */
static int file_rank(const char *file)
{
    static const char *const files_in_order[] = {"settings.json", "columns.json",  "postcodes.gaz",
                                                 "area.roads",    "providers.csv", "carers.csv",
                                                 "visits.csv",    "history.csv",   "matrix.csv"};
    for (size_t i = 0; i < sizeof files_in_order / sizeof *files_in_order; i++)
        if (strncmp(file, files_in_order[i], strcspn(files_in_order[i], ".")) == 0)
            return (int)i + 1;
    return 0;
}

typedef struct sorted_finding {
    day_finding finding;
    int32_t found; /* keeps the order within a row */
} sorted_finding;

static int compare_findings(const void *a, const void *b)
{
    const sorted_finding *x = a, *y = b;
    int by_file = file_rank(x->finding.file) - file_rank(y->finding.file);
    if (!by_file)
        by_file = strcmp(x->finding.file, y->finding.file);
    if (by_file)
        return by_file;
    if (x->finding.row != y->finding.row)
        return x->finding.row < y->finding.row ? -1 : 1;
    return x->found < y->found ? -1 : x->found > y->found;
}

static cr_status sort_findings(day_findings *f)
{
    sorted_finding *sorted = malloc(((size_t)f->n + 1) * sizeof *sorted);
    if (!sorted)
        return CR_E_NOMEM;
    for (int32_t i = 0; i < f->n; i++)
        sorted[i] = (sorted_finding){f->items[i], i};
    qsort(sorted, (size_t)f->n, sizeof *sorted, compare_findings);
    for (int32_t i = 0; i < f->n; i++)
        f->items[i] = sorted[i].finding;
    free(sorted);
    return CR_OK;
}

cr_status findings_publish(findings_book **book, day_findings **ret_findings)
{
    findings_book *b = *book;
    if (b->lost || arena_failed(b->strings))
        return CR_E_NOMEM;
    cr_status st = sort_findings(&b->face);
    if (st)
        return st;
    *book = NULL;
    *ret_findings = &b->face;
    return CR_OK;
}
