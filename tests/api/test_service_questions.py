#!/usr/bin/env python3
"""Questions to the service: check, evaluate, suggest, explain, compare, report, matrix and geocode, each as the command
line answers it, from processes that keep the day open and may die."""
import concurrent.futures
import json
import os
import re
import signal
import subprocess
import time
import unittest

from service import CARERS, DATE, SOURCE, VISITS, Service, ServiceTest, main, run_program

try:
    import jsonschema
except ImportError:
    jsonschema = None

DAY = f'/v1/days/{DATE}'
MAP = '''<?xml version="1.0"?><osm version="0.6">
<node id="1" lat="55.89" lon="-3.07"/><node id="2" lat="55.90" lon="-3.07"/><node id="3" lat="55.91" lon="-3.07"/>
<node id="4" lat="55.80" lon="-3.50"/><node id="5" lat="55.801" lon="-3.50"/>
<way id="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="residential"/></way>
<way id="2"><nd ref="4"/><nd ref="5"/><tag k="highway" v="residential"/></way></osm>'''


class Asking(ServiceTest):
    def question(self, name, query='', body=None, day=DAY):
        return self.service.ask('POST', f'{day}/{name}{query}', body)

    def answer(self, name, query='', body=None, day=DAY):
        answer = self.question(name, query, body, day)
        self.assertEqual((answer.status, answer.headers['content-type']), (200, 'application/json'), answer.body)
        return answer.json

    def put_tiny_day(self, **more):
        self.service.put_folder(SOURCE / 'data/tiny')
        plan = self.service.plan(iterations=200, **more)
        self.service.wait_for(plan, 'done')
        return plan

    def result(self, plan):
        return self.service.get(f'/v1/plans/{plan}/result').body.decode()

    def desks(self):
        """Process ids of the desks of this service."""
        return [int(p) for p in subprocess.run(['pgrep', '-P', str(self.service.process.pid), '-f', 'careround desk'],
                                               capture_output=True, text=True, check=False).stdout.split()]

    def counted(self, name):
        for line in self.service.get('/metrics').body.decode().splitlines():
            if line.startswith(f'careround_{name} '):
                return int(line.split()[1])
        return self.fail(name)


