//! Reading Rust sources as text: code apart from comments, strings and tests.
//!
//! Not a parser. It knows as much of the language's surface (comments, string and character literals, brackets) as is
//! needed to look for words in code without being misled by prose.

use crate::checkout::SourceFile;

/// Code with comments blanked out. Blanks stand where text stood, so positions and lines stay.
#[derive(Clone, Debug)]
pub struct Code {
    /// With string literals.
    pub with_strings: String,
    /// Without what is in string and character literals.
    pub without_strings: String,
}

/// Blanks out comments.
pub fn code(source: &str) -> Code {
    let bytes = source.as_bytes();
    let mut with_strings = bytes.to_vec();
    let mut without_strings = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let (length, kind) = piece(rest, at.checked_sub(1).map(|before| bytes[before]));
        if kind == Kind::Comment {
            blank(&mut with_strings[at..at + length]);
        }
        if kind != Kind::Code {
            blank(&mut without_strings[at..at + length]);
        }
        at += length;
    }
    // Whole literals and comments are blanked and everything else is kept, so both are UTF-8 as before.
    Code { with_strings: lossy(&with_strings), without_strings: lossy(&without_strings) }
}

/// The code that ends up in the product: comments and what is under `#[cfg(test)]` blanked out.
pub fn product_code(source: &str) -> Code {
    let mut code = code(source);
    for (from, to) in test_items(&code.without_strings) {
        for text in [&mut code.with_strings, &mut code.without_strings] {
            let mut bytes = std::mem::take(text).into_bytes();
            blank(&mut bytes[from..to]);
            *text = lossy(&bytes);
        }
    }
    code
}

/// Leaves out the files of modules declared as `#[cfg(test)] mod name;`.
pub fn without_test_files(files: Vec<SourceFile>) -> Vec<SourceFile> {
    let tests: Vec<String> = files.iter().flat_map(test_modules).collect();
    let is_test = |path: &str| {
        let stem = path.trim_end_matches(".rs");
        tests
            .iter()
            .any(|test| stem.strip_prefix(test.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
    };
    files.into_iter().filter(|file| !is_test(&file.path)).collect()
}

/// The text between a bracket at the start and the one that closes it.
pub fn bracketed(code: &str) -> Option<&str> {
    let mut depth = 0_usize;
    for (at, c) in code.char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return code.get(1..at);
                }
            }
            _ => {}
        }
    }
    None
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Code,
    Comment,
    Literal,
}

/// The length and kind of what a text starts with.
fn piece(text: &[u8], before: Option<u8>) -> (usize, Kind) {
    let in_word = before.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    match text {
        [b'/', b'/', ..] => (text.iter().position(|byte| *byte == b'\n').unwrap_or(text.len()), Kind::Comment),
        [b'/', b'*', ..] => (block_comment(text), Kind::Comment),
        [b'"', ..] => (string(text), Kind::Literal),
        [b'r', b'"' | b'#', ..] if !in_word => raw_string(text, 1),
        [b'b' | b'c', b'r', b'"' | b'#', ..] if !in_word => raw_string(text, 2),
        [b'\'', ..] => character(text),
        _ => (1, Kind::Code),
    }
}

