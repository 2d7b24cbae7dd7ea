#!/usr/bin/env python3
"""The judges of the benchmark lines: right sums on small instances worked by hand, and every planted fault is seen."""

import argparse
import copy
import json
import os
import pathlib
import sys
import tempfile
import unittest

parser = argparse.ArgumentParser()
parser.add_argument('--source', type=pathlib.Path, required=True)
arguments, rest = parser.parse_known_args()
sys.path.insert(0, str(arguments.source / 'benchmarks'))
import judge  # noqa: E402

SOLOMON = """SMALL
VEHICLE
NUMBER     CAPACITY
  2         20
CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME
 0 0 0  0 0 100 0
 1 3 4 10 6  50 2
 2 3 0 10 0  90 2
 3 1 1 15 0  90 2
"""

# One vehicle can do all, but only to and fro: 1 at 10, 2 at 30, 3 from 51. Two do it with less distance.
SOLOMON_FAR = """FAR
VEHICLE
NUMBER     CAPACITY
  2         40
CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME
 0 0 0  0 0 100 0
 1 10 0 10 10  10 0
 2 -10 0 10 30 30 0
 3 11 0 10 51  60 0
"""

# A day of 200. Visits 1 and 3 are a pair (10000 in t_ij), 2 is single; the list of pairs lies.
BREDSTROM = """set N0 = 0;
set Shared_Visited:= (1,2),;
param kn:= 2;
param dn:= 1;
param T:= 200;
param s_id: 1 :=
0 0
1 45
2 20
3 45
;
param t_ij: 0 1 2 3 :=
0 10000 10 12 10
1 11 10000 7 10000
2 12 7 10000 7
3 11 10000 7 10000
;
param e_id: 1 :=
0 0
1 30
2 0
3 30
;
param l_id: 1 :=
0 200
1 60
2 150
3 60
;
"""

# Node 1 needs both services at once, node 2 service 1, node 3 service 1 and 5 to 8 minutes later service 2.
MANKOWSKA = """nbNodes
5
nbVehi
2
nbServi
2
r
1 1
1 1
1 0
1 1
1 1
DS
2 4
a
1 1
0 1
x
0 1 2 3 0
y
0 1 2 3 0
d
0 10.5 9 7 0
10.5 0 4 8 10.5
9 4 0 6.25 9
7 8 6.25 0 7
0 10.5 9 7 0
p
0 0
0 0
10 10
10 10
10 10
10 10
10 10
10 10
0 0
0 0
mind
9 0 9 5 9
maxd
9 0 9 8 9
e
0 20 0 0 0
l
600 40 30 50 1000
"""

# p1 needs both services at once, p2 service a, p3 service b and 5 to 8 minutes later service a. p2's window has noise.
UDINE = json.dumps({
    'distances': [[0, 10, 9, 7], [12, 0, 4, 8], [9, 5, 0, 6], [8, 8, 6, 0]],
    'central_offices': [{'id': 'd'}],
    'services': [{'id': 'a', 'default_duration': 10}, {'id': 'b', 'default_duration': 20}],
    'caregivers': [{'id': 'c1', 'abilities': ['a', 'b']}, {'id': 'c2', 'abilities': ['a']}],
    'patients': [
        {'id': 'p1', 'time_window': [20, 40], 'required_caregivers': [{'service': 'a'}, {'service': 'b', 'duration': 5}],
         'synchronization': {'type': 'simultaneous'}},
        {'id': 'p2', 'time_window': [0.5, 31.99999999999999], 'required_caregivers': [{'service': 'a'}]},
        {'id': 'p3', 'time_window': [0, 50], 'required_caregivers': [{'service': 'b'}, {'service': 'a'}],
         'synchronization': {'type': 'sequential', 'distance': [5, 8]}},
    ],
})

VISITS = """VisitId,UserId,Date,Time,Duration,CarerCount
501,11,2017-10-02,08:00:00,600,1
502,12,2017-10-02,09:00:00,900,2
503,13,2017-10-02,11:00:00,900,2
504,11,2017-10-03,08:00:00,600,1
"""
CARERS = """CarerId,Date,Begin,End
7,2017-10-02,2017-10-02T07:30:00,2017-10-02T09:30:00
8,2017-10-02,2017-10-02T07:30:00,2017-10-02T12:00:00
7,2017-10-03,2017-10-03T07:30:00,2017-10-03T12:00:00
7,2017-10-02,2017-10-02T09:30:00,2017-10-02T12:00:00
"""
DISTANCE = """UserId,11,12,13
0,11,0,300,70
1,12,310,0,80
2,13,70,80,0
"""


