/* Read a day: the steps in their order, and who owns what when one of them fails. */
#include "reading.h"

#include <csv.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void reading_done(day_reading *r)
{
    for (int32_t k = 0; k < N_TABLES_READ; k++)
        table_done(&r->tables[k]);
    places_close(&r->places);
    vocabulary_done(&r->skills);
    vocabulary_done(&r->attributes);
    vocabulary_done(&r->grades);
    vocabulary_done(&r->patches);
    vocabulary_done(&r->goods);
    name_index_free(r->provider_index);
    name_index_free(r->carer_index);
    name_index_free(r->shift_index);
    name_index_free(r->client_index);
    name_index_free(r->visit_index);
    name_index_free(r->package_index);
    name_index_free(r->package_place_index);
    free(r->package_places);
    free(r->providers);
    free(r->contracts);
    free(r->carers);
    free(r->shifts);
    free(r->clients);
    free(r->visits);
    free(r->links);
    free(r->familiar);
    free(r->accepted);
    free(r->held_back);
    free(r->legs);
    free(r->events);
    free(r->new_visit_rows);
    free(r->notes);
    cr_roads_free(r->roads);
    json_decref(r->root);
    arena_free(r->strings);
    findings_free(r->findings);
}

static cr_status read_all(day_reading *r)
{
    cr_status st = vocabulary_init(&r->skills, "skill");
    if (!st)
        st = vocabulary_init(&r->attributes, "attribute");
    if (!st)
        st = vocabulary_init(&r->grades, "grade");
    if (!st)
        st = vocabulary_init(&r->patches, "patch");
    if (!st)
        st = vocabulary_init(&r->goods, "goods");
    if (st || (st = read_tables(r)) || (st = read_events(r)) || (st = places_open(r)) || (st = geocode_rows(r)) ||
        (st = read_providers(r)) || (st = read_carers(r)) || (st = read_visits(r)) ||
        (check_events(r), st = read_links(r)) || (st = read_history(r)))
        return st;
    /* These are of nothing but other tables' rows. */
    if (!r->options->is_list &&
        ((st = read_accepted(r)) || (st = read_held_back(r)) || (st = open_roads(r)) || (st = read_matrix(r))))
        return st;
    if ((st = note_what_is_odd(r)))
        return st;
    return arena_failed(r->strings) ? CR_E_NOMEM : CR_OK;
}

/* Can the day be planned: no error at all, or none that leaving out rows does not cure? */
static bool can_be_built(const day_reading *r)
{
    int32_t curable = 0;
    for (int32_t k = 0; k < N_TABLES; k++)
        curable += r->tables[k].n_row_errors;
    int32_t errors = findings_n_errors(r->findings);
    return errors == 0 || (r->options->skip_bad_rows && errors == curable && r->n_visits > 0 && r->n_carers > 0);
}

/* ---- rows left out ---- */

static void put_field(FILE *out, const char *text, bool first)
{
    if (!first)
        fputc(',', out);
    csv_fwrite(out, text, strlen(text));
}

/* All the reasons of a row in one field. The findings are sorted as the tables are, so one walk serves all rows. */
static const char *reasons_of(const day_findings *findings, int32_t *at, arena *strings, const char *file, int32_t line)
{
    const char *reasons = "";
    while (*at < findings->n && (strcmp(findings->items[*at].file, file) != 0 || findings->items[*at].row < line))
        *at += 1;
    for (; *at < findings->n && findings->items[*at].row == line; *at += 1) {
        const day_finding *f = &findings->items[*at];
        if (strcmp(f->file, file) != 0)
            break;
        if (f->is_error)
            reasons = arena_print(strings, "%s%s%s%s%s", reasons, *reasons ? "; " : "", f->column,
                                  *f->column ? ": " : "", f->text);
    }
    return reasons;
}

static void put_rejected_table(FILE *out, const table *t, const day_findings *findings, arena *strings)
{
    bool headed = false;
    int32_t at = 0;
    for (int32_t i = 0; i < t->n_rows; i++) {
        if (!t->bad[i])
            continue;
        if (!headed) {
            fputs("file,row,reasons", out);
            for (int32_t h = 0; h < t->n_headings; h++)
                put_field(out, t->heading[h], false);
            fputs("\r\n", out);
        }
        headed = true;
        put_field(out, table_row_file(t, i), true);
        fprintf(out, ",%d", t->line[i]);
        put_field(out, reasons_of(findings, &at, strings, table_row_file(t, i), t->line[i]), false);
        for (int32_t h = 0; h < t->n_headings; h++)
            put_field(out, t->cell[(size_t)i * (size_t)t->n_headings + (size_t)h], false);
        fputs("\r\n", out);
    }
}

