#!/usr/bin/env python3
"""careround scenario from outside. test_scenario_command.py CAREROUND SOURCE"""
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

PROGRAM = SOURCE = None
VISITS = ('visit_id,client_id,latitude,longitude,band,windows,duration,carers,time_critical,lock_carer,gap_after,gap_min\n'
          'V1,C1,55.89,-3.07,morning,09:00-09:10,30,1,,,,\n'
          'V2,C2,55.88,-3.06,morning,09:00-09:10,30,1,,,,\n'
          'V3,C3,55.87,-3.05,morning,10:00-10:05,30,2,,ANN,,\n'
          'V4,C1,55.89,-3.07,lunch,12:00-12:30,40,1,yes,,V1,120\n')
CARERS = ('carer_id,name,provider,mode,shift_start,shift_end,home_latitude,home_longitude\n'
          'ANN,Ann,P,car,08:00,14:00,55.89,-3.07\n'
          'BOB,Bob,P,foot,08:00,13:00,55.88,-3.08\n'
          'CAT,Cat,Q,car,08:00,12:00,55.86,-3.02\n')
WIDER = {'name': 'wider', 'changes': [{'change': 'widen_windows', 'minutes': 15}]}


def run(*args):
    return subprocess.run([PROGRAM, *map(str, args)], capture_output=True, text=True, timeout=100, check=False)


def schema_of(name):
    return json.loads((SOURCE / 'data/schema' / f'{name}.schema.json').read_text(encoding='utf-8'))


