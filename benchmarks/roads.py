#!/usr/bin/env python3
"""How long roads take: prepare a map for cars, then tables of points, on one core.

    python3 benchmarks/roads.py MAP.osm.pbf POINTS.csv [--program build/careround] [--sizes 1000,5000] [--repeat 9]

POINTS.csv has columns lat and lon; a table of N takes the first N. Prints a Markdown row for each size: seconds of CPU and
megabytes of memory to prepare, seconds to snap, seconds for the table (best of the repeats), pairs without a way.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile


def measured(command):
    """Runs it; its output, seconds of CPU, megabytes at most."""
    with tempfile.TemporaryFile('w+') as out:
        child = subprocess.Popen(command, stdout=out)
        _, status, used = os.wait4(child.pid, 0)
        if status:
            sys.exit(f'failed: {" ".join(map(str, command))}')
        out.seek(0)
        return out.read(), used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('map', type=pathlib.Path)
    parser.add_argument('points', type=pathlib.Path)
    parser.add_argument('--program', default='build/careround')
    parser.add_argument('--sizes', default='1000')
    parser.add_argument('--repeat', type=int, default=9)
    args = parser.parse_args()
    heading, *rows = args.points.read_text(encoding='utf-8').splitlines()
    print('| map | prepare, CPU s | MB | N | snap s | table s | no way |\n|---|---|---|---|---|---|---|')
    with tempfile.TemporaryDirectory() as folder:
        roads, points, table = (os.path.join(folder, name) for name in ('map.roads', 'points.csv', 'table.bin'))
        _, prepare_s, prepare_mb = measured([args.program, 'roads', 'build', args.map, '-o', roads, '--modes', 'car'])
        for size in map(int, args.sizes.split(',')):
            if size > len(rows):
                sys.exit(f'{args.points}: has {len(rows)} points, not {size}')
            pathlib.Path(points).write_text('\n'.join([heading, *rows[:size]]) + '\n', encoding='utf-8')
            out, _, _ = measured([args.program, 'matrix', '--roads', roads, '--points', points, '--repeat',
                                  str(args.repeat), '-o', table])
            line = json.loads(out)
            print(f'| {args.map.name} | {prepare_s:.2f} | {prepare_mb:.0f} | {size:,} | {line["snap_s"]:.3f} | '
                  f'{line["table_s"]:.4f} | {line["unreachable"]} |', flush=True)


if __name__ == '__main__':
    main()
