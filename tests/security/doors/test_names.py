"""Doors of the ORM: names, searches, forms, copies, imports and exports (CF-1)."""

from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import Command

from tests.security.doors.common import DoorCase


class TestNames(DoorCase):
    def let_export(self, users):
        self.env.ref("base.group_allow_export").user_ids = [Command.link(user.id) for user in users]

    def test_the_name_through_a_link(self):
        """CF-1: everybody reads the room's booking; the name of its meeting shows to participants alone (door 1)."""
        booking = self.meeting.booking_ids
        its = self.as_user(self.member, booking)
        inside = {"name": {}, "agenda_item_ids": {"fields": {"name": {}, "attachment_ids": {"fields": {"name": {}}}}}}
        nested = {"meeting_id": {"fields": {"display_name": {}, **inside}}}
        self.assertShown(its.read, ["meeting_id"])
        self.assertShown(its.web_read, {"meeting_id": {"fields": {"display_name": {}}}})
        self.assertShown(its.web_read, {"meeting_id": {"fields": inside}})
        self.assertShown(its.formatted_read_group, [], ["meeting_id"], ["__count"])
        for user in (self.outsider, self.technician, self.ex):
            self.assertHidden(self.as_user(user, booking).read, ["meeting_id", "name", "display_name"])
            self.assertHidden(self.as_user(user, booking).web_read, {"meeting_id": {"fields": {"display_name": {}}}})
            self.assertHidden(self.as_user(user, booking).web_read, nested)
            self.assertHidden(
                self.as_user(user, "meeting.booking").formatted_read_group, [], ["meeting_id"], ["__count"]
            )

    def test_error_texts_with_and_without_debug_mode(self):
        """CF-1: in debug mode Odoo's refusal names what it refuses: the meeting, each topic, each participant, each
        file (door 2)."""
        todo = self.meeting.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.member.id, summary=self.plant("activity summary")
        )
        message = self.meeting.message_post(body="x", subject=self.plant("message subject"))
        people = ("Member Ma", "Guest Gu")
        for record in (
            self.meeting, self.item, self.file, self.meeting.participant_ids, self.meeting.approval_ids, message,
            self.meeting.agreement_signature_ids,
            todo, message.notification_ids, self.rows(self.meeting), self.meeting.message_follower_ids,
        ):  # fmt: skip
            for user in (self.outsider, self.technician):
                with self.debug_mode(), self.subTest(model=record._name, user=user.login):
                    for function in ("read", "check_access"):
                        answer = self.assertHidden(getattr(self.as_user(user, record), function), *(
                            [["create_date"]] if function == "read" else ["read"]))  # fmt: skip
                        self.assertFalse([name for name in people if name in answer], answer)
        with self.debug_mode():
            self.assertShown(self.as_user(self.member, self.meeting).read, ["display_name"])
            for record in (self.meeting, self.item):  # without the guard the refusal does name what it refuses
                with patch.object(self.registry[record._name], "_mask_display_name", lambda records: None):
                    self.assertShown(self.as_user(self.outsider, record).read, ["create_date"])

    def test_naming_a_hidden_meeting_in_a_new_record(self):
        """CF-1: whoever may create nothing under a meeting does not learn its name by trying (door 3)."""
        attempts = {
            "meeting.agenda.item": {"name": "x", "meeting_id": self.meeting.id, "late_reason": "y"},
            "meeting.participant": {"partner_id": self.outsider.partner_id.id, "meeting_id": self.meeting.id},
            "meeting.resolution": {"name": "x", "agenda_item_id": self.item.id, "meeting_id": self.meeting.id},
            "meeting.action.item": {"name": "x", "meeting_id": self.meeting.id},
            "meeting.reschedule": {"meeting_id": self.meeting.id, "reason": "x"},
            "meeting.booking": {
                "name": "x", "meeting_id": self.meeting.id, "room_id": self.cedar.id,
                "start": self.days_ahead(20), "stop": self.days_ahead(20, 2),
            },
        }  # fmt: skip
        for user in (self.outsider, self.technician, self.ex):
            for model, values in attempts.items():
                with self.subTest(model=model, user=user.login):
                    answer = self.assertHidden(
                        lambda user=user, model=model, values=values: (
                            self.as_user(user, model).create(values).read(["display_name"])
                        )
                    )
                    self.assertTrue(answer.startswith(("AccessError", "UserError")), answer)
        created = self.as_user(self.convener, "meeting.agenda.item").create(attempts["meeting.agenda.item"])
        self.assertShown(created.read, ["meeting_id"])

    def test_forms_that_are_never_saved(self):
        """CF-1: onchange and defaults answer with values; for a hidden meeting with none (door 4)."""
        link = "meeting_id"
        for model in (
            "meeting.agenda.item",
            "meeting.participant",
            "meeting.resolution",
            "meeting.action.item",
            "meeting.reschedule",
            "meeting.attendance",
        ):
            Model = self.env[model]
            spec = {
                name: {"fields": {"display_name": {}}} if field.relational else {}
                for name, field in Model._fields.items()
                if not field.groups and field.type != "binary"
            }
            mine = self.as_user(self.convener, model).with_context(default_meeting_id=self.meeting.id)
            self.assertShown(mine.onchange, {}, [], spec)
            start = str(self.meeting.start)
            for user in (self.outsider, self.technician, self.ex):
                with self.subTest(model=model, user=user.login):
                    told = self.assertHidden(self.as_user(user, model).onchange, {link: self.meeting.id}, [link], spec)
                    asking = self.as_user(user, model).with_context(default_meeting_id=self.meeting.id)
                    told += self.assertHidden(asking.onchange, {}, [], spec)
                    told += self.assertHidden(asking.default_get, list(spec))
                    self.assertNotIn(start, told)
        self.assertShown(
            self.as_user(self.convener, "meeting.reschedule").onchange,
            {"meeting_id": self.meeting.id}, ["meeting_id"], {"meeting_id": {}, "place": {}},
        )  # fmt: skip

    def test_a_search_is_no_oracle(self):
        """CF-1: letters of a subject cannot be guessed by counting what a search finds (doors 4 to 7)."""
        searches = {
            "meeting.booking": ["meeting_id.name", "meeting_id.purpose", "meeting_id.display_name"],
            "meeting.room": ["booking_ids.meeting_id.name"],
            "calendar.event": ["name", "location", "description", "videocall_location"],
            "ir.attachment": ["name", "index_content", "description"],
            "mail.activity": ["summary", "note"],
            "mail.message": ["body", "subject"],
            "mail.notification": ["mail_message_id.body", "mail_message_id.subject"],
        }
        silent = ("calendar.event", "meeting_id.display_name")  # nothing stands in an entry; names are not searched
        for model, paths in searches.items():
            for path in paths:
                if model not in silent and path not in silent:
                    its = self.as_user(self.member, model)
                    self.assertTrue(its.search_count([(path, "ilike", self.MARK)]), (model, path))
        for user in (self.outsider, self.technician, self.room_manager, self.ex):
            for model, paths in searches.items():
                for path in paths:
                    with self.subTest(model=model, path=path, user=user.login):
                        answer = self.answer(self.as_user(user, model).search_count, [(path, "ilike", self.MARK)])
                        self.assertTrue(answer == "0" or "Error" in answer, answer)
        mine = self.as_user(self.member, "meeting.booking")
        self.assertEqual(mine.search_count([("meeting_id.name", "ilike", self.MARK)]), 1)
        self.assertEqual(
            mine.search([("meeting_id.participant_ids.partner_id", "=", self.guest.id)]).room_id, self.maple
        )
        self.assertFalse(
            self.as_user(self.outsider, "meeting.booking").search(
                [("meeting_id.participant_ids.partner_id", "=", self.guest.id)]
            )
        )

    def test_counts_and_groups(self):
        """CF-1: hidden meetings are not even counted."""
        for user, seen in ((self.member, 1), (self.outsider, 0), (self.technician, 0), (self.hr, 0)):
            for model, domain in (
                ("meeting.meeting", [("id", "=", self.meeting.id)]),
                ("meeting.agenda.item", [("id", "=", self.item.id)]),
                ("meeting.participant", [("meeting_id", "=", self.meeting.id), ("partner_id", "=", self.guest.id)]),
            ):
                Model = self.as_user(user, model)
                self.assertEqual(Model.search_count(domain), seen)
                groups = Model.formatted_read_group(domain, ["company_id"], ["__count"])
                self.assertEqual(sum(group["__count"] for group in groups), seen)

    def test_export_and_import(self):
        """CF-1: an export across a link gives no hidden texts; an import neither finds nor changes hidden records."""
        booking = self.meeting.booking_ids
        self.let_export(self.outsider | self.member)
        paths = ["meeting_id/name", "meeting_id/agenda_item_ids/name"]
        self.assertShown(self.as_user(self.member, booking).export_data, paths)
        self.assertHidden(self.as_user(self.outsider, booking).export_data, [*paths, "meeting_id/display_name"])
        self.env["ir.model.data"].create(
            {"module": "__export__", "name": "hidden", "model": "meeting.meeting", "res_id": self.meeting.id}
        )
        for fields, row in (
            ([".id", "name"], [str(self.meeting.id), "Mine"]),
            (["id", "name"], ["__export__.hidden", "Mine"]),
        ):
            for user in (self.outsider, self.technician):
                self.assertHidden(self.as_user(user, "meeting.meeting").load, fields, [row])
        for fields, row in (([".id", "purpose"], [str(self.meeting.id), "Imported"]),
                            (["id", "purpose"], ["__export__.hidden", "Imported again"])):  # fmt: skip
            self.as_user(self.convener, "meeting.meeting").load(fields, [row])
            self.assertEqual(self.meeting.purpose, row[1], "whoever may edit it finds it by import")
        item = self.as_user(self.technician, "meeting.agenda.item")
        self.assertHidden(item.load, ["name", "meeting_id/.id"], [["x", str(self.meeting.id)]])
        for guess in (self.meeting.name, "No such meeting"):
            self.assertIn("No matching record found", self.answer(item.load, ["name", "meeting_id"], [["x", guess]]))
        self.assertNotEqual(self.meeting.name, "Mine")
        self.assertEqual(len(self.meeting.agenda_item_ids), 1)

    def test_copies_and_creating_by_name(self):
        """CF-1"""
        for user in (self.outsider, self.technician, self.ex):
            for record in (self.meeting, self.item, self.file, self.meeting.participant_ids[0]):
                with self.assertRaises(AccessError), self.env.cr.savepoint():
                    self.as_user(user, record).copy()
                self.assertIn("AccessError", self.answer(self.as_user(user, record).copy_data))
            self.assertHidden(self.as_user(user, "meeting.meeting").name_create, self.meeting.name[:4])
            topics = self.as_user(user, "meeting.agenda.item").with_context(default_meeting_id=self.meeting.id)
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                topics.name_create("x")
        self.assertShown(lambda: self.as_user(self.convener, self.meeting).copy().name)
        draft = self.make_meeting(level="participants")  # after the notice a new topic needs a reason besides
        topics = self.as_user(self.convener, "meeting.agenda.item").with_context(default_meeting_id=draft.id)
        self.assertEqual(topics.browse(topics.name_create("By name")[0]).meeting_id, draft)

    def test_external_ids_and_saved_filters(self):
        """CF-1: an external id carries a number, never a text; a saved filter is private unless shared on purpose
        (door 14)."""
        self.let_export(self.convener)
        self.as_user(self.convener, self.meeting).export_data(["id"])
        self.assertFalse(self.env["ir.model.data"].search([("name", "ilike", self.MARK)]))
        row = self.env["ir.model.data"].search([("model", "=", "meeting.meeting"), ("res_id", "=", self.meeting.id)])
        insider = self.make_user("it", "It Yi")
        insider.group_ids = [Command.link(self.env.ref("base.group_system").id)]
        self.meeting.sudo().minute_taker_id = insider
        self.assertShown(self.as_user(insider, row).read, ["display_name", "reference"])
        for user in (self.technician, self.outsider, self.ex):
            self.assertHidden(self.as_user(user, row).read, ["display_name", "reference"])
            self.assertHidden(self.as_user(user, "ir.model.data").search_read, [("model", "=", "meeting.meeting")])
        mine = self.as_user(self.convener, "ir.filters").create(
            {
                "name": self.plant("filter"), "model_id": "meeting.meeting",
                "domain": f"[('name', 'ilike', '{self.plant('filter')}')]",
                "user_ids": [Command.set(self.convener.ids)],
            }
        )  # fmt: skip
        self.assertShown(mine.read, ["name", "domain"])
        for user in (self.outsider, self.hr, self.technician):
            with self.debug_mode():
                self.assertHidden(self.as_user(user, mine).read, ["name", "domain"])
            self.assertFalse(self.as_user(user, "ir.filters").search([("name", "ilike", self.MARK)]))
            self.assertHidden(self.as_user(user, "ir.filters").get_filters, "meeting.meeting")

    def test_ratings(self):
        """CF-1: a rating that a stranger writes about a meeting he only guesses does not tell its name (door 13)."""
        about = {"res_model_id": self.env["ir.model"]._get_id("meeting.meeting"), "res_id": self.meeting.id}
        fields = ["res_name", "parent_res_name", "resource_ref", "display_name"]
        for user in (self.outsider, self.technician, self.ex):
            made = self.as_user(user, "rating.rating").create({**about, "rating": 5})
            made.flush_recordset()  # as his own call would, at its end
            self.assertHidden(self.as_user(user, made).read, fields)
            self.assertHidden(self.as_user(user, made).write, {"res_id": self.meeting.id, "feedback": "x"})
            self.assertHidden(self.as_user(user, made).web_read, {"resource_ref": {"fields": {"display_name": {}}}})
        mine = self.as_user(self.convener, "rating.rating").create({**about, "rating": 5})
        self.assertShown(self.as_user(self.convener, mine).read, fields)
