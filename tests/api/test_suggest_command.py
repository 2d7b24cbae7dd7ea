#!/usr/bin/env python3
"""careround suggest from outside. test_suggest_command.py CAREROUND SCHEMA_FOLDER"""
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
VISITS = ('visit_id,client_id,latitude,longitude,windows,duration,skills,lock_carer\n'
          'V1,C1,55.89,-3.07,09:00-09:10,30,,ANN\n'
          'V2,C2,55.89,-3.07,09:00-09:35,30,medication,ANN\n')
CARERS = ('carer_id,name,shift_start,shift_end,skills,home_latitude,home_longitude\n'
          'ANN,Ann,08:00,12:00,medication,55.89,-3.07\n'
          'BOB,Bob,08:00,12:00,,55.89,-3.07\n')


def run(*args):
    return subprocess.run([PROGRAM, *map(str, args)], capture_output=True, text=True, timeout=60, check=False)


class Suggest(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.day = pathlib.Path(self.temporary.name)
        (self.day / 'visits.csv').write_text(VISITS, encoding='utf-8')
        (self.day / 'carers.csv').write_text(CARERS, encoding='utf-8')
        (self.day / 'settings.json').write_text('{"date": "2026-11-23"}', encoding='utf-8')
        self.plan = self.day / 'plan.json'
        made = run('plan', self.day, '--iterations', 200, '--out', self.plan)
        self.assertEqual(made.returncode, 0, made.stderr)

    def test_json(self):
        done = run('suggest', self.day, self.plan, 'V2', '--json')
        self.assertEqual(done.returncode, 0, done.stderr)
        made = json.loads(done.stdout)
        if jsonschema:
            schema = json.loads((SCHEMAS / 'suggestions.schema.json').read_text(encoding='utf-8'))
            jsonschema.Draft202012Validator.check_schema(schema)
            jsonschema.validate(made, schema, cls=jsonschema.Draft202012Validator)
        ann, bob = made['suggestions']
        self.assertEqual([c['carer'] for c in ann['carers']], ['ANN'])
        self.assertTrue(ann['is_now'])
        self.assertEqual(ann['breaks'], [])
        self.assertEqual(sorted(b['rule'] for b in bob['breaks']), ['locked carer', 'skill'])
        terms = sum(v for k, v in bob['cost_pence'].items() if k != 'total')  # each rounded to whole pence
        self.assertAlmostEqual(terms, bob['cost_pence']['total'], delta=5)

    def test_in_words(self):
        done = run('suggest', self.day, self.plan, 'V2', '--most', 1)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r'^1\. Ann at 09:3\d: .* \(as it is planned\)\n')
        self.assertNotIn('Bob', done.stdout)
        self.assertIn('breaks skill', run('suggest', self.day, self.plan, 'V2').stdout)

    def test_wrong_usage_and_input(self):
        self.assertEqual(run('suggest', self.day, self.plan).returncode, 2)
        self.assertEqual(run('suggest', self.day, self.plan, 'V2', '--most', 0).returncode, 2)
        self.assertEqual(run('suggest', '--help').returncode, 0)
        done = run('suggest', self.day, self.plan, 'V9')
        self.assertEqual(done.returncode, 3)
        self.assertIn("no visit 'V9'", done.stderr)


if __name__ == '__main__':
    SCHEMAS = pathlib.Path(sys.argv.pop(2))
    PROGRAM = sys.argv.pop(1)
    unittest.main()
