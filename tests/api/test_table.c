/* Tables from CSV in every guise, from JSON, and the matching of their headings. */
#include "columns.h"
#include "near.h"
#include "reading.h"
#include "text_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct fixture {
    arena *strings;
    findings_book *findings;
    table t;
} fixture;

static int setup(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    if (!f || arena_new(&f->strings) || findings_new(&f->findings))
        return -1;
    table_init(&f->t, &table_kinds[TABLE_HISTORY], "history.csv", f->strings);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;
    table_done(&f->t);
    arena_free(f->strings);
    findings_free(f->findings);
    free(f);
    return 0;
}

/* From the bytes of a file to a matched table, as the reader does it. */
static void read_bytes(fixture *f, const char *bytes, size_t n)
{
    text_file text;
    char message[300];
    assert_int_equal(text_file_decode(bytes, n, &text, message, sizeof message), CR_OK);
    assert_int_equal(table_read_csv(&f->t, text.text, text.size, f->findings), CR_OK);
    text_file_done(&text);
    assert_int_equal(table_match_headings(&f->t, NULL, f->findings), CR_OK);
}

#define READ(f, literal) read_bytes(f, literal, sizeof literal - 1)

static void check_row(const fixture *f, int32_t at, int32_t line, const char *client, const char *carer)
{
    assert_true(at < f->t.n_rows);
    assert_int_equal(f->t.line[at], line);
    assert_string_equal(table_text(&f->t, at, HISTORY_CLIENT_ID), client);
    assert_string_equal(table_text(&f->t, at, HISTORY_CARER_ID), carer);
}

static void test_commas(void **state)
{
    READ(*state, "client_id,carer_id,date\nMary,Ann,2026-11-20\n");
    check_row(*state, 0, 2, "Mary", "Ann");
    assert_false(((fixture *)*state)->t.decimal_comma);
}

static void test_semicolons_and_tabs_allow_decimal_commas(void **state)
{
    READ(*state, "client_id;carer_id;date\r\nMary, the elder;Ann;x\r\n");
    check_row(*state, 0, 2, "Mary, the elder", "Ann");
    assert_true(((fixture *)*state)->t.decimal_comma);
}

static void test_tabs(void **state)
{
    READ(*state, "client_id\tcarer_id\tdate\nMary;Sue\t Ann \tx\n");
    check_row(*state, 0, 2, "Mary;Sue", "Ann");
}

static void test_a_delimiter_in_a_quoted_heading_is_none(void **state)
{
    READ(*state, "client_id;carer_id;\"a,b,c,d\";date\nMary;Ann;1;x\n");
    check_row(*state, 0, 2, "Mary", "Ann");
}

static void test_quoted_line_breaks_count_lines_as_an_editor_does(void **state)
{
    READ(*state, "client_id,carer_id,date\r\n\"Mary\r\nSmith\",\"Ann \"\"the\"\" Bold\",x\r\n\r\nSue,Bob,x\r\n");
    check_row(*state, 0, 2, "Mary\r\nSmith", "Ann \"the\" Bold");
    check_row(*state, 1, 5, "Sue", "Bob");
}

static void test_old_line_ends_and_no_line_end(void **state)
{
    READ(*state, "client_id,carer_id,date\rMary,Ann,x\r,,\rSue,Bob,x");
    check_row(*state, 0, 2, "Mary", "Ann");
    check_row(*state, 1, 4, "Sue", "Bob");
}

static void test_utf8_with_a_mark(void **state)
{
    READ(*state, "\xEF\xBB\xBF"
                 "client_id,carer_id,date\nZo\xC3\xAB,Ann,x\n");
    check_row(*state, 0, 2, "Zo\xC3\xAB", "Ann");
}

static void test_windows_1252(void **state)
{
    READ(*state, "client_id,carer_id,date\nZo\xEB \x80,O\x92"
                 "Brien,x\n");
    check_row(*state, 0, 2, "Zo\xC3\xAB \xE2\x82\xAC",
              "O\xE2\x80\x99"
              "Brien");
}

static void test_utf16_as_excel_writes_unicode_text(void **state)
{
    static const char latin[] = "client_id\tcarer_id\tdate\nZo\xEB\tAnn\tx\n";
    char bytes[2 * sizeof latin] = {'\xFF', '\xFE'};
    for (size_t i = 0; i + 1 < sizeof latin; i++)
        bytes[2 + 2 * i] = latin[i];
    read_bytes(*state, bytes, 2 * sizeof latin);
    check_row(*state, 0, 2, "Zo\xC3\xAB", "Ann");
}

static void test_headings_match_in_any_order_and_dress(void **state)
{
    READ(*state, "DATE,Colour, Carer ID ,\xC2\xA0"
                 "client-Id\nx,red,Ann,Mary\n");
    check_row(*state, 0, 2, "Mary", "Ann");
}