class Scenario(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.day = self.folder / 'day'
        self.day.mkdir()
        (self.day / 'visits.csv').write_text(VISITS, encoding='utf-8')
        (self.day / 'carers.csv').write_text(CARERS, encoding='utf-8')
        (self.day / 'settings.json').write_text('{"date": "2026-11-23"}', encoding='utf-8')

    def write(self, *scenarios, seeds=(1, 2), **more):
        path = self.folder / 'scenarios.json'
        content = {'day': 'day', 'seeds': list(seeds), 'limit': {'iterations': 60}, 'scenarios': list(scenarios)} | more
        path.write_text(json.dumps(content), encoding='utf-8')
        return path

    def run_scenarios(self, path, *words, out='bundle', status=0):
        done = run('scenario', 'run', path, '--out', self.folder / out, *words)
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def table(self, *changes):
        """The table of one scenario with these changes, and what they say they did."""
        self.run_scenarios(self.write({'name': 'one', 'changes': list(changes)}))
        table = json.loads((self.folder / 'bundle/table.json').read_text(encoding='utf-8'))
        return table, table['scenarios'][1]['notes']

    def sum_of(self, table, figure, at=1):
        """Of a figure, over all providers that it has: the mean of the base (0) or of the scenario (1)."""
        return sum(f['scenarios'][at]['mean'] for f in table['figures'] if f['figure'] == figure)

    def errors(self, path):
        done = self.run_scenarios(path, status=3)
        self.assertFalse((self.folder / 'bundle').exists())
        return [line for line in done.stderr.splitlines() if line.startswith('error: ')]

    def write_day(self, **tables):
        """Tables in the place of those of the day; None takes one away."""
        for name, text in tables.items():
            path = self.day / f'{name}.csv'
            if text is None:
                path.unlink()
            else:
                path.write_text(text, encoding='utf-8')

    # ---- what each change does ----

    def test_carers_removed_are_gone_everywhere(self):
        accepted = self.day / 'accepted.csv'
        accepted.write_text('rule,visit_id,carer_id,up_to,who,when,why\nshift,,ANN,15,Jo,2026-11-20,asked\n', encoding='utf-8')
        _, notes = self.table({'change': 'remove_carers', 'carers': ['ANN']})
        self.assertEqual(notes, ['1 carer removed, with 1 shift', '1 lock to them falls away'])

    def test_carers_removed_leave_no_shift_and_no_ride_behind(self):
        # ANN-2 is a name that the reader gives; EVE is in Ann's car.
        self.write_day(carers='carer_id,name,provider,shift_start,shift_end,rides_with,home_latitude,home_longitude\n'
                              'ANN,Ann,P,08:00,11:00,,55.89,-3.07\nANN,,,11:30,14:00,,,\n'
                              'EVE,Eve,P,08:00,11:00,ANN,55.88,-3.08\nBOB,Bob,P,08:00,14:00,,55.88,-3.08\n',
                       accepted='rule,visit_id,carer_id,shift_id,up_to,who,when,why\n'
                                'shift,,,ANN-2,15,Jo,2026-11-20,asked\nshift,,,BOB-1,15,Jo,2026-11-20,asked\n')
        _, notes = self.table({'change': 'remove_carers', 'carers': ['ANN']})
        self.assertEqual(notes, ['1 carer removed, with 2 shifts', '1 lock to them falls away',
                                 '1 ride with them falls away'])

    def test_visits_removed_take_their_gaps_along(self):
        table, notes = self.table({'change': 'remove_visits', 'clients': ['C2'], 'bands': ['Morning']},
                                  {'change': 'remove_visits', 'visits': ['V1']})
        self.assertEqual(notes, ['1 visit removed', '1 visit removed',
                                 '1 tie to them (gaps, the same or another carer, only_with) falls away'])
        care = [f for f in table['figures'] if f['figure'] == 'carer_visits']
        self.assertEqual(sum(f['scenarios'][1]['mean'] for f in care), 3)  # V3 by two, V4

    def test_a_package_makes_no_visit_for_one_removed_that_stood_in_for_it(self):
        self.write_day(visits='visit_id,client_id,latitude,longitude,windows,duration\n'
                              'V1,C1,55.89,-3.07,09:00-10:00,30\n'
                              'P1-2026-11-23,C9,55.88,-3.06,11:00-12:00,20\n',
                       packages='package_id,client_id,latitude,longitude,windows,duration,suspended\n'
                                'P1,C9,55.88,-3.06,11:00-12:00,30,2026-11-30\n')
        for visit, n in (('P1-2026-11-23', 1), ('P1', 2)):
            with self.subTest(visit):
                table, notes = self.table({'change': 'remove_visits', 'visits': [visit]})
                self.assertEqual(notes, [f'{n} visit{"s"[:n - 1]} removed'])
                self.assertEqual([self.sum_of(table, 'carer_visits', at) for at in (0, 1)], [2, 1])
                self.assertEqual(self.sum_of(table, 'unallocated_visits'), 0)

    def test_the_days_planned_are_those_of_the_base(self):
        packages = ('package_id,client_id,latitude,longitude,windows,duration\n'
                    'P1,C1,55.89,-3.07,10:00-10:30,30\n')
        carers = ('carer_id,name,provider,date,shift_start,shift_end,home_latitude,home_longitude\n'
                  'ANN,Ann,P,,08:00,14:00,55.89,-3.07\n')
        with self.subTest('the only shift of Sunday is gone, and the visit is still there'):
            self.write_day(visits=None, packages=packages,
                           carers=carers + 'SUE,Sue,P,2026-11-29,08:00,14:00,55.88,-3.08\n')
            table, _ = self.table({'change': 'remove_carers', 'carers': ['SUE']})
            self.assertEqual([self.sum_of(table, 'unallocated_visits', at) for at in (0, 1)], [5, 6])
        with self.subTest('without the first visit it is not the day after'):
            (self.day / 'settings.json').unlink()
            (self.day / 'packages.csv').unlink()
            self.write_day(carers=carers, visits='visit_id,client_id,date,latitude,longitude,windows,duration\n'
                                                 'V1,C1,2026-11-23,55.89,-3.07,10:00-11:00,30\n'
                                                 'V2,C2,2026-11-24,55.88,-3.06,10:00-11:00,30\n')
            table, _ = self.table({'change': 'remove_visits', 'clients': ['C1']})
            self.assertEqual([self.sum_of(table, 'unallocated_visits', at) for at in (0, 1)], [1, 1])

    def test_rows_added_are_read_as_rows_of_the_files(self):
        table, notes = self.table(
            {'change': 'add_carers', 'rows': [{'carer_id': 'DAN', 'provider': 'R', 'shift_start': '08:00',
                                               'shift_end': '12:00', 'max_visits': 2, 'skills': ['hoist:2']}]},
            {'change': 'add_visits', 'rows': [{'visit_id': 'V9', 'client_id': 'C1', 'band': 'morning', 'duration': 20,
                                               'skills': 'hoist'}]})
        self.assertEqual(notes, ['1 row added to carers.csv', '1 row added to visits.csv'])
        r = [f for f in table['figures'] if f['provider'] and f['provider']['provider'] == 'R'
             and f['figure'] == 'carer_visits']
        self.assertEqual(r[0]['scenarios'][0]['mean'], 0)  # not there in the base
        self.assertGreaterEqual(r[0]['scenarios'][1]['mean'], 1)  # nobody else can use the hoist
        self.assertEqual(r[0]['scenarios'][1]['difference']['verdict'], 'more')

    def test_ways_to_travel(self):
        _, notes = self.table({'change': 'travel_by', 'mode': 'car', 'instead_of': 'walking'},
                              {'change': 'travel_by', 'mode': 'bicycle', 'providers': ['Q']})
        self.assertEqual(notes, ['1 shift now by car', '1 shift now by bicycle'])

    def test_a_shift_without_a_way_to_travel_is_by_car(self):
        self.write_day(carers=CARERS + 'BOB,,,,13:30,14:00,,\n')  # on foot only until 13:00
        _, notes = self.table({'change': 'travel_by', 'mode': 'bicycle', 'instead_of': 'foot'})
        self.assertEqual(notes, ['1 shift now by bicycle'])

    def test_hours_move_with_whole_carers(self):
        # P has Ann with 6 hours and Bob with 5: of 10 hours Ann's fit, and then Bob's do not.
        _, notes = self.table({'change': 'move_hours', 'from': 'P', 'to': 'Q', 'hours': 10, 'pay_per_hour': 13})
        self.assertEqual(notes, ['1 carer with 6:00 of 10 hours moved from P to Q'])

    def test_hours_move_also_of_shifts_with_dates(self):
        self.write_day(carers='carer_id,provider,date,shift_start,shift_end\n'
                              'ANN,P,,2026-11-23 08:00,2026-11-23 14:00\n'
                              'BOB,P,2026-11-23,22:00,2026-11-24 06:00\n'
                              'CAT,Q,,2026-11-23 08:00,12:00\n')
        _, notes = self.table({'change': 'move_hours', 'from': 'P', 'to': 'Q', 'hours': 14},
                              {'change': 'move_hours', 'from': 'Q', 'to': 'P', 'hours': 4, 'carers': ['CAT']})
        self.assertEqual(notes, ['2 carers with 14:00 of 14 hours moved from P to Q',
                                 '1 carer with 4:00 of 4 hours moved from Q to P'])

    def test_windows_and_durations(self):
        table, notes = self.table({'change': 'widen_windows', 'minutes': 15},
                                  {'change': 'shorten_visits', 'minutes': 20, 'least': 25})
        # V1 and V2 lose 5 minutes, V3 twice 5, V4 15.
        self.assertEqual(notes, ['windows of 3 visits wider by 15 minutes to either side', '1 time-critical visit let be',
                                 '4 visits shorter, by 35 minutes of care in all'])

    def test_values_and_settings(self):
        _, notes = self.table({'change': 'set_carers', 'carers': ['ANN'], 'columns': {'pay_per_hour': 20}},
                              {'change': 'set_visits', 'bands': ['lunch'], 'columns': {'priority': 1}},
                              {'change': 'settings', 'set': {'prices': {'travel_per_hour': 1}}})
        self.assertEqual(notes, ['pay_per_hour set in 1 row', 'priority set in 1 row',
                                 'settings: {"prices":{"travel_per_hour":1}}'])

    def test_values_are_counted_where_they_are_set(self):
        self.write_day(packages='package_id,client_id,latitude,longitude,band,duration\nP1,C9,55.89,-3.07,lunch,30\n')
        _, notes = self.table({'change': 'set_visits', 'columns': {'date': '2026-11-23'}},  # packages have none
                              {'change': 'set_visits', 'columns': {'priority': 1}})
        self.assertEqual(notes, ['date set in 4 rows', 'priority set in 5 rows'])

    # ---- the table ----

    def test_the_table_in_every_form(self):
        path = self.write(WIDER, {'name': 'fewer <b>', 'about': 'a & b',
                                  'changes': [{'change': 'remove_carers', 'providers': ['Q']}]})
        done = self.run_scenarios(path)
        bundle = self.folder / 'bundle'
        self.assertEqual(done.stdout, (bundle / 'table.txt').read_text(encoding='utf-8'))
        for words in ('cost (pounds)', 'visits not placed', 'travel (hours)', 'familiar carers', 'distance (miles)',
                      'P: visits', 'beyond the noise', 'paired-t', '97.50 % each'):
            self.assertIn(words, done.stdout)
        page = (bundle / 'table.html').read_text(encoding='utf-8')
        self.assertIn('fewer &lt;b&gt;', page)
        self.assertNotIn('http', page.replace('https://', 'http'))
        rows = (bundle / 'table.csv').read_text(encoding='utf-8-sig').splitlines()
        runs = (bundle / 'runs.csv').read_text(encoding='utf-8-sig').splitlines()
        self.assertEqual(len(runs) - 1, 2 * (len(rows) - 1))  # two seeds
        table = json.loads((bundle / 'table.json').read_text(encoding='utf-8'))
        self.assertEqual(json.loads(self.run_scenarios(path, '--json').stdout), table)
        if jsonschema:
            for name, content in (('scenarios', json.loads(path.read_text())), ('scenario-table', table)):
                jsonschema.Draft202012Validator.check_schema(schema_of(name))
                jsonschema.validate(content, schema_of(name), cls=jsonschema.Draft202012Validator)

    def test_the_sample_fits_the_schema(self):
        if not jsonschema:
            self.skipTest('no jsonschema')
        for path in (SOURCE / 'data/scenarios').glob('*.json'):
            jsonschema.validate(json.loads(path.read_text()), schema_of('scenarios'), cls=jsonschema.Draft202012Validator)
        with self.assertRaises(jsonschema.ValidationError):
            jsonschema.validate({'day': 'd', 'limit': {'iterations': 1, 'time_s': 1}, 'scenarios': [WIDER]},
                                schema_of('scenarios'))

    def test_it_is_the_same_on_any_number_of_threads_and_after_a_repeat(self):
        path = self.write(WIDER)
        self.run_scenarios(path, '--threads', 1, out='one')
        self.run_scenarios(path, '--threads', 3, out='three')
        again = run('scenario', 'repeat', self.folder / 'one', '--out', self.folder / 'again')
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertIn('4 of 4 runs came to the same plan', again.stderr)
        tables = [(self.folder / out / 'table.json').read_bytes() for out in ('one', 'three', 'again')]
        self.assertEqual(tables[0], tables[1])
        self.assertEqual(tables[0], tables[2])

    # ---- stopped, killed, changed ----

    def test_killed_at_any_moment_it_goes_on(self):
        path = self.write(WIDER, seeds=range(1, 9), limit={'iterations': 3000})
        runs = self.folder / 'bundle/runs'
        with subprocess.Popen([PROGRAM, 'scenario', 'run', path, '--out', self.folder / 'bundle', '--threads', '2'],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as running:
            while running.poll() is None and (not runs.exists() or len(list(runs.glob('*.json'))) < 3):
                time.sleep(0.01)
            running.send_signal(signal.SIGKILL)
            running.stdout.read()  # ends with the last of its children: one may still keep the record it was at
        n = len(list(runs.glob('*.json')))
        self.assertGreaterEqual(n, 3)
        self.assertFalse((self.folder / 'bundle/table.json').exists() and n < 16)
        (runs / 'x.json.1.part').write_text('{"form')
        torn = sorted(runs.glob('*.json'))[0]
        torn.write_text(torn.read_text()[:200])  # a disk can do what a rename cannot
        done = self.run_scenarios(path)
        self.assertIn(f'{n - 1} runs were kept from before, {17 - n} done now', done.stderr)
        self.assertFalse(list(runs.glob('*.part')))
        self.run_scenarios(path, out='whole')
        for name in ('table.json', 'runs.csv', 'table.html', 'bundle.json'):
            self.assertEqual((self.folder / 'bundle' / name).read_bytes(), (self.folder / 'whole' / name).read_bytes())

    def test_stopped_it_says_so_and_shows_no_table(self):
        for limit in ({'time_s': 30}, {'iterations': 10 ** 9}):
            with self.subTest(limit):
                self.stop(self.write(WIDER, limit=limit), self.folder / next(iter(limit)))

    def stop(self, path, bundle):
        with subprocess.Popen([PROGRAM, 'scenario', 'run', path, '--out', bundle, '--threads', '2'], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
            while not (bundle / 'bundle.json').exists():
                time.sleep(0.01)
            time.sleep(0.3)
            running.send_signal(signal.SIGINT)
            out, err = running.communicate(timeout=60)
        self.assertEqual((running.returncode, out), (0, ''))
        self.assertIn('stopped; the same command again goes on', err)

    def test_only_what_changed_is_planned_again(self):
        self.run_scenarios(self.write(WIDER))
        two = {'name': 'two', 'changes': [{'change': 'remove_carers', 'carers': ['BOB']}]}
        done = self.run_scenarios(self.write(WIDER, two, seeds=(1, 2, 3)))
        self.assertIn('4 runs were kept from before, 5 done now', done.stderr)
        (self.day / 'carers.csv').write_text(CARERS + 'DAN,Dan,Q,car,08:00,12:00,55.86,-3.02\n', encoding='utf-8')
        self.assertNotIn('kept from before', self.run_scenarios(self.write(WIDER)).stderr)

    def test_lists_in_folders_are_part_of_the_bundle(self):
        (self.day / 'visits').mkdir()
        (self.day / 'visits.csv').rename(self.day / 'visits/a.csv')
        more = self.day / 'visits/b.csv'
        more.write_text('visit_id,client_id,latitude,longitude,duration\nV7,C7,55.89,-3.07,soon\n', encoding='utf-8')
        gone = {'name': 'gone', 'changes': [{'change': 'remove_visits', 'visits': ['V1']}]}
        done = self.run_scenarios(self.write(gone), status=3)
        self.assertIn("b.csv row 2, duration 'soon'", done.stderr)
        more.write_text(more.read_text(encoding='utf-8').replace('soon', '20'), encoding='utf-8')
        done = self.run_scenarios(self.write(gone))
        self.assertNotIn('a.csv', done.stderr)  # rows of b.csv are still its own when one of a.csv is gone
        copied = self.folder / 'bundle/inputs/day/day/visits'
        self.assertEqual(sorted(os.listdir(copied)), ['a.csv', 'b.csv'])
        self.assertEqual(run('scenario', 'repeat', self.folder / 'bundle').returncode, 0)
        more.unlink()
        self.run_scenarios(self.write(gone))
        self.assertEqual(os.listdir(copied), ['a.csv'])

    def test_a_bundle_needs_nothing_else(self):
        self.run_scenarios(self.write(WIDER))
        first = (self.folder / 'bundle/table.json').read_bytes()
        for path in (self.day / 'visits.csv', self.day / 'carers.csv', self.folder / 'scenarios.json'):
            path.unlink()
        (self.folder / 'bundle/table.json').unlink()
        done = run('scenario', 'run', self.folder / 'bundle')
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn('4 runs were kept from before', done.stderr)
        self.assertEqual((self.folder / 'bundle/table.json').read_bytes(), first)

    def test_a_repeat_tells_of_what_is_not_the_same(self):
        self.run_scenarios(self.write(WIDER))
        bundle = self.folder / 'bundle'
        record = sorted((bundle / 'runs').glob('*.json'))[0]
        kept = json.loads(record.read_text())
        kept['figures']['cost_units'] -= 3600000
        record.write_text(json.dumps(kept))
        done = run('scenario', 'repeat', bundle)
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertIn(f"{kept['scenario']}, seed {kept['seed']}: another plan than in", done.stderr)
        self.assertIn('3 of 4 runs came to the same plan', done.stderr)
        self.assertTrue((self.folder / 'bundle.repeat/table.json').exists())

    def test_a_bundle_whose_inputs_were_touched_is_refused(self):
        self.run_scenarios(self.write(WIDER))
        with (self.folder / 'bundle/inputs/day/day/visits.csv').open('a') as out:
            out.write('V5,C1,55.89,-3.07,lunch,,40,1,,,,\n')
        for verb in ('repeat', 'run'):
            done = run('scenario', verb, self.folder / 'bundle')
            self.assertEqual(done.returncode, 3)
            self.assertIn('inputs/day/day/visits.csv: ', done.stderr)

    def test_nobody_else_s_folder_is_written_into(self):
        other = self.folder / 'other'
        other.mkdir()
        (other / 'letter.txt').write_text('Dear Sirs')
        done = self.run_scenarios(self.write(WIDER), out='other', status=5)
        self.assertIn('has files and is no bundle', done.stderr)
        self.assertEqual(os.listdir(other), ['letter.txt'])

    # ---- broken input ----

    def test_all_errors_of_the_form_at_once(self):
        path = self.write(
            {'name': 'base', 'changes': [{'change': 'widen_window', 'minutes': 15}]},
            {'name': 'b', 'changes': [{'change': 'widen_windows', 'minutes': 0.5}, {'change': 'remove_carers'},
                                      {'change': 'travel_by', 'carer': ['ANN'], 'mode': 3}]},
            {'name': 'b', 'changes': []}, seeds=[1, 1, -2], limit={'iterations': 0}, Day='x')
        self.assertEqual(self.errors(path), [
            "error: scenarios.json, Day: unknown; did you mean 'day'?",
            "error: scenarios.json, seeds[1] '1': is there twice; the same run again would tell nothing new",
            "error: scenarios.json, seeds[2] '-2': must be a whole number, 0 or more",
            "error: scenarios.json, limit.iterations '0': must be a whole number, 1 or more",
            "error: scenarios.json, scenarios[0].name 'base': is the day without changes; give another name",
            "error: scenarios.json, scenarios[0].changes[0].change 'widen_window': there is no such change; did you mean"
            " 'widen_windows'?",
            "error: scenarios.json, scenarios[1].changes[0].minutes '0.5': must be a whole number of minutes from 1 to 1440",
            "error: scenarios.json, scenarios[1].changes[1] 'remove_carers': must say of whom: give carers, providers or"
            " teams or more",
            "error: scenarios.json, scenarios[1].changes[2].mode: must be a text of 1 to 200 bytes",
            "error: scenarios.json, scenarios[1].changes[2].carer: travel_by knows no such field; did you mean 'carers'?",
            "error: scenarios.json, scenarios[2].name 'b': is there twice; the table needs different names",
            'error: scenarios.json, scenarios[2].changes: is empty; the day without changes is compared anyway, as "base"',
        ])

    def test_all_errors_of_the_day_and_of_every_scenario_at_once(self):
        (self.day / 'visits.csv').write_text(VISITS + 'V5,C1,55.89,-3.07,lunch,,soon,1,,,,\n', encoding='utf-8')
        path = self.write(
            {'name': 'a', 'changes': [{'change': 'remove_carers', 'carers': ['ANNE']},
                                      {'change': 'travel_by', 'mode': 'broom'}]},
            {'name': 'b', 'changes': [{'change': 'add_visits', 'rows': [{'visit_id': 'V8', 'client_id': 'C1',
                                                                         'duration': 'long', 'colour': 1}]},
                                      {'change': 'move_hours', 'from': 'P', 'to': 'Q', 'hours': 1}]})
        errors = self.errors(path)
        self.assertEqual(len([e for e in errors if 'row 6' in e]), 1)  # the base's is not told again
        for words in ("scenarios[0].changes[0].carers[0] 'ANNE': none of the carers has this; did you mean 'ANN'?",
                      "scenarios[0].changes[1].mode 'broom': no such way to travel",
                      "scenarios[1].changes[0].rows[0].duration 'long': ",
                      'scenarios[1].changes[0].rows[0].colour: visits.csv has no such column',
                      "scenarios[1].changes[1].hours: none of the carers of 'P' works so few hours"):
            self.assertEqual(len([e for e in errors if words in e]), 1, (words, errors))

    def test_a_slip_in_a_column_is_told_of_without_the_file_too(self):
        self.write_day(visits=None,
                       packages='package_id,client_id,latitude,longitude,band,duration\nP1,C9,55.89,-3.07,lunch,30\n')
        errors = self.errors(self.write(
            {'name': 'a', 'changes': [{'change': 'set_visits', 'columns': {'priorty': 1}}]},
            {'name': 'b', 'changes': [{'change': 'set_providers', 'columns': {'max_hour': 5}}]}))
        self.assertEqual(errors, [
            "error: scenarios.json, scenarios[0].changes[0].columns.priorty: visits.csv has no such column; did you mean"
            " 'priority'?",
            "error: scenarios.json, scenarios[1].changes[0].columns.max_hour: providers.csv has no such column; did you mean"
            " 'max_hours'?"])

    def test_a_date_that_is_doubted_is_one(self):
        self.day.rename(self.folder / '2026-11-22')
        done = self.run_scenarios(self.write(WIDER, day='2026-11-22'))
        self.assertIn('is planned, though the folder is named 2026-11-22', done.stderr)

    def test_no_file_no_json_no_date(self):
        self.assertEqual(run('scenario', 'run', self.folder / 'nothing.json').returncode, 3)
        path = self.folder / 'scenarios.json'
        path.write_text('{"day": ')
        self.assertIn('scenarios.json row 1: not JSON at column', self.errors(path)[0])
        (self.day / 'settings.json').unlink()
        self.assertIn('has no date', self.errors(self.write(WIDER))[-1])

    def test_wrong_usage(self):
        for words in ((), ('run',), ('walk', 'x'), ('run', 'x', '--threads', '0'), ('run', 'x', '--seeds', '2')):
            self.assertEqual(run('scenario', *words).returncode, 2, words)
        self.assertEqual(run('scenario', 'repeat', self.day).returncode, 3)


if __name__ == '__main__':
    PROGRAM, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
    unittest.main(argv=sys.argv[:1])
