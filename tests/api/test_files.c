/* Files: whole or not at all, under names that any file system takes; calendars in summer time. */
#include "sample_day.h"

#include "careround/file.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct folder {
    char path[64];
} folder;

static folder folder_new(void)
{
    folder f = {"careround-test-XXXXXX"};
    assert_non_null(mkdtemp(f.path));
    return f;
}

/* Only files whose names are known to this test; a folder with anything else in it stays, and fails the test. */
static void folder_remove(folder f, const char *const *names)
{
    char path[200];
    for (; *names; names++) {
        snprintf(path, sizeof path, "%s/%s", f.path, *names);
        assert_int_equal(remove(path), 0);
    }
    assert_int_equal(rmdir(f.path), 0);
}

static char *file_text(const char *under, const char *name)
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", under, name);
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    char *text = calloc(1, 65536); /* more than any file of the sample day */
    assert_non_null(text);
    assert_in_range(fread(text, 1, 65535, in), 1, 65534);
    fclose(in);
    return text;
}

static cr_status write_half(const answer *a, FILE *out)
{
    (void)a;
    fputs("half", out);
    return CR_E_NOMEM;
}

static cr_status write_word(const answer *a, FILE *out)
{
    (void)a;
    return fputs("whole", out) < 0 ? CR_E_UPSTREAM : CR_OK;
}

static void test_a_writer_that_fails_leaves_the_old_file_and_no_other(void **state)
{
    const sample *s = *state;
    folder f = folder_new();
    char path[100], message[200] = "";
    snprintf(path, sizeof path, "%s/plan.json", f.path);
    assert_int_equal(write_file_whole(path, write_word, &s->answer, message, sizeof message), CR_OK);
    assert_int_equal(write_file_whole(path, write_half, &s->answer, message, sizeof message), CR_E_NOMEM);
    char *text = file_text(f.path, "plan.json");
    assert_string_equal(text, "whole");
    free(text);
    folder_remove(f, (const char *const[]){"plan.json", NULL});
}

static void test_a_folder_that_is_not_there_is_named(void **state)
{
    const sample *s = *state;
    char message[200] = "";
    assert_int_equal(write_file_whole("no-such-folder/plan.json", write_word, &s->answer, message, sizeof message),
                     CR_E_UPSTREAM);
    assert_non_null(strstr(message, "no-such-folder/plan.json"));
    assert_non_null(strstr(message, "No such file"));
}

static void test_a_link_stays_and_what_it_leads_to_is_made_anew(void **state)
{
    const sample *s = *state;
    folder f = folder_new();
    char path[100], from[100], leads_to[20], message[200] = "";
    snprintf(path, sizeof path, "%s/real.json", f.path);
    snprintf(from, sizeof from, "%s/plan.json", f.path);
    assert_int_equal(symlink("real.json", from), 0);
    assert_int_equal(cr_file_try(from, message, sizeof message), CR_E_UPSTREAM); /* as cp: it leads nowhere yet */
    assert_int_equal(write_file_whole(from, write_word, &s->answer, message, sizeof message), CR_E_UPSTREAM);
    assert_non_null(strstr(message, "plan.json: cannot be written: No such file"));
    FILE *old = fopen(path, "w");
    assert_non_null(old);
    assert_int_equal(fclose(old), 0);
    assert_int_equal(cr_file_try(from, message, sizeof message), CR_OK);
    assert_int_equal(write_file_whole(from, write_word, &s->answer, message, sizeof message), CR_OK);
    assert_int_equal(readlink(from, leads_to, sizeof leads_to), strlen("real.json"));
    char *text = file_text(f.path, "real.json");
    assert_string_equal(text, "whole");
    free(text);
    folder_remove(f, (const char *const[]){"plan.json", "real.json", NULL});
}

static void test_the_folder_has_a_file_for_everybody(void **state)
{
    const sample *s = *state;
    folder f = folder_new();
    char message[200] = "";
    assert_int_equal(write_folder(&s->answer, f.path, message, sizeof message), CR_OK);
    char *bob = file_text(f.path, "carers/C_2~2.csv"), *cara = file_text(f.path, "carers/C3.csv"),
         *client = file_text(f.path, "clients/CL2.csv");
    assert_non_null(strstr(bob, "\"Bob, Jr.\",2026-11-23,08:46"));
    assert_null(strstr(bob, "Mary"));
    assert_null(strchr(strchr(cara, '\n') + 1, '\n')); /* idle: a heading and nothing else */
    assert_non_null(strstr(client, "NOT PLACED"));
    assert_null(strstr(client, "Mary"));
    free(bob);
    free(cara);
    free(client);
    folder_remove(f, (const char *const[]){"carers/C1.csv", "carers/C1.ics", "carers/C_2~2.csv", "carers/C_2~2.ics",
                                           "carers/C3.csv", "carers/C3.ics", "carers", "clients/CL1.csv",
                                           "clients/CL2.csv", "clients/CL3.csv", "clients/CL4.csv", "clients",
                                           "rota-by-carer.csv", "rota-by-client.csv", "unallocated.csv", "rota.geojson",
                                           NULL});
}

