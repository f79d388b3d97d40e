//! `memoranda health`

use super::{Failure, help_with, output};
use crate::settings::{Group, Row, Scope, SettingArgs, table::server::LISTEN};
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

const EXAMPLES: &str = "  memoranda health
  memoranda health --listen 127.0.0.1:8081";

/// Longest wait for the answer.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Ask the server that runs with these settings whether it is ready, for health checks of
/// containers
#[derive(clap::Args)]
#[command(after_help = help_with(EXAMPLES))]
pub(super) struct Health {
    #[command(flatten)]
    settings: SettingArgs<Self>,
}

impl Scope for Health {
    const GROUPS: &'static [Group] = &[Group::Common];
    const SINGLE: &'static [&'static Row] = &[&LISTEN.row];
}

impl Health {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let values = self.settings.read()?;
        let url = format!("http://{}/readyz", reachable(values.get(&LISTEN)?));
        let failed = |problem: &dyn std::fmt::Display| {
            Failure::failed(format_args!(
                "{url} {problem}: its log says why; `memoranda doctor` checks the installation"
            ))
        };
        // Proxies in the environment do not lead to this machine.
        let client = reqwest::Client::builder().no_proxy().timeout(TIMEOUT).build();
        let client = client.map_err(|error| failed(&format_args!("cannot be asked ({error})")))?;
        let answer = client.get(&url).send().await.map_err(|_| failed(&"does not answer"))?;
        let is_ready = answer.status().is_success();
        let text = answer.text().await.map_err(|_| failed(&"breaks off"))?;
        if !is_ready {
            return Err(failed(&format_args!("answers {:?}", text.trim())));
        }
        output::print(text.trim_end())
    }
}

/// If the server listens on all addresses, the address of this machine at which it answers.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let loopback: IpAddr = match listen.ip() {
        IpAddr::V4(address) if address.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(address) if address.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        address => address,
    };
    SocketAddr::new(loopback, listen.port())
}
