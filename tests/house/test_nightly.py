#!/usr/bin/env python3
"""nightly.py with a program that only says what the true one would: it goes on where it was stopped, and no fault is lost."""

import argparse
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

SOURCE: pathlib.Path

# Notes each call, and does what FAULTS says at a seed.
PROGRAM = '''#!/usr/bin/env python3
import os, pathlib, sys, time
n, first = int(os.environ['CAREROUND_PROPERTY_RUNS']) // 2, int(os.environ['CAREROUND_PROPERTY_SEED'])
with open(pathlib.Path(__file__).parent / 'calls', 'a') as calls:
    calls.write(f'{first} {n}\\n')
FAULTS = {}
what = next((what for seed, what in FAULTS.items() if first <= seed < first + n), '')
time.sleep(3600 if what == 'hang' else 0)
if what == 'crash':
    os.abort()
print(f'{n} small problems, 900 visits, 30 of them unallocated: {int(what == "broken")} plans broken')
print(f'{n} tiny problems: 0 broken, 0 below the best, {int(what == "missed")} missed')
sys.exit(what in ('broken', 'missed'))
'''


class Nightly(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.write_program({})

    def write_program(self, faults):
        program = self.folder / 'program'
        program.write_text(PROGRAM.replace('FAULTS = {}', f'FAULTS = {faults!r}'), encoding='utf-8')
        program.chmod(0o755)

    def command(self, *words):
        return [sys.executable, SOURCE / 'tests/nightly.py', self.folder / 'program', '--jobs', '1', '--problems', '100',
                '--piece', '40', *words]

    def nightly(self, *words):
        return subprocess.run(self.command(*words), capture_output=True, text=True, check=False)

    def calls(self):
        return [tuple(map(int, line.split())) for line in (self.folder / 'calls').read_text().splitlines()]

    def test_all_problems_are_tried_once(self):
        done = self.nightly()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.calls(), [(1, 20), (21, 20), (41, 10)])
        self.assertIn('100 of 100 random problems: 0 plans broken', done.stdout)
        self.assertIn('40 of 100 problems (40 %)', done.stderr)
        again = self.nightly()
        self.assertEqual((again.returncode, len(self.calls())), (0, 3))

    def test_it_goes_on_where_it_was_killed_also_in_other_pieces(self):
        self.write_program({41: 'hang'})
        with subprocess.Popen(self.command(), stderr=subprocess.DEVNULL, start_new_session=True) as running:
            for _ in range(200):
                if (self.folder / 'calls').exists() and len(self.calls()) == 3:
                    break
                time.sleep(0.05)
            os.killpg(running.pid, signal.SIGKILL) # the program too
        self.assertEqual(self.nightly('--minutes', '0').returncode, 3)
        self.assertEqual(len(json.loads((self.folder / 'nightly.json').read_text())['pieces']), 2)
        self.assertEqual(self.calls(), [(1, 20), (21, 20), (41, 10)])

    def test_other_pieces_fill_the_gaps(self):
        self.assertEqual(self.nightly('--problems', '40').returncode, 0)
        self.assertEqual(self.nightly('--piece', '24').returncode, 0)
        self.assertEqual(self.calls(), [(1, 20), (21, 12), (33, 12), (45, 6)])

    def test_another_program_begins_anew(self):
        self.nightly()
        self.write_program({1: 'broken'})
        done = self.nightly()
        self.assertEqual((done.returncode, len(self.calls())), (1, 6))
        self.assertIn('from the beginning', done.stderr)

    def test_faults_are_kept_and_told_again(self):
        self.write_program({5: 'broken', 41: 'crash'})
        for _ in range(2):
            done = self.nightly()
            self.assertEqual(done.returncode, 1)
            self.assertIn('1 plans broken, 0 below the best, 0 of 50 tiny ones missed the best plan, 2 pieces with a fault',
                          done.stdout)
            self.assertIn('seeds from 41, 20 problems: status -6', done.stderr)
        self.assertEqual(len(self.calls()), 3)

    def test_misses_are_judged_over_all_pieces(self):
        self.write_program({5: 'missed'})
        self.assertEqual(self.nightly().returncode, 0)
        self.write_program({5: 'missed', 25: 'missed'})
        done = self.nightly()
        self.assertEqual(done.returncode, 1)
        self.assertIn('2 of 50 tiny ones missed the best plan (too many)', done.stdout)


def main():
    global SOURCE
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--source', type=pathlib.Path, required=True, help='the checkout')
    args, rest = parser.parse_known_args()
    SOURCE = args.source.resolve()
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)


if __name__ == '__main__':
    main()
