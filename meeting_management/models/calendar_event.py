"""The calendar's side of the shadow: entries that show a formal meeting and are steered by it alone (ARCHITECTURE:
decision 4).

The doors that our own code uses (`_formal_create`, `_formal_write`, `_formal_unlink`) are private methods that step
past the guards with `super()`. No context key opens them: a client can send any context.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

ANSWERS = {"accepted": "accepted", "declined": "declined", "tentative": "tentative", "needsAction": "pending"}


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    # Closed to everybody: whose entry belongs to which meeting would tell who takes part in it (CF-1)
    formal_meeting_id = fields.Many2one(
        "meeting.meeting",
        "Formal Meeting",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="cascade",
        groups=fields.NO_ACCESS,
    )
    is_formal_meeting = fields.Boolean(compute="_compute_is_formal_meeting")

    _formal_fields = frozenset(
        (
            "name",
            "start",
            "stop",
            "allday",
            "start_date",
            "stop_date",
            "duration",
            "active",
            "partner_ids",
            "attendee_ids",
            "user_id",
            "privacy",
            "show_as",
            "location",
            "description",
            "videocall_location",
            "recurrency",
            "recurrence_id",
            "rrule",
            "rrule_type",
            "rrule_type_ui",
            "event_tz",
            "res_id",
            "res_model_id",
            "formal_meeting_id",
        )
    )

    def _formal(self):
        """:return: those of these entries that show a formal meeting."""
        return (
            self.sudo().filtered("formal_meeting_id").with_env(self.env)
        )  # sudo: the link is closed; only the entries come back

    @api.depends("formal_meeting_id")
    @api.depends_context("uid")
    def _compute_is_formal_meeting(self):
        """Whether the reader may follow this entry to its meeting."""
        for event in self:
            # sudo: the link is closed; whether the meeting is readable is asked as the real user
            meeting = event.sudo().formal_meeting_id
            event.is_formal_meeting = bool(meeting) and meeting.sudo(False).is_readable

    @api.depends_context("uid")
    def _compute_display_name(self):
        """In his own calendar a participant sees which meeting it is; everybody else sees what the entry says, or
        "Busy"."""
        super()._compute_display_name()
        for event in self:
            if event.is_formal_meeting and not event._check_private_event_conditions():
                # sudo: the link is closed; the name comes back by the reader's own rights
                event.display_name = event.sudo().formal_meeting_id.sudo(False).display_name

    def _compute_user_can_edit(self):
        """The form shows entries of formal meetings as they are, for nobody to change."""
        super()._compute_user_can_edit()
        self._formal().user_can_edit = False

    # Guards

    def _refuse_formal(self):
        """:raises UserError: one of these entries belongs to a formal meeting"""
        if formal := self._formal():
            raise UserError(
                self.env._(
                    "“%s” is the calendar entry of a formal meeting, which keeps its room, its approval and its "
                    "participants in step. Open the meeting and use “Reschedule” or “Cancel”; whether you attend you "
                    "can say right here.",
                    formal[0].display_name,
                )
            )

    def write(self, vals):
        if self._formal_fields & vals.keys():
            self._refuse_formal()
        return super().write(vals)

    def unlink(self):
        self._refuse_formal()
        return super().unlink()

    def action_unlink_event(self, attendee_id=None, recurrence=False):
        self._refuse_formal()
        return super().action_unlink_event(attendee_id, recurrence)

    def _skip_send_mail_status_update(self):
        """Formal meetings send their own notices; the calendar stays silent."""
        return bool(self._formal()) or super()._skip_send_mail_status_update()

    def action_open_formal_meeting(self):
        """From the entry to the meeting; its own rules decide who gets there.

        :raises AccessError: the user may not read the meeting
        """
        self.ensure_one()
        # sudo: the link is closed; the check that follows is made as the real user
        meeting = self.sudo().formal_meeting_id.sudo(False)
        if not meeting:
            raise UserError(self.env._("This calendar entry does not belong to a formal meeting."))
        meeting.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "meeting.meeting",
            "res_id": meeting.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    # Doors for our own code

    @api.model
    def _formal_create(self, vals_list):
        return super().create(vals_list)

    def _formal_write(self, vals):
        return super().write(vals)

    def _formal_unlink(self):
        return super().unlink()


class CalendarAttendee(models.Model):
    _inherit = "calendar.attendee"

    def _formal(self):
        return self.filtered(lambda attendee: attendee.event_id._formal())

    @api.model_create_multi
    def create(self, vals_list):
        attendees = super().create(vals_list)
        if not self.env.su:
            attendees.event_id._refuse_formal()
        return attendees

    def unlink(self):
        if not self.env.su:
            self.event_id._refuse_formal()
        return super().unlink()

    def write(self, vals):
        """An answer given in the calendar is an answer to the meeting; anything else about its attendees is the
        meeting's business."""
        formal = self._formal() if not self.env.su else self.browse()
        if formal and vals.keys() - {"state"}:
            formal.event_id._refuse_formal()
        if formal and "state" in vals:
            formal._answer_formal(vals["state"])
            self -= formal
        return super().write(vals) if self else True

    def do_accept(self):
        return self._answer_apart("accepted")._super_do("do_accept")

    def do_decline(self):
        return self._answer_apart("declined")._super_do("do_decline")

    def do_tentative(self):
        return self._answer_apart("tentative")._super_do("do_tentative")

    def _super_do(self, name):
        return getattr(super(), name)() if self else True

    def _answer_apart(self, state):
        """Answer for entries of formal meetings; :return: the others."""
        formal = self._formal()
        formal._answer_formal(state)
        return self - formal

    def _answer_formal(self, state):
        """Take an answer over to the meeting, which writes it back here.

        Only of the person himself, logged in: the calendar's own link for logged-out people is known to every employee
        (its token can be read on the attendee), so it must not answer for anyone.

        :raises AccessError: the current user is somebody else
        """
        for attendee in self:
            if attendee.partner_id != self.env.user.partner_id:
                raise AccessError(
                    self.env._(
                        "Each participant answers for himself. Log in to answer, or use the link in your own notice."
                    )
                )
            # sudo: finds the row; whether it may be answered now is asked as the real user
            lines = attendee.sudo().event_id.formal_meeting_id.participant_ids
            line = lines.filtered_domain([("partner_id", "=", attendee.partner_id.id)])
            if refusal := line.sudo(False)._refusal_answer():
                raise refusal
            line._answer(ANSWERS[state], via="calendar")

    def _formal_set_state(self, state):
        """Door for the meeting: show its participant's answer."""
        return super().write({"state": state})


class CalendarPopoverDeleteWizard(models.TransientModel):
    _inherit = "calendar.popover.delete.wizard"

    def action_send_mail_and_delete(self):
        """Refuse before the mail has left, not after."""
        self.calendar_event_id._refuse_formal()
        return super().action_send_mail_and_delete()
