"""What is logged by itself: reading, exporting and being refused what is secret (CF-4).

*Opened* means that a person's client asked for a content field: one that forms and documents show and lists do not.
So a list with a secret meeting among others writes nothing and costs no query, and opening its form writes one row.
Code that runs as superuser opens nothing. Refusals are caught where Odoo makes its error, so that trying does not
count where a program only asks whether it may.
"""

from odoo import models
from odoo.exceptions import AccessError

FILE_FIELDS = frozenset(("raw", "datas", "db_datas"))


class MeetingAccessLogged(models.AbstractModel):
    """A document under a meeting whose readers are logged if it is secret.

    ``_log_content`` names the fields whose reading means that the document was opened.
    """

    _name = "meeting.access.logged"
    _description = "Logged when Opened"

    _log_content = frozenset()

    def _log_meeting(self):
        """:return: the meeting this record is under"""
        return self if self._name == "meeting.meeting" else self.meeting_id

    def _logged(self):
        """:return: those of these records whose readers are logged: secret ones, by the meeting's level or by one of
        their own, and those that the user reads by emergency access"""
        # sudo: compares levels; only records the caller has already come back.
        secret = self.sudo().filtered(
            lambda record: record._log_meeting().level == "secret" or ("level" in record and record.level == "secret")
        )
        return (secret | self._by_emergency().sudo()).sudo(self.env.su)

    def _by_emergency(self):
        """:return: those of these records that are open to the user by emergency access alone"""
        emergency = {key for key, _until in self.env.user._break_glass_grants()} if self else None
        if not emergency:
            return self.browse()
        own = self.env.user._meeting_principals() - emergency

        def borrowed(record):
            keys = record._log_meeting().reader_keys or ()
            return not emergency.isdisjoint(keys) and own.isdisjoint(keys)

        # sudo: the keys are closed as a field; only the comparison comes back.
        return self.sudo().filtered(borrowed).sudo(self.env.su)

    def _note_content(self, names, event):
        if self.env.su or self._log_content.isdisjoint(names):
            return
        saved = self.filtered("id")
        if saved:
            self.env["meeting.access.log"]._note(saved, event)

    def _read_format(self, fnames, load="_classic_read"):
        """What `read`, `web_read` and `search_read` end in."""
        self._note_content(fnames, "opened")
        return super()._read_format(fnames, load)

    def copy_data(self, default=None):
        """A copy is read like the original. Its values are taken field by field, from the cache where they are in it,
        and what is looked up for the log puts them there: so the right is asked first."""
        self.check_access("read")
        self._note_content(self._log_content, "opened")
        return super().copy_data(default)

    def export_data(self, fields_to_export):
        """An export takes away what the list shows, so here every field counts."""
        if not self.env.su and self:
            self.check_access("read")
            self.env["meeting.access.log"]._note(self, "exported")
        return super().export_data(fields_to_export)

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        """Reached by a path from other records (`meeting_id/purpose`), it is read like any other way."""
        if not _is_toplevel_call and not self.env.su and self:
            self.env["meeting.access.log"]._note(self, "opened")
        return super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)

    def _read_group_groupby(self, alias, groupby_spec, query):
        self._refuse_grouped_content(groupby_spec)
        return super()._read_group_groupby(alias, groupby_spec, query)

    def _read_group_select(self, aggregate_spec, query):
        self._refuse_grouped_content(aggregate_spec)
        return super()._read_group_select(aggregate_spec, query)

    def _refuse_grouped_content(self, spec):
        """Content is read where it is logged who reads it; a group by its words would show it without.

        :raises AccessError: a content field stands in a group or an aggregate, asked by a person
        """
        name = spec.partition(":")[0].partition(".")[0]
        if not self.env.su and name in self._log_content:
            raise AccessError(
                self.env._(
                    "“%s” is read in the document itself and not grouped, because it is logged who reads what is "
                    "secret. Group by another field.",
                    self._fields[name]._description_string(self.env),
                )
            )


class MeetingMeeting(models.Model):
    _name = "meeting.meeting"
    _inherit = ["meeting.meeting", "meeting.access.logged"]
    _log_content = frozenset(("purpose", "preparation", "summary", "agenda_item_ids", "participant_ids", "message_ids"))


class MeetingParticipant(models.Model):
    _name = "meeting.participant"
    _inherit = ["meeting.participant", "meeting.access.logged"]


class MeetingAgendaItem(models.Model):
    _name = "meeting.agenda.item"
    _inherit = ["meeting.agenda.item", "meeting.access.logged"]
    _log_content = frozenset(("notes", "dissent", "conclusion", "attachment_ids"))


