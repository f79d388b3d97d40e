//! The messages of refusals, for people. Each says why, and what to do instead.

use super::{enums::MemoField, id::element};
use chrono::{DateTime, TimeDelta, Utc};
use entity::MemoStage;
use service::{
    attachments::MAX_FILES,
    discussion::MAX_REMINDERS,
    memo_deletion::erasure::policy::BlockerCode as ErasureBlocker,
    memos::{FieldPath, Reference, policy::Denial},
    people::{PersonProblem, Taken, policy::RevokeDenial},
    person_erasure::policy::{Blocker, BlockerCode as PersonErasureBlocker},
    text::TextProblem,
};

/// The memo does not exist for the viewer, whatever the cause.
pub const NO_SUCH_MEMO: &str = "There is no memo with this id that you can see. Check the id, or \
    whether somebody has deleted it.";

/// Only the author can do this.
pub const NOT_THE_AUTHOR: &str = "Only the memo's author can do this. Ask them.";

/// A person does not exist.
pub const NO_SUCH_PERSON: &str = "There is no person with this id. Check the id.";

/// A tag does not exist.
pub const NO_SUCH_TAG: &str = "There is no tag with this id. Check the id.";

/// A memo cannot be sent to an inactive person.
pub const INACTIVE_PERSON: &str =
    "This person does not work here any more. Choose somebody else, for a draft with `updateMemo`.";

/// A field cannot be cleared.
pub const REQUIRED: &str = "This cannot be null. Leave it out to keep it as it is.";

/// The recipient of a sent memo cannot change.
pub const RECIPIENT_STAYS: &str = "This memo has been sent, so its recipient cannot change. Copy \
    it with `copyMemo` and send the copy.";

/// A hold protects the conclusion.
pub const CONCLUSION_ON_HOLD: &str = "This memo is on hold: its conclusion stays as it is until an \
    administrator releases it. Review it without a conclusion.";

/// A day that must be today or later has passed.
pub const PAST_DAY: &str = "That day has passed. Give today's date or a later one.";

/// The memo has changed since the person read it.
pub fn version_conflict(version: i64) -> String {
    format!(
        "Somebody has changed this memo: it is version {version} now. Look at `memo`, and try \
         again with its version."
    )
}

/// The input path of a part of a memo.
pub fn path(place: FieldPath) -> String {
    match place {
        FieldPath::Field(field) => MemoField::from(field).input_field().to_owned(),
        FieldPath::Subscriber(n) => element("subscriberIds", n),
        FieldPath::Tag(n) => element("tagIds", n),
        FieldPath::File(n) => element("fileIds", n),
    }
}

/// A part of a memo refers to something that does not exist for the viewer.
pub fn not_found(reference: Reference) -> &'static str {
    match reference {
        Reference::Person => NO_SUCH_PERSON,
        Reference::Tag => NO_SUCH_TAG,
        Reference::Deal => "There is no deal with this id. Check the id.",
        Reference::Resolution => "There is no resolution with this id. Check the id.",
        Reference::File => {
            "There is no file with this id that you can see. Check the id, or upload it again."
        }
    }
}

/// A text of a memo is invalid.
pub fn text(place: FieldPath, problem: TextProblem) -> String {
    format!("The {} {problem}.", path(place))
}

/// The memo, task or project of the files does not exist for the viewer.
pub const NO_SUCH_TARGET: &str = "There is no memo, task or project with this id that you can see. \
    Check the id, or whether somebody has deleted it.";

/// The viewer is not responsible for the task or the project.
pub const NOT_RESPONSIBLE_FOR_TARGET: &str =
    "Only those responsible for it can do this. Ask one of them.";

/// An upload does not exist, or is somebody else's.
pub const NO_SUCH_UPLOAD: &str = "One of these files does not exist, or you did not upload it. \
    Upload it again. For a file of a memo, use `transferFiles`.";

/// There would be too many files.
pub fn too_many_files() -> String {
    format!("At most {MAX_FILES} files can be attached. Detach some first with `detachFiles`.")
}

