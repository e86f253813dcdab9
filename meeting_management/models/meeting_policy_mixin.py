"""The values of a policy that a meeting type sets and each meeting keeps (ARCHITECTURE: policy has two homes)."""

from odoo import api, fields, models

LEVELS = [
    ("public", "Public to the company"),
    ("internal", "Internal to the departments"),
    ("participants", "Participants only"),
    ("secret", "Secret"),
]


def copied_from_type(name):
    """Options of a meeting's field that copies ``name`` from the type when the type is chosen, and then is its own.

    Each field gets a compute of its own: the ORM protects every field of a shared compute as soon as one is given.
    """

    @api.depends("type_id")
    def compute(self):
        for meeting in self:
            if meeting.type_id:
                meeting[name] = meeting.type_id[name] or meeting[name]

    return {"compute": compute, "store": True, "readonly": False, "precompute": True}


class MeetingPolicyMixin(models.AbstractModel):
    """Declares the policy fields once; the type seeds them from the company, the meeting copies them from the type."""

    _name = "meeting.policy.mixin"
    _description = "Meeting Policy Values"

    level = fields.Selection(
        LEVELS,
        string="Confidentiality Level",
        required=True,
        help="Who may learn of the meeting and everything under it.",
    )
    notice_lead_hours = fields.Integer(
        "Notice Lead Time", help="Hours before the start by which the notice must be out; a later one is marked short."
    )
    answer_hours = fields.Integer("Answer Time", help="Hours after the notice within which participants answer.")
    sign_in_minutes = fields.Integer("Sign-in Opens", help="Minutes before the start from which people may sign in.")
    grace_minutes = fields.Integer("Grace", help="Minutes after the start that do not count as late.")
    quorum_percent = fields.Integer(
        "Quorum (%)", help="Share of the required participants who must be present. 0: none."
    )
    minutes_due_hours = fields.Integer("Minutes Draft Due", help="Hours after the end by which the draft is due.")
    publish_due_hours = fields.Integer("Publication Due", help="Hours after approval by which minutes are published.")
    start_within_days = fields.Integer(
        "Work Starts Within", help="Working days after publication within which work on a task starts."
    )
    minutes_reviewer = fields.Selection(
        [("chair", "The chair"), ("user", "A named person")],
        string="Minutes Approved by",
        required=True,
    )
    minutes_reviewer_id = fields.Many2one("res.users", string="Minutes Reviewer", domain=[("share", "=", False)])

    _policy_times_positive = models.Constraint(
        """CHECK (notice_lead_hours >= 0 AND answer_hours >= 0 AND sign_in_minutes >= 0 AND grace_minutes >= 0
            AND minutes_due_hours >= 0 AND publish_due_hours >= 0 AND start_within_days >= 0)""",
        "Times of the meeting policy cannot be negative.",
    )
    _quorum_is_percentage = models.Constraint(
        "CHECK (quorum_percent BETWEEN 0 AND 100)", "The quorum is a percentage between 0 and 100."
    )
    _reviewer_named = models.Constraint(
        "CHECK (minutes_reviewer <> 'user' OR minutes_reviewer_id IS NOT NULL)",
        "Name the person who approves the minutes, or let the chair do it.",
    )
