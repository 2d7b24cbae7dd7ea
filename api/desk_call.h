/* One question to a desk, as those who answer it see it. Internal to the desk's process. */
#ifndef API_DESK_CALL_H
#define API_DESK_CALL_H

#include "desk_day.h"

#include <jansson.h>

typedef struct desk_call {
    desk_day *day;
    const desk_message *question;
    desk_message *answer;
    int from, to;    /* the service */
    double engine_s; /* that the engine took */
    bool is_spent;   /* no memory, or no service: the process should end */
} desk_call;

typedef void (*desk_handler)(desk_call *call);

/* ---- answers: one a call ---- */

void desk_reply_json(desk_call *call, json_t *json);                            /* taken over; NULL: no memory */
void desk_reply_json_as(desk_call *call, int status, json_t *json);             /* likewise */
void desk_reply_text(desk_call *call, desk_type type, char *text, size_t size); /* malloc'ed, taken over */
__attribute__((format(printf, 5, 6))) void desk_problem(desk_call *call, int status, const char *name,
                                                        const char *title, const char *format, ...);
void desk_reply_problem(desk_call *call, json_t *problem); /* taken over; NULL: no memory */
void desk_reply_findings(desk_call *call, const char *detail, const day_findings *findings);
void desk_reply_fault(desk_call *call, cr_status st); /* of a step that is not the client's to mend */
bool desk_is_answered(const desk_call *call);

/* ---- what the query has: false, and the answer set, if it is wrong ---- */

/* Untouched where it is not given. */
bool desk_take_number(desk_call *call, const char *name, double least, double most, bool is_whole, double *ret_number);
bool desk_take_yes(desk_call *call, const char *name, bool *ret_yes);

/* ---- answering ---- */

void desk_check(desk_call *call);
void desk_evaluate(desk_call *call);
void desk_suggest(desk_call *call);
void desk_explain(desk_call *call);
void desk_compare(desk_call *call);
void desk_report(desk_call *call);
void desk_matrix(desk_call *call);
void desk_geocode(desk_call *call);
void desk_vroom(desk_call *call);

#endif
