//! A real S3 server with one bucket, in a folder.

use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use object_store::{ClientOptions, aws::AmazonS3Builder};
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;
use service::blobs::FileStore;
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};
use tokio::{net::TcpListener, task::JoinHandle};

const BUCKET: &str = "files";

/// A server on its own port, until it is dropped.
#[derive(Debug)]
pub struct S3Server {
    /// The address on which it listens.
    pub address: SocketAddr,
    /// The folder of the bucket's objects.
    pub bucket: PathBuf,
    accepting: JoinHandle<()>,
}

impl S3Server {
    /// Serves an empty bucket in that folder.
    pub async fn open(folder: &Path) -> Self {
        let bucket = folder.join(BUCKET);
        std::fs::create_dir_all(&bucket).expect("a folder");
        let service = S3ServiceBuilder::new(FileSystem::new(folder).expect("a folder")).build();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let accepting = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let service = service.clone();
                tokio::spawn(async move {
                    let http = Builder::new(TokioExecutor::new());
                    // A client that disconnects is not a fault of the server.
                    let _ = http.serve_connection(TokioIo::new(client), service).await;
                });
            }
        });
        Self { address, bucket, accepting }
    }

    /// The bucket as a file store, through that address.
    pub fn store_at(&self, address: SocketAddr) -> FileStore {
        // Silent connections of a proxy are not used again.
        let options = ClientOptions::new().with_allow_http(true).with_pool_max_idle_per_host(0);
        let builder = AmazonS3Builder::new()
            .with_endpoint(format!("http://{address}"))
            .with_client_options(options)
            .with_allow_http(true)
            .with_region("test")
            .with_skip_signature(true)
            .with_bucket_name(BUCKET);
        FileStore::bucket(builder, "memoranda").expect("a bucket")
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}
