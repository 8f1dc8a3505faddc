"""The meetings of the demo's districts: Bradford's daily, its panel and that of 2019; Kirklees' two."""

from datetime import date, time

from risk.meetings.rules.calendar import Every
from risk.meetings.rules.plan import Plan

SINCE = date(2014, 1, 1)
PLANS: dict[str, dict[str, Plan]] = {
    "bradford": {
        "daily": Plan(
            name="Daily meeting",
            takes="days_list",
            weekdays=(0, 1, 2, 3, 4),
            starts_at=time(9, 15),
            since=SINCE,
            terms="Decides on new referrals and new information the same morning, every agency having "
            "looked at what it holds. An urgent rise holds at once; a fall and a closing are proposed.",
        ),
        "panel": Plan(
            name="Thursday panel",
            takes="proposals",
            weekdays=(3,),
            starts_at=time(10),
            since=SINCE,
            settles=True,
            terms="Ratifies or turns every proposed change of level and every closing. "
            "Whoever proposed a change does not ratify it alone; dissent is kept.",
        ),
        # "Tri-weekly" (report of 2019, 2.17) is taken as three times a week; all of this is a setting.
        "exploitation": Plan(
            name="Exploitation meeting",
            takes="levels",
            weekdays=(0, 2, 4),
            starts_at=time(11),
            since=date(2019, 4, 1),
            levels=("HIGH",),
            most=15,
            terms="Exploitation of every kind, criminal and sexual, with what is known of missing "
            "children and of county lines: the gravest cases, narrowed to a kind on the agenda.",
        ),
    },
    "kirklees": {
        "briefing": Plan(
            name="Weekly briefing",
            takes="levels",
            weekdays=(1,),
            starts_at=time(9, 30),
            since=date(2016, 9, 1),
            levels=("LOW",),
            most=10,
            quorum=("social_care",),
            terms="At most ten low cases, those longest undiscussed first.",
        ),
        "macse": Plan(
            name="MACSE",
            takes="levels",
            weekdays=(2,),
            starts_at=time(10),
            since=date(2016, 9, 1),
            every=Every.MONTH,
            levels=("MEDIUM", "HIGH"),
            settles=True,
            quorum=("social_care",),
            terms="Once a month every case at medium and high, and what disrupts those who exploit.",
        ),
    },
}
# What a social worker proposed of the demo's open cases, each from that level: to which, why, and what stays.
PROPOSED = (
    (
        "HIGH",
        "MEDIUM",
        "Back at school for six weeks, no missing episode since, and the phone is in her own hands.",
        "The key worker stays for three months; school calls the lead at once if she is not there.",
    ),
    (
        "MEDIUM",
        "LOW",
        "The group has not been seen together since the order; the family works with the service.",
        "The service sees him fortnightly until the summer; the police keep the flag until the review.",
    ),
)
