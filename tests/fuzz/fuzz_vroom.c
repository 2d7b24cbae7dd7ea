/* Fuzz: any text at all as VROOM's JSON. What is read must be sound enough to be planned, and answered after a few
 * steps of search; what is not must be said. */
#include "fuzz.h"

#include "vroom.h"

#define TASKS_MOST 40 /* to be solved: more would only be slow */

static double no_clock(void *user)
{
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const vroom_request request = {.time_s = -1, .iterations = 20, .seed = 1, .n_threads = 1, .clock_s = no_clock};
    cr_auto(vroom_input) in = NULL;
    vroom_message message = {""};
    cr_status st = vroom_read((const char *)data, size, &in, &message);
    FUZZ_CHECK(st == CR_OK || st == CR_E_NOMEM || *message.text);
    if (st || !in->has_matrices || in->n_tasks > TASKS_MOST || in->n_vehicles > TASKS_MOST)
        return 0;
    json_t *answer = NULL;
    st = vroom_solve(&request, (const char *)data, size, &answer);
    FUZZ_CHECK(answer || st == CR_E_NOMEM);
    FUZZ_CHECK(st == CR_OK || st == CR_E_INPUT || st == CR_E_NOMEM); /* the checker finds no fault with ours */
    json_decref(answer);
    return 0;
}
