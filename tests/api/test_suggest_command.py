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

    def test_time_held_back_is_given_up(self):
        """Ann has a visit from 08:00 to 08:30, holds 08:30-10:30 back in four pieces, and is off at 11:00. Then a visit of
        45 minutes and the way to it fit only if one piece goes: at GBP 200 an hour, GBP 100."""
        visits = 'visit_id,client_id,latitude,longitude,windows,duration\nV1,C1,55.89,-3.07,08:00-08:00,30\n'
        (self.day / 'visits.csv').write_text(visits, encoding='utf-8')
        (self.day / 'carers.csv').write_text('\n'.join(CARERS.replace('12:00', '11:00').splitlines()[:2]), encoding='utf-8')
        (self.day / 'held_back.csv').write_text('name,hours,window,piece\nDischarges,2:00,08:30-11:00,0:30\n', encoding='utf-8')
        self.assertEqual(run('plan', self.day, '--iterations', 200, '--out', self.plan).returncode, 0)
        (self.day / 'visits.csv').write_text(visits + 'V2,C2,55.891,-3.07,09:00-09:30,45\n', encoding='utf-8')
        made = json.loads(run('suggest', self.day, self.plan, 'V2', '--json').stdout)
        if jsonschema:
            schema = json.loads((SCHEMAS / 'suggestions.schema.json').read_text(encoding='utf-8'))
            jsonschema.validate(made, schema, cls=jsonschema.Draft202012Validator)
        giving, as_is = made['suggestions']
        self.assertEqual((giving['breaks'], giving['start']), ([], '09:02'))
        piece, = giving['gives_up']
        self.assertEqual(piece['start'], '09:00')
        self.assertRegex(piece['visit'], '^held-1-[1-4]$')
        self.assertTrue(as_is['breaks'])
        self.assertNotIn('gives_up', as_is)
        self.assertEqual(giving['cost_pence']['unallocated'] - as_is['cost_pence']['unallocated'], 10000)
        words = run('suggest', self.day, self.plan, 'V2', '--most', 1).stdout
        self.assertRegex(words, r'^1\. Ann at 09:02: £10\d\.\d\d\n')
        self.assertIn('\n   gives up 30 min held back (Discharges) at 09:00: £100.00\n', words)
        self.assertNotIn('breaks', words)

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