static void assert_name(const char *id, int32_t number, const char *expected)
{
    char *name = answer_file_name(id, number);
    assert_string_equal(name, expected);
    free(name);
}

static void test_names_of_files_are_tame(void **state)
{
    assert_name("H01-2_a", 0, "H01-2_a");
    assert_name("../../etc/passwd", 4, "______etc_passwd~5");
    assert_name("", 0, "~1");
    assert_name("a~1", 8, "a_1~9");
    assert_name("M\xc3\xbcller", 1, "M__ller~2");
    assert_name("a.b", 2, "a_b~3");
}

/* Half past seven on the wall is half past six in Greenwich in summer; after midnight it is the next day. */
static void test_calendars_are_in_utc_in_summer_too(void **state)
{
    const sample *s = *state;
    s->day->date = "2026-07-01";
    s->plan->stops[0].start = 27000;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    assert_int_equal(write_carer_ical(&s->answer, ANN, out), CR_OK);
    assert_int_equal(fclose(out), 0);
    assert_non_null(strstr(text, "DTSTART:20260701T063000Z"));
    assert_non_null(strstr(text, "DTSTAMP:20260630T230000Z"));
    free(text);
}

static void test_every_format_is_the_same_where_the_comma_is_decimal(void **state)
{
    static const answer_writer writers[] = {write_html, write_geojson, write_summary, write_unallocated_csv};
    const sample *s = *state;
    char *before[4];
    for (int i = 0; i < 4; i++)
        before[i] = sample_written(&s->answer, writers[i]);
    const bool tried = sample_use_comma_locale();
    for (int i = 0; i < 4; i++) {
        char *after = sample_written(&s->answer, writers[i]);
        assert_string_equal(before[i], after);
        free(after);
        free(before[i]);
    }
    if (!tried) {
        fputs("test_files: no locale with a decimal comma here: SKIPPED\n", stderr);
        skip();
    }
}

/* Nobody is available: every writer still answers, and says that nobody is served. */
static void test_a_plan_without_rounds_is_an_answer_too(void **state)
{
    static const answer_writer writers[] = {write_plan_json, write_geojson, write_unallocated_csv, write_summary,
                                            write_summary_json};
    const sample *s = *state;
    const cr_problem *p = s->day->problem;
    cr_auto(cr_plan) plan = NULL;
    cr_auto(cr_check) check = NULL;
    cr_auto(cr_report) report = NULL;
    assert_int_equal(cr_plan_new(0, 0, p->n_visits, &plan), CR_OK);
    for (int32_t v = 0; v < p->n_visits; v++)
        plan->unallocated[v] = v;
    assert_int_equal(cr_check_plan(p, plan, &check), CR_OK);
    assert_int_equal(cr_report_plan(p, plan, &report), CR_OK);
    answer a;
    assert_int_equal(answer_init(&a, s->day, plan, check, report, NULL, NULL), CR_OK);
    for (size_t i = 0; i < sizeof writers / sizeof *writers; i++)
        free(sample_written(&a, writers[i]));
    char *page = sample_written(&a, write_html);
    assert_non_null(strstr(page, "<b>0 of 5 visits are placed</b>"));
    assert_non_null(strstr(page, "5 visits are not placed."));
    free(page);
    answer_done(&a);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, sample_setup, sample_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_a_writer_that_fails_leaves_the_old_file_and_no_other),
        TEST(test_a_folder_that_is_not_there_is_named),
        TEST(test_a_link_stays_and_what_it_leads_to_is_made_anew),
        TEST(test_the_folder_has_a_file_for_everybody),
        TEST(test_names_of_files_are_tame),
        TEST(test_calendars_are_in_utc_in_summer_too),
        TEST(test_every_format_is_the_same_where_the_comma_is_decimal),
        TEST(test_a_plan_without_rounds_is_an_answer_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
