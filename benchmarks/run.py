#!/usr/bin/env python3
"""Run a public benchmark set through `careround bench`, judge every line, and write a table.

    benchmarks/run.py solomon --instances FOLDER --time 10 --peers pyvrp,vroom --out results
    benchmarks/run.py solomon --instances FOLDER --seeds 1-5 --peers pyvrp --peer-seeds 1-5 --list benchmarks/sets/short.txt
    benchmarks/run.py mankowska --instances FOLDER --time 20 --seeds 1-5 --list benchmarks/sets/short.txt
    benchmarks/run.py mankowska --instances FOLDER --time 20 --only '*_10_*' --jobs 2

FOLDER holds the sets' own folders (solomon-1987, mankowska-2014, ...). Each run is a process of its own, file by file:
careround, then each peer (peers.py), on the same core if the caller pins one; --jobs 2 runs two files side by side.
--list takes a file of lines "SET FILE"; --keep-best FOLDER keeps plans better than the best known, and than the one kept.
The table goes to OUT/SET.md and OUT/SET.csv, the lines themselves, with the time of each better plan, to OUT/SET.jsonl:
after each file, so that a table of hours which is stopped loses the files under way and no more. --resume goes on from
there: the lines in OUT, of the same conditions, are judged again and not run again. Needs nothing but Python 3 (peers
need their packages). Status 1 if a line is missing or broken.
"""
import argparse
import csv
import fnmatch
import hashlib
import io
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import judge
import peers

HERE = Path(__file__).resolve().parent


OURS = "careround"


@dataclass(frozen=True)
class BenchmarkSet:
    format: str
    folder: str
    best_column: str | None  # of best_known.csv
    group: str  # what the table sums up apart: the part of a file's name in brackets
    times_s: dict[str, float]  # pattern of file names: seconds a file unless --time says otherwise; the first that fits
    more: tuple[str, ...] = ()  # words of the command

    def time_s(self, file):
        return next(seconds for pattern, seconds in self.times_s.items() if fnmatch.fnmatch(file, pattern))


BREDSTROM_TIMES_S = {"*_20_*": 5, "*_50_*": 20, "*": 60}

SETS = {
    "solomon": BenchmarkSet("solomon", "solomon-1987", "dimacs", r"([RC]+\d)\d\d", {"*": 10}),
    "gehring-homberger": BenchmarkSet(
        "solomon", "gehring-homberger-1999", "dimacs", r"(\d+/[rc]+\d)_", {"200/*": 30, "400/*": 60, "*": 120}
    ),
    "mankowska": BenchmarkSet(
        "mankowska", "mankowska-2014", "best", r"_(\d+)_\d+\.txt", {"*CPLEX*_75_*": 60, "*CPLEX*": 20, "*_100_*": 60, "*": 120}
    ),
    "kummer": BenchmarkSet("udine", "kummer-2021", "best", r"HHCRSP_(\d+)_", {"*": 60}),
    "udine": BenchmarkSet("udine", "udine-italian-2024", "best", r"()", {"*": 60}),
    "bredstrom": BenchmarkSet("bredstrom", "bredstrom-2008", "mins", r"case_\d_(\d+)_", BREDSTROM_TIMES_S),
    "bredstrom-1.4": BenchmarkSet(
        "bredstrom", "bredstrom-2008", "mins14", r"case_\d_(\d+)_", BREDSTROM_TIMES_S, ("--duration-factor", "1.4")
    ),
    "uhhc": BenchmarkSet("uhhc", "uhhc-2026", "best", r"^([\w-]+)/", {"*": 60}),
    "strathclyde": BenchmarkSet("strathclyde", "strathclyde-2017", None, r"()", {"*": 60}),
}


@dataclass
class Run:
    """One solver on one file with one seed."""

    file: str
    solver: str
    seed: int
    line: dict
    text: str = ""
    objective: float | None = None
    best: float | None = None
    fault: str = ""

    @property
    def gap(self):
        """Percent above the best known value."""
        if self.objective is None or not self.best:
            return None
        return 100 * (self.objective - self.best) / self.best

    @property
    def is_at_best(self):
        """At or below the best known value, as far as that was rounded or cut when it was published."""
        if self.gap is None:
            return False
        decimals = len(repr(float(self.best)).partition(".")[2].rstrip("0"))
        return self.objective <= self.best + min(10**-decimals, 0.05) + 0.001

    def seconds_to_within(self, percent):
        """When the best plan first was within so much of the best known value; None: never, or nobody knows."""
        if self.gap is None:
            return None
        for seconds, ratio in self.line.get("trace", []):
            if self.objective * ratio <= self.best * (1 + percent / 100):
                return seconds
        return None


