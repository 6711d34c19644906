#!/usr/bin/env python3
"""Makes traditional.txt: what the repair of rewritten pages must know of Traditional characters.

Sources: data/dictionary/TSCharacters.txt, STCharacters.txt and TWVariants.txt of OpenCC (Apache-2.0,
https://github.com/BYVoid/OpenCC); the readings of pypinyin 0.55.0 (MIT,
https://github.com/mozillazg/python-pinyin), itself from pinyin-data and Unihan.

Usage: table.py OPENCC_DICTIONARY_FOLDER PYPINYIN_DICT_JSON > traditional.txt

A line is `T S[S…] R[,R…]`: a Traditional character; its Simplified forms, the usual one first,
each preceded by `=` when T is its usual Traditional form; its readings, `-` where GBK lacks the
character.
"""
import json
import sys
from pathlib import Path

folder, readings = Path(sys.argv[1]), json.load(open(sys.argv[2]))

# Readings that the dictionary lacks, written in web pages: neutral tones.
NEUTRAL = {"們": "men", "麼": "me", "嗎": "ma", "個": "ge", "來": "lai", "開": "kai", "頭": "tou", "過": "guo", "裡": "li", "裏": "li", "邊": "bian", "時": "shi", "發": "fa", "東": "dong", "認": "ren", "處": "chu", "氣": "qi", "達": "da", "實": "shi", "話": "hua", "聽": "ting", "見": "jian", "長": "chang", "舊": "jiu"}


def characters(name):
    for line in open(folder / name, encoding="utf-8"):
        if line.startswith("#") or not line.strip():
            continue
        key, values = line.rstrip("\n").split("\t")
        values = [v for v in values.split(" ") if len(v) == 1 and ord(v) <= 0xFFFF]
        if len(key) == 1 and ord(key) <= 0xFFFF and values:
            yield key, values


def has(character, encoding):
    try:
        character.encode(encoding)
        return True
    except UnicodeEncodeError:
        return False


# What OpenCC treats as a matter of phrases but page converters do char by char.
EXTRA = [("著", ["着", "著"])]
EXTRA_USUAL = {"着": "著"}

# 為, 群, 眾 as the pages seen have them, not OpenCC's own 爲, 羣, 衆.
variants = {t: v[0] for t, v in characters("TWVariants.txt")}
usual = {s: variants.get(t[0], t[0]) for s, t in characters("STCharacters.txt")}
usual.update(EXTRA_USUAL)
for traditional, simplified in sorted([*characters("TSCharacters.txt"), *EXTRA]):
    if simplified == [traditional]:
        continue
    forms = "".join(("=" if usual.get(s) == traditional else "") + s for s in simplified)
    found = "-"
    if has(traditional, "gbk"):
        found = readings.get(str(ord(traditional)), "")
        if isinstance(found, list):
            found = ",".join(found)
        more = NEUTRAL.get(traditional)
        if more and more not in found.split(","):
            found = f"{found},{more}" if found else more
        found = found or "-"
    print(f"{traditional} {forms} {found}")
