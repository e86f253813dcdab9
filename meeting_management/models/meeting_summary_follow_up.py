"""The periodic summary of follow-up to heads of departments and management (RS-8)."""

from datetime import timedelta

import pytz
from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from .meeting_action_item import OPEN_STATES
from .res_users_preferences import moment_on

HOUR = 8.5
"""When it leaves, in the company's time zone."""
LATE = timedelta(days=2)
"""How long after its moment it is still sent, after the server was down, say."""


class ResCompany(models.Model):
    _inherit = "res.company"

    meeting_follow_up_every = fields.Selection(
        [("never", "Never"), ("weekly", "Every Monday"), ("monthly", "On the first of each month")],
        "Follow-up Summary",
        default="weekly",  # not required: companies are made before this addon is loaded, too
        help="Heads of departments get the figures of their departments, management those of all: tasks open, "
        "overdue and done. Each figure counts only what its reader may read.",
    )
    meeting_follow_up_user_ids = fields.Many2many(
        "res.users",
        "meeting_company_follow_up_user_rel",
        "company_id",
        "user_id",
        "Management",
        domain=[("share", "=", False)],
        help="Get the follow-up summary of all departments.",
    )

    def _meeting_tz(self):
        self.ensure_one()
        return pytz.timezone(self.partner_id.tz or self.resource_calendar_id.tz or "UTC")

    def _follow_up_period(self, today):
        """:return: (first day, day after the last) of the period that ended last"""
        self.ensure_one()
        if self.meeting_follow_up_every == "monthly":
            stop = today.replace(day=1)
            return stop - relativedelta(months=1), stop
        stop = today - timedelta(days=today.weekday())
        return stop - timedelta(days=7), stop

    def _follow_up_readers(self):
        """:return: heads of this company's departments, and its management, as far as they have a login here"""
        self.ensure_one()
        # sudo: who heads what is known to every employee; the job asks
        departments = self.env["hr.department"].sudo().search([("company_id", "in", (self.id, False))])
        users = departments.manager_id.user_id | self.meeting_follow_up_user_ids
        return users.filtered(lambda user: user.active and not user.share and self in user.company_ids)


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    meeting_follow_up_every = fields.Selection(related="company_id.meeting_follow_up_every", readonly=False)
    meeting_follow_up_user_ids = fields.Many2many(related="company_id.meeting_follow_up_user_ids", readonly=False)


class MeetingSummary(models.Model):
    _inherit = "meeting.summary"

    kind = fields.Selection(selection_add=[("follow_up", "Follow-up Summary")], ondelete={"follow_up": "cascade"})

    _once_a_period = models.UniqueIndex(
        "(user_id, company_id, day) WHERE kind = 'follow_up'", "This person has had the summary of that period."
    )

    @api.model
    def _make_due(self):
        super()._make_due()
        now = fields.Datetime.now()
        rows = []
        for company in self.env["res.company"].search([("meeting_follow_up_every", "in", ("weekly", "monthly"))]):
            tz = company._meeting_tz()
            _start, stop = company._follow_up_period(pytz.utc.localize(now).astimezone(tz).date())
            moment = moment_on(stop, HOUR, tz)
            if not moment <= now < moment + LATE:
                continue
            readers = company._follow_up_readers()
            had = self.search([("kind", "=", "follow_up"), ("company_id", "=", company.id), ("day", "=", stop)]).user_id
            rows += [(user.id, company.id, stop) for user in readers - had]
        self.env["meeting.notification"]._queue_rows(
            [(summary, "follow_up", summary.user_id.partner_id.id, now) for summary in self._insert("follow_up", rows)]
        )

    def _notification_url(self, step):
        if step == "follow_up":
            return f"{self.get_base_url()}/odoo/meeting-tracking"
        return super()._notification_url(step)

    def _notification_values(self, step):
        if step != "follow_up":
            return super()._notification_values(step)
        start, stop = self.company_id._follow_up_period(self.day)
        lines = self._follow_up_lines(start, stop)
        if not lines:
            return None
        period = self.env._(
            "%(first)s – %(last)s",
            first=format_date(self.env, start),
            last=format_date(self.env, stop - timedelta(days=1)),
        )
        return {
            "subject": self.env._("Follow-up of tasks, %s", period),
            "heading": self.env._("Follow-up of tasks"),
            "badge": (period, "danger" if any(line["overdue"] for line in lines) else "info"),
            "button": self.env._("Open the tracking table"),
            "footer": self.env._("The figures count the tasks that you may read."),
            "lines": lines,
            "total": {key: sum(line[key] for line in lines) for key in ("open", "overdue", "done")},
        }

    def _follow_up_lines(self, start, stop):
        """:return: list of dict(name, open, overdue, done, url) by department, with the reader's own rights"""
        user = self.user_id
        tasks = (
            self.env["meeting.action.item"]
            .with_user(user)
            .with_context(lang=self.env.lang, allowed_company_ids=self.company_id.ids, tz=user.tz)
        )
        scope = Domain("company_id", "=", self.company_id.id)
        # sudo: who heads what is known to every employee
        company = self.company_id.sudo()
        if user not in company.meeting_follow_up_user_ids:
            headed = self.env["hr.department"].sudo().search([("manager_id.user_id", "=", user.id)])
            scope &= Domain("department_id", "child_of", headed.ids)
        open_tasks = scope & Domain("state", "in", OPEN_STATES) & Domain("assigned_at", "!=", False)
        tz = company._meeting_tz()
        counts = {}
        for key, domain in (
            ("open", open_tasks),
            ("overdue", open_tasks & Domain("deadline", "<", self.day)),
            (
                "done",
                scope
                & Domain("state", "=", "accepted")
                & Domain("accepted_at", ">=", moment_on(start, 0, tz))
                & Domain("accepted_at", "<", moment_on(stop, 0, tz)),
            ),
        ):
            counts[key] = dict(tasks._read_group(domain, ["department_id"], ["__count"]))
        departments = {department for found in counts.values() for department in found}
        return sorted(
            (
                {
                    # sudo: names of departments are known to every employee
                    "name": department.sudo().name if department else self.env._("Without a department"),
                    **{key: found.get(department, 0) for key, found in counts.items()},
                }
                for department in departments
            ),
            key=lambda line: (-line["overdue"], -line["open"], line["name"]),
        )


class MeetingNotification(models.Model):
    _inherit = "meeting.notification"

    def _step_labels(self):
        return super()._step_labels() | {
            "summary": self.env._("Morning summary"),
            "follow_up": self.env._("Follow-up summary"),
        }
