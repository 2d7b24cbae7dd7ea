#!/usr/bin/env python3
"""careround plan --geocoder, against servers on loopback that behave as Nominatim and postcodes.io do, and worse."""
import json
import os
import stat
import sys
import unittest

import test_router_command as common
from fault_server import FaultServer, Reply

HOUSE = {'lat': '55.8901', 'lon': '-3.0702', 'place_rank': 30, 'type': 'house',
         'boundingbox': ['55.8900', '55.8902', '-3.0704', '-3.0700']}


def place(plan, client):
    found = next(c for c in plan['clients'] if c['client'] == client)
    return found['lat'], found['lon'], found['quality']


class Nominatim(common.Base):
    def setUp(self):
        super().setUp()
        self.rows('V1,C1,Morag Thistlewick,"1 High Street, Dalkeith",EH22 1BS,,\n'
                  'V2,C1,Morag Thistlewick,"1 High Street, Dalkeith",EH22 1BS,,\n'
                  'V3,C2,Effie Burnside,2 High Street,,,\n'
                  'V4,C3,Hamish Greig,3 High Street,,55.91,-3.09\n'
                  'V5,C3,Hamish Greig,3 High Street,,,\n')

    def rows(self, rows):
        rows = ''.join(f'{line},lunch,30\n' for line in rows.splitlines())
        (self.day / 'visits.csv').write_text(
            'visit_id,client_id,client_name,address,postcode,latitude,longitude,band,duration\n' + rows, encoding='utf-8')

    def plan_at(self, server, *args, **more):
        return self.plan('--geocoder', f'nominatim={server.url}', '--geocoder-rate', 1000, *args, **more)

    def test_addresses_without_coordinates_are_asked_for_once_each(self):
        answers = {'1 High Street, Dalkeith, EH22 1BS': [HOUSE],
                   '2 High Street': [dict(HOUSE, lat='55.9', lon='-3.1', place_rank=26, type='residential')]}
        with FaultServer(lambda r: Reply(answers[r.query['q'][0]])) as server:
            done, plan = self.plan_at(server, '--html', self.folder / 'plan.html')
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([r.query['q'] for r in server.asked], [[text] for text in answers])
        self.assertEqual((server.asked[0].path, server.asked[0].query['format'], server.asked[0].query['limit'],
                          server.asked[0].query['countrycodes']), ('/search', ['jsonv2'], ['1'], ['gb,im,je,gg']))
        self.assertEqual(place(plan, 'C1'), (55.8901, -3.0702, 'rooftop'))
        self.assertEqual(place(plan, 'C2'), (55.9, -3.1, 'sector only'))
        self.assertIn('knows the street or area only', done.stderr)
        name = f'Nominatim at {server.url}: 2 of 2 found'
        self.assertEqual(plan['places_source'], name)
        self.assertIn(name, done.stdout)
        self.assertIn(name, (self.folder / 'plan.html').read_text(encoding='utf-8'))

    def test_names_are_not_sent_nor_the_address_of_whose_place_is_known(self):
        with FaultServer(lambda r: Reply([HOUSE])) as server:
            self.plan_at(server)
        sent = repr([(r.path, r.query, r.headers, r.body) for r in server.asked])
        for secret in ('Morag', 'Thistlewick', 'Effie', 'Hamish', '3 High Street', 'C1', 'V1', 'ANN'):
            self.assertNotIn(secret, sent)
        self.assertTrue(server.asked[0].headers['User-Agent'].startswith('careround/'))

    def test_one_request_a_second_unless_another_rate_is_given(self):
        with FaultServer(lambda r: Reply([HOUSE])) as server:
            self.plan('--geocoder', f'nominatim={server.url}')
        self.assertGreaterEqual(server.asked[1].at_s - server.asked[0].at_s, 1)

    def test_the_cache_is_asked_first_and_is_private(self):
        cache = self.folder / 'places.json'
        with FaultServer(lambda r: Reply([HOUSE] if '1 High' in r.query['q'][0] else [])) as server:
            for n_asked in (2, 3):  # what was not found is asked again
                done, plan = self.plan_at(server, '--geocoder-cache', cache)
                self.assertEqual((done.returncode, len(server.asked)), (0, n_asked), done.stderr)
                self.assertEqual(place(plan, 'C1'), (55.8901, -3.0702, 'rooftop'))
        self.assertEqual(stat.S_IMODE(os.stat(cache).st_mode), 0o600)
        self.assertIn('1 High Street, Dalkeith, EH22 1BS', cache.read_text(encoding='utf-8'))

    def test_what_was_found_before_a_failure_is_kept(self):
        cache = self.folder / 'places.json'
        with FaultServer(lambda r: Reply([HOUSE]) if r.number == 0 else Reply(b'', 500)) as server:
            done, plan = self.plan_at(server, '--geocoder-cache', cache, '--service-tries', 1)
        self.assertEqual((done.returncode, plan), (5, None))
        self.assertIn('1 High Street', cache.read_text(encoding='utf-8'))

    def test_a_cache_that_is_none_is_not_overwritten(self):
        cache = self.folder / 'places.json'
        for text in ('', '{}', 'my diary', '{"format": "careround geocoder cache 1", "services": {"a": {"b": [1, 2, 3]}}}',
                     '{"format": "careround geocoder cache 1", "services": {"a": {"b": [91, 2, 3, 1]}}}'):
            cache.write_text(text, encoding='utf-8')
            with FaultServer(lambda r: Reply([HOUSE])) as server:
                done, plan = self.plan_at(server, '--geocoder-cache', cache)
            self.assertEqual((done.returncode, plan, server.asked), (3, None, []), text)
            self.assertIn('is no cache', done.stderr)
            self.assertEqual(cache.read_text(encoding='utf-8'), text)

    def test_an_address_not_found_is_a_warning_and_the_visit_is_not_lost(self):
        with FaultServer(lambda r: Reply([])) as server:
            done, plan = self.plan_at(server)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(place(plan, 'C1')[2], 'no position')
        self.assertEqual(sorted(u['visit'] for u in plan['unallocated']), ['V1', 'V2', 'V3'])
        self.assertIn('not known to Nominatim', done.stderr)

    def test_postcodes_and_towns(self):
        for found, quality in (({'type': 'postcode', 'place_rank': 21}, 'postcode centroid'),
                               ({'type': 'town', 'place_rank': 16}, 'no position')):
            with FaultServer(lambda r, found=found: Reply([dict(HOUSE, **found)])) as server:
                _, plan = self.plan_at(server)
            self.assertEqual(place(plan, 'C1')[2], quality)

    def test_replies_that_are_none(self):
        cases = {'HTML': (Reply(b'<html>'), "begins '<html>'"), 'an object': (Reply({'error': 'no'}), 'is not the JSON'),
                 'no position': (Reply([{'place_rank': 30}]), 'has no lat and lon'),
                 'words': (Reply([dict(HOUSE, lat='north')]), 'has no lat and lon'),
                 'numbers': (Reply([dict(HOUSE, lat=55.9)]), 'has no lat and lon'),
                 'off the earth': (Reply([dict(HOUSE, lat='95.5')]), 'has no lat and lon'),
                 'refused': (Reply(b'Access blocked', 403), '(status 403)')}
        for name, (reply, words) in cases.items():
            with self.subTest(name), FaultServer(lambda r, reply=reply: reply) as server:
                done, plan = self.plan_at(server)
                self.assertEqual((done.returncode, plan), (5, None))
                self.assertIn(words, done.stderr)