class Questions(Asking):
    def setUp(self):
        super().setUp()
        self.plan = self.put_tiny_day()
        self.text = self.result(self.plan)
        self.path = self.service.folder / 'plan.json'
        self.path.write_text(self.text, encoding='utf-8')

    def command(self, name, *more):
        done = run_program(name, SOURCE / 'data/tiny', self.path, *more, '--json', check=False)
        self.assertIn(done.returncode, (0, 4), done.stderr)
        return json.loads(done.stdout)

    def fits(self, made, schema):
        if jsonschema:
            schema = json.loads((SOURCE / f'data/schema/{schema}.schema.json').read_text(encoding='utf-8'))
            jsonschema.validate(made, schema, cls=jsonschema.Draft202012Validator)

    def test_a_plan_that_is_sent_or_named_is_judged_as_on_the_command_line(self):
        expected = self.command('check')
        for query, body in (('', self.text), (f'?plan={self.plan}', None), (f'?plan={self.plan}', None)):
            made = self.answer('check', query, body)
            self.assertEqual({k: v for k, v in made.items() if k != 'of_this_day'}, expected)
        later = json.loads(self.text)
        later['rounds'][0]['stops'][0]['start_s'] -= 7200
        made = self.answer('check', '', json.dumps(later))
        self.assertFalse(made['valid'])
        self.assertTrue(made['breaches'])

    def test_a_plan_made_by_hand_is_timed(self):
        rounds = json.loads(self.text)['rounds']
        by_hand = {'rounds': [{'shift': r['shift'], 'stops': [s['visit'] for s in r['stops'] if s['kind'] == 'visit'][::-1]}
                              for r in rounds]}
        self.path.write_text(json.dumps(by_hand), encoding='utf-8')
        made = self.answer('evaluate', '', by_hand)
        self.assertEqual(made, self.command('evaluate'))
        self.assertFalse(made['valid'])
        self.fits(made, 'evaluation')
        in_any_order = self.answer('evaluate', '?any_order=yes', by_hand)
        self.assertEqual(in_any_order, self.command('evaluate', '--any-order'))
        csv = 'carer_id,visit_id\n' + ''.join(f'{r["carer"]},{s["visit"]}\n' for r in rounds for s in r['stops'] if s['kind'] == 'visit')
        self.assertTrue(self.answer('evaluate', '?any_order=yes', csv.encode('utf-16'))['valid'])
        self.assertEqual(self.answer('evaluate', '', by_hand), made)  # whatever was evaluated before

    def test_answers_say_how_much_of_their_time_the_engine_took(self):
        for name, query in (('check', ''), ('evaluate', ''), ('suggest', '?visit=V02')):
            begun = time.monotonic()
            answer = self.question(name, query, self.text)
            took_ms = 1e3 * (time.monotonic() - begun)
            engine_ms = float(re.fullmatch(r'engine;dur=([0-9]+[.][0-9]{3})', answer.headers['server-timing']).group(1))
            self.assertTrue(0 < engine_ms < took_ms, (engine_ms, took_ms))

    def test_what_is_evaluated_comes_as_a_plan_for_the_other_questions(self):
        as_plan = self.question('evaluate', '?as_plan=yes', self.text).body.decode()
        self.assertTrue(self.answer('check', '', as_plan)['valid'])
        self.answer('suggest', '?visit=V02', as_plan)
        unknown = {'rounds': [{'shift': 'Ann', 'stops': ['V02', 'V99']}]}
        self.assertEqual(len(self.answer('evaluate', '', unknown)['left_out']), 1)
        problem = self.check_problem(self.question('evaluate', '?as_plan=yes', unknown), 422, 'plan')
        self.assertIn('V99', problem['errors'][0]['detail'])

    def test_suggestions_are_those_of_the_command_line(self):
        expected = self.command('suggest', 'V02', '--most', 3)
        for query, body in (('', self.text), (f'&plan={self.plan}', None)):
            made = self.answer('suggest', f'?visit=V02&most=3{query}', body)
            self.assertEqual(made, expected)
            self.fits(made, 'suggestions')

    def test_a_plan_that_is_sent_again_gets_the_same_answers(self):
        """More plans than are kept, one after another and once more; between them one with a rota that people know."""
        first, plans = json.loads(self.text), []
        for minutes in range(10):
            first['rounds'][0]['stops'][0]['start_s'] -= 60
            plans.append(json.dumps(first))
        alone = next(s['visit'] for s in first['rounds'][0]['stops'] if s['kind'] == 'visit' and not s['with'])
        published = json.dumps({**json.loads(self.text), 'published': [{'visit': alone, 'carers': ['Bea'], 'start_s': 0}]})
        answers = [self.answer('check', '', plan) for plan in plans]
        self.assertEqual(len({json.dumps(a) for a in answers}), 10)
        for plan, expected in list(zip(plans, answers))[::-1] * 2:
            known = self.answer('check', '', published) if expected is answers[5] else None
            self.assertNotEqual(known, expected)
            self.assertEqual(self.answer('check', '', plan), expected)
            self.assertEqual(self.answer('check', '', plan), expected)
        self.assertEqual(self.answer('compare', f'?plan={self.plan}', plans[3])['plans'][1]['plan'], 'sent')
        self.assertEqual(self.answer('check', '', plans[3]), answers[3])

    def test_unallocated_visits_are_explained(self):
        self.service.put('visits', VISITS.replace(',morning,30', ',morning,600'))
        self.service.put('carers', 'carer_id,shift_start,shift_end\nANN,07:00,15:00\n')
        for table in ('history', 'matrix', 'providers', 'settings'):
            self.service.ask('DELETE', f'{DAY}/{table}')
        plan = self.service.plan(iterations=50)
        self.service.wait_for(plan, 'done')
        unallocated = json.loads(self.result(plan))['unallocated']
        made = self.answer('explain', f'?plan={plan}&iterations=20')
        self.assertEqual([e['visit'] for e in made], [u['visit'] for u in unallocated])
        one = made[0]['visit']
        self.assertEqual(self.answer('explain', f'?plan={plan}&iterations=20&visit={one}'), [made[0]])
        self.assertEqual(self.check_problem(self.question('explain', f'?plan={plan}&visit=V9'), 404, 'not-found')['title'], 'Not found')
        served = next(v for v in ('V1', 'V2') if v not in [u['visit'] for u in unallocated])
        self.assertIn('is in the plan', self.check_problem(self.question('explain', f'?plan={plan}&visit={served}'), 422, 'query')['detail'])

    def test_plans_are_compared(self):
        other = self.service.plan(iterations=1, seed=2)
        self.service.wait_for(other, 'done')
        made = self.answer('compare', f'?plan={self.plan}&plan={other}', self.text)
        self.assertEqual([p['plan'] for p in made['plans']], [self.plan, other, 'sent'])
        self.fits(made, 'comparison')
        self.assertEqual(self.answer('compare', f'?plan={self.plan}', self.text)['visits'], [])
        for query, body in (('', self.text), (f'?plan={self.plan}', None), ('?' + '&'.join([f'plan={self.plan}'] * 9), None)):
            self.assertIn('two to 8', self.check_problem(self.question('compare', query, body), 422, 'query')['detail'])

    def test_the_figures_are_reported(self):
        self.assertEqual(self.answer('report', '', self.text), self.answer('report', f'?plan={self.plan}'))
        self.check_problem(self.question('report', f'?plan={self.plan}', self.text), 422, 'query')  # of which of the two?
        made, expected = self.answer('report', f'?plan={self.plan}'), self.command('report')
        self.assertEqual([made['day'].pop('name'), expected['day'].pop('name')], [DATE, 'tiny'])
        self.assertEqual(made, expected)
        later = json.loads(self.text)
        later['rounds'][0]['stops'][0]['start_s'] -= 7200
        self.assertTrue(self.check_problem(self.question('report', '', later), 422, 'plan')['breaches'])

    def test_a_plan_against_a_published_rota_leaves_no_trace_in_the_day(self):
        plain = self.answer('evaluate', '', self.text)
        published = json.loads(self.text)
        first = next(s for s in published['rounds'][0]['stops'] if s['kind'] == 'visit')
        published['published'] = [{'visit': first['visit'], 'start_s': first['start_s'] + 7200, 'carers': [published['rounds'][0]['carer']]}]
        self.path.write_text(json.dumps(published), encoding='utf-8')
        with_changes = self.answer('check', '', published)
        self.assertEqual({k: v for k, v in with_changes.items() if k != 'of_this_day'}, self.command('check'))
        self.assertNotEqual(with_changes['cost_pence']['changes'], 0)
        self.assertEqual(self.answer('check', f'?plan={self.plan}')['cost_pence']['changes'], 0)
        self.answer('check', '', published)
        self.assertEqual(self.answer('evaluate', '', self.text), plain)

    def test_a_plan_that_was_planned_anew_brings_its_day(self):
        events = self.service.folder / 'events.json'
        events.write_text(json.dumps([{'event': 'visit cancelled', 'visit_id': 'V08'}]), encoding='utf-8')
        anew = self.service.folder / 'anew.json'
        run_program('replan', SOURCE / 'data/tiny', self.path, '--from', '08:30', '--events', events, '--iterations', 100, '--out', anew)
        self.path.write_text(anew.read_text(encoding='utf-8'), encoding='utf-8')
        text = self.path.read_text(encoding='utf-8')
        for _ in range(2):
            self.assertEqual({k: v for k, v in self.answer('check', '', text).items() if k != 'of_this_day'}, self.command('check'))
            self.assertEqual(self.answer('suggest', '?visit=V06', text), self.command('suggest', 'V06'))
            self.assertTrue(self.answer('check', f'?plan={self.plan}')['valid'])  # which has V08
        self.check_problem(self.question('suggest', '?visit=V08', text), 404, 'not-found')
        self.assertIn('planned anew', self.check_problem(self.question('compare', f'?plan={self.plan}', text), 422, 'plan')['errors'][0]['detail'])

    def test_what_cannot_be_asked_is_said(self):
        waiting = self.service.plan(time_s=60)
        for name, query, body, status, kind in (
                ('check', '', None, 422, 'query'), ('check', '?plan=0123456789abcdef', None, 404, 'not-found'),
                ('check', f'?plan={waiting}', None, 409, 'state'), ('check', '', '{"format": "careround plan"}', 422, 'plan'),
                ('check', '', '{', 422, 'plan'), ('check', '', '[' * 100000, 422, 'plan'),
                ('check', '', b'\xff\xfe\x00', 422, 'plan'), ('check', '?version=x', self.text, 422, 'query'),
                ('check', '?version=9', self.text, 404, 'not-found'), ('suggest', '', self.text, 422, 'query'),
                ('suggest', '?visit=V99', self.text, 404, 'not-found'), ('suggest', '?visit=V02&most=0', self.text, 422, 'query'),
                ('suggest', '?visit=V02&most=1.5', self.text, 422, 'query'), ('explain', '?time_s=61', self.text, 422, 'query'),
                ('evaluate', '', None, 422, 'plan'), ('evaluate', '?any_order=perhaps', self.text, 422, 'query'),
                ('evaluate', '', 'nothing,of,this\n1,2,3\n', 422, 'plan'), ('evaluate', '', '[' * 100000, 422, 'plan')):
            with self.subTest(name=name, query=query, body=str(body)[:30]):
                self.check_problem(self.question(name, query, body), status, kind)
        self.check_problem(self.question('check', '', self.text, day='/v1/days/2026-11-24'), 404, 'not-found')
        self.check_problem(self.question('check', '', self.text, day='/v1/days/tomorrow'), 404, 'not-found')
        self.service.put_small_day('2026-11-24')
        self.check_problem(self.question('check', f'?plan={self.plan}', day='/v1/days/2026-11-24'), 422, 'query')
        refused = self.service.get(f'{DAY}/check')  # which is no table
        self.assertEqual((refused.status, refused.headers['allow']), (405, 'POST'))
        self.service.ask('POST', f'/v1/plans/{waiting}/cancel')

    def test_a_day_with_errors_says_which(self):
        self.service.put('visits', VISITS.replace('visit_id,', 'visit_id,lock_carer,').replace('V1,', 'V1,NOBODY,').replace('V2,', 'V2,,'))
        problem = self.check_problem(self.question('evaluate', '', '{"rounds": []}'), 422, 'input')
        self.assertIn('NOBODY', [f['value'] for f in problem['findings']])


