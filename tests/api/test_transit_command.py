#!/usr/bin/env python3
"""careround plan --gtfs: carers who go by bus."""
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import zipfile

try:
    import jsonschema
except ImportError:
    jsonschema = None

PROGRAM = None
SOURCE = pathlib.Path(__file__).resolve().parents[2]
SHARED = os.environ.get('CAREROUND_SHARED')

# Two stops 5 km apart; a bus every 20 minutes from 6:00 to 23:00 each way takes 10 minutes.
FEED = {
    'stops.txt': 'stop_id,stop_name,stop_lat,stop_lon\nA,Abbey & Sons,55.900,-3.10\nB,Bridge,55.945,-3.10\n',
    'routes.txt': 'route_id,route_short_name\nR,31\n',
    'calendar.txt': 'service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n'
                    'W,1,1,1,1,1,0,0,20260101,20261231\n',
    'trips.txt': 'route_id,service_id,trip_id\nR,W,there\nR,W,back\n',
    'stop_times.txt': 'trip_id,arrival_time,departure_time,stop_id,stop_sequence\n'
                      'there,06:00:00,06:00:00,A,1\nthere,06:10:00,06:10:00,B,2\n'
                      'back,06:05:00,06:05:00,B,1\nback,06:15:00,06:15:00,A,2\n',
    'frequencies.txt': 'trip_id,start_time,end_time,headway_secs\nthere,06:00:00,23:00:00,1200\nback,06:05:00,23:00:00,1200\n',
}


