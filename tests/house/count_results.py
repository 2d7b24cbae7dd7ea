#!/usr/bin/env python3
"""Adds up a Meson test log: "PASSED FAILED SKIPPED" on one line; on stderr, each case that was skipped.

A cmocka program is one test to Meson and many to us, and a case that it skips would look like a pass: its own summary
counts. So does unittest's. Anything else counts as one, by Meson's verdict.
"""

import json
import re
import sys

CMOCKA = re.compile(r'^\[  (PASSED |FAILED |SKIPPED)\s*\] (\d+) test\(s\)', re.MULTILINE)
CMOCKA_SKIPPED = re.compile(r'^\[  SKIPPED \] (?!\d+ test)(\w+)', re.MULTILINE)
UNITTEST_SKIPPED = re.compile(r"^(.*) \.\.\. skipped (.*)$", re.MULTILINE)
UNITTEST_RAN = re.compile(r'^Ran (\d+) tests? in ', re.MULTILINE)
UNITTEST_VERDICT = re.compile(r'^(?:OK|FAILED)(?: \((.*)\))?$', re.MULTILINE)


def count_cmocka(output):
    counts = {'PASSED': 0, 'FAILED': 0, 'SKIPPED': 0}
    for verdict, n in CMOCKA.findall(output):
        counts[verdict.strip()] += int(n)
    return tuple(counts.values())


def count_unittest(output):
    ran = UNITTEST_RAN.search(output)
    verdict = UNITTEST_VERDICT.search(output, ran.end()) if ran else None
    if not verdict:
        return 0, 0, 0
    parts = dict(re.findall(r'(\w+)=(\d+)', verdict[1] or ''))
    failed = int(parts.get('failures', 0)) + int(parts.get('errors', 0))
    skipped = int(parts.get('skipped', 0))
    return max(0, int(ran[1]) - failed - skipped), failed, skipped


def output_of(test):
    return test.get('stdout', '') + '\n' + test.get('stderr', '')


def skipped_cases(test):
    if test['result'] == 'SKIP':
        return ['the whole program']
    output = output_of(test)
    return sorted({*CMOCKA_SKIPPED.findall(output), *(': '.join(found) for found in UNITTEST_SKIPPED.findall(output))})


def count(test):
    """(passed, failed, skipped) of one line of testlog.json."""
    output = output_of(test)
    passed, failed, skipped = max(count_cmocka(output), count_unittest(output), key=sum)
    if test['result'] == 'SKIP':
        return (0, 0, 1)
    if test['result'] not in ('OK', 'EXPECTEDFAIL'):
        return passed, max(failed, 1), skipped
    return (passed, failed, skipped) if passed + failed + skipped else (1, 0, 0)


def main():
    with open(sys.argv[1], encoding='utf-8') as log:
        tests = [json.loads(line) for line in log if line.strip()]
    for test in tests:
        for case in skipped_cases(test):
            print(f'skipped: {test["name"]}: {case}', file=sys.stderr)
    counts = [count(test) for test in tests]
    print(*(sum(column) for column in zip(*counts)) if counts else (0, 0, 0))


if __name__ == '__main__':
    main()
