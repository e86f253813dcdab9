"""Messages about rooms: who got one tells who meets there (CF-6)."""

from odoo import api, models
from odoo.fields import Domain


class MeetingPrivacyMixin(models.AbstractModel):
    """Everybody reads bookings. What was said about one that belongs to a meeting, in the queue of mails too, is read
    by its recipients, and by those who may read the meeting."""

    _inherit = "meeting.privacy.mixin"

    @api.model
    def _guarded_models(self):
        return (*super()._guarded_models(), "meeting.booking")

    @api.model
    def _readable_with(self, documents):
        if documents._name != "meeting.booking":
            return super()._readable_with(documents)
        return Domain("meeting_id", "=", False) | Domain("meeting_id", "any", [])
