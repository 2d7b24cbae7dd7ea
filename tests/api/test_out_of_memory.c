/* Memory that runs out while a day is read: the first allocation fails, then the second, and so on; each time a clean
 * status, no day and no leak.
 *
 * The linker hands the calls of malloc(), calloc() and realloc() of our own code to failing_memory.h and the function
 * below. What libraries allocate is theirs: Jansson does not tell a lack of memory from a fault of the text.
 */
#include "../failing_memory.h"
#include "day.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

void *__real_realloc(void *old, size_t size);
void *__wrap_realloc(void *old, size_t size);

void *__wrap_realloc(void *old, size_t size)
{
    return fails_now() ? NULL : __real_realloc(old, size);
}

/* ---- days ---- */

static const char *const csv_files[][2] = {
    {"visits.csv",
     "visit_id,client_id,latitude,longitude,band,windows,duration,carers,skills,attributes,gap_after,gap_min,"
     "same_carer_as,preferred_carers,lock_carer,notes\n"
     "V1,C1,55.89,-3.07,morning,,30,2,medication;hoist:2,female,,,,ANN,ANN,\"two\nlines\"\n"
     "V2,C1,,,,12:00-13:00;14:00-15:00,30,1,,,V1,2:00,V1,,,\n"
     "V3,C2,55.9,-3.08,bed,,4:30,1,welsh,,,,,ZOE,,\n"},
    {"carers.csv",
     "carer_id,provider,shift_start,shift_end,skills,attributes,home_latitude,home_longitude,break_start\n"
     "ANN,P,07:00,15:00,medication;hoist:2,female,55.9,-3.1,11:00\n"
     "ANN,,17:00,22:00,,,,,\nBOB,P,08:00,21:00,hoist:2,female,,,\n"},
    {"providers.csv", "provider,name\nP,Pea\n"},
    {"history.csv", "client_id,carer_id,date\nC1,ANN,2026-11-20\nC1,ANN,2026-11-21\nC9,BOB,2026-11-21\n"},
    {"matrix.csv", "from,to,seconds,metres\nC1,C2,300,900\nhome:ANN,C1,200,700\n"},
    {"columns.json", "{\"visits\": {\"Junk\": null}}"},
    {"settings.json", "{\"date\": \"2026-11-23\", \"prices\": {\"pay_per_hour\": 1300.5}, \"bands\": {\"late\": "
                      "\"20:00-22:00\"}, \"travel\": {\"modes\": {\"bus\": {\"detour\": 1.5, \"town_kmh\": 12, "
                      "\"country_kmh\": 20, \"pence_per_mile\": 0}}}}"},
};

static const char json_day[] =
    "{\"settings\": {\"date\": \"2026-11-23\"}, \"visits\": [{\"visit_id\": \"V1\", \"client_id\": \"C1\", "
    "\"latitude\": "
    "55.89, \"longitude\": -3.07, \"windows\": [\"07:00-09:00\", \"10:00-11:00\"], \"duration\": 30}], \"carers\": "
    "[{\"carer_id\": \"ANN\", \"shift_start\": \"07:00\", \"shift_end\": \"14:00\"}]}";

static char folder[] = "/tmp/careround-oom-XXXXXX";

static void write_file(const char *file, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, file);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_true(fputs(text, out) >= 0);
    fclose(out);
}

static int setup(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    for (size_t i = 0; i < sizeof csv_files / sizeof *csv_files; i++)
        write_file(csv_files[i][0], csv_files[i][1]);
    write_file("day.json", json_day);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    char path[128];
    snprintf(path, sizeof path, "%s/day.json", folder);
    unlink(path);
    for (size_t i = 0; i < sizeof csv_files / sizeof *csv_files; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, csv_files[i][0]);
        unlink(path);
    }
    return rmdir(folder);
}

/* ---- failing ---- */

static cr_status read_once(const day_read_options *options, bool *ret_has_day)
{
    cr_auto(cr_day) day = NULL;
    cr_auto(day_findings) findings = NULL;
    cr_status st = cr_day_read(options, &day, &findings);
    *ret_has_day = day != NULL;
    return st;
}

static void fail_each_allocation(const day_read_options *options, int least, cr_status expected)
{
    bool has_day;
    int n_wrong = 0, n = 0;
    for (;; n++) {
        n_until_failure = n;
        has_failed = false;
        cr_status st = read_once(options, &has_day);
        n_until_failure = -1;
        if (!has_failed) {
            assert_int_equal(st, expected);
            break;
        }
        if (st != CR_E_NOMEM || has_day)
            print_error("allocation %d: status %d, %s\n", n, (int)st, has_day ? "a day" : "no day");
        n_wrong += st != CR_E_NOMEM || has_day;
    }
    assert_true(n > least);
    assert_int_equal(n_wrong, 0);
}

static void test_a_folder(void **state)
{
    (void)state;
    fail_each_allocation(&(day_read_options){.path = folder}, 90, CR_OK);
}

static void test_a_json_day(void **state)
{
    (void)state;
    char path[128];
    snprintf(path, sizeof path, "%s/day.json", folder);
    fail_each_allocation(&(day_read_options){.path = path}, 40, CR_OK);
}

static void test_a_folder_with_bad_rows_left_out(void **state)
{
    (void)state;
    write_file("history.csv", "client_id,carer_id,date\nC1,ANN,soon\n");
    fail_each_allocation(&(day_read_options){.path = folder, .skip_bad_rows = true}, 90, CR_E_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_folder),
        cmocka_unit_test(test_a_json_day),
        cmocka_unit_test(test_a_folder_with_bad_rows_left_out),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
