#!/usr/bin/env python3
"""The service from outside: plans as jobs, what ends and what is kept, its limits and its manners."""
import json
import os
import pathlib
import shutil
import signal
import socket
import sqlite3
import subprocess
import time

from service import CARERS, DATE, SOURCE, VISITS, Service, ServiceTest, main, run_program


class Limits(ServiceTest):
    options = ('--rows', '2', '--body', '0.01', '--queue', '1')

    def test_rows_and_bytes_have_limits(self):
        self.assertEqual(self.put('visits', VISITS).status, 201)
        self.check_problem(self.put('visits', VISITS + 'V3,C3,,55.90,-3.08,lunch,30\n'), 413, 'size')
        self.check_problem(self.put('visits', 'x' * 20000), 413, 'size')

    def test_a_body_that_never_ends_is_cut_off(self):
        with socket.create_connection(('127.0.0.1', self.service.port), timeout=20) as s:
            s.sendall(f'PUT /v1/days/{DATE}/visits HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n'.encode())
            with self.assertRaises(OSError):
                for _ in range(10000):
                    s.sendall(b'400\r\n' + b'x' * 1024 + b'\r\n')
        self.assertEqual(self.get('/healthz').status, 200)

    def test_the_queue_has_a_limit(self):
        self.service.put_small_day()
        running = self.service.plan(time_s=30)
        self.service.wait_for(running, 'running')
        self.service.plan(time_s=30)
        answer = self.ask('POST', '/v1/plans', {'date': DATE})
        self.check_problem(answer, 503, 'busy')
        self.assertIn('retry-after', answer.headers)


class Memory(ServiceTest):
    options = ('--memory', '120')

    def setUp(self):
        super().setUp()
        if b'__asan_init' in Service.program.read_bytes():
            self.skipTest('the address sanitizer takes all the room there is')

    def test_a_day_that_is_too_large_fails_alone(self):
        """3,000 places: a table of their ways takes 72 MB, and the search more."""
        self.service.put_small_day()
        self.put('carers', CARERS, '2026-11-24')
        self.put('visits', 'visit_id,client_id,latitude,longitude,band,duration\n' + ''.join(
            f'V{i},C{i},{55.8 + i % 100 / 1000:.4f},{-3.2 + i // 100 / 500:.4f},morning,30\n' for i in range(3000)), '2026-11-24')
        with self.assertRaisesRegex(RuntimeError, '"failed"'):
            self.service.wait_for(self.service.plan(date='2026-11-24', iterations=1), 'done')
        large, = self.get('/v1/plans').json['plans']
        self.assertEqual(large['problem']['type'], 'urn:careround:problem:memory')
        self.service.wait_for(self.service.plan(iterations=1), 'done')


