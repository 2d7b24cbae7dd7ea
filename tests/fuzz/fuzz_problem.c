/* Fuzz: any records at all go through the problem's builder and validation.
 *
 * The engine trusts a problem that cr_problem_validate() has passed, so the validation must stand any numbers and say
 * what is wrong. The bytes are a list of calls, which add a record or set a field of the last one of its kind; small
 * numbers are likelier than large ones, so that sound problems come up as well.
 */
#include "fuzz.h"

#include "careround/problem.h"

#include <stddef.h>
#include <string.h>

typedef struct byte_reader {
    const uint8_t *at, *end;
} byte_reader;

static uint8_t read_byte(byte_reader *bytes)
{
    return bytes->at < bytes->end ? *bytes->at++ : 0;
}

/* One byte for -8 to 247; 255 announces four bytes of anything. */
static int32_t read_number(byte_reader *bytes)
{
    uint8_t first = read_byte(bytes);
    if (first < 255)
        return (int32_t)first - 8;
    uint32_t raw = 0;
    for (int i = 0; i < 4; i++)
        raw = raw << 8 | read_byte(bytes);
    return (int32_t)raw;
}

static cr_range read_range(byte_reader *bytes)
{
    cr_range range = {read_number(bytes), 0};
    range.n = read_number(bytes);
    return range;
}

static cr_status add_carer_and_shift(cr_problem *problem, byte_reader *bytes)
{
    cr_carer carer = CR_CARER_INIT;
    carer.wage_price = read_number(bytes);
    carer.skills = read_range(bytes);
    carer.attributes = read_range(bytes);
    carer.max_work = read_number(bytes);
    cr_shift shift = CR_SHIFT_INIT;
    shift.carer = read_number(bytes);
    shift.begin = read_number(bytes);
    shift.end = read_number(bytes);
    shift.start_place = read_number(bytes);
    shift.mode = read_number(bytes);
    cr_status st = cr_problem_add_carer(problem, &carer);
    return st ? st : cr_problem_add_shift(problem, &shift);
}

static cr_status add_visit(cr_problem *problem, byte_reader *bytes)
{
    cr_visit visit = CR_VISIT_INIT;
    visit.client = read_number(bytes);
    visit.place = read_number(bytes);
    visit.forbidden = read_range(bytes);
    visit.unallocated_price = read_number(bytes);
    return cr_problem_add_visit(problem, &visit);
}

static cr_status add_slot(cr_problem *problem, byte_reader *bytes)
{
    cr_slot slot = CR_SLOT_INIT;
    slot.duration = read_number(bytes);
    slot.skills = read_range(bytes);
    slot.locked_carer = read_number(bytes);
    return cr_problem_add_slot(problem, &slot);
}

static cr_status add_gap(cr_problem *problem, byte_reader *bytes)
{
    cr_gap gap = CR_GAP_INIT;
    gap.first = read_number(bytes);
    gap.second = read_number(bytes);
    gap.min = read_number(bytes);
    gap.max = read_number(bytes);
    return cr_problem_add_gap(problem, &gap);
}

static cr_status add_skill_or_id(cr_problem *problem, byte_reader *bytes, bool is_skill)
{
    cr_range unused;
    int32_t id = read_number(bytes);
    if (!is_skill)
        return cr_problem_add_ids(problem, &id, 1, &unused);
    cr_skill skill = {id, read_number(bytes)};
    return cr_problem_add_skills(problem, &skill, 1, &unused);
}

static cr_status add_familiar(cr_problem *problem, byte_reader *bytes)
{
    int32_t client = read_number(bytes);
    int32_t carer = read_number(bytes);
    return cr_problem_add_familiar(problem, client, carer, read_number(bytes));
}

/* How long a grade takes for the last slot. */
static cr_status add_duration(cr_problem *problem, byte_reader *bytes)
{
    cr_grade_duration duration = {read_number(bytes), 0};
    duration.duration = read_number(bytes);
    if (problem->n_slots)
        problem->slots[problem->n_slots - 1].by_grade = read_range(bytes);
    if (problem->n_carers)
        problem->carers[problem->n_carers - 1].grade = read_number(bytes);
    cr_range unused;
    return cr_problem_add_durations(problem, &duration, 1, &unused);
}

