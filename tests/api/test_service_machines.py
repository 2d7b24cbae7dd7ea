#!/usr/bin/env python3
"""Two servers and two workers, as on four machines, with one PostgreSQL: plans and the runs of scenarios are made once,
whoever is killed, falls asleep, or loses the database.
"""
import concurrent.futures
import json
import pathlib
import re
import tempfile
import time
import unittest

from postgres import Postgres, skip_where_absent
from service import DATE, Service, main, run_program
from test_service_scenarios import ASKED, CARERS, VISITS

POSTGRES = None  # one for all tests, each with a database of its own
LEASE_S = 5


class Machines(unittest.TestCase):
    lease_s = LEASE_S

    def setUp(self):
        self.database = POSTGRES.database()
        # All at once: they find an empty database, and one of them makes the store.
        with concurrent.futures.ThreadPoolExecutor() as pool:
            kinds = [('--workers', '0'), ('--workers', '0'), ('--workers-only',), ('--workers-only',)]
            self.a, self.b, self.c, self.d = pool.map(self.start, kinds)
        self.a.put_small_day()

    def start(self, options):
        one = Service(options=['--lease', str(self.lease_s), *options], store=self.database.url)
        self.addCleanup(one.__exit__)
        return one

    def wait_until(self, what, timeout=60):
        until = time.monotonic() + timeout
        while not (found := what()):
            self.assertLess(time.monotonic(), until)
            time.sleep(0.05)
        return found

    def maker(self, plan):
        """Which of the two workers has the plan, and the other."""
        name = self.wait_until(lambda: self.worker_of(plan))
        self.assertIn(name, (self.c.said, self.d.said))
        return (self.c, self.d) if name == self.c.said else (self.d, self.c)

    def worker_of(self, plan):
        return self.database.sql(f"SELECT worker FROM plan WHERE plan_id = '{plan}'")

    def searching(self, plan):
        """Wait until the plan is being searched for, as a server that does not make it knows."""
        def look():
            about = self.a.get(f'/v1/plans/{plan}').json
            return about['state'] == 'running' and about['progress'] and about['progress']['phase'] == 'search'
        self.wait_until(look)

    def log(self, one):
        return (one.folder / 'log').read_text()

    def check_recorded_once(self, plan, attempts):
        about = self.b.get(f'/v1/plans/{plan}').json
        self.assertEqual((about['state'], about['attempts']), ('done', attempts), about)
        events = self.a.get('/v1/audit').json['events']
        self.assertEqual([e['what'] for e in events if e['about'] == f'plan {plan}' and e['what'] in ('done', 'failed')],
                         ['done'])
        return self.b.get(f'/v1/plans/{plan}/result').headers['etag']


class Together(Machines):
    def test_who_asks_anywhere_gets_plans_made_anywhere(self):
        plans = [one.plan(time_s=0.5, seed=seed) for seed in range(3) for one in (self.a, self.b)]
        for plan in plans:
            self.b.wait_for(plan, 'done')
            self.check_recorded_once(plan, 1)
            results = [one.get(f'/v1/plans/{plan}/result') for one in (self.a, self.b)]
            self.assertEqual(results[0].body, results[1].body)
        self.assertEqual(self.database.sql('SELECT count(DISTINCT worker) FROM plan'), '2')

    def test_a_plan_made_elsewhere_tells_how_far_it_is_and_can_be_stopped_and_cancelled(self):
        plan = self.a.plan(time_s=600)
        events = self.b.events(plan)
        said = [next(events)]
        while said[-1][0] != 'progress':
            said.append(next(events))
        self.assertLessEqual({e[1]['state'] for e in said[:-1]}, {'queued', 'running'})
        self.searching(plan)
        self.assertEqual(self.b.ask('POST', f'/v1/plans/{plan}/stop').status, 202)
        self.a.wait_for(plan, 'done')
        self.assertEqual(list(events)[-1], ('state', {'plan': plan, 'state': 'done'}))
        self.check_recorded_once(plan, 1)

        plan = self.b.plan(time_s=600)
        self.searching(plan)
        maker, _ = self.maker(plan)
        self.assertEqual(self.a.ask('POST', f'/v1/plans/{plan}/cancel').json['state'], 'cancelled')
        self.wait_until(lambda: f'"plan":"{plan}","detail":"is not ours any more' in self.log(maker))

    def test_a_worker_that_stops_in_good_order_leaves_its_plan_to_the_other(self):
        plan = self.a.plan(time_s=600)
        self.searching(plan)
        maker, other = self.maker(plan)
        self.assertEqual(maker.stop(), 0)
        self.wait_until(lambda: self.worker_of(plan) == other.said)
        self.assertEqual(self.a.get(f'/v1/plans/{plan}').json['attempts'], 1)
        self.searching(plan)
        self.a.ask('POST', f'/v1/plans/{plan}/stop')
        self.a.wait_for(plan, 'done')


