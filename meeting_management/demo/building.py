"""Of what the stories of the demo company are built: people press buttons, minutes are written, tasks given."""

from datetime import timedelta

from odoo import fields, models
from odoo.fields import Command


class MeetingDemo(models.AbstractModel):
    _inherit = "meeting.demo"

    def _guests(self):
        client = self.env["res.partner"].create(
            {"name": "北辰物流 Polaris Logistics", "is_company": True, "city": "Ningbo"}
        )
        for key, name, mail in (
            ("gao", "高建国 Gao Jianguo", "gao@polaris.example"),
            ("mueller", "Katrin Müller", "mueller@polaris.example"),
        ):
            self.env["res.partner"].create(
                {
                    "name": name,
                    "email": mail,
                    "parent_id": client.id,
                    "tz": "Asia/Shanghai",
                    "lang": self._chinese() if key == "gao" else "en_US",
                    "ref": f"DEMO-{key}",
                }
            )

    def _guest(self, key):
        return self.env["res.partner"].search([("ref", "=", f"DEMO-{key}")], limit=1)

    def _type(self, name):
        return self.env.ref(f"meeting_management.meeting_type_{name}")

    def _plan(self, convener, kind, subject, start, people, guests=(), room=None, **values):
        """A draft of ``convener`` with these people; ``room`` is a room's number."""
        lines = [Command.create({"partner_id": self._partner(login).id}) for login in people]
        lines += [Command.create({"partner_id": self._guest(key).id, "role": "invited"}) for key in guests]
        convener = self._user(convener)
        return (
            self.env["meeting.meeting"]
            .with_user(convener)
            .with_context(lang=convener.lang)
            .create(
                {
                    "name": subject,
                    "type_id": self._type(kind).id,
                    "start": start,
                    "participant_ids": lines,
                    "room_id": self._room(room).id if room else False,
                    **values,
                }
            )
        )

    def _book_room(self, login, code, start, hours, purpose, people):
        user = self._user(login)
        stop = start + timedelta(hours=hours)
        bookings = self.env["meeting.booking"].with_user(user).with_context(lang=user.lang)
        if stop < fields.Datetime.now():
            bookings = bookings.sudo()  # sudo: nobody books the past; the demo company has one all the same
        values = {"name": purpose, "room_id": self._room(code).id, "start": start, "stop": stop, "headcount": people}
        return bookings.create(values)

    def _decide(self, meeting):
        """Everybody asked says yes."""
        while meeting.state == "submitted" and meeting.current_approver_id:
            meeting.with_user(meeting.current_approver_id).action_approve()

    def _play(self, meeting, late=(), absent=(), excused=(), notes=()):
        """Schedule, hold and end a meeting that begins in a moment; ``notes`` are (topic, notes, dissent,
        conclusion)."""
        meeting.notice_lead_hours = 0  # played now, moved to the past afterwards
        meeting.action_submit()
        self._decide(meeting)
        self._tell_everyone(meeting)
        for line in meeting.participant_ids:
            answer = "declined" if self._is(line, excused) else "accepted"
            line._answer(answer, "出差 Business trip" if answer == "declined" else False, "web")
        chair = meeting.with_user(meeting.chair_id)
        chair.action_start()
        for line in chair.participant_ids:
            if self._is(line, absent):
                continue
            if self._is(line, excused):
                line.action_mark_excused()
                continue
            shift = 14 if self._is(line, late) else -3
            self.env["meeting.attendance"].with_user(chair.env.user).create(
                {"participant_id": line.id, "check_in": meeting.start + timedelta(minutes=shift)}
            )
        for sequence, (topic, text, dissent, conclusion) in enumerate(notes, 1):
            item = chair.agenda_item_ids.filtered(lambda item, topic=topic: item.name == topic)[:1]
            item = item or item.create({"meeting_id": meeting.id, "name": topic, "sequence": sequence, "minutes": 15})
            item.write(
                {
                    "notes": f"<p>{text}</p>",
                    "dissent": dissent,
                    "conclusion": f"<p>{conclusion}</p>" if conclusion else False,
                }
            )
        chair.write({"actual_start": meeting.start})
        chair.action_end()
        chair.write({"actual_stop": meeting.stop})
        chair.attendance_ids.write({"check_out": meeting.stop})
        return chair

    def _sign(self, meeting, login):
        """One participant reads the confidentiality agreement in his language and signs it."""
        user = self._user(login)
        # sudo: the act of signing is no right on the signatures; the page does the same for whoever is logged in
        line = meeting.with_user(user).with_context(lang=user.lang).sudo().participant_ids
        line = line.filtered(lambda line: self._is(line, [login]))
        line._sign(meeting.sudo().agreement_id._shown(user.lang)["hash"], user.name)  # sudo: as above

    def _is(self, line, logins):
        return line.user_id.login in logins

    def _soon(self):
        """A start close enough for the chair to open the meeting at once; it is moved to its place afterwards."""
        return fields.Datetime.now().replace(second=0, microsecond=0) + timedelta(minutes=12)

    def _minute(self, meeting, publish=True):
        """The minute taker's draft goes to the chair, who approves; then it is published."""
        minutes = meeting.minutes_ids.with_user(meeting.minute_taker_id)
        minutes.write(
            {
                "introduction": "<p>主持人宣布会议目的、议程和纪律。 The chair stated purpose and agenda.</p>",
                "closing": "<p>主持人总结了决议和任务。 The chair summed up resolutions and tasks.</p>",
            }
        )
        minutes.action_submit()
        if publish:
            minutes.with_user(minutes.reviewer_id).action_approve()
            minutes.action_publish()
        return minutes

    def _draw_minutes_anew(self, meeting):
        """The published pages say when the meeting was: they were drawn before it was moved to its day."""
        # sudo: a published text is closed to everybody and never changes; the demo puts right what it made up itself
        minutes = meeting.sudo().minutes_ids.with_context(tz=meeting.minute_taker_id.tz)
        report = minutes.env["ir.actions.report"]
        for row in minutes.revision_ids.print_ids:
            html = report._meeting_html("meeting_management.report_minutes", minutes, row.lang)
            self.env.cr.execute("UPDATE meeting_minutes_print SET html = %s WHERE id = %s", (html, row.id))
            stored = [("res_model", "=", row._name), ("res_field", "=", "pdf"), ("res_id", "=", row.id)]
            minutes.env["ir.attachment"].search(stored).write({"raw": report._meeting_pdf(html)})
        self.env.cr.execute(
            "UPDATE meeting_minutes_revision SET published_at = %s WHERE minutes_id = %s",
            (minutes.published_at, minutes.id),
        )
        self.env.invalidate_all()

    def _resolve(self, meeting, topic, name, tasks):
        """A resolution with its tasks: (task, owner, supervisor, days until the deadline)."""
        organiser = meeting.with_user(meeting.minute_taker_id)
        item = organiser.agenda_item_ids.filtered(lambda item: item.name == topic)
        resolution = (
            self.env["meeting.resolution"]
            .with_user(meeting.minute_taker_id)
            .create({"meeting_id": meeting.id, "agenda_item_id": item.id, "name": name})
        )
        resolution.action_adopt()
        rows = self.env["meeting.action.item"].with_user(meeting.minute_taker_id)
        for task, owner, supervisor, days in tasks:
            rows |= rows.create(
                {
                    "name": task,
                    "meeting_id": meeting.id,
                    "resolution_id": resolution.id,
                    "owner_id": self._user(owner).id,
                    "supervisor_id": self._user(supervisor).id,
                    "deadline": fields.Date.add(meeting.start.date(), days=days),
                }
            )
        return rows
