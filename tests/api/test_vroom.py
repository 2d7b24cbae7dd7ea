"""VROOM's JSON through `careround plan --format vroom`: random problems are answered, and every answer goes to the judge
(vroom_judge.py). Tiny ones are compared with all the plans that there are.

    test_vroom.py PROGRAM [--runs N] [--seed K]
"""
import argparse
import json
import random
import subprocess
import sys

from vroom_draw import draw_given, draw_problem
from vroom_judge import Judge, all_costs, least_off, walk_given

PROGRAM = "careround"


def ask(problem, *more):
    """The answer and the status."""
    done = subprocess.run([PROGRAM, "plan", "--format", "vroom", "-", *more], input=json.dumps(problem).encode(),
                          capture_output=True, check=False, timeout=60)
    assert done.stdout, done.stderr.decode()
    return json.loads(done.stdout), done.returncode


def test_random_problems(runs, seed):
    """Every answer keeps every rule of VROOM; what cannot be kept is said."""
    n_refused = 0
    for run in range(runs):
        rng = random.Random(seed + run)
        problem = draw_problem(rng, rng.randrange(0, 12), rng.randrange(0, 4), rng.randrange(1, 4))
        answer, status = ask(problem, "--iterations", "2000")
        if answer["code"] == 2:
            assert status == 3 and ("break does not fit" in answer["error"] or "setup is longer" in answer["error"]), answer
            n_refused += 1
            continue
        try:
            Judge(problem).judge(answer)
        except AssertionError:
            print("seed", seed + run, json.dumps(problem))
            raise
    print(f"{runs} problems, {n_refused} refused with words")
    assert n_refused < max(4, runs / 3)


def test_tiny_problems_against_all_plans(runs, seed):
    """Nothing is better, and at most a few are missed."""
    n_missed = 0
    for run in range(runs):
        rng = random.Random(seed + 10_000 + run)
        problem = draw_problem(rng, rng.randrange(1, 4), rng.randrange(0, 2), 2)
        for task in problem["jobs"] + [end for s in problem["shipments"] for end in (s["pickup"], s["delivery"])]:
            task.pop("setup", None)
        for vehicle in problem["vehicles"]:
            if len(problem["jobs"]) + 2 * len(problem["shipments"]) > 3:  # too many orders
                vehicle.pop("breaks", None)
        answer, status = ask(problem, "--iterations", "3000")
        if status == 3:
            assert "break does not fit" in answer["error"], answer
            continue
        priority, n_served, cost = Judge(problem).judge(answer)
        best = all_costs(problem)
        found = (-priority, -n_served, cost)
        assert found >= (best[0], best[1], best[2] - 0.5), (found, best, json.dumps(problem))
        n_missed += found > (best[0], best[1], best[2] + 0.5)
    print(f"{runs} tiny problems against all plans: {n_missed} missed")
    assert n_missed <= runs / 50


def test_given_routes(runs, seed):
    """Times as near the windows as can be, then the shortest route; every violation is named, with VROOM's words."""
    n_impossible = n_off = 0
    for run in range(runs):
        problem = draw_given(random.Random(seed + 20_000 + run))
        vehicle, judge = problem["vehicles"][0], Judge(problem)
        best = least_off(judge, vehicle, 300)
        answer, status = ask(problem)
        if answer["code"] == 2:
            assert status == 3 and "service_at" in answer["error"] and best[0] >= 1 << 60, (answer, best, json.dumps(problem))
            n_impossible += 1
            continue
        is_off = walk_given(judge, vehicle, answer["routes"][0])
        assert is_off == best, (is_off, best, json.dumps(problem))
        n_off += is_off[0] > 0
        steps = [(s["type"], s["id"]) for s in vehicle["steps"] if "id" in s]
        assert sorted((u["type"], u["id"]) for u in answer["unassigned"]) == sorted(t for t in judge.tasks if t not in steps)
    print(f"{runs} given routes, {n_off} off their windows, {n_impossible} that cannot keep to their steps")
    assert 0 < n_off < runs and n_impossible < runs / 3


