use super::*;
use crate::clean::clean_text;

/// jieba's dictionary as the word list, as the program has it.
struct Dictionary(jieba_rs::Jieba);

impl Lexicon for Dictionary {
    fn frequency(&self, word: &str) -> Option<u64> {
        self.0.has_word(word).then(|| self.0.suggest_freq(word) as u64)
    }
}

/// Enough of a rewritten page around a line to give the evidence.
const AROUND: &str = "濟(jì)南項(xiàng)目經(jīng)濟(jì)發(fā)展，建設(shè)產(chǎn)業(yè)區(qū)。";

fn check(line: &str, expected: &str, lexicon: &dyn Lexicon) {
    let clean = clean_text(&format!("{AROUND}\n{line}"), lexicon);
    assert_eq!(clean.text.lines().nth(1), Some(expected), "{line}");
}

#[test]
fn split_characters() {
    let words = Dictionary(jieba_rs::Jieba::new());
    for (line, expected) in [
        ("總結(jié)的方式進(jìn)行?,F(xiàn)場觀摩后,活動人員", "总结的方式进行。现场观摩后,活动人员"),
        ("評價賦分、日??己嗽u價賦分、項(xiàng)目", "评价赋分、日常考核评价赋分、项目"),
        ("加快成形起勢?;顒悠陂g,與會", "加快成形起势。活动期间,与会"),
        ("布局?jǐn)?shù)字經(jīng)濟(jì),大力", "布局数字经济,大力"),
        ("濟(jì)南日?qǐng)?bào)", "济南日报"),
        ("謀劃策劃?rùn)C(jī)制,科學(xué)", "谋划策划机制,科学"),
        ("鏈?zhǔn)巾?xiàng)目30余個(gè)", "链式项目30余个"),
        // AFC8 BAB0 6C: the bytes say 群 (C8BA), though 聚 reads as well.
        ("鏈?zhǔn)郊\u{E1FD}喊l(fā)展;推動", "链式集群发展;推动"),
        ("快速?zèng)Q策、項(xiàng)目", "快速决策、项目"),
        ("同時,著力構(gòu)建;著名學(xué)者", "同时,着力构建;著名学者"),
    ] {
        check(line, expected, &words);
    }
}

#[test]
fn without_a_word_list_readings_still_decide() {
    for (line, expected) in [
        ("濟(jì)南日?qǐng)?bào)", "济南日报"),
        ("加快成形起勢?;顒悠陂g,與會", "加快成形起势。活动期间,与会"),
        ("快速?zèng)Q策", "快速决策"),
    ] {
        check(line, expected, &());
    }
}

#[test]
fn inside_a_rewritten_page_stays() {
    for (line, expected) in [
        ("怎么辦?見分曉!", "怎么办?见分晓!"),
        ("行(háng)情、長(zhǎng)大", "行(háng)情、长大"),
        ("函數(shù)f(x)與(略)", "函数f(x)与(略)"),
        ("30GW?30%", "30GW?30%"),
    ] {
        check(line, expected, &());
    }
}

#[test]
fn what_is_not_rewritten_is_untouched() {
    for text in [
        "行(háng)业的行，不读行(xíng)；长(zhǎng)大的长，不读长(cháng)；重(chóng)新，重(zhòng)要，还(hái)有，还(huán)款。",
        "「濟(jì)」字讀作(jì)，如濟南、經濟、接濟；「項(xiàng)」如項目、事項；「經(jīng)」如經過、經濟、經常；「發(fā)」如發展、發現。「業(yè)」如產業、業務；「設(shè)」如設計、建設、設備、假設。",
        "我(wǒ)們(men)都(dōu)來(lái)學(xué)習(xí)國(guó)語(yǔ)，這(zhè)是(shì)課(kè)本(běn)。",
        "臺灣的軟體產業發展迅速，預計明年將創造一千億元產值?",
        "为什么?,真的??(jì)",
        "",
    ] {
        let clean = clean_text(text, &());
        assert_eq!(clean.text, text);
        assert!(clean.map.is_identity() && clean.repairs.is_empty(), "{text}");
    }
}

#[test]
fn what_is_not_proved_is_reported() {
    let clean = clean_text(&format!("{AROUND}\n天空?qǐng)天"), &());
    assert!(clean.text.ends_with("天空?qǐng)天"));
    let report = clean.repairs.last().expect("reported");
    assert_eq!((report.kind, report.before.as_str()), (RepairKind::Reported, "?qǐng)"));
}
