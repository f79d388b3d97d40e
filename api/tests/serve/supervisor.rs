//! The notifications of a supervisor, and the output of `memoranda health`.

use crate::{program::Folder, server::Server};
use std::os::unix::net::UnixDatagram;

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_is_told_and_health_is_as_the_server_is() {
    // The server makes its database.
    let folder = Folder::new();
    let socket = UnixDatagram::bind(folder.0.join("supervisor")).unwrap();
    let notified = || {
        let mut text = [0; 64];
        let length = socket.recv(&mut text).unwrap();
        String::from_utf8(text[..length].to_vec()).unwrap()
    };
    let path = folder.0.join("supervisor");
    let settings = [("NOTIFY_SOCKET", path.to_str().unwrap()), ("MEMORANDA_DRAIN_SECONDS", "600")];
    let server = Server::start(&folder, &settings).await;
    assert_eq!(notified().trim(), "READY=1");
    let listen = server.address.trim_start_matches("http://").to_owned();
    let health = || folder.run(&["health", "--listen", &listen], &[]);
    let well = health();
    assert!(well.status.success());
    assert_eq!(String::from_utf8(well.stdout).unwrap(), "ready\n");
    let everywhere = format!("0.0.0.0:{}", listen.rsplit_once(':').unwrap().1);
    assert!(folder.run(&["health", "--listen", &everywhere], &[]).status.success());

    server.signal();
    assert_eq!(notified().trim(), "STOPPING=1");
    let stopping = loop {
        let output = health();
        if !output.status.success() {
            break output;
        }
    };
    assert_eq!(stopping.status.code(), Some(1));
    assert!(String::from_utf8(stopping.stderr).unwrap().contains("about to stop"));
    // The second signal ends the draining.
    let log = server.stop().await;
    assert!(log.iter().any(|line| line.contains("draining ends early")), "{log:#?}");
    let gone = health();
    assert_eq!(gone.status.code(), Some(1));
    let text = String::from_utf8(gone.stderr).unwrap();
    assert!(text.contains("does not answer") && text.contains("memoranda doctor"), "{text}");
}