def test_given_routes_that_make_no_sense():
    """Each step must name a task or a break of the vehicle, once."""
    problem = {"vehicles": [{"id": 1, "start_index": 0, "steps": [{"type": "job", "id": 1}, {"type": "job", "id": 1}]}],
               "jobs": [{"id": 1, "location_index": 0}], "matrices": {"car": {"durations": [[0]]}}, "options": {"c": True}}
    answer, _ = ask(problem)
    assert answer == {"code": 2, "error": "vehicle 1: steps[1], job 1, is in a route twice"}, answer
    problem["vehicles"][0]["steps"] = [{"type": "start"}, {"type": "break", "id": 3}]
    answer, _ = ask(problem)
    assert answer == {"code": 2, "error": "vehicle 1: steps[1], break 3, is not in the input"}, answer
    problem["vehicles"][0]["steps"] = [{"id": 3, "service_at": "x"}]
    answer, _ = ask(problem)
    for words in ("vehicles[0].steps[0] has no type", 'vehicles[0].steps[0].service_at: "x" is'):
        assert words in answer["error"], answer
    problem["vehicles"][0]["steps"] = []
    answer, _ = ask(problem)
    assert answer["routes"] == [] and answer["summary"]["unassigned"] == 1, answer


def test_steps_are_where_it_begins():
    """With no time to search, the rounds are those that the vehicle's steps describe."""
    problem = {"vehicles": [{"id": 1, "start_index": 0, "end_index": 0,
                             "steps": [{"type": "start"}, {"type": "job", "id": 3}, {"type": "job", "id": 1},
                                       {"type": "job", "id": 2}, {"type": "end"}]}],
               "jobs": [{"id": i, "location_index": i} for i in (1, 2, 3)],
               "matrices": {"car": {"durations": [[abs(a - b) * 100 for b in range(4)] for a in range(4)]}}}
    answer, _ = ask(problem, "--iterations", "0")
    assert [s["id"] for s in answer["routes"][0]["steps"][1:-1]] == [3, 1, 2], answer
    better, _ = ask(problem, "--iterations", "500")
    assert better["summary"]["cost"] == 600, better


def test_every_fault_is_named():
    """All of them in one answer, each with its place and value."""
    problem = {"vehicles": [{"id": 1, "start_index": 0, "time_window": [10, 5], "speed_factor": 9, "max_distance": -5,
                             "breaks": [{"id": 3}, {"id": 3}, {"service": 5}]},
                            {"start_index": 12, "end": [-3.2, 55.9]}],
               "jobs": [{"id": 1, "location_index": 1, "service": -4}, {"id": 1, "location_index": "x", "priority": 101},
                        {"location_index": 0, "time_windows": [[5, 8], [7, 9]]}],
               "shipments": [{"pickup": {"id": 1, "location_index": 0}}],
               "matrices": {"car": {"durations": [[0, 1], [1, 0]]}}}
    answer, status = ask(problem)
    assert status == 3 and answer["code"] == 2 and list(answer) == ["code", "error"]
    for words in ("vehicles[0].time_window: [10,5] closes", "vehicles[0].speed_factor: 9 must", "vehicles[0].max_distance: -5 is",
                  "vehicles[0].breaks[1] has the id of another break: 3", "vehicles[0].breaks[2] has no id",
                  "vehicles[1].start_index: 12 is no whole number from 0 to 1", "vehicles[1].end must be given as end_index",
                  "vehicles[1] has no id", "jobs[0].service: -4 is",
                  'jobs[1].location_index: "x" is', "jobs[1].priority: 101 is", "jobs[2] has no id",
                  "jobs[2].time_windows[1]: [7,9] must begin", "shipments[0].delivery is missing"):
        assert words in answer["error"], (words, answer["error"])
    answer, status = ask({"vehicles": [{"id": 1, "start_index": 0}], "matrices": {name: {} for name in "abcdefgh"}, "matrix": [[0]]})
    assert status == 3 and "matrix is of cars, one profile too many: 8 are possible" in answer["error"], answer
    for text in ("", "[1]", "{", '{"vehicles": 3}', '{"vehicles": [{"id": 1}]}', '{"jobs": []}', "nonsense"):
        done = subprocess.run([PROGRAM, "plan", "--format", "vroom", "-"], input=text.encode(), capture_output=True, check=False)
        assert done.returncode == 3 and json.loads(done.stdout)["code"] == 2, (text, done)