def stop(node, start, service=None):
    return {'node': node, 'service': service, 'start': start}


def line(format_name, objective, routes, unserved=()):
    return {
        'instance': 'small', 'format': format_name, 'objective': objective, 'bound': None, 'feasible': True,
        'unserved': list(unserved), 'seconds': 1.0, 'first_feasible_s': 0.1, 'seed': 1, 'threads': 1,
        'routes': [{'vehicle': vehicle, 'stops': stops} for vehicle, stops in routes.items()],
    }


class JudgeCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, name, text):
        (self.folder / name).write_text(text)
        return self.folder / name

    def assert_each_fault_is_seen(self, path, sound, faults):
        """faults: (what the judge says, how to spoil a copy of the sound line)."""
        judge.judge(path, sound, limit_s=1)
        for said, spoil in faults:
            spoilt = copy.deepcopy(sound)
            spoil(spoilt)
            with self.subTest(said), self.assertRaisesRegex(judge.Broken, said):
                judge.judge(path, spoilt, limit_s=1)


class Solomon(JudgeCase):
    def test_sum_and_faults(self):
        path = self.write('small.txt', SOLOMON)
        # 0-1-2-0: 5.0 + 4.0 + 3.0, 0-3-0: 1.4 + 1.4.
        sound = line('solomon', 14.8, {0: [stop(1, 6.0), stop(2, 12.0)], 1: [stop(3, 1.4)]})
        self.assertAlmostEqual(judge.judge(path, sound), 14.8)
        stops = lambda spoilt, route: spoilt['routes'][route]['stops']
        self.assert_each_fault_is_seen(path, sound, [
            ('node 2 starts at 11.9', lambda s: stops(s, 0)[1].update(start=11.9)),
            ('node 1 starts outside its window', lambda s: stops(s, 0)[0].update(start=5.5)),
            ('node 2 starts outside its window', lambda s: stops(s, 0)[1].update(start=90.5)),
            ('node 9 does not exist', lambda s: stops(s, 0)[0].update(node=9)),
            ('load 35 is over', lambda s: stops(s, 0).append(stop(3, 20.0))),
            ('node 3 is served 0 times', lambda s: s['routes'].pop()),
            ('node 1 is served 2 times', lambda s: stops(s, 1).__setitem__(0, stop(1, 9.0))),
            ('vehicle 0 has two routes', lambda s: s['routes'][1].update(vehicle=0)),
            ('vehicle 2 does not exist', lambda s: s['routes'][1].update(vehicle=2)),
            ('claims 14.7', lambda s: s.update(objective=14.7)),
            ('says feasible false', lambda s: s.update(feasible=False)),
            ('took 1.6 s', lambda s: s.update(seconds=1.6)),
            ('unserved is not empty', lambda s: s.update(unserved=[1])),
            ('lacks something', lambda s: stops(s, 0)[0].pop('start')),
            ('cannot be read', lambda s: s.update(error='cannot be read')),
        ])

    def test_back_at_the_depot_in_time(self):
        path = self.write('small.txt', SOLOMON.replace('0 100 0', '0 89 0'))
        with self.assertRaisesRegex(judge.Broken, 'back at the depot too late'):
            judge.judge(path, line('solomon', 14.8, {0: [stop(1, 6.0), stop(2, 85.0)], 1: [stop(3, 1.4)]}))


    def test_the_classic_convention(self):
        path = self.write('far.txt', SOLOMON_FAR)
        sound = line('solomon', 62.0, {0: [stop(1, 10.0), stop(2, 30.0), stop(3, 51.0)]}) | {'vehicles': 1}
        self.assertAlmostEqual(judge.judge(path, sound), 62.0)
        stops = lambda spoilt, route: spoilt['routes'][route]['stops']
        self.assert_each_fault_is_seen(path, sound, [
            ('node 3 starts at 50.99', lambda s: stops(s, 0)[2].update(start=50.99)),
            ('claims 2 vehicles', lambda s: s.update(vehicles=2)),
            ('claims 62.1', lambda s: s.update(objective=62.1)),
        ])
        # 0-1-3-2-0 in double precision, where DIMACS cuts every leg to a decimal.
        path = self.write('small.txt', SOLOMON.replace('20\n', '40\n', 1))
        length = 5 + 13**0.5 + 5**0.5 + 3
        classic = line('solomon', length, {0: [stop(1, 6.0), stop(3, 12.0), stop(2, 17.0)]}) | {'vehicles': 1}
        self.assertAlmostEqual(judge.judge(path, classic), length)


