#!/usr/bin/env python3
"""careround roads and matrix from outside, and plan by road."""
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

from two_carers import CARERS, SETTINGS, VISITS

try:
    import jsonschema
except ImportError:
    jsonschema = None

SOURCE = PROGRAM = None


def run(*args):
    return subprocess.run([PROGRAM, *map(str, args)], capture_output=True, text=True, timeout=60, check=False)


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
                jsonschema.validate(plan, json.loads((SOURCE / 'data/schema/plan.schema.json').read_text(encoding='utf-8')))
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


def main():
    global SOURCE, PROGRAM
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--source', type=pathlib.Path, required=True, help='the checkout')
    parser.add_argument('--program', type=pathlib.Path, required=True, help='build/careround')
    args, rest = parser.parse_known_args()
    SOURCE, PROGRAM = args.source.resolve(), args.program.resolve()
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)


if __name__ == '__main__':
    main()
