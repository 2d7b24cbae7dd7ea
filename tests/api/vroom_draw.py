"""Random problems in VROOM's JSON."""


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
