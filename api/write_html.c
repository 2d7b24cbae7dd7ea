/* The page of a plan: the template of api/web/ with its sections filled in. */
#include "html.h"
#include "web.h"

#include <string.h>

static cr_status html_title(const page *p, FILE *out)
{
    html_put(out, "%s, %s", p->a->day->name, words_dates(p->a->day).text);
    return CR_OK;
}

static const struct {
    const char *name;
    cr_status (*put)(const page *p, FILE *out);
} sections[] = {
    {"changes", html_changes},         {"title", html_title},
    {"headline", html_headline},       {"map", html_map},
    {"rounds", html_rounds},           {"timeline", html_timeline},
    {"unallocated", html_unallocated}, {"costs", html_costs},
    {"providers", html_providers},     {"quality", html_quality},
    {"assumptions", html_assumptions}, {"sheets", html_sheets},
    {"clients", html_clients},         {"held_back", html_held_back},
    {"held_key", html_held_key},
};

static cr_status put_section(const page *p, const char *name, FILE *out)
{
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
        if (strcmp(sections[i].name, name) == 0)
            return sections[i].put(p, out);
    assert(!"plan.html names a section that nobody writes");
    return CR_E_INTERNAL;
}

cr_status write_html(const answer *a, FILE *out)
{
    cr_auto(page) p = NULL;
    cr_status st = page_new(a, &p);
    for (int32_t i = 0; i < web_plan_page_n && !st; i++) {
        fwrite(web_plan_page[i].text, 1, web_plan_page[i].size, out);
        if (web_plan_page[i].section)
            st = put_section(p, web_plan_page[i].section, out);
    }
    if (st)
        return st;
    return ferror(out) ? CR_E_UPSTREAM : CR_OK;
}
