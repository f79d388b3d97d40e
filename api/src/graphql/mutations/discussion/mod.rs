//! Comments and reminders.
