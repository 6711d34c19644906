//! What a line says of itself.

use super::vocabulary::Vocabulary;
use crate::article::Zone;
use std::sync::LazyLock;

/// A line by its own evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Furniture of the page, for certain.
    Furniture(Zone),
    /// The heading of what follows the article; all below it is of this zone.
    Marker(Zone),
    /// No word in it (`0`, `?`, `1#`, `👍`): what its neighbours are.
    Empty,
    /// A telephone number, an address: furniture at the end of a page, body in a notice.
    Contact,
    /// An item of a list.
    Item,
    /// Running text.
    Paragraph,
    /// Anything else: a headline, a caption in words, a name.
    Short,
}

/// The longest line, in bytes, that is looked at: longer ones are text.
const LONGEST: usize = 240;

/// Link words. A line made of these, digits and symbols only is a menu. From pages of news
/// sites, forums and local governments; each stands there as a button or a link.
const LINKS: &str = "首页 主页 网站首页 收藏 加入收藏 设为首页 手机阅读 手机版 手机端阅读 手机端 电脑版 扫码 扫一扫 \
    扫码阅读 扫码订阅 扫码带走 扫码分享 扫描二维码 二维码 微信扫码分享 微信扫一扫 分享 分享到 分享至 转发 \
    评论 我要评论 发表评论 条评论 点赞 举报 写留言 留言 我要留言 发布 订阅 网上订阅 欢迎关注 关注我们 \
    微信公众号 公众号 新浪微博 腾讯微博 微博 微信 微信好友 朋友圈 QQ空间 QQ好友 QQ 空间 顶部 返回顶部 \
    回到顶部 TOP 打印 打印本页 打印本文 关闭 关闭窗口 关闭本页 大字体 小字体 字体 字号 字体大小 放大 缩小 默认 \
    登录 登陆 注册 免费注册 立即注册 用户登录 退出 搜索 站内搜索 高级搜索 网站导航 导航 网站地图 联系我们 \
    关于我们 广告服务 广告合作 法律声明 免责声明 隐私政策 帮助中心 意见反馈 上一页 下一页 尾页 末页 上一篇 下一篇 \
    上一条 下一条 返回列表 返回上一页 返回首页 返回 回复 回复该主题 发新话题 发新帖 发帖 复制链接 复制地址 只看该作者 \
    只看楼主 楼主 倒序浏览 正序浏览 查看全文 阅读全文 展开全文 收起 点击查看 更多 查看更多 加载更多 点击加载更多 \
    阅读量 浏览量 浏览次数 点击次数 阅读次数 客户端 下载客户端 下载APP APP下载 无障碍 无障碍浏览 繁体版 简体版 \
    繁體 簡體 English 英文版 听新闻 播报 纠错 我要纠错 收听 已关注 取消关注 扫码关注 在看 点击上方 点击下方 蓝字 \
    长按识别 长按二维码 识别二维码 关注公众号 网站无障碍 无障碍阅读 长者版 适老化 用户名 密码 忘记密码 找回密码 END";

/// Link words that may stand beside those, but are words of headlines when alone.
const BESIDE: &str = "阅读 浏览 点击 次 大 中 小 关注 热线 新闻 正文 下载 到 人";

/// Headings above other people's posts and other articles.
const UNRELATED: &[&str] = &[
    "热门推荐",
    "热门文章",
    "热门新闻",
    "热点推荐",
    "热点新闻",
    "相关阅读",
    "相关新闻",
    "相关推荐",
    "相关文章",
    "推荐阅读",
    "推荐文章",
    "推荐新闻",
    "猜你喜欢",
    "为你推荐",
    "为您推荐",
    "延伸阅读",
    "精彩推荐",
    "更多精彩",
    "大家都在看",
    "大家还在看",
    "最新文章",
    "最新资讯",
    "最新评论",
    "网友评论",
    "全部评论",
    "热门评论",
    "精彩评论",
    "精选留言",
    "编辑推荐",
    "今日热点",
    "随便看看",
    "看过本文的人还看了",
    "热门话题",
    "热门帖子",
    "相关帖子",
    "热门排行",
    "新闻排行",
    "点击排行",
    "阅读排行",
    "24小时热文",
];

