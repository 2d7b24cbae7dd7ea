"""Judges of the lines that `careround bench` prints, one for each public set.

Written from the sets' own rules (docs/benchmarks.md), not from the program: each reads the published file by itself,
walks every route at the starts printed, and gives the objective. A broken rule raises Broken with a sentence.
"""
import csv
import json
import math
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path

HALF_AN_HOUR_S = 1800
MISSING_CARER_PRICE = 100_000
MINUTE_NOISE = 1e-3  # Mankowska: the files have six decimals, published starts three


class Broken(Exception):
    """The line breaks a rule of its set."""


def require(holds, sentence):
    if not holds:
        raise Broken(sentence)


def each_route(line, n_vehicles):
    """The stops of every vehicle used; no vehicle twice, none that the file does not have."""
    seen = set()
    for route in line["routes"]:
        vehicle = route["vehicle"]
        require(0 <= vehicle < n_vehicles, f"vehicle {vehicle} does not exist")
        require(vehicle not in seen, f"vehicle {vehicle} has two routes")
        require(route["stops"], f"vehicle {vehicle} is idle and listed")
        seen.add(vehicle)
        yield vehicle, route["stops"]


# ---- Solomon, Gehring & Homberger: everything in tenths ----


class Solomon:
    def __init__(self, path, is_classic=False):
        self.is_classic = is_classic
        words = Path(path).read_text().split()
        after_capacity = words.index("CAPACITY") + 1
        self.n_vehicles, self.capacity = (int(w) for w in words[after_capacity : after_capacity + 2])
        table = words[words.index("CUSTOMER") :]
        first = next(i for i, word in enumerate(table) if word.lstrip("-").isdigit())
        numbers = [float(word) for word in table[first:]]
        self.nodes = [numbers[i : i + 7] for i in range(0, len(numbers), 7)]

    def leg(self, a, b):
        """Ten times the distance. DIMACS: its floor; whole coordinates make it an exact integer root."""
        _, ax, ay, *_ = self.nodes[a]
        _, bx, by, *_ = self.nodes[b]
        square = 100 * ((ax - bx) ** 2 + (ay - by) ** 2)
        if self.is_classic:
            return math.sqrt(square)
        return math.isqrt(int(square)) if square == int(square) else math.floor(math.sqrt(square))

    def walk(self, stops):
        """Tenths travelled by one vehicle."""
        at, free, load, travelled = 0, 10 * self.nodes[0][4], 0, 0
        for stop in stops:
            node, start = stop["node"], 10 * stop["start"]
            require(0 < node < len(self.nodes), f"node {node} does not exist")
            _, _, _, demand, ready, due, service = self.nodes[node]
            leg = self.leg(at, node)
            require(start >= free + leg - 1e-6, f"node {node} starts at {start / 10}, arrival {(free + leg) / 10}")
            require(10 * ready - 1e-6 <= start <= 10 * due + 1e-6, f"node {node} starts outside its window")
            at, free, load, travelled = node, start + 10 * service, load + demand, travelled + leg
        require(load <= self.capacity, f"load {load:g} is over the capacity {self.capacity}")
        require(free + self.leg(at, 0) <= 10 * self.nodes[0][5] + 1e-6, "back at the depot too late")
        return travelled + self.leg(at, 0)


def judge_solomon(path, line):
    """A line with a number of vehicles follows the classic convention, others DIMACS."""
    file = Solomon(path, is_classic="vehicles" in line)
    vehicles = len(line["routes"])
    require(line.get("vehicles", vehicles) == vehicles, f"claims {line.get('vehicles')} vehicles, has {vehicles}")
    served = Counter()
    tenths = 0
    for _, stops in each_route(line, file.n_vehicles):
        tenths += file.walk(stops)
        served.update(stop["node"] for stop in stops)
    for node in range(1, len(file.nodes)):
        require(served[node] == 1, f"node {node} is served {served[node]} times")
    require(line["unserved"] == [], "unserved is not empty")
    return tenths / 10


# ---- home health care, from Mankowska's text or Udine's JSON: minutes in double precision ----


