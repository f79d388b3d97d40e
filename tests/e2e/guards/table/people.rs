use super::Guarded;

pub const GUARDED: &[Guarded] = &[];
