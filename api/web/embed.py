#!/usr/bin/env python3
"""Turns the page's template, style and script into C: embed.py plan.html plan.css plan.js OUTPUT.c

The style and the script go into the template as they are, and their hashes into its Content-Security-Policy, so that
nothing else on the page can ever run. What is left of the form {{name}} are the sections that C writes.
"""

import base64
import hashlib
import pathlib
import re
import sys


def csp_hash(text):
    digest = hashlib.sha256(text.encode('utf-8')).digest()
    return 'sha256-' + base64.b64encode(digest).decode('ascii')


def c_bytes(text):
    data = text.encode('utf-8')
    rows = [', '.join(str(b) for b in data[i:i + 32]) for i in range(0, len(data), 32)]
    return ',\n    '.join(rows) if rows else '0'


def filled(template, css, js):
    """The template with all that is known now. One pass: a marker inside the script is left alone."""
    known = {'css': css, 'js': js, 'css_hash': csp_hash(css), 'js_hash': csp_hash(js)}
    pieces = re.split(r'\{\{(\w+)\}\}', template)
    parts, text = [], pieces[0]
    for name, after in zip(pieces[1::2], pieces[2::2]):
        if name in known:
            text += known[name] + after
        else:
            parts.append((text, name))
            text = after
    return parts + [(text, None)]


def main():
    *inputs, output = sys.argv[1:]
    template, css, js = (pathlib.Path(p).read_text(encoding='utf-8') for p in inputs)
    parts = filled(template, css, js)
    lines = ['/* Made by embed.py from the files in api/web/. */', '#include "web.h"', '']
    for i, (text, _) in enumerate(parts):
        lines.append(f'static const unsigned char part_{i}[] = {{\n    {c_bytes(text)}}};')
    lines.append('\nconst web_part web_plan_page[] = {')
    for i, (text, name) in enumerate(parts):
        section = f'"{name}"' if name else 'NULL'
        lines.append(f'    {{part_{i}, {len(text.encode("utf-8"))}, {section}}},')
    lines.append(f'}};\nconst int32_t web_plan_page_n = {len(parts)};\n')
    pathlib.Path(output).write_text('\n'.join(lines), encoding='utf-8')


if __name__ == '__main__':
    main()
