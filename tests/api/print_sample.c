/* print_sample FORMAT: the sample day's answer on standard output, for checks that are not written in C. */
#include "sample_day.h"

#include <string.h>

static cr_status carer_csv(const answer *a, FILE *out)
{
    return write_carer_csv(a, CR_NONE, out);
}

static cr_status client_csv(const answer *a, FILE *out)
{
    return write_client_csv(a, CR_NONE, out);
}

static cr_status ann_ical(const answer *a, FILE *out)
{
    return write_carer_ical(a, ANN, out);
}

static const struct {
    const char *name;
    answer_writer write;
} formats[] = {
    {"html", write_html},       {"json", write_plan_json},  {"summary-json", write_summary_json},
    {"summary", write_summary}, {"geojson", write_geojson}, {"unallocated-csv", write_unallocated_csv},
    {"carer-csv", carer_csv},   {"client-csv", client_csv}, {"ical", ann_ical},
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