class Replanning(Asking):
    events = [{'event': 'carer late', 'carer_id': 'Ann', 'until': '09:30'}, {'event': 'visit cancelled', 'visit_id': 'V08'},
              {'event': 'new visit', 'visit_id': 'N1', 'client_id': 'C2', 'window_start': '10:00', 'window_end': '12:00', 'duration': 20}]

    def setUp(self):
        super().setUp()
        self.plan = self.put_tiny_day()

    def replan(self, query, body=None, plan=None, headers=None):
        return self.service.ask('POST', f'/v1/plans/{plan or self.plan}/replan{query}', body, headers)

    def test_the_rest_of_a_day_is_planned_as_on_the_command_line(self):
        asked = self.replan('?from=08:30&iterations=100', self.events)
        self.assertEqual(asked.status, 202, asked.body)
        self.assertEqual(asked.json['options'], {'published': self.plan, 'from': '08:30', 'iterations': 100})
        anew = asked.json['plan']
        self.assertEqual(asked.headers['location'], f'/v1/plans/{anew}')
        self.service.wait_for(anew, 'done')
        made = json.loads(self.result(anew))
        folder = self.service.folder
        (folder / 'plan.json').write_text(self.result(self.plan), encoding='utf-8')
        (folder / 'events.json').write_text(json.dumps(self.events), encoding='utf-8')
        run_program('replan', SOURCE / 'data/tiny', folder / 'plan.json', '--from', '08:30', '--events', folder / 'events.json',
            '--iterations', 100, '--out', folder / 'anew.json')
        expected = json.loads((folder / 'anew.json').read_text(encoding='utf-8'))
        for part in ('rounds', 'unallocated', 'replanned', 'cost', 'published'):
            self.assertEqual(made[part], expected[part], part)
        self.assertEqual(len(made['replanned']['events']), 3)
        # What comes after takes it with what had happened.
        self.assertTrue(self.answer('check', f'?plan={anew}')['valid'])
        self.assertTrue(self.answer('suggest', f'?plan={anew}&visit=N1')['suggestions'])
        self.assertIn('Changes', self.service.get(f'/v1/plans/{anew}/files/plan.html').body.decode())
        more = self.replan('?from=09:00&iterations=50', 'event,visit_id\nvisit cancelled,N1\n', plan=anew)
        self.assertEqual(more.status, 202, more.body)
        self.service.wait_for(more.json['plan'], 'done')
        self.assertEqual(len(json.loads(self.result(more.json['plan']))['replanned']['events']), 4)

    def test_nothing_happened_and_nothing_changes(self):
        asked = self.replan('?from=08:30')
        self.assertEqual(asked.json['options']['time_s'], 0.7)
        self.service.wait_for(asked.json['plan'], 'done')
        self.assertEqual(json.loads(self.result(asked.json['plan']))['replanned']['changes'], [])

    def test_all_that_is_wrong_is_said_before_anything_is_queued(self):
        problem = self.check_problem(self.replan('?from=08:30', [
            {'event': 'carer ill', 'carer_id': 'Zoe'}, {'event': 'visit cancelled', 'visit_id': 'V99'}, {'event': 'rain'}]), 422, 'input')
        self.assertEqual([(f['row'], f['value']) for f in problem['findings'] if f['severity'] == 'error'], [(1, 'Zoe'), (2, 'V99'), (3, 'rain')])
        waiting = self.service.plan(time_s=60)
        for query, body, plan, status, name in (
                ('', None, None, 422, 'query'), ('?from=noonish', None, None, 422, 'query'), ('?from=' + '0' * 400, None, None, 422, 'query'),
                ('?from=08:30&time_s=61', None, None, 422, 'query'), ('?from=08:30&iterations=-1', None, None, 422, 'query'),
                ('?from=08:30&iterations=1&time_s=1', None, None, 422, 'query'), ('?from=08:30', '[' * 100000, None, 422, 'input'),
                ('?from=08:30', '{}', None, 422, 'input'),
                ('?from=08:30', None, '0123456789abcdef', 404, 'not-found'), ('?from=08:30', None, waiting, 409, 'state')):
            with self.subTest(query=query[:30], body=str(body)[:20]):
                self.check_problem(self.replan(query, body, plan), status, name)
        self.assertEqual(len(self.service.get('/v1/plans').json['plans']), 2)

    def test_a_day_that_cannot_stand_then_fails_and_says_why(self):
        cancelled = self.replan('?from=20:00&iterations=1', [{'event': 'visit cancelled', 'visit_id': 'V01'}])
        self.assertEqual(cancelled.status, 202, cancelled.body)
        until = time.monotonic() + 30
        while (plan := self.service.get(f'/v1/plans/{cancelled.json["plan"]}').json)['state'] not in ('failed', 'done'):
            self.assertLess(time.monotonic(), until)
            time.sleep(0.05)
        self.assertEqual((plan['state'], plan['problem']['type']), ('failed', 'urn:careround:problem:input'))
        self.assertEqual(len(plan['problem']['findings']), 1)

    def test_the_same_key_plans_anew_once(self):
        key = {'Idempotency-Key': 'ann-is-late'}
        first, again = (self.replan('?from=08:30&iterations=1', self.events, headers=key) for _ in range(2))
        self.assertEqual(first.json['plan'], again.json['plan'])
        self.assertEqual(self.replan('?from=08:31&iterations=1', self.events, headers=key).status, 422)

    def test_a_search_that_takes_long_is_stopped_and_keeps_the_best(self):
        anew = self.replan('?from=08:30&time_s=60', self.events).json['plan']
        while self.service.get(f'/v1/plans/{anew}').json['progress'] is None:
            time.sleep(0.02)
        self.assertEqual(self.service.ask('POST', f'/v1/plans/{anew}/stop').status, 202)
        self.service.wait_for(anew, 'done', timeout=20)
        self.assertTrue(self.answer('check', f'?plan={anew}')['valid'])

    def test_a_plan_begins_from_a_published_one(self):
        after = self.service.plan(iterations=50, seed=9, published=self.plan)
        self.service.wait_for(after, 'done')
        made = json.loads(self.result(after))
        self.assertTrue(made['published'])
        for published, status in (('0123456789abcdef', 404), (7, 422)):
            answer = self.service.ask('POST', '/v1/plans', {'date': DATE, 'iterations': 1, 'published': published})
            self.assertEqual(answer.status, status, answer.body)


