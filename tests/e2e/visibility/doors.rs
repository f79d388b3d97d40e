//! The doors: everything in the API through which a person could learn about a memo, each with its
//! rule.

use super::cases::{Case, State, What};
use entity::UserRole;
use service::{access::RecordSight, memos::MemoBox};

/// A column of the table.
pub struct Door {
    pub name: &'static str,
    /// The fields of the schema, and the addresses of the server, that this door covers.
    pub covers: &'static [&'static str],
    /// What the rules allow a signed-in person to get there.
    pub rule: fn(Case) -> String,
}

/// The boxes of lists, each with its letter.
pub const BOXES: [(char, &str, MemoBox); 5] = [
    ('i', "INBOX", MemoBox::Inbox),
    ('s', "SENT", MemoBox::Sent),
    ('u', "SUBSCRIBED", MemoBox::Subscribed),
    ('d', "DRAFTS", MemoBox::Drafts),
    ('a', "ALL_VISIBLE", MemoBox::AllVisible),
];

fn yes(sees: bool) -> String {
    if sees { "yes" } else { "-" }.to_owned()
}

/// The letters of all true conditions; `-` if there are none.
pub fn letters(all: &[(char, bool)]) -> String {
    let letters: String =
        all.iter().filter(|(_, holds)| *holds).map(|(letter, _)| *letter).collect();
    if letters.is_empty() { "-".to_owned() } else { letters }
}

fn boxes(case: Case) -> String {
    let is_chief = case.role == UserRole::Chief;
    letters(&BOXES.map(|(letter, _, memo_box)| {
        let held = memo_box.ranges(is_chief).iter().any(|range| range.holds(case.memo()));
        (letter, case.state.is_live() && held)
    }))
}

/// Whether the person was notified about the memo: that it was sent or shared, that it was deleted,
/// or that they are responsible for work from it.
fn was_told(case: Case) -> bool {
    match case.what {
        What::Author => case.state.was_deleted_by_recipient(),
        What::Recipient | What::Subscriber | What::Former | What::Worker => !case.state.is_draft(),
        // The person was notified about what they could read at the time.
        What::Inactive => !case.state.is_draft(),
        What::Both | What::Stranger => false,
    }
}

fn notification(case: Case) -> String {
    if !was_told(case) {
        return ".".to_owned();
    }
    let access = case.notification();
    let of_work = case.what == What::Worker;
    // After the purge, the record has no name.
    let has_name = access.has_name() && !case.state.is_purged();
    letters(&[
        ('m', case.sees_memo()),
        ('i', access.has_id()),
        ('n', if of_work { case.sees_work() } else { has_name }),
        ('w', of_work && case.sees_work()),
        ('d', case.what == What::Author && case.sight() > RecordSight::Nothing),
    ])
}

/// A notified person gets a mail if they still see the memo; for a deletion, if they see the
/// record's content. After three days, it is too late.
fn mail(case: Case) -> String {
    let sees = match case.what {
        What::Author => case.sight() == RecordSight::Content,
        // Here, nobody got a mail about work.
        What::Worker => false,
        _ => case.sees_memo(),
    };
    yes(was_told(case) && sees && !case.state.is_purged())
}

fn record(case: Case) -> String {
    match case.sight() {
        RecordSight::Nothing => "-",
        RecordSight::Content if !case.state.is_purged() => "content",
        RecordSight::WithoutContent | RecordSight::Content => "bare",
    }
    .to_owned()
}

/// The items have names as long as the record contains the memo.
fn items(case: Case) -> String {
    match case.sight() {
        RecordSight::Nothing => "-",
        RecordSight::Content if !case.state.is_purged() && case.state != State::Restored => "names",
        RecordSight::WithoutContent | RecordSight::Content => "kinds",
    }
    .to_owned()
}

fn node(case: Case) -> String {
    match (case.sees_memo(), case.remains()) {
        (true, _) => "memo",
        (false, RecordSight::Nothing) => "-",
        (false, _) => "rest",
    }
    .to_owned()
}

