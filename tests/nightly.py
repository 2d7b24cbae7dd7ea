#!/usr/bin/env python3
"""A hundred thousand random problems through the search and the checker, in pieces.

    nightly.py PROGRAM [--problems 100000] [--piece 1000] [--minutes M] [--jobs N] [--state FILE]

PROGRAM is tests/engine/test_engine_search_property of a build. A half of the problems are small (every plan is sound), a
half tiny (brute force finds none cheaper). What is done is kept in the state file after every piece, so that the next
call goes on where this one ended, was killed, or had used its minutes; another PROGRAM begins anew. A piece with a fault is kept
with its output, and told again at the end.

Exit status: 0 all done and sound, 1 a fault was found, 2 wrong usage, 3 not all done yet.
"""

import argparse
import concurrent.futures
import dataclasses
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import time

# As the test says itself: of the tiny problems so many may miss the best plan.
MISSED_MOST = 1 / 1000

SMALL = re.compile(r'(\d+) small problems, \d+ visits, \d+ of them unallocated: (\d+) plans broken')
TINY = re.compile(r'(\d+) tiny problems: (\d+) broken, (\d+) below the best, (\d+) missed')


@dataclasses.dataclass
class Piece:
    first: int  # seed of each half
    problems: int  # of both halves
    broken: int = 0
    below: int = 0
    missed: int = 0
    seconds: float = 0
    fault: str = ''  # what the program wrote, if it was more than a miss or two


class State:
    """The pieces done, by their first seed."""

    def __init__(self, path, program):
        self.path = path
        self.program = hashlib.sha256(program.read_bytes()).hexdigest()
        self.pieces = {}
        if path.exists():
            kept = json.loads(path.read_text(encoding='utf-8'))
            if kept['program'] == self.program:
                self.pieces = {item['first']: Piece(**item) for item in kept['pieces']}
            else:
                say(f'{path} is of another program: from the beginning')

    def add(self, piece):
        self.pieces[piece.first] = piece
        text = json.dumps({'program': self.program, 'pieces': [dataclasses.asdict(p) for p in self.pieces.values()]})
        part = self.path.with_suffix('.part')
        with part.open('w', encoding='utf-8') as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        part.replace(self.path)

    def gaps(self, problems, piece):
        """What is left to do, as (first seed, problems), in pieces of that size at most."""
        end, seed = problems // 2 + 1, 1
        starts = sorted(self.pieces)
        while seed < end:
            if seed in self.pieces:
                seed += self.pieces[seed].problems // 2
                continue
            until = min([seed + piece // 2, end, *(start for start in starts if start > seed)])
            yield seed, 2 * (until - seed)
            seed = until

    def sum(self, what):
        return sum(getattr(piece, what) for piece in self.pieces.values())


def say(text):
    print(f'nightly: {text}', file=sys.stderr, flush=True)


def run(program, first, problems):
    begun = time.monotonic()
    environment = os.environ | {'CAREROUND_PROPERTY_RUNS': str(problems), 'CAREROUND_PROPERTY_SEED': str(first)}
    done = subprocess.run([program], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors='replace', check=False)
    piece = Piece(first, problems, seconds=round(time.monotonic() - begun, 1))
    small, tiny = SMALL.search(done.stdout), TINY.search(done.stdout)
    half = problems // 2
    if not small or not tiny or int(small[1]) != half or int(tiny[1]) != half:
        piece.fault = f'status {done.returncode}, and no word on {half} small and {half} tiny problems:\n{done.stdout}'
        return piece
    piece.broken = int(small[2]) + int(tiny[2])
    piece.below, piece.missed = int(tiny[3]), int(tiny[4])
    # A miss alone fails a short run of the program; over all pieces they are judged together.
    if piece.broken or piece.below or (done.returncode and not piece.missed):
        piece.fault = f'status {done.returncode}:\n{done.stdout}'
    return piece


def tell_progress(state, wanted, begun, done_before):
    done = state.sum('problems')
    rate = (done - done_before) / max(time.monotonic() - begun, 1e-9)
    say(f'{done:,} of {wanted:,} problems ({100 * done / wanted:.0f} %), {state.sum("broken")} plans broken,'
        f' {state.sum("below")} below the best, {state.sum("missed")} missed;'
        f' {max(wanted - done, 0) / max(rate, 1e-9) / 60:.0f} minutes left')


def run_pieces(state, args):
    """Until all are done or the minutes are used. Pieces that have begun are finished."""
    todo = list(state.gaps(args.problems, args.piece))
    begun, done_before = time.monotonic(), state.sum('problems')
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        running = set()
        while todo or running:
            while todo and len(running) < args.jobs and time.monotonic() - begun < 60 * args.minutes:
                running.add(pool.submit(run, args.program, *todo.pop(0)))
            if not running:
                return
            finished, running = concurrent.futures.wait(running, return_when=concurrent.futures.FIRST_COMPLETED)
            for future in finished:
                state.add(future.result())
                tell_progress(state, args.problems, begun, done_before)


def judge(state, wanted):
    """The exit status, with all faults told."""
    faults = [piece for piece in state.pieces.values() if piece.fault]
    for piece in faults:
        say(f'seeds from {piece.first}, {piece.problems} problems: {piece.fault}')
    done, missed = state.sum('problems'), state.sum('missed')
    too_many = missed > max(done / 2 * MISSED_MOST, 1)
    print(f'{done:,} of {wanted:,} random problems: {state.sum("broken")} plans broken, {state.sum("below")} below the'
          f' best, {missed} of {done // 2:,} tiny ones missed the best plan{" (too many)" if too_many else ""},'
          f' {len(faults)} pieces with a fault, {state.sum("seconds"):,.0f} s')
    if faults or too_many:
        return 1
    return 0 if done >= wanted else 3


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('program', type=pathlib.Path)
    parser.add_argument('--problems', type=int, default=100_000)
    parser.add_argument('--piece', type=int, default=1000, help='problems between two notes of what is done')
    parser.add_argument('--minutes', type=float, default=float('inf'), help='begin no piece after so many')
    parser.add_argument('--jobs', type=int, default=os.cpu_count(), help='pieces at a time')
    parser.add_argument('--state', type=pathlib.Path, help='default: nightly.json beside PROGRAM')
    args = parser.parse_args()
    if args.piece < 2 or args.piece % 2 or args.problems < 2 or args.problems % 2 or args.jobs < 1:
        parser.error('--piece and --problems must be even and 2 or more, --jobs 1 or more')
    args.program = args.program.resolve()
    if not args.program.is_file():
        parser.error(f'{args.program} is not there')
    state = State(args.state or args.program.parent / 'nightly.json', args.program)
    run_pieces(state, args)
    return judge(state, args.problems)


if __name__ == '__main__':
    sys.exit(main())