# ---- which files ----


def dates_of(folder):
    with open(folder / "visits.csv", newline="") as file:
        return sorted({row["Date"] for row in csv.DictReader(file)})


def best_known(folder, column):
    """File name -> best known value (None if unknown), in the table's order. "~" and "*" only comment on a value."""
    known = {}
    with open(folder / "best_known.csv", newline="") as file:
        for row in csv.DictReader(file):
            value = row[column].strip("~* ")
            known[row["file"]] = float(value) if value not in ("", "-", "?") else None
    return known


def listed(path, name):
    """The files of a set in a list of lines "SET FILE"; # begins a comment."""
    lines = [line.split("#")[0].split() for line in path.read_text().splitlines()]
    return {words[1] for words in lines if len(words) == 2 and words[0] == name}


def files_of(options, chosen, folder, kept):
    """Those asked for, and those of the table that is gone on with."""
    known = best_known(folder, chosen.best_column) if chosen.best_column else dict.fromkeys(dates_of(folder))
    wanted = listed(options.list, options.set) if options.list else set(known)
    for file in wanted - set(known):
        sys.exit(f"{options.list}: {file} is not in {options.set}")
    done = {stem for stem, _, _ in kept}
    return {
        file: best
        for file, best in known.items()
        if (file in wanted and fnmatch.fnmatch(file, options.only)) or Path(file).stem in done
    }


# ---- one file ----


def key_of(run):
    return Path(run.file).stem, run.solver, run.seed


def time_of(options, chosen, file):
    """Seconds; None if iterations are counted instead."""
    if options.iterations:
        return None
    return chosen.time_s(file) * options.time_share if options.time is None else options.time


def command_of(options, chosen, run, path):
    seconds = time_of(options, chosen, run.file)
    limit = ["--iterations", str(options.iterations)] if seconds is None else ["--time", str(seconds)]
    seed = ["--seed", str(run.seed)]
    if run.solver != OURS:
        return [sys.executable, str(HERE / "peers.py"), run.solver, *limit, *seed, str(path)]
    more = ["--threads", str(options.threads), "--trace", *chosen.more]
    return [options.program, "bench", "--format", chosen.format, *limit, *seed, *more, str(path)]


def run_one(options, chosen, path, run, kept):
    """A line that is kept is judged as a new one is; one that says only what went wrong is asked for again."""
    run.text = kept.get(key_of(run), "")
    if run.text and "error" in json.loads(run.text):
        run.text = ""
    said = ""
    if not run.text:
        done = subprocess.run(command_of(options, chosen, run, path), capture_output=True, text=True, check=False)
        run.text, said = done.stdout.strip(), f"status {done.returncode}: {done.stderr.strip()[-200:]}"
    # A peer's lateness is its own affair, and in the table.
    limit_s = time_of(options, chosen, run.file) if run.solver == OURS else None
    try:
        run.line = json.loads(run.text)
        told = run.line.get("instance"), run.line.get("seed")
        if "error" not in run.line and told != (Path(run.file).stem, run.seed):
            raise judge.Broken(f"the line is of {told[0]}, seed {told[1]}")
        run.objective = judge.judge(path, run.line, limit_s)
    except json.JSONDecodeError:
        run.fault = f"no line, {said}"
    except judge.Broken as broken:
        run.fault = str(broken)
    print(describe(run), file=sys.stderr, flush=True)
    return run


def run_file(options, chosen, folder, kept, file, best):
    runs = [Run(file, OURS, seed, {}, best=best) for seed in options.seeds]
    runs += [Run(file, peer, seed, {}, best=best) for peer in options.peers for seed in options.peer_seeds or options.seeds[:1]]
    return [run_one(options, chosen, folder / file, run, kept) for run in runs]


def describe(run):
    who = f"{run.file} {run.solver} seed {run.seed}"
    if run.fault:
        return f"{who}: BROKEN: {run.fault}"
    return f"{who}: {number(run.objective)} (best known {number(run.best)}, gap {percent(run.gap)})"


# ---- the table ----


def number(value, digits=2):
    return "" if value is None else f"{value:.{digits}f}".rstrip("0").rstrip(".")


def percent(value):
    return "" if value is None else f"{value:+.2f} %"


def cells(run):
    line = run.line
    return [
        run.file,
        run.solver,
        str(run.seed),
        number(run.objective),
        str(len(line.get("unserved", []))) if not run.fault else "",
        number(run.best),
        percent(run.gap),
        number(line.get("first_feasible_s"), 3),
        number(run.seconds_to_within(1), 3),
        number(line.get("seconds")),
        run.fault,
    ]


