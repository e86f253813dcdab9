"""A room with devices, for the journeys of those who keep rooms in order."""

from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command

from tests.common import MeetingCommon


class UpkeepCommon(MeetingCommon):
    """Maple has a projector and two microphones; Linden, of the same size, has a projector, too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.technician = cls.make_user("technician", "Technician Tan", cls.finance)
        cls.projection = cls.env["meeting.room.feature"].create({"name": "Projection"})
        cls.sound = cls.env["meeting.room.feature"].create({"name": "Sound"})
        cls.linden = cls.env["meeting.room"].create({"name": "Linden", "location_id": cls.location.id, "capacity": 12})
        cls.maple.feature_ids = cls.projection | cls.sound
        cls.linden.feature_ids = cls.projection
        cls.maple.technician_id = cls.technician
        Equipment = cls.env["meeting.equipment"]
        cls.projector = Equipment.create(
            {
                "name": "Projector",
                "room_id": cls.maple.id,
                "feature_id": cls.projection.id,
                "technician_id": cls.technician.id,
            }
        )
        cls.microphones = Equipment.create(
            {"name": "Microphones", "room_id": cls.maple.id, "feature_id": cls.sound.id, "quantity": 2}
        )
        cls.camera = Equipment.create(
            {"name": "Camera", "room_id": cls.maple.id, "is_lendable": True, "is_essential": False}
        )

    def book(self, room=None, user=None, start=None, hours=1, **vals):
        start = start or self.days_ahead(7)
        values = {"name": "Training", "room_id": (room or self.maple).id, "start": start}
        values["stop"] = start + timedelta(hours=hours)
        return self.env["meeting.booking"].with_user(user or self.member).create({**values, **vals})

    def report(self, device=None, user=None, **vals):
        device = device or self.projector
        values = {"name": "No picture", "equipment_id": device.id, "room_id": device.room_id.id, **vals}
        return self.env["meeting.fault"].with_user(user or self.member).create(values)

    def rows(self, step, record=None):
        domain = [("step", "=like", f"{step}%"), ("state", "!=", "void")]
        if record is not None:
            domain += [("res_model", "=", record._name), ("res_id", "in", record.ids)]
        return self.env["meeting.notification"].search(domain)

    def send(self):
        with self.enter_registry_test_mode():
            self.env.ref("meeting_management.ir_cron_send_notifications").method_direct_trigger()

    def needs(self, *features):
        return [Command.set([feature.id for feature in features])]

    def assertMatrix(self, model, record, values, expected):
        """:param expected: ``{user: operations he may do}`` on ``record``; "create" is tried with ``values``"""
        for user, allowed in expected.items():
            mine = record.with_user(user)
            for operation in ("read", "write", "unlink"):
                self.assertEqual(mine.has_access(operation), operation in allowed, (model, user.login, operation))
            if self.env[model].with_user(user).has_access("read"):
                found = self.env[model].with_user(user).search([("id", "=", record.id)])
                self.assertEqual(bool(found), "read" in allowed, (model, user.login, "search"))
            created = self._creates(model, user, values)
            self.assertEqual(created, "create" in allowed, (model, user.login, "create"))

    def _creates(self, model, user, values):
        try:
            with self.env.cr.savepoint():
                self.env[model].with_user(user).create(values)
                raise _Undo
        except _Undo:
            return True
        except AccessError:
            return False

    def other_company_user(self):
        """A room manager of another company, who sees nothing of ours."""
        company = self.env["res.company"].create({"name": "Elsewhere"})
        user = self.make_user("elsewhere", "Else Where", groups="group_room_manager")
        user.write({"company_ids": [Command.set(company.ids)], "company_id": company.id})
        return user


class _Undo(Exception):
    """Takes back what was created to see whether it can be."""
