#!/usr/bin/env python3
"""careround compare from outside. test_compare_command.py CAREROUND SCHEMA_FOLDER"""
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
VISITS = ('visit_id,client_id,latitude,longitude,windows,duration,carers\n'
          'V1,C1,55.89,-3.07,09:00-09:10,30,1\n'
          'V2,C2,55.89,-3.07,09:00-09:10,30,1\n'
          'V3,C3,55.89,-3.07,10:00-10:00,30,2\n')
CARERS = ('carer_id,name,shift_start,shift_end\n'
          'ANN,Ann,08:00,12:00\n'
          'BOB,Bob,08:00,12:00\n')


def run(*args):
    return subprocess.run([PROGRAM, *map(str, args)], capture_output=True, text=True, timeout=60, check=False)


class Compare(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.day = pathlib.Path(self.temporary.name)
        (self.day / 'visits.csv').write_text(VISITS, encoding='utf-8')
        (self.day / 'carers.csv').write_text(CARERS, encoding='utf-8')
        (self.day / 'settings.json').write_text('{"date": "2026-11-23"}', encoding='utf-8')

    def plan(self, name, rows):
        hand, plan = self.day / f'{name}.csv', self.day / f'{name}.json'
        hand.write_text('carer_id,visit_id\n' + rows, encoding='utf-8')
        self.assertIn(run('evaluate', self.day, hand, '--out', plan).returncode, (0, 4))
        return plan

    def test_side_by_side(self):
        a = self.plan('a', 'ANN,V1\nANN,V3\nBOB,V2\nBOB,V3\n')
        b = self.plan('b', 'BOB,V1\nBOB,V3\nANN,V2\nANN,V3\n')  # V3 has the same two: no difference
        c = self.plan('c', 'ANN,V1\n')
        done = run('compare', self.day, a, b, c, '--json')
        self.assertEqual(done.returncode, 0, done.stderr)
        made = json.loads(done.stdout)
        if jsonschema:
            schema = json.loads((SCHEMAS / 'comparison.schema.json').read_text(encoding='utf-8'))
            jsonschema.Draft202012Validator.check_schema(schema)
            jsonschema.validate(made, schema, cls=jsonschema.Draft202012Validator)
        self.assertEqual([p['visits_served'] for p in made['plans']], [3, 3, 1])
        two = json.loads(run('compare', self.day, a, b, '--json').stdout)
        self.assertEqual([v['visit'] for v in two['visits']], ['V1', 'V2'])
        self.assertEqual([p['carers'] for p in two['visits'][0]['plans']], [['ANN'], ['BOB']])
        left = {v['visit']: v['plans'] for v in made['visits']}
        self.assertIsNone(left['V3'][2])
        said = run('compare', self.day, a, b)
        self.assertIn('2 of 3 visits differ', said.stdout)
        self.assertIn('V1, C1: 09:10 Ann | 09:10 Bob', said.stdout)
        self.assertEqual(said.returncode, 0, said.stdout)

    def test_a_plan_that_breaks_a_rule_is_said(self):
        a = self.plan('a', 'ANN,V1\n')
        b = self.plan('b', 'ANN,V1\nANN,V2\n')
        done = run('compare', self.day, a, b)
        self.assertEqual(done.returncode, 4)
        self.assertRegex(done.stdout, r'broken rules +0 +1\n')

    def test_a_plan_that_was_planned_anew_is_refused(self):
        """What had begun in it would be taken for begun in the other."""
        a = self.plan('a', 'ANN,V1\nANN,V3\nBOB,V2\nBOB,V3\n')
        b = self.plan('b', 'BOB,V1\nBOB,V3\nANN,V2\nANN,V3\n')
        anew = self.day / 'anew.json'
        made = run('replan', self.day, a, '--from', '09:30', '--iterations', 50, '--out', anew)
        self.assertEqual(made.returncode, 0, made.stderr)
        for plans in ((anew, b), (b, anew)):
            done = run('compare', self.day, *plans)
            self.assertEqual((done.returncode, done.stdout), (3, ''), done.stderr)
            self.assertIn(f'error: {anew}, replanned: the day is taken as its files have it here, and this plan was planned anew\n',
                          done.stderr)

    def test_distances_that_are_not_given_are_not_called_zero(self):
        apart = VISITS.replace('C2,55.89', 'C2,55.90').replace('C3,55.89', 'C3,55.91')  # or there is no way between them
        (self.day / 'visits.csv').write_text(apart, encoding='utf-8')
        clients = ('C1', 'C2', 'C3')
        ways = [f'{a},{b},60\n' for a in clients for b in clients if a != b]
        (self.day / 'matrix.csv').write_text('from,to,seconds\n' + ''.join(ways), encoding='utf-8')
        a, b = self.plan('a', 'ANN,V1\nANN,V3\nBOB,V2\nBOB,V3\n'), self.plan('b', 'ANN,V1\n')
        said = run('compare', self.day, a, b).stdout
        self.assertRegex(said, r'distance +no distances given +no distances given\n')
        self.assertNotIn('miles', said)
        made = json.loads(run('compare', self.day, a, b, '--json').stdout)
        self.assertEqual([p['distance_m'] for p in made['plans']], [None, None])
        if jsonschema:
            schema = json.loads((SCHEMAS / 'comparison.schema.json').read_text(encoding='utf-8'))
            jsonschema.validate(made, schema, cls=jsonschema.Draft202012Validator)

    def test_time_held_back_is_no_visit_that_is_not_placed(self):
        (self.day / 'held_back.csv').write_text('name,hours,window,piece\nSpare,1:00,08:00-12:00,0:30\n', encoding='utf-8')
        a, b = self.plan('a', 'ANN,V1\nANN,V3\nBOB,V2\nBOB,V3\n'), self.plan('b', 'ANN,V1\n')
        self.assertEqual(len(json.loads(b.read_text(encoding='utf-8'))['unallocated']), 4)  # two of them are pieces
        self.assertRegex(run('compare', self.day, a, b).stdout, r'not placed +0 +2\n')
        made = json.loads(run('compare', self.day, a, b, '--json').stdout)
        self.assertEqual([p['unallocated'] for p in made['plans']], [0, 2])

    def test_wrong_usage_and_input(self):
        a = self.plan('a', 'ANN,V1\n')
        self.assertEqual(run('compare', self.day, a).returncode, 2)
        self.assertEqual(run('compare', self.day, a, self.day / 'nowhere.json').returncode, 3)
        self.assertEqual(run('compare', '--help').returncode, 0)


if __name__ == '__main__':
    SCHEMAS = pathlib.Path(sys.argv.pop(2))
    PROGRAM = sys.argv.pop(1)
    unittest.main()
