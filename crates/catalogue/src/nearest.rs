//! The nearest known word to one that is not known, for "did you mean".

/// The known word that is at most a third of its letters away from `word`, if there is one.
#[must_use]
pub fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    nearest_all(word, known).into_iter().next()
}

/// Up to three known words near to `word`, nearest first. Words that begin with `word` count as near.
#[must_use]
pub fn nearest_all<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Vec<&'k str> {
    let wanted: Vec<char> = word.to_lowercase().chars().take(64).collect();
    let mut candidates: Vec<(usize, &str)> = known
        .into_iter()
        .filter_map(|candidate| {
            let letters: Vec<char> = candidate.to_lowercase().chars().take(64).collect();
            let distance = distance(&wanted, &letters);
            let limit = (wanted.len().max(letters.len()) / 3).max(1);
            let contains = wanted.len() >= 3 && candidate.to_lowercase().contains(&word.to_lowercase());
            if distance <= limit {
                Some((distance, candidate))
            } else if contains {
                Some((limit + letters.len(), candidate))
            } else {
                None
            }
        })
        .collect();
    candidates.sort_unstable();
    candidates.into_iter().take(3).map(|(_, candidate)| candidate).collect()
}

/// Levenshtein distance, with a swap of neighbours as one step.
fn distance(left: &[char], right: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut previous: Vec<usize> = (0..=right.len()).collect();
    for (row, letter) in left.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, other) in right.iter().enumerate() {
            let substitution = previous[column] + usize::from(letter != other);
            let mut best = substitution.min(previous[column + 1] + 1).min(current[column] + 1);
            let swapped = row > 0 && column > 0 && left[row - 1] == *other && right[column - 1] == *letter;
            if swapped {
                best = best.min(before[column - 1] + 1);
            }
            current.push(best);
        }
        before = std::mem::replace(&mut previous, current);
    }
    previous[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offers_what_a_person_meant() {
        let known = ["kaspersky", "acronis", "us-private", "us-federal-contractor", "forbids"];
        for (word, meant) in [
            ("kasperksy", Some("kaspersky")),
            ("Kaspersky", Some("kaspersky")),
            ("us-privat", Some("us-private")),
            ("contractor", Some("us-federal-contractor")),
            ("forbid", Some("forbids")),
            ("zzz", None),
        ] {
            assert_eq!(nearest(word, known), meant, "{word}");
        }
    }
}
