/* What went wrong, in the form of RFC 9457 (problem details), for answers of the service and for plans that failed. */
#ifndef API_PROBLEM_H
#define API_PROBLEM_H

#include "careround/base.h"

#include <jansson.h>

/* {"type": "urn:careround:problem:NAME", "title", "status", "detail"}; NULL: no memory. detail NULL: none. The names
 * are listed in docs/service.md. */
json_t *problem_json(int status, const char *name, const char *title, const char *detail);

/* The same for a list or a day with errors: findings as cmd_findings_json() makes them, taken over. */
json_t *problem_of_findings(const char *detail, json_t *findings);

#endif