static void test_a_mapping_goes_before_our_own_names(void **state)
{
    fixture *f = *state;
    static const char text[] = "Service User,carer_id,client_id,date\nMary,Ann,77,x\n";
    json_t *mapping = json_pack("{s:s, s:n}", "service user", "client_id", "Client ID");
    assert_int_equal(table_read_csv(&f->t, text, sizeof text - 1, f->findings), CR_OK);
    assert_int_equal(table_match_headings(&f->t, mapping, f->findings), CR_OK);
    json_decref(mapping);
    check_row(f, 0, 2, "Mary", "Ann");
    assert_int_equal(findings_n_errors(f->findings), 0);
}

static void test_a_field_without_end_is_stopped_early(void **state)
{
    fixture *f = *state;
    size_t n = (size_t)8 << 20;
    char *text = malloc(n);
    assert_non_null(text);
    memset(text, 'x', n);
    memcpy(text, "client_id,carer_id,date\n\"", 25);
    read_bytes(f, text, n);
    free(text);
    assert_int_equal(findings_n_errors(f->findings), 1);
    assert_int_equal(f->t.n_rows, 0);
}

static void test_too_many_columns_are_refused(void **state)
{
    fixture *f = *state;
    char text[2000];
    memset(text, ',', sizeof text);
    text[0] = 'a';
    text[sizeof text - 1] = '\n';
    read_bytes(f, text, sizeof text);
    assert_true(findings_n_errors(f->findings) > 0);
}

static void test_json_becomes_the_text_of_a_cell(void **state)
{
    fixture *f = *state;
    json_t *rows = json_pack("[{s:s, s:i, s:f}, {s:b, s:[s, i], s:n}]", "client_id", "Mary", "carer_id", 7, "date", 0.5,
                             "client_id", 1, "carer_id", "a", 2, "date");
    assert_int_equal(table_read_json(&f->t, rows, f->findings), CR_OK);
    assert_int_equal(table_match_headings(&f->t, NULL, f->findings), CR_OK);
    json_decref(rows);
    check_row(f, 0, 1, "Mary", "7");
    assert_string_equal(table_text(&f->t, 0, HISTORY_DATE), "0.5");
    check_row(f, 1, 2, "yes", "a;2");
    assert_string_equal(table_text(&f->t, 1, HISTORY_DATE), "");
}

static void test_json_that_is_no_table_is_named(void **state)
{
    fixture *f = *state;
    json_t *rows = json_pack("[i, {s:{s:i}}]", 1, "client_id", "a", 1);
    assert_int_equal(table_read_json(&f->t, rows, f->findings), CR_OK);
    json_decref(rows);
    assert_int_equal(findings_n_errors(f->findings), 2);
    assert_true(f->t.bad[0] && f->t.bad[1]);
}

static void test_near_misses(void **state)
{
    (void)state;
    static const char *const words[] = {"medication", "hoist", "peg", "V1"};
    assert_int_equal(near_distance("mediction", "medication", 3), 1);
    assert_int_equal(near_distance("hiost", "hoist", 3), 1); /* two letters swapped are one slip */
    assert_int_equal(near_distance("kitten", "sitting", 3), 3);
    assert_int_equal(near_distance("kitten", "sitting", 2), 3);
    assert_string_equal(near_miss("Mediction", words, 4), "medication");
    assert_string_equal(near_miss("pag", words, 4), "peg");
    assert_null(near_miss("welsh", words, 4));
    assert_null(near_miss("V2", words, 4));
    char key[8];
    near_key("Grid Ref_ERENCE", key, sizeof key);
    assert_string_equal(key, "gridref");
}

int main(void)
{
#define WITH_TABLE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        WITH_TABLE(test_commas),
        WITH_TABLE(test_semicolons_and_tabs_allow_decimal_commas),
        WITH_TABLE(test_tabs),
        WITH_TABLE(test_a_delimiter_in_a_quoted_heading_is_none),
        WITH_TABLE(test_quoted_line_breaks_count_lines_as_an_editor_does),
        WITH_TABLE(test_old_line_ends_and_no_line_end),
        WITH_TABLE(test_utf8_with_a_mark),
        WITH_TABLE(test_windows_1252),
        WITH_TABLE(test_utf16_as_excel_writes_unicode_text),
        WITH_TABLE(test_headings_match_in_any_order_and_dress),
        WITH_TABLE(test_a_mapping_goes_before_our_own_names),
        WITH_TABLE(test_a_field_without_end_is_stopped_early),
        WITH_TABLE(test_too_many_columns_are_refused),
        WITH_TABLE(test_json_becomes_the_text_of_a_cell),
        WITH_TABLE(test_json_that_is_no_table_is_named),
        cmocka_unit_test(test_near_misses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
