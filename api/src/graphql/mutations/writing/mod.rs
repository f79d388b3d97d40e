//! Writing, sending and changing memos, and who reads them.
