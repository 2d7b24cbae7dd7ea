#!/usr/bin/env python3
"""The contract: api/openapi.yaml has the routes that the service has, and the service does what it says.

schemathesis sends what the contract allows and what it does not, and follows what is made from answer to answer. Without
it, that part skips itself loudly; CAREROUND_SCHEMATHESIS says where it is, if not in PATH. CAREROUND_CONTRACT_EXAMPLES
says how many cases are drawn for each route (3 unless said).
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

from service import CARERS, DATE, SOURCE, VISITS, Service, main

METHODS = ('get', 'put', 'post', 'delete', 'patch')


def contract():
    try:
        import yaml
    except ImportError as missing:
        raise unittest.SkipTest(f'no reader of YAML: {missing}') from missing
    return yaml.safe_load((SOURCE / 'api/openapi.yaml').read_text(encoding='utf-8'))


def schemathesis():
    named = os.environ.get('CAREROUND_SCHEMATHESIS') or shutil.which('schemathesis')
    if not named or not pathlib.Path(named).exists():
        raise unittest.SkipTest('schemathesis is not there (pip install schemathesis, CAREROUND_SCHEMATHESIS)')
    return named


class Contract(unittest.TestCase):
    def test_it_has_every_route_of_the_service_and_no_other(self):
        text = (SOURCE / 'api/http_routes.c').read_text(encoding='utf-8')
        routes = set(re.findall(r'\{"([A-Z]+)", "(/[^"]*)"', text))
        self.assertGreater(len(routes), 20)
        said = {(method.upper(), path) for path, item in contract()['paths'].items() for method in item if method in METHODS}
        self.assertEqual(said, routes)

    def test_it_holds_together(self):
        """Every reference leads somewhere, every part is used, every route can be refused and says with what."""
        everything = contract()
        text = (SOURCE / 'api/openapi.yaml').read_text(encoding='utf-8')
        named = set(re.findall(r"\$ref: '#/components/(\w+)/([\w-]+)'", text))
        there = {(kind, name) for kind, parts in everything['components'].items() for name in parts}
        self.assertEqual(named, {part for part in there if part[0] != 'securitySchemes'})
        operations = {}
        for path, item in everything['paths'].items():
            for method, operation in ((m, o) for m, o in item.items() if m in METHODS):
                with self.subTest(path=path, method=method):
                    self.assertTrue(operation['summary'])
                    self.assertNotIn(operation['operationId'], operations)
                    operations[operation['operationId']] = operation
                    if operation.get('security') != []:
                        self.assertLessEqual({'401', '403', '503'}, set(operation['responses']))
                    parameters = [self.resolve(everything, p) for p in item.get('parameters', []) + operation.get('parameters', [])]
                    in_path = {p['name'] for p in parameters if p['in'] == 'path'}
                    self.assertEqual(in_path, set(re.findall(r'\{(\w+)\}', path)))
        linked = set(re.findall(r'\{operationId: (\w+)', text))
        self.assertLessEqual(linked, set(operations))

    def resolve(self, everything, part):
        return everything['components']['parameters'][part['$ref'].rpartition('/')[2]] if '$ref' in part else part

    def test_it_names_every_problem(self):
        """Those of the code, by what http_reply_problem() and desk_problem() are given."""
        files = [path for kind in ('http_*.c', 'desk_*.c') for path in sorted((SOURCE / 'api').glob(kind))]
        code = ''.join(path.read_text(encoding='utf-8') for path in files)
        problems = set(re.findall(r'(?:http_reply|desk)_problem\([^,]*,\s*\d+,\s*"([a-z-]+)"', code))
        self.assertGreater(len(problems), 10)
        text = (SOURCE / 'api/openapi.yaml').read_text(encoding='utf-8')
        said = set(re.findall(r'`([a-z-]+)`', text))
        self.assertEqual(problems - said - {'method'}, set())  # a wrong method is on no path of the contract

    def configure(self, service):
        """The configuration, with what the service has: a day, and a plan that is done."""
        service.put_small_day()
        plan = service.plan(iterations=100)
        service.wait_for(plan, 'done')
        plans = [plan] + [service.plan(time_s=1, seed=seed) for seed in range(20)]  # and some that wait
        asked = {'date': DATE, 'seeds': [1], 'limit': {'iterations': 10},
                 'scenarios': [{'name': 'wider', 'changes': [{'change': 'widen_windows', 'minutes': 15}]}]}
        scenario = service.ask('POST', '/v1/scenarios', asked).json['scenario']
        until = time.monotonic() + 60
        while service.get(f'/v1/scenarios/{scenario}').json['state'] != 'done':
            self.assertLess(time.monotonic(), until)
            time.sleep(0.05)
        uploads = [part['upload'] for part in service.get(f'/v1/days/{DATE}').json['parts']]
        there = {'dates': [DATE], 'tables': ['visits', 'carers'], 'uploads': uploads, 'plans': plans, 'scenarios': [scenario], 'carers': ['ANN'],
                 'lists': [VISITS, CARERS, VISITS.replace('0:45', 'long'), DATE]}
        text = (pathlib.Path(__file__).parent / 'schemathesis.toml').read_text(encoding='utf-8')
        text += ''.join(f'\n[dictionaries.{name}]\nvalues = {json.dumps(values)}\n' for name, values in there.items())
        path = service.folder / 'schemathesis.toml'
        path.write_text(text, encoding='utf-8')
        return path

    def test_the_service_does_what_it_says(self):
        tool, examples = schemathesis(), os.environ.get('CAREROUND_CONTRACT_EXAMPLES', '3')
        seed = [] if 'CAREROUND_CONTRACT_EXAMPLES' in os.environ else ['--seed', '1']  # the suite's answer is the same each time
        with tempfile.TemporaryDirectory() as folder, \
                Service(folder=folder, options=('--time', '1', '--threads', '2', '--queue', '1000000')) as service:
            config = self.configure(service)
            secret = service.command('token', 'add', 'contract', '--scope', 'admin').stdout.strip()
            done = subprocess.run([tool, '--config-file', config, 'run', SOURCE / 'api/openapi.yaml',
                                   '--url', f'http://127.0.0.1:{service.port}', '--header', f'Authorization: Bearer {secret}',
                                   '--max-examples', examples, *seed, '--continue-on-failure', '--no-color'],
                                  cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stdout)
            print(done.stdout[done.stdout.index('= SUMMARY ='):], file=sys.stderr)
            self.assertEqual(service.stop(), 0)


if __name__ == '__main__':
    main()
