//! Importing as the window does it: the tray, looking, choosing columns, taking, undoing.

use std::cell::RefCell;
use std::fs;
use std::path::Path;

use calamine::{Data, Reader as _, Xlsx};
use interdict_app::Target;

use super::Desk;
use super::tests::desk;
use crate::wire::{
    Context, ExportColumn, ExportRequest, ExportWord, ExportedList, FamilyRequest, FindingsRequest,
    ImportCancelRequest, ImportDecideRequest, ImportEvent, ImportMapping, ImportPreviewRequest, ImportRequest,
    ImportStartRequest, JoinChoice, OfferedFile, SoftwareQuery, SoftwareRequest,
};

/// Puts a file on the desk and takes it from the tray as the window does.
fn put(desk: &Desk, folder: &Path, name: &str, text: &str) -> OfferedFile {
    let path = folder.join(name);
    fs::write(&path, text).expect("written");
    desk.offer([path]);
    let offered = desk.import_offered().expect("answers");
    assert_eq!(offered.len(), 1, "told once");
    assert!(desk.import_offered().expect("answers").is_empty());
    offered.into_iter().next().expect("one")
}

fn look(file: u32) -> ImportPreviewRequest {
    ImportPreviewRequest { file, format: None, mapping: None }
}

fn start(id: &str, file: u32) -> ImportStartRequest {
    ImportStartRequest { id: id.to_owned(), file, format: None, mapping: None }
}

const LIST: &str = "Kasten;Was;Stand\nPC-1;Kaspersky Endpoint Security;12.4\nPC-2;7-Zip;24.08\n";

/// What a person says of [`LIST`].
fn said(before: &ImportMapping) -> ImportMapping {
    let columns = [("device_name", "Kasten"), ("name", "Was"), ("version", "Stand")];
    let columns = columns.map(|(field, title)| (field.to_owned(), title.to_owned())).into();
    ImportMapping { columns, ..before.clone() }
}

#[test]
fn a_table_that_nobody_knows_is_looked_at_mapped_imported_and_undone() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = desk(folder.path(), Target::ThisComputer);
    let file = put(&desk, folder.path(), "liste.csv", LIST);
    assert_eq!((file.name.as_str(), file.bytes), ("liste.csv", LIST.len() as u64));

    let unsure = desk.import_preview(&look(file.id)).expect("is looked at");
    assert!(unsure.needs_mapping && unsure.records.is_empty(), "{unsure:?}");
    assert_eq!(unsure.columns[1].samples, ["Kaspersky Endpoint Security", "7-Zip"]);
    let error = desk.import_start(&start("a", file.id), &|_| {}).expect_err("nothing says what is what");
    assert_eq!(error.code, "import/needs-mapping");

    let mapping = said(unsure.mapping.as_ref().expect("something to begin with"));
    let mapped = desk.import_preview(&ImportPreviewRequest { mapping: Some(mapping.clone()), ..look(file.id) });
    let mapped = mapped.expect("is looked at");
    assert_eq!((mapped.records.len(), mapped.records[1].machine.as_deref()), (2, Some("PC-2")));
    assert_eq!(mapped.mapping.as_ref(), Some(&mapping));

    let told = RefCell::new(Vec::new());
    let request = ImportStartRequest { mapping: Some(mapping), ..start("b", file.id) };
    let result = desk.import_start(&request, &|event| told.borrow_mut().push(event)).expect("imports");
    let of = LIST.len() as u64;
    assert_eq!(
        *told.borrow(),
        [ImportEvent::Reading { bytes: of, of, records: 0 }, ImportEvent::Storing { done: 0, of: 2 }]
    );
    let import = result.import.expect("kept");
    assert_eq!((import.row.machines, import.row.used, result.new_installations), (2, 2, 2));
    let effect = import.undo.expect("can be undone");
    assert_eq!((effect.machines_gone, effect.installations_gone, effect.installations_back), (2, 2, 0));

    let again = desk.import_preview(&look(file.id)).expect("is looked at");
    assert!(again.mapping_kept && !again.needs_mapping && again.records.len() == 2, "the mapping was kept");
    assert!(desk.import_start(&start("c", file.id), &|_| {}).expect("is known").known);

    let undone = desk.import_undo(&ImportRequest { number: import.row.number }).expect("undoes");
    assert_eq!(undone.machines_left, 0);
    let rows = desk.imports_list().expect("answers").rows;
    assert!(rows.len() == 1 && rows[0].undone.is_some());
    let detail = desk.import_get(&ImportRequest { number: rows[0].number }).expect("answers");
    assert_eq!(detail.blocked.map(|error| error.code).as_deref(), Some("store/batch-undone"));
    assert_eq!(desk.app_status().expect("opens").database.machines, 0);
}

