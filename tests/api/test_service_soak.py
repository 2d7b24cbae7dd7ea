#!/usr/bin/env python3
"""The service at work for long: a full queue is drained in order, and whatever is asked for, its memory stays flat.

CAREROUND_SOAK_JOBS says how many plans wait at once (20 unless said), CAREROUND_SOAK_MINUTES how long everything is asked
for (0.1 unless said). In a build with sanitizers, what they find ends the service with another status than 0.
"""
import collections
import contextlib
import http.client
import os
import pathlib
import random
import re
import statistics
import sys
import threading
import time
import unittest

from service import CARERS, DATE, VISITS, Service, main

SPARE_MB = 16  # memory that comes and goes

TABLES = ('visits', 'packages', 'carers', 'history', 'providers', 'accepted', 'matrix', 'settings')
FILES = ('plan.html', 'rota.geojson', 'summary.txt', 'unallocated.csv', 'rota-by-carer.csv', 'rota-by-client.csv',
         'carer.csv?carer=ANN', 'carer.ics?carer=ANN', 'client.csv?client=C1')


class Soak(unittest.TestCase):
    def setUp(self):
        # Freed memory that the address sanitizer keeps back (256 MB otherwise) is no growth of ours.
        options = os.environ.get('ASAN_OPTIONS', '')
        os.environ['ASAN_OPTIONS'] = f'{options}:quarantine_size_mb=8' if options else 'quarantine_size_mb=8'
        self.addCleanup(os.environ.__setitem__, 'ASAN_OPTIONS', options)
        self.service = Service(options=('--time', '2', '--workers', '1', '--patience', '5'))
        self.addCleanup(self.service.__exit__)
        self.service.put_small_day()
        self.lock, self.scenarios = threading.Lock(), []

    def show_log(self):
        """What the service said last, and whether it lives: why, if it let go of somebody."""
        print('its exit status:', self.service.process.poll(), file=sys.stderr)
        print((self.service.folder / 'log').read_text(encoding='utf-8', errors='replace')[-2000:], file=sys.stderr)

    def memory_mb(self):
        status = pathlib.Path(f'/proc/{self.service.process.pid}/status').read_text(encoding='utf-8')
        return int(re.search(r'VmRSS:\s+(\d+) kB', status)[1]) / 1024

    def check_flat(self, samples):
        """Of three thirds, the last takes no more than the first. With the address sanitizer, which gives nothing back
        at once, questions in flight take tens of MB for a moment: there, what is there between them is held to the same."""
        third = max(len(samples) // 3, 1)
        first, last, spare = max(samples[:third]), max(samples[-third:]), SPARE_MB
        if b'__asan_init' in Service.program.read_bytes():
            first, last = statistics.median(samples[:third]), min(samples[-third:])
            spare = max(SPARE_MB, first / 2)  # a short run begins with a service that has done nothing
        print(f'memory: {first:.1f} MB in the first third, {last:.1f} MB in the last, {max(samples):.1f} MB at most',
              file=sys.stderr)
        self.assertLess(last, first + spare)

    def check_end(self):
        self.assertEqual(self.service.stop(), 0, (self.service.folder / 'log').read_text()[-4000:])
        log = (self.service.folder / 'log').read_text(encoding='utf-8', errors='replace')
        self.assertNotRegex(log, r'Sanitizer|runtime error|"level":"error"')

    def test_a_full_queue_is_drained_in_order(self):
        n = int(os.environ.get('CAREROUND_SOAK_JOBS', '20'))
        begun = time.monotonic()
        plans = [self.service.plan(iterations=200, seed=seed) for seed in range(n)]
        samples = []
        while self.service.get(f'/v1/plans/{plans[-1]}').json['state'] not in ('done', 'failed'):
            samples.append(self.memory_mb())
            time.sleep(0.2)
            self.assertLess(time.monotonic() - begun, 60 + 10 * n)
        about = [self.service.get(f'/v1/plans/{plan}').json for plan in plans]
        self.assertEqual({(a['state'], a['attempts']) for a in about}, {('done', 1)})
        self.assertEqual(sorted(plans, key=plans.index), [a['plan'] for a in sorted(about, key=lambda a: a['started_at'])])
        print(f'{n} plans drained in {time.monotonic() - begun:.0f} s', file=sys.stderr)
        self.check_flat(samples)
        self.check_end()

    # ---- everything at once ----

    def one_request(self, rng, plans):
        """Anything that the service can be asked for, rightly or wrongly."""
        plan, date = rng.choice(plans or ['0' * 16]), rng.choice((DATE, DATE, '2026-11-24', 'x'))
        table, ask = rng.choice(TABLES), self.service.ask
        text = rng.choice((VISITS, CARERS, VISITS.replace('Mary', f'Mary {rng.random()}'), VISITS.replace('0:45', 'long'), '',
                           '\xff\x00' * rng.randrange(1000), '[' * rng.randrange(5000)))
        what = rng.randrange(12)
        if what <= 2:
            key = {'Idempotency-Key': f'k{rng.randrange(50)}'} if rng.random() < 0.5 else {}
            return ask('PUT', f'/v1/days/{date}/{table}', text, {'Content-Type': rng.choice(('text/csv', 'application/json')), **key})
        if what == 3:
            answer = ask('POST', '/v1/plans', {'date': date, 'iterations': rng.choice((1, 500)), 'seed': rng.randrange(100)})
            if answer.status == 202:
                plans.append(answer.json['plan'])
            return answer
        if what == 4 and len(plans) > 50:
            ask('POST', f'/v1/plans/{plan}/cancel')
            answer = ask('DELETE', f'/v1/plans/{plan}')
            if answer.status == 200:
                with contextlib.suppress(ValueError):
                    plans.remove(plan)
            return answer
        if what == 5:
            return ask('POST', f'/v1/plans/{plan}/{rng.choice(("stop", "cancel"))}')
        if what == 6:
            return ask('GET', f'/v1/plans/{plan}/files/{rng.choice(FILES)}')
        if what == 7:
            return self.one_about_scenarios(rng, date)
        return ask('GET', rng.choice((f'/v1/days/{date}', f'/v1/days/{date}/{table}', '/v1/days', '/v1/plans', '/metrics',
                                      f'/v1/plans/{plan}', f'/v1/plans/{plan}/result', '/v1/audit', '/readyz', '/nothing')))

    def one_about_scenarios(self, rng, date):
        with self.lock:
            scenario = rng.choice(self.scenarios or ['0' * 16])
        what, path, ask = rng.randrange(6), f'/v1/scenarios/{scenario}', self.service.ask
        if what <= 1:
            change = rng.choice(({'change': 'widen_windows', 'minutes': 15}, {'change': 'remove_carers', 'carers': ['NOBODY']}, {}))
            answer = ask('POST', '/v1/scenarios', {'date': date, 'seeds': [rng.randrange(100)], 'limit': {'iterations': 100},
                                                   'scenarios': [{'name': 's', 'changes': [change]}]})
            if answer.status == 202:
                with self.lock:
                    self.scenarios = [*self.scenarios[-20:], answer.json['scenario']]
            return answer
        if what == 2:
            ask('POST', f'{path}/cancel')
            return ask('DELETE', path)
        return ask('GET', rng.choice((path, '/v1/scenarios', f'{path}/files/{rng.choice(("table.txt", "table.html", "bundle.zip"))}')))

    def ask_until(self, end, seed, plans, counts):
        rng = random.Random(seed)
        while time.monotonic() < end:
            try:
                counts[self.one_request(rng, plans).status] += 1
            except (OSError, http.client.HTTPException) as cut:
                counts[type(cut).__name__] += 1
            if len(plans) > 200:
                plans[:100] = []

    def make_the_day_sound(self):
        try:
            for table in TABLES:
                self.service.ask('DELETE', f'/v1/days/{DATE}/{table}')
            self.service.put_small_day()
        except (OSError, http.client.HTTPException):
            self.show_log()
            raise

    def test_whatever_is_asked_for_memory_stays_flat(self):
        minutes, seed = float(os.environ.get('CAREROUND_SOAK_MINUTES', '0.1')), random.randrange(1 << 32)
        print('seed', seed, file=sys.stderr)
        end, plans, counts, samples = time.monotonic() + 60 * minutes, [], collections.Counter(), []
        clients = [threading.Thread(target=self.ask_until, args=(end, seed + i, plans, counts)) for i in range(4)]
        for client in clients:
            client.start()
        while time.monotonic() < end:
            self.assertIsNone(self.service.process.poll(), 'the service has ended')
            samples.append(self.memory_mb())
            self.make_the_day_sound()
            time.sleep(min(2, 60 * minutes / 10))
        for client in clients:
            client.join()
        print(f'{minutes:g} minutes, {sum(counts.values())} requests: {dict(counts)}', file=sys.stderr)
        self.assertGreater(counts[200], 0)
        self.assertEqual(counts[500], 0)
        self.check_flat(samples)
        self.check_end()


if __name__ == '__main__':
    main()
