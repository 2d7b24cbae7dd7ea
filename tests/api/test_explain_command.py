#!/usr/bin/env python3
"""careround explain from outside: what it says, and its exit statuses."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

PROGRAM = None
VISITS = ('visit_id,client_id,latitude,longitude,windows,duration,skills\n'
          'V1,C1,55.89,-3.07,09:00-09:10,30,medication\n'
          'V2,C2,55.90,-3.08,09:00-09:10,30,\n'
          'V3,C3,55.91,-3.09,09:00-09:10,30,hoist\n')
CARERS = ('carer_id,name,shift_start,shift_end,skills\n'
          'ANN,Ann,08:00,12:00,medication\n')


def run(*args):
    return subprocess.run([PROGRAM, *map(str, args)], capture_output=True, text=True, timeout=60)


class ExplainCommand(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.day = pathlib.Path(self.temporary.name)
        (self.day / 'visits.csv').write_text(VISITS, encoding='utf-8')
        (self.day / 'carers.csv').write_text(CARERS, encoding='utf-8')
        (self.day / 'settings.json').write_text('{"date": "2026-11-23"}', encoding='utf-8')
        self.plan = self.day / 'plan.json'
        made = run('plan', self.day, '--iterations', 200, '--out', self.plan)
        self.assertEqual(made.returncode, 0, made.stderr)

    def tearDown(self):
        self.temporary.cleanup()

    def test_reasons_and_change_in_a_sentence(self):
        said = run('explain', self.day, self.plan, 'V3', '--iterations', 0)
        self.assertEqual(said.returncode, 0, said.stderr)
        self.assertIn("1 carer lacks the skill 'hoist'", said.stdout)

    def test_the_whole_list_twice_the_same(self):
        first = run('explain', self.day, self.plan, '--iterations', 50)
        self.assertEqual(first.stdout, run('explain', self.day, self.plan, '--iterations', 50).stdout)
        self.assertEqual(first.stdout.count('Nobody free: '), 2)

    def test_json_counts_every_carer_once(self):
        said = run('explain', self.day, self.plan, '--json', '--iterations', 50)
        visits = json.loads(said.stdout)
        self.assertEqual(len(visits), 2)
        for visit in visits:
            self.assertEqual(sum(reason['carers'] for reason in visit['reasons']), 1)

    def test_a_visit_that_is_not_there(self):
        served = {stop.get('visit') for r in json.loads(self.plan.read_text())['rounds'] for stop in r['stops']}
        self.assertEqual(run('explain', self.day, self.plan, 'V9').returncode, 3)
        self.assertIn("there is no visit 'V9' on this day", run('explain', self.day, self.plan, 'V9').stderr)
        one = (served & {'V1', 'V2', 'V3'}).pop()
        said = run('explain', self.day, self.plan, one)
        self.assertEqual(said.returncode, 3)
        self.assertIn('is in the plan', said.stderr)

    def test_usage(self):
        self.assertEqual(run('explain', self.day).returncode, 2)
        self.assertEqual(run('explain', self.day, self.plan, '--time', 'soon').returncode, 2)
        self.assertEqual(run('explain', '--help').returncode, 0)


if __name__ == '__main__':
    PROGRAM = sys.argv.pop(1)
    unittest.main()
