/* Processes of the service: this program again, with a command of its own, so that a day that takes all memory, or
 * finds a fault of ours, ends that process and not the service. */
#ifndef API_CHILD_H
#define API_CHILD_H

#include "careround/base.h"

#include <sys/types.h>

/* ---- the service's side ---- */

/* Start it: arguments[0] is "careround", arguments[1] the command; NULL ends them. in and out become its standard input
 * (-1: /dev/null) and output; it gets no other file of ours but standard error, and a process group of its own, so that
 * Ctrl-C in a terminal is the service's to pass on. 0, or an errno. */
int child_start(char *const *arguments, int in, int out, pid_t *ret_pid);

/* ---- the process's own side ---- */

typedef struct child_limits {
    pid_t parent;     /* it ends when that one does; 0: with whoever started it */
    int nicer;        /* less priority by so much */
    double cpu_s;     /* < 0: no limit */
    double memory_mb; /* 0: no limit */
} child_limits;

/* False: the parent is gone already. */
bool child_set_up(const child_limits *limits);

#endif
