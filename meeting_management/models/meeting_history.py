"""Meetings held before this system: an Administrator imports them through the ordinary import screen."""

import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tools import plaintext2html

_MARKUP = re.compile(r"<[a-zA-Z/][^<>]*>")


class BatchRefused(Exception):
    """Some row of an import was refused; which one shows when they are tried one by one."""


class MeetingMeeting(models.Model):
    """What the file says is the record: nobody is added to it, nobody is notified, nothing is looked up in the type but
    its policy. A row that is wrong stops the import, so that nothing half-written stays.
    """

    _inherit = "meeting.meeting"

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Past meetings with participants, agenda and notes (Excel)"),
                "template": "/meeting_management/static/xls/past_meetings.xlsx",
            },
            {
                "label": self.env._("Past meetings with participants, agenda and notes (CSV)"),
                "template": "/meeting_management/static/csv/past_meetings.csv",
            },
        ]

    def _load_records(self, data_list, *args, **kwargs):
        """Each error at its own row: the framework reports a refusal of the whole batch at its first row, too, unless
        it is no refusal, but something unknown, after which it tries row by row.
        """
        try:
            return super()._load_records(data_list, *args, **kwargs)
        except UserError as problem:
            if len(data_list) > 1 and self.env.context.get("import_file"):
                raise BatchRefused from problem
            raise

    @api.model_create_multi
    def create(self, vals_list):
        # Who may not import history at all is told so by the state's own door, below.
        if self.env.su or self.env.user.has_group("meeting_management.group_manager"):
            vals_list = [
                self._prepare_history_values(vals) if vals.get("state") in self._history_states else vals
                for vals in vals_list
            ]
        return super().create(vals_list)

    def _prepare_history_values(self, vals):
        """Complete the values of one past meeting.

        :raises ValidationError: the meeting has no time, or one that is still to come
        :raises AccessError: the level is closed to whoever imports
        """
        vals = dict(vals)
        subject = vals.get("name") or ""
        start, stop = (fields.Datetime.to_datetime(vals.get(name)) for name in ("start", "stop"))
        if not start:
            raise ValidationError(
                self.env._("“%s” is over, so its start must be given. Fill in the column “start”.", subject)
            )
        kind = self.env["meeting.type"].browse(vals.get("type_id"))
        if stop:
            vals["duration"] = (stop - start).total_seconds() / 3600
        else:
            vals.setdefault("duration", kind.duration or 1.0)
            stop = start + timedelta(hours=vals["duration"])
        if stop <= start:
            raise ValidationError(
                self.env._("“%s” would end before it starts. Correct the columns “start” and “stop”.", subject)
            )
        if vals["state"] != "cancelled" and stop > fields.Datetime.now():
            raise ValidationError(
                self.env._(
                    "“%(name)s” would end on %(stop)s, which is still to come, so it cannot be “%(state)s” already. "
                    "Correct the date, or leave the state empty to plan it.",
                    name=subject,
                    stop=fields.Datetime.to_string(stop),
                    state=self._state_label(vals["state"]),
                )
            )
        self._check_history_level(vals, kind)
        vals.setdefault("chair_id", False)
        vals.setdefault("minute_taker_id", False)
        if vals["state"] != "cancelled":
            vals.setdefault("actual_start", start)
            vals.setdefault("actual_stop", stop)
            vals["participant_ids"] = self._complete_lines(vals, "participant_ids", {"mark": "present"})
            vals["agenda_item_ids"] = self._complete_lines(vals, "agenda_item_ids", {"state": "discussed"})
        return vals

    def _check_history_level(self, vals, kind):
        """Confidential history is brought in by one of its organisers: whoever imports it could read it otherwise."""
        officers = {vals.get("convener_id", self.env.uid), vals.get("chair_id"), vals.get("minute_taker_id")}
        level = vals.get("level") or kind.level
        if level in ("participants", "secret") and not self.env.su and self.env.uid not in officers:
            raise AccessError(
                self.env._(
                    "“%(name)s” is open to its organisers only, and you are none of them. Let its convener, chair or "
                    "minute taker import it, as a meeting administrator for the time of the import.",
                    name=vals.get("name") or "",
                )
            )

    def _complete_lines(self, vals, name, defaults):
        """Lines that come with a past meeting; plain text in rich fields keeps its line breaks."""
        commands = []
        for command in vals.get(name) or []:
            if command[0] == Command.CREATE:
                line = {**defaults, **{key: value for key, value in command[2].items() if value is not False}}
                for field in ("notes", "conclusion"):
                    if line.get(field) and name == "agenda_item_ids" and not _MARKUP.search(line[field]):
                        line[field] = plaintext2html(line[field])
                command = Command.create(line)
            commands.append(command)
        return commands

    def _is_imported(self):
        """Over, but never announced by this system."""
        return self.state in self._history_states and not self.scheduled_at and not self.submitted_at

    def _ensure_officers_take_part(self):
        """The list of a past meeting is the one of the file."""
        return super(
            MeetingMeeting, self.filtered(lambda meeting: not meeting._is_imported())
        )._ensure_officers_take_part()

    def _sync_calendar(self):
        """Nobody's calendar fills with years gone by."""
        return super(MeetingMeeting, self.filtered(lambda meeting: not meeting._is_imported()))._sync_calendar()

    @api.constrains("type_id", "convener_id")
    def _check_may_convene(self):
        """Who convened years ago may have another department, or the type other rules, today."""
        return super(MeetingMeeting, self.filtered(lambda meeting: not meeting._is_imported()))._check_may_convene()


class BaseImport(models.TransientModel):
    _inherit = "base_import.import"

    def get_fields_tree(self, model, *args, **kwargs):
        """Offer a past meeting's state and number as columns, too; on screens both are read-only.

        Whoever may not create history is told so by the meeting itself.
        """
        tree = super().get_fields_tree(model, *args, **kwargs)
        if model == "meeting.meeting":
            described = self.env[model].fields_get(["state", "number"], ["string", "type"])
            tree += [
                {"id": name, "name": name, "required": False, "fields": [], "model_name": model, **field}
                for name, field in described.items()
            ]
        return tree
