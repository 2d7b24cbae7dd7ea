#!/usr/bin/env python3
"""The command line from outside: exit statuses, what is written and what is not, CSV and JSON alike, the schemas."""
import argparse
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

from two_carers import CARERS, SETTINGS, VISITS

try:
    import jsonschema
except ImportError:
    jsonschema = None

SOURCE = PROGRAM = None
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

    def test_files_of_an_earlier_plan_stay_and_are_named(self):
        sheets = self.root / 'sheets'
        self.assertEqual(self.plan('--csv', sheets).stderr, '')
        self.write(carers=CARERS.replace('BOB', 'CAT'))
        for i in range(12):
            (sheets / f'clients/OLD-{i:02}.csv').write_text('old', encoding='utf-8')
        done = self.plan('--csv', sheets)
        self.assertEqual(done.returncode, 0, done.stderr)
        said = 'has files of nobody in this plan, perhaps of an earlier one:'
        self.assertEqual(done.stderr.splitlines(), [
            f'warning: {sheets}/carers {said} BOB.ics', f'warning: {sheets}/carers {said} BOB.csv',
            f'warning: {sheets}/clients {said} ' + ', '.join(f'OLD-{i:02}.csv' for i in range(10)) + ' and 2 more'])
        self.assertTrue((sheets / 'carers/BOB.csv').exists())

    def test_a_calendar_names_every_partner(self):
        self.write(visits='visit_id,client_id,latitude,longitude,windows,duration,carers\n'
                          'V1,C1,55.89,-3.07,09:00-10:00,30,3\n',
                   carers='carer_id,name,shift_start,shift_end\n'
                          'ANN,Ann,08:00,12:00\nBOB,Bob,08:00,12:00\nCAT,Cat,08:00,12:00\n')
        done = self.plan('--ics', self.root / 'calendars')
        self.assertEqual(done.returncode, 0, done.stderr)
        calendar = (self.root / 'calendars/ANN.ics').read_bytes().decode('utf-8').replace('\r\n ', '')
        self.assertRegex(calendar, r'Double-up with (Bob and Cat|Cat and Bob)')

    def test_the_page_names_the_last_day_where_the_clocks_go_back(self):
        page = self.root / 'plan.html'
        self.write(visits='visit_id,client_id,date,latitude,longitude,windows,duration\n'
                          'V1,C1,2026-10-25,55.89,-3.07,09:00-10:00,30\nV2,C1,2026-10-31,55.89,-3.07,09:00-10:00,30\n',
                   carers='carer_id,date,shift_start,shift_end\nANN,2026-10-25,08:00,12:00\nANN,2026-10-31,08:00,12:00\n',
                   settings='{"date": "2026-10-25"}')
        done = self.plan('--html', page)
        self.assertEqual(done.returncode, 0, done.stderr)
        text = page.read_text(encoding='utf-8')
        self.assertIn('Sunday 25 October 2026 to Saturday 31 October 2026', text)
        self.assertIn('2026-10-25 to 2026-10-31', text)

    def into_a_file(self, *args):
        """What stands in a file that a shell would have made."""
        goal = self.root / 'goal'
        with goal.open('wb') as out:
            done = subprocess.run([PROGRAM, *map(str, args)], stdout=out, stderr=subprocess.PIPE, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, ''), args)
        return goal.read_bytes()

    def test_what_is_open_already_is_written_to(self):
        """No file may take its place, least of all the one that /dev/stdout leads to: so not as root, should it fail."""
        for name in ['/dev/fd/1', '/proc/self/fd/1'] + (['/dev/stdout'] if os.geteuid() else []):
            text = self.into_a_file('plan', self.day, '--iterations', 100, '--out', name).decode('utf-8')
            plan, end = json.JSONDecoder().raw_decode(text)
            self.assertEqual(plan['format'], 'careround plan')
            self.assertIn('\nWritten\n', text[end:])
        vroom, table = self.root / 'vroom.json', self.root / 'postcodes.csv'
        vroom.write_text('{"vehicles": [{"id": 1, "start": [0, 0]}], "jobs": [{"id": 1, "location": [0, 0.01]}]}',
                         encoding='utf-8')
        written = self.into_a_file('plan', '--format', 'vroom', vroom, '--iterations', 50, '--out', '/dev/fd/1')
        self.assertEqual(json.loads(written)['code'], 0)
        table.write_text('postcode,easting,northing\nEH22 1AA,333480,667000\n', encoding='utf-8')
        written = self.into_a_file('gazetteer', 'build', table, '-o', '/dev/fd/1')
        self.assertIn(b'/dev/fd/1: 1 postcodes from 1 rows', written)
        self.assertFalse(written.startswith(b'/dev/fd/1'))

    def test_a_link_stays_and_what_it_leads_to_is_made_anew(self):
        vroom, table, real, link = (self.root / n for n in ('vroom.json', 'postcodes.csv', 'real', 'link'))
        vroom.write_text('{"vehicles": [{"id": 1, "start": [0, 0]}], "jobs": [{"id": 1, "location": [0, 0.01]}]}',
                         encoding='utf-8')
        table.write_text('postcode,easting,northing\nEH22 1AA,333480,667000\n', encoding='utf-8')
        link.symlink_to('real')
        for args in (('plan', self.day, '--iterations', 50, '--out'), ('gazetteer', 'build', table, '-o'),
                     ('plan', '--format', 'vroom', vroom, '--iterations', 50, '--out')):
            real.write_bytes(b'')
            done = run(*args, link)
            self.assertEqual((done.returncode, done.stderr), (0, ''), args)
            self.assertTrue(link.is_symlink(), args)
            self.assertTrue(real.read_bytes(), args)

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
            self.assertEqual(done.stderr.splitlines(), [
                f'careround {words[0]}: {self.root}/{name}: cannot be written: {why}' for name, why in (
                    ('nowhere/plan.json', 'No such file or directory'), ('day', 'Is a directory'),
                    ('a file', 'Not a directory'), ('nowhere/ics', 'No such file or directory'))])
        vroom = self.root / 'vroom.json'
        vroom.write_text('{"vehicles": [{"id": 1, "start": [0, 0]}], "jobs": [{"id": 1, "location": [0, 0.01]}]}',
                         encoding='utf-8')
        done = run('plan', '--format', 'vroom', vroom, '--time', 1000000, '--out', self.root / 'nowhere/out.json')
        self.assertEqual((done.returncode, done.stdout), (5, ''))
        self.assertEqual(done.stderr, f'careround plan: {self.root}/nowhere/out.json: cannot be written: '
                         'No such file or directory\n')
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
