//! What the operating system knows about this process, under the names of [Prometheus'
//! libraries](https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics).

use procfs::{
    WithCurrentSystemInfo, boot_time_secs,
    process::{LimitValue, Process as OfSystem},
    ticks_per_second,
};
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric},
    metrics::{counter::ConstCounter, gauge::ConstGauge},
};
use std::fmt;

/// Asks the operating system each time the metrics are fetched.
#[derive(Debug)]
pub(super) struct Process;

impl Collector for Process {
    fn encode(&self, mut encoder: DescriptorEncoder) -> fmt::Result {
        let Ok(process) = OfSystem::myself() else { return Ok(()) };
        let mut gauge = |name: &str, help: &str, value: i64| {
            let gauge = ConstGauge::new(value);
            let metric = encoder.encode_descriptor(name, help, None, gauge.metric_type())?;
            gauge.encode(metric)
        };
        if let Ok(open) = process.fd_count() {
            gauge("process_open_fds", "Open files and connections", saturating(open as u64))?;
        }
        if let Ok(limits) = process.limits()
            && let LimitValue::Value(most) = limits.max_open_files.soft_limit
        {
            gauge(
                "process_max_fds",
                "Maximum number of open files and connections",
                saturating(most),
            )?;
        }
        let Ok(stat) = process.stat() else { return Ok(()) };
        gauge(
            "process_resident_memory_bytes",
            "Memory in use",
            saturating(stat.rss_bytes().get()),
        )?;
        if let Ok(booted) = boot_time_secs() {
            let started = booted + stat.starttime / ticks_per_second();
            let help = "When the process started, in seconds since 1970";
            gauge("process_start_time_seconds", help, saturating(started))?;
        }
        let ticks = (stat.utime + stat.stime) as f64;
        let seconds = ConstCounter::new(ticks / ticks_per_second() as f64);
        let help = "Time of processors";
        let metric =
            encoder.encode_descriptor("process_cpu_seconds", help, None, seconds.metric_type())?;
        seconds.encode(metric)
    }
}

fn saturating(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
