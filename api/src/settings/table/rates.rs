//! How many requests people and addresses may send.

use crate::settings::{
    declare::settings,
    setting::{Setting, number},
};

/// A number per minute; 0 means no limit.
const fn per_minute(default: u64) -> Setting<u32> {
    number(0, 1_000_000).zero("no limit").default(default)
}

settings! {
    /// Limits per minute; 0 for no limit. The defaults of the settings allow more than people and
    /// their programs need, and prevent harm.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub struct RateLimits {
        in Rates {
            /// Maximum number of operations of a person per minute; 0 for no limit.
            operations_per_person: u32 = PERSON_RATE("operations-per-minute", per_minute(1_200));
            /// Maximum number of mutations of a person per minute; 0 for no limit. They also count
            /// as operations.
            mutations_per_person: u32 = MUTATION_RATE("mutations-per-minute", per_minute(300));
            /// Maximum number of operations from an address per minute, by all people together; 0
            /// for no limit.
            operations_per_address: u32 = ADDRESS_RATE(
                "address-operations-per-minute",
                per_minute(6_000)
            );
            /// Maximum number of attempts to sign in from an address per minute; 0 for no limit.
            sign_ins_per_address: u32 = SIGN_IN_RATE("sign-ins-per-minute", per_minute(30));
        }
    }
}