class HomeCare:
    """n_carers, end, distance; needs (services in order), skills, opens, closes and gap, each by node or carer."""

    def walk(self, carer, stops, starts):
        """Minutes travelled by one carer; her services go into starts[node, service]."""
        at, free, travelled = 0, 0.0, 0.0
        for stop in stops:
            node, service, start = stop["node"], stop["service"], stop["start"]
            require(0 < node < len(self.needs) and service in self.needs[node], f"node {node} needs no service {service}")
            require(service in self.skills[carer], f"carer {carer} cannot give service {service}")
            require((node, service) not in starts, f"service {service} at node {node} is given twice")
            arrival = free + self.distance[at][node]
            require(start >= arrival - MINUTE_NOISE, f"node {node} starts at {start}, arrival {arrival}")
            require(start >= self.opens[node] - MINUTE_NOISE, f"node {node} starts before its window")
            starts[node, service] = (start, carer)
            free = start + self.duration_of(node, carer, service)
            travelled += self.distance[at][node]
            at = node
        return travelled + self.distance[at][self.end]

    def judge_patient(self, node, starts):
        for service in self.needs[node]:
            require((node, service) in starts, f"service {service} at node {node} is not given")
        if len(self.needs[node]) == 2:
            (first, one), (second, other) = (starts[node, service] for service in self.needs[node])
            least, most = self.gap[node]
            require(one != other, f"node {node}: one carer gives both services")
            require(
                least - MINUTE_NOISE <= second - first <= most + MINUTE_NOISE,
                f"node {node}: {second - first} minutes apart, not {least} to {most}",
            )

    def judge(self, line):
        starts = {}
        travel = sum(self.walk(carer, stops, starts) for carer, stops in each_route(line, self.n_carers))
        for node in range(1, len(self.needs)):
            self.judge_patient(node, starts)
        require(line["unserved"] == [], "unserved is not empty")
        late = [max(0.0, start - self.closes[node]) for (node, _), (start, _) in starts.items()]
        return (travel + sum(late) + max(late, default=0)) / 3


class Mankowska(HomeCare):
    def __init__(self, path):
        section, name = defaultdict(list), None
        for word in Path(path).read_text().split():
            if word[0].isalpha():
                name = word
            else:
                section[name].append(float(word))
        n, self.n_carers, services = (int(section[key][0]) for key in ("nbNodes", "nbVehi", "nbServi"))
        rows = lambda key, width: [section[key][i : i + width] for i in range(0, len(section[key]), width)]
        self.end, self.distance = n - 1, rows("d", n)
        self.skills = [{s + 1 for s, has in enumerate(row) if has} for row in rows("a", services)]
        self.needs = [[s + 1 for s, need in enumerate(row) if need] for row in rows("r", services)[: n - 1]]
        self.duration = rows("p", services)  # row node * n_carers + carer
        self.opens, self.closes = section["e"], section["l"]
        self.gap = list(zip(section["mind"], section["maxd"]))

    def duration_of(self, node, carer, service):
        return self.duration[node * self.n_carers + carer][service - 1]


class Udine(HomeCare):
    """Also Kummer's files. Windows are rounded down to whole minutes, as in the published results."""

    def __init__(self, path):
        file = json.loads(Path(path).read_text())
        patients, carers = file["patients"], file["caregivers"]
        usual = {service["id"]: service.get("default_duration") for service in file["services"]}
        required = [{}] + [
            {need["service"]: need.get("duration", usual[need["service"]]) for need in patient["required_caregivers"]}
            for patient in patients
        ]
        self.n_carers, self.end, self.distance = len(carers), 0, file["distances"]
        self.duration, self.needs = required, [list(services) for services in required]
        self.skills = [set(carer["abilities"]) for carer in carers]
        self.opens, self.closes = ([0] + [math.floor(patient["time_window"][i]) for patient in patients] for i in (0, 1))
        self.gap = [None] + [patient.get("synchronization", {}).get("distance", (0, 0)) for patient in patients]

    def duration_of(self, node, carer, service):
        return self.duration[node][service]


# ---- Bredström & Rönnqvist: minutes ----


