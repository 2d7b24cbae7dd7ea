#!/usr/bin/env python3
"""Scenarios over HTTP: what the command would say of the same day, done by the service's workers and kept in its store."""
import contextlib
import io
import json
import os
import pathlib
import signal
import tempfile
import time
import zipfile

from service import DATE, SOURCE, ServiceTest, main, run_program

VISITS = ('visit_id,client_id,latitude,longitude,band,windows,duration,carers,lock_carer\n'
          'V1,C1,55.89,-3.07,morning,09:00-09:10,30,1,\n'
          'V2,C2,55.88,-3.06,morning,09:00-09:10,30,1,\n'
          'V3,C3,55.87,-3.05,morning,10:00-10:05,30,2,ANN\n'
          'V4,C4,55.86,-3.04,lunch,,40,1,\n')
CARERS = ('carer_id,name,provider,mode,shift_start,shift_end,home_latitude,home_longitude\n'
          'ANN,Ann,P,car,08:00,14:00,55.89,-3.07\n'
          'BOB,Bob,P,foot,08:00,13:00,55.88,-3.08\n'
          'CAT,Cat,Q,car,08:00,14:00,55.86,-3.02\n')
SETTINGS = json.dumps({'date': DATE})
ASKED = {'title': 'Wider or fewer', 'seeds': [1, 7], 'limit': {'iterations': 60},
         'scenarios': [{'name': 'wider', 'changes': [{'change': 'widen_windows', 'minutes': 15}]},
                       {'name': 'fewer', 'about': 'two are away', 'changes': [{'change': 'remove_carers', 'carers': ['BOB']}]}]}
FORMS = ('table.txt', 'table.csv', 'runs.csv', 'table.json', 'table.html')


class AskingForOne(ServiceTest):
    options = ('--workers', '2')

    def setUp(self):
        super().setUp()
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        for table, text in (('visits', VISITS), ('carers', CARERS)):
            self.assertEqual(self.service.put(table, text).status, 201)
        self.assertEqual(self.service.put('settings', SETTINGS, kind='application/json').status, 201)

    def post(self, **more):
        return self.service.ask('POST', '/v1/scenarios', {'date': DATE, **ASKED, **more})

    def ask_for(self, **more):
        answer = self.post(**more)
        self.assertEqual(answer.status, 202, answer.body)
        self.assertEqual(answer.headers['location'], f"/v1/scenarios/{answer.json['scenario']}")
        return answer.json['scenario']

    def wait_for(self, scenario, *states):
        until = time.monotonic() + 60
        while (about := self.get(f'/v1/scenarios/{scenario}').json)['state'] not in states:
            self.assertLess(time.monotonic(), until, about)
            time.sleep(0.05)
        return about

    def file(self, scenario, name):
        answer = self.get(f'/v1/scenarios/{scenario}/files/{name}')
        self.assertEqual(answer.status, 200, answer.body)
        return answer

    def bundle(self, scenario):
        """Unpacked."""
        answer = self.file(scenario, 'bundle.zip')
        self.assertEqual(answer.headers['content-type'], 'application/zip')
        with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
            self.assertIsNone(archive.testzip())
            archive.extractall(self.folder)
        return self.folder / f'{scenario}.bundle'


