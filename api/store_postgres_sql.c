/* Every word of SQL for PostgreSQL: the steps that make and change the tables, and the statements of store_db.h.
 *
 * A step, once released, stays as it is: a change of the tables is a new step. Times are milliseconds since 1970, ids
 * and hashes hex digits. All numbers are bigint and all text is in the order of its bytes, as in SQLite.
 *
 * Transactions are READ COMMITTED: each statement sees what others have committed before it, so what reads first and
 * writes later takes a lock first. These are advisory locks, given back with the transaction: of a date, of all dates
 * (which that of a date shares), and of the audit trail, so that its lines become visible in the order of their numbers
 * and who reads on after one misses none.
 */
#include "store_db.h"

#define TEXT "text COLLATE \"C\""

const char *const store_postgres_steps[] = {
    /* 0 -> 1 */
    "CREATE TABLE upload ("
    " upload_id " TEXT " PRIMARY KEY, date " TEXT " NOT NULL, kind " TEXT " NOT NULL, provider " TEXT " NOT NULL,"
    " version bigint NOT NULL, format " TEXT " NOT NULL, mapping " TEXT " NOT NULL, hash " TEXT " NOT NULL,"
    " n_rows bigint NOT NULL, size bigint NOT NULL, at_ms bigint NOT NULL, who " TEXT " NOT NULL,"
    " content bytea NOT NULL,"
    " UNIQUE (date, kind, provider, version));"
    "CREATE TABLE day ("
    " date " TEXT " NOT NULL, version bigint NOT NULL, at_ms bigint NOT NULL, report " TEXT ","
    " PRIMARY KEY (date, version));"
    "CREATE TABLE part ("
    " date " TEXT " NOT NULL, version bigint NOT NULL, upload_id " TEXT " NOT NULL REFERENCES upload,"
    " PRIMARY KEY (date, version, upload_id),"
    " FOREIGN KEY (date, version) REFERENCES day);"
    "CREATE INDEX part_of_upload ON part (upload_id);"
    "CREATE TABLE plan ("
    " plan_number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, plan_id " TEXT " NOT NULL UNIQUE,"
    " date " TEXT " NOT NULL, day_version bigint NOT NULL, owner " TEXT " NOT NULL, who " TEXT " NOT NULL,"
    " state " TEXT " NOT NULL, attempts bigint NOT NULL DEFAULT 0, options " TEXT " NOT NULL, problem " TEXT ","
    " summary " TEXT ", hash " TEXT ", queued_ms bigint NOT NULL, started_ms bigint, finished_ms bigint, result bytea,"
    " FOREIGN KEY (date, day_version) REFERENCES day);"
    "CREATE INDEX plan_by_state ON plan (state, owner);"
    "CREATE INDEX plan_by_owner ON plan (owner, started_ms);"
    "CREATE INDEX plan_by_day ON plan (date, day_version);"
    "CREATE TABLE token ("
    " token_id " TEXT " PRIMARY KEY, name " TEXT " NOT NULL, scope " TEXT " NOT NULL, provider " TEXT " NOT NULL,"
    " hash " TEXT " NOT NULL UNIQUE, at_ms bigint NOT NULL, expires_ms bigint NOT NULL, revoked_ms bigint NOT NULL);"
    "CREATE TABLE event ("
    " event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at_ms bigint NOT NULL, who " TEXT " NOT NULL,"
    " what " TEXT " NOT NULL, about " TEXT " NOT NULL)",
    /* 1 -> 2 */
    "CREATE TABLE answer ("
    " client " TEXT " NOT NULL, key " TEXT " NOT NULL, request " TEXT " NOT NULL, date " TEXT " NOT NULL,"
    " at_ms bigint NOT NULL, status bigint, location " TEXT ", body " TEXT ", PRIMARY KEY (client, key));"
    "CREATE INDEX answer_by_time ON answer (at_ms)",
    /* 2 -> 3: and whoever waits is told, by the server itself, that a plan is in another state. */
    "ALTER TABLE plan ADD COLUMN fence bigint NOT NULL DEFAULT 0,"
    " ADD COLUMN leased_until_ms bigint NOT NULL DEFAULT 0, ADD COLUMN worker " TEXT ","
    " ADD COLUMN wish " TEXT ", ADD COLUMN progress " TEXT ";"
    "CREATE FUNCTION careround_tell() RETURNS trigger LANGUAGE plpgsql AS $$"
    " BEGIN PERFORM pg_notify('careround', coalesce(NEW.wish, NEW.state)); RETURN NULL; END $$;"
    "CREATE TRIGGER plan_tells AFTER INSERT OR UPDATE OF state, wish ON plan"
    " FOR EACH ROW EXECUTE FUNCTION careround_tell()",
    /* 3 -> 4 */
    "CREATE TABLE scenario ("
    " scenario_number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, scenario_id " TEXT " NOT NULL UNIQUE,"
    " date " TEXT " NOT NULL,"
    " day_version bigint NOT NULL, who " TEXT " NOT NULL, at_ms bigint NOT NULL, file " TEXT " NOT NULL,"
    " facts " TEXT " NOT NULL, FOREIGN KEY (date, day_version) REFERENCES day);"
    "CREATE INDEX scenario_by_day ON scenario (date, day_version);"
    "ALTER TABLE plan ADD COLUMN scenario_id " TEXT " REFERENCES scenario (scenario_id);"
    "ALTER TABLE plan ADD COLUMN run bigint;"
    "CREATE UNIQUE INDEX plan_by_run ON plan (scenario_id, run)",
    /* 4 -> 5 */
    "DROP INDEX plan_by_state;"
    "CREATE INDEX plan_by_turn ON plan (state, owner, plan_number, scenario_id);"
    "DROP INDEX plan_by_run;"
    "CREATE UNIQUE INDEX plan_by_run ON plan (scenario_id, run) WHERE scenario_id IS NOT NULL;"
    "CREATE INDEX plan_newest ON plan (plan_number) WHERE scenario_id IS NULL;"
    "CREATE INDEX plan_newest_of_date ON plan (date, plan_number) WHERE scenario_id IS NULL",
};
const int32_t store_postgres_n_steps = sizeof store_postgres_steps / sizeof *store_postgres_steps;

