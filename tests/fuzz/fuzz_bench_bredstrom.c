/* Fuzz: any text at all as a file with pairs of visits. What is read must be sound enough to be judged. */
#include "fuzz.h"

#include "bench.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cr_auto(bench_instance) instance = NULL;
    bench_message message = {""};
    bench_convention convention = {.duration_tenths = 14};
    cr_status st = bench_bredstrom_parse((const char *)data, size, &convention, &instance, &message);
    FUZZ_CHECK(st == CR_OK || st == CR_E_NOMEM || *message.text);
    if (!st)
        st = cr_problem_validate(instance->problem, message.text, sizeof message.text);
    FUZZ_CHECK(st == CR_OK || st == CR_E_NOMEM || *message.text);
    return 0;
}
