#!/usr/bin/env python3
"""What runs the service: the systemd unit is sound, and the container has every library that the program asks for."""

import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

SOURCE = PROGRAM = UNIT = None


class Operations(unittest.TestCase):
    def test_the_unit_is_sound(self):
        analyze = shutil.which('systemd-analyze')
        if not analyze:
            self.skipTest('no systemd-analyze here')
        with tempfile.TemporaryDirectory() as folder:
            unit = pathlib.Path(folder) / 'careround.service'
            text = UNIT.read_text(encoding='utf-8')
            self.assertNotIn('@', re.sub(r'@(system-service|privileged)\b', '', text))
            # The program that is there now, not the one that will be installed.
            unit.write_text(re.sub(r'^ExecStart=\S+', f'ExecStart={PROGRAM}', re.sub(r'^Documentation=.*\n', '', text, flags=re.M),
                                   flags=re.M), encoding='utf-8')
            done = subprocess.run([analyze, 'verify', '--man=no', unit], capture_output=True, text=True, check=False)
            said = [line for line in done.stderr.splitlines() if 'careround.service' in line]  # not of the machine's own
            self.assertEqual(said, [])
            judged = subprocess.run([analyze, 'security', '--offline=true', unit], capture_output=True, text=True, check=False)
            if 'overall exposure' not in judged.stdout.lower():
                self.skipTest(f'systemd-analyze does not judge here: {judged.stderr}')
            exposure = float(re.search(r'exposure level for careround\.service: ([0-9.]+)', judged.stdout)[1])
            self.assertLess(exposure, 2, judged.stdout)

    def test_the_container_has_every_library(self):
        release = pathlib.Path('/etc/os-release')
        if not release.exists() or 'VERSION_CODENAME=bookworm' not in release.read_text(encoding='utf-8'):
            self.skipTest('the container is Debian bookworm, this machine is not')
        text = (SOURCE / 'data/service/Containerfile').read_text(encoding='utf-8')
        self.assertIn('debian:bookworm-slim\nRUN', text)
        linked = subprocess.run(['ldd', PROGRAM], capture_output=True, text=True, check=True).stdout
        direct = subprocess.run(['objdump', '-p', PROGRAM], capture_output=True, text=True, check=True).stdout
        names = set(re.findall(r'NEEDED\s+(\S+)', direct))
        paths = [path for name, path in re.findall(r'(\S+) => (\S+)', linked) if name in names]
        self.assertGreater(len(paths), 10)
        # /lib is /usr/lib, and packages know either.
        spelt = [way for path in paths for way in (path, f'/usr{path}', path.removeprefix('/usr'))]
        owned = subprocess.run(['dpkg-query', '-S', *spelt], capture_output=True, text=True, check=False).stdout
        owners = set(re.findall(r'^([\w.+-]+)(?::\w+)?: ', owned, re.MULTILINE))
        owners -= {'libc6', 'libgcc-s1', 'libasan8', 'libubsan1', 'libtsan2'}
        self.assertGreater(len(owners), 10)
        self.assertEqual(owners - set(text.split()), set())


def main():
    global SOURCE, PROGRAM, UNIT
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--source', type=pathlib.Path, required=True)
    parser.add_argument('--program', type=pathlib.Path, required=True)
    parser.add_argument('--unit', type=pathlib.Path, required=True)
    args, rest = parser.parse_known_args()
    SOURCE, PROGRAM, UNIT = args.source.resolve(), args.program.resolve(), args.unit.resolve()
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)


if __name__ == '__main__':
    main()