class Done(AskingForOne):
    def test_it_is_what_the_command_says_of_the_same_day_to_the_byte(self):
        scenario = self.ask_for()
        about = self.wait_for(scenario, 'done')
        self.assertEqual(about['runs'], {'queued': 0, 'running': 0, 'done': 6, 'failed': 0, 'cancelled': 0})
        self.assertEqual((about['title'], about['asked'], about['problem']), (ASKED['title'], ASKED, None))
        # The same lists in a folder for the command, as a provider of the name 'own' would have them.
        day = self.folder / 'here' / DATE
        for table, text in (('visits', VISITS), ('carers', CARERS)):
            (day / table).mkdir(parents=True)
            (day / table / 'own.csv').write_text(text, encoding='utf-8')
        (day / 'settings.json').write_text(SETTINGS, encoding='utf-8')
        asked = self.folder / 'here/scenarios.json'
        asked.write_text(json.dumps({**ASKED, 'day': DATE}), encoding='utf-8')
        run_program('scenario', 'run', asked, '--out', self.folder / 'there')
        for name in FORMS:
            self.assertEqual(self.file(scenario, name).body, (self.folder / 'there' / name).read_bytes(), name)
        self.assertEqual((self.bundle(scenario) / 'bundle.json').read_bytes(), (self.folder / 'there/bundle.json').read_bytes())

    def test_anybody_repeats_it_from_its_bundle(self):
        scenario = self.ask_for()
        self.wait_for(scenario, 'done')
        bundle = self.bundle(scenario)
        for name in FORMS:
            self.assertEqual(self.file(scenario, name).body, (bundle / name).read_bytes())
        made = json.loads((bundle / 'bundle.json').read_text())
        self.assertEqual(made['seeds'], ASKED['seeds'])
        self.assertEqual(sorted(path.stem for path in (bundle / 'runs').iterdir()), sorted(r['key'] for r in made['runs']))
        self.assertEqual(self.file(scenario, 'bundle.zip').body, self.file(scenario, 'bundle.zip').body)
        done = run_program('scenario', 'repeat', bundle)
        self.assertIn('6 of 6 runs came to the same plan', done.stderr)
        again = self.folder / f'{scenario}.bundle.repeat'
        for name in (*FORMS, 'bundle.json'):
            self.assertEqual((again / name).read_bytes(), (bundle / name).read_bytes(), name)

    def test_a_bundle_of_one_that_is_not_done_is_finished_by_the_command(self):
        self.service.stop()
        self.service.options = ['--workers', '0']
        self.service.start()
        scenario = self.ask_for()
        self.assertEqual(self.get(f'/v1/scenarios/{scenario}').json['state'], 'queued')
        refused = self.get(f'/v1/scenarios/{scenario}/files/table.json')
        self.assertEqual((refused.status, refused.json['type']), (409, 'urn:careround:problem:state'))
        bundle = self.bundle(scenario)
        self.assertFalse((bundle / 'table.json').exists())
        run_program('scenario', 'run', bundle)
        table = (bundle / 'table.json').read_bytes()
        self.service.stop()
        self.service.options = ['--workers', '2']
        self.service.start()
        self.wait_for(scenario, 'done')
        self.assertEqual(self.file(scenario, 'table.json').body, table)

    def test_an_earlier_version_of_the_day(self):
        self.service.put('visits', VISITS.replace('V4,', 'V5,'))
        scenario = self.ask_for(day_version=3, scenarios=[
            {'name': 'gone', 'changes': [{'change': 'remove_visits', 'visits': ['V4']}]}])
        self.assertEqual(self.wait_for(scenario, 'done')['day_version'], 3)
        self.assertIn('V4,', (self.bundle(scenario) / f'inputs/day/{DATE}/visits/own.csv').read_text(encoding='utf-8'))

    def test_with_a_limit_of_time(self):
        scenario = self.ask_for(limit={'time_s': 0.1}, seeds=[1], scenarios=ASKED['scenarios'][:1])
        self.wait_for(scenario, 'done')
        self.assertIn('0.10 s each', self.file(scenario, 'table.txt').body.decode())


