"""Builders for what comes out of a meeting: minutes at every stage, a resolution, tasks."""

from datetime import timedelta

from odoo.fields import Command, Date

from tests.common import MeetingCommon


class OutcomeCommon(MeetingCommon):
    """A held meeting with one topic, noted, decided and turned into one task of the member."""

    def held(self, present=None, **vals):
        """A held meeting whose topic has notes, a differing opinion and an agreement; returns its draft minutes."""
        meeting = self.make_meeting(
            **{
                "purpose": "Agree on the spring offer",
                "agenda_item_ids": [Command.create({"name": "Discount", "minutes": 30})],
                **vals,
            }
        )
        self.hold(meeting, present=present)
        meeting.agenda_item_ids.with_user(meeting.minute_taker_id).write(
            {
                "notes": "<p>Everybody compared prices.</p>",
                "dissent": "Member Ma wants less.",
                "conclusion": "<p>Five percent.</p>",
            }
        )
        return meeting.minutes_ids.with_user(meeting.minute_taker_id)

    def task(self, minutes, **vals):
        return (
            self.env["meeting.action.item"]
            .with_user(self.minute_taker)
            .create(
                {
                    "name": "Print the offer",
                    "meeting_id": minutes.meeting_id.id,
                    "owner_id": self.member.id,
                    "deadline": Date.today() + timedelta(days=30),
                    **vals,
                }
            )
        )

    def resolution(self, minutes, **vals):
        return (
            self.env["meeting.resolution"]
            .with_user(self.minute_taker)
            .create(
                {
                    "name": "Grant five percent",
                    "meeting_id": minutes.meeting_id.id,
                    "agenda_item_id": minutes.meeting_id.agenda_item_ids[:1].id,
                    **vals,
                }
            )
        )

    def approve(self, minutes):
        minutes.with_user(self.minute_taker).action_submit()
        minutes.with_user(self.chair).action_approve()
        return minutes

    def publish(self, minutes):
        self.approve(minutes)
        minutes.with_user(self.minute_taker).action_publish()
        return minutes

    def told(self, record, kind):
        """The partners whom the ledger owes, or has sent, a message of this kind about this record."""
        rows = (
            self.env["meeting.notification"]
            .sudo()
            .search([("res_model", "=", record._name), ("res_id", "=", record.id), ("state", "!=", "void")])
        )
        return rows.filtered(lambda row: row.step.partition(":")[0] == kind).partner_id
