/* Desks: the processes on which days lie open (desk.h), as the service sees them.
 *
 * There are at most so many. One is started when its day is first asked about, answers one question at a time, and is
 * ended when nobody has asked for a while, when its place is needed, or when a later version of its day is asked about.
 * Questions that take long have a desk of their own, so that nobody waits behind them. Everything may be called from
 * any thread.
 */
#ifndef API_DESKS_H
#define API_DESKS_H

#include "desk.h"
#include "jobs.h"

typedef struct desks desks;

#define DESKS_MOST 64

typedef struct desks_options {
    const char *folder;             /* for scratch; it is there, and nobody else's */
    int32_t n_desks;                /* at once, up to DESKS_MOST */
    double idle_s;                  /* a desk that nobody has asked for so long is ended */
    double memory_mb;               /* of each; 0: no limit */
    double most_time_s;             /* of a question */
    const char *const *how_to_read; /* "--roads=FILE" and so on; NULL ends them */
} desks_options;

cr_status desks_new(const desks_options *options, desks **ret_desks);
void desks_stop(desks *d); /* those that are asked give no answer, and no more are started */
void desks_free(desks *d); /* once it has stopped; NULL is welcome */

/* Now and then: end those that nobody has asked for a while. */
void desks_tidy(desks *d);

/* Which desk: a version of a day, or (date "") that of the roads or of the geocoder. */
typedef struct desk_key {
    char date[16];
    int32_t version;
    int64_t at_ms; /* when it came: after a purge the versions begin anew */
    bool is_slow;
    desk_question alone; /* with date "": of this question alone */
} desk_key;

/* What a desk needs of the store. */
typedef struct desk_supply {
    cr_status (*write_day)(void *user, const char *folder);                         /* make the folder, with the day */
    cr_status (*get_plan)(void *user, const char *plan_id, store_bytes **ret_plan); /* NULL: there is none */
    void *user;
} desk_supply;

typedef enum desk_outcome {
    DESK_ANSWERED,
    DESK_BUSY, /* all desks, or this one for too long */
    DESK_DIED, /* twice, over this question */
    DESK_TIME, /* it took too long, and was ended */
    DESK_FAULT /* the store, or no process could be started; the log says why */
} desk_outcome;

/* Ask. The answer is the caller's if there is one. */
desk_outcome desks_ask(desks *d, const desk_key *key, const desk_supply *supply, const desk_message *question,
                       desk_message *ret_answer);

typedef struct desks_counts {
    int64_t n_asked, n_started, n_died;
    int32_t n_open;
} desks_counts;
desks_counts desks_count(desks *d);

#endif
