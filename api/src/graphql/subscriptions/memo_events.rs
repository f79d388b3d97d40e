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

/// The argument that names the last event.
const AFTER: &str = "after";
/// The name under which a WebSocket's first message names the last event.
pub const LAST_EVENT_ID: &str = "lastEventId";

/// The last event that the client told when it connected, if it did.
#[derive(Debug, Clone, Default)]
pub struct LastEventId(pub Option<String>);

#[derive(Default)]
pub struct Subscription;

/// Everything that can be listened to, over WebSocket (graphql-transport-ws) or server-sent events
/// (graphql-sse). It ends when the token expires.
#[SubscriptionRoot]
impl Subscription {
    /// What happens to the memos that the viewer sees, after it has happened, in order for each
    /// memo. After a break, give the last event's id as `after`: nothing is missed, as long as the
    /// events are kept. A client that connects again by itself gives it as `lastEventId` in the
    /// payload of `connection_init`; of the two, the later event counts.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn memo_events(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The id of the last event that the client knows: those after it come first."
        )]
        after: Option<ID>,
        #[graphql(desc = "Only what happens to this memo.")] memo_id: Option<ID>,
    ) -> Result<impl Stream<Item = ApiResult<MemoEvent>> + 'static, ApiError> {
        let memo_id = Kind::Memo.parse_optional("memoId", memo_id.as_ref())?;
        let (position, given_as) = start(ctx, after.as_ref())?;
        // Each event is read anew: what the one before found may have changed.
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

/// The position after which to begin, if any, and the name under which the client gave it. A client
/// that connects again sends its operations as they were: what it told the connection is newer
/// then.
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
