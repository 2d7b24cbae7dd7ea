/* Fuzz: any records at all go through the problem's builder and validation.
 *
 * The engine trusts a problem that cr_problem_validate() has passed, so the validation must stand any numbers and say
 * what is wrong. The bytes are a list of calls; small numbers are likelier than large ones, so that sound problems come
 * up as well.
 */
#include "fuzz.h"

#include "careround/problem.h"

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
    visit.is_anywhere = visit.place == CR_NONE && visit.unallocated_price % 2 == 1;
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

static cr_status add_record(cr_problem *problem, byte_reader *bytes)
{
    int32_t open;
    switch (read_byte(bytes) % 9) {
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
    default:
        return add_duration(problem, bytes);
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