class Plans(ServiceTest):
    def test_a_plan_is_made_as_the_command_line_makes_it(self):
        self.service.put_folder(SOURCE / 'data/tiny')
        plan = self.service.plan(iterations=500)
        about = self.service.wait_for(plan, 'done')
        self.assertEqual(about['summary']['figures']['visits_served'], 10)
        self.assertEqual(about['attempts'], 1)
        result = self.get(f'/v1/plans/{plan}/result')
        file = self.service.folder / 'plan.json'
        file.write_bytes(result.body)
        judged = run_program('check', SOURCE / 'data/tiny', file, '--json', check=False)
        self.assertEqual(judged.returncode, 0, judged.stderr)
        by_hand = run_program('plan', SOURCE / 'data/tiny', '--iterations', 500, '--out', '/dev/stdout')
        self.assertEqual(json.JSONDecoder().raw_decode(by_hand.stdout)[0]['rounds'], result.json['rounds'])
        again = self.get(f'/v1/plans/{plan}/result', headers={'If-None-Match': result.headers['etag']})
        self.assertEqual(again.status, 304)

    def test_a_plan_comes_in_every_form_that_the_command_line_writes(self):
        self.service.put_folder(SOURCE / 'data/tiny')
        plan = self.service.plan(iterations=500)
        files = f'/v1/plans/{plan}/files/'
        self.check_problem(self.get(files + 'rota.pdf'), 404, 'not-found')
        self.service.wait_for(plan, 'done')
        day, out = self.service.folder / DATE, self.service.folder / 'out'
        shutil.copytree(SOURCE / 'data/tiny', day)  # of the name that the service's day has
        (self.service.folder / 'plan.json').write_bytes(self.get(f'/v1/plans/{plan}/result').body)
        run_program('report', day, self.service.folder / 'plan.json', '--csv', out, '--html', out.with_suffix('.html'))
        for name in ('rota-by-carer.csv', 'rota-by-client.csv', 'unallocated.csv', 'rota.geojson'):
            self.assertEqual(self.get(files + name).body, (out / name).read_bytes(), name)
        for kind in ('csv', 'ics'):
            answer = self.get(f'{files}carer.{kind}?carer=Ann')
            self.assertEqual(answer.body, (out / 'carers' / f'Ann.{kind}').read_bytes())
        clients = sorted((out / 'clients').iterdir())
        self.assertGreater(len(clients), 3)
        for sheet in clients:
            self.assertEqual(self.get(f'{files}client.csv?client={sheet.stem}').body, sheet.read_bytes())
        page = self.get(files + 'plan.html')
        self.assertEqual(page.body, out.with_suffix('.html').read_bytes())
        self.assertEqual(page.headers['content-security-policy'], "frame-ancestors 'none'")
        self.assertIn(b'Bob Twoquill', page.body)
        self.assertIn('10 of 10 placed', self.get(files + 'summary.txt').body.decode())
        self.check_problem(self.get(files + 'carer.ics'), 422, 'query')
        self.check_problem(self.get(files + 'carer.ics?carer=Zoe'), 404, 'not-found')
        self.assertIn('which client', self.check_problem(self.get(files + 'client.csv?carer=Ann'), 422, 'query')['detail'])
        self.check_problem(self.get(files + 'client.csv?client=Ann'), 404, 'not-found')
        self.check_problem(self.get(f'/v1/plans/{self.service.plan(time_s=600)}/files/plan.html'), 409, 'state')

    def test_a_day_with_errors_is_not_planned(self):
        self.put('visits', VISITS)
        problem = self.check_problem(self.ask('POST', '/v1/plans', {'date': DATE}), 422, 'input')
        self.assertIn('carers', problem['findings'][0]['file'])
        self.check_problem(self.ask('POST', '/v1/plans', {'date': '2026-11-24'}), 404, 'not-found')

    def test_a_plan_is_of_the_version_it_was_asked_for(self):
        self.service.put_small_day()
        self.put('visits', VISITS + 'V3,C2,,55.90,-3.08,lunch,30\n')
        plan = self.service.plan(iterations=10, day_version=2)
        self.assertEqual(self.service.wait_for(plan, 'done')['summary']['figures']['visits'], 2)
        newest = self.service.plan(iterations=10)
        self.assertEqual(self.service.wait_for(newest, 'done')['summary']['figures']['visits'], 3)

    def test_all_that_is_wrong_with_a_request_is_said(self):
        problem = self.check_problem(self.ask('POST', '/v1/plans', {'time_s': -1, 'seed': 1.5, 'tim': 3}), 422, 'request')
        self.assertEqual(sorted(e['pointer'] for e in problem['errors']), ['/date', '/seed', '/tim', '/time_s'])
        problem = self.check_problem(self.ask('POST', '/v1/plans', {'date': '2026-11-31', 'iterations': 1e13}), 422, 'request')
        self.assertEqual({e['pointer']: e['detail'] for e in problem['errors']},
                         {'/date': 'must be a date like "2026-11-23"', '/iterations': 'must be a whole number from 0 to 1000000000000'})
        problem = self.check_problem(self.ask('POST', '/v1/plans', {'date': DATE, 'x' + 'é' * 50: 1}), 422, 'request')
        self.assertEqual([e['pointer'] for e in problem['errors']], ['/x' + 'é' * 50])
        both = {'date': DATE, 'time_s': 1, 'iterations': 1}
        self.check_problem(self.ask('POST', '/v1/plans', both), 422, 'request')
        for body in ('', '[]', '{"date": ', '{"date": "a", "date": "b"}', '[' * 100000, '{"date": "\xff"}'.encode('latin-1')):
            self.check_problem(self.ask('POST', '/v1/plans', body), 400, 'json')

    def test_progress_is_told_until_the_end(self):
        self.service.put_small_day()
        told = list(self.service.events(self.service.plan(time_s=2)))
        states = [data['state'] for event, data in told if event == 'state']
        self.assertEqual(states[-1], 'done')
        self.assertIn('running', states)
        self.assertTrue([data for event, data in told if event == 'progress' and data['phase'] == 'search'], told)

    def test_stopping_keeps_the_best(self):
        self.service.put_small_day()
        plan = self.service.plan(time_s=600)
        self.check_problem(self.get(f'/v1/plans/{plan}/result'), 409, 'state')
        told = self.service.events(plan)
        next(data for event, data in told if event == 'progress' and data['cost_pence'] > 0)
        begun = time.monotonic()
        self.assertEqual(self.ask('POST', f'/v1/plans/{plan}/stop').status, 202)
        self.assertEqual(self.service.wait_for(plan, 'done')['summary']['figures']['visits_served'], 2)
        self.assertLess(time.monotonic() - begun, 30)
        self.check_problem(self.ask('POST', f'/v1/plans/{plan}/stop'), 409, 'state')

    def test_cancelled_plans_end_at_once_waiting_or_running(self):
        self.service.put_small_day()
        runs = self.service.plan(time_s=600)
        waits = self.service.plan(time_s=600)
        self.service.wait_for(runs, 'running')
        self.check_problem(self.ask('DELETE', f'/v1/plans/{runs}'), 409, 'state')
        self.check_problem(self.ask('POST', f'/v1/plans/{waits}/stop'), 409, 'state')
        for plan in (waits, runs):
            self.assertEqual(self.ask('POST', f'/v1/plans/{plan}/cancel').json['state'], 'cancelled')
        self.check_problem(self.ask('POST', f'/v1/plans/{runs}/cancel'), 409, 'state')
        self.assertEqual(self.service.wait_for(self.service.plan(iterations=1), 'done')['state'], 'done')
        self.assertEqual(self.ask('DELETE', f'/v1/plans/{runs}').status, 200)
        self.check_problem(self.get(f'/v1/plans/{runs}'), 404, 'not-found')
        self.assertEqual(len(self.get('/v1/plans').json['plans']), 2)


