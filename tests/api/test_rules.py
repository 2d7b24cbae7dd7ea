#!/usr/bin/env python3
"""The rules of a day reach the plan: small days in which one rule decides, from the CSV files to plan.json.

All clients live at one place and the carers start anywhere, so that nothing but the rule makes a difference.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

PROGRAM = None


def rows(*lines):
    return '\n'.join(lines) + '\n'


class Rules(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.root = pathlib.Path(self.temporary.name)

    def plan(self, visits, carers, settings=None, expect=0, **files):
        """The plan of a day, which the checker passes."""
        day, out = self.root / 'day', self.root / 'plan.json'
        day.mkdir(exist_ok=True)
        settings = {'date': '2026-11-23', 'breaks': {'six_hour_rule': False}, **(settings or {})}
        (day / 'settings.json').write_text(json.dumps(settings), encoding='utf-8')
        for name, text in {'visits': visits, 'carers': carers, **files}.items():
            if text is not None:
                (day / f'{name}.csv').write_text(text, encoding='utf-8')
        done = self.run_program('plan', day, '--iterations', 300, '--out', out)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        if expect:
            return None
        checked = self.run_program('check', day, out)
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)
        return json.loads(out.read_text(encoding='utf-8'))

    def run_program(self, *args):
        return subprocess.run([PROGRAM, *map(str, args)], capture_output=True, text=True, timeout=60, check=False)

    def test_travel_takes_longer_in_the_peak(self):
        """Ten minutes each way, by matrix.csv; from 07:30 to 09:30 half as long again."""
        visits = rows('visit_id,client_id,windows,duration', 'V1,C1,07:35-07:35,30')
        carers = rows('carer_id,name,shift_start,shift_end', 'ANN,Ann,06:00,14:00')
        matrix = rows('from,to,seconds,metres', 'home:ANN,C1,600,5000', 'C1,home:ANN,600,5000')
        periods = {'visits': {'door': 0}, 'travel': {'periods': {'morning peak': {'hours': '07:30-09:30', 'car': 1.5}}}}
        plan = self.plan(visits, carers, periods, matrix=matrix)
        shift = plan['rounds'][0]
        # To be there at 07:35: 5 minutes in the peak are a third of 15; two thirds of the way take 6:40 before it.
        self.assertEqual((shift['depart'], shift['arrive']), ('07:23', '08:20'))
        self.assertEqual(shift['stops'][0]['travel_s'], 700)
        self.assertEqual(shift['home_travel_s'], 900)
        self.assertIn('morning peak', plan['travel_source'])
        # A row of its own counts instead of the factor.
        matrix = rows('from,to,seconds,metres,period', 'home:ANN,C1,600,5000,', 'C1,home:ANN,600,5000,',
                      'C1,home:ANN,1200,7000,Morning Peak')
        plan = self.plan(visits, carers, periods, matrix=matrix)
        self.assertEqual(plan['rounds'][0]['home_travel_s'], 1200)
        self.assertEqual(plan['rounds'][0]['figures']['distance_m'], 12000)

    def served(self, plan):
        """visit -> [(carer, start, end)]."""
        found = {}
        for shift in plan['rounds']:
            for stop in shift['stops']:
                if 'visit' in stop:
                    found.setdefault(stop['visit'], []).append((shift['carer'], stop['start'], stop['end']))
        return found

    def term(self, plan, name):
        """What a term of the cost comes to, in pence."""
        return next(t['pence'] for t in plan['cost']['terms'] if t['term'] == name)

    def test_a_change_against_the_published_rota_costs(self):
        carers = rows('carer_id,shift_start,shift_end', 'ANN,08:00,12:00', 'BOB,08:00,12:00')
        head = 'visit_id,client_id,latitude,longitude,windows,duration,lock_carer,lock_time,preferred_carers'
        self.plan(rows(head, 'V1,C1,55.89,-3.07,09:00-11:00,30,BOB,09:30,'), carers)
        published = self.root / 'published.json'
        (self.root / 'plan.json').rename(published)
        # Now Ann is wished for (200), and 10:00 is the only time left: 30 minutes later, 15 of them free.
        visits = rows(head, 'V1,C1,55.89,-3.07,10:00-11:00,30,,,ANN')

        def replan(price):
            prices = {'changed_carer_per_visit': price, 'moved_per_minute': 4, 'unfamiliar_per_visit': 0}
            self.plan(visits, carers, {'prices': prices})
            out = self.root / 'changed.json'
            done = self.run_program('plan', self.root / 'day', '--published', published, '--iterations', 300, '--out', out)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            for command in ('check', 'report'):  # the plan says what it was compared with
                done = self.run_program(command, self.root / 'day', out)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            plan = json.loads(out.read_text(encoding='utf-8'))
            self.assertEqual(plan['published'], [{'visit': 'V1', 'start_s': 34200, 'start': '09:30', 'carers': ['BOB']}])
            return self.served(plan)['V1'], self.term(plan, 'changes')
        self.assertEqual(replan(300), ([('BOB', '10:00', '10:30')], 15 * 4))
        self.assertEqual(replan(100), ([('ANN', '10:00', '10:30')], 100 + 15 * 4))

    def test_a_trainee_takes_longer(self):
        # Tom's shift ends 40 minutes after the visit begins; he would need 45.
        visits = rows('visit_id,client_id,latitude,longitude,windows,duration,duration_by_grade',
                      'V1,C1,55.89,-3.07,09:00-09:00,30,trainee:45;senior:0:20')
        carers = rows('carer_id,grade,shift_start,shift_end', 'TOM,trainee,08:00,09:40')
        plan = self.plan(visits, carers)
        self.assertEqual(self.served(plan), {})
        self.assertEqual(plan['unallocated'][0]['reasons'][0]['reason'], 'no shift then')
        plan = self.plan(visits, carers.replace('09:40', '09:45'))
        self.assertEqual(self.served(plan), {'V1': [('TOM', '09:00', '09:45')]})
        plan = self.plan(visits, carers + 'SUE,Senior,08:00,09:20\n')
        self.assertEqual(self.served(plan), {'V1': [('SUE', '09:00', '09:20')]})

    def test_patches_are_priced_or_hard(self):
        # Only Ned is at work when V1 can be; he works the north, and V1 lies in the south.
        visits = rows('visit_id,client_id,latitude,longitude,windows,duration,patch',
                      'V1,C1,55.89,-3.07,09:00-09:00,30,south', 'V2,C1,55.89,-3.07,09:30-09:30,30,North')
        carers = rows('carer_id,provider,patches,patches_hard,shift_start,shift_end',
                      'NED,agency,north,{hard},08:00,12:00', 'SUE,agency,south;west,,13:00,17:00')
        plan = self.plan(visits, carers.format(hard=''))
        self.assertEqual(set(self.served(plan)), {'V1', 'V2'})
        self.assertEqual(self.term(plan, 'patch'), 200)
        plan = self.plan(visits, carers.format(hard='yes'))
        self.assertEqual(set(self.served(plan)), {'V2'})
        reasons = {r['reason']: r['carers'] for r in plan['unallocated'][0]['reasons']}
        self.assertEqual(reasons, {'patch': 1, 'no shift then': 1})
        providers = rows('provider,patches_hard', 'agency,yes')
        plan = self.plan(visits, carers.format(hard=''), providers=providers)
        self.assertEqual(set(self.served(plan)), {'V2'})

    def test_overtime_and_contracted_hours_are_paid(self):
        # Two hours of care at 12 pounds; Ann's overtime begins after one, Bea is contracted for one.
        visits = rows('visit_id,client_id,latitude,longitude,windows,duration,door_min',
                      'V1,C1,55.89,-3.07,09:00-09:00,60,0', 'V2,C1,55.89,-3.07,10:00-10:00,60,0')
        carers = rows('carer_id,pay_per_hour,overtime_after,overtime_rate,contracted,shift_start,shift_end',
                      'ANN,12,1:00,1.5,,08:00,12:00')
        plan = self.plan(visits, carers)
        self.assertEqual((self.term(plan, 'wages'), self.term(plan, 'overtime')), (2400, 600))
        plan = self.plan(visits, carers + 'BEA,12,,,1:00,08:00,12:00\n')
        self.assertEqual((self.term(plan, 'wages'), self.term(plan, 'overtime'), self.term(plan, 'shortfall')),
                         (2400, 0, 0))
        plan = self.plan(visits, carers + 'BEA,12,,,1:00,14:00,18:00\n')
        self.assertEqual((self.term(plan, 'overtime'), self.term(plan, 'shortfall')), (600, 1200))

    def test_a_second_carer_comes_for_a_part(self):
        # Bea is free from 09:25 on, Ann all morning: the hoist is due 20 to 30 minutes after Ann begins, for a quarter of
        # an hour. Ann begins at 09:00, as both would rather have it; Bea is there from 09:25.
        visits = rows('visit_id,client_id,latitude,longitude,windows,duration,carers,duration_2,second_after,'
                      'second_after_max,preferred_time,lock_carer',
                      'V1,C1,55.89,-3.07,09:00-09:00,45,2,15,20,30,,ANN')
        carers = rows('carer_id,shift_start,shift_end', 'ANN,08:00,12:00', 'BEA,09:23,12:00')
        served = self.served(self.plan(visits, carers))
        self.assertEqual(served['V1'], [('ANN', '09:00', '09:45')])
        (who, start, end), = served['V1/2']
        self.assertEqual(who, 'BEA')
        self.assertIn(start, ('09:25', '09:26', '09:27', '09:28', '09:29', '09:30'))
        self.assertEqual(int(end[3:]) - int(start[3:]), 15)
        done = self.run_program('report', self.root / 'day', self.root / 'plan.json')
        self.assertIn('For a part   1 of 1 second carers placed', done.stdout)
        # Without Bea nobody comes: there is no visit by half.
        plan = self.plan(visits, carers.replace('BEA,09:23,12:00', 'BEA,09:31,12:00'))
        self.assertEqual(sorted(u['visit'] for u in plan['unallocated']), ['V1', 'V1/2'])

    def test_visits_are_served_both_or_neither(self):
        head = 'visit_id,client_id,latitude,longitude,windows,duration,only_with'
        visits = rows(head, 'V1,C1,55.89,-3.07,09:00-09:00,30,', 'V2,C2,55.89,-3.07,20:00-20:00,30,V1')
        carers = rows('carer_id,shift_start,shift_end', 'ANN,08:00,12:00')
        plan = self.plan(visits, carers)
        self.assertEqual(sorted(u['visit'] for u in plan['unallocated']), ['V1', 'V2'])

    def test_contracts_with_providers(self):
        # An agency's half hour costs 9.80, an hour 18.40; Ann's costs 6 and 12. She can do one of the two at 09:00.
        visits = rows('visit_id,client_id,latitude,longitude,windows,duration,door_min',
                      'V1,C1,55.89,-3.07,09:00-09:00,60,0', 'V2,C2,55.89,-3.07,09:00-09:00,30,0',
                      'V3,C3,55.89,-3.07,10:30-10:30,60,0')
        carers = rows('carer_id,provider,pay_per_hour,shift_start,shift_end', 'ANN,own,13,08:00,12:00',
                      'BEA,agency,,08:00,12:00')
        head = 'provider,price_by_length,price_per_hour,block_hours,min_hours,max_hours,max_visits'
        plan = self.plan(visits, carers, providers=rows(head, 'own,,,,,,', 'agency,30:9.80;60:18.40,,,,,'))
        self.assertEqual((self.term(plan, 'contracts'), self.term(plan, 'wages')), (980, 3250))  # and she waits for half an hour
        own, agency = plan['providers']
        self.assertIsNone(own['contract'])
        self.assertEqual((agency['contract']['care_s'], agency['contract']['carer_visits'], agency['contract']['pence']),
                         (1800, 1, 980))
        done = self.run_program('report', self.root / 'day', self.root / 'plan.json')
        self.assertIn('Contracts    agency: 30 min of care, 1 visit, £9.80', done.stdout)
        # Two hours are paid for anyway: Bea does what she can of them, the two long ones.
        plan = self.plan(visits, carers, providers=rows(head, 'own,,,,,,', 'agency,,15,2,,,'))
        self.assertEqual((self.term(plan, 'contracts'), self.term(plan, 'wages')), (3000, 650))
        # An hour at least, half an hour at most: the two contradict.
        self.plan(visits, carers, expect=3, providers=rows(head, 'own,,,,,,', 'agency,,15,,1,0.5,'))
        # Nobody of the agency may come more than once.
        plan = self.plan(visits, carers.replace('ANN,own,13,08:00,12:00', 'ANN,own,13,06:00,07:00'),
                         providers=rows(head, 'own,,,,,,', 'agency,,15,,,,1'))
        self.assertEqual(len(plan['unallocated']), 2)

    def accepted(self, visits, carers, *accepted, settings=None):
        """The accepted breaches of the plan, as (rule, text), and how many visits it leaves out."""
        head = 'rule,visit_id,other_visit_id,carer_id,up_to,who,when,why'
        text = rows(head, *(line + ',Sue,2026-11-20,nobody else' for line in accepted))
        plan = self.plan(visits, carers, settings, accepted=text)
        for breach in plan['accepted_breaches']:
            self.assertEqual((breach['who'], breach['when'], breach['why']), ('Sue', '2026-11-20', 'nobody else'))
        return [(b['rule'], b['text'].split(': ', 1)[1].split(';')[0]) for b in plan['accepted_breaches']], plan

    def test_what_was_accepted_is_used_and_listed(self):
        # Ann can do one visit after the other: the second 10 minutes after its window, back 10 minutes past her shift,
        # with half an hour more work than agreed, and one visit more.
        visits = rows('visit_id,client_id,latitude,longitude,windows,duration,door_min',
                      'V1,C1,55.89,-3.07,09:00-09:00,30,0', 'V2,C2,55.89,-3.07,09:20-09:20,30,0')
        carers = rows('carer_id,shift_start,shift_end,max_work,max_visits', 'ANN,08:00,09:50,0:30,1')
        found, plan = self.accepted(visits, carers)
        self.assertEqual((found, len(plan['unallocated'])), ([], 1))
        all_of_it = ('window,V2,,,15', 'shift,,,ANN,15', 'most work,,,ANN,45', 'most visits,,,ANN,1')
        found, plan = self.accepted(visits, carers, *all_of_it)
        self.assertEqual(plan['unallocated'], [])
        self.assertEqual(sorted(found), [
            ('most load', '2 visits, at most 1 are allowed'), ('most work', '1 h 00 min of work, at most 30 min are allowed'),
            ('shift', 'on duty at 10:00, but the shift has its limit at 09:50'),
            ('window', 'starts at 09:30, but the nearest allowed is 09:20')])
        self.assertEqual((self.term(plan, 'lateness'), self.term(plan, 'overrun')), (500, 500))
        done = self.run_program('report', self.root / 'day', self.root / 'plan.json')
        self.assertIn('starts at 09:30, but the nearest allowed is 09:20; accepted by Sue', done.stdout)
        # What goes beyond it was accepted by nobody: here only five minutes are.
        (self.root / 'day' / 'accepted.csv').write_text((self.root / 'day' / 'accepted.csv').read_text().replace('window,V2,,,15', 'window,V2,,,5'))
        checked = self.run_program('check', self.root / 'day', self.root / 'plan.json')
        self.assertEqual(checked.returncode, 4, checked.stderr)
        self.assertIn('the nearest allowed is 09:25', checked.stdout)
        self.assertNotIn('the nearest allowed is 09:25; accepted', checked.stdout)
        found, plan = self.accepted(visits, carers, *all_of_it[1:])  # not the window: then nothing helps
        self.assertEqual((found, len(plan['unallocated'])), ([], 1))

    def test_what_only_fits_as_accepted_is_not_called_impossible(self):
        visits = rows('visit_id,client_id,latitude,longitude,windows,duration,door_min', 'V1,C1,55.89,-3.07,09:40-09:40,15,0')
        carers = rows('carer_id,shift_start,shift_end', 'ANN,08:00,09:50')
        day = self.root / 'day'
        found, plan = self.accepted(visits, carers, 'shift,,,ANN,15')
        self.assertEqual(([rule for rule, _ in found], plan['unallocated']), (['shift'], []))
        self.assertNotIn('cannot be served', self.run_program('plan', day, '--dry-run').stderr)
        (day / 'accepted.csv').unlink()
        self.assertIn('cannot be served', self.run_program('plan', day, '--dry-run').stderr)

    def test_gaps_that_give_way(self):
        visits = rows('visit_id,client_id,latitude,longitude,windows,duration,gap_after,gap_min,same_carer_as',
                      'V1,C1,55.89,-3.07,09:00-09:00,30,,,', 'V2,C1,55.89,-3.07,11:30-11:30,30,V1,3:00,',
                      'V3,C1,55.89,-3.07,16:00-16:00,30,,,V1')
        carers = rows('carer_id,shift_start,shift_end', 'ANN,08:00,12:00', 'BEA,14:00,18:00')
        found, plan = self.accepted(visits, carers)
        self.assertEqual((found, len(plan['unallocated'])), ([], 1))  # V1 alone stands in the way of both
        found, plan = self.accepted(visits, carers, 'gap,V2,V1,,30', 'gap carers,V3,V1,,')
        self.assertEqual(plan['unallocated'], [])
        self.assertEqual(sorted(found), [
            ('gap', '2 h 30 min between it and visit V2 (C1), but it must be at least 3 h 00 min'),
            ('gap carers', 'must have the same carer as visit V3 (C1)')])

    def test_overrun_idle_time_and_imbalance(self):
        # Two visits one after the other, 09:00-09:30 and 09:30-10:00; Ann is paid until 09:50, Bea a pound dearer.
        visits = rows('visit_id,client_id,latitude,longitude,windows,duration,door_min',
                      'V1,C1,55.89,-3.07,09:00-09:00,30,0', 'V2,C1,55.89,-3.07,09:30-09:30,30,0')
        head = 'carer_id,pay_per_hour,shift_start,paid_end,shift_end'
        carers = rows(head, 'ANN,13,09:00,09:50,12:00', 'BEA,14,09:00,,12:00')
        plan = self.plan(visits, carers, {'prices': {'overrun_per_minute': 2}})
        self.assertEqual(self.term(plan, 'overrun'), 20)
        self.assertEqual([who for who, _, _ in self.served(plan)['V2']], ['ANN'])
        plan = self.plan(visits, carers, {'prices': {'overrun_per_minute': 50}})
        self.assertEqual(self.term(plan, 'overrun'), 0)
        # Alike but for their pay: one of them does both, until their work should be even, or no shift idle.
        alike = rows(head, 'ANN,13,09:00,,12:00', 'BEA,13.01,09:00,,12:00')
        plan = self.plan(visits, alike)
        self.assertEqual((self.term(plan, 'imbalance'), self.term(plan, 'idle time')), (0, 0))
        self.assertEqual(len(plan['rounds']), 1)
        plan = self.plan(visits, alike, {'prices': {'imbalance_per_minute': 50, 'unfamiliar_per_visit': 0}})
        self.assertEqual((self.term(plan, 'imbalance'), len(plan['rounds'])), (0, 2))
        plan = self.plan(visits, alike, {'prices': {'worst_idle_per_minute': 50, 'unfamiliar_per_visit': 0}})
        self.assertEqual((self.term(plan, 'idle time'), len(plan['rounds'])), (150 * 50, 2))

    def test_who_leaves_as_the_shift_begins(self):
        visits = rows('visit_id,client_id,latitude,longitude,windows,duration', 'V1,C1,55.89,-3.07,10:00-10:00,30')
        carers = rows('carer_id,shift_start,shift_end,starts_at_begin', 'ANN,09:00,12:00,yes')
        shift, = self.plan(visits, carers)['rounds']
        self.assertEqual(shift['depart'], '09:00')
        shift, = self.plan(visits, carers.replace('yes', 'no'))['rounds']
        self.assertEqual(shift['depart'], '09:58')

    def test_capacity_held_back(self):
        # Ann is held back from ten to noon: the visit at half past ten is Bea's, who is dearer, or nobody's.
        visits = rows('visit_id,client_id,latitude,longitude,windows,duration', 'V1,C1,55.89,-3.07,09:00-09:00,30',
                      'V2,C1,55.89,-3.07,10:30-10:30,30', 'V3,C1,55.89,-3.07,12:05-12:05,30')
        carers = rows('carer_id,pay_per_hour,shift_start,shift_end,kept_free', 'ANN,13,08:00,13:00,10:00-12:00')
        plan = self.plan(visits, carers)
        self.assertEqual([u['visit'] for u in plan['unallocated']], ['V2'])
        shift, = plan['rounds']
        kept, = (stop for stop in shift['stops'] if stop['kind'] == 'break')
        self.assertEqual((kept['start'], kept['end'], kept['kept_free'], kept['paid']), ('10:00', '12:00', True, True))
        done = self.run_program('report', self.root / 'day', self.root / 'plan.json')
        self.assertIn('Kept free    2 h 00 min in 1 shift', done.stdout)
        plan = self.plan(visits, carers + 'BEA,14,08:00,13:00,\n')
        self.assertEqual([who for who, _, _ in self.served(plan)['V2']], ['BEA'])

    def test_time_is_held_back_of_whoever_suits(self):
        # Two hours from 09:00 to 12:00 in pieces of one. Ann has a visit at 10:00, Bea none; Cy is of another provider. Ann
        # costs 13 pounds an hour, Bea 14: Ann takes one piece before her visit or after it, at the client's, and another.
        visits = rows('visit_id,client_id,latitude,longitude,windows,duration,door_min', 'V1,C1,55.89,-3.07,10:00-10:00,30,0')
        head = 'carer_id,name,provider,pay_per_hour,shift_start,shift_end'
        carers = rows(head, 'ANN,Ann,A,13,09:00,12:00', 'BEA,Bea,A,14,08:00,13:00', 'CY,Cy,B,10,08:00,13:00')
        held = rows('name,hours,window,piece,provider', 'Discharges,2:00,09:00-12:00,1:00,A')
        still = {'prices': {'unfamiliar_per_visit': 0}}
        plan = self.plan(visits.replace('door_min', 'door_min,lock_carer').replace('30,0', '30,0,ANN'), carers, still,
                         held_back=held)
        served = self.served(plan)
        self.assertEqual(served['held-1-1'][0][0], 'ANN')
        self.assertEqual(served['held-1-2'][0][0], 'ANN')
        times = sorted((start, end) for _, start, end in (served['held-1-1'][0], served['held-1-2'][0]))
        self.assertEqual(times[0], ('09:00', '10:00'))
        self.assertLessEqual(('10:30', '11:30'), times[1])
        self.assertEqual((plan['figures']['visits'], plan['figures']['held_back_s'], plan['figures']['held_back_wanted_s']),
                         (1, 7200, 7200))
        self.assertEqual(self.term(plan, 'wages'), 1300 * 2 + 650)
        done = self.run_program('report', self.root / 'day', self.root / 'plan.json', '--html', self.root / 'page.html')
        self.assertIn('Visits       1 of 1 placed', done.stdout)
        self.assertRegex(done.stdout, r'Held back    2 h 00 min of 2 h 00 min: Ann 09:00-10:00, 1[01]:\d\d-1[12]:\d\d')
        self.assertIn('Discharges, 09:00 to 10:00', (self.root / 'page.html').read_text(encoding='utf-8'))
        # A visit goes before it: with Bea away and another visit of an hour, Ann can hold one piece only.
        more = visits + 'V2,C2,55.89,-3.07,10:30-10:30,60,0\n'
        plan = self.plan(more, carers.replace('BEA,Bea,A,14,08:00,13:00\n', '').replace('CY,Cy,B,10,08:00,13:00\n', ''), still,
                         held_back=held)
        self.assertTrue({'V1', 'V2'} <= set(self.served(plan)))
        self.assertEqual(len(plan['unallocated']), 1)
        self.assertEqual(plan['unallocated'][0]['client_name'], 'Discharges')
        self.assertEqual(self.term(plan, 'unallocated'), 20000)
        # Cy would be the cheapest, but is of the other provider, unless nobody says so.
        plan = self.plan(visits, carers, still, held_back=held.replace('1:00,A', '1:00,'))
        self.assertEqual({who for v, ((who, _, _),) in self.served(plan).items()}, {'CY'})

    def test_a_car_has_room_for_so_many_goods(self):
        # Four meals on board at most: those of V1 (2) and V2 (2) fill Ann's car as she sets off, so V3 (1) is left.
        head = 'visit_id,client_id,latitude,longitude,windows,duration,brings,takes,priority'
        visits = rows(head, 'V1,C1,55.89,-3.07,09:00-09:00,30,meals:2,,1', 'V2,C2,55.89,-3.07,10:00-10:00,30,Meals:2,linen,1',
                      'V3,C3,55.89,-3.07,11:00-11:00,30,meals,,5')
        carers = rows('carer_id,name,pay_per_hour,shift_start,shift_end,room', 'ANN,Ann,13,08:00,13:00,meals:4;linen:1')
        plan = self.plan(visits, carers)
        self.assertEqual(set(self.served(plan)), {'V1', 'V2'})
        left, = plan['unallocated']
        self.assertEqual([(r['reason'], r['text']) for r in left['reasons']], [('no room on board', "has no room for 'meals'")])
        shift, = plan['rounds']
        self.assertEqual([stop['goods'] for stop in shift['stops']],
                         [[{'goods': 'meals', 'brings': 2, 'takes': 0}],
                          [{'goods': 'meals', 'brings': 2, 'takes': 0}, {'goods': 'linen', 'brings': 0, 'takes': 1}]])
        # The run sheet and the page say so.
        done = self.run_program('report', self.root / 'day', self.root / 'plan.json', '--csv', self.root / 'sheets', '--html',
                                self.root / 'page.html')
        self.assertEqual(done.returncode, 0, done.stderr)
        sheets = next((self.root / 'sheets').glob('**/*ANN*.csv')).read_text(encoding='utf-8-sig')
        self.assertEqual([line.rsplit(',', 1)[1] for line in sheets.splitlines()],
                         ['Goods', 'bring 2 x meals', 'bring 2 x meals; take 1 x linen', ''])
        page = (self.root / 'page.html').read_text(encoding='utf-8')
        self.assertIn('sets off at <b>08:58</b>, with 4 x meals on board', page)
        # Bea, who is dearer, has a car of any size; by hand Ann takes all three, which the checker tells of in words.
        plan = self.plan(visits, carers + 'BEA,Bea,14,08:00,13:00,\n')
        self.assertEqual({v: who for v, ((who, _, _),) in self.served(plan).items()}, {'V1': 'ANN', 'V2': 'ANN', 'V3': 'BEA'})
        by_hand = self.root / 'by-hand.json'
        by_hand.write_text(json.dumps({'rounds': [{'shift': 'ANN-1', 'stops': ['V1', 'V2', 'V3']}]}), encoding='utf-8')
        done = self.run_program('evaluate', self.root / 'day', by_hand)
        self.assertIn('Ann, shift ANN-1: no room for 5 x meals as she sets off: her car has room for 4', done.stdout)
        # Linen of two visits does not go along either, and of V1's, less urgent, she would hear as she leaves V2.
        plan = self.plan(visits.replace('meals:2,,1', ',linen,2'), carers)
        self.assertEqual(set(self.served(plan)), {'V2', 'V3'})
        self.assertEqual(plan['unallocated'][0]['reasons'][0]['text'], "has no room for 'linen'")
        done = self.run_program('evaluate', self.root / 'day', by_hand)
        self.assertIn('visit V2 (C2), Ann, shift ANN-1: no room for 2 x linen when she leaves it: her car has room for 1',
                      done.stdout)

    def test_two_share_a_car(self):
        # Ann would do the single visit too, for she is the cheapest, but Bea is in her car; so it is Cy's.
        visits = rows('visit_id,client_id,latitude,longitude,windows,duration,carers', 'V1,C1,55.89,-3.07,09:00-09:00,30,2',
                      'V2,C1,55.89,-3.07,10:00-10:00,30,1')
        head = 'carer_id,pay_per_hour,shift_start,shift_end,rides_with'
        crew = 'ANN,13,08:00,13:00,', 'BEA,13,08:00,13:00,ANN'
        plan = self.plan(visits, rows(head, *crew, 'CY,14,08:00,13:00,'))
        self.assertEqual([who for who, _, _ in self.served(plan)['V2']], ['CY'])
        self.assertEqual({r['carer']: r['shares_car_with'] for r in plan['rounds']}, {'ANN': 'BEA', 'BEA': 'ANN', 'CY': None})
        plan = self.plan(visits, rows(head, *crew))
        self.assertEqual([u['visit'] for u in plan['unallocated']], ['V2'])
        # Who drives comes first, at the same times, and takes one along.
        self.plan(visits, rows(head, crew[1], crew[0]), expect=3)
        self.plan(visits, rows(head, crew[0], 'BEA,13,08:00,12:00,ANN'), expect=3)
        self.plan(visits, rows(head, *crew, 'CY,14,08:00,13:00,ANN'), expect=3)

    def test_a_double_up_by_one_provider(self):
        # Ann and Bob are the cheapest, but of two agencies; Amy is a pound dearer than Bob, and with Ann's.
        head = 'visit_id,client_id,latitude,longitude,windows,duration,carers'
        visits = rows(head, 'V1,C1,55.89,-3.07,09:00-09:00,30,2')
        carers = rows('carer_id,provider,pay_per_hour,shift_start,shift_end',
                      'ANN,one,13,08:00,12:00', 'BOB,two,13,08:00,12:00', 'AMY,one,14,08:00,12:00')
        plan = self.plan(visits, carers)
        self.assertEqual(sorted(who for who, _, _ in self.served(plan)['V1']), ['ANN', 'BOB'])
        plan = self.plan(visits, carers, {'visits': {'same_provider': True}})
        self.assertEqual(sorted(who for who, _, _ in self.served(plan)['V1']), ['AMY', 'ANN'])
        # Two who come one after the other are no less of one provider; and if nobody else is there, it stays undone.
        apart = rows(head + ',duration_2,second_after,same_provider', 'V1,C1,55.89,-3.07,09:00-09:00,30,2,15,10,yes')
        served = self.served(self.plan(apart, carers))
        self.assertEqual(sorted(who for visit in served.values() for who, _, _ in visit), ['AMY', 'ANN'])
        plan = self.plan(visits.replace('carers', 'carers,same_provider').replace('30,2', '30,2,yes'), carers.replace('AMY,one', 'AMY,'))
        self.assertEqual([u['visit'] for u in plan['unallocated']], ['V1'])

    def test_faces_are_those_of_28_days(self):
        # Ann and Bob each know the client, but Bob was there 28 days before Monday only; Zoe is gone. On Monday both
        # are known faces and Bob is the cheaper; of a plan until Tuesday the 28 days begin a day later.
        visits = rows('visit_id,client_id,date,latitude,longitude,windows,duration', 'V1,C1,,55.89,-3.07,09:00-09:00,30')
        carers = rows('carer_id,date,pay_per_hour,shift_start,shift_end', 'ANN,,14,08:00,12:00', 'BOB,,13,08:00,12:00')
        history = rows('client_id,carer_id,date', 'C1,ANN,2026-11-20', 'C1,BOB,2026-10-26', 'C1,ZOE,2026-11-21')
        prices = {'prices': {'new_face_per_client': 500}}
        plan = self.plan(visits, carers, prices, history=history)
        self.assertEqual([who for who, _, _ in self.served(plan)['V1']], ['BOB'])
        self.assertEqual((self.term(plan, 'faces'), plan['figures']['faces_with_history']), (0, 3))
        tuesday = visits + 'V2,C2,2026-11-24,55.89,-3.07,09:00-09:00,30\n', carers + 'CY,2026-11-24,13,08:00,12:00\n'
        plan = self.plan(*tuesday, prices, history=history)
        self.assertEqual([who for who, _, _ in self.served(plan)['V1']], ['ANN'])
        self.assertEqual((self.term(plan, 'faces'), plan['figures']['faces_with_history']), (0, 3))
        # Only Zoe was there lately: whoever comes is a second face.
        plan = self.plan(*tuesday, prices, history=rows('client_id,carer_id,date', 'C1,BOB,2026-10-26', 'C1,ZOE,2026-11-21'))
        self.assertEqual(self.term(plan, 'faces'), 500)

    def test_a_price_a_mile_and_a_speed_of_her_own(self):
        # Ten minutes and 1,609,344 metres each way: a thousand miles at a penny, and door time of 2 minutes.
        visits = rows('visit_id,client_id,windows,duration', 'V1,C1,09:00-09:00,30')
        matrix = rows('from,to,seconds,metres', 'home:ANN,C1,600,1609344', 'C1,home:ANN,600,1609344')
        head = 'carer_id,shift_start,shift_end,pay_per_mile,speed_factor'
        free = {'travel': {'modes': {'car': {'pence_per_mile': 0}}}}
        plan = self.plan(visits, rows(head, 'ANN,08:00,12:00,,'), free, matrix=matrix)
        shift, = plan['rounds']
        self.assertEqual((self.term(plan, 'mileage'), shift['depart'], shift['arrive'], shift['speed_factor']),
                         (0, '08:48', '09:40', 1))
        plan = self.plan(visits, rows(head, 'ANN,08:00,12:00,0.01,0.8'), free, matrix=matrix)
        shift, = plan['rounds']
        # 600 / 0.8 = 750 seconds.
        self.assertEqual((shift['depart_s'], shift['arrive_s']), (9 * 3600 - 120 - 750, 9 * 3600 + 1800 + 750))
        self.assertAlmostEqual(self.term(plan, 'mileage'), 2000, 0)
        self.assertEqual((shift['mode'], shift['speed_factor']), ('car', 0.8))
        # In a peak that takes half as long again, she takes 1125.
        peak = {**free, 'travel': {**free['travel'], 'periods': {'morning peak': {'hours': '07:30-11:30', 'car': 1.5}}}}
        shift, = self.plan(visits, rows(head, 'ANN,08:00,12:00,0.01,0.8'), peak, matrix=matrix)['rounds']
        self.assertEqual((shift['depart_s'], shift['arrive_s']), (9 * 3600 - 120 - 1125, 9 * 3600 + 1800 + 1125))

    def test_providers_keep_apart_at_an_address(self):
        # Husband and wife, at nine and at a quarter to ten; Ann can only do the first, Bob of another agency is the
        # cheapest for the second, Amy a pound dearer.
        head = 'visit_id,client_id,address,latitude,longitude,windows,duration'
        visits = rows(head, 'V1,C1,"1 High Street",55.89,-3.07,09:00-09:00,30', 'V2,C2,1 high street,55.89,-3.07,09:45-09:45,30')
        carers = rows('carer_id,provider,pay_per_hour,shift_start,shift_end',
                      'ANN,one,13,08:00,09:35', 'BOB,two,13,09:40,12:00', 'AMY,one,15,09:40,12:00')
        plan = self.plan(visits, carers)
        self.assertEqual([who for who, _, _ in self.served(plan)['V2']], ['BOB'])
        prices = {'prices': {'several_providers_per_address': 200}}
        plan = self.plan(visits, carers, prices)
        self.assertEqual([who for who, _, _ in self.served(plan)['V2']], ['AMY'])
        self.assertEqual(self.term(plan, 'shared address'), 0)
        # Nobody else: each of the two visits costs; an hour and more apart, or next door, neither does.
        alone = carers.replace('AMY,one', 'AMY,two')
        self.assertEqual(self.term(self.plan(visits, alone, prices), 'shared address'), 400)
        self.assertEqual(self.term(self.plan(visits.replace('09:45-09:45', '10:01-10:01'), alone, prices), 'shared address'), 0)
        self.assertEqual(self.term(self.plan(visits.replace('1 high', '2 high'), alone, prices), 'shared address'), 0)

    def test_a_client_keeps_to_few_faces_and_one_provider(self):
        # Ann costs a pound an hour less in the morning, Bob in the afternoon; Bob is with another agency.
        visits = rows('visit_id,client_id,latitude,longitude,windows,duration',
                      'V1,C1,55.89,-3.07,09:00-09:00,30', 'V2,C1,55.89,-3.07,13:00-13:00,30')
        carers = rows('carer_id,provider,pay_per_hour,shift_start,shift_end',
                      'ANN,one,13,08:00,18:00', 'AMY,two,14,08:00,12:00', 'BOB,two,14,12:30,18:00')
        plan = self.plan(visits, carers)
        self.assertEqual(self.term(plan, 'faces') + self.term(plan, 'several providers'), 0)
        prices = {'prices': {'new_face_per_client': 500, 'several_providers_per_client': 700}}
        locked = visits.replace('duration', 'duration,lock_carer').replace('09:00,30', '09:00,30,AMY')
        locked = locked.replace('13:00,30', '13:00,30,')
        plan = self.plan(locked, carers, settings=prices)
        # Ann (13 pounds) would be cheaper, but a face is one face and Bob's provider is there already.
        self.assertEqual([who for who, _, _ in self.served(plan)['V2']], ['BOB'])
        self.assertEqual((self.term(plan, 'faces'), self.term(plan, 'several providers')), (500, 0))

    def test_a_week_is_planned_together(self):
        # Ann and Bob are both there on both days; Ann is a penny dearer, so that Bob would always be chosen but once
        # Ann is locked on Tuesday, the client keeps her.
        visits = rows('visit_id,client_id,date,latitude,longitude,windows,duration,lock_carer',
                      'V1,C1,,55.89,-3.07,09:00-10:00,30,', 'V2,C1,2026-11-24,55.89,-3.07,09:00-10:00,30,ANN')
        carers = rows('carer_id,date,pay_per_hour,shift_start,shift_end', 'ANN,2026-11-23,13.01,08:00,12:00',
                      'ANN,2026-11-24,13.01,08:00,12:00', 'BOB,2026-11-23,13,08:00,12:00', 'BOB,24/11/2026,13,08:00,12:00')
        prices = {'prices': {'new_face_per_client': 500}}
        plan = self.plan(visits, carers, settings=prices)
        self.assertEqual(plan['day']['days'], 2)
        served = self.served(plan)
        self.assertEqual([who for who, _, _ in served['V1'] + served['V2']], ['ANN', 'ANN'])
        self.assertRegex(served['V1'][0][1], '^Mon (09|10):')
        self.assertRegex(served['V2'][0][1], '^Tue (09|10):')

    def test_rest_between_days(self):
        visits = rows('visit_id,client_id,date,latitude,longitude,windows,duration',
                      'V1,C1,2026-11-23,55.89,-3.07,21:00-21:15,30', 'V2,C1,2026-11-24,55.89,-3.07,07:00-07:30,30')
        carers = rows('carer_id,date,shift_start,shift_end', 'ANN,2026-11-23,14:00,22:00', 'ANN,2026-11-24,{begin},12:00')
        plan = self.plan(visits, carers.format(begin='07:00'))
        self.assertEqual(len(self.served(plan)), 1)
        self.assertEqual([r['reason'] for r in plan['unallocated'][0]['reasons']], ['rest'])
        plan = self.plan(visits, carers.format(begin='07:00'), settings={'breaks': {'rest_between_days': '9:00'}})
        self.assertEqual(len(self.served(plan)), 2)

    def test_most_travel_and_distance_of_a_shift(self):
        # Between two doors a kilometre apart, a few minutes by car; no way to the first nor from the last.
        visits = rows('visit_id,client_id,latitude,longitude,windows,duration',
                      'V1,C1,55.89,-3.07,09:00-11:00,30', 'V2,C2,55.90,-3.07,09:00-11:00,30')

        def served(travel, miles):
            carers = rows('carer_id,shift_start,shift_end,max_travel,max_distance', f'ANN,08:00,12:00,{travel},{miles}')
            return 2 - len(self.plan(visits, carers)['unallocated'])

        self.assertEqual([served('0:01', ''), served('0:30', ''), served('', '0.5'), served('', '5'), served('0:30', '5')],
                         [1, 2, 1, 2, 2])
        carers = rows('carer_id,shift_start,shift_end,max_travel', 'ANN,08:00,12:00,0:01')
        reason, = self.plan(visits, carers)['unallocated'][0]['reasons']
        self.assertEqual((reason['reason'], reason['text']),
                         ('most travel or distance reached', 'has reached the most travel or distance of her shift'))

    def test_most_travel_and_distance_give_way_within_bounds(self):
        # The same two doors, a mile by road (0.69 as the crow flies): both are served where somebody accepts it, and the plan says so.
        visits = rows('visit_id,client_id,latitude,longitude,windows,duration',
                      'V1,C1,55.89,-3.07,09:00-11:00,30', 'V2,C2,55.90,-3.07,09:00-11:00,30')
        carers = rows('carer_id,shift_start,shift_end,max_travel,max_distance', 'ANN,08:00,12:00,0:01,0.5')
        accepted = ['most travel,,,ANN,10', 'most distance,,,ANN,2.5']
        for some in ([], accepted[:1], accepted[1:]):
            found, plan = self.accepted(visits, carers, *some)
            self.assertEqual((found, len(plan['unallocated'])), ([], 1))
        found, plan = self.accepted(visits, carers, *accepted)
        self.assertEqual(plan['unallocated'], [])
        self.assertEqual([rule for rule, _ in sorted(found)], ['most distance', 'most travel'])
        self.assertRegex(sorted(found)[0][1], r'^\d\.\d miles?, at most 0\.5 miles? are allowed$')
        self.assertRegex(sorted(found)[1][1], r'^\d min of travel, at most 1 min are allowed$')
        self.accepted(visits, carers, 'most travel,,,ANN,0:02', 'most distance,,,ANN,0.1')  # not far enough

    def test_most_work_by_the_day_and_by_the_week(self):
        visits = rows('visit_id,client_id,date,latitude,longitude,windows,duration,door_min',
                      'V1,C1,2026-11-23,55.89,-3.07,09:00-09:00,60,0', 'V2,C1,2026-11-23,55.89,-3.07,10:00-10:00,60,0',
                      'V3,C1,2026-11-24,55.89,-3.07,09:00-09:00,60,0', 'V4,C1,2026-11-24,55.89,-3.07,10:00-10:00,60,0')
        carers = rows('carer_id,date,max_work,max_week_work,shift_start,shift_end',
                      'ANN,2026-11-23,{day},{week},08:00,12:00', 'ANN,2026-11-24,,,08:00,12:00')
        for day, week, n in (('', '', 4), ('2:00', '', 4), ('1:59', '', 2), ('', '3:59', 3), ('1:00', '1:00', 1)):
            plan = self.plan(visits, carers.format(day=day, week=week))
            self.assertEqual(len(self.served(plan)), n, (day, week))

    def test_packages_become_the_visits_of_their_days(self):
        packages = rows('package_id,client_id,latitude,longitude,windows,duration,start,end,days,every_weeks,suspended,'
                        'gap_after,gap_min',
                        'AM,C1,55.89,-3.07,08:00-09:00,30,,,,,2026-11-25..2026-11-26,,',
                        'TEA,C1,55.89,-3.07,15:00-18:00,30,2026-11-24,,mon-fri,,,AM,7:00',
                        'BATH,C2,55.89,-3.07,10:00-11:00,45,2026-11-10,2026-12-31,tue;Friday,2,,,',
                        'OLD,C2,55.89,-3.07,10:00-11:00,45,,2026-11-22,,,,,')
        week = [f'2026-11-{day}' for day in range(23, 30)]
        carers = rows('carer_id,date,shift_start,shift_end', *(f'ANN,{date},07:00,19:00' for date in week))
        plan = self.plan('visit_id,client_id,date,latitude,longitude,windows,duration\n'
                         'AM-2026-11-28,C1,2026-11-28,55.89,-3.07,12:00-12:00,30\n', carers, packages=packages)
        served = {visit: times[0][1:] for visit, times in self.served(plan).items()}
        mornings = [f'AM-2026-11-{day}' for day in (23, 24, 27, 28, 29)]
        teas = [f'TEA-2026-11-{day}' for day in (24, 25, 26, 27)]
        # Tuesday 10 November begins the first week, so the third is that of the 24th.
        baths = ['BATH-2026-11-24', 'BATH-2026-11-27']
        self.assertEqual(sorted(served), sorted(mornings + teas + baths))
        self.assertEqual(served['AM-2026-11-28'], ('Sat 12:00', 'Sat 12:30'))
        self.assertGreaterEqual(served['TEA-2026-11-24'][0][4:], '15:00')

    def test_a_package_that_brings_no_visit_today_says_where_its_client_lives(self):
        carers = rows('carer_id,shift_start,shift_end', 'ANN,07:00,19:00')
        packages = rows('package_id,client_id,latitude,longitude,windows,duration,days',
                        'P1,C1,55.89,-3.07,08:00-09:00,30,', 'P2,C2,55.89,-3.07,08:00-09:00,30,tue')
        visits = rows('visit_id,client_id,windows,duration', 'P1-2026-11-23,C1,12:00-12:00,30', 'V2,C2,13:00-13:00,30')
        served = self.served(self.plan(visits, carers, packages=packages))
        self.assertEqual(sorted((visit, times[0][1]) for visit, times in served.items()),
                         [('P1-2026-11-23', '12:00'), ('V2', '13:00')])

    def test_who_stands_for_a_packages_visit_is_on_its_day(self):
        carers = rows('carer_id,date,shift_start,shift_end', 'ANN,2026-11-23,07:00,19:00', 'ANN,2026-11-24,07:00,19:00')
        packages = rows('package_id,client_id,latitude,longitude,windows,duration', 'P1,C1,55.89,-3.07,08:00-09:00,30')
        visits = rows('visit_id,client_id,windows,duration', 'P1-2026-11-24,C1,12:00-12:00,30')
        served = self.served(self.plan(visits, carers, packages=packages))
        self.assertEqual({visit: times[0][1] for visit, times in served.items()},
                         {'P1-2026-11-23': 'Mon 08:00', 'P1-2026-11-24': 'Tue 12:00'})

    def test_time_held_back_on_no_day_of_the_plan(self):
        visits = rows('visit_id,client_id,latitude,longitude,windows,duration', 'V1,C1,55.89,-3.07,09:00-09:00,30')
        carers = rows('carer_id,shift_start,shift_end', 'ANN,07:00,19:00')
        held_back = rows('name,date,hours,window,piece', 'Discharges,2026-11-24,2:00,08:30-11:00,0:30')
        self.plan(visits, carers, held_back=held_back, expect=3)

    def test_a_day_of_packages_alone(self):
        packages = rows('package_id,client_id,latitude,longitude,windows,duration,days',
                        'AM,C1,55.89,-3.07,08:00-09:00,30,mon', 'PM,C1,55.89,-3.07,15:00-16:00,30,tue')
        self.plan('', rows('carer_id,shift_start,shift_end', 'ANN,07:00,19:00'), packages=packages, expect=3)
        (self.root / 'day' / 'visits.csv').unlink()
        plan = self.plan(None, rows('carer_id,shift_start,shift_end', 'ANN,07:00,19:00'), packages=packages)
        self.assertEqual(list(self.served(plan)), ['AM-2026-11-23'])

    def test_nights_when_the_clocks_change(self):
        # Two hours of care from 00:30 on: the clock shows 03:30 in spring, 01:30 in autumn.
        visits = rows('visit_id,client_id,latitude,longitude,windows,duration,door_min',
                      'V1,C1,55.89,-3.07,00:30-00:30,2:00,0', 'V2,C1,55.89,-3.07,05:00-05:00,30,0')
        carers = rows('carer_id,pay_per_hour,shift_start,shift_end', 'ANN,12,00:30,07:00')
        for date, end, waited in (('2026-03-28', '02:30', 150), ('2026-03-29', '03:30', 90), ('2026-10-25', '01:30', 210)):
            plan = self.plan(visits, carers, settings={'date': date})
            served = self.served(plan)
            self.assertEqual(served['V1'], [('ANN', '00:30', end)])
            self.assertEqual(served['V2'], [('ANN', '05:00', '05:30')])
            self.assertEqual(plan['figures']['waiting_s'], 60 * waited)
            self.assertEqual(self.term(plan, 'wages'), 20 * (150 + waited))

    def test_the_calendar_keeps_to_the_clock(self):
        visits = rows('visit_id,client_id,latitude,longitude,windows,duration', 'V1,C1,55.89,-3.07,09:00-09:00,30')
        self.plan(visits, rows('carer_id,shift_start,shift_end', 'ANN,08:00,12:00'), settings={'date': '2026-03-29'})
        done = self.run_program('report', self.root / 'day', self.root / 'plan.json', '--csv', self.root / 'folder')
        self.assertEqual(done.returncode, 0, done.stderr)
        calendar = next((self.root / 'folder').rglob('ANN.ics')).read_text(encoding='utf-8')
        self.assertIn('DTSTART:20260329T080000Z', calendar)  # 09:00 British Summer Time

    def test_a_lock_may_break_what_the_coordinator_accepts(self):
        visits = rows('visit_id,client_id,latitude,longitude,windows,duration,skills,lock_carer',
                      'V1,C1,55.89,-3.07,09:00-09:00,30,hoist,{lock}')
        carers = rows('carer_id,skills,shift_start,shift_end', 'BOB,,08:00,12:00', 'ANN,hoist,13:00,17:00')
        self.assertEqual(self.served(self.plan(visits.format(lock='BOB'), carers)), {})
        accepted = rows('rule,visit_id,carer_id,who,when,why', 'skill,V1,BOB,Sue,2026-11-20 14:30,"trained, paper to come"')
        plan = self.plan(visits.format(lock='BOB'), carers, accepted=accepted)
        self.assertEqual(list(self.served(plan)), ['V1'])
        self.assertEqual(plan['broken_rules'], 0)
        breach, = plan['accepted_breaches']
        self.assertEqual([breach[k] for k in ('rule', 'visit', 'carer', 'who', 'when', 'why')],
                         ['skill', 'V1', 'BOB', 'Sue', '2026-11-20 14:30', 'trained, paper to come'])
        checked = self.run_program('check', self.root / 'day', self.root / 'plan.json')
        self.assertIn('every rule holds\naccepted: skill: visit V1 (C1), BOB, shift BOB-1: she has not the skill hoist; '
                      'accepted by Sue, 2026-11-20 14:30: trained, paper to come\n', checked.stdout)
        self.plan(visits.format(lock=''), carers, accepted=accepted, expect=3)

    def test_sleep_ins_and_shifts_on_call(self):
        # A night of nine hours at a flat price, on a shift that ends the next morning; her own most work is three hours.
        visits = rows('visit_id,client_id,latitude,longitude,windows,duration,door_min,sleep_in',
                      'N1,C1,55.89,-3.07,22:00-22:00,9:00,0,yes', 'V1,C1,55.89,-3.07,31:00-31:00,60,0,')
        carers = rows('carer_id,pay_per_hour,max_work,shift_start,shift_end,on_call', 'ANN,12,3:00,21:00,08:00,{call}')
        plan = self.plan(visits, carers.format(call=''), settings={'prices': {'sleep_in': 5000}})
        self.assertEqual(self.served(plan), {'N1': [('ANN', '22:00', '31:00')], 'V1': [('ANN', '31:00', '32:00')]})
        self.assertEqual((self.term(plan, 'wages'), self.term(plan, 'shift use')), (5000 + 1200, 0))
        plan = self.plan(visits.replace('yes', 'no'), carers.format(call=''))
        self.assertEqual(list(self.served(plan)), ['V1'])
        plan = self.plan(visits, carers.format(call='yes'), settings={'prices': {'on_call_use': 2500}})
        self.assertEqual(self.term(plan, 'shift use'), 2500)


def main():
    global PROGRAM
    parser = argparse.ArgumentParser()
    parser.add_argument('program')
    args, rest = parser.parse_known_args()
    PROGRAM = args.program
    unittest.main(argv=[sys.argv[0], *rest])


if __name__ == '__main__':
    main()