class Transit(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.day = self.folder / 'day'
        self.day.mkdir()
        self.write('settings.json', '{"date": "2026-11-23"}')
        self.write('visits.csv', 'visit_id,client_id,latitude,longitude,windows,duration\nV1,C1,55.945,-3.10,09:00-09:30,30\n')
        self.write('carers.csv', 'carer_id,shift_start,shift_end,mode,home_latitude,home_longitude\nANN,07:00,15:00,transit,55.900,-3.10\n')

    def write(self, name, text):
        (self.day / name).write_text(text, encoding='utf-8')

    def feed(self, **changes):
        path = self.folder / 'feed.zip'
        with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as out:
            for name, text in {**FEED, **{k.replace('_txt', '.txt'): v for k, v in changes.items()}}.items():
                if text is not None:
                    out.writestr(name, text)
        return path

    def plan(self, *args, day=None):
        out = self.folder / 'plan.json'
        done = subprocess.run([PROGRAM, 'plan', str(day or self.day), '--iterations', '50', '--out', str(out),
                               '--html', str(self.folder / 'plan.html'), *map(str, args)],
                              capture_output=True, text=True, timeout=100, check=False)
        return done, json.loads(out.read_text(encoding='utf-8')) if out.exists() else None

    def test_the_bus_is_taken_and_named(self):
        done, plan = self.plan('--gtfs', self.feed())
        self.assertEqual(done.returncode, 0, done.stderr)
        # On foot 5 km x 1.25 at 4.8 km/h: 78 minutes. By bus 10 minutes, and up to 20 of waiting: of departures spread
        # evenly over those, four of five wait 16 minutes or less.
        there = plan['rounds'][0]['stops'][0]
        self.assertTrue(25 * 60 <= there['travel_s'] <= 27 * 60, there)
        self.assertIn('feed.zip of 2026-11-23', plan['travel_source'])
        self.assertIn('feed.zip of 2026-11-23', done.stdout)
        page = (self.folder / 'plan.html').read_text(encoding='utf-8')
        self.assertRegex(page, r'\d\d:[024]0 <b>31</b> Abbey &amp; Sons &#8211; \d\d:[135]0 Bridge')
        self.assertRegex(page, r'\d\d:[024]5 <b>31</b> Bridge &#8211; \d\d:[135]5 Abbey &amp; Sons')
        # 9:00 at the client's: a bus at 8:40 or before.
        leave = plan['rounds'][0]['depart_s']
        self.assertLessEqual(leave + there['travel_s'], there['start_s'])
        checked = subprocess.run([PROGRAM, 'check', str(self.day), str(self.folder / 'plan.json'), '--gtfs', str(self.feed())],
                                 capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)

    def test_rides_are_named_everywhere(self):
        sheets = self.folder / 'sheets'
        _, plan = self.plan('--gtfs', self.feed(), '--csv', sheets)
        shift = plan['rounds'][0]
        ride, = shift['stops'][0]['rides']
        self.assertEqual((ride['line'], ride['from'], ride['to']), ('31', 'Abbey & Sons', 'Bridge'))
        self.assertEqual(ride['alight_s'] - ride['board_s'], 600)
        self.assertRegex(ride['board'], r'^0\d:[024]0$')
        self.assertGreaterEqual(ride['board_s'], shift['depart_s'])
        home, = shift['home_rides']
        self.assertEqual((home['line'], home['from'], home['to']), ('31', 'Bridge', 'Abbey & Sons'))
        words = f"31 from Abbey & Sons at {ride['board']}, off at Bridge {ride['alight']}"
        texts = [p.read_text(encoding='utf-8-sig').replace('\r\n ', '').replace('\\,', ',') for p in sheets.rglob('*')
                 if p.is_file()]
        self.assertGreaterEqual(sum(words in text for text in texts), 2, words)  # the run sheet and the calendar
        if jsonschema:
            jsonschema.validate(plan, json.loads((SOURCE / 'data/schema/plan.schema.json').read_text(encoding='utf-8')))

    def test_who_misses_the_last_bus_is_told_when_she_is_there(self):
        """The last bus back is at 22:45; a visit ends at 23:05 and a break at 23:25, and 78 minutes on foot are home at 00:43."""
        self.write('visits.csv', 'visit_id,client_id,latitude,longitude,windows,duration\nV1,C1,55.945,-3.10,22:35-22:35,30\n')
        self.write('carers.csv', 'carer_id,shift_start,shift_end,mode,home_latitude,home_longitude\nANN,10:00,24:55,transit,55.900,-3.10\n')
        sheets = self.folder / 'sheets'
        done, plan = self.plan('--gtfs', self.feed(), '--csv', sheets)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(plan['rounds'][0]['stops'][0]['end'], '23:05')
        page = (self.folder / 'plan.html').read_text(encoding='utf-8')
        self.assertIn('on foot <span class="badge critical">there 00:43</span>', page[page.index('id="sheets"'):page.index('id="clients"')])
        texts = [p.read_text(encoding='utf-8-sig') for p in sheets.rglob('*') if p.is_file()]
        self.assertTrue(any('on foot, there at 24:43' in text for text in texts), texts)

    def test_calendars_without_a_day_are_said(self):
        """Tables of headings only, as an extract that was cut too small has."""
        done, _ = self.plan('--gtfs', self.feed(calendar_txt=FEED['calendar.txt'].splitlines()[0] + '\n', trips_txt='route_id,service_id,trip_id\n',
                                                stop_times_txt='trip_id,arrival_time,departure_time,stop_id,stop_sequence\n', frequencies_txt=None))
        self.assertEqual(done.returncode, 3)
        self.assertIn('its calendars are empty', done.stderr)

    def test_each_period_has_its_own_time(self):
        """Until 10:00 a bus every 20 minutes; then one an hour, so that four of five wait up to 48 minutes."""
        spread = ('trip_id,start_time,end_time,headway_secs\nthere,06:00:00,10:00:00,1200\nthere,10:00:00,23:00:00,3600\n'
                  'back,06:05:00,10:00:00,1200\nback,10:05:00,23:00:00,3600\n')
        self.write('visits.csv', 'visit_id,client_id,latitude,longitude,windows,duration\nV1,C1,55.945,-3.10,09:00-09:30,30\n'
                                 'V2,C1,55.945,-3.10,12:00-12:30,30\nV3,C2,55.900,-3.101,13:50-14:45,15\n')
        feed = self.feed(frequencies_txt=spread)

        def legs(travel):
            self.write('settings.json', json.dumps({'date': '2026-11-23', 'travel': travel}))
            done, plan = self.plan('--gtfs', feed)
            self.assertEqual((done.returncode, plan['unallocated']), (0, []), done.stderr)
            checked = subprocess.run([PROGRAM, 'check', str(self.day), str(self.folder / 'plan.json'), '--gtfs', str(feed)],
                                     capture_output=True, text=True, timeout=60, check=False)
            self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)
            return {s['visit']: s['travel_s'] for r in plan['rounds'] for s in r['stops'] if 'visit' in s}

        usual = legs({})
        both = legs({'periods': {'early': {'hours': '06:00-10:00'}, 'late': {'hours': '10:00-18:00'}}})
        rest = legs({'periods': {'early': {'hours': '06:00-10:00'}}})
        self.assertTrue(25 * 60 <= both['V1'] <= 27 * 60, both)
        self.assertTrue(55 * 60 <= both['V3'] <= 60 * 60, both)
        self.assertTrue(both['V1'] < usual['V1'] < both['V3'], usual)  # one figure for all day is of neither
        self.assertAlmostEqual(rest['V3'], both['V3'], delta=420)  # the rest of the day is what no period has
        self.write('settings.json', json.dumps({'date': '2026-11-23', 'travel': {'periods': {'early': {
            'hours': '06:00-10:00', 'transit': 1.5}}}}))
        done, _ = self.plan('--gtfs', feed)
        self.assertEqual(done.returncode, 3)
        self.assertIn('travel.periods.early.transit: has its times from the timetable', done.stderr)

    # From Monday to Friday a bus every 20 minutes, on Saturday one an hour, on Sunday none.
    WEEK = {'calendar_txt': FEED['calendar.txt'] + 'S,0,0,0,0,0,1,0,20260101,20261231\n',
            'trips_txt': FEED['trips.txt'] + 'R,S,there6\nR,S,back6\n',
            'stop_times_txt': FEED['stop_times.txt'] + 'there6,06:00:00,06:00:00,A,1\nthere6,06:10:00,06:10:00,B,2\n'
                              'back6,06:05:00,06:05:00,B,1\nback6,06:15:00,06:15:00,A,2\n',
            'frequencies_txt': FEED['frequencies.txt'] + 'there6,06:00:00,23:00:00,3600\nback6,06:05:00,23:00:00,3600\n'}

    def weekend(self, first='2026-11-27', days=('2026-11-27', '2026-11-28', '2026-11-29'), shift='07:00,15:00', windows='09:00-10:00'):
        self.write('settings.json', json.dumps({'date': first}))
        self.write('visits.csv', 'visit_id,client_id,date,latitude,longitude,windows,duration\n' + ''.join(
            f'V{d[-2:]},C1,{d},55.945,-3.10,{windows},30\n' for d in days))
        self.write('carers.csv', 'carer_id,shift_id,date,shift_start,shift_end,mode,home_latitude,home_longitude\n' + ''.join(
            f'ANN,ANN{d[-2:]},{d},{shift},transit,55.900,-3.10\n' for d in days))

    def check(self, feed):
        checked = subprocess.run([PROGRAM, 'check', str(self.day), str(self.folder / 'plan.json'), '--gtfs', str(feed)],
                                 capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)

    def test_each_day_of_a_weekend_goes_by_its_own_timetable(self):
        self.weekend()
        feed = self.feed(**self.WEEK)
        done, plan = self.plan('--gtfs', feed)
        self.assertEqual((done.returncode, plan['unallocated']), (0, []), done.stderr)
        self.check(feed)
        self.assertIn('feed.zip of 2026-11-27 to 2026-11-29', plan['travel_source'])
        friday, saturday, sunday = (next(s for r in plan['rounds'] for s in r['stops'] if s.get('visit') == v) for v in ('V27', 'V28', 'V29'))
        # 10 minutes in the bus; of waiting for one every 20 minutes four of five have 16 or less, for one an hour 48. On
        # foot 5.004 km x 1.25 at 4.8 km/h.
        self.assertTrue(25 * 60 <= friday['travel_s'] <= 27 * 60, friday)
        self.assertTrue(55 * 60 <= saturday['travel_s'] <= 60 * 60, saturday)
        self.assertAlmostEqual(sunday['travel_s'], 78.2 * 60, delta=30)
        self.assertRegex(friday['rides'][0]['board'], '^Fri 0[789]:[024]0$')
        self.assertRegex(saturday['rides'][0]['board'], '^Sat 0[789]:00$')
        self.assertEqual(sunday['rides'], [])
        for day, stop in ((0, friday), (1, saturday)):
            ride, = stop['rides']
            self.assertTrue(day * 86400 < stop['leave_s'] <= ride['board_s'] == ride['alight_s'] - 600, stop)
        self.assertIn('no trip runs on 2026-11-29: who goes by transit then walks; its calendars go from 2026-01-01 to 2026-12-31',
                      done.stderr)
        self.assertNotIn('2026-11-28:', done.stderr)
        # It is as on a Saturday that is planned alone.
        self.weekend('2026-11-28', ('2026-11-28',))
        _, alone = self.plan('--gtfs', feed)
        self.assertEqual(alone['rounds'][0]['stops'][0]['travel_s'], saturday['travel_s'])

    def test_exceptions_of_a_day_and_periods_of_each(self):
        """On Friday 27 November by exception Saturday's buses, and that in the early period as well as in the rest."""
        feed = self.feed(calendar_dates_txt='service_id,date,exception_type\nW,20261127,2\nS,20261127,1\n', **self.WEEK)
        for periods in ({}, {'periods': {'early': {'hours': '06:00-12:00'}}}):
            self.weekend('2026-11-26', ('2026-11-26', '2026-11-27', '2026-11-28'))
            self.write('settings.json', json.dumps({'date': '2026-11-26', 'travel': periods}))
            done, plan = self.plan('--gtfs', feed)
            self.assertEqual((done.returncode, plan['unallocated'], done.stderr.count('no trip')), (0, [], 0), done.stderr)
            self.check(feed)
            thursday, friday, saturday = (next(s['travel_s'] for r in plan['rounds'] for s in r['stops'] if s.get('visit') == v)
                                          for v in ('V26', 'V27', 'V28'))
            self.assertTrue(25 * 60 <= thursday <= 27 * 60)
            self.assertEqual(friday, saturday)
            self.assertTrue(55 * 60 <= friday <= 60 * 60)

    def test_past_midnight_it_is_still_the_shifts_day(self):
        """A Friday's shift until Saturday's 4:00: the buses after midnight are Friday's, at 24:20 and so on."""
        self.weekend(days=('2026-11-27', '2026-11-28'), shift='22:00,28:00', windows='25:00-26:00')
        night = FEED['frequencies.txt'].replace('23:00:00', '28:00:00')
        feed = self.feed(**{**self.WEEK, 'frequencies_txt': night + self.WEEK['frequencies_txt'][len(FEED['frequencies.txt']):]})
        done, plan = self.plan('--gtfs', feed)
        self.assertEqual((done.returncode, plan['unallocated']), (0, []), done.stderr)
        self.check(feed)
        friday, saturday = (next(r for r in plan['rounds'] if r['stops'][0].get('visit') == v) for v in ('V27', 'V28'))
        self.assertRegex(friday['stops'][0]['rides'][0]['board'], '^Sat 0[01]:[024]0$')
        self.assertRegex(friday['home_rides'][0]['board'], '^Sat 0[123]:[024]5$')
        self.assertEqual(saturday['stops'][0]['rides'], [])  # her bus ends at 23:00

    def test_no_day_has_a_bus(self):
        self.weekend('2026-12-26', ('2026-12-27', '2027-01-01'))
        done, plan = self.plan('--gtfs', self.feed(**self.WEEK))
        self.assertEqual((done.returncode, plan), (3, None))
        self.assertIn('no trip runs on 2026-12-27, 2027-01-01; its calendars go from 2026-01-01 to 2026-12-31', done.stderr)

    def test_scenarios_by_bus(self):
        """A bundle has the timetable in it."""
        self.feed()
        (self.folder / 'scenarios.json').write_text(json.dumps({
            'day': 'day', 'gtfs': 'feed.zip', 'seeds': [1], 'limit': {'iterations': 20},
            'scenarios': [{'name': 'wider', 'changes': [{'change': 'widen_windows', 'minutes': 30}]}]}), encoding='utf-8')

        def scenario(*args):
            return subprocess.run([PROGRAM, 'scenario', *map(str, args)], capture_output=True, text=True, timeout=60, check=False)
        bundle = self.folder / 'bundle'
        done = scenario('run', self.folder / 'scenarios.json', '--out', bundle)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue((bundle / 'inputs/gtfs/feed.zip').exists())
        (self.folder / 'feed.zip').unlink()
        self.assertEqual(scenario('repeat', bundle).returncode, 0)
        done = scenario('run', self.folder / 'scenarios.json', '--out', self.folder / 'other', '--gtfs', bundle / 'inputs/gtfs/feed.zip')
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_another_quantile(self):
        self.write('settings.json', '{"date": "2026-11-23", "travel": {"transit_quantile": 0.5}}')
        _, plan = self.plan('--gtfs', self.feed())
        self.assertTrue(19 * 60 <= plan['rounds'][0]['stops'][0]['travel_s'] <= 21 * 60)

    def test_without_a_timetable_nobody_is_sent_on_foot(self):
        done, plan = self.plan()
        self.assertEqual((done.returncode, plan), (3, None))
        self.assertIn("carers.csv, mode 'transit': needs a timetable: give a GTFS feed with --gtfs", done.stderr)

    def test_a_day_without_buses(self):
        self.write('settings.json', '{"date": "2026-11-22"}')
        done, plan = self.plan('--gtfs', self.feed())
        self.assertEqual((done.returncode, plan), (3, None))
        self.assertIn('no trip runs on 2026-11-22; its calendars go from 2026-01-01 to 2026-12-31', done.stderr)

    def test_faults_of_a_feed_are_all_named(self):
        path = self.feed(stop_times_txt=FEED['stop_times.txt'].replace('06:10:00,06:10:00', '6 10,06:10:00').replace('06:15:00,A', '06:15:00,Z'))
        done, plan = self.plan('--gtfs', path)
        self.assertEqual((done.returncode, plan), (3, None))
        self.assertIn(f"{path} stop_times.txt row 3, arrival_time '6 10': is no time", done.stderr)
        self.assertIn(f"{path} stop_times.txt row 5, stop_id 'Z': is not in stops.txt", done.stderr)

    def test_files_that_are_no_feeds(self):
        whole = self.feed().read_bytes()
        for name, content, status, words in (('none.zip', None, 5, 'No such file'), ('text.zip', b'hello', 3, ''), ('cut.zip', whole[:-30], 3, ''),
                                             ('empty.zip', b'', 3, '')):
            path = self.folder / name
            if content is not None:
                path.write_bytes(content)
            done, plan = self.plan('--gtfs', path)
            self.assertEqual((done.returncode, plan), (status, None), name + done.stderr)
            self.assertIn(words, done.stderr)
            self.assertIn(name, done.stderr)
        done, _ = self.plan('--gtfs', self.feed(stops_txt=None))
        self.assertIn('stops.txt: is not in the feed', done.stderr)

    def test_damaged_bytes_in_the_zip_are_noticed(self):
        path = self.feed()
        whole = bytearray(path.read_bytes())
        at = whole.find(b'stop_times.txt') + len('stop_times.txt')
        whole[at + 20] ^= 0xff
        path.write_bytes(whole)
        done, plan = self.plan('--gtfs', path)
        self.assertEqual((done.returncode, plan), (3, None), done.stderr)
        self.assertIn('stop_times.txt', done.stderr)

    @unittest.skipUnless(SHARED, 'CAREROUND_SHARED is not set')
    def test_newport_by_its_real_buses(self):
        feed = pathlib.Path(SHARED) / 'geo/gtfs/newport-wales-2023-06-gtfs.zip'
        self.write('settings.json', '{"date": "2023-06-13"}')
        # From Market Square to Risca by the R1, to Rogerstone by the 1 or the R1.
        self.write('visits.csv', 'visit_id,client_id,latitude,longitude,band,duration\nV1,C1,51.6075,-3.1000,morning,30\n'
                                 'V2,C2,51.5958,-3.0742,lunch,30\n')
        self.write('carers.csv', 'carer_id,shift_start,shift_end,mode,home_latitude,home_longitude\n'
                                 'ANN,07:00,16:00,transit,51.5890,-2.9950\n')
        done, plan = self.plan('--gtfs', feed)
        self.assertEqual((done.returncode, plan['unallocated']), (0, []), done.stderr)
        page = (self.folder / 'plan.html').read_text(encoding='utf-8')
        self.assertRegex(page, r'class="ride">\d\d:\d\d <b>R1</b> [^<]*</span>')
        self.assertLess(plan['rounds'][0]['stops'][0]['travel_s'], 75 * 60)  # on foot 2 hours

    @unittest.skipUnless(SHARED, 'CAREROUND_SHARED is not set: a Newport day by bus is NOT tested')
    def test_a_newport_day_by_bus_in_periods(self):
        shared = pathlib.Path(SHARED)
        feed = shared / 'geo/gtfs/newport-wales-2023-06-gtfs.zip'
        self.write('settings.json', json.dumps({'date': '2023-06-13', 'travel': {'periods': {
            'morning': {'hours': '06:00-12:00'}, 'afternoon': {'hours': '12:00-18:00'}, 'evening': {'hours': '18:00-24:00'}}}}))
        doors = [(51.6075, -3.1000), (51.5958, -3.0742), (51.5890, -2.9700), (51.5701, -2.9820), (51.5960, -2.9920)]
        rows = [f'V{i}{band[0]},C{i},{lat},{lon},{band},20' for i, (lat, lon) in enumerate(doors) for band in ('lunch', 'bed')]
        self.write('visits.csv', '\n'.join(['visit_id,client_id,latitude,longitude,band,duration', *rows]) + '\n')
        self.write('carers.csv', 'carer_id,shift_start,shift_end,mode,home_latitude,home_longitude\n' + ''.join(
            f'{c},{begin},transit,51.5890,-2.9950\n' for c, begin in (('ANN', '10:00,16:00'), ('BOB', '10:00,16:00'),
                                                                     ('CAT', '17:00,23:30'), ('DOG', '17:00,23:30'))))
        done, plan = self.plan('--gtfs', feed)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn('afternoon, evening', plan['travel_source'])
        checked = subprocess.run([PROGRAM, 'check', str(self.day), str(self.folder / 'plan.json'), '--gtfs', str(feed)],
                                 capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)
        rides = [(s, ride) for r in plan['rounds'] for s in r['stops'] for ride in s.get('rides', [])]
        self.assertGreater(len(rides), 3)
        for stop, ride in rides:
            self.assertLessEqual(stop['leave_s'], ride['board_s'])
            self.assertLess(ride['board_s'], ride['alight_s'])


if __name__ == '__main__':
    PROGRAM = sys.argv.pop(1)
    unittest.main(verbosity=2)
