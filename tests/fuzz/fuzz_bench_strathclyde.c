/* Fuzz: any three texts as visits.csv, carers.csv and distance.csv; a line of "=" parts them. */
#include "fuzz.h"

#include "bench.h"

#include <string.h>

static bench_text next_part(const uint8_t **data, size_t *size)
{
    bench_text part = {(const char *)*data, *size};
    const uint8_t *bar = memmem(*data, *size, "\n=\n", 3);
    if (!bar) {
        *size = 0;
        return part;
    }
    part.size = (size_t)(bar - *data);
    *size -= part.size + 3;
    *data = bar + 3;
    return part;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cr_auto(bench_instance) instance = NULL;
    bench_message message = {""};
    bench_text visits = next_part(&data, &size), carers = next_part(&data, &size), distance = next_part(&data, &size);
    cr_status st = bench_strathclyde_parse(visits, carers, distance, "2017-10-02", &instance, &message);
    FUZZ_CHECK(st == CR_OK || st == CR_E_NOMEM || *message.text);
    if (!st)
        st = cr_problem_validate(instance->problem, message.text, sizeof message.text);
    FUZZ_CHECK(st == CR_OK || st == CR_E_NOMEM || *message.text);
    return 0;
}
