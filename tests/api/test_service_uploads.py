#!/usr/bin/env python3
"""Lists put to the service: their reports, days in versions, several lists in a form, and requests that come twice."""
import concurrent.futures
import json

from service import CARERS, DATE, VISITS, ServiceTest, main


class Uploads(ServiceTest):
    def test_a_list_is_kept_and_comes_back_as_it_was(self):
        answer = self.put('visits', VISITS)
        self.assertEqual(answer.status, 201)
        self.assertEqual({k: answer.json[k] for k in ('table', 'provider', 'version', 'rows', 'errors')},
                         {'table': 'visits', 'provider': 'own', 'version': 1, 'rows': 2, 'errors': 0})
        location = answer.headers['location']
        about = self.get(location).json
        self.assertEqual((about['format'], about['bytes']), ('csv', len(VISITS)))
        content = self.get(location + '/content')
        self.assertEqual(content.body.decode(), VISITS)
        self.assertEqual(content.headers['etag'], f'"{about["sha256"]}"')
        again = self.get(location + '/content', headers={'If-None-Match': content.headers['etag']})
        self.assertEqual((again.status, again.body), (304, b''))

    def test_every_row_with_an_error_is_listed_and_nothing_is_kept(self):
        bad = VISITS.replace('0:45', 'long').replace('55.89,', '155.89,')
        problem = self.check_problem(self.put('visits', bad), 422, 'input')
        self.assertEqual(problem['errors'], 2)
        self.assertEqual([(f['file'], f['row'], f['column'], f['value']) for f in problem['findings']],
                         [('visits/own.csv', 2, 'latitude', '155.89'), ('visits/own.csv', 3, 'duration', 'long')])
        self.check_problem(self.get(f'/v1/days/{DATE}'), 404, 'not-found')

    def test_a_list_alone_may_name_what_is_in_others(self):
        visits = ('visit_id,client_id,latitude,longitude,band,duration,lock_carer,skills\n'
                  'V1,C1,55.89,-3.07,morning,30,ANN,hoist\n')
        self.assertEqual(self.put('visits', visits).json['findings'], [])
        history = 'client_id,carer_id,date\nC1,ANN,2026-11-20\n'
        self.assertEqual(self.put('history', history).json['findings'], [])

    def test_the_same_list_again_is_no_new_version(self):
        first, again = self.put('visits', VISITS), self.put('visits', VISITS)
        self.assertEqual((first.status, again.status), (201, 200))
        self.assertEqual(first.json['upload'], again.json['upload'])
        self.assertFalse(again.json['is_new'])
        other = self.put('visits', VISITS.replace('0:45', '0:50'))
        self.assertEqual((other.status, other.json['version'], other.json['day_version']), (201, 2, 2))
        listed = self.get(f'/v1/days/{DATE}/visits').json['uploads']
        self.assertEqual([u['version'] for u in listed], [2, 1])

    def test_lists_of_several_providers_are_one_day(self):
        self.put('visits', VISITS, query='?provider=north')
        south = 'Call;Who;Lat;Lon;When;For\nS1;D1;55,91;-3,05;morning;30\n'
        columns = '{"Call":"visit_id","Who":"client_id","When":"band","For":"duration"}'
        answer = self.ask('PUT', f'/v1/days/{DATE}/visits?provider=south&columns={columns.replace(chr(34), "%22")}', south,
                          {'Content-Type': 'text/csv'})
        self.assertEqual((answer.status, answer.json.get('findings')), (201, []), answer.body)
        carers = [{'carer_id': 'ANN', 'shift_start': '07:00', 'shift_end': '15:00'}]
        self.assertEqual(self.put('carers', json.dumps(carers), kind='application/json').status, 201)
        day = self.get(f'/v1/days/{DATE}').json
        self.assertEqual([(p['table'], p['provider']) for p in day['parts']],
                         [('carers', 'own'), ('visits', 'north'), ('visits', 'south')])
        self.assertEqual(day['report']['counts']['visits'], 3)
        self.assertEqual(self.ask('DELETE', f'/v1/days/{DATE}/visits?provider=south').json['day_version'], 4)
        self.assertEqual(self.get(f'/v1/days/{DATE}').json['report']['counts']['visits'], 2)
        self.assertEqual(self.get(f'/v1/days/{DATE}?version=3').json['report']['counts']['visits'], 3)

    def test_a_form_brings_several_lists_or_none(self):
        def form(visits):
            parts = (('visits', 'our visits.csv', 'text/csv', visits), ('carers', 'c.csv', 'text/csv', CARERS))
            return ''.join(f'--edge\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n'
                           f'Content-Type: {kind}\r\n\r\n{text}\r\n' for name, file, kind, text in parts) + '--edge--\r\n'
        kind = {'Content-Type': 'multipart/form-data; boundary=edge'}
        self.check_problem(self.ask('POST', f'/v1/days/{DATE}', form(VISITS + 'V3,,,,,,\n'), kind), 422, 'input')
        self.assertEqual(self.get('/v1/days').json['days'], [])
        answer = self.ask('POST', f'/v1/days/{DATE}', form(VISITS), kind)
        self.assertEqual(answer.status, 201)
        self.assertEqual([(u['table'], u['rows']) for u in answer.json['uploads']], [('visits', 2), ('carers', 1)])
        self.check_problem(self.ask('POST', f'/v1/days/{DATE}', form(VISITS).replace('"carers"', '"cats"'), kind), 422,
                           'field')
        self.check_problem(self.ask('POST', f'/v1/days/{DATE}', VISITS, {'Content-Type': 'text/csv'}), 415, 'form')
        nameless = ('--edge\r\nContent-Type: text/csv\r\n\r\nx\r\n--edge--\r\n', form(VISITS).replace('name="visits"', 'name=visits'))
        for text in nameless:
            self.check_problem(self.ask('POST', f'/v1/days/{DATE}', text, kind), 422, 'field')
        self.assertEqual(self.get('/v1/days').status, 200)

    def test_what_is_no_list_is_refused(self):
        self.check_problem(self.put('visits', VISITS, date='yesterday'), 404, 'not-found')
        self.check_problem(self.put('visits', VISITS, date='2026-11-31'), 404, 'not-found')
        self.assertIn('held_back', self.check_problem(self.put('cats', VISITS), 404, 'not-found')['detail'])
        self.check_problem(self.put('visits', VISITS, query='?provider=../../etc'), 422, 'provider')
        self.check_problem(self.put('visits', VISITS, kind='image/png'), 415, 'type')
        self.check_problem(self.put('visits', b'PK\3\4 a workbook'), 422, 'input')
        self.check_problem(self.put('visits', ''), 422, 'input')
        self.check_problem(self.put('visits', '[{"visit_id": ', kind='application/json'), 422, 'input')
        self.check_problem(self.put('settings', '{"prices": {"pay_per_hour": "lots"}}', kind='application/json'), 422,
                           'input')


