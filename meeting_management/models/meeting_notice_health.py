"""Are the notices leaving? What administrators see of it, and who tells them when they do not (RE-3, RE-4, CF-6).

The watch must not hang on what it watches. It is kept from three sides: by a job of its own, by the first screen
whenever an administrator opens it (which works when no job runs at all), and by Odoo's nightly housekeeping. Counts are
of all rows; names of meetings are in none of them.
"""

from datetime import timedelta

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

SEND_JOB = "meeting_management.ir_cron_send_notifications"
QUEUE_JOB = "mail.ir_cron_mail_scheduler_action"
LATE_PARAMETER = "meeting_management.notice_late_minutes"
LATE_MINUTES = 30


class MeetingNoticeIncident(models.Model):
    """A time in which notices did not leave as they should. Opened and closed by the watch; read by administrators.

    The database keeps it to one open incident of a kind, so that administrators are told once, by however many servers
    and jobs it is noticed at a time.
    """

    _name = "meeting.notice.incident"
    _description = "Incident of the Notice Job"
    _order = "began_at desc, id desc"
    _rec_name = "kind"

    kind = fields.Selection(
        [
            ("late", "Notices are late"),
            ("off", "The notice job is switched off"),
            ("queue_off", "The mail queue is switched off"),
            ("queue_late", "E-mails are stuck in the mail queue"),
        ],
        required=True,
        readonly=True,
    )
    began_at = fields.Datetime("Since", required=True, readonly=True)
    ended_at = fields.Datetime("Until", readonly=True)

    _one_open = models.UniqueIndex("(kind) WHERE ended_at IS NULL")

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for incident in self:
            incident.display_name = labels.get(incident.kind)

    def action_open_health(self):
        return self.env["ir.actions.client"]._for_xml_id("meeting_management.meeting_notice_health_action")


