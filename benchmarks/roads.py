#!/usr/bin/env python3
"""Roads in one run: prepare maps, compute tables, put in a period; OSRM beside it where it is installed.

    python3 benchmarks/roads.py NAME=MAP.osm.pbf... [--program build/careround] [--sizes 1000] [--large NAME:10000]
                                [--osrm PYTHON] [--repeat 5] [--postcodes PROGRAM]

By car, on one core. Points are drawn (seed 1) from those that the map's streets (primary to residential) are
made of. For each map a Markdown row:
seconds of CPU and megabytes to prepare (with all periods, and with none), to put in one new period, to snap and to
compute the table (best of the repeats; as wide as the machine's vectors are, and with narrower ones), peak memory of that. --osrm names a Python (3.12 or later) that has
osrm-bindings; then the same points go through OSRM's contraction hierarchy, in the same run on the same core, and the
durations are compared pair by pair. OSRM finds the roads of the points and builds its answer in one call, so the ratio is
of that to our finding and computing together. Without it OSRM's columns are those published in the research notes, and are marked *.
--postcodes names build/benchmarks/latency/careround-postcodes, whose line ends the output: look-ups a second.
"""

import argparse
import array
import json
import os
import pathlib
import random
import statistics
import struct
import subprocess
import sys
import tempfile

STREETS = range(2, 8)  # of cr_road_class
NO_PERIODS = '{"mode": "car", "periods": null}'
ONE_PERIOD = '{"mode": "car", "periods": {"evening": null, "night": null, "afternoon peak": null}}'

# 1,000 x 1,000 in seconds, preparation in seconds of CPU and MB: an older measurement on two cores, named as such.
PUBLISHED_OSRM = {'newport': (0.39, 9.7, 67), 'porto': (1.32, 112, 221), 'tiled 5x4': (1.55, 222, 472),
                  'tiled 7x7': (2.58, 556, 1009)}

OSRM = r"""
import json, os, resource, subprocess, sys, tempfile, time
import osrm
path, points, out, repeat = os.path.abspath(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
home, folder = os.path.dirname(osrm.__file__), tempfile.mkdtemp()
base = os.path.join(folder, 'm')
os.symlink(path, base + '.osm.pbf')
for tool, *args in (('osrm-extract', '-t', '1', '-p', os.path.join(home, 'share/profiles/car.lua'), base + '.osm.pbf'),
                    ('osrm-contract', '-t', '1', base + '.osrm')):
    subprocess.run([os.path.join(home, 'bin', tool), *args], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
at = [tuple(map(float, line.split(',')))[::-1] for line in open(points).read().split()[1:]]
engine = osrm.OSRM(storage_config=base + '.osrm', use_shared_memory=False, algorithm='CH', max_locations_distance_table=-1)
ask = osrm.TableParameters(coordinates=at, annotations=['duration'])
best = 1e9
for _ in range(repeat):
    begun = time.time()
    answer = engine.Table(ask)
    best = min(best, time.time() - begun)
json.dump([[x for x in row] for row in answer['durations']], open(out, 'w'))
print(json.dumps({'table_s': best, 'cpu_s': used.ru_utime + used.ru_stime, 'mb': used.ru_maxrss / 1024}))
"""


def measured(*command):
    """Runs it; its output, seconds of CPU, megabytes at most."""
    with tempfile.TemporaryFile('w+') as out:
        child = subprocess.Popen([str(word) for word in command], stdout=out)
        _, status, used = os.wait4(child.pid, 0)
        if status:
            sys.exit(f'failed: {" ".join(map(str, command))}')
        out.seek(0)
        return out.read(), used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def road_points(roads):
    """The points of the streets, primary to residential, in a .roads file (geo/roads_file.h: segments, kinds, points)."""
    data = roads.read_bytes()
    n_segments, n_points = struct.unpack_from('<QQ', data, 40)

    def aligned(at):
        return (at + 63) // 64 * 64

    modes = 80
    header = modes + 3 * (4 + 2 * 9) * 8
    segments = aligned(header)
    kinds = aligned(segments + 8 * (n_segments + 1))
    points = aligned(kinds + 2 * n_segments)
    values = array.array('i', data[points:points + 8 * n_points])
    first = array.array('I', data[segments:segments + 8 * (n_segments + 1)])[::2]
    streets = [s for s in range(n_segments) if data[kinds + 2 * s] in STREETS]
    return [(values[2 * i] * 1e-7, values[2 * i + 1] * 1e-7) for s in streets for i in range(first[s], first[s + 1])]


def write_points(path, points):
    path.write_text('lat,lon\n' + ''.join(f'{lat:.7f},{lon:.7f}\n' for lat, lon in points), encoding='utf-8')


