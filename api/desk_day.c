/* The day on a desk, and plans read against it. */
#include "desk_day.h"

#include "cmd.h"
#include "plan_json.h"

#include <stdlib.h>
#include <string.h>

#define PATH_MOST 4200
#define TEXT_MOST ((size_t)4 << 20) /* of a plan that was sent and is kept; one of 500 visits has 400 kB */

/* ---- the day ---- */

static void forget_name(desk_kept *k)
{
    *k->plan_id = '\0';
    free(k->text);
    k->text = NULL;
}

static void drop_kept(desk_kept *k)
{
    k->plan = cr_plan_free(k->plan);
    forget_name(k);
}

static void forget_day(desk_day *d)
{
    for (int32_t i = 0; i < DESK_KEPT_PLANS; i++)
        drop_kept(&d->kept[i]);
    drop_kept(&d->anew);
    d->evaluator = cr_evaluator_free(d->evaluator);
    d->day = cr_day_free(d->day);
    d->findings = day_findings_free(d->findings);
    d->is_published = false;
    *d->stands_as_of = *d->fingerprint = '\0';
}

static cr_status read_day(desk_day *d, const char *plan_path)
{
    day_read_options options = d->read;
    forget_day(d);
    options.plan_path = plan_path;
    cr_status st = cr_day_read(&options, &d->day, &d->findings);
    return st;
}

void desk_day_done(desk_day *d)
{
    forget_day(d);
}

cr_status desk_day_open(desk_day *d)
{
    if (!d->day || *d->stands_as_of) /* one with errors is read again: a router may be back */
        return read_day(d, NULL);
    if (d->is_published) {
        cr_problem_publish(d->day->problem, NULL);
        d->evaluator = cr_evaluator_free(d->evaluator);
        d->is_published = false;
    }
    return CR_OK;
}

/* ---- plans ---- */

const desk_kept *desk_day_find(desk_day *d, const char *plan_id)
{
    for (int32_t i = 0; d->day && !*d->stands_as_of && i < DESK_KEPT_PLANS; i++)
        if (strcmp(d->kept[i].plan_id, plan_id) == 0)
            return desk_day_open(d) ? NULL : &d->kept[i]; /* it has no published rota */
    return NULL;
}

/* Reading takes longer than the answer, and whoever moves visits by hand asks about the same plan again and again. */
static const desk_kept *find_sent(desk_day *d, const char *text, size_t size)
{
    for (int32_t i = 0; d->day && !*d->stands_as_of && i < DESK_KEPT_PLANS; i++)
        if (d->kept[i].text && d->kept[i].n_text == size && memcmp(d->kept[i].text, text, size) == 0)
            return desk_day_open(d) ? NULL : &d->kept[i];
    return NULL;
}

static desk_kept *kept_place(desk_day *d, const desk_kept *plan)
{
    assert(plan >= d->kept && plan < d->kept + DESK_KEPT_PLANS);
    return &d->kept[plan - d->kept];
}

/* Without the memory for it, it is only read again. */
static void keep_text(desk_kept *k, const char *text, size_t size)
{
    k->text = size > 0 && size <= TEXT_MOST ? malloc(size) : NULL;
    k->n_text = size;
    if (k->text)
        memcpy(k->text, text, size);
}

cr_plan *desk_day_take(desk_day *d, const desk_kept *plan)
{
    desk_kept *k = kept_place(d, plan);
    forget_name(k);
    return cr_plan_take(&k->plan);
}

bool desk_day_is_other(desk_day *d, const desk_kept *plan)
{
    if (*d->stands_as_of || !*plan->origin.fingerprint)
        return false;
    if (!*d->fingerprint)
        day_fingerprint(d->day, d->fingerprint);
    return strcmp(d->fingerprint, plan->origin.fingerprint) != 0;
}

static bool is_given(const json_t *root, const char *name)
{
    const json_t *value = json_object_get(root, name);
    return value && !json_is_null(value);
}

