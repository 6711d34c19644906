use super::*;
use crate::clean::clean;

fn zones(article: &Article) -> String {
    let clean = clean(article, &());
    let letter = |zone| match zone {
        Zone::Title => 'T',
        Zone::Body => 'b',
        Zone::Caption => 'c',
        Zone::Byline => 'y',
        Zone::Navigation => 'n',
        Zone::Advertisement => 'a',
        Zone::Unrelated => 'u',
    };
    clean.blocks.iter().map(|b| letter(b.zone)).collect()
}

fn check(text: &str, expected: &str) {
    let article = Article { text: text.to_owned(), ..Article::default() };
    assert_eq!(zones(&article), expected, "{text}");
}

const TEXT: &str = "昨天，市里召开会议，部署全年的重点工作，各区县参加。";

#[test]
fn pages() {
    for (page, expected) in [
        (
            "首页 > 新闻 > 正文\n城市新区的五年规划\n2024-03-15 10:00 来源：日报\nP\nP\n责任编辑：某某",
            "nTybby",
        ),
        ("P\nP\n热门推荐\n• 另一条消息，与本文无关\nP", "bbnuu"),
        ("城市新区的五年规划\n收藏\n某某网小程序\n分享\n\nP\n图一.jpg\n小标题在此\nP", "TnnnbcbbX"),
        ("新车下线\n\n2024-03-15 来源：日报\n\nP", "Tyb"),
        ("雪夜\n\nP\nP", "Tbb"),
        ("P\nP\n友情链接\n某市人民政府网\n某省人民政府网", "bbnnn"),
        ("猜你喜欢\n另一篇文章的标题在此\n再一篇文章的标题在此\n\nP\nP\nP", "nuubbb"),
        ("论坛\n注册\n发新话题 回复该主题\n五天走遍五座城市 [复制链接]\n1#\nP", "nnnTnnb"),
        ("P\nP\n• 官方网站\n某某杂志社有限公司\n• 举报电话:010-65363150", "bbnnn"),
    ] {
        check(&page.replace('P', TEXT), expected.trim_end_matches('X'));
    }
}

/// What pages of three kinds look like, each with its zones line by line.
#[test]
fn whole_pages() {
    let government = "网站无障碍 | 长者版\n某某区人民政府\n首页 政务公开 政务服务 互动交流\n\
        当前位置：首页 > 新闻中心 > 要闻\n某某区召开重点项目推进会议\n发布时间：2023-05-06 浏览次数：123次\n\
        P\n会议要求：\n一、加强领导。\nP\n联系人：王先生 联系电话：0531-66600000\n（记者 某某）\n\
        分享到：\n【打印本页】 【关闭窗口】\n上一篇：某某区举办招聘会\n相关新闻\n某某区开展检查，P\n\
        网站标识码：3701120001 鲁ICP备12345678号";
    check(&government.replace('P', TEXT), "nnnnTybbbbbbnnnnun");
    let account = "城市新区这一年的变化\n原创 某某 某某日报 2024-01-05 08:00 发表于山东\n点击上方蓝字关注我们\n\
        P\n图/某某\n“这里变化太大了。”居民说。\nEND\n编辑：某某 审核：某某\n阅读 1234\n点赞 分享 在看";
    check(&account.replace('P', TEXT), "Tynbbbnynn");
    let forum = "齐鲁论坛\n用户名 密码 登录 注册\n论坛首页 > 城市 > 某市\n[讨论] 大家怎么看新区的学校？\n楼主\n\
        发表于 2023-3-5 10:20 | 只看该作者\nP\n2楼\n沙发，路过。\n回复 举报\n3楼\nP\n返回列表 发新帖\n\
        猜你喜欢\n• 另一个帖子的标题";
    check(&forum.replace('P', TEXT), "nnnTnybnbnnbnnu");
}

#[test]
fn articles_without_a_page() {
    for (page, expected) in [
        ("P", "b"),
        ("P\nP\n", "bb"),
        ("城市新区的五年规划\n\nP\nP", "Tbb"),
        ("P\n小标题在此\nP\n联系电话：0531-66600000", "bbbb"),
        ("P\n（视频编辑：某某 文字编辑：某某）", "bb"),
        ("", ""),
        (" \n\t\n", ""),
    ] {
        check(&page.replace('P', TEXT), expected);
    }
}

#[test]
fn a_given_title_is_the_only_title() {
    let mut article = Article { text: format!("城市新区的五年规划\n{TEXT}"), ..Article::default() };
    article.given.title = Some("城市新区的五年规划".to_owned());
    assert_eq!(zones(&article), "Tb");
    article.given.title = Some("别的标题".to_owned());
    assert_eq!(zones(&article), "bb");
}

#[test]
fn titles_inside_a_line() {
    check(&format!("【城市新区的五年规划】{TEXT}"), "Tb");
    check(&format!("【快讯】{TEXT}"), "b");
}

#[test]
fn a_paragraph_that_stands_there_again() {
    let long = format!("{TEXT}{}", TEXT.replace("昨天", "今天"));
    check(&format!("{long}\n{TEXT}\n{long}\n{TEXT}"), "bbub");
}

#[test]
fn posts_that_sell() {
    let post = "#文学考研# 超低价出笔记\n都是白菜价，可以私信我看资料。";
    check(&format!("{TEXT}\n\n{TEXT}\n\n{post}\n\n{post}\n\n举报 写留言"), "bbaaaan");
    check(&format!("{TEXT}\n\n市里的优惠政策：可以私信咨询。"), "bb");
}

#[test]
fn blocks_never_overlap_and_never_cross_lines() {
    for text in ["a\n b \n\n【城市新区的五年规划】x", "\u{3000}比亚迪\n分享\n"] {
        let clean = clean(&Article { text: text.to_owned(), ..Article::default() }, &());
        for pair in clean.blocks.windows(2) {
            assert!(pair[0].span.end() <= pair[1].span.start());
        }
        for block in &clean.blocks {
            let text = clean.block_text(block);
            assert!(!text.contains('\n') && text == text.trim() && !text.is_empty());
        }
    }
}
