//! Managing tags, resolutions and deals. They are much alike: what several of them take and answer is written once, as a macro, and their resolvers below.

mod create_deal;
mod create_named;
mod delete_entry;
mod rename;
mod update_deal;

use super::answer::{Refused, Word};
use async_graphql::MergedObject;
use service::catalogue::CatalogueRefusal;

/// Tags, resolutions and deals.
#[derive(MergedObject, Default)]
pub struct CatalogueMutation(
    create_named::CreateNamed,
    rename::Rename,
    create_deal::CreateDeal,
    update_deal::UpdateDeal,
    delete_entry::DeleteEntry,
);

/// The service's refusal of something with a `tag`, a `resolution` or a `deal`.
fn refused(word: &str, refusal: CatalogueRefusal) -> Refused {
    let of_entry = format!("{word}Id");
    match refusal {
        CatalogueRefusal::NotFound => Refused::at(
            &of_entry,
            Word::NotFound,
            format!("There is no {word} with this id. Check the id, or whether somebody has deleted it."),
        ),
        CatalogueRefusal::NameTaken(name) => Refused::at(
            "name",
            Word::NameTaken,
            format!("There is a {word} {name:?} already. Use that one, or give another name."),
        ),
        CatalogueRefusal::InUse(memos) => {
            let use_it = if memos == 1 { "memo uses" } else { "memos use" };
            let message =
                format!("{memos} {use_it} this {word}. Remove it from them first, or rename it instead.");
            Refused::at(&of_entry, Word::InUse, message)
        }
    }
}
