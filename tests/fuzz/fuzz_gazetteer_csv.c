/* Fuzz: any bytes as a published postcode file. Every row is either kept with a sound key and position or counted. */
#include "fuzz.h"

#include "gazetteer.h"
#include "grid.h"

#include <math.h>
#include <stdlib.h>

static void check_row(const gaz_row *row)
{
    FUZZ_CHECK(row->key != 0 && (row->key & 0xff) == 0);
    if (!(row->kind & GAZ_QUALITY))
        return;
    FUZZ_CHECK((row->kind & GAZ_QUALITY) <= GAZ_QUALITY_WORST);
    if (row->kind & GAZ_DEGREES)
        FUZZ_CHECK(fabs(row->lat_or_north) <= 90 && fabs(row->lon_or_east) <= 180);
    else
        FUZZ_CHECK(geo_grid_contains(row->lon_or_east, row->lat_or_north));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gaz_rows rows = {.n = 0};
    char message[200] = "";
    cr_status st = gaz_read_text("fuzz.csv", (const char *)data, size, &rows, message, sizeof message);
    FUZZ_CHECK(st == CR_OK ? rows.n > 0 : st == CR_E_INPUT && message[0]);
    FUZZ_CHECK((int64_t)rows.n + rows.n_bad == rows.n_read);
    for (size_t i = 0; i < rows.n; i++)
        check_row(&rows.at[i]);
    free(rows.at);
    return 0;
}