/// A `task` or a `project` does not exist for the viewer.
pub fn no_such_work(work: &str) -> String {
    format!(
        "There is no {work} with this id that you can see. Check the id, or whether somebody has \
         deleted it."
    )
}

/// The viewer is not responsible for a `task` or a `project`.
pub fn not_responsible(work: &str) -> String {
    format!("Only those responsible for this {work} can do this. Ask one of them.")
}

/// A memo already has a `task` or a `project`. `name` is its name, if the viewer can see it.
pub fn already_has(work: &str, name: Option<&str>) -> String {
    match name {
        Some(name) => format!("This memo has a {work} already: {name:?}. Work with that one."),
        None => format!(
            "This memo has a {work} already, which you cannot see. Ask company management who has \
             it."
        ),
    }
}

/// A person of a new or changed task or project does not exist.
pub const NOBODY_WITH_ONE_OF_THESE_IDS: &str = "There is nobody with one of these ids. Check them.";

/// A person of a new or changed task or project is inactive.
pub fn inactive(name: &str) -> String {
    format!("{name} is not active any more. Choose somebody else.")
}

/// A task or a project needs a responsible person.
pub const NOBODY_RESPONSIBLE: &str = "Somebody must be responsible. Give at least one id.";

/// The task or project would get the name of a memo that some of its people cannot see.
pub const NAME_OF_UNSEEN_MEMO: &str =
    "One of these people cannot see the memo, so its name cannot be used. Give a name.";

/// A file is not attached to the memo.
pub const NOT_A_FILE_OF_THE_MEMO: &str =
    "One of these files is not attached to the memo. Give ids of the memo's files.";

/// A hold protects the conclusion of a memo from which a task or a project is created.
pub const LATE_CONCLUSION_ON_HOLD: &str = "This memo is on hold: its conclusion stays as it is \
    until an administrator releases it. Leave out the conclusion.";

/// A memo is either reviewed or postponed.
pub const REVIEWED_HAS_NO_DAY: &str =
    "A memo that is reviewed is not looked at again. Leave out either reviewDate or reviewMemo.";

/// A conclusion needs a review.
pub const CONCLUSION_BELONGS_TO_REVIEW: &str =
    "The conclusion belongs to a review. Set reviewMemo as well.";

/// Only author and recipient can transfer a memo's files.
pub const PARTICIPANTS_TRANSFER: &str =
    "Only the memo's author and recipient can do this. Ask one of them.";

/// Files are transferred to either a task or a project.
pub const EITHER_TASK_OR_PROJECT: &str =
    "Give either taskId or projectId: the files go to one of them.";

/// A field cannot be cleared.
pub fn cannot_be_null(field: &str) -> String {
    format!("{field} cannot be null. Leave it out, and it stays as it is.")
}

/// A deletion has warnings and needs a confirmation.
pub const CONFIRMATION_REQUIRED: &str = "Something speaks against deleting this memo. Read the \
    warnings of the preview; to delete it all the same, send its confirmationToken.";

/// A deletion has warnings, and the request names only the memo's version.
pub const VERSION_CONFIRMS_NO_WARNING: &str = "Something speaks against deleting this memo, and a \
    version does not confirm it. Read the warnings of the preview; to delete the memo all the \
    same, send its confirmationToken instead of expectedVersion.";

/// A deletion names the memo's version and a preview.
pub const EITHER_TOKEN_OR_VERSION: &str = "Give either confirmationToken or expectedVersion: only \
    one of them can decide.";

/// The memo has changed since the person who wants to delete it read it.
pub fn deletion_version_conflict(version: i64) -> String {
    format!(
        "This memo has changed: it is version {version} now, so nothing was deleted. Read the \
         fresh preview; to delete the memo all the same, send its confirmationToken, or the \
         version of its memo."
    )
}

/// Something has changed since the preview of a deletion.
pub const CONFIRMATION_STALE: &str = "Something has changed since the preview, so nothing was \
    deleted. Read the fresh preview; to delete the memo all the same, send its confirmationToken.";

/// There are warnings about the deletion of several memos.
pub const SELECTION_CONFIRMATION_REQUIRED: &str = "Something speaks against deleting these memos. \
    Read the warnings of the preview; to delete them all the same, send its confirmationToken.";