class WithSettings(ServiceTest):
    """Settings are of the whole day: other lists are read by them."""
    bands = '{"bands": {"breakfast": "06:30-09:30"}}'

    def put_settings(self, text, **more):
        return self.put('settings', text, kind='application/json', **more)

    def test_a_list_may_use_the_bands_of_its_day(self):
        visits = VISITS.replace('morning', 'breakfast')
        found = self.check_problem(self.put('visits', visits), 422, 'input')['findings']
        self.assertEqual([(f['column'], f['value']) for f in found], [('band', 'breakfast')])
        self.assertEqual(self.put_settings(self.bands).status, 201)
        self.assertEqual(self.put('visits', visits, query='?provider=north').json['findings'], [])
        self.check_problem(self.put('visits', visits, date='2026-11-24'), 422, 'input')  # another day, other settings
        self.put('carers', CARERS)
        self.assertEqual(self.get(f'/v1/days/{DATE}').json['report']['errors'], 0)

    def test_a_form_brings_its_bands_along(self):
        def form(settings):
            return ''.join(f'--edge\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in
                           (('visits', VISITS.replace('morning', 'breakfast')), ('settings', settings))) + '--edge--\r\n'
        kind = {'Content-Type': 'multipart/form-data; boundary=edge'}
        self.assertEqual(self.ask('POST', f'/v1/days/{DATE}', form(self.bands), kind).status, 201)
        # The newer settings count, not those that are there.
        self.check_problem(self.ask('POST', f'/v1/days/{DATE}', form('{}'), kind), 422, 'input')

    def test_settings_are_no_providers(self):
        """A second list of settings made the day one that could not be read any more: 503."""
        self.service.put_small_day()
        self.assertEqual(self.put_settings(self.bands).status, 201)
        self.check_problem(self.put_settings(self.bands, query='?provider=north'), 422, 'provider')
        form = f'--edge\r\nContent-Disposition: form-data; name="settings"\r\n\r\n{self.bands}\r\n--edge--\r\n'
        answer = self.ask('POST', f'/v1/days/{DATE}?provider=north', form, {'Content-Type': 'multipart/form-data; boundary=edge'})
        self.check_problem(answer, 422, 'provider')
        self.assertEqual(self.put_settings(self.bands, query='?provider=own').status, 200)
        self.assertEqual(self.get(f'/v1/days/{DATE}').status, 200)

    def test_settings_say_no_other_date(self):
        """Those of last week, sent again, made a plan of last week, with calendars to match."""
        found = self.check_problem(self.put_settings('{"date": "2026-11-16"}'), 422, 'input')['findings']
        self.assertEqual([(f['file'], f['column'], f['value']) for f in found], [('settings.json', 'date', '2026-11-16')])
        self.assertEqual(self.put_settings(f'{{"date": "{DATE}"}}').status, 201)


