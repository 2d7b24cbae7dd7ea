#!/usr/bin/env python3
"""`careround bench` from outside: one line a file in order, errors as lines, exit statuses, judged plans."""

import argparse
import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import types
import unittest

parser = argparse.ArgumentParser()
parser.add_argument('--source', type=pathlib.Path, required=True)
parser.add_argument('--program', required=True)
arguments, rest = parser.parse_known_args()
sys.path[:0] = [str(arguments.source / 'benchmarks'), str(pathlib.Path(__file__).parent)]
sys.argv[1:] = ['--source', str(arguments.source)]
import judge  # noqa: E402
import plot  # noqa: E402
import run  # noqa: E402
import test_judge as small  # noqa: E402


def bench(*words):
    return subprocess.run([arguments.program, 'bench', *map(str, words)], capture_output=True, text=True, check=False)


class Bench(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.solomon = self.write('so.small.txt', small.SOLOMON)
        self.mankowska = self.write('ma.txt', small.MANKOWSKA)
        self.udine = self.write('ud.json', small.UDINE)
        self.uhhc = self.write('uh.json', small.UHHC)
        self.bredstrom = self.write('br.dat', small.BREDSTROM)
        self.write('visits.csv', small.VISITS)
        self.write('carers.csv', small.CARERS)
        self.write('distance.csv', small.DISTANCE)

    def write(self, name, text):
        (self.folder / name).write_text(text)
        return self.folder / name

    def lines(self, format_name, *words, status=0):
        done = bench('--format', format_name, *words)
        self.assertEqual(done.returncode, status, done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def test_a_full_disk_is_said_and_ends_the_run(self):
        with open('/dev/full', 'w', encoding='utf-8') as full:
            done = subprocess.run([arguments.program, 'bench', '--format', 'solomon', '--iterations', '10', self.solomon, self.solomon],
                                  stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual(done.returncode, 5)
        self.assertEqual(done.stderr.count('careround bench: standard output: '), 1)

    def test_each_set_is_solved_and_judged(self):
        for format_name, path in [('solomon', self.solomon), ('mankowska', self.mankowska), ('udine', self.udine),
                                  ('bredstrom', self.bredstrom), ('uhhc', self.uhhc),
                                  ('strathclyde', self.folder / '2017-10-02')]:
            with self.subTest(format_name):
                (line,) = self.lines(format_name, '--iterations', 300, path)
                self.assertEqual(list(line), ['instance', 'format', 'objective', 'bound', 'feasible', 'unserved',
                                              'seconds', 'first_feasible_s', 'iterations_per_s', 'seed', 'threads',
                                              'routes'])
                self.assertGreater(line['iterations_per_s'], 0)
                judge.judge(path, line)

    def test_a_trace_ends_with_the_plan_of_the_line(self):
        (line,) = self.lines('solomon', '--iterations', 300, '--trace', self.solomon)
        seconds, ratios = zip(*line['trace'], strict=True)
        self.assertEqual(list(seconds), sorted(seconds))
        self.assertLessEqual(seconds[-1], line['seconds'])
        self.assertEqual(list(ratios), sorted(ratios, reverse=True))
        self.assertEqual(ratios[-1], 1)

    def test_the_small_instances_are_solved_to_the_best(self):
        # Solomon: 25 and 10 on one vehicle is over 20, so {3} goes alone: 12 + 2.8. (1, 2) the other way round: also 12.
        (line,) = self.lines('solomon', '--iterations', 300, self.solomon)
        self.assertAlmostEqual(line['objective'], 14.8)
        self.assertEqual(line['instance'], 'so.small')
        # Both double-ups need carers 7 and 8, and lie 80 s apart. Carer 8 has them in one segment, and carer 7 too if the
        # first starts half an hour late; her first segment is then free for visit 501, 300 s from anything else.
        (line,) = self.lines('strathclyde', '--iterations', 300, self.folder / '2017-10-02')
        self.assertEqual(line['objective'], 160)

    def test_a_bound_is_proved_where_it_was_asked_for(self):
        for format_name, path, is_closed in [('solomon', self.solomon, True), ('strathclyde', self.folder / '2017-10-02', False)]:
            (line,) = self.lines(format_name, '--iterations', 300, '--bound', 20, path)
            self.assertTrue(0 < line['bound'] <= line['objective'], line)
            if is_closed:
                self.assertAlmostEqual(line['bound'], line['objective'])
        (line,) = self.lines('solomon', '--iterations', 300, '--bound', 20, '--convention', 'classic', self.solomon)
        self.assertIsNone(line['bound'])

    def test_no_bound_is_above_a_proven_optimum(self):
        shared = os.environ.get('CAREROUND_SHARED')
        if not shared:
            print('SKIPPED: the shared instances are not there (CAREROUND_SHARED is unset)', file=sys.stderr)
            self.skipTest('no shared instances')
        folder = pathlib.Path(shared) / 'instances/solomon-1987'
        with open(folder / 'best_known.csv', newline='', encoding='utf-8') as file:
            best = {row['file']: float(row['dimacs']) for row in csv.DictReader(file) if row['dimacs_opt'] == 'yes'}
        names = ['C101.txt', 'R101.txt', 'RC101.txt']
        lines = self.lines('solomon', '--iterations', 2000, '--bound', 3, *[folder / name for name in names])
        bounds = [line['bound'] for line in lines]
        print('bounds', bounds, 'optima', [best[name] for name in names], file=sys.stderr)
        for name, bound in zip(names, bounds, strict=True):
            self.assertTrue(bound is None or 0 < bound <= best[name] + 1e-9, (name, bound))
        self.assertTrue(any(bounds))

    def test_the_classic_convention_puts_vehicles_before_distance(self):
        # One vehicle goes 10, 20, 21 and 11; two go 10, 1 and 11, and 20.
        path = self.write('far.txt', small.SOLOMON_FAR)
        (line,) = self.lines('solomon', '--iterations', 300, '--convention', 'classic', path)
        self.assertEqual(line['vehicles'], 1)
        self.assertAlmostEqual(line['objective'], 62, places=9)
        judge.judge(path, line)
        (line,) = self.lines('solomon', '--iterations', 300, path)
        self.assertNotIn('vehicles', line)
        self.assertAlmostEqual(line['objective'], 42)

    def test_bredstrom_takes_longer_durations(self):
        (line,) = self.lines('bredstrom', '--iterations', 300, '--duration-factor', '1.4', self.bredstrom)
        self.assertEqual(line['objective_kind'], 'travel14')
        judge.judge(self.bredstrom, line)

    def test_lines_come_in_order_and_a_file_that_cannot_be_read_is_one_of_them(self):
        broken = self.write('broken.txt', small.SOLOMON.replace('  2         20', '  two       20'))
        lines = self.lines('solomon', '--iterations', 10, self.solomon, broken, self.folder / 'none.txt', self.solomon,
                           status=3)
        self.assertEqual([line['instance'] for line in lines], ['so.small', 'broken', 'none', 'so.small'])
        self.assertEqual(lines[1]['error'], 'line 4: number of vehicles: "two" is no number')
        self.assertIn('No such file', lines[2]['error'])
        self.assertNotIn('error', lines[3])

    def test_the_same_seed_and_iterations_give_the_same_plan(self):
        runs = [self.lines('mankowska', '--iterations', 200, '--seed', 5, self.mankowska)[0] for _ in range(2)]
        self.assertEqual(runs[0]['routes'], runs[1]['routes'])
        self.assertEqual(runs[0]['seed'], 5)

    def test_the_time_is_kept(self):
        (line,) = self.lines('solomon', '--time', 0.5, self.solomon)
        self.assertLessEqual(line['seconds'], 1.0)

    def test_native_names_rows_and_ids(self):
        (line,) = self.lines('native', '--iterations', 200, arguments.source / 'data/tiny')
        stop = line['routes'][0]['stops'][0]
        self.assertEqual(list(line['routes'][0]), ['vehicle', 'shift_id', 'stops'])
        self.assertTrue(stop['visit_id'])
        self.assertTrue(line['feasible'])

    def test_a_day_of_postcodes_takes_a_gazetteer(self):
        day, gazetteer = arguments.source / 'data/midlothian', self.folder / 'postcodes.gaz'
        subprocess.run([arguments.program, 'gazetteer', 'build', day / 'postcodes.csv', '-o', gazetteer],
                       capture_output=True, check=True)
        (line,) = self.lines('native', '--iterations', 20, '--gazetteer', gazetteer, day)
        self.assertGreater(len(line['routes']), 10)

    def test_a_day_with_errors_is_a_line(self):
        (line,) = self.lines('native', self.folder / 'nowhere', status=3)
        self.assertEqual(list(line), ['instance', 'error'])

    def test_wrong_usage(self):
        for words, said in [
            (['x.txt'], 'which --format'),
            (['--format', 'udinese', 'x.txt'], "'udinese' must be"),
            (['--format', 'solomon'], 'which FILE'),
            (['--format', 'solomon', '--time', '1', '--iterations', '5', 'x.txt'], 'exclude each other'),
            (['--format', 'solomon', '--time', '-1', 'x.txt'], 'from 0'),
            (['--format', 'solomon', '--iterations', '1.5', 'x.txt'], 'whole number'),
            (['--format', 'solomon', '--threads', '0', 'x.txt'], 'from 1'),
            (['--format', 'solomon', '--convention', 'sintef', 'x.txt'], 'must be dimacs or classic'),
            (['--format', 'udine', '--convention', 'classic', 'x.txt'], 'is for solomon'),
            (['--format', 'bredstrom', '--duration-factor', '2', 'x.txt'], 'must be 1 or 1.4'),
            (['--format', 'udine', '--duration-factor', '1.4', 'x.txt'], 'is for bredstrom'),
            (['--format', 'solomon', '--fast', 'x.txt'], 'unknown option'),
        ]:
            with self.subTest(' '.join(words)):
                done = bench(*words)
                self.assertEqual((done.returncode, done.stdout), (2, ''))
                self.assertIn(said, done.stderr)

    def run_set(self, best, *words):
        folder = self.folder / 'solomon-1987'
        folder.mkdir(exist_ok=True)
        (folder / 'small.txt').write_text(small.SOLOMON)
        (folder / 'best_known.csv').write_text(f'file,dimacs\nsmall.txt,{best}\nlost.txt,5\n')
        done = subprocess.run(
            [arguments.source / 'benchmarks/run.py', 'solomon', '--instances', self.folder, '--program', arguments.program,
             '--jobs', '2', '--out', self.folder / 'out', *(words or ['--iterations', '300'])],
            capture_output=True, text=True, check=False)
        table = self.folder / 'out/solomon.csv'
        return done, table.read_text().splitlines() if table.exists() else []

    def test_a_set_becomes_a_table_with_gaps_and_faults(self):
        done, table = self.run_set('14.0')
        self.assertEqual(done.returncode, 1, 'a file is missing')
        self.assertRegex(table[1], r'^small.txt,careround,1,14.8,0,14,\+5.71 %,')
        self.assertRegex(table[2], r'^lost.txt,.*No such file')
        self.assertIn('Mean gap +5.71 %, worst +5.71 %, over 1 runs; 0 at or below the best known.', done.stdout)
        self.assertIn('2 runs, 1 broken.', (self.folder / 'out/solomon.md').read_text())

    def test_an_unknown_best_value_has_no_gap(self):
        _, table = self.run_set('?')
        self.assertRegex(table[1], r'^small.txt,careround,1,14.8,0,,,')

    def test_a_list_and_several_seeds(self):
        listed = self.write('list.txt', '# the small one\nsolomon small.txt\nmankowska other.txt\n')
        done, table = self.run_set('14.0', '--iterations', '300', '--list', listed, '--seeds', '1-3')
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([row.split(',')[:3] for row in table[1:]],
                         [['small.txt', 'careround', seed] for seed in '123'])
        self.assertIn('Means of the seeds 5.714, 5.714, 5.714: mean 5.714, standard deviation 0.', done.stdout)
        done, _ = self.run_set('14.0', '--iterations', '300', '--list', self.write('list.txt', 'solomon none.txt\n'))
        self.assertIn('none.txt is not in solomon', done.stderr)

    def test_curves_of_several_seeds_are_their_mean(self):
        # Known: 10. Seed 1: 14 at once, 12 after 2 s; seed 2: nothing until 1 s, then 11. Together from 1 s: 25 %, then 15 %.
        lines = [{'instance': 'so.small', 'objective': 12, 'seconds': 4, 'trace': [[0.5, 14 / 12], [2, 1]]},
                 {'instance': 'so.small', 'objective': 11, 'seconds': 4, 'trace': [[1, 1]]}]
        path = self.write('so.jsonl', ''.join(json.dumps(line) + '\n' for line in lines))
        ((name, curve),) = plot.curves_of(path, {'so.small': 10})
        self.assertEqual(name, 'so.small')
        self.assertEqual([(seconds, round(gap, 6)) for seconds, gap in curve], [(1, 25), (2, 15), (4, 15)])

    def test_plans_better_than_the_best_known_are_kept(self):
        kept = self.folder / 'kept/solomon/small.txt.json'
        self.run_set('14.8', '--iterations', '300', '--keep-best', self.folder / 'kept')
        self.assertFalse(kept.exists(), 'as good is not better')
        self.run_set('15.0', '--iterations', '300', '--keep-best', self.folder / 'kept')
        self.assertEqual(judge.judge(self.solomon, json.loads(kept.read_text())), 14.8)

    def test_a_table_that_was_stopped_is_gone_on_with(self):
        listed = self.write('list.txt', 'solomon small.txt\n')
        self.run_set('14.0', '--iterations', '300', '--list', listed)
        lines = self.folder / 'out/solomon.jsonl'
        first = lines.read_text().replace('"seed":', '"kept":true,"seed":')
        lines.write_text(first)
        _, table = self.run_set('14.0', '--iterations', '300', '--resume')
        self.assertEqual([row.split(',')[0] for row in table[1:]], ['small.txt', 'lost.txt'])
        self.assertIn(first.strip(), lines.read_text().splitlines(), 'not run again')
        both = lines.read_text()
        done, table = self.run_set('14.0', '--iterations', '300', '--resume', '--only', 'lost*')
        self.assertNotIn('Traceback', done.stderr)
        self.assertIn('lost.txt careround seed 1: BROKEN', done.stderr, 'tried again')
        self.assertEqual([row.split(',')[0] for row in table[1:]], ['small.txt', 'lost.txt'])
        self.assertIn(first.strip(), lines.read_text().splitlines(), 'kept, though not asked for')
        done, _ = self.run_set('14.0', '--iterations', '400', '--resume')
        self.assertIn('was made otherwise', done.stderr)
        self.assertEqual(lines.read_text(), both, 'and nothing of it is lost')

    def test_at_the_best_known_is_as_far_as_that_was_rounded(self):
        for objective, best, is_so in ((42421.1, 42420.4, False), (42420.4, 42420.4, True), (106.6667, 106.67, True),
                                       (222.3, 222.29, True), (222.31, 222.29, False), (607.34, 607, False), (5.0, None, False)):
            one = run.Run('a.txt', run.OURS, 1, {}, objective=objective, best=best)
            self.assertEqual(one.is_at_best, is_so, (objective, best))

    def test_the_spread_is_of_gaps_or_of_objectives(self):
        def runs(*bests):
            return [run.Run(f'{i}.txt', run.OURS, seed, {}, objective=20 + seed, best=best)
                    for i, best in enumerate(bests) for seed in (1, 2)]
        self.assertIn('Means of the seeds 5, 10:', run.spread(runs(20, 20)))
        self.assertIn('Means of the seeds 21, 22:', run.spread(runs(None, None)))
        self.assertEqual(run.spread(runs(20, None)), '')

    def test_a_line_that_the_table_has_not_come_to_yet_is_kept(self):
        options = types.SimpleNamespace(out=self.folder / 'out', set='solomon', program=arguments.program, iterations=300,
                                        threads=1, seeds=[1], jobs=1)
        first = run.Run('first.txt', run.OURS, 1, {'seed': 1}, text='new')
        kept = {('first', run.OURS, 1): 'old', ('later', run.OURS, 1): 'not yet'}
        run.write_results(options, run.SETS['solomon'], [first], kept)
        self.assertEqual((self.folder / 'out/solomon.jsonl').read_text().splitlines(), ['new', 'not yet'])

    def test_a_kept_line_is_judged_again(self):
        listed = self.write('list.txt', 'solomon small.txt\n')
        self.assertEqual(self.run_set('14.0', '--iterations', '300', '--list', listed)[0].returncode, 0)
        lines = self.folder / 'out/solomon.jsonl'
        line = json.loads(lines.read_text())
        lines.write_text(json.dumps(line | {'objective': line['objective'] - 1}) + '\n')
        done, _ = self.run_set('14.0', '--iterations', '300', '--list', listed, '--resume')
        self.assertEqual(done.returncode, 1)
        self.assertIn('small.txt careround seed 1: BROKEN', done.stderr)

    def test_peers_need_a_time_and_a_name(self):
        for words, said in [(['--peers', 'cplex'], "'cplex' must be of"),
                            (['--peers', 'pyvrp', '--threads', '2'], '--threads must be 1'),
                            (['--peers', 'pyvrp', '--iterations', '5'], '--peers go with --time')]:
            done, _ = self.run_set('14.0', *words)
            self.assertEqual(done.returncode, 2)
            self.assertIn(said, done.stderr)

    def test_help(self):
        done = bench('--help')
        self.assertEqual(done.returncode, 0)
        self.assertIn('--iterations', done.stdout)


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], *rest])
