/* Findings: everything wrong or odd with the input, gathered while it is read.
 *
 * Nothing stops at the first error; each reader notes what it sees here and goes on. The book owns its strings, so it
 * outlives the day.
 */
#ifndef API_FINDINGS_H
#define API_FINDINGS_H

#include "day.h"

#include <jansson.h>

typedef struct findings_book findings_book;

cr_status findings_new(findings_book **ret_book);
findings_book *findings_free(findings_book *book);

typedef struct finding_at {
    const char *file;
    int32_t row;
    const char *column, *value; /* "" when the row as a whole is meant */
} finding_at;

/* All strings are copied. */
__attribute__((format(printf, 3, 4))) void findings_error(findings_book *book, finding_at at, const char *format, ...);
__attribute__((format(printf, 3, 4))) void findings_warning(findings_book *book, finding_at at, const char *format,
                                                            ...);

/* ", did you mean 'medication'?" for the candidate nearest to word, or "" when none is near. Valid as long as the book.
 * Near means few letters changed for the length; after some hundreds of look-ups it gives no more hints, so that a
 * hostile file cannot make us compare for hours. */
const char *findings_hint(findings_book *book, const char *word, const char *const *candidates, int32_t n);

int32_t findings_n_errors(const findings_book *book);

/* The rows that were left out, as CSV; the book's from now on (malloc'ed). */
void findings_set_rejected(findings_book *book, char *csv);

/* Give the findings away, sorted by file in reading order, then row, then as found. CR_E_NOMEM if one was lost. */
cr_status findings_publish(findings_book **book, day_findings **ret_findings);

#endif
