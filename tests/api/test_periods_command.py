#!/usr/bin/env python3
"""Travel by time of day from the roads' file to the plan: a road, a carer at its south end, a client at its north end.

In the peak (07:30 to 09:30, not at weekends) the road takes twice as long; what the day's commands say is compared with
`careround matrix --period`.
"""

import argparse
import array
import json
import math
import pathlib
import subprocess
import sys
import tempfile
import unittest
import zipfile

PROGRAM = None
H, M = 3600, 60
NODES = 9  # 500 m and more apart: 4.4 km
SPEEDS = {'mode': 'car', 'periods': {
    'morning peak': None, 'evening': None, 'night': None, 'afternoon peak': None,
    'day': {'from': '09:30'},
    'peak': {'from': '07:30', 'weekend': 'day', 'time_factor': {'country': {'all': 2}}}}}


def rows(*lines):
    return '\n'.join(lines) + '\n'


def lat(i):
    return 55.9 + i / 200


def clock(text):
    return int(text[-5:-3]) * H + int(text[-2:]) * M


class Periods(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.root = pathlib.Path(self.temporary.name)
        nodes = ''.join(f'<node id="{i + 1}" lat="{lat(i)}" lon="-3"/>' for i in range(NODES))
        refs = ''.join(f'<nd ref="{i + 1}"/>' for i in range(NODES))
        (self.root / 'map.osm').write_text(
            f'<osm>{nodes}<way id="1">{refs}<tag k="highway" v="residential"/></way></osm>', encoding='utf-8')
        (self.root / 'speeds.json').write_text(json.dumps(SPEEDS), encoding='utf-8')
        (self.root / 'points.csv').write_text(rows('lat,lon', f'{lat(0)},-3', f'{lat(NODES - 1)},-3'))
        self.roads = self.root / 'map.roads'
        self.run_well('roads', 'build', self.root / 'map.osm', '-o', self.roads, '--modes', 'car,foot', '--speeds',
                      self.root / 'speeds.json')
        self.usual, self.peak = self.table(), self.table('--period', 'peak')

    def run_program(self, *args):
        return subprocess.run([PROGRAM, *map(str, args)], capture_output=True, text=True, timeout=60, check=False)

    def run_well(self, *args, expect=0):
        done = self.run_program(*args)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return done

    def table(self, *more):
        """Seconds there and back."""
        self.run_well('matrix', '--roads', self.roads, '--points', self.root / 'points.csv', '-o', self.root / 't.bin', *more)
        cells = array.array('i', (self.root / 't.bin').read_bytes())
        return cells[1], cells[2]

    def write(self, travel=None, visits=None, carers=None, **settings):
        day = self.root / 'day'
        day.mkdir(exist_ok=True)
        settings = {'date': '2026-11-23', 'breaks': {'six_hour_rule': False}, 'visits': {'door': 0}, **settings,
                    'travel': {'periods': 'roads', **(travel or {})}}
        (day / 'settings.json').write_text(json.dumps(settings), encoding='utf-8')
        (day / 'visits.csv').write_text(visits or rows(
            'visit_id,client_id,latitude,longitude,windows,duration', f'V1,C1,{lat(NODES - 1)},-3,07:35-07:35,30'))
        (day / 'carers.csv').write_text(carers or rows(
            'carer_id,name,latitude,longitude,shift_start,shift_end', f'ANN,Ann,{lat(0)},-3,06:00,14:00'))
        return day

    def plan(self, *more, expect=0, **day):
        """The plan of the day, which the checker passes."""
        folder, out = self.write(**day), self.root / 'plan.json'
        done = self.run_well('plan', folder, '--roads', self.roads, '--iterations', 300, '--out', out, *more, expect=expect)
        if expect:
            return done.stderr
        self.run_well('check', folder, out, '--roads', self.roads)
        return json.loads(out.read_text(encoding='utf-8'))

    def way_there(self, arrive):
        """Seconds on the way for who leaves as late as she can to be there then, before 07:30 as usual and then in the peak."""
        usual, peak, border = self.usual[0], self.peak[0], 7 * H + 30 * M
        for leave in range(arrive, 0, -1):
            left = usual - (border - leave)
            takes = usual if left <= 0 else border - leave + -(-left * peak // usual)
            if leave + (peak if leave >= border else takes) <= arrive:
                return arrive - leave
        return None

    def test_the_roads_periods_are_the_days(self):
        self.assertAlmostEqual(self.peak[0], 2 * self.usual[0], delta=2)
        plan = self.plan()
        shift = plan['rounds'][0]
        self.assertEqual(shift['stops'][0]['travel_s'], self.way_there(7 * H + 35 * M))
        self.assertLess(self.way_there(7 * H + 35 * M), self.peak[0])
        self.assertEqual(shift['home_travel_s'], self.peak[1])  # she leaves at 08:05
        self.assertIn('with times of their own in: peak', plan['travel_source'])

    def test_at_weekends_as_the_roads_have_it(self):
        plan = self.plan(date='2026-11-28')  # a Saturday
        self.assertEqual(plan['rounds'][0]['home_travel_s'], self.usual[1])
        self.assertNotIn('times of their own', plan['travel_source'])
        # Friday and Saturday in one plan.
        visits = rows('visit_id,client_id,latitude,longitude,date,windows,duration',
                      *(f'V{d},C1,{lat(NODES - 1)},-3,2026-11-{d},08:00-08:00,30' for d in (27, 28)))
        carers = rows('carer_id,name,latitude,longitude,date,shift_start,shift_end',
                      *(f'ANN,Ann,{lat(0)},-3,2026-11-{d},06:00,14:00' for d in (27, 28)))
        plan = self.plan(date='2026-11-27', visits=visits, carers=carers)
        self.assertEqual([r['home_travel_s'] for r in plan['rounds']], [self.peak[1], self.usual[1]])
        # The settings know better: a market on Saturday mornings, none on Friday.
        plan = self.plan(date='2026-11-27', visits=visits, carers=carers,
                         travel={'periods': {'market': {'roads': 'peak', 'days': 'sat'}}})
        self.assertEqual([r['home_travel_s'] for r in plan['rounds']], [self.usual[1], self.peak[1]])
        # Without days: as the roads have it, not at weekends.
        plan = self.plan(date='2026-11-27', visits=visits, carers=carers, travel={'periods': {'rush': {'roads': 'peak'}}})
        self.assertEqual([r['home_travel_s'] for r in plan['rounds']], [self.peak[1], self.usual[1]])

    def test_buses_of_hours_that_a_weekend_gives_to_another_period(self):
        """On Saturdays the peak goes by the day's table, so its buses count there: one an hour until 09:30, then one in ten
        minutes. Four of five departures from 07:30 to 12:00 are there in 28 minutes, and of those from 09:30 on in 12."""
        feed = self.root / 'feed.zip'
        calls = ''.join(f'{trip},06:00:00,06:00:00,{a},1\n{trip},06:05:00,06:05:00,{b},2\n'
                        for trip, a, b in (('there', 'S', 'N'), ('back', 'N', 'S')))
        with zipfile.ZipFile(feed, 'w') as out:
            for name, text in {
                    'stops.txt': rows('stop_id,stop_name,stop_lat,stop_lon', f'S,South,{lat(0)},-3', f'N,North,{lat(NODES - 1)},-3'),
                    'routes.txt': rows('route_id,route_short_name', 'R,1'),
                    'calendar.txt': rows('service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date',
                                         'W,1,1,1,1,1,1,1,20260101,20261231'),
                    'trips.txt': rows('route_id,service_id,trip_id', 'R,W,there', 'R,W,back'),
                    'stop_times.txt': 'trip_id,arrival_time,departure_time,stop_id,stop_sequence\n' + calls,
                    'frequencies.txt': rows('trip_id,start_time,end_time,headway_secs', *(
                        f'{trip},{hours}' for trip in ('there', 'back') for hours in ('06:00:00,09:30:00,3600', '09:30:00,23:00:00,600')))}.items():
                out.writestr(name, text)
        there = {}
        for date in ('2026-11-28', '2026-11-27'):  # Saturday; Friday, where the peak is apart
            day = self.write(date=date, visits=rows(
                'visit_id,client_id,latitude,longitude,windows,duration,lock_carer', f'V1,C1,{lat(NODES - 1)},-3,08:45-09:15,15,ANN',
                f'V2,C1,{lat(NODES - 1)},-3,11:00-11:00,15,BOB'), carers=rows(
                    'carer_id,name,latitude,longitude,shift_start,shift_end,mode', f'ANN,Ann,{lat(0)},-3,07:30,12:00,transit',
                    f'BOB,Bob,{lat(0)},-3,07:30,12:00,car'))
            self.run_well('plan', day, '--roads', self.roads, '--gtfs', feed, '--iterations', 300, '--out', self.root / 'plan.json')
            self.run_well('check', day, self.root / 'plan.json', '--roads', self.roads, '--gtfs', feed)
            plan = json.loads((self.root / 'plan.json').read_text(encoding='utf-8'))
            there[date], = (r['stops'][0]['travel_s'] for r in plan['rounds'] if r['carer'] == 'ANN')
        self.assertTrue(25 * M < there['2026-11-28'] < there['2026-11-27'], there)  # on Friday it is quicker to walk

    def test_hours_of_ones_own(self):
        plan = self.plan(travel={'periods': {'rush': {'roads': 'peak', 'hours': '08:30-09:00'}}})
        self.assertEqual(plan['rounds'][0]['home_travel_s'], self.usual[1])
        # She leaves at 08:05; 25 minutes are more than the usual way takes, so a rush from 08:10 meets her underway.
        plan = self.plan(travel={'periods': {'rush': {'roads': 'peak', 'hours': '08:10-09:30'}}})
        left = self.usual[1] - 5 * M
        self.assertEqual(plan['rounds'][0]['home_travel_s'], 5 * M + math.ceil(left * self.peak[1] / self.usual[1]))

    def test_mismatches_are_errors(self):
        self.run_well('roads', 'build', self.root / 'map.osm', '-o', self.roads, '--modes', 'car', '--speeds',
                      self.root / 'speeds.json')
        said = self.plan(travel={'periods': {
            'rush': {'roads': 'peek'}, 'noon': {'roads': 'peak', 'car': 1.3}, 'tea': {'roads': 'day', 'days': 'someday'},
            'late': {'roads': 'peak', 'days': 'fri', 'hours': '09:00-10:00'}}}, expect=3)
        for words in ("travel.periods.rush.roads 'peek': map.roads has no such period for the ways to travel of this day; "
                      "it has 'peak', 'day'", "travel.periods.noon 'peak': gives mode 'car' its times already",
                      "travel.periods.tea.days 'someday': no days", "travel.periods.late.hours: overlaps 'noon'"):
            self.assertIn(words, said)
        self.assertIn('must be "roads", or an object', self.plan(travel={'periods': 'road'}, expect=3))
        day = self.write()
        self.assertIn("travel.periods 'roads': the day has no roads", self.run_well('plan', day, expect=3).stderr)
        # Bicycles go by straight line here.
        carers = rows('carer_id,name,latitude,longitude,shift_start,shift_end,mode', f'ANN,Ann,{lat(0)},-3,06:00,14:00,bicycle')
        done = self.run_well('plan', self.write(carers=carers), '--roads', self.roads, '--iterations', 10)
        self.assertIn('has no periods for any way to travel of this day', done.stderr)

    def test_who_is_on_her_way_in_the_peak_has_begun(self):
        """To be there at 08:00 she leaves at 07:38 in the peak; at any other time she would leave at 07:49."""
        visits = rows('visit_id,client_id,latitude,longitude,windows,duration',
                      f'V1,C1,{lat(NODES - 1)},-3,08:00-08:00,30', f'V2,C2,{lat(4)},-3,10:00-12:00,30')
        for periods, begun in (('roads', [['V1']]), ({}, [[]])):
            self.plan(visits=visits, travel={'periods': periods})
            day, out, new = self.root / 'day', self.root / 'plan.json', self.root / 'new.json'
            (self.root / 'events.json').write_text(json.dumps([{'event': 'visit longer', 'visit_id': 'V1', 'duration': 100}]))
            self.run_well('replan', day, out, '--from', '07:45', '--events', self.root / 'events.json', '--iterations', 200,
                          '--out', new, '--roads', self.roads)
            self.run_well('check', day, new, '--roads', self.roads)
            plan = json.loads(new.read_text(encoding='utf-8'))
            self.assertEqual([[s['visit'] for s in r['stops']] for r in plan['replanned']['begun']] or [[]], begun)
            stops = {s['visit']: s for s in plan['rounds'][0]['stops']}
            self.assertEqual(clock(stops['V1']['start']), 8 * H)
            self.assertGreaterEqual(clock(stops['V2']['start']), 9 * H + 40 * M)

    def many(self):
        """Three carers and eleven doors along the road, so that there is something to choose."""
        visits = ['visit_id,client_id,latitude,longitude,windows,duration']
        for i in range(11):
            visits.append(f'V{i},C{i},{lat(0) + i * (lat(NODES - 1) - lat(0)) / 10.5},-3,0{6 + i % 3}:30-{10 + i % 3}:15,{20 + i}')
        carers = ['carer_id,name,latitude,longitude,shift_start,shift_end']
        carers += [f'K{k},Kim {k},{lat(2 * k)},-3,0{6 + k % 2}:00,13:00' for k in range(3)]
        return {'visits': rows(*visits), 'carers': rows(*carers)}

    def test_all_commands_know_them(self):
        plan = self.plan(**self.many())
        day, out, roads = self.root / 'day', self.root / 'plan.json', ('--roads', self.roads)
        self.assertEqual(plan['unallocated'], [])
        self.run_well('compare', day, out, out, *roads)
        evaluated = json.loads(self.run_well('evaluate', day, out, '--json', *roads).stdout)
        self.assertTrue(evaluated['valid'], evaluated)
        offers = json.loads(self.run_well('suggest', day, out, 'V3', '--json', *roads).stdout)
        self.assertTrue(offers, offers)
        self.run_well('explain', day, out, *roads)
        self.run_well('report', day, out, *roads)
        # Without the roads' periods it is another day.
        self.write(travel={'periods': {}}, **self.many())
        done = self.run_program('check', day, out, *roads)
        self.assertNotEqual(done.returncode, 0, done.stdout)

    def test_on_demand_it_is_the_same(self):
        for periods in ('roads', {'rush': {'hours': '07:30-09:30', 'car': 1.7}}):
            plans = [self.plan(travel={'periods': periods, 'on_demand_from': n}, **self.many()) for n in (2, 1000000)]
            self.assertEqual(plans[0]['rounds'], plans[1]['rounds'])
            self.assertEqual(plans[0]['cost'], plans[1]['cost'])

    def test_the_line_on_the_map_is_the_way_of_the_legs_own_time(self):
        """There at night on the main road; home in the peak, when it takes three times as long, by the lane east of it."""
        nodes = (f'<node id="1" lat="{lat(0)}" lon="-3"/><node id="2" lat="{lat(NODES - 1)}" lon="-3"/>'
                 f'<node id="3" lat="{lat(4)}" lon="-2.98"/>')
        ways = ''.join(f'<way id="{way}">{"".join(f"""<nd ref="{n}"/>""" for n in refs)}<tag k="highway" v="{kind}"/></way>'
                       for way, (kind, refs) in enumerate((('primary', (1, 2)), ('secondary', (1, 3, 2))), 1))
        (self.root / 'map.osm').write_text(f'<osm>{nodes}{ways}</osm>', encoding='utf-8')
        slow = {'from': '07:30', 'time_factor': {'country': {'primary': 3}}}
        (self.root / 'speeds.json').write_text(
            json.dumps({**SPEEDS, 'periods': {**SPEEDS['periods'], 'peak': slow}}), encoding='utf-8')
        self.run_well('roads', 'build', self.root / 'map.osm', '-o', self.roads, '--modes', 'car,foot', '--speeds',
                      self.root / 'speeds.json')
        visits = rows('visit_id,client_id,latitude,longitude,windows,duration', f'V1,C1,{lat(NODES - 1)},-3,07:15-07:15,30')
        plan = self.plan('--geojson', self.root / 'rota.geojson', visits=visits)
        features = json.loads((self.root / 'rota.geojson').read_text(encoding='utf-8'))['features']
        line = next(f['geometry']['coordinates'] for f in features if f['geometry']['type'] == 'LineString')
        turn = max(range(len(line)), key=lambda i: line[i][1])  # at the client's, in the north
        there, home = line[:turn + 1], line[turn:]
        self.assertLess(max(lon for lon, _ in there), -2.999)
        self.assertGreater(max(lon for lon, _ in home), -2.981)
        metres = [111_320 * sum(math.hypot((b[0] - a[0]) * math.cos(math.radians(55.92)), b[1] - a[1])
                                for a, b in zip(way, way[1:])) for way in (there, home)]
        for drawn_m, leg_m in zip(metres, (plan['rounds'][0]['stops'][0]['distance_m'], plan['rounds'][0]['home_distance_m'])):
            self.assertAlmostEqual(drawn_m, leg_m, delta=leg_m / 100)

    def test_rows_of_ones_own_go_before_the_roads(self):
        day = self.write()
        (day / 'matrix.csv').write_text(rows('from,to,seconds,metres,period', 'C1,home:ANN,100,1000,', 'home:ANN,C1,200,1500,peak'))
        out = self.root / 'plan.json'
        self.run_well('plan', day, '--roads', self.roads, '--iterations', 100, '--out', out)
        shift = json.loads(out.read_text(encoding='utf-8'))['rounds'][0]
        self.assertEqual(shift['home_travel_s'], 100)  # a row without a period holds all day
        self.assertLess(shift['stops'][0]['travel_s'], self.usual[0])


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('program')
    options, rest = parser.parse_known_args()
    PROGRAM = options.program
    unittest.main(argv=[sys.argv[0], *rest])
