//! `notificationAdded`

use super::start::Start;
use crate::{
    feeds::{Feeds, LAST_NOTIFICATION_ID, LastIds},
    graphql::{
        error::{ApiError, ApiResult},
        guard::{Requirement, auth, signed_in, viewer},
        loaders::{loaders, of_request, services},
        objects::NotificationAdded,
    },
};
use async_graphql::{Context, ID, Subscription};
use futures_util::{Stream, StreamExt};
use service::notifications;

#[derive(Default)]
pub struct NotificationAddedSubscription;

#[Subscription]
impl NotificationAddedSubscription {
    /// The viewer's new notifications. After a break, send the id of the last `NotificationAdded`
    /// as `after`: none is missed. A client that reconnects automatically sends it as
    /// `lastNotificationId` in the payload of `connection_init`. If both are given, the later one
    /// counts.
    #[graphql(guard = "signed_in()", directive = auth::apply(Requirement::SignedIn))]
    async fn notification_added(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The id of the last one that the client knows. Those after it come first."
        )]
        after: Option<ID>,
    ) -> Result<impl Stream<Item = ApiResult<NotificationAdded>> + 'static, ApiError> {
        let last = (LAST_NOTIFICATION_ID, of_request::<LastIds>(ctx)?.notification.clone());
        let of = (notifications::SEQUENCE, "a `NotificationAdded`");
        let start = Start::of(ctx, of, after.as_ref(), last)?;
        // Each notification reads its data anew, as events do.
        loaders(ctx)?.forget_at_once();
        let feed = &of_request::<Feeds>(ctx)?.notifications;
        let services = services(ctx)?.clone();
        let listening = notifications::listen(feed, services, viewer(ctx)?, start.position).await?;
        let added = listening.map_err(|refusal| start.refused(refusal, "notification"))?;
        Ok(added.map(|notification| Ok(NotificationAdded(notification?))))
    }
}
