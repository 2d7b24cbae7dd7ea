#!/usr/bin/env python3
"""Tokens: every route with every scope, and providers who see their own and nothing else."""
import json
import re
import subprocess
import time

from service import CARERS, DATE, SOURCE, VISITS, Service, ServiceTest, main, run_program

SCOPES = ('coordinator', 'viewer', 'provider:north', 'admin')
ALL = {'coordinator', 'viewer', 'provider', 'admin'}
LOOKS = {'coordinator', 'viewer', 'admin'}
PLANS = {'coordinator', 'admin'}
UPLOADS = {'coordinator', 'provider', 'admin'}
MAY = {
    ('GET', '/healthz'): None, ('GET', '/readyz'): None, ('GET', '/metrics'): LOOKS, ('GET', '/v1'): ALL,
    ('GET', '/v1/audit'): {'admin'}, ('GET', '/v1/days'): LOOKS, ('GET', '/v1/days/{date}'): LOOKS,
    ('POST', '/v1/days/{date}/check'): LOOKS, ('POST', '/v1/days/{date}/evaluate'): LOOKS,
    ('POST', '/v1/days/{date}/suggest'): LOOKS, ('POST', '/v1/days/{date}/explain'): LOOKS,
    ('POST', '/v1/days/{date}/compare'): LOOKS, ('POST', '/v1/days/{date}/report'): LOOKS,
    ('POST', '/v1/matrix'): LOOKS, ('POST', '/v1/geocode'): LOOKS, ('POST', '/v1/vroom'): PLANS, ('POST', '/v1/vroom/optimization'): PLANS,
    ('POST', '/v1/days/{date}'): UPLOADS, ('GET', '/v1/days/{date}/{table}'): ALL,
    ('PUT', '/v1/days/{date}/{table}'): UPLOADS, ('DELETE', '/v1/days/{date}/{table}'): UPLOADS,
    ('GET', '/v1/uploads/{upload}'): ALL, ('GET', '/v1/uploads/{upload}/content'): ALL, ('GET', '/v1/plans'): LOOKS,
    ('POST', '/v1/plans'): PLANS, ('GET', '/v1/plans/{plan}'): LOOKS, ('DELETE', '/v1/plans/{plan}'): PLANS,
    ('GET', '/v1/plans/{plan}/result'): LOOKS, ('GET', '/v1/plans/{plan}/files/{file}'): LOOKS, ('GET', '/v1/plans/{plan}/events'): LOOKS,
    ('POST', '/v1/plans/{plan}/replan'): PLANS,
    ('POST', '/v1/plans/{plan}/stop'): PLANS, ('POST', '/v1/plans/{plan}/cancel'): PLANS,
    ('GET', '/v1/scenarios'): LOOKS, ('POST', '/v1/scenarios'): PLANS, ('GET', '/v1/scenarios/{scenario}'): LOOKS,
    ('DELETE', '/v1/scenarios/{scenario}'): PLANS, ('GET', '/v1/scenarios/{scenario}/files/{file}'): LOOKS,
    ('GET', '/v1/scenarios/{scenario}/events'): LOOKS, ('POST', '/v1/scenarios/{scenario}/cancel'): PLANS,
}


