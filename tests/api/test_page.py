#!/usr/bin/env python3
"""The page of a plan: well formed, needs no network, and nothing of the day can ever run.

test_page.py PRINT_SAMPLE. The sample day has a client called </script><b>Bold & "Quoted".
"""

import base64
import hashlib
import html.parser
import re
import subprocess
import sys
import unittest

PAGE = ''
VOID = {'meta', 'input', 'br', 'link', 'img', 'hr', 'base'}


class Page(html.parser.HTMLParser):
    """Reads the page once: every element with its attributes, text inside style and script, whether tags match."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.open, self.wrong, self.inside, self.text = [], [], [], {}, ''
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append((tag, self.getpos()))

    def handle_data(self, data):
        if self.open and self.open[-1] in ('style', 'script'):
            self.inside.setdefault(self.open[-1], []).append(data)
        else:
            self.text += data


class PageOfThePlan(unittest.TestCase):
    def setUp(self):
        self.page = Page(PAGE)

    def attributes(self, name):
        return [attrs[name] for _, attrs in self.page.elements if name in attrs]

    def test_every_tag_is_closed(self):
        self.assertEqual(self.page.wrong, [])
        self.assertEqual(self.page.open, [])

    def test_data_is_only_text(self):
        self.assertIn('</script><b>Bold & "Quoted"', self.page.text)
        self.assertNotIn('<b>Bold', PAGE)
        self.assertIn('Cara <i>', self.page.text)
        self.assertNotIn('<i>', PAGE)

    def test_only_our_own_style_and_script_may_run(self):
        policy = next(a['content'] for t, a in self.page.elements if a.get('http-equiv') == 'Content-Security-Policy')
        self.assertTrue(policy.startswith("default-src 'none';"), policy)
        self.assertNotIn('unsafe', policy)
        for kind in ('style', 'script'):
            self.assertEqual(len(self.page.inside[kind]), 1)
            digest = hashlib.sha256(self.page.inside[kind][0].encode('utf-8')).digest()
            self.assertIn(f"{kind}-src 'sha256-{base64.b64encode(digest).decode()}'", policy)

    def test_no_element_has_a_style_or_a_handler_of_its_own(self):
        for tag, attrs in self.page.elements:
            for name in attrs:
                self.assertFalse(name == 'style' or name.startswith('on'), (tag, name))

    def test_nothing_is_fetched(self):
        for name in ('src', 'srcset', 'action', 'data', 'poster', 'xlink:href'):
            self.assertEqual(self.attributes(name), [])
        for target in self.attributes('href'):
            self.assertTrue(target.startswith('#'), target)
        self.assertEqual(re.findall(r'url\((?!#)|@import', self.page.inside['style'][0]), [])

    def test_ids_are_unique_and_links_lead_somewhere(self):
        ids = self.attributes('id')
        self.assertEqual(len(ids), len(set(ids)))
        for target in self.attributes('href'):
            self.assertIn(target[1:], ids)

    def test_run_sheets_are_printed_without_the_other_sections(self):
        rules = [rule for rule in self.page.inside['style'][0].split('}') if '.only-sheets ' in rule]
        for section in ('.headline', '#changes', '#held-back', '#map', '#timeline', '#unallocated', '.columns', '#providers', '#clients'):
            self.assertRegex(''.join(rules), rf'\.only-sheets {section}[ ,{{]')
        self.assertNotIn('.only-sheets #sheets', ''.join(rules))

    def test_a_call_that_nobody_makes_says_when_it_was_due(self):
        self.assertIn('lunch not placed, due 12:00–12:30', self.page.text)

    def test_what_a_reader_needs_is_there_without_the_script(self):
        self.assertEqual(next(a['lang'] for t, a in self.page.elements if t == 'html'), 'en')
        for words in ('3 of 5 visits are placed', '2 visits are not placed', "lack the skill 'medication'",
                      'Smallest change found: ', 'Ann Brown can come at 12:00', 'with Bob, Jr.',
                      'Monday 23 November 2026', '£97.60', 'Kind & Co', 'no position', 'drawn by hand', 'Key safe 1234'):
            self.assertIn(words, self.page.text)


if __name__ == '__main__':
    PAGE = subprocess.run([sys.argv.pop(1), 'html'], capture_output=True, check=True).stdout.decode('utf-8')
    unittest.main(verbosity=2)
