"""The meetings of a series: created ahead, kept in step while they are drafts, submitted in time (MT-1, MT-5)."""

import logging
from collections import defaultdict
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date, format_list

from ..log_privacy import without_content
from ..told import RELOAD, told
from .meeting_permission_table import is_stricter
from .meeting_rhythm_mixin import RHYTHM_FIELDS

_logger = logging.getLogger(__name__)

TEMPLATE = ("name", "type_id", "convener_id", "chair_id", "minute_taker_id", "department_id", "duration", "room_id")
"""What each meeting takes over as it is."""
WHEN = (*RHYTHM_FIELDS, "words", "tz", "holiday_rule", "start_date", "end_type", "end_date", "count", "active")


class MeetingSeries(models.Model):
    _inherit = "meeting.series"

    _todo_type = "meeting_management.mail_activity_series_todo"
    _followed_fields = frozenset((*TEMPLATE, *WHEN, "participant_ids"))

    generated_until = fields.Date("Planned until", readonly=True, copy=False)
    last_change = fields.Text(
        "Last Change", readonly=True, copy=False, help="What the last change did to meetings ahead."
    )
    next_meeting_id = fields.Many2one("meeting.meeting", string="Next One", compute="_compute_next_meeting_id")
    next_start = fields.Datetime("Next Meeting", compute="_compute_meeting_count")
    meeting_count = fields.Integer("Meetings", compute="_compute_meeting_count")
    draft_count = fields.Integer("Drafts", compute="_compute_meeting_count")

    def _compute_meeting_count(self):
        """Counted as the current user: nobody learns of meetings he may not read."""
        Meeting = self.env["meeting.meeting"]
        counts, drafts = defaultdict(int), defaultdict(int)
        for series, state, count in Meeting._read_group(
            [("series_id", "in", self.ids)], ["series_id", "state"], ["__count"]
        ):
            counts[series.id] += count
            drafts[series.id] += count if state == "draft" else 0
        ahead = [("series_id", "in", self.ids), ("start", ">", fields.Datetime.now()), ("state", "!=", "cancelled")]
        following = {series.id: start for series, start in Meeting._read_group(ahead, ["series_id"], ["start:min"])}
        for series in self:
            series.meeting_count = counts[series._origin.id]
            series.draft_count = drafts[series._origin.id]
            series.next_start = following.get(series._origin.id)

    def _compute_next_meeting_id(self):
        """See :meth:`_compute_meeting_count`."""
        for series in self:
            series.next_meeting_id = series._origin.id and self.env["meeting.meeting"].search(
                [
                    ("series_id", "=", series._origin.id),
                    ("start", ">", fields.Datetime.now()),
                    ("state", "!=", "cancelled"),
                ],
                order="start, id",
                limit=1,
            )

    def action_view_meetings(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("meeting_management.meeting_meeting_action")
        return {**action, "name": self.name, "domain": [("series_id", "=", self.id)], "context": {"create": False}}

    def action_generate(self):
        """Create the meetings that are missing up to the horizon, now instead of tonight."""
        self.check_access("write")
        created = self._generate()
        if not created:
            return told(self.env._("Nothing to create: all meetings up to the horizon exist."), "info", RELOAD)
        return told(self.env._("%s meeting(s) created as drafts.", len(created)), then=RELOAD)

    # -- create ahead -------------------------------------------------------------------------------------------

    def _horizon(self):
        return fields.Date.context_today(self) + timedelta(days=self.company_id.meeting_series_horizon_days)

    def _generate(self):
        """Create the occurrences up to the horizon that never existed; what was moved, changed or cancelled stays.

        :returns: the new drafts
        """
        # sudo: the identities of all occurrences count, also of those the current user may not read.
        Meeting = self.env["meeting.meeting"].sudo().with_context(tracking_disable=True)
        known = defaultdict(set)
        for series, dates in Meeting._read_group(
            [("series_id", "in", self.ids)], ["series_id"], ["occurrence_date:array_agg"]
        ):
            known[series.id].update(dates)
        values = []
        for series in self.filtered("active"):
            # sudo: the horizon, and the mark that another server sees; whoever may edit the series plans it.
            series.sudo().generated_until = horizon = series._horizon()
            missing = [o for o in series._occurrences_until(horizon).values() if o.date not in known[series.id]]
            values += series._prepare_meetings_values(missing)
        # sudo: drafts for the officers of the series, whom the current user named as one who may edit it.
        return self.env["meeting.meeting"].browse(Meeting.create(values).ids)

    def _prepare_meetings_values(self, occurrences):
        """One dict per occurrence; people and agenda are looked up once."""
        if not occurrences:
            return []
        common = {name: self._fields[name].convert_to_write(self[name], self) for name in TEMPLATE}
        people = self._people()
        agenda = self.type_id._prepare_agenda_values(self.duration)
        departments = fields.Command.set((self.type_id.department_ids | self.department_id).ids)
        if is_stricter(self.level, self.type_id.level):
            common["level"] = self.level
        return [
            {
                **common,
                "company_id": self.company_id.id,
                "department_ids": [departments],
                "series_id": self.id,
                "occurrence_date": occurrence.date,
                "occurrence_at": occurrence.at,
                "start": occurrence.start,
                "participant_ids": [fields.Command.create(self._prepare_participant(*line)) for line in people.items()],
                "agenda_item_ids": [fields.Command.create({**line, "from_type": True}) for line in agenda],
            }
            for occurrence in occurrences
        ]

    def _people(self):
        """``{res.partner: role}`` of everybody each meeting invites, its officers included."""
        people = dict.fromkeys(self.participant_ids, "required") or self.type_id.with_company(
            self.company_id
        )._standing_participants(self.department_id)
        return {
            **people,
            **dict.fromkeys(self.minute_taker_id.partner_id, "minute_taker"),
            **dict.fromkeys(self.chair_id.partner_id, "chair"),
        }

    def _prepare_participant(self, partner, role):
        return {"partner_id": partner.id, "role": role, "from_type": True}

    # -- keep drafts in step (MT-5) -----------------------------------------------------------------------------

    def _snapshot(self):
        """What the drafts were made from, to tell what in them was changed by hand since."""
        return {
            "values": {name: self[name] for name in TEMPLATE},
            "people": self._people(),
            "plan": self._occurrences_until(max(self.generated_until or self._horizon(), self._horizon()))
            if self.active
            else {},
        }

    def _apply_to_future(self, before):
        """Carry new settings into the drafts ahead; leave what was announced, held, or changed by hand.

        A draft whose day no longer fits goes if nobody has worked on it. ``last_change`` says what was done.
        """
        self.ensure_one()
        # sudo: every meeting ahead counts; only those the current user may edit are changed below.
        ahead = (
            self.env["meeting.meeting"]
            .sudo()
            .search([("series_id", "=", self.id), ("start", ">", fields.Datetime.now()), ("state", "!=", "cancelled")])
        )
        drafts = ahead.filtered(lambda meeting: meeting.state == "draft").sudo(False)._filtered_access("write")
        # sudo: rights were checked in the line above.
        drafts = drafts.sudo().with_context(tracking_disable=True)
        after = self._snapshot()
        misfits = drafts.filtered(lambda meeting: meeting.occurrence_date not in after["plan"])
        removed = misfits.filtered(lambda meeting: meeting._is_as_planned(before))
        fitting = drafts - misfits
        changed = fitting._take_over(before, after)
        changed |= fitting._move_along(before["plan"], after["plan"])
        created, number = self._generate(), len(removed)
        left = ahead - drafts | misfits - removed
        removed.unlink()
        if changed or number or created or left:
            self._report(len(changed), number, len(created), left)

    def _report(self, changed, removed, created, left):
        text = self.env._(
            "%(changed)s draft(s) changed, %(removed)s removed, %(created)s created.",
            changed=changed,
            removed=removed,
            created=created,
        )
        if left:
            dates = format_list(
                self.env,
                [
                    self.env._(
                        "%(day)s (%(state)s)",
                        day=format_date(self.env, fields.Datetime.context_timestamp(self, meeting.start).date()),
                        state=meeting._state_label(meeting.state),
                    )
                    for meeting in left.sorted("start")
                ],
            )
            text += "\n" + self.env._(
                "Left as they are, because they were announced or changed by hand: %s. Reschedule or cancel them one "
                "by one where needed.",
                dates,
            )
        # sudo: written by the system itself, past the guard of write, which would start over.
        self.sudo().last_change = text
        self._message_log(body=text)

    # -- jobs ---------------------------------------------------------------------------------------------------

    def _cron_generate(self):
        """Daily: plan every series up to the horizon. One that fails tells its convener and stops no other."""
        cron = self.env["ir.cron"]
        todo = self.search([("unit", "!=", "announced")]).filtered(
            lambda series: not series.generated_until or series.generated_until < series._horizon()
        )
        cron._commit_progress(remaining=len(todo))
        for series in todo:
            if series.try_lock_for_update():
                try:
                    with self.env.cr.savepoint():
                        series._generate()
                except UserError as problem:
                    series._tell_officer(series, problem)
            if not cron._commit_progress(1):
                break

    def _cron_submit(self):
        """Hourly: submit what is due, each meeting in the name and with the rights of its convener."""
        now = fields.Datetime.now()
        cron, Meeting = self.env["ir.cron"], self.env["meeting.meeting"]
        domain = [
            ("state", "=", "draft"),
            ("start", ">", now),
            ("series_id.notice_days_before", ">", 0),
            ("series_id.active", "=", True),
        ]
        due = Meeting.search(domain, order="start").filtered(
            lambda meeting: meeting.start <= now + timedelta(days=meeting.series_id.notice_days_before)
        )
        cron._commit_progress(remaining=len(due))
        for meeting in due:
            meeting = meeting.try_lock_for_update().filtered_domain(domain)
            if meeting:
                meeting.series_id._submit(meeting)
            if not cron._commit_progress(1):
                break

    def _submit(self, meeting):
        convener = meeting.convener_id
        try:
            with self.env.cr.savepoint():
                if not convener.active:
                    raise AccessError(
                        self.env._("%s has no active login any more. Name another convener.", convener.name)
                    )
                acting = meeting.with_user(convener).with_context(lang=convener.lang, tz=convener.tz)
                acting.action_submit(
                    reason=acting.env._("By its series, %s days before the start.", self.notice_days_before)
                )
        except UserError as problem:
            self._tell_officer(meeting, problem)
        else:
            self._open_notes(meeting).unlink()

    def _tell_officer(self, record, problem):
        """A "To do" with the reason for the convener, or another officer with a login; one at a time."""
        officers = record.convener_id | record.chair_id | record.minute_taker_id
        user = officers.filtered("active")[:1]
        _logger.info("%s %s was left: %s", record._name, record.id, without_content(problem))
        if not user:
            return
        note = self.env._("This was to happen by itself and did not: %s", problem)
        notes = self._open_notes(record)
        if notes:
            notes.write({"note": note, "user_id": user.id})
        else:
            record.with_context(lang=user.lang).activity_schedule(
                self._todo_type, user_id=user.id, summary=self.env._("Series: please see to it"), note=note
            )

    def _open_notes(self, record):
        return record.activity_search([self._todo_type])