class MeetingNoticeHealth(models.AbstractModel):
    _name = "meeting.notice.health"
    _description = "Notice Health"

    # -- the page -----------------------------------------------------------------------------------------------

    @api.model
    def get(self):
        """:return: dict for the page: problems, jobs, backlog, failures, coming, queue, incidents
        :raises AccessError: the user is no administrator"""
        self._demand_manager()
        self._watch()
        incidents = self.env["meeting.notice.incident"].search_read(
            [], ["kind", "began_at", "ended_at"], limit=10, load=None
        )
        kinds = dict(self.env["meeting.notice.incident"]._fields["kind"]._description_selection(self.env))
        return {
            "problems": [{"kind": kind, "text": self._problem_text(kind)} for kind in self._problems()],
            "late_minutes": self._late_minutes(),
            "jobs": self._jobs(),
            "backlog": self._backlog(),
            "failures": self._failures(),
            "coming": self._coming(),
            "queue": self._queue(),
            "incidents": [
                {
                    "id": row["id"],
                    "kind": kinds[row["kind"]],
                    "began_at": fields.Datetime.to_string(row["began_at"]),
                    "ended_at": row["ended_at"] and fields.Datetime.to_string(row["ended_at"]),
                }
                for row in incidents
            ],
        }

    def _demand_manager(self):
        if not self.env.user.has_group("meeting_management.group_manager"):
            raise AccessError(self.env._("Only meeting administrators look after the notices."))

    @api.model
    def _late_minutes(self):
        # sudo: a number of our own settings
        value = self.env["ir.config_parameter"].sudo().get_param(LATE_PARAMETER)
        return int(value) if value and value.isdecimal() and int(value) else LATE_MINUTES

    @api.model
    def _jobs(self):
        # sudo: names and times of our own jobs and of the mail queue
        data = self.env["ir.model.data"].sudo()
        ids = data.search([("module", "=", "meeting_management"), ("model", "=", "ir.cron")]).mapped("res_id")
        jobs = self.env["ir.cron"].sudo().with_context(active_test=False).browse(ids).exists()
        jobs |= self.env.ref(QUEUE_JOB).sudo()
        send = self.env.ref(SEND_JOB)
        return [
            {
                "id": job.id,
                "name": job.name,
                "active": job.active,
                "last": job.lastcall and fields.Datetime.to_string(job.lastcall),
                "next": job.nextcall and fields.Datetime.to_string(job.nextcall),
                "failures": job.failure_count,
                "sends": job == send,
            }
            for job in jobs.sorted(lambda job: (job != send, job.id))
        ]

    @api.model
    def _backlog(self):
        """:return: dict(due, oldest): rows that should have left, all of them, and the moment of the oldest. What quiet
        hours or a morning summary hold back should not have left yet."""
        ledger = self.env["meeting.notification"]
        ledger.flush_model()
        [(due, oldest)] = self.env.execute_query(
            SQL(
                "SELECT count(*), min(COALESCE(retry_at, %s)) FROM meeting_notification WHERE %s",
                ledger._sql_ready_at(),
                ledger._sql_ready(fields.Datetime.now()),
            )
        )
        return {"due": due, "oldest": oldest and fields.Datetime.to_string(oldest)}

    @api.model
    def _failures(self):
        """:return: list of dict(reason, label, count, mine): failed rows by reason, all of them and those that the
        user may open"""
        ledger = self.env["meeting.notification"]
        domain = [("state", "=", "failed")]
        labels = dict(ledger._fields["reason"]._description_selection(self.env))
        mine = dict(ledger._read_group(domain, ["reason"], ["__count"]))
        # sudo: counts by reason, of no meeting in particular
        return [
            {"reason": reason, "label": labels.get(reason, "–"), "count": count, "mine": mine.get(reason, 0)}
            for reason, count in ledger.sudo()._read_group(domain, ["reason"], ["__count"], order="__count desc")
        ]

    @api.model
    def _coming(self):
        """:return: list of dict(hour, count) for each of the next 24 hours"""
        self.env["meeting.notification"].flush_model()
        now = fields.Datetime.now()
        first = now.replace(minute=0, second=0, microsecond=0)
        counts = dict(
            self.env.execute_query(
                SQL(
                    """SELECT date_trunc('hour', moment) AS hour, count(*) FROM (
                    SELECT CASE state WHEN 'failed' THEN retry_at ELSE greatest(due, held_until) END AS moment
                    FROM meeting_notification WHERE state IN ('pending', 'failed')) AS coming
                    WHERE moment > %(now)s AND moment < %(end)s GROUP BY hour""",
                    now=now,
                    end=first + timedelta(hours=24),
                )
            )
        )
        hours = [first + timedelta(hours=number) for number in range(24)]
        return [{"hour": fields.Datetime.to_string(hour), "count": counts.get(hour, 0)} for hour in hours]

    @api.model
    def _queue(self):
        """:return: dict(outgoing, exception): our e-mails that wait in Odoo's mail queue, or were refused there"""
        self.env["mail.mail"].flush_model(["state"])
        counts = dict(
            self.env.execute_query(
                SQL(
                    """SELECT m.state, count(*) FROM mail_mail m JOIN mail_message g ON g.id = m.mail_message_id
                    WHERE g.model LIKE 'meeting.%%' AND m.state IN ('outgoing', 'exception') GROUP BY m.state"""
                )
            )
        )
        return {"outgoing": counts.get("outgoing", 0), "exception": counts.get("exception", 0)}

    # -- buttons ------------------------------------------------------------------------------------------------

    @api.model
    def action_run_now(self):
        """Send now what is due, without waiting for the scheduler.

        :raises UserError: the job is running, is switched off, or broke; says what to do"""
        self._demand_manager()
        job = self.env.ref(SEND_JOB).sudo()  # sudo: administrators of meetings need not be those of the server
        if not job.active:
            raise UserError(self.env._("The notice job is switched off. Switch it on first."))
        if job.method_direct_trigger() is not True:
            raise UserError(
                self.env._("The notice job broke. Its error stands in the log of the server; tell your technician.")
            )

    @api.model
    def action_switch_on(self):
        """Let the job run again after somebody, or the server after many failures, has switched it off."""
        self._demand_manager()
        for name in (SEND_JOB, QUEUE_JOB):
            job = self.env.ref(name).sudo()  # sudo: as in `action_run_now`; these two jobs and no other
            if not job.active:
                job.write({"active": True, "nextcall": fields.Datetime.now()})
        self._watch()

    @api.model
    def action_open_failures(self, reason):
        """The failed rows of one reason, as far as the user may read them."""
        self._demand_manager()
        action = self.env["ir.actions.act_window"]._for_xml_id("meeting_management.meeting_notification_action")
        return {**action, "domain": [("state", "=", "failed"), ("reason", "=", reason)], "context": {}}

    # -- the watch ----------------------------------------------------------------------------------------------

    @api.model
    def _problems(self):
        """:return: the kinds of incident that are going on now"""
        limit = fields.Datetime.now() - timedelta(minutes=self._late_minutes())
        oldest = self._backlog()["oldest"]
        problems = []
        # sudo: whether two jobs are switched on
        if not self.env.ref(SEND_JOB).sudo().active:
            problems.append("off")
        elif oldest and fields.Datetime.to_datetime(oldest) < limit:
            problems.append("late")
        self.env["mail.mail"].flush_model(["state"])
        stuck = self.env.execute_query(
            SQL(
                """SELECT 1 FROM mail_mail m JOIN mail_message g ON g.id = m.mail_message_id WHERE g.model LIKE
                'meeting.%%' AND m.state = 'outgoing' AND m.create_date < %s
                AND (m.scheduled_date IS NULL OR m.scheduled_date < %s) LIMIT 1""",
                limit,
                limit,
            )
        )
        # sudo: whether Odoo's own mail job is switched on
        if not self.env.ref(QUEUE_JOB).sudo().active:
            problems.append("queue_off")
        elif stuck:
            problems.append("queue_late")
        return problems

    @api.model
    def _problem_text(self, kind):
        return {
            "late": self.env._(
                "Notices have been due for more than %s minutes and have not left. Press “Run now”; if that does not "
                "help, the scheduler of the server is not running: tell your technician.",
                self._late_minutes(),
            ),
            "off": self.env._("The job that sends notices and reminders is switched off. Nobody is told anything."),
            "queue_off": self.env._("The mail queue of the server is switched off. No e-mail leaves."),
            "queue_late": self.env._(
                "E-mails have been in the mail queue for more than %s minutes. Check the outgoing mail server.",
                self._late_minutes(),
            ),
        }[kind]

    @api.model
    @api.autovacuum
    def _watch(self):
        """Open what has begun, close what is over, and tell the administrators of each once (RE-3)."""
        incidents = self.env["meeting.notice.incident"].sudo()  # sudo: kept by the watch alone
        going_on = self._problems()
        now = fields.Datetime.now()
        known = incidents.search([("ended_at", "=", False)])
        over = known.filtered(lambda row: row.kind not in going_on)
        if over:
            over.ended_at = now
            self._tell_administrators(over.mapped("kind"), recovered=True)
        begun = set(going_on) - set(known.mapped("kind"))
        if begun:
            opened = self.env.execute_query(
                SQL(
                    """INSERT INTO meeting_notice_incident (kind, began_at, create_uid, create_date, write_uid,
                    write_date) SELECT v.kind, %(now)s, %(uid)s, %(now)s, %(uid)s, %(now)s
                    FROM unnest(%(kinds)s::varchar[]) AS v(kind)
                    ON CONFLICT (kind) WHERE ended_at IS NULL DO NOTHING RETURNING kind""",
                    now=now,
                    uid=self.env.uid,
                    kinds=sorted(begun),
                )
            )
            incidents.invalidate_model(flush=False)
            self._tell_administrators([kind for (kind,) in opened], recovered=False)

    @api.model
    def _tell_administrators(self, kinds, recovered):
        """Past the ledger, because it is the ledger that stands still; Odoo sends these at once, without the queue."""
        # sudo: who administers meetings
        people = self.env.ref("meeting_management.group_manager").sudo().all_user_ids
        people = people.filtered(lambda user: user.active and not user.share).partner_id
        if not kinds or not people:
            return
        profiles = people._notice_profiles()
        url = f"{self.env['meeting.meeting'].get_base_url()}/odoo/notice-health"
        for lang, group in people.grouped(lambda person: profiles[person.id]["lang"]).items():
            here = self.with_context(lang=lang)
            names = dict(here.env["meeting.notice.incident"]._fields["kind"]._description_selection(here.env))
            lines = [names[kind] if recovered else here._problem_text(kind) for kind in kinds]
            title = (
                here.env._("Meetings: the notices are leaving again")
                if recovered
                else here.env._("Meetings: the notices are not leaving")
            )
            body = Markup("<p><strong>%s</strong></p>%s<p><a href='%s'>%s</a></p>") % (
                title,
                Markup("").join(Markup("<p>%s</p>") % line for line in lines),
                url,
                here.env._("Notice Health"),
            )
            # sudo: the watch speaks for the system, also where an administrator's own look has set it off
            here.env["mail.thread"].sudo().message_notify(
                partner_ids=group.ids,
                subject=title,
                body=body,
                author_id=self.env.ref("base.partner_root").id,
            )

    @api.model
    def _cron_watch(self):
        self._watch()


class MeetingMyDay(models.AbstractModel):
    _inherit = "meeting.my.day"

    def _sections(self):
        sections = super()._sections()
        if not self.env.user.has_group("meeting_management.group_manager"):
            return sections
        health = self.env["meeting.notice.health"]
        health._watch()
        return [self._health_section(health), *sections]

    def _health_section(self, health):
        """What keeps the notices from leaving, above everything else."""
        return self._section(
            "health",
            self.env._("The notices are not leaving"),
            "fa-exclamation-triangle",
            self.env["meeting.notice.incident"],
            [("ended_at", "=", False)],
            "began_at",
            lambda incident: self._card(
                incident,
                incident.display_name,
                incident.began_at,
                note=health._problem_text(incident.kind),
                late=True,
                url="/odoo/notice-health",
                buttons=[self._button("action_open_health", self.env._("Look into it"), primary=True)],
            ),
        )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    meeting_notice_late_minutes = fields.Integer(
        "Warn When Notices Are Late by", config_parameter=LATE_PARAMETER, default=LATE_MINUTES
    )