#define UPLOAD_COLUMNS                                                                                                 \
    "u.upload_id, u.date, u.kind, u.provider, u.format, u.hash, u.who, u.mapping, u.version, u.n_rows, u.size, "       \
    "u.at_ms"
#define PLAN_COLUMNS                                                                                                   \
    "plan_id, date, owner, who, options, problem, summary, hash, state, day_version, attempts, queued_ms, started_ms," \
    " finished_ms, fence, worker, progress, scenario_id, run"
/* file: it, or nothing, for lists: it may be long. */
#define SCENARIO_COLUMNS(file)                                                                                         \
    "s.scenario_id, s.date, s.who, s.day_version, s.at_ms, " file ", s.facts, "                                        \
    "count(*) FILTER (WHERE r.state = 'queued'), count(*) FILTER (WHERE r.state = 'running'), "                        \
    "count(*) FILTER (WHERE r.state = 'done'), count(*) FILTER (WHERE r.state = 'failed'), "                           \
    "count(*) FILTER (WHERE r.state = 'cancelled'), min(r.started_ms), max(r.finished_ms), "                           \
    "(SELECT f.problem FROM plan f WHERE f.scenario_id = s.scenario_id AND f.state = 'failed' ORDER BY f.run LIMIT 1)"
#define NOW_MS        "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"
#define TOKEN_COLUMNS "token_id, name, scope, provider, at_ms, expires_ms, revoked_ms"

/* The first number of our locks is "care"; the second says which. */
#define LOCK_DATES "1667330661, 1"
#define LOCK_TRAIL "1667330661, 2"

/* Plans that may be taken at one moment; a worker that finds all of so many being taken looks again in a second. */
#define AT_ONCE "64"

/* Of this worker; of no worker said: the time is over. */
#define IS_LOST(worker)                                                                                                \
    "CASE WHEN " worker "::text IS NULL THEN leased_until_ms <= " NOW_MS " ELSE worker = " worker "::text END"

