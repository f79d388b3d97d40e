//! Memos about money, machines with keyboards, and the van.

use super::{Memo, memo, work};
use entity::WorkStatus::{Done, InProgress};

pub(super) const MEMOS: [Memo; 16] = [
    memo(59, "admin", "chief", "The telephone system ends this year")
        .says(
            "The provider switches the old lines off. The new one rings on the computers too, and \
             in the \
            workshop on two sturdy handsets.",
        )
        .reviewed(48, "Go ahead. The number must stay, it is painted on the van.")
        .wanted("For decision")
        .read_by(&["nadia"])
        .tagged(&["Office"])
        .project(
            work(Done, -15, &["admin"], "New telephones")
                .says("Fourteen extensions, two handsets in the workshop, the old number."),
        ),
    memo(54, "nadia", "chief", "Figures of the last quarter")
        .says(
            "Better than we feared: the repairs made up for the late library. Wages and wood are \
             both above \
            plan.",
        )
        .reviewed(29, "Thank you. Let us talk about the wood when the oak order is in.")
        .wanted("For information")
        .tagged(&["Office"])
        .with(&["Figures of the last quarter.csv"]),
    memo(49, "stranger", "nadia", "The fuel card stops at 200 litres")
        .says(
            "On the 24th I stood at the pump with my own money. Could it be 300 in months with \
            five weeks?",
        )
        .reviewed(5, "It is 320 now. Please hand in the receipt, you get it back on Friday.")
        .wanted("For approval")
        .tagged(&["Delivery"]),
    memo(42, "stranger", "lukas", "The ramp at Mr Petrov's is too steep")
        .says(
            "With the trolley it is not safe for one person. Next time two of us, or the stairs on \
             the \
            other side.",
        )
        .reviewed(26, "Two people for that address from now on; it stands in the tour sheet.")
        .read_by(&["tom"])
        .tagged(&["Delivery"])
        .discussed(&[
            ("lukas", 2, "How wide are the stairs? The sideboard is 62 deep."),
            ("stranger", 3, "80 at the narrowest place. It fits upright."),
            ("tom", 21, "Upright only with the doors off. They lift out, no tools needed."),
        ]),
    memo(39, "chief", "admin", "Who can open the salary sheets?")
        .says(
            "I saw the folder on the large screen in the meeting room. It should be Nadia and me, \
             nobody \
            else.",
        )
        .reviewed(2, "Closed: only the two of you. Nobody else had opened it in the last year.")
        .wanted("For information")
        .tagged(&["Office"]),
    memo(35, "admin", "nadia", "Old invoices in the cellar")
        .says(
            "Everything older than ten years may go. I could have it collected and shredded, if \
             you look \
            through it first.",
        )
        .postponed(24, 25)
        .tagged(&["Office"])
        .reminds(&[("nadia", 24), ("admin", 25)]),
    memo(27, "stranger", "tom", "Straps instead of ropes")
        .says(
            "A rope left a mark on the Hoffmann cabinet. With wide straps and corner pads that \
             does not \
            happen. I wrote down what we would need.",
        )
        .read_by(&["lukas"])
        .tagged(&["Delivery", "Materials"])
        .with(&["Straps for the van.txt"])
        .reminds(&[("stranger", 8)]),
    memo(25, "nadia", "nadia", "Check the letters about the pensions")
        .says("Two addresses are old, and Tom's date of birth is wrong again.")
        .reviewed(76, "All corrected and confirmed in writing.")
        .tagged(&["Office"]),
    memo(23, "chief", "stranger", "First aid course for those who drive")
        .says(
            "You are on the road alone most of the time. One day, paid of course. Would you like \
            to go?",
        )
        .reviewed(20, "Gladly. There is a place on the second Saturday of next month.")
        .wanted("For decision")
        .read_by(&["nadia", "lukas"])
        .tagged(&["Office"])
        .task(
            work(InProgress, 20, &["stranger"], "First aid course")
                .says("One Saturday, nine to five."),
        ),
    memo(13, "admin", "ines", "New passwords for the web shop")
        .says(
            "Three of you share one. Everybody gets their own on Thursday; please say whether the \
             temps \
            need any.",
        )
        .tagged(&["Office"]),
    memo(12, "stranger", "stranger", "Winter tyres")
        .says("Both vans. Ask whether they can stay in storage where we have them changed.")
        .postponed(3, 12)
        .tagged(&["Delivery"])
        .reminds(&[("stranger", 12)]),
    memo(9, "stranger", "henry", "A dry place for the trailer")
        .says("Behind the timber shed there would be room if the pallets were gone. Measure first.")
        .draft()
        .tagged(&["Delivery"]),
    memo(6, "lukas", "stranger", "Would you take my Friday tour?")
        .says(
            "My daughter's school play is at three. I would do your Monday, which has the long way \
             to the \
            coast.",
        )
        .tagged(&["Delivery"])
        .discussed(&[
            (
                "stranger",
                2,
                "Gladly. Is the Hoffmann bed on it? Then I need a second pair of hands.",
            ),
            ("lukas", 3, "It is. Jonas can come, I have asked him."),
        ]),
    memo(5, "nadia", "stranger", "Two motorway receipts are missing")
        .says("The 3rd and the 11th. A photograph is enough.")
        .tagged(&["Office"])
        .reminds(&[("nadia", 2), ("nadia", -1)]),
    memo(4, "chief", "nadia", "A first draft of next year's budget")
        .says(
            "Rough is fine. I would like to see what happens if we hire one person for the \
             workshop and \
            none for the office.",
        )
        .read_by(&["admin"])
        .tagged(&["Office"])
        .discussed(&[
            (
                "nadia",
                4,
                "With or without the new fan? It falls into this year if it is delivered in time.",
            ),
            ("chief", 5, "Without. And please put the fair on a line of its own."),
            (
                "admin",
                24,
                "From my side: the telephones save 1,200, the new web shop eats them up again.",
            ),
            ("nadia", 27, "Then it comes out even. You have a draft by the end of the week."),
        ]),
    memo(2, "admin", "admin", "Try out a restore of the backups")
        .says(
            "Pick a memo folder and a mailbox, restore both to the spare machine, write down how \
             long it \
            takes.",
        )
        .tagged(&["Office"]),
];
