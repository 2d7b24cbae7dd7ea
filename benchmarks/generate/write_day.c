/* A made-up service written as a DAY folder; the columns are described in docs/input.md. */
#include "service.h"
#include "sheet.h"

#include <stdio.h>
#include <string.h>

/* "medication;hoist:2": a level is written where it is more than 1. */
static void write_skills(gen_sheet *sheet, const gen_levels *levels)
{
    char text[160] = "";
    size_t used = 0;
    for (int32_t s = 0; s < GEN_SKILLS; s++) {
        if (!levels->of[s])
            continue;
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", used ? ";" : "", gen_skill_names[s]);
        if (levels->of[s] > 1)
            used += (size_t)snprintf(text + used, sizeof text - used, ":%d", levels->of[s]);
    }
    gen_sheet_text(sheet, text);
}

static void write_attributes(gen_sheet *sheet, uint32_t attributes)
{
    char text[120] = "";
    size_t used = 0;
    for (int32_t a = 0; a < GEN_ATTRIBUTES; a++)
        if (attributes >> a & 1)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", used ? ";" : "", gen_attribute_names[a]);
    gen_sheet_text(sheet, text);
}

static void write_carers_list(gen_sheet *sheet, const gen_service *service, const int32_t *carers, int32_t n)
{
    char text[64] = "";
    size_t used = 0;
    for (int32_t i = 0; i < n; i++) {
        bool seen = carers[i] == GEN_NONE;
        for (int32_t j = 0; j < i; j++)
            seen = seen || carers[j] == carers[i];
        if (!seen)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", used ? ";" : "",
                                     service->carers[carers[i]].carer_id);
    }
    gen_sheet_text(sheet, text);
}

/* "07:00-08:00;09:15-10:30", or nothing: then the band's window holds. */
static void write_windows(gen_sheet *sheet, const gen_visit *visit)
{
    char text[48] = "";
    size_t used = 0;
    for (int32_t w = 0; w < 2 && visit->open[w] != GEN_NONE; w++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%02d:%02d-%02d:%02d", used ? ";" : "",
                                 visit->open[w] / 60, visit->open[w] % 60, visit->close[w] / 60, visit->close[w] % 60);
    gen_sheet_text(sheet, text);
}

static void write_degrees(gen_sheet *sheet, const gen_place *place, bool given)
{
    char lat[16], lon[16];
    gen_degrees(place, lat, lon, sizeof lat);
    gen_sheet_text(sheet, given ? lat : "");
    gen_sheet_text(sheet, given ? lon : "");
}

static const char *visit_id(const gen_service *service, int32_t visit)
{
    return visit == GEN_NONE ? "" : service->visits[visit].visit_id;
}

static void write_bonds(gen_sheet *sheet, const gen_service *service, const gen_visit *visit)
{
    gen_sheet_text(sheet, visit->lock_carer == GEN_NONE ? "" : service->carers[visit->lock_carer].carer_id);
    gen_sheet_clock(sheet, visit->lock_time);
    gen_sheet_text(sheet, visit_id(service, visit->gap_after));
    gen_sheet_optional(sheet, visit->gap_min, visit->gap_min != GEN_NONE);
    gen_sheet_optional(sheet, visit->gap_max, visit->gap_max != GEN_NONE);
    gen_sheet_text(sheet, visit->gap_after == GEN_NONE ? "" : visit->gap_from_end ? "end" : "start");
    gen_sheet_text(sheet, visit_id(service, visit->same_carer_as));
}

static void write_visit(gen_sheet *sheet, const gen_service *service, const gen_visit *visit)
{
    const gen_client *client = &service->clients[visit->client];
    gen_sheet_text(sheet, visit->visit_id);
    gen_sheet_text(sheet, client->client_id);
    gen_sheet_text(sheet, client->name);
    gen_sheet_text(sheet, client->address);
    gen_sheet_text(sheet, client->place.postcode);
    write_degrees(sheet, &client->place, client->has_coordinates);
    gen_sheet_text(sheet, gen_band_names[visit->band]);
    write_windows(sheet, visit);
    gen_sheet_clock(sheet, visit->preferred);
    gen_sheet_optional(sheet, visit->tolerance, visit->tolerance != GEN_NONE);
    gen_sheet_number(sheet, visit->duration);
    gen_sheet_number(sheet, visit->carers);
    write_skills(sheet, &visit->skills[0]);
    write_skills(sheet, &visit->skills[1]);
    write_attributes(sheet, visit->attributes);
    gen_sheet_number(sheet, visit->priority);
    gen_sheet_yes(sheet, visit->is_time_critical);
    gen_sheet_yes(sheet, client->lives_alone);
    write_carers_list(sheet, service, client->forbidden, 2);
    write_carers_list(sheet, service, client->preferred, 3);
    write_bonds(sheet, service, visit);
    gen_sheet_text(sheet, visit->notes);
    gen_sheet_row_end(sheet);
}

