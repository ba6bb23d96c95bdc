//! Writes RPM headers as the database keeps them, for tests only: what the reader is tried on must not be written by
//! code that could share its mistakes, so this follows rpm's description of the format and nothing of the reader.

/// The data of one tag.
pub(crate) enum Data<'a> {
    /// A string.
    Text(&'a str),
    /// An array of strings.
    Texts(&'a [&'a str]),
    /// A string in several languages.
    Translated(&'a [&'a str]),
    /// 32-bit numbers.
    Numbers(&'a [u32]),
    /// 16-bit numbers.
    Short(&'a [u16]),
}

/// A header with these tags.
pub(crate) fn encode(tags: &[(u32, Data<'_>)]) -> Vec<u8> {
    let mut index = Vec::new();
    let mut store: Vec<u8> = Vec::new();
    for (tag, data) in tags {
        let (kind, alignment, count) = match data {
            Data::Text(_) => (6_u32, 1, 1),
            Data::Texts(texts) => (8, 1, texts.len()),
            Data::Translated(texts) => (9, 1, texts.len()),
            Data::Numbers(numbers) => (4, 4, numbers.len()),
            Data::Short(numbers) => (3, 2, numbers.len()),
        };
        store.resize(store.len().next_multiple_of(alignment), 0);
        for number in [*tag, kind, small(store.len()), small(count)] {
            index.extend(number.to_be_bytes());
        }
        match data {
            Data::Text(text) => put(&mut store, &[text]),
            Data::Texts(texts) | Data::Translated(texts) => put(&mut store, texts),
            Data::Numbers(numbers) => store.extend(numbers.iter().flat_map(|number| number.to_be_bytes())),
            Data::Short(numbers) => store.extend(numbers.iter().flat_map(|number| number.to_be_bytes())),
        }
    }
    let mut header = Vec::new();
    header.extend(small(tags.len()).to_be_bytes());
    header.extend(small(store.len()).to_be_bytes());
    header.extend(index);
    header.extend(store);
    header
}

fn put(store: &mut Vec<u8>, texts: &[&str]) {
    for text in texts {
        store.extend(text.as_bytes());
        store.push(0);
    }
}

fn small(number: usize) -> u32 {
    u32::try_from(number).expect("test data is small")
}
