"""Deep cleaning: a rhythm blocks the rooms, around the bookings that are confirmed (RM-8)."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date, format_list

HORIZON = timedelta(days=28)
STEP = timedelta(minutes=15)
LATER_DAYS = 2
"""A cleaning that finds no gap on its day is moved by so many days at most."""


class MeetingCleaningPlan(models.Model):
    """Cleaning plan (保洁计划). Room managers maintain it; everybody sees its blockings on the rooms' schedule.

    Each occurrence blocks each room once, at the free time nearest to the planned one. What is placed stays where it
    is, so that people who cleaned by it are not surprised; a changed plan is placed anew.
    """

    _name = "meeting.cleaning.plan"
    _description = "Cleaning Plan"
    _inherit = ["meeting.rhythm.mixin"]
    _order = "name, id"

    name = fields.Char(required=True, translate=True, default=lambda self: self.env._("Deep cleaning"))
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    room_ids = fields.Many2many("meeting.room", string="Rooms", required=True, check_company=True)
    minutes = fields.Integer("Takes", required=True, default=60, help="Minutes for each room.")
    flex_hours = fields.Integer(
        "May Move by", required=True, default=4, help="Hours earlier or later on the same day, around bookings."
    )
    start_time = fields.Float(default=18.0)
    blocking_ids = fields.One2many("meeting.room.blocking", "plan_id", "Cleanings", readonly=True)
    problem = fields.Text("No Time Found", readonly=True, copy=False)

    _minutes_positive = models.Constraint(
        "CHECK (minutes > 0 AND minutes <= 1440 AND flex_hours BETWEEN 0 AND 12)",
        "Cleaning takes up to a day, and may move by 0 to 12 hours.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        plans = super().create(vals_list)
        plans._place()
        return plans

    def write(self, vals):
        res = super().write(vals)
        if vals.keys() - {"name", "problem", "company_id"}:
            now = fields.Datetime.now()
            self.blocking_ids.filtered(lambda blocking: blocking.start > now).unlink()
            self.filtered("active")._place()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_coming(self):
        """The database would take the cleanings away without a word to boards and to those who were warned."""
        now = fields.Datetime.now()
        self.blocking_ids.filtered(lambda blocking: blocking.start > now).unlink()

    def _place(self):
        """Block every room for the occurrences of the coming weeks that have no blocking yet."""
        for plan in self:
            problems = []
            dates = plan._occurrences_until(fields.Date.context_today(plan) + HORIZON)
            placed = {(blocking.room_id, blocking.plan_date) for blocking in plan.blocking_ids}
            for room in plan.room_ids:
                room._lock_for_booking()
                problems += [
                    self.env._("%(room)s, %(day)s", room=room.name, day=format_date(self.env, day))
                    for day, occurrence in dates.items()
                    if (room, day) not in placed and not plan._block(room, day, occurrence.start)
                ]
            if problems or plan.problem:
                super(MeetingCleaningPlan, plan).write({"problem": format_list(self.env, problems) or False})

    def _block(self, room, day, wanted):
        """:returns: the blocking of ``room`` nearest to ``wanted``, none where everything is taken"""
        length = timedelta(minutes=self.minutes)
        taken = self._taken(room, wanted)
        now = fields.Datetime.now()
        for days in range(LATER_DAYS + 1):
            for start in self._starts(wanted + timedelta(days=days)):
                stop = start + length
                if start > now and not any(begin < stop and end > start for begin, end in taken):
                    return self.env["meeting.room.blocking"].create(
                        {
                            "room_id": room.id,
                            "name": self.name,
                            "start": start,
                            "stop": stop,
                            "plan_id": self.id,
                            "plan_date": day,
                        }
                    )
        return None

    def _starts(self, wanted):
        """Moments around ``wanted``, the nearest first, of two as near the later one."""
        steps = int(timedelta(hours=self.flex_hours) / STEP)
        return [wanted + STEP * number for number in sorted(range(-steps, steps + 1), key=lambda n: (abs(n), -n))]

    def _taken(self, room, wanted):
        """Periods in which the room is held or blocked, wherever the cleaning might go."""
        reach = timedelta(hours=self.flex_hours, minutes=self.minutes)
        since, till = wanted - reach, wanted + reach + timedelta(days=LATER_DAYS)
        bookings = self.env["meeting.booking"].search(
            [
                ("room_id", "=", room.id),
                *self.env["meeting.booking"]._holding_domain(),
                ("hold_start", "<", till),
                ("hold_stop", ">", since),
            ]
        )
        blockings = self.env["meeting.room.blocking"].search(
            [("room_id", "=", room.id), ("start", "<", till), ("stop", ">", since)]
        )
        return [(booking.hold_start, booking.hold_stop) for booking in bookings] + [
            (blocking.start, blocking.stop) for blocking in blockings
        ]

    @api.model
    def _cron_place(self):
        """Once a day: the plan reaches four weeks ahead."""
        self.search([])._place()


class MeetingRoomBlocking(models.Model):
    _inherit = "meeting.room.blocking"

    plan_id = fields.Many2one(
        "meeting.cleaning.plan", "Cleaning Plan", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    plan_date = fields.Date("Planned Day", readonly=True)

    _once = models.UniqueIndex(
        "(plan_id, room_id, plan_date) WHERE plan_id IS NOT NULL", "This cleaning is planned already."
    )
