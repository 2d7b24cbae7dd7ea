/* Problem details, RFC 9457. */
#include "problem.h"

#include <stdio.h>

json_t *problem_json(int status, const char *name, const char *title, const char *detail)
{
    char type[100];
    snprintf(type, sizeof type, "urn:careround:problem:%s", name);
    json_t *all = json_pack("{s:s, s:s, s:i}", "type", type, "title", title, "status", status);
    if (all && detail && json_object_set_new(all, "detail", json_string(detail))) {
        json_decref(all); /* a detail that is not UTF-8 is not quoted */
        all = json_pack("{s:s, s:s, s:i}", "type", type, "title", title, "status", status);
    }
    return all;
}

json_t *problem_of_findings(const char *detail, json_t *findings)
{
    json_t *all = problem_json(422, "input", "The input has errors", detail);
    if (all && findings && json_object_update(all, findings) == 0) {
        json_decref(findings);
        return all;
    }
    json_decref(all);
    json_decref(findings);
    return NULL;
}