def test_places_without_matrices():
    """Straight lines, with metres and a geometry; an unknown profile is VROOM's routing error."""
    home = [-3.2, 55.95]
    problem = {"vehicles": [{"id": 1, "start": home, "end": home}], "options": {"g": True},
               "jobs": [{"id": 1, "location": [-3.1, 55.9], "description": "tea"}, {"id": 2, "location": home}]}
    answer, _ = ask(problem, "--iterations", "100")
    route = answer["routes"][0]
    assert answer["summary"]["unassigned"] == 0 and route["distance"] > 15000, answer
    assert decode(route["geometry"])[0] == (55.95, -3.2), decode(route["geometry"])
    assert (55.9, -3.1) in decode(route["geometry"])
    assert [s.get("description") for s in route["steps"] if s.get("id") == 1] == ["tea"]
    problem["vehicles"][0]["profile"] = "hovercraft"
    answer, status = ask(problem)
    assert answer["code"] == 3 and "hovercraft" in answer["error"] and status != 0
    problem["vehicles"][0]["profile"] = "a" + 40 * "é"  # cut in the middle of one
    answer, status = ask(problem)
    assert answer["code"] == 3 and "the profile 'a" + 59 * "?" + "'" in answer["error"] and status != 0, answer
    problem["vehicles"] = [{"id": 1, "start": home, "end_index": 0}]
    answer, status = ask(problem)
    assert status == 3 and answer["error"] == "vehicles[0].end_index must be given as end, since there are no matrices", answer


def decode(text):
    points, at, values = [], 0, [0, 0]
    while at < len(text):
        for k in range(2):
            shift = bits = 0
            while True:
                byte = ord(text[at]) - 63
                at += 1
                bits |= (byte & 31) << shift
                shift += 5
                if byte < 32:
                    break
            values[k] += ~(bits >> 1) if bits & 1 else bits >> 1
        points.append((values[0] / 1e5, values[1] / 1e5))
    return points


def test_what_was_delivered_makes_room():
    """Deliveries, pickups and a shipment use the same room one after the other; the smallest of several amounts counts."""
    durations = {"car": {"durations": [[abs(a - b) * 5 for b in range(6)] for a in range(6)]}}
    jobs = [{"id": i, "location_index": 1, "delivery": [1, 1]} for i in range(4)]
    problem = {"vehicles": [{"id": 1, "start_index": 0, "end_index": 0, "capacity": [4, 3]}], "jobs": jobs, "matrices": durations}
    answer, _ = ask(problem, "--iterations", "200")
    assert answer["summary"]["unassigned"] == 1, answer
    jobs[3]["pickup"] = jobs[3].pop("delivery")
    problem["shipments"] = [{"amount": [4, 3], "pickup": {"id": 9, "location_index": 2}, "delivery": {"id": 9, "location_index": 3}}]
    answer, _ = ask(problem, "--iterations", "200")
    assert Judge(problem).judge(answer) == (0, 6, 30), answer
    kinds = [s["type"] for s in answer["routes"][0]["steps"]]
    assert kinds.index("delivery") < [s.get("id") for s in answer["routes"][0]["steps"]].index(3), kinds


def test_a_break_has_several_windows():
    """Work fills the first window, and the second is used; one too far away for the shift does not count."""
    rest = {"id": 5, "service": 100, "time_windows": [[0, 40], [400, 450], [5000, 6000]]}
    vehicle = {"id": 1, "start_index": 0, "end_index": 0, "time_window": [0, 1000], "breaks": [rest]}
    problem = {"vehicles": [vehicle], "matrices": {"car": {"durations": [[0, 50], [50, 0]]}},
               "jobs": [{"id": 1, "location_index": 1, "service": 200, "time_windows": [[50, 60]]},
                        {"id": 2, "location_index": 1, "service": 100, "time_windows": [[500, 560]]}]}
    answer, _ = ask(problem, "--iterations", "100")
    assert Judge(problem).judge(answer) == (0, 2, 100), answer
    steps = answer["routes"][0]["steps"]
    assert [s["type"] for s in steps] == ["start", "job", "break", "job", "end"], steps
    assert 400 <= steps[2]["arrival"] + steps[2]["waiting_time"] <= 450, steps
    rest["time_windows"][1] = [470, 490]  # over at 570: too late for the second job
    answer, _ = ask(problem, "--iterations", "100")
    assert Judge(problem).judge(answer)[1] == 1, answer
    rest["time_windows"] = [[5000, 6000], [7000, 8000]]
    answer, status = ask(problem)
    assert status == 3 and answer["error"] == "vehicle 1: a break does not fit its time_window", answer
    rest["time_windows"] = [[0, 40], [40, 80]]
    answer, status = ask(problem)
    assert status == 3 and "breaks[0].time_windows[1]: [40,80] must begin after" in answer["error"], answer


