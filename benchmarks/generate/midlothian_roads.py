#!/usr/bin/env python3
"""data/roads/midlothian.osm: a small road network for the sample day, drawn by hand, so that roads can be tried without a
download.

The towns, the main roads and what they join are facts, placed by eye to a few hundred metres; nothing is copied from any
map. The streets are synthetic: within a kilometre, the postcodes of postcodes.csv are joined with their near neighbours
(a Gabriel graph), and each group with the nearest main road. Junctions of main roads are not modelled, speeds are those of
the class. For real travel times take a real extract (docs/roads.md).

    benchmarks/generate/midlothian_roads.py > data/roads/midlothian.osm
"""

import csv
import math
import pathlib
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[2]

# Places on main roads: National Grid kilometres, by eye.
PLACES = {
    'Sheriffhall': (331.8, 667.9), 'Straiton': (327.5, 666.7), 'Lothianburn': (324.9, 667.1), 'Millerhill': (332.7, 669.5),
    'Danderhall': (330.9, 669.2), 'Eskbank': (332.4, 666.5), 'Dalkeith': (333.3, 667.2), 'Bonnyrigg': (331.0, 665.2),
    'Lasswade': (330.3, 666.0), 'Loanhead': (328.2, 665.6), 'Bilston': (326.4, 664.8), 'Roslin': (327.2, 663.1),
    'Auchendinny': (325.4, 661.9), 'Penicuik': (323.6, 659.9), 'Leadburn': (323.5, 655.5), 'Howgate': (324.7, 658.2),
    'Rosewell': (328.8, 662.6), 'Newtongrange': (333.3, 664.3), 'Gorebridge': (334.5, 661.9), 'Mayfield': (334.9, 664.6),
    'Easthouses': (334.7, 665.6), 'Pathhead': (339.6, 664.1), 'Fordel': (336.3, 666.5), 'Edgehead': (337.4, 665.2),
    'Fala': (343.8, 661.0), 'Middleton': (336.4, 658.2), 'North Middleton': (335.7, 659.4), 'Temple': (331.5, 658.7),
    'Carrington': (331.8, 660.6), 'Hillend': (325.0, 666.5), 'Flotterstone': (323.3, 663.0), 'Whitecraig': (335.3, 670.1),
    'Borthwick': (336.8, 659.7), 'Cousland': (337.7, 668.2), 'Ford': (339.1, 664.6), 'Heriot': (339.9, 652.9),
}

# class, number, places in order.
ROADS = [
    ('trunk', 'A720', 'Lothianburn Straiton Sheriffhall Millerhill'),
    ('trunk', 'A68', 'Sheriffhall Fordel Ford Pathhead Fala'),
    ('primary', 'A7', 'Danderhall Sheriffhall Eskbank Newtongrange Gorebridge North+Middleton Middleton Heriot'),
    ('primary', 'A701', 'Straiton Bilston Auchendinny Penicuik Leadburn'),
    ('primary', 'A702', 'Lothianburn Hillend Flotterstone Penicuik'),
    ('primary', 'A768', 'Eskbank Lasswade Loanhead Straiton'),
    ('primary', 'A6094', 'Whitecraig Dalkeith Eskbank Bonnyrigg Rosewell Howgate Leadburn'),
    ('secondary', 'B704', 'Eskbank Bonnyrigg Lasswade'),
    ('secondary', 'B7006', 'Bilston Roslin Rosewell'),
    ('secondary', 'B7026', 'Auchendinny Howgate'),
    ('secondary', 'B6482', 'Dalkeith Easthouses Mayfield Newtongrange'),
    ('secondary', 'B6392', 'Eskbank Newtongrange Bonnyrigg'),
    ('secondary', 'B6372', 'Gorebridge Temple Howgate Penicuik'),
    ('secondary', 'B6367', 'Pathhead Borthwick North+Middleton'),
    ('secondary', 'B6414', 'Dalkeith Fordel Cousland'),
    ('tertiary', '', 'Mayfield Edgehead Ford'),
    ('tertiary', '', 'Rosewell Carrington Temple'),
    ('tertiary', '', 'Carrington Newtongrange'),
    ('tertiary', '', 'Dalkeith Danderhall'),
    ('tertiary', '', 'Mayfield Gorebridge'),
    ('tertiary', '', 'Loanhead Bilston'),
]

NEAR_M = 1000  # postcodes further apart are not joined by a street


# ---- National Grid to degrees: Transverse Mercator backwards (OS, "A guide to coordinate systems in Great Britain"),
# then three shifts; some metres are lost, which a map drawn by eye does not notice.

