/* GLPK, contained. It aborts the program on errors that it believes to be ours and when memory runs out; under the
 * guard it is silent, and such a fault is an answer. GLPK's manual, section 6.1 (environment, error hook).
 */
#ifndef ENGINE_GLPK_GUARD_H
#define ENGINE_GLPK_GUARD_H

#include <stdbool.h>

/* Run work(info), which calls GLPK. False: GLPK gave up in the midst of it. Its environment was then reset, so every
 * GLPK object of this thread is gone, and what work had taken from malloc is still there: keep it where the caller can
 * free it. Calls do not nest. */
bool glpk_guard(void (*work)(void *info), void *info);

#endif
