#!/usr/bin/env python3
"""setup.sh: its words, and its table of packages. Whether the packages exist, only a fresh machine can tell."""

import argparse
import pathlib
import re
import subprocess
import sys
import unittest

SOURCE: pathlib.Path


def setup(*words):
    return subprocess.run([SOURCE / 'setup.sh', *words], capture_output=True, text=True, stdin=subprocess.DEVNULL,
                          check=False)


class Setup(unittest.TestCase):
    def test_without_words_it_says_how_to_use_it(self):
        done = setup()
        self.assertEqual(done.returncode, 0)
        for word in ('demo', 'test', 'build', 'soak'):
            self.assertIn(f'./setup.sh {word} ', done.stdout)
        self.assertNotIn('set -eu', done.stdout)

    def test_an_unknown_word_is_wrong_usage(self):
        done = setup('dmeo')
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stdout, '')
        self.assertIn('./setup.sh demo', done.stderr)

    def test_every_package_has_a_name_for_each_distribution_and_a_purpose(self):
        script = (SOURCE / 'setup.sh').read_text(encoding='utf-8')
        table = re.search(r"cat <<'END'\n(.*?)\nEND\n", script, re.DOTALL)[1].splitlines()
        self.assertGreater(len(table), 10)
        for line in table:
            self.assertRegex(line, r'^(build|test|ci)(\|(-|[\w.+-]+)){3}\|\w.*$')
        self.assertEqual(len(table), len(set(table)))


def main():
    global SOURCE
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--source', type=pathlib.Path, required=True, help='the checkout')
    args, rest = parser.parse_known_args()
    SOURCE = args.source.resolve()
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)


if __name__ == '__main__':
    main()