/// Something has changed since the preview of the deletion of several memos.
pub const SELECTION_CONFIRMATION_STALE: &str = "Something has changed since the preview, so \
    nothing was deleted. Read the fresh preview; to delete the memos all the same, send its \
    confirmationToken.";

/// Memos of a selection have tokens of their own.
pub const ONE_TOKEN_FOR_ALL: &str = "Either each memo has its own token or version, or one \
    token of `memosDeletionPreview` confirms all of them. `atomic` needs the latter: send it as \
    the input's `confirmationToken`.";

/// The number of memos is not allowed.
pub fn number_of_memos(given: usize, most: usize) -> String {
    format!("{given} memos were given: give 1 to {most}.")
}

/// A deletion record does not exist for the viewer.
pub const NO_SUCH_DELETION: &str =
    "There is no deletion with this id that you can see. Look it up in memoDeletions.";

/// Only other people can restore the memo.
pub const RESTORE_NOT_ALLOWED: &str = "Only the person who deleted this memo can restore it, and \
    its author if the recipient deleted it. Ask one of them, or an administrator if they do not \
    work here any more.";

/// Somebody else has restored the memo.
pub const ALREADY_RESTORED: &str =
    "Somebody has restored this memo already. Read it under its own id.";

/// Somebody has erased the content of a deleted memo.
pub const ERASED: &str = "Somebody has erased this memo, so it cannot be restored. The record says \
    who and why.";

/// Why a deleted memo cannot be erased.
pub fn erasure_blocker(blocker: ErasureBlocker) -> &'static str {
    match blocker {
        ErasureBlocker::NotAllowed => "You may not erase this memo. Ask an administrator.",
        ErasureBlocker::AlreadyRestored => {
            "This memo was restored, so there is nothing to erase. Delete it first."
        }
        ErasureBlocker::AlreadyErased => {
            "The content of this memo is erased already. Nothing is left to do."
        }
        ErasureBlocker::OnHold => {
            "This memo is on hold: nobody can erase it until an administrator releases it."
        }
    }
}

/// An administrator must say why a memo is erased.
pub const ERASURE_REASON_REQUIRED: &str = "Say why this memo is erased. The reason stays with the \
    record, where its author and recipient can read it.";

/// An erasure needs a confirmation.
pub const ERASURE_UNCONFIRMED: &str = "An erasure cannot be undone. Read the preview, and send its \
    confirmationToken.";

/// Something has changed since the preview of an erasure.
pub const ERASURE_STALE: &str = "Something has changed since the preview, so nothing was erased. \
    Read the fresh preview, and send its confirmationToken.";

/// Why a person cannot be erased.
pub fn person_erasure_blocker(blocker: &Blocker) -> String {
    let count = blocker.count.unwrap_or_default();
    let many = |one: &str, more: &str| {
        if count == 1 { format!("1 {one}") } else { format!("{count} {more}") }
    };
    match blocker.code {
        PersonErasureBlocker::AlreadyErased => {
            "This person is erased already. Nothing is left to do.".to_owned()
        }
        PersonErasureBlocker::Oneself => revoke_denial(RevokeDenial::Oneself).to_owned(),
        PersonErasureBlocker::LastAdmin => revoke_denial(RevokeDenial::LastAdmin).to_owned(),
        PersonErasureBlocker::OnHold => format!(
            "The person has a part in {} on hold. Release the holds first.",
            many("memo", "memos")
        ),
        PersonErasureBlocker::OpenMemos => format!(
            "{} for this person as the recipient. Deactivate the person with `deactivateUser`, and \
             pass the memos on with `reassignMemos`.",
            many("memo waits", "memos wait")
        ),
        PersonErasureBlocker::OpenWork => format!(
            "Nobody else who is active is responsible for {}. Deactivate the person with \
             `deactivateUser`, and pass it on with `reassignMemos`.",
            many("open task or project", "open tasks and projects")
        ),
    }
}

/// An administrator must say why a person is erased.
pub const PERSON_ERASURE_REASON_REQUIRED: &str =
    "Say why this person is erased, without naming them. The reason stays with the record.";