class Lost(Machines):
    def test_the_plan_of_a_worker_that_is_killed_is_made_by_the_other(self):
        plan = self.a.plan(time_s=6)
        self.searching(plan)
        maker, other = self.maker(plan)
        maker.kill()
        self.wait_until(lambda: '"event":"workers not heard of","begun_again":1' in
                        ''.join(self.log(one) for one in (self.a, self.b, other)))
        self.a.wait_for(plan, 'done', timeout=120)
        self.check_recorded_once(plan, 2)
        self.assertEqual(self.worker_of(plan), other.said)

    def test_a_worker_that_slept_past_its_lease_cannot_overwrite(self):
        plan = self.a.plan(time_s=6)
        self.searching(plan)
        maker, other = self.maker(plan)
        maker.pause()  # its search goes on and ends, but there is nobody to record it
        self.wait_until(lambda: '"attempts": 2' in json.dumps(self.a.get(f'/v1/plans/{plan}').json))
        self.a.wait_for(plan, 'done')
        etag = self.check_recorded_once(plan, 2)
        [late] = list((maker.folder / 'careround-work').glob(f'{plan}-*/plan.json'))  # what it would record
        self.assertTrue(late.stat().st_size)
        maker.go_on()
        self.wait_until(lambda: re.search(f'"plan":"{plan}","detail":"(is not ours any more|its end is not recorded)', self.log(maker)))
        self.wait_until(lambda: not late.exists())
        self.assertEqual(self.check_recorded_once(plan, 2), etag)
        next_plan = self.a.plan(time_s=0.2)  # and it goes on to others
        self.a.wait_for(next_plan, 'done')
        other.stop()
        last_plan = self.a.plan(time_s=0.2)
        self.a.wait_for(last_plan, 'done')
        self.assertEqual(self.worker_of(last_plan), maker.said)