def degrees(east, north):
    a, b, f0, lat0, lon0, e0, n0 = 6377563.396, 6356256.909, 0.9996012717, math.radians(49), math.radians(-2), 400000, -100000
    e2, n = 1 - b * b / (a * a), (a - b) / (a + b)

    def meridian(lat):
        d, s = lat - lat0, lat + lat0
        return b * f0 * ((1 + n + 5 / 4 * n**2 + 5 / 4 * n**3) * d - (3 * n + 3 * n**2 + 21 / 8 * n**3) * math.sin(d) * math.cos(s)
                         + (15 / 8 * n**2 + 15 / 8 * n**3) * math.sin(2 * d) * math.cos(2 * s)
                         - 35 / 24 * n**3 * math.sin(3 * d) * math.cos(3 * s))
    lat = lat0
    while abs(north - n0 - meridian(lat)) > 1e-5:
        lat += (north - n0 - meridian(lat)) / (a * f0)
    nu = a * f0 / math.sqrt(1 - e2 * math.sin(lat) ** 2)
    rho = a * f0 * (1 - e2) / (1 - e2 * math.sin(lat) ** 2) ** 1.5
    t, x, eta2 = math.tan(lat), east - e0, nu / rho - 1
    lat_ = lat - t / (2 * rho * nu) * x**2 + t / (24 * rho * nu**3) * (5 + 3 * t**2 + eta2 - 9 * t**2 * eta2) * x**4
    lon_ = lon0 + x / (nu * math.cos(lat)) - (nu / rho + 2 * t**2) / (6 * nu**3 * math.cos(lat)) * x**3
    # Airy 1830 to WGS 84
    v = a / math.sqrt(1 - e2 * math.sin(lat_) ** 2)
    p = [v * math.cos(lat_) * math.cos(lon_) + 446.448, v * math.cos(lat_) * math.sin(lon_) - 125.157,
         v * (1 - e2) * math.sin(lat_) + 542.06]
    rx, ry, rz = (math.radians(s / 3600) for s in (0.1502, 0.2470, 0.8421))
    scale = 1 - 20.4894e-6
    p = [446.448 + scale * (p[0] - 446.448) - rz * (p[1] + 125.157) + ry * (p[2] - 542.06),
         -125.157 + rz * (p[0] - 446.448) + scale * (p[1] + 125.157) - rx * (p[2] - 542.06),
         542.06 - ry * (p[0] - 446.448) + rx * (p[1] + 125.157) + scale * (p[2] - 542.06)]
    a, b = 6378137.0, 6356752.314245
    e2, r = 1 - b * b / (a * a), math.hypot(p[0], p[1])
    lat = math.atan2(p[2], r * (1 - e2))
    for _ in range(5):
        lat = math.atan2(p[2] + e2 * a / math.sqrt(1 - e2 * math.sin(lat) ** 2) * math.sin(lat), r)
    return math.degrees(lat), math.degrees(math.atan2(p[1], p[0]))


# ---- streets

def distance(p, q):
    return math.hypot(p[0] - q[0], p[1] - q[1])


def streets(points):
    """Near neighbours with nobody in the circle between them (Gabriel and Sokal 1969)."""
    for i, p in enumerate(points):
        for j in range(i):
            q, d = points[j], distance(p, points[j])
            middle = ((p[0] + q[0]) / 2, (p[1] + q[1]) / 2)
            if 0 < d <= NEAR_M and not any(distance(middle, r) < d / 2 - 1e-6 for k, r in enumerate(points) if k not in (i, j)):
                yield j, i


def groups(n, edges):
    group = list(range(n))

    def find(i):
        while group[i] != i:
            i = group[i]
        return i
    for i, j in edges:
        group[find(i)] = find(j)
    return [find(i) for i in range(n)]


def on_road(p, a, b):
    """How far along a to b the point nearest to p lies, and how far p is from it."""
    d = (b[0] - a[0], b[1] - a[1])
    t = max(0, min(1, ((p[0] - a[0]) * d[0] + (p[1] - a[1]) * d[1]) / (d[0] ** 2 + d[1] ** 2)))
    return t, distance(p, (a[0] + t * d[0], a[1] + t * d[1]))


def main():
    with open(SOURCE / 'data/midlothian/postcodes.csv', encoding='utf-8', newline='') as rows:
        points = sorted({(int(row[2]), int(row[3])) for row in csv.reader(rows) if int(row[2])})
    places = {name: (1000 * e, 1000 * n) for name, (e, n) in PLACES.items()}
    mains = []  # class, number, [places]
    for kind, number, names in ROADS:
        mains.append((kind, number, [places[name.replace('+', ' ')] for name in names.split()]))
    edges = list(streets(points))
    lanes = [('residential', '', [points[i], points[j]]) for i, j in edges]
    # Each group's three postcodes nearest to a main road lead onto it, where they are apart.
    by_group = {}
    for i, g in enumerate(groups(len(points), edges)):
        by_group.setdefault(g, []).append(points[i])
    joins = {}  # (road, leg) -> [(t, point)]
    for members in by_group.values():
        found = sorted((on_road(p, r[2][k], r[2][k + 1])[::-1] + (n, k, p) for p in members for n, r in enumerate(mains)
                        for k in range(len(r[2]) - 1)))
        used = []
        for d, t, n, k, p in found:
            if len(used) == 3 or (used and d > 600):
                break
            if all(distance(p, u) > 500 for u in used):
                used.append(p)
                a, b = mains[n][2][k], mains[n][2][k + 1]
                q = (round(a[0] + t * (b[0] - a[0])), round(a[1] + t * (b[1] - a[1])))
                joins.setdefault((n, k), []).append((t, q))
                lanes.append(('unclassified', '', [p, q]))
    for n, (kind, number, line) in enumerate(mains):
        whole = []
        for k, p in enumerate(line):
            whole.append(p)
            whole += [q for _, q in sorted(joins.get((n, k), []))]
        mains[n] = (kind, number, whole)
    write(mains + lanes)


def write(ways):
    ids = {}
    for _, _, line in ways:
        for p in line:
            ids.setdefault(p, len(ids) + 1)
    out = sys.stdout
    out.write("<?xml version='1.0' encoding='UTF-8'?>\n<osm version='0.6' generator='midlothian_roads.py, drawn by hand'>\n")
    for p, node in ids.items():
        lat, lon = degrees(*p)
        out.write(f"<node id='{node}' lat='{lat:.6f}' lon='{lon:.6f}'/>\n")
    for n, (kind, number, line) in enumerate(ways):
        refs = ''.join(f"<nd ref='{ids[p]}'/>" for i, p in enumerate(line) if i == 0 or p != line[i - 1])
        ref = f"<tag k='ref' v='{number}'/>" if number else ''
        out.write(f"<way id='{n + 1}'>{refs}<tag k='highway' v='{kind}'/>{ref}</way>\n")
    out.write('</osm>\n')


if __name__ == '__main__':
    main()
