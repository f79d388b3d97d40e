//! What each list can be sorted by.

use super::enums::OrderDirection;
use async_graphql::{Enum, InputObject, InputType};
use service::page::{PageRequest, SortBy};

/// The values by which a list can be sorted. The default is the one that clients get who do not
/// choose.
pub trait OrderField: InputType + Copy + Default {
    /// Whether the greatest value comes first by default.
    fn descends(self) -> bool;
}

/// Declares the values by which a list can be sorted, the default first. `desc` and `asc` are their
/// default directions.
macro_rules! order_fields {
    ($(
        $(#[$doc:meta])*
        $name:ident {
            $(#[$first_doc:meta])* $first:ident $first_direction:ident
            $(, $(#[$value_doc:meta])* $value:ident $direction:ident)* $(,)?
        }
    )+) => {$(
        $(#[$doc])*
        #[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub enum $name {
            #[default]
            $(#[$first_doc])* $first,
            $($(#[$value_doc])* $value),*
        }

        impl OrderField for $name {
            fn descends(self) -> bool {
                match self {
                    Self::$first => order_fields!(@ $first_direction),
                    $(Self::$value => order_fields!(@ $direction)),*
                }
            }
        }
    )+};
    (@ desc) => { true };
    (@ asc) => { false };
}

order_fields! {
    /// The values by which a list of comments can be sorted.
    CommentOrderField {
        /// When the comment was written.
        CreatedAt asc,
    }
    /// The values by which a list of deals can be sorted.
    DealOrderField {
        /// When the deal was created.
        CreatedAt desc,
        /// The day by which it should be closed. Deals without one come after all others.
        DueDate asc,
        /// Its name.
        Name asc,
    }
    /// The values by which a list of deletion records can be sorted.
    MemoDeletionOrderField {
        /// When the memo was deleted.
        DeletedAt desc,
    }
    /// The values by which a list of holds can be sorted.
    MemoHoldOrderField {
        /// When the hold was placed.
        PlacedAt desc,
    }
    /// The values by which a list of records of memos that were passed on can be sorted.
    MemoReassignmentOrderField {
        /// When the memos were passed on.
        ReassignedAt desc,
    }
    /// The values by which a list of notifications can be sorted.
    NotificationOrderField {
        /// When the notification was created.
        CreatedAt desc,
    }
    /// The values by which a list of records of erased people can be sorted.
    PersonErasureOrderField {
        /// When the person was erased.
        ErasedAt desc,
    }
    /// The values by which a list of refused attempts to delete a memo can be sorted.
    RefusedMemoDeletionOrderField {
        /// When somebody tried to delete the memo.
        RefusedAt desc,
    }
    /// The values by which a list of reminders can be sorted.
    ReminderOrderField {
        /// When it reminds.
        DueAt asc,
    }
    /// The values by which a list of tags or resolutions can be sorted.
    CatalogueOrderField {
        /// The name.
        Name asc,
        /// When it was created.
        CreatedAt desc,
    }
    /// The values by which a list of people can be sorted.
    UserOrderField {
        /// The full name.
        FullName asc,
        /// When the person was added.
        CreatedAt desc,
    }
    /// The values by which a list of tasks or projects can be sorted.
    WorkOrderField {
        /// When the task or project was created.
        CreatedAt desc,
        /// The day by which it should be done. Those without one come after all others.
        DueDate asc,
        /// Its name.
        Name asc,
    }
}

/// The order of a list. Items with equal values are sorted by age.
#[derive(InputObject, Debug, Clone, Copy)]
#[graphql(concrete(name = "CommentOrder", params(CommentOrderField)))]
#[graphql(concrete(name = "DealOrder", params(DealOrderField)))]
#[graphql(concrete(name = "MemoDeletionOrder", params(MemoDeletionOrderField)))]
#[graphql(concrete(name = "MemoHoldOrder", params(MemoHoldOrderField)))]
#[graphql(concrete(name = "MemoReassignmentOrder", params(MemoReassignmentOrderField)))]
#[graphql(concrete(name = "NotificationOrder", params(NotificationOrderField)))]
#[graphql(concrete(name = "PersonErasureOrder", params(PersonErasureOrderField)))]
#[graphql(concrete(name = "RefusedMemoDeletionOrder", params(RefusedMemoDeletionOrderField)))]
#[graphql(concrete(name = "ReminderOrder", params(ReminderOrderField)))]
#[graphql(concrete(name = "CatalogueOrder", params(CatalogueOrderField)))]
#[graphql(concrete(name = "UserOrder", params(UserOrderField)))]
#[graphql(concrete(name = "WorkOrder", params(WorkOrderField)))]
pub struct ListOrder<F: OrderField> {
    /// The value to sort by.
    pub field: F,
    /// The direction of the order.
    pub direction: OrderDirection,
}

impl<F: OrderField> Default for ListOrder<F> {
    fn default() -> Self {
        let field = F::default();
        let direction = if field.descends() { OrderDirection::Desc } else { OrderDirection::Asc };
        Self { field, direction }
    }
}

impl<F: OrderField> ListOrder<F> {
    /// The page of the list in this order.
    pub fn apply<K>(self, page: PageRequest<K>) -> PageRequest<K> {
        let descending = self.direction == OrderDirection::Desc;
        PageRequest { reversed: descending != self.field.descends(), ..page }
    }
}

impl From<DealOrderField> for SortBy {
    fn from(field: DealOrderField) -> Self {
        match field {
            DealOrderField::CreatedAt => Self::Age,
            DealOrderField::DueDate => Self::DueDate,
            DealOrderField::Name => Self::Name,
        }
    }
}

impl From<CatalogueOrderField> for SortBy {
    fn from(field: CatalogueOrderField) -> Self {
        match field {
            CatalogueOrderField::Name => Self::Name,
            CatalogueOrderField::CreatedAt => Self::Age,
        }
    }
}

impl From<UserOrderField> for SortBy {
    fn from(field: UserOrderField) -> Self {
        match field {
            UserOrderField::FullName => Self::Name,
            UserOrderField::CreatedAt => Self::Age,
        }
    }
}

impl From<WorkOrderField> for SortBy {
    fn from(field: WorkOrderField) -> Self {
        match field {
            WorkOrderField::CreatedAt => Self::Age,
            WorkOrderField::DueDate => Self::DueDate,
            WorkOrderField::Name => Self::Name,
        }
    }
}
