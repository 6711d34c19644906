#!/usr/bin/env python3
"""Makes the fold table.

    generate.py OPENCC   fold.tsv from a checkout of OpenCC, then table.bin from fold.tsv
    generate.py          table.bin from fold.tsv

OPENCC is a checkout, or a bare repository, of https://github.com/BYVoid/OpenCC (Apache-2.0);
fold.tsv was made from commit 5249273a3e5606852f088c9a8b23522145d94f78 with the Unicode 14.0.0
data of Python 3.11. Both steps give the same bytes again; the last line printed is the FNV-1a
checksum that `table_checksum()` returns.

A rule speaks only of characters that no rule before it has spoken of. Targets are followed to
the end, so the result is closed. Beyond OpenCC's own first candidates (乾 = 干) and the pairs of
rule 5, no rule joins two characters of GB 2312: both are everyday Simplified characters there,
with meanings of their own.
"""

import os
import subprocess
import sys
import unicodedata

HERE = os.path.dirname(os.path.abspath(__file__))
URO = range(0x4E00, 0xA000)

# Rule 2. The radicals a PDF or an OCR program writes for the character itself (`⻓期`, `⻛险`).
# Unicode decomposes only two of them; the others as in EquivalentUnifiedIdeograph.txt, without
# those that are no character of their own in running text.
RADICALS = (
    "⺎兀 ⺒巳 ⺓幺 ⺜日 ⺝月 ⺠民 ⺧牛 ⺩王 ⺫目 ⺬示 ⺶羊 ⺼月 ⺽臼 ⻁虎 ⻄西 ⻅见 ⻆角 ⻉贝 ⻋车 ⻑長 ⻓长 "
    "⻔门 ⻗雨 ⻘青 ⻙韦 ⻚页 ⻛风 ⻜飞 ⻝食 ⻢马 ⻣骨 ⻤鬼 ⻥鱼 ⻦鸟 ⻧卤 ⻨麦 ⻩黄 ⻪黾 ⻫斉 ⻬齐 ⻭歯 ⻮齿 "
    "⻯竜 ⻰龙 ⻱龜 ⻲亀 ⻳龟"
)

# Rule 5. What OpenCC leaves to its phrase tables, where Traditional text would otherwise lose
# an everyday word: 瞭解, 憑藉, 著 for every 着, 祇有, 彷彿, 牠們, 妳. Left and right fold alike.
FORCED = (
    "著着 瞭了 藉借 祇只 衹只 彷仿 徬仿 牠它 妳你 甦苏 揹背 隄堤 甯宁 谘咨 馀余 锺钟 钜巨 迳径 讬托 "
    "缐线 镟旋 麹曲 麺面 硷碱 礆碱 侭尽 渖沈 𪟝绩 伝传 豊丰"
)

