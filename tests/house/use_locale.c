/* Preloaded into every program of a test run: takes on the locale of the environment, as a host program of the library
 * might. A comma for a decimal point must change nothing that is read or written. .ci/run does this once.
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

__attribute__((constructor)) static void use_locale(void)
{
    if (!setlocale(LC_ALL, "")) {
        fputs("use_locale: the locale of the environment is not there\n", stderr);
        exit(EXIT_FAILURE);
    }
}