/* One block per table, each under its own headings, since the tables have different columns. */
static cr_status write_rejected(const day_reading *r, const day_findings *findings, char **ret_csv)
{
    cr_auto(arena) strings = NULL;
    char *csv = NULL;
    size_t size = 0;
    cr_status st = arena_new(&strings);
    FILE *out = st ? NULL : open_memstream(&csv, &size);
    if (!out)
        return CR_E_NOMEM;
    for (int32_t k = 0; k < N_TABLES; k++)
        put_rejected_table(out, &r->tables[k], findings, strings);
    if (fclose(out) || arena_failed(strings)) {
        free(csv);
        return CR_E_NOMEM;
    }
    *ret_csv = csv;
    return CR_OK;
}

static bool any_bad_row(const day_reading *r)
{
    for (int32_t k = 0; k < N_TABLES; k++)
        for (int32_t i = 0; i < r->tables[k].n_rows; i++)
            if (r->tables[k].bad[i])
                return true;
    return false;
}

/* ---- the whole ---- */

static cr_status keep_notes(const day_reading *r, cr_day *day)
{
    day->change_notes = arena_take_bytes(day->strings, ((size_t)r->n_notes + 1) * sizeof *day->change_notes);
    if (!day->change_notes)
        return CR_E_NOMEM;
    for (int32_t i = 0; i < r->n_notes; i++)
        day->change_notes[i] = r->notes[i];
    day->n_change_notes = r->n_notes;
    return CR_OK;
}

static cr_status publish(day_reading *r, cr_status st, day_findings **ret_findings)
{
    bool has_errors = findings_n_errors(r->findings) > 0;
    bool left_out = r->options->skip_bad_rows && any_bad_row(r);
    cr_status published = findings_publish(&r->findings, ret_findings);
    if (!published && left_out)
        published = write_rejected(r, *ret_findings, &(*ret_findings)->rejected_csv);
    return published ? published : st ? st : has_errors ? CR_E_INPUT : CR_OK;
}

static int32_t count_rows(const day_reading *r)
{
    int32_t n = 0;
    for (int32_t k = 0; k < N_TABLES; k++)
        n += r->tables[k].n_rows;
    return n;
}

static cr_status read_day(const day_read_options *options, cr_day **ret_day, int32_t *ret_n_rows,
                          day_findings **ret_findings)
{
    day_reading r = {.options = options};
    cr_auto(cr_day) day = NULL;
    *ret_day = NULL;
    *ret_findings = NULL;
    cr_status st = findings_new(&r.findings);
    if (!st)
        st = arena_new(&r.strings);
    if (!st)
        st = read_all(&r);
    *ret_n_rows = count_rows(&r);
    if (!st && !options->is_list && can_be_built(&r))
        st = build_day(&r, &day);
    if (!st && day)
        st = keep_notes(&r, day);
    if (r.findings)
        st = publish(&r, st, ret_findings);
    if (day && (st == CR_OK || st == CR_E_INPUT))
        *ret_day = cr_day_take(&day);
    reading_done(&r);
    return st;
}

/* In the C locale, for this thread: messages quote 12.71 with a point, whatever the locale of our caller. */
static cr_status read_in_c_locale(const day_read_options *options, cr_day **ret_day, int32_t *ret_n_rows,
                                  day_findings **ret_findings)
{
    locale_t c_locale = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
    locale_t before = c_locale ? uselocale(c_locale) : (locale_t)0;
    cr_status st = read_day(options, ret_day, ret_n_rows, ret_findings);
    if (c_locale) {
        uselocale(before);
        freelocale(c_locale);
    }
    return st;
}

cr_status cr_day_read(const day_read_options *options, cr_day **ret_day, day_findings **ret_findings)
{
    int32_t n_rows;
    return read_in_c_locale(options, ret_day, &n_rows, ret_findings);
}

cr_status day_check_list(const day_read_options *options, int32_t *ret_n_rows, day_findings **ret_findings)
{
    day_read_options alone = *options;
    cr_day *day = NULL;
    alone.is_list = true;
    return read_in_c_locale(&alone, &day, ret_n_rows, ret_findings); /* which makes no day of a list */
}
