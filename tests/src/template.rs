//! Migrated databases without rows, of which tests get copies: migrations take longer than most
//! tests.

use crate::database::{TestDatabase, new_name, on_server, open};
use std::{
    fs,
    sync::{Arc, Weak},
};
use tokio::sync::{Mutex, OnceCell};

/// A database on PostgreSQL. It is dropped with the last test that has a copy.
#[derive(Debug)]
pub(crate) struct Template {
    server: String,
    name: String,
}

/// The template of this process, while tests have copies of it.
static CURRENT: Mutex<Weak<Template>> = Mutex::const_new(Weak::new());

impl Template {
    /// The template on that server.
    pub(crate) async fn on(server: &str) -> Arc<Self> {
        let mut current = CURRENT.lock().await;
        if let Some(template) = current.upgrade() {
            return template;
        }
        let name = new_name("memoranda_template");
        on_server(server, &format!("CREATE DATABASE {name}")).await;
        let template = Arc::new(Self { server: server.to_owned(), name });
        let (place, _) = server.rsplit_once('/').expect("an address with a database");
        let database = open(&format!("{place}/{}", template.name)).await;
        database.migrate().await.expect("migrated");
        database.close().await.expect("closed");
        *current = Arc::downgrade(&template);
        template
    }

    /// Creates a database with this name.
    pub(crate) async fn copy_to(&self, name: &str) {
        let copy = format!("CREATE DATABASE {name} TEMPLATE {}", self.name);
        on_server(&self.server, &copy).await;
    }

    /// Drops it if this was the last test.
    pub(crate) async fn leave(template: Arc<Self>) {
        let _nobody_comes = CURRENT.lock().await;
        if let Some(template) = Arc::into_inner(template) {
            on_server(&template.server, &format!("DROP DATABASE {}", template.name)).await;
        }
    }
}

/// The bytes of a file of SQLite.
pub(crate) async fn sqlite_file() -> &'static [u8] {
    static BYTES: OnceCell<Vec<u8>> = OnceCell::const_new();
    let bytes = BYTES.get_or_init(async || {
        let template = TestDatabase::create_on_sqlite().await;
        let database = template.connect().await;
        database.migrate().await.expect("migrated");
        database.close().await.expect("closed");
        let bytes = fs::read(template.folder.join("test.db")).expect("the database");
        template.drop().await;
        bytes
    });
    bytes.await
}
