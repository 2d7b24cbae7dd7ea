#!/usr/bin/env python3
"""careround plan --router against a real OSRM and a real Valhalla on loopback, with the Newport extract.

Skipped, loudly, where they or the extract are not. They are found as osrm-routed and valhalla_service in PATH, or in the
packages osrm-bindings and pyvalhalla of the Python named by CAREROUND_ROUTERS_PYTHON (default: this one):

    python3.12 -m venv V && V/bin/pip install osrm-bindings pyvalhalla
    CAREROUND_ROUTERS_PYTHON=V/bin/python meson test -C build-mine --setup soak 'api real_routers'
"""
import json
import math
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse
import urllib.request

from fault_server import unused_port

PROGRAM = None
SHARED = os.environ.get('CAREROUND_SHARED')
EXTRACT = pathlib.Path(SHARED or '/nowhere') / 'geo/osm/newport-wales-2023.osm.pbf'
PLACES = [(51.5885, -2.9965), (51.5790, -2.9960), (51.5958, -3.0742), (51.6075, -3.0350), (51.5700, -2.9700), (51.5850, -2.9480)]


def package_folder(name):
    python = os.environ.get('CAREROUND_ROUTERS_PYTHON', sys.executable)
    done = subprocess.run([python, '-c', f'import importlib.util as u; print(u.find_spec("{name}").submodule_search_locations[0])'],
                          capture_output=True, text=True, check=False)
    return pathlib.Path(done.stdout.strip()) if done.returncode == 0 else None


def tool(name, package):
    folder = package_folder(package)
    inside = folder / 'bin' / name if folder else None
    return str(inside) if inside and inside.exists() else shutil.which(name)


