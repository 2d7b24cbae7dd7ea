/* Benchmark instances as values: made, filled, freed. */
#include "bench.h"

#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

cr_status bench_fault(bench_message *message, const char *format, ...)
{
    locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0); /* 4.5 as in the file, wherever we run */
    locale_t before = c_locale ? uselocale(c_locale) : (locale_t)0;
    va_list args;
    va_start(args, format);
    vsnprintf(message->text, sizeof message->text, format, args);
    va_end(args);
    if (c_locale) {
        uselocale(before);
        freelocale(c_locale);
    }
    return CR_E_INPUT;
}

bench_instance *bench_instance_free(bench_instance *instance)
{
    if (instance) {
        if (instance->own_free)
            instance->own_free(instance->own);
        cr_problem_free(instance->problem);
        cr_matrix_free(instance->matrix);
        free(instance->node);
        free(instance->slot_node);
        free(instance->is_optional);
        free(instance->service);
        free(instance);
    }
    return NULL;
}

cr_status bench_instance_new(int32_t n_places, int32_t n_visits, int32_t n_slots, bench_instance **ret_instance)
{
    cr_auto(bench_instance) instance = calloc(1, sizeof *instance);
    if (!instance)
        return CR_E_NOMEM;
    cr_status st = cr_problem_new(&instance->problem);
    if (!st)
        st = cr_matrix_new(n_places, &instance->matrix);
    if (st)
        return st;
    instance->node = calloc((size_t)n_visits + 1, sizeof *instance->node);
    instance->service = calloc((size_t)n_slots + 1, sizeof *instance->service);
    if (!instance->node || !instance->service)
        return CR_E_NOMEM;
    instance->problem->n_places = n_places;
    instance->problem->n_modes = 1;
    instance->problem->matrix[0] = instance->matrix;
    *ret_instance = bench_instance_take(&instance);
    return CR_OK;
}

cr_status bench_instance_add_visit(bench_instance *instance, const cr_visit *visit, cr_window window, int64_t node)
{
    cr_status st = cr_problem_add_visit(instance->problem, visit);
    if (!st)
        st = cr_problem_add_window(instance->problem, window.open, window.close);
    if (!st)
        instance->node[instance->problem->n_visits - 1] = node;
    return st;
}

cr_status bench_instance_add_slot(bench_instance *instance, const cr_slot *slot, int32_t service)
{
    cr_status st = cr_problem_add_slot(instance->problem, slot);
    if (!st)
        instance->service[instance->problem->n_slots - 1] = service;
    return st;
}

int64_t bench_slot_node(const bench_instance *instance, int32_t slot)
{
    return instance->slot_node ? instance->slot_node[slot] : instance->node[instance->problem->slots[slot].visit];
}

char *bench_instance_name(const char *path)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    size_t first = length;
    while (first > 0 && path[first - 1] != '/')
        first--;
    char *name = strndup(path + first, length - first);
    if (!name)
        return NULL;
    char *ending = strrchr(name, '.');
    if (ending && ending != name)
        *ending = '\0';
    return name;
}
