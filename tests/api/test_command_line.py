#!/usr/bin/env python3
"""The command line from outside: exit statuses, what is written and what is not, CSV and JSON alike, the schemas."""
import argparse
import array
import csv
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

try:
    import jsonschema
except ImportError:
    jsonschema = None

SOURCE = PROGRAM = None
SETTINGS = '{"date": "2026-11-23"}'
VISITS = ('visit_id,client_id,latitude,longitude,band,duration,carers,skills\n'
          'V1,C1,55.89,-3.07,morning,30,1,medication\n'
          'V2,C2,55.90,-3.08,lunch,0:45,2,\n'
          'V3,C1,,,bed,30,1,\n')
CARERS = ('carer_id,shift_start,shift_end,skills\n'
          'ANN,07:00,15:00,medication\n'
          'BOB,11:00,22:00,\n')
CELLS_THAT_ARE_NUMBERS = {'latitude', 'longitude', 'carers', 'priority'}


def run(*args, **more):
    return subprocess.run([PROGRAM, *map(str, args)], capture_output=True, text=True, timeout=60, **more)


def schema_of(name):
    return json.loads((SOURCE / 'data/schema' / f'{name}.schema.json').read_text(encoding='utf-8'))


def json_day(folder):
    """The folder's content as one JSON day, numbers as numbers and lists as lists."""
    day = {'settings': json.loads((folder / 'settings.json').read_text(encoding='utf-8'))}
    for table in ('visits', 'carers', 'history', 'providers', 'matrix'):
        path = folder / f'{table}.csv'
        if not path.exists():
            continue
        with path.open(encoding='utf-8-sig', newline='') as rows:
            day[table] = [{k: json_cell(k, v) for k, v in row.items() if v} for row in csv.DictReader(rows)]
    return day


def json_cell(column, text):
    if column in CELLS_THAT_ARE_NUMBERS:
        return json.loads(text)
    if column in ('skills', 'attributes', 'windows'):
        return text.split(';')
    return {'yes': True, 'no': False}.get(text, text)