fn work(case: Case) -> String {
    if !case.has_work() {
        return ".".to_owned();
    }
    if !case.sees_work() {
        return "-".to_owned();
    }
    match node(case).as_str() {
        "-" => "yes".to_owned(),
        source => source.to_owned(),
    }
}

/// Administrators read logs of sent memos.
fn admins(case: Case) -> bool {
    case.role == UserRole::Admin && !case.state.is_draft()
}

fn heard(case: Case) -> String {
    let heard = case.heard();
    if heard.is_empty() { "-".to_owned() } else { heard }
}

/// A person catches up with the events that they received. Each event shows what the person sees
/// now of the memo and of the record.
fn caught_up(case: Case) -> String {
    let heard = heard(case);
    if heard == "-" {
        return heard;
    }
    let shows = letters(&[
        ('m', case.sees_memo()),
        ('d', heard.contains('D') && case.sight() > RecordSight::Nothing),
    ]);
    format!("{heard} {shows}")
}

fn delete(case: Case) -> String {
    match (case.sees_memo(), case.has_deleted()) {
        (true, _) => "seen",
        (false, true) => "again",
        (false, false) => "-",
    }
    .to_owned()
}

fn restore(case: Case) -> String {
    match (case.sight(), case.may_restore()) {
        (RecordSight::Nothing, _) => "-",
        (_, true) => "may",
        (_, false) => "no",
    }
    .to_owned()
}

/// Only administrators erase in this office.
fn erase(case: Case) -> String {
    let may = case.role == UserRole::Admin && !case.state.is_live() && !case.state.is_purged();
    match (case.sight(), may) {
        (RecordSight::Nothing, _) => "-",
        (_, true) => "may",
        (_, false) => "no",
    }
    .to_owned()
}

/// The memo's text in downloads: `o` in the person's own, `a` in its author's.
fn data(case: Case) -> String {
    let is_kept = !case.state.is_purged();
    let admins = case.role == UserRole::Admin && !case.state.is_draft();
    letters(&[('o', case.is_author() && is_kept), ('a', (case.is_author() || admins) && is_kept)])
}

/// What has the file that the task and the project also have.
fn attached(case: Case) -> String {
    if !case.has_work() {
        return ".".to_owned();
    }
    let (memo, work) = (case.sees_memo(), case.sees_work());
    letters(&[('m', memo), ('t', work), ('p', work)])
}

