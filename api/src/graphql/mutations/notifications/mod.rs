//! What people are told, and what of it they get by mail.
