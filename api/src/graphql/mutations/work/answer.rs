//! How the mutations of work answer: refusals of the service in the words of each mutation.

use crate::graphql::{error::ApiError, payload::NO_SUCH_MEMO};
use entity::WorkPart;
use service::{memos::policy::Objection, work::Refusal};

/// What a refusal says; each mutation has codes for those that can occur.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// A memo, work, person or file does not exist for the viewer.
    NotFound,
    /// Only the memo's recipient does this.
    NotTheRecipient,
    /// Only the memo's author and recipient do this.
    NotAParticipant,
    /// The memo has not been sent.
    Draft,
    /// The memo has such work already.
    AlreadyHas,
    /// Only those responsible for the work do this.
    NotResponsible,
    /// The input is not acceptable.
    InvalidInput,
}

/// A refusal, not yet in the words of a mutation.
#[derive(Debug, Clone)]
pub struct Refused {
    /// What it says.
    pub word: Word,
    /// The input's field that it is about.
    pub field: Option<String>,
    /// The refusal, and what to do instead, in words for a person.
    pub message: String,
}

impl Refused {
    /// A refusal of the input's field.
    pub fn at(field: &str, word: Word, message: impl Into<String>) -> Self {
        Self { word, field: Some(field.to_owned()), message: message.into() }
    }

    /// The field's input is not acceptable.
    pub fn input(field: &str, message: impl Into<String>) -> Self {
        Self::at(field, Word::InvalidInput, message)
    }
}

/// Why a mutation ends before its end: a refusal goes into the payload, anything else becomes a top-level error.
#[derive(Debug)]
pub enum Stop {
    /// A refusal.
    Refused(Refused),
    /// Malformed ids, faults.
    Failed(ApiError),
}

impl From<Refused> for Stop {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl From<ApiError> for Stop {
    fn from(error: ApiError) -> Self {
        Self::Failed(error)
    }
}

impl From<service::Error> for Stop {
    fn from(error: service::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// The service's refusal of something with a `task` or a `project`.
pub fn refused(work: &str, refusal: Refusal) -> Stop {
    let of_work = format!("{work}Id");
    let refused = match refusal {
        Refusal::NoSuchMemo => Refused::at("memoId", Word::NotFound, NO_SUCH_MEMO),
        Refusal::Memo(objection) => return of_memo(objection),
        Refusal::NoSuchWork => Refused::at(
            &of_work,
            Word::NotFound,
            format!(
                "There is no {work} with this id that you can see. Check the id, or whether somebody has deleted it."
            ),
        ),
        Refusal::NotResponsible => Refused::at(
            &of_work,
            Word::NotResponsible,
            format!("Only those responsible for this {work} can do this. Ask one of them."),
        ),
        Refusal::AlreadyHas(Some(name)) => Refused::at(
            "memoId",
            Word::AlreadyHas,
            format!("This memo has a {work} already: {name:?}. Work with that one."),
        ),
        Refusal::AlreadyHas(None) => Refused::at(
            "memoId",
            Word::AlreadyHas,
            format!(
                "This memo has a {work} already, which you cannot see. Ask company management who has it."
            ),
        ),
        Refusal::NoSuchPerson(part) => {
            Refused::at(field_of(part), Word::NotFound, "There is nobody with one of these ids. Check them.")
        }
        Refusal::Inactive(part, name) => Refused::at(
            field_of(part),
            Word::NotFound,
            format!("{name} is not active any more. Choose somebody else."),
        ),
        Refusal::NobodyResponsible => Refused::input(
            field_of(WorkPart::Responsible),
            "Somebody must be responsible. Give at least one id.",
        ),
        Refusal::NoSuchFile => Refused::at(
            "fileIds",
            Word::NotFound,
            "One of these files is not attached to the memo. Give ids of the memo's files.",
        ),
        Refusal::PastDate => {
            Refused::input("reviewDate", "That day has passed. Give today's date or a later one.")
        }
    };
    refused.into()
}

fn of_memo(objection: Objection) -> Stop {
    let (word, message) = match objection {
        Objection::NotTheRecipient => {
            (Word::NotTheRecipient, "Only the memo's recipient can do this. Ask them.")
        }
        Objection::NotAParticipant => {
            (Word::NotAParticipant, "Only the memo's author and recipient can do this. Ask one of them.")
        }
        Objection::Draft => (Word::Draft, "This memo is a draft. Send it first."),
        other => return service::Error::Inconsistent(format!("{} of a verb of work", other.word())).into(),
    };
    Refused::at("memoId", word, message).into()
}

fn field_of(part: WorkPart) -> &'static str {
    match part {
        WorkPart::Responsible => "responsibleIds",
        WorkPart::Subscriber => "subscriberIds",
    }
}

/// Refusals and payload of a mutation: its codes, each with the [`Word`] that it stands for, and what the payload tells if it was done.
macro_rules! answer {
    (
        $(#[$error_doc:meta])* $error:ident,
        $(#[$code_doc:meta])* $code:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:ident),+ $(,)? }
        $payload:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty),+ $(,)? }
    ) => {
        crate::graphql::payload::user_error! {
            $(#[$error_doc])* $error,
            $(#[$code_doc])* $code { $($(#[$variant_doc])* $variant),+ }
        }

        impl $error {
            fn new(refused: crate::graphql::mutations::work::answer::Refused) -> crate::graphql::error::ApiResult<Self> {
                use crate::graphql::mutations::work::answer::Word;
                let code = match refused.word {
                    $(Word::$word => $code::$variant,)+
                    other => {
                        let fault = format!("{} does not refuse as {other:?}", stringify!($payload));
                        return Err(service::Error::Inconsistent(fault).into());
                    }
                };
                Ok(match refused.field {
                    Some(field) => Self::at(&field, code, refused.message),
                    None => Self { code, field: None, message: refused.message },
                })
            }
        }

        /// What came of it.
        #[derive(async_graphql::SimpleObject, Default)]
        pub struct $payload {
            $($(#[$field_doc])* $field: $type,)+
            /// Why nothing was done; empty if it was.
            user_errors: Vec<$error>,
            /// What the client sent.
            client_mutation_id: Option<String>,
        }

        impl $payload {
            fn of(
                result: Result<Self, crate::graphql::mutations::work::answer::Stop>,
                client_mutation_id: Option<String>,
            ) -> crate::graphql::error::ApiResult<Self> {
                use crate::graphql::mutations::work::answer::Stop;
                match result {
                    Ok(payload) => Ok(Self { client_mutation_id, ..payload }),
                    Err(Stop::Refused(refused)) => {
                        let user_errors = vec![$error::new(refused)?];
                        Ok(Self { user_errors, client_mutation_id, ..Self::default() })
                    }
                    Err(Stop::Failed(error)) => Err(error),
                }
            }
        }
    };
}
pub(crate) use answer;