def test_a_break_asks_for_room():
    """With two parcels on board there is no break where one is the most: it is taken behind a door, or a job is left out."""
    rest = {"id": 5, "service": 10, "max_load": [1], "time_windows": [[0, 1000]]}
    vehicle = {"id": 1, "start_index": 0, "end_index": 0, "time_window": [0, 1000], "breaks": [rest]}
    problem = {"vehicles": [vehicle], "matrices": {"car": {"durations": [[0, 50], [50, 0]]}},
               "jobs": [{"id": 1, "location_index": 1, "delivery": [2]}, {"id": 2, "location_index": 0, "delivery": [1]}]}
    answer, _ = ask(problem, "--iterations", "100")
    assert Judge(problem).judge(answer) == (0, 2, 100), answer
    steps = [s["type"] if s["type"] != "job" else s["id"] for s in answer["routes"][0]["steps"]]
    assert steps.index("break") > steps.index(1), steps
    rest["time_windows"] = [[0, 40]]  # before she can be anywhere but at home
    answer, _ = ask(problem, "--iterations", "100")
    assert Judge(problem).judge(answer) == (0, 1, 0), answer
    rest["max_load"] = [2]
    answer, _ = ask(problem, "--iterations", "100")
    assert Judge(problem).judge(answer) == (0, 2, 100), answer
    rest["max_load"] = [1, 1]
    answer, status = ask(problem)
    assert status == 3 and "breaks[0].max_load: [1,1] has not as many amounts as the others: 1" in answer["error"], answer


def test_priority_comes_before_all_costs():
    """However fine or high costs are: the far job of priority 100, not the near one of 99; the one of priority 1, not three of none."""
    seconds = [[0 if a == b else 3600 for b in range(5)] for a in range(5)]
    car = {"durations": seconds, "distances": [[10 * x for x in row] for row in seconds]}
    vehicle = {"id": 1, "start_index": 0, "end_index": 0, "max_distance": 10**6, "max_tasks": 1,
               "costs": {"fixed": 10**8, "per_hour": 10**7, "per_km": 999, "per_task_hour": 7}}
    problem = {"vehicles": [vehicle], "jobs": [{"id": 1, "location_index": 0, "priority": 99}, {"id": 2, "location_index": 4, "priority": 100}],
               "matrices": {"car": car}}
    answer, _ = ask(problem, "--iterations", "200")
    assert answer["summary"]["priority"] == 100, answer
    del vehicle["max_tasks"]
    vehicle["costs"]["per_hour"] = 10**8
    vehicle["time_window"] = [0, 7300]  # the job of priority 1 takes all of it, the three are at home
    problem["jobs"] = [{"id": 1, "location_index": 4, "priority": 1, "service": 100},
                       *[{"id": i, "location_index": 0, "time_windows": [[0, 7290]], "service": 5} for i in (2, 3, 4)]]
    answer, _ = ask(problem, "--iterations", "200")
    assert answer["summary"]["priority"] == 1, answer
    for row in car["durations"]:
        row[:] = [31_000_000 if x else 0 for x in row]
    answer, status = ask(problem)
    assert status == 3 and "too high to be counted" in answer["error"], answer


