/* One run of a scenario as a worker of the service does it.
 *
 * The key of the record is made here, of this program and of the inputs as they are on this machine: a record says what
 * it was made of. A machine with other roads than that of the service would make another table, and refuses.
 */
#include "scenario.h"

#include "cmd.h"
#include "findings.h"
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

/* Files that are others here than where the scenario was asked for, or are missing on either side. */
static void name_others(findings_book *book, const json_t *there, const json_t *here)
{
    const char *path;
    json_t *hash;
    json_object_foreach((json_t *)there, path, hash) if (!json_equal(hash, json_object_get(here, path)))
        findings_error(book, (finding_at){path, 0, "", ""}, "is another where this worker is, or is not there");
    json_object_foreach((json_t *)here, path, hash) if (!json_object_get(there, path)) findings_error(
        book, (finding_at){path, 0, "", ""}, "is where this worker is, and not where this was asked for");
}

/* The inputs as they are here must be those that the facts say. */
static cr_status check_inputs(const scenario_job *job, const scenario_bundle *bundle, day_findings **ret_findings)
{
    findings_book *book = NULL;
    char path[4096];
    snprintf(path, sizeof path, "%s/facts.json", job->folder);
    json_t *facts = json_load_file(path, 0, NULL);
    const json_t *files = json_object_get(facts, "files");
    bool is_same = json_equal(files, bundle->files);
    cr_status st = !json_is_object(files) ? CR_E_INTERNAL : is_same ? CR_OK : findings_new(&book);
    if (!st && !is_same) {
        name_others(book, files, bundle->files);
        st = findings_publish(&book, ret_findings);
        st = st ? st : CR_E_INPUT;
    }
    findings_free(book);
    json_decref(facts);
    return st;
}

cr_status scenario_job_open(const char *folder, int32_t run, const day_read_options *read, scenario_job **ret_job,
                            day_findings **ret_findings)
{
    cr_auto(scenario_job) job = calloc(1, sizeof *job);
    cr_auto(scenario_bundle) bundle = NULL;
    if (!job || !(job->folder = strdup(folder)))
        return CR_E_NOMEM;
    cr_status st = read_scenarios(folder, &job->file);
    if (st || run >= job->file->n_scenarios * job->file->n_seeds)
        return st == CR_E_NOMEM ? st : CR_E_INTERNAL;
    job->at = run / job->file->n_seeds;
    job->seed = run % job->file->n_seeds;
    st = scenario_bundle_open(job->file, read, NULL, &bundle);
    if (!st)
        st = check_inputs(job, bundle, ret_findings);
    if (!st)
        st = scenario_key(&bundle->origin, job->file, job->at, job->seed, 1, job->key);
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