/* ---- all the other fields, one at a time ---- */

typedef enum field_kind {
    NUMBER,
    PRICE, /* 64 bits */
    FLAG,
    RANGE,
} field_kind;

typedef struct field {
    size_t at;
    field_kind kind;
} field;

static const field visit_fields[] = {
    {offsetof(cr_visit, is_anywhere), FLAG},
    {offsetof(cr_visit, day), NUMBER},
    {offsetof(cr_visit, patch), NUMBER},
    {offsetof(cr_visit, address), NUMBER},
    {offsetof(cr_visit, about), NUMBER},
    {offsetof(cr_visit, door), NUMBER},
    {offsetof(cr_visit, locked_start), NUMBER},
    {offsetof(cr_visit, prefer_open), NUMBER},
    {offsetof(cr_visit, prefer_close), NUMBER},
    {offsetof(cr_visit, early_price), PRICE},
    {offsetof(cr_visit, late_price), PRICE},
    {offsetof(cr_visit, due), NUMBER},
    {offsetof(cr_visit, lateness_price), PRICE},
    {offsetof(cr_visit, late_by_end), FLAG},
    {offsetof(cr_visit, load), NUMBER},
    {offsetof(cr_visit, goods), RANGE},
    {offsetof(cr_visit, preferred), RANGE},
    {offsetof(cr_visit, same_provider), FLAG},
    {offsetof(cr_visit, published_start), NUMBER},
    {offsetof(cr_visit, last_visit), NUMBER},
};
static const field slot_fields[] = {
    {offsetof(cr_slot, sleeps), FLAG},
    {offsetof(cr_slot, sleep_price), PRICE},
    {offsetof(cr_slot, attributes), RANGE},
    {offsetof(cr_slot, accepted), NUMBER},
    {offsetof(cr_slot, published_carer), NUMBER},
    {offsetof(cr_slot, stay), NUMBER},
};
static const field gap_fields[] = {
    {offsetof(cr_gap, from), NUMBER},
    {offsetof(cr_gap, carers), NUMBER},
    {offsetof(cr_gap, both), FLAG},
    {offsetof(cr_gap, same_provider), FLAG},
};
static const field carer_fields[] = {
    {offsetof(cr_carer, patches), RANGE},         {offsetof(cr_carer, keeps_patches), FLAG},
    {offsetof(cr_carer, provider), NUMBER},       {offsetof(cr_carer, max_day_work), NUMBER},
    {offsetof(cr_carer, min_rest), NUMBER},       {offsetof(cr_carer, overtime_after), NUMBER},
    {offsetof(cr_carer, overtime_price), PRICE},  {offsetof(cr_carer, least_work), NUMBER},
    {offsetof(cr_carer, shortfall_price), PRICE}, {offsetof(cr_carer, care_price), PRICE},
    {offsetof(cr_carer, distance_price), PRICE},
};
static const field shift_fields[] = {
    {offsetof(cr_shift, day), NUMBER},          {offsetof(cr_shift, paid_end), NUMBER},
    {offsetof(cr_shift, overrun_price), PRICE}, {offsetof(cr_shift, leaves_at_begin), FLAG},
    {offsetof(cr_shift, end_place), NUMBER},    {offsetof(cr_shift, max_load), NUMBER},
    {offsetof(cr_shift, max_travel), NUMBER},   {offsetof(cr_shift, max_dist_m), NUMBER},
    {offsetof(cr_shift, rooms), RANGE},         {offsetof(cr_shift, use_price), PRICE},
    {offsetof(cr_shift, held), RANGE},          {offsetof(cr_shift, is_over), FLAG},
    {offsetof(cr_shift, crew), NUMBER},         {offsetof(cr_shift, rides), FLAG},
};
static const field break_fields[] = {
    {offsetof(cr_break, length), NUMBER}, {offsetof(cr_break, paid), FLAG},     {offsetof(cr_break, kept_free), FLAG},
    {offsetof(cr_break, stay), NUMBER},   {offsetof(cr_break, windows), RANGE}, {offsetof(cr_break, rooms), RANGE},
};
static const field provider_fields[] = {
    {offsetof(cr_provider, block), NUMBER},          {offsetof(cr_provider, block_price), PRICE},
    {offsetof(cr_provider, care_price), PRICE},      {offsetof(cr_provider, least_care), NUMBER},
    {offsetof(cr_provider, shortfall_price), PRICE}, {offsetof(cr_provider, max_care), NUMBER},
    {offsetof(cr_provider, max_slots), NUMBER},      {offsetof(cr_provider, by_length), RANGE},
};
static const field familiar_fields[] = {{offsetof(cr_familiar, n_lately), NUMBER}};
static const field problem_fields[] = {
    {offsetof(cr_problem, ticks_per_unit), NUMBER},
    {offsetof(cr_problem, as_of), NUMBER},
    {offsetof(cr_problem, prices.travel), PRICE},
    {offsetof(cr_problem, prices.distance[0]), PRICE},
    {offsetof(cr_problem, prices.waiting), PRICE},
    {offsetof(cr_problem, prices.worst_lateness), PRICE},
    {offsetof(cr_problem, prices.worst_idle), PRICE},
    {offsetof(cr_problem, prices.imbalance), PRICE},
    {offsetof(cr_problem, prices.unfamiliar), PRICE},
    {offsetof(cr_problem, prices.stranger_short), PRICE},
    {offsetof(cr_problem, prices.short_visit), NUMBER},
    {offsetof(cr_problem, prices.new_face), PRICE},
    {offsetof(cr_problem, prices.several_providers), PRICE},
    {offsetof(cr_problem, prices.shared_address), PRICE},
    {offsetof(cr_problem, prices.address_within), NUMBER},
    {offsetof(cr_problem, prices.not_preferred), PRICE},
    {offsetof(cr_problem, prices.changed_carer), PRICE},
    {offsetof(cr_problem, prices.moved), PRICE},
    {offsetof(cr_problem, prices.moved_free), NUMBER},
    {offsetof(cr_problem, prices.off_patch), PRICE},
};