/// Headings above a site's own links.
const LINK_LISTS: &[&str] = &[
    "友情链接",
    "友情連接",
    "相关链接",
    "网站导航",
    "快速导航",
    "关于我们",
    "联系我们",
    "合作媒体",
    "合作伙伴",
    "网站群",
];

/// What stands before a colon in a line about the article.
const LABELS: &[&str] = &[
    "来源",
    "信息来源",
    "文章来源",
    "稿件来源",
    "新闻来源",
    "稿源",
    "作者",
    "编辑",
    "责任编辑",
    "责编",
    "审核",
    "审校",
    "校对",
    "发布日期",
    "发布时间",
    "发表时间",
    "发表日期",
    "发布者",
    "发布人",
    "发布单位",
    "发布机构",
    "更新时间",
    "供稿",
    "撰稿",
    "撰文",
    "初审",
    "复审",
    "终审",
    "一审",
    "二审",
    "三审",
    "监制",
    "值班编委",
    "值班主任",
    "值班编辑",
    "实习编辑",
    "本文来源",
    "原标题",
    "信息员",
    "信息发布",
    "发稿时间",
    "录入",
    "上传",
    "摄影",
    "图文编辑",
];

/// Words of a site's foot that an article's own last lines don't have.
const IMPRINT: &[&str] = &[
    "ICP",
    "公网安备",
    "版权所有",
    "版权声明",
    "Copyright",
    "copyright",
    "©",
    "All Rights",
    "许可证",
    "违法和不良信息",
    "举报电话",
    "举报邮箱",
    "举报热线",
    "网站标识码",
    "技术支持",
    "未经授权",
    "新闻热线",
    "网站声明",
    "备案号",
];

/// Words of contact lines.
const CONTACT: &[&str] =
    &["热线", "电话", "邮箱", "传真", "邮编", "地址", "E-mail", "email", "QQ群", "主办", "承办"];

/// The lists that are looked for inside lines.
struct Lists {
    links: Vocabulary,
    beside: Vocabulary,
    imprint: Vocabulary,
    contact: Vocabulary,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| Lists {
    links: Vocabulary::new(LINKS.split_whitespace()),
    beside: Vocabulary::new(BESIDE.split_whitespace()),
    imprint: Vocabulary::new(IMPRINT.iter().copied()),
    contact: Vocabulary::new(CONTACT.iter().copied()),
});

/// What a short line holds, counted in one pass over its bytes: most shapes need what most lines
/// lack.
#[derive(Debug, Default)]
struct Holds {
    chars: usize,
    digits: usize,
    /// A colon of either width.
    colon: bool,
    /// `@`
    at: bool,
    /// `>` or another mark of a path.
    arrow: bool,
    /// Spaces, bars and tabs.
    gaps: usize,
    /// The letter h, which a web address begins with.
    h: bool,
}

impl Holds {
    /// `line` has at most [`LONGEST`] bytes, so the counts fit a byte.
    fn of(line: &str) -> Holds {
        let (mut chars, mut digits, mut gaps) = (0u8, 0u8, 0u8);
        let (mut colon, mut at, mut arrow, mut h) = (false, false, false, false);
        for &b in line.as_bytes() {
            chars += u8::from(b & 0xC0 != 0x80);
            digits += u8::from(b.is_ascii_digit());
            gaps += u8::from(b == b' ') + u8::from(b == b'|') + u8::from(b == b'\t');
            colon |= b == b':';
            at |= b == b'@';
            arrow |= b == b'>';
            h |= b == b'h';
        }
        for w in line.as_bytes().windows(3) {
            let (a, b, c) = (w[0], w[1], w[2]);
            colon |= (a == 0xEF) & (b == 0xBC) & (c == 0x9A);
            gaps += u8::from((a == 0xE3) & (b == 0x80) & (c == 0x80));
            // ＞, › and ».
            arrow |= (a == 0xEF) & (b == 0xBC) & (c == 0x9E) | (a == 0xE2) & (b == 0x80) & (c == 0xBA);
            arrow |= (b == 0xC2) & (c == 0xBB) | (a == 0xC2) & (b == 0xBB);
        }
        let (chars, digits, gaps) = (usize::from(chars), usize::from(digits), usize::from(gaps));
        Holds { chars, digits, colon, at, arrow, gaps, h }
    }
}

