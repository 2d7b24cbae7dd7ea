#!/usr/bin/env python3
"""The papers are true: what README, CONTRIBUTING and docs/ name is there.

Documents go stale in silence. Every source file they name must exist, every cr_ function must be declared, every link
must lead somewhere, and every command line must be one that the program or setup.sh knows, options included. The other way
round, docs/architecture.md names every source file.
"""

import argparse
import pathlib
import re
import subprocess
import sys
import unittest

SOURCE: pathlib.Path
PROGRAM = None

CODE = re.compile(r'`([^`\n]+)`|^```[^\n]*\n(.*?)^```', re.MULTILINE | re.DOTALL)
LINK = re.compile(r'\]\(([^)#\s]+)(?:#[^)]*)?\)')
SOURCE_FILE = re.compile(r'(?<![\w./<-])((?:[\w.-]+/)*[\w-]+\.(?:c|h|py|sh|html|json|build))(?![\w/>])')
FOLDER = re.compile(r'`((?:[\w.-]+/)+)`')
FUNCTION = re.compile(r'\b((?:cr|day)_\w+)\(\)')

# Made by the program or by the reader, so named without being in the checkout.
MADE = {'plan.json', 'new.json', 'replan.json', 'plan.html', 'bundle.json', 'table.json', 'table.html', 'settings.json',
        'careround.json', 'columns.json', 'compile_commands.json', 'testlog.json'}


def papers():
    return [SOURCE / 'README.md', SOURCE / 'CONTRIBUTING.md', *sorted((SOURCE / 'docs').glob('*.md'))]


def code_in(text):
    return '\n'.join(inline or block for inline, block in CODE.findall(text))


def house_files():
    """All files of the checkout but those of builds, as paths from its top."""
    top = [p for p in SOURCE.iterdir() if not p.name.startswith(('.git', 'build', 'out'))]
    found = [f for p in top for f in ([p] if p.is_file() else p.rglob('*'))]
    return {f.relative_to(SOURCE).as_posix() for f in found if f.is_file()}


class Papers(unittest.TestCase):
    def each(self, pattern, of=code_in):
        """(paper, name) for all that the papers name, each once."""
        return [(paper, name) for paper in papers()
                for name in sorted(set(pattern.findall(of(paper.read_text(encoding='utf-8')))))]

    def check(self, named, is_true):
        wrong = [f'{paper.name}: {name}' for paper, name in named if not is_true(paper, name)]
        self.assertEqual(wrong, [])

    def test_there_are_papers(self):
        for name in ('README.md', 'CONTRIBUTING.md', 'docs/architecture.md', 'docs/model.md'):
            self.assertTrue((SOURCE / name).is_file(), name)

    def test_every_source_file_named_exists(self):
        files = house_files()
        names = {name.rpartition('/')[2] for name in files}

        def exists(_, name):
            name = name.removeprefix('./')
            if name in MADE or name.startswith('out/') or 'NAME' in name:
                return True
            return name in files or f'include/{name}' in files if '/' in name else name in names
        named = self.each(SOURCE_FILE)
        self.assertGreater(len(named), 10)
        self.check(named, exists)

    def test_the_walk_passes_every_file(self):
        walk = (SOURCE / 'docs/architecture.md').read_text(encoding='utf-8')
        files = [f for f in house_files() if re.fullmatch(r'(?:engine|geo|api|benchmarks)/(?:.+/)?[\w-]+\.(?:c|py)', f)]
        self.assertGreater(len(files), 100)
        self.assertEqual([f for f in sorted(files) if f'`{f}`' not in walk], [])

    def test_every_folder_named_exists(self):
        named = self.each(FOLDER, of=str)
        self.assertTrue(named)
        self.check(named, lambda _, name: name.startswith(('build', 'out/', '../')) or (SOURCE / name).is_dir())

    def test_every_function_named_is_in_the_code(self):
        files = [SOURCE / f for f in house_files() if f.endswith(('.c', '.h')) and not f.startswith('tests/')]
        code = '\n'.join(f.read_text(encoding='utf-8') for f in files)
        self.check(self.each(FUNCTION), lambda _, name: f'{name}(' in code)

    def test_every_link_leads_somewhere(self):
        self.check(self.each(LINK, of=str), lambda paper, link:
                   link.startswith(('http:', 'https:')) or (paper.parent / link).exists())

    def test_every_row_quoted_is_in_the_sample_day(self):
        day = (SOURCE / 'data/midlothian/visits.csv').read_text(encoding='utf-8').splitlines()
        named = self.each(re.compile(r'^```csv\n(.*?)\n```', re.MULTILINE | re.DOTALL), of=str)
        self.assertTrue(named)
        self.check(named, lambda _, rows: set(rows.splitlines()) <= set(day))

    def test_the_kinds_of_broken_input_are_counted(self):
        made = re.search(r'^(\d+) kinds of', (SOURCE / 'docs/input-errors.md').read_text(encoding='utf-8'), re.MULTILINE)
        said = re.search(r'\[(\d+) kinds of\s+them\]', (SOURCE / 'README.md').read_text(encoding='utf-8'))
        self.assertEqual(said[1], made[1])

    def test_every_command_of_setup_sh_is_known(self):
        usage = subprocess.run([SOURCE / 'setup.sh'], capture_output=True, text=True, check=True).stdout
        named = self.each(re.compile(r'\./setup\.sh (\w+)'))
        self.assertTrue(named)
        self.check(named, lambda _, word: f'./setup.sh {word} ' in usage)

    def test_every_command_of_careround_is_known(self):
        if not PROGRAM:
            self.skipTest('the program is not built')
        done = subprocess.run([PROGRAM, '--help'], capture_output=True, text=True, check=True)
        known = set(re.findall(r'\w+', done.stdout))
        self.check(self.each(re.compile(r'(?:^|build/)careround ([a-z]+)', re.MULTILINE)), lambda _, word: word in known)

    def test_every_option_of_careround_is_known(self):
        if not PROGRAM:
            self.skipTest('the program is not built')
        helps = {}

        def knows(_, line):
            command = line.split()[1]
            if command not in helps:
                helps[command] = subprocess.run([PROGRAM, command, '--help'], capture_output=True, text=True,
                                                check=True).stdout
            options = re.findall(r'(?<![\w-])--[a-z-]+', line)
            return all(re.search(rf'{option}(?![\w-])', helps[command]) for option in options)
        lines = self.each(re.compile(r'^(?:build/)?(careround [a-z]+ [^\n|&]*--[^\n|&]*)', re.MULTILINE))
        self.assertGreater(len(lines), 20)
        self.check(lines, knows)


def main():
    global SOURCE, PROGRAM
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--source', type=pathlib.Path, required=True, help='the checkout')
    parser.add_argument('--program', type=pathlib.Path, help='build/careround')
    args, rest = parser.parse_known_args()
    SOURCE, PROGRAM = args.source.resolve(), args.program and args.program.resolve()
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)


if __name__ == '__main__':
    main()
