//! Running an operation on behalf of somebody: the same for HTTP, server-sent events and WebSocket.

use super::{
    App,
    errors::{set, with_codes},
    parameters::Parameters,
    request_id::RequestId,
};
use crate::{
    auth::{SignedIn, client::Client},
    front_door::{Admitted, Refusal},
    graphql::{CurrentPerson, CurrentSession, Loaders},
};
use async_graphql::{Pos, Request, Response as Answer, ServerError};
use futures_util::{Stream, StreamExt, stream};
use service::Viewer;
use std::sync::Arc;

/// An operation that may run, and for whom.
pub(super) struct Operation {
    pub(super) admitted: Admitted,
    request: Request,
}

impl Operation {
    /// Checks the parameters.
    ///
    /// # Errors
    /// An answer that says what is wrong with them.
    pub(super) fn admit(
        app: &App,
        signed_in: Option<&SignedIn>,
        client: &Arc<Client>,
        parameters: Parameters,
        request_id: &RequestId,
    ) -> Result<Self, Box<Answer>> {
        let Parameters { query, operation_name, variables, .. } = parameters;
        let variables = variables.unwrap_or_default().into();
        let admitted =
            app.front_door.admit(&query, operation_name.as_deref(), variables).map_err(|refusals| {
                let errors = refusals.into_iter().map(|Refusal { message, location }| {
                    ServerError::new(message, location.map(|(line, column)| Pos { line, column }))
                });
                with_codes(Answer::from_errors(errors.collect()), &app.limits, request_id)
            })?;
        let person = signed_in.map(|signed_in| signed_in.person.clone());
        let request = admitted
            .request()
            .data(app.services.clone())
            .data(app.feed.clone())
            .data(Loaders::new(app.services.clone(), person.as_ref().map(Viewer::from)))
            .data(CurrentPerson(person))
            .data(CurrentSession(signed_in.and_then(|signed_in| signed_in.session)))
            .data(app.sign_in.clone())
            .data(client.clone());
        Ok(Self { admitted, request })
    }

    /// The one answer of a query or a mutation.
    pub(super) async fn execute(self, app: &App, request_id: &RequestId) -> Answer {
        let Self { admitted, request } = self;
        let answer = match tokio::time::timeout(app.limits.request_timeout, app.schema.execute(request)).await
        {
            Ok(answer) => admitted.shape(answer),
            Err(_) => {
                tracing::error!(
                    seconds = app.limits.request_timeout.as_secs(),
                    "request took too long and was ended"
                );
                let mut error = ServerError::new(
                    "The request took too long and was ended. What it had not finished did not happen.",
                    None,
                );
                set(&mut error, "code", "INTERNAL");
                Answer::from_errors(vec![error])
            }
        };
        with_codes(answer, &app.limits, request_id)
    }

    /// All answers: of a subscription as they come, until `end` or the server stops; of anything else the one.
    pub(super) fn stream(
        self,
        app: Arc<App>,
        request_id: RequestId,
        end: impl Future<Output = ()> + Send + 'static,
    ) -> impl Stream<Item = Answer> + Send + 'static {
        if !self.admitted.is_subscription() {
            return stream::once(async move { self.execute(&app, &request_id).await }).boxed();
        }
        let Self { admitted, request } = self;
        let answers = app.schema.execute_stream(request);
        answers
            .map(move |answer| with_codes(admitted.shape(answer), &app.limits, &request_id))
            .take_until(Box::pin(end))
            .boxed()
    }
}

/// Whether nothing of the request ran, because something is wrong with it.
pub(super) fn is_request_error(answer: &Answer) -> bool {
    answer.data == async_graphql::Value::Null
        && !answer.errors.is_empty()
        && answer.errors.iter().all(|error| error.path.is_empty())
}
