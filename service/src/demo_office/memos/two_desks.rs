//! The memos of Amelia Hartley (`author`) and Robert Okafor (`recipient`) to each other and to
//! themselves. They cover every case of the rules of deletion.

use super::{Memo, memo, work};
use entity::WorkStatus::{Done, InProgress};

pub(super) const MEMOS: [Memo; 19] = [
    // The author may delete it, without any warning.
    memo(3, "author", "recipient", "Order new chairs for the meeting room")
        .says(
            "Four of the eight chairs wobble, and visitors notice. Could the workshop lend us six \
             from the \
            showroom stock, or shall I order some?",
        )
        .read_by(&["subscriber"])
        .tagged(&["Office"]),
    // The author could delete it until the recipient postponed it.
    memo(17, "author", "recipient", "Book a service for the spray booth")
        .says(
            "The filter lamp has been on since Monday. The makers can come any Tuesday; they need \
             half a \
            day and an empty booth.",
        )
        .postponed(20, 10)
        .read_by(&["subscriber"])
        .tagged(&["Workshop"]),
    // For the recipient, it has every warning.
    memo(52, "author", "recipient", "Hotel Lindenhof wants forty writing desks")
        .says(
            "Mrs Keller has signed. Forty desks in ash with one drawer each, ten of them first for \
             a trial \
            floor. Can we take this on beside the library tables? The room plan and my notes are \
             attached.",
        )
        .reviewed(26, "Yes: a sample now, ten when it is approved, thirty after the library.")
        .wanted("For decision")
        .about("Hotel Lindenhof: forty writing desks")
        .read_by(&["subscriber", "henry"])
        .tagged(&["Sales", "Workshop"])
        .with(&[
            "Lindenhof cutting list.csv",
            "Lindenhof room plan.md",
            "Visit to the Lindenhof.txt",
        ])
        .task(
            work(InProgress, 12, &["tom"], "Build the sample desk for the Lindenhof")
                .says("Ash, oiled, one drawer on wooden runners. Mrs Keller comes to see it.")
                .with(&["Lindenhof cutting list.csv"]),
        )
        .project(
            work(InProgress, 75, &["recipient", "tom"], "Lindenhof: forty writing desks")
                .says(
                    "Sample, trial floor of ten, then thirty more. Delivery floor by floor, from \
                    the top.",
                )
                .with(&["Lindenhof room plan.md"]),
        )
        .discussed(&[
            ("recipient", 3, "How deep? At 70 cm we get two out of a board, at 75 only one."),
            (
                "author",
                5,
                "70 is fine, I have asked Mrs Keller. The drawer must take a folder lying flat.",
            ),
            ("subscriber", 22, "Then I draw the drawer 36 cm wide. The cutting list is updated."),
            ("henry", 25, "Ash in 27 mm is in stock for fifteen. I can have the rest reserved."),
            (
                "recipient",
                26,
                "Good. Please reserve it, Henry. Tom begins with the sample on Monday.",
            ),
            (
                "author",
                75,
                "Mrs Keller would like to see two oils on the sample, left half and right half.",
            ),
        ])
        .reminds(&[("author", 5), ("subscriber", 9), ("recipient", 3), ("henry", -10)]),
    // Nobody can delete it, because it is on hold.
    memo(24, "author", "recipient", "Brandt family: the table top has split")
        .says(
            "A crack of 30 cm along a glue line, three months after delivery. They have sent \
             photographs \
            and are rather cross. Please have a look before I answer.",
        )
        .about("Brandt family: dining table")
        .read_by(&["nadia"])
        .tagged(&["Complaint"])
        .held(
            "Our insurer is settling the Brandt claim and has asked us to keep everything about it \
             until \
            that is closed.",
        ),
    // To-dos: author and recipient are the same person.
    memo(6, "author", "author", "Prepare the handover for my holiday")
        .says("Open offers to Inês, the Lindenhof to Robert, the dealers' list to Charlotte.")
        .tagged(&["Sales"]),
    memo(30, "author", "author", "Collect references for the brochure")
        .says("Five customers who let us show their rooms. Ask Marlow Library first.")
        .reviewed(98, "Four have agreed: the library, both cafés and Mr Petrov. That is enough.")
        .tagged(&["Showroom"]),
    memo(8, "recipient", "recipient", "Have the planer knives sharpened")
        .says("Two sets, the long ones also need new screws.")
        .postponed(4, 6)
        .tagged(&["Workshop"]),
    // Drafts: they exist for their authors only.
    memo(2, "author", "recipient", "A fixed day for customers in the workshop")
        .says(
            "What if visitors came on Wednesday afternoons only? You would have four quiet days, \
             and I \
            could say so at once instead of asking each time. Still to find out: what did they do \
             at the \
            old site?",
        )
        .draft()
        .tagged(&["Workshop"]),
    memo(5, "recipient", "author", "Who could look after an apprentice next year")
        .says("Tom would be good at it but is full until the summer. Grace?")
        .draft(),
    // The author may delete it, but a file would be lost.
    memo(4, "author", "recipient", "Check the drawing of the oak sideboard")
        .says(
            "The customer has asked for doors instead of drawers on the left. I have changed the \
             measures \
            myself: please check that it can be built.",
        )
        .read_by(&["subscriber"])
        .tagged(&["Design"])
        .with(&["Oak sideboard, changed measures.md"]),
    // The author may delete it, but others have commented on it.
    memo(9, "author", "recipient", "Which oil for the library tables?")
        .says(
            "The library asks for something that stands ink and wet umbrellas. We used hard wax \
             last time \
            and they had rings within a year.",
        )
        .about("Marlow Library: reading tables")
        .read_by(&["subscriber", "tom"])
        .tagged(&["Materials", "Design"])
        .discussed(&[
            ("tom", 2, "Two coats were too few. With three and a week of rest there are no rings."),
            (
                "subscriber",
                4,
                "Lacquer on the top, wax on the legs? Nobody sees the difference from above.",
            ),
            ("author", 23, "They want to feel the wood. I would offer three coats of wax."),
        ]),
    // The author may delete it, but another person's reminder would go.
    memo(7, "author", "recipient", "The fire inspector comes")
        .says(
            "Mr Haddad will look at the extraction, the paint store and the way out at the back. \
             He needs \
            somebody with the keys for an hour.",
        )
        .read_by(&["subscriber"])
        .tagged(&["Office", "Workshop"])
        .reminds(&[("subscriber", 6), ("author", 5), ("recipient", 6)]),
    // The author may delete it. Its file stays, because another memo has it as well.
    memo(14, "author", "recipient", "Delivery dates for the next four weeks")
        .says("As promised to the customers. Tell me by Friday which of them you cannot keep.")
        .tagged(&["Delivery"])
        .with(&["Delivery dates.csv"]),
    // For the recipient, the only warning is that they are the recipient.
    memo(45, "author", "recipient", "Keep the showroom keys at the front desk")
        .says(
            "They went home with somebody twice this month, and I stood in front of the door with \
             a customer.",
        )
        .reviewed(6, "There is a hook beside the fuse box now. Whoever opens also closes.")
        .wanted("For approval")
        .tagged(&["Showroom"]),
    // It was first postponed, then reviewed. The postponing ended the author's right.
    memo(38, "author", "recipient", "Label the timber racks by species")
        .says(
            "I took cherry for pear again. A board with the name and a sample at each rack would \
             save us \
            both the walk.",
        )
        .postponed(25, -24)
        .reviewed(340, "Done with offcuts: the label is the wood itself, with the name burnt in.")
        .wanted("For approval")
        .read_by(&["henry"])
        .tagged(&["Materials"])
        .task(
            work(Done, -20, &["henry", "tom"], "Labels for the timber racks")
                .says("Twelve species, one offcut each."),
        ),
    memo(12, "author", "recipient", "Price for twelve stools at Café Brisk")
        .says(
            "They take the counter if the stools stay below 180 each. Where could we save without \
             it \
            showing?",
        )
        .about("Café Brisk: counter and stools")
        .tagged(&["Sales"])
        .discussed(&[
            ("recipient", 5, "Round legs instead of tapered ones save an hour a stool."),
            ("author", 7, "Round is fine with them, as long as the footrest stays brass."),
        ]),
    // The opposite direction.
    memo(20, "recipient", "author", "Please promise nothing below nine weeks")
        .says("With the library and the Lindenhof we are full. Repairs in two weeks still work.")
        .tagged(&["Sales"])
        .discussed(&[
            ("author", 3, "Small pieces too? A bedside table in nine weeks is hard to sell."),
            ("recipient", 20, "Anything that fits under the arm: five."),
        ])
        .reminds(&[("recipient", 11)]),
    memo(33, "recipient", "author", "Photographs while the library tables are still here")
        .says(
            "Six of them stand together now, and the light is good until four. In two weeks they \
             are \
            wrapped.",
        )
        .reviewed(22, "Inês comes with the camera. We take the website pictures on the same day.")
        .wanted("To be done")
        .about("Marlow Library: reading tables")
        .read_by(&["ines"])
        .tagged(&["Showroom", "Sales"])
        .project(
            work(InProgress, 18, &["author", "ines"], "New photographs for the website")
                .says("Library tables, lounge chair, sideboard, and the workshop itself."),
        ),
    memo(1, "recipient", "author", "Two veneers for the Lindenhof to choose from")
        .says(
            "One is even, one has the darker stripe. Both cost the same. I would show her the \
             stripe first.",
        )
        .about("Hotel Lindenhof: forty writing desks")
        .read_by(&["subscriber"])
        .tagged(&["Materials"])
        .with(&["Veneers for the Lindenhof.md"]),
];
