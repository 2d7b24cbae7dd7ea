/* One run: a day planned with one seed, checked, and written down as a record.
 *
 * Nothing counts that the checker has not passed: a plan that breaks a rule becomes a record with the rules and without
 * figures, so that the table can say so.
 */
#include "scenario.h"

#include "careround/solve.h"
#include "cmd.h"
#include "providers.h"
#include "store.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

#define RECORD_FORMAT "careround scenario run"

/* ---- which plan it was ---- */

/* SHA-256 over every number of a plan, so that a repeat can be told from a plan of equal cost. */
static cr_status plan_hash(const cr_plan *plan, char ret_hash[STORE_HASH_SIZE])
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return CR_E_NOMEM;
    for (int32_t r = 0; r < plan->n_rounds; r++) {
        const cr_round *round = &plan->rounds[r];
        fprintf(out, "round %d %d %d\n", round->shift, round->depart, round->arrive);
        for (int32_t k = round->stops.first; k < round->stops.first + round->stops.n; k++)
            fprintf(out, "%d %d %d\n", plan->stops[k].slot, plan->stops[k].brk, plan->stops[k].start);
    }
    for (int32_t u = 0; u < plan->n_unallocated; u++)
        fprintf(out, "unallocated %d\n", plan->unallocated[u]);
    bool written = fclose(out) == 0;
    if (written)
        store_hash(text, size, ret_hash);
    free(text);
    return written ? CR_OK : CR_E_NOMEM;
}

/* ---- figures ---- */

static json_t *providers_json(const answer *a)
{
    provider_figures *figures = provider_figures_make(a);
    json_t *list = figures ? json_array() : NULL;
    for (int32_t i = 0; list && i <= a->day->n_providers; i++) {
        const provider_figures *f = &figures[i];
        bool is_none = i == a->day->n_providers;
        if (f->n_carers == 0)
            continue;
        json_t *one = json_pack("{s:s, s:s, s:i, s:i, s:I, s:I, s:I, s:i, s:i}", "provider",
                                is_none ? "" : a->day->providers[i].provider_id, "name",
                                is_none ? "no provider" : a->day->providers[i].name, "carers_used", f->n_carers_used,
                                "carer_visits", f->n_visits, "care_s", (json_int_t)f->sum.care, "travel_s",
                                (json_int_t)f->sum.travel, "dist_m", (json_int_t)f->sum.dist_m, "familiar",
                                f->n_familiar, "known", f->n_known);
        if (json_array_append_new(list, one)) {
            json_decref(list);
            list = NULL;
        }
    }
    free(figures);
    return list;
}

static json_t *terms_json(const cr_cost *cost)
{
    json_t *terms = json_object();
    for (int32_t t = 0; t < CR_TERM_N; t++)
        if (json_object_set_new(terms, cr_term_name((cr_term)t), json_integer(cost->term[t]))) {
            json_decref(terms);
            return NULL;
        }
    return terms;
}

/* Costs in cost units (3,600,000 to the penny): whole numbers, so nothing is rounded before the table. */
static json_t *figures_json(const answer *a)
{
    const cr_report *r = a->report;
    return json_pack("{s:I, s:I, s:i, s:i, s:i, s:I, s:I, s:I, s:I, s:i, s:i, s:o, s:o}", "cost_units",
                     (json_int_t)a->check->cost.total, "paid_units", (json_int_t)words_money_of(&a->check->cost, true),
                     "visits", r->n_visits, "unallocated_visits", a->plan->n_unallocated, "carers_used",
                     r->n_carers_used, "care_s", (json_int_t)r->sum.care, "travel_s", (json_int_t)r->sum.travel,
                     "waiting_s", (json_int_t)r->sum.waiting, "dist_m", (json_int_t)r->sum.dist_m, "familiar",
                     r->n_familiar_slots, "known", r->n_known_slots, "terms_units", terms_json(&a->check->cost),
                     "providers", providers_json(a));
}

