#!/usr/bin/env python3
"""The page of a plan in a real Chromium: it loads without an error, asks no network, and shows what it should.

test_browser.py PRINT_SAMPLE CAREROUND. Skips itself, loudly, where there is no Chromium.
"""

import json
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
import zlib

from test_page import Page

BROWSER = next(filter(None, map(shutil.which, ('chromium', 'chromium-browser', 'google-chrome'))), None)
# No sandbox, since that needs rights that a container lacks, and the page is ours; no name leads anywhere.
QUIET = ('--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', '--hide-scrollbars',
         '--disable-background-networking', '--disable-component-update', '--host-resolver-rules=MAP * ~NOTFOUND',
         '--enable-logging=stderr')
HOSTILE = '</script><b>Bold & "Quoted"'
BAD_PAGE = ('<!doctype html><title>bad</title><img src="http://127.0.0.1:9/pixel.png">'
            '<script>document.title = "ran"; nobody.wrote.this();</script>')
SAMPLE = ''
PROGRAM = ''
TINY = pathlib.Path(__file__).resolve().parents[2] / 'data' / 'tiny'


class Visit:
    """One load of a page: the DOM once its script has run, what the console said, what the page asked the network."""

    def __init__(self, text, folder):
        page, log = folder / 'page.html', folder / 'network.json'
        page.write_text(text, encoding='utf-8')
        done = browse(folder, f'--log-net-log={log}', '--dump-dom', page.as_uri())
        self.dom = done.stdout.decode('utf-8')
        self.console = re.findall(r'INFO:CONSOLE.*', done.stderr.decode('utf-8', 'replace'))
        self.requests = requests_of_pages(json.loads(log.read_text(encoding='utf-8')))


def browse(folder, *args):
    return subprocess.run([BROWSER, *QUIET, f'--user-data-dir={folder / "profile"}', *args], capture_output=True,
                          check=True, timeout=60)


def requests_of_pages(log):
    """Chromium asks for things of its own (its clock, its updates): those were begun by no page."""
    parameters = [event.get('params') for event in log['events']]
    return [p['url'] for p in parameters
            if isinstance(p, dict) and 'url' in p and p.get('initiator', 'not an origin') != 'not an origin']


def rows_of_png(data):
    """Size, and the rows as they are stored: a blank picture has hardly two that differ."""
    width, height, depth, colour = struct.unpack('>IIBB', data[16:26])
    at, packed = 8, b''
    while at < len(data):
        size, = struct.unpack('>I', data[at:at + 4])
        if data[at + 4:at + 8] == b'IDAT':
            packed += data[at + 8:at + 8 + size]
        at += 12 + size
    pixel = depth // 8 * {2: 3, 6: 4}[colour]
    plain, stride = zlib.decompress(packed), 1 + width * pixel
    return width, height, {plain[r * stride:(r + 1) * stride] for r in range(height)}


class InABrowser(unittest.TestCase):
    def setUp(self):
        if not BROWSER:
            print('SKIPPED: needs Chromium', file=sys.stderr)
            self.skipTest('needs Chromium')
        self.temporary = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)  # its last helper may still write
        self.addCleanup(self.temporary.cleanup)
        self.folder = pathlib.Path(self.temporary.name)

    def test_it_loads_without_an_error_or_a_request(self):
        visit = Visit(SAMPLE, self.folder)
        self.assertEqual(visit.console, [])
        self.assertEqual(visit.requests, [])

    def test_an_error_and_a_request_would_be_noticed(self):
        visit = Visit(BAD_PAGE, self.folder)
        self.assertIn('<title>ran</title>', visit.dom)
        self.assertIn('nobody is not defined', ''.join(visit.console))
        self.assertIn('http://127.0.0.1:9/pixel.png', visit.requests)

    def test_a_request_that_slips_in_is_stopped(self):
        visit = Visit(SAMPLE.replace('</main>', '<img src="http://127.0.0.1:9/pixel.png"></main>'), self.folder)
        self.assertIn('Content Security Policy', ''.join(visit.console))
        self.assertEqual(visit.requests, [])

    def test_what_matters_is_in_the_dom(self):
        page = Page(Visit(SAMPLE, self.folder).dom)
        for words in ('3 of 5 visits are placed', 'Rounds on the map', 'Ann Brown', 'Visits that are not placed', 'Run sheets', '£97.60'):
            self.assertIn(words, page.text)
        self.assertTrue([tag for tag, _ in page.elements if tag == 'svg'])

    def test_a_hostile_name_stays_text(self):
        page = Page(Visit(SAMPLE, self.folder).dom)
        self.assertIn(HOSTILE, page.text)
        self.assertEqual(sum(tag == 'script' for tag, _ in page.elements), 1)
        self.assertEqual(len(page.inside['script']), 1)
        self.assertNotIn('<b>Bold', Visit(SAMPLE, self.folder).dom)

    def held_back_page(self):
        """Of the tiny day, with three hours held back; as the browser has it."""
        day, page = self.folder / 'day', self.folder / 'plan.html'
        shutil.copytree(TINY, day)
        (day / 'held_back.csv').write_text('name,hours,window,piece\n<Discharges>,2:00,08:00-12:00,0:30\n'
                                           'Sickness,1:00,07:00-13:30,0:30\n', encoding='utf-8')
        subprocess.run([PROGRAM, 'plan', day, '--iterations', '300', '--html', page], capture_output=True, check=True)
        return page.read_text(encoding='utf-8')

    def test_time_held_back_is_shown_to_be_held_and_where(self):
        visit = Visit(self.held_back_page(), self.folder)
        page = Page(visit.dom)
        self.assertEqual((visit.console, visit.requests, page.wrong), ([], [], []))
        for words in ('3 h 00 min of 3 h 00 min are kept free for what may come', 'has no place on the map', 'stays where she is'):
            self.assertIn(words, page.text)
        # Who, when, and where in her day: "Cal Thirdquill 08:30-09:00 <Discharges>, after Gus Sevenquill".
        self.assertRegex(page.text, r'[A-Z]\w+ \w+quill \d\d:\d\d–\d\d:\d\d (<Discharges>|Sickness), '
                                    r'(before her first visit|after [A-Z]\w+ \w+quill)')
        bars = [a for tag, a in page.elements if tag == 'rect' and a.get('class') == 'held' and int(a['width']) > 14]
        self.assertGreaterEqual(len(bars), 6)  # the pieces in the timeline, and the share of all time
        self.assertRegex(visit.dom, r'3 of 3</td><td class="num">11</td>')  # carer visits of the provider: the pieces visit nobody
        self.assertNotIn('held back', Page(Visit(SAMPLE, self.folder).dom).text)  # where nobody asked for any

    def test_there_is_something_to_see(self):
        page, picture = self.folder / 'page.html', self.folder / 'page.png'
        page.write_text(SAMPLE, encoding='utf-8')
        browse(self.folder, '--window-size=1280,1600', f'--screenshot={picture}', page.as_uri())
        width, height, rows = rows_of_png(picture.read_bytes())
        self.assertEqual((width, height), (1280, 1600))
        self.assertGreater(len(rows), 400)


if __name__ == '__main__':
    PROGRAM = sys.argv.pop(2)
    SAMPLE = subprocess.run([sys.argv.pop(1), 'html'], capture_output=True, check=True).stdout.decode('utf-8')
    unittest.main(verbosity=2)
