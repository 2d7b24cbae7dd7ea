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

# Node 1: services a and b at once; node 2: a, two windows, optional; node 3: b, then a 5 to 8 minutes later. Every
# component has a weight, and lateness counts ends.
UHHC = json.dumps({
    'metadata': {'time_window_met': 'at_service_end', 'origin': 'generated', 'cost_components': {
        'travel_time': 1, 'total_tardiness': 2, 'highest_tardiness': 3, 'total_waiting_time': 5, 'total_extra_time': 7,
        'max_idle_time': 11, 'caregiver_preferences': 13, 'optional_patients': 100, 'missed_lunch_break': 50,
        'workload_balance': 17}},
    'distances': [[0, 10, 9, 7], [12, 0, 4, 8], [9, 5, 0, 6], [8, 8, 6, 0]],
    'terminal_points': [{'id': 'd', 'distance_matrix_index': 0}],
    'services': [{'id': 'a'}, {'id': 'b'}],
    'lunch_breaks': {'start': 60, 'end': 120, 'min_duration': 30},
    'caregivers': [
        {'id': 'c1', 'abilities': ['a', 'b'], 'departing_point': 'd', 'arrival_point': 'd',
         'working_shift': {'start': 5, 'end': 200}, 'lunch_break': True},
        {'id': 'c2', 'abilities': ['a'], 'departing_point': 'd', 'arrival_point': 'd',
         'working_shift': {'start': 0, 'end': 80}, 'lunch_break': False}],
    'patients': [
        {'id': 'p1', 'distance_matrix_index': 1, 'time_windows': [{'start': 20, 'end': 40}],
         'preferred_caregivers': ['c1'], 'synchronization': {'type': 'simultaneous'},
         'required_services': [{'service': 'a', 'duration': 10}, {'service': 'b', 'duration': 25}]},
        {'id': 'p2', 'distance_matrix_index': 2, 'optional': True,
         'time_windows': [{'start': 0, 'end': 10}, {'start': 30, 'end': 45}],
         'required_services': [{'service': 'a', 'duration': 12}]},
        {'id': 'p3', 'distance_matrix_index': 3, 'time_windows': [{'start': 0, 'end': 150}],
         'incompatible_caregivers': [], 'synchronization': {'type': 'sequential', 'distance': {'min': 5, 'max': 8}},
         'required_services': [{'service': 'b', 'duration': 20}, {'service': 'a', 'duration': 10}]}],
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
        self.assertAlmostEqual(judge.judge(path, sound | {'bound': 14.8}), 14.8)
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
            ('a bound of 14.9 is above', lambda s: s.update(bound=14.9)),
            ('a bound of nan is above', lambda s: s.update(bound=float('nan'))),
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


class UnifiedHomeCare(JudgeCase):
    """c1: node 1 (b) 20..45, 8 to node 3 (b) at 53..73, lunch there 73..103, 8 home, back at 111 of 200.
    c2: node 1 (a) 20..30, 4 to node 2 (a) at 34..46, 6 to node 3 (a) at 60..70, 8 home, back at 78 of 80.

    Travel 10 + 8 + 8 and 10 + 4 + 6 + 8 = 54. Late by 45 - 40 and, of the second window, 46 - 45: 6, at most 5. Waiting 8
    (60 - 52). Idle 5 + 89 for c1 (leaves at 10), 10 + 8 + 2 for c2. c2 is not wished for at node 1. Work 26 + 45 and
    28 + 32, the mean is 65.5, so 6 + 6.
    """

    SUM = 54 + 2 * 6 + 3 * 5 + 5 * 8 + 11 * 94 + 13 * 1 + 17 * 12

    def sound(self):
        lunch = {'node': 3, 'break': True, 'start': 73, 'end': 103}
        sound = line('uhhc', self.SUM, {
            0: [stop(1, 20, 'b'), stop(3, 53, 'b'), lunch],
            1: [stop(1, 20, 'a'), stop(2, 34, 'a'), stop(3, 60, 'a')],
        })
        sound['routes'][0].update({'depart': 10, 'return': 111})
        sound['routes'][1].update({'depart': 10, 'return': 78})
        return sound

    def test_sum_and_faults(self):
        path = self.write('small.json', UHHC)
        self.assertEqual(judge.judge(path, self.sound()), self.SUM)
        stops = lambda spoilt, route: spoilt['routes'][route]['stops']
        self.assert_each_fault_is_seen(path, self.sound(), [
            ('node 2 starts at 33, arrival 34', lambda s: stops(s, 1)[1].update(start=33)),
            ('node 1 starts at 19, before its window', lambda s: stops(s, 0)[0].update(start=19) or s['routes'][0].update(depart=9)),
            ('node 1: -1 minutes apart', lambda s: stops(s, 1)[0].update(start=21) or s['routes'][1].update(depart=11) or stops(s, 1)[1].update(start=35)),
            ('node 3: 9 minutes apart', lambda s: stops(s, 1)[2].update(start=62) or s['routes'][1].update({'return': 80})),
            ('departs at 9, not 10', lambda s: s['routes'][0].update(depart=9)),
            ('returns at 112, not 111', lambda s: s['routes'][0].update({'return': 112})),
            ('lunches 31 minutes', lambda s: stops(s, 0)[2].update(end=104)),
            ('lunches at 91, not 60 to 90', lambda s: stops(s, 0)[2].update(start=91, end=121)),
            ('node 2 starts at 73, arrival 79', lambda s: stops(s, 0)[2].update(node=2)),
            ('node 9 does not exist', lambda s: stops(s, 0)[2].update(node=9)),
            ('carer 1 has no lunch break', lambda s: stops(s, 1).append(stops(s, 0)[2])),
            ('node 2 needs no service b', lambda s: stops(s, 1)[1].update(service='b')),
            ('service a at node 3 is given twice', lambda s: stops(s, 1)[1].update(node=3, start=38)),
            ('node 4 does not exist', lambda s: stops(s, 1)[2].update(node=4)),
            ('unserved lists others', lambda s: s.update(unserved=[2])),
            ('claims 1', lambda s: s.update(objective=1)),
        ])

    def test_what_an_optional_patient_and_a_lunch_cost(self):
        path = self.write('small.json', UHHC)
        less = self.sound()
        less['routes'][0]['stops'].pop()
        less['routes'][0]['return'] = 81
        less['routes'][1]['stops'].pop(1)  # node 3 straight from node 1, 8 away: arrives at 38, waits until 60
        less['unserved'] = [2]
        # c1 is idle 30 more, c2 waits 22 in place of 8; travel is 2 less, c2 works 2 + 12 less: 71 and 46, mean 58.5.
        less['objective'] = 52 + 2 * 5 + 3 * 5 + 5 * 22 + 11 * 124 + 13 + 17 * 26 + 100 + 50
        self.assertEqual(judge.judge(path, less), less['objective'])

    def test_what_must_be_zero(self):
        for component, said in [('total_tardiness', 'total_tardiness is 6'), ('max_idle_time', 'max_idle_time is 94')]:
            file = json.loads(UHHC)
            file['metadata']['cost_components'][component] = 'HARD'
            with self.subTest(component), self.assertRaisesRegex(judge.Broken, said):
                judge.judge(self.write('hard.json', json.dumps(file)), self.sound())
        file = json.loads(UHHC)
        del file['metadata']['cost_components']['caregiver_preferences']
        with self.assertRaisesRegex(judge.Broken, 'caregiver_preferences is 1'):
            judge.judge(self.write('hard.json', json.dumps(file)), self.sound())


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
            ('a bound of 200301 is above', lambda s: s.update(bound=200301)),
        ])

    def test_one_carer_is_not_two(self):
        self.write('visits.csv', VISITS)
        self.write('carers.csv', CARERS.replace('8,2017', '7,2017'))  # her segments overlap, a fault of the file
        self.write('distance.csv', DISTANCE)
        routes = {0: [stop(502, 32400)], 1: [stop(502, 32400)]}
        with self.assertRaisesRegex(judge.Broken, 'visit 502: one carer twice'):
            judge.judge(self.folder / '2017-10-02', line('strathclyde', 300000, routes, [501, 503, 503]))


