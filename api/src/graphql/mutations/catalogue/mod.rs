//! Managing tags, resolutions and deals.
