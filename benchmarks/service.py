#!/usr/bin/env python3
"""How quickly the service answers while a plan is made: wrk at 32 connections, and questions one after another.

    python3 benchmarks/service.py --program build/careround --generate build/benchmarks/generate/careround-generate

A generated day of 500 visits, with a plan that is done, and a job of one thread that runs all the while. For each way of
asking: answers a second, and the median, 99th percentile and worst of the time to an answer, by wrk (on the same machine)
for what is only read, by one client with a connection kept open for questions; of these also the processor time of the
service and its desk, and the medians of what the engine took (it says so itself) and of what the service adds to that.
Prints a table in Markdown.
"""
import argparse
import http.client
import json
import os
import pathlib
import re
import statistics
import subprocess
import tempfile
import time

CONNECTIONS, THREADS = 32, 1


class Service:
    def __init__(self, program, folder, *options):
        self.process = subprocess.Popen([program, 'serve', '--listen', '127.0.0.1:0', '--store', folder / 'careround.db', *options],
                                        stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        self.connection = http.client.HTTPConnection(self.url.removeprefix('http://'), timeout=300)

    def ask(self, method, path, body=None, headers=None, status=(200, 201, 202)):
        self.connection.request(method, path, body, headers or {})
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status not in status:
            raise RuntimeError(f'{method} {path}: {answer.status} {text[:500]}')
        return answer, text

    def json(self, *words, **more):
        return json.loads(self.ask(*words, **more)[1])

    def plan(self, **asked):
        return self.json('POST', '/v1/plans', json.dumps(asked))['plan']

    def wait_for(self, plan, state):
        while (now := self.json('GET', f'/v1/plans/{plan}')['state']) != state:
            if now in ('failed', 'cancelled'):
                raise RuntimeError(f'the plan is {now}')
            time.sleep(0.1)


def put_day(service, folder):
    """The day's lists and where it is; a gazetteer is the service's own."""
    date = json.loads((folder / 'settings.json').read_text(encoding='utf-8'))['date']
    for path in sorted(folder.iterdir()):
        if path.stem in ('visits', 'carers', 'history', 'providers', 'packages', 'accepted', 'settings') and path.suffix in ('.csv', '.json'):
            kind = 'application/json' if path.suffix == '.json' else 'text/csv'
            service.ask('PUT', f'/v1/days/{date}/{path.stem}', path.read_bytes(), {'Content-Type': kind})
    return date


def milliseconds(text):
    value, unit = re.fullmatch(r'([\d.]+)(us|ms|s)', text).groups()
    return float(value) * {'us': 1e-3, 'ms': 1, 's': 1e3}[unit]


def by_wrk(url, seconds, size, *headers):
    """size: bytes that each answer has at least."""
    words = ['wrk', '-t', str(THREADS), '-c', str(CONNECTIONS), '-d', f'{seconds}s', '--latency']
    for header in headers:
        words += ['-H', header]
    said = subprocess.run([*words, url], check=True, capture_output=True, text=True).stdout
    percentile = {p: milliseconds(v) for p, v in re.findall(r'(\d+)%\s+([\d.]+(?:us|ms|s))', said)}
    worst = milliseconds(re.search(r'Latency\s+\S+\s+\S+\s+(\S+)', said).group(1))
    n, amount, unit = re.search(r'(\d+) requests in \S+ ([\d.]+)([KMG]?)B read', said).groups()
    n_bytes = float(amount) * {'': 1, 'K': 2**10, 'M': 2**20, 'G': 2**30}[unit]
    if 'Socket errors' in said or 'Non-2xx' in said or n_bytes < 0.98 * int(n) * size:
        raise RuntimeError(said)
    return float(re.search(r'Requests/sec:\s+([\d.]+)', said).group(1)), percentile['50'], percentile['99'], worst


def processor_ms(service):
    """That the service and its desks have used; not that of the job."""
    parent, used = str(service.process.pid), 0
    for stat in pathlib.Path('/proc').glob('[0-9]*/stat'):
        try:
            fields, words = stat.read_text().rpartition(') ')[2].split(), (stat.parent / 'cmdline').read_bytes().split(b'\0')
        except OSError:
            continue
        if stat.parent.name == parent or (fields[1] == parent and words[1:2] == [b'desk']):
            used += 1e3 * (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')
    return used


def one_by_one(service, ask, seconds, visits):
    """(a second, median, 99th percentile, worst, processor time, engine's, added to it) of questions about one visit after another."""
    service.connection.close()  # the service lets go of one that said nothing for as long as wrk ran
    for visit in visits[:5]:  # the desk reads the day at the first, and the plan
        ask(visit)
    took, engine, i, begun, used_ms = [], [], 0, time.monotonic(), processor_ms(service)
    while time.monotonic() - begun < seconds:
        at = time.monotonic()
        answer, _ = ask(visits[i % len(visits)])
        took.append(1e3 * (time.monotonic() - at))
        engine.append(float(answer.getheader('Server-Timing').removeprefix('engine;dur=')))
        i += 1
    used_ms = (processor_ms(service) - used_ms) / len(took)
    added = statistics.median(all_of_it - of_engine for all_of_it, of_engine in zip(took, engine))
    took.sort()
    return (1e3 * len(took) / sum(took), took[len(took) // 2], took[len(took) * 99 // 100], took[-1], used_ms,
            statistics.median(engine), added)


def by_hand(plan, visit):
    """The rounds by ids, with one visit moved to the next round."""
    rounds = [[r['shift'], [s['visit'] for s in r['stops'] if s['kind'] == 'visit']] for r in plan['rounds']]
    at = next(i for i, (_, stops) in enumerate(rounds) if visit in stops)
    rounds[at][1].remove(visit)
    rounds[(at + 1) % len(rounds)][1].append(visit)
    return json.dumps({'rounds': [{'shift': shift, 'stops': stops} for shift, stops in rounds]})


def measure(service, date, seconds, iterations):
    plan = service.plan(date=date, iterations=iterations, bound_s=0)
    service.wait_for(plan, 'done')
    answer, result = service.ask('GET', f'/v1/plans/{plan}/result')
    etag, made = answer.getheader('ETag'), json.loads(result)
    day, at = f'/v1/days/{date}', f'{service.url}/v1/plans/{plan}'
    summary = len(service.ask('GET', f'/v1/plans/{plan}')[1])
    visits = sorted({s['visit'] for r in made['rounds'] for s in r['stops'] if s['kind'] == 'visit'})
    running = service.plan(date=date, time_s=3600, bound_s=0)
    service.wait_for(running, 'running')
    time.sleep(2)  # it reads the day
    yield f'summary of a plan ({summary:,} bytes)', by_wrk(at, seconds, summary)
    yield 'the full plan, not modified (304)', by_wrk(f'{at}/result', seconds, 0, f'If-None-Match: {etag}')
    yield f'the full plan ({len(result):,} bytes)', by_wrk(f'{at}/result', seconds, len(result))
    yield 'suggest, a plan of the store', one_by_one(
        service, lambda v: service.ask('POST', f'{day}/suggest?plan={plan}&visit={v}'), seconds, visits)
    yield 'suggest, the plan sent again', one_by_one(
        service, lambda v: service.ask('POST', f'{day}/suggest?visit={v}', result), seconds, visits)
    other = {v: result + b' ' * i for i, v in enumerate(visits)}  # to the letter; more than a desk keeps
    yield 'suggest, another plan sent each time', one_by_one(
        service, lambda v: service.ask('POST', f'{day}/suggest?visit={v}', other[v]), seconds, visits)
    moved = {v: by_hand(made, v) for v in visits}
    yield 'evaluate, a visit moved', one_by_one(service, lambda v: service.ask('POST', f'{day}/evaluate', moved[v]), seconds, visits)
    yield 'check, a plan of the store', one_by_one(service, lambda v: service.ask('POST', f'{day}/check?plan={plan}'), seconds, visits)
    service.wait_for(running, 'running')
    service.ask('POST', f'/v1/plans/{running}/cancel')


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--program', required=True)
    parser.add_argument('--generate', required=True)
    parser.add_argument('--visits', type=int, default=500)
    parser.add_argument('--iterations', type=int, default=20000, help='of the plan that is asked for')
    parser.add_argument('--seconds', type=float, default=10, help='for each way of asking')
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        subprocess.run([options.generate, 'midlothian', '--visits', str(options.visits), '-o', root / 'day'], check=True,
                       stdout=subprocess.DEVNULL)
        subprocess.run([options.program, 'gazetteer', 'build', root / 'day/postcodes.csv', '-o', root / 'uk.gaz'], check=True,
                       stdout=subprocess.DEVNULL)
        service = Service(options.program, root, '--gazetteer', root / 'uk.gaz')
        try:
            print('| | a second | median | 99 % | worst | processor | engine | added |\n|---|---|---|---|---|---|---|---|')
            for name, (rate, median, most, worst, *parts) in measure(service, put_day(service, root / 'day'), round(options.seconds),
                                                             options.iterations):
                print(f'| {name} | {rate:,.0f} | {median:.2f} ms | {most:.2f} ms | {worst:.1f} ms | '
                      + (' | '.join(f'{ms:.2f} ms' for ms in parts) + ' |' if parts else '| | |'), flush=True)
        finally:
            service.process.terminate()
            service.process.wait()


if __name__ == '__main__':
    main()