class Bredstrom(JudgeCase):
    def test_sum_and_faults(self):
        path = self.write('small.dat', BREDSTROM)
        # 0-1-0 is 10 + 11, 0-3-2-0 is 10 + 7 + 12.
        sound = line('bredstrom', 50, {0: [stop(1, 30)], 1: [stop(3, 30), stop(2, 82)]})
        self.assertEqual(judge.judge(path, sound), 50)
        stops = lambda spoilt, route: spoilt['routes'][route]['stops']
        self.assert_each_fault_is_seen(path, sound, [
            ('visit 2 starts at 81', lambda s: stops(s, 1)[1].update(start=81)),
            ('visit 1 starts outside its window', lambda s: stops(s, 0)[0].update(start=29)),
            ('visit 2 starts outside its window', lambda s: stops(s, 1)[1].update(start=151)),
            ('visits 1 and 3 start 1 apart', lambda s: stops(s, 0)[0].update(start=31)),
            ('visit 2 is served 0 times', lambda s: stops(s, 1).pop()),
            ('visit 2 is served 2 times', lambda s: stops(s, 0).append(stop(2, 90))),
            ('visit 4 does not exist', lambda s: stops(s, 0)[0].update(node=4)),
            ('claims 49', lambda s: s.update(objective=49)),
            ('unserved is not empty', lambda s: s.update(unserved=[2])),
            ('objective_kind balance', lambda s: s.update(objective_kind='balance')),
            # 63 minutes with 14 tenths: the visit to 2 would begin at 100.
            ('visit 2 starts at 82', lambda s: s.update(objective_kind='travel14')),
        ])

    def test_back_at_the_depot_in_time(self):
        path = self.write('small.dat', BREDSTROM.replace('200', '113'))
        with self.assertRaisesRegex(judge.Broken, 'carer 1 is back at 114'):
            judge.judge(path, line('bredstrom', 50, {0: [stop(1, 30)], 1: [stop(3, 30), stop(2, 82)]}))

    def test_a_pair_has_two_carers(self):
        path = self.write('small.dat', BREDSTROM.replace('1 45\n', '1 0\n'))
        with self.assertRaisesRegex(judge.Broken, 'visit 3 starts at 30'):
            judge.judge(path, line('bredstrom', 50, {0: [stop(1, 30), stop(3, 30)], 1: [stop(2, 82)]}))


class Mankowska(JudgeCase):
    def test_sum_and_faults(self):
        path = self.write('small.txt', MANKOWSKA)
        # Late: node 2 by 4, node 3 by 0.25 and 5.25. Travel 27.75 + 25.5.
        sound = line('mankowska', 68 / 3, {
            0: [stop(1, 20, 1), stop(2, 34, 1), stop(3, 50.25, 1)],
            1: [stop(1, 20, 2), stop(3, 55.25, 2)],
        })
        self.assertAlmostEqual(judge.judge(path, sound), 68 / 3)
        stops = lambda spoilt, route: spoilt['routes'][route]['stops']
        self.assert_each_fault_is_seen(path, sound, [
            ('node 2 starts at 33', lambda s: stops(s, 0)[1].update(start=33)),
            ('node 1 starts before its window', lambda s: stops(s, 0)[0].update(start=19)),
            ('node 1: 0.5 minutes apart', lambda s: stops(s, 1)[0].update(start=20.5)),
            ('node 3: 8.5 minutes apart', lambda s: stops(s, 1)[1].update(start=58.75)),
            ('node 3: 4.75 minutes apart', lambda s: stops(s, 1)[1].update(start=55.0)),
            ('service 2 at node 3 is not given', lambda s: stops(s, 1).pop()),
            ('carer 1 cannot give service 1', lambda s: stops(s, 1).append(stop(2, 90, 1))),
            ('service 2 at node 1 is given twice', lambda s: stops(s, 0).append(stop(1, 90, 2))),
            ('node 2 needs no service 2', lambda s: stops(s, 1).append(stop(2, 90, 2))),
            ('one carer gives both', lambda s: (stops(s, 1).pop(), stops(s, 0).append(stop(3, 60.25, 2)))),
            ('claims 22', lambda s: s.update(objective=22)),
        ])