/// Every door. One of them must cover each field of the schema that can reveal something about a
/// memo.
pub const DOORS: [Door; 34] = [
    Door { name: "node", covers: &["Query.node", "DeletedMemo.deletion"], rule: node },
    Door { name: "nodes", covers: &["Query.nodes"], rule: node },
    Door { name: "memo", covers: &["Query.memo"], rule: |case| yes(case.sees_memo()) },
    Door { name: "boxes", covers: &["Query.memos"], rule: boxes },
    Door {
        name: "with",
        covers: &["Deal.memos", "Tag.memos", "User.memos"],
        rule: |case| yes(case.sees_memo()),
    },
    Door { name: "count", covers: &["Query.memos"], rule: boxes },
    Door {
        name: "search",
        covers: &["Query.memos"],
        rule: |case| {
            letters(&[
                ('n', case.sees_memo()),
                ('c', case.state.is_live() && case.memo().reads_conclusion()),
            ])
        },
    },
    Door {
        name: "conclusion",
        covers: &["Memo.conclusion"],
        rule: |case| yes(case.state.is_live() && case.memo().reads_conclusion()),
    },
    Door { name: "unread", covers: &["Query.unreadMemoCount"], rule: |case| yes(case.sees_memo()) },
    Door {
        name: "preview",
        covers: &[
            "Query.memoDeletionPreview",
            "Memo.deletionPreview",
            "MemoDeletionPreview.memo",
            "MemoDeletionPreview.removed",
            "MemoDeletionPreview.kept",
            "DeletionItem.node",
        ],
        rule: |case| yes(case.sees_memo()),
    },
    Door {
        name: "previews",
        covers: &[
            "Query.memosDeletionPreview",
            "MemosDeletionPreview.memos",
            "MemosDeletionPreview.removed",
            "MemosDeletionPreview.kept",
            "MemosDeletionPreviewItem.memo",
        ],
        rule: |case| yes(case.sees_memo()),
    },
    Door {
        name: "record",
        covers: &["Query.memoDeletions", "Query.memoDeletion", "Query.node"],
        rule: record,
    },
    Door { name: "items", covers: &["MemoDeletion.removed", "MemoDeletion.kept"], rule: items },
    Door {
        name: "refused",
        covers: &["Query.refusedMemoDeletions"],
        rule: |case| yes(admins(case)),
    },
    Door {
        name: "holds",
        covers: &[
            "Query.memoHolds",
            "MemoHold.memo",
            "Mutation.placeMemoHold",
            "Mutation.releaseMemoHold",
            "Mutation.placeMemoHolds",
            "Mutation.releaseMemoHolds",
        ],
        rule: |case| letters(&[('i', admins(case)), ('m', admins(case) && case.sees_memo())]),
    },
    Door {
        name: "told",
        covers: &[
            "Query.notifications",
            "Query.unreadNotificationCount",
            "Subscription.notificationAdded",
            "NotificationAdded.notification",
            "Notification.memo",
            "Notification.task",
            "Notification.project",
            "Notification.deletion",
            "Mutation.markNotificationsRead",
            "Mutation.markAllNotificationsRead",
        ],
        rule: notification,
    },
    Door { name: "mail", covers: &[], rule: mail },
    Door {
        name: "reminder",
        covers: &["Query.reminders", "Reminder.memo", "Memo.viewerReminders"],
        rule: |case| yes(case.sees_memo()),
    },
    Door {
        name: "comment",
        covers: &["Memo.comments", "Comment.memo"],
        rule: |case| yes(case.sees_memo()),
    },
    Door {
        name: "file",
        covers: &["Memo.files", "Query.node"],
        rule: |case| yes(case.sees_file()),
    },
    Door { name: "bytes", covers: &["GET /files/{id}"], rule: |case| yes(case.sees_file()) },
    Door { name: "data", covers: &["GET /personal-data/{id}"], rule: data },
    Door {
        name: "task's",
        covers: &["Task.files", "Project.files", "GET /files/{id}"],
        rule: |case| if case.has_work() { yes(case.sees_kept_file()) } else { ".".to_owned() },
    },
    Door {
        name: "attached",
        covers: &["File.attachments", "FileAttachment.node", "DeletionItem.keptBy"],
        rule: attached,
    },
    Door {
        name: "task",
        covers: &["Query.task", "Query.tasks", "Memo.task", "Task.sourceMemo"],
        rule: work,
    },
    Door {
        name: "project",
        covers: &["Query.project", "Query.projects", "Memo.project", "Project.sourceMemo"],
        rule: work,
    },
    Door { name: "live", covers: &["Subscription.memoEvents"], rule: heard },
    Door {
        name: "caught up",
        covers: &["Subscription.memoEvents", "MemoEvent.memo", "MemoEvent.deletion"],
        rule: caught_up,
    },
    Door { name: "delete", covers: &["Mutation.deleteMemo"], rule: delete },
    Door { name: "deletes", covers: &["Mutation.deleteMemos"], rule: delete },
    Door { name: "as one", covers: &["Mutation.deleteMemos"], rule: delete },
    Door { name: "restore", covers: &["Mutation.restoreMemo"], rule: restore },
    Door {
        name: "erase",
        covers: &[
            "Query.memoErasurePreview",
            "Mutation.eraseMemoDeletion",
            "MemoErasurePreview.deletion",
            "MemoErasurePreview.removed",
            "MemoErasurePreview.kept",
        ],
        rule: erase,
    },
    Door {
        name: "change",
        // Each as `verb_table.rs` tries it. The answer for an invisible memo is the same as for one
        // that never existed.
        covers: &[
            "Mutation.updateMemo",
            "Mutation.sendMemo",
            "Mutation.copyMemo",
            "Mutation.reviewMemo",
            "Mutation.postponeMemo",
            "Mutation.createTaskFromMemo",
            "Mutation.createProjectFromMemo",
            "Mutation.transferFiles",
            "Mutation.attachFiles",
            "Mutation.detachFiles",
            "Mutation.addMemoSubscribers",
            "Mutation.removeMemoSubscribers",
            "Mutation.addMemoTags",
            "Mutation.removeMemoTags",
            "Mutation.addComment",
            "Mutation.updateComment",
            "Mutation.deleteComment",
            "Mutation.createReminder",
            "Mutation.updateReminder",
            "Mutation.dismissReminder",
            "Mutation.deleteReminder",
            "Mutation.markMemosRead",
            "Mutation.markMemosUnread",
        ],
        rule: |case| if case.sees_memo() { "seen".to_owned() } else { "-".to_owned() },
    },
];

