#!/usr/bin/env python3
"""careround evaluate from outside: plans made by hand in every form, right and wrong.

test_evaluate_command.py CAREROUND SCHEMA_FOLDER
"""
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
VISITS = ('visit_id,client_id,latitude,longitude,windows,duration,skills,carers\n'
          'V1,C1,55.89,-3.07,09:00-09:10,30,medication,1\n'
          'V2,C2,55.89,-3.07,09:00-09:10,30,,1\n'
          'V3,C3,55.89,-3.07,10:00-11:00,30,,2\n')
CARERS = ('carer_id,name,shift_start,shift_end,skills,home_latitude,home_longitude\n'
          'ANN,Ann,08:00,12:00,medication,55.89,-3.07\n'
          'BOB,Bob,08:00,12:00,,55.89,-3.07\n'
          'BOB,Bob,14:00,18:00,,55.89,-3.07\n')


def run(*args):
    return subprocess.run([PROGRAM, *map(str, args)], capture_output=True, text=True, timeout=60)


class Evaluate(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.day = pathlib.Path(self.temporary.name)
        (self.day / 'visits.csv').write_text(VISITS, encoding='utf-8')
        (self.day / 'carers.csv').write_text(CARERS, encoding='utf-8')
        (self.day / 'settings.json').write_text('{"date": "2026-11-23"}', encoding='utf-8')

    def tearDown(self):
        self.temporary.cleanup()

    def evaluate(self, plan, *options, name='hand.csv'):
        path = self.day / name
        path.write_text(plan, encoding='utf-8')
        done = run('evaluate', self.day, path, '--json', *options)
        self.assertIn(done.returncode, (0, 4), done.stderr)
        made = json.loads(done.stdout)
        self.assertEqual(done.returncode == 0, made['valid'])
        if jsonschema:
            schema = json.loads((SCHEMAS / 'evaluation.schema.json').read_text(encoding='utf-8'))
            jsonschema.Draft202012Validator.check_schema(schema)
            jsonschema.validate(made, schema, cls=jsonschema.Draft202012Validator)
        return made

    def starts(self, made):
        return {(r['shift'], s['visit']): s['start'] for r in made['rounds'] for s in r['stops']}

    def test_who_and_order_are_enough(self):
        made = self.evaluate('carer_id,visit_id\nANN,V1\nANN,V3\nBOB,V2\nBOB,V3\n')
        self.assertTrue(made['valid'], made)
        self.assertEqual(self.starts(made)['ANN-1', 'V1'], '09:10')  # the later, the less she waits
        self.assertEqual(self.starts(made)['ANN-1', 'V3'], self.starts(made)['BOB-1', 'V3'])

    def test_every_form_says_the_same(self):
        csv = self.evaluate('carer_id,visit_id\nANN,V1\nANN,V3\nBOB,V2\nBOB,V3\n')
        rounds = [{'shift': 'ANN-1', 'stops': ['V1', {'visit': 'V3'}]}, {'carer': 'BOB', 'stops': ['V2', 'V3']}]
        self.assertEqual(self.evaluate(json.dumps({'rounds': rounds}), name='hand.json'), csv)
        self.assertEqual(self.evaluate('Carer ID;Visit;Position\nBOB;V3;2\nANN;V3;9\nBOB;V2;1\nANN;V1;3\n'), csv)
        self.assertEqual(self.evaluate('carer_id,visit_id,start\nBOB,V3,11:00\nANN,V3,11:00\nBOB,V2,9:00\nANN,V1,9:05\n'),
                         csv)
        self.assertEqual(self.evaluate('carer_id,visit_id\nANN,V3\nANN,V1\nBOB,V3\nBOB,V2\n', '--any-order'), csv)
        out = self.day / 'plan.json'
        self.evaluate('carer_id,visit_id\nANN,V1\nANN,V3\nBOB,V2\nBOB,V3\n', '--out', out)
        self.assertEqual(self.evaluate(out.read_text(encoding='utf-8'), name='again.json'), csv)
        self.assertEqual(run('check', self.day, out).returncode, 0)
        if jsonschema:
            schema = json.loads((SCHEMAS / 'hand-plan.schema.json').read_text(encoding='utf-8'))
            jsonschema.validate({'rounds': rounds}, schema, cls=jsonschema.Draft202012Validator)
            jsonschema.validate(json.loads(out.read_text(encoding='utf-8')), schema,
                                cls=jsonschema.Draft202012Validator)

    def test_everything_wrong_at_once(self):
        # Bob has not the skill, V2 comes 20 minutes after its window, V3 lacks its second carer.
        made = self.evaluate('carer_id,visit_id\nBOB,V1\nBOB,V2\nBOB,V3\nANN,V9\nEVE,V1\n')
        self.assertEqual([b['rule'] for b in made['breaches']], ['skill', 'window', 'structure'])
        self.assertIn('starts at 09:30, but the nearest allowed is 09:10', made['breaches'][1]['message'])
        self.assertIn('has 1 of the 2 carers it needs', made['breaches'][2]['message'])
        self.assertEqual([x['where'] for x in made['left_out']], ['row 5', 'row 6'])
        self.assertIn('no visit of this day', made['left_out'][0]['message'])

    def test_double_booked(self):
        made = self.evaluate('carer_id,visit_id\nANN,V1\nBOB,V1\nBOB,V1\n')
        self.assertEqual([b['rule'] for b in made['breaches']].count('structure'), 2)

    def test_the_shift_that_the_time_means(self):
        made = self.evaluate('carer_id,visit_id,start\nBOB,V2,15:00\n')
        self.assertEqual(made['rounds'][0]['shift'], 'BOB-2')
        self.assertEqual(made['rounds'][0]['stops'][0]['start'], '14:00')  # the nearest to 09:10 that the shift allows
        self.assertEqual([b['rule'] for b in made['breaches']], ['window'])

    def test_what_cannot_be_read_at_all(self):
        for text in ('', '{"rounds": 7}', '{"rounds": [', 'a,b\n1,2\n'):
            path = self.day / 'bad'
            path.write_text(text, encoding='utf-8')
            done = run('evaluate', self.day, path)
            self.assertEqual(done.returncode, 3, text)
            self.assertIn('error: ', done.stderr)
        self.assertEqual(run('evaluate', self.day, self.day / 'nowhere').returncode, 3)

    def test_in_words(self):
        path = self.day / 'hand.csv'
        path.write_text('carer_id,visit_id\nANN,V1\nANN,V2\n', encoding='utf-8')
        done = run('evaluate', self.day, path)
        self.assertEqual(done.returncode, 4)
        self.assertIn('1 broken rule\n', done.stdout)
        self.assertIn('Ann, shift ANN-1: leaves at 09:00, back at 10:00', done.stdout)

    def test_usage(self):
        self.assertEqual(run('evaluate', self.day).returncode, 2)
        self.assertEqual(run('evaluate', '--help').returncode, 0)


if __name__ == '__main__':
    SCHEMAS = pathlib.Path(sys.argv.pop(2))
    PROGRAM = sys.argv.pop(1)
    unittest.main()
