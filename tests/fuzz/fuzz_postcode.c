/* Fuzz: any text as a postcode. What is accepted has one spelling, and that spelling is itself. */
#include "fuzz.h"

#include "careround/place.h"
#include "postcode.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1), once[CR_POSTCODE_SIZE], twice[CR_POSTCODE_SIZE];
    FUZZ_CHECK(text);
    memcpy(text, data, size);
    text[size] = '\0';
    if (cr_postcode_parse(text, once) == CR_OK) {
        size_t n = strlen(once);
        FUZZ_CHECK(n >= 6 && n < CR_POSTCODE_SIZE && once[n - 4] == ' ');
        FUZZ_CHECK(cr_postcode_parse(once, twice) == CR_OK && strcmp(once, twice) == 0);
        FUZZ_CHECK(geo_postcode_key(text, SIZE_MAX) == geo_postcode_key(once, n));
    }
    (void)geo_postcode_key((const char *)data, size); /* without an end of its own */
    free(text);
    return 0;
}
