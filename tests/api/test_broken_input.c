/* Every kind of broken input that we know, and the exact words it gets.
 *
 * A sound little day is written into a folder, a case breaks it in one place, and what cr_day_read() finds is compared
 * word for word. docs/input-errors.md is made from the same table: `test_api_broken_input --write FILE` writes it, and
 * the last test compares, so the page cannot promise anything else.
 */
#include "broken_input.h"
#include "cmd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <csv.h>

#define FOLDER_SIZE 64
#define MOST_CELLS  48

/* ---- the sound day ---- */

typedef struct sheet {
    const char *file;
    int n;
    const char *column[MOST_CELLS], *first[MOST_CELLS], *second[MOST_CELLS];
} sheet;

static const sheet sound_visits = {
    "visits.csv",
    7,
    {"visit_id", "client_id", "latitude", "longitude", "band", "duration", "skills"},
    {"V1", "C1", "55.89", "-3.07", "morning", "30", "medication"},
    {"V2", "C2", "55.90", "-3.08", "lunch", "30", ""},
};

static const sheet sound_carers = {
    "carers.csv",
    6,
    {"carer_id", "name", "shift_start", "shift_end", "skills", "attributes"},
    {"ANN", "Ann", "07:00", "14:00", "medication;hoist:2", "female"},
    {"BOB", "Bob", "12:00", "22:00", "hoist", "dogs"},
};

static void set_cell(sheet *s, const char *column, const char *text)
{
    int c = 0;
    while (c < s->n && strcmp(s->column[c], column) != 0)
        c++;
    if (c == s->n) {
        assert_true(s->n < MOST_CELLS);
        s->n++;
        s->column[c] = column;
        s->second[c] = "";
    }
    s->first[c] = text;
}

/* ---- writing a folder ---- */

static FILE *open_in(const char *folder, const char *file)
{
    char path[FOLDER_SIZE + 64];
    snprintf(path, sizeof path, "%s/%s", folder, file);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    return out;
}

static void put_line(FILE *out, const char *const *cells, int n)
{
    for (int i = 0; i < n; i++) {
        fputs(i ? "," : "", out);
        csv_fwrite(out, cells[i], strlen(cells[i]));
    }
    fputs("\n", out);
}

static void write_sheet(const char *folder, const sheet *s)
{
    FILE *out = open_in(folder, s->file);
    put_line(out, s->column, s->n);
    put_line(out, s->first, s->n);
    put_line(out, s->second, s->n);
    fclose(out);
}

static void write_text(const char *folder, const char *file, const char *text, size_t n)
{
    FILE *out = open_in(folder, file);
    assert_int_equal(fwrite(text, 1, n, out), n);
    fclose(out);
}

static void write_edited(const char *folder, const sheet *sound, const broken_case *c)
{
    sheet s = *sound;
    for (const broken_edit *e = c->edits; e->file; e++)
        if (e->column && strcmp(e->file, s.file) == 0)
            set_cell(&s, e->column, e->text);
    write_sheet(folder, &s);
}

static void remove_file(const char *folder, const char *file)
{
    char path[FOLDER_SIZE + 64];
    snprintf(path, sizeof path, "%s/%s", folder, file);
    unlink(path);
}

static void make_folder(const broken_case *c, char folder[FOLDER_SIZE])
{
    static const char settings[] = "{\"date\": \"2026-11-23\"}";
    snprintf(folder, FOLDER_SIZE, "/tmp/careround-broken-XXXXXX");
    assert_non_null(mkdtemp(folder));
    write_text(folder, "settings.json", settings, sizeof settings - 1);
    write_edited(folder, &sound_visits, c);
    write_edited(folder, &sound_carers, c);
    for (const broken_edit *e = c->edits; e->file; e++)
        if (!e->column && e->text)
            write_text(folder, e->file, e->text, e->n);
        else if (!e->column)
            remove_file(folder, e->file);
}

static void remove_folder(const char *folder)
{
    static const char *const files[] = {"visits.csv",    "packages.csv", "accepted.csv", "carers.csv",
                                        "providers.csv", "history.csv",  "matrix.csv",   "settings.json",
                                        "columns.json",  "held_back.csv"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        remove_file(folder, files[i]);
    assert_int_equal(rmdir(folder), 0);
}

/* ---- the cases ---- */

static char *words_of(const day_findings *findings)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    cmd_print_findings(findings, out);
    assert_int_equal(fclose(out), 0);
    /* the last line is the count, which says nothing more */
    if (size > 1) {
        text[size - 1] = '\0';
        char *last = strrchr(text, '\n');
        *(last ? last : text) = '\0';
    }
    return text;
}