class Jobs(ServiceTest):
    def test_who_is_slow_to_stop_keeps_its_plan(self):
        """A search that is found, and not yet explained or written, is worth waiting for."""
        self.service.put_small_day()
        plan = self.service.plan(time_s=600)
        told = self.service.events(plan)
        next(data for event, data in told if event == 'progress' and data['cost_pence'] > 0)
        worker, = self.service.first_children()
        os.kill(worker, signal.SIGSTOP)
        self.assertEqual(self.ask('POST', f'/v1/plans/{plan}/stop').status, 202)
        time.sleep(7)
        os.kill(worker, signal.SIGCONT)
        self.assertEqual(self.service.wait_for(plan, 'done')['summary']['figures']['visits_served'], 2)

    def test_a_plan_waits_while_nothing_can_be_started(self):
        self.service.put_small_day()
        runs, waits = self.service.plan(time_s=600), self.service.plan(iterations=1)
        self.service.wait_for(runs, 'running')
        self.service.first_children()
        work = self.service.folder / 'careround.db-work'
        held = self.service.folder / 'held'
        work.rename(held)
        self.ask('POST', f'/v1/plans/{runs}/cancel')
        until = time.monotonic() + 30
        while b'No such file' not in (self.service.folder / 'log').read_bytes():
            self.assertLess(time.monotonic(), until)
            time.sleep(0.1)
        self.assertEqual(self.get(f'/v1/plans/{waits}').json['state'], 'queued')
        held.rename(work)
        self.service.wait_for(waits, 'done')

    def test_a_worker_that_dies_takes_nobody_with_it(self):
        self.service.put_small_day()
        plan = self.service.plan(time_s=600)
        self.service.wait_for(plan, 'running')
        worker, = self.service.first_children()
        os.kill(worker, signal.SIGABRT)  # not SIGSEGV: the address sanitizer takes that for itself
        with self.assertRaisesRegex(RuntimeError, 'ended by signal 6'):
            self.service.wait_for(plan, 'done')
        self.service.wait_for(self.service.plan(iterations=1), 'done')
        self.assertIn('careround_workers_ended_by_signal_total 1', self.get('/metrics').body.decode())

    def test_a_worker_ends_with_its_service(self):
        self.service.put_small_day()
        self.service.wait_for(self.service.plan(time_s=600), 'running')
        worker, = self.service.first_children()
        self.service.kill()
        for _ in range(500):
            if not pathlib.Path(f'/proc/{worker}').exists():
                break
            time.sleep(0.01)
        self.assertFalse(pathlib.Path(f'/proc/{worker}').exists())

    def test_a_service_that_stops_gives_its_plans_back(self):
        self.service.put_small_day()
        plan = self.service.plan(time_s=2)
        self.service.wait_for(plan, 'running')
        self.assertEqual(self.service.stop(), 0)
        self.assertFalse((self.service.folder / 'careround.db-work').exists())
        self.service.start()
        self.assertEqual(self.service.wait_for(plan, 'done')['attempts'], 1)

    def test_listeners_are_let_go_when_it_stops(self):
        self.service.put_small_day()
        told = self.service.events(self.service.plan(time_s=600))
        self.assertEqual(next(told)[0], 'state')
        self.service.process.send_signal(signal.SIGTERM)
        list(told)
        self.assertEqual(self.service.wait(), 0)

    def test_a_plan_cut_short_three_times_has_failed(self):
        self.service.put_small_day()
        plan = self.service.plan(time_s=600)
        for _ in range(3):
            self.service.wait_for(plan, 'running')
            self.service.kill()
            self.service.start()
        about = self.get(f'/v1/plans/{plan}').json
        self.assertEqual((about['state'], about['attempts']), ('failed', 3))
        self.assertEqual(about['problem']['type'], 'urn:careround:problem:lost')

    def test_one_service_a_store(self):
        other = self.service.command('serve', '--listen', '127.0.0.1:0', check=False)
        self.assertEqual(other.returncode, 5)
        self.assertIn('another careround works here', other.stderr)

    def test_workers_of_another_process_make_plans_too(self):
        """Two processes on one file: what one is asked for, the other makes, tells of, and stops."""
        self.service.stop()
        self.service.options = ['--workers', '0']
        self.service.start()
        self.service.put_small_day()
        workers = subprocess.Popen([Service.program, 'serve', '--store', 'careround.db', '--workers-only', '--lease', '5',
                                    '--scratch', 'other-work'], cwd=self.service.folder, stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL, text=True)
        try:
            name = workers.stdout.readline()
            self.assertRegex(name, r'^.+/[0-9a-f]{16}\n$')
            self.service.wait_for(self.service.plan(iterations=100), 'done')
            plan = self.service.plan(time_s=600)
            self.service.wait_for(plan, 'running')
            until = time.monotonic() + 60
            while not self.get(f'/v1/plans/{plan}').json['progress']:
                self.assertLess(time.monotonic(), until)
                time.sleep(0.1)
            self.assertEqual(self.service.ask('POST', f'/v1/plans/{plan}/stop').status, 202)
            self.service.wait_for(plan, 'done')
        finally:
            workers.terminate()
            self.assertEqual(workers.wait(timeout=60), 0)
            workers.stdout.close()
        self.assertFalse((self.service.folder / 'other-work').exists())


