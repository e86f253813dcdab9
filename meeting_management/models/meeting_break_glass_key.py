"""How a granted emergency access opens a meeting, for how long, and how its chair hears of it (CF-6).

A grant is a key. While it is in force it lies in the ``reader_keys`` of the meeting and among the keys of the person
who asked, so that the ordinary rules let him read, and nothing but read, the meeting and what is under it. The
person's side carries the hour of expiry, which is compared at each use: a grant ends on time, whether or not a job
runs.
"""

from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_datetime

KEY_BASE = -(2**31)
"""Keys of grants count up from the lowest number of an ``int4``: users are positive, departments small negatives."""


class MeetingBreakGlass(models.Model):
    _inherit = "meeting.break.glass"

    def _in_force(self):
        """:return: until when it is in force, in the reader's language and time zone; empty while it is not granted"""
        if not self.expires_at:
            return ""
        until = format_datetime(self.env, self.expires_at, tz=self.env.context.get("tz"), dt_format="medium")
        return self.env._("In force until %s. Nothing can be changed by it, and every reading is logged.", until)

    def _key(self):
        """:return: the key of this grant, which nobody and no department has"""
        return KEY_BASE + self.id


class ResUsers(models.Model):
    _inherit = "res.users"

    def _meeting_principals(self):
        """See the first definition; and the keys of the emergency accesses that are in force at this moment."""
        keys = super()._meeting_principals()
        now = fields.Datetime.now()
        borrowed = [key for key, until in self._break_glass_grants() if until > now]
        return keys.union(borrowed) if borrowed else keys

    @tools.ormcache("self.id")
    def _break_glass_grants(self):
        """:return: tuple of (key, hour of expiry) granted to this user; none without the authority. Cached until a
        grant changes, hence the hour."""
        self.ensure_one()
        glasses = self.env["meeting.break.glass"].sudo()  # sudo: one's own keys
        if not glasses._has_authority(self):
            return ()
        granted = glasses.search([("requester_id", "=", self.id), ("state", "=", "granted")])
        return tuple((glass._key(), glass.expires_at) for glass in granted)


class ResCompany(models.Model):
    _inherit = "res.company"

    meeting_break_glass_hours = fields.Integer(
        "Emergency Access Lasts", default=24, help="Hours for which a granted emergency access is in force."
    )

    _meeting_break_glass_hours_range = models.Constraint(
        "CHECK (meeting_break_glass_hours BETWEEN 1 AND 168)", "An emergency access lasts from one hour to one week."
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    meeting_break_glass_hours = fields.Integer(related="company_id.meeting_break_glass_hours", readonly=False)


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    break_glass_ids = fields.One2many("meeting.break.glass", "meeting_id", "Emergency Accesses", copy=False)

    @api.depends("break_glass_ids.state")
    def _compute_access_keys(self):
        return super()._compute_access_keys()

    def _role_keys(self):
        # sudo: grants count whoever triggered the recomputation.
        granted = self.sudo().break_glass_ids.filtered(lambda glass: glass.state == "granted")
        return {**super()._role_keys(), "break_glass": {glass._key() for glass in granted}}

    @api.ondelete(at_uninstall=False)
    def _unlink_except_asked_for(self):
        if self.sudo().break_glass_ids:  # sudo: evidence counts, whoever may read it
            raise UserError(
                self.env._("Somebody asked for emergency access to this meeting, so it is kept. Cancel it instead.")
            )

    def _notice_values_glass_asked(self, detail):
        glass = self.env["meeting.break.glass"].browse(int(detail))
        return {
            "subject": self.env._("Emergency access asked for: %s", self.name),
            "heading": self.name,
            "badge": (self.env._("Emergency access"), "warning"),
            "neutral": self.env._(
                "%s asks for emergency access to a confidential meeting that you chair.", glass.requester_id.name
            ),
            "author": self.company_id.partner_id,
            "glass": glass,
            "in_force": glass._in_force(),
        }

    def _notice_values_glass_granted(self, detail):
        glass = self.env["meeting.break.glass"].browse(int(detail))
        return {
            "subject": self.env._("Emergency access granted: %s", self.name),
            "heading": self.name,
            "badge": (self.env._("Emergency access"), "danger"),
            "neutral": self.env._(
                "%(decider)s has let %(person)s read a confidential meeting that you chair.",
                decider=glass.decided_by_id.name,
                person=glass.requester_id.name,
            ),
            "author": self.company_id.partner_id,
            "glass": glass,
            "in_force": glass._in_force(),
        }

    def _notice_values_glass_open(self, detail):
        glass = self.env["meeting.break.glass"].browse(int(detail))
        return {
            "subject": self.env._("You may read: %s", self.name),
            "heading": self.name,
            "badge": (self.env._("Emergency access"), "info"),
            "neutral": self.env._(
                "You asked for emergency access to a confidential meeting. %s has granted it.",
                glass.decided_by_id.name,
            ),
            "author": self.company_id.partner_id,
            "glass": glass,
            "in_force": glass._in_force(),
        }


class MeetingAccessLogged(models.AbstractModel):
    _inherit = "meeting.access.logged"

    def copy_data(self, default=None):
        """:raises AccessError: a copy would be his own, and outlast the emergency"""
        if not self.env.su and self._by_emergency():
            raise AccessError(
                self.env._(
                    "By emergency access a meeting is read, and nothing else: it cannot be copied, because the copy "
                    "would stay when the access ends."
                )
            )
        return super().copy_data(default)

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Who reads by emergency access writes nothing into the chatter either."""
        operations = super()._mail_get_operation_for_mail_message_operation(message_operation)
        if message_operation == "create":
            operations |= dict.fromkeys(self._by_emergency(), "write")
        return operations


class MeetingNotification(models.Model):
    _inherit = "meeting.notification"

    def _step_labels(self):
        return super()._step_labels() | {
            "glass_asked": self.env._("Emergency access asked for"),
            "glass_granted": self.env._("Emergency access granted"),
            "glass_open": self.env._("Emergency access granted (to the requester)"),
        }
