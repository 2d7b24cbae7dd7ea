#!/usr/bin/env python3
"""The borders between the modules hold: by the compiler, by the linker, by the text.

geo/, engine/ and api/ each see include/ and themselves. The checker shares no code with the search. The engine opens
no file and no socket and asks no clock; one file of it starts threads. Each test that something must NOT build has a control beside it that must.
"""

import argparse
import functools
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import unittest

SOURCE: pathlib.Path
BUILD: pathlib.Path
ENGINE_LIBRARY: pathlib.Path

MODULES = ('geo', 'engine', 'api')
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"][^>"]+[>"])', re.MULTILINE)

# What the engine may ask of the C library, GLPK and geo/'s values. Everything else is a file, a socket, a clock or
# worse; a new name here is a decision.
ENGINE_MAY_USE = re.compile(
    r'''^(
      malloc | calloc | realloc | free | abort | __assert_fail
    | mem(cpy|move|set|cmp|chr) | str(len|cmp|ncmp|chr|rchr|cpy|ncpy|nlen|dup)
    | v?snprintf | __v?snprintf_chk | __mem(cpy|move|set)_chk | qsort | bsearch
    | _?_?setjmp | __sigsetjmp | longjmp | __longjmp_chk | siglongjmp
    | (exp|log|log2|pow|sqrt|floor|ceil|round|lround|llround|fabs|fmin|fmax|fmod|ldexp|frexp|trunc|rint|nearbyint)f?
    | glp_\w+ | cr_matrix_\w+
    | pthread_(create|join) | sem_(init|post|wait|destroy) # threads of workers.c; no lock: they share what is const
    | __stack_chk_fail | _GLOBAL_OFFSET_TABLE_
    | __(asan|ubsan|tsan|sanitizer|gcov|llvm)_\w+
    )$''', re.VERBOSE)


def run(command, **more):
    in_english = {**os.environ, 'LC_ALL': 'C.UTF-8', 'LANGUAGE': ''}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=in_english, **more)


def sources(folder, *endings):
    return sorted(p for p in (SOURCE / folder).rglob('*') if p.suffix in endings)


def includes(path):
    """What a file includes: '"check_walk.h"', '<string.h>'."""
    return INCLUDE.findall(path.read_text(encoding='utf-8'))


@functools.cache
def compile_command(module):
    """The compiler and flags with which the build compiles the module's files, source and outputs taken out."""
    for entry in json.loads((BUILD / 'compile_commands.json').read_text(encoding='utf-8')):
        file = (pathlib.Path(entry['directory']) / entry['file']).resolve()
        if file.parent == SOURCE / module:
            words = iter(shlex.split(entry['command']))
            kept = []
            for word in words:
                if word in ('-o', '-MF', '-MQ', '-MT'):
                    next(words)
                elif word not in ('-c', '-MD', '-MMD', entry['file']):
                    kept.append(word)
            return kept
    return None


class Compiling(unittest.TestCase):
    """Asks the compiler, with each module's own flags."""

    def run_compiler(self, module, text, *more):
        command = compile_command(module)
        with tempfile.TemporaryDirectory() as folder:
            probe = pathlib.Path(folder) / 'probe.c'
            probe.write_text(text + '\nextern int probe;\n', encoding='utf-8')
            return run([*command, *more, str(probe)], cwd=BUILD)

    def compiles(self, module, text, *more):
        return self.run_compiler(module, text, '-fsyntax-only', *more)

    def found_of(self, module, names, *more):
        """Which of these could the module include? All in one run: a process for each name takes half a minute."""
        text = '\n'.join(f'#if __has_include("{name}")\n"{name}"\n#endif' for name in names)
        done = self.run_compiler(module, text, '-E', *more)
        self.assertEqual(done.returncode, 0, done.stderr)
        return [line.strip('"') for line in done.stdout.splitlines() if line.startswith('"')]

    def modules_that_build(self):
        return [m for m in MODULES if compile_command(m)]

    def names_of_others(self, module):
        """Every header of the other modules and one source, as "geo/graph.h" and "graph.h"; namesakes of its own aside.

        Any names would do, but files that are really there show that the search path is what stops them.
        """
        files = [(other, file.name) for other in MODULES if other != module
                 for file in [*sources(other, '.h'), *sources(other, '.c')[:1]]]
        spellings = [s for other, name in files for s in (f'{other}/{name}', name)]
        return sorted({s for s in spellings if not (SOURCE / module / s).exists()})

    def test_each_module_sees_the_public_headers(self):
        headers = [str(header.relative_to(SOURCE / 'include')) for header in sources('include', '.h')]
        self.assertTrue(headers)
        for module in self.modules_that_build():
            with self.subTest(module=module):
                done = self.compiles(module, '\n'.join(f'#include "{name}"' for name in headers))
                self.assertEqual(done.returncode, 0, done.stderr)

    def test_no_module_sees_into_another(self):
        for module in self.modules_that_build():
            names = self.names_of_others(module)
            with self.subTest(module=module):
                self.assertEqual(self.found_of(module, names), [])
                # The controls: with the borders open each of them is found, and one that is not does not build.
                others = [f'-I{SOURCE / other}' for other in MODULES if other != module]
                self.assertEqual(self.found_of(module, names, f'-I{SOURCE}', *others), names)
                done = self.compiles(module, f'#include "{names[0]}"')
                self.assertNotEqual(done.returncode, 0)
                self.assertRegex(done.stderr, 'No such file|file not found')

    def test_the_same_probe_builds_once_the_border_is_opened(self):
        # The control: what stopped the probe above was the search path and nothing else.
        # The public headers stand in for all; "include/..." is not on any module's path either.
        probe = '#include "include/careround/matrix.h"'
        self.assertNotEqual(self.compiles('engine', probe).returncode, 0)
        done = self.compiles('engine', probe, f'-I{SOURCE}')
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_public_headers_compile_alone_as_plain_c11(self):
        compiler = next(word for word in compile_command('engine') if re.search(r'(gcc|clang|cc)(-\d+)?$', word))
        headers = sources('include', '.h')
        self.assertTrue(headers)
        for header in headers:
            with self.subTest(header=header.name):
                done = run([compiler, '-std=c11', '-Wall', '-Wextra', '-Wpedantic', '-Werror', '-fsyntax-only',
                            f'-I{SOURCE}/include', '-x', 'c', str(header)])
                self.assertEqual(done.returncode, 0, done.stderr)


