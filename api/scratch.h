/* A folder for scratch, and the name that a service goes by in the store. */
#ifndef API_SCRATCH_H
#define API_SCRATCH_H

#include "arena.h"

typedef struct scratch {
    const char *folder; /* the caller's */
    int lock;           /* held as long as this process has it open */
    char worker[100];   /* "machine/5ed168e2ded730f9": of nobody else, and of us again after a kill */
} scratch;

/* Make the folder if it is not there, and make it ours alone: what is in it is of a service that is gone, and is
 * removed. CR_E_UPSTREAM (and a word on standard error): it cannot be made, another service works there, or it has
 * files of somebody else's, which stay as they are. */
cr_status scratch_open(const char *folder, scratch *ret_scratch);

/* Remove it with all in it. */
void scratch_remove(scratch *s);

#endif