class SeveralProviders(ServiceTest):
    """What one sends changes nothing of another's clients, and nothing of it is lost unsaid."""
    packages = 'package_id,client_id,latitude,longitude,band,duration\nP1,C1,55.89,-3.07,morning,30\n'
    stand_in = f'visit_id,client_id,latitude,longitude,band,duration\nP1-{DATE},C1,55.89,-3.07,lunch,45\n'

    def report(self):
        self.put('carers', CARERS)
        return self.get(f'/v1/days/{DATE}').json['report']

    def test_no_visit_takes_the_place_of_anothers_package(self):
        self.put('packages', self.packages, query='?provider=south')
        self.put('visits', self.stand_in, query='?provider=north')
        found = self.report()['findings']
        self.assertEqual([(f['severity'], f['file'], f['row'], f['column']) for f in found],
                         [('error', 'visits/north.csv', 2, 'visit_id')])
        self.assertIn('row 2 of packages/south.csv', found[0]['message'])

    def test_a_visit_may_be_tied_to_ones_own_packages_only(self):
        tied = f'visit_id,client_id,latitude,longitude,band,duration,gap_after,gap_min\nV1,C1,55.89,-3.07,lunch,45,P1-{DATE},60\n'
        self.put('packages', self.packages, query='?provider=south')
        for provider, n in (('south', 0), ('north', 1), ('own', 0)):
            self.assertEqual(self.put('visits', tied, query=f'?provider={provider}').json['findings'], [])
            found = self.report()['findings']
            self.assertEqual([(f['severity'], f['file'], f['row'], f['column']) for f in found],
                             [('error', f'visits/{provider}.csv', 2, 'gap_after')] * n)
            self.ask('DELETE', f'/v1/days/{DATE}/visits?provider={provider}')
        self.put('visits', tied.replace('P1-', 'P2-'))
        self.assertIn(f"no visit 'P2-{DATE}'", self.report()['findings'][0]['message'])

    def test_a_provider_and_the_council_change_visits_of_packages(self):
        self.put('packages', self.packages, query='?provider=south')
        for provider in ('south', 'own'):
            self.put('visits', self.stand_in, query=f'?provider={provider}')
            report = self.report()
            self.assertEqual((report['findings'], report['counts']['visits']), ([], 1))
            self.ask('DELETE', f'/v1/days/{DATE}/visits?provider={provider}')

    def test_a_visit_for_one_client_does_not_take_the_place_of_anothers(self):
        self.put('packages', self.packages)
        self.put('visits', self.stand_in.replace('C1', 'C2'))
        self.assertEqual([(f['file'], f['row'], f['column']) for f in self.report()['findings']],
                         [('visits/own.csv', 2, 'visit_id')])

    def test_two_people_with_one_id_are_doubted(self):
        for provider, name in (('north', 'Mary Onequill'), ('south', 'Jean Twoquill')):
            self.put('visits', VISITS.replace('Mary Onequill', name).replace('V1', provider).replace('V2', f'{provider}-2'),
                     query=f'?provider={provider}')
        found = self.report()['findings']
        self.assertEqual([(f['severity'], f['file'], f['row'], f['column']) for f in found],
                         [('warning', 'visits/south.csv', 2, 'client_name')])
        self.assertIn("'Mary Onequill' in row 2 of visits/north.csv", found[0]['message'])