fn block_comment(text: &[u8]) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < text.len() {
        match &text[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at.min(text.len())
}

fn string(text: &[u8]) -> usize {
    let mut at = 1;
    while at < text.len() {
        match text[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

/// A raw string after its prefix; a raw identifier (`r#type`) is code.
fn raw_string(text: &[u8], prefix: usize) -> (usize, Kind) {
    let hashes = text[prefix..].iter().take_while(|byte| **byte == b'#').count();
    let start = prefix + hashes;
    if text.get(start) != Some(&b'"') {
        return (start, Kind::Code);
    }
    let mut end = vec![b'"'];
    end.resize(hashes + 1, b'#');
    let body = &text[start + 1..];
    let closing = body.windows(end.len()).position(|window| window == end);
    (closing.map_or(text.len(), |at| start + 1 + at + end.len()), Kind::Literal)
}

/// A character literal; a lifetime is code.
fn character(text: &[u8]) -> (usize, Kind) {
    if text.get(1) == Some(&b'\\') {
        let closing = text.iter().skip(3).position(|byte| *byte == b'\'');
        return (closing.map_or(text.len(), |at| at + 4), Kind::Literal);
    }
    // One character is one to four bytes long.
    let closing = (2..=5).find(|at| text.get(*at) == Some(&b'\''));
    match closing {
        Some(at) if std::str::from_utf8(&text[1..at]).is_ok_and(|inside| inside.chars().count() == 1) => {
            (at + 1, Kind::Literal)
        }
        _ => (1, Kind::Code),
    }
}

/// Where items under `#[cfg(test)]` start and end, in code without strings.
fn test_items(code: &str) -> Vec<(usize, usize)> {
    let mut items = Vec::new();
    let mut at = 0;
    while let Some(found) = code[at..].find("#[cfg(") {
        let start = at + found;
        let condition = bracketed(&code[start + "#[cfg".len()..]).unwrap_or_default();
        let after = start + "#[cfg(".len() + condition.len();
        at = after;
        if condition.trim() == "test" || condition.trim_start().starts_with("all(test,") {
            let end = item_end(code, after + ")]".len());
            items.push((start, end));
            at = end;
        }
    }
    items
}

/// The end of the item that begins here: its closing brace or its semicolon.
fn item_end(code: &str, start: usize) -> usize {
    let mut depth = 0_usize;
    for (at, c) in code.char_indices().skip_while(|(at, _)| *at < start) {
        match c {
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 && c == '}' {
                    return at + 1;
                }
            }
            ';' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    code.len()
}

/// The paths, without `.rs`, of the modules a file declares for tests only.
fn test_modules(file: &SourceFile) -> Vec<String> {
    let code = code(&file.text).without_strings;
    let stem = file.path.trim_end_matches(".rs");
    let (folder, name) = stem.rsplit_once('/').unwrap_or(("", stem));
    let folder = if ["lib", "main", "mod"].contains(&name) { folder } else { stem };
    let declared = test_items(&code).into_iter().filter_map(|(from, to)| {
        let declaration = code[from..to].strip_suffix(';')?;
        let (before, name) = declaration.rsplit_once(char::is_whitespace)?;
        before.trim_end().ends_with("mod").then(|| format!("{folder}/{name}"))
    });
    declared.collect()
}

fn blank(bytes: &mut [u8]) {
    bytes.iter_mut().filter(|byte| **byte != b'\n').for_each(|byte| *byte = b' ');
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_are_told_from_code() {
        for (source, with_strings, without_strings) in [
            ("a // std::fs\nb", "a           \nb", "a           \nb"),
            ("a /* x /* y */ z */ b", "a                   b", "a                   b"),
            (r#"f("// \" x") + 1"#, r#"f("// \" x") + 1"#, "f(         ) + 1"),
            (r##"f(r#"a " b"#) + 1"##, r##"f(r#"a " b"#) + 1"##, "f(          ) + 1"),
            ("let r#type = r;", "let r#type = r;", "let r#type = r;"),
            (r"'\'' 'a' '{' x", r"'\'' 'a' '{' x", "             x"),
            ("fn f<'a>(x: &'a str) {}", "fn f<'a>(x: &'a str) {}", "fn f<'a>(x: &'a str) {}"),
            ("'\u{441}' x", "'\u{441}' x", "     x"),
            ("\"\u{441}\" x", "\"\u{441}\" x", "     x"),
            ("\"open", "\"open", "     "),
            ("/* open", "       ", "       "),
        ] {
            let code = code(source);
            assert_eq!(code.with_strings, with_strings, "{source}");
            assert_eq!(code.without_strings, without_strings, "{source}");
        }
    }

    #[test]
    fn what_is_under_test_is_no_product_code() {
        for (source, kept, gone) in [
            ("fn a() {}\n#[cfg(test)]\nmod tests { fn gone() { \"}\"; } }\nfn kept() {}", "kept", "gone"),
            ("#[cfg(test)]\nuse gone::x;\nuse kept::y;", "kept", "gone"),
            ("#[cfg(test)] const A: [u8; 2] = [gone; 2]; const B: u8 = kept;", "kept", "gone"),
            ("#[cfg(all(test, unix))] fn gone() {} fn kept() {}", "kept", "gone"),
            ("#[cfg(feature = \"x\")] fn kept() {} #[cfg(test)] #[expect(lint)] fn gone() {}", "kept", "gone"),
            ("#[cfg(any(test, unix))] fn kept() {}", "kept", "gone"),
        ] {
            let code = product_code(source).with_strings;
            assert!(code.contains(kept) && !code.contains(gone), "{code}");
        }
    }

    #[test]
    fn test_modules_in_files_of_their_own_are_left_out() {
        let left = without_test_files(vec![
            SourceFile::new("crates/a/src/lib.rs", "mod b;\n#[cfg(test)]\nmod tests;"),
            SourceFile::new("crates/a/src/tests.rs", ""),
            SourceFile::new("crates/a/src/tests/more.rs", ""),
            SourceFile::new("crates/a/src/tests_of_skill.rs", ""),
            SourceFile::new("crates/a/src/b.rs", "#[cfg(test)] pub(crate) mod fixture;"),
            SourceFile::new("crates/a/src/b/fixture.rs", ""),
        ]);
        let paths: Vec<_> = left.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, ["crates/a/src/lib.rs", "crates/a/src/tests_of_skill.rs", "crates/a/src/b.rs"]);
    }

    #[test]
    fn brackets_close() {
        assert_eq!(bracketed("(a(b)[c])d"), Some("a(b)[c]"));
        assert_eq!(bracketed("(a"), None);
        assert_eq!(bracketed(")"), None);
    }
}
