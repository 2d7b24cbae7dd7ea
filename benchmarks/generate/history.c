/* Who was where in the past weeks: history.csv.
 *
 * Every day each visit goes to one of the client's regular carers, the first of them most often; on their days off a
 * carer from nearby steps in, a new face. One row for each carer of each visit, as an electronic log has it.
 */
#include "service.h"
#include "sheet.h"

#include <stdio.h>
#include <stdlib.h>

/* Five days on, two off, each carer on her own rhythm. */
static bool works_on(const gen_carer *carer, int32_t index, int32_t days_ago)
{
    return days_ago <= carer->known_days && (days_ago + index * 3) % 7 < 5;
}

static int32_t someone_near(const gen_service *service, gen_rng *rng, int32_t visit, int32_t days_ago)
{
    for (int32_t tries = 0; tries < 40; tries++) {
        int32_t c = gen_rng_below(rng, service->n_carers);
        if (works_on(&service->carers[c], c, days_ago) && gen_carer_fits(service, c, visit, 0) &&
            gen_home_to_client_m(service, c, service->visits[visit].client) < (tries < 30 ? 5000 : 15000))
            return c;
    }
    return GEN_NONE;
}

static int32_t who_came(const gen_service *service, gen_rng *rng, int32_t visit, int32_t k, int32_t days_ago)
{
    static const int32_t weights[GEN_REGULARS] = {45, 28, 15, 7, 5};
    const gen_visit *v = &service->visits[visit];
    const gen_client *client = &service->clients[v->client];
    bool day = v->band == GEN_MORNING || v->band == GEN_LUNCH;
    const int32_t *regulars = day ? client->day_regulars : client->evening_regulars;
    for (int32_t tries = 0; tries < 6; tries++) {
        int32_t c = regulars[gen_rng_weighted(rng, weights, GEN_REGULARS)];
        if (c != GEN_NONE && works_on(&service->carers[c], c, days_ago) && gen_carer_fits(service, c, visit, k))
            return c;
    }
    return someone_near(service, rng, visit, days_ago);
}

/* 28 days before Monday 2026-11-23 begin in October. */
static void print_date(int32_t days_ago, char *ret_date, size_t size)
{
    int32_t day = 23 - days_ago;
    if (day >= 1)
        snprintf(ret_date, size, "2026-11-%02d", day);
    else
        snprintf(ret_date, size, "2026-10-%02d", 31 + day);
}

static void write_past_visit(const gen_service *service, gen_rng *rng, gen_sheet *sheet, int32_t v, int32_t days_ago)
{
    const gen_visit *visit = &service->visits[v];
    char date[32];
    print_date(days_ago, date, sizeof date);
    int32_t came[2] = {GEN_NONE, GEN_NONE};
    int32_t start = visit->preferred + gen_rng_between(rng, -10, 25);
    for (int32_t k = 0; k < visit->carers; k++) {
        came[k] = who_came(service, rng, v, k, days_ago);
        if (came[k] == GEN_NONE || (k > 0 && came[k] == came[0]))
            continue;
        gen_sheet_text(sheet, service->clients[visit->client].client_id);
        gen_sheet_text(sheet, service->carers[came[k]].carer_id);
        gen_sheet_text(sheet, date);
        gen_sheet_clock(sheet, start);
        gen_sheet_row_end(sheet);
    }
}

bool gen_write_history(const gen_service *service, const char *dir)
{
    gen_sheet sheet;
    if (!gen_sheet_open(&sheet, dir, "history.csv", "client_id,carer_id,date,time"))
        return false;
    gen_rng rng = gen_rng_stream(service->seed, "history");
    for (int32_t days_ago = service->spec->n_history_days; days_ago >= 1; days_ago--)
        for (int32_t v = 0; v < service->n_visits; v++)
            if (days_ago <= service->clients[service->visits[v].client].known_days)
                write_past_visit(service, &rng, &sheet, v, days_ago);
    return gen_sheet_close(&sheet);
}
