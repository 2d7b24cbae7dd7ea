#!/usr/bin/env python3
"""careround plan, check and report on a sample day: what is read back is what was written.

test_report.py CAREROUND DAY
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

CAREROUND = DAY = ''


def run(*words):
    return subprocess.run([CAREROUND, *map(str, words)], capture_output=True, text=True, check=False)


class Report(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.plan = self.root / 'plan.json'
        done = run('plan', DAY, '--iterations', 500, '--out', self.plan, '--html', self.root / 'plan.html', '--csv',
                   self.root / 'lists')
        self.assertEqual(done.returncode, 0, done.stderr)
        self.summary = done.stdout.split('\nWritten\n')

    def test_the_summary_ends_with_the_paths(self):
        self.assertIn('Visits       10 of 10 placed', self.summary[0])
        for path in ('plan.json', 'plan.html', 'lists'):
            self.assertIn(str(self.root / path), self.summary[1])

    def test_report_makes_every_form_again(self):
        done = run('report', DAY, self.plan, '--out', self.root / 'again.json', '--html', self.root / 'again.html', '--csv',
                   self.root / 'again')
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.split('\nWritten\n')[0], self.summary[0])
        self.assertEqual((self.root / 'again.json').read_bytes(), self.plan.read_bytes())
        self.assertEqual((self.root / 'again.html').read_bytes(), (self.root / 'plan.html').read_bytes())
        before = {p.relative_to(self.root / 'lists'): p.read_bytes() for p in (self.root / 'lists').rglob('*.*')}
        after = {p.relative_to(self.root / 'again'): p.read_bytes() for p in (self.root / 'again').rglob('*.*')}
        self.assertEqual(before, after)
        self.assertIn(pathlib.Path('rota.geojson'), before)

    def spoilt(self, spoil):
        plan = json.loads(self.plan.read_text(encoding='utf-8'))
        spoil(plan)
        path = self.root / 'spoilt.json'
        path.write_text(json.dumps(plan), encoding='utf-8')
        return path

    def test_a_broken_rule_is_told_in_words_with_status_4(self):
        def too_early(plan):
            stop = next(s for s in plan['rounds'][0]['stops'] if s['kind'] == 'visit')
            stop['start_s'] = stop['leave_s'] - 3600
        path = self.spoilt(too_early)
        client = json.loads(self.plan.read_text(encoding='utf-8'))['rounds'][0]['stops'][0]['client_name']
        for command in ('check', 'report'):
            done = run(command, DAY, path, *(['--out', self.root / 'no.json'] if command == 'report' else []))
            self.assertEqual(done.returncode, 4)
            self.assertIn(client, done.stdout + done.stderr)
        self.assertFalse((self.root / 'no.json').exists())

    def test_a_file_that_is_no_plan_of_this_day_is_told_with_status_3(self):
        def stranger(plan):
            plan['rounds'][0]['stops'][0]['visit'] = 'nobody'
            plan['rounds'][0]['shift'] = 7
        done = run('report', DAY, self.spoilt(stranger))
        self.assertEqual(done.returncode, 3)
        self.assertIn('rounds[0].shift: is a whole number, should be the id of a shift', done.stderr)
        self.assertIn('rounds[0].stops[0].visit: "nobody" is no visit of this day', done.stderr)

    def test_wrong_usage_is_status_2(self):
        self.assertEqual(run('report', DAY).returncode, 2)
        self.assertEqual(run('report', DAY, self.plan, '--colour').returncode, 2)


if __name__ == '__main__':
    CAREROUND, DAY = sys.argv.pop(1), sys.argv.pop(1)
    unittest.main(verbosity=2)
