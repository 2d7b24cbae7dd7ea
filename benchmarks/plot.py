#!/usr/bin/env python3
"""Draw the gap to the best known value over time, from the lines that run.py wrote (they have a trace).

    benchmarks/plot.py results/mankowska.jsonl --best INSTANCES/mankowska-2014/best_known.csv -o gap.svg
    benchmarks/plot.py results/solomon.jsonl --best INSTANCES/solomon-1987/best_known.csv --column dimacs -o gap.svg

One curve a file: the mean over its seeds. Needs the package matplotlib (python3-matplotlib of Debian).
"""
import argparse
import csv
import json
from collections import defaultdict
from pathlib import Path


def best_known(path, column):
    """Name of the instance (the file's without folder and last ending) -> best value."""
    known = {}
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            value = row[column].strip("~* ")
            if value not in ("", "-", "?"):
                known[Path(row["file"]).stem] = float(value)
    return known


def steps_of(line, best):
    """(seconds, gap in percent) at every better plan."""
    return [(seconds, 100 * (line["objective"] * ratio - best) / best) for seconds, ratio in line["trace"]]


def value_at(steps, seconds):
    """The gap at a moment: that of the last step before it; None before the first."""
    gap = None
    for at, value in steps:
        if at > seconds:
            break
        gap = value
    return gap


def mean_curve(runs):
    """The mean of several step curves, from when all of them have a plan."""
    moments = sorted({seconds for steps in runs for seconds, _ in steps})
    curve = []
    for moment in moments:
        values = [value_at(steps, moment) for steps in runs]
        if None not in values:
            curve.append((moment, sum(values) / len(values)))
    return curve


def curves_of(path, known):
    runs, ends = defaultdict(list), {}
    for text in path.read_text().splitlines():
        line = json.loads(text)
        best = known.get(line.get("instance"))
        if best and line.get("trace"):
            runs[line["instance"]].append(steps_of(line, best))
            ends[line["instance"]] = line["seconds"]
    for instance, steps in runs.items():
        curve = mean_curve(steps)
        yield instance, [*curve, (max(ends[instance], curve[-1][0]), curve[-1][1])]


def draw(curves, title, out):
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8, 5), layout="constrained")
    for instance, curve in curves:
        axes.step(*zip(*curve, strict=True), where="post", label=instance)
    axes.set(xscale="log", xlabel="seconds", ylabel="gap to the best known, %", title=title)
    axes.set_yscale("symlog", linthresh=1)
    axes.axhline(0, color="grey", linewidth=0.8)
    axes.grid(alpha=0.3)
    axes.legend(fontsize="small")
    figure.savefig(out)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lines", type=Path)
    parser.add_argument("--best", type=Path, required=True)
    parser.add_argument("--column", default="best")
    parser.add_argument("--only", nargs="*", help="instances to draw (default: all)")
    parser.add_argument("-o", "--out", type=Path, required=True)
    options = parser.parse_args()
    curves = list(curves_of(options.lines, best_known(options.best, options.column)))
    if options.only:
        curves = [(instance, curve) for instance, curve in curves if instance in options.only]
    if not curves:
        parser.error("no line has a trace and a best known value")
    draw(curves, options.lines.stem, options.out)


if __name__ == "__main__":
    main()
