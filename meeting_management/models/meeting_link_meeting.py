"""What can be done to a meeting by link: answer, decide on an application, confirm documents (NT-3, NT-4, AP-3)."""

from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError

ANSWERS = {"accept": "accepted", "decline": "declined"}


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    _link_verbs = ("accept", "decline", "approve", "refuse", "confirm_materials")

    def _link_offers(self, kind, user):
        line = self.participant_ids.filtered(lambda line: line.user_id == user)
        if kind in ("approval", "approval_waiting") and self.current_approver_id == user:
            return [("approve", self.env._("Approve")), ("refuse", self.env._("Send back"))]
        if not line or line._must_sign():  # signing comes first, and has a page of its own
            return []
        offers = []
        if kind in ("notice", "answer", "change") and line.response == "pending":
            offers = [("accept", self.env._("Accept"))]
            offers += [("decline", self.env._("Decline"))]
        if kind in ("notice", "remind", "limit_soon") and line._materials_unread(self.agenda_item_ids):
            offers.append(("confirm_materials", self.env._("I have read the documents")))
        return offers

    def _link_occasion(self, verb):
        if verb in ("approve", "refuse"):
            return str(self._pending_approval().id or "")
        return ""

    def _link_expiry(self, verb):
        if verb in ("approve", "refuse"):
            return max(self.start, super()._link_expiry(verb))
        return self.stop + timedelta(hours=1)

    def _link_refusal(self, verb):
        if verb in ANSWERS or verb == "confirm_materials":
            line = self.my_participant_id
            if not line:
                return self._refusal_not_yours()
            if verb == "confirm_materials":
                return self._refusal_confirm_materials()
            closed = line.sudo()._guest_refusal()  # sudo: the state and time of a meeting the user may read
            return UserError(closed) if closed else line._refusal_answer()
        return super()._link_refusal(verb)

    def _link_words(self, verb):
        return {
            "accept": {
                "question": self.env._("You accept: the organiser counts on you."),
                "button": self.env._("Accept"),
                "done": self.env._("You have accepted. The organiser knows."),
                "repeatable": True,
            },
            "decline": {
                "question": self.env._("You decline. The organiser plans with your reason."),
                "button": self.env._("Decline"),
                "done": self.env._("You have declined. The organiser knows, and reads your reason."),
                "style": "danger",
                "reason": "required",
                "reason_label": self.env._("Why can you not come?"),
                "missing": self.env._("Please give a reason, so that the organiser can plan."),
                "repeatable": True,
            },
            "approve": {
                "question": self.env._("You approve this application. After the last approval the notices leave."),
                "button": self.env._("Approve"),
                "done": self.env._("Approved."),
            },
            "refuse": {
                "question": self.env._("You send the application back. Nothing its author typed is lost."),
                "button": self.env._("Send back"),
                "done": self.env._("Sent back. The applicant reads your reason."),
                "style": "danger",
                "reason": "required",
                "reason_label": self.env._("What has to be corrected?"),
                "missing": self.env._("Please give a reason: the applicant corrects by it."),
            },
            "confirm_materials": {
                "question": self.env._("You confirm that you have read the documents of this meeting."),
                "button": self.env._("I have read the documents"),
                "done": self.env._("It is noted that you have read the documents."),
            },
        }[verb]

    def _link_do(self, verb, values):
        if verb not in ANSWERS:
            return super()._link_do(verb, values)
        reason = values.get("reason") or False
        if verb == "accept":
            reason = False
        return self.my_participant_id._answer(ANSWERS[verb], reason, via="mail")

    def _link_meanwhile(self, verb):
        if verb in ("approve", "refuse"):
            return self._link_decided()
        if verb in ANSWERS and self.my_participant_id:
            closed = self.my_participant_id.sudo()._guest_refusal()  # sudo: see `_link_refusal`
            if closed:
                return closed
        if verb == "confirm_materials":
            refusal = self._refusal_confirm_materials()
            if refusal:
                return refusal.args[0]
        return super()._link_meanwhile(verb)

    def _link_decided(self):
        """Who decided on the application, and how; the reason is read on the meeting."""
        approval = self.approval_ids.filtered("decided_at").sorted("decided_at")[-1:]
        if self.state == "draft" and self.refusal_reason and approval.state == "refused":
            return self.env._(
                "Meanwhile it was sent back: %s.", self._own_words(approval.approver_id.name, approval.decided_at)
            )
        if approval.state == "approved" and self.state != "draft":
            return self.env._(
                "Meanwhile it was approved: %s.", self._own_words(approval.approver_id.name, approval.decided_at)
            )
        if self.state == "draft":
            return self.env._("Meanwhile the applicant has taken it back to change it. You will be asked again.")
        return super()._link_meanwhile("approve")

    def _link_content(self):
        # sudo: what every reader of the meeting sees of it
        meeting = self.sudo()
        documents = meeting._topics_for(self.env.user.partner_id).attachment_ids
        return {
            "title": meeting.name,
            "facts": meeting._notice_facts(admitted=True),
            "text": meeting.purpose,
            "documents": documents.mapped("name"),
        }
