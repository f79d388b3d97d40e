//! Counts the instructions of requests with Valgrind, which counts the same on every machine, and
//! compares them with the accepted ones. The database is SQLite, so that it is counted too.

use crate::{
    Result,
    http::Client,
    load::Worker,
    measure::Site,
    office::Size,
    operations::{Operation, Tokens},
    options::Instructions,
    scratch::Scratch,
    server::{Process, SUBCOMMAND},
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt::Write, path::Path, process::Command, time::Duration};

/// The office: large enough that each page of an index has neighbours.
const SIZE: Size = Size { people: 100, memos: 4_000 };

/// Requests of each kind before the counting. Both connections prepare every statement meanwhile,
/// and caches fill.
const WARM_UP: usize = 12;

/// What may differ from an accepted number, in percent.
const TOLERANCE: f64 = 3.0;

/// A pause after each request. After a change, the server gathers events for 20 ms, then places
/// them. Without the pause, it would depend on the machine how many changes it places together.
const PAUSE: Duration = Duration::from_millis(150);

/// How long nothing is asked, to count what the server does regularly. This is taken off, because
/// how often it happens within the requests depends on the machine.
const IDLE: Duration = Duration::from_secs(4);

/// The counted operations.
const OPERATIONS: [(&str, Operation); 3] = [
    ("inbox", Operation::Inbox),
    ("preview", Operation::Preview),
    ("deletion", Operation::Deletion),
];

const COMMENT: &str = "# Instructions per request, with SQLite. `just instructions` compares \
    them to within 3 %, if\n# the program is built in the same way. After a change that is worth \
    its cost:\n# just instructions --accept\n\n";

/// What the file contains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Accepted {
    /// How the program was built: the compiler, the machine's architecture, and whether it is
    /// optimized.
    build: String,
    /// Instructions per request.
    instructions: BTreeMap<String, u64>,
}

/// Counts, and compares or accepts.
///
/// # Errors
/// Valgrind is missing, a request failed, or a number differs.
pub(crate) async fn run(options: &Instructions, scratch: &Scratch) -> Result<()> {
    let counted =
        Accepted { build: build()?, instructions: count(options.requests, scratch).await? };
    if options.accept {
        std::fs::write(&options.file, format!("{COMMENT}{}", toml::to_string(&counted)?))?;
        println!("{} now contains {:#?}", options.file.display(), counted.instructions);
        return Ok(());
    }
    if !options.file.exists() {
        println!("{:#?}\n--accept writes these numbers for comparison", counted.instructions);
        return Ok(());
    }
    let text = std::fs::read_to_string(&options.file)
        .map_err(|error| format!("{}: {error}", options.file.display()))?;
    let accepted: Accepted = toml::from_str(&text)?;
    let (report, is_close) = compare(&accepted, &counted);
    println!("{report}");
    if is_close {
        return Ok(());
    }
    if accepted.build != counted.build {
        println!(
            "not compared: {} has the numbers of {}, this is {}; accept the new ones with --accept",
            options.file.display(),
            accepted.build,
            counted.build
        );
        return Ok(());
    }
    Err(format!(
        "instructions differ by more than {TOLERANCE} % from {}. Find out why. If the change is \
         worth it, or if requests became cheaper, write the new numbers: just instructions \
         --accept",
        options.file.display()
    )
    .into())
}

fn build() -> Result<String> {
    let output = Command::new("rustc").arg("--version").output()?;
    let version = String::from_utf8(output.stdout)?;
    // The rest of the line is the day of the compiler's build.
    let version = version.split(" (").next().unwrap_or_default();
    let kind = if cfg!(debug_assertions) { "debug" } else { "optimized" };
    Ok(format!("{version}, {}, {kind}", architecture()))
}

/// The architecture, and the extension by which libraries choose their code under Valgrind.
fn architecture() -> &'static str {
    #[cfg(target_arch = "x86_64")]
    if std::is_x86_feature_detected!("avx2") {
        return "x86_64 with AVX2";
    }
    std::env::consts::ARCH
}

/// A line for each number, and whether all are close.
fn compare(accepted: &Accepted, counted: &Accepted) -> (String, bool) {
    let mut report = String::from("instructions per request    accepted     counted\n");
    let mut are_close = accepted.instructions.len() == counted.instructions.len();
    for (name, now) in &counted.instructions {
        let before = accepted.instructions.get(name).copied();
        #[expect(clippy::cast_precision_loss, reason = "ratios need no precision")]
        let percent = before.map(|before| (*now as f64 / before as f64 - 1.0) * 100.0);
        let is_close = percent.is_some_and(|percent| percent.abs() <= TOLERANCE);
        are_close &= is_close;
        let change = percent.map_or("new".to_owned(), |percent| format!("{percent:+.1} %"));
        let before = before.map_or("–".to_owned(), |before| before.to_string());
        // Writing to a text cannot fail.
        let _ = writeln!(report, "{name:<24} {before:>11} {now:>11}   {change}");
    }
    (report.trim_end().to_owned(), are_close)
}

