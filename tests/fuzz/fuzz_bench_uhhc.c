/* Fuzz: any text at all as a file of the unified home health care problem. What is read must be sound enough to be
 * judged. */
#include "fuzz.h"

#include "bench.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cr_auto(bench_instance) instance = NULL;
    bench_message message = {""};
    cr_status st = bench_uhhc_parse((const char *)data, size, &BENCH_CONVENTION_INIT, &instance, &message);
    FUZZ_CHECK(st == CR_OK || st == CR_E_NOMEM || *message.text);
    if (!st)
        st = cr_problem_validate(instance->problem, message.text, sizeof message.text);
    FUZZ_CHECK(st == CR_OK || st == CR_E_NOMEM || *message.text);
    return 0;
}
