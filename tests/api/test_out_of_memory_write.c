/* Memory that runs out while a plan is written or read back: the first allocation fails, then the second, and so on;
 * each time a clean status and no leak, and never half an answer that calls itself whole.
 *
 * The linker hands the calls of our own code to failing_memory.h and the functions below; Jansson is told to ask them,
 * too, while we write. While we read it keeps its own, for it does not tell a lack of memory from a fault of the text.
 */
#include "../failing_memory.h"
#include "sample_day.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

void *__real_reallocarray(void *old, size_t n, size_t size);
FILE *__real_open_memstream(char **text, size_t *size);
void *__wrap_reallocarray(void *old, size_t n, size_t size);
FILE *__wrap_open_memstream(char **text, size_t *size);

void *__wrap_reallocarray(void *old, size_t n, size_t size)
{
    return fails_now() ? NULL : __real_reallocarray(old, n, size);
}

FILE *__wrap_open_memstream(char **text, size_t *size)
{
    return fails_now() ? NULL : __real_open_memstream(text, size);
}

/* ---- writing ---- */

static cr_status all_carers(const answer *a, FILE *out)
{
    return write_carer_csv(a, CR_NONE, out);
}

static cr_status all_clients(const answer *a, FILE *out)
{
    return write_client_csv(a, CR_NONE, out);
}

static cr_status ann_ical(const answer *a, FILE *out)
{
    return write_carer_ical(a, ANN, out);
}

static cr_status write_with_failure(const sample *s, answer_writer write, FILE *out, int n)
{
    answer a;
    n_until_failure = n;
    has_failed = false;
    cr_status st = answer_init(&a, s->day, s->plan, s->check, s->report, &s->explanations, NULL);
    if (!st) {
        st = write(&a, out);
        answer_done(&a);
    }
    n_until_failure = -1;
    return st;
}

static void test_every_writer_says_that_memory_ran_out(void **state)
{
    static const answer_writer writers[] = {write_plan_json, write_summary,         write_summary_json,
                                            write_html,      write_geojson,         all_carers,
                                            all_clients,     write_unallocated_csv, ann_ical};
    const sample *s = *state;
    FILE *out = fopen("/dev/null", "w");
    assert_non_null(out);
    json_set_alloc_funcs(__wrap_malloc, free);
    int n_wrong = 0;
    for (size_t w = 0; w < sizeof writers / sizeof *writers; w++) {
        int n = 0;
        for (;; n++) {
            cr_status st = write_with_failure(s, writers[w], out, n);
            if (!has_failed) {
                n_wrong += st != CR_OK;
                break;
            }
            if (st != CR_E_NOMEM)
                print_error("writer %zu, allocation %d: status %d\n", w, n, (int)st);
            n_wrong += st != CR_E_NOMEM;
        }
        assert_true(n >= 4); /* the itinerary alone takes that many */
    }
    json_set_alloc_funcs(__real_malloc, free);
    fclose(out);
    assert_int_equal(n_wrong, 0);
}

/* ---- reading ---- */

static int read_until_none_fails(const sample *s, const char *text, cr_status expected)
{
    for (int n = 0;; n++) {
        cr_auto(cr_plan) plan = NULL;
        cr_auto(plan_faults) faults = NULL;
        n_until_failure = n;
        has_failed = false;
        cr_status st = plan_json_parse(text, strlen(text), s->day, &plan, NULL, &faults);
        n_until_failure = -1;
        assert_int_equal(st, has_failed ? CR_E_NOMEM : expected);
        assert_int_equal(plan != NULL, st == CR_OK);
        if (!has_failed)
            return n;
    }
}

static void test_the_reader_says_that_memory_ran_out(void **state)
{
    const sample *s = *state;
    char *text = sample_written(&s->answer, write_plan_json);
    assert_true(read_until_none_fails(s, text, CR_OK) >= 5);
    assert_true(read_until_none_fails(s, "{\"format\": \"other\"}", CR_E_INPUT) >= 3);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_every_writer_says_that_memory_ran_out, sample_setup, sample_teardown),
        cmocka_unit_test_setup_teardown(test_the_reader_says_that_memory_ran_out, sample_setup, sample_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
