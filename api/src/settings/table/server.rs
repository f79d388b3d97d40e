//! Where the server listens, and which settings file it reads.

use crate::settings::{
    declare::settings,
    parse::{address, path},
    setting::text,
};
use std::{net::SocketAddr, path::PathBuf};

settings! {
    in Server {
        /// Address and port to listen on; port 0 takes a free port.
        SocketAddr = LISTEN(
            "listen",
            text(
                "ADDRESS:PORT",
                "an IP address and a port, such as 127.0.0.1:8080, 0.0.0.0:8080 or [::1]:8080",
                address,
            )
            .default_text("127.0.0.1:8080")
        );
    }
    in Common {
        /// The settings file (TOML). Without it, memoranda.toml in the current folder is read, if
        /// it exists.
        PathBuf = CONFIG("config", text("FILE", "the path of a TOML file that can be read", path));
    }
}
