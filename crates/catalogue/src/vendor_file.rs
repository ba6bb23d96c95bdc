//! Reads `vendors/<id>.toml`.

use interdict_model::{
    Category, Confidence, Diagnostic, Embeds, EntityId, Figure, Fingerprint, FingerprintField, Footprint, Goods,
    GoodsClaim, Headquarters, LegalEntity, MatchKind, Person, PersonId, Product, ProductId, ProductStatus,
    RelationKind, RestrictionId, Script, ScriptName, Side, SourceKind, Statement, Vendor, VendorId, VendorRelation,
};

use crate::document::{Document, TableReader};
use crate::source_file::SourceFile;

/// A vendor, as far as it could be read, and every complaint about its file.
pub(crate) fn read(file: &SourceFile) -> (Option<Vendor>, Vec<Diagnostic>) {
    let document = Document::new(&file.path, &file.text, 0);
    let vendor = vendor(document.parse(&file.text), file);
    (vendor, document.into_diagnostics())
}

fn vendor(mut table: TableReader<'_, '_>, file: &SourceFile) -> Option<Vendor> {
    let id = table.text("id");
    if !id.value.is_empty() && id.value != file.stem() {
        let message = format!("the id \"{}\" is not the file's name \"{}\"", id.value, file.stem());
        table.complain("catalogue/id-is-not-file-name", &id.span, message);
    }
    let id = VendorId::new(id.value);
    let vendor = Vendor {
        name: table.text("name").value,
        names: script_names(&mut table),
        aliases: table.strings("aliases"),
        website: table.optional_string("website"),
        headquarters: table.optional_table("headquarters").map(headquarters),
        parent: table.optional_string("parent").map(VendorId::new),
        relations: table.tables("relation").into_iter().map(relation).collect(),
        goods: table.tables("goods").into_iter().map(goods_claim).collect(),
        note: table.optional_string("note"),
        entities: table.tables("legal-entity").into_iter().map(legal_entity).collect(),
        people: table.tables("person").into_iter().map(person).collect(),
        footprint: table.tables("footprint").into_iter().map(footprint).collect(),
        statements: table.tables("statement").into_iter().map(statement).collect(),
        fingerprints: table.tables("fingerprint").into_iter().map(fingerprint).collect(),
        products: table.tables("product").into_iter().map(|entry| product(entry, &id)).collect(),
        embeds: table.tables("embeds").into_iter().map(embeds).collect(),
        id,
    };
    table.finish();
    (!vendor.id.as_str().is_empty()).then_some(vendor)
}

fn script_names(table: &mut TableReader<'_, '_>) -> Vec<ScriptName> {
    table
        .tables("names")
        .into_iter()
        .map(|mut entry| {
            let name = ScriptName {
                text: entry.text("text").value,
                script: entry.word("script", Script::Other),
                from: entry.optional_plain_day("from"),
                until: entry.optional_plain_day("until"),
            };
            entry.finish();
            name
        })
        .collect()
}

fn headquarters(mut table: TableReader<'_, '_>) -> Headquarters {
    let headquarters = Headquarters {
        city: table.optional_string("city"),
        country: country(&mut table).unwrap_or_default(),
        source: table.optional_string("source"),
    };
    table.finish();
    headquarters
}

fn country(table: &mut TableReader<'_, '_>) -> Option<String> {
    let country = table.optional_text("country")?;
    let is_code = country.value.len() == 2 && country.value.bytes().all(|byte| byte.is_ascii_uppercase());
    if !is_code && !country.value.is_empty() {
        let message = format!("\"{}\" is not an ISO 3166 country code of two capital letters", country.value);
        table.complain("catalogue/country", &country.span, message);
    }
    Some(country.value)
}

fn relation(mut table: TableReader<'_, '_>) -> VendorRelation {
    let from = table.optional_day("from");
    let until = table.optional_day("until");
    if let (Some(from), Some(until)) = (&from, &until)
        && until.value <= from.value
    {
        let message = format!("until {} is not after from {}", until.value, from.value);
        table.complain("catalogue/span-order", &until.span, message);
    }
    let relation = VendorRelation {
        kind: table.word("kind", RelationKind::OwnedBy),
        vendor: table.optional_string("vendor").map(VendorId::new),
        name: table.optional_string("name"),
        from: from.map(|from| from.value),
        until: until.map(|until| until.value),
        share: table.optional_string("share"),
        says: table.text("says").value,
        source: source_or_known(&mut table),
    };
    if relation.vendor.is_none() && relation.name.is_none() {
        let message = "a relation needs the other's id (\"vendor\") or, where it has no file, its \"name\"";
        table.complain("catalogue/missing-key", &table.span.clone(), message);
    }
    table.finish();
    relation
}

fn goods_claim(mut table: TableReader<'_, '_>) -> GoodsClaim {
    let claim = GoodsClaim {
        kind: table.word("kind", Goods::ConsumerRouter),
        belongs: table.flag("belongs"),
        says: table.text("says").value,
        source: source_or_known(&mut table),
    };
    table.finish();
    claim
}

