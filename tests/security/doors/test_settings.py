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

    def test_a_field_of_his_own_fetches_no_message_or_file(self):
        """CF-6: a link to a message or a file of a meeting, and a field that fetches its text as superuser."""
        values = {"state": "manual", "field_description": "x"}
        fields = self.as_user(self.technician, "ir.model.fields")
        model_id = self.env["ir.model"]._get_id
        for model, related, kind in (
            ("mail.notification", "mail_message_id.body", "html"),
            ("mail.message", "parent_id.body", "html"),
            ("mail.message", "attachment_ids.index_content", "text"),
            ("res.partner", "activity_ids.summary", "char"),
        ):
            with self.assertRaisesRegex(ValidationError, "Add a link to the meeting"), self.env.cr.savepoint():
                fields.create(
                    {**values, "ttype": kind, "name": "x_t", "model_id": model_id(model), "related": related}
                )

    def test_a_field_of_his_own_lies_on_no_table_of_ours(self):
        """CF-6: a list of links over the table of participants would list them; over that of the admitted, let in."""
        values = {"name": "x_l", "ttype": "many2many", "state": "manual", "field_description": "x"}
        fields = self.as_user(self.technician, "ir.model.fields")
        category = self.env["ir.model"]._get_id("res.partner.category")
        for table, column1, column2 in (
            ("meeting_participant", "meeting_id", "partner_id"),
            ("meeting_agenda_item_admitted_rel", "agenda_item_id", "partner_id"),
            ("message_attachment_rel", "message_id", "attachment_id"),
        ):
            with self.assertRaisesRegex(ValidationError, "past all rights"), self.env.cr.savepoint():
                fields.create(
                    {
                        **values, "model_id": category, "relation": "res.partner", "relation_table": table,
                        "column1": column1, "column2": column2,
                    }
                )  # fmt: skip

    def test_access_rights_of_meetings_stay(self):
        """CF-6: models on which nobody has rights have no rules to keep him out: published texts, personal links."""
        rights = self.as_user(self.technician, "ir.model.access")
        everything = {"perm_read": True, "perm_write": True, "perm_create": True, "perm_unlink": True}
        for model in ("meeting.minutes.print", "meeting.guest.token", "meeting.user.link", "meeting.approval"):
            model_id = self.env["ir.model"]._get_id(model)
            with self.assertRaisesRegex(UserError, "by a setting"), self.env.cr.savepoint():
                rights.create({"name": "x", "model_id": model_id, **everything})
            for right in self.env["ir.model.access"].search([("model_id", "=", model_id)]):
                for attempt in (lambda r: r.write(everything), lambda r: r.unlink()):
                    with self.assertRaisesRegex(UserError, "by a setting"), self.env.cr.savepoint():
                        attempt(self.as_user(self.technician, right))
        own = rights.create({"name": "x", "model_id": self.env["ir.model"]._get_id("res.partner"), **everything})
        with self.assertRaises(UserError), self.env.cr.savepoint():
            own.model_id = self.env["ir.model"]._get_id("meeting.minutes.print")
        own.unlink()

    def test_rules_are_not_handed_to_other_groups(self):
        """CF-4, CF-6: the link between a rule and a group has two ends; auditors' rules are for auditors."""
        rule = self.ref("meeting_management.rule_access_log_auditor")
        group = self.as_user(self.technician, self.env["res.groups"].browse(self.ref("base.group_user")))
        with self.assertRaisesRegex(UserError, "add the person to it"), self.env.cr.savepoint():
            group.write({"rule_groups": [Command.link(rule)]})

    def test_the_bus_shows_nothing_to_whoever_opens_it(self):
        """CF-6: what is on its way to the recipients, read by somebody who gave himself the right."""
        self.env["bus.bus"].create(
            {"channel": "x", "message": f'{{"payload": {{"model": "meeting.meeting", "body": "{self.MARK}"}}}}'}
        )
        self.as_user(self.technician, "ir.model.access").create(
            {"name": "x", "model_id": self.env["ir.model"]._get_id("bus.bus"), "perm_read": True}
        )
        self.assertHidden(self.as_user(self.technician, "bus.bus").search_read, [])

    def test_nobody_becomes_another_contact(self):
        """CF-1, CF-6, PT-4: a login takes over no invitation, neither by its contact nor by merging contacts."""
        with self.assertRaisesRegex(UserError, "invited to meetings"), self.env.cr.savepoint():
            self.as_user(self.technician, self.outsider).write({"partner_id": self.guest.id})
        clerk = self.make_user("clerk", "Clerk Ke")
        clerk.group_ids = [Command.link(self.ref("base.group_partner_manager"))]
        self.as_user(clerk, clerk.partner_id).email = self.guest.email
        merge = self.as_user(clerk, "base.partner.merge.automatic.wizard")
        pair = clerk.partner_id | self.guest
        for keep in pair:
            with self.assertRaisesRegex(UserError, "read in their name"), self.env.cr.savepoint():
                merge._merge(pair.ids, keep.with_user(clerk))
        twins = self.env["res.partner"].create([{"name": "Twin", "email": "t@x.example"} for _number in range(2)])
        merge._merge(twins.ids)
        self.assertEqual(len(twins.exists()), 1)
