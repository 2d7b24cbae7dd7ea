#!/usr/bin/env python3
"""careround geocode: a list of places in, where they are out."""
import argparse
import csv
import json
import pathlib
import subprocess
import tempfile
import unittest

SOURCE = PROGRAM = None

# Coordinates, a grid reference of ten metres, a postcode of the gazetteer, two that are none, and a column of somebody's own.
LIST = ('name,postcode,grid_ref,lat,lon\n'
        'a,,,55.9,-3.1\n'
        'b,,NT 3348 6700,,\n'
        'c,eh221aa,,,\n'
        'd,EH22,,,\n'
        'e,,XX 12,,\n')


class Geocode(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        (self.folder / 'postcodes.csv').write_text('postcode,latitude,longitude\nEH22 1AA,55.891,-3.066\n', encoding='utf-8')
        self.run_program('gazetteer', 'build', 'postcodes.csv', '-o', 'uk.gaz')

    def run_program(self, *words, status=0):
        done = subprocess.run([PROGRAM, *words], cwd=self.folder, capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def geocode(self, text, *words, status=0):
        (self.folder / 'list').write_text(text, encoding='utf-8')
        return self.run_program('geocode', 'list', '--gazetteer', 'uk.gaz', *words, status=status)

    def test_what_is_found_is_written_and_what_is_not_is_said(self):
        done = self.geocode(LIST, status=3)
        rows = list(csv.DictReader(done.stdout.splitlines()))
        self.assertEqual([(r['row'], r['quality'], r['postcode']) for r in rows],
                         [('2', 'rooftop', ''), ('3', 'rooftop', ''), ('4', 'postcode centroid', 'EH22 1AA')])
        self.assertEqual([r['latitude'] for r in rows][::2], ['55.9', '55.891'])
        self.assertAlmostEqual(float(rows[1]['longitude']), -3.0651, places=3)
        self.assertIn("list row 5, postcode 'EH22': not a UK postcode", done.stderr)
        self.assertIn("list row 6, grid_ref 'XX 12': not a grid reference", done.stderr)
        self.assertIn('2 errors', done.stderr)

    def test_the_same_as_json_and_into_a_file(self):
        made = json.loads(self.geocode(LIST, '--json', '--out', 'found.csv', status=3).stdout)
        self.assertEqual((made['errors'], [p['row'] for p in made['places']]), (2, [2, 3, 4]))
        rows = list(csv.DictReader((self.folder / 'found.csv').read_text(encoding='utf-8').splitlines()))
        self.assertEqual([float(r['latitude']) for r in rows], [p['latitude'] for p in made['places']])
        sound = json.loads(self.geocode('[{"postcode": "EH22 1AA"}]', '--json').stdout)
        self.assertEqual((sound['errors'], sound['places'][0]['latitude']), (0, 55.891))

    def test_the_visits_of_a_day_are_a_list(self):
        done = self.run_program('geocode', SOURCE / 'data/tiny/visits.csv')
        self.assertEqual(len(list(csv.DictReader(done.stdout.splitlines()))), 10)
        self.assertEqual(done.stderr, '')

    def test_a_column_of_somebodys_own_is_told_of_where_it_looks_like_a_slip(self):
        done = self.geocode('name,postcoed,lat,lon\na,EH22 1AA,55.9,-3.1\n')
        self.assertIn("postcoed: unknown column, left out; did you mean 'postcode'?", done.stderr)
        self.assertNotIn('name', done.stderr)

    def test_a_gazetteer_that_is_not_there_is_named_as_it_was_given(self):
        (self.folder / 'list').write_text(LIST, encoding='utf-8')
        done = self.run_program('geocode', 'list', '--gazetteer', 'none.gaz', status=3)
        self.assertIn('error: none.gaz: No such file or directory\n', done.stderr)
        self.assertNotIn('postcodes.gaz', done.stderr)

    def test_wrong_words_and_files(self):
        self.geocode('', status=3)
        self.geocode('name\nx\n', status=3)
        self.geocode(LIST, 'more', status=2)
        self.geocode(LIST, '--nothing', status=2)
        self.run_program('geocode', status=2)
        self.assertIn('none.csv', self.run_program('geocode', 'none.csv', status=5).stderr)
        self.assertIn('usage: careround geocode', self.run_program('geocode', '--help').stdout)


def main():
    global SOURCE, PROGRAM
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--source', type=pathlib.Path, required=True)
    parser.add_argument('--program', type=pathlib.Path, required=True)
    args, rest = parser.parse_known_args()
    SOURCE, PROGRAM = args.source.resolve(), args.program.resolve()
    unittest.main(argv=['test_geocode_command.py', *rest], verbosity=2)


if __name__ == '__main__':
    main()
