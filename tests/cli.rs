//! The command line on the five seed articles, as files: `tests/cmd/*.trycmd`.
//!
//! The cases run in a temporary folder that holds `seeds/` and the index made of it. After a
//! change that is meant, `TRYCMD=overwrite cargo test --test cli` writes what is printed now into
//! the files; read the difference before it is committed, and put `[..]` back where figures
//! vary from run to run.

mod common;

use std::path::Path;

#[test]
fn commands() {
    let world = common::World::with_seeds();
    world.write("queries.txt", "比亚迪\n黄河\r\n\n火星\n");
    world.sh("index").exits(0);
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd");
    std::env::set_current_dir(world.path("")).expect("the folder is there");
    trycmd::TestCases::new()
        .env("NO_COLOR", "1")
        .register_bin("fangzhi", Path::new(common::FANGZHI))
        .case(cases.join("*.trycmd"))
        .run();
}