static bool is_as_expected(const broken_case *c)
{
    char folder[FOLDER_SIZE];
    make_folder(c, folder);
    cr_auto(cr_day) day = NULL;
    cr_auto(day_findings) findings = NULL;
    day_read_options options = {.path = folder};
    cr_status st = cr_day_read(&options, &day, &findings);
    remove_folder(folder);
    char *words = words_of(findings);
    bool same = strcmp(words, c->expected) == 0;
    if (!same)
        print_error("%s\n  expected: %s\n  got:      %s\n", c->what, c->expected, words);
    free(words);
    assert_int_equal(st, findings->n_errors ? CR_E_INPUT : CR_OK);
    assert_int_equal(day == NULL, findings->n_errors > 0);
    return same;
}

static void test_the_sound_day_has_nothing_to_find(void **state)
{
    (void)state;
    assert_true(is_as_expected(&(broken_case){"nothing", {{NULL, NULL, NULL, 0}}, ""}));
}

static void test_every_fault_gets_its_words(void **state)
{
    (void)state;
    int n_wrong = 0;
    for (int i = 0; i < n_broken_cases; i++)
        n_wrong += !is_as_expected(&broken_cases[i]);
    assert_int_equal(n_wrong, 0);
    assert_true(n_broken_cases >= 60);
}

/* ---- the page ---- */

/* Text in a cell of a Markdown table. */
static void put_cell(FILE *out, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '\n')
            fputs(i + 1 < n ? "<br>" : "", out);
        else if (c < 0x20 || c >= 0x7F)
            fprintf(out, "\\x%02X", c);
        else if (c == '|' || c == '<')
            fprintf(out, "\\%c", c);
        else
            fputc(c, out);
    }
}

static void put_edit(FILE *out, const broken_edit *e)
{
    if (!e->text) {
        fprintf(out, "no %s", e->file);
        return;
    }
    fprintf(out, "%s: %s%s", e->file, e->column ? e->column : "", e->column ? " = " : "");
    if (e->n == 0)
        fputs("(empty)", out);
    put_cell(out, e->text, e->n);
}

static void write_page(FILE *out)
{
    fprintf(out,
            "# What careround says about broken input\n\n"
            "%d kinds of broken or odd input and the exact words each gets from `careround plan DAY --dry-run`.\n"
            "Made by `test_api_broken_input --write docs/input-errors.md` from the table that the test checks\n"
            "(`tests/api/broken_input.c`); each case breaks a sound day of two visits and two carers in one place.\n"
            "Rows are lines of the file: the headings are row 1.\n\n"
            "| what is wrong | in the input | what careround says |\n|---|---|---|\n",
            n_broken_cases);
    for (int i = 0; i < n_broken_cases; i++) {
        const broken_case *c = &broken_cases[i];
        fprintf(out, "| %s | ", c->what);
        for (const broken_edit *e = c->edits; e->file; e++) {
            fputs(e > c->edits ? "<br>" : "", out);
            put_edit(out, e);
        }
        fputs(" | ", out);
        put_cell(out, c->expected, strlen(c->expected));
        fputs(" |\n", out);
    }
}

static char *page_text(void)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    write_page(out);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void test_the_page_says_the_same(void **state)
{
    (void)state;
    const char *source = getenv("CAREROUND_SOURCE");
    assert_non_null(source);
    char path[4096];
    snprintf(path, sizeof path, "%s/docs/input-errors.md", source);
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    char *made = page_text(), *kept = calloc(1, strlen(made) + 2);
    assert_non_null(kept);
    size_t n = fread(kept, 1, strlen(made) + 1, in);
    fclose(in);
    bool same = n == strlen(made) && memcmp(kept, made, n) == 0;
    free(made);
    free(kept);
    if (!same)
        print_error("docs/input-errors.md is old: run test_api_broken_input --write docs/input-errors.md\n");
    assert_true(same);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_sound_day_has_nothing_to_find),
        cmocka_unit_test(test_every_fault_gets_its_words),
        cmocka_unit_test(test_the_page_says_the_same),
    };
    if (argc == 3 && strcmp(argv[1], "--write") == 0) {
        FILE *out = fopen(argv[2], "w");
        if (!out)
            return EXIT_FAILURE;
        write_page(out);
        return fclose(out) ? EXIT_FAILURE : EXIT_SUCCESS;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
