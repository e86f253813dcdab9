"""What the journeys about secrets share: auditors, a secret meeting, and the rows of the log."""

from odoo.fields import Command

from tests.outcome import OutcomeCommon


class SecretsCommon(OutcomeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.auditor = cls.make_user("auditor", "Auditor Ao", cls.finance, groups="group_auditor")
        cls.auditor2 = cls.make_user("auditor2", "Auditor Bo", cls.finance, groups="group_auditor")
        cls.log = cls.env["meeting.access.log"].sudo()

    @classmethod
    def secret_meeting(cls, level="secret", **vals):
        """A scheduled meeting of that level with a topic, told to its participants."""
        values = {"name": "Project Phoenix", "agenda_item_ids": [Command.create({"name": "Phoenix price"})], **vals}
        meeting = cls.sign_agreements(cls.schedule(cls.make_meeting(level=level, **values)))
        cls.env.flush_all()
        return meeting

    def entries(self, record=None, event=None, user=None):
        """Rows of the log, oldest first."""
        domain = [("res_model", "=", record._name), ("res_id", "in", record.ids)] if record is not None else []
        domain += [("event", "=", event)] if event else []
        domain += [("user_ref", "=", user.id)] if user else []
        self.env.invalidate_all()
        return self.log.search(domain, order="id")

    def read_as(self, user, record, *names):
        return record.with_user(user).read(list(names))

    def forget(self):
        """What the next request of a user starts with."""
        self.env.flush_all()
        self.env.invalidate_all()