class Served(unittest.TestCase):
    """A server of its own for the class, and a day of six places in Newport."""

    @classmethod
    def setUpClass(cls):
        if not EXTRACT.exists():
            raise unittest.SkipTest(f'{EXTRACT} is not here')
        cls.scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.scratch.cleanup)
        cls.folder = pathlib.Path(cls.scratch.name)
        shutil.copy(EXTRACT, cls.folder / 'n.osm.pbf')
        cls.port = unused_port()
        cls.url = f'http://127.0.0.1:{cls.port}'
        server = subprocess.Popen(cls.prepare(), cwd=cls.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        cls.addClassCleanup(server.wait)
        cls.addClassCleanup(server.terminate)
        for _ in range(300):
            try:
                urllib.request.urlopen(cls.url, timeout=5).close()
                break
            except urllib.error.HTTPError:
                break  # it answers
            except OSError:
                time.sleep(0.1)

    @classmethod
    def run_tool(cls, *command):
        subprocess.run(list(map(str, command)), cwd=cls.folder, check=True, capture_output=True)

    def plan(self, *args, mode='car'):
        day = self.folder / f'day-{mode}'
        day.mkdir(exist_ok=True)
        (day / 'settings.json').write_text('{"date": "2023-06-13"}', encoding='utf-8')
        rows = ''.join(f'V{i},C{i},{lat},{lon},morning,5\n' for i, (lat, lon) in enumerate(PLACES[1:]))
        (day / 'visits.csv').write_text('visit_id,client_id,latitude,longitude,band,duration\n' + rows, encoding='utf-8')
        (day / 'carers.csv').write_text('carer_id,shift_start,shift_end,mode,home_latitude,home_longitude\n'
                                        f'ANN,06:30,12:00,{mode},{PLACES[0][0]},{PLACES[0][1]}\n', encoding='utf-8')
        out = self.folder / 'plan.json'
        done = subprocess.run([PROGRAM, 'plan', str(day), '--iterations', '50', '--out', str(out), *args], capture_output=True,
                              text=True, timeout=300, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(out.read_text(encoding='utf-8'))

    def legs(self, plan):
        """((lat, lon), (lat, lon), seconds, metres) of each way to a client."""
        at = PLACES[0]
        for stop in plan['rounds'][0]['stops']:
            to = PLACES[1 + int(stop['visit'][1:])]
            yield at, to, stop['travel_s'], stop['distance_m']
            at = to


class Osrm(Served):
    @classmethod
    def prepare(cls):
        routed, package = tool('osrm-routed', 'osrm'), package_folder('osrm')
        if not routed or not package:
            raise unittest.SkipTest('no OSRM here: pip install osrm-bindings')
        cls.run_tool(tool('osrm-extract', 'osrm'), '-p', package / 'share/profiles/car.lua', 'n.osm.pbf')
        cls.run_tool(tool('osrm-contract', 'osrm'), 'n.osrm')
        return [routed, '-i', '127.0.0.1', '-p', str(cls.port), '-t', '1', '--max-table-size', '5', 'n.osrm']

    def test_each_leg_is_osrms_own_route(self):
        # A table of 5 coordinates at most, so that the six places come in parts.
        plan = self.plan('--router', f'osrm={self.url}')
        self.assertEqual(plan['travel_source'], f'OSRM at {self.url} (car)')
        legs = list(self.legs(plan))
        self.assertEqual(len(legs), 5)
        for (a_lat, a_lon), (b_lat, b_lon), seconds, metres in legs:
            with urllib.request.urlopen(f'{self.url}/route/v1/driving/{a_lon},{a_lat};{b_lon},{b_lat}?overview=false', timeout=30) as got:
                route = json.load(got)['routes'][0]
            self.assertLessEqual(abs(seconds - math.ceil(route['duration'])), 1)
            self.assertLessEqual(abs(metres - route['distance']), 2)


class Valhalla(Served):
    @classmethod
    def prepare(cls):
        service, builder = tool('valhalla_service', 'valhalla'), tool('valhalla_build_tiles', 'valhalla')
        if not service or not builder:
            raise unittest.SkipTest('no Valhalla here: pip install pyvalhalla')
        python = os.environ.get('CAREROUND_ROUTERS_PYTHON', sys.executable)
        made = subprocess.run([python, '-m', 'valhalla.valhalla_build_config', '--mjolnir-tile-dir', str(cls.folder / 'tiles'),
                               '--mjolnir-concurrency', '1'], capture_output=True, text=True, check=True)
        config = json.loads(made.stdout)
        config['httpd']['service'].update(listen=f'tcp://127.0.0.1:{cls.port}', loopback=f'ipc://{cls.folder}/loopback',
                                          interrupt=f'ipc://{cls.folder}/interrupt')
        config['service_limits']['auto']['max_matrix_location_pairs'] = 9
        (cls.folder / 'v.json').write_text(json.dumps(config), encoding='utf-8')
        cls.run_tool(builder, '-c', 'v.json', 'n.osm.pbf')
        return [service, 'v.json', '1']

    def test_each_leg_is_valhallas_own_answer(self):
        for mode, costing in (('car', 'auto'), ('foot', 'pedestrian'), ('bicycle', 'bicycle')):
            plan = self.plan('--router', f'valhalla={self.url}', mode=mode)
            self.assertEqual(plan['travel_source'], f'Valhalla at {self.url} ({mode})')
            for a, b, seconds, metres in self.legs(plan):
                # Its routes are another search, which finds shorter ways at times: its table is what was asked for.
                asked = {'sources': [dict(zip(('lat', 'lon'), a))], 'targets': [dict(zip(('lat', 'lon'), b))], 'costing': costing}
                url = f'{self.url}/sources_to_targets?json={urllib.parse.quote(json.dumps(asked))}'
                with urllib.request.urlopen(url, timeout=30) as got:
                    cell = json.load(got)['sources_to_targets'][0][0]
                self.assertLessEqual(abs(seconds - math.ceil(cell['time'])), 1, (mode, a, b))
                self.assertLessEqual(abs(metres - 1000 * cell['distance']), 2, (mode, a, b))


if __name__ == '__main__':
    PROGRAM = sys.argv.pop(1)
    unittest.main(verbosity=2)