/// What the line, without white space around it, says of itself.
pub(super) fn shape(line: &str) -> Shape {
    if line.len() > LONGEST {
        return if is_bullet(line) { Shape::Item } else { Shape::Paragraph };
    }
    let bare = line.trim_matches(|c: char| !is_alphanumeric(c));
    if bare.is_empty() || is_floor(line) || bare.len() < 4 && bare.bytes().all(|b| b.is_ascii_digit()) {
        return Shape::Empty;
    }
    let holds = Holds::of(line);
    if is_count(line) {
        return Shape::Empty;
    }
    if let Some(zone) = marker(bare) {
        return Shape::Marker(zone);
    }
    if is_file_name(line) {
        return Shape::Furniture(Zone::Caption);
    }
    if is_links(line)
        || is_menu(line, &holds)
        || is_breadcrumb(line, &holds)
        || is_imprint(line, &holds)
        || is_neighbour_link(bare, &holds)
    {
        return Shape::Furniture(Zone::Navigation);
    }
    if is_byline(line, &holds) {
        return Shape::Furniture(Zone::Byline);
    }
    if is_contact(line, &holds) {
        return Shape::Contact;
    }
    if is_bullet(line) {
        return Shape::Item;
    }
    if is_paragraph(line, &holds) { Shape::Paragraph } else { Shape::Short }
}

/// As [`char::is_alphanumeric`], without its tables for the characters met most.
fn is_alphanumeric(c: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&c) || c.is_alphanumeric()
}

/// `1#`, `楼主`, `2楼`: the number of a post.
pub(super) fn is_floor(line: &str) -> bool {
    line.strip_suffix(['#', '楼', '＃'])
        .is_some_and(|n| !n.is_empty() && n.len() < 5 && n.bytes().all(|b| b.is_ascii_digit()))
}

fn marker(bare: &str) -> Option<Zone> {
    if bare.len() > 40 || bare.chars().count() > 10 {
        return None;
    }
    let heads = |list: &[&str]| list.contains(&bare);
    if heads(UNRELATED) {
        Some(Zone::Unrelated)
    } else if heads(LINK_LISTS) {
        Some(Zone::Navigation)
    } else {
        None
    }
}