class Desks(Asking):
    options = ('--desks', '2')

    def test_a_new_version_of_the_day_is_asked_about_and_an_earlier_one_can_be(self):
        self.service.put_small_day()
        by_hand = {'rounds': [{'carer': 'ANN', 'stops': ['V1', 'V2']}]}
        self.assertTrue(self.answer('evaluate', '', by_hand)['valid'])
        first = self.desks()
        self.service.put('visits', VISITS.replace('V2,', 'V3,'))
        self.assertEqual(len(self.answer('evaluate', '', by_hand)['left_out']), 1)
        self.assertEqual(len(self.desks()), 1)
        self.assertNotEqual(self.desks(), first)
        self.assertEqual(self.answer('evaluate', '?version=2', by_hand)['left_out'], [])

    def test_a_day_that_was_purged_and_sent_anew_is_not_the_old_one(self):
        """Its versions begin with 1 again."""
        self.service.put_small_day()
        by_hand = {'rounds': [{'carer': 'ANN', 'stops': ['V1', 'V2']}]}
        self.assertTrue(self.answer('evaluate', '', by_hand)['valid'])
        self.service.command('purge', '--before', '2027-01-01')
        self.service.put('visits', VISITS.replace('V2,', 'V3,'))
        self.service.put('carers', CARERS)
        self.assertEqual(self.service.get(f'/v1/days/{DATE}').json['version'], 2)
        self.assertEqual(len(self.answer('evaluate', '', by_hand)['left_out']), 1)

    def test_a_plan_is_asked_about_with_the_version_it_was_made_for(self):
        plan = self.put_tiny_day()
        self.service.put('visits', VISITS)
        self.assertTrue(self.answer('check', f'?plan={plan}')['valid'])
        self.check_problem(self.question('check', '', self.result(plan)), 422, 'plan')

    def test_a_desk_that_dies_is_replaced_and_nobody_notices(self):
        plan = self.put_tiny_day()
        for number in (signal.SIGKILL, signal.SIGTERM):
            self.assertTrue(self.answer('check', f'?plan={plan}')['valid'])
            (desk,) = self.desks()
            os.kill(desk, number)
        self.assertTrue(self.answer('check', f'?plan={plan}')['valid'])
        self.assertEqual(self.counted('desks_died_total'), 2)

    def test_a_desk_ends_with_its_service(self):
        self.put_tiny_day()
        self.answer('evaluate', '', '{"rounds": []}')
        (desk,) = self.desks()
        self.service.kill()
        until = time.monotonic() + 10
        while os.path.exists(f'/proc/{desk}') and time.monotonic() < until:
            time.sleep(0.02)
        self.assertFalse(os.path.exists(f'/proc/{desk}'))

    def test_many_days_are_asked_about_and_few_lie_open(self):
        dates = [f'2026-11-{day}' for day in (23, 24, 25, 26)]
        for date in dates:
            self.service.put_small_day(date)
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            asked = [pool.submit(self.question, 'evaluate', '', {'rounds': [{'carer': 'ANN', 'stops': ['V1', 'V2']}]}, f'/v1/days/{date}')
                     for _ in range(4) for date in dates]
            for future in asked:
                answer = future.result()
                self.assertEqual(answer.status, 200, answer.body)
                self.assertTrue(answer.json['valid'])
        self.assertLessEqual(len(self.desks()), 2)
        self.assertEqual(self.counted('desks_died_total'), 0)

    def test_nobody_waits_behind_a_question_that_takes_long(self):
        self.service.put('visits', VISITS.replace(',morning,30', ',morning,600'))
        self.service.put('carers', 'carer_id,shift_start,shift_end\nANN,07:00,15:00\n')
        plan = self.service.plan(iterations=50)
        self.service.wait_for(plan, 'done')
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            slow = pool.submit(self.answer, 'explain', f'?plan={plan}&iterations=1000000&time_s=3')
            began = time.monotonic()
            while not slow.done() and time.monotonic() - began < 1:
                self.answer('check', f'?plan={plan}')
            if not slow.done():
                self.check_problem(self.question('explain', f'?plan={plan}'), 503, 'busy')
            slow.result()

    def test_a_service_that_is_asked_stops(self):
        plan = self.put_tiny_day()
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            asked = [pool.submit(self.question, 'suggest', f'?plan={plan}&visit=V02') for _ in range(40)]
            asked[0].result()
            self.assertEqual(self.service.stop(), 0)
            for future in asked:
                try:
                    self.assertIn(future.result().status, (200, 503))
                except OSError:
                    pass  # it no longer listens
                except Exception as cut:  # http.client's
                    self.assertIn('closed connection', str(cut))


