"""Builders that all journeys share: a small company and its meetings."""

from datetime import datetime, timedelta

from odoo.fields import Command
from odoo.tests import TransactionCase

MONDAY = datetime(2026, 3, 2, 1, 0)
"""A Monday, 09:00 in Shanghai, as stored (UTC)."""


class MeetingCommon(TransactionCase):
    """A company with a manager, an office, two rooms and a few kinds of meeting. Times are UTC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context={**cls.env.context, "lang": "en_US", "tracking_disable": True, "mail_create_nosubscribe": True}
        )
        cls.company = cls.env.company
        cls.sales = cls.env["hr.department"].create({"name": "Sales"})
        cls.east = cls.env["hr.department"].create({"name": "Sales East", "parent_id": cls.sales.id})
        cls.finance = cls.env["hr.department"].create({"name": "Finance"})

        people = {
            **{"boss": ("Boss Bai", cls.sales), "approver": ("Approver An", cls.sales)},
            **{"convener": ("Convener Chen", cls.sales), "chair": ("Chair Cheng", cls.sales)},
            **{"taker": ("Taker Tang", cls.sales), "member": ("Member Ma", cls.east)},
            "outsider": ("Outsider Ou", cls.finance),
            "secretary": ("Secretary Shi", cls.finance, "group_secretary"),
            "manager": ("Manager Mi", cls.finance, "group_manager"),
            "rooms": ("Rooms Rong", cls.finance, "group_room_manager"),
            "hr": ("Hr Han", cls.finance, "group_hr"),
        }
        users = cls.make_users(people)
        cls.boss, cls.approver, cls.convener, cls.chair, cls.minute_taker, cls.member = users[:6]
        cls.outsider, cls.secretary, cls.manager, cls.room_manager, cls.hr = users[6:]
        cls.approver.employee_id.parent_id = cls.boss.employee_id
        (cls.convener | cls.chair | cls.minute_taker).employee_ids.parent_id = cls.approver.employee_id
        cls.member.employee_id.parent_id = cls.convener.employee_id
        cls.guest = cls.env["res.partner"].create(
            {"name": "Guest Gu", "email": "guest@client.example", "lang": "en_US"}
        )
        cls.sales.manager_id = cls.approver.employee_id

        cls.location = cls.env["meeting.location"].create({"name": "Tower", "tz": "Asia/Shanghai"})
        cls.maple = cls.env["meeting.room"].create({"name": "Maple", "location_id": cls.location.id, "capacity": 10})
        cls.cedar = cls.env["meeting.room"].create(
            {
                "name": "Cedar",
                "location_id": cls.location.id,
                "capacity": 20,
                "needs_approval": True,
                "manager_ids": [Command.link(cls.room_manager.id)],
            }
        )
        Type = cls.env["meeting.type"]
        cls.weekly = Type.create({"name": "Weekly", "duration": 1.0})
        cls.reception = Type.create(
            {
                "name": "Reception",
                "duration": 1.5,
                "step_ids": [
                    Command.create({"sequence": 1, "name": "Department", "approver_kind": "manager"}),
                    Command.create(
                        {"sequence": 2, "name": "General management", "approver_kind": "user", "user_id": cls.boss.id}
                    ),
                ],
                "agenda_ids": [
                    Command.create({"sequence": 1, "name": "Opening", "kind": "opening", "minutes": 5}),
                    Command.create({"sequence": 2, "name": "Proposal", "kind": "discussion", "share": 60}),
                    Command.create({"sequence": 3, "name": "Actions", "kind": "actions", "share": 20}),
                ],
            }
        )

    @classmethod
    def make_users(cls, people):
        """Employees with a login, made at once: ``{login: (name, department, groups separated by commas)}``."""
        vals_list = []
        for login, (name, _department, *groups) in people.items():
            names = ["base.group_user", *(f"meeting_management.{name}" for name in ",".join(groups).split(",") if name)]
            vals_list.append(
                {
                    **{"login": login, "password": login.ljust(8, "x"), "name": name},
                    **{"email": f"{login}@company.example", "tz": "Asia/Shanghai", "lang": "en_US"},
                    "group_ids": [Command.set([cls.env.ref(name).id for name in names])],
                }
            )
        users = cls.env["res.users"].with_context(no_reset_password=True).create(vals_list)
        cls.env["hr.employee"].create(
            [
                {"name": name, "user_id": user.id, "department_id": department.id if department else False}
                for user, (name, department, *_groups) in zip(users, people.values(), strict=True)
            ]
        )
        return users

    @classmethod
    def make_user(cls, login, name, department=None, manager=None, groups=""):
        """An employee with a login; ``manager`` is the user he reports to."""
        user = cls.make_users({login: (name, department, groups)})
        if manager:
            user.employee_id.parent_id = manager.employee_id
        return user

    @classmethod
    def make_meeting(cls, user=None, **vals):
        """A draft with chair, minute taker, one member and a guest, a week ahead; ``user`` convenes it."""
        user = user or cls.convener
        values = {
            "name": "Spring offer",
            "type_id": cls.weekly.id,
            "start": cls.days_ahead(7),
            "chair_id": cls.chair.id,
            "minute_taker_id": cls.minute_taker.id,
            "participant_ids": [
                Command.create({"partner_id": cls.member.partner_id.id}),
                Command.create({"partner_id": cls.guest.id, "role": "invited"}),
            ],
            **vals,
        }
        return cls.env["meeting.meeting"].with_user(user).create(values)

    @classmethod
    def days_ahead(cls, days, hour=1):
        """That many days from now at a full hour UTC (09:00 in Shanghai by default)."""
        return (datetime.now() + timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0)

    @classmethod
    def schedule(cls, meeting):
        """Through application and every approval to “scheduled”; the reason counts where the notice is short (NT-2)."""
        meeting.with_user(meeting.convener_id).action_submit(reason="It came up late")
        while meeting.state == "submitted" and meeting.current_approver_id:
            meeting.with_user(meeting.current_approver_id).action_approve()
        return meeting

    @classmethod
    def sign_agreements(cls, meeting, partners=None):
        """Everybody (or ``partners``) signs the confidentiality agreement, if this meeting asks for one (CF-2)."""
        lines = meeting.sudo()._waiting_to_sign()
        for line in lines if partners is None else lines.filtered(lambda line: line.partner_id in partners):
            shown = line.meeting_id.agreement_id._shown(line.env.lang)["hash"]
            user = line.user_id
            line.with_user(user or cls.env.user).sudo()._sign(
                shown, line.partner_id.name, through="login" if user else "link", ip_address="192.0.2.1"
            )
        return meeting

    def hold(self, meeting, present=None):
        """Schedule if need be, run it at its time and end it; everybody signed what is to be signed, and everybody (or
        ``present`` partners) signed in."""
        if meeting.state == "draft":
            self.schedule(meeting)
        self.sign_agreements(meeting)
        from freezegun import freeze_time

        with freeze_time(meeting.start):
            meeting.with_user(meeting.chair_id).action_start()
            lines = meeting.participant_ids
            if present is not None:
                lines = lines.filtered(lambda line: line.partner_id in present)
            lines.with_user(meeting.minute_taker_id).action_sign_in()
        with freeze_time(meeting.stop):
            meeting.with_user(meeting.chair_id).action_end()
        return meeting

    @classmethod
    def reminder(cls, kind, *roles, **vals):
        """A reminder rule for a duty, to these roles; for the weekly unless another type is given."""
        found = cls.env["meeting.reminder.role"].search([("code", "in", roles)])
        values = {"type_id": cls.weekly.id, "kind": kind, "role_ids": [Command.set(found.ids)], **vals}
        return cls.env["meeting.reminder.rule"].create(values)

    @classmethod
    def remind_before(cls, *minutes, kind=None):
        """Meetings of this type (the weekly) are reminded of so many minutes before their start, and at no other."""
        kind = kind or cls.weekly
        kind.reminder_rule_ids.filtered(lambda rule: rule.kind == "meeting").unlink()
        for number in minutes:
            days = (
                {"number": number // 1440, "unit": "days"}
                if number % 1440 == 0
                else {"number": number, "unit": "minutes"}
            )
            cls.reminder("meeting", "participants", type_id=kind.id, **days)

    def participant(self, meeting, partner):
        return meeting.participant_ids.filtered(lambda line: line.partner_id == partner)