# Rule 8. Forms of the same word that OpenCC does not hold: mostly of the First List of Processed
# Variants (第一批异体字整理表, 1955) and the forms of the Kangxi dictionary that Korean and old
# Taiwanese fonts write. Not in it, since both are words of their own: 鎔 (朱镕基), 黏, 砦, 龢, 喆, 堃.
VARIANTS = (
    "靑青 淸清 尙尚 硏研 愼慎 槪概 緖绪 郞郎 鄕乡 兪俞 呑吞 壻婿 欝郁 吿告 簷檐 濶阔 劵券 坵丘 堦阶 搨拓 賸剩 "
    "厰厂 嬾懒 寃冤 冐冒 冩写 凴凭 凟渎 姸妍 餠饼 甁瓶 騈骈 竝并 纎纤 裠裙 鵞鹅 暎映 曡叠 疉叠 栢柏 碁棋 椉乘 柹柿 "
    "槀槁 毘毗 涖莅 濬浚 湼涅 潄漱 灋法 烱炯 煑煮 燿耀 牋笺 犂犁 猨猿 玅妙 珎珍 甎砖 塼砖 畧略 畊耕 畱留 疎疏 皃貌 "
    "盌碗 盇盍 矙瞰 磵涧 祘算 稭秸 稾稿 穅糠 穉稚 稺稚 窓窗 窻窗 牕窗 箒帚 籖签 粦磷 緜绵 繖伞 罇樽 罣挂 羢绒 翄翅 "
    "胷胸 脗吻 膓肠 臕膘 艢樯 艪橹 艸草 葢盖 蔴麻 蘓苏 虵蛇 蚘蛔 蠏蟹 蠭蜂 衇脉 裌夹 覊羁 覩睹 覰觑 誖悖 譌讹 譔撰 "
    "讐雠 豓艳 貛獾 賍赃 踫碰 蹧糟 躭耽 躱躲 躶裸 輭软 辢辣 迯逃 逈迥 逩奔 邨村 酧酬 醻酬 醕醇 啣衔 鍫锹 鑵罐 閙闹 "
    "雝雍 靭韧 顋腮 顚颠 餧喂 饍膳 駞驼 騐验 鬀剃 鬂鬓 鱻鲜 鴈雁 鶵雏 鹻碱 麤粗 鼃蛙 偸偷 偺咱 喒咱 僊仙 凖准 凢凡 "
    "刧劫 刼劫 剏创 劒剑 劔剑 勌倦 匃丐 匲奁 匳奁 呌叫 咊和 唕唣 喦岩 嗁啼 噉啖 囓啮 囬回 囘回 廽回 囯国 圀国 圅函 "
    "坿附 埜野 堘塍 塲场 墖塔 夀寿 妬妒 媿愧 嬝袅 孼孽 宂冗 寔实 寕宁 尅克 尲尴 屭屃 岅坂 嶋岛 巗岩 幙幕 庻庶 廐厩 "
    "廏厩 徃往 徧遍 恡吝 恠怪 悤匆 怱匆 惥恿 慂恿 慙惭 憇憩 懃勤 懽欢 戞戛 戱戏 扡拖 拕拖 抅构 搆构 挵弄 捥腕 掽碰 "
    "揑捏 搇揿 搥捶 搾榨 摃扛 摠总 撦扯 撡操 擕携 攷考 敂叩 敺驱 斵斫 旹时 昬昏 晳晰 暠皓 暱昵 朙明 栞刊 桒桑 桮杯 "
    "棃梨 槕桌 槩概 樷丛 欬咳 歗啸 殀夭 殽肴 氊毡 痲麻 糢模 瘉愈 燄焰 倣仿 傚效 勗勖 姪侄 彊强 慇殷 毬球 煖暖 玆兹 "
    "珮佩 砲炮 籐藤 瞇眯 觔斤 迺乃 銲焊 鎗枪 阬坑 餽馈 鼇鳌 櫂棹 伕夫 菓果 荳豆 拏拿 瑯琅 澂澄 蘗檗 耡锄 "
    "穭稆 緪縆 耈耇 唚吣 斲斫 擧举 澁涩 鬭斗 鑛矿 鷄鸡 敍叙 飜翻 倂并 襃褒 萠萌 晄晃 槇槙 勣绩 衞卫 繦襁 椀碗 窰窑 罸罚 勦剿 稉粳 琹琴 崘仑 粺稗 脇胁 緍缗"
)


