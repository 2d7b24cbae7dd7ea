#!/usr/bin/env python3
"""careround plan --router, against servers that behave and servers that do not."""
import gzip
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

from fault_server import FaultServer, Reply, unused_port

PROGRAM = None
# Without the proxies and certificates of whoever runs this.
ENVIRONMENT = {k: v for k, v in os.environ.items()
               if not k.lower().endswith('_proxy') and not k.startswith(('SSL_CERT_', 'CURL_CA_'))}
N = 4  # places: three clients and a carer's home
VISITS = ('visit_id,client_id,client_name,address,latitude,longitude,band,duration\n'
          'V1,C1,Morag Thistlewick,1 High Street,55.89,-3.07,morning,30\n'
          'V2,C2,Effie Burnside,2 High Street,55.90,-3.08,lunch,45\n'
          'V3,C3,Hamish Greig,3 High Street,55.91,-3.09,tea,30\n')
CARERS = 'carer_id,name,shift_start,shift_end,mode,home_latitude,home_longitude\nANN,Ann Other,07:00,22:00,{},55.88,-3.06\n'


def osrm_parts(request):
    """The places of a request, and which are from and to."""
    places = request.path.rpartition('/')[2].split(';')
    pick = [[int(i) for i in request.query[name][0].split(';')] for name in ('sources', 'destinations')]
    return [[places[i] for i in which] for which in pick]


def osrm(request, seconds=lambda a, b: 0 if a == b else 300.2, snap_m=5):
    sources, targets = osrm_parts(request)
    times = [[seconds(a, b) for b in targets] for a in sources]
    metres = [[None if t is None else t * 10 for t in row] for row in times]
    return Reply({'code': 'Ok', 'durations': times, 'distances': metres,
                  'sources': [{'distance': snap_m, 'location': [0, 0]} for _ in sources]})


def valhalla(request, seconds=lambda a, b: 0 if a == b else 240):
    q = request.json()
    assert request.path.endswith('/sources_to_targets') and request.method == 'POST'
    rows = []
    for i, a in enumerate(q['sources']):
        times = [seconds(a, b) for b in q['targets']]
        rows.append([{'time': t, 'distance': None if t is None else t / 100, 'from_index': i, 'to_index': k}
                     for k, t in enumerate(times)])
    return Reply({'sources_to_targets': rows, 'units': 'kilometers'})


