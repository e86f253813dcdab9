"""One small dialogue for every deed that needs a reason: refuse, send back, correct, return, cancel."""

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html


class MeetingReasonWizard(models.TransientModel):
    """Asks for the reason and hands it to `record.action_<verb>(reason=…)`, which checks person and moment itself.

    A model admits verbs by naming them in its class attribute `_reason_verbs`; no other method can be reached.
    """

    _name = "meeting.reason.wizard"
    _description = "Give a Reason"

    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Integer(required=True, readonly=True)
    verb = fields.Char(required=True, readonly=True)
    reason = fields.Text()

    @api.model
    def _open(self, record, verb, title):
        """Return the action that opens the dialogue for `record`.

        :param str verb: one of `record._reason_verbs`
        :param str title: translated title of the window"""
        record.ensure_one()
        wizard = self.create({"res_model": record._name, "res_id": record.id, "verb": verb})
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

    def action_confirm(self):
        """:raises UserError: when the verb is not one that asks for a reason, or the reason is empty."""
        self.ensure_one()
        model = self.env.get(self.res_model)
        if model is None or self.verb not in getattr(model, "_reason_verbs", ()):
            raise UserError(
                self.env._("This step cannot be taken with a reason. Go back to the record and use its buttons.")
            )
        reason = (self.reason or "").strip()
        if not reason:
            raise UserError(self.env._("Please give a reason: the people concerned will read it."))
        record = model.browse(self.res_id).exists()
        if not record:
            raise UserError(self.env._("The record has been deleted meanwhile."))
        record.check_access("read")
        result = getattr(record, f"action_{self.verb}")(**self._deed_values())
        return result if isinstance(result, dict) else {"type": "ir.actions.act_window_close"}

    def _deed_values(self):
        """:return: what the dialogue hands to the deed"""
        return {"reason": (self.reason or "").strip()}

    @api.model
    def _log(self, record, title, reason):
        """Write a reason into the chatter of `record`, in the acting user's name, as a note that mails nobody."""
        record.message_post(
            body=Markup("<b>%s</b><br/>%s") % (title, plaintext2html(reason)),
            author_id=self.env.user.partner_id.id,
            subtype_xmlid="mail.mt_note",
        )
