"""What is under a meeting stays there, and names no other meeting to whoever may not read it (CF-1).

Record rules are asked about a record as it is before it is written. So a row of one's own meeting could be moved into
somebody else's: a participant into a secret meeting, which makes him a reader; or a topic of a secret meeting into a
public one, which lowers its level without a reason.
"""

from odoo import api, models
from odoo.exceptions import UserError

from .mail_privacy import PREFIX
from .settings_privacy import is_closed


class MeetingMixinStays(models.AbstractModel):
    """For a row that belongs to the meeting it was made for, as to who may read it."""

    _name = "meeting.mixin.stays"
    _description = "Stays with Its Meeting"

    @api.model_create_multi
    def create(self, vals_list):
        """The right to add is asked before the row is tried: that a person is on the list already, or a value is not
        possible, would otherwise be told to whoever may not add anybody.

        :raises AccessError: the user may not edit the meeting
        """
        default = self.env.context.get("default_meeting_id")
        named = {vals.get("meeting_id", default) for vals in vals_list} - {None, False}
        if named and not self.env.su:
            self.env["meeting.meeting"].browse(named).check_access("write")
        return super().create(vals_list)

    def write(self, vals):
        """:raises UserError: the row would go to another meeting"""
        if "meeting_id" in vals and not self.env.su:
            self.check_access("write")  # the refusal below names the row
            for row in self:
                if row.meeting_id.id != vals["meeting_id"]:
                    raise UserError(
                        self.env._(
                            "“%s” stays with its meeting, because who reads it depends on that. Enter it anew in the "
                            "other meeting.",
                            row.display_name,
                        )
                    )
        return super().write(vals)


class MeetingParticipant(models.Model):
    _name = "meeting.participant"
    _inherit = ["meeting.participant", "meeting.mixin.stays"]


class MeetingAgendaItem(models.Model):
    _name = "meeting.agenda.item"
    _inherit = ["meeting.agenda.item", "meeting.mixin.stays"]


class MeetingMinutes(models.Model):
    _name = "meeting.minutes"
    _inherit = ["meeting.minutes", "meeting.mixin.stays"]


class MeetingMixinStaysClosed(models.AbstractModel):
    """For a row under a topic: it is as closed as the topic is, so it leaves no closed one (CF-1)."""

    _name = "meeting.mixin.stays.closed"
    _description = "Stays with Its Closed Topic"

    def write(self, vals):
        """:raises UserError: the row would leave a closed topic"""
        if not self.env.su and {"agenda_item_id", "resolution_id"} & vals.keys():
            self.check_access("write")  # the refusal below names the row
            for row in self.filtered(lambda row: row.agenda_item_id.level):
                if row._topic_named(vals) != row.agenda_item_id:
                    raise UserError(
                        self.env._(
                            "“%s” stays with its topic, which is closed: elsewhere more people would read it. If they "
                            "may, the chair opens the topic with “Change Confidentiality”.",
                            row.display_name,
                        )
                    )
        return super().write(vals)

    def _topic_named(self, vals):
        """:return: the topic that this row would have if it were written so; a resolution brings its own"""
        topic = self.env["meeting.agenda.item"].browse(vals.get("agenda_item_id", self.agenda_item_id.id))
        if "resolution_id" in vals:
            topic = self.env["meeting.resolution"].browse(vals["resolution_id"]).agenda_item_id or topic
        return topic


class MeetingResolution(models.Model):
    _name = "meeting.resolution"
    _inherit = ["meeting.resolution", "meeting.mixin.stays.closed"]


class MeetingActionItem(models.Model):
    _name = "meeting.action.item"
    _inherit = ["meeting.action.item", "meeting.mixin.stays.closed"]


class Base(models.AbstractModel):
    """A form that is not saved yet computes what follows from the records it names, partly as superuser: state and time
    of a meeting, its chair as supervisor of a task. So it may name only what its reader may read."""

    _inherit = "base"

    def onchange(self, values, field_names, fields_spec):
        if self._name.startswith(PREFIX) and not self.env.su:
            self._refuse_hidden_links(values)
        return super().onchange(values, field_names, fields_spec)

    def _refuse_hidden_links(self, values):
        """:raises AccessError: the values of a form, or the defaults in its address, name a record of ours that the
        user may not read"""
        defaults = {
            name.removeprefix("default_"): value
            for name, value in self.env.context.items()
            if name.startswith("default_")
        }
        for name, value in (*defaults.items(), *values.items()):
            field = self._fields.get(name)
            if field is None or field.type != "many2one" or not is_closed(field.comodel_name):
                continue
            if isinstance(value, dict):  # the record that a line of a list belongs to
                value = value.get("id")
            if isinstance(value, list | tuple):
                value = value[:1] and value[0]
            if value and isinstance(value, int):
                self.env[field.comodel_name].browse(value).check_access("read")
