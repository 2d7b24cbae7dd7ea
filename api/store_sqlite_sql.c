/* Every word of SQL for SQLite: the steps that make and change the tables, and the statements of store_db.h.
 *
 * A step, once released, stays as it is: a change of the tables is a new step. Times are milliseconds since 1970, ids
 * and hashes hex digits.
 */
#include "store_db.h"

const char *const store_sqlite_steps[] = {
    /* 0 -> 1 */
    "CREATE TABLE upload ("
    " upload_id TEXT PRIMARY KEY, date TEXT NOT NULL, kind TEXT NOT NULL, provider TEXT NOT NULL,"
    " version INTEGER NOT NULL, format TEXT NOT NULL, mapping TEXT NOT NULL, hash TEXT NOT NULL,"
    " n_rows INTEGER NOT NULL, size INTEGER NOT NULL, at_ms INTEGER NOT NULL, who TEXT NOT NULL,"
    " content BLOB NOT NULL,"
    " UNIQUE (date, kind, provider, version)) STRICT;"
    "CREATE TABLE day ("
    " date TEXT NOT NULL, version INTEGER NOT NULL, at_ms INTEGER NOT NULL, report TEXT,"
    " PRIMARY KEY (date, version)) STRICT;"
    "CREATE TABLE part ("
    " date TEXT NOT NULL, version INTEGER NOT NULL, upload_id TEXT NOT NULL REFERENCES upload,"
    " PRIMARY KEY (date, version, upload_id),"
    " FOREIGN KEY (date, version) REFERENCES day) STRICT, WITHOUT ROWID;"
    "CREATE INDEX part_of_upload ON part (upload_id);"
    "CREATE TABLE plan ("
    " plan_number INTEGER PRIMARY KEY, plan_id TEXT NOT NULL UNIQUE, date TEXT NOT NULL, day_version INTEGER NOT NULL,"
    " owner TEXT NOT NULL, who TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,"
    " options TEXT NOT NULL, problem TEXT, summary TEXT, hash TEXT, queued_ms INTEGER NOT NULL, started_ms INTEGER,"
    " finished_ms INTEGER, result BLOB,"
    " FOREIGN KEY (date, day_version) REFERENCES day) STRICT;"
    "CREATE INDEX plan_by_state ON plan (state, owner);"
    "CREATE INDEX plan_by_owner ON plan (owner, started_ms);"
    "CREATE INDEX plan_by_day ON plan (date, day_version);"
    "CREATE TABLE token ("
    " token_id TEXT PRIMARY KEY, name TEXT NOT NULL, scope TEXT NOT NULL, provider TEXT NOT NULL,"
    " hash TEXT NOT NULL UNIQUE, at_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL, revoked_ms INTEGER NOT NULL"
    " ) STRICT;"
    "CREATE TABLE event ("
    " event_id INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL,"
    " about TEXT NOT NULL) STRICT",
    /* 1 -> 2 */
    "CREATE TABLE answer ("
    " client TEXT NOT NULL, key TEXT NOT NULL, request TEXT NOT NULL, date TEXT NOT NULL, at_ms INTEGER NOT NULL,"
    " status INTEGER, location TEXT, body TEXT, PRIMARY KEY (client, key)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX answer_by_time ON answer (at_ms)",
    /* 2 -> 3 */
    "ALTER TABLE plan ADD COLUMN fence INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE plan ADD COLUMN leased_until_ms INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE plan ADD COLUMN worker TEXT;"
    "ALTER TABLE plan ADD COLUMN wish TEXT;"
    "ALTER TABLE plan ADD COLUMN progress TEXT",
    /* 3 -> 4 */
    "CREATE TABLE scenario ("
    " scenario_number INTEGER PRIMARY KEY, scenario_id TEXT NOT NULL UNIQUE, date TEXT NOT NULL,"
    " day_version INTEGER NOT NULL, who TEXT NOT NULL, at_ms INTEGER NOT NULL, file TEXT NOT NULL,"
    " facts TEXT NOT NULL, FOREIGN KEY (date, day_version) REFERENCES day) STRICT;"
    "CREATE INDEX scenario_by_day ON scenario (date, day_version);"
    "ALTER TABLE plan ADD COLUMN scenario_id TEXT REFERENCES scenario (scenario_id);"
    "ALTER TABLE plan ADD COLUMN run INTEGER;"
    "CREATE UNIQUE INDEX plan_by_run ON plan (scenario_id, run)",
    /* 4 -> 5: a plan's result last, for what stands behind it in a row is found by going through all its pages. */
    "CREATE TABLE plan_5 ("
    " plan_number INTEGER PRIMARY KEY, plan_id TEXT NOT NULL UNIQUE, date TEXT NOT NULL, day_version INTEGER NOT NULL,"
    " owner TEXT NOT NULL, who TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,"
    " queued_ms INTEGER NOT NULL, started_ms INTEGER, finished_ms INTEGER, fence INTEGER NOT NULL DEFAULT 0,"
    " leased_until_ms INTEGER NOT NULL DEFAULT 0, worker TEXT, wish TEXT, hash TEXT,"
    " scenario_id TEXT REFERENCES scenario (scenario_id), run INTEGER, progress TEXT, options TEXT NOT NULL,"
    " problem TEXT, summary TEXT, result BLOB,"
    " FOREIGN KEY (date, day_version) REFERENCES day) STRICT;"
    "INSERT INTO plan_5 (plan_number, plan_id, date, day_version, owner, who, state, attempts, queued_ms, started_ms,"
    " finished_ms, fence, leased_until_ms, worker, wish, hash, scenario_id, run, progress, options, problem, summary,"
    " result) SELECT plan_number, plan_id, date, day_version, owner, who, state, attempts, queued_ms, started_ms,"
    " finished_ms, fence, leased_until_ms, worker, wish, hash, scenario_id, run, progress, options, problem, summary,"
    " result FROM plan;"
    "DROP TABLE plan;"
    "ALTER TABLE plan_5 RENAME TO plan;"
    "CREATE INDEX plan_by_turn ON plan (state, owner, plan_number, scenario_id);"
    "CREATE INDEX plan_by_owner ON plan (owner, started_ms);"
    "CREATE INDEX plan_by_day ON plan (date, day_version);"
    "CREATE UNIQUE INDEX plan_by_run ON plan (scenario_id, run) WHERE scenario_id IS NOT NULL;"
    "CREATE INDEX plan_newest ON plan (plan_number) WHERE scenario_id IS NULL;"
    "CREATE INDEX plan_newest_of_date ON plan (date, plan_number) WHERE scenario_id IS NULL",
};
const int32_t store_sqlite_n_steps = sizeof store_sqlite_steps / sizeof *store_sqlite_steps;

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
#define NOW_MS        "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"
#define TOKEN_COLUMNS "token_id, name, scope, provider, at_ms, expires_ms, revoked_ms"

