"""SQLite FTS5 as a peer. TOKENIZER is `trigram` or `unicode61`.

    sqlite_peer.py TOKENIZER index CORPUS.tsv FOLDER
    sqlite_peer.py TOKENIZER time FOLDER QUERIES
    sqlite_peer.py TOKENIZER ids FOLDER QUERIES

The corpus has a line an article: number, year, title, text (its line breaks as U+001E). `time` prints
microseconds and the number of articles for each query, `ids` the numbers of the articles.
"""

import sqlite3
import sys
import time

TOP = """SELECT title, snippet(articles, 1, '[', ']', '…', 24) FROM articles
         WHERE articles MATCH ? ORDER BY rank LIMIT 10"""
YEARS = """SELECT year, count(*) FROM articles JOIN about ON about.n = articles.rowid
           WHERE articles MATCH ? GROUP BY year"""


def index(tokenizer, corpus, folder):
    db = sqlite3.connect(f"{folder}/db")
    db.execute("PRAGMA journal_mode = off")
    db.execute(f"CREATE VIRTUAL TABLE articles USING fts5(title, body, tokenize = '{tokenizer}')")
    db.execute("CREATE TABLE about (n INTEGER PRIMARY KEY, year INTEGER)")
    with open(corpus, encoding="utf-8", newline="\n") as lines:
        for line in lines:
            n, year, title, text = line.rstrip("\n").split("\t")
            text = text.replace("\x1e", "\n")
            db.execute("INSERT INTO articles(rowid, title, body) VALUES (?, ?, ?)", (int(n), title, text))
            db.execute("INSERT INTO about VALUES (?, ?)", (int(n), int(year or 0)))
    db.commit()


def phrase(query):
    return '"' + query.replace('"', '""') + '"'


def main():
    tokenizer, command, *rest = sys.argv[1:]
    if command == "index":
        return index(tokenizer, *rest)
    db = sqlite3.connect(f"{rest[0]}/db")
    for query in open(rest[1], encoding="utf-8").read().splitlines():
        match = (phrase(query),)
        if command == "time":
            start = time.perf_counter_ns()
            years = db.execute(YEARS, match).fetchall()
            db.execute(TOP, match).fetchall()
            micros = (time.perf_counter_ns() - start) // 1000
            print(micros, sum(count for _, count in years), sep="\t")
        else:
            rows = db.execute("SELECT rowid FROM articles WHERE articles MATCH ?", match)
            print(*(n for (n,) in rows))


main()
