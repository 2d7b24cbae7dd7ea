/* A desk: a process of the service on which one day lies open, read and compiled once, to be asked about.
 *
 * 'careround desk' is asked over a pipe, one question at a time, and answers with what the route of the service answers
 * (desks.h has the service's side). Questions are frames: a head, then words ("visit\0V1\0": what the query of the
 * request has), then a text (its body). A plan of the store that a question names is asked back for, once. Both sides
 * are the same program, so a head is bytes as they lie in memory.
 */
#ifndef API_DESK_H
#define API_DESK_H

#include "careround/base.h"

#include <stddef.h>

typedef enum desk_question {
    DESK_CHECK,
    DESK_EVALUATE,
    DESK_SUGGEST,
    DESK_EXPLAIN,
    DESK_COMPARE,
    DESK_REPORT,
    DESK_MATRIX,
    DESK_GEOCODE,
    DESK_VROOM,
    DESK_PLAN, /* no question: the plan that was asked back for */
    N_DESK_QUESTIONS
} desk_question;

typedef enum desk_type { DESK_JSON, DESK_PROBLEM, N_DESK_TYPES } desk_type;

#define DESK_WORDS_MOST ((size_t)65536)
#define DESK_TEXT_MOST  ((size_t)512 << 20)

typedef struct desk_head {
    uint32_t kind; /* desk_question; of an answer the status for HTTP, or 0: send the plan whose id is the text */
    uint32_t type; /* desk_type of an answer's text */
    uint64_t n_words, n_text;
    uint64_t engine_us; /* of an answer: what the engine took of the time; 0: not measured */
} desk_head;

/* words and text are malloc'ed and have a zero behind them. */
typedef struct desk_message {
    desk_head head;
    char *words, *text;
} desk_message;

void desk_message_done(desk_message *m);

/* The n-th word of that name, from 0; NULL: there is none. */
const char *desk_word(const desk_message *m, const char *name, int32_t n);

/* Whole messages over a pipe that does not block. until_s: of cmd_clock_s(); < 0: however long it takes.
 * CR_E_UPSTREAM: the other side has ended, or that time has come (errno ETIMEDOUT). */
cr_status desk_send(int fd, const desk_message *m, double until_s);
cr_status desk_receive(int fd, double until_s, desk_message *ret_message);

#endif
