"""VROOM's JSON through `careround plan --format vroom`: random problems are answered, and every answer is walked here step by
step against the input, by VROOM's own rules (docs/API.md of the project), with no help of ours. Tiny ones are compared with all
the plans that there are.

    test_vroom.py [--program PROGRAM] [--runs N] [--seed K]
"""
import argparse
import itertools
import json
import random
import subprocess
import sys

PROGRAM = "careround"


def ask(problem, *more):
    """The answer and the status."""
    done = subprocess.run([PROGRAM, "plan", "--format", "vroom", "-", *more], input=json.dumps(problem).encode(),
                          capture_output=True, check=False, timeout=60)
    assert done.stdout, done.stderr.decode()
    return json.loads(done.stdout), done.returncode


# ---- the judge ----


class Judge:
    """Walks an answer."""

    def __init__(self, problem):
        self.problem = problem
        self.matrices = problem["matrices"]
        self.tasks = {("job", j["id"]): {**j, "amount_in": j.get("pickup", []), "amount_out": j.get("delivery", [])}
                      for j in problem.get("jobs", [])}
        for n, shipment in enumerate(problem.get("shipments", [])):
            for kind in "pickup", "delivery":
                self.tasks[kind, shipment[kind]["id"]] = {
                    **shipment[kind], "skills": shipment.get("skills", []), "priority": shipment.get("priority", 0),
                    "shipment": n, "amount": shipment.get("amount", [])}
        self.vehicles = {v["id"]: v for v in problem["vehicles"]}

    def duration(self, vehicle, a, b):
        seconds = self.matrices[vehicle.get("profile", "car")]["durations"][a][b]
        return -(-seconds * 100 // round(vehicle.get("speed_factor", 1) * 100))

    def leg_cost(self, vehicle, a, b):
        table = self.matrices[vehicle.get("profile", "car")]
        costs = vehicle.get("costs", {})
        if "costs" in table:
            return table["costs"][a][b]
        metres = table.get("distances", [[0] * (b + 1)] * (a + 1))[a][b]
        return costs.get("per_hour", 3600) * self.duration(vehicle, a, b) / 3600 + costs.get("per_km", 0) * metres / 1000

    def metres(self, vehicle, a, b):
        return self.matrices[vehicle.get("profile", "car")].get("distances", [[0] * (b + 1)] * (a + 1))[a][b]

    def times(self, vehicle, task):
        kind = vehicle.get("type")
        return (task.get("setup_per_type", {}).get(kind, task.get("setup", 0)),
                task.get("service_per_type", {}).get(kind, task.get("service", 0)))

    def walk_task(self, vehicle, task, step, state):
        setup, service = self.times(vehicle, task)
        setup = 0 if state["place"] == task["location_index"] else setup
        assert (step["setup"], step["service"]) == (setup, service), step
        assert set(task.get("skills", [])) <= set(vehicle.get("skills", [])), "skills"
        start = step["arrival"] + step["waiting_time"]
        if "time_windows" in task:
            assert any(a <= start <= b for a, b in task["time_windows"]), (step, task)
        if step["type"] == "job":
            change = [i - o for i, o in itertools.zip_longest(task["amount_in"], task["amount_out"], fillvalue=0)]
        else:
            change = [x if step["type"] == "pickup" else -x for x in task["amount"]]
            if step["type"] == "pickup":
                state["aboard"].add(task["shipment"])
            else:
                state["aboard"].remove(task["shipment"])
        state["load"] = [x + y for x, y in itertools.zip_longest(state["load"], change, fillvalue=0)]
        state["place"] = task["location_index"]
        state["n_tasks"] += 1
        state["task_s"] += setup + service
        return start + setup + service

    def walk_route(self, route):
        vehicle = self.vehicles[route["vehicle"]]
        steps = route["steps"]
        jobs = [self.tasks["job", s["id"]] for s in steps if s["type"] == "job"]
        load = [0] * len(vehicle.get("capacity", []))
        for job in jobs:
            load = [x + y for x, y in itertools.zip_longest(load, job["amount_out"], fillvalue=0)]
        state = {"place": None, "load": load, "aboard": set(), "n_tasks": 0, "task_s": 0}
        now, driven, metres, breaks = None, 0, 0, []
        cost = vehicle.get("costs", {}).get("fixed", 0)
        for step in steps:
            to = (vehicle["start_index"] if step["type"] == "start" else vehicle["end_index"] if step["type"] == "end"
                  else self.tasks[step["type"], step["id"]]["location_index"] if step["type"] != "break" else state["place"])
            way = 0
            if state["place"] is not None and step["type"] != "break":
                way = self.duration(vehicle, state["place"], to)
                cost += self.leg_cost(vehicle, state["place"], to)
                metres += self.metres(vehicle, state["place"], to)
            driven += way
            assert now is None or step["arrival"] == now + way, (step, now, way)
            assert step["duration"] == driven and step["waiting_time"] >= 0
            if step["type"] in ("start", "end"):
                now, state["place"] = step["arrival"], to
            elif step["type"] == "break":
                rest = next(b for b in vehicle["breaks"] if b["id"] == step["id"])
                start = step["arrival"] + step["waiting_time"]
                assert any(a <= start <= b for a, b in rest["time_windows"]), (step, rest)
                assert step["service"] == rest.get("service", 0)
                assert all(x <= most for x, most in zip(state["load"], rest.get("max_load", []))), (step, rest)
                now = start + rest.get("service", 0)
                breaks.append(step["id"])
            else:
                now = self.walk_task(vehicle, self.tasks[step["type"], step["id"]], step, state)
            if "capacity" in vehicle:
                assert all(0 <= x <= c for x, c in zip(state["load"], vehicle["capacity"])), (state, vehicle)
                assert step["load"] == state["load"], (step, state)
        assert not state["aboard"], "a shipment is not delivered"
        assert sorted(breaks) == sorted(b["id"] for b in vehicle.get("breaks", [])), "breaks"
        if "time_window" in vehicle:
            assert vehicle["time_window"][0] <= steps[0]["arrival"] and now <= vehicle["time_window"][1], "time_window"
        assert state["n_tasks"] <= vehicle.get("max_tasks", state["n_tasks"]), "max_tasks"
        cost += vehicle.get("costs", {}).get("per_task_hour", 0) * state["task_s"] / 3600
        assert driven <= vehicle.get("max_travel_time", driven), "max_travel_time"
        assert metres <= vehicle.get("max_distance", metres), "max_distance"
        assert route["duration"] == driven and route.get("distance", metres) == metres
        assert abs(route["cost"] - cost) <= 1, (route["cost"], cost)
        return cost

    def judge(self, answer):
        """The sum of priorities, the number of tasks and the cost."""
        assert answer["code"] == 0, answer
        served = [(s["type"], s["id"]) for r in answer["routes"] for s in r["steps"] if s["type"] not in ("start", "end", "break")]
        missing = [(u["type"], u["id"]) for u in answer["unassigned"]]
        assert sorted(served + missing) == sorted(self.tasks), "every task once"
        assert len(missing) == answer["summary"]["unassigned"]
        used = [r["vehicle"] for r in answer["routes"]]
        assert len(set(used)) == len(used)
        cost = sum(self.walk_route(r) for r in answer["routes"])
        assert abs(answer["summary"]["cost"] - cost) <= len(used)
        priority = sum(self.tasks[t].get("priority", 0) for t in served)
        assert answer["summary"]["priority"] == priority
        return priority, len(served), cost


# ---- random problems ----


def draw_windows(rng, most):
    first = sorted(rng.sample(range(0, most), 2))
    windows = [first]
    if rng.random() < 0.3:
        windows.append([first[1] + 300, first[1] + rng.randrange(600, 3000)])
    return windows


def draw_matrix(rng, n):
    matrix = {"durations": [[0 if a == b else rng.randrange(60, 1800) for b in range(n)] for a in range(n)]}
    if rng.random() < 0.5:
        matrix["distances"] = [[10 * x for x in row] for row in matrix["durations"]]
    if rng.random() < 0.3:
        matrix["costs"] = [[rng.randrange(0, 500) if x else 0 for x in row] for row in matrix["durations"]]
    return matrix


def draw_break_windows(rng, open_s):
    windows = []
    for _ in range(rng.randrange(1, 4)):
        close_s = open_s + rng.randrange(0, 1500)
        windows.append([max(0, open_s), max(0, close_s)])
        open_s = max(0, close_s) + rng.randrange(1, 3000)
    return windows


def draw_vehicle(rng, number, n_places, base, matrices, kind):
    vehicle = {"id": number}
    if rng.random() < 0.9:
        vehicle["start_index"] = rng.randrange(n_places)
    if rng.random() < 0.8 or "start_index" not in vehicle:
        vehicle["end_index"] = rng.randrange(n_places)
    if rng.random() < 0.7:
        vehicle["time_window"] = [base + rng.randrange(0, 3600), base + rng.randrange(9000, 20000)]
    if rng.random() < 0.6:
        vehicle["skills"] = rng.sample(range(5), rng.randrange(1, 5))
    if kind in ("capacity", "all") and rng.random() < 0.9:
        vehicle["capacity"] = [rng.randrange(2, 7), rng.randrange(3, 12)]
    if kind in ("max_tasks", "all"):
        vehicle["max_tasks"] = rng.randrange(1, 9)
    vehicle["profile"] = rng.choice(list(matrices))
    table = matrices[vehicle["profile"]]
    if rng.random() < 0.3 and "costs" not in table:
        vehicle["costs"] = {"fixed": rng.randrange(0, 2000), "per_hour": rng.choice([1800, 3600, 5000])}
        if "distances" in table:
            vehicle["costs"]["per_km"] = rng.randrange(0, 300)
    if rng.random() < 0.3:
        vehicle["speed_factor"] = rng.choice([0.8, 1.25, 2])
    if rng.random() < 0.5:
        vehicle["type"] = rng.choice("ab")
    if "time_window" in vehicle and rng.random() < 0.4:
        open_s = vehicle["time_window"][0] + rng.randrange(0, 4000)
        vehicle["breaks"] = [{"id": 7, "service": rng.randrange(0, 900), "time_windows": [[open_s, open_s + 3000]]}]
        if rng.random() < 0.5:
            vehicle["breaks"][0]["time_windows"] = draw_break_windows(rng, open_s)
        if rng.random() < 0.3:
            vehicle["breaks"].append({"id": 8, "service": rng.randrange(0, 400), "time_windows": draw_break_windows(rng, open_s - 600)})
        if kind in ("capacity", "all") and rng.random() < 0.5:
            vehicle["breaks"][0]["max_load"] = [rng.randrange(0, 4), rng.randrange(0, 6)]
    return vehicle


def draw_times(rng, task, n_places, base):
    task["location_index"] = rng.randrange(n_places)
    task["service"] = rng.randrange(0, 900)
    if rng.random() < 0.3:
        task["setup"] = rng.randrange(0, 120)
    if rng.random() < 0.2:
        task["service_per_type"] = {"a": rng.randrange(0, 900)}
    if rng.random() < 0.4:
        task["time_windows"] = [[base + a, base + b + 200] for a, b in draw_windows(rng, 12000)]
    return task


def draw_limits(rng, problem):
    """Most travel, and most distance where every way has metres and no costs of its own."""
    tables = [problem["matrices"][v["profile"]] for v in problem["vehicles"]]
    has_metres = all("distances" in t and "costs" not in t for t in tables) and rng.random() < 0.7
    per_hour = rng.choice([1800, 3600, 5000])
    is_paid = rng.random() < 0.3
    for task in problem["jobs"] + [end for s in problem["shipments"] for end in (s["pickup"], s["delivery"])] if is_paid else []:
        task.pop("setup", None)
    for vehicle in problem["vehicles"]:
        if is_paid:
            vehicle.setdefault("costs", {})["per_task_hour"] = rng.choice([0, 500, 3600, 5000])
        if rng.random() < 0.3:
            vehicle["max_travel_time"] = rng.randrange(300, 5000)
        if has_metres:
            vehicle.setdefault("costs", {})["per_hour"] = per_hour
            if rng.random() < 0.6:
                vehicle["max_distance"] = rng.randrange(3000, 50000)


def draw_problem(rng, n_jobs, n_shipments, n_vehicles):
    n_places = rng.randrange(3, 9)
    base = rng.choice([0, 1600416000])
    kind = rng.choice(["capacity", "max_tasks", "none", "all"])
    matrices = {profile: draw_matrix(rng, n_places) for profile in rng.sample(["car", "bike"], rng.randrange(1, 3))}
    problem = {"vehicles": [draw_vehicle(rng, 10 + v, n_places, base, matrices, kind) for v in range(n_vehicles)],
               "jobs": [], "shipments": [], "matrices": matrices}
    for j in range(n_jobs):
        job = draw_times(rng, {"id": j, "priority": rng.choice([0, 0, 10, 100])}, n_places, base)
        if rng.random() < 0.3:
            job["skills"] = [rng.randrange(5)]
        if kind in ("capacity", "all"):
            for key in rng.choice([["delivery"], ["pickup"], ["delivery", "pickup"]]):
                job[key] = [rng.randrange(0, 4), rng.randrange(0, 3)]
        problem["jobs"].append(job)
    for s in range(n_shipments):
        shipment = {"pickup": draw_times(rng, {"id": s}, n_places, base), "delivery": draw_times(rng, {"id": s}, n_places, base)}
        if kind in ("capacity", "all"):
            shipment["amount"] = [rng.randrange(0, 4), 1]
        problem["shipments"].append(shipment)
    draw_limits(rng, problem)
    return problem


# ---- stories ----


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


def all_costs(problem):
    """The least (minus priority, minus tasks, cost) over every way of giving jobs and shipments to vehicles."""
    judge = Judge(problem)
    vehicles = problem["vehicles"]
    units = [[{**j, "brings": j.get("delivery", []), "takes": j.get("pickup", [])}] for j in problem["jobs"]]
    units += [[{**s["pickup"], "takes": s.get("amount", [])}, {**s["delivery"], "takes": [-x for x in s.get("amount", [])]}]
              for s in problem["shipments"]]
    known = {}

    def cost_of(v, mine):
        if (v, mine) not in known:
            stops = [(u, e) for u in mine for e in range(len(units[u]))]
            rests = {(-1, k): {**rest, "is_break": True} for k, rest in enumerate(vehicles[v].get("breaks", []))} if mine else {}
            known[v, mine] = min((c for order in itertools.permutations([*stops, *rests])
                                  if all(order.index((u, 0)) < order.index((u, 1)) for u, e in order if e and u >= 0)
                                  and (c := cost_of_order(judge, vehicles[v], [rests[u, e] if u < 0 else units[u][e]
                                                                               for u, e in order])) is not None),
                                 default=None)
        return known[v, mine]

    best = None
    for owners in itertools.product(range(-1, len(vehicles)), repeat=len(units)):
        costs = [cost_of(v, tuple(u for u, owner in enumerate(owners) if owner == v)) for v in range(len(vehicles))]
        if None not in costs:
            served = [task for u, owner in zip(units, owners) if owner >= 0 for task in u]
            key = (-sum(t.get("priority", 0) for t in served), -len(served), sum(costs))
            best = key if best is None or key < best else best
    return best


def has_room(vehicle, order):
    """On board: what is delivered from the start, what is picked up to the end, what is shipped in between."""
    load = [sum((task.get("brings", []) + [0] * 9)[a] for task in order) for a in range(2)]
    for task in [{}] + list(order):
        if any(x > most for x, most in zip(load, task.get("max_load", []))):
            return False
        for a, most in enumerate(vehicle.get("capacity", [1 << 60] * 2)):
            load[a] += (task.get("takes", []) + [0] * 9)[a] - (task.get("brings", []) + [0] * 9)[a]
            if load[a] > most:
                return False
    return True


def cost_of_order(judge, vehicle, order):
    if not order:
        return 0
    jobs = [job for job in order if "is_break" not in job]
    if len(jobs) > vehicle.get("max_tasks", len(jobs)) or not has_room(vehicle, order):
        return None
    now, place, cost = vehicle.get("time_window", [0])[0], vehicle.get("start_index"), vehicle.get("costs", {}).get("fixed", 0)
    places = [vehicle.get("start_index"), *(job["location_index"] for job in jobs), vehicle.get("end_index")]
    legs = [(a, b) for a, b in zip(places, places[1:]) if a is not None and b is not None]
    if sum(judge.duration(vehicle, a, b) for a, b in legs) > vehicle.get("max_travel_time", 1 << 60) or \
            sum(judge.metres(vehicle, a, b) for a, b in legs) > vehicle.get("max_distance", 1 << 60):
        return None
    for job in order:
        if not set(job.get("skills", [])) <= set(vehicle.get("skills", [])):
            return None
        if place is not None and "is_break" not in job:
            now += judge.duration(vehicle, place, job["location_index"])
            cost += judge.leg_cost(vehicle, place, job["location_index"])
        opens = [max(now, a) for a, b in job.get("time_windows", [[0, 1 << 60]]) if now <= b]
        if not opens:
            return None
        now, place = opens[0] + sum(judge.times(vehicle, job)), job.get("location_index", place)
        cost += 0 if "is_break" in job else vehicle.get("costs", {}).get("per_task_hour", 0) * sum(judge.times(vehicle, job)) / 3600
    if "end_index" in vehicle:
        now += judge.duration(vehicle, place, vehicle["end_index"])
        cost += judge.leg_cost(vehicle, place, vehicle["end_index"])
    return cost if now <= vehicle.get("time_window", [0, 1 << 60])[1] else None


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


# ---- given routes ----


def off_windows(windows, time):
    """Below 0: so long before the nearest window; above: after it."""
    if not windows or any(a <= time <= b for a, b in windows):
        return 0
    late, early = min((time - b for _, b in windows if time > b), default=None), min((a - time for a, _ in windows if time < a), default=None)
    return -early if late is None or (early is not None and early < late) else late


def walk_given(judge, vehicle, route):
    """Every step's time and violations against the input; returns what the route is off in all, and how long it is."""
    tasks = [(s["type"], s["id"]) for s in vehicle["steps"] if s["type"] not in ("start", "end")]
    assert [(s["type"], s["id"]) for s in route["steps"] if s["type"] not in ("start", "end")] == tasks, "the order given"
    capacity, window, place, now = vehicle.get("capacity"), vehicle.get("time_window"), None, None
    load = [sum((judge.tasks[t].get("amount_out", []) + [0] * 2)[a] for t in tasks if t[0] == "job") for a in range(2)]
    done, off_all, driven, metres, cost = [], 0, 0, 0, 0
    for step in route["steps"]:
        causes = {v["cause"]: v.get("duration") for v in step["violations"]}
        wanted = {}
        task = judge.tasks.get((step["type"], step.get("id")))
        rest = next((b for b in vehicle.get("breaks", []) if step["type"] == "break" and b["id"] == step["id"]), None)
        to = place if rest else task["location_index"] if task else vehicle[step["type"] + "_index"]
        if place is not None and to != place:
            driven += judge.duration(vehicle, place, to)
            metres += judge.matrices["car"]["distances"][place][to]
            cost += judge.leg_cost(vehicle, place, to)
            now += judge.duration(vehicle, place, to)
        assert now is None or step["arrival"] == now, (step, now)
        start = step["arrival"] + step["waiting_time"]
        off = off_windows((task or rest or {}).get("time_windows"), start)
        if window and step["type"] in ("start", "end"):
            off = min(0, start - window[0]) if step["type"] == "start" else max(0, start - window[1])
        if off:
            wanted["lead_time" if off < 0 else "delay"] = abs(off)
        if task:
            setup, service = judge.times(vehicle, task)
            assert (step["setup"], step["service"]) == (setup if place != to else 0, service), step
            done.append((step["type"], step["id"]))
            change = task["amount"] if "amount" in task else task.get("amount_in", [])
            sign = -1 if step["type"] == "delivery" else 1
            load = [x + sign * y for x, y in itertools.zip_longest(load, change, fillvalue=0)]
            load = [x - y for x, y in itertools.zip_longest(load, task.get("amount_out", []), fillvalue=0)]
            if len(done) > vehicle.get("max_tasks", 99):
                wanted["max_tasks"] = None
            if not set(task.get("skills", [])) <= set(vehicle.get("skills", [])):
                wanted["skills"] = None
            if (step["type"] == "delivery" and ("pickup", step["id"]) not in done) or \
                    (step["type"] == "pickup" and ("delivery", step["id"]) not in tasks):
                wanted["precedence"] = None
        if capacity and any(x > c for x, c in zip(load, capacity)):
            wanted["load"] = None
        if driven > vehicle.get("max_travel_time", 1 << 60):
            wanted["max_travel_time"] = None
        if metres > vehicle.get("max_distance", 1 << 60):
            wanted["max_distance"] = None
        if step["type"] == "break" and any(x > c for x, c in zip(load, rest.get("max_load", []))):
            wanted["max_load"] = None
        assert causes == wanted and step["distance"] == metres, (step, wanted)
        cost += vehicle["costs"]["per_task_hour"] * (step["setup"] + step["service"]) / 3600 if task else 0
        now, place, off_all = start + step["setup"] + step["service"], to, off_all + abs(off)
    assert abs(route["cost"] - cost) <= 1, (route["cost"], cost)
    missing = len(vehicle.get("breaks", [])) - sum(s["type"] == "break" for s in route["steps"])
    assert ("missing_break" in [v["cause"] for v in route["violations"]]) == (missing > 0)
    return off_all, route["steps"][-1]["arrival"] - route["steps"][0]["arrival"]


def least_off(judge, vehicle, most):
    """The least that a route can be off, and then its least length, tick by tick."""
    steps = [s for s in vehicle["steps"] if s["type"] not in ("start", "end")]
    window = vehicle.get("time_window", [0, 1 << 60])
    table = [(max(0, window[0] - t), -t) for t in range(most)]
    place, take = vehicle["start_index"], 0
    for step in steps + [None]:
        rest = step and step["type"] == "break" and next(b for b in vehicle["breaks"] if b["id"] == step["id"])
        task = None if rest or not step else judge.tasks[step["type"], step["id"]]
        to = place if rest else task["location_index"] if task else vehicle["end_index"]
        take += judge.duration(vehicle, place, to) if to != place else 0
        best, new = (1 << 60, 0), []
        for t in range(most):
            best = min(best, table[t - take]) if t >= take else best
            off = abs(off_windows((task or rest or {}).get("time_windows"), t)) if step else max(0, t - window[1])
            bound = step or {}
            holds = bound.get("service_after", 0) <= t <= bound.get("service_before", 1 << 60) and t == bound.get("service_at", t)
            new.append((best[0] + off, best[1] + (0 if step else t)) if holds else (1 << 60, 0))
        setup, service = judge.times(vehicle, task) if task else (0, rest["service"] if rest else 0)
        table, take, place = new, (setup if to != place else 0) + service, to
    return min(table)


def draw_given(rng):
    n_places, most = 4, 60
    durations = [[0 if a == b else rng.randrange(1, 15) for b in range(n_places)] for a in range(n_places)]
    windows = lambda: [w for w in ([rng.randrange(0, 30), rng.randrange(30, 40)], [rng.randrange(45, 60), 60]) if rng.random() < 0.5]
    task = lambda i: {"id": i, "location_index": rng.randrange(n_places), "service": rng.randrange(0, 8), "setup": rng.randrange(0, 3),
                      **({"time_windows": w} if (w := windows()) else {})}
    jobs = [{**task(i), "delivery": [rng.randrange(3), 0], "pickup": [rng.randrange(2), 1], "skills": [1] if rng.random() < 0.1 else []}
            for i in range(rng.randrange(1, 4))]
    shipment = {"pickup": task(9), "delivery": task(9), "amount": [1, 1]}
    vehicle = {"id": 1, "start_index": 0, "end_index": 0, "time_window": [rng.randrange(0, 10), rng.randrange(20, most)],
               "capacity": [rng.randrange(1, 5), 2], "max_tasks": rng.randrange(1, 6), "max_travel_time": rng.randrange(5, 60),
               "max_distance": rng.randrange(50, 600), "costs": {"per_task_hour": rng.choice([0, 3600])},
               "breaks": [{"id": 4, "service": 5, "max_load": [2, 2], **({"time_windows": w} if (w := windows()) else {})}]}
    steps = [{"type": "job", "id": j["id"]} for j in jobs] + [{"type": k, "id": 9} for k in ("pickup", "delivery")] + [{"type": "break", "id": 4}]
    steps = rng.sample(steps, rng.randrange(1, len(steps) + 1))
    for step in steps:
        if rng.random() < 0.1:
            step[rng.choice(["service_after", "service_before", "service_at"])] = rng.randrange(20, 90)
    vehicle["steps"] = [{"type": "start"}, *steps, {"type": "end"}]
    return {"vehicles": [vehicle], "jobs": jobs, "shipments": [shipment], "matrices": {"car": {"durations": durations, "distances": [[10 * x for x in row] for row in durations]}},
            "options": {"c": True}}


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
    problem = {"vehicles": [{"id": 1, "start_index": 0, "time_window": [10, 5], "speed_factor": 9, "max_distance": -5},
                            {"start_index": 12}],
               "jobs": [{"id": 1, "location_index": 1, "service": -4}, {"id": 1, "location_index": "x", "priority": 101},
                        {"location_index": 0, "time_windows": [[5, 8], [7, 9]]}],
               "shipments": [{"pickup": {"id": 1, "location_index": 0}}],
               "matrices": {"car": {"durations": [[0, 1], [1, 0]]}}}
    answer, status = ask(problem)
    assert status == 3 and answer["code"] == 2 and list(answer) == ["code", "error"]
    for words in ("vehicles[0].time_window: [10,5] closes", "vehicles[0].speed_factor: 9 must", "vehicles[0].max_distance: -5 is",
                  "vehicles[1].start_index: 12 is no whole number from 0 to 1", "vehicles[1] has no id", "jobs[0].service: -4 is",
                  'jobs[1].location_index: "x" is', "jobs[1].priority: 101 is", "jobs[2] has no id",
                  "jobs[2].time_windows[1]: [7,9] must begin", "shipments[0].delivery is missing"):
        assert words in answer["error"], (words, answer["error"])
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
                  test_what_was_delivered_makes_room, test_a_break_has_several_windows, test_a_break_asks_for_room, test_priority_comes_before_all_costs, test_most_travel_and_most_distance):
        story()
        print("ok:", story.__doc__.splitlines()[0])
    return 0


if __name__ == "__main__":
    sys.exit(main())