class Leases(ServiceTest):
    options = ('--lease', '5')

    def test_a_lease_that_ran_out_meanwhile_is_taken_up_again(self):
        """As after a machine has slept: nobody else has the plan, so the worker that makes it goes on."""
        self.service.put_small_day()
        plan = self.service.plan(time_s=600)
        self.service.wait_for(plan, 'running')
        worker, = self.service.first_children()
        for _ in range(8):
            store = sqlite3.connect(self.service.folder / 'careround.db', timeout=10)
            store.execute('UPDATE plan SET leased_until_ms = 0')
            store.commit()
            store.close()
            time.sleep(0.9)
        about = self.get(f'/v1/plans/{plan}').json
        self.assertEqual((about['state'], about['attempts']), ('running', 1))
        self.assertEqual(self.service.children(), [worker])


class Care(ServiceTest):
    def test_a_backup_of_a_service_that_runs_can_be_served(self):
        self.service.put_small_day()
        done = self.service.command('backup', 'copy.db')
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        self.service.command('backup', 'copy.db')  # the newer in the place of the older
        self.put('visits', VISITS.replace('0:45', '0:50'))
        self.service.stop()
        (self.service.folder / 'copy.db').rename(self.service.folder / 'careround.db')
        self.service.start()
        self.assertEqual(self.get(f'/v1/days/{DATE}').json['version'], 2)
        self.assertEqual(self.service.command('backup', 'no/such/folder.db', check=False).returncode, 5)

    def test_a_backup_does_not_take_the_place_of_the_store(self):
        self.service.put_small_day()
        store = self.service.folder / 'careround.db'
        (self.service.folder / 'link.db').symlink_to('careround.db')
        before = store.stat().st_ino
        for name in ('careround.db', './careround.db', 'link.db'):
            done = self.service.command('backup', name, check=False)
            self.assertEqual(done.returncode, 2)
            self.assertIn('FILE is the store itself', done.stderr)
        self.assertEqual(store.stat().st_ino, before)
        self.assertEqual(self.get(f'/v1/days/{DATE}').json['version'], 2)

    def test_a_purge_while_somebody_reads_says_that_bytes_stay(self):
        self.service.put_small_day()
        self.service.stop()
        reader = sqlite3.connect(self.service.folder / 'careround.db')
        self.addCleanup(reader.close)
        reader.execute('BEGIN')
        reader.execute('SELECT count(*) FROM upload').fetchone()
        done = self.service.command('purge', '--before', '2027-01-01', check=False)
        self.assertEqual((done.returncode, done.stdout), (5, ''))
        self.assertIn('purge again later', done.stderr)
        reader.rollback()
        self.assertEqual(self.service.command('purge', '--before', '2027-01-01').returncode, 0)
        self.assertNotIn(b'Onequill', b''.join(path.read_bytes() for path in self.service.folder.glob('careround.db*')))

    def test_old_dates_are_purged_while_it_runs(self):
        self.service.put_small_day()
        self.service.put_small_day('2026-12-01')
        self.service.wait_for(self.service.plan(iterations=1), 'done')
        done = self.service.command('purge', '--before', '2026-12-01')
        self.assertEqual((done.returncode, done.stdout), (0, '2 lists, 1 plans and runs, 0 scenarios of dates before 2026-12-01 are gone\n'))
        self.assertEqual([d['date'] for d in self.get('/v1/days').json['days']], ['2026-12-01'])
        self.assertEqual(self.service.command('purge', '--before', 'May', check=False).returncode, 2)
        for command in (['backup', 'x.db'], ['purge', '--before', DATE]):
            done = run_program(*command, '--store', 'none.db', cwd=self.service.folder, check=False)
            self.assertEqual(done.returncode, 3)


