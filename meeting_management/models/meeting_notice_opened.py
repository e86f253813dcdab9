"""Whether a notice has reached its recipient, and whether he has seen it: what is known, and nothing guessed (NT-1,
NT-6).

*Opened* means: read in the inbox, the meeting opened in the system, or the page behind the link in the mail opened. An
e-mail carries no hidden picture that would tell when it is looked at.
"""

from odoo import fields, models
from odoo.tools import SQL

NOTICES = ("notice", "change")
"""Messages that tell a participant when and where the meeting is."""


class MeetingParticipant(models.Model):
    _inherit = "meeting.participant"

    opened_at = fields.Datetime(
        "Meeting Opened on", readonly=True, copy=False, help="First time this person opened the meeting in the system."
    )

    def _never_notified(self):
        """Whether this person cannot be held absent, because no notice of an announced meeting ever reached him (NT-6).

        The line says when a notice left for him; the ledger, whether it arrived: what failed or came back has not
        reached him. Who answered or opened the meeting knew of it.
        """
        self.ensure_one()
        line = (
            self.sudo()
        )  # sudo: the ledger is closed to participants; whether one was reached is shown to all readers
        meeting = line.meeting_id
        if not meeting.scheduled_at or line.opened_at or line.response_via in ("web", "mail", "calendar"):
            return False
        if not line.notified_at:
            return True
        states = set(
            meeting.notification_ids.filtered(
                lambda row: (
                    row.partner_id == line.partner_id
                    and row.res_model == meeting._name
                    and row.step.partition(":")[0] in NOTICES
                )
            ).mapped("state")
        )
        return "failed" in states and not states & {"sent", "pending"}


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    def _note_content(self, names, event):
        """Whoever opens a meeting to which he is invited has seen what his notice says; the first time is noted."""
        super()._note_content(names, event)
        if self.env.su or event != "opened" or self._log_content.isdisjoint(names):
            return
        ids = self.filtered("id").ids
        if not ids:
            return
        condition = SQL(
            "user_id = %s AND opened_at IS NULL AND notified_at IS NOT NULL AND meeting_id = ANY(%s)", self.env.uid, ids
        )
        # asked first: the transaction may be read-only, and is begun anew only where there is something to note
        if not self.env.execute_query(SQL("SELECT 1 FROM meeting_participant WHERE %s LIMIT 1", condition)):
            return
        self.env.cr.execute(
            SQL("UPDATE meeting_participant SET opened_at = %s WHERE %s", fields.Datetime.now(), condition)
        )
        self.env["meeting.participant"].invalidate_model(["opened_at"], flush=False)
