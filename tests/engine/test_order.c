/* The order of visits (order.h) on random problems: after every move the starts are those that a naive decoder finds,
 * a move that is undone leaves nothing behind, and every plan passes the checker at the cost that the search had.
 *
 * CAREROUND_PROPERTY_RUNS says how many problems; without it as many as take a second.
 */
#include "careround/check.h"
#include "careround/solve.h"

#include "order_moves.h"
#include "order_search.h"
#include "random_problem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PROBLEMS_USUAL 400
#define MOVES          400

static uint64_t n_problems(void)
{
    const char *text = getenv("CAREROUND_PROPERTY_RUNS");
    return text ? strtoull(text, NULL, 10) : PROBLEMS_USUAL;
}

/* A random problem without the prices that an order does not know; half of what it draws is coupled. NULL:
 * it has another rule that an order does not know. */
static model *known_problem(random_problem *random, uint64_t seed)
{
    random_problem_init(random, seed % 2 ? RANDOM_COUPLED : RANDOM_SMALL, seed);
    cr_problem *p = random->problem;
    p->prices.waiting = p->prices.new_face = p->prices.several_providers = 0;
    for (int32_t c = 0; c < p->n_carers; c++)
        p->carers[c].wage_price = p->carers[c].overtime_price = p->carers[c].shortfall_price = 0;
    for (int32_t v = 0; v < p->n_visits; v++)
        p->visits[v].early_price = 0;
    for (int32_t s = 0; s < p->n_shifts; s++)
        p->shifts[s].max_travel = p->shifts[s].max_dist_m = CR_NONE;
    model *m;
    assert_int_equal(model_new(p, &m), CR_OK);
    if (order_knows(m))
        return m;
    model_free(m);
    random_problem_done(random);
    return NULL;
}

/* ---- the naive twin ---- */

static int32_t ready_at(const order *o, const int32_t *start, int32_t slot)
{
    const model *m = o->m;
    const model_shift *shift = &m->shifts[o->nodes[slot].shift];
    const model_start *to = &m->starts[m->start_of[slot]];
    int32_t before = o->nodes[slot].prev;
    if (before >= m->n_slots)
        return shift->begin + leg_time(m, shift, shift->start_place, to->place) + door_after(to, shift->start_place);
    int32_t from = m->starts[m->start_of[before]].place;
    return start[m->start_of[before]] + shift->length[before] + leg_time(m, shift, from, to->place) +
           door_after(to, from);
}

/* Raise every start to what asks for it, again and again. False: it never ends, or a start is too late. */
static bool decode_naively(const order *o, int32_t *start)
{
    const model *m = o->m;
    for (int32_t v = 0; v < m->n_visits; v++)
        start[v] = m->starts[v].lo;
    bool changed = true;
    for (int32_t pass = 0; changed; pass++) {
        changed = false;
        for (int32_t v = 0; v < m->n_visits; v++) {
            if (!order_is_served(o, v))
                continue;
            int32_t t = start[v];
            for (int32_t i = 0; i < m->p->visits[v].slots.n; i++) {
                int32_t ready = ready_at(o, start, m->p->visits[v].slots.first + i);
                t = ready > t ? ready : t;
            }
            for (int32_t i = 0; i < m->links_in[v].n; i++) {
                const model_link *link = &m->link_pool[m->links_in[v].first + i];
                if (order_is_served(o, link->other) && start[link->other] + link->distance > t)
                    t = start[link->other] + link->distance;
            }
            t = window_after(&m->starts[v], t);
            if (t > m->starts[v].hi || pass > 10000)
                return false;
            changed = changed || t != start[v];
            start[v] = t;
        }
    }
    for (int32_t r = 0; r < m->n_shifts; r++) {
        int32_t last = o->nodes[order_head(o, r)].prev;
        if (last >= m->n_slots)
            continue;
        const model_shift *shift = &m->shifts[r];
        int32_t place = m->starts[m->start_of[last]].place;
        if (start[m->start_of[last]] + shift->length[last] + leg_time(m, shift, place, shift->end_place) > shift->end)
            return false;
    }
    return true;
}

static void assert_rounds_are_sorted(const order *o)
{
    for (int32_t r = 0; r < o->m->n_shifts; r++) {
        int32_t head = order_head(o, r);
        for (int32_t at = o->nodes[head].next; at != head; at = o->nodes[at].next)
            assert_true(o->nodes[at].shift == r && o->nodes[o->nodes[at].next].prev == at &&
                        order_key_of(o, at) < order_key_of(o, o->nodes[at].next));
    }
}

/* Two largest gaps taken back in one move may leave a start that only supports itself: sound, but not the least. True
 * if there is one. */