static bool write_visits(const gen_service *service, const char *dir)
{
    gen_sheet sheet;
    if (!gen_sheet_open(&sheet, dir, "visits.csv",
                        "visit_id,client_id,client_name,address,postcode,latitude,longitude,band,windows,"
                        "preferred_time,tolerance_min,duration,carers,skills,skills_2,"
                        "attributes,priority,"
                        "time_critical,lives_alone,forbidden_carers,preferred_carers,lock_carer,lock_time,gap_after,"
                        "gap_min,gap_max,gap_from,same_carer_as,notes"))
        return false;
    for (int32_t v = 0; v < service->n_visits; v++)
        write_visit(&sheet, service, &service->visits[v]);
    return gen_sheet_close(&sheet);
}

static void write_pay(gen_sheet *sheet, int32_t pay_pence)
{
    char text[16];
    snprintf(text, sizeof text, "%d.%02d", pay_pence / 100, pay_pence % 100);
    gen_sheet_text(sheet, text);
}

static void write_shift(gen_sheet *sheet, const gen_service *service, const gen_carer *carer, int32_t part)
{
    static const char *const modes[GEN_MODES] = {"car", "bicycle", "foot"};
    const gen_spec *spec = service->spec;
    const gen_shift *shift = &service->shifts[carer->first_shift + part];
    bool at_base = carer->starts_at_base && part == 0;
    char shift_id[16];
    snprintf(shift_id, sizeof shift_id, carer->n_shifts > 1 ? "%s-%d" : "%s", carer->carer_id, part + 1);
    gen_sheet_text(sheet, carer->carer_id);
    gen_sheet_text(sheet, carer->name);
    gen_sheet_text(sheet, spec->providers[carer->provider].provider_id);
    gen_sheet_text(sheet, spec->towns[carer->home.town].name);
    write_skills(sheet, &carer->skills);
    write_attributes(sheet, carer->attributes);
    gen_sheet_text(sheet, modes[carer->mode]);
    gen_sheet_text(sheet, shift_id);
    gen_sheet_clock(sheet, shift->start);
    gen_sheet_clock(sheet, shift->end);
    gen_sheet_text(sheet, carer->home.postcode);
    write_degrees(sheet, &carer->home, !*carer->home.postcode);
    gen_sheet_text(sheet,
                   at_base ? service->places->places[service->places->town_first[spec->base_town]].postcode : "");
    gen_sheet_text(sheet, "");
    gen_sheet_clock(sheet, shift->break_min ? shift->break_open : GEN_NONE);
    gen_sheet_clock(sheet, shift->break_min ? shift->break_close : GEN_NONE);
    gen_sheet_optional(sheet, shift->break_min, shift->break_min > 0);
    gen_sheet_yes(sheet, shift->break_min && shift->break_paid);
    gen_sheet_optional(sheet, carer->max_work, carer->max_work != GEN_NONE);
    gen_sheet_optional(sheet, carer->max_visits, carer->max_visits != GEN_NONE);
    write_pay(sheet, carer->pay_pence);
    gen_sheet_row_end(sheet);
}

static bool write_carers(const gen_service *service, const char *dir)
{
    gen_sheet sheet;
    if (!gen_sheet_open(&sheet, dir, "carers.csv",
                        "carer_id,name,provider,team,skills,attributes,mode,shift_id,shift_start,shift_end,"
                        "home_postcode,home_latitude,home_longitude,start_postcode,end_postcode,break_start,break_end,"
                        "break_min,break_paid,max_work,max_visits,pay_per_hour"))
        return false;
    for (int32_t c = 0; c < service->n_carers; c++)
        for (int32_t part = 0; part < service->carers[c].n_shifts; part++)
            write_shift(&sheet, service, &service->carers[c], part);
    return gen_sheet_close(&sheet);
}

static bool write_providers(const gen_spec *spec, const char *dir)
{
    gen_sheet sheet;
    if (!gen_sheet_open(&sheet, dir, "providers.csv", "provider,name,in_house"))
        return false;
    for (int32_t p = 0; p < spec->n_providers; p++) {
        gen_sheet_text(&sheet, spec->providers[p].provider_id);
        gen_sheet_text(&sheet, spec->providers[p].name);
        gen_sheet_text(&sheet, spec->providers[p].is_in_house ? "yes" : "no");
        gen_sheet_row_end(&sheet);
    }
    return gen_sheet_close(&sheet);
}

/* Bands as this service agreed them with its clients; the times of clients.c lie in them. */
static bool write_settings(const gen_spec *spec, const char *dir)
{
    char text[512];
    snprintf(text, sizeof text,
             "{\n"
             "  \"about\": \"%s\",\n"
             "  \"date\": \"2026-11-23\",\n"
             "  \"time_zone\": \"Europe/London\",\n"
             "  \"bands\": {\n"
             "    \"morning\": \"07:00-10:30\",\n"
             "    \"lunch\": \"11:30-14:00\",\n"
             "    \"tea\": \"15:45-18:15\",\n"
             "    \"bed\": \"18:45-22:00\"\n"
             "  },\n"
             "  \"warnings\": {\"apart_km\": %d}\n"
             "}\n",
             spec->about, spec->apart_km);
    return gen_write_file(dir, "settings.json", text);
}

bool gen_write_day(const gen_service *service, const char *dir)
{
    return gen_make_folder(dir) && write_visits(service, dir) && write_carers(service, dir) &&
           gen_write_history(service, dir) && write_providers(service->spec, dir) &&
           write_settings(service->spec, dir) &&
           (!service->places->csv || gen_write_file(dir, "postcodes.csv", service->places->csv));
}
