//! The program itself, in a folder of its own.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
    sync::atomic::{AtomicU32, Ordering},
};

/// The secret that the tests' set-ups sign with.
pub const SECRET: &str = "a secret for tests alone, long enough for HS256";

/// A folder of its own, gone with the test.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "memoranda_program_{}_{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let folder = std::env::temp_dir().join(name);
        fs::create_dir(&folder).unwrap();
        Self(folder)
    }

    /// The program in the folder, with nothing of the surroundings.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_memoranda"));
        command.current_dir(&self.0).args(arguments).env_clear();
        // A free port, unless the test says otherwise.
        command.env("MEMORANDA_LISTEN", "127.0.0.1:0").env("MEMORANDA_JWT_SECRET", SECRET);
        command
    }

    /// Runs the program in the folder with these settings.
    pub fn run(&self, arguments: &[&str], settings: &[(&str, &str)]) -> Output {
        self.command(arguments).envs(settings.iter().copied()).output().unwrap()
    }

    /// A folder with a good installation.
    pub fn healthy() -> Self {
        let folder = Self::new();
        assert!(folder.run(&["migrate"], &[]).status.success());
        let admin = [
            "user",
            "add",
            "ada",
            "--full-name",
            "Ada",
            "--email",
            "ada@example.org",
            "--role",
            "admin",
        ];
        assert!(folder.run(&admin, &[]).status.success());
        folder
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
