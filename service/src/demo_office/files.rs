//! The files of the office's memos.

use super::{Ids, at, find, memos::Memo};
use crate::{
    Error, Result, Services,
    blobs::FileStore,
    files::{self, NewFile},
};
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use entity::{file, memo_file};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
};
use std::collections::HashMap;
use uuid::Uuid;

const CSV: &str = "text/csv";
const MARKDOWN: &str = "text/markdown";
const TEXT: &str = "text/plain";

/// Name, media type and content of every file.
const FILES: [(&str, &str, &str); 17] = [
    (
        "Lindenhof cutting list.csv",
        CSV,
        "part,pieces,length_mm,width_mm,thickness_mm,wood\n\
        top,40,1200,700,27,ash\n\
        leg,160,720,60,60,ash\n\
        rail long,80,1060,80,22,ash\n\
        rail short,80,560,80,22,ash\n\
        drawer front,40,360,90,20,ash\n\
        drawer side,80,480,80,12,birch plywood\n\
        drawer bottom,40,470,340,6,birch plywood\n",
    ),
    (
        "Lindenhof room plan.md",
        MARKDOWN,
        "# Hotel Lindenhof, desks by floor\n\n\
        | floor | rooms | desks | remark |\n\
        | --- | --- | --- | --- |\n\
        | 4 | 401-410 | 10 | trial floor |\n\
        | 3 | 301-312 | 12 | narrow doors, 78 cm |\n\
        | 2 | 201-212 | 12 | |\n\
        | 1 | 101-106 | 6 | two without window |\n\n\
        The lift takes 210 cm. Sockets are on the left of every desk.\n",
    ),
    (
        "Visit to the Lindenhof.txt",
        TEXT,
        "Visit to Mrs Keller, house as a whole about 1910, freshly painted.\n\n\
        - Guests write by hand again, she says; the lamp must not take up the place for it.\n\
        - No cable holes. Sockets are in the wall.\n\
        - She dislikes visible screws and loves drawers that close by themselves.\n\
        - Paid on time at the neighbour's, says Mr Petrov.\n",
    ),
    (
        "Oak sideboard, changed measures.md",
        MARKDOWN,
        "# Oak sideboard\n\n\
        - Width 1,840 mm (was 1,800), height 760, depth 450\n\
        - Left: two doors instead of three drawers\n\
        - Right: as drawn\n\
        - Plinth set back by 40 mm, so that a vacuum cleaner fits\n\n\
        **Please check:** do the doors clear the handle of the drawer beside them?\n",
    ),
    (
        "Delivery dates.csv",
        CSV,
        "customer,town,pieces,promised_for\n\
        Petrov,Marlow,1 sideboard,week 1\n\
        Hoffmann,Henley,1 bed and 1 cabinet,week 1\n\
        Brandt,Reading,1 table top,week 2\n\
        Marlow Library,Marlow,16 tables,week 3\n\
        Singh,Wallingford,4 chairs,week 4\n",
    ),
    (
        "Veneers for the Lindenhof.md",
        MARKDOWN,
        "# Two ash veneers\n\n\
        1. **Even**: quarter sawn, pale, looks the same in every room.\n\
        2. **Stripe**: with brown heart, every desk different; 70 sheets from one trunk.\n\n\
        Both 0.9 mm, both 31.50 a square metre.\n",
    ),
    (
        "Stand budget.csv",
        CSV,
        "item,cost\n\
        floor 12 sqm,4300\n\
        build-up and electricity,1450\n\
        transport,600\n\
        hotel 4 nights for two,1300\n\
        printed matter,750\n\
        coffee,200\n\
        reserve,800\n",
    ),
    (
        "Web firms compared.csv",
        CSV,
        "firm,price,weeks,shop,answered_questions\n\
        Brightline,8900,8,yes,0 of 6\n\
        Two Rivers Studio,11500,10,yes,6 of 6\n\
        Pagecraft,7200,6,extra 1900,2 of 6\n",
    ),
    (
        "Marlow Library, payments.csv",
        CSV,
        "part,when,share,net\n\
        1,order,one third,9600\n\
        2,half finished,one third,9600\n\
        3,delivery,one third,9600\n",
    ),
    (
        "Oak prices.csv",
        CSV,
        "sawmill,thickness_mm,now_per_cbm,from_next_month_per_cbm\n\
        Harrow Mill,27,1480,1600\n\
        Harrow Mill,33,1540,1665\n\
        Upper Weir,27,1450,1565\n\
        Upper Weir,33,1525,1645\n",
    ),
    (
        "Suction measured.csv",
        CSV,
        "machine,distance_m,speed_m_per_s,wanted_m_per_s\n\
        table saw,4,19,20\n\
        band saw,9,15,20\n\
        planer,14,11,22\n\
        router table,17,10,20\n\
        spindle moulder,21,8,22\n",
    ),
    (
        "Offer for a new fan.txt",
        TEXT,
        "Offer 4471, valid for eight weeks\n\n\
        1 fan, 7.5 kW, 6,800 cubic metres an hour    5,240.00\n\
        1 silencer                                      890.00\n\
        crane, half a day                               420.00\n\
        fitting, two people, two days                 1,760.00\n\n\
        net                                           8,310.00\n",
    ),
    (
        "Lounge chair, weights.csv",
        CSV,
        "part,now_g,second_version_g\n\
        seat frame,4100,3300\n\
        arms,3600,2400\n\
        back,3900,2200\n\
        cushion,1900,1900\n\
        fittings,500,500\n",
    ),
    (
        "Lounge chair, why lighter.md",
        MARKDOWN,
        "# Why the lounge chair should lose four kilos\n\n\
        Of eleven customers whom I visited, nine push it. Pushing opens the joint at the back leg: \
         all four \
        repairs of the last two years were there.\n\n\
        Whoever can lift it with one hand lifts it.\n",
    ),
    (
        "Smoked larch.txt",
        TEXT,
        "Smoked larch, three samples from the mill at Ewelme\n\n\
        A  12 hours   light brown, resin visible\n\
        B  24 hours   walnut brown, even\n\
        C  48 hours   nearly black at the edges\n\n\
        B is the one. 620 a cubic metre, walnut is 1,900.\n",
    ),
    (
        "Figures of the last quarter.csv",
        CSV,
        "line,plan,actual\n\
        furniture,148000,141300\n\
        repairs,12000,19800\n\
        wood and fittings,-51000,-54200\n\
        wages,-78500,-79900\n\
        rent and energy,-14200,-13900\n",
    ),
    (
        "Straps for the van.txt",
        TEXT,
        "For both vans:\n\n\
        12 straps, 50 mm wide, 4 m long\n\
        16 corner pads, felt\n\
        2 bags to keep them in\n\n\
        About 210 together. The ropes can go to the trailer.\n",
    ),
];