class Base(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.addCleanup(self.scratch.cleanup)
        self.folder = pathlib.Path(self.scratch.name)
        self.day = self.folder / 'day'
        self.day.mkdir()
        (self.day / 'settings.json').write_text('{"date": "2026-11-23"}', encoding='utf-8')
        (self.day / 'visits.csv').write_text(VISITS, encoding='utf-8')
        self.carer_goes_by('car')

    def carer_goes_by(self, mode):
        (self.day / 'carers.csv').write_text(CARERS.format(mode), encoding='utf-8')

    def run_program(self, *args, env=None):
        return subprocess.run([PROGRAM, *map(str, args)], capture_output=True, text=True, timeout=60, check=False,
                              env={**ENVIRONMENT, **(env or {})})

    def plan(self, *args, env=None):
        out = self.folder / 'plan.json'
        done = self.run_program('plan', self.day, '--iterations', 50, '--out', out, *args, env=env)
        return done, json.loads(out.read_text(encoding='utf-8')) if out.exists() else None

    def plan_by(self, server, *args, kind='osrm', **more):
        return self.plan('--router', f'{kind}={server.url}', *args, **more)

    def refuses(self, answer, words, *args, kind='osrm'):
        """No plan, status 5, and a message with these words."""
        with FaultServer(answer) as server:
            done, plan = self.plan_by(server, *args, kind=kind)
        self.assertEqual(done.returncode, 5, done.stderr)
        self.assertIn(words, done.stderr)
        self.assertIsNone(plan)
        return server, done


class Osrm(Base):
    def test_the_plan_takes_its_times_and_says_so(self):
        with FaultServer(osrm) as server:
            done, plan = self.plan_by(server, '--html', self.folder / 'plan.html')
        self.assertEqual(done.returncode, 0, done.stderr)
        name = f'OSRM at {server.url} (car)'
        self.assertEqual(plan['travel_source'], name)
        self.assertIn(name, done.stdout)
        self.assertIn(name, (self.folder / 'plan.html').read_text(encoding='utf-8'))
        # One round with three clients: four ways of 301 s (300.2, rounded up) and 3,002 m.
        self.assertEqual(plan['figures']['travel_s'], 4 * 301)
        self.assertEqual(plan['figures']['distance_m'], 4 * 3002)

    def test_only_coordinates_are_sent(self):
        with FaultServer(osrm) as server:
            self.plan_by(server)
        sent = repr([(r.path, r.query, r.headers, r.body) for r in server.asked])
        self.assertIn('-3.070000,55.890000', sent)
        for secret in ('Morag', 'Thistlewick', 'High Street', 'C1', 'V1', 'ANN', 'Ann Other'):
            self.assertNotIn(secret, sent)
        self.assertTrue(server.asked[0].headers['User-Agent'].startswith('careround/'))

    def test_password_and_key_of_the_url_are_used_and_not_shown(self):
        with FaultServer(osrm) as server:
            url = server.url.replace('//', '//user:secret@') + '/path/?key=hidden'
            done, plan = self.plan('--router', f'osrm={url}')
        self.assertEqual(plan['travel_source'], f'OSRM at {server.url} (car)')
        self.assertTrue(server.asked[0].path.startswith('/path/table/v1/driving/'), server.asked[0].path)
        self.assertEqual(server.asked[0].query['key'], ['hidden'])
        self.assertTrue(server.asked[0].headers['Authorization'].startswith('Basic '))
        self.assertNotIn('hidden', done.stdout + done.stderr + json.dumps(plan))

    def test_an_osrm_named_for_no_mode_is_a_cars(self):
        self.carer_goes_by('foot')
        with FaultServer(osrm) as server:
            done, plan = self.plan_by(server)
            self.assertEqual((server.asked, plan['travel_source']), ([], 'straight line x 1.25'))
            done, plan = self.plan('--router', f'foot:osrm={server.url}', '--router-profile', 'foot=slow')
        self.assertEqual(plan['travel_source'], f'OSRM at {server.url} (foot)', done.stderr)
        self.assertIn('/table/v1/slow/', server.asked[0].path)

    def test_a_table_too_big_is_asked_for_in_parts(self):
        def small(request):
            sources, targets = osrm_parts(request)
            if len(sources) + len(targets) > 4:
                return Reply({'code': 'TooBig', 'message': 'Too many table coordinates'}, 400)
            return osrm(request, lambda a, b: 0 if a == b else 60)
        with FaultServer(small) as server:
            done, plan = self.plan_by(server)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(plan['figures']['travel_s'], 4 * 60)
        # 4 x 4 is too big, 2 x 4 is not asked for again; then four of 2 x 2.
        self.assertEqual([tuple(map(len, osrm_parts(r))) for r in server.asked], [(4, 4)] + [(2, 2)] * 4)

    def test_a_place_at_no_road_is_named_and_the_others_are_answered(self):
        def one_off(request):
            if any('-3.080000,55.900000' in part for part in osrm_parts(request)):
                return Reply({'code': 'NoSegment', 'message': 'Could not find a matching segment'}, 400)
            return osrm(request)
        server, done = self.refuses(one_off, "none at all from or to client 'C2'")
        self.assertEqual(len(server.asked), 1 + N + 1)  # all, each alone, the three that are at roads
        with FaultServer(one_off) as server:
            done, plan = self.plan_by(server, '--router-unanswered', 'estimate')
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(plan['travel_source'],
                         f'OSRM at {server.url} (car), otherwise straight line x 1.35 (6 estimated ways)')
        self.assertIn('straight lines are taken there', done.stderr)

    def test_a_way_without_an_answer_is_an_error_that_names_its_ends(self):
        def one_way(request):
            return osrm(request, lambda a, b: None if (a, b) == ('-3.070000,55.890000', '-3.090000,55.910000') else 60)
        self.refuses(one_way, "1 way without an answer; from client 'C1' to client 'C3'")

    def test_places_far_from_roads_are_named(self):
        with FaultServer(lambda request: osrm(request, snap_m=900)) as server:
            done, _ = self.plan_by(server)
        self.assertIn('4 places more than 300 m from any road', done.stderr)


class Valhalla(Base):
    def test_each_mode_has_its_costing(self):
        for mode, costing in (('car', 'auto'), ('bicycle', 'bicycle'), ('foot', 'pedestrian')):
            self.carer_goes_by(mode)
            with FaultServer(valhalla) as server:
                done, plan = self.plan_by(server, kind='valhalla')
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(server.asked[0].json()['costing'], costing)
            self.assertEqual(plan['travel_source'], f'Valhalla at {server.url} ({mode})')
            self.assertEqual(plan['figures']['travel_s'], 4 * 240)
            self.assertEqual(plan['figures']['distance_m'], 4 * 2400)

    def test_its_limits_are_kept(self):
        def small(request):
            q = request.json()
            if len(q['sources']) * len(q['targets']) > 4:
                return Reply({'error_code': 150, 'error': 'Exceeded max locations:4', 'status_code': 400}, 400)
            return valhalla(request)
        with FaultServer(small) as server:
            done, _ = self.plan_by(server, kind='valhalla')
        self.assertEqual((done.returncode, len(server.asked)), (0, 5), done.stderr)

    def test_pairs_too_far_apart_or_unconnected_are_unanswered_and_no_others(self):
        for code, words in ((154, 'Path distance exceeds the max distance limit'),
                            (170, 'Locations are in unconnected regions'), (442, 'No path could be found for input')):
            def near(request, code=code, words=words):
                q = request.json()
                lats = [p['lat'] for p in q['sources'] + q['targets']]
                if max(lats) - min(lats) > 0.025:
                    return Reply({'error_code': code, 'error': words}, 400)
                return valhalla(request)
            with self.subTest(code=code):
                self.refuses(near, '2 ways without an answer', kind='valhalla')

    def test_cells_of_other_pairs_are_not_believed(self):
        def swapped(request):
            reply = valhalla(request)
            reply.body['sources_to_targets'][0].reverse()
            return reply
        self.refuses(swapped, 'row 0, column 0', kind='valhalla')

    def test_other_units_are_not_believed(self):
        def miles(request):
            reply = valhalla(request)
            reply.body['units'] = 'miles'
            return reply
        self.refuses(miles, 'not in kilometers', kind='valhalla')


class Faults(Base):
    def fails_then_answers(self, *failures):
        with FaultServer(lambda r: failures[r.number] if r.number < len(failures) else osrm(r)) as server:
            done, plan = self.plan_by(server, '--service-timeout', 0.5)
        self.assertEqual((done.returncode, len(server.asked)), (0, len(failures) + 1), done.stderr)
        self.assertEqual(plan['figures']['travel_s'], 4 * 301)
        return server.asked

    def test_what_may_pass_is_asked_again(self):
        self.fails_then_answers(Reply(b'down', 503), Reply(b'{"code":', promise=50))
        asked = self.fails_then_answers(Reply(b'{}', wait_s=1))
        self.assertGreater(asked[1].at_s - asked[0].at_s, 0.5)

    def test_retry_after_is_kept(self):
        asked = self.fails_then_answers(Reply(b'', 429, {'Retry-After': '1'}))
        self.assertGreaterEqual(asked[1].at_s - asked[0].at_s, 1)

    def test_waits_grow(self):
        asked = self.fails_then_answers(Reply(b'', 500), Reply(b'', 502))
        first, second = (asked[i + 1].at_s - asked[i].at_s for i in (0, 1))
        self.assertGreaterEqual(first, 0.25)  # 0.5 s, times 0.5 to 1.5 at random
        self.assertGreaterEqual(second, 0.5)  # 1 s, the same

    def test_nobody_waits_for_hours(self):
        server, done = self.refuses(lambda r: Reply(b'', 429, {'Retry-After': '7200'}), 'asks to come back in 7200 s')
        self.assertEqual(len(server.asked), 1, done.stderr)

    def test_what_stays_broken_is_an_error_after_so_many_tries(self):
        server, _ = self.refuses(lambda r: Reply(b'', 500), 'answers with status 500 (asked 2 times)', '--service-tries', 2)
        self.assertEqual(len(server.asked), 2)

    def test_a_server_that_only_listens(self):
        start = time.monotonic()
        self.refuses(lambda r: Reply(b'{}', wait_s=20), 'timed out', '--service-timeout', 0.5, '--service-tries', 1)
        self.assertLess(time.monotonic() - start, 5)

    def test_nobody_there(self):
        done, plan = self.plan('--router', f'osrm=http://127.0.0.1:{unused_port()}', '--service-tries', 1)
        self.assertEqual((done.returncode, plan), (5, None))
        self.assertIn("Couldn't connect", done.stderr)

    def test_replies_that_are_no_table(self):
        def table(**changes):
            def answer(request):
                reply = osrm(request)
                reply.body.update(changes)
                return reply
            return answer
        row = [0, 1, 2, 3]
        cases = {
            'HTML': (lambda r: Reply(b'<html><body>Welcome to the hotel</body></html>'), "begins '<html><body>Welcome"),
            'empty': (lambda r: Reply(b''), 'is not the JSON'),
            'broken': (lambda r: Reply(b'{"code": "Ok", "durations": [[0'), 'is not the JSON'),
            'NaN': (lambda r: Reply(b'{"code": "Ok", "durations": [[NaN]]}'), 'is not the JSON'),
            'a list': (lambda r: Reply([1, 2]), 'is not the JSON'),
            'deep': (lambda r: Reply(b'[' * 100000), 'is not the JSON'),
            'no code': (lambda r: Reply({}), 'refuses (status 200)'),
            'too few rows': (table(durations=[row] * 3), 'has 3 rows of durations'),
            'too many columns': (table(durations=[row + [4]] * N), 'row 0 of its table has 5 durations'),
            'no distances': (table(distances=None), 'and 0 of distances'),
            'negative': (table(durations=[[0, -5, 1, 1]] * N), 'row 0, column 1 of its table is no time'),
            'years': (table(durations=[[0, 1e12, 1, 1]] * N), 'row 0, column 1 of its table is no time'),
            'words': (table(durations=[[0, 1, 1, '12 min']] * N), 'row 0, column 3 of its table is no time'),
            'not found': (lambda r: Reply(b'no such page', 404), '(status 404)'),
            'refused': (lambda r: Reply({'code': 'InvalidUrl', 'message': 'URL string malformed\x1b[31m'}, 400),
                        "with 'InvalidUrl': URL string malformed?[31m"),
        }
        for name, (answer, words) in cases.items():
            with self.subTest(name):
                server, _ = self.refuses(answer, words)
                self.assertEqual(len(server.asked), 1)

    def test_a_reply_without_end_is_cut_off(self):
        self.refuses(lambda r: Reply(b'[' + b'0,' * 100000, endless=True), 'the reply is larger than 8388608 bytes')

    def test_a_small_reply_that_unpacks_to_a_large_one_is_cut_off(self):
        packed = gzip.compress(b' ' * (32 << 20))
        self.assertLess(len(packed), 1 << 20)
        self.refuses(lambda r: Reply(packed, headers={'Content-Encoding': 'gzip'}), 'the reply is larger than')

    def test_redirects_on_the_same_host_are_followed(self):
        def moved(request):
            if request.path.startswith('/new'):
                return osrm(request)
            return Reply(b'', 302, {'Location': f'/new{request.path}?' + '&'.join(f'{k}={v[0]}' for k, v in request.query.items())})
        with FaultServer(moved) as server:
            done, _ = self.plan_by(server)
        self.assertEqual((done.returncode, len(server.asked)), (0, 2), done.stderr)

    def test_redirects_in_a_circle_end(self):
        server, _ = self.refuses(lambda r: Reply(b'', 307, {'Location': r.path}), 'redirects more than 3 times')
        self.assertEqual(len(server.asked), 4)

    def test_coordinates_are_not_taken_to_another_host(self):
        with FaultServer(osrm) as other:
            for place in (f'http://localhost:{other.port}/', 'file:///etc/passwd', 'gopher://127.0.0.1/'):
                self.refuses(lambda r, place=place: Reply(b'', 301, {'Location': place}), 'redirects to another host')
            self.assertEqual(other.asked, [])

    def test_failures_in_a_row_end_the_asking(self):
        # 4 places, one by one at most: 16 requests, of which the first three fail.
        with FaultServer(lambda r: Reply({'code': 'TooBig'}, 400) if len(osrm_parts(r)[0]) > 1 else Reply(b'?', 400)) as server:
            done, plan = self.plan_by(server, '--router-unanswered', 'estimate')
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn('12 ways without an answer', done.stderr)
        self.assertIn("begins '?'", done.stderr)
        self.assertEqual(plan['travel_source'], 'straight line x 1.35 (12 estimated ways)')
        self.assertEqual(len(server.asked), 2 + 3)


@unittest.skipUnless(shutil.which('openssl'), 'no openssl here to make a certificate')
class Tls(Base):
    def setUp(self):
        super().setUp()
        self.certificate = self.folder / 'server.pem'
        subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1',
                        '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', self.certificate, '-out', self.folder / 'public.pem'],
                       check=True, capture_output=True)
        with self.certificate.open('a', encoding='ascii') as both:
            both.write((self.folder / 'public.pem').read_text(encoding='ascii'))

    def test_a_certificate_that_nobody_vouches_for_is_refused_at_once(self):
        with FaultServer(osrm, self.certificate) as server:
            done, plan = self.plan_by(server)
        self.assertEqual((done.returncode, plan, server.asked), (5, None, []))
        self.assertIn('certificate', done.stderr)
        self.assertNotIn('times', done.stderr)

    def test_one_that_the_environment_vouches_for_is_taken(self):
        with FaultServer(osrm, self.certificate) as server:
            for variable in ('SSL_CERT_FILE', 'CURL_CA_BUNDLE'):
                done, plan = self.plan_by(server, env={variable: str(self.folder / 'public.pem')})
                self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(plan['travel_source'], f'OSRM at {server.url} (car)')

    def test_plain_text_where_tls_was_asked_for(self):
        with FaultServer(osrm) as server:
            done, _ = self.plan('--router', f'osrm={server.url.replace("http", "https")}', '--service-tries', 1)
        self.assertEqual(done.returncode, 5)

    def test_nobody_is_led_from_https_back_to_http(self):
        with FaultServer(osrm) as plain:
            answer = Reply(b'', 302, {'Location': f'{plain.url}/x'})
            with FaultServer(lambda r: answer, self.certificate) as server:
                done, _ = self.plan_by(server, env={'SSL_CERT_FILE': str(self.folder / 'public.pem')})
            self.assertEqual((done.returncode, plain.asked), (5, []), done.stderr)


class Usage(Base):
    def test_wrong_words(self):
        for option, value, words in (('--router', 'http://127.0.0.1', 'must be KIND=URL'), ('--router', 'osrm=', 'must be KIND=URL'), ('--router', 'google=http://a', 'the kind must be'),
                                     ('--router', 'boat:osrm=http://a', 'the mode must be'),
                                     ('--router-profile', 'car=a/b', 'letters, digits'),
                                     ('--router-profile', 'bus=a', 'must be MODE=NAME'),
                                     ('--router-unanswered', 'maybe', 'error or estimate')):
            done, plan = self.plan(option, value)
            self.assertEqual((done.returncode, plan), (2, None), value)
            self.assertIn(words, done.stderr)

    def test_other_schemes_are_refused(self):
        for url in ('file:///etc/passwd', 'ftp://127.0.0.1/', 'gopher://127.0.0.1/'):
            done, plan = self.plan('--router', f'osrm={url}')
            self.assertEqual((done.returncode, plan), (3, None))
            self.assertIn('http or https', done.stderr)


if __name__ == '__main__':
    PROGRAM = sys.argv.pop(1)
    unittest.main(verbosity=2)
