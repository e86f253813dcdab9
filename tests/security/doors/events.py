"""What happens around a closed meeting besides its outcome: reasons, refusals, emergencies, answers, other outboxes."""

import json
from unittest.mock import patch

from odoo.fields import Command

from tests.notice.common import NoticeCommon
from tests.outcome import OutcomeCommon


class Events(OutcomeCommon, NoticeCommon):
    """Every reason that somebody types, as the people concerned type it; `SecretWorld` says what is planted."""

    def troubled_meeting(self):
        """Declined by one, moved, at another level, asked for in an emergency, and called off: each with a reason."""
        meeting = self.secret_meeting("participants", start=self.days_ahead(16))
        declined = self.participant(meeting, self.member.partner_id).with_user(self.member)
        declined._answer("declined", reason=self.plant("reason to decline"))
        self.deliver()
        move = self.env["meeting.reschedule"].with_user(self.convener).create(
            {"meeting_id": meeting.id, "reason": self.plant("reason to move")}
        )  # fmt: skip
        move.write({"start": self.days_ahead(17), "place": self.plant("another place")})
        move.action_confirm()
        action = meeting.with_user(self.chair).action_change_level()
        level = self.env[action["res_model"]].with_user(self.chair).browse(action["res_id"])
        level.write({"level": "secret", "reason": self.plant("reason for the level")})
        level.action_confirm()
        self.sign_agreements(meeting)
        topic = meeting.agenda_item_ids[0].with_user(self.chair).action_change_level()
        self.env[topic["res_model"]].with_user(self.chair).browse(topic["res_id"]).reason = self.plant("topic's reason")
        self.emergencies(meeting)
        self.remove_ex(meeting)
        meeting.with_user(self.convener).action_cancel(reason=self.plant("reason to call it off"))
        self.deliver()
        return meeting

    def emergencies(self, meeting):
        """One that is refused and one that waits, by auditors who do not read the meeting."""
        first = self.make_user("auditor", "Auditor Ao", self.finance, groups="group_auditor")
        second = self.make_user("auditor2", "Auditor Bo", self.finance, groups="group_auditor")
        for number in range(2):
            asked = self.env["meeting.break.glass"].with_user(first).create(
                {"reference": meeting.number, "reason": self.plant("reason for the emergency")}
            )  # fmt: skip
            if not number:
                asked.with_user(second).action_refuse(reason=self.plant("reason to refuse the emergency"))
        # what the log is told in passing, too
        self.env["meeting.access.log"].with_user(self.convener)._note(meeting, "opened", detail=self.plant("detail"))

    def outboxes(self, meeting, message):
        """Further places that texts and names of a meeting wait in, or are kept in."""
        rows = self.env(su=True)
        # the function beneath: a constraint that is patched when they are counted first stays uncounted for good
        with patch("odoo.addons.meeting_management.models.meeting_robot_post.check"):
            robot = rows["meeting.robot"].create(
                {"name": "Group", "kind": "wecom", "new_address": "https://robot.example/x", "active": True}
            )
        rows["meeting.robot.message"].create(
            {
                "robot_id": robot.id,
                "res_model": meeting._name,
                "res_id": meeting.id,
                "meeting_id": meeting.id,
                "step": "notice",
                "state": "failed",
                "error": self.plant("the robot's error"),
            }
        )
        device = rows["mail.push.device"].create(
            {"partner_id": self.chair.partner_id.id, "endpoint": f"https://push.example/{meeting.id}", "keys": "{}"}
        )
        payload = meeting.sudo()._notify_by_web_push_prepare_payload(message.sudo())
        rows["mail.push"].create({"mail_push_device_id": device.id, "payload": json.dumps(payload)})
        self.env["ir.filters"].with_user(self.convener).create(
            {
                "name": self.plant("saved filter"),
                "model_id": meeting._name,
                "domain": f"[('name', 'ilike', '{self.plant('saved filter')}')]",
                "user_ids": [Command.set(self.convener.ids)],
            }
        )