/// Root fields that never reveal anything about a memo.
pub const PUBLIC: [(&str, &str); 44] = [
    ("Query.viewer", "the person themselves"),
    ("Query.server", "the same for everybody"),
    ("Query.user", "people are for everybody"),
    ("Query.tags", "the catalogue is for everybody"),
    ("Query.resolutions", "the catalogue is for everybody"),
    ("Query.deals", "the catalogue is for everybody"),
    ("Query.users", "people are for everybody"),
    ("Query.mailPreferences", "the person's own"),
    ("Query.memoReassignmentPreview", "numbers of sent memos, for administrators alone"),
    ("Query.memoReassignments", "numbers of sent memos, for administrators alone"),
    ("Mutation.reassignMemos", "numbers of sent memos, for administrators alone"),
    ("Query.personErasurePreview", "numbers of what is no draft, for administrators alone"),
    ("Query.personErasures", "numbers of what is no draft, for administrators alone"),
    ("Mutation.erasePerson", "numbers of what is no draft, for administrators alone"),
    ("Query.personalData", "the address of a download: the door `data`"),
    ("Mutation.createMemo", "the viewer's own"),
    ("Mutation.createTask", "no memo's"),
    ("Mutation.updateTask", "work has the rule of work: the door `task`"),
    ("Mutation.completeTask", "work has the rule of work: the door `task`"),
    ("Mutation.deleteTask", "work has the rule of work: the door `task`"),
    ("Mutation.createProject", "no memo's"),
    ("Mutation.updateProject", "work has the rule of work: the door `project`"),
    ("Mutation.completeProject", "work has the rule of work: the door `project`"),
    ("Mutation.deleteProject", "work has the rule of work: the door `project`"),
    ("Mutation.createTag", "the catalogue is for everybody"),
    ("Mutation.updateTag", "the catalogue is for everybody"),
    ("Mutation.deleteTag", "the catalogue is for everybody"),
    ("Mutation.createResolution", "the catalogue is for everybody"),
    ("Mutation.updateResolution", "the catalogue is for everybody"),
    ("Mutation.deleteResolution", "the catalogue is for everybody"),
    ("Mutation.createDeal", "the catalogue is for everybody"),
    ("Mutation.updateDeal", "the catalogue is for everybody"),
    ("Mutation.deleteDeal", "the catalogue is for everybody"),
    ("Mutation.createUser", "people are for everybody"),
    ("Mutation.updateUser", "people are for everybody"),
    ("Mutation.deactivateUser", "people are for everybody"),
    ("Mutation.reactivateUser", "people are for everybody"),
    ("Mutation.deleteUser", "people are for everybody"),
    ("Mutation.signIn", "the person's own"),
    ("Mutation.refreshSession", "the person's own"),
    ("Mutation.signOut", "the person's own"),
    ("Mutation.changePassword", "the person's own"),
    ("Mutation.setPassword", "the person's own"),
    ("Mutation.updateMailPreferences", "the person's own"),
];
