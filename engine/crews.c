/* Crews in the search: see crews.h. */
#include "crews.h"

void crews_compile(model *m)
{
    for (int32_t r = 0; r < m->n_shifts; r++) {
        m->shifts[r].crew = cr_problem_crew(m->p, r);
        m->has_crews = m->has_crews || m->shifts[r].crew != CR_NONE;
    }
}

static bool are_one(const rota *x, int32_t r, int32_t other)
{
    const stop_state *mine = rota_stops(x, r), *hers = rota_stops(x, other);
    bool alike = rota_n(x, r) == rota_n(x, other);
    for (int32_t k = 0; alike && k < rota_n(x, r); k++)
        alike = crew_has_same_stop(x->m->p, mine[k].stop, r, hers[k].stop, other) &&
                (is_break(x->m, mine[k].stop) || crews_let(x->m, r, mine[k].stop));
    return alike;
}

bool crews_hold(const rota *x)
{
    for (int32_t r = 0; r < x->m->n_shifts; r++) {
        int32_t other = x->m->shifts[r].crew;
        if (other > r && (rota_n_visits_in(x, r) > 0 || rota_n_visits_in(x, other) > 0) && !are_one(x, r, other))
            return false;
    }
    return true;
}