class Scenarios(Machines):
    date = '2026-11-24'
    asked = {**ASKED, 'seeds': [1, 2, 3, 4], 'limit': {'iterations': 30000}}  # 12 runs, each long enough to be caught at it

    def setUp(self):
        super().setUp()
        self.lists = {'visits': VISITS, 'carers': CARERS, 'settings': json.dumps({'date': self.date})}
        for table, text in self.lists.items():
            kind = 'application/json' if table == 'settings' else 'text/csv'
            self.assertEqual(self.b.put(table, text, self.date, kind=kind).status, 201)

    def said_by_the_command(self):
        """table.json of the same lists in a folder, planned here."""
        with tempfile.TemporaryDirectory() as temporary:
            folder = pathlib.Path(temporary)
            for table, text in self.lists.items():
                path = folder / self.date / ('settings.json' if table == 'settings' else f'{table}/own.csv')
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding='utf-8')
            (folder / 'scenarios.json').write_text(json.dumps({**self.asked, 'day': self.date}), encoding='utf-8')
            run_program('scenario', 'run', folder / 'scenarios.json', '--out', folder / 'bundle')
            return (folder / 'bundle/table.json').read_bytes()

    def test_the_runs_of_a_worker_that_is_killed_are_made_by_the_other_and_the_table_is_that_of_the_command(self):
        scenario = self.a.ask('POST', '/v1/scenarios', {**self.asked, 'date': self.date}).json['scenario']
        runs = f"FROM plan WHERE scenario_id = '{scenario}'"

        def caught():
            """Both have done one, and the one to be killed has another under way, which it can record no more."""
            has_one = f"SELECT plan_id {runs} AND state = 'running' AND worker = '{self.c.said}'"
            if self.database.sql(f"SELECT count(DISTINCT worker) {runs} AND state = 'done'") != '2' or not self.database.sql(has_one):
                return None
            self.c.pause()
            if not (plan := self.database.sql(has_one)):
                self.c.go_on()
            return plan
        cut_short = self.wait_until(caught)
        self.c.kill()
        about = self.wait_until(lambda: (now := self.b.get(f'/v1/scenarios/{scenario}').json)['state'] == 'done' and now)
        self.assertEqual(about['runs'], {'queued': 0, 'running': 0, 'done': 12, 'failed': 0, 'cancelled': 0})
        self.assertEqual(self.database.sql(f"SELECT worker, attempts {runs} AND plan_id = '{cut_short}'"),
                         f'{self.d.said}|2')
        # Each run is there once, recorded once, and is what it is on one machine.
        self.assertEqual(self.database.sql(f'SELECT count(*), count(DISTINCT run), count(result), sum(attempts) {runs}'), '12|12|12|13')
        plans = set(self.database.sql(f'SELECT plan_id {runs}').split())
        done = [e['about'] for e in self.a.get('/v1/audit?most=1000').json['events'] if e['what'] == 'done']
        self.assertEqual(sorted(done), sorted(f'plan {plan}' for plan in plans))
        tables = [one.get(f'/v1/scenarios/{scenario}/files/table.json').body for one in (self.a, self.b)]
        self.assertEqual(tables, [self.said_by_the_command()] * 2)

    def test_cancelled_elsewhere_its_runs_end(self):
        asked = {**self.asked, 'date': self.date, 'limit': {'iterations': 10 ** 9}}
        scenario = self.a.ask('POST', '/v1/scenarios', asked).json['scenario']
        events = self.b.events(scenario, kind='scenarios')
        while (event := next(events))[0] != 'progress' or event[1]['running'] < 2:
            pass
        self.assertEqual(self.b.ask('POST', f'/v1/scenarios/{scenario}/cancel').json['runs']['cancelled'], 12)
        self.assertEqual(list(events)[-1], ('state', {'scenario': scenario, 'state': 'cancelled'}))
        for one in (self.c, self.d):
            self.wait_until(lambda one=one: 'is not ours any more' in self.log(one))
        self.a.wait_for(self.b.plan(iterations=1), 'done')


class Database(Machines):
    lease_s = 30

    def test_a_database_that_restarts_loses_nothing(self):
        plan = self.a.plan(time_s=3)
        self.searching(plan)
        POSTGRES.stop('immediate')
        self.assertEqual(self.a.get('/healthz').status, 200)
        for path in ('/readyz', f'/v1/plans/{plan}', '/metrics'):
            answer = self.a.get(path)
            self.assertEqual((answer.status, answer.json['type']), (503, 'urn:careround:problem:store'), path)
        self.assertEqual(self.b.ask('POST', '/v1/plans', {'date': DATE}).status, 503)
        time.sleep(4)  # the search ends meanwhile, and cannot be recorded
        self.assertEqual(self.a.get('/readyz').status, 503)
        POSTGRES.start()
        for one in (self.a, self.b):
            self.wait_until(lambda one=one: one.get('/readyz').status == 200)
        self.a.wait_for(plan, 'done')
        self.check_recorded_once(plan, 1)
        for _ in range(2):
            self.a.wait_for(self.b.plan(time_s=0.2), 'done')
        for one in (self.c, self.d):
            self.assertEqual(self.log(one).count('"level":"error","event":"store"'), 1, self.log(one))
            self.wait_until(lambda one=one: 'it answers again' in self.log(one))


if __name__ == '__main__':
    skip_where_absent()
    with Postgres() as POSTGRES:
        main()
