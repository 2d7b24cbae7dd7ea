"""A service to test: 'careround serve' on a port of its own with a store of its own, and a client for it; and what the
tests of it have in common. A test file is called with the program to test, and ends with main()."""
import argparse
import contextlib
import http.client
import json
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse

SOURCE = pathlib.Path(__file__).resolve().parents[2]
DATE = '2026-11-23'
VISITS = ('visit_id,client_id,client_name,latitude,longitude,band,duration\n'
          'V1,C1,Mary Onequill,55.89,-3.07,morning,30\n'
          'V2,C2,Jean Twoquill,55.90,-3.08,lunch,0:45\n')
CARERS = ('carer_id,shift_start,shift_end\n'
          'ANN,07:00,15:00\n')


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = {k.lower(): v for k, v in response.getheaders()}
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body)


class Service:
    """Started at once; `with` ends it. The folder stays until the end, so that it can be started again."""

    program = None  # what is tested: main() sets it

    def __init__(self, folder=None, options=(), store='careround.db'):
        self.store = store
        self.temporary = None if folder else tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(folder or self.temporary.name)
        self.options = list(options)
        self.start()

    def start(self):
        self.log = open(self.folder / 'log', 'ab')
        self.process = subprocess.Popen([self.program, 'serve', '--listen', '127.0.0.1:0', '--store', self.store,
                                         *self.options], cwd=self.folder, stdout=subprocess.PIPE, stderr=self.log)
        line = self.process.stdout.readline().decode().strip()
        if not line:
            raise RuntimeError((self.folder / 'log').read_text())
        self.said = line  # its address; its name in the store, if it has workers only
        self.port = urllib.parse.urlparse(line).port

    def stop(self):
        """Ends it in good order; its exit status."""
        self.process.terminate()
        return self.wait()

    def pause(self):
        """It, not the processes that it has started."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.process.send_signal(signal.SIGCONT)

    def kill(self):
        self.process.kill()
        return self.wait()

    def wait(self):
        status = self.process.wait(timeout=60)
        self.process.stdout.close()
        self.log.close()
        return status

    def children(self):
        """Of the processes that it has started, those that run."""
        tasks = pathlib.Path(f'/proc/{self.process.pid}/task')
        return [int(child) for task in tasks.iterdir() for child in (task / 'children').read_text().split()]

    def first_children(self):
        """A plan runs some moments before it has a process."""
        until = time.monotonic() + 30
        while not (found := self.children()):
            if time.monotonic() > until:
                raise RuntimeError('no process was started')
            time.sleep(0.02)
        return found

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.go_on()
            self.stop()
        if self.temporary:
            self.temporary.cleanup()

    def command(self, *words, **more):
        """Of another process, with its store."""
        return run_program(*words, '--store', self.store, cwd=self.folder, **more)

    # ---- asking ----

    def ask(self, method, path, body=None, headers=None, timeout=60):
        with contextlib.closing(http.client.HTTPConnection('127.0.0.1', self.port, timeout=timeout)) as connection:
            if isinstance(body, (dict, list)):
                body = json.dumps(body)
            if isinstance(body, str):
                body = body.encode()
            connection.request(method, path, body, headers or {})
            return Answer(connection.getresponse())

    def get(self, path, **more):
        return self.ask('GET', path, **more)

    def put(self, table, text, date=DATE, query='', kind='text/csv'):
        return self.ask('PUT', f'/v1/days/{date}/{table}{query}', text, {'Content-Type': kind})

    def put_small_day(self, date=DATE):
        for table, text in (('visits', VISITS), ('carers', CARERS)):
            answer = self.put(table, text, date)
            if answer.status not in (200, 201):
                raise RuntimeError(answer.body)

    def put_folder(self, folder, date=DATE):
        for path in sorted(pathlib.Path(folder).iterdir()):
            kind = 'application/json' if path.suffix == '.json' else 'text/csv'
            answer = self.put(path.stem, path.read_text(encoding='utf-8'), date, kind=kind)
            if answer.status not in (200, 201):
                raise RuntimeError(answer.body)

    def plan(self, **asked):
        answer = self.ask('POST', '/v1/plans', {'date': DATE, **asked})
        if answer.status != 202:
            raise RuntimeError(answer.body)
        return answer.json['plan']

    def wait_for(self, plan, *states, timeout=60):
        until = time.monotonic() + timeout
        while True:
            answer = self.get(f'/v1/plans/{plan}').json
            if answer['state'] in states:
                return answer
            if time.monotonic() > until or answer['state'] == 'failed':
                raise RuntimeError(json.dumps(answer))
            time.sleep(0.02)

    def events(self, plan, kind='plans'):
        """(event, data) as they come, until the service ends the stream."""
        with contextlib.closing(http.client.HTTPConnection('127.0.0.1', self.port, timeout=60)) as connection:
            connection.request('GET', f'/v1/{kind}/{plan}/events')
            response = connection.getresponse()
            event = None
            for line in response:
                line = line.decode().rstrip('\n')
                if line.startswith('event: '):
                    event = line[7:]
                elif line.startswith('data: '):
                    yield event, json.loads(line[6:])


def run_program(*words, check=True, **more):
    return subprocess.run([Service.program, *map(str, words)], capture_output=True, text=True, timeout=100, check=check, **more)


class ServiceTest(unittest.TestCase):
    """A service for each test, with these options."""
    options = ()

    def setUp(self):
        self.service = Service(options=self.options)
        self.addCleanup(self.service.__exit__)

    def ask(self, *words, **more):
        return self.service.ask(*words, **more)

    def get(self, path, **more):
        return self.service.get(path, **more)

    def put(self, *words, **more):
        return self.service.put(*words, **more)

    def check_problem(self, answer, status, name):
        self.assertEqual((answer.status, answer.headers['content-type']), (status, 'application/problem+json'), answer.body)
        self.assertEqual((answer.json['type'], answer.json['status']), (f'urn:careround:problem:{name}', status))
        self.assertTrue(answer.json['title'])
        return answer.json


def main():
    parser = argparse.ArgumentParser(description=sys.modules['__main__'].__doc__)
    parser.add_argument('program', type=pathlib.Path)
    args, rest = parser.parse_known_args()
    Service.program = args.program.resolve()
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)