class Tokens(ServiceTest):
    def setUp(self):
        super().setUp()
        self.secret = {}
        self.token = lambda *words, **more: self.service.command('token', *words, **more)

    def make(self, *scopes):
        for scope in scopes:
            self.secret[scope] = self.token('add', f'for {scope}', '--scope', scope).stdout.strip()

    def ask(self, scope, method, path, body=None, kind='text/csv'):
        headers = {'Content-Type': kind}
        if scope:
            headers['Authorization'] = f'Bearer {self.secret.get(scope, scope)}'
        return self.service.ask(method, path, body, headers)

    def put(self, scope, table, text, query=''):
        return self.ask(scope, 'PUT', f'/v1/days/{DATE}/{table}{query}', text)

    # ---- every route ----

    def test_the_table_of_this_test_has_every_route(self):
        text = (SOURCE / 'api/http_routes.c').read_text(encoding='utf-8')
        self.assertEqual(set(re.findall(r'\{"([A-Z]+)", "(/[^"]*)"', text)), set(MAY))

    def test_every_route_with_every_scope(self):
        self.make(*SCOPES)
        upload = self.put('provider:north', 'visits', VISITS).json['upload']
        self.put('coordinator', 'carers', CARERS)
        plan = self.ask('coordinator', 'POST', '/v1/plans', json.dumps({'date': DATE, 'iterations': 1})).json['plan']
        asked = {'date': DATE, 'seeds': [1], 'limit': {'iterations': 1},
                 'scenarios': [{'name': 'wider', 'changes': [{'change': 'widen_windows', 'minutes': 15}]}]}
        scenario = self.ask('coordinator', 'POST', '/v1/scenarios', json.dumps(asked)).json['scenario']
        for (method, pattern), may in MAY.items():
            path = pattern.format(date=DATE, table='history', upload=upload, plan=plan, file='rota.geojson', scenario=scenario)
            for scope in (None, 'cr_nonsense', *SCOPES):
                with self.subTest(method=method, path=pattern, scope=scope):
                    answer = self.ask(scope, method, path, '{}' if method in ('POST', 'PUT') else None)
                    if may is None:
                        self.assertEqual(answer.status, 200)
                    elif scope not in SCOPES:
                        self.assertEqual(answer.status, 401)
                        self.assertIn('Bearer', answer.headers['www-authenticate'])
                    elif scope.split(':')[0] in may:
                        self.assertNotIn(answer.status, (401, 403, 405, 500), answer.body)
                    else:
                        self.assertEqual(answer.status, 403)
                        self.assertEqual(answer.json['type'], 'urn:careround:problem:scope')

    # ---- providers ----

    def test_providers_see_and_change_their_own_lists_only(self):
        self.make('coordinator', 'provider:north', 'provider:south')
        south_visits = VISITS.replace('V', 'S').replace('quill', 'south')
        north = self.put('provider:north', 'visits', VISITS)
        south = self.put('provider:south', 'visits', south_visits)
        self.assertEqual((north.json['provider'], south.json['provider'], south.json['version']), ('north', 'south', 1))
        for answer in (north, south):
            self.assertNotIn('day_version', answer.json)  # it would count the others' uploads
        own, other = north.json['upload'], south.json['upload']
        tried = [
            self.ask('provider:north', 'GET', f'/v1/uploads/{other}'),
            self.ask('provider:north', 'GET', f'/v1/uploads/{other}/content'),
            self.ask('provider:north', 'GET', '/v1/uploads/0123456789abcdef'),
            self.ask('provider:north', 'GET', f'/v1/days/{DATE}/visits?provider=south'),
            self.put('provider:north', 'visits', VISITS, '?provider=south'),
            self.ask('provider:north', 'DELETE', f'/v1/days/{DATE}/visits?provider=south'),
            self.ask('provider:north', 'POST', f'/v1/days/{DATE}?provider=south', 'x'),
            self.put('provider:north', 'visits', VISITS, '?provider=own'),
            self.ask('provider:north', 'PUT', f'/v1/days/{DATE}/settings', '{}', 'application/json'),
            self.put('provider:north', 'matrix', 'from,to,seconds\nC1,C2,1\n'),
        ]
        self.assertIn(b'table: carers, visits, packages, history"', self.put('provider:north', 'cats', VISITS).body)
        self.assertEqual([a.status for a in tried], [404, 404, 404, 403, 403, 403, 403, 403, 403, 403])
        # What is another's is told apart from what is not there by nothing.
        self.assertEqual(tried[0].body, tried[2].body)
        for answer in tried:
            self.assertNotIn(b'south', answer.body.replace(b'Onesouth', b'south'))
        self.assertEqual(self.ask('provider:north', 'GET', f'/v1/uploads/{own}/content').body.decode(), VISITS)
        listed = self.ask('provider:north', 'GET', f'/v1/days/{DATE}/visits').json['uploads']
        self.assertEqual([u['provider'] for u in listed], ['north'])
        self.assertEqual(self.ask('provider:south', 'GET', f'/v1/uploads/{other}/content').body.decode(), south_visits)
        everything = self.ask('coordinator', 'GET', f'/v1/days/{DATE}/visits').json['uploads']
        self.assertEqual(sorted(u['provider'] for u in everything), ['north', 'south'])

    def test_a_provider_sees_no_client_of_a_plan(self):
        """Neither another's nor its own: a round goes from one provider's clients to the next."""
        self.make('coordinator', 'viewer', 'provider:north', 'provider:south')
        self.put('provider:north', 'visits', VISITS)
        self.put('coordinator', 'carers', CARERS)
        plan = self.ask('coordinator', 'POST', '/v1/plans', json.dumps({'date': DATE, 'iterations': 10}), 'application/json').json['plan']
        until = time.monotonic() + 60
        while (state := self.ask('viewer', 'GET', f'/v1/plans/{plan}').json['state']) != 'done':
            self.assertLess(time.monotonic(), until, state)
            time.sleep(0.05)
        file = f'/v1/plans/{plan}/files/client.csv'
        self.assertIn(b'Onequill', self.ask('viewer', 'GET', f'{file}?client=C1').body)
        refused = [self.ask(scope, 'GET', f'{file}?client={client}')
                   for scope in ('provider:north', 'provider:south') for client in ('C1', 'C2', 'none')]
        self.assertEqual({(a.status, a.body) for a in refused}, {(403, refused[0].body)})

    def test_a_provider_has_no_carers_of_another(self):
        self.make('coordinator', 'provider:north')
        theirs = 'carer_id,provider,shift_start,shift_end\nANN,north,07:00,15:00\nBOB,south,07:00,15:00\n'
        answer = self.put('provider:north', 'carers', theirs)
        self.assertEqual(answer.status, 422)
        self.assertEqual([(f['row'], f['value']) for f in answer.json['findings']], [(3, 'south')])
        self.assertEqual(self.put('coordinator', 'carers', theirs).status, 201)

    def test_each_token_has_its_own_keys(self):
        self.make('provider:north', 'provider:south')
        answers = [self.service.ask('PUT', f'/v1/days/{DATE}/visits', VISITS,
                                    {'Content-Type': 'text/csv', 'Idempotency-Key': 'k',
                                     'Authorization': f'Bearer {self.secret[scope]}'})
                   for scope in ('provider:north', 'provider:south')]
        self.assertEqual([(a.status, a.json['provider']) for a in answers], [(201, 'north'), (201, 'south')])

    def test_a_provider_is_not_told_who_works_for_the_council(self):
        self.make('coordinator', 'provider:north')
        self.put('coordinator', 'visits', VISITS, '?provider=north')
        self.put('provider:north', 'visits', VISITS.replace('0:45', '0:50'))
        def said_by(scope):
            listed = self.ask(scope, 'GET', f'/v1/days/{DATE}/visits').json['uploads']
            single = [self.ask(scope, 'GET', f'/v1/uploads/{u["upload"]}').json['by'] for u in listed]
            self.assertEqual([u['by'] for u in listed], single)
            return single
        self.assertRegex(said_by('coordinator')[1], r'^coordinator [0-9a-f]{16} \(for coordinator\)$')
        own, theirs = said_by('provider:north')
        self.assertEqual(theirs, 'coordinator')
        self.assertRegex(own, r'^provider:north [0-9a-f]{16} \(for provider:north\)$')

    def test_a_form_of_a_provider_brings_no_settings(self):
        self.make('provider:north')
        form = ('--edge\r\nContent-Disposition: form-data; name="settings"; filename="settings.json"\r\n\r\n{}\r\n'
                '--edge--\r\n')
        answer = self.ask('provider:north', 'POST', f'/v1/days/{DATE}', form, 'multipart/form-data; boundary=edge')
        self.assertEqual(answer.status, 403)

    def test_who_asks_for_much_keeps_nobody_waiting(self):
        self.make('coordinator', 'admin')
        self.put('coordinator', 'visits', VISITS)
        self.put('coordinator', 'carers', CARERS)
        def plan(scope, **limit):
            return self.ask(scope, 'POST', '/v1/plans', json.dumps({'date': DATE, **limit})).json['plan']
        def about(plan_id):
            return self.ask('admin', 'GET', f'/v1/plans/{plan_id}').json
        much = [plan('coordinator', time_s=1.5)] + [plan('coordinator', iterations=i) for i in range(1, 5)]
        little = plan('admin', iterations=9)
        until = time.monotonic() + 60
        while any(about(one)['state'] != 'done' for one in (*much, little)):
            self.assertLess(time.monotonic(), until)
            time.sleep(0.05)
        by_start = sorted((*much, little), key=lambda one: about(one)['started_at'])
        self.assertEqual(by_start, [much[0], little, *much[1:]])

    # ---- their life ----

    def test_tokens_expire_and_are_revoked_and_the_door_stays_shut(self):
        self.make('admin')
        self.assertEqual(self.ask('admin', 'GET', '/v1').status, 200)
        short = self.token('add', 'short', '--scope', 'viewer', '--days', '0.000001').stdout.strip()
        time.sleep(0.2)
        self.assertEqual(self.ask(short, 'GET', '/v1').status, 401)
        listed = self.token('list').stdout
        self.assertIn('for admin', listed)
        self.assertNotIn(self.secret['admin'], listed)
        for line in listed.splitlines():
            self.token('revoke', line.split()[0])
        for scope in ('admin', None):
            self.assertEqual(self.ask(scope, 'GET', '/v1').status, 401)
        self.assertEqual(self.token('revoke', 'nothing', check=False).returncode, 3)

    def test_the_audit_trail_says_who_did_what(self):
        self.make('admin', 'provider:north')
        self.put('provider:north', 'visits', VISITS)
        events = self.ask('admin', 'GET', '/v1/audit').json['events']
        upload = next(e for e in events if e['what'] == 'upload')
        self.assertRegex(upload['who'], r'^provider:north [0-9a-f]{16} \(for provider:north\)$')
        self.assertEqual(upload['about'], f'{DATE} visits north version 1')
        after = self.ask('admin', 'GET', f'/v1/audit?after={upload["event"]}').json['events']
        self.assertEqual(after, [])
        self.assertNotIn('quill', json.dumps(events))
        self.service.stop()
        log = (self.service.folder / 'log').read_text()
        self.assertRegex(log, r'"who":"provider:north [0-9a-f]{16} ?"')
        self.assertNotIn('for provider', log)  # the name that the token was given

    def test_with_tokens_other_hosts_are_answered_and_listened_for(self):
        self.make('viewer')
        answer = self.service.get('/v1', headers={'Authorization': f'Bearer {self.secret["viewer"]}',
                                                  'Host': 'careround.example'})
        self.assertEqual(answer.status, 200)
        self.service.stop()
        elsewhere = subprocess.Popen([Service.program, 'serve', '--listen', '0.0.0.0:0', '--store', 'careround.db'],
                                     cwd=self.service.folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.assertRegex(elsewhere.stdout.readline().decode(), r'^http://0\.0\.0\.0:\d+$')
        elsewhere.terminate()
        self.assertEqual(elsewhere.wait(timeout=30), 0)
        elsewhere.stdout.close()

    def test_wrong_words_are_refused_and_make_no_store(self):
        for words in (['add'], ['add', 'x'], ['add', 'x', '--scope', 'boss'], ['add', 'x', '--scope', 'provider'],
                      ['add', 'x', '--scope', 'provider:../x'], ['add', 'x', '--scope', 'viewer:north'], ['forget', 'x'],
                      ['add', 'x' * 81, '--scope', 'viewer'], ['add', '', '--scope', 'viewer'],
                      ['add', 'a\nb', '--scope', 'viewer'], ['add', 'caf\udce9', '--scope', 'viewer'], ['list', 'x'], []):
            with self.subTest(words=words):
                done = self.token(*words, check=False)
                self.assertEqual((done.returncode, done.stdout), (2, ''), done.stderr)
        done = run_program('token', 'list', '--store', 'none.db', cwd=self.service.folder, check=False)
        self.assertEqual(done.returncode, 3)
        self.assertFalse((self.service.folder / 'none.db').exists())


if __name__ == '__main__':
    main()