class IdleDesks(Asking):
    options = ('--desk-idle', '1')

    def test_desks_that_nobody_asks_are_put_away(self):
        self.put_tiny_day()
        self.answer('evaluate', '', '{"rounds": []}')
        self.assertEqual(self.counted('desks'), 1)
        until = time.monotonic() + 20
        while self.counted('desks') and time.monotonic() < until:
            time.sleep(0.1)
        self.assertEqual((self.counted('desks'), self.desks()), (0, []))
        self.assertEqual([p.name for p in (self.service.folder / 'careround.db-work').glob('desk-*')], [])


class Places(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = Service()
        cls.addClassCleanup(cls.service.__exit__)
        cls.service.stop()
        folder = cls.service.folder
        (folder / 'map.osm').write_text(MAP, encoding='utf-8')
        (folder / 'postcodes.csv').write_text('postcode,easting,northing\nEH22 1AA,333000,667000\n', encoding='utf-8')
        run_program('roads', 'build', folder / 'map.osm', '-o', folder / 'area.roads')
        run_program('gazetteer', 'build', folder / 'postcodes.csv', '-o', folder / 'uk.gaz')
        cls.service.options = ['--roads', 'area.roads', '--gazetteer', 'uk.gaz']
        cls.service.start()

    def ask(self, path, body):
        return self.service.ask('POST', path, body)

    def test_a_matrix_is_the_command_lines(self):
        points = 'lat,lon\n55.89,-3.07\n55.91,-3.07\n55.80,-3.50\n'
        folder = self.service.folder
        (folder / 'points.csv').write_text(points, encoding='utf-8')
        run_program('matrix', '--roads', folder / 'area.roads', '--points', folder / 'points.csv', '-o', folder / 'matrix.csv')
        rows = [list(map(int, line.split(','))) for line in (folder / 'matrix.csv').read_text().splitlines()[1:]]
        for body in (points, {'points': [{'lat': 55.89, 'lon': -3.07}, {'lat': 55.91, 'lon': -3.07}, {'lat': 55.80, 'lon': -3.50}]}):
            made = self.ask('/v1/matrix', body).json
            self.assertEqual((made['n'], made['mode'], made['unreachable']), (3, 'car', 4))
            self.assertEqual([[i, j, made['time_s'][i][j], made['distance_m'][i][j]] for i in range(3) for j in range(3)], rows)
        self.assertGreater(self.ask('/v1/matrix?mode=foot', points).json['time_s'][0][1], made['time_s'][0][1])

    def test_points_and_words_that_are_none_are_said(self):
        answer = self.ask('/v1/matrix', 'lat,lon\n55.89,-3.07\n155.91,-3.07\n')
        self.assertEqual(answer.status, 422)
        self.assertEqual([(f['file'], f['row'], f['column'], f['value']) for f in answer.json['findings']], [('points', 3, 'lat', '155.91')])
        for body in (None, '', '{}', '[1]', '[' * 100000, 'x\n1\n', b'\x00\x01', 'lat,lon\n' + '55.89,-3.07\n' * 2001):
            self.assertEqual(self.ask('/v1/matrix', body).status, 422, body)
        for query in ('mode=boat', 'period=never'):
            self.assertEqual(self.ask(f'/v1/matrix?{query}', 'lat,lon\n55.89,-3.07\n').status, 422)

    def test_vrooms_json_is_answered_in_its_form(self):
        problem = {'vehicles': [{'id': 1, 'start_index': 0, 'end_index': 0}], 'jobs': [{'id': 7, 'location_index': 1}],
                   'matrices': {'car': {'durations': [[0, 60], [70, 0]]}}, 'options': {'l': 0.1}}
        for path in '/v1/vroom', '/v1/vroom/optimization':
            answer = self.ask(path, problem)
            self.assertEqual((answer.status, answer.json['code'], answer.json['summary']['cost']), (200, 0, 130))
        located = {'vehicles': [{'id': 1, 'start': [-3.07, 55.89]}], 'jobs': [{'id': 7, 'location': [-3.07, 55.91]}], 'options': {'l': 0.1}}
        self.assertEqual(self.ask('/v1/vroom', located).json['unassigned'], [])
        problem['vehicles'][0]['breaks'] = [{'id': 3, 'service': 10, 'time_windows': [[0, 0], [300, 310]]}]
        problem['jobs'][0]['time_windows'] = [[200, 250]]
        problem['vehicles'][0]['time_window'] = [1, 1000]
        steps = self.ask('/v1/vroom', problem).json['routes'][0]['steps']
        self.assertEqual([s['arrival'] + s['waiting_time'] for s in steps if s['type'] == 'break'], [300])
        problem['jobs'][0]['delivery'] = [1]
        problem['vehicles'][0]['breaks'][0] = {'id': 3, 'time_windows': [[1, 10]], 'max_load': [0]}
        self.assertEqual([u['id'] for u in self.ask('/v1/vroom', problem).json['unassigned']], [7])
        for body in ({}, {'vehicles': [{'id': 1, 'start_index': 0}]}, '{', '[]'):
            answer = self.ask('/v1/vroom', body)
            self.assertEqual((answer.status, answer.json['code']), (400, 2), body)
        problem['vehicles'][0]['profile'] = located['vehicles'][0]['profile'] = 'hovercraft'
        self.assertEqual(self.ask('/v1/vroom', problem).status, 400)
        self.assertEqual((self.ask('/v1/vroom', located).status, self.ask('/v1/vroom', located).json['code']), (500, 3))

    def test_places_are_found_as_a_day_finds_them(self):
        made = self.ask('/v1/geocode', [{'postcode': 'eh221aa'}, {'grid_ref': 'NT 3348 6700'}, {'latitude': 55.9, 'longitude': -3.1},
                                        {'postcode': 'EH22 1AZ'}]).json
        self.assertEqual([p['quality'] for p in made['places']], ['postcode centroid', 'rooftop', 'rooftop', 'sector only'])
        self.assertEqual(made['places'][0]['postcode'], 'EH22 1AA')
        self.assertAlmostEqual(made['places'][0]['latitude'], 55.8915, delta=0.001)
        self.assertEqual((made['errors'], made['warnings'], made['findings'][0]['row']), (0, 1, 4))
        csv = self.ask('/v1/geocode', 'postcode\nEH22 1AA\n').json
        self.assertEqual(csv['places'][0]['latitude'], made['places'][0]['latitude'])

    def test_places_that_are_none_are_all_said(self):
        answer = self.ask('/v1/geocode', 'postcode,latitude,longitude,address\nx,,,\n,155,1,\n,,,1 High Street\n')
        self.assertEqual(answer.status, 422)
        self.assertEqual([f['row'] for f in answer.json['findings'] if f['severity'] == 'error'], [2, 3, 4])
        for body in (None, '{}', '[]', '[1]', 'null', 'postcode\n', '[' * 100000, b'\x00\x01'):
            self.assertEqual(self.ask('/v1/geocode', body).status, 422, body)


if __name__ == '__main__':
    main()
