#!/usr/bin/env python3
"""Makes gazetteer.bin, streets.bin and history.bin, which the program holds and reads in place, from the lists
that make_gazetteer.py made.

    python3 compile_gazetteer.py

Little-endian; the parts stand one after the other in this order (gazetteer.rs has the same list):

  header   16 u32: version, then how many units, names, senses, cells, bytes of text
  chars    for each character U+0000..U+FFFF a u16: its number among the characters of the names, 0: in
           no name; characters that fold to one of those have its number
  starts   a bit for each hash of two characters: whether some name begins so, in any script
  cells    a double array over the names: base u32, number of the character that leads here u16, the
           name that ends here + 1 u16. A base belongs to one cell alone, so the number is check enough
  first    for each name and one more: its first sense, u16
  flags    for each name: 1 no place, 2 neither province nor city, 4 ends with its rank
  senses   unit u16, last year or 0 u16, kind u8, 0
  units    parent or 0xFFFF u16, level (1 province, 2 city, 3 below) u8, length of the name in bytes u8,
           where it begins in the text u32
  text     the names of the units, UTF-8

streets.bin
  header   4 u32: version, how many names, how many units in all, bytes of text
  names    for each name and one more: where it begins in the text u32, its first unit u32, 1 wordlike 2 not alone u32;
           in the order of the names' bytes
  units    u16
  text     UTF-8

history.bin
  header   4 u32: version, how many rows, bytes of text, the last year told of
  first    for each unit and one more: its first row, u16
  rows     first year u16, year of the change or 0 u16, where the path begins in the text u32, its length in
           bytes u16 (0: the path of today), 1 a part u16
  text     UTF-8
"""
import os, struct

here = os.path.dirname(os.path.abspath(__file__))
rows = lambda f: [l.rstrip("\n").split("\t") for l in open(os.path.join(here, f), encoding="utf-8") if l[0] != "#"]
VERSION, START_BITS = 1, 18
KINDS = "faoscgp"
RANKS = "省市县区州盟旗"


def double_array(words):
    """Words (lists of numbers from 1 on) and their values, laid out as cells [base, label, value]."""
    root = {}
    for word, value in words:
        node = root
        for n in word:
            node = node.setdefault(n, {})
        node[0] = value
    cells, bases, lowest = [[0, 0, 0]], set(), 1
    queue = [(0, root)]
    for at, node in queue:  # grows
        labels = sorted(k for k in node if k)
        cells[at][2] = node.get(0, -1) + 1
        if not labels:
            continue
        while lowest < len(cells) and cells[lowest][1]:
            lowest += 1
        start = max(lowest - labels[0], 1 - labels[0])
        base = start
        while True:
            if base > 0 and base not in bases and all(base + n >= len(cells) or not cells[base + n][1] for n in labels):
                break
            base += 1
        if base > start + 500:  # the cells below are nearly full: few children fit there any more
            lowest = max(lowest, base + labels[0] - 400)
        bases.add(base)
        while len(cells) <= base + labels[-1]:
            cells.append([0, 0, 0])
        cells[at][0] = base
        for n in labels:
            cells[base + n][1] = n
            queue.append((base + n, node[n]))
    return cells


units = rows("units.tsv")
number = {code: n for n, (code, _) in enumerate(units)}
names = rows("names.tsv")
count = {}
for name, _ in names:
    for c in name:
        count[c] = count.get(c, 0) + 1
ids = {c: n for n, c in enumerate(sorted(count, key=lambda c: (-count[c], c)), 1)}
same = {c: [c] for c in ids}
for code, target, *_ in rows("../text/fold/fold.tsv"):
    a, b = chr(int(code, 16)), chr(int(target, 16))
    if b in same and a != "乾" and a != b and len(a.encode()) == len(b.encode()):
        same[b].append(a)
