#!/usr/bin/env python3
"""How long a coordinator waits for careround replan: the whole command, on a generated day of 500 visits.

    python3 benchmarks/latency/replan.py --program build/careround --generate build/benchmarks/generate/careround-generate

Something happens at 10:00: a carer falls ill, an urgent visit, a visit cancelled, one that takes longer, and all at once. Each
line has the wall time of the command, page and plan.json included, the changes in it, and what `careround check` says.
"""
import argparse
import json
import pathlib
import subprocess
import tempfile
import time

FROM_S = 10 * 3600


def starts(plan):
    return [(stop['start_s'], stop['visit'], r['carer']) for r in plan['rounds'] for stop in r['stops']
            if stop['kind'] == 'visit']


def what_happens(plan, clients):
    """One of each kind: the carer with most visits to come, an hour for the new visit, the first visits that fit."""
    to_come = sorted(s for s in starts(plan) if s[0] > FROM_S + 7200)
    under_way = [s for s in starts(plan) if FROM_S - 1200 < s[0] < FROM_S]
    carers = [s[2] for s in to_come]
    events = {
        'ill': [{'event': 'carer ill', 'carer_id': max(sorted(set(carers)), key=carers.count), 'from': '10:00'}],
        'urgent': [{'event': 'new visit', 'visit_id': 'URGENT', 'client_id': clients[0], 'window_start': '10:15',
                    'window_end': '11:30', 'duration': 30, 'priority': 1}],
        'cancelled': [{'event': 'visit cancelled', 'visit_id': to_come[0][1]}],
        'longer': [{'event': 'visit longer', 'visit_id': under_way[0][1], 'duration': 90}],
    }
    events['all four'] = [e for kind in list(events) for e in events[kind]]
    return events


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--program', required=True)
    parser.add_argument('--generate', required=True)
    parser.add_argument('--visits', type=int, default=500)
    parser.add_argument('--iterations', type=int, default=60000, help='of the published rota')
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        day, published, new = root / 'day', root / 'published.json', root / 'new.json'

        def run(*args):
            subprocess.run(list(map(str, args)), check=True, stdout=subprocess.DEVNULL)
        run(options.generate, 'midlothian', '--visits', options.visits, '-o', day)
        run(options.program, 'gazetteer', 'build', day / 'postcodes.csv', '-o', day / 'postcodes.gaz')
        run(options.program, 'plan', day, '--iterations', options.iterations, '--bound', 0, '--out', published)
        plan = json.loads(published.read_text(encoding='utf-8'))
        for kind, events in what_happens(plan, [c['client'] for c in plan['clients']]).items():
            (root / 'events.json').write_text(json.dumps(events), encoding='utf-8')
            begun_s = time.monotonic()
            run(options.program, 'replan', day, published, '--from', '10:00', '--events', root / 'events.json', '--out', new,
                '--html', root / 'new.html')
            wall_s = time.monotonic() - begun_s
            changes = len(json.loads(new.read_text(encoding='utf-8'))['replanned']['changes'])
            checked = subprocess.run([options.program, 'check', day, new], stdout=subprocess.DEVNULL, check=False)
            print(f'{kind:10} {wall_s:6.2f} s {changes:4} changes, check {checked.returncode}', flush=True)


if __name__ == '__main__':
    main()
