/* Fuzz: any bytes at all as a scenario file; each scenario that is well formed is made of a small day. */
#include "fuzz_folder.h"
#include "scenario.h"

static const char visits[] =
    "visit_id,client_id,latitude,longitude,band,windows,duration,carers,lock_carer,gap_after,gap_min\n"
    "V1,C1,55.89,-3.07,morning,,30,1,A,,\n"
    "V2,C1,55.89,-3.07,,11:00-12:00;13:00-14:00,45,2,A;B,V1,120\n"
    "V3,C2,55.87,-3.10,tea,,20,1,,,\n";
static const char carers[] = "carer_id,provider,team,mode,shift_start,shift_end,skills\n"
                             "A,P,north,car,07:00,15:00,hoist\n"
                             "A,,,,16:00,21:00,\n"
                             "B,Q,north,foot,07:00,14:00,\n";

static void read_with(const day_changes *changes)
{
    day_read_options options = {.path = fuzz_folder, .changes = changes};
    cr_auto(cr_day) day = NULL;
    cr_auto(day_findings) findings = NULL;
    cr_status st = cr_day_read(&options, &day, &findings);
    char message[300];
    FUZZ_CHECK(findings != NULL);
    FUZZ_CHECK(st == (findings->n_errors ? CR_E_INPUT : CR_OK));
    FUZZ_CHECK((day != NULL) == (findings->n_errors == 0));
    if (day)
        FUZZ_CHECK(cr_problem_validate(day->problem, message, sizeof message) == CR_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cr_auto(scenario_file) file = NULL;
    findings_book *findings = NULL;
    if (size > 65536)
        return 0;
    FUZZ_CHECK(findings_new(&findings) == CR_OK);
    cr_status st = scenario_file_parse((const char *)data, size, "folder/scenarios.json", findings, &file);
    FUZZ_CHECK(st == (findings_n_errors(findings) ? CR_E_INPUT : CR_OK));
    FUZZ_CHECK((file != NULL) == (st == CR_OK));
    findings_free(findings);
    if (!file)
        return 0;
    fuzz_folder_make();
    fuzz_write("visits.csv", (const uint8_t *)visits, sizeof visits - 1);
    fuzz_write("carers.csv", (const uint8_t *)carers, sizeof carers - 1);
    fuzz_write("settings.json", (const uint8_t *)"{\"date\":\"2026-11-23\"}", 21);
    for (int32_t s = 1; s < file->n_scenarios && s <= 5; s++)
        read_with(&file->scenarios[s].changes);
    return 0;
}