/* Which field, and what it is to be. */
static void set_field(void *record, const field *fields, size_t n, byte_reader *bytes)
{
    const field *set = &fields[read_byte(bytes) % n];
    void *at = (char *)record + set->at;
    if (set->kind == RANGE) {
        *(cr_range *)at = read_range(bytes);
        return;
    }
    int32_t number = read_number(bytes);
    if (set->kind == FLAG)
        *(bool *)at = number & 1;
    else if (set->kind == PRICE) /* the largest numbers read are prices too large for a sum */
        *(int64_t *)at = number * (number > 247 ? INT64_C(1) << 24 : 1);
    else
        memcpy(at, &number, sizeof number); /* an enum, too */
}

#define SET_LAST(records, fields, bytes)                                                                               \
    (problem->n_##records > 0                                                                                          \
         ? set_field(&problem->records[problem->n_##records - 1], fields, sizeof(fields) / sizeof *(fields), bytes)    \
         : (void)0)

static void set_in_last(cr_problem *problem, byte_reader *bytes)
{
    switch (read_byte(bytes) % 9) {
    case 0:
        SET_LAST(visits, visit_fields, bytes);
        break;
    case 1:
        SET_LAST(slots, slot_fields, bytes);
        break;
    case 2:
        SET_LAST(gaps, gap_fields, bytes);
        break;
    case 3:
        SET_LAST(carers, carer_fields, bytes);
        break;
    case 4:
        SET_LAST(shifts, shift_fields, bytes);
        break;
    case 5:
        SET_LAST(breaks, break_fields, bytes);
        break;
    case 6:
        SET_LAST(providers, provider_fields, bytes);
        break;
    case 7:
        SET_LAST(familiar, familiar_fields, bytes);
        break;
    default:
        set_field(problem, problem_fields, sizeof problem_fields / sizeof *problem_fields, bytes);
        break;
    }
}

/* ---- records of the pools, and what stands by itself ---- */

static cr_status add_goods_or_room(cr_problem *problem, byte_reader *bytes, bool is_room)
{
    cr_range unused;
    int32_t kind = read_number(bytes);
    if (is_room)
        return cr_problem_add_rooms(problem, &(cr_room){kind, read_number(bytes)}, 1, &unused);
    cr_goods goods = {kind, read_number(bytes), 0};
    goods.takes = read_number(bytes);
    return cr_problem_add_goods(problem, &goods, 1, &unused);
}

static cr_status add_length_price(cr_problem *problem, byte_reader *bytes)
{
    cr_range unused;
    cr_length_price step = {read_number(bytes), 0};
    step.price = read_number(bytes);
    return cr_problem_add_length_prices(problem, &step, 1, &unused);
}

static cr_status add_held(cr_problem *problem, byte_reader *bytes)
{
    cr_range unused;
    cr_held held = {read_number(bytes), CR_NONE, 0};
    held.brk = read_number(bytes);
    held.start = read_number(bytes);
    return cr_problem_add_held(problem, &held, 1, &unused);
}

static cr_status add_period(cr_problem *problem, byte_reader *bytes)
{
    int32_t begin = read_number(bytes);
    return cr_problem_add_period(problem, begin, read_number(bytes));
}

static cr_status add_concession(cr_problem *problem, byte_reader *bytes)
{
    cr_concession concession = {(cr_conceded)read_number(bytes), 0, 0};
    concession.item = read_number(bytes);
    concession.was = read_number(bytes);
    return cr_problem_add_concession(problem, &concession);
}

static cr_status add_pool_record(cr_problem *problem, byte_reader *bytes)
{
    switch (read_byte(bytes) % 7) {
    case 0:
        return add_goods_or_room(problem, bytes, false);
    case 1:
        return add_goods_or_room(problem, bytes, true);
    case 2:
        return add_length_price(problem, bytes);
    case 3:
        return cr_problem_add_provider(problem, &CR_PROVIDER_INIT);
    case 4:
        return add_held(problem, bytes);
    case 5:
        return add_period(problem, bytes);
    default:
        return add_concession(problem, bytes);
    }
}

static cr_status add_record(cr_problem *problem, byte_reader *bytes)
{
    int32_t open;
    switch (read_byte(bytes) % 11) {
    case 0:
        return add_carer_and_shift(problem, bytes);
    case 1:
        open = read_number(bytes);
        return problem->n_shifts ? cr_problem_add_break(problem, open, read_number(bytes), 1, false) : CR_OK;
    case 2:
        return add_visit(problem, bytes);
    case 3:
        open = read_number(bytes);
        return problem->n_visits ? cr_problem_add_window(problem, open, read_number(bytes)) : CR_OK;
    case 4:
        return problem->n_visits ? add_slot(problem, bytes) : CR_OK;
    case 5:
        return add_gap(problem, bytes);
    case 6:
        return add_skill_or_id(problem, bytes, read_byte(bytes) & 1);
    case 7:
        return add_familiar(problem, bytes);
    case 8:
        return add_duration(problem, bytes);
    case 9:
        set_in_last(problem, bytes);
        return CR_OK;
    default:
        return add_pool_record(problem, bytes);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    byte_reader bytes = {data, data + size};
    cr_auto(cr_matrix) matrix = NULL;
    cr_auto(cr_problem) problem = NULL;
    cr_auto(cr_problem) copy = NULL;
    if (cr_matrix_new(3, &matrix) || cr_problem_new(&problem))
        return 0;
    problem->n_places = 3;
    problem->n_clients = 3;
    problem->n_modes = 1;
    problem->matrix[0] = matrix;
    while (bytes.at < bytes.end)
        if (add_record(problem, &bytes))
            return 0;

    char message[64] = "";
    cr_status st = cr_problem_validate(problem, message, sizeof message);
    FUZZ_CHECK(st == CR_OK || st == CR_E_INPUT);
    FUZZ_CHECK((st == CR_OK) == (message[0] == '\0'));
    if (cr_problem_copy(problem, &copy) == CR_OK)
        FUZZ_CHECK(cr_problem_validate(copy, message, sizeof message) == st);
    return 0;
}