#[test]
fn what_could_not_be_used_is_told_and_written_without_formulas() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = desk(folder.path(), Target::ThisComputer);
    let text = "Computer,Software,Version\nPC-1,7-Zip,24\n=HYPERLINK(1),a,b,c,d\n";
    let file = put(&desk, folder.path(), "apps.csv", text);
    let preview = desk.import_preview(&look(file.id)).expect("is looked at");
    assert_eq!((preview.records.len(), preview.rejects.len()), (1, 1));
    let import = desk.import_start(&start("a", file.id), &|_| {}).expect("imports").import.expect("kept");
    assert_eq!((import.rejects[0].place.as_str(), import.row.rejected), ("line 3", 1));
    let written = desk.import_rejects_save(&ImportRequest { number: import.row.number }).expect("writes");
    assert_eq!(written.rows, 1);
    let text = fs::read_to_string(&written.path).expect("there");
    assert!(text.starts_with("place,reason,excerpt\nline 3,"), "{text}");
    assert!(text.contains("'=HYPERLINK"), "{text}");
    let unknown = desk.import_rejects_save(&ImportRequest { number: 99 }).expect_err("unknown");
    assert_eq!(unknown.code, "store/unknown-batch");
}

#[test]
fn an_export_of_another_tool_goes_to_ones_own_data_and_away_from_the_sample() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = desk(folder.path(), Target::ThisComputer);
    desk.sample_open().expect("opens");
    let row = r#"{"hostIdentifier":"srv-1","unixTime":1718841600,"columns":{"name":"Kaspersky Security Center","version":"15","publisher":"AO Kaspersky Lab"},"action":"added"}"#;
    let text = format!("{row}\n{}\n", row.replace("srv-1", "srv-2"));
    let file = put(&desk, folder.path(), "results.log", &text);
    let preview = desk.import_preview(&look(file.id)).expect("is looked at");
    assert_eq!(preview.format.expect("recognised").name, "osquery");
    assert!(preview.columns.is_empty() && preview.mapping.is_none(), "no columns to choose");
    let result = desk.import_start(&start("a", file.id), &|_| {}).expect("imports");
    assert_eq!(result.detections, 2);
    let status = desk.app_status().expect("opens");
    assert_eq!((status.database.machines, status.database.sample), (2, false));
}

#[test]
fn what_cannot_be_imported_says_why_and_leaves_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = desk(folder.path(), Target::ThisComputer);
    let letter = put(&desk, folder.path(), "list.jsonl", "Dear colleagues\n");
    assert_eq!(desk.import_preview(&look(letter.id)).expect_err("refused").code, "import/unknown-format");
    assert_eq!(desk.import_start(&start("a", letter.id), &|_| {}).expect_err("refused").code, "import/unknown-format");
    desk.offer([folder.path().to_owned(), folder.path().join("none")]);
    for file in desk.import_offered().expect("answers") {
        assert_eq!(desk.import_preview(&look(file.id)).expect_err("refused").code, "app/file");
    }
    assert_eq!(desk.import_preview(&look(77)).expect_err("nobody chose it").code, "desktop/unknown-file");
    let list = put(&desk, folder.path(), "list.csv", LIST);
    let none = ImportMapping {
        columns: [("colour".to_owned(), "Was".to_owned())].into(),
        rows: "installations".to_owned(),
        source: None,
        os: None,
        date_order: None,
        complete: false,
    };
    let wrong = desk.import_preview(&ImportPreviewRequest { mapping: Some(none), ..look(list.id) });
    assert_eq!(wrong.expect_err("no such field").code, "import/bad-mapping");
    assert_eq!(desk.app_status().expect("opens").database.machines, 0);
}

#[test]
fn a_cancelled_import_keeps_nothing_and_frees_its_turn() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = desk(folder.path(), Target::ThisComputer);
    let rows = (0..5_000).map(|number| format!("PC-{number},7-Zip,24\n")).collect::<Vec<_>>().concat();
    let file = put(&desk, folder.path(), "apps.csv", &format!("Computer,Software,Version\n{rows}"));
    let busy = RefCell::new(None);
    let result = desk.import_start(&start("a", file.id), &|_| {
        let second = desk.import_start(&start("b", file.id), &|_| {});
        *busy.borrow_mut() = Some(second.expect_err("one at a time").code);
        desk.import_cancel(&ImportCancelRequest { id: "a".to_owned() }).expect("cancels");
    });
    assert!(result.expect("ends").cancelled);
    assert_eq!(busy.into_inner().as_deref(), Some("desktop/busy"));
    assert_eq!(desk.app_status().expect("opens").database.machines, 0);
    assert!(desk.imports_list().expect("answers").rows.is_empty());
    assert!(!desk.import_start(&start("c", file.id), &|_| {}).expect("imports").cancelled);
}