/// `11.png`: a picture's file name and nothing else.
fn is_file_name(line: &str) -> bool {
    const ENDINGS: [&str; 7] = [".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".mp4"];
    line.len() < 100
        && line.ends_with(|c: char| c.is_ascii_alphanumeric())
        && !line.contains(char::is_whitespace)
        && ENDINGS.iter().any(|e| line.len() > e.len() && line.to_ascii_lowercase().ends_with(e))
}

/// Whether the line is made of link words alone, at least one of the certain ones.
pub(super) fn is_links(line: &str) -> bool {
    let Lists { links, beside, .. } = &*LISTS;
    let mut rest = line;
    let mut found = false;
    while let Some(c) = rest.chars().next() {
        if let Some(word) = links.prefix(c, rest) {
            found = true;
            rest = &rest[word.len()..];
        } else if let Some(word) = beside.prefix(c, rest) {
            rest = &rest[word.len()..];
        } else if ('\u{4E00}'..='\u{9FFF}').contains(&c) || c.is_alphabetic() {
            return false;
        } else {
            // A full stop or a comma makes it a sentence.
            if matches!(c, '。' | '，') {
                return false;
            }
            rest = &rest[c.len_utf8()..];
        }
    }
    found
}

/// `首页 政务公开 政务服务 互动交流`: short words set apart, one of them a link.
fn is_menu(line: &str, holds: &Holds) -> bool {
    if holds.gaps < 3 {
        return false;
    }
    let parts: Vec<&str> = line.split([' ', '|', '\u{3000}', '\t']).filter(|p| !p.is_empty()).collect();
    let short = |p: &&str| p.chars().all(char::is_alphanumeric) && p.chars().count() <= 6;
    parts.len() >= 4 && parts.iter().all(short) && parts.iter().any(|p| is_links(p))
}

/// `阅读 1234`: a count and what it counts.
fn is_count(line: &str) -> bool {
    let beside = &LISTS.beside;
    if !line.starts_with(|c| beside.begins(c)) {
        return false;
    }
    let mut words = line.split_whitespace();
    let number = |w: &str| w.bytes().all(|b| b.is_ascii_digit() || b == b'+') && !w.is_empty();
    match (words.next(), words.next(), words.next()) {
        (Some(word), Some(count), None) => number(count) && beside.contains(word),
        _ => false,
    }
}

/// `首页 > 济南频道 > 区县 > 正文`
fn is_breadcrumb(line: &str, holds: &Holds) -> bool {
    const STARTS: [&str; 8] =
        ["首页", "论坛首页", "主页", "当前位置", "您的位置", "您当前的位置", "您现在的位置", "网站首页"];
    let starts = STARTS.iter().any(|s| line.starts_with(s));
    if !starts && !holds.arrow {
        return false;
    }
    let parts: Vec<&str> = line.split(['>', '＞', '»', '›']).collect();
    let short = parts.iter().all(|p| p.trim().chars().count() <= 20);
    short && ((starts && parts.len() >= 2) || parts.len() >= 4)
        || (starts && line.contains("位置") && line.len() < 120)
}

/// `上一篇：…`, `下一篇:…`
fn is_neighbour_link(bare: &str, holds: &Holds) -> bool {
    const WORDS: [&str; 6] = ["上一篇", "下一篇", "上一条", "下一条", "上一页", "下一页"];
    let before_colon =
        |w: &&str| bare.strip_prefix(*w).is_some_and(|rest| rest.trim_start().starts_with([':', '：']));
    holds.colon && WORDS.iter().any(before_colon)
}

fn is_imprint(line: &str, holds: &Holds) -> bool {
    let named = |words: [&str; 2]| words.iter().any(|w| line.contains(w));
    holds.chars <= 60
        && !line.trim_end_matches([')', '）']).ends_with(['。', '；', ';'])
        && LISTS.imprint.stands_in(line)
        && (holds.colon || holds.at || holds.digits >= 4 || named(["©", "版权"]))
}

fn is_contact(line: &str, holds: &Holds) -> bool {
    holds.colon
        && holds.chars <= 60
        && (holds.digits >= 5 || holds.at)
        && !line.ends_with('。')
        && LISTS.contact.stands_in(line)
}

/// `责任编辑:徐英淦`, `信息来源:济南日报`, a date alone, a date with the source.
fn is_byline(line: &str, holds: &Holds) -> bool {
    if holds.chars > 60 || line.ends_with('。') {
        return false;
    }
    // A full date has six digits at least.
    if holds.digits >= 6
        && let Some(dated) = is_dated(line)
    {
        return dated;
    }
    let Some((label, value)) = line.split_once([':', '：']).filter(|_| holds.colon) else { return false };
    let label: String = label.chars().filter(|c| !c.is_whitespace()).collect();
    LABELS.contains(&label.as_str()) && !value.contains(['。', '！', '？'])
}

/// Whether a short line with many digits is a byline by its date; `None` where it has none.
fn is_dated(line: &str) -> Option<bool> {
    let posted = ["发表于", "发布于", "更新于", "发表時間"].iter().find_map(|w| line.strip_prefix(w));
    if posted.is_some_and(|rest| date_prefix(rest.trim_start_matches([' ', ':', '：'])).is_some()) {
        return Some(true);
    }
    // `原创 某某 某某日报 2024-01-05 08:00 发表于山东`
    let signed = line.contains("发表于") || line.starts_with("原创 ");
    let inner = line.split(' ').any(|word| date_prefix(word).is_some_and(str::is_empty));
    if signed && inner && !line.contains(['，', '。']) {
        return Some(true);
    }
    let rest = date_prefix(line)?.trim();
    const ABOUT: [&str; 7] = ["来源", "作者", "编辑", "浏览", "阅读", "点击", "责编"];
    Some(rest.is_empty() || ABOUT.iter().any(|w| rest.contains(w)) && line.contains([':', '：']))
}

/// The rest of a line that begins with a full date, with its time and weekday.
fn date_prefix(line: &str) -> Option<&str> {
    let digits_first = line.starts_with(|c: char| c.is_ascii_digit());
    let rest = line.trim_start_matches(|c: char| {
        c.is_ascii_digit() || c.is_whitespace() || "年月日号时分秒-/.:：".contains(c)
    });
    let date = &line[..line.len() - rest.len()];
    let full = digits(date) >= 6 && (date.contains('年') || date.contains(['-', '/']));
    if !(digits_first && full) {
        return None;
    }
    let rest = rest
        .strip_prefix("星期")
        .or_else(|| rest.strip_prefix("周"))
        .map_or(rest, |day| day.trim_start_matches(['一', '二', '三', '四', '五', '六', '日', '天']));
    Some(rest)
}

fn digits(line: &str) -> usize {
    line.bytes().filter(u8::is_ascii_digit).count()
}

pub(super) fn is_bullet(line: &str) -> bool {
    line.starts_with(['•', '·', '●', '■', '◆', '▪', '►', '▶', '○'])
}

/// Running text: a sentence of some length, or a line with marks inside.
fn is_paragraph(line: &str, holds: &Holds) -> bool {
    // A few words and an address: the colon is the address's own.
    let address = if holds.h { line.find("http") } else { None };
    let line = address.map_or(line, |at| &line[..at]).trim_end();
    let chars = if address.is_some() { line.chars().count() } else { holds.chars };
    let ended = line
        .trim_end_matches(['”', '’', '」', '）', ')'])
        .ends_with(['。', '！', '？', '…', '!', '?', '；', '：']);
    (ended && chars >= 10) || chars >= 30 && line.contains(['，', '。', '；', ',', '：', ':'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use Shape::*;

    #[test]
    fn shapes() {
        const NAVIGATION: Shape = Furniture(Zone::Navigation);
        const BYLINE: Shape = Furniture(Zone::Byline);
        for (line, expected) in [
            ("收藏", NAVIGATION),
            ("微信扫码分享", NAVIGATION),
            ("发布     👍 0 举报 写留言 🖊", NAVIGATION),
            ("首页 > 济南频道 > 区县 > 正文", NAVIGATION),
            ("您现在的位置：首页 > 新闻", NAVIGATION),
            ("上一篇：济南起步区挂牌", NAVIGATION),
            ("鲁ICP备12345678号-1", NAVIGATION),
            ("违法和不良信息举报电话:010-65363150", NAVIGATION),
            ("【字号：大 中 小】 【打印】 【关闭】", NAVIGATION),
            ("2024-03-15 21:02:43 来源:鲁网 大字体 小字体", BYLINE),
            ("2024年01月05日 星期五", BYLINE),
            ("责任编辑：某某", BYLINE),
            ("信息来源:济南日报", BYLINE),
            ("11.png", Furniture(Zone::Caption)),
            ("✋热门推荐", Marker(Zone::Unrelated)),
            ("友情链接", Marker(Zone::Navigation)),
            ("首页 政务公开 政务服务 互动交流", NAVIGATION),
            ("用户名 密码 登录 注册", NAVIGATION),
            ("点击上方蓝字关注我们", NAVIGATION),
            ("发表于 2023-3-5 10:20 | 只看该作者", BYLINE),
            ("原创 某某 济南日报 2024-01-05 08:00 发表于山东", BYLINE),
            ("阅读 1234", Empty),
            ("城市 文化 旅游 生活", Short),
            ("0", Empty),
            ("1#", Empty),
            ("?", Empty),
            ("联系电话：0531-66600000", Contact),
            ("亮点频现", Short),
            ("微信用户增长", Short),
            ("分享经济新业态", Short),
            ("起步区比亚迪新能源整车项目效果图", Short),
            ("项目，是经济发展的引擎。", Paragraph),
            ("2024年1月5日，济南召开会议，部署全年工作。", Paragraph),
            ("公益慈善某某中科在行动 http://m.example.net/news/a_6355215.html", Short),
            ("央视网消息（新闻联播）：", Paragraph),
            ("(视频编辑：张贝龙 文字编辑：温凤浩)", Short),
        ] {
            assert_eq!(shape(line), expected, "{line}");
        }
    }
}