/// An erased person does not come back.
pub const PERSON_ERASED: &str =
    "This person is erased and does not come back. Add a new person with `createUser`.";

/// The content of a deleted memo is erased.
pub const NO_LONGER_RESTORABLE: &str =
    "The time for restoring this memo is over: its content is gone. Write a new one.";

/// There is no sent memo with this id.
pub const NO_SENT_MEMO: &str = "There is no sent memo with this id. Check the id.";

/// A matter can hold a memo only once.
pub const ALREADY_ON_HOLD: &str = "This memo is on hold for this matter already. Release that hold \
    first to place another, or name another matter.";

/// There is no hold with this id.
pub const NO_SUCH_HOLD: &str = "There is no hold with this id. Look it up in memoHolds.";

/// The matter does not hold the memo.
pub const NOT_HELD: &str =
    "There is no hold on this memo for this matter. Look it up in memoHolds.";

/// One of two people does not exist.
pub const NO_SUCH_PEOPLE: &str = "There is no person with one of these ids. Check them.";

/// Passing memos on needs a confirmation.
pub const REASSIGNMENT_UNCONFIRMED: &str =
    "Check the numbers of the preview, and send its confirmationToken.";

/// Something has changed since the preview of passing memos on.
pub const REASSIGNMENT_STALE: &str = "Something has changed since the preview, so nothing was \
    passed on. Read the fresh preview, and send its confirmationToken.";

/// A comment does not exist for the viewer.
pub const NO_SUCH_COMMENT: &str = "There is no comment with this id that you can see. Check the \
    id, or whether somebody has deleted it.";

/// Somebody else has written the comment.
pub const NOT_YOUR_COMMENT: &str =
    "Somebody else has written this comment. Ask them, or answer with a comment of your own.";

/// A reminder does not exist for the viewer.
pub const NO_SUCH_REMINDER: &str =
    "You have no reminder with this id. Check the id, or whether somebody has deleted its memo.";

/// A time that must be in the future has passed.
pub const PAST_MOMENT: &str = "That time has passed. Give a time in the future.";

/// The viewer already has the maximum number of reminders of a memo.
pub fn too_many_reminders() -> String {
    format!(
        "You have {MAX_REMINDERS} reminders of this memo already. Dismiss one of them first, or \
         change it."
    )
}

/// Why the rules of memos deny something.
pub fn denial(denial: impl Into<Denial>) -> String {
    match denial.into() {
        Denial::NotTheAuthor => NOT_THE_AUTHOR.to_owned(),
        Denial::NotTheRecipient => "Only the memo's recipient can do this. Ask them.".to_owned(),
        Denial::NotAParticipant => {
            "Only the memo's author or recipient can do this. Ask one of them.".to_owned()
        }
        Denial::NotInTheDiscussion => {
            "Only author, recipient and subscribers take part in a memo's discussion. Ask one of \
             the first two to add you as a subscriber."
                .to_owned()
        }
        Denial::Draft => "This memo is a draft. Send it first.".to_owned(),
        Denial::AlreadySent => {
            "This memo has been sent already. Copy it with `copyMemo` and send the copy.".to_owned()
        }
        Denial::RecipientHasActed(act) => {
            format!(
                "{}, so its author can no longer do this. Ask the recipient, or an \
                administrator if they are not active any more.",
                what_the_recipient_did(act)
            )
        }
        Denial::OnHold => {
            "This memo is on hold. This cannot change until an administrator releases the hold."
                .to_owned()
        }
    }
}

/// How the recipient first acted on a memo, and when, as the beginning of a sentence.
pub fn what_the_recipient_did(act: Option<(MemoStage, DateTime<Utc>)>) -> String {
    match act {
        Some((stage, at)) => format!(
            "The recipient {} this memo on {}",
            if stage == MemoStage::Reviewed { "reviewed" } else { "postponed" },
            at.format("%-d %B %Y at %H:%M UTC")
        ),
        None => "The recipient has acted on this memo".to_owned(),
    }
}

// People, accounts, the catalogue and notifications.