def postcodes_io(known):
    def answer(request):
        return Reply({'status': 200, 'result': [{'query': p, 'result': known.get(p)} for p in request.json()['postcodes']]})
    return answer


class PostcodesIo(common.Base):
    def days_postcodes(self, postcodes):
        rows = ''.join(f'V{i},C{i},{p},lunch,5\n' for i, p in enumerate(postcodes))
        (self.day / 'visits.csv').write_text('visit_id,client_id,postcode,band,duration\n' + rows, encoding='utf-8')

    def plan_at(self, server, *args):
        return self.plan('--geocoder', f'postcodes.io={server.url}', *args)

    def test_postcodes_by_the_hundred_with_their_quality(self):
        names = [f'EH22 {d}{a}{b}' for d in range(1, 3) for a in 'ABDE' for b in 'ABDEFGHJLNPQRSTUWXYZ'][:130]
        known = {p: {'postcode': p, 'quality': 1, 'latitude': 55.89, 'longitude': -3.07} for p in names}
        known[names[0]] = dict(known[names[0]], quality=6)
        known[names[1]] = dict(known[names[1]], quality=9, latitude=None, longitude=None)
        known[names[2]] = None
        self.days_postcodes([names[3].replace(' ', '').lower(), *names])
        with FaultServer(postcodes_io(known)) as server:
            done, plan = self.plan_at(server)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([len(r.json()['postcodes']) for r in server.asked], [100, 30])
        qualities = [place(plan, f'C{i}')[2] for i in range(5)]
        self.assertEqual(qualities, ['postcode centroid', 'sector only', 'no position', 'no position', 'postcode centroid'])
        self.assertEqual(plan['places_source'], f'postcodes.io at {server.url}: 128 of 130 found')

    def test_what_the_gazetteer_has_is_not_asked_for(self):
        (self.folder / 'postcodes.csv').write_text('postcode,latitude,longitude\nEH22 1AA,55.89,-3.07\n', encoding='utf-8')
        self.run_program('gazetteer', 'build', self.folder / 'postcodes.csv', '-o', self.day / 'postcodes.gaz')
        self.days_postcodes(['EH22 1AA', 'EH22 1AB'])
        known = {'EH22 1AB': {'quality': 1, 'latitude': 55.9, 'longitude': -3.1}}
        with FaultServer(postcodes_io(known)) as server:
            done, plan = self.plan_at(server)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([r.json()['postcodes'] for r in server.asked], [['EH22 1AB']])
        self.assertEqual(place(plan, 'C1')[:2], (55.9, -3.1))

    def test_replies_that_are_none(self):
        self.days_postcodes(['EH22 1AA'])
        good = {'query': 'EH22 1AA', 'result': {'quality': 1, 'latitude': 55.9, 'longitude': -3.1}}
        cases = {'HTML': (b'<html>', 'is not the JSON'), 'empty': (b'', 'is not the JSON'), 'no result': ({'status': 200}, 'is not the JSON'),
                 'too few': ({'result': []}, 'it has 0 results for 1'), 'other postcode': ({'result': [dict(good, query='EH1 1AA')]}, 'result 0'),
                 'words': ({'result': [dict(good, result={'quality': 1, 'latitude': 'x', 'longitude': 1})]}, 'result 0'),
                 'off the earth': ({'result': [dict(good, result={'quality': 1, 'latitude': 99, 'longitude': 1})]}, 'result 0')}
        for name, (body, words) in cases.items():
            with self.subTest(name), FaultServer(lambda r, body=body: Reply(body)) as server:
                done, plan = self.plan_at(server)
                self.assertEqual((done.returncode, plan), (5, None))
                self.assertIn(words, done.stderr)

    def test_wrong_words(self):
        for value, words in (('google=http://a', 'the kind must be'), ('nominatim', 'must be KIND=URL'), ('nominatim=', 'must be KIND=URL')):
            done, _ = self.plan('--geocoder', value)
            self.assertEqual(done.returncode, 2)
            self.assertIn(words, done.stderr)


if __name__ == '__main__':
    common.PROGRAM = sys.argv.pop(1)
    unittest.main(verbosity=2)