HEADINGS = [
    "file", "solver", "seed", "objective", "unserved", "best known", "gap", "first feasible s", "within 1 % s", "seconds",
    "fault",
]  # fmt: skip


def gaps_of(runs):
    return [run.gap for run in runs if run.gap is not None]


def summary(runs):
    """What one solver did over its runs."""
    gaps, objectives = gaps_of(runs), [run.objective for run in runs if run.objective is not None]
    text = f"{len(runs)} runs, {sum(bool(run.fault) for run in runs)} broken."
    if gaps:
        at_best = sum(run.is_at_best for run in runs)
        text += f" Mean gap {percent(statistics.fmean(gaps))}, worst {percent(max(gaps))}, over {len(gaps)} runs;"
        text += f" {at_best} at or below the best known."
    if objectives:
        text += f" Mean objective {number(statistics.fmean(objectives))}, over {len(objectives)} runs."
    return text


def spread(runs):
    """How far the seeds lie apart: the means over all files, seed by seed; of gaps, or of objectives if no file has one."""
    has_gaps = bool(gaps_of(runs))
    by_seed = defaultdict(list)
    for run in runs:
        by_seed[run.seed].append(run.gap if has_gaps else run.objective)
    if len(by_seed) < 2 or any(value is None for values in by_seed.values() for value in values):
        return ""
    means = [statistics.fmean(values) for values in by_seed.values()]
    return (
        f" Means of the seeds {', '.join(number(mean, 3) for mean in means)}: mean {number(statistics.fmean(means), 3)},"
        f" standard deviation {number(statistics.stdev(means), 3)}."
    )


def by_solver(runs):
    solvers = defaultdict(list)
    for run in runs:
        solvers[run.solver].append(run)
    return solvers


def group_of(chosen, run):
    found = re.search(chosen.group, run.file)
    return found.group(1) if found else ""


def group_rows(chosen, runs):
    """Solver, group, runs, mean gap, worst gap; for groups whose best values are known."""
    groups = defaultdict(list)
    for run in runs:
        groups[group_of(chosen, run), run.solver].append(run)
    for (group, solver), members in groups.items():
        gaps = gaps_of(members)
        if gaps:
            yield [group, solver, str(len(gaps)), percent(statistics.fmean(gaps)), percent(max(gaps))]


def processor():
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def version(options):
    """What it calls itself, and its bytes: builds of one version are many."""
    done = subprocess.run([options.program, "--version"], capture_output=True, text=True, check=False)
    program = Path(shutil.which(options.program) or options.program)
    digest = hashlib.sha256(program.read_bytes()).hexdigest()[:12] if program.is_file() else "unknown"
    return f"{done.stdout.strip() or 'careround'} (SHA-256 {digest})"


def limit_words(options):
    if options.time is not None:
        return number(options.time)
    own_times = dict.fromkeys(SETS[options.set].times_s.values())
    return " or ".join(number(seconds * options.time_share) for seconds in own_times)


def conditions(options):
    limit = f"{options.iterations} iterations" if options.iterations else f"{limit_words(options)} s"
    return (
        f"{version(options)}. {limit} a file, {options.threads} thread(s), seed(s) "
        f"{', '.join(map(str, options.seeds))}, {options.jobs} file(s) at once. "
        f"{processor()}, {os.cpu_count()} cores, {platform.system()}. {date.today()}."
    )


def markdown_table(headings, rows):
    yield "| " + " | ".join(headings) + " |"
    yield "|---" * len(headings) + "|"
    yield from ("| " + " | ".join(row) + " |" for row in rows)


def summaries(runs):
    return [f"{solver}: {summary(own)}{spread(own)}" for solver, own in by_solver(runs).items()]


def is_told_of(options):
    """The head of a table as it will be, but for the day: the same conditions give the same."""
    return conditions(options).rsplit(". ", 1)[0]


def kept_lines(options):
    """The lines of a table that was stopped, by key_of()."""
    table, lines = options.out / f"{options.set}.md", options.out / f"{options.set}.jsonl"
    if not options.resume or not table.exists():
        return {}
    head = table.read_text().splitlines()[2]
    if head.rsplit(". ", 1)[0] != is_told_of(options):
        sys.exit(f"{table}: was made otherwise, and cannot be gone on with: {head}")
    kept = {}
    for text in lines.read_text().splitlines():
        line = json.loads(text)
        kept[line["instance"], line.get("solver", OURS), line.get("seed", options.seeds[0])] = text
    return kept


def replace(path, text):
    """Never half a table."""
    beside = path.with_name(path.name + ".new")
    beside.write_text(text)
    beside.replace(path)


