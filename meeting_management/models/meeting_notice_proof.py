"""Proof of notice: for each participant what was sent, how, whether it arrived, was opened, answered and read (NT-1,
NT-6)."""

from odoo import api, fields, models
from odoo.tools import SQL, format_list

from .meeting_notification import REASONS

OUTCOMES = [
    ("never", "Never notified"),
    ("waiting", "Waiting to be sent"),
    ("failed", "Failed"),
    ("bounced", "Came back"),
    ("sent", "Sent"),
    ("opened", "Seen"),
]


class MeetingNoticeProof(models.Model):
    """One row per participant of a meeting, drawn from the ledger, the mail system and the participant's own line; kept
    nowhere. Read by whoever may edit the meeting, like the ledger itself; written by nobody.

    Where several notices went to the same person, the one that arrived counts, the latest of them.
    """

    _name = "meeting.notice.proof"
    _description = "Proof of Notice"
    _auto = False
    _order = "meeting_id desc, role_order, id"
    _rec_name = "partner_id"

    participant_id = fields.Many2one("meeting.participant", readonly=True)
    meeting_id = fields.Many2one("meeting.meeting", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", "Recipient", readonly=True)
    department_id = fields.Many2one("hr.department", readonly=True)
    role = fields.Selection(
        selection=lambda self: self.env["meeting.participant"]._fields["role"]._description_selection(self.env),
        readonly=True,
    )
    role_order = fields.Integer(readonly=True)
    is_guest = fields.Boolean("Guest", readonly=True)
    notification_id = fields.Many2one("meeting.notification", "Notice Record", readonly=True)
    outcome = fields.Selection(OUTCOMES, "Outcome", readonly=True)
    way = fields.Selection([("email", "E-mail"), ("inbox", "Inbox")], "Way", readonly=True)
    sent_at = fields.Datetime("Sent on", readonly=True)
    reason = fields.Selection(REASONS, "Why It Failed", readonly=True)
    opened_at = fields.Datetime("Opened on", readonly=True)
    opened_how = fields.Selection(
        [
            ("inbox", "Read in the inbox"),
            ("record", "Meeting opened"),
            ("link", "Page of the link opened"),
            ("answer", "Answered"),
        ],
        "Opened How",
        readonly=True,
    )
    response = fields.Selection(
        selection=lambda self: self.env["meeting.participant"]._fields["response"]._description_selection(self.env),
        string="Answer",
        readonly=True,
    )
    response_at = fields.Datetime("Answered on", readonly=True)
    materials_read_at = fields.Datetime("Documents Read on", readonly=True)
    attendance_state = fields.Selection(
        selection=lambda self: (
            self.env["meeting.participant"]._fields["attendance_state"]._description_selection(self.env)
        ),
        string="Attendance",
        readonly=True,
    )
    is_short_notice = fields.Boolean("Short Notice", readonly=True)

    _depends = {
        "meeting.participant": [
            *("meeting_id", "partner_id", "user_id", "role", "response", "response_at", "response_via"),
            *("opened_at", "materials_read_at", "attendance_state", "company_id", "department_id", "is_guest"),
        ],
        "meeting.meeting": ["is_short_notice"],
        "meeting.notification": ["state", "reason", "sent_at", "mail_message_id"],
        "mail.notification": ["notification_status", "notification_type", "is_read", "read_date"],
        "meeting.user.link": ["opened_at"],
        "meeting.guest.token": ["opened_at"],
    }

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT p.id, p.id AS participant_id, p.meeting_id, p.company_id, p.partner_id, p.department_id, p.role,
                   p.role_order, p.is_guest, n.id AS notification_id,
                   CASE WHEN n.id IS NULL OR n.state = 'void' THEN 'never'
                        WHEN n.state = 'pending' THEN 'waiting'
                        WHEN n.reason = 'bounce' OR c.notification_status = 'bounce' THEN 'bounced'
                        WHEN n.state = 'failed' OR c.notification_status IN ('exception', 'canceled') THEN 'failed'
                        WHEN o.opened_at IS NOT NULL THEN 'opened'
                        ELSE 'sent' END AS outcome,
                   CASE WHEN c.notification_type = 'inbox' THEN 'inbox'
                        WHEN n.sent_at IS NOT NULL THEN 'email' END AS way, n.sent_at,
                    CASE WHEN n.state IN ('failed', 'void') THEN n.reason END AS reason, o.opened_at,
                   o.opened_how, p.response, p.response_at, p.materials_read_at, p.attendance_state, m.is_short_notice
              FROM meeting_participant p
              JOIN meeting_meeting m ON m.id = p.meeting_id
         LEFT JOIN LATERAL (
                   SELECT l.* FROM meeting_notification l
                    WHERE l.res_model = 'meeting.meeting' AND l.res_id = p.meeting_id AND l.partner_id = p.partner_id
                      AND split_part(l.step, ':', 1) = 'notice'
                 ORDER BY CASE l.state WHEN 'sent' THEN 0 WHEN 'pending' THEN 1 WHEN 'failed' THEN 2 ELSE 3 END,
                          l.id DESC LIMIT 1) n ON TRUE
         LEFT JOIN LATERAL (
                   SELECT * FROM mail_notification x
                    WHERE x.mail_message_id = n.mail_message_id AND x.res_partner_id = p.partner_id LIMIT 1) c ON TRUE
         LEFT JOIN LATERAL (
                   SELECT seen.opened_at, seen.opened_how FROM (
                   SELECT COALESCE(c.read_date, n.sent_at) AS opened_at, 'inbox' AS opened_how
                    WHERE c.notification_type = 'inbox' AND c.is_read
                    UNION ALL SELECT p.opened_at, 'record' WHERE p.opened_at IS NOT NULL
                    UNION ALL SELECT min(u.opened_at), 'link' FROM meeting_user_link u
                        WHERE u.res_model = 'meeting.meeting' AND u.res_id = p.meeting_id AND u.user_id = p.user_id
                    UNION ALL SELECT min(g.opened_at), 'link' FROM meeting_guest_token g WHERE g.participant_id = p.id
                    UNION ALL SELECT p.response_at, 'answer' WHERE p.response_via IN ('web', 'mail', 'calendar')
                   ) seen WHERE seen.opened_at IS NOT NULL ORDER BY seen.opened_at LIMIT 1) o ON TRUE
            """
        )

    def action_open_notifications(self):
        """Every message to this person about this meeting, with its error where there was one."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("meeting_management.meeting_notification_action_meeting")
        return {
            **action,
            "domain": [("meeting_id", "=", self.meeting_id.id), ("partner_id", "=", self.partner_id.id)],
        }


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    notified_count = fields.Integer("Notified", compute="_compute_notified_count")
    not_notified_count = fields.Integer("Never Notified", compute="_compute_not_notified")
    not_notified_names = fields.Char("Who Was Never Notified", compute="_compute_not_notified")

    @api.depends("participant_ids.notice_state")
    def _compute_notified_count(self):
        """Participants whom a notice has reached, as far as the mail system knows."""
        for meeting in self:
            meeting.notified_count = len(meeting.participant_ids.filtered(lambda line: line.notice_state == "sent"))

    @api.depends("state", "participant_ids.attendance_state")
    def _compute_not_notified(self):
        """Those who are not held absent because no notice reached them (NT-6)."""
        for meeting in self:
            lines = meeting.participant_ids.filtered(lambda line: line.attendance_state == "not_notified")
            meeting.not_notified_count = len(lines)
            meeting.not_notified_names = format_list(self.env, lines.partner_id.mapped("name"))

    def action_open_notice_proof(self):
        """Who was notified how, and what became of it (NT-1)."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("meeting_management.meeting_notice_proof_action")
        return {**action, "domain": [("meeting_id", "=", self.id)], "context": {"notice_meeting_id": self.id}}

    def action_print_notice_proof(self):
        """The proof on paper."""
        return self.env.ref("meeting_management.action_report_notice_proof").report_action(self)

    def _notice_proof(self):
        """:return: the rows of this meeting's proof, with the reader's rights"""
        return self.env["meeting.notice.proof"].search([("meeting_id", "=", self.id)])

    def _notice_proof_counts(self, rows):
        """:return: list of dict(key, label, number, bad) that stands at the top of the proof"""
        bad = ("failed", "never")
        counts = (
            ("sent", self.env._("Sent"), rows.filtered(lambda row: row.outcome in ("sent", "opened"))),
            ("failed", self.env._("Failed"), rows.filtered(lambda row: row.outcome in ("failed", "bounced"))),
            ("opened", self.env._("Seen"), rows.filtered("opened_at")),
            ("answered", self.env._("Answered"), rows.filtered(lambda row: row.response != "pending")),
            ("never", self.env._("Never notified"), rows.filtered(lambda row: row.outcome == "never")),
        )
        return [{"key": key, "label": label, "number": len(found), "bad": key in bad} for key, label, found in counts]

    @api.readonly
    def get_notice_proof_counts(self):
        """The counts at the top of the list, by the reader's own rights."""
        self.ensure_one()
        return self._notice_proof_counts(self._notice_proof())