class Along(AskingForOne):
    def test_events_tell_how_many_runs_are_done(self):
        scenario = self.ask_for()
        events = list(self.service.events(scenario, kind='scenarios'))
        self.assertEqual(events[-1], ('state', {'scenario': scenario, 'state': 'done'}))
        done = [data['done'] for event, data in events if event == 'progress']
        self.assertEqual((done, done[-1]), (sorted(done), 6))

    def test_a_plan_does_not_wait_for_all_runs(self):
        self.service.stop()
        self.service.options = ['--workers', '1']
        self.service.start()
        scenario = self.ask_for(seeds=list(range(1, 21)))
        self.wait_for(scenario, 'running')
        self.service.wait_for(self.service.plan(iterations=10), 'done')
        self.assertGreater(self.get(f'/v1/scenarios/{scenario}').json['runs']['queued'], 30)

    def test_cancelled_its_runs_end_and_it_can_be_deleted(self):
        scenario = self.ask_for(limit={'iterations': 10 ** 9})
        self.wait_for(scenario, 'running')
        self.assertEqual(self.service.ask('DELETE', f'/v1/scenarios/{scenario}').status, 409)
        answer = self.service.ask('POST', f'/v1/scenarios/{scenario}/cancel')
        self.assertEqual((answer.status, answer.json['state'], answer.json['runs']['cancelled']), (200, 'cancelled', 6))
        self.assertEqual(self.service.ask('POST', f'/v1/scenarios/{scenario}/cancel').status, 409)
        self.service.wait_for(self.service.plan(iterations=1), 'done')  # the workers are free at once
        self.assertIn('"detail":"is not ours any more"', (self.service.folder / 'log').read_text())
        self.assertEqual(self.service.ask('DELETE', f'/v1/scenarios/{scenario}').json, {'scenario': scenario, 'deleted': True})
        for path in ('', '/files/table.txt', '/files/bundle.zip', '/events'):
            self.assertEqual(self.get(f'/v1/scenarios/{scenario}{path}').status, 404)
        self.assertEqual(self.get('/v1/scenarios').json, {'scenarios': []})

    def test_a_service_killed_in_the_middle_goes_on(self):
        scenario = self.ask_for(seeds=[1, 2, 3, 4], limit={'iterations': 600})
        while self.get(f'/v1/scenarios/{scenario}').json['runs']['done'] < 2:
            time.sleep(0.01)
        self.service.kill()
        self.service.start()
        self.assertEqual(self.wait_for(scenario, 'done')['runs']['done'], 12)
        done = run_program('scenario', 'repeat', self.bundle(scenario))
        self.assertIn('12 of 12 runs came to the same plan', done.stderr)

    def test_a_run_that_cannot_be_made_is_said(self):
        scenario = self.ask_for(seeds=[1], limit={'time_s': 600})  # three runs, whose workers die
        while (about := self.get(f'/v1/scenarios/{scenario}').json)['state'] != 'failed':
            for worker in self.service.children():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(worker, signal.SIGABRT)
            time.sleep(0.1)
        self.assertEqual((about['runs']['failed'], about['problem']['type']), (3, 'urn:careround:problem:worker'))
        self.assertEqual(self.get(f'/v1/scenarios/{scenario}/files/table.txt').status, 409)
        self.assertFalse((self.bundle(scenario) / 'runs').exists())

    def test_runs_are_no_plans_and_are_counted_apart(self):
        scenario = self.ask_for()
        self.wait_for(scenario, 'done')
        self.assertEqual(self.get('/v1/plans').json, {'plans': []})
        metrics = self.get('/metrics').body.decode()
        self.assertIn('careround_plans{state="done"} 0\n', metrics)
        self.assertIn('careround_scenario_runs{state="done"} 6\n', metrics)
        self.assertEqual([s['scenario'] for s in self.get(f'/v1/scenarios?date={DATE}').json['scenarios']], [scenario])
        self.assertEqual(self.get('/v1/scenarios?date=2026-11-24').json, {'scenarios': []})
        self.assertEqual(self.get('/v1/scenarios?date=May').status, 422)
        purged = self.service.command('purge', '--before', '2026-12-01')
        self.assertEqual(purged.stdout, '3 lists, 6 plans and runs, 1 scenarios of dates before 2026-12-01 are gone\n')

    def test_asked_again_with_its_key_it_is_the_same(self):
        answers = [self.service.ask('POST', '/v1/scenarios', {'date': DATE, **ASKED}, {'Idempotency-Key': '"k"'}) for _ in range(2)]
        self.assertEqual(answers[0].body, answers[1].body)
        self.assertEqual(len(self.get('/v1/scenarios').json['scenarios']), 1)

    def test_a_worker_with_other_defaults_makes_no_run(self):
        self.service.stop()
        self.service.options = ['--workers', '0']
        self.service.start()
        scenario = self.ask_for(seeds=[1])
        defaults = json.loads((SOURCE / 'data/defaults.json').read_text(encoding='utf-8'))
        (self.folder / 'defaults.json').write_text(json.dumps(defaults), encoding='utf-8')
        self.service.stop()
        self.service.options = ['--workers', '2', '--defaults', str(self.folder / 'defaults.json')]
        self.service.start()
        about = self.wait_for(scenario, 'failed')
        self.assertEqual((about['runs']['failed'], about['problem']['type']), (3, 'urn:careround:problem:input'))
        self.assertEqual([(f['file'], f['message']) for f in about['problem']['findings']], [
            ('inputs/defaults/defaults.json', 'is another where this worker is, or is not there')])

    def test_other_roads_or_defaults_make_another_bundle_and_are_refused(self):
        scenario = self.ask_for()
        self.wait_for(scenario, 'done')
        table = self.file(scenario, 'table.json').body
        defaults = json.loads((SOURCE / 'data/defaults.json').read_text(encoding='utf-8'))
        (self.folder / 'defaults.json').write_text(json.dumps(defaults), encoding='utf-8')
        self.service.stop()
        self.service.options = ['--defaults', str(self.folder / 'defaults.json')]
        self.service.start()
        self.assertEqual(self.file(scenario, 'table.json').body, table)
        refused = self.get(f'/v1/scenarios/{scenario}/files/bundle.zip')
        self.assertEqual((refused.status, refused.json['type']), (409, 'urn:careround:problem:day'))


