/* Who may go where and in which direction, by tags. */
#include "tag_access.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    tag_access value;
} accesses[] = {
    {"yes", OPEN},
    {"permissive", OPEN},
    {"designated", OPEN},
    {"official", OPEN},
    {"public", OPEN},
    {"allowed", OPEN},
    {"destination", RESTRICTED},
    {"private", RESTRICTED},
    {"delivery", RESTRICTED},
    {"customers", RESTRICTED},
    {"residents", RESTRICTED},
    {"permit", RESTRICTED},
    {"no", CLOSED},
    {"agricultural", CLOSED},
    {"forestry", CLOSED},
    {"agricultural;forestry", CLOSED},
    {"emergency", CLOSED},
    {"military", CLOSED},
    {"psv", CLOSED},
    {"bus", CLOSED},
    {"use_sidepath", CLOSED},
    {"restricted", CLOSED},
    {"dismount", DISMOUNT},
};

/* The particular before the general; "access" is the last of each. */
static const char *const access_keys[CR_ROAD_MODES][ACCESS_KEYS + 1] = {
    [CR_ROAD_CAR] = {"motorcar", "motor_vehicle", "vehicle", "access"},
    [CR_ROAD_BICYCLE] = {"bicycle", "vehicle", "access"},
    [CR_ROAD_FOOT] = {"foot", "access"},
};

static tag_access access_named(const char *value)
{
    for (size_t i = 0; value && i < sizeof accesses / sizeof *accesses; i++)
        if (strcmp(accesses[i].name, value) == 0)
            return accesses[i].value;
    return UNSAID;
}

tag_access tag_access_of(osm_tags tags, int mode, bool *ret_is_particular)
{
    for (const char *const *key = access_keys[mode]; *key; key++) {
        tag_access said = access_named(osm_tag_value(tags, *key));
        *ret_is_particular = key[1] != NULL;
        if (said != UNSAID)
            return said;
    }
    *ret_is_particular = false;
    return UNSAID;
}

int tag_one_way(const char *value)
{
    if (strcmp(value, "yes") == 0 || strcmp(value, "1") == 0 || strcmp(value, "true") == 0)
        return 1;
    if (strcmp(value, "-1") == 0 || strcmp(value, "reverse") == 0)
        return -1;
    if (strcmp(value, "reversible") == 0)
        return 2;
    return strcmp(value, "no") == 0 ? 0 : 3;
}

/* ---- by hours ---- */

bool tags_have_condition(osm_tags tags)
{
    for (int32_t i = 0; i < tags.n; i++)
        if (strstr(tags.at[i].key, ":conditional"))
            return true;
    return false;
}

const char *tag_timed(osm_tags tags, const char *key)
{
    char conditional[48];
    snprintf(conditional, sizeof conditional, "%s:conditional", key);
    const char *value = osm_tag_value(tags, conditional);
    return value && tag_names_time(value) ? value : NULL;
}

static void read_sign(osm_tags tags, const char *key, bool is_access, timed_sign *sign, uint32_t *kinds)
{
    tag_clause clauses[CLAUSES_MOST];
    const char *timed = tag_timed(tags, key);
    int n = timed ? tag_clauses_read(timed, clauses, kinds) : 0;
    for (int i = 0; i < n; i++) {
        int says = is_access ? (int)access_named(clauses[i].value) : tag_one_way(clauses[i].value);
        if (is_access ? says == UNSAID : says == 3) {
            *kinds |= UINT32_C(1) << CR_HOURS_UNREAD;
            continue;
        }
        sign->at[sign->n].says = says;
        sign->at[sign->n++].hours = clauses[i].hours;
    }
}

bool timed_signs_read(osm_tags tags, int mode, int one_way, timed_signs *ret_signs, uint32_t *kinds)
{
    timed_signs *s = ret_signs;
    bool any = false;
    s->n_access = 0;
    for (const char *const *key = access_keys[mode]; *key; key++) {
        timed_sign *sign = &s->access[s->n_access++];
        sign->usual = access_named(osm_tag_value(tags, *key));
        sign->n = 0;
        read_sign(tags, *key, true, sign, kinds);
        any = any || sign->n;
    }
    s->one_way.usual = one_way;
    s->one_way.n = 0;
    if (mode != CR_ROAD_FOOT)
        read_sign(tags, "oneway", false, &s->one_way, kinds);
    return any || s->one_way.n;
}

/* Of the clauses that hold the last counts. */
static int says_at(const timed_sign *sign, int slot)
{
    for (int i = sign->n; i-- > 0;)
        if (hours_have(&sign->at[i].hours, slot))
            return sign->at[i].says;
    return sign->usual;
}

tag_access timed_access_at(const timed_signs *signs, int slot, bool *ret_is_particular)
{
    for (int k = 0; k < signs->n_access; k++) {
        int said = says_at(&signs->access[k], slot);
        *ret_is_particular = k + 1 < signs->n_access;
        if (said != UNSAID)
            return (tag_access)said;
    }
    *ret_is_particular = false;
    return UNSAID;
}

int timed_one_way_at(const timed_signs *signs, int slot)
{
    return says_at(&signs->one_way, slot);
}

/* ---- what is not read ---- */

static bool is_read(const char *key, size_t n)
{
    for (int mode = 0; mode < CR_ROAD_MODES; mode++)
        for (const char *const *k = access_keys[mode]; *k; k++)
            if (strlen(*k) == n && strncmp(*k, key, n) == 0)
                return true;
    return n == 6 && strncmp(key, "oneway", n) == 0;
}

static bool is_like_one_read(const char *key)
{
    size_t n = strcspn(key, ":");
    return is_read(key, n);
}

uint32_t timed_kinds_unread(osm_tags tags)
{
    uint32_t kinds = 0;
    for (int32_t i = 0; i < tags.n; i++) {
        const char *key = tags.at[i].key, *end = strstr(key, ":conditional");
        if (!end || end[12] || !tag_names_time(tags.at[i].value))
            continue;
        if (strncmp(key, "maxspeed", 8) == 0)
            kinds |= UINT32_C(1) << CR_HOURS_SPEED;
        else if (!is_read(key, (size_t)(end - key)) && is_like_one_read(key))
            kinds |= UINT32_C(1) << CR_HOURS_SIGN;
    }
    return kinds;
}
