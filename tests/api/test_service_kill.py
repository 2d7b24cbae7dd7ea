#!/usr/bin/env python3
"""The service, killed at any moment, finds all that it has answered, and ends what it has begun.

Lists and plans are sent without a pause; the service is killed with SIGKILL at a random moment and started again.
CAREROUND_KILLS says how often (4 unless said).
"""
import argparse
import hashlib
import http.client
import os
import pathlib
import random
import sys
import threading
import time
import unittest

from postgres import Postgres, missing_programs
from service import CARERS, DATE, VISITS, Service

PROGRAM = None


class Kill(unittest.TestCase):
    left = {'careround.db', 'log'}

    def start(self):
        return Service(PROGRAM)

    def setUp(self):
        self.service = self.start()
        self.addCleanup(self.service.__exit__)
        self.uploads, self.plans, self.results = {}, [], {}
        self.round = 0

    def one_round(self):
        """A list of its own, and a plan of it; each noted once it was answered."""
        self.round += 1
        text = VISITS.replace('Mary', f'Mary {self.round}')
        answer = self.service.put('visits', text)
        if answer.status == 201:
            self.uploads[answer.json['upload']] = text
        self.plans.append(self.service.plan(iterations=random.choice((1, 2000))))
        for plan in random.sample(self.plans, min(len(self.plans), 3)):
            result = self.service.get(f'/v1/plans/{plan}/result')
            if result.status == 200:
                self.results[plan] = hashlib.sha256(result.body).hexdigest()

    def send_until_killed(self):
        try:
            while True:
                self.one_round()
        except (OSError, http.client.HTTPException):
            pass

    def check_nothing_is_lost(self):
        for upload, text in self.uploads.items():
            content = self.service.get(f'/v1/uploads/{upload}/content')
            self.assertEqual((content.status, content.body.decode()), (200, text))
        for plan, digest in self.results.items():
            result = self.service.get(f'/v1/plans/{plan}/result')
            self.assertEqual((result.status, hashlib.sha256(result.body).hexdigest()), (200, digest))
        for plan in self.plans:
            self.assertIn(self.service.get(f'/v1/plans/{plan}').json['state'], ('queued', 'running', 'done', 'failed'))

    def test_what_was_answered_is_there_after_a_kill(self):
        kills, seed = int(os.environ.get('CAREROUND_KILLS', '4')), random.randrange(1 << 32)
        print('seed', seed, file=sys.stderr)
        random.seed(seed)
        self.service.put('carers', CARERS)
        for _ in range(kills):
            sender = threading.Thread(target=self.send_until_killed)
            sender.start()
            time.sleep(random.uniform(0.05, 1))
            self.service.kill()
            sender.join()
            self.service.start()
            self.check_nothing_is_lost()
        for plan in self.plans:  # whatever was cut short is made, or has failed for being cut short three times
            about = self.wait_until_ended(plan)
            self.assertTrue(about['state'] == 'done' or about['problem']['type'] == 'urn:careround:problem:lost', about)
        self.assertTrue(self.uploads)
        day = self.service.get(f'/v1/days/{DATE}').json
        self.assertEqual([(p['table'], p['provider']) for p in day['parts']], [('carers', 'own'), ('visits', 'own')])
        self.assertEqual(self.service.stop(), 0)
        self.assertEqual({p.name for p in self.service.folder.iterdir()}, self.left)
        print(f'{kills} kills, {len(self.uploads)} lists, {len(self.plans)} plans', file=sys.stderr)

    def wait_until_ended(self, plan):
        until = time.monotonic() + 120
        while time.monotonic() < until:
            about = self.service.get(f'/v1/plans/{plan}').json
            if about['state'] not in ('queued', 'running'):
                return about
            time.sleep(0.05)
        return self.fail(f'{plan} does not end')


@unittest.skipIf(missing_programs(), 'PostgreSQL is not installed')
class KillWithPostgres(Kill):
    """The same with a database elsewhere, which goes on."""
    left = {'log'}

    def start(self):
        postgres = Postgres()
        self.addCleanup(postgres.__exit__)
        return Service(PROGRAM, store=postgres.database().url)


def main():
    global PROGRAM
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('program', type=pathlib.Path)
    args, rest = parser.parse_known_args()
    PROGRAM = args.program.resolve()
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)


if __name__ == '__main__':
    main()
