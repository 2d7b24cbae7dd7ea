#!/usr/bin/env python3
"""Run a public benchmark set through `careround bench`, judge every line, and write a table.

    benchmarks/run.py solomon --instances FOLDER --time 10 --out results
    benchmarks/run.py mankowska --instances FOLDER --time 20 --only '*_10_*' --jobs 2

FOLDER holds the sets' own folders (solomon-1987, mankowska-2014, ...). Each file is a process of its own; --jobs 2 runs
two side by side. The table goes to OUT/SET.md and OUT/SET.csv, the lines themselves to OUT/SET.jsonl.
Standard library only. Status 1 if a line is missing or broken.
"""
import argparse
import csv
import fnmatch
import json
import os
import platform
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import judge

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class BenchmarkSet:
    format: str
    folder: str
    best_column: str | None  # of best_known.csv


SETS = {
    "solomon": BenchmarkSet("solomon", "solomon-1987", "dimacs"),
    "gehring-homberger": BenchmarkSet("solomon", "gehring-homberger-1999", "dimacs"),
    "mankowska": BenchmarkSet("mankowska", "mankowska-2014", "best"),
    "strathclyde": BenchmarkSet("strathclyde", "strathclyde-2017", None),
}


@dataclass
class Row:
    file: str
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


def files_of(chosen, folder, only):
    known = best_known(folder, chosen.best_column) if chosen.best_column else dict.fromkeys(dates_of(folder))
    return {file: best for file, best in known.items() if fnmatch.fnmatch(file, only)}


# ---- one file ----


def command_of(options, chosen, path):
    limit = ["--iterations", str(options.iterations)] if options.iterations else ["--time", str(options.time)]
    more = ["--seed", str(options.seed), "--threads", str(options.threads)]
    return [options.program, "bench", "--format", chosen.format, *limit, *more, str(path)]


def run_file(options, chosen, folder, file, best):
    path = folder / file
    done = subprocess.run(command_of(options, chosen, path), capture_output=True, text=True, check=False)
    row = Row(file=file, line={}, text=done.stdout.strip(), best=best)
    try:
        row.line = json.loads(row.text)
        row.objective = judge.judge(path, row.line, None if options.iterations else options.time)
    except json.JSONDecodeError:
        row.fault = f"no line, status {done.returncode}: {done.stderr.strip()[-200:]}"
    except judge.Broken as broken:
        row.fault = str(broken)
    print(describe(row), file=sys.stderr, flush=True)
    return row


def describe(row):
    if row.fault:
        return f"{row.file}: BROKEN: {row.fault}"
    return f"{row.file}: {number(row.objective)} (best known {number(row.best)}, gap {percent(row.gap)})"


# ---- the table ----


def number(value, digits=2):
    return "" if value is None else f"{value:.{digits}f}".rstrip("0").rstrip(".")


def percent(value):
    return "" if value is None else f"{value:+.2f} %"


def cells(row):
    line = row.line
    return [
        row.file,
        number(row.objective),
        str(len(line.get("unserved", []))) if not row.fault else "",
        number(row.best),
        percent(row.gap),
        number(line.get("first_feasible_s"), 3),
        number(line.get("seconds")),
        row.fault,
    ]


HEADINGS = ["file", "objective", "unserved", "best known", "gap", "first feasible s", "seconds", "fault"]


def summary(rows):
    gaps = [row.gap for row in rows if row.gap is not None]
    objectives = [row.objective for row in rows if row.objective is not None]
    text = f"{len(rows)} files, {sum(bool(row.fault) for row in rows)} broken."
    if gaps:
        text += f" Mean gap {percent(sum(gaps) / len(gaps))}, worst {percent(max(gaps))}, over {len(gaps)} files."
    if objectives:
        text += f" Mean objective {number(sum(objectives) / len(objectives))}."
    return text


def processor():
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def conditions(options):
    limit = f"{options.iterations} iterations" if options.iterations else f"{number(options.time)} s"
    return (
        f"{limit} a file, {options.threads} thread(s), seed {options.seed}, {options.jobs} file(s) at once. "
        f"{processor()}, {os.cpu_count()} cores, {platform.system()}. {date.today()}."
    )


def write_markdown(path, name, options, rows):
    lines = [f"# {name}", "", conditions(options), "", summary(rows), ""]
    lines += ["| " + " | ".join(HEADINGS) + " |", "|---" + "|---:" * (len(HEADINGS) - 2) + "|---|"]
    lines += ["| " + " | ".join(cells(row)) + " |" for row in rows]
    path.write_text("\n".join(lines) + "\n")


def write_csv(path, rows):
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        writer.writerows(cells(row) for row in rows)


def write_results(options, rows):
    options.out.mkdir(parents=True, exist_ok=True)
    write_markdown(options.out / f"{options.set}.md", options.set, options, rows)
    write_csv(options.out / f"{options.set}.csv", rows)
    (options.out / f"{options.set}.jsonl").write_text("".join(row.text + "\n" for row in rows if row.line))


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set", choices=SETS)
    parser.add_argument("--instances", type=Path, required=True, help="folder that holds the sets' folders")
    parser.add_argument("--program", default=str(HERE.parent / "build" / "careround"))
    limit = parser.add_mutually_exclusive_group()
    limit.add_argument("--time", type=float, default=10, help="seconds a file (default 10)")
    limit.add_argument("--iterations", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--jobs", type=int, choices=(1, 2), default=1, help="files side by side")
    parser.add_argument("--only", default="*", help="pattern of file names, as in best_known.csv")
    parser.add_argument("--out", type=Path, default=Path("results"))
    return parser.parse_args()


def main():
    options = parse_arguments()
    chosen = SETS[options.set]
    folder = options.instances / chosen.folder
    files = files_of(chosen, folder, options.only)
    if not files:
        sys.exit(f"no file of {options.set} is named like {options.only}")
    with ThreadPoolExecutor(options.jobs) as pool:
        rows = list(pool.map(lambda item: run_file(options, chosen, folder, *item), files.items()))
    write_results(options, rows)
    print(conditions(options), summary(rows), sep="\n")
    sys.exit(1 if any(row.fault for row in rows) else 0)


if __name__ == "__main__":
    main()
