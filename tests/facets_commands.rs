//! Districts and years from the command line: a user's own places and metadata, good and bad; places as they
//! were; reasons; tables and pictures.

mod common;

use common::World;

fn index(world: &World) -> common::Ran {
    world.sh("index articles")
}

fn rows(world: &World, args: &str) -> String {
    world.sh(&format!("facets {args} --format csv")).out.lines().skip(1).collect::<Vec<_>>().join(" ")
}

#[test]
fn own_places_are_told_filtered_and_changed() {
    let world = World::new();
    world.write("articles/a.txt", "济南中央商务区封顶\n中央商务区的五座高楼封顶，济南再添地标。\n");
    world.write("articles/b.txt", "济南市历下区发布\n历下区的消息，历下区居民。\n");
    index(&world).exits(0);
    assert_eq!(rows(&world, "--by district"), "山东省/济南市,1, 山东省/济南市/历下区,1,");
    world.write(
        "articles/places.toml",
        "[\"济南市/中央商务区\"]\nnames = [\"济南中央商务区\"]\nshort = [\"中央商务区\", \"CBD片区\"]\n",
    );
    // The articles have not changed, what they are told by has.
    index(&world).exits(0).says(&["2 files changed"]);
    assert_eq!(rows(&world, "--by district"), "山东省/济南市/中央商务区,1, 山东省/济南市/历下区,1,");
    world.sh("count 高楼 --district 中央商务区").exits(0).prints(&["1 article"]);
    world.sh("count 高楼 --district CBD片区").exits(0).prints(&["1 article"]);
    index(&world).exits(0).says(&["2 files unchanged"]);
    world.remove("articles/places.toml");
    index(&world).exits(0).says(&["2 files changed"]);
    assert_eq!(rows(&world, "--by district"), "山东省/济南市,1, 山东省/济南市/历下区,1,");
    world.write("mine.toml", "['济南市/中央商务区']\nnames='济南中央商务区'\n");
    world.sh("index articles --places mine.toml").exits(0);
    assert_eq!(rows(&world, "--by district"), "山东省/济南市/中央商务区,1, 山东省/济南市/历下区,1,");
}

#[test]
fn bad_rows_are_said_with_line_and_choices_and_the_rest_goes_on() {
    for (row, says) in [
        (
            "['济南市/新区块']\nnmaes=['甲乙']",
            "places.toml:4: unknown key \"nmaes\": choose among names, short, former, not",
        ),
        ("['济南市/新区块']\nnames=7", "places.toml:4: names must be a string or a list of strings"),
        ("['济男市/新区块']\nnames=['甲乙']", "places.toml:3: there is no place \"济男市\": the nearest are"),
        ("['市中区']\nnames=['甲乙']", "places.toml:3: \"市中区\" is the name of 4 places: write"),
        ("['济南市/槐阴区']\nnames=['甲乙']", "places.toml:3: there is no place \"槐阴区\" there: 槐荫区 is"),
        ("['槐荫区']\nnames=['甲乙']", "places.toml:3: a second table for 槐荫区: the one in line 1 counts"),
    ] {
        let world = World::new();
        world.write("articles/a.txt", "大槐树片区更新\n大槐树片区的居民。\n");
        world.write("articles/places.toml", format!("['槐荫区']\nnames=['大槐树片区']\n{row}\n"));
        index(&world).exits(2).says(&[says, "1 article read", "1 problem"]);
        assert_eq!(rows(&world, "--by district"), "山东省/济南市/槐荫区,1,", "{row}");
    }
    for (row, says) in [
        (
            "['a.txt']\nyaer=2020",
            "metadata.toml:4: unknown key \"yaer\": choose among title, date, year, district, source",
        ),
        ("['a.txt']\nyear='x'", "metadata.toml:4: year must be a whole number"),
        (
            "['a.txt']\ndistrict='槐阴区'",
            "metadata.toml:4: the district of a.txt is left out: there is no place \"槐阴区\": the nearest are",
        ),
        ("['b.txt']\nyear=2021", "metadata.toml:3: a second table for b.txt: the one in line 1 counts"),
    ] {
        let world = World::new();
        world.write("articles/a.txt", "某事\n正文。\n");
        world.write("articles/b.txt", "另一事\n正文。\n");
        world.write("articles/metadata.toml", format!("['b.txt']\nyear=2020\n{row}\n"));
        index(&world).exits(2).says(&[says, "2 articles read", "1 problem"]);
        assert_eq!(rows(&world, "--by year"), "2020,1, ,1,", "{row}");
    }
    let world = World::new();
    world.write("articles/a.txt", "某事\n正文。\n");
    world.sh("index articles --places nowhere.toml").exits(2).says(&["nowhere.toml: no such file"]);
}

