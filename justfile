# Recipes for developers; `cargo` alone is enough to build, test and run.

# what CI runs
ci:
    .ci/run

# timings and sizes on real text; say where it lies with FANGZHI_DATA (see tests/bench/README.md)
bench *args:
    cargo bench --bench figures -- {{args}}

# growth and latency on a large collection made from the same text
bench-large *args:
    cargo bench --bench large -- {{args}}

# the order of keyword queries on the judged set
bench-judged *args:
    cargo bench --bench judged -- {{args}}

# other engines on the same text: sets them up, then measures; see tests/bench/peers/README.md
bench-peers *args:
    tests/bench/peers/setup.sh
    python3 tests/bench/peers/run.py {{args}}

# many more cases of every property test; before a release and after a change to text, clean or index
thorough:
    PROPTEST_CASES=2000 cargo test --release

# rewrites the golden files; read the difference before committing it
golden:
    UPDATE_GOLDEN=1 cargo test
    TRYCMD=overwrite cargo test --test cli
