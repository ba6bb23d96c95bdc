//! The format of the catalogue's files as one table: every key, what goes there, which words it may hold.
//!
//! New files and the editors' schemas are made from it. The words come from the model; that the keys are those the parser
//! asks for is a test's business, so that this table cannot go stale.

use interdict_model::{
    Activity, Category, Condition, Confidence, Embedded, FIXED_CAPACITIES, Figure, FingerprintField, Force, Goods,
    Ground, Instrument, MatchKind, Measure, Platform, Precision, ProductClass, ProductStatus, Relation, RelationKind,
    Script, Side, SourceKind, Standing, Supports, Verification,
};

/// A table of a file, or the file itself.
pub(crate) struct Table {
    /// What it is, in one sentence.
    pub(crate) says: &'static str,
    pub(crate) keys: &'static [Key],
    /// Of these keys at least one must be there.
    pub(crate) one_of: &'static [&'static str],
}

/// One key of a table.
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) need: Need,
    pub(crate) kind: Kind,
    /// What goes there.
    pub(crate) says: &'static str,
    /// A value as it would be written; of a table, nothing.
    pub(crate) example: &'static str,
}

/// Whether a key has to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// The parser refuses a file without it.
    Must,
    /// The parser does without; a reader or the linter does not.
    Wanted,
    /// Only where there is something to say.
    May,
}