class Bredstrom:
    def __init__(self, path, duration_tenths):
        tables = {}
        for statement in Path(path).read_text().replace(":", " ").split(";"):
            head, _, body = statement.partition("=")
            words, numbers = head.split(), body.split()
            if "param" in words:
                name, *columns = words[words.index("param") + 1 :]
                width = len(columns) + 1
                rows = [[float(number) for number in numbers[i : i + width]] for i in range(0, len(numbers), width)]
                tables[name] = {int(first): rest for first, *rest in rows} if columns else int(numbers[0])
        self.n_carers, self.day_length, self.travel = tables["kn"], tables["T"], tables["t_ij"]
        first_day = lambda name: {visit: days[0] for visit, days in tables[name].items()}
        self.opens, self.closes = first_day("e_id"), first_day("l_id")
        self.duration = {visit: duration * duration_tenths // 10 for visit, duration in first_day("s_id").items()}
        visits = sorted(set(self.travel) - {0})
        self.pairs = [(a, b) for a in visits for b in visits if a < b and self.travel[a][b] == 10_000]

    def walk(self, carer, stops, given):
        at, free, travelled = 0, 0, 0
        for stop in stops:
            visit, start = stop["node"], stop["start"]
            require(visit in self.travel and visit, f"visit {visit} does not exist")
            arrival = free + self.travel[at][visit]
            require(start >= arrival, f"visit {visit} starts at {start}, arrival {arrival}")
            require(self.opens[visit] <= start <= self.closes[visit], f"visit {visit} starts outside its window")
            given[visit].append((start, carer))
            travelled += self.travel[at][visit]
            at, free = visit, start + self.duration[visit]
        back = free + self.travel[at][0]
        require(back <= self.day_length, f"carer {carer} is back at {back:g}, the day ends at {self.day_length}")
        return travelled + self.travel[at][0]


def judge_bredstrom(path, line):
    kind = line.get("objective_kind", "travel")
    require(kind in ("travel", "travel14"), f"objective_kind {kind} is not judged")
    file = Bredstrom(path, 14 if kind == "travel14" else 10)
    given = defaultdict(list)
    travel = sum(file.walk(carer, stops, given) for carer, stops in each_route(line, file.n_carers))
    for visit in set(file.travel) - {0}:
        require(len(given[visit]) == 1, f"visit {visit} is served {len(given[visit])} times")
    for a, b in file.pairs:
        (start_a, carer_a), (start_b, carer_b) = given[a][0], given[b][0]
        require(carer_a != carer_b, f"visits {a} and {b} have one carer")
        require(start_a == start_b, f"visits {a} and {b} start {abs(start_b - start_a):g} apart")
    require(line["unserved"] == [], "unserved is not empty")
    return travel


# ---- unified home health care: minutes ----


class Uhhc:
    """Sums every component of the set; `sums` has them by their names in the file."""

    ON_PERSONS = ("qualification", "incompabilities", "caregiver_preferences")

    def __init__(self, path):
        file = json.loads(Path(path).read_text())
        meta = file["metadata"]
        self.weights = meta["cost_components"]
        self.by_end = meta["time_window_met"] == "at_service_end"
        self.leaves_at_begin = meta["origin"].startswith("bazirha")
        self.distance, self.lunch = file["distances"], file.get("lunch_breaks")
        place = {point["id"]: point["distance_matrix_index"] for point in file["terminal_points"]}
        self.carers = file["caregivers"]
        self.homes = [(place[carer["departing_point"]], place[carer["arrival_point"]]) for carer in self.carers]
        self.patients = {patient["distance_matrix_index"]: patient for patient in file["patients"]}
        self.duration = {
            (node, need["service"]): need["duration"] for node, p in self.patients.items() for need in p["required_services"]
        }
        self.sums, self.work, self.given = Counter(), [0] * len(self.carers), defaultdict(dict)

    def weigh(self, component, amount):
        self.sums[component] += max(0, amount)

    def serve(self, carer, stop):
        """One service; returns its length."""
        node, service, start = stop["node"], stop["service"], stop["start"]
        require((node, service) in self.duration, f"node {node} needs no service {service}")
        require(service not in self.given[node], f"service {service} at node {node} is given twice")
        patient, name = self.patients[node], self.carers[carer]["id"]
        self.given[node][service] = (start, carer)
        opened = [window for window in patient["time_windows"] if window["start"] <= start]
        require(opened, f"node {node} starts at {start}, before its window")
        length = self.duration[node, service]
        late = max(0, start + length * self.by_end - opened[-1]["end"])
        self.sums["total_tardiness"] += late
        self.sums["highest_tardiness"] = max(self.sums["highest_tardiness"], late)
        self.weigh("qualification", service not in self.carers[carer]["abilities"])
        self.weigh("incompabilities", name in patient.get("incompatible_caregivers", []))
        self.weigh("caregiver_preferences", name not in patient.get("preferred_caregivers", [name]))
        return length

    def take_lunch(self, carer, stop):
        require(self.carers[carer].get("lunch_break"), f"carer {carer} has no lunch break")
        length, start = self.lunch["min_duration"], stop["start"]
        require(stop["end"] - start == length, f"carer {carer} lunches {stop['end'] - start} minutes, not {length}")
        last = self.lunch["end"] - length * self.by_end
        require(self.lunch["start"] <= start <= last, f"carer {carer} lunches at {start}, not {self.lunch['start']} to {last}")
        return length

    def walk(self, carer, route):
        """Returns how long the carer was idle."""
        shift, (at, home) = self.carers[carer]["working_shift"], self.homes[carer]
        free, idle, lunches = shift["start"], 0, 0
        for i, stop in enumerate(route["stops"]):
            is_lunch = stop.get("break", False)
            to = stop["node"]
            start_place = self.homes[carer][0]
            require(to in self.patients or (is_lunch and to == start_place), f"node {to} does not exist")
            leg = self.distance[at][to]
            if i == 0 and not self.leaves_at_begin:
                idle += max(0, stop["start"] - leg - free)
                free = max(free, stop["start"] - leg)
            if i == 0:
                require(route["depart"] == free, f"carer {carer} departs at {route['depart']}, not {free}")
            wait = stop["start"] - free - leg
            require(wait >= 0, f"node {to} starts at {stop['start']}, arrival {free + leg}")
            idle += wait
            if not (i == 1 and lunches):
                self.weigh("total_waiting_time", wait)
            length = self.take_lunch(carer, stop) if is_lunch else self.serve(carer, stop)
            lunches += is_lunch
            self.weigh("travel_time", leg)
            self.work[carer] += leg + length * (not is_lunch)
            at, free = to, stop["start"] + length
        require(lunches <= 1, f"carer {carer} lunches twice")
        back = self.distance[at][home]
        self.weigh("travel_time", back)
        self.work[carer] += back
        require(route["return"] == free + back, f"carer {carer} returns at {route['return']}, not {free + back}")
        self.weigh("total_extra_time", free + back - shift["end"])
        self.sums["missed_lunch_break"] -= lunches
        return idle + max(0, shift["end"] - free - back)

    def judge_patient(self, node, patient):
        given = self.given.get(node, {})
        if not given:
            require(patient.get("optional"), f"node {node} is not served and not optional")
            self.sums["optional_patients"] += 1
            return
        order = []
        for need in patient["required_services"]:
            require(need["service"] in given, f"service {need['service']} at node {node} is not given")
            order.append(given[need["service"]])
        if len(order) < 2 or patient["synchronization"]["type"] == "independent":
            return
        require(len({carer for _, carer in order}) == len(order), f"node {node}: one carer gives two services")
        gap = patient["synchronization"].get("distance", {"min": 0, "max": 0})
        for (one, _), (other, _) in zip(order, order[1:]):
            least, most = gap["min"], gap["max"]
            require(least <= other - one <= most, f"node {node}: {other - one} minutes apart, not {least} to {most}")

    def judge(self, line):
        routes = {carer: line["routes"][i] for i, (carer, _) in enumerate(each_route(line, len(self.carers)))}
        for carer, record in enumerate(self.carers):
            length = record["working_shift"]["end"] - record["working_shift"]["start"]
            idle = self.walk(carer, routes[carer]) if carer in routes else length
            self.sums["max_idle_time"] = max(self.sums["max_idle_time"], idle)
            self.sums["missed_lunch_break"] += bool(record.get("lunch_break"))
        for node, patient in self.patients.items():
            self.judge_patient(node, patient)
        missing = Counter()
        for node, _ in self.duration:
            missing[node] += not self.given.get(node)
        require(Counter(line["unserved"]) == +missing, "unserved lists others than the patients without a carer")
        mean = Fraction(sum(self.work), len(self.work))
        self.sums["workload_balance"] = sum(math.ceil(abs(work - mean)) for work in self.work)
        for component in self.sums:
            is_hard = self.weights.get(component) == "HARD" or (
                component in self.ON_PERSONS and component not in self.weights
            )
            require(not (is_hard and self.sums[component]), f"{component} is {self.sums[component]}, must be 0")
        return sum(weight * self.sums[component] for component, weight in self.weights.items() if weight != "HARD")


# ---- Strathclyde: seconds ----


def rows_of(path, date_column, date):
    with open(path, newline="") as file:
        rows = list(csv.reader(file))[1:]
    return [row for row in rows if row[date_column] == date]


class Strathclyde:
    def __init__(self, path):
        folder, date = Path(path).parent, Path(path).name
        midnight = datetime.fromisoformat(date)
        seconds = lambda moment: int((moment - midnight) / timedelta(seconds=1))
        self.visits = {
            int(visit): (client, seconds(datetime.fromisoformat(f"{date}T{time}")), int(duration), int(carers))
            for visit, client, _, time, duration, carers in rows_of(folder / "visits.csv", 2, date)
        }
        self.segments = [
            (carer, seconds(datetime.fromisoformat(begin)), seconds(datetime.fromisoformat(end)))
            for carer, _, begin, end in rows_of(folder / "carers.csv", 1, date)
        ]
        with open(folder / "distance.csv", newline="") as file:
            header, *table = csv.reader(file)
        self.travel = {
            (row[1], to): int(value) for row in table for to, value in zip(header[1:], row[2:], strict=True)
        }

    def walk(self, segment, stops, given):
        carer, begin, end = self.segments[segment]
        at, free, travelled = None, begin, 0
        for stop in stops:
            require(stop["node"] in self.visits, f"visit {stop['node']} is not of this day")
            client, planned, duration, _ = self.visits[stop["node"]]
            start = stop["start"]
            leg = self.travel[at, client] if at else 0
            require(start >= free + leg, f"visit {stop['node']} starts at {start}, arrival {free + leg}")
            require(abs(start - planned) <= HALF_AN_HOUR_S, f"visit {stop['node']} starts {start - planned} s off")
            require(start + duration <= end, f"visit {stop['node']} ends after segment {segment}")
            given[stop["node"]].append((start, carer))
            at, free, travelled = client, start + duration, travelled + leg
        return travelled


def judge_strathclyde(path, line):
    day = Strathclyde(path)
    given = defaultdict(list)
    travel = sum(day.walk(segment, stops, given) for segment, stops in each_route(line, len(day.segments)))
    missing = Counter()
    for visit, (_, _, _, n_carers) in day.visits.items():
        require(len(given[visit]) in (0, n_carers), f"visit {visit} has {len(given[visit])} carers of {n_carers}")
        require(len({start for start, _ in given[visit]}) <= 1, f"visit {visit}: the carers start apart")
        require(len({carer for _, carer in given[visit]}) == len(given[visit]), f"visit {visit}: one carer twice")
        if not given[visit]:
            missing[visit] = n_carers
    require(Counter(line["unserved"]) == missing, "unserved lists other visits than those without a carer")
    return travel + MISSING_CARER_PRICE * missing.total()


JUDGES = {
    "solomon": judge_solomon,
    "mankowska": lambda path, line: Mankowska(path).judge(line),
    "udine": lambda path, line: Udine(path).judge(line),
    "bredstrom": judge_bredstrom,
    "uhhc": lambda path, line: Uhhc(path).judge(line),
    "strathclyde": judge_strathclyde,
}


def judge(path, line, limit_s=None):
    """The objective of a line, judged whole: rules, the sum claimed, the bound, the clock. Raises Broken."""
    require("error" not in line, line.get("error"))
    try:
        objective = JUDGES[line["format"]](path, line)
    except (KeyError, TypeError, IndexError) as fault:
        raise Broken(f"the line lacks something: {fault!r}") from fault
    require(line["objective"] is not None, "no objective")
    require(abs(objective - line["objective"]) <= 0.01, f"claims {line['objective']}, is {objective}")
    bound = line.get("bound")
    require(bound is None or bound <= objective + 0.01, f"a bound of {bound} is above the objective {objective}")
    require(line["feasible"] is True, "keeps every rule but says feasible false")
    if limit_s is not None:
        require(line["seconds"] <= limit_s + 0.5, f"took {line['seconds']} s of {limit_s}")
    return objective
