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

PROGRAM = None
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


if __name__ == '__main__':
    PROGRAM = sys.argv.pop(1)
    unittest.main(verbosity=2)
