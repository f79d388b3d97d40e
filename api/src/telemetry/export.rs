//! Sends spans to a collector, in batches, from a separate thread. If the collector is slow, full
//! or down, spans are lost, and nothing else suffers.

use super::{PATIENCE, TARGET};
use opentelemetry::{
    Context, KeyValue, global,
    trace::{Link, SpanKind, TraceContextExt, TraceId, TracerProvider},
};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig};
use opentelemetry_sdk::{
    Resource,
    trace::{Sampler, SamplingResult, SdkTracerProvider, ShouldSample},
};
use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};
use tracing::{Level, Subscriber};
use tracing_subscriber::{Layer, filter::Targets, registry::LookupSpan};

/// Whether this process exports traces.
pub(super) static IS_ON: AtomicBool = AtomicBool::new(false);

/// Longest wait at the end for unsent spans.
const LAST: Duration = Duration::from_secs(3);

/// The running export.
#[derive(Debug)]
pub(crate) struct Telemetry(SdkTracerProvider);

impl Telemetry {
    /// Starts to export to the collector at that address. `ratio` is the exported share of all
    /// traces, from 0 to 1.
    ///
    /// # Errors
    /// A text that says why no exporter can be created.
    pub(crate) fn start(endpoint: &str, ratio: f64) -> Result<Self, String> {
        let exporter = SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(traces(endpoint))
            .with_timeout(PATIENCE)
            .build()
            .map_err(|error| error.to_string())?;
        // The operator can add more about this server: OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES.
        let named = std::env::var_os("OTEL_SERVICE_NAME").is_some();
        let resource = Resource::builder()
            .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")));
        let resource = if named { resource } else { resource.with_service_name("memoranda") };
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_resource(resource.build())
            .with_sampler(Ours(Sampler::TraceIdRatioBased(ratio)))
            .build();
        global::set_tracer_provider(provider.clone());
        IS_ON.store(true, Ordering::Relaxed);
        Ok(Self(provider))
    }

    /// The layer that receives the spans of `tracing`.
    pub(crate) fn layer<S>(&self) -> impl Layer<S> + Send + Sync + 'static
    where
        S: Subscriber + for<'span> LookupSpan<'span> + Send + Sync,
    {
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer("memoranda"))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_level(false)
            .with_tracked_inactivity(false)
            .with_filter(Targets::new().with_target(TARGET, Level::INFO))
    }

    /// Sends the remaining spans.
    pub(crate) async fn finish(self) {
        let finished =
            tokio::task::spawn_blocking(move || self.0.shutdown_with_timeout(LAST)).await;
        if let Ok(Err(error)) = finished {
            tracing::warn!(%error, "the last traces were not exported");
        }
    }
}

/// Whether the collector accepts traces: exports an empty list.
///
/// # Errors
/// A text that says what is wrong.
pub(crate) async fn try_out(endpoint: &str) -> Result<(), String> {
    let url = traces(endpoint);
    let client =
        reqwest::Client::builder().timeout(PATIENCE).build().map_err(|error| error.to_string())?;
    let request =
        client.post(&url).header("content-type", "application/x-protobuf").body(Vec::new());
    let answer = request.send().await.map_err(|_| "it does not answer".to_owned())?;
    if answer.status().is_success() {
        return Ok(());
    }
    Err(format!("it answers {}", answer.status()))
}

fn traces(endpoint: &str) -> String {
    format!("{}/v1/traces", endpoint.trim_end_matches('/'))
}

/// Decides by the trace's id which traces are exported. A client's flag would let anybody export
/// all of their traces. All spans of one trace are treated alike.
#[derive(Debug, Clone)]
struct Ours(Sampler);

impl ShouldSample for Ours {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace_id: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        let own = parent
            .filter(|parent| parent.has_active_span() && !parent.span().span_context().is_remote());
        let sampler = match own {
            Some(parent) if parent.span().span_context().is_sampled() => &Sampler::AlwaysOn,
            Some(_) => &Sampler::AlwaysOff,
            None => &self.0,
        };
        sampler.should_sample(parent, trace_id, name, kind, attributes, links)
    }
}