class Udine(JudgeCase):
    def test_sum_and_faults(self):
        path = self.write('small.json', UDINE)
        # c1: p1 (b) at 20, 8 to p3 (b) at 33; c2: p1 (a) at 20, 4 to p2 at 34, 3 late of 31, 6 to p3 at 50; so p3 (b)
        # waits until 42. Travel 10 + 8 + 8 and 10 + 4 + 6 + 8.
        sound = line('udine', 60 / 3, {
            0: [stop(1, 20, 'b'), stop(3, 42, 'b')],
            1: [stop(1, 20, 'a'), stop(2, 34, 'a'), stop(3, 50, 'a')],
        })
        self.assertAlmostEqual(judge.judge(path, sound), 60 / 3)
        stops = lambda spoilt, route: spoilt['routes'][route]['stops']
        self.assert_each_fault_is_seen(path, sound, [
            ('node 2 starts at 33', lambda s: stops(s, 1)[1].update(start=33)),
            ('node 1: 1 minutes apart', lambda s: stops(s, 0)[0].update(start=21)),
            ('node 3: 9 minutes apart', lambda s: stops(s, 0)[1].update(start=41)),
            ('node 3: 4 minutes apart', lambda s: stops(s, 0)[1].update(start=46)),
            ('carer 1 cannot give service b', lambda s: s['routes'][0].update(vehicle=1) or s['routes'][1].update(vehicle=0)),
            ('node 2 needs no service b', lambda s: stops(s, 1)[1].update(service='b')),
            ('service a at node 3 is not given', lambda s: stops(s, 1).pop()),
            ('node 4 needs no service', lambda s: stops(s, 1)[2].update(node=4)),
            ('claims 21', lambda s: s.update(objective=21)),
        ])


class Strathclyde(JudgeCase):
    def test_sum_and_faults(self):
        self.write('visits.csv', VISITS)
        self.write('carers.csv', CARERS)
        self.write('distance.csv', DISTANCE)
        path = self.folder / '2017-10-02'
        # Segment 0: client 11 then 12, 300 s; segment 1: client 12 only. Visit 503 lacks both carers.
        sound = line('strathclyde', 200300,
                     {0: [stop(501, 28800), stop(502, 32400)], 1: [stop(502, 32400)]}, [503, 503])
        self.assertEqual(judge.judge(path, sound), 200300)
        stops = lambda spoilt, route: spoilt['routes'][route]['stops']
        self.assert_each_fault_is_seen(path, sound, [
            ('visit 501 starts 1801 s off', lambda s: stops(s, 0)[0].update(start=30601)),
            ('visit 501 starts at 26000', lambda s: stops(s, 0)[0].update(start=26000)),
            ('visit 502 starts at 29699', lambda s: stops(s, 0)[1].update(start=29699)),
            ('visit 502 ends after segment 0', lambda s: stops(s, 0)[1].update(start=33301)),
            ('the carers start apart', lambda s: stops(s, 1)[0].update(start=32401)),
            ('visit 502 has 1 carers of 2', lambda s: s['routes'].pop()),
            ('visit 503 has 1 carers', lambda s: stops(s, 1).append(stop(503, 39600))),
            ('visit 504 is not of this day', lambda s: stops(s, 0)[0].update(node=504)),
            ('unserved lists other visits', lambda s: s.update(unserved=[503])),
            ('claims 200299', lambda s: s.update(objective=200299)),
        ])

    def test_one_carer_is_not_two(self):
        self.write('visits.csv', VISITS)
        self.write('carers.csv', CARERS.replace('8,2017', '7,2017'))  # her segments overlap, a fault of the file
        self.write('distance.csv', DISTANCE)
        routes = {0: [stop(502, 32400)], 1: [stop(502, 32400)]}
        with self.assertRaisesRegex(judge.Broken, 'visit 502: one carer twice'):
            judge.judge(self.folder / '2017-10-02', line('strathclyde', 300000, routes, [501, 503, 503]))


class Published(unittest.TestCase):
    def test_the_files_are_read_as_they_are(self):
        shared = os.environ.get('CAREROUND_SHARED')
        if not shared:
            print('SKIPPED: the shared instances are not there (CAREROUND_SHARED is unset)', file=sys.stderr)
            self.skipTest('no shared instances')
        instances = pathlib.Path(shared) / 'instances'
        self.assertEqual(len(judge.Solomon(instances / 'solomon-1987/R101.txt').nodes), 101)
        self.assertEqual(len(judge.Mankowska(instances / 'mankowska-2014/InstanzVNS_HCSRP_300_2.txt').skills), 40)
        self.assertEqual(len(judge.Udine(instances / 'kummer-2021/HHCRSP_10_3_11_0.4_R_C.json').skills), 3)
        day = judge.Strathclyde(instances / 'strathclyde-2017/2017-10-01')
        self.assertEqual(sum(carers for *_, carers in day.visits.values()), 562)


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], *rest])
