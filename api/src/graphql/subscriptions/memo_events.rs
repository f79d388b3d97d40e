//! `memoEvents`

use crate::graphql::{
    error::{ApiError, ApiResult},
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::{loaders, of_request, services},
    objects::{MemoEvent, event_position},
};
use async_graphql::{Context, ID, Subscription as SubscriptionRoot};
use futures_util::{Stream, StreamExt};
use service::events::{Feed, ListenRefusal};

/// The argument for the id of the last event.
const AFTER: &str = "after";
/// The key for the id of the last event in a WebSocket's first message.
pub const LAST_EVENT_ID: &str = "lastEventId";

/// The id of the last event that the client sent when it connected, if it did.
#[derive(Debug, Clone, Default)]
pub struct LastEventId(pub Option<String>);

#[derive(Default)]
pub struct Subscription;

/// Everything that clients can subscribe to, over WebSocket (graphql-transport-ws) or server-sent
/// events (graphql-sse). A subscription ends when the token expires.
#[SubscriptionRoot]
impl Subscription {
    /// The events of the memos that the viewer can see. The events of each memo come in their
    /// order. After a break, send the id of the last event as `after`: as long as the events are
    /// kept, none is missed. A client that reconnects automatically sends it as `lastEventId` in
    /// the payload of `connection_init`. If both are given, the later event counts.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn memo_events(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The id of the last event that the client knows. The events after it come first."
        )]
        after: Option<ID>,
        #[graphql(desc = "The global id of a memo: only its events.")] memo_id: Option<ID>,
    ) -> Result<impl Stream<Item = ApiResult<MemoEvent>> + 'static, ApiError> {
        let memo_id = Kind::Memo.parse_optional("memoId", memo_id.as_ref())?;
        let (position, given_as) = start(ctx, after.as_ref())?;
        // Each event reads its data anew: what the previous event loaded may have changed.
        loaders(ctx)?.forget_at_once();
        let feed = of_request::<Feed>(ctx)?;
        let refused = |problem: &str| {
            ApiError::bad_input(
                given_as,
                format!("{given_as}: {problem}. Load the lists again, and listen without it."),
            )
        };
        let listening =
            feed.listen(services(ctx)?.clone(), viewer(ctx)?, memo_id, position).await?;
        let events = listening.map_err(|refusal| match refusal {
            ListenRefusal::Expired => refused("some events after this one are no longer kept"),
            ListenRefusal::Unknown => refused("there is no such event"),
        })?;
        Ok(events.map(|event| Ok(MemoEvent(event?))))
    }
}

/// The position after which to begin, if any, and the argument or key that gave it. A client that
/// reconnects repeats its operations unchanged, so that the id of the connection is then the newer
/// one.
fn start(ctx: &Context<'_>, after: Option<&ID>) -> ApiResult<(Option<i64>, &'static str)> {
    let told = ctx.data_opt::<LastEventId>().and_then(|told| told.0.clone()).map(ID);
    let mut start = (None, AFTER);
    for (name, id) in [(AFTER, after), (LAST_EVENT_ID, told.as_ref())] {
        let Some(id) = id else { continue };
        let position = event_position(ctx, name, id)?;
        if start.0 < Some(position) {
            start = (Some(position), name);
        }
    }
    Ok(start)
}
