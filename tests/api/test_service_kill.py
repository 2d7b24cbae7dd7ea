#!/usr/bin/env python3
"""The service, killed at any moment, finds all that it has answered, and ends what it has begun.

Lists and plans are sent without a pause; the service and its workers are killed with SIGKILL at a random moment, and it
is started again. CAREROUND_KILLS says how often (5 unless said).
"""
import contextlib
import hashlib
import http.client
import json
import os
import pathlib
import random
import re
import signal
import sys
import threading
import time
import unittest

from postgres import Postgres, missing_programs
from service import CARERS, DATE, VISITS, Service, main


class Kill(unittest.TestCase):
    left = {'careround.db', 'log'}

    def start(self):
        return Service()

    def setUp(self):
        self.service = self.start()
        self.addCleanup(self.service.__exit__)
        self.uploads, self.plans, self.results = {}, {}, {}  # by id; plans: by key
        self.round = self.asked_again = 0
        self.unanswered = None

    # ---- a client ----

    def send(self, key, method, path, body, kind):
        """What was asked is remembered until it is answered."""
        self.unanswered = (key, method, path, body, kind)
        answer = self.service.ask(method, path, body, {'Content-Type': kind, 'Idempotency-Key': key})
        if method == 'PUT':
            self.assertEqual(answer.status, 201, answer.body)
            self.uploads[answer.json['upload']] = body
        else:
            self.assertEqual(answer.status, 202, answer.body)
            self.plans[key] = answer.json['plan']
        self.unanswered = None

    def one_round(self):
        """A list of its own, and a plan of it; each noted once it was answered."""
        self.round += 1
        self.send(f'list-{self.round}', 'PUT', f'/v1/days/{DATE}/visits', VISITS.replace('Mary', f'Mary {self.round}'),
                  'text/csv')
        self.send(f'plan-{self.round}', 'POST', '/v1/plans',
                  json.dumps({'date': DATE, 'iterations': random.choice((1, 2000, 10000))}), 'application/json')
        for plan in random.sample(sorted(self.plans.values()), min(len(self.plans), 3)):
            result = self.service.get(f'/v1/plans/{plan}/result')
            if result.status == 200:
                self.results[plan] = hashlib.sha256(result.body).hexdigest()

    def send_until_killed(self):
        try:
            while True:
                self.one_round()
        except (OSError, http.client.HTTPException):
            pass

    def kill_everything(self):
        """The service and its workers, in any order."""
        pid = self.service.process.pid
        everybody = [pid]
        for task in pathlib.Path(f'/proc/{pid}/task').iterdir():
            with contextlib.suppress(FileNotFoundError):  # a thread that has ended
                everybody += [int(child) for child in (task / 'children').read_text().split()]
        random.shuffle(everybody)
        for each in everybody:
            with contextlib.suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        self.service.wait()

    # ---- what must be there ----

    def check_nothing_is_lost(self):
        for upload, text in self.uploads.items():
            content = self.service.get(f'/v1/uploads/{upload}/content')
            self.assertEqual((content.status, content.body.decode()), (200, text))
        for plan, digest in self.results.items():
            result = self.service.get(f'/v1/plans/{plan}/result')
            self.assertEqual((result.status, hashlib.sha256(result.body).hexdigest()), (200, digest))
        for plan in self.plans.values():
            self.assertIn(self.service.get(f'/v1/plans/{plan}').json['state'], ('queued', 'running', 'done', 'failed'))

    def test_what_was_answered_is_there_after_a_kill(self):
        kills, seed = int(os.environ.get('CAREROUND_KILLS', '5')), random.randrange(1 << 32)
        print('seed', seed, file=sys.stderr)
        random.seed(seed)
        self.service.put('carers', CARERS)
        for _ in range(kills):
            sender = threading.Thread(target=self.send_until_killed)
            sender.start()
            time.sleep(random.uniform(0.02, 0.6))
            self.kill_everything()
            sender.join()
            self.service.start()
            self.check_nothing_is_lost()
            if self.unanswered:  # done or not: asked again, it is done once
                self.send(*self.unanswered)
                self.asked_again += 1
        states = [self.wait_until_ended(plan) for plan in self.plans.values()]
        self.check_in_the_end(states)
        print(f'{kills} kills, {len(self.uploads)} lists, {len(self.plans)} plans ({states.count("done")} done,'
              f' {states.count("failed")} cut short three times), {self.asked_again} requests asked again', file=sys.stderr)

    def check_in_the_end(self, states):
        """Whatever was cut short is made, or has failed for being cut short three times; nothing was done twice."""
        self.assertTrue(self.uploads)
        self.assertIn('done', states)
        day = self.service.get(f'/v1/days/{DATE}').json
        self.assertEqual([(p['table'], p['provider']) for p in day['parts']], [('carers', 'own'), ('visits', 'own')])
        listed = self.service.get(f'/v1/days/{DATE}/visits').json['uploads']
        self.assertEqual({u['upload'] for u in listed}, set(self.uploads))
        self.assertEqual(len(listed), self.round)
        made = self.service.get('/metrics').body.decode()
        self.assertEqual(sum(int(n) for n in re.findall(r'careround_plans\{state="\w+"\} (\d+)', made)), len(self.plans))
        self.assertEqual(self.service.stop(), 0)
        self.assertEqual({p.name for p in self.service.folder.iterdir()}, self.left)

    def wait_until_ended(self, plan):
        until = time.monotonic() + 300
        while time.monotonic() < until:
            about = self.service.get(f'/v1/plans/{plan}').json
            if about['state'] not in ('queued', 'running'):
                self.assertTrue(about['state'] == 'done' or about['problem']['type'] == 'urn:careround:problem:lost', about)
                return about['state']
            time.sleep(0.05)
        return self.fail(f'{plan} does not end')


@unittest.skipIf(missing_programs(), 'PostgreSQL is not installed')
class KillWithPostgres(Kill):
    """The same with a database elsewhere, which goes on."""
    left = {'log'}

    def start(self):
        postgres = Postgres()
        self.addCleanup(postgres.__exit__)
        return Service(store=postgres.database().url)


if __name__ == '__main__':
    main()
