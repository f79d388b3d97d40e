//! Memos about customers, offers and the showroom.

use super::{Memo, memo, work};
use entity::WorkStatus::{Done, InProgress, Open};

pub(super) const MEMOS: [Memo; 15] = [
    memo(58, "chief", "author", "Do we go to the spring fair?")
        .says(
            "A stand of twelve square metres is still free beside the entrance. I would go if it \
             brings us \
            three dealers. What do you think it costs in all?",
        )
        .postponed(28, -50)
        .reviewed(
            120,
            "Yes, with the lounge chair and one library table. 9,400 in all, as in the sheet.",
        )
        .wanted("For decision")
        .read_by(&["ines", "nadia"])
        .tagged(&["Sales"])
        .with(&["Stand budget.csv"])
        .project(
            work(InProgress, 66, &["author", "ines"], "Stand at the spring fair")
                .says("Twelve square metres, open on two sides. Build-up takes two days.")
                .with(&["Stand budget.csv"]),
        )
        .discussed(&[
            (
                "ines",
                4,
                "Last year's visitors asked for chairs. We should bring something to sit on.",
            ),
            ("nadia", 27, "Below ten thousand I can place it without touching the reserve."),
            ("chief", 30, "Below ten thousand then. Amelia, please work it out properly."),
            ("author", 119, "Worked out: 9,400 with the hotel, and the reserve is in it."),
        ])
        .reminds(&[("chief", 30), ("ines", 44)]),
    memo(55, "ines", "chief", "Three firms for the new website")
        .says(
            "All three have made shops for workshops like ours. The second is the dearest and the \
             only one \
            that answered my questions.",
        )
        .reviewed(44, "The second one. Please ask Arjun what they need from us.")
        .wanted("For decision")
        .read_by(&["admin"])
        .tagged(&["Showroom"])
        .with(&["Web firms compared.csv"]),
    memo(50, "author", "ines", "A page about the Lindenhof")
        .says(
            "Not before the trial floor stands, but the text could be ready. Mrs Keller would give \
             us two \
            sentences.",
        )
        .reviewed(
            26,
            "I write it when the sample desk is finished, with a picture of it in the room.",
        )
        .about("Hotel Lindenhof: forty writing desks")
        .tagged(&["Sales"])
        .task(
            work(Open, 35, &["ines"], "Reference page: Hotel Lindenhof")
                .says("300 words, three pictures."),
        ),
    memo(44, "ines", "author", "Close the showroom on Saturday afternoons?")
        .says(
            "Between two and five we had nine visitors in the whole of last month, and seven of \
             them came \
            for the toilets.",
        )
        .reviewed(
            71,
            "Those two bought the sideboard and the beds. We stay open, but one person is enough.",
        )
        .wanted("For approval")
        .tagged(&["Showroom"]),
    memo(36, "author", "chief", "A discount for customers who come back")
        .says(
            "Five per cent from the third piece on. We give it anyway whenever somebody asks; \
             those who do \
            not ask are the polite ones.",
        )
        .postponed(52, 14)
        .read_by(&["nadia"])
        .tagged(&["Sales"])
        .discussed(&[
            ("nadia", 6, "Last year we gave away 2,300 in such discounts, to eleven customers."),
            ("chief", 50, "I would rather give than take off: a free oiling after two years?"),
            ("author", 54, "Customers would like that. It also brings us back into the house."),
        ])
        .reminds(&[("chief", 13), ("author", 14)]),
    memo(31, "chief", "ines", "Answer the bad review, please")
        .says(
            "One star because the drawer smelled of wood. Be kind and brief; I would not mention \
             that it is \
            a wooden drawer.",
        )
        .tagged(&["Complaint"]),
    memo(29, "author", "nadia", "Second invoice for Marlow Library")
        .says(
            "Half of the tables are finished, so the second third is due. They want it split by \
             reading \
            room.",
        )
        .reviewed(21, "Sent by reading room. The third one goes out with the delivery note.")
        .wanted("To be done")
        .about("Marlow Library: reading tables")
        .tagged(&["Sales", "Office"])
        .with(&["Marlow Library, payments.csv"])
        .task(
            work(InProgress, 26, &["nadia"], "Invoices for Marlow Library")
                .says("Three parts: order, half finished, delivery.")
                .with(&["Marlow Library, payments.csv"]),
        ),
    memo(22, "ines", "grace", "Cushions for the showroom window")
        .says(
            "Something green for the two benches, so that people can see the colour from across \
            the road.",
        )
        .reviewed(47, "Two in moss green, from what was left of the theatre seats. No cost.")
        .wanted("For approval")
        .read_by(&["author"])
        .tagged(&["Showroom"])
        .task(work(Done, -12, &["grace"], "Two green cushions").says("120 by 38 cm, 6 cm thick.")),
    memo(19, "ines", "subscriber", "New labels for the pieces in the showroom")
        .says(
            "Name, wood, who made it, price. The handwritten ones are lovely, but nobody can read \
             Tom's \
            sevens.",
        )
        .postponed(23, 4)
        .read_by(&["author"])
        .tagged(&["Showroom", "Design"]),
    memo(16, "nadia", "author", "Northgate School has cancelled")
        .says(
            "The council has cut the money for the lockers. They pay for the drawings, which I \
             have agreed \
            to.",
        )
        .about("Northgate School: lockers")
        .read_by(&["chief"])
        .tagged(&["Sales"])
        .discussed(&[
            ("author", 2, "A pity. May we offer the drawings to the other two schools?"),
            ("nadia", 4, "Yes, they are ours as soon as the invoice is paid."),
            ("chief", 22, "Well handled, both of you."),
        ]),
    memo(14, "author", "lukas", "Van plan for the next four weeks")
        .says(
            "The same dates as I gave to Robert. Where two deliveries fall on one day I have put \
             the nearer \
            one first.",
        )
        .reviewed(24, "Works, if the Petrov delivery goes out before seven.")
        .tagged(&["Delivery"])
        .with(&["Delivery dates.csv"]),
    memo(13, "author", "chief", "An evening for dealers")
        .says(
            "Twelve guests, soup, and the lounge chair in the middle of the room. Date to be \
             found; costs \
            still open.",
        )
        .draft()
        .tagged(&["Sales"]),
    memo(11, "author", "subscriber", "First sketch for Dr Moreau's waiting room")
        .says(
            "Nine seats, one for children, everything easy to wipe. She would like to see a sketch \
             before \
            she decides.",
        )
        .postponed(6, 2)
        .about("Dr Moreau: waiting room")
        .read_by(&["grace"])
        .tagged(&["Design", "Sales"])
        .reminds(&[("author", 2), ("grace", -4)]),
    memo(7, "chief", "author", "Who gets a card at the end of the year?")
        .says(
            "Please go through last year's list and strike out those who have moved or not \
             answered for \
            three years.",
        )
        .tagged(&["Office"]),
    memo(2, "ines", "author", "May I quote Mr Petrov on the home page?")
        .says(
            "\"It is the only table at which the children stay seated.\" He said it to you, so you \
             should \
            ask him.",
        )
        .tagged(&["Showroom"]),
];