def opencc(root, name):
    """The pairs (key, candidates) of one OpenCC dictionary, in its order."""
    path = "data/dictionary/" + name + ".txt"
    full = os.path.join(root, path)
    if os.path.exists(full):
        text = open(full, encoding="utf-8").read()
    else:
        text = subprocess.check_output(["git", "-C", root, "show", "HEAD:" + path]).decode("utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            key, values = line.split("\t")
            values = values.split(" ")
            if len(key) == 1 and all(len(v) == 1 for v in values):
                yield key, values


def encodes(c, encoding):
    try:
        return len(c.encode(encoding)) == 2
    except UnicodeEncodeError:
        return False


def gb2312(c):
    return encodes(c, "gb2312")


def chinese(c):
    """Whether a Chinese writer has the character: in GB 2312 or Big5."""
    return gb2312(c) or encodes(c, "big5")


def build(root):
    to = {}  # character → (target, rule)

    def end(c):
        while c in to:
            c = to[c][0]
        return c

    def add(c, target, rule):
        if c not in to and end(target) != c:
            to[c] = (target, rule)

    def join(a, b, rule):
        """Makes `a` fold like `b`, unless that joins two characters of GB 2312."""
        a, b = end(a), end(b)
        if a == b:
            return
        if gb2312(a):
            a, b = b, a
        if gb2312(a):
            return
        add(a, b, rule)

    every = [chr(i) for i in range(0x110000) if not 0xD800 <= i < 0xE000]
    # 1. Width and spaces.
    for c in every:
        kind, _, rest = unicodedata.decomposition(c).partition(" ")
        if kind in ("<wide>", "<narrow>") and " " not in rest:
            add(c, chr(int(rest, 16)), "width")
        elif unicodedata.category(c) == "Zs" and c != " ":
            add(c, " ", "space")
    # 2. Compatibility ideographs and radicals: another code for the same character.
    for c in every:
        i = ord(c)
        parts = unicodedata.decomposition(c).split(" ")
        if 0xF900 <= i < 0xFB00 or 0x2F800 <= i < 0x2FA20:
            if len(parts) == 1 and parts[0]:
                add(c, chr(int(parts[0], 16)), "compat")
        elif 0x2E80 <= i < 0x2FE0 and len(parts) == 2:
            add(c, chr(int(parts[1], 16)), "radical")
    for pair in RADICALS.split():
        add(pair[0], pair[1], "radical")
    # 3. Letter case: Unicode's simple folding. Combining marks stay (U+0345 would become a
    #    letter); ß and İ, which fold to two letters, stay.
    for c in every:
        folded = c.casefold()
        if len(folded) != 1:
            folded = c.lower()
        if len(folded) == 1 and folded != c and unicodedata.category(c) != "Mn":
            add(c, folded, "case")
    # 4. Traditional to the first Simplified candidate; the others, where they are characters
    #    inferred by analogy outside the basic block (餔: 𫗦), are the same character too.
    traditional = list(opencc(root, "TSCharacters"))
    for c, values in traditional:
        if values[0] != c:
            add(c, values[0], "simplified")
    for c, values in traditional:
        for v in values[1:]:
            if ord(v) not in URO:
                join(v, c, "analogy")
    for c, values in opencc(root, "STCharacters"):
        for v in values:
            if ord(c) not in URO:
                join(c, v, "analogy")
    # 5. What Traditional text needs beyond that.
    for pair in FORCED.split():
        if end(pair[0]) != end(pair[1]):
            add(end(pair[0]), pair[1], "forced")
    # 6. Taiwan's and Hong Kong's standard forms.
    for name in ("TWVariants", "HKVariants"):
        for c, values in opencc(root, name):
            for v in values:
                join(v, c, "regional")
    # 7. Japanese forms, only where one of the two is a character that no Chinese writer has:
    #    図 is 圖, but 芸 (rue) is not 藝, 浜 is not 濱, 欠 is not 缺.
    for c, values in opencc(root, "JPShinjitaiCharacters"):
        others = [v for v in values if v != c]
        known = [v for v in others if gb2312(end(v))] or others
        if not known or end(c) == end(known[0]):
            continue
        if not chinese(c) or not chinese(known[0]):
            join(c, known[0], "japanese")
    # 8. Variants that OpenCC does not hold.
    for pair in VARIANTS.split():
        if end(pair[0]) != end(pair[1]):
            assert not gb2312(end(pair[0])), "both in GB 2312: " + pair
            add(end(pair[0]), pair[1], "variant")
    return [(c, end(c), to[c][1]) for c in sorted(to)]


def read_tsv(path):
    rows = []
    for line in open(path, encoding="utf-8", newline="\n"):
        if not line.startswith("#"):
            code, target, rule = line.rstrip("\n").split("\t")[:3]
            rows.append((chr(int(code, 16)), chr(int(target, 16)), rule))
    return rows


def write_tsv(path, rows):
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        out.write("# Made by generate.py from OpenCC (Apache-2.0) and Unicode's data: code, target, rule, both.\n")
        for c, target, rule in rows:
            seen = "" if rule in ("space", "width") else "\t" + c + target
            out.write("%04X\t%04X\t%s%s\n" % (ord(c), ord(target), rule, seen))


PAGE = 64


def pack(rows):
    """table.bin, all little-endian u16: number of index entries, pages and wide targets; the
    page of each 64 characters; the pages; the wide targets as two u16 each, low first.

    A cell is 0 for a character that stays, the target where it fits, else 0xD800 (no character)
    plus the place of the target among the wide ones."""
    cells, wide = {}, []
    for c, target, _ in rows:
        page = cells.setdefault(ord(c) // PAGE, [0] * PAGE)
        if ord(target) > 0xFFFF:
            if ord(target) not in wide:
                wide.append(ord(target))
            page[ord(c) % PAGE] = 0xD800 + wide.index(ord(target))
        else:
            page[ord(c) % PAGE] = ord(target)
    assert len(wide) <= 0x800
    pages, index = [[0] * PAGE], []
    for number in range(max(cells) + 1):
        if number in cells:
            index.append(len(pages))
            pages.append(cells[number])
        else:
            index.append(0)
    numbers = [len(index), len(pages), len(wide)] + index
    numbers += [n for page in pages for n in page]
    numbers += [half for w in wide for half in (w & 0xFFFF, w >> 16)]
    return b"".join(n.to_bytes(2, "little") for n in numbers)


def main():
    tsv = os.path.join(HERE, "fold.tsv")
    if len(sys.argv) > 1:
        if unicodedata.unidata_version != "14.0.0":
            print("Unicode %s, not 14.0.0: fold.tsv may differ" % unicodedata.unidata_version, file=sys.stderr)
        write_tsv(tsv, build(sys.argv[1]))
    rows = read_tsv(tsv)
    data = pack(rows)
    with open(os.path.join(HERE, "table.bin"), "wb") as out:
        out.write(data)
    rules, classes = {}, {}
    for c, target, rule in rows:
        rules[rule] = rules.get(rule, 0) + 1
        classes.setdefault(target, []).append(c)
    for rule, n in rules.items():
        print("%6d %s" % (n, rule))
    han = [t for t in classes if t != " "]
    for t in sorted(han, key=lambda t: (-len(classes[t]), t))[:40]:
        print(t, "".join(classes[t]))
    checksum = 0x811C9DC5
    for byte in data:
        checksum = (checksum ^ byte) * 0x01000193 & 0xFFFFFFFF
    print("%d characters, %d bytes, checksum %08x" % (len(rows), len(data), checksum))


main()
