#!/usr/bin/env python3
"""Answers read by programs that others wrote: JSON Schema, iCalendar, CSV, GeoJSON.

test_formats.py PRINT_SAMPLE PLAN_SCHEMA. Without python3-jsonschema or python3-icalendar the tests that need them are
skipped, loudly.
"""

import copy
import csv
import datetime
import io
import json
import pathlib
import subprocess
import sys
import unittest

try:
    import jsonschema
except ImportError:
    jsonschema = None
try:
    import icalendar
except ImportError:
    icalendar = None

PRINT_SAMPLE = SCHEMA = ''


def written(form):
    return subprocess.run([PRINT_SAMPLE, form], capture_output=True, check=True).stdout


def rows(form):
    data = written(form)
    assert data.startswith(b'\xef\xbb\xbf'), 'no byte order mark: Excel would not take this for UTF-8'
    return list(csv.DictReader(io.StringIO(data.decode('utf-8-sig'), newline=''), strict=True))


@unittest.skipUnless(jsonschema, 'python3-jsonschema is not installed')
class PlanSchema(unittest.TestCase):
    def setUp(self):
        schema = json.loads(pathlib.Path(SCHEMA).read_text(encoding='utf-8'))
        jsonschema.Draft202012Validator.check_schema(schema)
        self.validator = jsonschema.Draft202012Validator(schema)
        self.plan = json.loads(written('json'))

    def test_the_plan_obeys_its_schema(self):
        self.assertEqual([e.message for e in self.validator.iter_errors(self.plan)], [])

    def test_the_schema_notices(self):
        def spoil_time(plan):
            plan['rounds'][0]['stops'][0]['start'] = '7.30'

        def spoil_kind(plan):
            plan['rounds'][0]['stops'][0]['kind'] = 'lunch'

        def lose_key(plan):
            del plan['unallocated'][0]['reasons']

        def add_key(plan):
            plan['clients'][0]['colour'] = 'blue'

        for spoil in (spoil_time, spoil_kind, lose_key, add_key):
            plan = copy.deepcopy(self.plan)
            spoil(plan)
            self.assertFalse(self.validator.is_valid(plan), spoil.__name__)


@unittest.skipUnless(icalendar, 'python3-icalendar is not installed')
class Calendar(unittest.TestCase):
    def setUp(self):
        self.data = written('ical')
        self.events = list(icalendar.Calendar.from_ical(self.data).walk('VEVENT'))

    def test_the_day_of_ann(self):
        utc = datetime.timezone.utc
        self.assertEqual([str(e['SUMMARY']) for e in self.events],
                         ["Mary O'Neil", '</script><b>Bold & "Quoted"', 'Break', '=SUM(A1) Jürgen Müller'])
        self.assertEqual(self.events[0].decoded('DTSTART'), datetime.datetime(2026, 11, 23, 7, 30, tzinfo=utc))
        self.assertEqual(self.events[0].decoded('DTEND'), datetime.datetime(2026, 11, 23, 8, 0, tzinfo=utc))

    def test_escapes_are_undone_by_the_reader(self):
        self.assertEqual(str(self.events[0]['LOCATION']), '1 High Street, Dalkeith, EH22 1AA')
        self.assertIn('Key safe 1234; tea, no sugar', str(self.events[0]['DESCRIPTION']))
        self.assertIn('Flat 2/1,\n7 Main Street', str(self.events[1]['LOCATION']))
        self.assertIn('Double-up with Bob, Jr.', str(self.events[1]['DESCRIPTION']))

    def test_every_entry_has_a_name_of_its_own(self):
        uids = [str(e['UID']) for e in self.events]
        self.assertEqual(len(set(uids)), len(uids))
        for event in self.events:
            self.assertIn('DTSTAMP', event)

    def test_lines_are_short_and_end_as_they_should(self):
        lines = self.data.split(b'\r\n')
        self.assertEqual(lines[-1], b'')
        for line in lines:
            self.assertLessEqual(len(line), 75)
            self.assertNotIn(b'\n', line)
            line.decode('utf-8')  # folded between letters, never within one


class Csv(unittest.TestCase):
    def test_the_run_sheet_is_in_order_with_times(self):
        sheet = rows('carer-csv')
        self.assertEqual([(r['Carer'], r['Start'], r['Client']) for r in sheet[:5]],
                         [('Ann Brown', '07:30', "Mary O'Neil"), ('Ann Brown', '09:00', '</script><b>Bold & "Quoted"'),
                          ('Ann Brown', '11:00', '(break)'), ('Ann Brown', '11:27', "'=SUM(A1) Jürgen Müller"),
                          ('Ann Brown', '', '(end of round)')])
        self.assertEqual([r['Minutes to next'] for r in sheet[:5]], ['15', '5', '', '8', ''])
        self.assertEqual(sheet[1]['With'], 'Bob, Jr.')
        self.assertEqual(sheet[0]['Travel miles'], '3.1')

    def test_nothing_runs_as_a_formula(self):
        for form in ('carer-csv', 'client-csv', 'unallocated-csv'):
            for row in rows(form):
                for field in row.values():
                    self.assertNotIn(field[:1], ('=', '+', '-', '@', '\t'), field)
        self.assertEqual(rows('carer-csv')[1]['Notes'], "'@hoist")

    def test_every_visit_of_a_client_is_there_placed_or_not(self):
        calls = rows('client-csv')
        self.assertEqual([(r['Visit ID'], r['Status']) for r in calls],
                         [('V1', 'placed'), ('V2', 'placed'), ('V4', 'NOT PLACED'), ('V3', 'placed'), ('V5', 'NOT PLACED')])
        self.assertEqual(calls[1]['Carers'], 'Ann Brown; Bob, Jr.')

    def test_rows_end_with_crlf(self):
        for form in ('carer-csv', 'client-csv', 'unallocated-csv'):
            self.assertTrue(written(form).endswith(b'\r\n'))


class GeoJson(unittest.TestCase):
    def setUp(self):
        self.features = json.loads(written('geojson'))['features']

    def test_rounds_are_lines_from_base_to_base_longitude_first(self):
        ann = self.features[0]
        self.assertEqual(ann['geometry'], {'type': 'LineString', 'coordinates': [
            [-3.08, 55.86], [-3.0681, 55.8937], [-3.0702, 55.8842], [-3.0444, 55.8401], [-3.08, 55.86]]})
        self.assertEqual(ann['properties']['carer_name'], 'Ann Brown')

    def test_visits_are_points_and_a_client_without_a_position_has_none(self):
        visits = {f['properties']['visit']: f for f in self.features if f['properties']['kind'] == 'visit'}
        self.assertEqual(len(visits), 5)
        self.assertEqual(visits['V1']['geometry'], {'type': 'Point', 'coordinates': [-3.0681, 55.8937]})
        self.assertEqual(visits['V2']['properties']['carers'], ['C1', 'C/2'])
        self.assertIsNone(visits['V5']['geometry'])
        self.assertFalse(visits['V5']['properties']['placed'])


if __name__ == '__main__':
    PRINT_SAMPLE, SCHEMA = sys.argv.pop(1), sys.argv.pop(1)
    result = unittest.main(verbosity=2, exit=False).result
    for test, reason in result.skipped:
        print(f'SKIPPED, LOUDLY: {test}: {reason}', file=sys.stderr)
    sys.exit(1 if not result.wasSuccessful() else 77 if result.skipped else 0)
