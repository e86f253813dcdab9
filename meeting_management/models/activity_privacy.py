"""To-dos on our documents: given to readers only, and seen by readers only (CF-1).

An activity stores the document's name and its own text, and Odoo shows it to whoever it is assigned to.
"""

from odoo import api, models
from odoo.exceptions import ValidationError


class MailActivity(models.Model):
    _name = "mail.activity"
    _inherit = ["meeting.privacy.mixin", "mail.activity"]
    _document_fields = ("res_model", "res_id")

    @api.constrains("user_id", "res_model_id", "res_id")
    def _check_assignee_reads(self):
        """Otherwise the mail about it, and its name, would tell somebody of a meeting he is not to know of."""
        guarded = set(self._guarded_models())
        for activity in self:
            chatty = "message_follower_ids" in self.env.get(activity.res_model, self)._fields
            if activity.res_model not in guarded or not chatty or not activity.user_id or not activity.active:
                continue
            document = self.env[activity.res_model].browse(activity.res_id)
            if not document._readers_by_rules(activity.user_id):
                raise ValidationError(
                    self.env._(
                        "%(person)s may not open “%(document)s”, so no to-do on it can be given to them. Choose "
                        "somebody who may, or add the person to the meeting first.",
                        person=activity.user_id.name,
                        document=document.display_name,
                    )
                )