class CommandLine(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.temporary.name)
        self.day = self.root / 'day'
        self.day.mkdir()
        self.write()

    def tearDown(self):
        self.temporary.cleanup()

    def write(self, visits=VISITS, carers=CARERS, settings=SETTINGS):
        for name, text in (('visits.csv', visits), ('carers.csv', carers), ('settings.json', settings)):
            (self.day / name).write_text(text, encoding='utf-8')

    def files(self):
        return sorted(str(p.relative_to(self.root)) for p in self.root.rglob('*') if p.is_file())

    def plan(self, *args, day=None, **more):
        return run('plan', day or self.day, '--iterations', 500, *args, **more)

    def test_a_day_is_planned_and_the_plan_is_judged(self):
        out = self.root / 'plan.json'
        done = self.plan('--out', out)
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        checked = run('check', self.day, out)
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)
        self.assertIn('every rule holds', checked.stdout)

    def test_every_form_of_answer_is_written(self):
        done = self.plan('--out', self.root / 'plan.json', '--html', self.root / 'plan.html', '--geojson',
                         self.root / 'map.json', '--csv', self.root / 'sheets', '--ics', self.root / 'calendars')
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        written = {f for f in self.files() if not f.startswith('day/')}
        self.assertLessEqual({'plan.json', 'plan.html', 'map.json', 'calendars/ANN.ics', 'calendars/BOB.ics',
                              'sheets/carers/ANN.csv', 'sheets/clients/C1.csv', 'sheets/rota-by-carer.csv'}, written)
        self.assertFalse([f for f in written if '.part' in f])

    def test_a_plan_that_was_tampered_with_is_found_out(self):
        out = self.root / 'plan.json'
        self.plan('--out', out)
        plan = json.loads(out.read_text(encoding='utf-8'))
        text = json.dumps(plan)
        self.assertEqual(run('check', self.day, out).returncode, 0)
        self.write(visits=VISITS.replace(',bed,', ',lunch,'))  # the plan stays, the rule changes
        checked = run('check', self.day, out)
        self.assertEqual(checked.returncode, 4, checked.stderr)
        self.assertIn('window: visit V3', checked.stdout)
        out.write_text(text[:-20], encoding='utf-8')
        self.assertEqual(run('check', self.day, out).returncode, 3)

    def test_the_same_seed_gives_the_same_plan(self):
        plans = []
        for name in ('a.json', 'b.json'):
            self.assertEqual(self.plan('--seed', 7, '--out', self.root / name).returncode, 0)
            plans.append((self.root / name).read_bytes())
        self.assertEqual(*plans)

    def test_a_bound_is_written_where_it_was_asked_for(self):
        out, page = self.root / 'plan.json', self.root / 'plan.html'
        self.assertNotIn('Bound', self.plan('--out', out).stdout)
        self.assertIsNone(json.loads(out.read_text(encoding='utf-8'))['bound'])
        done = self.plan('--bound', '20', '--out', out, '--html', page)
        self.assertIn('no plan costs less than', done.stdout)
        self.assertIn('no plan of this day costs less than', page.read_text(encoding='utf-8'))
        plan = json.loads(out.read_text(encoding='utf-8'))
        bound, cost = plan['bound'], plan['cost']['total']
        self.assertTrue(0 < bound['units'] <= cost['units'])
        self.assertAlmostEqual(bound['gap_percent'], 100 * (1 - bound['units'] / cost['units']), delta=0.01)
        if jsonschema:
            jsonschema.validate(plan, schema_of('plan'))

    def test_errors_end_with_3_and_nothing_written(self):
        self.write(visits=VISITS.replace('0:45', 'long').replace('medication', 'mediction'))
        before = self.files()
        done = self.plan('--out', self.root / 'plan.json', '--html', self.root / 'plan.html')
        self.assertEqual((done.returncode, done.stdout), (3, ''))
        self.assertIn("row 2, skills 'mediction'", done.stderr)
        self.assertIn("did you mean 'medication'?", done.stderr)
        self.assertIn("row 3, duration 'long'", done.stderr)
        self.assertIn('2 errors, 0 warnings', done.stderr)
        self.assertEqual(self.files(), before)

    def test_dry_run_writes_nothing(self):
        before = self.files()
        done = self.plan('--dry-run', '--out', self.root / 'plan.json')
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        self.assertIn('3 visits of 2 clients, 2 shifts of 2 carers', done.stdout)
        self.assertEqual(self.files(), before)

    def test_findings_as_json(self):
        self.write(visits=VISITS.replace('0:45', 'long'))
        done = self.plan('--dry-run', '--json')
        found = json.loads(done.stdout)
        self.assertEqual((done.returncode, found['errors'], done.stderr), (3, 1, ''))
        self.assertEqual({k: found['findings'][0][k] for k in ('severity', 'file', 'row', 'column', 'value')},
                         {'severity': 'error', 'file': 'visits.csv', 'row': 3, 'column': 'duration', 'value': 'long'})

    def test_bad_rows_are_skipped_and_kept(self):
        self.write(visits=VISITS.replace('0:45', 'long').replace('V3,', 'V4,C3,55.9,-3.0,lunsh,30,1,\nV3,'),
                   carers=CARERS + 'CAT,9pm,x,\n')
        done = self.plan('--skip-bad-rows', '--out', self.root / 'plan.json')
        self.assertEqual(done.returncode, 3, done.stderr)
        planned = json.dumps(json.loads((self.root / 'plan.json').read_text(encoding='utf-8')))
        self.assertIn('V1', planned)
        self.assertNotIn('"V2"', planned)
        rows = list(csv.reader((self.root / 'rejected.csv').read_text(encoding='utf-8').splitlines()))
        self.assertEqual(rows[0], ['file', 'row', 'reasons', 'carer_id', 'shift_start', 'shift_end', 'skills'])
        self.assertEqual(rows[1][:2] + rows[1][3:], ['carers.csv', '4', 'CAT', '9pm', 'x', ''])
        self.assertEqual([row[:2] + row[3:5] for row in rows[3:]],
                         [['visits.csv', '3', 'V2', 'C2'], ['visits.csv', '4', 'V4', 'C3']])
        self.assertTrue(rows[4][2].startswith("band: no such band"))
        self.assertEqual(run('check', self.day, self.root / 'plan.json').returncode, 3)
        checked = run('check', self.day, self.root / 'plan.json', '--skip-bad-rows')
        self.assertEqual(checked.returncode, 3)
        self.assertIn('every rule holds', checked.stdout)

    def test_an_error_of_a_whole_file_cannot_be_skipped(self):
        self.write(visits=VISITS.replace(',30,1,medication', ',30,1,"medication'))
        done = self.plan('--skip-bad-rows', '--out', self.root / 'plan.json')
        self.assertEqual((done.returncode, done.stdout), (3, ''))
        self.assertFalse((self.root / 'plan.json').exists())

    def test_goals_that_cannot_be_written_are_told_before_the_search(self):
        (self.root / 'a file').write_text('of mine', encoding='utf-8')
        published = self.root / 'published.json'
        self.assertEqual(self.plan('--out', published).returncode, 0)
        before = self.files()
        goals = ('--out', self.root / 'nowhere/plan.json', '--html', self.day, '--geojson', self.root / 'map.geojson',
                 '--csv', self.root / 'a file', '--ics', self.root / 'nowhere/ics')
        for words in (('plan', self.day), ('replan', self.day, published, '--from', '09:00')):
            done = run(*words, '--time', 60 if words[0] == 'replan' else 1000000, *goals)
            self.assertEqual((done.returncode, done.stdout), (5, ''), done.stderr)
            self.assertEqual(done.stderr.splitlines(), [f'careround {words[0]}: {self.root}/{what}' for what in (
                'nowhere/plan.json: No such file or directory', 'day: Is a directory', 'a file: Not a directory',
                'nowhere/ics: No such file or directory')])
        vroom = self.root / 'vroom.json'
        vroom.write_text('{"vehicles": [{"id": 1, "start": [0, 0]}], "jobs": [{"id": 1, "location": [0, 0.01]}]}',
                         encoding='utf-8')
        done = run('plan', '--format', 'vroom', vroom, '--time', 1000000, '--out', self.root / 'nowhere/out.json')
        self.assertEqual((done.returncode, done.stdout), (5, ''))
        self.assertEqual(done.stderr, f'careround plan: {self.root}/nowhere/out.json: No such file or directory\n')
        vroom.unlink()
        self.assertEqual(self.files(), before)

    def test_counts_are_whole_numbers_in_every_command(self):
        for words in (('plan', 'x', '--seed'), ('plan', 'x', '--iterations'), ('plan', 'x', '--threads'),
                      ('replan', 'x', 'y', '--seed'), ('replan', 'x', 'y', '--iterations'),
                      ('explain', 'x', 'y', '--iterations'), ('suggest', 'x', 'y', 'z', '--most'),
                      ('bench', '--seed'), ('scenario', 'run', 'x', '--threads'), ('serve', '--workers')):
            done = run(*words, '1.5')
            self.assertEqual(done.returncode, 2, words)
            self.assertIn(f"{words[-1]} '1.5' must be a whole number", done.stderr)
        self.assertIn("explain: --time 'soon' must be", run('explain', 'x', 'y', '--time', 'soon').stderr)

    def test_wrong_usage_ends_with_2(self):
        for args in ([], ['plan'], ['plan', self.day, self.day], ['plan', self.day, '--time', 'x'],
                     ['plan', self.day, '--time', '1', '--iterations', '5'], ['plan', self.day, '--tim'],
                     ['plan', self.day, '--iterations', '1.5'], ['plan', self.day, '--threads', '0'],
                     ['check', self.day], ['sing'], ['gazetteer'], ['gazetteer', 'build', 'x.csv']):
            done = run(*args)
            self.assertEqual((done.returncode, done.stdout), (2, ''), args)
            self.assertTrue(done.stderr, args)
        self.assertTrue(run('plan', '--tim').stderr.startswith('careround plan: '))

    def test_help_and_version(self):
        for args in (['--help'], ['plan', '--help'], ['check', '--help'], ['gazetteer', '--help']):
            done = run(*args)
            self.assertEqual((done.returncode, done.stderr), (0, ''), args)
            self.assertTrue(done.stdout.startswith(('usage:', 'careround plans')))
        self.assertRegex(run('--version').stdout, r'^careround \d+\.\d+\.\d+\n$')

    def test_no_such_day(self):
        done = self.plan(day=self.root / 'none')
        self.assertEqual(done.returncode, 3)
        self.assertIn('cannot be read', done.stderr)

    def test_distances_that_are_not_given_are_not_called_zero(self):
        (self.day / 'matrix.csv').write_text('from,to,seconds\nC1,C2,300\nC2,C1,300\n', encoding='utf-8')
        out, page = self.root / 'plan.json', self.root / 'plan.html'
        done = self.plan('--out', out, '--html', page)
        self.assertIn('2 ways without metres', done.stderr)
        self.assertIn('no distances given (matrix.csv)', done.stdout)
        self.assertNotIn('miles', done.stdout)
        self.assertNotIn('0.0 miles', page.read_text(encoding='utf-8'))
        plan = json.loads(out.read_text(encoding='utf-8'))
        self.assertIsNone(plan['figures']['distance_m'])
        self.assertEqual({r['figures']['distance_m'] for r in plan['rounds']}, {None})
        self.assertIn('no distances given', run('check', self.day, out).stdout)

    def test_a_rough_position_is_said_and_why(self):
        table, gazetteer = self.root / 'postcodes.csv', self.root / 'uk.gaz'
        table.write_text('postcode,easting,northing\nEH22 1AA,333480,667000\nEH22 1AB,,\nEH26 9ZZ,,\n',
                         encoding='utf-8')
        self.assertEqual(run('gazetteer', 'build', table, '-o', gazetteer).returncode, 0)
        self.write(visits='visit_id,client_id,postcode,grid_ref,band,duration\n'
                          'V1,C1,EH22 1AA,,morning,30\n'
                          'V2,C2,EH22 1AB,,morning,30\n'
                          'V3,C3,EH22 1AD,,morning,30\n'
                          'V4,C4,EH26 9ZZ,,morning,30\n'
                          'V5,C5,EH10 1AA,,morning,30\n'
                          'V6,C6,,NT 33 67,morning,30\n')
        out = self.root / 'plan.json'
        done = self.plan('--gazetteer', gazetteer, '--out', out)
        nowhere = 'so a visit there cannot be served, a shift starts or ends anywhere'
        for line in ("row 3, postcode 'EH22 1AB': in the gazetteer without a position; the middle of its sector",
                     "row 4, postcode 'EH22 1AD': not in the gazetteer; the middle of its sector",
                     f"row 5, postcode 'EH26 9ZZ': in the gazetteer without a position, {nowhere}",
                     f"row 6, postcode 'EH10 1AA': not in the gazetteer, {nowhere}",
                     "row 7, grid_ref 'NT 33 67': a square of 1 km; its middle is taken"):
            self.assertIn(line, done.stderr)
        clients = json.loads(out.read_text(encoding='utf-8'))['clients']
        self.assertEqual([c['quality'] for c in clients], ['postcode centroid', 'sector only', 'sector only',
                                                           'no position', 'no position', 'sector only'])

    def test_ctrl_c_keeps_the_best_plan(self):
        out = self.root / 'plan.json'
        with subprocess.Popen([PROGRAM, 'plan', self.day, '--time', '600', '--out', out], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as running:
            time.sleep(1)
            running.send_signal(signal.SIGINT)
            running.communicate(timeout=30)
        self.assertEqual(running.returncode, 0)
        self.assertEqual(run('check', self.day, out).returncode, 0)

    def test_a_json_day_gives_the_same_plan_as_its_folder(self):
        day = self.root / 'day.json'
        day.write_text(json.dumps(json_day(self.day)), encoding='utf-8')
        for what, name in ((self.day, 'a.json'), (day, 'b.json')):
            done = self.plan('--out', self.root / name, day=what)
            self.assertEqual((done.returncode, done.stderr), (0, ''))
        a, b = (json.loads((self.root / n).read_text(encoding='utf-8')) for n in ('a.json', 'b.json'))
        self.assertEqual(a['rounds'], b['rounds'])
        self.assertEqual(a['cost'], b['cost'])

    def in_parts(self):
        """The day's two tables as lists of two providers, one of them from another kind of system."""
        for table in ('visits', 'carers'):
            (self.day / f'{table}.csv').unlink()
            (self.day / table).mkdir()
        head, first, second, third, _ = VISITS.split('\n')
        (self.day / 'visits/north.csv').write_text('\n'.join([head, first, third]) + '\n', encoding='utf-8')
        theirs = 'Call;client_id;latitude;longitude;band;For;carers;skills\n' + second.replace(',', ';').replace('.', ',')
        (self.day / 'visits/south.csv').write_bytes(theirs.encode('utf-16'))
        (self.day / 'visits/south.columns.json').write_text('{"Call": "visit_id", "For": "duration"}', encoding='utf-8')
        rows = [dict(zip(CARERS.split('\n')[0].split(','), row.split(','))) for row in CARERS.split('\n')[1:3]]
        (self.day / 'carers/all.json').write_text(json.dumps(rows), encoding='utf-8')

    def test_a_day_of_several_lists_is_the_day_of_one(self):
        whole, parts = self.root / 'whole.json', self.root / 'parts.json'
        head, first, second, third, _ = VISITS.split('\n')
        self.write(visits='\n'.join([head, first, third, second, '']))
        self.assertEqual(self.plan('--out', whole).returncode, 0)
        self.in_parts()
        done = self.plan('--out', parts)
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        self.assertEqual(parts.read_bytes(), whole.read_bytes())

    def test_a_message_names_the_list_and_its_row(self):
        self.in_parts()
        (self.day / 'visits/south.columns.json').write_text('{"Call": "visit_di"}', encoding='utf-8')
        (self.day / 'visits/north.csv').write_text(VISITS.replace('0:45', 'long').replace('V3,', 'V1,'), encoding='utf-8')
        done = self.plan()
        self.assertEqual(done.returncode, 3)
        for line in ("error: visits/north.csv row 3, duration 'long': ", "error: visits/north.csv row 4, visit_id 'V1': ",
                     'error: visits/south.csv, visit_id: the column is missing',
                     "error: visits/south.columns.json, Call 'visit_di': "):
            self.assertIn(line, done.stderr)
        self.assertNotIn('south.csv row 2', done.stderr)

    def test_bad_rows_of_several_lists_are_kept_with_their_list(self):
        self.in_parts()
        (self.day / 'visits/north.csv').write_text(VISITS.replace('0:45', 'long'), encoding='utf-8')
        south = self.day / 'visits/south.csv'
        south.write_bytes(south.read_bytes().decode('utf-16').replace('V2', 'V9').replace('0:45', 'ages').encode('utf-16'))
        rejected = self.root / 'bad.csv'
        self.assertEqual(self.plan('--skip-bad-rows', '--rejected', rejected).returncode, 3)
        with rejected.open(encoding='utf-8', newline='') as rows:
            kept = [(row['file'], row['row'], row['visit_id'], row['duration']) for row in csv.DictReader(rows)]
        self.assertEqual(kept, [('visits/north.csv', '3', 'V2', 'long'), ('visits/south.csv', '2', 'V9', 'ages')])

    def test_a_broken_json_day_is_named_by_place(self):
        day = self.root / 'day.json'
        day.write_text('{"visits": [\n', encoding='utf-8')
        done = self.plan(day=day)
        self.assertEqual(done.returncode, 3)
        self.assertIn('day.json row 2: not JSON', done.stderr)
        content = json_day(self.day)
        content['visits'][1]['band'] = {'a': 1}
        content['vists'] = []
        day.write_text(json.dumps(content), encoding='utf-8')
        done = self.plan(day=day)
        self.assertEqual(done.returncode, 3)
        self.assertIn('visits row 2, band: must be text, a number', done.stderr)
        self.assertIn("vists: unknown, left out; did you mean 'visits'?", done.stderr)

    def test_locale_and_time_zone_change_nothing(self):
        outs = []
        plan = self.root / 'plan.json'
        for more in ({'LC_ALL': 'C', 'TZ': 'UTC'}, {'LC_ALL': 'de_DE.UTF-8', 'TZ': 'Pacific/Kiritimati'}):
            done = self.plan('--out', plan, env={**os.environ, **more})
            self.assertEqual(done.returncode, 0, done.stderr)
            outs.append((done.stdout, plan.read_bytes()))
        self.assertEqual(*outs)


STREETS = """<osm><node id="1" lat="0" lon="0"/><node id="2" lat="0.01" lon="0"/><node id="3" lat="0.01" lon="0.01"/>
<way id="11"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="residential"/></way></osm>"""


class Roads(unittest.TestCase):
    """roads build and matrix, from the map to the table."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name)
        (self.path / 'map.osm').write_text(STREETS, encoding='utf-8')
        (self.path / 'points.csv').write_text('lat,lon\n0,0\n0.01,0\n0.01,0.01\n', encoding='utf-8')
        self.roads = self.path / 'map.roads'

    def build(self, *more):
        return run('roads', 'build', self.path / 'map.osm', '-o', self.roads, *more)

    def matrix(self, out, *more):
        return run('matrix', '--roads', self.roads, '--points', self.path / 'points.csv', '-o', self.path / out, *more)

    def test_the_table_is_the_same_as_csv_and_as_numbers(self):
        self.assertEqual(self.build().returncode, 0)
        line = json.loads(self.matrix('table.bin', '--repeat', '2', '--threads', '2').stdout)
        self.assertEqual(sorted(line), ['n', 'snap_s', 'table_s', 'threads', 'unreachable'])
        self.assertEqual((line['n'], line['unreachable'], line['threads']), (3, 0, 2))
        numbers = array.array('i', (self.path / 'table.bin').read_bytes())
        self.assertEqual(len(numbers), 18)
        self.assertEqual(numbers[0], 0)
        self.assertAlmostEqual(numbers[9 + 1], 1106, delta=1)  # a hundredth of a degree northward on the equator
        self.assertAlmostEqual(numbers[9 + 2], 1106 + 1113, delta=1)
        self.assertAlmostEqual(numbers[1], 1106 / (25 / 3.6), delta=2)  # residential: 25 km/h
        self.assertEqual(self.matrix('table.csv').returncode, 0)
        with (self.path / 'table.csv').open(newline='') as rows:
            cells = list(csv.DictReader(rows))
        self.assertEqual([int(c['seconds']) for c in cells], numbers[:9].tolist())
        self.assertEqual([int(c['metres']) for c in cells], numbers[9:].tolist())

    def test_a_speed_of_ones_own(self):
        (self.path / 'own.json').write_text('{"mode": "car", "kmh": {"residential": 50}}')
        self.assertEqual(self.build('--speeds', self.path / 'own.json').returncode, 0)
        self.matrix('table.bin')
        numbers = array.array('i', (self.path / 'table.bin').read_bytes())
        self.assertAlmostEqual(numbers[1], 1106 / (50 / 3.6), delta=2)

    def test_every_fault_of_a_speeds_file_is_said(self):
        (self.path / 'own.json').write_text('{"mode": "car", "kmh": {"boulevard": 50, "trunk": -1}, "turn_bais": 1}')
        done = self.build('--speeds', self.path / 'own.json')
        self.assertEqual(done.returncode, 3)
        for word in ('boulevard', 'trunk', 'turn_bais', '3 errors'):
            self.assertIn(word, done.stderr)
        self.assertFalse(self.roads.exists())

    def test_only_what_lies_in_a_polygon(self):
        """A triangle around the road northward; the way on eastward is cut off."""
        ring = [[-0.001, -0.001], [0.001, -0.001], [0.001, 0.0101], [-0.001, 0.0101]]
        poly = 'north\n1\n' + ''.join(f'   {lon:E}   {lat:E}\n' for lon, lat in ring) + 'END\nEND\n'
        geojson = json.dumps({'type': 'Feature', 'geometry': {'type': 'Polygon', 'coordinates': [ring + ring[:1]]}})
        built = []
        for name, text in (('cut.poly', poly), ('cut.geojson', geojson)):
            (self.path / name).write_text(text, encoding='utf-8')
            done = self.build('--polygon', self.path / name)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn('(1 missing)', done.stdout)
            built.append(self.roads.read_bytes())
        self.assertEqual(*built)
        hole = '!hole\n-0.0005 0.009\n0.0005 0.009\n0.0005 0.0101\n-0.0005 0.0101\nEND\nEND\n'
        (self.path / 'cut.poly').write_text(poly[:-len('END\n')] + hole, encoding='utf-8')
        self.assertIn('none of its roads', self.build('--polygon', self.path / 'cut.poly').stderr)
        for text, reason in (('', 'has no polygon'), ('x\n1\n 1 2 3\n', 'longitude and latitude'), ('x\n1\n1 2\nEND\nEND', 'fewer'),
                             ('x\n1\n0 0\n0 1\n1 1\nEND\n', 'cut short'), ('{"type":"Polygon","coordinates":[[[0,91]]]}',
                                                                      'latitude 91'), ('{]', 'is not JSON')):
            (self.path / 'cut.poly').write_text(text, encoding='utf-8')
            done = self.build('--polygon', self.path / 'cut.poly')
            self.assertEqual(done.returncode, 3)
            self.assertIn(reason, done.stderr)

    def test_access_by_hours_is_followed_or_counted_and_said(self):
        tags = ('motor_vehicle:conditional', 'no @ (Mo-Fr 08:00-09:00)'), ('access:conditional', 'no @ (weight>7.5)'), \
            ('maxspeed:conditional', '20 mph @ (08:00-09:00)'), ('bicycle:conditional', 'yes @ (19:00-07:00)')
        (self.path / 'map.osm').write_text('<osm><node id="1" lat="0" lon="0"/><node id="2" lat="0.01" lon="0"/>' + ''.join(
            f'<way id="{i}"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/><tag k="{k}" v="{v.replace(">", "&gt;")}"/>'
            '</way>' for i, (k, v) in enumerate(tags)) + '<relation id="1"><tag k="type" v="restriction"/>'
            '<tag k="restriction:conditional" v="no_left_turn @ (Su)"/></relation></osm>', encoding='utf-8')
        said = self.build().stdout
        self.assertIn('1 ways are closed, or one way, and 1 turn restrictions in force at some hours only\n', said)
        self.assertIn('car, morning peak: 0 pieces closed, 0 turns forbidden; 2 for less than half of it, taken as open\n', said)
        self.assertIn('not followed, so that the sign without them holds: 1 speed limits\n', said)
        self.assertIn('0 ways are closed, or one way, and 1 turn', self.build('--modes', 'bicycle').stdout)

    def test_a_time_of_day(self):
        own = self.path / 'own.json'
        own.write_text(json.dumps({'mode': 'car', 'periods': {
            'night': None, 'evening': None,
            'morning peak': {'from': '06:30', 'time_factor': {'country': {'all': 3, 'residential': {'value': 2}}}},
            'noon': {'from': '12:00', 'weekend': 'day'}}}))
        self.assertEqual(self.build().returncode, 0)
        done = self.matrix('table.bin', '--period', 'noon')
        self.assertEqual(done.returncode, 3)
        self.assertIn("it has 'morning peak', 'day', 'afternoon peak', 'evening', 'night'", done.stderr)
        done = run('roads', 'periods', self.roads, '-o', self.roads, '--speeds', own)
        self.assertEqual(done.returncode, 0, done.stderr)
        times = []
        for more in ([], ['--period', 'morning peak'], ['--period', 'noon']):
            self.assertEqual(self.matrix('table.bin', *more).returncode, 0)
            times.append(array.array('i', (self.path / 'table.bin').read_bytes())[1])
        self.assertAlmostEqual(times[1], 2 * times[0], delta=1)
        self.assertEqual(times[2], times[0])
        self.assertIn("it has 'morning peak', 'day', 'noon', 'afternoon peak'", self.matrix(
            'table.bin', '--period', 'night').stderr)
        self.assertIn("no period 'noon' for mode foot; it has none", self.matrix(
            'table.bin', '--mode', 'foot', '--period', 'noon').stderr)
        self.build('--speeds', own)  # gives the same file
        built = self.roads.read_bytes()
        self.assertEqual(run('roads', 'periods', self.roads, '-o', self.roads, '--speeds', own).returncode, 0)
        self.assertEqual(self.roads.read_bytes(), built)

    def test_every_fault_of_periods_is_said(self):
        self.build()
        own = self.path / 'own.json'
        own.write_text(json.dumps({'mode': 'car', 'turn_s': 6, 'periods': {
            'noon': {'from': '25:00', 'until': '13:00'}, 'tea': {'weekend': 'never'}, 'night': 5,
            'day': {'from': '07:00', 'time_factor': {'suburb': {}, 'town': {'all': 0, 'boulevard': 2}}}}}))
        done = run('roads', 'periods', self.roads, '-o', self.roads, '--speeds', own)
        self.assertEqual(done.returncode, 3)
        for word in ('turn_s', '25:00', 'until', 'tea: has no time', 'never', 'night', "begins when 'morning peak'",
                     'suburb', 'boulevard', 'must be a number from 0.2 to 5'):
            self.assertIn(word, done.stderr)
        self.assertEqual(run('roads', 'periods', self.path / 'map.osm', '-o', self.roads).returncode, 3)

    def test_a_plan_goes_by_road_and_says_so(self):
        north = ''.join(f'<node id="{i + 1}" lat="{55.88 + i / 200}" lon="-3.07" timestamp="2026-10-0{i + 1}T00:00:00Z"/>'
                        for i in range(7))
        refs = ''.join(f'<nd ref="{i + 1}"/>' for i in range(7))
        (self.path / 'map.osm').write_text(
            f'<osm>{north}<way id="1">{refs}<tag k="highway" v="residential"/></way></osm>', encoding='utf-8')
        self.assertEqual(self.build('--modes', 'car,foot').returncode, 0)
        day, out = self.path / 'day', self.path / 'plan.json'
        day.mkdir()
        for name, text in (('settings.json', SETTINGS), ('visits.csv', VISITS),
                           ('carers.csv', CARERS.replace('skills', 'skills,mode').replace('\n', ',car\n').replace(
                               'skills,mode,car', 'skills,mode').replace('22:00,,car', '22:00,,bicycle'))):
            (day / name).write_text(text, encoding='utf-8')
        done = run('plan', day, '--roads', self.roads, '--iterations', '50', '--out', out, '--geojson',
                   self.path / 'rota.geojson')
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = [f['geometry']['coordinates'] for f in json.loads((self.path / 'rota.geojson').read_text())['features']
                 if f['geometry'] and f['geometry']['type'] == 'LineString']
        turning_off = [-3.07, 55.9]  # the road, where C2's door is nearest
        self.assertTrue(any(abs(point[0] - turning_off[0]) + abs(point[1] - turning_off[1]) < 1e-6
                            for line in lines for point in line), lines)
        travel = json.loads(out.read_text(encoding='utf-8'))['travel_source']
        self.assertRegex(travel, r'^map\.roads of 2026-10-07, otherwise straight line x ')
        self.assertIn("has no roads for mode 'bicycle'", done.stderr)
        self.assertIn("more than 300 m from any road it can use: client 'C2'", done.stderr)  # 0.01 degrees of longitude
        for command, *more in (['check'], ['report'], ['explain'], ['evaluate'], ['compare', out], ['suggest', 'V1']):
            with self.subTest(command):  # whoever reads the plan goes by the same roads, or says that the day is another
                by_road = run(command, day, out, *more, '--roads', self.roads)
                self.assertEqual(by_road.returncode, 0, by_road.stderr)
                self.assertNotIn('has changed', by_road.stderr)
        os.mkfifo(self.path / 'pipe')
        with open(os.open(self.path / 'pipe', os.O_RDWR | os.O_NONBLOCK), 'rb', buffering=0) as reader:
            run('plan', day, '--iterations', '50', '--csv', self.path / 'sheets', '--out', self.path / 'pipe')
            self.assertTrue(reader.read(65536).startswith(b'{'))
        self.assertTrue((self.path / 'pipe').is_fifo())
        self.assertIn('has changed', run('check', day, out).stderr)
        self.roads.rename(day / 'area.roads')  # is taken without asking
        self.assertNotIn('has changed', run('check', day, out).stderr)
        (day / 'area.roads').write_bytes((day / 'area.roads').read_bytes()[:-8])
        done = run('plan', day, '--iterations', '50')
        self.assertEqual(done.returncode, 3)
        self.assertIn('cut short', done.stderr)

    def test_neighbours_are_walked_to(self):
        """A street northward: A, her neighbour in the same house, B 50 m on, C 167 m from A. By car 25 km/h, on foot 5.

        To B and back on foot are 100 m, 72 s, which is less than 30 s to get in, 7 s to drive and 60 s to park; the door
        time of 2 minutes has that minute in it, so the leg is 12 s. To C one drives, 24 s.
        """
        (self.path / 'map.osm').write_text('<osm><node id="1" lat="55.88" lon="-3.07"/><node id="2" lat="55.90" lon="-3.07"/>'
                                           '<way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/></way>'
                                           '</osm>', encoding='utf-8')
        self.assertEqual(self.build('--modes', 'car,foot').returncode, 0)
        day, out, page = self.path / 'day', self.path / 'plan.json', self.path / 'plan.html'
        day.mkdir()
        rows = [('A', 55.89, '08:00'), ('N', 55.8901, '09:00'), ('B', 55.89055, '10:00'), ('C', 55.8915, '11:00'),
                ('A2', 55.89, '12:00')]
        (day / 'visits.csv').write_text('visit_id,client_id,latitude,longitude,windows,duration\n' + ''.join(
            f'{n},{n},{lat},-3.07,{t}-{t},30\n' for n, lat, t in rows), encoding='utf-8')
        (day / 'carers.csv').write_text('carer_id,shift_start,shift_end,mode\nANN,07:00,15:00,car\n', encoding='utf-8')

        def legs(*more, **settings):
            (day / 'settings.json').write_text(json.dumps({'date': '2026-11-23', 'travel': settings}), encoding='utf-8')
            done = run('plan', day, '--iterations', '20', '--out', out, '--html', page, *more)
            self.assertEqual(done.returncode, 0, done.stderr)
            plan = json.loads(out.read_text(encoding='utf-8'))
            self.assertEqual(plan['figures']['visits_served'], 5)
            if jsonschema:
                jsonschema.validate(plan, schema_of('plan'))
            return [(s['travel_s'], s['distance_m'], s['walk_m'], s['door_s']) for s in plan['rounds'][0]['stops']
                    if s['kind'] == 'visit'][1:]

        by_road = legs('--roads', self.roads)
        self.assertEqual(by_road[0], (0, 0, 0, 120))  # next door: only the door
        self.assertEqual(by_road[1], (12, 0, 100, 120))
        self.assertEqual([leg[2] for leg in by_road], [0, 100, None, None])
        self.assertAlmostEqual(by_road[3][0], 24, delta=1)
        self.assertAlmostEqual(by_road[3][1], 167, delta=1)
        self.assertTrue('on foot, 100 m there and back' in page.read_text(encoding='utf-8'))
        driven = legs('--roads', self.roads, walk_m=0)
        self.assertEqual([leg[2] for leg in driven], [None] * 4)
        self.assertAlmostEqual(driven[1][1], 50, delta=1)
        by_line = legs()
        self.assertEqual([leg[2] for leg in by_line], [None] * 4)  # as it always was, unless
        # 50 m times the detour of 1.25, there and back, at 4.8 km/h: 94 s; 30 s, the drive's 5 s and 60 s are 95
        self.assertEqual(legs(walk_m_by_line=400)[1][2:], (126, 120))
        (day / 'matrix.csv').write_text('from,to,seconds,metres\nN,B,77,50\n', encoding='utf-8')
        self.assertEqual(legs('--roads', self.roads)[1], (77, 50, None, 120))  # a ready table has the last word

    def test_a_large_day_is_planned_the_same(self):
        """Cells on demand and a whole table: one plan. A place 40 km off, on an island, is no road's, in both."""
        osm = ''.join(f'<node id="{i}" lat="{55.88 + i % 8 / 200}" lon="{-3.07 + i // 8 / 100}"/>' for i in range(32))
        ways = ''.join(f'<way id="{i}"><nd ref="{i}"/><nd ref="{i + step}"/><tag k="highway" v="residential"/></way>'
                       for i in range(32) for step in (1, 8) if i + step < 32 and (step == 8 or i % 8 < 7))
        (self.path / 'map.osm').write_text(f'<osm>{osm}{ways}</osm>', encoding='utf-8')
        self.build()
        day = self.path / 'day'
        day.mkdir()
        (day / 'visits.csv').write_text('visit_id,client_id,latitude,longitude,band,duration\n' + ''.join(
            f'V{i},C{i},{55.88 + i % 8 / 200 + i / 9000:.5f},{-3.07 + i // 8 / 100},{band},30\n'
            for i, band in enumerate(['morning', 'lunch', 'tea'] * 8)), encoding='utf-8')
        (day / 'carers.csv').write_text('carer_id,shift_start,shift_end,mode\nANN,07:00,15:00,car\nBOB,07:00,22:00,car\n'
                                        'CAT,07:00,19:00,bicycle\n', encoding='utf-8')
        plans = []
        for settings in ({}, {'on_demand_from': 2}):
            (day / 'settings.json').write_text(json.dumps({'date': '2026-11-23', 'travel': settings}), encoding='utf-8')
            done = run('plan', day, '--roads', self.roads, '--iterations', '100', '--out', self.path / 'plan.json')
            self.assertEqual(done.returncode, 0, done.stderr)
            plan = json.loads((self.path / 'plan.json').read_text(encoding='utf-8'))
            plans.append([plan[part] for part in ('rounds', 'cost', 'unallocated', 'travel_source')])
            self.assertNotIn('has changed', run('check', day, self.path / 'plan.json', '--roads', self.roads).stderr)
        self.assertEqual(*plans)

    def test_ctrl_c_stops_a_table_and_leaves_no_file(self):
        self.build()
        with subprocess.Popen([PROGRAM, 'matrix', '--roads', self.roads, '--points', self.path / 'points.csv', '-o',
                               self.path / 'table.csv', '--repeat', '1000000'], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True) as child:
            time.sleep(0.5)
            child.send_signal(signal.SIGINT)
            _, errors = child.communicate(timeout=30)
        self.assertEqual(child.returncode, -signal.SIGINT)
        self.assertIn('stopped; nothing was written', errors)
        self.assertFalse((self.path / 'table.csv').exists())

    def test_a_pipe_is_written_to_and_stays_one(self):
        pipe = self.path / 'pipe'
        os.mkfifo(pipe)
        for write in (lambda: run('roads', 'build', self.path / 'map.osm', '-o', pipe), lambda: self.matrix('pipe')):
            with open(os.open(pipe, os.O_RDWR | os.O_NONBLOCK), 'rb', buffering=0) as reader:
                self.assertEqual(write().returncode, 0)
                self.assertTrue(reader.read(65536))
            self.assertTrue(pipe.is_fifo())
            self.build()

    def test_faults_have_their_exit_statuses(self):
        self.assertEqual(self.matrix('table.bin').returncode, 3)  # not built yet
        self.assertEqual(run('roads', 'build', self.path / 'no.osm', '-o', self.roads).returncode, 3)
        self.assertEqual(self.build('--modes', 'horse').returncode, 2)
        self.assertEqual(self.build('--bbox', '1,2,3').returncode, 2)
        self.assertEqual(self.build('--threads', '0').returncode, 2)
        self.assertEqual(run('roads', 'build', self.path / 'map.osm').returncode, 2)
        self.assertEqual(run('matrix', '--roads', self.roads).returncode, 2)
        self.assertEqual(self.build('--modes', 'car').returncode, 0)
        done = self.matrix('table.bin', '--mode', 'foot')
        self.assertEqual(done.returncode, 3)
        self.assertIn('no roads for mode foot', done.stderr)
        (self.path / 'points.csv').write_text('lat,lon\n91,0\n', encoding='utf-8')
        done = self.matrix('table.bin')
        self.assertEqual(done.returncode, 3)
        self.assertIn("row 2, lat '91'", done.stderr)
        self.assertFalse((self.path / 'table.bin').exists())


@unittest.skipUnless(jsonschema, 'no jsonschema: the schemas are NOT tested (install python3-jsonschema)')
class Schemas(unittest.TestCase):
    def validator(self, name):
        schema = schema_of(name)
        jsonschema.Draft202012Validator.check_schema(schema)
        return jsonschema.Draft202012Validator(schema)

    def samples(self):
        return sorted(p.parent for p in (SOURCE / 'data').glob('*/visits.csv'))

    def test_every_sample_day_fits_the_schema(self):
        validator = self.validator('problem')
        self.assertTrue(self.samples())
        for folder in self.samples():
            with self.subTest(folder=folder.name):
                validator.validate(json_day(folder))

    def test_the_schema_refuses_what_is_no_day(self):
        validator = self.validator('problem')
        row = {'visit_id': 'V1', 'client_id': 'C1', 'duration': 30}
        carer = {'carer_id': 'ANN'}
        validator.validate({'visits': [row], 'carers': [carer]})
        for wrong in ({'visits': [row]}, {'visits': [], 'carers': [carer]}, {'visits': {}, 'carers': [carer]},
                      {'visits': [{**row, 'duration': [30]}], 'carers': [carer]},
                      {'visits': [{**row, 'windows': {'open': 7}}], 'carers': [carer]},
                      {'visits': [{'visit_id': 'V1'}], 'carers': [carer]},
                      {'visits': [row], 'carers': [carer], 'vists': []},
                      {'visits': [row], 'carers': [carer], 'settings': {'prices': {'pay_per_our': 3}}}):
            with self.assertRaises(jsonschema.ValidationError, msg=wrong):
                validator.validate(wrong)

    def test_a_plan_fits_its_schema(self):
        if not (SOURCE / 'data/schema/plan.schema.json').exists():
            self.skipTest('data/schema/plan.schema.json is not there')
        with tempfile.TemporaryDirectory() as root:
            out = pathlib.Path(root) / 'plan.json'
            for name, text in (('visits.csv', VISITS), ('carers.csv', CARERS), ('settings.json', SETTINGS)):
                (pathlib.Path(root) / name).write_text(text, encoding='utf-8')
            self.assertEqual(run('plan', root, '--iterations', 100, '--out', out).returncode, 0)
            self.validator('plan').validate(json.loads(out.read_text(encoding='utf-8')))


def main():
    global SOURCE, PROGRAM
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--source', type=pathlib.Path, required=True, help='the checkout')
    parser.add_argument('--program', type=pathlib.Path, required=True, help='build/careround')
    args, rest = parser.parse_known_args()
    SOURCE, PROGRAM = args.source.resolve(), args.program.resolve()
    if not jsonschema:
        print('SKIPPED: the schemas, for want of python3-jsonschema', file=sys.stderr)
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)


if __name__ == '__main__':
    main()
