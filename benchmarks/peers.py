#!/usr/bin/env python3
"""Run an open solver on files of Solomon and Gehring & Homberger, and print the lines that `careround bench` would.

    benchmarks/peers.py pyvrp|ortools|vroom --time S [--seed K] FILE...

DIMACS convention: distances cut to one decimal, so everything is a whole number of tenths. Each solver has one thread and
its own best settings for a time limit; VROOM has no better use for time than its highest exploration level, and stops
when that is done. `run.py --peers` runs them in turn with careround on the same core; judge.py judges their lines too.
Needs the packages pyvrp, ortools, pyvroom (PyPI), each only when it is asked for.
"""
import argparse
import json
import time
from datetime import timedelta
from pathlib import Path

from judge import Solomon


class Day:
    """An instance in tenths."""

    def __init__(self, path):
        file = Solomon(path)
        self.n_vehicles, self.capacity = file.n_vehicles, file.capacity
        self.n = len(file.nodes)
        self.xy = [(node[1], node[2]) for node in file.nodes]
        self.demand = [int(node[3]) for node in file.nodes]
        self.window = [(int(10 * node[4]), int(10 * node[5])) for node in file.nodes]
        self.service = [int(10 * node[6]) for node in file.nodes]
        self.leg = [[file.leg(a, b) for b in range(self.n)] for a in range(self.n)]

    def starts(self, nodes):
        """The earliest starts of a route."""
        at, free = 0, self.window[0][0]
        for node in nodes:
            start = max(free + self.leg[at][node], self.window[node][0])
            yield node, start
            at, free = node, start + self.service[node]


def solve_pyvrp(day, seconds, seed):
    from pyvrp import Model
    from pyvrp.stop import MaxRuntime

    model = Model()
    places = [model.add_location(x, y) for x, y in day.xy]
    opens, closes = day.window[0]
    depot = model.add_depot(places[0], tw_early=opens, tw_late=closes)
    for node in range(1, day.n):
        opens, closes = day.window[node]
        model.add_client(places[node], delivery=day.demand[node], service_duration=day.service[node], tw_early=opens,
                         tw_late=closes)
    opens, closes = day.window[0]
    model.add_vehicle_type(day.n_vehicles, day.capacity, depot, depot, tw_early=opens, tw_late=closes)
    for a in range(day.n):
        for b in range(day.n):
            if a != b:
                model.add_edge(places[a], places[b], distance=day.leg[a][b], duration=day.leg[a][b])
    best = model.solve(MaxRuntime(seconds), seed=seed, display=False).best
    return [[stop.idx + 1 for stop in route if stop.is_client()] for route in best.routes()] if best.is_feasible() else []


def solve_ortools(day, seconds, seed):
    del seed  # it has none
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    manager = pywrapcp.RoutingIndexManager(day.n, day.n_vehicles, 0)
    routing = pywrapcp.RoutingModel(manager)
    routing.SetArcCostEvaluatorOfAllVehicles(routing.RegisterTransitMatrix(day.leg))
    with_care = [[day.service[a] + day.leg[a][b] for b in range(day.n)] for a in range(day.n)]
    horizon = day.window[0][1]
    routing.AddDimension(routing.RegisterTransitMatrix(with_care), horizon, horizon, False, "time")
    load = routing.RegisterUnaryTransitVector(day.demand)
    routing.AddDimensionWithVehicleCapacity(load, 0, [day.capacity] * day.n_vehicles, True, "load")
    clock = routing.GetDimensionOrDie("time")
    for node in range(1, day.n):
        clock.CumulVar(manager.NodeToIndex(node)).SetRange(*day.window[node])
    settings = pywrapcp.DefaultRoutingSearchParameters()
    settings.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    settings.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    settings.time_limit.FromTimedelta(timedelta(seconds=seconds))
    found = routing.SolveWithParameters(settings)
    routes = []
    for vehicle in range(day.n_vehicles if found else 0):
        index, nodes = found.Value(routing.NextVar(routing.Start(vehicle))), []
        while not routing.IsEnd(index):
            nodes.append(manager.IndexToNode(index))
            index = found.Value(routing.NextVar(index))
        routes.append(nodes)
    return routes


def solve_vroom(day, seconds, seed):
    del seed  # it has none
    import numpy
    import vroom

    problem = vroom.Input()
    problem.set_durations_matrix("car", numpy.array(day.leg, dtype="uint32"))
    for vehicle in range(day.n_vehicles):
        problem.add_vehicle(vroom.Vehicle(vehicle, start=0, end=0, capacity=[day.capacity],
                                          time_window=vroom.TimeWindow(*day.window[0])))
    for node in range(1, day.n):
        problem.add_job(vroom.Job(node, location=node, delivery=vroom.Amount([day.demand[node]]),
                                  default_service=day.service[node], time_windows=[vroom.TimeWindow(*day.window[node])]))
    found = problem.solve(exploration_level=5, nb_threads=1, timeout=timedelta(seconds=seconds)).to_dict()
    return [[step["id"] for step in route["steps"] if step["type"] == "job"] for route in found["routes"]]


SOLVERS = {"pyvrp": solve_pyvrp, "ortools": solve_ortools, "vroom": solve_vroom}


def line_of(solver, path, seconds, seed):
    day = Day(path)
    begun = time.monotonic()
    routes = [nodes for nodes in SOLVERS[solver](day, seconds, seed) if nodes]
    took = time.monotonic() - begun
    tenths = sum(day.leg[a][b] for nodes in routes for a, b in zip([0, *nodes], [*nodes, 0], strict=True))
    served = {node for nodes in routes for node in nodes}
    return {
        "instance": path.stem, "format": "solomon", "solver": solver, "objective": tenths / 10 if routes else None,
        "bound": None, "feasible": len(served) == day.n - 1,
        "unserved": [node for node in range(1, day.n) if node not in served], "seconds": took, "first_feasible_s": None,
        "seed": seed, "threads": 1,
        "routes": [{"vehicle": vehicle, "stops": [{"node": node, "service": None, "start": start / 10}
                                                  for node, start in day.starts(nodes)]}
                   for vehicle, nodes in enumerate(routes)],
    }  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("solver", choices=SOLVERS)
    parser.add_argument("--time", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("files", nargs="+", type=Path)
    options = parser.parse_args()
    for path in options.files:
        print(json.dumps(line_of(options.solver, path, options.time, options.seed)), flush=True)


if __name__ == "__main__":
    main()