fn legal_entity(mut table: TableReader<'_, '_>) -> LegalEntity {
    let entity = LegalEntity {
        id: EntityId::new(table.text("id").value),
        name: table.text("name").value,
        country: country(&mut table),
        aliases: table.strings("aliases"),
        former_names: table.strings("former-names"),
        source: source_or_known(&mut table),
        note: table.optional_string("note"),
    };
    table.finish();
    entity
}

/// A source, or `confidence = "known"` where there is none.
fn source_or_known(table: &mut TableReader<'_, '_>) -> Option<String> {
    let source = table.optional_string("source");
    let confidence: Option<Confidence> = table.optional_word("confidence");
    if source.is_none() && confidence != Some(Confidence::Known) {
        let message = "needs a \"source\", or confidence = \"known\" for general knowledge";
        table.complain("catalogue/no-source", &table.span.clone(), message);
    }
    source
}

fn person(mut table: TableReader<'_, '_>) -> Person {
    let person = Person {
        id: PersonId::new(table.text("id").value),
        name: table.text("name").value,
        names: script_names(&mut table),
        aliases: table.strings("aliases"),
        role: table.text("role").value,
        source: source_or_known(&mut table),
        note: table.optional_string("note"),
    };
    table.finish();
    person
}

fn footprint(mut table: TableReader<'_, '_>) -> Footprint {
    let footprint = Footprint {
        figure: table.word("figure", Figure::Users),
        value: table.text("value").value,
        as_of: table.optional_plain_day("as-of"),
        says: table.text("says").value,
        source: table.text("source").value,
    };
    table.finish();
    footprint
}

fn statement(mut table: TableReader<'_, '_>) -> Statement {
    let statement = Statement {
        side: table.word("side", Side::Issuer),
        by: table.text("by").value,
        date: table.optional_plain_day("date"),
        quote: table.optional_string("quote"),
        says: table.optional_string("says"),
        about: table.optional_string("about").map(RestrictionId::new),
        source: table.text("source").value,
        kind: table.word("kind", SourceKind::Secondary),
    };
    if statement.quote.is_none() && statement.says.is_none() {
        let message = "a statement needs its exact words (\"quote\") or a summary (\"says\")";
        table.complain("catalogue/missing-key", &table.span.clone(), message);
    }
    table.finish();
    statement
}

pub(crate) fn fingerprint(mut table: TableReader<'_, '_>) -> Fingerprint {
    let fingerprint = Fingerprint {
        field: table.word("field", FingerprintField::DisplayName),
        kind: table.word("match", MatchKind::Exact),
        value: table.text("value").value,
        confidence: table.word("confidence", Confidence::Known),
        source: table.strings("source"),
        ambiguous: table.flag("ambiguous"),
        shared_with: table.strings("shared-with"),
        note: table.optional_string("note"),
    };
    if fingerprint.confidence == Confidence::Seen && fingerprint.source.is_empty() {
        let message = format!("\"{}\" is said to be seen, but no source says where", fingerprint.value);
        table.complain("catalogue/no-source", &table.span.clone(), message);
    }
    if fingerprint.kind == MatchKind::Glob && !fingerprint.value.contains('*') {
        let message = format!("\"{}\" has no * and is no pattern: use match = \"exact\"", fingerprint.value);
        table.complain("catalogue/fingerprint", &table.span.clone(), message);
    }
    table.finish();
    fingerprint
}

pub(crate) fn product(mut table: TableReader<'_, '_>, vendor: &VendorId) -> Product {
    let id = table.text("id");
    let belongs = id.value.strip_prefix(vendor.as_str()).is_some_and(|rest| rest.len() > 1 && rest.starts_with('.'));
    if !belongs && !id.value.is_empty() {
        let message = format!("the product's id must be \"{vendor}.\" and a short name, not \"{}\"", id.value);
        table.complain("catalogue/product-id", &id.span, message);
    }
    let product = Product {
        id: ProductId::new(id.value),
        vendor: vendor.clone(),
        name: table.text("name").value,
        names: script_names(&mut table),
        classes: table.words("classes"),
        category: table.word("category", Category::Other),
        platforms: table.words("platforms"),
        status: table.optional_word("status").unwrap_or(ProductStatus::Current),
        goods: table.words("goods"),
        made_for: table.optional_string("made-for").map(VendorId::new),
        note: table.optional_string("note"),
        fingerprints: table.tables("fingerprints").into_iter().map(fingerprint).collect(),
    };
    table.finish();
    product
}

fn embeds(mut table: TableReader<'_, '_>) -> Embeds {
    let embeds = Embeds {
        product: ProductId::new(table.text("product").value),
        engine_vendor: VendorId::new(table.text("engine-vendor").value),
        says: table.text("says").value,
        confidence: table.word("confidence", Confidence::Known),
        source: table.strings("source"),
    };
    table.finish();
    embeds
}
