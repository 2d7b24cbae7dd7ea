/* print_sample FORMAT: the sample day's answer on standard output, for checks that are not written in C. */
#include "sample_day.h"

#include <string.h>

static const struct {
    const char *name;
    answer_writer write;
} formats[] = {
    {"html", write_html},
    {"json", write_plan_json},
    {"summary-json", write_summary_json},
};

int main(int argc, char **argv)
{
    void *state;
    sample_setup(&state);
    const sample *s = state;
    int status = 2;
    for (size_t i = 0; argc == 2 && i < sizeof formats / sizeof *formats; i++)
        if (strcmp(formats[i].name, argv[1]) == 0)
            status = (int)formats[i].write(&s->answer, stdout);
    sample_teardown(&state);
    return status;
}
