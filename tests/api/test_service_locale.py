#!/usr/bin/env python3
"""The service where the process has a locale with decimal commas, as use_locale.so gives it one.

One thread reads a day, in the C locale, while another reads JSON: Jansson asks localeconv(), whose answer all threads
share, so the service ended by an assertion when they met: within two seconds of this, six times in six.
"""
import http.client
import os
import threading
import time
import unittest

from service import Service, main

SECONDS = 2
NUMBERS = ','.join(['1.5'] * 100000)


class Locale(unittest.TestCase):
    def setUp(self):
        preload = Service.program.parent / 'tests' / 'house' / 'use_locale.so'
        if not preload.exists() or 'LOCPATH' not in os.environ:
            self.skipTest('no locale with decimal commas')
        # The address sanitizer wants to be loaded first, or to be told that it is not.
        wanted = {'LD_PRELOAD': str(preload), 'LC_ALL': 'de_DE.UTF-8',
                  'ASAN_OPTIONS': os.environ.get('ASAN_OPTIONS', '') + ':verify_asan_link_order=0'}
        before = {name: os.environ.get(name) for name in wanted}
        os.environ.update(wanted)
        try:
            self.service = Service()
        finally:
            for name, text in before.items():
                os.environ.pop(name)
                if text is not None:
                    os.environ[name] = text
        self.addCleanup(self.service.__exit__)

    def ask_until(self, end, answers, *request):
        while time.monotonic() < end:
            try:
                answers.append(self.service.ask(*request).status)
            except (OSError, http.client.HTTPException) as lost:
                answers.append(repr(lost))
                return

    def test_numbers_of_lists_and_of_requests_at_the_same_time(self):
        lists, plans, end = [], [], time.monotonic() + SECONDS
        put = ('PUT', '/v1/days/2026-11-23/visits', f'[{{"visit_id": [{NUMBERS}]}}]', {'Content-Type': 'application/json'})
        post = ('POST', '/v1/plans', f'[{NUMBERS}]')
        clients = [threading.Thread(target=self.ask_until, args=(end, lists, *put)),
                   threading.Thread(target=self.ask_until, args=(end, plans, *post))]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        log = (self.service.folder / 'log').read_text(encoding='utf-8', errors='replace')
        self.assertEqual((set(lists), set(plans)), ({422}, {400}), log[-2000:])
        self.assertEqual(self.service.stop(), 0)


if __name__ == '__main__':
    main()
