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

/// What `clean` must print of each article, and of its body alone.
#[test]
fn repairs() {
    let world = common::World::with_seeds();
    for (file, parts) in [
        (
            "000_eb79909535b2c4d2.txt",
            &["进行。现场观摩后", "日常考核评价赋分", "加快成形起势。活动期间", "布局数字经济"][..],
        ),
        (
            // The bytes of `郊\u{E1FD}喊` with the lost 式 before them are 集群, not the 集聚 of NOISE.md.
            "001_eb34104d2019b9dd.txt",
            &["济南日报", "项目谋划策划机制", "链式项目30余个", "链式集群发展", "快速决策"],
        ),
        ("002_0377eb9e3577284e.txt", &["期待济南的项目之“火”越来越旺!", "考研"]),
        ("003_2eeaad20f77cb63a.txt", &["党工委", "党政考察团", "黄河体育中心"]),
    ] {
        world.run(&["clean", &format!("seeds/{file}")]).exits(0).prints(parts);
    }
    let body = world.sh("clean --zone body seeds/002_0377eb9e3577284e.txt").exits(0).out;
    assert!(body.trim_end().ends_with("期待济南的项目之“火”越来越旺!"), "{body}");
}
