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
        for name in ("mail_notification_rule", "ir_filters_rule"):  # ours, for tables of other apps
            mine = self.as_user(self.technician, self.env.ref(f"meeting_management.{name}"))
            with self.assertRaisesRegex(UserError, "add the person to it"), self.env.cr.savepoint():
                mine.active = False
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

    def test_server_actions_act_for_who_may(self):
        """CF-6: an action that takes no code changes, follows and tells by the rights of whoever runs it."""
        model = self.env["ir.model"]._get("meeting.meeting")
        field = self.env["ir.model.fields"]._get("meeting.meeting", "purpose")
        kinds = (
            {"state": "object_write", "update_path": field.name, "value": "x"},
            {"state": "followers", "followers_type": "specific", "partner_ids": [Command.set([self.ex.partner_id.id])]},
            {"state": "next_activity", "activity_user_type": "specific", "activity_user_id": self.technician.id,
             "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id},
        )  # fmt: skip
        for number, values in enumerate(kinds):
            action = self.as_user(self.technician, "ir.actions.server").create(
                {"name": f"Curious {number}", "model_id": model.id, **values}
            )
            about = {"active_model": model.model, "active_id": self.meeting.id, "active_ids": self.meeting.ids}
            for user in (self.technician, self.outsider, self.ex):
                mine = self.as_user(user, action).with_context(**about)
                self.assertIn("Error", self.assertHidden(mine.run), values["state"])
            if not number:
                self.as_user(self.convener, action).with_context(**about).run()
                self.assertEqual(self.meeting.purpose, "x", "for who may edit it, it works")
