"""What the public records say of the units of mainland China since 1981: reads areacodes' result.csv for
make_gazetteer.py. https://github.com/yescallop/areacodes at eed219a (CC0 1.0), made from the lists and the
decisions that the Ministry of Civil Affairs and the State Council published.

A record there: code, province, upper unit, name, level, state, first year, year of the change, new codes.
Each year stands for its last day; a record holds from its first year up to, not including, the year of the
change. New codes with a year in brackets tell of a part that went elsewhere in that year.
"""
import csv, re
from collections import Counter, defaultdict

LAST = 2024  # the last year that the records tell of
DIRECT = "直辖"


class Record:
    def __init__(self, row):
        code, self.province, self.upper, self.name, level, _, start, end, new = row
        self.level = {"省级": 1, "地级": 2, "县级": 3}[level]
        self.code = code[: 2 * self.level]
        self.start, self.end = int(start), int(end) if end else None
        parts = [re.fullmatch(r"(\d{6})(?:\[(\d+)\])?", n).groups() for n in new.split(";") if n]
        self.whole = [c for c, year in parts if not year]
        self.parts = [(c, int(year)) for c, year in parts if year]
        self.today = []  # codes, the one that carries the name on first
        self.split = []  # (code, year) of units that were made of a part of it

    def alive(self, year):
        return self.start <= year and (self.end is None or year < self.end)

    def path(self):
        upper = [] if self.level < 3 or self.upper == DIRECT else [self.upper]
        return "/".join(([self.province] if self.level > 1 else []) + upper + [self.name])


def stem(name):
    name = re.sub("(特别行政区|自治区|自治州|自治县|自治旗|地区|省|市|盟|县|区|旗)$", "", name)
    return name[:2]


def read(file):
    rows = list(csv.reader(open(file, encoding="utf-8-sig")))[1:]
    records = [Record(r) for r in rows]
    by_code = defaultdict(list)
    for r in records:
        by_code[r.code].append(r)

    def follow(code, year, seen=()):
        """The units of today that the area of `code` in `year` belongs to."""
        if (code, year) in seen:
            return []
        short = code[:4] if code.endswith("00") else code  # a county that became a city: 日照市
        for r in by_code[short]:
            if r.alive(year):
                if r.end is None:
                    return [r.code]
                found = []
                for new in r.whole:
                    found += follow(new, r.end, (*seen, (code, year)))
                return sorted(set(found), key=found.index)
        return []

    name_of = {r.code: r.name for r in records if r.end is None}
    counties = [r for r in records if r.level == 3]
    for r in counties:
        r.today = [r.code] if r.end is None else follow(r.code, r.start)
        r.today.sort(key=lambda c: stem(name_of[c]) != stem(r.name))
        for code, year in r.parts:
            # A unit that began with this part: 宝安区 and 龙华区. Else only a border was moved.
            for new in by_code[code]:
                if new.start == year and not any(o.end == year for o in by_code[code]):
                    r.split += [(c, year) for c in follow(code, year) if c not in r.today]
    # Of cities and prefectures the records do not say what became of them: their counties do.
    members = defaultdict(list)
    for r in counties:
        members[(r.province, r.upper)].append(r)
    total = Counter(c for r in counties for c in {t[:4] for t in r.today} if r.end is None)
    for r in records:
        if r.level == 1:
            r.today = [r.code] if r.end is None else []
        if r.level != 2:
            continue
        if r.end is None or any(o.end is None for o in by_code[r.code]):
            r.today = [r.code]
            continue
        own = [m for m in members[(r.province, r.name)] if m.start < r.end and (m.end is None or m.end > r.start)]
        last = [m for m in own if m.end is None or m.end >= r.end] or own
        to = Counter(m.today[0][:4] for m in last if m.today)
        same = [c for c in to if c in name_of and stem(name_of[c]) == stem(r.name)]
        main = [c for c, n in to.most_common(1) if c in name_of and n * 2 >= total[c] and n * 2 > sum(to.values())]
        if not same and not main:  # 四川省/重庆市, 广东省/海南行政区
            main = [p.code for p in records if p.level == 1 and stem(p.name) == stem(r.name)]
        seat = [m.today[0] for m in last if m.today and stem(name_of[m.today[0]]) == stem(r.name)]
        few = sorted({c for m in last for c in m.today})
        r.today = same[:1] or main[:1] or seat[:1] or (few if len(few) <= 3 else [])
        if len(few) <= 3 and not same and not main:
            r.today = sorted(few, key=lambda c: stem(name_of[c]) != stem(r.name))
    return records
