//! The core of a company's name: without legal form, quotation marks, domain suffix and the country in parentheses.
//!
//! "Google Inc.", "Google LLC" and "Google" have one core, and so have 阿里巴巴（中国）有限公司 and 阿里巴巴. Words that
//! describe a business (software, security, 科技) stay: "Orca Security" is not "Orca". Nothing here is fuzzy.

use std::borrow::Cow;

/// Legal forms, and what stands beside them, as words at either end of a name.
const FORMS: &[&str] = &[
    "&",
    "ab",
    "ag",
    "aktiengesellschaft",
    "ao",
    "aps",
    "as",
    "asa",
    "a.s",
    "bv",
    "b.v",
    "bvba",
    "cc",
    "co",
    "company",
    "corp",
    "corporation",
    "cv",
    "dba",
    "doo",
    "d.o.o",
    "eood",
    "eurl",
    "fze",
    "gmbh",
    "g.m.b.h",
    "holding",
    "holdings",
    "inc",
    "incorporated",
    "jsc",
    "kft",
    "kg",
    "kgaa",
    "kk",
    "k.k",
    "lda",
    "limited",
    "llc",
    "l.l.c",
    "llp",
    "lp",
    "l.p",
    "ltd",
    "ltda",
    "mbh",
    "nv",
    "n.v",
    "oao",
    "od",
    "oü",
    "ojsc",
    "ooo",
    "oy",
    "oyj",
    "pao",
    "pc",
    "pjsc",
    "plc",
    "pte",
    "pty",
    "pvt",
    "private",
    "public",
    "sa",
    "s.a",
    "s.a.s",
    "sarl",
    "s.à",
    "r.l",
    "sas",
    "sasu",
    "se",
    "sia",
    "s.a.r.l",
    "sl",
    "s.l",
    "slu",
    "spa",
    "s.p.a",
    "spol",
    "srl",
    "s.r.l",
    "sro",
    "s.r.o",
    "r.o",
    "s",
    "sp",
    "z",
    "o.o",
    "zao",
    "zrt",
    "ооо",
    "зао",
    "оао",
    "пао",
    "ао",
    "ип",
    "тов",
    "株式会社",
    "合同会社",
    "주식회사",
    "(주)",
    "㈜",
];

/// What a Chinese company's name ends with, longest first.
const HAN_ENDINGS: &[&str] = &[
    "集团股份有限公司",
    "集团有限公司",
    "股份有限公司",
    "有限责任公司",
    "有限公司",
    "分公司",
    "集团公司",
    "公司",
    "集团",
];

/// Top-level domains that stand behind a name where a publisher gives its site as its name.
const DOMAINS: &[&str] = &[".com", ".cn", ".com.cn", ".net", ".org", ".io", ".ru", ".de", ".co"];

/// The core of a company's name, both in normal form; nothing when no more than two Latin letters or one of another script
/// would be left.
pub(crate) fn company_core(normal: &str) -> Option<String> {
    let bare = without_marks(normal);
    let mut core: &str = bare.trim();
    for domain in DOMAINS {
        if let Some(rest) = core.strip_suffix(domain).filter(|rest| !rest.contains(' ')) {
            core = rest.strip_prefix("www.").unwrap_or(rest);
        }
    }
    if !core.is_ascii()
        && let Some(rest) = HAN_ENDINGS.iter().find_map(|ending| core.strip_suffix(ending))
    {
        core = rest;
    }
    let mut words: &[&str] = &core.split([' ', ',']).filter(|word| !word.is_empty()).collect::<Vec<_>>();
    while let [rest @ .., last] = words
        && !rest.is_empty()
        && is_form(last)
    {
        words = rest;
    }
    while let [first, rest @ ..] = words
        && !rest.is_empty()
        && is_form(first)
    {
        words = rest;
    }
    let core = words.join(" ");
    let enough = if core.is_ascii() { 3 } else { 2 };
    (core.chars().filter(|letter| letter.is_alphanumeric()).count() >= enough).then_some(core)
}

/// The text without parts in parentheses and without quotation marks; most names have neither.
fn without_marks(text: &str) -> Cow<'_, str> {
    let is_mark = |letter: char| matches!(letter, '"' | '\'' | '“' | '”' | '«' | '»' | '„' | '(' | '（');
    if !text.contains(is_mark) {
        return Cow::Borrowed(text);
    }
    let kept = without_parentheses(text);
    Cow::Owned(kept.replace(is_mark, ""))
}

fn is_form(word: &str) -> bool {
    let word = word.trim_end_matches(['.', ';', ':']);
    FORMS.contains(&word)
}

/// The text without parts in parentheses, Latin or full-width, when something is left without them.
fn without_parentheses(text: &str) -> String {
    let mut depth = 0_u32;
    let kept: String = text
        .chars()
        .filter(|letter| match letter {
            '(' | '（' => {
                depth += 1;
                false
            }
            ')' | '）' => {
                depth = depth.saturating_sub(1);
                false
            }
            _ => depth == 0,
        })
        .collect();
    let kept = kept.split_whitespace().collect::<Vec<_>>().join(" ");
    if kept.is_empty() { text.to_owned() } else { kept }
}

#[cfg(test)]
mod tests {
    use super::company_core;
    use crate::normalise::normalise_publisher;

    #[test]
    fn one_core_for_all_forms_of_a_company() {
        for (name, expected) in [
            ("Google Inc.", Some("google")),
            ("Google LLC", Some("google")),
            ("Baidu.com, Inc.", Some("baidu.com")),
            ("tencent.com", Some("tencent")),
            ("Microsoft Corp.", Some("microsoft")),
            ("AO \"Kaspersky Lab\"", Some("kaspersky lab")),
            ("ООО «ЯНДЕКС»", Some("яндекс")),
            ("阿里巴巴（中国）有限公司", Some("阿里巴巴")),
            ("腾讯公司", Some("腾讯")),
            ("ESET, spol. s r.o.", Some("eset")),
            ("Orca Security Ltd.", Some("orca security")),
            ("Druva Technologies Pte. Ltd.", Some("druva technologies")),
            ("Avira Operations GmbH & Co. KG", Some("avira operations")),
            ("HP Inc.", None),
            ("Ltd.", Some("ltd.")),
            ("", None),
        ] {
            assert_eq!(company_core(&normalise_publisher(name)).as_deref(), expected, "{name}");
        }
    }
}
