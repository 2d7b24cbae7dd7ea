/* Providers, and what their contracts say: a block of hours, the least and the most, and prices by the hour or by the
 * length of a visit. Hours are of all days planned. */
#include "columns.h"
#include "reading.h"
#include "value.h"

#include <math.h>
#include <string.h>

#define HOURS_MOST   100000 /* of care; a year of a hundred carers */
#define POUNDS_MOST  10000
#define LENGTHS_MOST 24
#define LENGTH_MOST  (24 * 3600)
#define ITEM_SIZE    64

static bool read_hours(const row *at, int32_t column, int32_t *ret_s)
{
    double hours;
    if (!row_number(at, column, 0, HOURS_MOST, &hours))
        return false;
    *ret_s = (int32_t)lround(hours * 3600);
    return true;
}

/* Pounds an hour, kept as cost units a second. */
static bool read_price(const row *at, int32_t column, int64_t *ret_price)
{
    double pounds;
    if (!row_number(at, column, 0, POUNDS_MOST, &pounds))
        return false;
    *ret_price = llround(pounds * 100 * ((double)CR_COST_PENNY / 3600));
    return true;
}

/* ---- prices by length ---- */

static bool read_step(const row *at, value_item item, cr_length_price *ret_step)
{
    char text[ITEM_SIZE];
    int32_t length_s;
    double pounds;
    bool fits = item.n < sizeof text;
    memcpy(text, item.text, fits ? item.n : 0);
    text[fits ? item.n : 0] = '\0';
    char *colon = strchr(text, ':');
    if (colon)
        *colon = '\0';
    if (!colon || value_duration(text, &length_s) ||
        value_number(colon + 1 + strspn(colon + 1, " "), at->t->decimal_comma, &pounds))
        return row_error(at, PROVIDER_PRICE_BY_LENGTH, "'%.*s' is not minutes and pounds; write 30:9.80", (int)item.n,
                         item.text);
    if (length_s < 60 || length_s > LENGTH_MOST || pounds < 0 || pounds > POUNDS_MOST)
        return row_error(at, PROVIDER_PRICE_BY_LENGTH, "'%.*s' must be of 1 to %d minutes and 0 to %d pounds",
                         (int)item.n, item.text, LENGTH_MOST / 60, POUNDS_MOST);
    *ret_step = (cr_length_price){length_s, llround(pounds * 100 * (double)CR_COST_PENNY)};
    return true;
}

/* Sorted as they come. */
static bool put_step(const row *at, cr_length_price *steps, int32_t n, cr_length_price step)
{
    for (; n > 0 && steps[n - 1].up_to > step.up_to; n--)
        steps[n] = steps[n - 1];
    steps[n] = step;
    return n == 0 || steps[n - 1].up_to < step.up_to ||
           row_error(at, PROVIDER_PRICE_BY_LENGTH, "%d minutes twice", step.up_to / 60);
}

static void read_by_length(day_reading *r, const row *at, provider_record *record)
{
    const char *list = row_text(at, PROVIDER_PRICE_BY_LENGTH);
    value_item item;
    if (*list && !(record->by_length = arena_take_bytes(r->strings, LENGTHS_MOST * sizeof *record->by_length)))
        return;
    while (!row_is_bad(at) && value_next_item(&list, &item)) {
        cr_length_price step = {0, 0};
        if (record->n_lengths == LENGTHS_MOST)
            row_error(at, PROVIDER_PRICE_BY_LENGTH, "more than %d lengths", LENGTHS_MOST);
        else if (read_step(at, item, &step) && put_step(at, record->by_length, record->n_lengths, step))
            record->n_lengths++;
    }
}

/* ---- contracts ---- */

static void read_contract(day_reading *r, const row *at, provider_record *record)
{
    cr_provider *c = &record->contract;
    *record = (provider_record){.contract = CR_PROVIDER_INIT};
    bool has_price = read_price(at, PROVIDER_PRICE_PER_HOUR, &c->care_price);
    c->block_price = c->shortfall_price = c->care_price;
    bool has_block_price = read_price(at, PROVIDER_BLOCK_PRICE, &c->block_price);
    bool has_min_price = read_price(at, PROVIDER_MIN_PRICE, &c->shortfall_price);
    bool has_block = read_hours(at, PROVIDER_BLOCK_HOURS, &c->block);
    bool has_min = read_hours(at, PROVIDER_MIN_HOURS, &c->least_care);
    read_hours(at, PROVIDER_MAX_HOURS, &c->max_care);
    row_int(at, PROVIDER_MAX_VISITS, 0, 1000000, &c->max_slots);
    read_by_length(r, at, record);
    if (row_is_bad(at))
        return;
    if (has_block && !has_price && !has_block_price)
        row_error(at, PROVIDER_BLOCK_HOURS, "needs a price; give block_price or price_per_hour");
    if (has_min && !has_price && !has_min_price)
        row_error(at, PROVIDER_MIN_HOURS, "needs a price for what is short of it; give min_price or price_per_hour");
    if (has_block_price && !has_block)
        row_warning(at, PROVIDER_BLOCK_PRICE, "has no effect without block_hours");
    if (has_min_price && !has_min)
        row_warning(at, PROVIDER_MIN_PRICE, "has no effect without min_hours");
    if (c->max_care != CR_NONE && c->least_care > c->max_care)
        row_error(at, PROVIDER_MIN_HOURS, "more than max_hours");
}

bool contract_has_price(const day_reading *r, int32_t provider)
{
    const provider_record *record = &r->contracts[provider];
    return record->n_lengths > 0 || record->contract.care_price > 0 ||
           (record->contract.block > 0 && record->contract.block_price > 0);
}

/* ---- rows ---- */

static cr_status keep(day_reading *r, const day_provider *provider, const provider_record *record)
{
    if (!array_room((void **)&r->providers, r->n_providers, &r->providers_room, sizeof *r->providers) ||
        !array_room((void **)&r->contracts, r->n_providers, &r->contracts_room, sizeof *r->contracts) ||
        !name_index_set(r->provider_index, provider->provider_id, r->n_providers))
        return CR_E_NOMEM;
    r->contracts[r->n_providers] = *record;
    r->providers[r->n_providers++] = *provider;
    return CR_OK;
}

cr_status keep_plain_provider(day_reading *r, const char *id)
{
    return keep(r, &(day_provider){id, id, false, false}, &(provider_record){.contract = CR_PROVIDER_INIT});
}

static cr_status read_provider(day_reading *r, int32_t i)
{
    row at = row_of(r, TABLE_PROVIDERS, i);
    const char *id = row_required(&at, PROVIDER_ID), *name = row_text(&at, PROVIDER_NAME);
    day_provider provider = {id, *name ? name : id, false, false};
    provider_record record;
    row_bool(&at, PROVIDER_IN_HOUSE, &provider.in_house);
    row_bool(&at, PROVIDER_PATCHES_HARD, &provider.keeps_patches);
    read_contract(r, &at, &record);
    if (id && name_index_get(r->provider_index, id) != CR_NONE)
        row_error(&at, PROVIDER_ID, "is there twice");
    return row_is_bad(&at) ? CR_OK : keep(r, &provider, &record);
}

cr_status read_providers(day_reading *r)
{
    cr_status st = name_index_new(&r->provider_index);
    return st ? st : read_each_row(r, TABLE_PROVIDERS, read_provider);
}
