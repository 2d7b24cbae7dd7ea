/* Fuzz: any bytes at all as what happened on a small day, in a file of events or in a plan.json.
 *
 * The first byte's lowest bit says which. Either there is a day or errors say why not.
 */
#include "fuzz_folder.h"

static const char visits[] = "visit_id,client_id,latitude,longitude,windows,duration\n"
                             "V1,C1,55.89,-3.07,09:00-10:00,30\n"
                             "V2,C2,55.90,-3.07,09:00-12:00,30\n";
static const char carers[] = "carer_id,shift_start,shift_end,home_latitude,home_longitude\n"
                             "ANN,08:00,12:00,55.89,-3.07\n"
                             "BOB,08:00,12:00,55.89,-3.07\n";

static char happened[160];

static void remove_what_happened(void)
{
    unlink(happened);
}

static void make_day(void)
{
    if (*happened)
        return;
    fuzz_folder_make();
    fuzz_write("visits.csv", (const uint8_t *)visits, strlen(visits));
    fuzz_write("carers.csv", (const uint8_t *)carers, strlen(carers));
    snprintf(happened, sizeof happened, "%s", fuzz_path("happened"));
    atexit(remove_what_happened); /* before the folder goes */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > 65536)
        return 0;
    make_day();
    fuzz_write("happened", data + 1, size - 1);
    bool in_plan = data[0] & 1;
    day_read_options options = {
        .path = fuzz_folder, .plan_path = in_plan ? happened : NULL, .events_path = in_plan ? NULL : happened};
    cr_auto(cr_day) day = NULL;
    cr_auto(day_findings) findings = NULL;
    cr_status st = cr_day_read(&options, &day, &findings);
    FUZZ_CHECK(findings != NULL && st == (findings->n_errors ? CR_E_INPUT : CR_OK));
    FUZZ_CHECK((day != NULL) == (findings->n_errors == 0));
    for (int32_t i = 0; day && i < day->n_events; i++)
        FUZZ_CHECK(day->events[i].carer < day->problem->n_carers && *day->events[i].json == '{');
    return 0;
}
