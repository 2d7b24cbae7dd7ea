/* Geocoders: what the cache has, and the rest in requests of the size and pace that the service allows. */
#include "geocoder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_BATCH 100

struct cr_geocoder {
    cr_geocoder_kind kind;
    http_client *client;
    geocoder_cache *cache; /* NULL: none */
    char *name, *service;
};

static const struct {
    const char *name, *shown;
    int32_t batch;     /* texts in one request */
    double most_per_s; /* requests, unless the options say otherwise */
    cr_status (*question)(const geocoder_batch *batch, http_question *ret_question);
    bool (*read)(const http_reply *reply, geocoder_batch *batch, char *message, size_t size);
} kinds[CR_GEOCODER_KINDS] = {
    /* operations.osmfoundation.org/policies/nominatim: one request a second at most */
    {"nominatim", "Nominatim", 1, 1, nominatim_question, nominatim_read},
    {"postcodes.io", "postcodes.io", MOST_BATCH, 0, postcodes_io_question, postcodes_io_read},
};

const char *cr_geocoder_kind_name(int32_t kind)
{
    return kinds[kind].name;
}

int32_t cr_geocoder_kind_find(const char *name)
{
    for (int32_t k = 0; k < CR_GEOCODER_KINDS; k++)
        if (strcmp(kinds[k].name, name) == 0)
            return k;
    return CR_NONE;
}

cr_geocoder *cr_geocoder_free(cr_geocoder *geocoder)
{
    if (geocoder) {
        http_client_free(geocoder->client);
        geocoder_cache_free(geocoder->cache);
        free(geocoder->name);
        free(geocoder->service);
        free(geocoder);
    }
    return NULL;
}

static cr_status take_names(cr_geocoder *g)
{
    const char *at = http_client_name(g->client);
    if (asprintf(&g->name, "%s at %s", kinds[g->kind].shown, at) < 0)
        g->name = NULL;
    if (asprintf(&g->service, "%s %s", kinds[g->kind].name, at) < 0)
        g->service = NULL;
    return g->name && g->service ? CR_OK : CR_E_NOMEM;
}

cr_status cr_geocoder_new(cr_geocoder_kind kind, const char *url, const cr_service_options *options,
                          const char *cache_path, cr_geocoder **ret_geocoder, char *message, size_t size)
{
    cr_auto(cr_geocoder) g = calloc(1, sizeof *g);
    if (!g)
        return CR_E_NOMEM;
    cr_service_options mine = *options;
    if (mine.most_per_s <= 0)
        mine.most_per_s = kinds[kind].most_per_s;
    g->kind = kind;
    cr_status st = http_client_new(url, &mine, &g->client, message, size);
    if (!st)
        st = take_names(g);
    if (!st && cache_path)
        st = geocoder_cache_open(cache_path, &g->cache, message, size);
    if (!st)
        *ret_geocoder = cr_geocoder_take(&g);
    return st;
}

const char *cr_geocoder_name(const cr_geocoder *geocoder)
{
    return geocoder->name;
}

static cr_status ask(cr_geocoder *g, geocoder_batch *batch, char *message, size_t size)
{
    http_question question;
    http_reply reply;
    char said[300] = "";
    cr_status st = kinds[g->kind].question(batch, &question);
    if (st)
        return st;
    st = http_ask(g->client, &question, &reply, message, size);
    free((char *)question.path);
    free((char *)question.query);
    free((char *)question.json);
    if (st)
        return st;
    if (!kinds[g->kind].read(&reply, batch, said, sizeof said)) {
        snprintf(message, size, "%s: %s", http_client_name(g->client), said);
        return CR_E_UPSTREAM;
    }
    for (int32_t i = 0; i < batch->n && g->cache; i++)
        if (batch->places[i]->quality != CR_PLACE_NONE &&
            !geocoder_cache_put(g->cache, g->service, batch->texts[i], batch->places[i]))
            return CR_E_NOMEM;
    return CR_OK;
}

static cr_status ask_all(cr_geocoder *g, const char *const *texts, int32_t n, cr_place *places,
                         cr_geocoder_counts *counts, char *message, size_t size)
{
    const char *batch_texts[MOST_BATCH];
    cr_place *batch_places[MOST_BATCH];
    geocoder_batch batch = {batch_texts, batch_places, 0};
    cr_status st = CR_OK;
    for (int32_t i = 0; !st && i < n; i++) {
        if (g->cache && geocoder_cache_get(g->cache, g->service, texts[i], &places[i])) {
            counts->n_cached++;
            continue;
        }
        batch_texts[batch.n] = texts[i];
        batch_places[batch.n++] = &places[i];
        if (batch.n < kinds[g->kind].batch)
            continue;
        counts->n_requests++;
        st = ask(g, &batch, message, size);
        batch.n = 0;
    }
    if (!st && batch.n > 0) {
        counts->n_requests++;
        st = ask(g, &batch, message, size);
    }
    return st;
}

/* What was found is kept, also when the service fails in the middle: nothing is asked twice. */
cr_status cr_geocoder_find(cr_geocoder *geocoder, const char *const *texts, int32_t n, cr_place *ret_places,
                           cr_geocoder_counts *ret_counts, char *message, size_t size)
{
    char not_saved[300] = "";
    *ret_counts = (cr_geocoder_counts){0, 0, 0};
    for (int32_t i = 0; i < n; i++)
        ret_places[i] = (cr_place){0, 0, -1, CR_PLACE_NONE};
    cr_status st = ask_all(geocoder, texts, n, ret_places, ret_counts, message, size);
    for (int32_t i = 0; i < n; i++)
        ret_counts->n_found += ret_places[i].quality != CR_PLACE_NONE;
    cr_status saved = geocoder->cache ? geocoder_cache_save(geocoder->cache, not_saved, sizeof not_saved) : CR_OK;
    if (!st && saved)
        snprintf(message, size, "%s", not_saved);
    return st ? st : saved;
}