/// Something refers to the person to delete.
pub const HAS_HISTORY: &str = "Memos, work or records refer to this person, and they stay. \
    Deactivate the person instead with `deactivateUser`.";

/// Why a person must stay an active administrator.
pub fn revoke_denial(denial: RevokeDenial) -> &'static str {
    match denial {
        RevokeDenial::Oneself => {
            "Administrators cannot do this to their own account. Ask another administrator."
        }
        RevokeDenial::LastAdmin => {
            "This is the last active administrator. Make somebody else an administrator first."
        }
    }
}

/// What is wrong with a person's names or address.
pub fn person_problem(problem: &PersonProblem) -> String {
    match problem {
        PersonProblem::Username(_) => {
            "This is not a username. Give 1–64 letters a–z, digits, dots, hyphens or underscores."
                .to_owned()
        }
        PersonProblem::FullName(problem) => format!("The full name {problem}."),
        PersonProblem::Email(_) => {
            "This is not an email address. Give one such as name@example.org.".to_owned()
        }
    }
}

/// Somebody else has the name or the address.
pub fn taken(which: &Taken) -> &'static str {
    match which {
        Taken::Username(_) => "Somebody has this username. Choose another.",
        Taken::Email(_) => "This address belongs to somebody else. Give another.",
    }
}

/// The server does not use passwords of its own.
pub const LOCAL_ACCOUNTS_OFF: &str =
    "Nobody signs in with a password here. Sign in with your organization's provider.";

/// The client wants a cookie, and the response cannot set one.
pub const NO_COOKIE: &str =
    "The response cannot set a cookie. Give true, or send this by POST and accept JSON.";

/// The username or the password is wrong, or the person is inactive.
pub const INVALID_CREDENTIALS: &str = "Username or password is wrong, or the account is inactive. \
    Check both; an administrator can set a new password.";

/// The session has ended.
pub const SESSION_ENDED: &str = "The session has ended. Sign in again.";

/// The current password is wrong.
pub const WRONG_PASSWORD: &str = "This is not your password. \
    Check it; an administrator can set a new one.";

/// Too many passwords are being hashed.
pub const TOO_MANY_SIGN_IN: &str =
    "Too many people are signing in at the moment. Try again in a few seconds.";

/// An address has made too many tries and has to wait this long.
pub fn too_many_tries(wait: TimeDelta) -> String {
    let seconds = wait.num_milliseconds().max(1).cast_unsigned().div_ceil(1000);
    format!("There were too many tries from your address. Try again in {seconds} seconds.")
}

/// There is no tag, resolution or deal with this id.
pub fn no_such_entry(word: &str) -> String {
    format!("There is no {word} with this id. Check the id, or whether somebody has deleted it.")
}

/// Another tag or resolution has the name, in this spelling.
pub fn name_taken(word: &str, name: &str) -> String {
    format!("There is a {word} {name:?} already. Use that one, or give another name.")
}

/// This many memos use a tag, a resolution or a deal.
pub fn entry_in_use(word: &str, memos: u64) -> String {
    let use_it = if memos == 1 { "memo uses" } else { "memos use" };
    format!("{memos} {use_it} this {word}. Remove it from them first, or rename it instead.")
}

/// The viewer has no such notification.
pub const NO_SUCH_NOTIFICATION: &str = "You have no notification with this id. Check the id.";

/// The idempotency key was used for another request.
pub const IDEMPOTENCY_MISMATCH: &str = "You have used this idempotency key for another request in \
    the last 24 hours. Nothing was created. To repeat that request, send the same input again; for \
    a new request, use a new key.";

/// A repetition after what the first request created is gone.
pub const IDEMPOTENCY_GONE: &str = "This request was done earlier, but what it created does not \
    exist any more, or you cannot see it any more. Nothing was created again. To create it again, \
    use a new key.";

/// The header of the request has another idempotency key than the input.
pub fn two_idempotency_keys(key: &str, header: &str) -> String {
    format!(
        "The input has the key {key:?}, but the header Idempotency-Key has {header:?}. Give one of \
         them, or the same key in both."
    )
}
