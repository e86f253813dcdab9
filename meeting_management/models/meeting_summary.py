"""The morning summary: one message per person and day instead of many (RE-1, RE-2, RE-3).

A summary is a subject of the ledger like any other, so that rendering, sending, failing and proof are the same. What
it lists comes from My Day, with the reader's own rights; what the ledger held for it goes along and counts as sent.
"""

from collections import defaultdict
from datetime import timedelta

import pytz
from babel.dates import format_skeleton
from odoo import api, fields, models
from odoo.tools import SQL, format_date
from odoo.tools.misc import babel_locale_parse

from ..said import time_said

CLOSED = ("participants", "secret")
WINDOW = 6
"""Hours after its moment within which a morning summary is still worth sending."""


class MeetingSummary(models.Model):
    """摘要. One per person and day, which the database holds to (RE-3). Its reader alone sees it; nobody writes it."""

    _name = "meeting.summary"
    _description = "Summary"
    _inherit = ["meeting.notification.subject"]
    _order = "day desc, id desc"

    kind = fields.Selection([("morning", "Morning Summary")], required=True, readonly=True)
    user_id = fields.Many2one("res.users", "Reader", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    day = fields.Date(required=True, readonly=True)
    body = fields.Html("Message", compute="_compute_body", sanitize=False)

    _once_a_day = models.UniqueIndex(
        "(user_id, day) WHERE kind = 'morning'", "This person has had the morning summary of that day."
    )

    @api.depends("kind", "day")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for summary in self:
            summary.display_name = self.env._(
                "%(kind)s, %(day)s", kind=kinds.get(summary.kind), day=format_date(self.env, summary.day)
            )

    def _compute_body(self):
        """What was sent, for the reader who comes from his inbox."""
        # sudo: the ledger is closed to recipients; each sees his own message
        rows = self.env["meeting.notification"].sudo()
        rows = rows.search([("res_model", "=", self._name), ("res_id", "in", self.ids), ("state", "=", "sent")])
        bodies = {row.res_id: row.mail_message_id.body for row in rows}
        for summary in self:
            summary.body = bodies.get(summary.id) if summary.user_id == self.env.user else False

    # When one is due

    @api.model
    def _make_due(self):
        """Owe the summaries whose moment has come; a second server, or a second run, adds none (RE-3)."""
        now = fields.Datetime.now()
        made = self._insert("morning", self._due_mornings(now))
        working = made.filtered(lambda summary: summary.user_id._meeting_works_on(summary.day, summary._reader_tz()))
        self.env["meeting.notification"]._queue_rows(
            [(summary, "summary", summary.user_id.partner_id.id, now) for summary in working]
        )

    @api.model
    def _due_mornings(self, now):
        """:return: list of (user id, company id, day) of those in whose time zone it is past their moment"""
        self.env["res.users"].flush_model()
        self.env["res.partner"].flush_model(["tz"])
        return self.env.execute_query(
            SQL(
                """SELECT u.id, u.company_id, u.here::date FROM (%(wishes)s) AS u
                    WHERE extract(epoch FROM u.here::time) / 3600 >= u.hour
                      AND extract(epoch FROM u.here::time) / 3600 < u.hour + %(window)s
                      AND NOT EXISTS (SELECT FROM meeting_summary s
                                       WHERE s.user_id = u.id AND s.day = u.here::date AND s.kind = 'morning')
                    ORDER BY u.id""",
                wishes=self._sql_wishes(now),
                window=WINDOW,
            )
        )

    @api.model
    def _next_moment(self):
        """:return: when the next morning summary of anybody falls due, as naive UTC, or None"""
        self.env["res.users"].flush_model()
        self.env["res.partner"].flush_model(["tz"])
        [(moment,)] = self.env.execute_query(
            SQL(
                """SELECT min((u.here::date + CASE WHEN extract(epoch FROM u.here::time) / 3600 < u.hour THEN 0 ELSE 1
                    END + u.hour * interval '1 hour') AT TIME ZONE u.tz AT TIME ZONE 'UTC') FROM (%s) AS u""",
                self._sql_wishes(fields.Datetime.now()),
            )
        )
        return moment

    @api.model
    def _sql_wishes(self, now):
        """:return: SQL of (id, company_id, hour, tz, here): who wants a summary, when, and what time it is there"""
        return SQL(
            """SELECT w.*, %s::timestamp AT TIME ZONE 'UTC' AT TIME ZONE w.tz AS here FROM (
                 SELECT u.id, u.company_id, u.meeting_summary_time AS hour,
                        coalesce(p.tz, cp.tz, rc.tz, 'UTC') AS tz
                   FROM res_users u JOIN res_partner p ON p.id = u.partner_id
                   JOIN res_company c ON c.id = u.company_id JOIN res_partner cp ON cp.id = c.partner_id
                   LEFT JOIN resource_calendar rc ON rc.id = c.resource_calendar_id
                  WHERE u.active AND NOT coalesce(u.share, FALSE) AND u.meeting_summary) AS w""",
            now,
        )

    @api.model
    def _insert(self, kind, rows):
        """:return: the new summaries of (user id, company id, day); those that exist are left alone"""
        if not rows:
            return self.browse()
        users, companies, days = (list(column) for column in zip(*rows, strict=True))
        now = fields.Datetime.now()
        ids = self.env.execute_query(
            SQL(
                """INSERT INTO meeting_summary (kind, user_id, company_id, day, create_uid, create_date, write_uid,
                     write_date)
                   SELECT %(kind)s, v.user_id, v.company_id, v.day, %(uid)s, %(now)s, %(uid)s, %(now)s
                     FROM unnest(%(users)s::int[], %(companies)s::int[], %(days)s::date[])
                       AS v(user_id, company_id, day)
                   ON CONFLICT DO NOTHING RETURNING id""",
                kind=kind,
                uid=self.env.uid,
                now=now,
                users=users,
                companies=companies,
                days=days,
            )
        )
        return self.browse([row[0] for row in ids])

    @api.autovacuum
    def _gc_unsent(self):
        """Days without anything to say leave no trace after a week."""
        old = self.search([("create_date", "<", fields.Datetime.now() - timedelta(days=7))])
        # sudo: counts rows of the ledger, shows none
        rows = self.env["meeting.notification"].sudo()
        sent = rows.search([("res_model", "=", self._name), ("res_id", "in", old.ids), ("state", "!=", "void")])
        old.filtered(lambda summary: summary.id not in set(sent.mapped("res_id"))).unlink()

    # What the ledger asks

    def _notification_company(self):
        return self.company_id

    def _notification_level(self):
        """It names nothing that is closed, so no level governs it."""
        return False

    def _notification_url(self, step):
        return f"{self.get_base_url()}/odoo/my-day"

    def _notification_values(self, step):
        self.ensure_one()
        carried, news = self._held_news()
        agenda, sections = self._my_day()
        if not (news or agenda or sections):
            return None
        day = format_date(self.env, self.day, date_format="full")
        return {
            "subject": self.env._("Your morning summary, %s", day),
            "heading": self.env._("Good morning, %s", self.user_id.name),
            "button": self.env._("Open My Day"),
            "footer": self.env._(
                "You get this summary instead of single messages because you chose so under Reminder Preferences."
            ),
            "day": day,
            "agenda": agenda,
            "sections": sections,
            "news": news,
            "carried": carried,
        }

    def _reader_tz(self):
        return pytz.timezone(self.user_id.tz or self._notification_default_tz())

    # What stands in it

    def _as_reader(self):
        """:return: My Day in the hands of the reader, in his language and time zone, over all his companies"""
        user = self.user_id
        return (
            self.env["meeting.my.day"]
            .with_user(user)
            .with_context(
                lang=self.env.context.get("lang"),
                tz=self.env.context.get("tz"),
                allowed_company_ids=[user.company_id.id, *(user.company_ids - user.company_id).ids],
            )
        )

    def _my_day(self):
        """:return: (lines of today's meetings, list of dict(title, count, lines) of what waits)"""
        found = self._as_reader().get()
        today = [card for card in found["agenda"]["cards"] if self._local_day(card["when"]) == self.day]
        return [self._line(card, as_time=True) for card in today], [
            {
                "title": section["title"],
                "count": section["count"],
                "lines": [self._line(card) for card in section["cards"][:5]],
            }
            for section in found["sections"]
        ]

    def _local_day(self, when):
        if not when:
            return None
        return fields.Datetime.context_timestamp(self, fields.Datetime.to_datetime(when)).date()

    def _when(self, moment, as_time):
        """:return: the time, and the day without its year unless it is today's, in the reader's way of writing them"""
        tz = self.env.context.get("tz")
        hour = time_said(self.env, moment, tz)
        if as_time:
            return hour
        here = fields.Datetime.context_timestamp(self, moment)
        day = format_skeleton("MMMd", here, locale=babel_locale_parse(self.env.lang or "en_US"))
        return f"{day} {hour}"

    def _line(self, card, as_time=False):
        """:return: dict(when, title, note, late, url) of a card of My Day. What is closed is named by a neutral word: a
        summary stays with its reader when his right to read ends (CF-1)."""
        record = self.env[card["model"]].browse(card["id"])
        closed = self._is_closed(record)
        when = card["when"] and self._when(fields.Datetime.to_datetime(card["when"]), as_time)
        return {
            "when": when or "",
            "title": self.env._("Confidential") if closed else card["title"],
            "note": "" if closed else " · ".join(text for text in (card["place"], card["note"]) if text),
            "late": card["late"],
            "url": f"{self.get_base_url()}/mail/view?model={card['model']}&res_id={card['id']}",
        }

    @api.model
    def _is_closed(self, record):
        """Whether the level of a document of ours, or of its meeting, keeps its content out of a summary."""
        if hasattr(record, "_notification_level"):
            levels = {record._notification_level(), record._notification_meeting().level}
        else:
            levels = {record.meeting_id.level} if "meeting_id" in record._fields else {False}
        return bool(levels & set(CLOSED))

    def _held_news(self):
        """Take what the ledger holds for this reader's summary, locked, as far as he is still to be told.

        :return: (rows of the ledger, list of dict(label, title, url))
        """
        ledger = self.env["meeting.notification"]
        ledger.flush_model()
        found = self.env.execute_query(
            SQL(
                """SELECT id FROM meeting_notification WHERE partner_id = %s AND state = 'pending'
                    AND held_for = 'summary' AND due <= %s ORDER BY due, id FOR UPDATE SKIP LOCKED""",
                self.user_id.partner_id.id,
                fields.Datetime.now(),
            )
        )
        rows = ledger.browse([row[0] for row in found])
        rows.invalidate_recordset(flush=False)
        subjects = defaultdict(ledger.browse)
        for row, record in rows._with_subjects():
            subjects[record, row.step] |= row
        carried, news = ledger.browse(), []
        for (record, step), group in subjects.items():
            record = record.with_context(lang=self.env.context.get("lang"), tz=self.env.context.get("tz"))
            told = group._guarded("render", self._news, record, step, group)
            if told:
                news.append(told)
                carried |= group
        return carried, news

    def _news(self, record, step, rows):
        """:return: dict(label, title, url) of one held message, or None where he need not be told any more"""
        if not rows._still_to_tell(record, step):
            return None
        values = record._notification_values(step)
        if values is None:
            rows._drop("nothing")
            return None
        closed = self._is_closed(record)
        rows = rows.with_context(lang=self.env.context.get("lang"))
        return {
            "label": rows[:1].step_label,
            "title": self.env._("Confidential") if closed else values["heading"],
            "url": record._notification_url(step),
        }


class MeetingPrivacyMixin(models.AbstractModel):
    _inherit = "meeting.privacy.mixin"

    @api.model
    def _guarded_models(self):
        """Messages about a summary are its reader's alone, in the queue of mails too."""
        return (*super()._guarded_models(), "meeting.summary")