static cr_status make_figures(const cr_day *day, const cr_plan *plan, const cr_check *check, json_t **ret_figures)
{
    cr_auto(cr_report) report = NULL;
    answer a;
    cr_status st = cr_report_plan(day->problem, plan, &report);
    if (!st)
        st = answer_init(&a, day, plan, check, report, NULL, NULL);
    if (st)
        return st;
    *ret_figures = figures_json(&a);
    answer_done(&a);
    return *ret_figures ? CR_OK : CR_E_NOMEM;
}

/* ---- the record ---- */

static cr_status make_record(const cr_day *day, const scenario_run_options *o, const cr_plan *plan,
                             const cr_solve_stats *stats, json_t **ret_record)
{
    cr_auto(cr_check) check = NULL;
    char fingerprint[DAY_FINGERPRINT_SIZE], hash[STORE_HASH_SIZE];
    json_t *figures = NULL;
    cr_status st = cr_check_plan(day->problem, plan, &check);
    bool is_sound = !st && check->n_breaches == 0;
    if (!st)
        st = plan_hash(plan, hash);
    if (is_sound && !st)
        st = make_figures(day, plan, check, &figures);
    if (st)
        return st;
    day_fingerprint(day, fingerprint);
    *ret_record =
        json_pack("{s:s, s:i, s:s, s:s, s:I, s:I, s:f, s:i, s:s, s:s, s:b, s:o, s:o}", "format", RECORD_FORMAT,
                  "format_version", 1, "key", o->key, "scenario", o->scenario, "seed", (json_int_t)o->seed,
                  "iterations", (json_int_t)stats->iterations, "seconds", stats->elapsed_s, "threads", o->n_threads,
                  "day", fingerprint, "plan_sha256", hash, "is_sound", (int)is_sound, "broken_rules",
                  cmd_breaches_json(day, check), "figures", figures ? figures : json_null());
    return *ret_record ? CR_OK : CR_E_NOMEM;
}

cr_status scenario_run(const cr_day *day, const scenario_run_options *o, json_t **ret_record)
{
    cr_auto(cr_plan) plan = NULL;
    cr_solve_options how = CR_SOLVE_OPTIONS_INIT;
    cr_solve_stats stats;
    how.time_s = o->time_s;
    how.iterations = o->iterations;
    how.seed = (uint64_t)o->seed;
    how.n_threads = o->n_threads;
    how.clock_s = cmd_clock_s;
    how.should_stop = cmd_should_stop;
    *ret_record = NULL;
    cr_status st = cr_solve(day->problem, &how, &plan, &stats);
    if (st || cmd_should_stop(NULL))
        return st; /* cut short, it would be worse than the others and count as if it were not */
    return make_record(day, o, plan, &stats, ret_record);
}

/* ---- a record read back ---- */

static bool has_integers(const json_t *object, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!json_is_integer(json_object_get(object, names[i])))
            return false;
    return true;
}

static bool figures_are_whole(const json_t *figures)
{
    static const char *const names[] = {"cost_units", "paid_units", "unallocated_visits", "travel_s", "dist_m",
                                        "familiar",   "known"};
    static const char *const of_provider[] = {"carer_visits", "care_s", "travel_s", "dist_m", "familiar", "known"};
    const json_t *providers = json_object_get(figures, "providers");
    size_t i;
    json_t *one;
    bool whole = has_integers(figures, names, sizeof names / sizeof *names) && json_is_array(providers);
    json_array_foreach((json_t *)providers, i, one) whole =
        whole && has_integers(one, of_provider, sizeof of_provider / sizeof *of_provider) &&
        json_is_string(json_object_get(one, "provider")) && json_is_string(json_object_get(one, "name"));
    return whole;
}

bool scenario_record_is_whole(const json_t *record, const char *key)
{
    const char *format = json_string_value(json_object_get(record, "format"));
    const char *own_key = json_string_value(json_object_get(record, "key"));
    const json_t *is_sound = json_object_get(record, "is_sound");
    return format && strcmp(format, RECORD_FORMAT) == 0 && own_key && strcmp(own_key, key) == 0 &&
           json_is_boolean(is_sound) && json_is_string(json_object_get(record, "plan_sha256")) &&
           json_is_array(json_object_get(record, "broken_rules")) &&
           (json_is_false(is_sound) || figures_are_whole(json_object_get(record, "figures")));
}
