"""Who may see what: the table of rights, tried on every role, level, state, model and operation (CF-1, CF-6).

What is expected here is derived from the table alone, what happens from the records' own rules; search and check must
say the same.
"""

from freezegun import freeze_time
from odoo.addons.meeting_management.models.meeting_permission_table import (
    ADMITTED,
    ANNOUNCED,
    DRAFT,
    EDITS,
    FOLLOWS,
    LEVEL_ORDER,
    READS,
)
from odoo.fields import Command

from tests.outcome import OutcomeCommon

OPERATIONS = ("read", "write", "create", "unlink")
STATES = ("draft", "submitted", "scheduled", "in_progress", "held", "published", "cancelled")


class TestMatrix(OutcomeCommon):
    """One meeting of Sales per level and state; one user per role of the table, and those who have none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reviewer = cls.make_user("reviewer", "Reviewer Re", cls.finance)
        cls.colleague = cls.make_user("colleague", "Colleague Ke", cls.sales)
        cls.unsigned = cls.make_user("unsigned", "Unsigned Wu", cls.finance)
        cls.removed = cls.make_user("removed", "Removed Yi", cls.finance)
        cls.technician = cls.env.ref("base.user_admin")
        cls.portal = cls.env["res.users"].create(
            {
                "name": "Portal Po",
                "login": "portal_po",
                "email": "po@client.example",
                "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
            }
        )
        # The manager of Sales approves and belongs to the department; who does both has the wider right.
        cls.reception.step_ids = [
            Command.clear(),
            Command.create({"name": "Step", "approver_kind": "user", "user_id": cls.approver.id}),
        ]
        cls.roles = {
            # person: roles of the table that he has in the meetings of this test
            "convener": {"officer", "department", "everyone"},
            "chair": {"officer", "department", "everyone"},
            "minute_taker": {"officer", "department", "everyone"},
            "approver": {"approver", "department", "everyone"},
            "reviewer": {"reviewer", "everyone"},
            "member": {"participant", "department", "everyone"},
            "unsigned": {"participant", "everyone"},
            "removed": {"everyone"},
            "colleague": {"department", "everyone"},
            "outsider": {"everyone"},
            "secretary": {"secretariat", "everyone"},
            "manager": {"secretariat", "everyone"},
            "technician": {"secretariat", "everyone"},
            "room_manager": {"everyone"},
            "hr": {"everyone"},
            "portal": set(),
        }

    # -- the meetings -------------------------------------------------------------------------------------------

    def build(self, level, state):
        """A meeting at this level, brought to this state, with something of every kind under it."""
        people = (self.member, self.unsigned, self.removed)
        meeting = self.make_meeting(
            name=f"{level} {state}",
            level=level,
            type_id=self.reception.id,
            start=self.days_ahead(7, hour=1 + STATES.index(state)),
            minutes_reviewer="user",
            minutes_reviewer_id=self.reviewer.id,
            participant_ids=[
                *(Command.create({"partner_id": user.partner_id.id}) for user in people),
                Command.create({"partner_id": self.portal.partner_id.id, "role": "invited"}),
            ],
            agenda_item_ids=[Command.create({"name": "Topic"})],
        )
        if state == "draft":
            return meeting
        meeting.action_submit()
        if state == "submitted":
            return meeting
        meeting.with_user(self.approver).action_approve()
        signers = self.convener | self.chair | self.minute_taker | self.member | self.removed
        self.sign_agreements(meeting, signers.partner_id)
        self.participant(meeting, self.removed.partner_id).with_user(self.convener).unlink()
        if state == "cancelled":
            meeting.action_cancel("Not needed")
        if state in ("in_progress", "held", "published"):
            with freeze_time(meeting.start):
                meeting.with_user(self.chair).action_start()
                self.participant(meeting, self.member.partner_id).with_user(self.minute_taker).action_sign_in()
        if state in ("held", "published"):
            with freeze_time(meeting.stop):
                meeting.with_user(self.chair).action_end()
        if state == "published":
            item = meeting.agenda_item_ids.with_user(self.minute_taker)
            item.notes = "<p>Said</p>"
            minutes = meeting.minutes_ids.with_user(self.minute_taker)
            resolution = self.resolution(minutes)
            self.task(minutes, owner_id=self.minute_taker.id, supervisor_id=self.chair.id, resolution_id=resolution.id)
            minutes.action_submit()
            minutes.with_user(self.reviewer).action_approve()
            minutes.action_publish()
        return meeting

    def under(self, meeting):
        """model → one record of it under this meeting, as far as there is any."""
        found = {"meeting.meeting": meeting.sudo()}
        for model in FOLLOWS:
            field = self.path(model)
            if field:
                records = self.env[model].sudo().search([(field, "=", meeting.id)])
                own = records.filtered(lambda r: "partner_id" in r._fields and r.partner_id == self.convener.partner_id)
                found[model] = (own or records)[:1]
        return {model: record for model, record in found.items() if record}

    def path(self, model):
        """:return: the field, perhaps dotted, that leads from a model to its meeting"""
        special = {
            "meeting.action.report": "action_item_id.meeting_id",
            "meeting.minutes.revision": "minutes_id.meeting_id",
            "meeting.minutes.print": "revision_id.minutes_id.meeting_id",
            "meeting.guest.token": "participant_id.meeting_id",
            "meeting.guest.code": "participant_id.meeting_id",
        }
        return special.get(model) or ("meeting_id" if "meeting_id" in self.env[model]._fields else None)

    # -- what the table says ------------------------------------------------------------------------------------

    def reads(self, person, level, state):
        stages = {DRAFT} if state in ("draft", "submitted") else {DRAFT, ANNOUNCED, ADMITTED}
        if person == "unsigned":
            stages.discard(ADMITTED)
        roles = self.roles[person]
        if state == "draft":
            roles = roles - {"approver"}  # nobody has been asked yet
        return any(READS[role][level] in stages for role in roles)

    def edits(self, person, level):
        return any(EDITS.get(role, {}).get(level) for role in self.roles[person])

    def expected(self, who, person, level, state):
        if who in ("readers", "topic_readers"):
            return self.reads(person, level, state)
        if who in ("editors", "topic_editors"):
            return self.edits(person, level)
        if who == "minutes_readers":
            published = state == "published" and self.reads(person, level, state)
            return published or self.edits(person, level) or person == "reviewer"
        if who == "employees":
            return person != "portal"
        if who == "robot_admins":
            return person == "technician" and self.reads(person, level, state)
        if who == "administrators":
            return person in ("manager", "technician") and self.edits(person, level)
        return False

    def test_every_model_under_a_meeting_is_in_the_table(self):
        """CF-6: found in the registry, so that a new model cannot be forgotten."""
        stored = {
            name
            for name, model in self.env.registry.items()
            if name.startswith("meeting.") and not (model._abstract or model._transient)
        }
        under = {"meeting.meeting"}
        while True:
            more = {
                name
                for name in stored - under
                for field in self.env[name]._fields.values()
                if field.type == "many2one" and field.store and field.required and field.comodel_name in under
            }
            if not more:
                break
            under |= more
        fields = {name: self.env[name]._fields.get("meeting_id") for name in stored}
        under |= {name for name, field in fields.items() if field and field.store}
        self.assertFalse(under - FOLLOWS.keys())
        self.assertFalse(FOLLOWS.keys() - stored)

    def test_role_level_state_operation(self):
        """CF-1, CF-2, CF-6"""
        wrong, tried = [], 0
        for level in LEVEL_ORDER:
            meetings = {state: self.build(level, state) for state in STATES}
            self.env.flush_all()
            for state, meeting in meetings.items():
                for model, record in self.under(meeting).items():
                    if FOLLOWS[model][0] == "authority":
                        continue  # emergency access has a test of its own
                    for person in self.roles:
                        mine = record.with_user(getattr(self, person))
                        for operation, fault in self.faults(mine, person, level, state):
                            tried += 1
                            if fault:
                                wrong.append(f"{level} {state} {model} {person} {operation}: {fault}")
        self.assertGreater(tried, 10_000)
        self.assertFalse(wrong, "\n".join(wrong[:50]))

    def faults(self, mine, person, level, state):
        """:return: for each operation, what differs from the table, or ``None``"""
        for operation, who in zip(OPERATIONS, FOLLOWS[mine._name], strict=True):
            expected = self.expected(who, person, level, state)
            if operation == "read" and self.is_exception(mine, person, level, state):
                expected = True
            found = mine.has_access(operation)
            fault = None if found == expected else f"checked {found}, the table says {expected}"
            if operation == "read" and mine.browse().has_access("read"):
                listed = bool(mine.search([("id", "=", mine.id)]))
                fault = fault or (None if listed == expected else f"listed {listed}, the table says {expected}")
            yield operation, fault

    def is_exception(self, mine, person, level, state):
        """HR reads attendance of held meetings up to “internal”; each reads his own participation and signature."""
        if person == "hr" and mine._name in ("meeting.participant", "meeting.attendance"):
            return level in ("public", "internal") and state in ("held", "published")
        own = "partner_id" in mine._fields and mine.sudo().partner_id == getattr(self, person).partner_id
        return own and mine._name in ("meeting.participant", "meeting.agreement.signature")