/* A plan of the day as its files have it. */
static cr_status read_plain(desk_day *d, const char *plan_id, const json_t *root, const json_error_t *error,
                            const desk_kept **ret_plan, plan_faults **ret_faults)
{
    cr_plan *plan = NULL;
    plan_origin origin = {0};
    cr_status st = desk_day_open(d);
    if (!st) {
        d->is_published = is_given(root, "published"); /* also if it turns out to be unsound */
        st = plan_json_take_loaded(root, error, d->day, &plan, &origin, ret_faults);
    }
    if (st)
        return st;
    desk_kept *place = &d->kept[d->next_kept];
    d->next_kept = (d->next_kept + 1) % DESK_KEPT_PLANS;
    drop_kept(place);
    place->plan = plan;
    place->origin = origin;
    if (plan_id && !d->is_published)
        snprintf(place->plan_id, sizeof place->plan_id, "%s", plan_id);
    *ret_plan = place;
    return CR_OK;
}

static bool write_bytes(FILE *out, void *user)
{
    const store_bytes *bytes = user;
    return fwrite(bytes->bytes, 1, bytes->size, out) == bytes->size;
}

static cr_status write_plan(const char *path, const char *text, size_t size)
{
    store_bytes *bytes = malloc(sizeof *bytes + size);
    if (!bytes)
        return CR_E_NOMEM;
    bytes->size = size;
    memcpy(bytes->bytes, text, size);
    cr_status st = cmd_write_file(path, write_bytes, bytes);
    free(bytes);
    return st;
}

/* The day is read with what had happened when it was planned anew. */
static cr_status read_anew(desk_day *d, const char *text, size_t size, const json_t *root, const json_error_t *error,
                           const desk_kept **ret_plan, plan_faults **ret_faults)
{
    char hash[STORE_HASH_SIZE], path[PATH_MOST];
    store_hash(text, size, hash);
    if (d->day && strcmp(hash, d->stands_as_of) == 0) {
        *ret_plan = &d->anew;
        return CR_OK;
    }
    snprintf(path, sizeof path, "%s/plan.json", d->folder);
    cr_status st = write_plan(path, text, size);
    if (!st)
        st = read_day(d, path);
    if (st)
        return st;
    st = plan_json_take_loaded(root, error, d->day, &d->anew.plan, &d->anew.origin, ret_faults);
    if (st) {
        forget_day(d); /* half of it may stand in the day */
        return st;
    }
    strcpy(d->stands_as_of, hash);
    *ret_plan = &d->anew;
    return CR_OK;
}

static cr_status refuse_anew(plan_faults **ret_faults)
{
    plan_faults *faults = calloc(1, sizeof *faults);
    plan_fault *fault = faults ? calloc(1, sizeof *fault) : NULL;
    if (fault) {
        faults->items = fault;
        faults->n = 1;
        fault->where = strdup("replanned");
        fault->text = strdup("the day is taken as its files have it here, and this plan was planned anew");
    }
    if (!fault || !fault->where || !fault->text) {
        plan_faults_free(faults);
        return CR_E_NOMEM;
    }
    *ret_faults = faults;
    return CR_E_INPUT;
}

cr_status desk_day_read_plan(desk_day *d, const char *plan_id, const char *text, size_t size, bool may_change_day,
                             const desk_kept **ret_plan, plan_faults **ret_faults)
{
    json_error_t error;
    const desk_kept *known = plan_id ? NULL : find_sent(d, text, size);
    if (known) {
        *ret_plan = known;
        return CR_OK;
    }
    json_auto_t *root = NULL;
    if (plan_json_load(text, size, &root, &error) == CR_E_NOMEM)
        return CR_E_NOMEM;
    bool is_anew = is_given(root, "replanned");
    if (is_anew && !may_change_day)
        return refuse_anew(ret_faults);
    if (is_anew)
        return read_anew(d, text, size, root, &error, ret_plan, ret_faults);
    cr_status st = read_plain(d, plan_id, root, &error, ret_plan, ret_faults);
    if (!st && !plan_id && !d->is_published)
        keep_text(kept_place(d, *ret_plan), text, size);
    return st;
}