class Once(ServiceTest):
    """Idempotency-Key: asking again gives the same answer and does nothing."""

    def put_with(self, key, text, table='visits'):
        return self.ask('PUT', f'/v1/days/{DATE}/{table}', text, {'Content-Type': 'text/csv', 'Idempotency-Key': key})

    def plan_with(self, key, **asked):
        return self.ask('POST', '/v1/plans', {'date': DATE, 'iterations': 1, **asked}, {'Idempotency-Key': key})

    def same(self, one, other):
        self.assertEqual((one.status, one.body, one.headers.get('location')),
                         (other.status, other.body, other.headers.get('location')))

    def test_a_list_sent_again_is_answered_as_before_and_takes_nobodys_place(self):
        first = self.put_with('"a-1"', VISITS)
        newer = self.put_with('"a-2"', VISITS.replace('0:45', '0:50'))
        again = self.put_with('"a-1"', VISITS)  # late: by its content alone it would be the newest list
        self.assertEqual((first.status, newer.status), (201, 201))
        self.same(first, again)
        self.same(first, self.put_with('a-1', VISITS))  # without quotation marks
        self.assertEqual([u['version'] for u in self.get(f'/v1/days/{DATE}/visits').json['uploads']], [2, 1])
        self.assertEqual(self.get(f'/v1/days/{DATE}').json['version'], 2)

    def test_a_plan_asked_for_again_is_made_once(self):
        self.service.put_small_day()
        first = self.plan_with('p')
        self.assertEqual(first.status, 202)
        self.service.wait_for(first.json['plan'], 'done')
        self.put('visits', 'visit_id\n')  # refused
        self.ask('DELETE', f'/v1/days/{DATE}/visits')  # the day could not be planned any more
        self.same(first, self.plan_with('p'))
        self.service.stop()
        self.service.start()
        self.same(first, self.plan_with('p'))
        self.assertEqual(len(self.get('/v1/plans').json['plans']), 1)

    def test_a_key_is_one_requests(self):
        self.service.put_small_day()
        self.put_with('k', VISITS)
        for answer in (self.put_with('k', VISITS + '\n'), self.put_with('k', CARERS, 'carers'), self.plan_with('k')):
            self.check_problem(answer, 422, 'idempotency-key')
        for key in ('', '"', '""', '"a', 'a"', 'a b', 'x' * 256, '"' + 'x' * 256 + '"', 'caf\xe9', '"a\\"'):
            with self.subTest(key=key):
                self.check_problem(self.put_with(key.encode('latin-1'), VISITS), 400, 'idempotency-key')
        self.assertEqual(self.put_with('x' * 255, VISITS).status, 200)

    def test_what_was_refused_may_be_mended_under_its_key(self):
        self.check_problem(self.put_with('k', VISITS.replace('0:45', 'long')), 422, 'input')
        self.assertEqual(self.put_with('k', VISITS).status, 201)
        self.check_problem(self.plan_with('p'), 422, 'input')
        self.service.put_small_day()
        self.assertEqual(self.plan_with('p').status, 202)

    def test_a_form_has_other_edges_the_second_time(self):
        def form(edge):
            text = ''.join(f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}.csv"\r\n\r\n{text}\r\n'
                           for name, text in (('visits', VISITS), ('carers', CARERS))) + f'--{edge}--\r\n'
            return self.ask('POST', f'/v1/days/{DATE}', text, {'Content-Type': f'multipart/form-data; boundary={edge}',
                                                               'Idempotency-Key': '"f"'})
        first = form('one')
        self.assertEqual((first.status, len(first.json['uploads'])), (201, 2))
        self.same(first, form('two'))

    def test_of_many_at_once_one_is_done(self):
        self.service.put_small_day()
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: self.plan_with('p'), range(8)))
        for answer in answers:
            self.same(answers[0], answer)
        self.assertEqual(len(self.get('/v1/plans').json['plans']), 1)


if __name__ == '__main__':
    main()
