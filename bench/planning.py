"""Planning a meeting with ten participants, against Odoo's own calendar without its mails, and against bare INSERTs.

Our meetings are drafts with their rights, tracking and chatter; calendar events carry attendees, with
invitations switched off.
Left out: mail on both sides, COMMIT.
"""

from datetime import datetime, timedelta

from _measure import compare

from devkit.benchmark import environment

START = datetime(2030, 1, 7, 9)


def main():
    with environment() as env:
        user = (
            env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": "Planner",
                    "login": "planner",
                    "group_ids": [(6, 0, env.ref("base.group_user").ids)],
                    "email": "p@x.example",
                }
            )
        )
        partners = env["res.partner"].create([{"name": f"Guest {n}", "email": f"g{n}@x.example"} for n in range(10)])
        kind = env["meeting.type"].create({"name": "Bench"})
        mine = env(user=user)

        def ours(count):
            mine["meeting.meeting"].create(
                [
                    {
                        "name": f"Meeting {n}",
                        "type_id": kind.id,
                        "start": START + timedelta(hours=n),
                        "participant_ids": [(0, 0, {"partner_id": partner.id}) for partner in partners],
                    }
                    for n in range(count)
                ]
            )

        def calendar(count):
            mine["calendar.event"].with_context(no_mail_to_attendees=True, dont_notify=True).create(
                [
                    {
                        "name": f"Meeting {n}",
                        "start": START + timedelta(hours=n),
                        "stop": START + timedelta(hours=n + 1),
                        "partner_ids": [(6, 0, partners.ids)],
                    }
                    for n in range(count)
                ]
            )

        def bare(count):
            for number in range(count):
                env.cr.execute(
                    "INSERT INTO calendar_event (name, start, stop, user_id, active, show_as) "
                    "VALUES (%s, %s, %s, %s, true, 'busy') RETURNING id",
                    (f"Meeting {number}", START, START + timedelta(hours=1), user.id),
                )
                event = env.cr.fetchone()[0]
                env.cr.execute(
                    "INSERT INTO calendar_attendee (event_id, partner_id, state) SELECT %s, unnest(%s), 'needsAction'",
                    (event, partners.ids),
                )

        for count in (1, 50):
            compare(
                f"{count} meeting(s) with ten participants",
                env,
                {
                    "Odoo's calendar, no mail": lambda n=count: calendar(n),
                    "a meeting of ours, draft": lambda n=count: ours(n),
                    "bare INSERTs": lambda n=count: bare(n),
                },
            )


main()