#[test]
fn devices_of_one_name_are_held_side_by_side_and_become_one_machine() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = desk(folder.path(), Target::ThisComputer);
    let list = |serial: &str, name: &str| format!("Computer name,Serial number,Software\nPC-1,{serial},{name}\n");
    let mut numbers = Vec::new();
    for (name, serial) in [("first.csv", "S-1"), ("second.csv", "S-2")] {
        let file = put(&desk, folder.path(), name, &list(serial, name));
        let result = desk.import_start(&start(name, file.id), &|_| {}).expect("imports");
        numbers.push(result.import.expect("is told").row.number);
    }
    let get = |number| desk.import_get(&ImportRequest { number }).expect("is there");
    assert!(get(numbers[0]).reviews.is_empty());
    let detail = get(numbers[1]);
    assert_eq!((detail.reviews.len(), detail.reviews_total), (1, 1));
    let review = &detail.reviews[0];
    assert!(review.open && review.rule == "namesake", "{review:?}");
    assert_eq!((&review.device.serials[..], review.device.installations), (&["S-2".to_owned()][..], 1));
    let candidate = &review.candidates[0].side;
    assert_eq!((candidate.id.as_deref(), &candidate.serials[..]), (Some("import:pc-1"), &["s-1".to_owned()][..]));
    let ask = |choice, trial| ImportDecideRequest {
        number: numbers[1],
        told: "PC-1".to_owned(),
        machine: "import:pc-1".to_owned(),
        choice,
        trial,
    };
    desk.import_decide(&ask(JoinChoice::NotSame, false)).expect("is kept");
    assert!(!get(numbers[1]).reviews[0].open, "somebody decided");
    let would =
        desk.import_decide(&ask(JoinChoice::Same, true)).expect("is worked out").joined.expect("two are joined");
    assert_eq!((would.installations, would.scans, would.sealed.len()), (1, 1, 0));
    assert_eq!(get(numbers[1]).reviews[0].candidates[0].decision.as_deref(), Some("not-same"), "nothing was done");
    let joined = desk.import_decide(&ask(JoinChoice::Same, false)).expect("joins").joined;
    assert_eq!(joined, Some(would));
    let after = get(numbers[1]);
    assert_eq!(after.machines[0].id, "import:pc-1");
    assert_eq!(after.reviews[0].candidates[0].decision.as_deref(), Some("same"));
    desk.import_decide(&ask(JoinChoice::Open, false)).expect("is forgotten");
    assert_eq!(get(numbers[1]).machines.len(), 1, "what was joined stays joined");
}

/// Intune's aggregate: on how many devices a product is, and not on which.
const AGGREGATE: &str = "ApplicationId,ApplicationKey,ApplicationName,ApplicationPublisher,ApplicationShortVersion,\
ApplicationVersion,DeviceCount,Platform
f1,k1,Kaspersky Endpoint Security for Windows,AO Kaspersky Lab,,12.4.0.467,17,windows
f2,k2,Safari,Apple Inc.,,17.5,2,macOS
";

/// What is told of without a machine, in an order.
fn told_by(sort: &str) -> SoftwareQuery {
    SoftwareQuery {
        text: String::new(),
        publisher: None,
        vendor: None,
        sources: Vec::new(),
        tiers: Vec::new(),
        identified: None,
        whereabouts: Some("told".to_owned()),
        sort: sort.to_owned(),
        descending: false,
    }
}

/// The same as a file of a format, with these columns.
fn as_file(format: &str, context: &Context, query: SoftwareQuery, columns: &[&str]) -> ExportRequest {
    let column = |id: &&str| ExportColumn { id: (*id).to_owned(), header: (*id).to_owned() };
    ExportRequest {
        id: "x".to_owned(),
        context: context.clone(),
        list: ExportedList::Software(query),
        format: format.to_owned(),
        title: "Software".to_owned(),
        columns: columns.iter().map(column).collect(),
        words: vec![ExportWord { value: "no-machine".to_owned(), label: "no machine named".to_owned() }],
    }
}

