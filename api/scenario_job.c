/* One run of a scenario as a worker of the service does it.
 *
 * The key of the record is made here, of this program: a record says what it was made by, whatever machine it was on.
 */
#include "scenario.h"

#include "cmd.h"
#include "text_file.h"

#include <stdlib.h>
#include <string.h>

struct scenario_job {
    scenario_file *file;
    char *folder;
    int32_t at, seed; /* indices: of the scenario, of the seed */
    char key[STORE_HASH_SIZE];
};

scenario_job *scenario_job_free(scenario_job *job)
{
    if (job) {
        scenario_file_free(job->file);
        free(job->folder);
        free(job);
    }
    return NULL;
}

/* The service has looked at the file when it came. */
static cr_status read_scenarios(const char *folder, scenario_file **ret_file)
{
    findings_book *book = NULL;
    text_file text = {0};
    char path[4096], message[300];
    snprintf(path, sizeof path, "%s/scenarios.json", folder);
    cr_status st = findings_new(&book);
    if (!st)
        st = text_file_read(path, &text, message, sizeof message);
    if (!st)
        st = scenario_file_parse(text.text, text.size, path, book, ret_file);
    text_file_done(&text);
    findings_free(book);
    return st;
}

static cr_status make_key(scenario_job *job)
{
    char path[4096];
    scenario_origin origin = scenario_origin_here();
    snprintf(path, sizeof path, "%s/facts.json", job->folder);
    json_t *facts = json_load_file(path, 0, NULL);
    const char *data = json_string_value(json_object_get(facts, "data_sha256"));
    cr_status st = data ? CR_OK : CR_E_INTERNAL;
    if (!st) {
        snprintf(origin.data_hash, sizeof origin.data_hash, "%s", data);
        st = scenario_key(&origin, job->file, job->at, job->seed, 1, job->key);
    }
    json_decref(facts);
    return st;
}

cr_status scenario_job_open(const char *folder, int32_t run, scenario_job **ret_job)
{
    cr_auto(scenario_job) job = calloc(1, sizeof *job);
    if (!job || !(job->folder = strdup(folder)))
        return CR_E_NOMEM;
    cr_status st = read_scenarios(folder, &job->file);
    if (st || run >= job->file->n_scenarios * job->file->n_seeds)
        return st == CR_E_NOMEM ? st : CR_E_INTERNAL;
    job->at = run / job->file->n_seeds;
    job->seed = run % job->file->n_seeds;
    st = make_key(job);
    if (!st)
        *ret_job = scenario_job_take(&job);
    return st;
}

cr_status scenario_job_read_day(const scenario_job *job, const day_read_options *read, cr_day **ret_day,
                                day_findings **ret_findings)
{
    return scenario_day_read(job->file, read, job->at, ret_day, ret_findings);
}

cr_status scenario_job_do(const scenario_job *job, const cr_day *day)
{
    const scenario_run_options how = {.scenario = job->file->scenarios[job->at].name,
                                      .key = job->key,
                                      .seed = job->file->seeds[job->seed],
                                      .iterations = job->file->iterations,
                                      .time_s = job->file->time_s,
                                      .n_threads = 1};
    char path[4096];
    json_t *record = NULL;
    cr_status st = scenario_run(day, &how, &record);
    char *text = record ? json_dumps(record, JSON_COMPACT | JSON_REAL_PRECISION(15)) : NULL;
    snprintf(path, sizeof path, "%s/record.json", job->folder);
    if (!st && record)
        st = text ? cmd_write_text(path, text) : CR_E_NOMEM;
    free(text);
    json_decref(record);
    return st;
}
