/* The forms of a table of scenarios, as files of a bundle and of the service. */
#include "scenario.h"

#include "cmd.h"

const scenario_form scenario_forms[] = {
    {"table.txt", "text/plain; charset=utf-8", scenario_write_text},
    {"table.csv", "text/csv; charset=utf-8", scenario_write_csv},
    {"runs.csv", "text/csv; charset=utf-8", scenario_write_runs_csv},
    {"table.json", "application/json", scenario_write_json},
    {"table.html", "text/html; charset=utf-8", scenario_write_html},
    {NULL, NULL, NULL},
};

typedef struct form_of_table {
    const scenario_table *table;
    const scenario_form *form;
} form_of_table;

static bool write_form(FILE *out, void *user)
{
    const form_of_table *f = user;
    return f->form->write(f->table, out) == CR_OK;
}

cr_status scenario_forms_write(const scenario_bundle *bundle, const scenario_table *table)
{
    cr_status st = CR_OK;
    for (const scenario_form *form = scenario_forms; !st && form->name; form++) {
        form_of_table f = {table, form};
        st = cmd_write_file(scenario_bundle_path(bundle, form->name), write_form, &f);
    }
    return st;
}
