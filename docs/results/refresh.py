"""Puts the rows that tables.py, exponents.py, sizes.py and adjacent_minima.py print into the tables of docs/results.md.

    python tables.py report/summary.json > printed.md
    python exponents.py NAME=FOLDER... --below 0.6 0.7 0.8 >> printed.md
    python refresh.py ../results.md printed.md [--check]

A row is put into the table that names the same ensembles, in the place of the row of the same name; a name that begins
with … belongs to the row before, and every row to the last bold one. Rows of the page that were not printed are left as they
are and listed. With --check nothing is written, and the exit code is 1 if a row differs or was not printed, or if there is none.
Needs nothing but Python.
"""

import argparse
import sys


def rows(lines):
    """Of each row of a table: where it stands, the ensembles of its table, and its name with what it belongs to."""
    ensembles = bold = last = None
    for place, (line, following) in enumerate(zip(lines, lines[1:] + [""])):
        if not line.startswith("| "):
            continue
        name, *cells = (cell.strip() for cell in line.strip("|").split(" | "))
        if following.startswith("|---"):
            ensembles, bold, last = tuple(cells), None, None
            continue
        if name.startswith("**"):
            bold = name
        if not name.startswith("…"):
            last = name
        yield place, (ensembles, bold, last, name)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("page")
    parser.add_argument("printed")
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    with open(arguments.page) as page, open(arguments.printed) as printed:
        page, printed = page.read().split("\n"), printed.read().split("\n")
    found = {name: printed[place] for place, name in rows(printed)}
    known = {name[0] for name in found}
    places = [(place, name) for place, name in rows(page) if name[0] in known]
    missing = [(place, name) for place, name in places if name not in found]
    for place, name in missing:
        print(f"{arguments.page}:{place + 1}: {name[-1]}: not printed", file=sys.stderr)
    differing = [(place, name) for place, name in places if found.get(name, page[place]) != page[place]]
    if arguments.check:
        for place, name in differing:
            print(f"{arguments.page}:{place + 1}: {name[-1]}: printed as {found[name]}", file=sys.stderr)
    for place, name in places:
        page[place] = found.get(name, page[place])
    print(f"{len(places)} rows, {len(differing)} differ")
    if arguments.check:
        sys.exit(1 if differing or missing or not places else 0)
    with open(arguments.page, "w") as file:
        file.write("\n".join(page))


if __name__ == "__main__":
    main()
