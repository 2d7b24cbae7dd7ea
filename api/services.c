/* Outside services on the command line. */
#include "services.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static bool is_word(const char *text, size_t n, const char *word)
{
    return strlen(word) == n && memcmp(text, word, n) == 0;
}

static int32_t mode_of(const char *text, size_t n)
{
    for (int32_t m = 0; m < CR_ROAD_MODES; m++)
        if (is_word(text, n, cr_road_mode_name(m)))
            return m;
    return CR_NONE;
}

const char *services_take_router(day_services *s, const char *text)
{
    const char *equals = strchr(text, '='), *colon = equals ? memchr(text, ':', (size_t)(equals - text)) : NULL;
    service_router router = {CR_NONE, 0, equals ? equals + 1 : ""};
    if (!equals || !*router.url)
        return "must be KIND=URL or MODE:KIND=URL, such as osrm=http://127.0.0.1:5000";
    if (colon && (router.mode = mode_of(text, (size_t)(colon - text))) == CR_NONE)
        return "the mode must be car, bicycle or foot";
    const char *kind = colon ? colon + 1 : text;
    for (int32_t k = 0; k < CR_ROUTER_KINDS; k++) {
        if (!is_word(kind, (size_t)(equals - kind), cr_router_kind_name(k)))
            continue;
        if (s->n_routers == SERVICES_MOST_ROUTERS)
            return "is one router too many";
        router.kind = (cr_router_kind)k;
        s->routers[s->n_routers++] = router;
        return NULL;
    }
    return "the kind must be osrm or valhalla";
}

const char *services_take_profile(day_services *s, const char *text)
{
    const char *equals = strchr(text, '=');
    int32_t mode = equals ? mode_of(text, (size_t)(equals - text)) : CR_NONE;
    if (mode == CR_NONE)
        return "must be MODE=NAME with a mode of car, bicycle or foot";
    size_t n = strlen(equals + 1);
    for (size_t i = 0; i < n; i++)
        if (!isalnum((unsigned char)equals[1 + i]) && !strchr("-_.", equals[1 + i]))
            n = 0;
    if (n == 0)
        return "the name must be of letters, digits, '-', '_' and '.'";
    s->profile[mode] = equals + 1;
    return NULL;
}

const char *services_take_geocoder(day_services *s, const char *text)
{
    const char *equals = strchr(text, '=');
    if (!equals || !equals[1])
        return "must be KIND=URL, such as postcodes.io=https://api.postcodes.io";
    for (int32_t k = 0; k < CR_GEOCODER_KINDS; k++)
        if (is_word(text, (size_t)(equals - text), cr_geocoder_kind_name(k))) {
            s->geocoder = k;
            s->geocoder_url = equals + 1;
            return NULL;
        }
    return "the kind must be nominatim or postcodes.io";
}

const service_router *services_router_for(const day_services *s, int32_t mode, const char **ret_profile)
{
    if (mode == CR_NONE)
        return NULL;
    const service_router *found = NULL;
    for (int32_t i = 0; i < s->n_routers; i++) {
        const service_router *router = &s->routers[i];
        bool may = router->kind != CR_ROUTER_OSRM || mode == CR_ROAD_CAR;
        if (router->mode == mode || (router->mode == CR_NONE && may && !found))
            found = router;
    }
    if (found)
        *ret_profile = s->profile[mode] ? s->profile[mode] : cr_router_profile(found->kind, cr_road_mode_name(mode));
    return found;
}

cr_service_options services_options(const day_services *s)
{
    cr_service_options options = CR_SERVICE_OPTIONS_INIT;
    options.user_agent = "careround/" CAREROUND_VERSION;
    if (s->total_s > 0)
        options.total_s = s->total_s;
    if (options.connect_s > options.total_s)
        options.connect_s = options.total_s;
    if (s->n_tries > 0)
        options.n_retries = s->n_tries - 1;
    return options;
}