def test_most_travel_and_most_distance():
    """By the one vehicle 10 there and 10 back; one job further is too much. Where metres cannot be told, words say so."""
    car = {"durations": [[abs(a - b) * 10 for b in range(3)] for a in range(3)]}
    vehicle = {"id": 1, "start_index": 0, "end_index": 0, "max_travel_time": 39}
    problem = {"vehicles": [vehicle], "jobs": [{"id": i, "location_index": i} for i in (1, 2)], "matrices": {"car": car}}
    answer, _ = ask(problem, "--iterations", "100")
    assert (answer["summary"]["unassigned"], answer["summary"]["duration"]) == (1, 20), answer
    vehicle["max_travel_time"] = 40
    vehicle["max_distance"] = 399
    answer, status = ask(problem)
    assert status == 3 and answer["error"] == "vehicle 1: max_distance needs distances beside durations in the matrices", answer
    car["distances"] = [[10 * x for x in row] for row in car["durations"]]
    answer, _ = ask(problem, "--iterations", "100")
    assert (answer["summary"]["unassigned"], answer["summary"]["distance"]) == (1, 200), answer
    vehicle["max_distance"] = 400
    vehicle["costs"] = {"per_hour": 3600, "per_km": 1250}
    answer, _ = ask(problem, "--iterations", "100")
    assert (answer["summary"]["unassigned"], answer["summary"]["cost"]) == (0, 540), answer  # 40 s and 0.4 km
    problem["vehicles"].append({"id": 2, "start_index": 0, "costs": {"per_hour": 1800}})
    answer, status = ask(problem)
    assert status == 3 and answer["error"] == "vehicle 2: max_distance cannot be kept where vehicles differ in per_hour", answer
    del problem["vehicles"][1], vehicle["costs"]
    car["costs"] = car["durations"]
    answer, status = ask(problem)
    assert status == 3 and answer["error"] == "vehicle 1: max_distance cannot be kept beside a matrix of costs", answer


def test_a_vehicle_that_is_there_since_long_before():
    """From 0 on, while jobs have time stamps of today; what is named years apart is refused."""
    now = 1_700_000_000
    vehicle = {"id": 1, "start_index": 0, "end_index": 0, "time_window": [0, now + 100_000]}
    jobs = [{"id": i, "location_index": 1, "service": 100, "time_windows": [[now, now + 3600]]} for i in (1, 2)]
    problem = {"vehicles": [vehicle, {**vehicle, "id": 2, "time_window": [now - 50, now + 50]}], "jobs": jobs,
               "matrices": {"car": {"durations": [[0, 50], [50, 0]]}}}
    answer, _ = ask(problem, "--iterations", "100")
    assert Judge(problem).judge(answer) == (0, 2, 100), answer
    del problem["vehicles"][1]
    jobs[0]["time_windows"] = [[now, now]]  # the other one, which has all the time, comes before it
    jobs[1] = {"id": 2, "location_index": 0, "service": 7000}
    vehicle["time_window"] = [0, now + 1000]
    answer, _ = ask(problem, "--iterations", "100")
    assert Judge(problem).judge(answer) == (0, 2, 100), answer
    for window, windows in (([0, 1000], [[now, now]]), ([0, now + 1000], [[5, 10]])):
        vehicle["time_window"], jobs[1]["time_windows"] = window, windows
        answer, status = ask(problem)
        assert status == 3 and "are too far apart: 300000000 seconds are possible" in answer["error"], answer


def test_before_the_first_time_there_is_time_for_all():
    """What a pickup takes for this type of vehicle, before the one second at which it can be delivered."""
    now = 1_600_416_000
    problem = {"vehicles": [{"id": 1, "type": "a", "start_index": 0, "end_index": 0}], "jobs": [],
               "shipments": [{"pickup": {"id": 1, "location_index": 1, "service_per_type": {"a": 5000}},
                              "delivery": {"id": 1, "location_index": 0, "time_windows": [[now, now]]}}],
               "matrices": {"car": {"durations": [[0, 10], [10, 0]]}}}
    answer, _ = ask(problem, "--iterations", "100")
    assert Judge(problem).judge(answer) == (0, 2, 20), answer


