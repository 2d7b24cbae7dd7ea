#!/usr/bin/env python3
"""A PostgreSQL to test with: of its own, in a temporary folder, on a socket there, and gone afterwards.

    postgres.py PROGRAM...      runs the programs with CAREROUND_TEST_POSTGRES set to the name of an empty database

PostgreSQL refuses to run as root; it is then started as the user 'postgres' or 'nobody'. Where it is not installed, the
test is skipped (exit status 77), saying so.
"""
import os
import pathlib
import pwd
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77


def find(program):
    """On the path, or where Debian and Fedora have it."""
    places = sorted(pathlib.Path('/usr/lib/postgresql').glob('*/bin'), reverse=True)
    return shutil.which(program, path=os.pathsep.join([os.environ.get('PATH', ''), *map(str, places), '/usr/bin']))


def missing_programs():
    return [program for program in ('initdb', 'postgres', 'pg_ctl', 'psql') if not find(program)]


def skip_where_absent():
    missing = missing_programs()
    if missing:
        print(f'SKIPPED: PostgreSQL is not installed ({", ".join(missing)} not found)', file=sys.stderr)
        sys.exit(SKIPPED)


def unprivileged_user():
    """None: we are that ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ('postgres', 'nobody'):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            pass
    raise RuntimeError('no user to run PostgreSQL as')


class Postgres:
    """Started at once; `with` ends it and removes all."""

    def __init__(self):
        self.temporary = tempfile.TemporaryDirectory(prefix='careround-pg-', dir='/tmp')  # short: the socket's name is
        self.folder = pathlib.Path(self.temporary.name)
        self.user = unprivileged_user()
        if self.user:
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)
        self.data = self.folder / 'data'
        self.run('initdb', '--pgdata', self.data, '--username=careround', '--auth=trust', '--encoding=UTF8',
                 '--locale=C', '--no-sync')
        self.n_databases = 0
        self.start()

    def run(self, program, *arguments):
        if self.user:
            more = {'user': self.user.pw_uid, 'group': self.user.pw_gid, 'extra_groups': []}
        else:
            more = {}
        done = subprocess.run([find(program), *map(str, arguments)], cwd='/', stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **more)
        if done.returncode:
            raise RuntimeError(f'{program}: {done.stdout.decode()}')

    def start(self):
        """fsync off: we kill it, not the machine."""
        self.run('pg_ctl', 'start', '--wait', '--pgdata', self.data, '--log', self.folder / 'log', '--options',
                 f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c fsync=off -c shared_buffers=16MB"
                 ' -c max_connections=60')

    def stop(self, how='fast'):
        """'immediate' is as good as a kill: it recovers when it is started again."""
        self.run('pg_ctl', 'stop', '--wait', '--mode', how, '--pgdata', self.data)

    def database(self):
        """A new one, empty."""
        self.n_databases += 1
        name = f'careround_{self.n_databases}'
        self.sql(f'CREATE DATABASE {name}', 'postgres')
        return Database(self, name)

    def sql(self, text, database):
        return subprocess.run([find('psql'), '--no-psqlrc', '--quiet', '--tuples-only', '--no-align', '--host', self.folder,
                               '--username=careround', '--dbname', database, '--command', text], check=True,
                              stdout=subprocess.PIPE).stdout.decode().strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if (self.data / 'postmaster.pid').exists():
            self.stop('immediate')
        self.temporary.cleanup()


class Database:
    def __init__(self, server, name):
        self.server, self.name = server, name
        self.url = f'postgresql:///{name}?host={server.folder}&user=careround'

    def sql(self, text):
        return self.server.sql(text, self.name)


def main():
    skip_where_absent()
    with Postgres() as postgres:
        environment = {**os.environ, 'CAREROUND_TEST_POSTGRES': postgres.database().url}
        sys.exit(max(subprocess.run([program], env=environment, check=False).returncode != 0 for program in sys.argv[1:]))


if __name__ == '__main__':
    main()
