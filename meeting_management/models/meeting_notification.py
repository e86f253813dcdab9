"""The ledger of notices and reminders: what was due to whom, when it left, and what became of it (NT-1, RE-3, RE-4).

Facts are written first; the transaction that writes them adds rows here with one INSERT. A job renders and sends them
(`meeting_notification_send.py`). What a step says is the business of its subject (`meeting_notification_subject.py`)
and of a QWeb view (`data/notification_templates_layout.xml` has the convention at its head).
"""

from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

REASONS = [
    ("superseded", "No longer needed"),
    ("moved", "The meeting was moved"),
    ("cancelled", "The meeting was cancelled"),
    ("past", "The moment had passed"),
    ("nothing", "There was nothing to say"),
    ("no_access", "May not read it (any more)"),
    ("archived", "The contact is archived"),
    ("deleted", "The document no longer exists"),
    ("no_email", "The contact has no valid e-mail address"),
    ("address_changed", "The address was changed after the invitation"),
    ("render", "The message could not be prepared"),
    ("delivery", "The mail server refused it"),
    ("bounce", "The e-mail came back"),
]

# Last words to somebody who may no longer read the subject. At a closed level they name nothing but its time.
FAREWELLS = ("removed", "task_withdrawn")


class MeetingNotification(models.Model):
    """通知发送记录. One row per subject, step and recipient; the database keeps it to one (RE-3).

    Written by the module's own code alone: nobody creates, changes or deletes a row over RPC. Read by those who may
    edit the meeting; an administrator sees the rows of the meetings he may read, and no others (CF-6).
    """

    _name = "meeting.notification"
    _inherit = ["meeting.mixin.document"]
    _description = "Notice Record"
    _order = "due desc, id desc"
    _rec_name = "step_label"

    res_model = fields.Char("Document Model", required=True, readonly=True)
    res_id = fields.Many2oneReference("Document", model_field="res_model", required=True, readonly=True)
    meeting_id = fields.Many2one(
        "meeting.meeting", "Meeting", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    step = fields.Char("Step", required=True, readonly=True)
    step_label = fields.Char("Message", compute="_compute_step_label")
    partner_id = fields.Many2one(
        "res.partner", "Recipient", required=True, readonly=True, index=True, ondelete="restrict"
    )
    due = fields.Datetime("Due", required=True, readonly=True)
    state = fields.Selection(
        [("pending", "Waiting"), ("sent", "Sent"), ("failed", "Failed"), ("void", "Not sent")],
        "Status",
        required=True,
        readonly=True,
        default="pending",
    )
    sent_at = fields.Datetime("Sent On", readonly=True)
    reason = fields.Selection(REASONS, "Reason", readonly=True)
    error = fields.Text("Error", readonly=True)
    attempts = fields.Integer("Attempts", readonly=True)
    retry_at = fields.Datetime("Next Attempt", readonly=True)
    mail_message_id = fields.Many2one(
        "mail.message", "Message Sent", readonly=True, index="btree_not_null", ondelete="set null"
    )
    delivery = fields.Selection(
        [
            ("inbox", "In the inbox"),
            ("read", "Read"),
            ("queued", "In the mail queue"),
            ("delivered", "Delivered"),
            ("failed", "Failed"),
            ("bounced", "Came back"),
        ],
        "Delivery",
        compute="_compute_delivery",
    )

    _once = models.Constraint(
        "UNIQUE(res_model, res_id, step, partner_id)", "This message is already on its way to this recipient."
    )
    _due_idx = models.Index("(due) WHERE state = 'pending'")
    _retry_idx = models.Index("(retry_at) WHERE state = 'failed' AND retry_at IS NOT NULL")

    @api.depends("step")
    def _compute_step_label(self):
        labels = self._step_labels()
        for row in self:
            kind = (row.step or "").partition("@")[0].partition(":")[0]
            row.step_label = labels.get(kind, kind)

    @api.model
    def _step_labels(self):
        """The name of each kind of step in the reader's language; a chapter adds its own with `super()`."""
        return {
            "approval": self.env._("Approval requested"),
            "approval_waiting": self.env._("Reminder: approval waiting"),
            "refused": self.env._("Application returned"),
            "scheduled": self.env._("Application approved"),
            "notice": self.env._("Meeting notice"),
            "change": self.env._("Notice of change"),
            "cancel": self.env._("Notice of cancellation"),
            "removed": self.env._("No longer a participant"),
            "remind": self.env._("Reminder: the meeting begins"),
            "answer": self.env._("Reminder: answer missing"),
            "unanswered": self.env._("Report: who has not answered"),
            "link": self.env._("New answer link"),
        }

    @api.model
    def _format_minutes(self, minutes):
        """:return: a length of time in words, in the reader's language: "2 days", "1 hour", "15 minutes"."""
        if minutes and minutes % 1440 == 0:
            days = minutes // 1440
            return self.env._("1 day") if days == 1 else self.env._("%s days", days)
        if minutes and minutes % 60 == 0:
            hours = minutes // 60
            return self.env._("1 hour") if hours == 1 else self.env._("%s hours", hours)
        return self.env._("1 minute") if minutes == 1 else self.env._("%s minutes", minutes)

    @api.depends("state", "mail_message_id")
    def _compute_delivery(self):
        """What Odoo's mail knows of the copy that left for this recipient."""
        self.delivery = False
        # sudo: of the mail tables only the status of the copy belonging to a readable row is shown, no subject, no body
        copies = (
            self.env["mail.notification"]
            .sudo()
            .search_fetch(
                [
                    ("mail_message_id", "in", self.sudo().mail_message_id.ids),
                    ("res_partner_id", "in", self.partner_id.ids),
                ],
                ["mail_message_id", "res_partner_id", "notification_type", "notification_status", "is_read"],
            )
        )
        found = {(copy.mail_message_id.id, copy.res_partner_id.id): copy for copy in copies}
        for row in self:
            # sudo: a number to look up with; see above
            copy = found.get((row.sudo().mail_message_id.id, row.partner_id.id))
            if not copy:
                continue
            if copy.notification_type == "inbox":
                row.delivery = "read" if copy.is_read else "inbox"
            else:
                row.delivery = {
                    "sent": "delivered",
                    "pending": "delivered",
                    "exception": "failed",
                    "canceled": "failed",
                    "bounce": "bounced",
                }.get(copy.notification_status, "queued")

    # Buttons

    def action_send_again(self):
        """Put failed rows back in the queue, after the cause (an address, say) has been mended.

        :raises AccessError: the user may not edit the meeting
        :raises UserError: a row is not in the state "failed"
        """
        for row in self:
            if not row.meeting_id.is_editable:
                raise AccessError(
                    self.env._(
                        "Only those who may edit the meeting can send its notices again. Ask the convener or the "
                        "secretariat."
                    )
                )
            if row.state != "failed":
                raise UserError(
                    self.env._(
                        "The message to %(recipient)s has not failed, so it cannot be sent again. Select failed "
                        "messages only.",
                        recipient=row.partner_id.display_name,
                    )
                )
        # sudo: the model is read-only for everyone; the rows were checked above one by one
        self.sudo().write(
            {
                "state": "pending",
                "due": fields.Datetime.now(),
                "retry_at": False,
                "held_until": False,
                "held_for": False,
                "attempts": 0,
                "reason": False,
                "error": False,
            }
        )
        self._wake([fields.Datetime.now()])

    # The door for all chapters

    @api.model
    def _queue(self, records, step, partners, due=None):
        """Owe a message to each of `partners` about each of `records`; what is owed or was sent already is left alone.

        One INSERT, whatever the number. Nothing is rendered here.

        :param records: subjects, records of one model
        :param str step: kind of message, with details after a colon: ``notice``, ``change:3``, ``remind:60``
        :param partners: res.partner, the recipients
        :param datetime due: when it is to leave (UTC), now by default
        :return: the rows that are new
        """
        due = due or fields.Datetime.now()
        return self._queue_rows([(record, step, partner_id, due) for record in records for partner_id in partners.ids])

    @api.model
    def _queue_rows(self, rows, revive=False):
        """Like `_queue`, for many steps, recipients and moments at once.

        :param rows: list of (record, step, partner id, due)
        :param bool revive: rows that were taken back are owed again, at the new moment
        :return: the rows that are new, or owed again
        """
        if not rows:
            return self.browse()
        # sudo: whoever causes a message (an approver, say) need not be able to write the ledger, which nobody can;
        # only what is
        # already known to the caller goes in
        self = self.sudo()
        now = fields.Datetime.now()
        values = sorted(
            {
                (record._name, record.id, step, partner_id, record._notification_ledger_meeting().id or None, due)
                for record, step, partner_id, due in rows
            },
            key=lambda row: row[:4],
        )  # one order for all: no deadlocks
        self.flush_model(["res_model", "res_id", "step", "partner_id"])
        model, res_id, step, partner, meeting, due = (list(column) for column in zip(*values, strict=True))
        inserted = self.env.execute_query(
            SQL(
                """INSERT INTO meeting_notification (res_model, res_id, step, partner_id, meeting_id, due, state,
                attempts, create_uid, create_date, write_uid, write_date) SELECT v.res_model, v.res_id, v.step,
                v.partner_id, v.meeting_id, v.due, 'pending', 0, %(uid)s, %(now)s, %(uid)s, %(now)s FROM
                unnest(%(model)s::varchar[], %(res_id)s::int[], %(step)s::varchar[], %(partner)s::int[],
                %(meeting)s::int[], %(due)s::timestamp[]) AS v(res_model, res_id, step, partner_id, meeting_id, due) ON
                CONFLICT (res_model, res_id, step, partner_id) %(conflict)s RETURNING id, due""",
                uid=self.env.uid,
                now=now,
                model=model,
                res_id=res_id,
                step=step,
                partner=partner,
                meeting=meeting,
                due=due,
                conflict=SQL(
                    """DO UPDATE SET due = EXCLUDED.due, state = 'pending', reason = NULL, error = NULL, attempts = 0,
                    retry_at = NULL, held_until = NULL, held_for = NULL, write_date = EXCLUDED.write_date
                    WHERE meeting_notification.state = 'void'"""
                )
                if revive
                else SQL("DO NOTHING"),
            )
        )
        self.browse([row[0] for row in inserted]).invalidate_recordset(flush=False)
        self._forget_cache()
        self._wake([row[1] for row in inserted])
        return self.browse([row[0] for row in inserted])

    @api.model
    def _void(self, records, steps=None, partners=None, reason="superseded"):
        """Take back what has not left yet; the rows stay as evidence.

        :param steps: kinds (``remind``) or full keys (``remind:60``); all of them by default
        :param partners: only these recipients
        :return: number of rows taken back
        """
        if not records:
            return 0
        # sudo: as in `_queue_rows`
        self = self.sudo()
        self.flush_model()
        where = [
            SQL("res_model = %s AND res_id = ANY(%s)", records._name, records.ids),
            SQL("(state = 'pending' OR (state = 'failed' AND retry_at IS NOT NULL))"),
        ]
        if steps is not None:
            where.append(
                SQL(
                    "(step = ANY(%s) OR split_part(split_part(step, '@', 1), ':', 1) = ANY(%s))",
                    list(steps),
                    list(steps),
                )
            )
        if partners is not None:
            where.append(SQL("partner_id = ANY(%s)", partners.ids))
        done = self.env.execute_query(
            SQL(
                """UPDATE meeting_notification SET state = 'void', reason = %s, retry_at = NULL, write_date = %s
                    WHERE %s RETURNING id""",
                reason,
                fields.Datetime.now(),
                SQL(" AND ").join(where),
            )
        )
        self.browse([row[0] for row in done]).invalidate_recordset()
        self._forget_cache()
        return len(done)

    @api.model
    def _forget_cache(self):
        """The rows changed behind the ORM's back: let it read them anew, and what is computed from them."""
        self.env["meeting.meeting"].invalidate_model(
            ["notification_ids", "notice_count", "notice_failed_count"], flush=False
        )
        self.env["meeting.participant"].invalidate_model(["notice_state"], flush=False)

    @api.model
    def _wake(self, moments):
        """Have the job run at the first of `moments`; when it has run it looks for the next by itself.

        One trigger per transaction, however many rows there are.
        """
        if not moments:
            return
        data = self.env.cr.precommit.data
        if "meeting_notification.wake" not in data:
            self.env.cr.precommit.add(self._flush_wake)
        data["meeting_notification.wake"] = min(
            *moments, data.get("meeting_notification.wake", datetime.max), datetime.max
        )

    def _flush_wake(self):
        moment = self.env.cr.precommit.data.pop("meeting_notification.wake")
        now = fields.Datetime.now()
        # sudo: waking the job takes no decision and shows nothing
        job = self.env.ref("meeting_management.ir_cron_send_notifications").sudo()
        if moment > now and self.env["ir.cron.trigger"].sudo().search_count(
            [("cron_id", "=", job.id), ("call_at", ">", now), ("call_at", "<=", moment)], limit=1
        ):
            return  # it runs before that anyway, and then looks for the next moment
        job._trigger(at=max(moment, now))