class Map:
    """One map in its folder: prepared, asked, compared."""

    def __init__(self, args, folder, name, path):
        self.args, self.folder, self.name, self.path = args, folder, name, path
        self.roads, self.points, self.table = (folder / end for end in ('map.roads', 'points.csv', 'table.bin'))

    def prepare(self):
        own = self.folder / 'own.json'
        own.write_text(NO_PERIODS, encoding='utf-8')
        command = [self.args.program, 'roads', 'build', self.path, '-o', self.roads, '--modes', 'car', '--threads', '1']
        bare = measured(*command, '--speeds', own)[1:]
        whole = measured(*command)[1:]
        own.write_text(ONE_PERIOD, encoding='utf-8')
        period = measured(self.args.program, 'roads', 'periods', self.roads, '-o', self.folder / 'other.roads', '--speeds',
                          own)[1:]
        return bare, whole, period

    def draw(self, size):
        write_points(self.points, random.Random(1).choices(road_points(self.roads), k=size))

    def ask(self, *more):
        out, _, mb = measured(self.args.program, 'matrix', '--roads', self.roads, '--points', self.points, '--repeat',
                              self.args.repeat, '-o', self.table, *more)
        return json.loads(out), mb

    def osrm(self):
        """Its figures, and how far its durations are from ours."""
        answer = self.folder / 'osrm.json'
        out, _, _ = measured(self.args.osrm, '-c', OSRM, self.path, self.points, answer, self.args.repeat)
        theirs = json.loads(answer.read_text(encoding='utf-8'))
        n = len(theirs)
        ours = array.array('i', self.table.read_bytes()[:4 * n * n])
        off, n_pairs, n_agree = [], 0, 0
        for i, row in enumerate(theirs):
            for j, duration in enumerate(row):
                if i == j:
                    continue
                n_pairs += 1
                mine = ours[i * n + j]
                n_agree += (duration is None) == (mine < 0)
                if duration and mine >= 0:
                    off.append(abs(mine - duration) / duration)
        return json.loads(out), {'median': statistics.median(off), 'within': sum(x < .15 for x in off) / len(off),
                                 'reach': n_agree / n_pairs}


def map_rows(args, folder):
    print('| map | prepare, CPU s / MB | with 4 periods | a new period, CPU s | N | snap s | table s | at most 256 bits (AVX2) | 128 bits | MB | no way | '
          'OSRM: prepare, CPU s / MB | table s | times faster | durations: median off, within 15 %, reach |\n' + '|---' * 15 + '|')
    large = dict(item.rsplit(':', 1) for item in args.large)
    for item in args.maps:
        name, path = item.split('=', 1)
        one = Map(args, folder, name, pathlib.Path(path))
        bare, whole, period = one.prepare()
        for size in [*map(int, args.sizes.split(',')), *([int(large[name])] if name in large else [])]:
            one.draw(size)
            line, mb = one.ask()
            narrow = [one.ask('--vectors', bits)[0]['table_s'] for bits in ('256', '128')]
            theirs, off, star = None, None, ''
            if args.osrm and size <= 1000:
                theirs, off = one.osrm()
            elif size == 1000 and name in PUBLISHED_OSRM:
                theirs = dict(zip(('table_s', 'cpu_s', 'mb'), PUBLISHED_OSRM[name]))
                star = '*'
            print(f'| {name} | {bare[0]:.2f} / {bare[1]:.0f} | {whole[0]:.2f} / {whole[1]:.0f} | {period[0]:.2f} | {size:,} | '
                  f'{line["snap_s"]:.3f} | {line["table_s"]:.4f} | {narrow[0]:.4f} | {narrow[1]:.4f} | {mb:.0f} | {line["unreachable"]} | '
                  + (f'{theirs["cpu_s"]:.1f}{star} / {theirs["mb"]:.0f}{star} | {theirs["table_s"]:.2f}{star} | '
                     f'{theirs["table_s"] / (line["snap_s"] + line["table_s"]):.0f}{star} | ' if theirs else '| | | ')
                  + (f'{off["median"]:.1%}, {off["within"]:.1%}, {off["reach"]:.2%} |' if off else '|'), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('maps', nargs='+', metavar='NAME=MAP.osm.pbf')
    parser.add_argument('--program', default='build/careround')
    parser.add_argument('--sizes', default='1000')
    parser.add_argument('--large', action='append', default=[], metavar='NAME:SIZE')
    parser.add_argument('--repeat', type=int, default=5)
    parser.add_argument('--osrm', metavar='PYTHON')
    parser.add_argument('--postcodes', metavar='PROGRAM')
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        map_rows(args, pathlib.Path(folder))
    if args.postcodes:
        line = json.loads(measured(args.postcodes)[0])
        print(f'\npostcodes: {line["a_second"]:,.0f} look-ups a second among {line["postcodes"]:,}, by text, one core')


if __name__ == '__main__':
    main()
