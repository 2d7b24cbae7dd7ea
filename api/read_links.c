/* Links: what ties one visit to another. Read once all visits are known. */
#include "columns.h"
#include "reading.h"
#include "value.h"

#include <string.h>

#define CANDIDATES 2000
#define LINKS_MOST 1000000

static const char *visit_hint(day_reading *r, const char *id)
{
    const char *ids[CANDIDATES];
    int32_t n = r->n_visits < CANDIDATES ? r->n_visits : CANDIDATES;
    for (int32_t i = 0; i < n; i++)
        ids[i] = r->visits[i].visit_id;
    return findings_hint(r->findings, id, ids, n);
}

/* A list alone may name visits of its provider's packages (P1-2026-11-23), which are looked for when the day is read.
 */
static bool may_be_of_a_package(const day_reading *r, const char *id, int32_t self)
{
    size_t n = strlen(id), n_date = strlen("-2026-11-23");
    int32_t days;
    return r->options->is_list && r->visits[self].table == TABLE_VISITS && n > n_date && id[n - n_date] == '-' &&
           value_date(id + n - n_date + 1, &days) == NULL;
}

/* The visit of that id, or CR_NONE (noted). In a row of packages.csv the id of a package means its visit of the day; if
 * it has none, nothing is tied. */
static int32_t find_visit(day_reading *r, const row *at, int32_t column, const char *id, int32_t self)
{
    int32_t found = name_index_get(r->visit_index, id);
    if (found == CR_NONE && r->visits[self].table == TABLE_PACKAGES &&
        name_index_get(r->package_index, id) != CR_NONE) {
        found = name_index_get(r->visit_index, package_visit_id(r, id, r->visits[self].day));
        if (found == CR_NONE)
            return CR_NONE;
    }
    if (found == self)
        row_error(at, column, "names the visit itself");
    else if (found == CR_NONE && !may_be_of_a_package(r, id, self))
        row_error(at, column, "no visit '%s' in visits.csv%s", id, visit_hint(r, id));
    else if (found == REJECTED)
        row_warning(at, column, "visit '%s' has an error, so this link is not kept", id);
    if (found == self || found < 0)
        return CR_NONE;
    row other = row_of_visit(r, found);
    if (at->t == other.t || r->visits[found].table != TABLE_PACKAGES || may_change_package(r, at, &other))
        return found;
    row_error(at, column, "visit '%s' is of a package in another's list (row %d of %s)", id, row_line(&other),
              table_row_file(other.t, other.at));
    return CR_NONE;
}

static cr_status add_link(day_reading *r, const link_record *link)
{
    if (r->n_links == LINKS_MOST) {
        findings_error(r->findings, (finding_at){r->tables[TABLE_VISITS].file, 0, "", ""},
                       "more than %d links between visits", LINKS_MOST);
        r->n_links = 0; /* the day cannot be planned any more; this keeps the message to one */
    }
    if (!array_room((void **)&r->links, r->n_links, &r->links_room, sizeof *r->links))
        return CR_E_NOMEM;
    r->links[r->n_links++] = *link;
    return CR_OK;
}

static void read_gap_from(const row *at, link_record *link)
{
    const char *from = row_text(at, VISIT_GAP_FROM);
    if (strcmp(from, "end") == 0 || strcmp(from, "End") == 0)
        link->from = CR_GAP_END_TO_START;
    else if (*from && strcmp(from, "start") != 0 && strcmp(from, "Start") != 0)
        row_error(at, VISIT_GAP_FROM, "must be start or end (of the earlier visit)");
}

static bool has_gap_rule(const row *at)
{
    bool has = *row_text(at, VISIT_GAP_MIN) || *row_text(at, VISIT_GAP_MAX);
    if (has && !*row_text(at, VISIT_GAP_AFTER))
        row_error(at, VISIT_GAP_AFTER, "is empty, but gap_min or gap_max is given; name the earlier visit");
    return *row_text(at, VISIT_GAP_AFTER) != '\0';
}

