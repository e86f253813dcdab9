"""How a person wants to be told: singly or by one morning summary, and when not at all (RE-3).

By inbox or by e-mail is Odoo's own preference and stays where it is.
"""

from datetime import datetime, time, timedelta

import pytz
from lxml import etree
from odoo import fields, models

OWN = (
    "meeting_summary",
    "meeting_summary_time",
    "meeting_quiet",
    "meeting_quiet_from",
    "meeting_quiet_to",
    "meeting_robot_mention",
)
DAYS_AHEAD = 14
"""How far a day of work is looked for; whoever is away for longer gets his messages singly."""


def clock(hour):
    """:return: a time of day from hours since midnight: 8.5 is 08:30"""
    return (datetime.min + timedelta(minutes=round(hour * 60))).time()


def moment_on(day, hour, tz):
    """:return: that time of that day in the time zone, as naive UTC"""
    return tz.localize(datetime.combine(day, clock(hour))).astimezone(pytz.utc).replace(tzinfo=None)


def quiet_until(now, tz, begin, end):
    """:return: when the quiet hours end in which `now` (naive UTC) lies, as naive UTC; None outside of them

    :param float begin, end: hours of the day in the time zone; an end before the begin is on the next day
    """
    local = pytz.utc.localize(now).astimezone(tz)
    here, first, last = local.time(), clock(begin), clock(end)
    if first == last:
        return None
    inside = first <= here < last if first < last else here >= first or here < last
    if not inside:
        return None
    return moment_on(local.date() + timedelta(days=0 if here < last else 1), end, tz)


class ResUsers(models.Model):
    """提醒偏好. Everybody sets his own; others see them only where they administer users."""

    _inherit = "res.users"

    meeting_summary = fields.Boolean(
        "Morning Summary",
        groups="base.group_erp_manager",
        help="One message in the morning of each working day: my meetings, what waits for me and what is due, instead "
        "of a message for each. Notices, changes, cancellations, requests for approval and what is about to begin "
        "still come at once.",
    )
    meeting_summary_time = fields.Float("Summary At", default=8.5, groups="base.group_erp_manager")
    meeting_quiet = fields.Boolean(
        "Quiet Hours",
        groups="base.group_erp_manager",
        help="Between these hours nothing is sent to me, unless it would be too late afterwards.",
    )
    meeting_quiet_from = fields.Float("Quiet From", default=22.0, groups="base.group_erp_manager")
    meeting_quiet_to = fields.Float("Quiet To", default=7.0, groups="base.group_erp_manager")
    meeting_robot_mention = fields.Char(
        "My Name in the Group Chat",
        groups="base.group_erp_manager",
        help="The identifier by which a group robot (WeCom, DingTalk, Feishu) can mention me. Your administrator "
        "knows it.",
    )

    _meeting_hours = models.Constraint(
        """CHECK (meeting_summary_time >= 0 AND meeting_summary_time < 24 AND meeting_quiet_from >= 0
            AND meeting_quiet_from < 24 AND meeting_quiet_to >= 0 AND meeting_quiet_to < 24)""",
        "A time of day lies between 00:00 and 23:59.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, *self._meeting_preferences()]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, *self._meeting_preferences()]

    def _meeting_preferences(self):
        """:return: names of the fields that everybody sets for himself; an app that adds a way of telling adds its
        own"""
        return OWN

    def write(self, vals):
        res = super().write(vals)
        if any(name in vals for name in self._meeting_preferences()):
            self._release_held()
        return res

    def _release_held(self):
        """Other wishes: what was held by the old ones is looked at anew."""
        # sudo: nobody writes the ledger; nothing but the moment of one's own messages changes
        held = self.env["meeting.notification"].sudo()
        held = held.search(
            [("partner_id", "in", self.partner_id.ids), ("state", "=", "pending"), ("held_until", "!=", False)]
        )
        if held:
            held.write({"held_until": False, "held_for": False})
            held._wake([fields.Datetime.now()])

    def action_meeting_preferences(self):
        """The dialogue of one's own reminder preferences."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("My Reminder Preferences"),
            "res_model": "res.users",
            "res_id": self.env.uid,
            "view_mode": "form",
            "views": [(self.env.ref("meeting_management.res_users_view_form_preferences").id, "form")],
            "target": "new",
        }

    def _get_view_postprocessed(self, view, arch, **options):
        """As Odoo does in its own dialogue of preferences: one's own fields are shown in spite of their groups."""
        arch, names = super()._get_view_postprocessed(view, arch, **options)
        if view == self.env.ref("meeting_management.res_users_view_form_preferences", raise_if_not_found=False):
            tree = etree.fromstring(arch)
            for node in tree.xpath("//field[@__groups_key__]"):
                if node.get("name") in self._meeting_preferences():
                    node.attrib.pop("__groups_key__")
            arch = etree.tostring(tree)
        return arch, names

    # What the job asks

    def _meeting_wishes(self):
        """:return: dict of what this person wants otherwise than usual; most people's is empty"""
        self.ensure_one()
        # sudo: the job asks on the person's behalf; it goes into sending only
        user = self.sudo()
        wishes = {}
        if user.meeting_summary:
            wishes["summary"] = user.meeting_summary_time
        if user.meeting_quiet:
            wishes["quiet"] = (user.meeting_quiet_from, user.meeting_quiet_to)
        return wishes

    def _meeting_works_on(self, day, tz):
        """Whether this person works on that day, by his working calendar; who has none works every day."""
        self.ensure_one()
        # sudo: the job asks on the person's behalf; only yes or no comes back
        user = self.sudo()
        employee = user.with_company(user.company_id).employee_id
        calendar = employee.resource_calendar_id
        if not calendar:
            return True
        start = tz.localize(datetime.combine(day, time.min))
        stop = tz.localize(datetime.combine(day, time.max))
        resource = employee.resource_id
        return bool(list(calendar._work_intervals_batch(start, stop, resources=resource)[resource.id]))

    def _meeting_next_summary(self, now, tz):
        """:return: when this person's next morning summary leaves, as naive UTC, or None if that is far off"""
        self.ensure_one()
        today = pytz.utc.localize(now).astimezone(tz).date()
        for offset in range(DAYS_AHEAD):
            day = today + timedelta(days=offset)
            moment = moment_on(day, self.meeting_summary_time, tz)
            if moment > now and self._meeting_works_on(day, tz):
                return moment
        return None
