"""The outbox of the group robots: taken one by one, sent outside of any transaction, settled, once (RE-3, RE-4).

A message is marked as being sent, and that is committed, before the network is touched; no row is locked while a chat
program's house thinks about its answer. Two servers never send the same message. Where nobody can know whether it
arrived (no answer in time, a server that died on the way) it is sent again: a group that reads twice is better off than
one that was never told. So each message arrives exactly once, except in those cases, where it may arrive twice.
"""

from datetime import timedelta

import psycopg2.errors
from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from . import meeting_robot_format
from .meeting_message_kind import kind_of
from .meeting_notification_send import PAUSES

A_MINUTE = timedelta(minutes=1)
PER_MINUTE = 20
"""What WeCom and DingTalk let through for each robot; beyond it they fall silent for ten minutes."""
LOST = timedelta(minutes=10)
"""After which a message that is still being sent was being sent by a server that died."""
MENTIONED = 20


class MeetingRobotMessage(models.Model):
    """群消息记录. One per group, document and step: the database keeps it to one (RE-3). Nobody writes it by hand."""

    _name = "meeting.robot.message"
    _description = "Message of a Group Robot"
    _order = "id desc"
    _rec_name = "step_label"

    robot_id = fields.Many2one("meeting.robot", "Group Robot", required=True, readonly=True, ondelete="cascade")
    res_model = fields.Char("Document Model", required=True, readonly=True)
    res_id = fields.Many2oneReference("Document", model_field="res_model", required=True, readonly=True)
    meeting_id = fields.Many2one("meeting.meeting", "Meeting", readonly=True, index=True, ondelete="cascade")
    step = fields.Char("Step", required=True, readonly=True)
    step_label = fields.Char("Message", compute="_compute_step_label")
    state = fields.Selection(
        [
            ("pending", "Waiting"),
            ("sending", "Being sent"),
            ("sent", "Sent"),
            ("failed", "Failed"),
            ("void", "Not sent"),
        ],
        "Status",
        required=True,
        readonly=True,
        default="pending",
    )
    attempts = fields.Integer(readonly=True)
    taken_at = fields.Datetime("Last Attempt", readonly=True)
    retry_at = fields.Datetime("Next Attempt", readonly=True)
    sent_at = fields.Datetime("Sent On", readonly=True)
    error = fields.Char(readonly=True)

    _once = models.Constraint(
        "UNIQUE(robot_id, res_model, res_id, step)", "This message is already on its way to this group."
    )
    _waiting_idx = models.Index("(robot_id) WHERE state IN ('pending', 'sending', 'failed')")
    _taken_idx = models.Index("(robot_id, taken_at) WHERE taken_at IS NOT NULL")

    @api.depends("step")
    def _compute_step_label(self):
        rows = self.env["meeting.notification"]
        for message in self:
            message.step_label = rows.new({"step": message.step}).step_label

    @api.model
    def _owe(self, owed):
        """:param owed: list of (robot, document, step); what is owed already is left alone"""
        if not owed:
            return
        now = fields.Datetime.now()
        values = sorted(
            {(robot.id, record._name, record.id, record._notification_meeting().id, step) for robot, record, step in
             owed}
        )  # fmt: skip
        robot, model, res_id, meeting, step = (list(column) for column in zip(*values, strict=True))
        self.env.execute_query(
            SQL(
                """INSERT INTO meeting_robot_message (robot_id, res_model, res_id, meeting_id, step, state, attempts,
                     create_uid, create_date, write_uid, write_date)
                   SELECT v.robot_id, v.res_model, v.res_id, v.meeting_id, v.step, 'pending', 0, %(uid)s, %(now)s,
                     %(uid)s, %(now)s
                     FROM unnest(%(robot)s::int[], %(model)s::varchar[], %(res_id)s::int[], %(meeting)s::int[],
                       %(step)s::varchar[]) AS v(robot_id, res_model, res_id, meeting_id, step)
                   ON CONFLICT DO NOTHING RETURNING id""",
                uid=self.env.uid,
                now=now,
                robot=robot,
                model=model,
                res_id=res_id,
                meeting=meeting,
                step=step,
            )
        )
        self.env.ref("meeting_management.ir_cron_send_robot_messages")._trigger()

    # The job

    @api.model
    def _cron_send(self):
        """Send what waits. Safe to run twice, late, or on several servers at once (RE-3)."""
        cron = self.env["ir.cron"]
        self = self.with_user(SUPERUSER_ID)
        aside = set()  # robots that refused once do not hold up the others in this run
        cron._commit_progress(remaining=self.search_count(self._waiting_domain()))
        while message := self._take(aside):
            text = message._guarded_text()
            going_on = cron._commit_progress()
            if text:  # no transaction is open, no row is locked
                error = message.robot_id._post(text)
                if error:
                    aside.add(message.robot_id.id)
                message._settle(error)
                going_on = cron._commit_progress(1)
            if not going_on:
                break
        self._wake_for_next()
        cron._commit_progress()

    @api.model
    def _waiting_domain(self):
        now = fields.Datetime.now()
        return [
            ("robot_id.active", "=", True),
            "|",
            ("state", "=", "pending"),
            "|",
            "&",
            ("state", "=", "failed"),
            ("retry_at", "<=", now),
            "&",
            ("state", "=", "sending"),
            ("taken_at", "<=", now - LOST),
        ]

    @api.model
    def _take(self, aside=()):
        """:return: the next message of a robot that may speak now, marked as being sent, or no record

        The robot's row is written, so that two servers count its messages of the last minute together: the one that
        comes second looks again.
        """
        now = fields.Datetime.now()
        self.flush_model()
        for attempt in range(5):
            try:
                found = self.env.execute_query(
                    SQL(
                        """SELECT m.id, m.robot_id FROM meeting_robot_message m
                             JOIN meeting_robot r ON r.id = m.robot_id AND r.active
                            WHERE m.robot_id != ALL(%(aside)s)
                              AND (m.state = 'pending' OR (m.state = 'failed' AND m.retry_at <= %(now)s)
                                   OR (m.state = 'sending' AND m.taken_at <= %(lost)s))
                              AND (SELECT count(*) FROM meeting_robot_message t
                                    WHERE t.robot_id = m.robot_id AND t.taken_at > %(lately)s) < %(limit)s
                            ORDER BY m.id LIMIT 1 FOR UPDATE OF m, r SKIP LOCKED""",
                        aside=list(aside) or [0],
                        now=now,
                        lost=now - LOST,
                        lately=now - A_MINUTE,
                        limit=PER_MINUTE,
                    )
                )
                if not found:
                    return self.browse()
                [(message_id, robot_id)] = found
                self.env.cr.execute(SQL("UPDATE meeting_robot SET taken_at = %s WHERE id = %s", now, robot_id))
                message = self.browse(message_id)
                message.invalidate_recordset(flush=False)
                message.write({"state": "sending", "taken_at": now, "attempts": message.attempts + 1})
                message.flush_recordset()
                return message
            except psycopg2.errors.SerializationFailure:
                if attempt == 4:
                    raise
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
        return self.browse()

    def _settle(self, error):
        """Note what became of a message: sent, or failed and tried again after a growing pause, three times in all."""
        self.ensure_one()
        now = fields.Datetime.now()
        if not error:
            self.write({"state": "sent", "sent_at": now, "error": False, "retry_at": False})
            return
        again = self.attempts <= len(PAUSES)
        self.write({"state": "failed", "error": error, "retry_at": again and now + PAUSES[self.attempts - 1]})

    @api.model
    def _wake_for_next(self):
        """Have the job run when a robot may speak again, or a pause is over."""
        now = fields.Datetime.now()
        [(retry, taken)] = self.env.execute_query(
            SQL(
                """SELECT (SELECT min(retry_at) FROM meeting_robot_message m JOIN meeting_robot r ON r.id = m.robot_id
                            WHERE m.state = 'failed' AND r.active AND m.retry_at > %(now)s),
                          (SELECT max(m.taken_at) FROM meeting_robot_message m
                            WHERE m.taken_at > %(lately)s AND EXISTS (SELECT FROM meeting_robot_message w
                                   JOIN meeting_robot r ON r.id = w.robot_id AND r.active
                                   WHERE w.robot_id = m.robot_id AND w.state = 'pending'))""",
                now=now,
                lately=now - A_MINUTE,
            )
        )
        moments = [moment for moment in (retry, taken and taken + A_MINUTE) if moment]
        if moments:
            self.env.ref("meeting_management.ir_cron_send_robot_messages")._trigger(at=min(moments))

    # What is said

    def _guarded_text(self):
        """:return: the message, or None: there is no more to say, or it cannot be said; that is noted then (RE-4)"""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                text = self._text()
        except Exception as error:  # a chapter's text must not stop the other groups
            self._settle(f"{type(error).__name__}: {error}")
            return None
        if not text:
            self.write({"state": "void", "retry_at": False})
        return text

    def _text(self):
        """The message in the robot's language and form.

        The last gate: what not everybody in the group may read does not pass it, whatever has changed since the message
        was owed (CF-1).
        """
        self.ensure_one()
        robot = self.robot_id
        record = self.env[self.res_model].browse(self.res_id).exists() if self.res_model in self.env else None
        if not record or not robot._may_hear(record):
            return None
        record = record.with_context(lang=robot.lang, tz=record._notification_default_tz())
        rows = self._rows()
        if not record._notification_still_due(rows[:1].step or self.step, rows.partner_id):
            return None
        values = record._notification_values(self.step)
        if not values:
            return None
        lines = [(label, text) for label, text in record._notification_facts()]
        lines += [(change["label"], f"{change['old']} → {change['new']}") for change in values.get("changes") or ()]
        url = f"{record.get_base_url()}/mail/view?model={record._name}&res_id={record.id}"
        title = values["subject"]
        return meeting_robot_format.body(
            robot.kind,
            title,
            lines,
            (record.env._("Open"), url),
            self._mentions(rows),
            chinese=robot.lang.startswith("zh"),
        )

    def _rows(self):
        """:return: the rows of the ledger of this step: whom it concerns"""
        rows = self.env["meeting.notification"].search(
            [("res_model", "=", self.res_model), ("res_id", "=", self.res_id), ("step", "=like", f"{self.step}%")]
        )
        same = self.step if kind_of(self.step) != "notice" else None
        return rows.filtered(lambda row: row.step == same or (not same and kind_of(row.step) == "notice"))

    def _mentions(self, rows):
        """:return: identifiers of those whom the message concerns, in that chat"""
        users = rows.partner_id.user_ids.filtered("meeting_robot_mention").sorted("id")
        return users.mapped("meeting_robot_mention")[:MENTIONED]

    def action_send_again(self):
        """Put failed messages back in the queue.

        :raises UserError: a message has not failed
        """
        self.robot_id.check_access("write")
        if self.filtered(lambda message: message.state != "failed"):
            raise UserError(self.env._("Only failed messages can be sent again. Select failed messages only."))
        # sudo: the model is read-only for everyone; only the administrators of robots come this far
        self.sudo().write({"state": "pending", "attempts": 0, "retry_at": False, "error": False})
        # sudo: waking the job takes no decision and shows nothing
        self.env.ref("meeting_management.ir_cron_send_robot_messages").sudo()._trigger()
