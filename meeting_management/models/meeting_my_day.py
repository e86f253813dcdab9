"""“What do I have to do today?”: the first screen of the app."""

from odoo import api, fields, models


class MeetingMyDay(models.AbstractModel):
    """Collects what waits for the current user, from every chapter, with the reader's own rights.

    Each chapter adds its sections by extending :meth:`_sections`.
    """

    _name = "meeting.my.day"
    _description = "My Day"
    _limit = 20

    @api.model
    @api.readonly
    def get(self):
        """Sections with cards, those without cards left out.

        :returns: ``{"name": str, "sections": [section], "agenda": section}``, where a section is
            ``{key, title, icon, count, cards}`` and a card
            ``{model, id, title, when, place, note, late, confidential, buttons}``; ``when`` is a UTC string or False.
        """
        sections = [section for section in self._sections() if section["cards"]]
        return {"name": self.env.user.name, "sections": sections, "agenda": self._agenda()}

    def _sections(self):
        """What waits for me, most pressing first. Extended by each chapter."""
        meetings = self.env["meeting.meeting"]
        sections = [
            self._section(
                "approve",
                self.env._("To approve"),
                "fa-gavel",
                meetings,
                [("current_approver_id", "=", self.env.uid)],
                "submitted_at",
                lambda meeting: self._meeting_card(
                    meeting,
                    note=self.env._(
                        "%(person)s asks for %(hours)s person-hours",
                        person=meeting.convener_id.name,
                        hours=round(meeting.person_hours, 1),
                    ),
                    buttons=[
                        self._button("action_approve", self.env._("Approve"), primary=True),
                        self._button("action_refuse", self.env._("Send back")),
                    ],
                ),
            ),
            self._section(
                "returned",
                self.env._("Sent back to me"),
                "fa-reply",
                meetings,
                [("state", "=", "draft"), ("refusal_reason", "!=", False), ("convener_id", "=", self.env.uid)],
                "start",
                lambda meeting: self._meeting_card(meeting, note=meeting.refusal_reason, late=True),
            ),
            self._section(
                "answer",
                self.env._("To answer"),
                "fa-envelope-open-o",
                meetings,
                [
                    ("state", "=", "scheduled"),
                    ("stop", ">", fields.Datetime.now()),
                    ("participant_ids", "any", [("user_id", "=", self.env.uid), ("response", "=", "pending")]),
                ],
                "start",
                lambda meeting: self._meeting_card(
                    meeting,
                    late=bool(meeting.answer_deadline and meeting.answer_deadline < fields.Datetime.now()),
                    buttons=[
                        self._button("action_accept", self.env._("Accept"), primary=True),
                        self._button("action_decline", self.env._("Decline")),
                    ],
                ),
            ),
        ]
        if self.env.user.has_group("meeting_management.group_room_manager") or self.env["meeting.room"].search_count(
            [("manager_ids", "in", self.env.uid)], limit=1
        ):
            sections.append(self._room_section())
        return sections

    def _room_section(self):
        return self._section(
            "rooms",
            self.env._("Rooms to decide on"),
            "fa-building-o",
            self.env["meeting.booking"],
            [
                ("state", "=", "requested"),
                ("stop", ">", fields.Datetime.now()),
                "|",
                ("room_id.needs_approval", "=", True),
                ("asks_precedence", "=", True),
                "|",
                ("room_id.manager_ids", "=", False),
                ("room_id.manager_ids", "in", self.env.uid),
            ],
            "start",
            lambda booking: {
                **self._card(booking, booking.display_name, booking.start),
                "place": booking.location_id.name,
                "buttons": [
                    self._button("action_confirm", self.env._("Confirm"), primary=True),
                    self._button("action_reject", self.env._("Reject")),
                ],
            },
        )

    def _agenda(self):
        """My meetings of the coming seven days."""
        now = fields.Datetime.now()
        return self._section(
            "agenda",
            self.env._("My meetings of the next seven days"),
            "fa-calendar",
            self.env["meeting.meeting"],
            [
                ("state", "in", ("scheduled", "in_progress")),
                ("stop", ">", now),
                ("start", "<", fields.Datetime.add(now, days=7)),
                "|",
                ("participant_ids.user_id", "=", self.env.uid),
                ("convener_id", "=", self.env.uid),
            ],
            "start",
            lambda meeting: self._meeting_card(
                meeting,
                note=meeting._state_label(meeting.state) if meeting.state == "in_progress" else False,
                buttons=[self._button("action_sign_in", self.env._("Sign in"), primary=True)]
                if meeting.can_sign_in
                else [],
            ),
        )

    # -- building blocks ----------------------------------------------------------------------------------------

    def _section(self, key, title, icon, model, domain, order, card):
        records = model.search(domain, order=order, limit=self._limit)
        count = len(records) if len(records) < self._limit else model.search_count(domain)
        return {"key": key, "title": title, "icon": icon, "count": count, "cards": [card(record) for record in records]}

    def _card(self, record, title, when, **values):
        return {
            "model": record._name,
            "id": record.id,
            "title": title,
            "when": fields.Datetime.to_string(when) if when else False,
            "place": False,
            "note": False,
            "late": False,
            "confidential": False,
            "buttons": [],
            **values,
        }

    def _meeting_card(self, meeting, **values):
        return self._card(
            meeting,
            meeting.name,
            meeting.start,
            place=meeting.location_text,
            confidential=meeting.level in ("participants", "secret"),
            **values,
        )

    def _button(self, method, label, primary=False):
        return {"method": method, "label": label, "primary": primary}
