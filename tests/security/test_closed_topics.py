"""Topics more confidential than their meeting: who learns of them, and of what hangs on them (CF-1, MN-9)."""

import io

import pypdf
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form

from tests.outcome import OutcomeCommon

PEOPLE = ("convener", "chair", "minute_taker", "member", "deputy", "presenter", "secretary", "manager", "outsider")
OFFICERS = {"convener", "chair", "minute_taker"}


class ClosedTopicsCommon(OutcomeCommon):
    """A public meeting of three members and a guest: an open topic, one for participants, one for people by name."""

    WORDS = {"open": "Openword", "participants": "Partword", "secret": "Hiddenword"}
    READERS = {
        "open": set(PEOPLE),
        "participants": OFFICERS | {"member", "deputy", "presenter"},
        "secret": OFFICERS | {"deputy", "presenter"},
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deputy = cls.make_user("deputy", "Deputy Di", cls.east)
        cls.presenter = cls.make_user("presenter", "Presenter Pu", cls.east)

    def make(self, **vals):
        people = (self.member, self.deputy, self.presenter)
        return self.make_meeting(
            level="public",
            participant_ids=[
                *(Command.create({"partner_id": user.partner_id.id}) for user in people),
                Command.create({"partner_id": self.guest.id, "role": "invited"}),
            ],
            agenda_item_ids=[
                Command.create({"name": f"{self.WORDS['open']} offer"}),
                Command.create({"name": f"{self.WORDS['participants']} staff", "level": "participants"}),
                Command.create(
                    {
                        "name": f"{self.WORDS['secret']} merger",
                        "level": "secret",
                        "presenter_id": self.presenter.partner_id.id,
                        "admitted_ids": [Command.link(self.deputy.partner_id.id)],
                    }
                ),
            ],
            **vals,
        )

    def topics(self, meeting):
        return {topic.level or "open": topic for topic in meeting.sudo().agenda_item_ids}


class TestClosedTopics(ClosedTopicsCommon):
    def under(self, topic):
        """What hangs on a topic: itself, a document, a resolution, a task with its report."""
        meeting = topic.meeting_id
        resolution = self.env["meeting.resolution"].create(
            {"name": "Decide", "meeting_id": meeting.id, "agenda_item_id": topic.id}
        )
        task = self.env["meeting.action.item"].create(
            {"name": "Do", "meeting_id": meeting.id, "resolution_id": resolution.id, "owner_id": self.deputy.id}
        )
        document = self.env["ir.attachment"].create(
            {"name": "Paper", "raw": b"x", "res_model": topic._name, "res_id": topic.id}
        )
        return topic, document, resolution, task

    def test_role_level_operation(self):
        """CF-1: search and check agree, for a topic and all that hangs on it; organisers who are admitted edit."""
        meeting = self.schedule(self.make())
        for level, topic in self.topics(meeting).items():
            for record in self.under(topic):
                for role in PEOPLE:
                    mine = record.with_user(getattr(self, role))
                    with self.subTest(level=level, model=record._name, role=role):
                        entitled = role in self.READERS[level]
                        self.assertEqual(mine.has_access("read"), entitled)
                        self.assertEqual(bool(mine.search([("id", "=", record.id)])), entitled)
                        if record._name == "ir.attachment":
                            continue
                        editors = OFFICERS | ({"secretary", "manager"} & self.READERS[level])
                        self.assertEqual(mine.has_access("write"), role in editors)
                        self.assertEqual(mine.has_access("unlink"), role in editors)

    def test_it_is_not_counted_searched_or_named(self):
        """CF-1: neither in the agenda's list, counts, sums nor by a search for its words, nor through a many2one."""
        meeting = self.schedule(self.make())
        topics = self.topics(meeting)
        topics["secret"].minutes = 40
        task = self.under(topics["secret"])[3]
        for role, seen in (("member", 2), ("outsider", 1), ("secretary", 1), ("deputy", 3)):
            user = getattr(self, role)
            self.env.invalidate_all()
            mine = meeting.with_user(user)
            with self.subTest(role=role):
                self.assertEqual(len(mine.agenda_item_ids), seen)
                self.assertEqual(mine.agenda_item_ids.mapped("number"), list(range(1, seen + 1)))
                self.assertEqual(mine.agenda_minutes >= 40, seen == 3)
                domain = [("agenda_item_ids.name", "ilike", self.WORDS["secret"])]
                self.assertEqual(bool(mine.search(domain)), seen == 3)
                self.assertEqual(mine.resolution_count, 1 if seen == 3 else 0)
                name = topics["secret"].with_user(user).sudo().display_name
                self.assertEqual(self.WORDS["secret"] in name, seen == 3)
        task.sudo().assigned_at = "2026-01-01"
        task.sudo().owner_id = self.outsider
        self.env.invalidate_all()
        named = {"fields": {"display_name": {}}}
        values = task.with_user(self.outsider).web_read({"agenda_item_id": named, "resolution_id": named})[0]
        self.assertEqual(values["agenda_item_id"]["display_name"], "Confidential topic")
        self.assertEqual(values["resolution_id"]["display_name"], "Confidential resolution")

    def test_the_form_opens_and_saves_for_everybody(self):
        """CF-1: closed topics hinder nobody: what the system read for itself is not taken for the reader's own."""
        meeting = self.schedule(self.make())
        specification = {"agenda_item_ids": {"fields": {"name": {}}}, "agenda_overrun": {}, "name": {}}
        for role in ("member", "secretary", "outsider", "deputy"):
            self.env.invalidate_all()
            meeting.with_user(getattr(self, role)).web_read(specification)
        self.env.invalidate_all()
        saved = meeting.with_user(self.secretary).web_save({"purpose": "New purpose"}, specification)
        self.assertEqual(len(saved[0]["agenda_item_ids"]), 1)

    def test_naming_it_is_refused(self):
        """CF-1: who may not know a topic cannot hang anything on it, nor learn by trying."""
        meeting = self.schedule(self.make())
        topic = self.topics(meeting)["secret"]
        for model, values in (
            ("meeting.resolution", {"name": "x", "agenda_item_id": topic.id, "meeting_id": meeting.id}),
            ("meeting.action.item", {"name": "x", "agenda_item_id": topic.id, "meeting_id": meeting.id}),
        ):
            with self.subTest(model=model), self.assertRaises(AccessError) as refused:
                self.env[model].with_user(self.secretary).create(values)
            self.assertNotIn(self.WORDS["secret"], str(refused.exception))

    def test_after_the_notice_it_changes_by_a_verb_with_a_reason(self):
        """CF-1, CF-4: organisers close a topic, the chair alone opens one; each change is in the access log."""
        meeting = self.make()
        topics = self.topics(meeting)
        topic, open_topic, deputy = topics["secret"], topics["open"], self.deputy.partner_id
        topic.with_user(self.convener).admitted_ids = [Command.link(self.member.partner_id.id)]
        topic.with_user(self.convener).admitted_ids = [Command.unlink(self.member.partner_id.id)]
        with self.assertRaises(UserError):
            topic.with_user(self.chair).action_change_level("participants", reason="Too early")
        self.schedule(meeting)
        for user in (self.minute_taker, self.chair, self.secretary):
            for values in ({"level": False}, {"admitted_ids": [Command.clear()]}):
                with self.assertRaises(UserError if user != self.secretary else AccessError):
                    topic.with_user(user).write(values)
        for level, admitted in ((False, None), ("participants", None), ("secret", self.member.partner_id | deputy)):
            with self.subTest(level=level), self.assertRaises(AccessError):
                topic.with_user(self.minute_taker).action_change_level(level, admitted, reason="I want it")
        for user in (self.member, self.deputy, self.secretary, self.outsider):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                topic.with_user(user).action_change_level(False, reason="I want it")
        topic.with_user(self.minute_taker).action_change_level("secret", self.env["res.partner"], reason="Fewer")
        self.assertFalse(topic.with_user(self.deputy).has_access("read"))
        open_topic.with_user(self.minute_taker).action_change_level("participants", reason="Staff matters")
        self.assertFalse(open_topic.with_user(self.outsider).has_access("read"))
        action = topic.with_user(self.chair).action_change_level()
        wizard = self.env[action["res_model"]].with_user(self.chair).browse(action["res_id"])
        with self.assertRaises(UserError):
            wizard.action_confirm()
        with Form(wizard) as form:
            form.level = "secret"
            form.admitted_ids.add(self.member.partner_id)
            form.reason = "Heard as a witness"
        self.assertFalse(wizard.with_user(self.deputy).has_access("read"))
        wizard.action_confirm()
        self.assertTrue(topic.with_user(self.member).has_access("read"))
        log = self.env["meeting.access.log"].sudo()
        entries = log.search([("res_model", "=", topic._name), ("event", "=", "level")], order="id")
        secret = "Secret: people admitted by name"
        self.assertEqual(
            entries.mapped("detail"),
            [
                f"{secret} → {secret}: Fewer",
                "As the meeting → Participants only: Staff matters",
                f"{secret} → {secret}: Heard as a witness",
            ],
        )

    def test_strangers_are_not_admitted(self):
        """CF-1: to a topic only whoever takes part in the meeting; who leaves the meeting leaves the topic."""
        meeting = self.make()
        topic = self.topics(meeting)["secret"]
        with self.assertRaises(ValidationError):
            topic.with_user(self.convener).admitted_ids = [Command.link(self.outsider.partner_id.id)]
        self.schedule(meeting)
        self.participant(meeting, self.deputy.partner_id).with_user(self.convener).unlink()
        self.assertFalse(topic.with_user(self.deputy).has_access("read"))


class TestClosedTopicsOnPaper(ClosedTopicsCommon):
    """Notices, guests' pages, minutes and PDF are composed for each reader."""

    def deliver(self):
        with self.enter_registry_test_mode():
            self.env.ref("meeting_management.ir_cron_send_notifications").method_direct_trigger()

    def test_notices_name_what_each_recipient_may_know(self):
        """CF-1, NT-1"""
        meeting = self.schedule(self.make())
        self.deliver()
        mails = self.env["mail.mail"].sudo().search([("model", "=", "meeting.meeting"), ("res_id", "=", meeting.id)])
        for role in ("member", "deputy", "presenter", "chair"):
            partner = getattr(self, role).partner_id
            text = mails.filtered(lambda mail, partner=partner: mail.recipient_ids == partner)[:1].body_html
            for level, word in self.WORDS.items():
                with self.subTest(role=role, level=level):
                    self.assertEqual(word in text, role in self.READERS[level])
        guest = mails.filtered(lambda mail: mail.recipient_ids == self.guest)[:1]
        self.assertIn(self.WORDS["participants"], guest.body_html)
        self.assertNotIn(self.WORDS["secret"], guest.body_html)
        for mail in mails:
            for file in mail.attachment_ids:
                self.assertNotIn(b"word staff", file.raw, "the appointment names open topics only")
                self.assertNotIn(b"Hiddenword", file.raw)
        page = self.participant(meeting, self.guest)._guest_agenda()
        self.assertEqual(page, self.topics(meeting)["open"] | self.topics(meeting)["participants"])

    def test_minutes_are_each_readers_own(self):
        """CF-1, MN-5, MN-9: page, version and PDF, also after a correction, also through the meeting's print."""
        meeting = self.hold(self.make())
        for level, topic in self.topics(meeting).items():
            topic.write({"notes": f"<p>Talk {self.WORDS[level]}</p>"})
        topic = self.topics(meeting)["secret"]
        self.env["meeting.action.item"].create(
            {
                "name": f"Task {self.WORDS['secret']}",
                "meeting_id": meeting.id,
                "agenda_item_id": topic.id,
                "owner_id": self.deputy.id,
                "deadline": "2027-01-01",
            }
        )
        minutes = self.publish(meeting.minutes_ids.with_user(self.minute_taker))
        for role in ("member", "outsider", "secretary", "deputy"):
            for record in (minutes, meeting):
                self.env.invalidate_all()
                form = Form(record.with_user(getattr(self, role)))
                self.assertEqual(len(form.agenda_item_ids), sum(role in people for people in self.READERS.values()))
        version = minutes.revision_ids
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        for role in PEOPLE:
            user = getattr(self, role)
            self.env.invalidate_all()
            pages = {"version": version.with_user(user).body, "minutes": minutes.with_user(user).document}
            for name, record in (("report_minutes", minutes), ("report_minutes_version", version)):
                pdf = report.with_user(user)._render_qweb_pdf(f"meeting_management.{name}", record.ids)[0]
                pages[name] = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
                html = report.with_user(user)._render_qweb_html(f"meeting_management.{name}", record.ids)[0]
                pages[f"{name} as a page"] = html.decode() if isinstance(html, bytes) else str(html)
            for place, text in pages.items():
                for level, word in self.WORDS.items():
                    with self.subTest(role=role, place=place, level=level):
                        self.assertEqual(word in text, role in self.READERS[level])
        member = version.with_user(self.member).body
        self.assertIn('<span class="count">2</span>. Partword', member)
        self.assertNotIn('<span class="count">3</span>', member)

    def test_a_task_of_a_closed_topic_is_written_about_neutrally(self):
        """CF-1: the subject line of its mail shows on locked screens."""
        meeting = self.hold(self.make())
        topic = self.topics(meeting)["secret"]
        task = self.env["meeting.action.item"].create(
            {"name": "Sell", "meeting_id": meeting.id, "agenda_item_id": topic.id, "owner_id": self.deputy.id}
        )
        self.assertEqual(task._notification_level(), "secret")
        self.assertFalse(task.with_user(self.member).has_access("read"))