/* Of this worker; of no worker said: the time is over. */
#define IS_LOST(worker) "CASE WHEN " worker " IS NULL THEN leased_until_ms <= " NOW_MS " ELSE worker = " worker " END"

const char *const store_sqlite_sql[N_STORE_SQL] = {
    [SQL_LOCK_DATE] = "SELECT ?", /* SQLite lets one transaction at a time write anyway */
    [SQL_LOCK_DATES] = "SELECT 1",
    [SQL_ADD_UPLOAD] = "INSERT INTO upload (upload_id, date, kind, provider, version, format, mapping, hash, n_rows,"
                       " size, at_ms, who, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [SQL_LIST_UPLOADS] = "SELECT " UPLOAD_COLUMNS " FROM upload u WHERE u.date = ?1 AND u.kind = ?2"
                         " AND (?3 IS NULL OR u.provider = ?3) ORDER BY u.at_ms DESC, u.version DESC",
    [SQL_GET_UPLOAD] = "SELECT " UPLOAD_COLUMNS " FROM upload u WHERE u.upload_id = ?",
    [SQL_GET_CONTENT] = "SELECT content FROM upload WHERE upload_id = ?",
    [SQL_CURRENT_UPLOAD] = "SELECT u.upload_id, u.hash, u.mapping, u.format, u.version FROM part p JOIN upload u"
                           " USING (upload_id) WHERE p.date = ? AND p.version = ? AND u.kind = ? AND u.provider = ?",
    [SQL_NEXT_UPLOAD_VERSION] = "SELECT coalesce(max(version), 0) + 1 FROM upload WHERE date = ? AND kind = ?"
                                " AND provider = ?",
    [SQL_NEWEST_DAY] = "SELECT coalesce(max(version), 0) FROM day WHERE date = ?",
    [SQL_ADD_DAY] = "INSERT INTO day (date, version, at_ms) VALUES (?, ?, ?)",
    [SQL_COPY_PARTS] = "INSERT INTO part (date, version, upload_id) SELECT p.date, p.version + 1, p.upload_id"
                       " FROM part p JOIN upload u USING (upload_id) WHERE p.date = ? AND p.version = ?"
                       " AND NOT (u.kind = ? AND u.provider = ?)",
    [SQL_ADD_PART] = "INSERT INTO part (date, version, upload_id) VALUES (?, ?, ?)",
    /* From date to date along the key, so what it costs grows with the dates and not with their versions. */
    [SQL_LIST_DAYS] = "WITH RECURSIVE dates (date) AS (SELECT min(date) FROM day UNION ALL"
                      " SELECT (SELECT min(n.date) FROM day n WHERE n.date > t.date) FROM dates t"
                      " WHERE t.date IS NOT NULL)"
                      " SELECT d.date, d.version, d.at_ms, NULL FROM dates t JOIN day d ON d.date = t.date"
                      " AND d.version = (SELECT max(n.version) FROM day n WHERE n.date = t.date) ORDER BY d.date",
    [SQL_GET_DAY] = "SELECT date, version, at_ms, report FROM day WHERE date = ? AND version = ?",
    [SQL_GET_PARTS] = "SELECT " UPLOAD_COLUMNS " FROM part p JOIN upload u USING (upload_id)"
                      " WHERE p.date = ? AND p.version = ? ORDER BY u.kind, u.provider",
    [SQL_PUT_REPORT] = "UPDATE day SET report = ? WHERE date = ? AND version = ? AND report IS NULL",
    [SQL_ADD_PLAN] = "INSERT INTO plan (plan_id, date, day_version, owner, who, options, queued_ms, state)"
                     " VALUES (?, ?, ?, ?, ?, ?, ?, 'queued')",
    [SQL_GET_PLAN] = "SELECT " PLAN_COLUMNS " FROM plan WHERE plan_id = ? AND scenario_id IS NULL",
    [SQL_LIST_PLANS] = "SELECT " PLAN_COLUMNS " FROM plan WHERE scenario_id IS NULL"
                       " ORDER BY plan_number DESC LIMIT ?",
    [SQL_LIST_PLANS_OF_DATE] = "SELECT " PLAN_COLUMNS " FROM plan WHERE scenario_id IS NULL AND date = ?"
                               " ORDER BY plan_number DESC LIMIT ?",
    /* First whose turn it is, then her first plan: what it costs grows with the owners and not with the plans. The
     * index plan_by_turn is gone through from owner to owner. */
    [SQL_NEXT_PLAN] = "WITH RECURSIVE waiting (name) AS (SELECT min(owner) FROM plan WHERE state = 'queued' UNION ALL"
                      " SELECT (SELECT min(n.owner) FROM plan n WHERE n.state = 'queued' AND n.owner > w.name)"
                      " FROM waiting w WHERE w.name IS NOT NULL)"
                      " SELECT " PLAN_COLUMNS " FROM plan WHERE plan_number = (SELECT"
                      " (SELECT min(f.plan_number) FROM plan f WHERE f.state = 'queued' AND f.owner = w.name) AS first"
                      " FROM waiting w WHERE w.name IS NOT NULL ORDER BY"
                      " (SELECT count(*) FROM plan r WHERE r.state = 'running' AND r.owner = w.name),"
                      " (SELECT coalesce(max(s.started_ms), 0) FROM plan s WHERE s.owner = w.name), first LIMIT 1)",
    [SQL_START_PLAN] = "UPDATE plan SET state = 'running', attempts = attempts + 1, fence = fence + 1, started_ms = ?,"
                       " worker = ?, leased_until_ms = " NOW_MS " + ?, wish = NULL, progress = NULL WHERE plan_id = ?",
    [SQL_RENEW_PLAN] = "UPDATE plan SET leased_until_ms = " NOW_MS " + ?, progress = coalesce(?, progress)"
                       " WHERE plan_id = ? AND fence = ? AND state = 'running' RETURNING wish",
    [SQL_STOP_PLAN] = "UPDATE plan SET wish = 'stop' WHERE plan_id = ? AND state = 'running'",
    [SQL_FINISH_PLAN] = "UPDATE plan SET state = ?, problem = ?, summary = ?, result = ?, hash = ?, finished_ms = ?"
                        " WHERE plan_id = ? AND fence = ? AND state = 'running'",
    [SQL_FAIL_LOST_PLANS] = "UPDATE plan SET state = 'failed', problem = ?1, finished_ms = ?2"
                            " WHERE state = 'running' AND attempts >= ?3 AND " IS_LOST("?4"),
    [SQL_REQUEUE_LOST_PLANS] = "UPDATE plan SET state = 'queued' WHERE state = 'running' AND " IS_LOST("?1"),
    [SQL_GIVE_BACK_PLAN] = "UPDATE plan SET state = 'queued', attempts = attempts - 1"
                           " WHERE plan_id = ? AND fence = ? AND state = 'running'",
    [SQL_CANCEL_PLAN] = "UPDATE plan SET state = 'cancelled', finished_ms = ? WHERE plan_id = ?"
                        " AND state IN ('queued', 'running')",
    [SQL_DELETE_PLAN] = "DELETE FROM plan WHERE plan_id = ? AND state NOT IN ('queued', 'running')",
    [SQL_GET_RESULT] = "SELECT result FROM plan WHERE plan_id = ?",
    [SQL_COUNT_PLANS] = "SELECT state, scenario_id IS NOT NULL, count(*) FROM plan GROUP BY 1, 2",
    [SQL_ADD_SCENARIO] = "INSERT INTO scenario (scenario_id, date, day_version, who, at_ms, file, facts)"
                         " VALUES (?, ?, ?, ?, ?, ?, ?)",
    [SQL_ADD_RUN] = "INSERT INTO plan (plan_id, date, day_version, owner, who, options, queued_ms, state, scenario_id,"
                    " run) VALUES (?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?)",
    [SQL_GET_SCENARIO] =
        "SELECT " SCENARIO_COLUMNS("s.file") " FROM scenario s JOIN plan r ON r.scenario_id = s.scenario_id"
                                             " WHERE s.scenario_id = ? GROUP BY s.scenario_number",
    [SQL_LIST_SCENARIOS] =
        "SELECT " SCENARIO_COLUMNS("''") " FROM scenario s JOIN plan r ON r.scenario_id = s.scenario_id"
                                         " WHERE s.scenario_number IN (SELECT n.scenario_number FROM scenario n"
                                         " WHERE ?1 IS NULL OR n.date = ?1 ORDER BY n.scenario_number DESC LIMIT ?2)"
                                         " GROUP BY s.scenario_number ORDER BY s.scenario_number DESC",
    [SQL_GET_RECORDS] = "SELECT result FROM plan WHERE scenario_id = ? ORDER BY run",
    [SQL_CANCEL_SCENARIO] = "UPDATE plan SET state = 'cancelled', finished_ms = ? WHERE scenario_id = ?"
                            " AND state IN ('queued', 'running')",
    [SQL_DELETE_RUNS] = "DELETE FROM plan WHERE scenario_id = ? AND NOT EXISTS (SELECT 1 FROM plan r"
                        " WHERE r.scenario_id = plan.scenario_id AND r.state IN ('queued', 'running'))",
    [SQL_DELETE_SCENARIO] = "DELETE FROM scenario WHERE scenario_id = ? AND NOT EXISTS (SELECT 1 FROM plan r"
                            " WHERE r.scenario_id = scenario.scenario_id)",
    [SQL_GET_ANSWER] = "SELECT request, status, location, body FROM answer WHERE client = ? AND key = ? AND at_ms >= ?",
    [SQL_FORGET_ANSWERS] = "DELETE FROM answer WHERE at_ms < ?",
    [SQL_TAKE_KEY] = "INSERT INTO answer (client, key, request, date, at_ms) VALUES (?, ?, ?, ?, ?)"
                     " ON CONFLICT DO NOTHING",
    [SQL_PUT_ANSWER] = "UPDATE answer SET status = ?, location = ?, body = ? WHERE client = ? AND key = ?",
    [SQL_ADD_TOKEN] = "INSERT INTO token (token_id, name, scope, provider, hash, at_ms, expires_ms, revoked_ms)"
                      " VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
    [SQL_ANY_TOKEN] = "SELECT 1 FROM token LIMIT 1",
    [SQL_FIND_TOKEN] = "SELECT " TOKEN_COLUMNS " FROM token WHERE hash = ?1 AND revoked_ms = 0"
                       " AND (expires_ms = 0 OR expires_ms > ?2)",
    [SQL_LIST_TOKENS] = "SELECT " TOKEN_COLUMNS " FROM token ORDER BY at_ms, token_id",
    [SQL_REVOKE_TOKEN] = "UPDATE token SET revoked_ms = ? WHERE token_id = ? AND revoked_ms = 0",
    [SQL_PURGE_PLANS] = "DELETE FROM plan WHERE date < ? AND state NOT IN ('queued', 'running')"
                        " AND NOT EXISTS (SELECT 1 FROM plan r WHERE r.scenario_id = plan.scenario_id"
                        " AND r.state IN ('queued', 'running'))",
    [SQL_PURGE_SCENARIOS] = "DELETE FROM scenario WHERE date < ? AND NOT EXISTS (SELECT 1 FROM plan r"
                            " WHERE r.scenario_id = scenario.scenario_id)",
    [SQL_PURGE_PARTS] = "DELETE FROM part WHERE date < ? AND NOT EXISTS"
                        " (SELECT 1 FROM plan p WHERE p.date = part.date)",
    [SQL_PURGE_DAYS] = "DELETE FROM day WHERE date < ? AND NOT EXISTS (SELECT 1 FROM plan p WHERE p.date = day.date)",
    [SQL_PURGE_UPLOADS] = "DELETE FROM upload WHERE date < ? AND NOT EXISTS"
                          " (SELECT 1 FROM plan p WHERE p.date = upload.date)",
    [SQL_PURGE_ANSWERS] = "DELETE FROM answer WHERE date < ?",
    [SQL_ADD_EVENT] = "INSERT INTO event (at_ms, who, what, about) VALUES (?, ?, ?, ?)",
    [SQL_LIST_EVENTS] = "SELECT event_id, at_ms, who, what, about FROM event WHERE event_id > ? ORDER BY event_id"
                        " LIMIT ?",
};