class Manners(ServiceTest):
    def test_it_says_how_it_is(self):
        self.assertEqual(self.get('/healthz').json, {'status': 'ok'})
        self.assertEqual(self.get('/readyz').json, {'status': 'ok'})
        metrics = self.get('/metrics').body.decode()
        self.assertIn('careround_plans{state="queued"} 0\n', metrics)
        for line in metrics.splitlines():
            self.assertRegex(line, r'^(# (HELP|TYPE) careround_\w+ .*|careround_\w+(\{\w+="\w+"\})? [0-9.]+)$')

    def test_it_counts_the_time_of_matrices_and_how_good_plans_are(self):
        def counted():
            lines = (line.split(' ') for line in self.get('/metrics').body.decode().splitlines() if line[0] != '#')
            return {name.removeprefix('careround_'): float(number) for name, number in lines}
        self.assertEqual([counted()[name] for name in ('matrix_seconds_total', 'plan_gap_ratio_sum', 'plan_gap_ratio_count')], [0] * 3)
        self.service.put_small_day()
        self.service.wait_for(self.service.plan(iterations=10), 'done')
        self.assertEqual(counted()['plan_gap_ratio_count'], 0)  # no bound was asked for
        bounded = self.service.wait_for(self.service.plan(iterations=10, bound_s=5), 'done')
        end = counted()
        self.assertEqual(end['plan_gap_ratio_count'], 1)
        self.assertAlmostEqual(end['plan_gap_ratio_sum'], bounded['summary']['bound']['gap_percent'] / 100)
        self.assertGreater(end['matrix_seconds_total'], 0)
        self.assertLess(end['matrix_seconds_total'], end['job_seconds_total'])

    def test_no_answer_can_be_framed_sniffed_or_kept(self):
        for answer in (self.get('/healthz'), self.get('/nowhere'), self.put('visits', 'x')):
            self.assertEqual(answer.headers['x-content-type-options'], 'nosniff')
            self.assertEqual(answer.headers['x-frame-options'], 'DENY')
            self.assertIn("default-src 'none'", answer.headers['content-security-policy'])
            self.assertNotIn('access-control-allow-origin', answer.headers)

    def test_wrong_ways_and_methods(self):
        self.check_problem(self.get('/v1/nothing'), 404, 'not-found')
        self.check_problem(self.get('/' + 'a/' * 50), 404, 'not-found')
        answer = self.ask('PATCH', f'/v1/days/{DATE}')
        self.check_problem(answer, 405, 'method')
        self.assertEqual(answer.headers['allow'], 'GET, POST')
        self.assertEqual(self.ask('HEAD', '/healthz').body, b'')

    def test_no_web_page_of_elsewhere_reaches_it(self):
        self.check_problem(self.get('/v1/days', headers={'Host': 'rebound.example:80'}), 403, 'origin')
        self.check_problem(self.get('/v1/days', headers={'Origin': 'https://elsewhere.example'}), 403, 'origin')
        self.assertEqual(self.get('/v1/days', headers={'Host': f'localhost:{self.service.port}'}).status, 200)

    def test_names_and_addresses_are_not_logged(self):
        self.service.put_small_day()
        self.put('visits', VISITS.replace('0:45', 'Onequill'))
        self.service.wait_for(self.service.plan(iterations=1), 'done')
        self.put('visits', VISITS, query='?provider=Onequill')
        self.get('/v1/Onequill')
        self.service.stop()
        log = (self.service.folder / 'log').read_text()
        self.assertIn('"event":"request"', log)
        self.assertNotIn('quill', log)
        self.assertNotIn('55.89', log)

    def test_the_log_says_what_of_the_disk_failed(self):
        shutil.rmtree(self.service.folder / 'careround.db-work')
        self.check_problem(self.put('visits', VISITS), 503, 'store')
        self.service.stop()
        lines = map(json.loads, (self.service.folder / 'log').read_text().splitlines())
        self.assertEqual([line['detail'] for line in lines if line['event'] == 'fault'], ['No such file or directory'])

    def test_the_log_is_lines_of_json(self):
        self.service.put_small_day()
        plan = self.service.plan(iterations=1)
        self.service.wait_for(plan, 'done')
        self.get('/v1/plans')
        self.service.stop()
        lines = []
        for text in (self.service.folder / 'log').read_text().splitlines():
            try:
                lines.append(json.loads(text))
            except ValueError:
                self.fail(f'not JSON: {text!r}')
        for line in lines:
            self.assertRegex(line['at'], r'^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$')
            self.assertIn(line['level'], ('info', 'warning', 'error'))
        self.assertEqual([line['event'] for line in lines], ['serving', 'request', 'request', 'request', 'plan', 'ending'])
        put, end = lines[1], lines[4]
        self.assertEqual((put['method'], put['route'], put['status'], put['who']),
                         ('PUT', '/v1/days/{date}/{table}', 201, 'local'))
        self.assertGreaterEqual(put['ms'], 0)
        self.assertEqual((end['plan'], end['state']), (plan, 'done'))

    def test_it_serves_this_machine_only(self):
        for address in ('0.0.0.0:0', '192.0.2.1:8080', 'example.org:80', '127.0.0.1:http'):
            done = run_program('serve', '--listen', address, cwd=self.service.folder, check=False)
            self.assertEqual((done.returncode, done.stdout), (2, ''), done.stderr)


if __name__ == '__main__':
    main()
