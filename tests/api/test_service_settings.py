#!/usr/bin/env python3
"""Settings of the service: a flag goes before the environment, that before the file, and all that is wrong is said."""
import json
import os
import pathlib
import re
import tempfile
import unittest

from service import DATE, SOURCE, VISITS, Service, main, run_program


class Settings(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        for name in [n for n in os.environ if n.startswith('CAREROUND_')]:  # the tests' own
            self.addCleanup(os.environ.__setitem__, name, os.environ.pop(name))

    def write(self, settings):
        text = settings if isinstance(settings, str) else json.dumps(settings)
        (self.folder / 'careround.json').write_text(text, encoding='utf-8')

    def service(self, *options, **environment):
        os.environ.update(environment)
        for name in environment:
            self.addCleanup(os.environ.pop, name, None)  # once for each start
        service = Service(folder=self.folder, options=('--config', 'careround.json', *options))
        self.addCleanup(service.__exit__)
        return service

    def refused(self, *options, status=2, **environment):
        done = run_program('serve', '--listen', '127.0.0.1:0', *options, cwd=self.folder, check=False, env=os.environ | environment)
        self.assertEqual((done.returncode, done.stdout), (status, ''), done.stderr)
        self.assertFalse((self.folder / 'careround.db').exists())
        return done.stderr

    def most_rows(self, service):
        """Asked of the service itself: a list of so many rows is the first that is too long."""
        detail = service.put('visits', VISITS + ''.join(f'V{i},C{i},,55.9,-3.1,lunch,30\n' for i in range(3, 9))).json['detail']
        return int(re.search(r'at most (\d+) ', detail)[1])

    def test_the_file_is_read(self):
        self.write({'rows': 2, 'time': 1.5, 'defaults': str(SOURCE / 'data/defaults.json')})
        service = self.service()
        self.assertEqual(self.most_rows(service), 2)
        answer = service.ask('POST', '/v1/plans', {'date': DATE, 'time_s': 2})
        self.assertEqual(answer.json['errors'][0]['detail'], 'must be a number from 0 to 1.5')

    def test_the_environment_goes_before_the_file_and_a_flag_before_both(self):
        self.write({'rows': 2})
        service = self.service(CAREROUND_ROWS='3')
        self.assertEqual(self.most_rows(service), 3)
        service.stop()
        self.assertEqual(self.most_rows(self.service('--rows', '4', CAREROUND_ROWS='3')), 4)

    def test_all_that_is_wrong_is_said_at_once_with_where(self):
        self.write({'wrokers': 2, 'rows': 0, 'threads': 1.5, 'queue': 'many', 'body': [], 'colour': 'blue', 'workers-only': 1})
        said = self.refused('--config', 'careround.json', '--patience', '-1', CAREROUND_MEMORY='lots')
        self.assertEqual(sorted(said.splitlines()), sorted([
            "careround serve: careround.json 'wrokers' is no setting; did you mean 'workers'?",
            "careround serve: careround.json 'colour' is no setting",
            "careround serve: careround.json: body '' must be a string, a number, true or false",
            "careround serve: careround.json: rows '0' must be a whole number from 1 to 5000000",
            "careround serve: careround.json: threads '1.5' must be a whole number from 1 to 1024",
            "careround serve: careround.json: queue 'many' must be a whole number from 1 to 1000000",
            "careround serve: careround.json: workers-only '1' must be yes or no",
            "careround serve: CAREROUND_MEMORY 'lots' must be a number from 0 to 10000000",
            "careround serve: --patience '-1' must be a number from 0.1 to 86400"]))

    def test_a_file_that_is_none_is_said(self):
        for text, said in (('[1]', 'must be an object'), ('{"rows": }', 'line 1'), ('{"rows": 1, "rows": 2}', 'duplicate'),
                           ('[' * 100000, 'line 1')):
            with self.subTest(text=text[:20]):
                self.write(text)
                self.assertIn(said, self.refused('--config', 'careround.json', status=3))
        self.assertIn('none.json', self.refused('--config', 'none.json', status=3))
        self.assertIn('none.json', self.refused(status=3, CAREROUND_CONFIG='none.json'))
        self.assertIn("'more' is more", self.refused('more'))

    def test_a_wrong_way_to_read_a_day_is_said_by_where_it_stands(self):
        self.write({'router': 'nonsense'})
        self.assertIn('careround.json: router', self.refused('--config', 'careround.json'))

    def command(self, *words, status=0, **environment):
        done = run_program(*words, cwd=self.folder, check=False, env=os.environ | environment)
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stdout if status == 0 else done.stderr

    def test_the_commands_for_the_store_find_it_as_the_service_does(self):
        self.write({'store': 'file.db', 'workers': 2})
        add = ('token', 'add', 'x', '--scope', 'viewer')
        self.command(*add, '--config', 'careround.json')
        self.command(*add, CAREROUND_STORE='environment.db', CAREROUND_CONFIG='careround.json')
        self.command(*add, '--store', 'flag.db', CAREROUND_STORE='environment.db')
        self.command(*add)
        self.assertEqual(sorted(path.name for path in self.folder.glob('*.db')),
                         ['careround.db', 'environment.db', 'file.db', 'flag.db'])
        self.assertEqual(len(self.command('token', 'list', CAREROUND_CONFIG='careround.json').splitlines()), 1)
        self.command('backup', 'copy', CAREROUND_STORE='environment.db')
        self.assertIn(' viewer ', self.command('token', 'list', '--store', 'copy'))
        self.command('purge', '--before', '2020-01-01', '--config', 'careround.json')
        self.assertIn('no store other.db', self.command('purge', '--before', '2020-01-01', status=3, CAREROUND_STORE='other.db'))
        self.assertEqual(self.command('token', 'list', '--config', 'none.json', status=3).split(': ')[:2],
                         ['careround token', 'none.json'])
        self.write({'stroe': 'file.db'})
        self.assertIn("careround backup: careround.json 'stroe' is no setting; did you mean 'store'?",
                      self.command('backup', 'copy', '--config', 'careround.json', status=2))

    def test_every_setting_is_documented(self):
        listed = re.findall(r'^ +--([a-z-]+)', run_program('serve', '--help').stdout, re.MULTILINE)
        self.assertGreater(len(listed), 15)
        documented = set(re.findall(r'`([a-z-]+)`', (SOURCE / 'docs/service.md').read_text(encoding='utf-8')))
        self.assertEqual(set(listed) - {'config'} - documented, set())


if __name__ == '__main__':
    main()