class MeetingMinutes(models.Model):
    _name = "meeting.minutes"
    _inherit = ["meeting.minutes", "meeting.access.logged"]
    _log_content = frozenset(("introduction", "closing", "document", "agenda_item_ids", "resolution_ids"))


class MeetingMinutesRevision(models.Model):
    _name = "meeting.minutes.revision"
    _inherit = ["meeting.minutes.revision", "meeting.access.logged"]
    _log_content = frozenset(("body",))

    def _log_meeting(self):
        return self.minutes_id.meeting_id


class MeetingResolution(models.Model):
    _name = "meeting.resolution"
    _inherit = ["meeting.resolution", "meeting.access.logged"]
    _log_content = frozenset(("text",))


class MeetingActionItem(models.Model):
    _name = "meeting.action.item"
    _inherit = ["meeting.action.item", "meeting.access.logged"]
    _log_content = frozenset(("goal", "standard", "result", "report_ids"))


class MeetingActionReport(models.Model):
    _name = "meeting.action.report"
    _inherit = ["meeting.action.report", "meeting.access.logged"]
    _log_content = frozenset(("text", "problems", "help_needed"))

    def _log_meeting(self):
        return self.action_item_id.meeting_id


class IrRule(models.Model):
    _inherit = "ir.rule"

    def _make_access_error(self, operation, records):
        """The rules refuse somebody a record: if it is secret, the attempt is logged."""
        error = super()._make_access_error(operation, records)
        if hasattr(records, "_log_content"):
            self.env["meeting.access.log"]._note_refused(records.exists(), operation)
        return error


class MailMessage(models.Model):
    """The conversation about a document is read like the document: by the chatter's own routes and by any other."""

    _inherit = "mail.message"

    def _note_opened(self):
        """What the system tells a single person is not counted: it carries no word of what is secret."""
        if self.env.su:
            return
        # sudo: which documents the messages are about, that the caller has just read
        told = self.sudo().filtered(lambda message: message.message_type != "user_notification" and message.res_id)
        for name, messages in told.grouped("model").items():
            if name and name in self.env and hasattr(self.env[name], "_log_content"):
                documents = self.env[name].browse(set(messages.mapped("res_id"))).exists()
                self.env["meeting.access.log"]._note(documents, "opened")

    def _message_fetch(self, domain, **kwargs):
        found = super()._message_fetch(domain, **kwargs)
        found["messages"]._note_opened()
        return found

    def _read_format(self, fnames, load="_classic_read"):
        if not {"body", "subject", "preview", "tracking_value_ids"}.isdisjoint(fnames):
            self._note_opened()
        return super()._read_format(fnames, load)


class IrAttachment(models.Model):
    """A file is downloaded when its content leaves, by whatever route, a link with a token included."""

    _inherit = "ir.attachment"

    def _log_meeting(self):
        return self._log_document()._log_meeting()

    def _log_document(self):
        """:return: the document of ours the file is attached to, as superuser, or no meeting"""
        # sudo: where a file belongs is asked by the system, and answered to it alone.
        file = self.sudo()
        model = self.env.get(file.res_model) if file.res_model else None
        if model is None or not hasattr(model, "_log_content") or not file.res_id:
            return self.env["meeting.meeting"].sudo()
        return model.sudo().browse(file.res_id).exists()

    def _logged(self):
        """:return: those of these files that are under something whose readers are logged"""
        return self.filtered(lambda file: file._log_document().sudo(False)._logged())

    def _by_emergency(self):
        return self.filtered(lambda file: file._log_document().sudo(False)._by_emergency())

    def _check_access(self, operation):
        """See the rules: the attempt to get at a file is logged when its error is made."""
        result = super()._check_access(operation)
        if not result:
            return None
        forbidden, error = result

        def logged_error():
            self.env["meeting.access.log"]._note_refused(forbidden, operation)
            return error()

        return forbidden, logged_error

    def _read_format(self, fnames, load="_classic_read"):
        content = FILE_FIELDS if not self.env.context.get("bin_size") else frozenset()  # there only sizes are told
        if not self.env.su and not (content | {"index_content"}).isdisjoint(fnames):
            self.env["meeting.access.log"]._note(self, "downloaded")
        return super()._read_format(fnames, load)

    def _to_http_stream(self):
        """The last step of every route that serves a file; those of our documents are few, so it costs one look.

        A guest's page says in the context who he is; nothing but the log's entry depends on it.
        """
        guest = self.env["res.partner"].browse(self.env.context.get("meeting_reader_id") or ())
        self.env["meeting.access.log"]._note(self, "downloaded", partner=guest or None)
        return super()._to_http_stream()