def test_windows_may_come_in_any_order():
    """Also of breaks, and of given routes; but not one in the other."""
    windows = [[400, 450], [0, 40]]
    vehicle = {"id": 1, "start_index": 0, "end_index": 0, "time_window": [0, 1000],
               "breaks": [{"id": 5, "service": 5, "time_windows": windows}]}
    problem = {"vehicles": [vehicle], "jobs": [{"id": 1, "location_index": 1, "time_windows": windows}],
               "matrices": {"car": {"durations": [[0, 20], [20, 0]]}}}
    answer, _ = ask(problem, "--iterations", "100")
    assert Judge(problem).judge(answer) == (0, 1, 40), answer
    assert answer["routes"][0]["steps"][-1]["arrival"] == 45, answer
    vehicle["steps"] = [{"type": "break", "id": 5}, {"type": "job", "id": 1, "service_before": 300}]
    answer, _ = ask({**problem, "options": {"c": True}})
    assert answer["summary"]["violations"] == [], answer
    windows[1] = [0, 400]
    answer, status = ask(problem)
    assert status == 3 and "jobs[0].time_windows[0]: [400,450] must begin after the one before has closed" in answer["error"], answer


def test_a_number_may_be_written_with_a_point():
    """A skill 3.0 is the skill 3, and is asked for."""
    problem = {"vehicles": [{"id": 1, "start_index": 0}], "jobs": [{"id": 1, "location_index": 0, "skills": [3.0]}],
               "matrices": {"car": {"durations": [[0]]}}}
    answer, _ = ask(problem, "--iterations", "10")
    assert answer["summary"]["unassigned"] == 1, answer
    problem["vehicles"][0]["skills"] = [3]
    answer, _ = ask(problem, "--iterations", "10")
    assert answer["summary"]["unassigned"] == 0, answer


def test_a_way_may_take_too_long_to_be_counted():
    """At a hundredth of the speed 1.36 years are 136, not the 4 s that are left of them in 32 bits: no way leads there."""
    for seconds in 42_949_673, 30_000_000:
        vehicle = {"id": 1, "start_index": 0, "end_index": 0}
        problem = {"vehicles": [vehicle], "jobs": [{"id": 1, "location_index": 1}],
                   "matrices": {"car": {"durations": [[0, seconds], [seconds, 0]]}}}
        answer, _ = ask(problem, "--iterations", "10")
        assert Judge(problem).judge(answer) == (0, 1, 2 * seconds), answer
        vehicle["speed_factor"] = 0.01
        answer, _ = ask(problem, "--iterations", "10")
        assert answer["summary"]["unassigned"] == 1, answer


def test_the_old_name_of_what_is_delivered():
    """An amount is delivered, but not where the job says what is picked up."""
    job = {"id": 1, "location_index": 0, "amount": [9]}
    problem = {"vehicles": [{"id": 1, "start_index": 0, "capacity": [2]}], "jobs": [job], "matrices": {"car": {"durations": [[0]]}}}
    answer, _ = ask(problem, "--iterations", "10")
    assert answer["summary"]["unassigned"] == 1, answer
    job["pickup"] = [1]
    answer, _ = ask(problem, "--iterations", "10")
    assert Judge(problem).judge(answer) == (0, 1, 0), answer
    assert (answer["summary"]["delivery"], answer["summary"]["pickup"]) == ([0], [1]), answer


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--runs", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    globals()["PROGRAM"] = options.program
    test_random_problems(options.runs, options.seed)
    test_tiny_problems_against_all_plans(options.runs // 2, options.seed)
    test_given_routes(options.runs, options.seed)
    for story in (test_given_routes_that_make_no_sense, test_steps_are_where_it_begins, test_every_fault_is_named, test_places_without_matrices,
                  test_what_was_delivered_makes_room, test_a_break_has_several_windows, test_a_break_asks_for_room, test_priority_comes_before_all_costs, test_most_travel_and_most_distance,
                  test_a_vehicle_that_is_there_since_long_before, test_before_the_first_time_there_is_time_for_all, test_windows_may_come_in_any_order,
                  test_a_number_may_be_written_with_a_point, test_a_way_may_take_too_long_to_be_counted, test_the_old_name_of_what_is_delivered):
        story()
        print("ok:", story.__doc__.splitlines()[0])
    return 0


if __name__ == "__main__":
    sys.exit(main())
