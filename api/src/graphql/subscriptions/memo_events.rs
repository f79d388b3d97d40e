//! `memoEvents`

use crate::graphql::{
    error::{ApiError, ApiResult},
    guard::{Requirement, auth, signed_in, viewer},
    id::Kind,
    loaders::{loaders, services},
    objects::{MemoEvent, event_position},
};
use async_graphql::{Context, ID, Subscription as SubscriptionRoot};
use futures_util::{Stream, StreamExt};
use service::events::{Feed, ListenRefusal};

#[derive(Default)]
pub struct Subscription;

/// Everything that can be listened to, over WebSocket (graphql-transport-ws) or server-sent events (graphql-sse). It ends when the token expires.
#[SubscriptionRoot]
impl Subscription {
    /// What happens to the memos that the viewer sees, after it has happened, in order for each memo. After a break, give the last event's id as `after`:
    /// nothing is missed, as long as the events are kept.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn memo_events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of the last event that the client knows: those after it come first.")] after: Option<ID>,
        #[graphql(desc = "Only what happens to this memo.")] memo_id: Option<ID>,
    ) -> Result<impl Stream<Item = ApiResult<MemoEvent>> + 'static, ApiError> {
        let memo_id = memo_id.map(|id| Kind::Memo.parse("memoId", &id)).transpose()?;
        let position = after.as_ref().map(|id| event_position(ctx, id)).transpose()?;
        // Each event is read anew: what the one before found may have changed.
        loaders(ctx)?.forget_at_once();
        let feed = ctx
            .data::<Feed>()
            .map_err(|error| ApiError::from(service::Error::Inconsistent(error.message)))?;
        let events = match feed.listen(services(ctx)?.clone(), viewer(ctx)?, position).await? {
            Ok(events) => events,
            Err(ListenRefusal::Expired) => {
                return Err(ApiError::BadUserInput(
                    "after: some events after this one are no longer kept. Load the lists again, and listen without `after`.".to_owned(),
                ));
            }
            Err(ListenRefusal::Unknown) => {
                return Err(ApiError::BadUserInput(
                    "after: there is no such event. Load the lists again, and listen without `after`."
                        .to_owned(),
                ));
            }
        };
        Ok(events.filter_map(move |event| async move {
            match event {
                Ok(event) if memo_id.is_some_and(|memo_id| memo_id != event.memo_id) => None,
                Ok(event) => Some(Ok(MemoEvent(event))),
                Err(error) => Some(Err(error.into())),
            }
        }))
    }
}
