//! The deals, tags and resolutions of the office.

use entity::WorkStatus::{self, Cancelled, Done, InProgress, Open};

/// The names of the tags.
pub(super) const TAGS: [&str; 8] =
    ["Complaint", "Delivery", "Design", "Materials", "Office", "Sales", "Showroom", "Workshop"];

/// The names of the resolutions.
pub(super) const RESOLUTIONS: [&str; 5] =
    ["For approval", "For decision", "For discussion", "For information", "To be done"];

/// A deal of the office.
pub(super) struct Deal {
    pub(super) name: &'static str,
    pub(super) status: WorkStatus,
    /// Days from today until it should be closed.
    pub(super) due: Option<i64>,
    /// Days since it was created.
    pub(super) days_ago: i64,
}

/// What the office is selling now.
pub(super) const DEALS: [Deal; 6] = [
    Deal { name: "Brandt family: dining table", status: Done, due: Some(-35), days_ago: 120 },
    Deal { name: "Northgate School: lockers", status: Cancelled, due: None, days_ago: 96 },
    Deal {
        name: "Marlow Library: reading tables",
        status: InProgress,
        due: Some(24),
        days_ago: 88,
    },
    Deal {
        name: "Hotel Lindenhof: forty writing desks",
        status: InProgress,
        due: Some(75),
        days_ago: 63,
    },
    Deal { name: "Café Brisk: counter and stools", status: Open, due: Some(40), days_ago: 46 },
    Deal { name: "Dr Moreau: waiting room", status: Open, due: Some(58), days_ago: 14 },
];
