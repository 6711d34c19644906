# Recipes for developers; `cargo` alone is enough to build, test and run.

# what CI runs
ci:
    .ci/run

# timings and sizes on real text; say where it lies with FANGZHI_DATA (see tests/bench/README.md)
bench *args:
    cargo bench --bench figures -- {{args}}

# many more cases of every property test; before a release and after a change to text, clean or index
thorough:
    PROPTEST_CASES=2000 cargo test --release

# rewrites the golden files; read the difference before committing it
golden:
    FANGZHI_GOLDEN=write cargo test
    TRYCMD=overwrite cargo test --test cli
