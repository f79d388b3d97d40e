//! Memos about wood, machines and products.

use super::{Memo, memo, work};
use entity::WorkStatus::{Done, InProgress, Open};

pub(super) const MEMOS: [Memo; 16] = [
    memo(60, "henry", "recipient", "Oak will cost eight per cent more")
        .says(
            "From the first of next month, from both sawmills. If we order for half a year now we \
             save \
            about 1,900, but we need the space.",
        )
        .reviewed(
            30,
            "Order for two quarters. The boards can lie behind the old boiler, it is dry there.",
        )
        .wanted("For information")
        .read_by(&["nadia", "subscriber"])
        .tagged(&["Materials"])
        .with(&["Oak prices.csv"])
        .task(
            work(Done, -44, &["henry"], "Order oak for two quarters")
                .says("27 and 33 mm, not steamed. Both sawmills.")
                .with(&["Oak prices.csv"]),
        )
        .discussed(&[
            ("nadia", 3, "1,900 saved, but how long is the money tied up?"),
            ("henry", 5, "Four months on average. It still pays."),
            ("recipient", 29, "And we stop sending Lukas for three boards at a time. Agreed."),
        ]),
    memo(57, "tom", "recipient", "The dust extraction is losing suction")
        .says(
            "At the far end you can hold a hand in front of the pipe and feel nothing. The planer \
             clogs \
            twice a day.",
        )
        .postponed(3, -49)
        .reviewed(
            165,
            "The fan is worn and too small for seven machines. We replace it and keep the pipes.",
        )
        .wanted("To be done")
        .read_by(&["henry", "chief"])
        .tagged(&["Workshop"])
        .with(&["Suction measured.csv", "Offer for a new fan.txt"])
        .project(
            work(InProgress, 28, &["recipient", "tom"], "New fan for the dust extraction")
                .says("The crane comes on a Saturday. Two days without machines.")
                .with(&["Offer for a new fan.txt"]),
        )
        .discussed(&[
            ("henry", 6, "Could it be the bags only? They were last changed in the spring."),
            ("tom", 7, "Changed this morning. Not enough. I have measured at every machine."),
            (
                "recipient",
                160,
                "The fan gives 60 per cent of what it should. I have an offer for another.",
            ),
            ("chief", 164, "Go ahead, lungs first."),
        ])
        .reminds(&[("recipient", 21), ("tom", 27), ("chief", -6)]),
    memo(53, "recipient", "tom", "Show Jonas the router table")
        .says(
            "He has had the safety lesson. Half a day with you, scrap wood only, and he may do the \
             edges of \
            the trays.",
        )
        .reviewed(75, "He is careful and asks before he switches on. Trays are his now.")
        .tagged(&["Workshop"])
        .task(
            work(Done, -46, &["tom"], "Router lesson for Jonas")
                .says("Half a day, with the guard on."),
        ),
    memo(47, "grace", "subscriber", "Foam that keeps its shape")
        .says(
            "The bench at the dentist's is flat after fourteen months. There is a denser foam that \
             costs a \
            third more and should last for ten years.",
        )
        .reviewed(50, "We use the denser one for everything that the public sits on.")
        .wanted("For information")
        .read_by(&["henry"])
        .tagged(&["Materials", "Design"]),
    memo(43, "subscriber", "recipient", "A lighter frame for the lounge chair")
        .says(
            "It weighs 14 kg, and people push it instead of lifting it. With thinner arms and a \
             slatted \
            back it would be 10. I need two prototypes to be sure that it still holds.",
        )
        .reviewed(
            28,
            "Two prototypes, with arms of 22 and of 24 mm. Then somebody heavy tries them.",
        )
        .wanted("For approval")
        .read_by(&["grace", "author"])
        .tagged(&["Design"])
        .with(&["Lounge chair, weights.csv", "Lounge chair, why lighter.md"])
        .project(
            work(InProgress, 42, &["recipient", "grace"], "Lounge chair, second version")
                .says("Below 10.5 kg, same look, same price.")
                .with(&["Lounge chair, weights.csv"]),
        )
        .discussed(&[
            ("grace", 5, "A slatted back needs a thicker cushion. That is 400 g back again."),
            ("subscriber", 7, "Counted already: 10.3 with the cushion."),
            ("author", 24, "For the fair I would need one that looks finished, even if it is not."),
            ("recipient", 27, "You get the 24 mm one."),
            ("subscriber", 31, "Thank you! The drawings are in your tray."),
        ])
        .reminds(&[("subscriber", 15), ("author", 50)]),
    memo(40, "recipient", "henry", "Find a second maker of hinges")
        .says("We waited eleven days for the last box. They must fit the same holes.")
        .postponed(22, -32)
        .reviewed(192, "Found one, four per cent dearer. We order a third of our hinges there.")
        .wanted("To be done")
        .tagged(&["Materials"]),
    memo(34, "lukas", "recipient", "The blankets in the van are worn out")
        .says("Ten of the thirty have holes, and yesterday I wrapped a cabinet door in my jacket.")
        .tagged(&["Delivery"])
        .reminds(&[("lukas", -3)]),
    memo(28, "tom", "henry", "A glue that sets in the cold")
        .says(
            "Below twelve degrees the white glue turns to chalk, and on Monday mornings it is ten \
            in here.",
        )
        .reviewed(26, "Two buckets of the winter kind are here. And on Mondays we heat from four.")
        .wanted("For discussion")
        .tagged(&["Materials", "Workshop"]),
    memo(26, "henry", "tom", "Offcuts: sell, burn or keep?")
        .says("The cage is full. Anything below 40 cm should go, but you know what you still need.")
        .read_by(&["recipient", "ines"])
        .tagged(&["Workshop"])
        .discussed(&[
            ("tom", 4, "Keep walnut and cherry whatever the length. Beech may go."),
            (
                "ines",
                6,
                "Sell it in the showroom! Bags of five kilos, for people with children or stoves.",
            ),
            ("henry", 23, "Then somebody has to pack bags. Jonas?"),
            ("tom", 25, "On Friday afternoons, with pleasure, he says."),
        ]),
    memo(21, "recipient", "lukas", "Marlow Library needs two vans and four people")
        .says(
            "Sixteen tables, second floor, no lift for anything longer than two metres. They close \
             on \
            Mondays.",
        )
        .postponed(5, 3)
        .about("Marlow Library: reading tables")
        .read_by(&["tom", "author"])
        .tagged(&["Delivery"])
        .discussed(&[
            ("lukas", 3, "I can hire a second van for the day. Who comes along beside Tom?"),
            ("tom", 21, "Jonas and my cousin, if we pay his lunch."),
        ])
        .reminds(&[("lukas", 16), ("author", 17)]),
    memo(18, "tom", "tom", "Build a jig for tapered legs")
        .says(
            "Four sides in one go, for legs of 60 to 75 cm. The old one is glued together from \
             three \
            mistakes.",
        )
        .reviewed(99, "Works to half a millimetre. It hangs on the left of the saw.")
        .tagged(&["Workshop"]),
    memo(15, "subscriber", "henry", "Samples of smoked larch")
        .says(
            "I would like it for Dr Moreau instead of walnut: similar colour, half the price, from \
             near \
            here.",
        )
        .about("Dr Moreau: waiting room")
        .read_by(&["author"])
        .tagged(&["Materials", "Design"])
        .with(&["Smoked larch.txt"]),
    memo(10, "grace", "recipient", "A second sewing machine")
        .says(
            "When Ana helps out one of us always waits. A used one with a walking foot costs \
            about 900.",
        )
        .reviewed(28, "Yes, up to 1,000. Take your time, and try it out before you pay.")
        .tagged(&["Workshop"])
        .task(
            work(Open, 21, &["grace"], "Buy a used sewing machine")
                .says("Walking foot, up to 1,000."),
        ),
    memo(8, "recipient", "tom", "Near miss at the band saw")
        .says(
            "Nobody was hurt, but the guard had been taken off for a thick piece and not put back. \
             Please \
            write down how it came about, without names.",
        )
        .read_by(&["chief"])
        .tagged(&["Workshop"]),
    memo(3, "tom", "recipient", "Lunch at half past eleven")
        .says(
            "Then the machines rest while the neighbours eat at noon, and we are done earlier on \
             Fridays. \
            Ask the others first!",
        )
        .draft(),
    memo(1, "henry", "recipient", "The birch plywood comes a week late")
        .says(
            "Their lorry is in repair. I can get ten sheets elsewhere at once, which would do for \
             the \
            drawers of the trial floor.",
        )
        .about("Hotel Lindenhof: forty writing desks")
        .read_by(&["author"])
        .tagged(&["Materials"]),
];