def uhhc_line(instance, solution):
    """A published solution as a line; lunches are listed last but taken in their time, at the patient they name."""
    judged, file = judge.Uhhc(instance), json.loads(instance.read_text())
    node = {patient['id']: patient['distance_matrix_index'] for patient in file['patients']}
    carers = [carer['id'] for carer in file['caregivers']]
    routes = []
    visits = [visit for route in solution['routes'] for visit in route.get('locations', [])]
    given = {node[visit['patient']] for visit in visits if visit['service'] != 'lunch_break'}
    for route in solution['routes']:
        carer = carers.index(route['caregiver_id'])
        stops = []
        for visit in route.get('locations', []):
            start = visit.get('arrival_time', visit.get('start_time'))
            if visit['service'] == 'lunch_break':
                at = node[visit['patient']] if node[visit['patient']] in given else judged.homes[carer][0]
                stops.append({'node': at, 'break': True, 'start': start,
                              'end': start + file['lunch_breaks']['min_duration']})
            else:
                stops.append(stop(node[visit['patient']], start, visit['service']))
        if not stops:
            continue
        stops.sort(key=lambda s: (s['start'], s.get('end', s['start'])))
        begin, first, last = file['caregivers'][carer]['working_shift']['start'], stops[0], stops[-1]
        length = last['end'] - last['start'] if last.get('break') else judged.duration[last['node'], last['service']]
        leg = judged.distance[judged.homes[carer][0]][first['node']]
        routes.append({'vehicle': carer, 'stops': stops,
                       'depart': begin if judged.leaves_at_begin else max(begin, first['start'] - leg),
                       'return': last['start'] + length + judged.distance[last['node']][judged.homes[carer][1]]})
    unserved = [n for n, _ in judged.duration if n not in given]
    return {'routes': routes, 'unserved': unserved}


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


    def test_published_uhhc_solutions_have_their_published_cost(self):
        shared = os.environ.get('CAREROUND_SHARED')
        if not shared:
            self.skipTest('no shared instances')
        folder = pathlib.Path(shared) / 'instances/uhhc-2026'
        solutions = sorted(folder.glob('solutions/*/*.sol.json'))
        self.assertEqual(len(solutions), 62)
        for path in solutions:
            solution = json.loads(path.read_text())
            instance = folder / path.parent.name / path.name.replace('.sol', '')
            with self.subTest(path.name):
                self.assertEqual(judge.Uhhc(instance).judge(uhhc_line(instance, solution)), solution['cost']['objective'])


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], *rest])
