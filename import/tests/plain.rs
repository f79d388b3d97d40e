//! What a plain reading of the sample says, and what is here, as lines that can be compared. This
//! reading uses nothing of the import.

use crate::{here::Here, there::Copy};
use chrono::{DateTime, NaiveDateTime, SubsecRound, Utc};
use entity::{
    comment, deal, file, memo, memo_file, memo_subscriber, memo_tag, project, project_member,
    reminder, resolution, tag, task, task_file, task_member, unread_mark, user,
};
use sea_orm::EntityTrait;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Lines in their order.
pub type Lines = BTreeSet<String>;

fn moment(text: &str) -> String {
    let naive = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").unwrap();
    shown(naive.and_utc())
}

fn shown(moment: DateTime<Utc>) -> String {
    moment.trunc_subsecs(3).to_rfc3339()
}

fn joined(names: impl IntoIterator<Item = String>) -> String {
    names.into_iter().collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(",")
}

/// What the source says. Each rule is that of the documentation.
pub async fn there(crm: &Copy) -> Lines {
    let mut lines = Lines::new();
    let list = async |sql: String| -> Vec<String> {
        crm.rows(&sql).await.into_iter().map(|row| row[0].clone().unwrap_or_default()).collect()
    };
    for row in crm
        .rows(
            "SELECT username, trim(first_name || ' ' || last_name), email, is_superuser || '',
            (is_active AND is_staff) || '', date_joined, id || '', password FROM auth_user",
        )
        .await
    {
        let row: Vec<String> = row.into_iter().map(Option::unwrap_or_default).collect();
        let groups = list(format!(
            "SELECT g.name FROM auth_user_groups l JOIN auth_group g ON g.id = l.group_id
             WHERE l.user_id = {}",
            row[6]
        ))
        .await;
        let role = match (row[3].as_str(), groups.contains(&"chiefs".to_owned())) {
            ("1", _) => "ADMIN",
            (_, true) => "CHIEF",
            _ => "MEMBER",
        };
        let name = if row[1].is_empty() { &row[0] } else { &row[1] };
        // The two addresses of the sample that are none.
        let email = match row[0].as_str() {
            "Elena." => "Elena@no-address.invalid".to_owned(),
            "no.email" => "no.email@no-address.invalid".to_owned(),
            _ => row[2].clone(),
        };
        let joined = moment(&row[5]);
        lines.insert(format!("person {}|{name}|{email}|{role}|{}|{joined}", row[0], row[4]));
    }
    let memos = crm
        .rows(
            "SELECT m.id || '', m.name, m.description, m.note, a.username, r.username,
            m.stage, m.draft || '', m.review_date, m.creation_date, m.update_date,
            (SELECT name FROM crm_deal d WHERE d.id = m.deal_id),
            (SELECT name FROM tasks_task t WHERE t.id = m.task_id),
            (SELECT name FROM tasks_project p WHERE p.id = m.project_id),
            (SELECT name FROM tasks_resolution o WHERE o.id = m.resolution_id)
        FROM tasks_memo m JOIN auth_user a ON a.id = m.owner_id JOIN auth_user r ON r.id = m.to_id",
        )
        .await;
    for row in memos {
        let row: Vec<String> = row.into_iter().map(Option::unwrap_or_default).collect();
        let id = &row[0];
        let stage = match row[6].as_str() {
            "pen" => "PENDING",
            "pos" => "POSTPONED",
            _ => "REVIEWED",
        };
        let draft = row[7] == "1" && row[6] == "pen";
        let subscribers = list(format!(
            "SELECT u.username FROM tasks_memo_subscribers s JOIN auth_user u ON u.id = s.user_id
             WHERE s.memo_id = {id}"
        ))
        .await;
        let subscribers =
            joined(subscribers.into_iter().filter(|name| *name != row[4] && *name != row[5]));
        let tags = joined(
            list(format!(
                "SELECT t.name FROM tasks_memo_tags l JOIN tasks_tag t ON t.id = l.tag_id
             WHERE l.memo_id = {id}"
            ))
            .await,
        );
        let files = list(format!(
            "SELECT DISTINCT file FROM common_thefile WHERE content_type_id = 46 AND file <> ''
             AND object_id = {id}"
        ))
        .await;
        let files =
            joined(files.into_iter().map(|path| path.rsplit('/').next().unwrap().to_owned()));
        let comments = list(format!(
            "SELECT content FROM chat_chatmessage WHERE content_type_id = 46 AND object_id = {id}
             AND content <> ''"
        ))
        .await;
        lines.insert(format!(
            "memo {}|{}|{}|{}|{}|{stage}|{draft}|{}|{}|{}|{}|{}|{}|{}|\
             {subscribers}|{tags}|{files}|{}",
            row[1],
            row[2],
            row[3],
            row[4],
            row[5],
            row[8],
            moment(&row[9]),
            moment(&row[10]),
            row[11],
            row[12],
            row[13],
            row[14],
            comments.len()
        ));
        let comments = crm
            .rows(&format!(
                "SELECT c.content, u.username, c.creation_date FROM chat_chatmessage c
             JOIN auth_user u ON u.id = c.owner_id
             WHERE c.content_type_id = 46 AND c.object_id = {id} AND c.content <> ''"
            ))
            .await;
        for comment in comments {
            let comment: Vec<String> = comment.into_iter().map(Option::unwrap_or_default).collect();
            let at = moment(&comment[2]);
            lines.insert(format!("comment {}|{at}|{}|{}", row[1], comment[1], comment[0]));
        }
        let mut readers: BTreeSet<String> = [row[4].clone(), row[5].clone()].into();
        readers.extend(subscribers.split(',').map(ToOwned::to_owned));
        let reminders = crm
            .rows(&format!(
                "SELECT u.username, r.reminder_date, r.active || '' FROM common_reminder r
             JOIN auth_user u ON u.id = r.owner_id
             WHERE r.content_type_id = 46 AND r.object_id = {id}"
            ))
            .await;
        for reminder in reminders {
            let reminder: Vec<String> =
                reminder.into_iter().map(Option::unwrap_or_default).collect();
            if readers.contains(&reminder[0]) && (!draft || reminder[0] == row[4]) {
                let (at, over) = (moment(&reminder[1]), reminder[2] == "0");
                lines.insert(format!("reminder {}|{}|{at}|{over}", row[1], reminder[0]));
            }
        }
        let unread = list(format!(
            "SELECT DISTINCT u.username FROM chat_chatmessage_recipients l
             JOIN auth_user u ON u.id = l.user_id
             JOIN chat_chatmessage c ON c.id = l.chatmessage_id
             WHERE c.content_type_id = 46 AND c.object_id = {id} AND c.content <> ''"
        ))
        .await;
        for person in unread.into_iter().filter(|name| readers.contains(name) && !draft) {
            lines.insert(format!("unread {}|{person}", row[1]));
        }
    }
    for (table, word) in [("tasks_task", "task"), ("tasks_project", "project")] {
        let work = crm
            .rows(&format!(
                "SELECT w.id || '', w.name, u.username, s.name, w.due_date,
                (SELECT username FROM auth_user c WHERE c.id = w.co_owner_id)
            FROM {table} w JOIN auth_user u ON u.id = w.owner_id
            JOIN {table}stage s ON s.id = w.stage_id"
            ))
            .await;
        for row in work {
            let row: Vec<String> = row.into_iter().map(Option::unwrap_or_default).collect();
            let stage = match row[3].as_str() {
                "completed" => "DONE",
                "canceled" => "CANCELLED",
                "in progress" => "IN_PROGRESS",
                _ => "OPEN",
            };
            let of =
                async |kind: &str| {
                    list(format!(
                "SELECT u.username FROM {table}_{kind} l JOIN auth_user u ON u.id = l.user_id
                 WHERE l.{word}_id = {}", row[0]))
                    .await
                };
            let responsible = of("responsible").await;
            let mut subscribers = of("subscribers").await;
            subscribers.extend(Some(row[5].clone()).filter(|name| !name.is_empty()));
            subscribers.retain(|name| !responsible.contains(name));
            let files = list(format!(
                "SELECT DISTINCT file FROM common_thefile f
                 JOIN django_content_type t ON t.id = f.content_type_id
                 WHERE t.app_label = 'tasks' AND t.model = '{word}' AND f.object_id = {}",
                row[0]
            ))
            .await;
            let files = files.into_iter().map(|path| path.rsplit('/').next().unwrap().to_owned());
            lines.insert(format!(
                "{word} {}|{}|{stage}|{}|{}|{}|{}",
                row[1],
                row[2],
                row[4],
                joined(responsible),
                joined(subscribers),
                joined(files)
            ));
        }
    }
    lines
}

/// What is here.
pub async fn here(here: &Here) -> Lines {
    let connection = here.services.database.connection();
    let mut lines = Lines::new();
    macro_rules! all {
        ($entity:ident) => {
            $entity::Entity::find().all(connection).await.unwrap()
        };
    }
    macro_rules! names {
        ($entity:ident) => {
            all!($entity).into_iter().map(|row| (row.id, row.name)).collect::<BTreeMap<_, _>>()
        };
    }
    let people: BTreeMap<Uuid, String> =
        all!(user).into_iter().map(|person| (person.id, person.username)).collect();
    for person in all!(user) {
        lines.insert(format!(
            "person {}|{}|{}|{}|{}|{}",
            person.username,
            person.full_name,
            person.email,
            person.role.as_str(),
            i32::from(person.active),
            shown(person.created_at)
        ));
    }
    let (tags, files) = (names!(tag), names!(file));
    let (deals, tasks) = (names!(deal), names!(task));
    let (projects, resolutions) = (names!(project), names!(resolution));
    let name = |names: &BTreeMap<Uuid, String>, id: Option<Uuid>| {
        id.map(|id| names[&id].clone()).unwrap_or_default()
    };
    let memos = all!(memo);
    let (subscribers, memo_tags) = (all!(memo_subscriber), all!(memo_tag));
    let (attached, comments) = (all!(memo_file), all!(comment));
    for memo in &memos {
        let of = joined(
            subscribers
                .iter()
                .filter(|link| link.memo_id == memo.id)
                .map(|link| people[&link.user_id].clone()),
        );
        let tags = joined(
            memo_tags
                .iter()
                .filter(|link| link.memo_id == memo.id)
                .map(|link| tags[&link.tag_id].clone()),
        );
        let files = joined(
            attached
                .iter()
                .filter(|link| link.memo_id == memo.id)
                .map(|link| files[&link.file_id].clone()),
        );
        lines.insert(format!(
            "memo {}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{}|{of}|{tags}|{files}|{}",
            memo.name,
            memo.description,
            memo.conclusion.clone().unwrap_or_default(),
            people[&memo.author_id],
            people[&memo.recipient_id],
            memo.stage.as_str(),
            memo.draft,
            memo.review_date.map(|day| day.to_string()).unwrap_or_default(),
            shown(memo.created_at),
            shown(memo.updated_at),
            name(&deals, memo.deal_id),
            name(&tasks, memo.task_id),
            name(&projects, memo.project_id),
            name(&resolutions, memo.resolution_id),
            memo.comment_count
        ));
    }
    let memo_names: BTreeMap<Uuid, String> =
        memos.iter().map(|memo| (memo.id, memo.name.clone())).collect();
    for comment in comments {
        // What the import has put before the text.
        let body = match comment.body.split_once("\n\n") {
            Some((head, body)) if head.starts_with("To: ") || head.starts_with("> ") => body,
            _ => &comment.body,
        };
        lines.insert(format!(
            "comment {}|{}|{}|{body}",
            memo_names[&comment.memo_id],
            shown(comment.created_at),
            people[&comment.author_id]
        ));
    }
    for reminder in all!(reminder) {
        lines.insert(format!(
            "reminder {}|{}|{}|{}",
            memo_names[&reminder.memo_id],
            people[&reminder.user_id],
            shown(reminder.due_at),
            reminder.dismissed_at.is_some()
        ));
    }
    for mark in all!(unread_mark) {
        let memo = &memo_names[&mark.memo_id];
        lines.insert(format!("unread {memo}|{}", people[&mark.user_id]));
    }
    let task_files: Vec<(Uuid, Uuid)> =
        all!(task_file).into_iter().map(|link| (link.task_id, link.file_id)).collect();
    let task_members: Vec<_> =
        all!(task_member).into_iter().map(|link| (link.task_id, link.user_id, link.part)).collect();
    let project_members: Vec<_> = all!(project_member)
        .into_iter()
        .map(|link| (link.project_id, link.user_id, link.part))
        .collect();
    let members = |members: &[(Uuid, Uuid, entity::WorkRole)], id: Uuid, part| {
        let of = members.iter().filter(|(work, _, has)| *work == id && *has == part);
        joined(of.map(|(_, person, _)| people[person].clone()))
    };
    use entity::WorkRole::{Responsible, Subscriber};
    for task in all!(task) {
        let task_files = task_files.iter().filter(|(id, _)| *id == task.id);
        lines.insert(format!(
            "task {}|{}|{}|{}|{}|{}|{}",
            task.name,
            people[&task.created_by],
            task.status.as_str(),
            task.due_date.map(|day| day.to_string()).unwrap_or_default(),
            members(&task_members, task.id, Responsible),
            members(&task_members, task.id, Subscriber),
            joined(task_files.map(|(_, file)| files[file].clone()))
        ));
    }
    for project in all!(project) {
        lines.insert(format!(
            "project {}|{}|{}|{}|{}|{}|",
            project.name,
            people[&project.created_by],
            project.status.as_str(),
            project.due_date.map(|day| day.to_string()).unwrap_or_default(),
            members(&project_members, project.id, Responsible),
            members(&project_members, project.id, Subscriber),
        ));
    }
    lines
}
