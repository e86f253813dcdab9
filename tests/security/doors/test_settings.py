"""Doors of the settings: what a technical administrator could open with a few clicks and no code (CF-6)."""

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from tests.security.doors.common import DoorCase


class TestSettings(DoorCase):
    def test_record_rules_of_meetings_stay(self):
        """CF-6: not switched off, not rewritten, not widened by another one, not deleted."""
        everything = {
            "domain_force": "[(1, '=', 1)]",
            "name": "Open",
            "groups": [Command.link(self.ref("base.group_user"))],
        }
        for model in ("meeting.meeting", "meeting.participant", "meeting.minutes", "meeting.notification"):
            rules = self.env["ir.rule"].search([("model_id.model", "=", model)])
            self.assertTrue(rules)
            mine = self.as_user(self.technician, rules)
            for attempt in (
                lambda mine=mine: mine.write({"active": False}),
                lambda mine=mine: mine.write({"domain_force": "[]"}),
                lambda mine=mine: mine.unlink(),
                lambda mine=mine, model=model: mine.create(
                    {**everything, "model_id": self.env["ir.model"]._get_id(model)}
                ),
            ):
                with self.assertRaisesRegex(UserError, "add the person to it"), self.env.cr.savepoint():
                    attempt()
        self.assertHidden(self.as_user(self.technician, self.meeting).read, ["name"])

    def test_other_record_rules_are_his(self):
        """Rules of other apps, and of our rooms, are arranged as ever."""
        for model in ("res.partner", "meeting.room"):
            rule = self.as_user(self.technician, "ir.rule").create(
                {"name": "Mine", "model_id": self.env["ir.model"]._get_id(model), "domain_force": "[]"}
            )
            rule.write({"active": False})
            rule.unlink()

    def test_a_field_of_his_own_fetches_nothing(self):
        """CF-6: related fields are read as superuser."""
        values = {"name": "x_subject", "field_description": "Subject", "ttype": "char", "state": "manual"}
        fields = self.as_user(self.technician, "ir.model.fields")
        for model, related in (
            ("meeting.booking", "meeting_id.name"),
            ("calendar.event", "formal_meeting_id.name"),
            ("meeting.participant", "meeting_id.name"),
            ("meeting.room", "booking_ids.meeting_id.name"),
        ):
            with self.assertRaisesRegex(ValidationError, "Add a link to the meeting"), self.env.cr.savepoint():
                fields.create({**values, "model_id": self.env["ir.model"]._get_id(model), "related": related})
        # not created in the database: the check alone tells
        fields.new(
            {**values, "model_id": self.env["ir.model"]._get_id("meeting.booking"), "related": "room_id.name"}
        )._check_related_stays_outside()
