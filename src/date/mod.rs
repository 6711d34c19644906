//! Dates: when an article was published, and how that is known.
//!
//! A visible list of rules, the surest first; the first that answers decides. What none of them
//! answers stays unknown: a year that the text merely speaks of is no year of publication.
//! Measured on 39,652 dated news items, the latest year that a text names is its own in 24 of
//! 100, and still only in 33 of 100 where it is named four times: so the rules that infer look
//! for turns of speech that tie a year to the day of writing.

mod forms;
mod mentioned;
mod outside;
mod page;
mod printed;
mod told;

pub use forms::{Day, YEARS};

use crate::article::{Clean, Dating, Given, YearTold};
use page::Page;

type Rule = fn(&Page) -> Option<Dating>;

/// The rules in order, each with an example of what it reads.
const RULES: [Rule; 15] = [
    outside::given,         // a record's or metadata file's `date` or `year`
    printed::labelled,      // 发布日期:2024-01-04
    printed::beside_source, // 2024-03-15 21:02:43 来源:鲁网
    outside::declared,      // <meta name="publishdate" content="2024-03-15">
    outside::address,       // https://…/2024/03/15/…
    printed::enacted,       // 2010年11月25日 山东省…会议批准
    printed::signed,        // a line of its own at the end: 2024年3月5日
    told::dateline,         // 本报济南1月4日讯, with a year from elsewhere
    printed::numbered,      // 鲁政发〔2024〕3号
    told::promulgated,      // 于2018年4月27日通过，现予公布
    told::just_past,        // 刚刚过去的2023年
    told::anniversary,      // 今年是新中国成立70周年
    told::plan_year,        // 今年是“十三五”开局之年
    told::congress,         // 十二届全国人大三次会议, in the title
    told::event,            // 2024年12月11日，…召开 as the first words, and 2024 in the title
];

/// The day of publication as far as it is given, printed or can be inferred; `None` when
/// nothing says it.
pub fn detect(clean: &Clean, given: &Given) -> Option<Dating> {
    let page = Page::new(clean, given);
    RULES.iter().find_map(|rule| rule(&page))
}

/// All that a page says of days.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Days {
    /// Of publication.
    pub dating: Option<Dating>,
    /// Of fetching, where the page's clock shows it.
    pub fetched: Option<Dating>,
    /// The years that title and body speak of.
    pub years: Vec<YearTold>,
}

/// [`detect`], and the other days that a page tells of.
pub fn told_of(clean: &Clean, given: &Given) -> Days {
    let page = Page::new(clean, given);
    Days {
        dating: RULES.iter().find_map(|rule| rule(&page)),
        fetched: mentioned::fetched(&page),
        years: mentioned::mentioned(&page, clean),
    }
}

#[cfg(test)]
mod tests;
