"""Due reminders: our sending job against Odoo calendar's own reminder job and bare SQL (PERFORMANCE section 6).

Two shapes of 1,000 rows: 100 meetings with 10 guests each, and 1,000 meetings with one; each guest gets a link of his
own. 1,000 and 100,000 rows are sent as well, committing as the job does, to see that the cost per row does not grow
(other sizes: ``./dev bench reminders -s 5000``); and 1,000 limits are planned. Left out: SMTP, which is the mail
server's time, HTTP, and the peer at more than 1,000. Ours is the median of five runs after a warm-up, two before the
peer and three after it; the peer runs once, since that alone takes most of a minute.
"""

import time
from datetime import datetime, timedelta
from unittest.mock import patch

from devkit.benchmark import environment, sizes

MINUTES = 20
"""How long one number of rows may take; what is left then is said and left out."""
SHAPES = ((100, 10), (1000, 1))


def timed(env, work):
    """(seconds, queries) of one run, without what it wrote before."""
    env.flush_all()
    env.invalidate_all()
    before, start = env.cr.sql_log_count, time.perf_counter()
    work()
    env.flush_all()
    return time.perf_counter() - start, env.cr.sql_log_count - before


def rolled_back(env, work):
    with env.cr.savepoint(flush=False) as savepoint:
        result = timed(env, work)
        savepoint.rollback()
    env.invalidate_all()
    return result


def partners_of(env, number):
    return env["res.partner"].create(
        [{"name": f"Guest {n}", "email": f"guest{n}@x.example", "lang": "en_US"} for n in range(number)]
    )


def meetings_of(env, number, partners, each):
    """Scheduled meetings as facts, by the import of history, quickly: what is measured is sending."""
    kind = env["meeting.type"].create({"name": f"Bench {number}"})
    start = datetime.now().replace(microsecond=0) + timedelta(days=2)
    meetings = env["meeting.meeting"].create(
        [
            {
                "name": f"Meeting {n}",
                "type_id": kind.id,
                "convener_id": env.ref("base.user_admin").id,
                "start": start,
                "participant_ids": [
                    (0, 0, {"partner_id": partners[(n * each + index) % len(partners)].id}) for index in range(each)
                ],
            }
            for n in range(number)
        ]
    )
    env.flush_all()
    env.cr.execute(
        "UPDATE meeting_meeting SET state = 'scheduled', scheduled_at = now() - interval '1 day', number = id::text "
        "WHERE id = ANY(%s)",
        [meetings.ids],
    )
    env.invalidate_all()
    env.add_to_compute(meetings._fields["reader_keys"], meetings)
    meetings._follow_clocks()
    env.flush_all()
    env.cr.execute(
        "UPDATE meeting_notification SET state = 'void' WHERE state = 'pending' AND step NOT LIKE 'remind:%'"
    )
    return meetings


def one_reminder_due(env, meetings, partners, each):
    """The one of the hour is due now, for `each` of these guests of each meeting; nothing else is."""
    env.cr.execute("UPDATE meeting_notification SET state = 'void' WHERE state IN ('pending', 'failed')")
    rule = env.ref("meeting_management.reminder_rule_meeting_hour")
    env.cr.execute(
        """WITH chosen AS (
               SELECT id, row_number() OVER (PARTITION BY res_id ORDER BY id) AS number FROM meeting_notification
                WHERE res_model = 'meeting.meeting' AND res_id = ANY(%s) AND step LIKE %s
                  AND partner_id = ANY(%s))
           UPDATE meeting_notification n SET state = 'pending', sent_at = NULL, due = now() AT TIME ZONE 'UTC'
             - interval '1 minute' FROM chosen WHERE chosen.id = n.id AND number <= %s""",
        [meetings.ids, f"remind:%.{rule.id}.0", partners.ids, each],
    )
    count = env.cr.rowcount
    env.invalidate_all()
    return count


def ours(env):
    ledger = env["meeting.notification"]

    def work():
        while rows := ledger._lock_due(200):
            rows._send()

    return work


def peer(env, partners, number, each):
    """The same in Odoo's calendar: an e-mail alarm of an hour before."""
    alarm = env.ref("calendar.alarm_mail_1")
    start = datetime.now().replace(microsecond=0) + timedelta(minutes=alarm.duration_minutes, seconds=-30)
    events = (
        env["calendar.event"]
        .with_context(no_mail_to_attendees=True, mail_create_nolog=True, dont_notify=True)
        .create(
            [
                {
                    "name": f"Event {n}",
                    "start": start,
                    "stop": start + timedelta(hours=1),
                    "alarm_ids": [(6, 0, alarm.ids)],
                    "partner_ids": [(6, 0, [partners[(n * each + index) % len(partners)].id for index in range(each)])],
                }
                for n in range(number)
            ]
        )
    )
    env.flush_all()
    manager, mail = env["calendar.alarm_manager"], type(env["mail.mail"])

    def work():
        last = env.ref("calendar.ir_cron_scheduler_alarm")
        last.lastcall = datetime.now() - timedelta(hours=2)
        with patch.object(mail, "send", lambda *_args, **_kwargs: True):
            manager.with_context(lastcall=last.lastcall)._send_reminder()

    return events, work


