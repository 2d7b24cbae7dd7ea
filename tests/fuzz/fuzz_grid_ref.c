/* Fuzz: any text as a grid reference. What is accepted is the middle of a square of Great Britain. */
#include "fuzz.h"

#include "careround/place.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    double east_m, north_m, half_m;
    FUZZ_CHECK(text);
    memcpy(text, data, size);
    text[size] = '\0';
    if (cr_grid_ref_parse(text, &east_m, &north_m, &half_m) == CR_OK) {
        FUZZ_CHECK(half_m == 0.5 || half_m == 5 || half_m == 50 || half_m == 500 || half_m == 5000);
        FUZZ_CHECK(east_m - half_m >= 0 && east_m + half_m <= 700e3);
        FUZZ_CHECK(north_m - half_m >= 0 && north_m + half_m <= 1300e3);
        FUZZ_CHECK(fmod(east_m - half_m, 2 * half_m) == 0 && fmod(north_m - half_m, 2 * half_m) == 0);
    }
    free(text);
    return 0;
}
