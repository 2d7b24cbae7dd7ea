/* What who runs the service asks: does it live, can it work, how is it doing. */
#include "http.h"

#include "value.h"
#include "words.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void http_health(http_call *call)
{
    http_reply_json(call, 200, json_pack("{s:s}", "status", "ok"));
}

/* Alive is not able: a store that cannot be read is nothing to send work to. */
void http_ready(http_call *call)
{
    bool any; /* asked for only because it is quick */
    cr_status st = store_has_tokens(call->store, &any);
    if (st)
        http_reply_fault(call, st);
    else
        http_reply_json(call, 200, json_pack("{s:s}", "status", "ok"));
}

void http_about(http_call *call)
{
    http_reply_json(call, 200, json_pack("{s:s, s:s}", "service", "careround", "version", CAREROUND_VERSION));
}

/* ---- Prometheus ---- */

static void put_head(FILE *out, const char *name, const char *kind, const char *help)
{
    fprintf(out, "# HELP careround_%s %s\n# TYPE careround_%s %s\n", name, help, name, kind);
}

static void put_states(FILE *out, const char *name, const char *help, const int64_t n[N_PLAN_STATES])
{
    put_head(out, name, "gauge", help);
    for (int32_t i = 0; i < N_PLAN_STATES; i++)
        fprintf(out, "careround_%s{state=\"%s\"} %lld\n", name, store_plan_state_name[i], (long long)n[i]);
}

static void put_plans(FILE *out, http_server *s, const store_counts *n)
{
    jobs_counts c = jobs_count(s->jobs);
    put_states(out, "plans", "Plans in the store by state.", n->plans);
    put_states(out, "scenario_runs", "Runs of scenarios in the store by state.", n->runs);
    put_head(out, "jobs_total", "counter", "Plans and runs of scenarios that ended since the start, by how.");
    fprintf(out, "careround_jobs_total{outcome=\"done\"} %lld\n", (long long)c.n_done);
    fprintf(out, "careround_jobs_total{outcome=\"failed\"} %lld\n", (long long)c.n_failed);
    put_head(out, "workers_ended_by_signal_total", "counter", "Workers that a signal ended.");
    fprintf(out, "careround_workers_ended_by_signal_total %lld\n", (long long)c.n_ended_by_signal);
    put_head(out, "workers", "gauge", "Workers that run.");
    fprintf(out, "careround_workers %d\n", c.n_running);
    put_head(out, "job_seconds_total", "counter", "Wall time of the workers that ended.");
    fprintf(out, "careround_job_seconds_total %s\n", words_fixed(llround(c.solve_s * 1e3), 3).text);
    put_head(out, "matrix_seconds_total", "counter", "Of it, the time that the matrices of travel took.");
    fprintf(out, "careround_matrix_seconds_total %s\n", words_fixed(llround(c.matrix_s * 1e6), 6).text);
    put_head(out, "plan_gap_ratio", "summary",
             "Of plans that ended with a proved bound, how much lower that is, as a part of their cost.");
    fprintf(out, "careround_plan_gap_ratio_sum %s\n", words_fixed(llround(c.gaps * 1e6), 6).text);
    fprintf(out, "careround_plan_gap_ratio_count %lld\n", (long long)c.n_gaps);
}

static void put_requests(FILE *out, http_server *s)
{
    put_head(out, "requests_total", "counter", "Requests answered, by class of status.");
    pthread_mutex_lock(&s->lock);
    for (int32_t i = 2; i < 6; i++)
        fprintf(out, "careround_requests_total{class=\"%dxx\"} %lld\n", i, (long long)s->counts.by_class[i]);
    pthread_mutex_unlock(&s->lock);
    put_head(out, "clients_cut_total", "counter", "Clients cut off because they sent or read too slowly.");
    fprintf(out, "careround_clients_cut_total %lld\n", (long long)http_clients_cut(s->clients));
}

static void put_desks(FILE *out, http_server *s)
{
    desks_counts c = desks_count(s->desks);
    put_head(out, "desks", "gauge", "Processes on which a day lies open for questions.");
    fprintf(out, "careround_desks %d\n", c.n_open);
    put_head(out, "desks_started_total", "counter", "Desks started.");
    fprintf(out, "careround_desks_started_total %lld\n", (long long)c.n_started);
    put_head(out, "desks_died_total", "counter", "Desks that died or were ended over a question.");
    fprintf(out, "careround_desks_died_total %lld\n", (long long)c.n_died);
    put_head(out, "questions_total", "counter", "Questions put to desks.");
    fprintf(out, "careround_questions_total %lld\n", (long long)c.n_asked);
}

void http_metrics(http_call *call)
{
    store_counts n;
    char *text = NULL;
    size_t size = 0;
    cr_status st = store_count_plans(call->store, &n);
    FILE *out = st ? NULL : open_memstream(&text, &size);
    if (!out) {
        http_reply_fault(call, st ? st : CR_E_NOMEM);
        return;
    }
    put_plans(out, call->server, &n);
    put_desks(out, call->server);
    put_requests(out, call->server);
    if (fclose(out))
        http_reply_fault(call, CR_E_NOMEM);
    else
        http_reply_bytes(call, "text/plain; version=0.0.4; charset=utf-8", NULL, text, size);
    free(text);
}

bool http_query_int(http_call *call, const char *name, int32_t least, int32_t most, int32_t *ret_number)
{
    const char *text = http_query(call, name);
    if (!text || value_int(text, least, most, ret_number))
        return true;
    http_reply_problem(call, 422, "query", "The query has errors", "%s must be a whole number from %d to %d", name,
                       least, most);
    return false;
}