class Reading(unittest.TestCase):
    """Reads the sources: what a search path cannot forbid."""

    def test_nobody_climbs_out_of_a_folder(self):
        files = [f for folder in (*MODULES, 'include') for f in sources(folder, '.c', '.h')]
        self.assertTrue(files)
        for file in files:
            for name in includes(file):
                self.assertNotIn('..', name, file)

    def test_geo_never_heard_of_a_visit(self):
        allowed = {f'"careround/{h}.h"' for h in ('base', 'file', 'matrix', 'place', 'roads', 'services', 'transit')}
        for file in sources('geo', '.c', '.h'):
            public = {name for name in includes(file) if name.startswith('"careround/')}
            self.assertLessEqual(public, allowed, file)

    def test_the_engine_includes_no_header_of_the_outside(self):
        forbidden = re.compile(r'<(sys/socket|netdb|time|sys/time|threads|jansson|curl/.*|proj|fcntl|unistd)(\.h)?>')
        for file in sources('engine', '.c', '.h'):
            for name in includes(file):
                self.assertNotRegex(name, forbidden, file)

    def test_one_file_of_the_engine_starts_threads(self):
        # workers.c; elsewhere threads share nothing but what is const, a flag and a counter.
        for header in ('<pthread.h>', '<semaphore.h>'):
            users = [file.name for file in sources('engine', '.c', '.h') if header in includes(file)]
            self.assertEqual(users, ['workers.c'])

    def test_checker_and_search_read_none_of_each_others_headers(self):
        for file in sources('engine', '.c', '.h'):
            is_checker = file.name.startswith(('check', 'report'))  # the report counts as the checker does
            for name in includes(file):
                if name.startswith('<') or name.startswith('"careround/'):
                    continue
                self.assertEqual(name.startswith('"check'), is_checker, f'{file} includes {name}')


class Linking(unittest.TestCase):
    """Asks the object files which names they use and which they define."""

    @classmethod
    def setUpClass(cls):
        cls.used, cls.defined = {}, {}
        listing = run(['nm', '-A', str(ENGINE_LIBRARY)], cwd=BUILD)
        if listing.returncode:
            raise RuntimeError(listing.stderr)
        for line in listing.stdout.splitlines():
            # "engine/libengine.a:engine/libengine.a.p/check.c.o:0000000000000000 T cr_check_plan"
            where, _, rest = line.rpartition(':')
            *_, kind, name = rest.split()
            member = re.sub(r'\.c\.o$', '', where.split(':')[-1].split('/')[-1])
            if kind in 'Uw':
                cls.used.setdefault(member, set()).add(name)
            elif kind.isupper():  # lower case: static, nobody else's business
                cls.defined.setdefault(member, set()).add(name)

    def test_the_engine_asks_nothing_of_the_outside(self):
        own = set().union(*self.defined.values())
        self.assertIn('cr_problem_validate', own)
        for member, names in self.used.items():
            strange = sorted(n for n in names - own if not ENGINE_MAY_USE.match(n))
            self.assertEqual(strange, [], f'{member}.c')

    def test_files_sockets_clocks_and_printing_are_not_on_the_list(self):
        for name in ('fopen', 'open', 'read', 'socket', 'time', 'clock_gettime', 'printf', 'fprintf', 'puts', 'getenv',
                     'rand', 'exit', 'pthread_mutex_lock', 'json_object', 'proj_create'):
            self.assertIsNone(ENGINE_MAY_USE.match(name), name)

    def test_the_checker_calls_nothing_of_the_search(self):
        # The values (problem, plan) are common ground; all else of the engine is the search's side.
        checkers = [m for m in self.defined if m.startswith('check')]
        common = {'problem', 'plan', *checkers}
        search = set().union(*(names for m, names in self.defined.items() if m not in common), set())
        for member in checkers:
            self.assertEqual(sorted(self.used.get(member, set()) & search), [], f'{member}.c')


def main():
    global SOURCE, BUILD, ENGINE_LIBRARY
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--source', type=pathlib.Path, required=True, help='the checkout')
    parser.add_argument('--build', type=pathlib.Path, required=True, help='the build directory')
    parser.add_argument('--engine-library', type=pathlib.Path, required=True)
    args, rest = parser.parse_known_args()
    SOURCE, BUILD, ENGINE_LIBRARY = args.source.resolve(), args.build.resolve(), args.engine_library
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)


if __name__ == '__main__':
    main()