class Refused(AskingForOne):
    options = ('--workers', '1', '--time', '5', '--queue', '6')

    def findings(self, **more):
        answer = self.post(**more)
        self.assertEqual((answer.status, answer.json['type']), (422, 'urn:careround:problem:input'), answer.body)
        self.assertEqual(self.get('/v1/scenarios').json, {'scenarios': []})
        return [f"{f['column']} {f['value']}: {f['message']}" for f in answer.json['findings'] if f['severity'] == 'error']

    def test_all_that_is_wrong_at_once(self):
        found = self.findings(seeds=[3, 3, -1], limit={'time_s': 6}, roads='area.roads', Seeds=[1], scenarios=[
            {'name': 'a', 'changes': [{'change': 'remove_carers', 'carers': ['ANNE']}]},
            {'name': 'b', 'changes': [{'change': 'widen_windows', 'minutes': 0.5}]},
            {'name': 'c', 'changes': [{'change': 'add_visits', 'rows': [{'visit_id': 'V9', 'client_id': 'C1', 'duration': 'long'}]}]}])
        for words in ("roads : is not said here", "Seeds : unknown; did you mean 'seeds'?", 'seeds[1] 3: is there twice',
                      'seeds[2] -1: must be a whole number', 'limit.time_s : must be at most 5 here',
                      "scenarios[0].changes[0].carers[0] ANNE: none of the carers has this; did you mean 'ANN'?",
                      'scenarios[1].changes[0].minutes 0.5: must be a whole number',
                      'scenarios[2].changes[0].rows[0].duration long: '):
            self.assertEqual(len([f for f in found if f.startswith(words)]), 1, (words, found))

    def test_no_such_day(self):
        self.assertEqual(self.findings(date='2026-11-24', seeds=[-1]), [
            'seeds[0] -1: must be a whole number, 0 or more',
            'date : there is no such day; upload its visits and carers first'])
        self.assertEqual(self.findings(day_version=9), ['day_version : there is no such version of this day'])
        for value in (None, 5, '23.11.2026', 'x' * 500):
            self.assertEqual(self.findings(date=value), ['date : must be a date like "2026-11-23"'])
        for value in (0, 1.5, 'one', 2 ** 40):
            self.assertEqual(self.findings(day_version=value), ['day_version : must be a whole number from 1 to 2147483647'])

    def test_a_day_with_errors(self):
        self.service.put('carers', CARERS.replace('ANN', 'DAN'))
        self.assertEqual(self.findings(), ["lock_carer ANN: no carer 'ANN' in carers.csv"])  # not again for each scenario

    def test_more_runs_than_may_wait(self):
        self.assertEqual(self.findings(seeds=[1, 2, 3]), [
            'seeds : 9 runs are more than wait here at a time (6); ask for fewer scenarios or seeds'])
        self.ask_for(limit={'time_s': 5})
        answer = self.post()
        self.assertEqual((answer.status, answer.json['type']), (503, 'urn:careround:problem:busy'))

    def test_no_json(self):
        for body in ('', '[]', '{"date": ', '{"date": "2026-11-23", "date": "2026-11-23"}'):
            answer = self.service.ask('POST', '/v1/scenarios', body)
            self.assertEqual((answer.status, answer.json['type']), (400, 'urn:careround:problem:json'), body)

    def test_not_where_an_outside_service_is_asked(self):
        self.service.stop()
        self.service.options = ['--router', 'osrm=http://127.0.0.1:1']
        self.service.start()
        answer = self.post()
        self.assertEqual((answer.status, answer.json['type']), (409, 'urn:careround:problem:outside'))


if __name__ == '__main__':
    main()