def bare(env):
    """What no program can do without: lock, one message and one copy for each row, the mark."""

    def work():
        env.cr.execute(
            "SELECT id, partner_id, res_id FROM meeting_notification WHERE state = 'pending' AND due <= now() "
            "AT TIME ZONE 'UTC' ORDER BY due, id FOR UPDATE SKIP LOCKED"
        )
        rows = env.cr.fetchall()
        env.cr.execute(
            "INSERT INTO mail_message (model, res_id, message_type, subject, body, date) SELECT 'meeting.meeting', "
            "unnest(%s::int[]), 'user_notification', 'Reminder', '<p>In an hour</p>', now() RETURNING id",
            [[row[2] for row in rows]],
        )
        messages = [row[0] for row in env.cr.fetchall()]
        env.cr.execute(
            "INSERT INTO mail_mail (mail_message_id, state, body_html) SELECT unnest(%s::int[]), 'outgoing', "
            "'<p>In an hour</p>' RETURNING id",
            [messages],
        )
        mails = [row[0] for row in env.cr.fetchall()]
        env.cr.execute(
            "INSERT INTO mail_mail_res_partner_rel (mail_mail_id, res_partner_id) "
            "SELECT * FROM unnest(%s::int[], %s::int[])",
            [mails, [row[1] for row in rows]],
        )
        env.cr.execute(
            "INSERT INTO mail_notification (mail_message_id, mail_mail_id, res_partner_id, notification_type, "
            "notification_status) SELECT *, 'email', 'ready' FROM unnest(%s::int[], %s::int[], %s::int[])",
            [messages, mails, [row[1] for row in rows]],
        )
        env.cr.execute(
            "UPDATE meeting_notification SET state = 'sent', sent_at = now() WHERE id = ANY(%s)",
            [[row[0] for row in rows]],
        )

    return work


def line(name, count, seconds, queries, base=None, events=None):
    ratio = f"{seconds / base:8.3f}×" if base else f"{'':9}"
    per_event = f"{queries / events:9.2f}" if events else f"{'':9}"
    print(
        f"{name:46} {count:7} {seconds:9.2f} s {queries:8} {queries * 1000 / count:9.0f} {per_event} {ratio}",
        flush=True,
    )


def main():
    with environment() as env:
        env = env(context={"tracking_disable": True, "lang": "en_US", "mail_notrack": True})
        partners = partners_of(env, 1000)
        print(f"\n{'case':46} {'rows':>7} {'time':>11} {'queries':>8} {'per 1000':>9} {'per event':>9} {'to peer':>9}")
        for number, each in SHAPES:
            meetings = meetings_of(env, number, partners, each)
            count = one_reminder_due(env, meetings, partners, each)
            if count != number * each:
                raise SystemExit(f"{count} reminders are due instead of {number * each}")
            rolled_back(env, ours(env))
            mine = [rolled_back(env, ours(env)) for _number in range(2)]
            limit = rolled_back(env, bare(env))
            events, work = peer(env, partners, number, each)
            theirs = rolled_back(env, work)
            events.unlink()
            mine += [rolled_back(env, ours(env)) for _number in range(3)]
            spread = f"{min(mine)[0]:.2f}–{max(mine)[0]:.2f} s"
            shape = f"{number} × {each}"
            line(f"{shape}: calendar's own reminder job", count, *theirs, events=number)
            line(f"{shape}: our job ({spread})", count, *sorted(mine)[2], base=theirs[0], events=number)
            line(f"{shape}: bare SQL", count, *limit, base=theirs[0], events=number)
            plan = rolled_back(env, lambda meetings=meetings: meetings._follow_clocks())
            clocks = env["meeting.clock"].search_count(
                [("res_model", "=", "meeting.meeting"), ("res_id", "in", meetings.ids), ("state", "=", "running")]
            )
            line(f"{shape}: planning {clocks} limits anew", count, *plan)
        for rows in sizes(1_000, 100_000):
            many(env, partners, rows)


def many(env, partners, wanted):
    """A hundred people a meeting; committed in portions, as the job does. A line for each tenth of many rows."""
    each = 100
    meetings = meetings_of(env, max(wanted // each, 1), partners, each)
    count = one_reminder_due(env, meetings, partners, each)
    env.cr.commit()
    ledger, done, portion = env["meeting.notification"], 0, max(wanted // 10, 1_000)
    start, before = time.perf_counter(), env.cr.sql_log_count
    began, queries, sent = start, before, 0
    while time.perf_counter() - start < MINUTES * 60 and (rows := ledger._lock_due(200)):
        rows._send()
        env.cr.commit()
        done += len(rows)
        if done - sent >= portion and wanted > 1_000:
            now, known = time.perf_counter(), env.cr.sql_log_count
            line(f"    up to {done:,}", done - sent, now - began, known - queries)
            began, queries, sent = now, known, done
    seconds = time.perf_counter() - start
    line(f"{len(meetings)} × {each}: our job, with commits", done, seconds, env.cr.sql_log_count - before)
    if done < count:
        print(f"left out after {MINUTES} minutes: {count - done} of {count} rows")


if __name__ == "__main__":
    main()
