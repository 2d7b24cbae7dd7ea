/* Faults of GLPK become answers: see glpk_guard.h. */
#include "glpk_guard.h"

#include <glpk.h>
#include <setjmp.h>
#include <stddef.h>

/* GLPK calls this in place of abort(). All its objects are lost then. */
static void on_fault(void *info)
{
    jmp_buf *failed = info;
    longjmp(*failed, 1);
}

/* It turns its own output on before it reports a fault. */
static int say_nothing(void *info, const char *text)
{
    return 1;
}

bool glpk_guard(void (*work)(void *info), void *info)
{
    jmp_buf failed;
    if (setjmp(failed)) {
        glp_free_env();
        return false;
    }
    glp_error_hook(on_fault, &failed);
    glp_term_hook(say_nothing, NULL);
    glp_term_out(GLP_OFF);
    work(info);
    glp_error_hook(NULL, NULL);
    glp_term_hook(NULL, NULL);
    return true;
}