static bool starts_are_later_than_naive(const order *o, int32_t *start, uint64_t seed)
{
    bool holds = decode_naively(o, start), later = false;
    for (int32_t v = 0; v < o->m->n_visits; v++) {
        if (!order_is_served(o, v))
            continue;
        bool is_later = o->visits[v].start > start[v];
        if (!holds || o->visits[v].start < start[v] || (is_later && !o->m->has_most_gaps))
            fail_msg("problem %llu: visit %d starts at %d, naively %d", (unsigned long long)seed, v, o->visits[v].start,
                     holds ? start[v] : -1);
        later = later || is_later;
    }
    return later;
}

/* ---- nothing is left behind ---- */

typedef struct snapshot {
    order_node *nodes;
    order_visit *visits;
    int32_t *late, *bank, *load;
    int64_t *work;
    int64_t cost, start_cost;
    int32_t n_bank, worst;
} snapshot;

static void *copy_of(const void *from, size_t n, size_t size)
{
    void *copy = malloc(n * size + 1);
    assert_non_null(copy);
    memcpy(copy, from, n * size);
    return copy;
}

static snapshot snapshot_of(const order *o)
{
    size_t n = (size_t)o->m->n_visits, n_shifts = (size_t)o->m->n_shifts;
    return (snapshot){copy_of(o->nodes, (size_t)o->m->n_slots + n_shifts, sizeof *o->nodes),
                      copy_of(o->visits, n + n_shifts, sizeof *o->visits),
                      copy_of(o->late, n, sizeof *o->late),
                      copy_of(o->bank, n, sizeof *o->bank),
                      copy_of(o->load, n_shifts, sizeof *o->load),
                      copy_of(o->work, (size_t)o->m->n_carers, sizeof *o->work),
                      o->cost,
                      o->start_cost,
                      o->n_bank,
                      o->worst};
}

static void snapshot_done(snapshot *s)
{
    free(s->nodes);
    free(s->visits);
    free(s->late);
    free(s->bank);
    free(s->load);
    free(s->work);
}

static void assert_unchanged(const order *o, const snapshot *was)
{
    const model *m = o->m;
    for (int32_t k = 0; k < m->n_slots + m->n_shifts; k++) {
        const order_node *a = &o->nodes[k], *b = &was->nodes[k];
        assert_true(a->next == b->next && a->prev == b->prev && a->shift == b->shift && a->in == b->in &&
                    a->in_cost == b->in_cost);
    }
    for (int32_t v = 0; v < m->n_visits; v++) {
        const order_visit *a = &o->visits[v], *b = &was->visits[v];
        assert_true(a->key == b->key && a->start == b->start && a->floor == b->floor && a->bank_at == b->bank_at);
        assert_true(!a->is_waiting);
        assert_int_equal(o->late[v], was->late[v]);
    }
    assert_int_equal(o->n_bank, was->n_bank);
    assert_memory_equal(o->bank, was->bank, (size_t)was->n_bank * sizeof *o->bank);
    assert_memory_equal(o->load, was->load, (size_t)m->n_shifts * sizeof *o->load);
    assert_memory_equal(o->work, was->work, (size_t)m->n_carers * sizeof *o->work);
    assert_true(o->cost == was->cost && o->start_cost == was->start_cost && o->worst == was->worst);
}

/* ---- plans ---- */

static bool is_sound(const cr_problem *p, const cr_plan *plan, uint64_t seed)
{
    cr_auto(cr_check) check = NULL;
    assert_int_equal(cr_check_plan(p, plan, &check), CR_OK);
    for (int32_t b = 0; b < check->n_breaches; b++)
        print_error("problem %llu: %s, visit %d, shift %d: is %lld, should %lld\n", (unsigned long long)seed,
                    cr_rule_name(check->breaches[b].rule), check->breaches[b].visit, check->breaches[b].shift,
                    (long long)check->breaches[b].is, (long long)check->breaches[b].should);
    return check->n_breaches == 0;
}

/* False: largest gaps kept the order from being made again from the plan. */
static bool plan_is_sound(const order *o, uint64_t seed)
{
    cr_plan *plan;
    order_memory memory;
    assert_int_equal(order_memory_init(&memory, o->m), CR_OK);
    order_remember(o, &memory);
    assert_int_equal(order_memory_to_plan(&memory, o->m, &plan), CR_OK);
    order_memory_done(&memory);
    assert_int_equal(cr_plan_time(o->m->p, plan), CR_OK);
    assert_true(is_sound(o->m->p, plan, seed));
    if (o->m->has_most_gaps ? plan->cost.total > order_cost(o) : plan->cost.total != order_cost(o))
        fail_msg("problem %llu: the plan costs %lld, the order %lld", (unsigned long long)seed,
                 (long long)plan->cost.total, (long long)order_cost(o));

    /* And the plan makes the same order again. */
    order *again;
    assert_int_equal(order_new(o->m, &again), CR_OK);
    assert_int_equal(order_load(again, plan), CR_OK);
    bool same = order_cost(again) == plan->cost.total;
    assert_true(same || o->m->has_most_gaps);
    order_free(again);
    cr_plan_free(plan);
    return same;
}