static cr_status read_gap(day_reading *r, const row *at, int32_t self)
{
    link_record link = {.second = self, .from = CR_GAP_START_TO_START, .min = CR_FREE, .max = CR_FREE};
    if (!has_gap_rule(at))
        return CR_OK;
    link.first = find_visit(r, at, VISIT_GAP_AFTER, row_text(at, VISIT_GAP_AFTER), self);
    bool has_min = row_duration(at, VISIT_GAP_MIN, 0, 24 * 3600, &link.min);
    bool has_max = row_duration(at, VISIT_GAP_MAX, 0, 24 * 3600, &link.max);
    read_gap_from(at, &link);
    if (has_min && has_max && link.min > link.max)
        row_error(at, VISIT_GAP_MIN, "the least gap is more than the most");
    if (!has_min && !row_is_bad(at))
        link.min = 0; /* "after" means after */
    return row_is_bad(at) || link.first == CR_NONE ? CR_OK : add_link(r, &link);
}

/* A second carer's part ties itself to the visit. */
static cr_status tie_part(day_reading *r, int32_t part)
{
    const visit_record *v = &r->visits[part];
    return add_link(r, &(link_record){part - 1, part, CR_GAP_START_TO_START, v->after_least, v->after_most,
                                      CR_GAP_DIFFERENT, true, .same_provider = v->same_provider});
}

/* Of two visits with a second carer's part each, nobody in either is to be in the other. */
static cr_status part_company(day_reading *r, int32_t first, int32_t second)
{
    const int32_t firsts[] = {first, part_of_visit(r, first)}, seconds[] = {second, part_of_visit(r, second)};
    cr_status st = CR_OK;
    for (int32_t i = 0; i < 4; i++)
        if (!st && i > 0 && firsts[i / 2] != CR_NONE && seconds[i % 2] != CR_NONE)
            st = add_link(r, &(link_record){firsts[i / 2], seconds[i % 2], CR_GAP_START_TO_START, CR_FREE, CR_FREE,
                                            CR_GAP_DIFFERENT, false});
    return st;
}

/* The visits of a list, each tied to this one by a link like the one given. */
static cr_status read_list(day_reading *r, const row *at, int32_t self, int32_t column, link_record like)
{
    const char *list = row_text(at, column);
    cr_status st = CR_OK;
    value_item item;
    while (!st && value_next_item(&list, &item)) {
        char id[128];
        if (item.n >= sizeof id) {
            row_error(at, column, "an id is longer than 127 bytes");
            continue;
        }
        memcpy(id, item.text, item.n);
        id[item.n] = '\0';
        like.first = find_visit(r, at, column, id, self);
        like.second = self;
        if (like.first != CR_NONE)
            st = add_link(r, &like);
        if (!st && like.first != CR_NONE && like.carers == CR_GAP_DIFFERENT)
            st = part_company(r, like.first, self);
    }
    return st;
}

static cr_status read_lists(day_reading *r, const row *at, int32_t self)
{
    const link_record loose = {.from = CR_GAP_START_TO_START, .min = CR_FREE, .max = CR_FREE};
    link_record same = loose, different = loose, both = loose;
    same.carers = CR_GAP_SAME;
    different.carers = CR_GAP_DIFFERENT;
    both.both = true;
    cr_status st = read_list(r, at, self, VISIT_SAME_CARER_AS, same);
    if (!st)
        st = read_list(r, at, self, VISIT_DIFFERENT_CARER_FROM, different);
    return st ? st : read_list(r, at, self, VISIT_ONLY_WITH, both);
}

cr_status read_links(day_reading *r)
{
    cr_status st = CR_OK;
    for (int32_t v = 0; !st && v < r->n_visits; v++) {
        row at = row_of_visit(r, v);
        bool is_part = r->visits[v].is_part;
        if (r->visits[v].is_repeat && row_is_bad(&at))
            continue;
        st = is_part ? tie_part(r, v) : read_gap(r, &at, v);
        if (!st && !is_part)
            st = read_lists(r, &at, v);
    }
    return st;
}
