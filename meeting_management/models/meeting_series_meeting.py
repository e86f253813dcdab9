"""What a meeting gains from belonging to a series, and how its draft follows the series (MT-5)."""

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .meeting_series_occurrence import TEMPLATE


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    series_id = fields.Many2one(
        "meeting.series", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    occurrence_date = fields.Date(
        "Day of the Series",
        readonly=True,
        copy=False,
        help="The day the rhythm gave. It stays when the meeting is moved or cancelled, so that the series never "
        "repeats it.",
    )
    occurrence_at = fields.Datetime("Original Start", readonly=True, copy=False)

    _once_per_moment = models.Constraint(
        "UNIQUE (series_id, occurrence_at)", "The series has a meeting at this moment already."
    )
    _once_per_day = models.Constraint(
        "UNIQUE (series_id, occurrence_date)", "The series has a meeting for this day already."
    )

    _series_fields = frozenset(("series_id", "occurrence_date", "occurrence_at"))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_series_fields(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_series_fields(vals)
        return super().write(vals)

    def _refuse_series_fields(self, vals):
        """Only a series takes meetings in; otherwise a stray one could stand in the place of a real occurrence."""
        if not self.env.su and any(vals.get(name) for name in self._series_fields):
            raise AccessError(
                self.env._(
                    "Meetings of a series are created by the series. Open the series and choose “Create Meetings”."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_occurrence(self):
        if self.env.su:
            return
        for meeting in self.filtered("series_id"):
            if meeting.occurrence_at > fields.Datetime.now():
                raise UserError(
                    self.env._(
                        "The series would create “%s” again. Cancel it instead: then the series leaves the day out.",
                        meeting.display_name,
                    )
                )

    # -- drafts of a series -------------------------------------------------------------------------------------

    def _is_as_planned(self, before):
        """Whether nobody has worked on this draft since the series made it; ``before`` as in ``_snapshot``."""
        self.ensure_one()
        values, kind = before["values"], self.type_id
        planned = before["plan"].get(self.occurrence_date)
        lines = kind._prepare_agenda_values(self.duration)
        return (
            all(self[name] == values[name] for name in TEMPLATE)
            and self.start == (planned.start if planned else self.occurrence_at)
            and set(self.participant_ids.partner_id) == set(before["people"])
            and len(self.agenda_item_ids) == len(lines)
            and not self.agenda_item_ids.filtered(lambda item: not item.from_type or item.notes or item.attachment_ids)
            and (self.purpose or False) == (kind.purpose or False)
            and (self.preparation or False) == (kind.preparation or False)
            and not (self.place or self.video_url or self.submitted_at)
            and not self.message_ids.filtered(lambda message: message.message_type in ("comment", "email"))
        )

    def _take_over(self, before, after):
        """Where a draft still has the old value of the series, it gets the new one.

        :returns: the drafts that changed
        """
        old, new = before["values"], after["values"]
        names = [name for name in TEMPLATE if old[name] != new[name]]
        if not names and before["people"] == after["people"]:
            return self.browse()
        # A new type or convener makes the meeting look its other values up again: say them all, so that they stay.
        said = TEMPLATE if {"type_id", "convener_id"} & set(names) else names
        present = {meeting: set(meeting.participant_ids.partner_id) for meeting in self}
        groups = defaultdict(self.browse)
        for meeting in self:
            if any(meeting[name] == old[name] for name in names):
                values = tuple(new[name] if meeting[name] == old[name] else meeting[name] for name in said)
                groups[values] |= meeting
        changed = self.browse()
        for values, meetings in groups.items():
            meetings.write(
                {
                    name: self._fields[name].convert_to_write(value, self)
                    for name, value in zip(said, values, strict=True)
                }
            )
            changed |= meetings
        return changed | self._follow_people(before["people"], after["people"], present)

    def _follow_people(self, old, new, present):
        """Add and remove people in one statement each; who was removed or added by hand stays so."""
        rows, gone = [], self.env["meeting.participant"]
        for meeting in self:
            lines = meeting.participant_ids
            wanted = [partner for partner in new if partner not in old or partner in present[meeting]]
            rows += [
                {"meeting_id": meeting.id, **meeting.series_id._prepare_participant(partner, new[partner])}
                for partner in wanted
                if partner not in lines.partner_id
            ]
            gone |= lines.filtered(
                lambda line: line.from_type and line.partner_id in old and line.partner_id not in new
            )
        touched = gone.meeting_id | self.browse(row["meeting_id"] for row in rows)
        gone.unlink()
        self.env["meeting.participant"].create(rows)
        return touched

    def _move_along(self, before, after):
        """Follow a new time of day or holiday rule, unless the draft was moved by hand.

        :returns: the drafts that moved
        """
        with self.env["meeting.clock"]._together():
            return self._move_each(before, after)

    def _move_each(self, before, after):
        moved = self.browse()
        for meeting in self:
            was, now = before.get(meeting.occurrence_date), after[meeting.occurrence_date]
            base = was.start if was else meeting.occurrence_at
            if meeting.start == base != now.start:
                meeting.write({"start": now.start, "occurrence_at": now.at})
                moved |= meeting
            elif meeting.occurrence_at != now.at:
                meeting.occurrence_at = now.at
        return moved