/* ---- the stories ---- */

static void test_every_move_is_decoded_as_a_naive_decoder_does_and_undone_without_trace(void **state)
{
    int64_t n_tried = 0, n_settled = 0, n_wrongly_refused = 0, n_later = 0, n_problems_known = 0, n_loaded_short = 0;
    for (uint64_t seed = 1; seed <= n_problems(); seed++) {
        random_problem random;
        cr_auto(model) m = known_problem(&random, seed);
        if (!m)
            continue;
        n_problems_known++;
        rng dice = rng_seeded(seed);
        order *o;
        assert_int_equal(order_new(m, &o), CR_OK);
        int32_t *start = calloc((size_t)m->n_visits + 1, sizeof *start);
        assert_non_null(start);
        order_moves moves = {.o = o, .random = &dice, .n_near = m->n_near};
        for (int32_t i = 0; i < MOVES; i++) {
            snapshot was = snapshot_of(o);
            n_tried++;
            bool made = order_move(&moves), settled = made && order_settle(o, COST_NEVER);
            if (settled) {
                n_settled++;
                assert_rounds_are_sorted(o);
                n_later += starts_are_later_than_naive(o, start, seed);
            } else if (made && !m->has_max_work && !o->counts_load && decode_naively(o, start)) {
                n_wrongly_refused++;
                assert_true(m->has_most_gaps); /* the only starts that are not final when they are first decoded */
            }
            if (settled && rng_chance(&dice, 0.5)) {
                order_commit(o);
            } else {
                order_undo_move(o);
                assert_unchanged(o, &was);
            }
            snapshot_done(&was);
            if (moves.is_crowded || i % 100 == 99) {
                assert_int_equal(order_renumber(o), CR_OK);
                moves.is_crowded = false;
                starts_are_later_than_naive(o, start, seed);
            }
        }
        n_loaded_short += !plan_is_sound(o, seed);
        free(start);
        order_free(o);
        random_problem_done(&random);
    }
    print_message("%lld problems, %lld moves, %lld settled, %lld wrongly refused, %lld too late\n",
                  (long long)n_problems_known, (long long)n_tried, (long long)n_settled, (long long)n_wrongly_refused,
                  (long long)n_later);
    assert_true(n_settled * 20 > n_tried); /* else nothing was tested */
    assert_true(n_wrongly_refused * 200 <= n_settled);
    assert_true(n_later * 1000 <= n_settled);
    assert_true(n_loaded_short * 1000 <= n_problems_known);
}

static cr_plan *search_for(const model *m, uint64_t seed, int32_t n_steps)
{
    order_search *s;
    assert_int_equal(order_search_new(m, seed, &s), CR_OK);
    cr_plan *none, *plan;
    assert_int_equal(cr_plan_new(0, 0, m->n_visits, &none), CR_OK);
    for (int32_t v = 0; v < m->n_visits; v++)
        none->unallocated[v] = v;
    assert_int_equal(order_search_begin(s, none), CR_OK);
    int64_t begun_at = order_search_best_cost(s);
    for (int32_t i = 0; i < n_steps; i++)
        assert_int_equal(order_search_step(s, (double)i / n_steps), CR_OK);
    assert_true(order_search_best_cost(s) <= begun_at);
    assert_int_equal(order_search_best(s, &plan), CR_OK);
    assert_int_equal(cr_plan_time(m->p, plan), CR_OK);
    assert_true(plan->cost.total <= order_search_best_cost(s));
    cr_plan_free(none);
    order_search_free(s);
    return plan;
}

static void test_the_best_plan_is_sound_and_the_same_for_the_same_seed(void **state)
{
    int64_t n_visits = 0, n_unallocated = 0;
    for (uint64_t seed = 1; seed <= n_problems() / 4; seed++) {
        random_problem random;
        cr_auto(model) m = known_problem(&random, seed);
        if (!m)
            continue;
        cr_auto(cr_plan) plan = search_for(m, seed, 40);
        cr_auto(cr_plan) again = search_for(m, seed, 40);
        assert_true(is_sound(m->p, plan, seed));
        assert_int_equal(plan->n_stops, again->n_stops);
        for (int32_t k = 0; k < plan->n_stops; k++)
            assert_true(plan->stops[k].slot == again->stops[k].slot && plan->stops[k].start == again->stops[k].start);
        n_visits += m->n_visits;
        n_unallocated += plan->n_unallocated;
        random_problem_done(&random);
    }
    assert_true(n_visits > 0 && n_unallocated * 2 < n_visits);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_move_is_decoded_as_a_naive_decoder_does_and_undone_without_trace),
        cmocka_unit_test(test_the_best_plan_is_sound_and_the_same_for_the_same_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
