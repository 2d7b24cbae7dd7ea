/* Every column and setting that the reader knows is in docs/input.md and in the schema of a day, and no other. */
#include "columns.h"
#include "reading.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char *read_source(const char *file)
{
    char path[4096];
    const char *source = getenv("CAREROUND_SOURCE");
    assert_non_null(source);
    snprintf(path, sizeof path, "%s/%s", source, file);
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    char *text = calloc(1, 1 << 20);
    assert_non_null(text);
    assert_true(fread(text, 1, (1 << 20) - 1, in) > 0);
    fclose(in);
    return text;
}

/* A package has the columns of a visit too; the page says them once. */
static bool is_said_with_visits(int kind, const char *column)
{
    const table_kind *visits = &table_kinds[TABLE_VISITS];
    for (int32_t c = 0; kind == TABLE_PACKAGES && c < visits->n_columns; c++)
        if (strcmp(visits->columns[c].name, column) == 0)
            return true;
    return false;
}

static void test_the_page_has_every_column_and_setting(void **state)
{
    (void)state;
    char *page = read_source("docs/input.md"), name[128];
    for (int k = 0; k < N_TABLES; k++) {
        snprintf(name, sizeof name, "\n## %s\n", table_kinds[k].file);
        const char *part = strstr(page, name);
        assert_non_null(part);
        const char *end = strstr(part + 1, "\n## ");
        for (int32_t c = 0; c < table_kinds[k].n_columns; c++) {
            if (is_said_with_visits(k, table_kinds[k].columns[c].name))
                continue;
            snprintf(name, sizeof name, "\n| `%s` | ", table_kinds[k].columns[c].name);
            const char *line = strstr(part, name);
            if (!line || line > end)
                print_error("docs/input.md, %s: no row for '%s'\n", table_kinds[k].file,
                            table_kinds[k].columns[c].name);
            assert_true(line && line < end);
        }
    }
    for (int32_t i = 0; i < settings_n_names(); i++) {
        snprintf(name, sizeof name, "`%s`", settings_name(i));
        if (!strstr(page, name))
            print_error("docs/input.md has no setting %s\n", name);
        assert_non_null(strstr(page, name));
    }
    free(page);
}

static json_t *schema_part(json_t *schema, const char *name)
{
    const char *ref = json_string_value(json_object_get(
        json_object_get(json_object_get(json_object_get(schema, "properties"), name), "items"), "$ref"));
    assert_non_null(ref);
    return json_object_get(json_object_get(schema, "$defs"), strrchr(ref, '/') + 1);
}

static void test_the_schema_has_the_same_columns(void **state)
{
    (void)state;
    char *text = read_source("data/schema/problem.schema.json");
    json_t *schema = json_loads(text, 0, NULL);
    free(text);
    assert_non_null(schema);
    for (int k = 0; k < N_TABLES; k++) {
        json_t *part = schema_part(schema, table_kinds[k].name), *properties = json_object_get(part, "properties");
        size_t n_required = 0;
        for (int32_t c = 0; c < table_kinds[k].n_columns; c++) {
            assert_non_null(json_object_get(properties, table_kinds[k].columns[c].name));
            n_required += table_kinds[k].columns[c].required;
        }
        assert_int_equal(json_object_size(properties), table_kinds[k].n_columns);
        assert_int_equal(json_array_size(json_object_get(part, "required")), n_required);
    }
    json_decref(schema);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_page_has_every_column_and_setting),
        cmocka_unit_test(test_the_schema_has_the_same_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