chars = [0] * 0x10000
for c, all_ in same.items():
    for a in all_:
        assert len(a.encode()) == 3, a
        chars[ord(a)] = ids[c]

starts = bytearray((1 << START_BITS) // 8)
bytes_of = lambda c: int.from_bytes(c.encode(), "little")
for head in sorted({name[:2] for name, _ in names}):
    for a in same[head[0]]:
        for b in same[head[1]]:
            h = (bytes_of(a) * 0x9E3779B1 + bytes_of(b) * 0x85EBCA6B & 0xFFFFFFFF) >> (32 - START_BITS)
            starts[h >> 3] |= 1 << (h & 7)

cells = double_array([([ids[c] for c in name], n) for n, (name, _) in enumerate(names)])
first, flags, senses = [], bytearray(), []
for name, list_ in names:
    first.append(len(senses))
    own = [] if list_ == "x" else list_.split(",")
    for s in own:
        code, _, year = s[1:].partition("@")
        senses.append((number[code], int(year or 0), KINDS.index(s[0])))
    major = any(len(units[u][0]) <= 4 for u, _, _ in senses[first[-1]:])
    ranked = len(name) > 2 and name[-1] in RANKS
    flags.append((not own) | (not major) << 1 | ranked << 2)
first.append(len(senses))

text, table, open_ = bytearray(), [], []
for n, (code, name) in enumerate(units):
    while open_ and not code.startswith(units[open_[-1]][0]):
        open_.pop()
    level = 1 if not open_ else 2 if len(code) <= 4 else 3
    table.append((open_[-1] if open_ else 0xFFFF, level, len(name.encode()), len(text)))
    text += name.encode()
    open_.append(n)

out = struct.pack("<16I", VERSION, len(units), len(names), len(senses), len(cells), len(text), *[0] * 10)
out += struct.pack(f"<{len(chars)}H", *chars) + bytes(starts)
out += b"".join(struct.pack("<IHH", *c) for c in cells)
out += struct.pack(f"<{len(first)}H", *first) + bytes(flags)
out += b"".join(struct.pack("<HHBB", u, y, k, 0) for u, y, k in senses)
out += b"".join(struct.pack("<HBBI", *t) for t in table) + bytes(text)
open(os.path.join(here, "gazetteer.bin"), "wb").write(out)
print(len(out), "bytes,", len(cells), "cells,", len(ids), "characters")

text, table, held = bytearray(), [], []
for name, wordlike, codes in rows("streets.tsv"):
    table.append((len(text), len(held), " !?".index(wordlike or " ")))
    text += name.encode()
    held += [number[code] for code in codes.split(",")]
assert [r[0].encode() for r in rows("streets.tsv")] == sorted(r[0].encode() for r in rows("streets.tsv"))
out = struct.pack("<4I", VERSION, len(table), len(held), len(text))
out += b"".join(struct.pack("<III", *t) for t in table + [(len(text), len(held), 0)])
out += struct.pack(f"<{len(held)}H", *held) + bytes(text)
open(os.path.join(here, "streets.bin"), "wb").write(out)
print(len(out), "bytes of streets")

LAST_YEAR = 2024
past, begins, text = {}, {}, bytearray()
for code, start, end, path, part in rows("history.tsv"):
    if path != "=" and path not in begins:
        begins[path] = len(text)
        text += path.encode()
    at, size = (0, 0) if path == "=" else (begins[path], len(path.encode()))
    past.setdefault(number[code], []).append((int(start), int(end), at, size, part == "p"))
first, table = [], []
for n in range(len(units)):
    first.append(len(table))
    table += past.get(n, [])
first.append(len(table))
out = struct.pack("<4I", VERSION, len(table), len(text), LAST_YEAR)
out += struct.pack(f"<{len(first)}H", *first) + b"".join(struct.pack("<HHIHH", *t) for t in table) + bytes(text)
open(os.path.join(here, "history.bin"), "wb").write(out)
print(len(out), "bytes of history")
