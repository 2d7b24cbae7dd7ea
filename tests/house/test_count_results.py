#!/usr/bin/env python3
"""Counting test results: nothing that failed or was skipped may look like a pass."""

import unittest

from count_results import count, skipped_cases


def program(result, *lines):
    return {'name': 'unit / story', 'result': result, 'stdout': '\n'.join(lines)}


class Counting(unittest.TestCase):
    def test_a_cmocka_program_counts_by_its_cases(self):
        test = program('OK', '[==========] 3 test(s) run.', '[  PASSED  ] 2 test(s).',
                       '[  SKIPPED ] 1 test(s), listed below:', '[  SKIPPED ] test_needs_shared_data')
        self.assertEqual(count(test), (2, 0, 1))
        self.assertEqual(skipped_cases(test), ['test_needs_shared_data'])

    def test_two_groups_of_one_program_add_up(self):
        test = program('FAIL', '[  PASSED  ] 2 test(s).', '[  PASSED  ] 4 test(s).',
                       '[  FAILED  ] 1 test(s), listed below:')
        self.assertEqual(count(test), (6, 1, 0))

    def test_a_unittest_program_counts_by_its_cases(self):
        test = program('FAIL', "test_a (X) ... skipped 'no browser'", 'Ran 9 tests in 0.1s', '',
                       'FAILED (failures=1, errors=1, skipped=1)')
        self.assertEqual(count(test), (6, 2, 1))
        self.assertEqual(skipped_cases(test), ["test_a (X): 'no browser'"])

    def test_a_crash_is_a_failure_whatever_was_printed_before(self):
        self.assertEqual(count(program('FAIL', '[  PASSED  ] 2 test(s).')), (2, 1, 0))
        self.assertEqual(count(program('TIMEOUT')), (0, 1, 0))

    def test_a_program_without_a_summary_counts_once(self):
        self.assertEqual(count(program('OK', 'all well')), (1, 0, 0))
        self.assertEqual(count(program('SKIP')), (0, 0, 1))


if __name__ == '__main__':
    unittest.main(verbosity=2)