#[test]
fn places_as_they_were() {
    let world = World::new();
    world.write("articles/a.txt", "莱芜区香肠\n济南市莱芜区香肠，莱芜区。\n");
    world.write("articles/b.txt", "济南市章丘区铁锅\n章丘区的铁锅。\n");
    world.write("articles/c.txt", "崇文区前门大街\n北京市崇文区前门，崇文区居民。\n");
    world.write("articles/d.txt", "北京市东城区胡同\n东城区的胡同。\n");
    index(&world).exits(0);
    assert_eq!(
        rows(&world, "--by district --as-of 2009"),
        "北京市/东城区,1, 北京市/崇文区,1, 山东省/济南市/章丘市,1, 山东省/莱芜市/莱城区,1,"
    );
    assert_eq!(
        rows(&world, "--by district --as-of 2009 --level city"),
        "北京市,2, 山东省/济南市,1, 山东省/莱芜市,1,"
    );
    assert_eq!(rows(&world, "--by article --district 莱芜市 --as-of 2015"), "articles/a.txt,1,");
    assert_eq!(rows(&world, "--by article --district 济南 --as-of 2015"), "articles/b.txt,1,");
    assert_eq!(rows(&world, "--by article --district 济南"), "articles/a.txt,1, articles/b.txt,1,");
    assert_eq!(rows(&world, "--by article --district 章丘县"), "articles/b.txt,1,");
    assert_eq!(rows(&world, "--by article --district 山东省/莱芜市/莱城区"), "articles/a.txt,1,");
    let hit = world.sh("search 前门 --as-of 2009 --format json").json();
    assert_eq!(hit["hits"][0]["districts"][0], "北京市/崇文区");
    let line = world.sh("kwic 前门 --as-of 2009 --format jsonl -n 1");
    assert!(line.out.contains("北京市/崇文区"), "{line:?}");
    world.sh("facets --as-of 1949").exits(2).says(&["the years 1981 to 2024"]);
    world.sh("count 铁锅 --district 市中区").exits(1).says(&["市中区 is the name of 4 places", "枣庄市"]);
}

#[test]
fn reasons_and_confidence() {
    let world = World::with_seeds();
    world.sh("index seeds").exits(0);
    world.sh("show seeds/001_eb34104d2019b9dd.txt --view facets").exits(0).prints(&[
        "date                2024-01-04",
        "printed",
        "fetched             2024-01-05",
        "clock",
        "district            山东省/济南市/槐荫区",
        "title",
        "mentioned-district  香港特别行政区",
        "mentioned-year      2023",
    ]);
    // Metadata wins, and says so.
    world.sh("show seeds/003_2eeaad20f77cb63a.txt --view facets").prints(&["2022", "given", "1.00"]);
    let json = world.sh("show seeds/004_892a0c932a36f5c1.txt --format json").json();
    let dating = &json["facets"]["dating"]["evidence"];
    assert_eq!((dating["rule"].as_str(), dating["words"].as_str()), (Some("printed"), Some("2024-03-15")));
    assert!(dating["span"].is_object() || dating["span"].is_array(), "{dating}");
    // 002's year is inferred from its text: less sure than printed ones.
    assert_eq!(rows(&world, "--by year --confidence 0.9"), "2022,1, 2024,2, ,2,");
    assert_eq!(rows(&world, "--by article --year 2024 --confidence 0.9").matches(".txt").count(), 2);
    assert_eq!(rows(&world, "--by article --year unknown --confidence 0.9").matches(".txt").count(), 2);
    assert_eq!(rows(&world, "--by district --confidence 1"), ",5,");
    world.sh("facets --confidence 2").exits(2).says(&["a number from 0 to 1"]);
    assert!(rows(&world, "--by mentioned-district").contains("广东省/深圳市"));
    assert!(rows(&world, "--by mentioned-year").starts_with("2021,"));
}

#[test]
fn tables_and_pictures() {
    let world = World::with_seeds();
    world.sh("index seeds").exits(0);
    let sheet = world.sh("facets 比亚迪 --by district,year --cross --format csv --cells occurrences").out;
    assert_eq!(
        sheet.lines().collect::<Vec<_>>(),
        [
            "district,2022,2023,2024,sum",
            "山东省/济南市/济南新旧动能转换起步区,5,0,4,9",
            "山东省/济南市,0,0,1,1",
            "sum,5,0,5,10"
        ]
    );
    assert_eq!(rows(&world, "--by district --level all").split(' ').next(), Some("山东省,5,"));
    assert_eq!(rows(&world, "--by district --level province"), "山东省,5,");
    world.sh("facets --by year --cross").exits(2).says(&["--cross needs two facets"]);
    world.sh("facets --cells occurrences").exits(2).says(&["needs a QUERY"]);
    for (by, part) in [
        ("district,year", "山东省/济南市/槐荫区 · 2024: 1"),
        ("year", "2023: 0"),
        ("source", "济南日报: 1"),
        ("district,month", "2024-02"),
    ] {
        let picture = world.sh(&format!("facets --by {by} --format svg")).exits(0).out;
        assert!(picture.starts_with("<?xml") && picture.contains(part), "{by}: {picture}");
    }
}
