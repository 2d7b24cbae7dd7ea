/* CSV records of the public sets, one call a row (libcsv does the parsing). */
#ifndef API_BENCH_CSV_H
#define API_BENCH_CSV_H

#include "bench.h"

typedef struct bench_row {
    int32_t number; /* record in the file, the header is 1 */
    int32_t n_fields;
    const char *const *fields; /* terminated; valid during the call */
} bench_row;

/* Called for every record; a status other than CR_OK ends the reading and is passed on. */
typedef cr_status bench_row_fn(const bench_row *row, void *user, bench_message *message);

cr_status bench_csv_each_row(bench_text file, bench_row_fn *each, void *user, bench_message *message);

/* A field as a whole number in [least, most]; the fault names row and column. */
cr_status bench_row_integer(const bench_row *row, int32_t field, const char *column, int64_t least, int64_t most,
                            int64_t *ret_number, bench_message *message);

#endif
