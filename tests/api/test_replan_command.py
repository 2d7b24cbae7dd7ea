#!/usr/bin/env python3
"""careround replan from outside. test_replan_command.py CAREROUND SCHEMA_FOLDER"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

try:
    import jsonschema
except ImportError:
    jsonschema = None

PROGRAM = SCHEMAS = None
# Places are a degree of longitude's thousandths apart: a few minutes each way.
VISITS = ('visit_id,client_id,latitude,longitude,windows,duration,gap_after,gap_min\n'
          'V1,C1,55.89,-3.070,09:00-09:00,30,,\n'
          'V2,C2,55.89,-3.072,10:00-10:30,30,V1,30\n'
          'V3,C3,55.89,-3.074,11:00-11:30,30,,\n'
          'V4,C4,55.89,-3.076,11:00-11:30,30,,\n')
CARERS = ('carer_id,name,shift_start,shift_end,home_latitude,home_longitude\n'
          'ANN,Ann,08:00,13:00,55.89,-3.07\n'
          'BOB,Bob,08:00,13:00,55.89,-3.07\n')


def run(*args):
    return subprocess.run([PROGRAM, *map(str, args)], capture_output=True, text=True, timeout=60, check=False)


class Replan(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.day = pathlib.Path(self.temporary.name)
        (self.day / 'visits.csv').write_text(VISITS, encoding='utf-8')
        (self.day / 'carers.csv').write_text(CARERS, encoding='utf-8')
        (self.day / 'settings.json').write_text('{"date": "2026-11-23"}', encoding='utf-8')
        self.published, self.out = self.day / 'published.json', self.day / 'new.json'
        made = run('plan', self.day, '--iterations', 300, '--out', self.published)
        self.assertEqual(made.returncode, 0, made.stderr)

    def events(self, text, name='events.json'):
        path = self.day / name
        path.write_text(text if isinstance(text, str) else json.dumps(text), encoding='utf-8')
        return path

    def replan(self, time, events, *more, plan=None):
        return run('replan', self.day, plan or self.published, '--from', time, '--events', events, '--iterations', 300, '--out',
                   self.out, *more)

    def served(self, path):
        plan = json.loads(path.read_text(encoding='utf-8'))
        stops = [(s['visit'], s['start'], r['carer']) for r in plan['rounds'] for s in r['stops'] if s['kind'] == 'visit']
        return {visit: (start, carer) for visit, start, carer in stops}, plan

    def carer_of(self, visit):
        return self.served(self.published)[0][visit][1]

    def test_a_carer_falls_ill(self):
        ill = self.carer_of('V2')
        other = 'BOB' if ill == 'ANN' else 'ANN'
        page = self.day / 'page.html'
        done = self.replan('09:20', self.events([{'event': 'carer ill', 'carer_id': ill, 'from': '09:20'}]), '--html', page)
        self.assertEqual(done.returncode, 0, done.stderr)
        before, _ = self.served(self.published)
        after, plan = self.served(self.out)
        self.assertEqual(after['V1'], before['V1'])
        self.assertEqual(after['V2'][1], other)
        reason = f'{ill.title()} is ill from 09:20'
        self.assertIn(reason, done.stdout)
        self.assertIn(reason, page.read_text(encoding='utf-8'))
        changes = {c['visit']: c for c in plan['replanned']['changes']}
        self.assertEqual((changes['V2']['cause'], changes['V2']['reason']), ('carer', reason))
        self.assertEqual(changes['V2']['was']['carers'], [ill])
        self.assertEqual(changes['V2']['now']['carers'], [other])
        self.assertEqual(len(after) + len(plan['unallocated']), 4)
        if jsonschema:
            for name, made in (('plan', plan), ('events', plan['replanned']['events'])):
                schema = json.loads((SCHEMAS / f'{name}.schema.json').read_text(encoding='utf-8'))
                jsonschema.Draft202012Validator.check_schema(schema)
                jsonschema.validate(made, schema, cls=jsonschema.Draft202012Validator)
        for command in (['check'], ['report'], ['explain'], ['suggest', 'V2']):
            done = run(command[0], self.day, self.out, *command[1:])
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_check_sees_what_had_begun_and_moved(self):
        self.assertEqual(self.replan('09:20', self.events([{'event': 'visit cancelled', 'visit_id': 'V4'}])).returncode, 0)
        plan = json.loads(self.out.read_text(encoding='utf-8'))
        plan['replanned']['begun'][0]['stops'][0]['start_s'] += 60
        self.out.write_text(json.dumps(plan), encoding='utf-8')
        done = run('check', self.day, self.out)
        self.assertEqual(done.returncode, 4)
        self.assertIn('has begun', done.stdout)

    def test_nothing_happened(self):
        done = run('replan', self.day, self.published, '--from', '09:20', '--out', self.out, '--iterations', 300)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn('0 changes', done.stdout)
        self.assertEqual(self.served(self.out)[0], self.served(self.published)[0])

    def test_several_at_once_and_one_after_another(self):
        events = self.events('event,visit_id,client_id,windows,duration,carer_id,until\n'
                             'new visit,N1,C1,09:40-12:00,20,,\n'
                             'Visit cancelled,V4,,,,,\n'
                             'visit longer,V1,,,45,,\n', 'events.csv')
        done = self.replan('09:10', events)
        self.assertEqual(done.returncode, 0, done.stderr)
        first, plan = self.served(self.out)
        self.assertEqual(sorted(first) + [u['visit'] for u in plan['unallocated']], ['N1', 'V1', 'V2', 'V3'])
        ends = {s['visit']: s['end'] for r in plan['rounds'] for s in r['stops'] if s['kind'] == 'visit'}
        self.assertEqual(ends['V1'], '09:45')
        self.assertIn('the visit is new', done.stdout)
        self.assertNotIn('warning', done.stderr)
        # Two hours later somebody is late; what happened before still holds, and is no reason any more.
        again = self.day / 'again.json'
        late = self.events([{'event': 'carer late', 'carer_id': first['V3'][1], 'until': '12:30'}])
        done = run('replan', self.day, self.out, '--from', '10:40', '--events', late, '--iterations', 300, '--out', again)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn('the visit is new', done.stdout)
        second, plan = self.served(again)
        self.assertEqual([e['event'] for e in plan['replanned']['events']],
                         ['new visit', 'Visit cancelled', 'visit longer', 'carer late'])
        self.assertEqual(second['V1'], first['V1'])
        self.assertEqual(second['V2'], first['V2'])
        self.assertEqual(run('check', self.day, again).returncode, 0)

    def test_every_error_is_listed_with_its_row(self):
        events = self.events([{'event': 'carer ill', 'carer_id': 'AN', 'from': 'noon'},
                              {'event': 'carer asleep', 'carer_id': 'ANN'},
                              {'event': 'carer late', 'carer_id': 'ANN'},
                              {'event': 'visit cancelled', 'visit_id': 'V9'},
                              {'event': 'visit longer', 'visit_id': 'V1', 'durations': 40},
                              {'event': 'new visit', 'visit_id': 'N1', 'client_id': 'C1', 'duration': 'long'},
                              'nothing'])
        done = self.replan('09:20', events)
        self.assertEqual(done.returncode, 3)
        self.assertFalse(self.out.exists())
        for row, word in ((1, 'noon'), (1, 'no such carer'), (2, 'must be carer ill'), (3, 'until'), (4, 'no such visit'),
                          (5, 'durations'), (6, 'long'), (7, 'must be an object')):
            self.assertTrue(any(f'row {row}' in line and word in line for line in done.stderr.splitlines()), (row, word, done.stderr))

    def test_what_cannot_be(self):
        cancelled = self.events([{'event': 'visit cancelled', 'visit_id': 'V1'}])
        done = self.replan('09:20', cancelled)
        self.assertEqual(done.returncode, 3)
        self.assertIn('has begun at 09:00', done.stderr)
        self.assertEqual(self.replan('25 o clock', cancelled).returncode, 2)
        self.assertEqual(run('replan', self.day, self.published).returncode, 2)
        self.assertEqual(run('replan', '--help').returncode, 0)
        self.assertEqual(self.replan('09:20', self.events('{"events": [')).returncode, 3)
        self.assertEqual(self.replan('09:20', self.day / 'none.json').returncode, 3)

    def test_a_visit_that_was_cancelled_does_not_come_back_under_its_id(self):
        """Otherwise the event would cancel the new one too, and nobody would go."""
        anew = {'event': 'new visit', 'visit_id': 'V4', 'client_id': 'C4', 'windows': '11:00-11:30', 'duration': 30}
        cancelled = {'event': 'visit cancelled', 'visit_id': 'V4'}
        done = self.replan('09:20', self.events([cancelled, anew]))
        self.assertEqual(done.returncode, 3, done.stdout)
        self.assertRegex(done.stderr, "row 2.*V4.*and cancelled")
        self.assertEqual(self.replan('09:20', self.events([cancelled])).returncode, 0)
        done = run('replan', self.day, self.out, '--from', '09:40', '--events', self.events([anew]), '--iterations', 300)
        self.assertEqual(done.returncode, 3, done.stdout)
        done = run('replan', self.day, self.out, '--from', '09:40', '--events', self.events([{**anew, 'visit_id': 'N4'}]),
                   '--iterations', 300, '--out', self.day / 'again.json')
        self.assertEqual(done.returncode, 0, done.stderr)
        served, plan = self.served(self.day / 'again.json')
        self.assertIn('N4', [*served, *(u['visit'] for u in plan['unallocated'])])

    def test_what_was_accepted_of_a_cancelled_visit_is_nobodys(self):
        accepted = 'rule,visit_id,up_to,who,when,why\nwindow,V4,15,Jo,2026-11-20,asked\n'
        (self.day / 'accepted.csv').write_text(accepted, encoding='utf-8')
        done = self.replan('09:20', self.events([{'event': 'visit cancelled', 'visit_id': 'V4'}]))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn('Jo', done.stdout)

    def test_a_longer_visit_leaves_the_second_carer_her_time(self):
        visits = ('visit_id,client_id,latitude,longitude,windows,duration,carers,duration_2,second_after\n'
                  'V1,C1,55.89,-3.070,09:00-09:00,45,2,20,10\n'
                  'V2,C2,55.89,-3.070,11:00-11:00,45,2,,\n')
        (self.day / 'visits.csv').write_text(visits, encoding='utf-8')
        self.assertEqual(run('plan', self.day, '--iterations', 300, '--out', self.published).returncode, 0)
        longer = [{'event': 'visit longer', 'visit_id': visit, 'duration': 60} for visit in ('V1', 'V2')]
        done = self.replan('08:20', self.events(longer))
        self.assertEqual(done.returncode, 0, done.stderr)
        _, plan = self.served(self.out)
        ends = sorted((s['visit'], s['start'], s['end']) for r in plan['rounds'] for s in r['stops'] if s['kind'] == 'visit')
        self.assertEqual(ends, [('V1', '09:00', '10:00'), ('V1/2', '09:10', '09:30'),
                                ('V2', '11:00', '12:00'), ('V2', '11:00', '12:00')])

    def test_dates_beyond_the_plan(self):
        cancelled = self.events([{'event': 'visit cancelled', 'visit_id': 'V4'}])
        for day, status in (('2026-11-23', 0), ('2026-11-22', 2), ('2026-11-26', 2), ('2025-11-23', 2), ('2126-11-23', 2)):
            self.assertEqual(self.replan(f'{day} 09:20', cancelled).returncode, status, day)
        for day, status in (('2026-11-23', 0), ('2025-11-23', 3), ('2026-11-27', 3), ('2126-11-23', 3)):
            done = self.replan('09:20', self.events([{'event': 'carer leaves', 'carer_id': 'BOB', 'from': f'{day} 10:00'}]))
            self.assertEqual(done.returncode, status, done.stderr)
            self.assertEqual('day of this plan' in done.stderr, status == 3, done.stderr)

    def test_what_has_begun_has_no_suggestions(self):
        self.assertEqual(self.replan('09:20', self.events([{'event': 'visit cancelled', 'visit_id': 'V4'}])).returncode, 0)
        done = run('suggest', self.day, self.out, 'V1')
        self.assertEqual(done.returncode, 3)
        self.assertIn('has begun', done.stderr)
        self.assertEqual(run('suggest', self.day, self.out, 'V3').returncode, 0)

    def test_a_broken_plan_is_named(self):
        self.assertEqual(self.replan('09:20', self.events([{'event': 'visit cancelled', 'visit_id': 'V4'}])).returncode, 0)
        good = json.loads(self.out.read_text(encoding='utf-8'))
        for change in ({'begun': 3}, {'from_s': '09:20'}, {'begun': [{'shift': 'nobody', 'stops': []}]},
                       {'begun': [{'shift': 'ANN', 'stops': [{'kind': 'visit', 'visit': 'V9', 'start_s': 1}]}]},
                       {'begun': [{'shift': 'ANN', 'stops': [{'kind': 'break', 'break': 5, 'start_s': 1}]}]}):
            self.out.write_text(json.dumps({**good, 'replanned': {**good['replanned'], **change}}), encoding='utf-8')
            done = run('check', self.day, self.out)
            self.assertEqual(done.returncode, 3, change)
            self.assertIn('replanned', done.stderr)


if __name__ == '__main__':
    SCHEMAS = pathlib.Path(sys.argv.pop(2))
    PROGRAM = sys.argv.pop(1)
    unittest.main()