const char *const store_postgres_sql[N_STORE_SQL] = {
    [SQL_LOCK_DATE] =
        "SELECT pg_advisory_xact_lock_shared(" LOCK_DATES "), pg_advisory_xact_lock(hashtextextended($1, 0))",
    [SQL_LOCK_DATES] = "SELECT pg_advisory_xact_lock(" LOCK_DATES ")",
    [SQL_ADD_UPLOAD] = "INSERT INTO upload (upload_id, date, kind, provider, version, format, mapping, hash, n_rows,"
                       " size, at_ms, who, content) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    [SQL_LIST_UPLOADS] = "SELECT " UPLOAD_COLUMNS " FROM upload u WHERE u.date = $1 AND u.kind = $2"
                         " AND ($3::text IS NULL OR u.provider = $3::text) ORDER BY u.at_ms DESC, u.version DESC",
    [SQL_GET_UPLOAD] = "SELECT " UPLOAD_COLUMNS " FROM upload u WHERE u.upload_id = $1",
    [SQL_GET_CONTENT] = "SELECT content FROM upload WHERE upload_id = $1",
    [SQL_CURRENT_UPLOAD] =
        "SELECT u.upload_id, u.hash, u.mapping, u.format, u.version FROM part p JOIN upload u"
        " USING (upload_id) WHERE p.date = $1 AND p.version = $2 AND u.kind = $3 AND u.provider = $4",
    [SQL_NEXT_UPLOAD_VERSION] = "SELECT coalesce(max(version), 0) + 1 FROM upload WHERE date = $1 AND kind = $2"
                                " AND provider = $3",
    [SQL_NEWEST_DAY] = "SELECT coalesce(max(version), 0) FROM day WHERE date = $1",
    [SQL_ADD_DAY] = "INSERT INTO day (date, version, at_ms) VALUES ($1, $2, $3)",
    [SQL_COPY_PARTS] = "INSERT INTO part (date, version, upload_id) SELECT p.date, p.version + 1, p.upload_id"
                       " FROM part p JOIN upload u USING (upload_id) WHERE p.date = $1 AND p.version = $2"
                       " AND NOT (u.kind = $3 AND u.provider = $4)",
    [SQL_ADD_PART] = "INSERT INTO part (date, version, upload_id) VALUES ($1, $2, $3)",
    /* From date to date along the key, so what it costs grows with the dates and not with their versions. */
    [SQL_LIST_DAYS] = "WITH RECURSIVE dates (date) AS (SELECT min(date) FROM day UNION ALL"
                      " SELECT (SELECT min(n.date) FROM day n WHERE n.date > t.date) FROM dates t"
                      " WHERE t.date IS NOT NULL)"
                      " SELECT d.date, d.version, d.at_ms, NULL FROM dates t CROSS JOIN LATERAL (SELECT n.date,"
                      " n.version, n.at_ms FROM day n WHERE n.date = t.date ORDER BY n.version DESC LIMIT 1) d"
                      " ORDER BY d.date",
    [SQL_GET_DAY] = "SELECT date, version, at_ms, report FROM day WHERE date = $1 AND version = $2",
    [SQL_GET_PARTS] = "SELECT " UPLOAD_COLUMNS " FROM part p JOIN upload u USING (upload_id)"
                      " WHERE p.date = $1 AND p.version = $2 ORDER BY u.kind, u.provider",
    [SQL_PUT_REPORT] = "UPDATE day SET report = $1 WHERE date = $2 AND version = $3 AND report IS NULL",
    [SQL_ADD_PLAN] = "INSERT INTO plan (plan_id, date, day_version, owner, who, options, queued_ms, state)"
                     " VALUES ($1, $2, $3, $4, $5, $6, $7, 'queued')",
    [SQL_GET_PLAN] = "SELECT " PLAN_COLUMNS " FROM plan WHERE plan_id = $1 AND scenario_id IS NULL",
    [SQL_LIST_PLANS] = "SELECT " PLAN_COLUMNS " FROM plan WHERE scenario_id IS NULL ORDER BY plan_number DESC LIMIT $1",
    [SQL_LIST_PLANS_OF_DATE] = "SELECT " PLAN_COLUMNS " FROM plan WHERE scenario_id IS NULL AND date = $1"
                               " ORDER BY plan_number DESC LIMIT $2",
    /* What another is taking at this moment is passed over, not waited for. The turns are then those of the moment
     * before: at worst one owner is served twice in a row, and the next turns make up for it. What it costs grows with
     * the owners and not with the plans: the index plan_by_turn is gone through from owner to owner, and only the
     * first plans of the queue are looked at, more than may be taken at one moment. */
    [SQL_NEXT_PLAN] =
        "WITH RECURSIVE waiting (name) AS (SELECT min(owner) FROM plan WHERE state = 'queued' UNION ALL"
        " SELECT (SELECT min(n.owner) FROM plan n WHERE n.state = 'queued' AND n.owner > w.name)"
        " FROM waiting w WHERE w.name IS NOT NULL),"
        " turn AS MATERIALIZED (SELECT name,"
        " (SELECT count(*) FROM plan r WHERE r.state = 'running' AND r.owner = w.name) AS n_running,"
        " (SELECT coalesce(max(s.started_ms), 0) FROM plan s WHERE s.owner = w.name) AS last_ms"
        " FROM waiting w WHERE name IS NOT NULL),"
        " first AS MATERIALIZED (SELECT n_running, last_ms, number FROM turn CROSS JOIN LATERAL"
        " (SELECT plan_number AS number FROM plan f WHERE f.state = 'queued' AND f.owner = turn.name"
        " ORDER BY f.plan_number LIMIT " AT_ONCE ") f ORDER BY n_running, last_ms, number LIMIT " AT_ONCE ")"
        " SELECT " PLAN_COLUMNS " FROM first JOIN plan q ON q.plan_number = first.number"
        " WHERE q.state = 'queued' ORDER BY n_running, last_ms, plan_number LIMIT 1"
        " FOR UPDATE OF q SKIP LOCKED",
    [SQL_START_PLAN] = "UPDATE plan SET state = 'running', attempts = attempts + 1, fence = fence + 1, started_ms = $1,"
                       " worker = $2, leased_until_ms = " NOW_MS " + $3, wish = NULL, progress = NULL"
                       " WHERE plan_id = $4",
    [SQL_RENEW_PLAN] = "UPDATE plan SET leased_until_ms = " NOW_MS " + $1, progress = coalesce($2, progress)"
                       " WHERE plan_id = $3 AND fence = $4 AND state = 'running' RETURNING wish",
    [SQL_STOP_PLAN] = "UPDATE plan SET wish = 'stop' WHERE plan_id = $1 AND state = 'running'",
    [SQL_FINISH_PLAN] = "UPDATE plan SET state = $1, problem = $2, summary = $3, result = $4, hash = $5,"
                        " finished_ms = $6 WHERE plan_id = $7 AND fence = $8 AND state = 'running'",
    [SQL_FAIL_LOST_PLANS] = "UPDATE plan SET state = 'failed', problem = $1, finished_ms = $2"
                            " WHERE state = 'running' AND attempts >= $3 AND " IS_LOST("$4"),
    [SQL_REQUEUE_LOST_PLANS] = "UPDATE plan SET state = 'queued' WHERE state = 'running' AND " IS_LOST("$1"),
    [SQL_GIVE_BACK_PLAN] = "UPDATE plan SET state = 'queued', attempts = attempts - 1"
                           " WHERE plan_id = $1 AND fence = $2 AND state = 'running'",
    [SQL_CANCEL_PLAN] = "UPDATE plan SET state = 'cancelled', finished_ms = $1 WHERE plan_id = $2"
                        " AND state IN ('queued', 'running')",
    [SQL_DELETE_PLAN] = "DELETE FROM plan WHERE plan_id = $1 AND state NOT IN ('queued', 'running')",
    [SQL_GET_RESULT] = "SELECT result FROM plan WHERE plan_id = $1",
    [SQL_COUNT_PLANS] = "SELECT state, (scenario_id IS NOT NULL)::int::bigint, count(*) FROM plan GROUP BY 1, 2",
    [SQL_ADD_SCENARIO] = "INSERT INTO scenario (scenario_id, date, day_version, who, at_ms, file, facts)"
                         " VALUES ($1, $2, $3, $4, $5, $6, $7)",
    [SQL_ADD_RUN] = "INSERT INTO plan (plan_id, date, day_version, owner, who, options, queued_ms, state, scenario_id,"
                    " run) VALUES ($1, $2, $3, $4, $5, $6, $7, 'queued', $8, $9)",
    [SQL_GET_SCENARIO] =
        "SELECT " SCENARIO_COLUMNS("s.file") " FROM scenario s JOIN plan r ON r.scenario_id = s.scenario_id"
                                             " WHERE s.scenario_id = $1 GROUP BY s.scenario_number",
    [SQL_LIST_SCENARIOS] = "SELECT " SCENARIO_COLUMNS(
        "''::text") " FROM scenario s JOIN plan r ON r.scenario_id = s.scenario_id"
                    " WHERE s.scenario_number IN (SELECT n.scenario_number FROM scenario n"
                    " WHERE $1::text IS NULL OR n.date = $1::text ORDER BY n.scenario_number DESC LIMIT $2)"
                    " GROUP BY s.scenario_number ORDER BY s.scenario_number DESC",
    [SQL_GET_RECORDS] = "SELECT result FROM plan WHERE scenario_id = $1 ORDER BY run",
    [SQL_CANCEL_SCENARIO] = "UPDATE plan SET state = 'cancelled', finished_ms = $1 WHERE scenario_id = $2"
                            " AND state IN ('queued', 'running')",
    [SQL_DELETE_RUNS] = "DELETE FROM plan WHERE scenario_id = $1 AND NOT EXISTS (SELECT 1 FROM plan r"
                        " WHERE r.scenario_id = plan.scenario_id AND r.state IN ('queued', 'running'))",
    [SQL_DELETE_SCENARIO] = "DELETE FROM scenario WHERE scenario_id = $1 AND NOT EXISTS (SELECT 1 FROM plan r"
                            " WHERE r.scenario_id = scenario.scenario_id)",
    [SQL_GET_ANSWER] =
        "SELECT request, status, location, body FROM answer WHERE client = $1 AND key = $2 AND at_ms >= $3",
    [SQL_FORGET_ANSWERS] = "DELETE FROM answer WHERE at_ms < $1",
    [SQL_TAKE_KEY] = "INSERT INTO answer (client, key, request, date, at_ms) VALUES ($1, $2, $3, $4, $5)"
                     " ON CONFLICT DO NOTHING",
    [SQL_PUT_ANSWER] = "UPDATE answer SET status = $1, location = $2, body = $3 WHERE client = $4 AND key = $5",
    [SQL_ADD_TOKEN] = "INSERT INTO token (token_id, name, scope, provider, hash, at_ms, expires_ms, revoked_ms)"
                      " VALUES ($1, $2, $3, $4, $5, $6, $7, 0)",
    [SQL_ANY_TOKEN] = "SELECT 1::bigint FROM token LIMIT 1",
    [SQL_FIND_TOKEN] = "SELECT " TOKEN_COLUMNS " FROM token WHERE hash = $1 AND revoked_ms = 0"
                       " AND (expires_ms = 0 OR expires_ms > $2)",
    [SQL_LIST_TOKENS] = "SELECT " TOKEN_COLUMNS " FROM token ORDER BY at_ms, token_id",
    [SQL_REVOKE_TOKEN] = "UPDATE token SET revoked_ms = $1 WHERE token_id = $2 AND revoked_ms = 0",
    [SQL_PURGE_PLANS] = "DELETE FROM plan WHERE date < $1 AND state NOT IN ('queued', 'running')"
                        " AND NOT EXISTS (SELECT 1 FROM plan r WHERE r.scenario_id = plan.scenario_id"
                        " AND r.state IN ('queued', 'running'))",
    [SQL_PURGE_SCENARIOS] = "DELETE FROM scenario WHERE date < $1 AND NOT EXISTS (SELECT 1 FROM plan r"
                            " WHERE r.scenario_id = scenario.scenario_id)",
    [SQL_PURGE_PARTS] = "DELETE FROM part WHERE date < $1 AND NOT EXISTS"
                        " (SELECT 1 FROM plan p WHERE p.date = part.date)",
    [SQL_PURGE_DAYS] = "DELETE FROM day WHERE date < $1 AND NOT EXISTS (SELECT 1 FROM plan p WHERE p.date = day.date)",
    [SQL_PURGE_UPLOADS] = "DELETE FROM upload WHERE date < $1 AND NOT EXISTS"
                          " (SELECT 1 FROM plan p WHERE p.date = upload.date)",
    [SQL_PURGE_ANSWERS] = "DELETE FROM answer WHERE date < $1",
    [SQL_ADD_EVENT] = "INSERT INTO event (at_ms, who, what, about) SELECT $1::bigint, $2::text, $3::text, $4::text"
                      " FROM (SELECT pg_advisory_xact_lock(" LOCK_TRAIL ")) AS locked",
    [SQL_LIST_EVENTS] = "SELECT event_id, at_ms, who, what, about FROM event WHERE event_id > $1 ORDER BY event_id"
                        " LIMIT $2",
};