def write_markdown(path, options, chosen, runs):
    lines = [f"# {options.set}", "", conditions(options), ""]
    for sentence in summaries(runs):
        lines += [sentence, ""]
    lines += [*markdown_table(["group", "solver", "runs", "mean gap", "worst"], group_rows(chosen, runs)), ""]
    lines += markdown_table(HEADINGS, map(cells, runs))
    replace(path, "\n".join(lines) + "\n")


def write_csv(path, runs):
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    writer.writerows(cells(run) for run in runs)
    replace(path, text.getvalue())


def write_results(options, chosen, runs, kept):
    """Kept lines that the table has not come to yet are lines still: it may be stopped again."""
    options.out.mkdir(parents=True, exist_ok=True)
    write_markdown(options.out / f"{options.set}.md", options, chosen, runs)
    write_csv(options.out / f"{options.set}.csv", runs)
    done = {key_of(run) for run in runs}
    lines = [run.text for run in runs if run.line] + [text for key, text in kept.items() if key not in done]
    replace(options.out / f"{options.set}.jsonl", "".join(line + "\n" for line in lines))


def is_new_best(run, kept):
    """Better than the best known by more than its rounding, and than the plan kept before."""
    if run.solver != OURS or run.gap is None or run.objective > run.best - 0.01:
        return False
    return not kept.exists() or run.objective < json.loads(kept.read_text())["objective"] - 1e-6


def keep_new_bests(folder, runs):
    for run in runs:
        kept = folder / (run.file.replace("/", "-") + ".json")
        if is_new_best(run, kept):
            folder.mkdir(parents=True, exist_ok=True)
            line = {key: value for key, value in run.line.items() if key != "trace"}
            kept.write_text(json.dumps(line) + "\n")


def seeds_of(text):
    """1 or 1,4 or 1-5."""
    seeds = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        seeds += range(int(first), int(last or first) + 1)
    return seeds


def peers_of(text):
    names = [name for name in text.split(",") if name]
    for name in names:
        if name not in peers.SOLVERS:
            raise argparse.ArgumentTypeError(f"'{name}' must be of {', '.join(peers.SOLVERS)}")
    return names


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set", choices=SETS)
    parser.add_argument("--instances", type=Path, required=True, help="folder that holds the sets' folders")
    parser.add_argument("--program", default=str(HERE.parent / "build" / "careround"))
    limit = parser.add_mutually_exclusive_group()
    limit.add_argument("--time", type=float, help="seconds a file (default: the set's own)")
    limit.add_argument("--iterations", type=int)
    limit.add_argument("--time-share", type=float, default=1, metavar="F", help="that part of the set's own seconds a file")
    parser.add_argument("--seeds", type=seeds_of, default=[1], help="1 or 1,4 or 1-5 (default 1)")
    parser.add_argument("--peers", type=peers_of, default=[], help="solomon's format: " + ", ".join(peers.SOLVERS))
    parser.add_argument("--peer-seeds", type=seeds_of, help="the peers' seeds (default: the first of --seeds)")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--jobs", type=int, choices=(1, 2), default=1, help="files side by side")
    parser.add_argument("--only", default="*", help="pattern of file names, as in best_known.csv")
    parser.add_argument("--list", type=Path, help="file of lines 'SET FILE': only these")
    parser.add_argument("--keep-best", type=Path, metavar="FOLDER", help="keep plans better than any known in FOLDER/SET")
    parser.add_argument("--out", type=Path, default=Path("results"))
    parser.add_argument("--resume", action="store_true", help="go on from what is in OUT")
    options = parser.parse_args()
    if options.peers and (options.iterations or SETS[options.set].format != "solomon"):
        parser.error("--peers go with --time and with files in Solomon's format")
    if options.peers and options.threads > 1:
        parser.error("--peers have one thread, so --threads must be 1")
    return options


def main():
    options = parse_arguments()
    chosen = SETS[options.set]
    folder = options.instances / chosen.folder
    kept = kept_lines(options)
    options.peers += sorted({solver for _, solver, _ in kept} - {OURS, *options.peers})
    files = files_of(options, chosen, folder, kept)
    if not files:
        sys.exit(f"no file of {options.set} is named like {options.only}")
    runs = []
    with ThreadPoolExecutor(options.jobs) as pool:
        for of_file in pool.map(lambda item: run_file(options, chosen, folder, kept, *item), files.items()):
            runs += of_file
            write_results(options, chosen, runs, kept)
    if options.keep_best:
        keep_new_bests(options.keep_best / options.set, runs)
    print(conditions(options), *summaries(runs), sep="\n")
    sys.exit(1 if any(run.fault for run in runs) else 0)


if __name__ == "__main__":
    main()
