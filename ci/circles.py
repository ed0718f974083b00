"""Holds what ARCHITECTURE.md says of files: within a crate they use each other in one direction, without circles.

    python3 ci/circles.py

A file uses another where it imports from it, or names it, by crate::, self:: or super::. A module and what lies within it
may use each other, re-exports (pub use) are no use, and unit tests are left out.
"""

import os
import pathlib
import re
import sys


# Raw and other strings, characters, comments: whichever comes first hides what lies in it.
NO_CODE = re.compile(r'''r(#*)".*?"\1|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])'|//[^\n]*''', re.DOTALL)


def modules(crate):
    """The file of each module, named by its path."""
    source = crate / "src"
    found = {}
    for file in source.rglob("*.rs"):
        path = file.relative_to(source).with_suffix("").parts
        if "tests" not in path:
            found[() if path in [("lib",), ("main",)] else path] = file
    return found


def leaves(prefix, tree):
    """The paths of a use tree such as a::{b, c::{d, e}}."""
    depth, entry, entries = 0, "", []
    for character in tree + ",":
        depth += {"{": 1, "}": -1}.get(character, 0)
        if character == "," and depth == 0:
            entries.append(entry.strip())
            entry = ""
        else:
            entry += character
    for entry in filter(None, entries):
        start, brace, inner = entry.partition("{")
        path = prefix + [word.split(" as ")[0].strip() for word in start.split("::") if word.strip()]
        if brace:
            yield from leaves(path, inner.rpartition("}")[0])
        else:
            yield path


def used(module, text, known):
    """Modules that the text of a module uses."""
    text = re.split(r"#\[cfg\(test\)\]\s*mod tests", NO_CODE.sub('""', text))[0]
    text = re.sub(r"\bpub(\([^)]*\))? use [^;]+;", "", text)
    paths = [path for tree in re.findall(r"\buse ([^;]+);", text) for path in leaves([], tree.replace("\n", " "))]
    paths += [match.split("::") for match in re.findall(r"\b(?:crate|self|super)(?:::\w+)+", text)]
    for first, *rest in paths:
        base = {"crate": (), "self": module, "super": module[:-1]}.get(first)
        if base is None:
            continue
        while rest and rest[0] == "super":
            base, rest = base[:-1], rest[1:]
        for word in rest:
            if base + (word,) not in known:
                break
            base += (word,)
        within = base == module[: len(base)] or module == base[: len(module)]
        if base in known and not within:
            yield base


def circles(edges):
    """Groups of modules that reach each other."""

    def reached(start):
        seen, open_ends = set(), [start]
        while open_ends:
            new = edges[open_ends.pop()] - seen
            seen |= new
            open_ends.extend(new)
        return seen

    reach = {module: reached(module) for module in edges}
    groups = {frozenset(other for other in reach[module] if module in reach[other]) for module in edges}
    return [group for group in groups if group]


def main():
    os.chdir(pathlib.Path(__file__).resolve().parents[1])
    wrong, count = False, 0
    for crate in sorted(pathlib.Path("crates").iterdir()):
        files = modules(crate)
        count += len(files)
        edges = {module: set(used(module, file.read_text(), files)) for module, file in files.items()}
        for group in circles(edges):
            wrong = True
            print(f"{crate.name}: a circle of files: " + ", ".join(sorted(str(files[module]) for module in group)))
            for module in sorted(group):
                print(f"  {files[module]} uses {', '.join(sorted(str(files[other]) for other in edges[module] & group))}")
    if wrong:
        sys.exit("circles: move what both need into a file of its own")
    print(f"circles: none among {count} files")


if __name__ == "__main__":
    main()
