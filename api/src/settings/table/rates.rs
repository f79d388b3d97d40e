//! How often people and addresses may ask.

use crate::settings::{
    declare::settings,
    setting::{Setting, number},
};

/// How many are allowed in a minute.
const fn per_minute(default: u64) -> Setting<u32> {
    number(0, 1_000_000).zero("any number").default(default)
}

settings! {
    /// How much is allowed in a minute; 0 for any number. The defaults of the settings are more
    /// than people and their programs need, and less than does harm.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub struct RateLimits {
        in Rates {
            /// Most operations of a person in a minute; 0 for any number.
            operations_per_person: u32 = PERSON_RATE("operations-per-minute", per_minute(1_200));
            /// Most mutations of a person in a minute; 0 for any number. They count as operations
            /// as well.
            mutations_per_person: u32 = MUTATION_RATE("mutations-per-minute", per_minute(300));
            /// Most operations from an address in a minute, whoever sends them; 0 for any number.
            operations_per_address: u32 = ADDRESS_RATE(
                "address-operations-per-minute",
                per_minute(6_000)
            );
            /// Most attempts to sign in from an address in a minute; 0 for any number.
            sign_ins_per_address: u32 = SIGN_IN_RATE("sign-ins-per-minute", per_minute(30));
        }
    }
}
