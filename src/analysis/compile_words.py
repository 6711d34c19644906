#!/usr/bin/env python3
"""Compiles jieba's dictionary into words.bin, a double array that is used as it lies in the program.

    python3 compile_words.py dict.txt words.bin

dict.txt is the one inside the crate jieba-rs of the version in Cargo.lock (src/data/dict.txt, MIT;
the default dictionary of jieba). The format, numbers little-endian:

    u32 characters, u32 frequencies, u32 nodes, u64 total of all frequencies
    u16 per character, the most frequent first: the id of a character is its place, from 1
    u32 per frequency, ascending
    u64 per node: base (21 bits), check (21 bits), frequency (14 bits: its place, from 1; 0: no word)

The child of node s by the character with id c is node base(s) + c, if its check is s. Node 0 is
the root.
"""

import struct
import sys
from collections import Counter


def main(source, target):
    words, total = {}, 0
    for line in open(source, encoding="utf-8"):
        parts = line.split()
        if parts:
            frequency = int(parts[1]) if len(parts) > 1 else 0
            total += frequency
            words[parts[0]] = frequency
    skipped = [w for w in words if any(ord(c) > 0xFFFF for c in w)]
    for word in skipped:
        print("left out (characters of two units):", word)
        del words[word]
    uses = Counter()
    for word, frequency in words.items():
        for c in word:
            uses[c] += 1
    characters = sorted(uses, key=lambda c: (-uses[c], c))
    ids = {c: i + 1 for i, c in enumerate(characters)}
    frequencies = sorted(set(words.values()))
    place = {f: i + 1 for i, f in enumerate(frequencies)}
    # A trie of dictionaries.
    trie = {}
    for word, frequency in sorted(words.items()):
        node = trie
        for c in word:
            node = node.setdefault(ids[c], {})
        node[0] = place[frequency]
    size = 1 << 21
    used = bytearray(size)
    base, check, value = [0] * size, [0] * size, [0] * size
    used[0] = 1
    last = 0
    # Where to look for room next, by the number of children: what was full for few is full for more.
    pointers = [1] * (len(characters) + 2)
    level = [(0, trie)]
    n_nodes = 0
    while level:
        n_nodes += len(level)
        below = []
        # The largest families first: the small ones fill what they leave.
        for node, children in sorted(level, key=lambda item: -len(item[1])):
            value[node] = children.get(0, 0)
            keys = sorted(k for k in children if k)
            if not keys:
                continue
            slot = max(pointers[min(len(keys), 40)], keys[0])
            tries = 0
            while True:
                slot = used.index(0, slot)
                start = slot - keys[0]
                if not any(used[start + k] for k in keys):
                    break
                slot += 1
                tries += 1
                if tries % 2000 == 0:
                    for n in range(min(len(keys), 40), 41):
                        pointers[n] = max(pointers[n], slot - 2000)
            base[node] = start
            for k in keys:
                used[start + k] = 1
                check[start + k] = node
                last = max(last, start + k)
                below.append((start + k, children[k]))
            if len(keys) == 1:
                pointers[1] = used.index(0, pointers[1])
        level = below
    nodes = last + 1
    # A free node is nobody's child: its check names a node without children there.
    for n in range(1, nodes):
        if not used[n]:
            check[n] = size - 1
    with open(target, "wb") as out:
        out.write(struct.pack("<IIIQ", len(characters), len(frequencies), nodes, total))
        out.write(struct.pack(f"<{len(characters)}H", *map(ord, characters)))
        out.write(struct.pack(f"<{len(frequencies)}I", *frequencies))
        for n in range(nodes):
            out.write(struct.pack("<Q", base[n] | check[n] << 21 | value[n] << 42))
    print(len(words), "words,", len(characters), "characters,", n_nodes, "nodes in", nodes)


main(*sys.argv[1:])
