//! `memoEvents`

use super::start::Start;
use crate::{
    feeds::{Feeds, LAST_EVENT_ID, LastIds},
    graphql::{
        error::{ApiError, ApiResult},
        guard::{Requirement, auth, signed_in, viewer},
        id::Kind,
        loaders::{loaders, of_request, services},
        objects::MemoEvent,
    },
};
use async_graphql::{Context, ID, Subscription};
use futures_util::{Stream, StreamExt};
use service::events;

#[derive(Default)]
pub struct MemoEventsSubscription;

#[Subscription]
impl MemoEventsSubscription {
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
        let last = (LAST_EVENT_ID, of_request::<LastIds>(ctx)?.event.clone());
        let start = Start::of(ctx, (events::SEQUENCE, "an event"), after.as_ref(), last)?;
        // Each event reads its data anew: what the previous event loaded may have changed.
        loaders(ctx)?.forget_at_once();
        let feed = &of_request::<Feeds>(ctx)?.events;
        let services = services(ctx)?.clone();
        let listening =
            events::listen(feed, services, viewer(ctx)?, memo_id, start.position).await?;
        let events = listening.map_err(|refusal| start.refused(refusal, "event"))?;
        Ok(events.map(|event| Ok(MemoEvent(event?))))
    }
}