async fn count(requests: usize, scratch: &Scratch) -> Result<BTreeMap<String, u64>> {
    let mut site = Site::fill(scratch, SIZE).await?;
    site.tokens = Tokens::counted(SIZE.people)?;
    site.confirm(Duration::from_secs(1), 0).await?;
    site.database.clone().close().await?;
    let folder = tempfile::Builder::new().prefix("memoranda-bench-").tempdir()?;
    let output = folder.path().join("counts");
    let mut valgrind = Command::new("valgrind");
    valgrind
        .args(["--tool=callgrind", "--quiet", "--dump-before=*a_counted_part_begins*"])
        .arg(format!("--callgrind-out-file={}", output.display()))
        .arg(std::env::current_exe()?)
        .args([SUBCOMMAND, "--counted"]);
    let server = Process::run(scratch, valgrind).await;
    let mut server = server.map_err(|error| format!("valgrind did not start: {error}"))?;
    for (_, operation) in OPERATIONS {
        ask(&site, &server, operation, 0..WARM_UP).await?;
    }
    let mut regular = vec![server.begin_part().await?];
    tokio::time::sleep(IDLE).await;
    regular.push(server.begin_part().await?);
    for (_, operation) in OPERATIONS {
        ask(&site, &server, operation, WARM_UP..WARM_UP + requests).await?;
        regular.push(server.begin_part().await?);
    }
    server.stop()?;
    // The first part is the start and the warm-up.
    let totals: Vec<u64> = (2..=regular.len())
        .map(|part| total(&output.with_extension(part.to_string())))
        .collect::<Result<_>>()?;
    let regular = regular.windows(2).map(|pair| pair.iter().rev().copied().reduce(|a, b| a - b));
    let regular: Vec<u64> = regular.map(Option::unwrap_or_default).collect();
    let mut parts = totals.into_iter().zip(regular);
    // What a regular statement costs, with all that surrounds it.
    let (total, statements) = parts.next().ok_or("nothing was counted")?;
    let statement = total / statements.max(1);
    eprintln!("{statement} instructions for each regular statement");
    let each = |(total, statements): (u64, u64)| {
        total.saturating_sub(statements * statement) / requests as u64
    };
    Ok(OPERATIONS
        .into_iter()
        .zip(parts.map(each))
        .map(|((name, _), n)| (name.to_owned(), n))
        .collect())
}

/// Sends requests one after the other.
async fn ask(
    site: &Site<'_>,
    server: &Process,
    operation: Operation,
    numbers: std::ops::Range<usize>,
) -> Result<()> {
    let requests = operation.requests(&site.plan, &site.tokens);
    let clients = Client::several(1, &server.address, &requests, operation.expected()).await?;
    for mut client in clients {
        for number in numbers.clone() {
            if !client.run(number).await? {
                return Err("the office has too few memos for so many requests".into());
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
    Ok(())
}

/// The number of instructions of a part.
fn total(path: &Path) -> Result<u64> {
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let total = text.lines().find_map(|line| line.strip_prefix("totals:"));
    Ok(total.ok_or("Valgrind wrote no total")?.trim().parse()?)
}

#[cfg(test)]
mod tests {
    use super::{Accepted, compare};

    fn numbers(inbox: u64, preview: u64) -> Accepted {
        let instructions =
            [("inbox", inbox), ("preview", preview)].map(|(name, n)| (name.to_owned(), n)).into();
        Accepted { build: "rustc 1.95.0, x86_64, debug".to_owned(), instructions }
    }

    #[test]
    fn numbers_within_three_percent_are_close() {
        let accepted = numbers(1_000_000, 2_000_000);
        assert!(compare(&accepted, &numbers(1_029_000, 1_941_000)).1);
        assert!(!compare(&accepted, &numbers(1_031_000, 2_000_000)).1, "dearer");
        assert!(!compare(&accepted, &numbers(1_000_000, 1_930_000)).1, "cheaper");
    }

    #[test]
    fn an_operation_without_an_accepted_number_is_not_close() {
        let mut accepted = numbers(1_000_000, 2_000_000);
        accepted.instructions.remove("preview");
        let (report, is_close) = compare(&accepted, &numbers(1_000_000, 2_000_000));
        assert!(!is_close && report.contains("new"), "{report}");
    }

    #[test]
    fn an_operation_that_is_counted_no_more_is_not_close() {
        let mut counted = numbers(1_000_000, 2_000_000);
        counted.instructions.remove("preview");
        assert!(!compare(&numbers(1_000_000, 2_000_000), &counted).1);
    }
}
