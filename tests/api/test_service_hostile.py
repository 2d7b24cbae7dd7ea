#!/usr/bin/env python3
"""Hostile traffic, on loopback: answered or dropped, within limits, and everybody else is served meanwhile."""
import contextlib
import json
import re
import socket
import time
import unittest

from service import DATE, VISITS, Service, main


class Hostile(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = Service(options=('--body', '1'))

    @classmethod
    def tearDownClass(cls):
        cls.service.__exit__()

    def tearDown(self):
        self.assertIsNone(self.service.process.poll(), 'the service has ended')
        begun = time.monotonic()
        self.assertEqual(self.service.get('/healthz').status, 200)
        self.assertLess(time.monotonic() - begun, 60)

    def connect(self):
        return socket.create_connection(('127.0.0.1', self.service.port), timeout=30)

    def raw(self, *pieces):
        """All that comes back; the other end may close whenever it wants."""
        with self.connect() as s:
            with contextlib.suppress(OSError):
                for piece in pieces:
                    s.sendall(piece)
            came = b''
            with contextlib.suppress(OSError):
                while piece := s.recv(65536):
                    came += piece
            return came

    def statuses(self, *pieces):
        return [int(s) for s in re.findall(rb'HTTP/1\.1 (\d+) ', self.raw(*pieces))]

    def test_floods_of_headers_end_in_an_answer_or_a_cut(self):
        head = b'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n'
        for flood in (b'A: ' + b'x' * 200000, b'\r\n'.join(b'H%d: x' % i for i in range(20000)), b'x' * 200000):
            statuses = self.statuses(head, flood, b'\r\n\r\n')
            self.assertTrue(not statuses or statuses[0] >= 400, statuses)
        statuses = self.statuses(b'GET /' + b'a' * 200000 + b' HTTP/1.1\r\nHost: localhost\r\n\r\n')
        self.assertTrue(not statuses or statuses[0] >= 400, statuses)

    def test_what_is_no_http_is_dropped(self):
        for words in (b'\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', b'\0' * 1000, b'hello\r\n\r\n',
                      b'GET / HTTP/9.9\r\n\r\n', b'GET /healthz HTTP/1.1\r\n\r\n'):
            with self.connect() as s:
                s.settimeout(1)  # what may go on, is waited for until it is silent too long
                s.sendall(words)
                s.shutdown(socket.SHUT_WR)
                came = b''
                with contextlib.suppress(OSError):
                    while piece := s.recv(65536):
                        came += piece
            self.assertNotIn(b' 200 ', came.split(b'\r\n')[0])

    def test_tricks_with_paths_lead_nowhere(self):
        for path in ('/v1/../../../etc/passwd', '/v1/days/..%2f..%2fetc%2fpasswd', '/v1/uploads/..%2f..', '//v1//days',
                     '/v1/uploads/%00', '/v1/uploads/%ff%fe', '/v1/plans/%ff', '/v1/scenarios/%ff/files/table.csv',
                     '/v1/days/2026-11-23%00/visits', '/v1/plans/%2e%2e', '/%',
                     '/v1/days/%F0%9F%92%A9', "/v1/plans/'%20OR%201=1", '/v1/days/2026-11-23/visits/../carers'):
            with self.subTest(path=path):
                statuses = self.statuses(f'GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'.encode())
                self.assertIn(statuses, ([400], [404], [200]) if '%00' in path else ([400], [404]))
        for query in ('?provider=%ff', '?provider=', '?provider=a%2f..', '?columns=%ff', '?columns=[', '?columns=' + '[' * 5000):
            with self.subTest(query=query):
                answer = self.service.put('visits', VISITS, query=query)
                self.assertEqual(answer.status, 422)
                self.assertTrue(answer.json)

    def test_bytes_that_are_no_text_are_said_or_read_and_never_believed(self):
        for body in (b'\xff' * 1000, b'\xef\xbb\xbf\xff', b'\xff\xfe\x00', b'visit_id\0,client_id\n', b'\n' * 100000,
                     b'"' * 9999, b',' * 99999, b'visit_id,client_id\n' + b'"' + b'x' * 99999):
            answer = self.service.put('visits', body)
            self.assertEqual(answer.status, 422, answer.body)
            self.assertTrue(answer.json['findings'])
        for body in ('[' * 100000, '{"a":' * 5000, '[' + '[],' * 50000 + '[]]', '[{"visit_id": "\\ud800"}]', '{}', '1e999'):
            answer = self.service.put('visits', body, kind='application/json')
            self.assertEqual(answer.status, 422, answer.body)
            self.assertTrue(answer.json['findings'])

    def test_lengths_that_lie_are_not_waited_for_by_others(self):
        head = f'PUT /v1/days/{DATE}/visits HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\n'.encode()
        for length in (b'99999999999999999999999', b'-1', b'0x10', b'2000000'):
            statuses = self.statuses(head + b'Content-Length: ' + length + b'\r\n\r\n')
            self.assertTrue(not statuses or statuses[0] in (400, 413), statuses)
        statuses = self.statuses(head + b'Content-Length: 2000000\r\nExpect: 100-continue\r\n\r\n')
        self.assertEqual(statuses, [413])
        with self.connect() as slow:  # says 100,000 and sends five
            slow.sendall(head + b'Content-Length: 100000\r\n\r\nvisit')
            self.assertEqual(self.service.get('/v1').status, 200)
        statuses = self.statuses(head + b'Transfer-Encoding: chunked\r\n\r\nzzz\r\n')
        self.assertTrue(not statuses or statuses[0] == 400, statuses)

    def test_many_who_say_nothing_do_not_keep_the_others_out(self):
        with contextlib.ExitStack() as stack:
            for i in range(300):
                s = stack.enter_context(self.connect())
                if i % 3:
                    s.sendall(b'GET /healthz HTTP/1.1\r\nHost: loc'[:5 + i % 25])
            begun = time.monotonic()
            for _ in range(20):
                self.assertEqual(self.service.get('/v1').status, 200)
            self.assertLess(time.monotonic() - begun, 60)

    def test_requests_in_a_row_are_each_answered(self):
        one = b'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n'
        last = one.replace(b'\r\n\r\n', b'\r\nConnection: close\r\n\r\n')
        self.assertEqual(self.statuses(one * 50 + last), [200] * 51)

    def test_those_who_ask_for_progress_and_go_away_are_forgotten(self):
        self.service.put_small_day()
        plan = self.service.plan(time_s=30)
        for _ in range(300):  # more than may listen at once
            with self.connect() as s:
                s.sendall(f'GET /v1/plans/{plan}/events HTTP/1.1\r\nHost: localhost\r\n\r\n'.encode())
        until = time.monotonic() + 30
        while self.service.get('/healthz').status == 200:
            with contextlib.closing(self.service.events(plan)) as told:
                with contextlib.suppress(StopIteration):
                    self.assertEqual(next(told)[0], 'state')
                    break
            self.assertLess(time.monotonic(), until, 'listeners who have gone take all the places')
            time.sleep(0.5)
        self.assertEqual(self.service.ask('POST', f'/v1/plans/{plan}/cancel').status, 200)

    def test_what_is_asked_of_a_plan_is_bounded(self):
        self.service.put_small_day()
        for asked in ({'time_s': 1e300}, {'time_s': 1e9}, {'threads': 1e9}, {'iterations': -1}, {'seed': 1e400},
                      {'bound_s': 1e9}, {'time_s': None}, {'time_s': '5'}, {'time_s': [5]}):
            body = json.dumps({'date': DATE, **asked})
            self.assertIn(self.service.ask('POST', '/v1/plans', body).status, (400, 422), asked)


class Slow(unittest.TestCase):
    """Clients that drip have a second here, and one more for each 64 kB."""

    def setUp(self):
        self.service = Service(options=('--patience', '1'))
        self.addCleanup(self.service.__exit__)

    def connect(self):
        return socket.create_connection(('127.0.0.1', self.service.port), timeout=30)

    def seconds_until_cut(self, begin, drip):
        begun = time.monotonic()
        with self.connect() as s, contextlib.suppress(OSError):
            s.sendall(begin)
            s.settimeout(0.1)
            while time.monotonic() - begun < 30:
                s.sendall(drip)
                with contextlib.suppress(TimeoutError):
                    if not s.recv(1000):
                        break
        return time.monotonic() - begun

    def cut(self):
        return int(re.search(r'careround_clients_cut_total (\d+)', self.service.get('/metrics').body.decode())[1])

    def said_cut(self):
        log = (self.service.folder / 'log').read_text()
        return sum(int(n) for n in re.findall(r'"event":"slow clients cut off","clients":(\d+)', log))

    def test_headers_and_bodies_that_drip_are_cut_off(self):
        put = f'PUT /v1/days/{DATE}/visits HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\n'.encode()
        for begin, drip in ((b'GET /healthz HTTP/1.1\r\nX: ', b'x'), (b'', b'\r\n'), (put + b'Content-Length: 90000\r\n\r\n', b'v'),
                            (put + b'Transfer-Encoding: chunked\r\n\r\n', b'1\r\nv\r\n')):
            with self.subTest(begin=begin):
                self.assertLess(self.seconds_until_cut(begin, drip), 15)
        self.assertEqual(self.cut(), 4)
        until = time.monotonic() + 10
        while self.said_cut() < 4 and time.monotonic() < until:  # it is counted first, then said
            time.sleep(0.05)
        self.assertEqual(self.said_cut(), 4)

    def test_an_answer_that_is_not_read_is_cut_off(self):
        history = 'client_id,carer_id,date\n' + 'C1,ANN,2026-11-20\n' * 5000
        where = self.service.put('history', history).headers['location']
        with self.connect() as s:
            with contextlib.suppress(OSError):
                for _ in range(300):  # more than the sockets hold
                    s.sendall(f'GET {where}/content HTTP/1.1\r\nHost: localhost\r\n\r\n'.encode())
            until = time.monotonic() + 30
            while self.cut() == 0:
                self.assertLess(time.monotonic(), until, 'who does not read is waited for')
                time.sleep(0.1)

    def test_who_is_slow_and_steady_is_heard(self):
        history = ('client_id,carer_id,date\n' + 'C1,ANN,2026-11-20\n' * 15000).encode()  # 270 kB: five seconds
        with self.connect() as s:
            s.sendall(f'PUT /v1/days/{DATE}/history HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\n'
                      f'Content-Length: {len(history)}\r\n\r\n'.encode())
            for at in range(0, len(history), 30000):
                time.sleep(0.2)
                s.sendall(history[at:at + 30000])
            self.assertIn(b' 201 ', s.recv(1000))
        self.assertEqual(self.cut(), 0)

    def test_who_listens_may_listen_for_long(self):
        self.service.put_small_day()
        told = list(self.service.events(self.service.plan(time_s=3)))
        self.assertEqual(told[-1][1]['state'], 'done')
        self.assertEqual(self.cut(), 0)


if __name__ == '__main__':
    main()