/// What a value is.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Text,
    Texts,
    Address,
    Country,
    Id(&'static str),
    Ids(&'static str),
    Day,
    Flag,
    Word(Words),
    ManyWords(Words),
    /// Written in one line, `key = { ... }`.
    Line(&'static Table),
    /// Written as a table of its own, `[key]`.
    One(&'static Table),
    /// Written as tables of their own, `[[key]]`.
    Many(&'static Table),
    /// Written as a list of short tables, one line each.
    Lines(&'static Table),
}

/// A closed vocabulary.
#[derive(Clone, Copy)]
pub(crate) struct Words {
    pub(crate) name: &'static str,
    /// Each word with what it means.
    pub(crate) list: fn() -> Vec<(&'static str, &'static str)>,
    /// Words that follow a pattern beside the list.
    pub(crate) pattern: Option<&'static str>,
}

macro_rules! words {
    ($($name:ident = $vocabulary:ident),+ $(,)?) => {
        $(const $name: Words = Words {
            name: stringify!($vocabulary),
            list: || $vocabulary::ALL.iter().map(|word| (word.as_str(), word.meaning().trim())).collect(),
            pattern: None,
        };)+
    };
}

words! {
    ACTIVITIES = Activity,
    CATEGORIES = Category,
    CONDITIONS = Condition,
    CONFIDENCES = Confidence,
    EMBEDDED = Embedded,
    FIELDS = FingerprintField,
    FIGURES = Figure,
    FORCES = Force,
    GOODS = Goods,
    GROUNDS = Ground,
    INSTRUMENTS = Instrument,
    MATCHES = MatchKind,
    MEASURES = Measure,
    PLATFORMS = Platform,
    PRECISIONS = Precision,
    CLASSES = ProductClass,
    STATUSES = ProductStatus,
    RELATIONS = Relation,
    RELATION_KINDS = RelationKind,
    SCRIPTS = Script,
    SIDES = Side,
    SOURCE_KINDS = SourceKind,
    STANDINGS = Standing,
    SUPPORTS = Supports,
    VERIFICATIONS = Verification,
}

const CAPACITIES: Words =
    Words { name: "Capacity", list: || FIXED_CAPACITIES.to_vec(), pattern: Some("^us-state-([a-z]{2}|XX)$") };

const fn must(name: &'static str, kind: Kind, says: &'static str, example: &'static str) -> Key {
    Key { name, need: Need::Must, kind, says, example }
}

const fn wanted(name: &'static str, kind: Kind, says: &'static str, example: &'static str) -> Key {
    Key { name, need: Need::Wanted, kind, says, example }
}

const fn may(name: &'static str, kind: Kind, says: &'static str, example: &'static str) -> Key {
    Key { name, need: Need::May, kind, says, example }
}

/// `restrictions/<jurisdiction>/<id>.md`, between the fences.
pub(crate) const RESTRICTION: Table = Table {
    says: "One instrument of one issuer.",
    one_of: &[],
    keys: &[
        must(
            "id",
            Kind::Text,
            "the file's name without .md: jurisdiction, issuer, year, whom it is about",
            "\"us-example-2026-acme\"",
        ),
        must("issuer", Kind::Id("issuer"), "who issued it: the id of a file in issuers/", "\"us-bis\""),
        wanted("short-title", Kind::Text, "a title of 28 letters at most, for lanes and chips", "\"Acme order\""),
        must("instrument", Kind::Word(INSTRUMENTS), "its legal form", "\"rule\""),
        may("authority", Kind::Texts, "what gives the issuer the power", "[\"IEEPA\", \"EO 13873\"]"),
        wanted("citations", Kind::Texts, "how it is cited: gazette, docket or case number", "[\"89 FR 52434\"]"),
        must("announced", Kind::Day, "the first day it was public; the default of every effect", "2026-06-20"),
        may(
            "announced-precision",
            Kind::Word(PRECISIONS),
            "how exactly that day is known; day when left out",
            "\"day\"",
        ),
        may(
            "announced-note",
            Kind::Text,
            "why an effect counts from before it was public",
            "\"The order was published two months after it began to bind.\"",
        ),
        may("published", Kind::Day, "the day of official publication", "2026-06-24"),
        must("verification", Kind::Word(VERIFICATIONS), "how well the whole entry is supported", "\"primary\""),
        may(
            "verification-note",
            Kind::Text,
            "what was not checked, and where sources disagree",
            "\"The annex was not read.\"",
        ),
        wanted("grounds", Kind::ManyWords(GROUNDS), "why the issuer acted, in its words", "[\"national-security\"]"),
        may(
            "superseded-by",
            Kind::Id("restriction"),
            "what replaced it: a restriction's id",
            "\"us-example-2027-acme\"",
        ),
        may(
            "withdrawn",
            Kind::Day,
            "the entry was a mistake, and since when that is known; verification-note says why",
            "2027-01-01",
        ),
        must("standing", Kind::Many(&STANDING), "where it stood from which day on, ascending", ""),
        must("scope", Kind::One(&SCOPE), "who and what it is about", ""),
        wanted(
            "effect",
            Kind::Many(&EFFECT),
            "one dated consequence; as many as there are phases, forces and groups",
            "",
        ),
        may("not-bound", Kind::Many(&NOT_BOUND), "who is expressly left alone in what", ""),
        may("not-covered", Kind::Many(&NOT_COVERED), "what the instrument leaves alone, in words", ""),
        wanted("source", Kind::Many(&SOURCE), "where all this stands", ""),
    ],
};

const STANDING: Table = Table {
    says: "Where the instrument stood from a day on.",
    one_of: &[],
    keys: &[
        must("from", Kind::Day, "from this day, until the next standing", "2026-06-20"),
        must("is", Kind::Word(STANDINGS), "where it stood", "\"in-force\""),
        may("note", Kind::Text, "what a reader should know", "\"A court has been asked.\""),
    ],
};

const SCOPE: Table = Table {
    says: "Who and what the instrument is about.",
    one_of: &["vendors", "entities", "persons", "goods", "extends"],
    keys: &[
        wanted(
            "vendors",
            Kind::Ids("vendor"),
            "whole groups: parents, subsidiaries, successors; or see the next four keys",
            "[\"acme\"]",
        ),
        may("entities", Kind::Ids("legal entity"), "only these companies (Entity List, FCC)", "[\"acme-gmbh\"]"),
        may("persons", Kind::Lines(&LISTED_PERSON), "only these persons", ""),
        may("goods", Kind::ManyWords(GOODS), "classes of goods, whoever makes them", "[\"consumer-router\"]"),
        may(
            "extends",
            Kind::ManyWords(INSTRUMENTS),
            "of a rule: the kinds of lists whose companies' affiliates it reaches as well",
            "[\"entity-list\"]",
        ),
        may("products", Kind::Ids("product"), "of the named vendors only these products", "[\"acme.guard\"]"),
        may(
            "product-classes",
            Kind::ManyWords(CLASSES),
            "the product classes it reaches; all when left out",
            "[\"anti-virus\"]",
        ),
        may("except-classes", Kind::ManyWords(CLASSES), "product classes it leaves alone", "[\"security-training\"]"),
        may(
            "embedded",
            Kind::Word(EMBEDDED),
            "whether it reaches other vendors' products that hold the code; silent when left out",
            "\"covered\"",
        ),
        may("embedded-note", Kind::Text, "where that answer comes from", "\"Integration is named.\""),
    ],
};

const LISTED_PERSON: Table = Table {
    says: "A person the instrument names.",
    one_of: &[],
    keys: &[
        must("id", Kind::Id("person"), "the person's id in the vendor's file", "\"ann-acme\""),
        may("role", Kind::Text, "in which role the list names the person", "\"chief executive\""),
        may("list-id", Kind::Text, "the list's own number", "\"45815\""),
        may("note", Kind::Text, "what a reader should know", "\"Listed under an older spelling.\""),
        may("verification", Kind::Word(VERIFICATIONS), "when less well supported than the entry", "\"secondary\""),
    ],
};

const EFFECT: Table = Table {
    says: "One dated consequence.",
    one_of: &[],
    keys: &[
        must("force", Kind::Word(FORCES), "what it does to the activities", "\"forbids\""),
        must(
            "activities",
            Kind::ManyWords(ACTIVITIES),
            "which activities; only remove and report can be required",
            "[\"buy\", \"renew\"]",
        ),
        must("from", Kind::Day, "the first day it counts", "2026-07-20"),
        may("from-precision", Kind::Word(PRECISIONS), "how exactly that day is known; day when left out", "\"month\""),
        may("until", Kind::Day, "the first day it no longer counts", "2027-01-01"),
        may("until-precision", Kind::Word(PRECISIONS), "how exactly that day is known; day when left out", "\"month\""),
        may("until-event", Kind::Text, "the event it ends with, where no day is named", "\"the end of the emergency\""),
        may("announced", Kind::Day, "when this effect became public, where not with the instrument", "2026-06-21"),
        wanted(
            "binds",
            Kind::ManyWords(CAPACITIES),
            "who must obey; left out only of a warning, which binds nobody",
            "[\"us-person\"]",
        ),
        may(
            "counterparty",
            Kind::ManyWords(CAPACITIES),
            "in dealing with whom: profiles that hold one of these are affected",
            "[\"us-person\"]",
        ),
        may("addressed", Kind::ManyWords(CAPACITIES), "only of a warning: whom it is meant for", "[\"de-entity\"]"),
        may("when", Kind::ManyWords(CONDITIONS), "conditions that must all hold", "[\"contract:federal\"]"),
        may("trigger", Kind::Text, "what sets off a duty (force = \"requires\")", "\"if found while a contract runs\""),
        must("measure", Kind::Word(MEASURES), "what it demands, one step nearer to the text", "\"no-new-agreements\""),
        wanted(
            "says",
            Kind::Text,
            "the same in one plain sentence; it starts a reason",
            "\"US persons may not buy from Acme.\"",
        ),
        may(
            "reading",
            Kind::Text,
            "where it rests on the catalogue's reading of the text",
            "\"A renewal is read as a purchase.\"",
        ),
        may("embedded", Kind::Word(EMBEDDED), "narrows the scope's answer for this effect", "\"silent\""),
        may("vendors", Kind::Ids("vendor"), "narrows the scope to these vendors", "[\"acme\"]"),
        may("entities", Kind::Ids("legal entity"), "narrows the scope to these companies", "[\"acme-gmbh\"]"),
        may("persons", Kind::Ids("person"), "narrows the scope to these persons", "[\"ann-acme\"]"),
        may("goods", Kind::ManyWords(GOODS), "narrows the scope to these classes of goods", "[\"consumer-router\"]"),
        may("products", Kind::Ids("product"), "narrows the scope to these products", "[\"acme.guard\"]"),
        may(
            "product-classes",
            Kind::ManyWords(CLASSES),
            "narrows the scope to these product classes",
            "[\"anti-virus\"]",
        ),
        may("verification", Kind::Word(VERIFICATIONS), "when less well supported than the entry", "\"secondary\""),
    ],
};

const NOT_BOUND: Table = Table {
    says: "Who is expressly left alone in what.",
    one_of: &[],
    keys: &[
        must("activity", Kind::Word(ACTIVITIES), "in which activity", "\"use\""),
        wanted("who", Kind::ManyWords(CAPACITIES), "who", "[\"us-person\"]"),
        must("says", Kind::Text, "the same in one plain sentence", "\"Continued use is not penalised.\""),
    ],
};

const NOT_COVERED: Table = Table {
    says: "What the instrument leaves alone, in words.",
    one_of: &[],
    keys: &[
        must("says", Kind::Text, "what, in one plain sentence", "\"Training is left alone.\""),
        may("verification", Kind::Word(VERIFICATIONS), "when less well supported than the entry", "\"unverified\""),
    ],
};

const SOURCE: Table = Table {
    says: "Where something stands.",
    one_of: &[],
    keys: &[
        must("kind", Kind::Word(SOURCE_KINDS), "what kind of document it is", "\"primary\""),
        must("url", Kind::Address, "where it is, https", "\"https://example.org/order\""),
        wanted(
            "supports",
            Kind::ManyWords(SUPPORTS),
            "which parts of the entry it supports",
            "[\"announced\", \"scope\", \"effect\"]",
        ),
        must("checked", Kind::Day, "the day somebody last read it", "2026-11-22"),
        may("note", Kind::Text, "what a reader should know", "\"The page is in Polish.\""),
    ],
};

/// `vendors/<id>.toml`.
pub(crate) const VENDOR: Table = Table {
    says: "One vendor: names, companies, people, statements, products and how they are recognised.",
    one_of: &[],
    keys: &[
        must("id", Kind::Text, "the file's name without .toml: short, lower case", "\"acme\""),
        must("name", Kind::Text, "its name as its owners write it", "\"Acme\""),
        may("names", Kind::Lines(&SCRIPT_NAME), "the name in other scripts and times", ""),
        may("aliases", Kind::Texts, "words to search by, never matched against software", "[\"ACM\"]"),
        may("website", Kind::Text, "its domain, without https://", "\"example.org\""),
        wanted("headquarters", Kind::Line(&HEADQUARTERS), "where its head office is", ""),
        may(
            "parent",
            Kind::Id("vendor"),
            "the vendor that owns it today; where days are known, a relation says more",
            "\"other-vendor\"",
        ),
        may("note", Kind::Text, "what else a reader should know", "\"Not the maker of anvils.\""),
        may("relation", Kind::Many(&RELATION), "what it was, came from and belonged to", ""),
        may("goods", Kind::Many(&GOODS_CLAIM), "whether it makes a class of goods that an instrument speaks of", ""),
        wanted(
            "legal-entity",
            Kind::Many(&LEGAL_ENTITY),
            "a company of the group; who is listed stands in restrictions only",
            "",
        ),
        may("person", Kind::Many(&PERSON), "a person of the vendor; who is listed stands in restrictions only", ""),
        may("footprint", Kind::Many(&FOOTPRINT), "how big it is, in the words of whoever says so", ""),
        may("statement", Kind::Many(&STATEMENT), "what both sides say; quote briefly", ""),
        may("fingerprint", Kind::Many(&FINGERPRINT), "how any product of it is recognised", ""),
        wanted("product", Kind::Many(&PRODUCT), "a product and how it is recognised", ""),
        may(
            "embeds",
            Kind::Many(&EMBEDS),
            "a report that a product holds another vendor's engine: a lead, never proof",
            "",
        ),
    ],
};

const SCRIPT_NAME: Table = Table {
    says: "A name in some script, for some time.",
    one_of: &[],
    keys: &[
        must("text", Kind::Text, "the name", "\"Acme Old\""),
        must("script", Kind::Word(SCRIPTS), "its script", "\"latin\""),
        may("from", Kind::Day, "from when, where known", "2001-01-01"),
        may("until", Kind::Day, "the first day it no longer held", "2010-01-01"),
    ],
};

const HEADQUARTERS: Table = Table {
    says: "Where the head office is.",
    one_of: &[],
    keys: &[
        may("city", Kind::Text, "the city, where a source names it", "\"Basel\""),
        wanted("country", Kind::Country, "the country's two capital letters", "\"CH\""),
        may("source", Kind::Text, "who says so; general knowledge when left out", "\"https://example.org/about\""),
    ],
};

const RELATION: Table = Table {
    says: "How the vendor stands to another company.",
    one_of: &["vendor", "name"],
    keys: &[
        must("kind", Kind::Word(RELATION_KINDS), "how", "\"owned-by\""),
        may("vendor", Kind::Id("vendor"), "the other, where it has a file", "\"other-vendor\""),
        may("name", Kind::Text, "the other's name, where it has none", "\"Other Inc.\""),
        may("from", Kind::Day, "from when, where known", "2019-11-04"),
        may("until", Kind::Day, "the first day it no longer held", "2024-01-01"),
        may("share", Kind::Text, "how much the other holds, as the source gives it", "\"51 %\""),
        must("says", Kind::Text, "the same in one plain sentence", "\"Other Inc. bought it.\""),
        may("source", Kind::Text, "who says so; or confidence = \"known\"", "\"https://example.org/bought\""),
        may("confidence", Kind::Word(CONFIDENCES), "\"known\" for general knowledge without a source", "\"known\""),
    ],
};

const GOODS_CLAIM: Table = Table {
    says: "Whether the vendor belongs to a class of goods.",
    one_of: &[],
    keys: &[
        must("kind", Kind::Word(GOODS), "which class", "\"consumer-router\""),
        may("belongs", Kind::Flag, "whether it does", "true"),
        must("says", Kind::Text, "the same in one plain sentence", "\"It makes routers for homes.\""),
        may("source", Kind::Text, "who says so; or confidence = \"known\"", "\"https://example.org/routers\""),
        may("confidence", Kind::Word(CONFIDENCES), "\"known\" for general knowledge without a source", "\"known\""),
    ],
};

const LEGAL_ENTITY: Table = Table {
    says: "A company in law.",
    one_of: &[],
    keys: &[
        must("id", Kind::Text, "its own id, unique in the catalogue", "\"acme-gmbh\""),
        must("name", Kind::Text, "its name in the register", "\"Acme GmbH\""),
        wanted("country", Kind::Country, "the country's two capital letters", "\"DE\""),
        may("aliases", Kind::Texts, "other names of this very company", "[\"Acme Ltd\"]"),
        may("former-names", Kind::Texts, "names it no longer has", "[\"Acme Old GmbH\"]"),
        wanted(
            "source",
            Kind::Text,
            "who says so; or confidence = \"known\" in its place for general knowledge",
            "\"https://example.org/imprint\"",
        ),
        may("confidence", Kind::Word(CONFIDENCES), "\"known\" for general knowledge without a source", "\"known\""),
        may("note", Kind::Text, "what else a reader should know", "\"In liquidation.\""),
    ],
};

const PERSON: Table = Table {
    says: "A person of the vendor. No birth dates, no private addresses.",
    one_of: &[],
    keys: &[
        must("id", Kind::Text, "the person's own id, unique in the catalogue", "\"ann-acme\""),
        must("name", Kind::Text, "the name", "\"Ann Acme\""),
        may("names", Kind::Lines(&SCRIPT_NAME), "the name in other scripts", ""),
        may("aliases", Kind::Texts, "other spellings", "[\"Anne Acme\"]"),
        must("role", Kind::Text, "what the person does at the vendor", "\"chief executive\""),
        may("source", Kind::Text, "who says so; or confidence = \"known\"", "\"https://example.org/board\""),
        may("confidence", Kind::Word(CONFIDENCES), "\"known\" for general knowledge without a source", "\"known\""),
        may("note", Kind::Text, "what else a reader should know", "\"Until 2020.\""),
    ],
};

const FOOTPRINT: Table = Table {
    says: "How big the vendor is, in the words of whoever says so.",
    one_of: &[],
    keys: &[
        must("figure", Kind::Word(FIGURES), "which figure", "\"users\""),
        must("value", Kind::Text, "the figure as given", "\"more than 4 million\""),
        may("as-of", Kind::Day, "of which day", "2026-01-01"),
        must("says", Kind::Text, "who says so", "\"Acme\""),
        must("source", Kind::Text, "where", "\"https://example.org/about\""),
    ],
};

const STATEMENT: Table = Table {
    says: "What somebody said about a restriction or the vendor.",
    one_of: &["quote", "says"],
    keys: &[
        must("side", Kind::Word(SIDES), "which side speaks", "\"vendor\""),
        must("by", Kind::Text, "who speaks", "\"Ann Acme, chief executive\""),
        wanted("date", Kind::Day, "when", "2026-06-21"),
        may("quote", Kind::Text, "the exact words, briefly; or says", "\"We disagree.\""),
        may("says", Kind::Text, "a summary in the catalogue's words; or quote", "\"Acme disagrees.\""),
        may("about", Kind::Id("restriction"), "the restriction it is about", "\"us-example-2026-acme\""),
        must("source", Kind::Text, "where it stands", "\"https://example.org/statement\""),
        must("kind", Kind::Word(SOURCE_KINDS), "what kind of document that is", "\"secondary\""),
    ],
};

const FINGERPRINT: Table = Table {
    says: "One literal or pattern by which software is recognised.",
    one_of: &[],
    keys: &[
        must("field", Kind::Word(FIELDS), "what it is compared with", "\"publisher\""),
        must("match", Kind::Word(MATCHES), "how it is compared", "\"exact\""),
        must("value", Kind::Text, "the literal or pattern, as it stands on machines", "\"Acme GmbH\""),
        must("confidence", Kind::Word(CONFIDENCES), "how sure: seen needs a source", "\"seen\""),
        may("source", Kind::Texts, "where that exact string was seen", "[\"https://example.org/manifest\"]"),
        may("ambiguous", Kind::Flag, "true: never decides alone", "true"),
        may(
            "shared-with",
            Kind::Ids("vendor or product"),
            "who carries the same identifier; note says since when",
            "[\"other-vendor\"]",
        ),
        may("note", Kind::Text, "what else a reader should know", "\"until 2019, since then the other's\""),
    ],
};

const PRODUCT: Table = Table {
    says: "A product.",
    one_of: &[],
    keys: &[
        must("id", Kind::Text, "the vendor's id, a dot and a short name", "\"acme.guard\""),
        must("name", Kind::Text, "its name", "\"Acme Guard\""),
        may("names", Kind::Lines(&SCRIPT_NAME), "its name in other scripts", ""),
        wanted(
            "classes",
            Kind::ManyWords(CLASSES),
            "what it is, in the words instruments use for their scope",
            "[\"anti-virus\"]",
        ),
        must("category", Kind::Word(CATEGORIES), "what it does, for lists and filters", "\"antivirus\""),
        wanted("platforms", Kind::ManyWords(PLATFORMS), "where it runs", "[\"windows\"]"),
        may("status", Kind::Word(STATUSES), "whether it is still made; current when left out", "\"current\""),
        may("goods", Kind::ManyWords(GOODS), "which classes of goods it is", "[\"consumer-router\"]"),
        may(
            "made-for",
            Kind::Id("vendor"),
            "the vendor whose product this is an integration for; it is never that product",
            "\"other-vendor\"",
        ),
        may("note", Kind::Text, "what else a reader should know", "\"The free edition.\""),
        wanted("fingerprints", Kind::Lines(&FINGERPRINT), "how it is recognised, one line each", ""),
    ],
};

const EMBEDS: Table = Table {
    says: "A report that a product of this vendor holds another vendor's engine.",
    one_of: &[],
    keys: &[
        must("product", Kind::Id("product"), "which product", "\"acme.guard\""),
        must("engine-vendor", Kind::Id("vendor"), "whose engine", "\"other-vendor\""),
        must("says", Kind::Text, "what is reported, in one plain sentence", "\"A tester named the engine.\""),
        must("confidence", Kind::Word(CONFIDENCES), "how sure", "\"seen\""),
        may("source", Kind::Texts, "where", "[\"https://example.org/test\"]"),
    ],
};

/// `issuers/<id>.toml`.
pub(crate) const ISSUER: Table = Table {
    says: "An authority.",
    one_of: &[],
    keys: &[
        must("id", Kind::Text, "the file's name without .toml", "\"us-example\""),
        must("name", Kind::Text, "its full name", "\"An Office of the Department of Examples\""),
        must("short-name", Kind::Text, "its name for lanes and chips", "\"AOE\""),
        must("jurisdiction", Kind::Text, "a country's two letters in lower case, or eu", "\"us\""),
        may("website", Kind::Address, "its website, https", "\"https://example.org\""),
    ],
};

/// `profiles/<id>.toml`.
pub(crate) const PROFILE: Table = Table {
    says: "An answer to \"who are we\". XX in id, title and capacities stands for each of states.",
    one_of: &[],
    keys: &[
        must("id", Kind::Text, "the file's name without .toml", "\"us-private\""),
        must("title", Kind::Text, "what it stands for", "\"Private organisation in the United States\""),
        may("jurisdiction", Kind::Text, "a country's two letters in lower case, or eu", "\"us\""),
        wanted("capacities", Kind::ManyWords(CAPACITIES), "how it is bound", "[\"us-person\", \"anyone\"]"),
        may("government", Kind::Word(RELATIONS), "what it is to a government; none when left out", "\"private\""),
        may(
            "purchase-activities",
            Kind::ManyWords(ACTIVITIES),
            "activities counted in its purchase headline besides buy, renew and deal-with",
            "[\"resell\"]",
        ),
        may("asks", Kind::ManyWords(CONDITIONS), "conditions worth asking it about", "[\"contract:federal\"]"),
        may("states", Kind::Texts, "the two letters of each state, where the id holds XX", "[\"tx\"]"),
    ],
};
