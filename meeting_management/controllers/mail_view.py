"""Links in mails lead to the document; before the agreement is signed they lead to the agreement (CF-2)."""

from odoo.addons.mail.controllers.mail import MailController
from odoo.http import request


class MeetingMailView(MailController):
    @classmethod
    def _redirect_to_generic_fallback(cls, model, res_id, access_token=None, **kwargs):
        """Whoever may not open the document, but was invited to its meeting, comes to his own page of it."""
        if request.session.uid and (model or "").startswith("meeting.") and model in request.env and res_id:
            user = request.env.user
            line = request.env["meeting.participant"]._own_line_of(request.env[model].browse(int(res_id)))
            if line and (line._must_sign() or user.share):
                base = "/my/meetings" if user.share else "/meeting/agreement"
                return request.redirect(f"{base}/{line.id}")
        return super()._redirect_to_generic_fallback(model, res_id, access_token=access_token, **kwargs)