#[test]
fn what_names_no_machine_is_shown_everywhere_written_as_shown_and_gone_with_its_import() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = desk(folder.path(), Target::ThisComputer);
    let file = put(&desk, folder.path(), "AppInvAggregate.csv", AGGREGATE);
    let import = desk.import_start(&start("a", file.id), &|_| {}).expect("imports").import.expect("kept");
    let context = Context { profiles: vec!["us-private".to_owned()], as_of: "2026-11-22".to_owned() };
    let query = told_by("tier");
    let list = || {
        let request = SoftwareRequest { context: context.clone(), query: query.clone(), offset: 0, limit: 10 };
        desk.software_list(&request).expect("answers")
    };
    let page = list();
    let counts: Vec<_> = page.rows.iter().map(|row| (row.machines, row.told[0].count, row.told[0].newer)).collect();
    assert_eq!(counts, [(0, Some(17), 0), (0, Some(2), 0)], "restricted first");
    assert_eq!((page.total, page.facets.told, page.facets.on_machines, page.machines), (2, 2, 0, 0));
    let request = FamilyRequest { context: context.clone(), id: page.rows[0].family.clone() };
    let family = desk.software_get(&request).expect("answers");
    assert_eq!((family.told.len(), family.versions.len(), family.machines_with), (1, 0, 0));

    let overview = desk.overview_get(&context).expect("answers");
    assert_eq!((overview.told.len(), overview.attention_products, overview.machines), (1, 0, 0));
    let findings = desk.findings_list(&FindingsRequest { context: context.clone(), machine: None }).expect("answers");
    assert_eq!((&findings.told, findings.rows.len(), findings.attention), (&overview.told, 0, 0));
    assert_eq!((findings.told[0].vendor.id.as_str(), findings.told[0].machines), ("kaspersky", 0));

    let request = as_file("csv", &context, query.clone(), &["version", "machines", "told"]);
    let path = folder.path().join("out.csv");
    assert_eq!(desk.table_export(&request, &path, &mut |_| {}).expect("writes").rows, 2);
    let text = fs::read_to_string(&path).expect("written");
    let line = text.lines().nth(1).expect("a row");
    assert!(line.starts_with("12.4.0.467,no machine named,") && line.ends_with(": 17"), "{text}");

    desk.import_undo(&ImportRequest { number: import.row.number }).expect("undoes");
    assert_eq!(list().all, 0);
    assert_eq!(desk.overview_get(&context).expect("answers").told, []);
}

#[test]
fn a_workbook_counts_machines_and_gives_the_words_of_tools_as_text() {
    let folder = tempfile::tempdir().expect("a folder");
    let desk = desk(folder.path(), Target::ThisComputer);
    let formula = "f3,k3,=2+2,Nobody,,1.10,5,windows\n";
    let have = "Computer,Software,Publisher,Version\nPC-1,Safari,Apple Inc.,17.5\n";
    for (name, text) in [("AppInvAggregate.csv", &*format!("{AGGREGATE}{formula}")), ("have.csv", have)] {
        let file = put(&desk, folder.path(), name, text);
        desk.import_start(&start(name, file.id), &|_| {}).expect("imports").import.expect("kept");
    }
    let context = Context { profiles: vec!["us-private".to_owned()], as_of: "2026-11-22".to_owned() };
    let request = as_file("xlsx", &context, told_by("name"), &["name", "version", "machines", "told"]);
    let path = folder.path().join("out.xlsx");
    assert_eq!(desk.table_export(&request, &path, &mut |_| {}).expect("writes").rows, 3);

    let mut book: Xlsx<_> = calamine::open_workbook(&path).expect("a workbook");
    assert_eq!(book.sheet_names(), ["Software"]);
    let sheet = book.worksheet_range("Software").expect("its sheet");
    let rows: Vec<&[Data]> = sheet.rows().collect();
    let text = |text: &str| Data::String(text.to_owned());
    assert_eq!(rows[0], ["name", "version", "machines", "told"].map(text));
    assert_eq!(rows[1][..3], [text("=2+2"), text("1.10"), text("no machine named")], "a text, and no number");
    assert_eq!(rows[2][..3], ["Kaspersky Endpoint Security for Windows", "12.4.0.467", "no machine named"].map(text));
    assert_eq!(rows[3][..3], [text("Safari"), text("17.5"), Data::Float(1.0)], "our count is a number");
    for (row, count) in [(rows[1], ": 5"), (rows[2], ": 17"), (rows[3], ": 2")] {
        let Data::String(told) = &row[3] else { panic!("{row:?}") };
        assert!(told.starts_with("Intune") && told.ends_with(count), "the tool, the day and its own count: {told}");
    }
    let formulas = book.worksheet_formula("Software").expect("its sheet");
    assert_eq!(formulas.used_cells().filter(|(_, _, formula)| !formula.is_empty()).count(), 0);
    assert_eq!(rows.len(), 4);
}
