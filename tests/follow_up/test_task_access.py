"""Who reads and writes tasks and their reports, by role and level."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from tests.outcome import OutcomeCommon

ROLES = ("convener", "chair", "minute_taker", "member", "secretary", "manager", "outsider", "boss", "hr")


class TestTaskAccess(OutcomeCommon):
    """RS-5, CF-1. The outsider owns the task, the boss assists, neither takes part; `hr` is a stranger."""

    READ = {
        "public": set(ROLES),
        "internal": {"convener", "chair", "minute_taker", "member", "secretary", "manager", "boss", "outsider"},
        "participants": {"convener", "chair", "minute_taker", "member", "outsider", "boss"},
        "secret": {"convener", "chair", "minute_taker", "member", "outsider", "boss"},
    }
    WRITE = {
        "public": {"convener", "chair", "minute_taker", "secretary", "manager"},
        "internal": {"convener", "chair", "minute_taker", "secretary", "manager"},
        "participants": {"convener", "chair", "minute_taker"},
        "secret": {"convener", "chair", "minute_taker"},
    }

    def test_role_level_operation(self):
        for day, level in enumerate(self.READ, 7):
            minutes = self.held(level=level, start=self.days_ahead(day))
            task = self.task(minutes, owner_id=self.outsider.id, assistant_ids=[Command.link(self.boss.id)])
            if level in ("participants", "secret"):
                self.assertFalse(task.with_user(self.outsider).has_access("read"), "not before it is handed out")
            self.publish(minutes)
            task.with_user(self.outsider).action_acknowledge()
            task.with_user(self.outsider)._report({"percentage": 10, "text": "Begun"})
            for role in ROLES:
                user = getattr(self, role)
                mine = task.with_user(user)
                with self.subTest(level=level, role=role):
                    self.assertEqual(mine.has_access("read"), role in self.READ[level])
                    self.assertEqual(bool(mine.search([("id", "=", task.id)])), role in self.READ[level])
                    for operation in ("write", "create", "unlink"):
                        self.assertEqual(mine.has_access(operation), role in self.WRITE[level], operation)
                    report = task.report_ids.with_user(user)
                    self.assertEqual(report.has_access("read"), role in self.READ[level])
                    self.assertEqual(bool(report.search([("id", "=", report.id)])), role in self.READ[level])
                    for operation in ("write", "create", "unlink"):
                        self.assertFalse(report.has_access(operation), operation)

    def test_an_owner_from_outside_learns_nothing_else(self):
        """CF-1: the task is his, the meeting stays closed, even by name."""
        minutes = self.held(level="secret")
        task = self.task(minutes, owner_id=self.outsider.id)
        resolution = self.resolution(minutes)
        task.resolution_id = resolution
        self.publish(minutes)
        mine = task.with_user(self.outsider)
        values = mine.read(["meeting_id", "resolution_id", "name"])[0]
        self.assertEqual(values["name"], "Print the offer")
        self.assertNotIn("Spring", values["meeting_id"][1])
        self.assertNotIn("Grant", values["resolution_id"][1])
        with self.assertRaises(AccessError):
            mine.meeting_id.read(["name"])
        pdf = (
            self.env["ir.actions.report"]
            .with_user(self.outsider)
            ._render_qweb_html("meeting_management.report_tracking", task.ids)[0]
        )
        self.assertIn(b"Print the offer", pdf)
        self.assertNotIn(b"Spring", pdf)

    def test_masked_for_strangers(self):
        minutes = self.held(level="secret")
        task = self.task(minutes)
        self.assertNotIn("Print", task.with_user(self.hr).sudo().display_name)


class TestReasonDialogue(OutcomeCommon):
    """The shared dialogue reaches the verbs a model names, and nothing else."""

    def forge(self, user, **vals):
        return self.env["meeting.reason.wizard"].with_user(user).create({"reason": "x", **vals})

    def test_only_named_verbs(self):
        minutes = self.held()
        task = self.task(minutes)
        for model, res_id, verb in (
            ("meeting.action.item", task.id, "accept"),
            ("meeting.action.item", task.id, "unlink"),
            ("meeting.minutes", minutes.id, "approve"),
            ("res.users", self.env.ref("base.user_admin").id, "archive"),
            ("no.model", 1, "refuse"),
            ("res.partner", 1, "refuse"),
        ):
            with self.subTest(model=model, verb=verb), self.assertRaises(UserError):
                self.forge(self.convener, res_model=model, res_id=res_id, verb=verb).action_confirm()

    def test_the_verb_checks_the_person_again(self):
        minutes = self.held()
        task = self.task(minutes)
        self.publish(minutes)
        with self.assertRaises(AccessError):
            self.forge(self.convener, res_model=task._name, res_id=task.id, verb="refuse").action_confirm()
        with self.assertRaises(AccessError):
            self.forge(self.outsider, res_model=minutes._name, res_id=minutes.id, verb="correct").action_confirm()
        with self.assertRaises(UserError):
            self.forge(self.member, res_model=task._name, res_id=task.id, verb="refuse", reason="   ").action_confirm()
        self.assertEqual((task.state, minutes.state), ("assigned", "published"))

    def test_one_cannot_read_somebody_elses_dialogue(self):
        wizard = self.forge(self.convener, res_model="meeting.minutes", res_id=1, verb="correct")
        with self.assertRaises(AccessError):
            wizard.with_user(self.outsider).read(["reason"])