/// Stores the memos' files that are missing. Each looks as if its author had uploaded it just
/// before writing.
pub(super) async fn store_all(
    services: &Services,
    file_store: &FileStore,
    people: &Ids,
    memos: &[(DateTime<Utc>, Memo)],
) -> Result<Ids> {
    let present: HashMap<String, Uuid> = file::Entity::find()
        .filter(file::Column::UploadedBy.is_in(people.values().copied()))
        .all(services.database.connection())
        .await?
        .into_iter()
        .map(|file| (file.name, file.id))
        .collect();
    let mut files = Ids::new();
    for (written, memo) in memos {
        for name in memo.files {
            let id = match (files.get(name), present.get(*name)) {
                (Some(id), _) | (None, Some(id)) => *id,
                (None, None) => {
                    let author = find(people, memo.author)?;
                    store(services, file_store, author, name, *written).await?
                }
            };
            files.insert(name, id);
        }
    }
    Ok(files)
}

/// Removes files that several processes have stored at the same time. A memo has only one of each.
/// Files that people upload themselves are newer and remain.
pub(super) async fn discard_unused(
    transaction: &DatabaseTransaction,
    people: &Ids,
    now: DateTime<Utc>,
) -> Result<()> {
    let used =
        memo_file::Entity::find().select_only().column(memo_file::Column::FileId).into_query();
    file::Entity::delete_many()
        .filter(file::Column::UploadedBy.is_in(people.values().copied()))
        .filter(file::Column::CreatedAt.lt(now))
        .filter(file::Column::Id.not_in_subquery(used))
        .exec(transaction)
        .await?;
    Ok(())
}

async fn store(
    services: &Services,
    file_store: &FileStore,
    author: Uuid,
    name: &str,
    written: DateTime<Utc>,
) -> Result<Uuid> {
    let Some((name, media_type, content)) = FILES.iter().find(|(known, ..)| *known == name) else {
        return Err(Error::Inconsistent(format!("the demonstration office has no file {name:?}")));
    };
    let before = at(services, written - TimeDelta::minutes(4));
    let bytes = Bytes::from_static(content.as_bytes());
    let new = NewFile { name: (*name).to_owned(), media_type: (*media_type).to_owned(), bytes };
    Ok(files::store(&before, file_store, author, &new).await?.id)
}
