//! Mail.

use crate::settings::{
    declare::settings,
    parse::{masked_smtp_url, public_url},
    setting::text,
};
use service::mail::{Sender, SmtpServer};

settings! {
    in Mail {
        /// The mail server: `smtps://user:password@host`, `smtp://host?tls=required`,
        /// `smtp://host`; without it, no mail is sent.
        SmtpServer = SMTP_URL(
            "smtp-url",
            text(
                "URL",
                "smtps://user:password@host:465, smtp://user:password@host:587?tls=required (or \
                 opportunistic), or smtp://host:25 (not encrypted); in user and password, write @ \
                 as %40, / as %2F, : as %3A",
                SmtpServer::parse,
            )
            .masked(masked_smtp_url)
        );
        /// The sender of mails; required with smtp-url.
        Sender = MAIL_FROM(
            "mail-from",
            text(
                "ADDRESS",
                "an address such as memos@example.org, or Memoranda <memos@example.org>",
                Sender::parse,
            )
        );
        /// Base address of links in mails. A link is this address with /memos/ID, /tasks/ID or
        /// /projects/ID; if it contains {id}, the id takes that place. Without it, mails have no
        /// links.
        String = PUBLIC_URL(
            "public-url",
            text(
                "URL",
                "the address of your client, such as https://crm.example.org or \
                 https://crm.example.org/#/open/{id}",
                public_url,
            )
        );
    }
}
