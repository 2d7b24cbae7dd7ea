"""The judge of VROOM's answers: each is walked step by step against the input, by VROOM's own rules (docs/API.md of the project),
with no help of ours; of tiny problems all plans, and of given routes the least that they are off."""
import itertools


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
