"""Sign-in as evidence: a log of intervals, from which late, early leave and absence derive (AT-1, AT-2)."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_list

from ..told import told


class MeetingAttendance(models.Model):
    """Somebody came in, and went out. Kept by the organisers (the secretary's list) or by people signing
    in themselves."""

    _name = "meeting.attendance"
    _description = "Meeting Sign-in"
    _order = "meeting_id, check_in, id"

    participant_id = fields.Many2one("meeting.participant", required=True, index=True, ondelete="restrict")
    meeting_id = fields.Many2one(related="participant_id.meeting_id", store=True, index=True)
    company_id = fields.Many2one(related="meeting_id.company_id", store=True)
    check_in = fields.Datetime("Signed in", required=True, default=fields.Datetime.now)
    check_out = fields.Datetime("Signed out")
    method = fields.Selection(
        [("secretary", "Secretary's list"), ("self", "Signed in personally"), ("sheet", "Printed sheet")],
        required=True,
        default="secretary",
    )
    recorded_by_id = fields.Many2one("res.users", readonly=True, default=lambda self: self.env.user)

    _out_after_in = models.Constraint("CHECK (check_out >= check_in)", "Nobody signs out before signing in.")

    @api.model_create_multi
    def create(self, vals_list):
        """Whoever records is on record; the list is open from the sign-in time until the meeting is closed.

        :raises UserError: the meeting is not open for sign-in
        """
        for vals in vals_list:
            if not self.env.su:
                vals["recorded_by_id"] = self.env.uid
                if vals.get("method") == "self":
                    raise AccessError(self.env._("Signing in personally works with the button of the meeting only."))
        rows = super().create(vals_list)
        for meeting in rows.meeting_id:
            refusal = meeting._refusal_wrong_state("scheduled", "in_progress", "held")
            if refusal and not (
                meeting.state == "closed" and self.env.user.has_group("meeting_management.group_manager")
            ):
                raise refusal
        return rows

    def write(self, vals):
        if not self.env.su and {"recorded_by_id", "participant_id", "method"} & vals.keys():
            raise AccessError(
                self.env._("Who signed in, how and by whose hand is evidence. Delete the line and enter a new one.")
            )
        for meeting in self.meeting_id:
            refusal = meeting._refusal_wrong_state("scheduled", "in_progress", "held")
            if refusal:
                raise refusal
        return super().write(vals)

    @api.constrains("participant_id", "check_in", "check_out")
    def _check_no_overlap(self):
        for row in self:
            rivals = row.participant_id.attendance_ids - row
            for rival in rivals:
                if (not rival.check_out or rival.check_out > row.check_in) and (
                    not row.check_out or row.check_out > rival.check_in
                ):
                    raise ValidationError(
                        self.env._(
                            "%s is signed in for that time already. Sign the person out first.",
                            row.participant_id.display_name,
                        )
                    )


class MeetingParticipant(models.Model):
    _inherit = "meeting.participant"

    attendance_ids = fields.One2many("meeting.attendance", "participant_id", string="Sign-ins")
    mark = fields.Selection(
        [
            ("present", "Present"),
            ("late", "Late"),
            ("left_early", "Left early"),
            ("absent", "Absent"),
            ("excused", "On leave"),
            ("represented", "Represented by proxy"),
        ],
        string="Mark",
        copy=False,
        help="Entered by the secretary where there is no sign-in: on leave, represented, or taken from a paper list.",
    )
    proxy_partner_id = fields.Many2one(
        "res.partner", string="Proxy", copy=False, help="Who attends in this person's place."
    )
    signed_in_at = fields.Datetime("Signed in", compute="_compute_attendance", store=True)
    signed_out_at = fields.Datetime("Signed out", compute="_compute_attendance", store=True)
    can_record = fields.Boolean(compute="_compute_can_record", help="Whether I keep the sign-in list of this meeting.")
    can_tick = fields.Boolean(compute="_compute_can_record", help="Whether I keep the list and sign-in is open.")
    late_minutes = fields.Integer("Minutes Late", compute="_compute_attendance", store=True)
    attendance_state = fields.Selection(
        [
            ("expected", "Expected"),
            ("present", "Present"),
            ("late", "Late"),
            ("left_early", "Left early"),
            ("late_left_early", "Late and left early"),
            ("excused", "On leave"),
            ("represented", "Represented by proxy"),
            ("absent", "Absent"),
            ("not_notified", "Not notified"),
        ],
        string="Attendance",
        compute="_compute_attendance",
        store=True,
        index=True,
    )

    @api.depends(
        "attendance_ids.check_in",
        "attendance_ids.check_out",
        "mark",
        "notified_at",
        "meeting_id.notification_ids.state",
        "meeting_id.state",
        "meeting_id.start",
        "meeting_id.actual_start",
        "meeting_id.actual_stop",
        "meeting_id.grace_minutes",
        "meeting_id.scheduled_at",
    )
    def _compute_attendance(self):
        """AT-2. Late counts from the announced start, or from the actual one if the meeting itself began later.

        Somebody who was never notified of an announced meeting is not held absent (NT-6).
        """
        for participant in self:
            meeting = participant.meeting_id
            log = participant.attendance_ids
            first = min(log.mapped("check_in"), default=False)
            last = False if any(not row.check_out for row in log) else max(log.mapped("check_out"), default=False)
            over = meeting.state in ("held", "closed")
            begin = max(meeting.actual_start or meeting.start, meeting.start) if meeting.start else False
            grace = timedelta(minutes=meeting.grace_minutes)
            late = bool(first and begin and first > begin + grace)
            early = bool(last and meeting.actual_stop and last < meeting.actual_stop - grace)
            participant.signed_in_at = first
            participant.signed_out_at = last
            participant.late_minutes = int((first - begin).total_seconds() // 60) if late else 0
            if first:
                participant.attendance_state = (
                    "late_left_early" if late and early else "late" if late else "left_early" if early else "present"
                )
            elif participant.mark:
                participant.attendance_state = participant.mark
            elif not over:
                participant.attendance_state = "expected"
            elif participant._never_notified():
                participant.attendance_state = "not_notified"
            else:
                participant.attendance_state = "absent"

    @api.depends_context("uid")
    @api.depends("meeting_id.state")
    def _compute_can_record(self):
        for participant in self:
            kept = bool(participant.meeting_id.id) and not participant._refusal_record_attendance()
            participant.can_record = kept
            participant.can_tick = kept and not participant.meeting_id._refusal_sign_in_closed()

    def _refusal_record_attendance(self):
        meeting = self.meeting_id
        return meeting._refusal_wrong_state("scheduled", "in_progress", "held") or meeting._refusal_not_organiser()

    def _demand_record_attendance(self):
        for participant in self:
            refusal = participant._refusal_record_attendance()
            if refusal:
                raise refusal

    def action_sign_in(self):
        """The secretary ticks somebody as come in, now (AT-1). A second click changes nothing."""
        self._demand_record_attendance()
        for meeting in self.meeting_id:
            refusal = meeting._refusal_sign_in_closed()
            if refusal:
                raise refusal
        absent = self.filtered(lambda line: not any(not row.check_out for row in line.attendance_ids))
        self.env["meeting.attendance"].create([line._prepare_sign_in("secretary") for line in absent])

    def _prepare_sign_in(self, method):
        """A sign-in now; entered after the meeting it counts from its start, as on a paper list."""
        meeting = self.meeting_id
        when = meeting.actual_start if meeting.state == "held" else fields.Datetime.now()
        return {"participant_id": self.id, "method": method, "check_in": when}

    def action_sign_out(self):
        """The secretary notes that somebody has left, now."""
        self._demand_record_attendance()
        now = fields.Datetime.now()
        for row in self.attendance_ids.filtered(lambda row: not row.check_out):
            row.check_out = max(now, row.check_in)

    def action_mark_excused(self):
        """On leave: expected, but excused (AT-2)."""
        self._mark("excused")

    def action_mark_represented(self):
        """Somebody else attends in this person's place; name the proxy in the list."""
        self._mark("represented")

    def action_mark_absent(self):
        self._mark("absent")

    def _mark(self, mark):
        self._demand_record_attendance()
        if self.attendance_ids:
            raise UserError(
                self.env._(
                    "%s signed in and so was present. Delete the sign-in first if it was a mistake.",
                    format_list(self.env, self.filtered("attendance_ids").partner_id.mapped("name")),
                )
            )
        self.mark = mark


class MeetingMeeting(models.Model):
    _inherit = "meeting.meeting"

    attendance_ids = fields.One2many("meeting.attendance", "meeting_id", string="Sign-ins")
    present_count = fields.Integer("Present", compute="_compute_present_count")
    is_quorate = fields.Boolean("Quorate", compute="_compute_present_count")
    is_signed_in = fields.Boolean(compute="_compute_is_signed_in")
    can_sign_in = fields.Boolean(compute="_compute_can")

    _present_states = ("present", "late", "left_early", "late_left_early")

    @api.depends(
        "participant_ids.attendance_state",
        "participant_ids.role",
        "participant_ids.partner_id",
        "participant_ids.proxy_partner_id",
        "quorum_percent",
    )
    def _compute_present_count(self):
        """The quorum counts the required participants with chair and minute taker; a proxy stands for whom he
        replaces, once he is there himself. Where nobody is named the secretary's word counts."""
        for meeting in self:
            present = meeting.participant_ids.filtered(
                lambda line, states=self._present_states: line.attendance_state in states
            )
            meeting.present_count = len(present)
            members = meeting.participant_ids.filtered(lambda line: line.role in ("chair", "minute_taker", "required"))
            away = meeting.participant_ids.partner_id - present.partner_id
            represented = members.filtered(
                lambda line, away=away: line.attendance_state == "represented" and line.proxy_partner_id not in away
            )
            counted = members & present | represented
            meeting.is_quorate = not members or len(counted) * 100 >= meeting.quorum_percent * len(members)

    @api.depends_context("uid")
    @api.depends("participant_ids.user_id", "participant_ids.signed_in_at")
    def _compute_is_signed_in(self):
        for meeting in self:
            mine = meeting.participant_ids.filtered(lambda line: line.user_id == self.env.user)
            meeting.is_signed_in = any(mine.mapped("signed_in_at"))

    def _refusal_sign_in(self):
        mine = self.my_participant_id
        if not mine:
            return AccessError(
                self.env._("You are not on the list of “%s”. Ask the secretary to add you.", self.display_name)
            )
        wrong = self._refusal_wrong_state("scheduled", "in_progress")
        if wrong:
            return wrong
        if not self.type_id.allow_self_sign_in:
            return UserError(self.env._("In this kind of meeting the secretary keeps the sign-in list."))
        if mine.attendance_ids.filtered(lambda row: not row.check_out):
            return UserError(self.env._("You are signed in already."))
        if self.state == "scheduled" and fields.Datetime.now() > self.stop:
            return UserError(
                self.env._("The time of this meeting has passed. Ask the secretary to add you to the list.")
            )
        return self._refusal_sign_in_closed()

    def _refusal_sign_in_closed(self):
        """Before the sign-in time nobody is present, whoever keeps the list."""
        opens = self.start - timedelta(minutes=self.sign_in_minutes)
        if self.state == "scheduled" and fields.Datetime.now() < opens:
            return UserError(self.env._("Sign-in opens %s minutes before the start.", self.sign_in_minutes))
        return None

    def action_sign_in(self):
        """I am here (AT-1): from the sign-in time until the meeting ends.

        :returns: the line that says so, and how late it is
        """
        self._demand("sign_in")
        for meeting in self:
            # sudo: the log is kept by the organisers; a participant adds one row, for himself, now, marked as his own.
            self.env["meeting.attendance"].sudo().create(meeting.my_participant_id._prepare_sign_in("self"))
        late = max(self.my_participant_id.mapped("late_minutes"), default=0)
        if not late:
            return told(self.env._("You are signed in, on time."))
        return told(self.env._("You are signed in, %s minutes late.", late), "warning")

    def action_sign_in_all(self):
        """The secretary's short way: everybody without a sign-in or a mark is here."""
        self.participant_ids.filtered(lambda line: not line.attendance_ids and not line.mark).action_sign_in()

    def _after_transition(self, origin):
        """At the end everybody who is still signed in leaves with the meeting."""
        res = super()._after_transition(origin)
        if self.state == "held" and origin == "in_progress":
            for row in self.attendance_ids.filtered(lambda row: not row.check_out):
                row.check_out = max(self.actual_stop, row.check_in)
        return res
