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

    def test_wrong_usage_and_input(self):
        a = self.plan('a', 'ANN,V1\n')
        self.assertEqual(run('compare', self.day, a).returncode, 2)
        self.assertEqual(run('compare', self.day, a, self.day / 'nowhere.json').returncode, 3)
        self.assertEqual(run('compare', '--help').returncode, 0)


if __name__ == '__main__':
    SCHEMAS = pathlib.Path(sys.argv.pop(2))
    PROGRAM = sys.argv.pop(1)
    unittest.main()
