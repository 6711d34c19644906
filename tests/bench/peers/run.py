#!/usr/bin/env python3
"""fangzhi and other search engines on the same text and the same queries: one table.

    python3 tests/bench/peers/run.py [--data FILE-OR-FOLDER]... [--peers NAME,...] [--runs N]
                                     [--queries N] [--query-file FILE] [--work FOLDER] [--table FILE]

Takes any collection in JSON Lines (`text`, and where there is one `id title date`), also as .gz. Sets
nothing up: setup.sh does. See README.md beside this file.
"""

import argparse
import gzip
import json
import os
import pathlib
import random
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent.parent
LENGTHS = (2, 3, 4, 6)
HAN = re.compile(r"[\u4e00-\u9fff]+")


def measured(command, out=None, memory=True):
    """Runs a command: wall seconds, CPU seconds, peak memory in MB."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=out or subprocess.DEVNULL, stderr=subprocess.PIPE)
    # The system's own figure for a child begins with this program's memory; the child's peak so far is
    # looked up instead, until it ends.
    peak = [0.0]

    def watch():
        while True:
            try:
                status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
            except OSError:
                return
            found = re.search(r"VmHWM:\s+(\d+)", status)
            if not found:
                return
            peak[0] = max(peak[0], int(found[1]) / 1024)
            time.sleep(0.01)

    watcher = threading.Thread(target=watch) if memory else None
    if watcher:
        watcher.start()
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    if watcher:
        watcher.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        sys.exit(f"{command}: {process.returncode}\n{said.decode(errors='replace')[-2000:]}")
    return wall, usage.ru_utime + usage.ru_stime, peak[0]


class Peer:
    """A program with the commands of sqlite_peer.py."""

    def __init__(self, name, program, one=None):
        self.name, self.program, self._one = name, program, one

    def index(self, work, folder):
        return [*self.program, "index", str(work / "corpus.tsv"), str(folder)]

    def one(self, folder, query):
        return self._one(folder, query) if self._one else [*self.program, "one", str(folder), query]

    def warm(self, folder, queries, out):
        """Milliseconds and count for each query; peak memory."""
        with open(out, "wb") as file:
            memory = measured([*self.program, "time", str(folder), str(queries)], file)[2]
        rows = [line.split("\t") for line in open(out, encoding="utf-8").read().splitlines()]
        return [int(us) / 1000 for us, _ in rows], [int(n) for _, n in rows], memory

    def ids(self, folder, queries, out):
        with open(out, "wb") as file:
            measured([*self.program, "ids", str(folder), str(queries)], file)
        return [set(map(int, line.split())) for line in open(out, encoding="utf-8").read().split("\n")[:-1]]


class Fangzhi(Peer):
    """By its own command line: `index`, `search --batch`, `search`; what is found by `facets --by article`."""

    ZONE = ["--zone", "all"]  # the whole text, as the others have it

    def index(self, work, folder):
        return [*self.program, "index", str(work / "corpus.jsonl"), "--index", str(folder), "--rebuild"]

    def one(self, folder, query):
        return [*self.program, "search", query, "-n", "10", "--index", str(folder), *self.ZONE]

    def warm(self, folder, queries, out):
        command = [*self.program, "search", "--batch", str(queries), "-n", "10", "--format", "jsonl",
                   "--mode", "keyword", "--index", str(folder), *self.ZONE]
        with open(out, "wb") as file:
            memory = measured(command, file)[2]
        lines = map(json.loads, open(out, encoding="utf-8"))
        rows = [line for line in lines if line["type"] == "summary"]
        # The counts once more, by the command that counts.
        command = [*self.program, "count", "--batch", str(queries), "--format", "jsonl", "--index", str(folder), *self.ZONE]
        counted = subprocess.run(command, capture_output=True).stdout.decode().splitlines()
        counted = [json.loads(line)["articles"] for line in counted]
        assert counted == [row["articles"] for row in rows], "count and search differ"
        return [row["took_ms"] for row in rows], counted, memory

    def ids(self, folder, queries, out):
        found = []
        for query in queries.read_text(encoding="utf-8").splitlines():
            command = [*self.program, "facets", query, "--by", "article", "--format", "jsonl", "--index", str(folder), *self.ZONE]
            lines = subprocess.run(command, capture_output=True).stdout.decode().splitlines()
            rows = [json.loads(line) for line in lines]
            found.append({int(row["article"]) for row in rows if "article" in row})
        return found


class Ripgrep(Peer):
    """No index: each query reads all of the text, so there is nothing to keep warm but the pages."""

    def index(self, work, folder):
        return None

    def one(self, folder, query):
        return [*self.program, "-c", "-F", query, str(folder.parent / "corpus.lines")]

    def warm(self, folder, queries, out):
        times, counts, peak = [], [], 0
        for query in queries.read_text(encoding="utf-8").splitlines():
            with open(out, "wb") as file:
                wall, _, memory = measured(self.one(folder, query), file)
            times.append(wall * 1000)
            counts.append(int(open(out).read() or 0))
            peak = max(peak, memory)
        return times, counts, peak

    def ids(self, folder, queries, out):
        found = []
        for query in queries.read_text(encoding="utf-8").splitlines():
            lines = subprocess.run([*self.program, "-n", "-F", query, str(folder.parent / "corpus.lines")],
                                   capture_output=True).stdout.split(b"\n")
            found.append({int(line.split(b":")[0]) - 1 for line in lines if line})
        return found


def sqlite(tokenizer):
    top = ("SELECT count(*) FROM articles WHERE articles MATCH '\"{0}\"'; SELECT title, snippet(articles, 1, '[', ']', '…', 24)"
           " FROM articles WHERE articles MATCH '\"{0}\"' ORDER BY rank LIMIT 10")
    return Peer(f"SQLite FTS5 {tokenizer}", [sys.executable, str(HERE / "sqlite_peer.py"), tokenizer],
                lambda folder, query: ["sqlite3", f"{folder}/db", top.format(query)])


def peers(built):
    """What setup.sh has built, by name."""
    tantivy = (built / "tantivy-jieba").resolve()
    all_ = {
        "fangzhi": Fangzhi("fangzhi", [os.environ.get("FANGZHI") or str(built / "fangzhi")]),
        "tantivy-jieba": Peer("tantivy + tantivy-jieba", [str(tantivy)]),
        "lucene-cjk": Peer("Lucene CJK", ["java", "-cp", f"{built}:/usr/share/java/*", "LucenePeer", "cjk"]),
        "lucene-smartcn": Peer("Lucene smartcn", ["java", "-cp", f"{built}:/usr/share/java/*", "LucenePeer", "smartcn"]),
        "sqlite-trigram": sqlite("trigram"),
        "sqlite-unicode61": sqlite("unicode61"),
        "xapian": Peer("Xapian n-grams", [str(built / "xapian")]),
        "ripgrep": Ripgrep("ripgrep (no index)", ["rg"]),
    }
    here = {"fangzhi": all_["fangzhi"].program[0], "tantivy-jieba": tantivy, "xapian": built / "xapian",
            "lucene-cjk": built / "LucenePeer.class", "lucene-smartcn": built / "LucenePeer.class"}
    missing = {name for name, file in here.items() if not pathlib.Path(file).exists()}
    missing |= {name for name, tool in (("ripgrep", "rg"), ("sqlite-trigram", "sqlite3"), ("sqlite-unicode61", "sqlite3"))
                if not shutil.which(tool)}
    for name in sorted(missing):
        print(f"{name}: not set up, left out (see setup.sh)", file=sys.stderr)
    return {name: peer for name, peer in all_.items() if name not in missing}


def records(paths):
    for path in map(pathlib.Path, paths):
        names = ("*.jsonl", "*.ndjson", "*.jsonl.gz")
        files = sorted(f for name in names for f in path.rglob(name)) if path.is_dir() else [path]
        for file in files:
            with (gzip.open if file.suffix == ".gz" else open)(file, "rt", encoding="utf-8") as lines:
                yield from map(json.loads, lines)


def corpus(paths, work):
    """Writes the three forms of the text; its size in bytes and the texts themselves, a line each."""
    size, texts = 0, []
    with open(work / "corpus.tsv", "w", encoding="utf-8", newline="\n") as tsv, \
            open(work / "corpus.jsonl", "w", encoding="utf-8") as jsonl, \
            open(work / "corpus.lines", "w", encoding="utf-8", newline="\n") as plain:
        for n, record in enumerate(records(paths)):
            title = " ".join((record.get("title") or "").split())
            text = (record.get("text") or record.get("content") or "").replace("\r", "")
            text = text.replace("\t", " ").replace("\x1e", " ")
            date = str(record.get("date") or "")
            size += len((title + text).encode())
            line = (title + "\n" + text).replace("\n", " ")
            texts.append(line)
            plain.write(line + "\n")
            tsv.write(f"{n}\t{date[:4] if date[:4].isdigit() else ''}\t{title}\t" + text.replace("\n", "\x1e") + "\n")
            json.dump({"id": str(n), "title": title, "date": date or None, "text": text}, jsonl, ensure_ascii=False)
            jsonl.write("\n")
    return size, texts


def draw(texts, each, seed=1):
    """Stretches of Han text from random places, whatever words stand there."""
    random_, queries = random.Random(seed), []
    for length in LENGTHS:
        found = set()
        while len(found) < each:
            text = random_.choice(texts)
            at = random_.randrange(max(1, len(text)))
            piece = text[at:at + length]
            if len(piece) == length and HAN.fullmatch(piece):
                found.add(piece)
        queries += sorted(found)
    return queries


def size_of(folder):
    return sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())


def at(values, share):
    return sorted(values)[int((len(values) - 1) * share)]


def main():
    parse = argparse.ArgumentParser()
    parse.add_argument("--data", action="append")
    parse.add_argument("--peers")
    parse.add_argument("--runs", type=int, default=3)
    parse.add_argument("--queries", type=int, default=50, help="of each length")
    parse.add_argument("--query-file")
    parse.add_argument("--built", default=str(ROOT / "target/peers"))
    parse.add_argument("--work")
    parse.add_argument("--table")
    args = parse.parse_args()
    data = args.data or [os.environ.get("FANGZHI_DATA") or str(ROOT / "../shared/data/news")]
    if not all(pathlib.Path(d).exists() for d in data):
        sys.exit("no data: name a JSON Lines collection with --data")
    chosen = peers(pathlib.Path(args.built))
    if args.peers:
        chosen = {name: chosen[name] for name in args.peers.split(",") if name in chosen}
    with tempfile.TemporaryDirectory(dir=args.work) as work:
        work = pathlib.Path(work)
        size, texts = corpus(data, work)
        if args.query_file:
            queries = list(filter(None, open(args.query_file, encoding="utf-8").read().splitlines()))
        else:
            queries = draw(texts, args.queries)
        (work / "queries").write_text("\n".join(queries) + "\n", encoding="utf-8")
        truth = [{n for n, text in enumerate(texts) if query in text} for query in queries]
        articles, one = len(texts), next((q for q in queries if len(q) == 3), queries[0])
        del texts
        table = run(chosen, work, size, queries, truth, args.runs, one)
    lines = [f"{size / 1e6:.1f} MB of text in {articles} articles; {len(queries)} queries; medians of {args.runs} "
             f"interleaved runs; {machine()}", "", *table]
    print("\n".join(lines))
    if args.table:
        pathlib.Path(args.table).write_text("\n".join(lines) + "\n", encoding="utf-8")


def run(chosen, work, size, queries, truth, runs, one):
    figures = {name: {"wall": [], "cpu": [], "memory": [], "one": [], "p50": [], "p99": [], "warm": []} for name in chosen}
    for turn in range(runs):
        for name, peer in chosen.items():
            folder = work / name
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            command, f = peer.index(work, folder), figures[name]
            if command:
                wall, cpu, memory = measured(command)
                f["wall"].append(wall), f["cpu"].append(cpu), f["memory"].append(memory)
                print(f"{name}: indexed in {wall:.1f} s, {cpu:.1f} s of CPU, {memory:.0f} MB, {size_of(folder) / size:.2f} x",
                      file=sys.stderr)
    for turn in range(runs):
        for name, peer in chosen.items():
            times, counts, memory = peer.warm(work / name, work / "queries", work / "out")
            f = figures[name]
            f["p50"].append(at(times, 0.5)), f["p99"].append(at(times, 0.99)), f["warm"].append(memory)
            f["counts"] = counts
    for turn in range(3 * runs + 1):
        for name, peer in chosen.items():
            figures[name]["one"].append(measured(peer.one(work / name, one), memory=False)[0] * 1000)
    rows = ["| | indexing MB/s | MB per CPU s | index / text | peak MB, indexing | one-shot ms | warm p50 ms | warm p99 ms | peak MB, warm"
            " | found of what stands there, 2 characters | 3 and more | not there |", "|" + "---|" * 12]
    for name, peer in chosen.items():
        f, median = figures[name], statistics.median
        found = peer.ids(work / name, work / "queries", work / "out")
        if len(found) != len(queries) or [len(ids) for ids in found] != f["counts"]:
            print(f"{name}: its counts and its lists of articles differ", file=sys.stderr)
        recall = {}
        for short in (True, False):
            pairs = [(t, g) for q, t, g in zip(queries, truth, found) if (len(q) < 3) == short]
            there = sum(len(t) for t, _ in pairs)
            recall[short] = f"{100 * sum(len(t & g) for t, g in pairs) / there:.2f} %" if there else "–"
        extra = sum(len(g - t) for t, g in zip(truth, found))
        built = [f"{size / 1e6 / median(f['wall']):.1f}", f"{size / 1e6 / median(f['cpu']):.1f}",
                 f"{size_of(work / name) / size:.2f}", f"{median(f['memory']):.0f}"] if f["wall"] else ["–"] * 4
        asked = [f"{median(f['one']):.1f}", f"{median(f['p50']):.2f}", f"{median(f['p99']):.1f}", f"{median(f['warm']):.0f}"]
        rows.append("| " + " | ".join([peer.name, *built, *asked, recall[True], recall[False], str(extra)]) + " |")
    return rows


def machine():
    model = [line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    load = os.getloadavg()[0]
    return f"{model[0] if model else 'machine'}, {os.cpu_count()} cores, {time.strftime('%F')}, load {load:.1f}"


main()
