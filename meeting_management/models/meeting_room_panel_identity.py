"""Who stands before the panel: known by badge, or by PIN, as at Odoo's own kiosk; guessing does not pay (RM-5)."""

import hmac
from datetime import timedelta

from odoo import models
from odoo.tools.sql import escape_psql

PANEL_LIMIT = 20
PERSON_LIMIT = 5
NAMESAKES = 5
"""A name that fits more people than this fits nobody: otherwise one PIN would be tried on many at a time."""


class MeetingRoomPanelThrottle(models.Model):
    """Wrong badges and PINs of the last hour, by panel and by person. Closed to everybody."""

    _name = "meeting.room.panel.throttle"
    _inherit = ["meeting.guest.throttle"]
    _description = "Failed Attempts at a Door Panel"

    _window = timedelta(hours=1)

    def _key(self, address):
        return address


class MeetingRoomPanel(models.Model):
    _inherit = "meeting.room.panel"

    def _identify(self, badge="", who="", pin="", candidates=None):
        """The employee with this badge, or with this PIN among those who are called ``who``; without a name among
        ``candidates``, the people of the booking.

        A wrong answer is the same whatever was wrong: nobody learns here who works in the house.

        :return: (``hr.employee`` as superuser, at most one; the sentence that refuses, or ``None``)
        """
        throttle = self.env["meeting.room.panel.throttle"]
        nobody = self.env["hr.employee"].sudo()  # sudo: badges and PINs are compared, nothing of them is shown
        seconds = throttle._wait(f"panel:{self.id}", PANEL_LIMIT)
        if seconds:
            minutes = -(-seconds // 60)
            return nobody, self.env._("Too many wrong attempts at this door. Try again in %s minutes.", minutes)
        named = nobody
        if badge or (who and not pin):
            found = nobody.search([("barcode", "=", badge or who)])
        else:
            named = self._named(who) if who else candidates or nobody
            found = named.filtered(
                lambda employee: employee.pin and hmac.compare_digest(employee.pin.encode(), pin.encode())
            )
        found = found.filtered(self._works_here)
        if who and pin:
            found = found.filtered(lambda employee: not throttle._wait(f"person:{employee.id}", PERSON_LIMIT))
        if len(found) == 1:
            return found, None
        throttle._count(f"panel:{self.id}")
        if who and pin:
            for employee in named:
                throttle._count(f"person:{employee.id}")
        return nobody, self.env._("Not recognised. Check badge or PIN, and try again.")

    def _named(self, who):
        """Employees called so: by badge number, login or e-mail, otherwise by (a part of) the name."""
        # sudo: as in `_identify`
        employees = self.env["hr.employee"].sudo()
        exact = escape_psql(who)
        found = employees.search(
            ["|", "|", ("barcode", "=", who), ("user_id.login", "=ilike", exact), ("work_email", "=ilike", exact)]
        )
        found = found or employees.search([("name", "ilike", exact)], limit=NAMESAKES + 1)
        return found if len(found) <= NAMESAKES else employees

    def _works_here(self, employee):
        """Whether the person may act at this room: employed by its company, or with a login that reaches it."""
        user, company = employee.user_id, self.company_id
        if user:
            return user.active and not user.share and company in user.company_ids
        return employee.company_id == company
