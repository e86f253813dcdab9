"""Who is to stand in for somebody is invited like everybody else, and told when he is not needed after all (PT-2)."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from freezegun import freeze_time
from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError

from tests.answering.common import AnsweringCommon

SCRIPT = Path(__file__).resolve().parents[2] / "meeting_management" / "migrations" / "19.0.1.3.0" / "post-proxies.py"


class TestProxyTold(AnsweringCommon):
    def setUp(self):
        super().setUp()
        self.report = self.make_user("report", "Report Rui", self.finance, manager=self.member)
        self.meeting = self.schedule(self.make_meeting(name="Spring offer", type_id=self.weekly.id))
        self.deliver()

    def name_proxy(self, proxy, meeting=None, person=None):
        """The person declines and names him, the convener confirms."""
        meeting = meeting or self.meeting
        line = self.participant(meeting, (person or self.member).partner_id)
        line.with_user(person or self.member).action_decline("Abroad", proxy.partner_id.id)
        line.with_user(self.convener).action_confirm_proxy()
        return line

    def test_invited_once(self):
        """PT-2, NT-1: his notice names whom he represents and how to answer; others' notices do not, and he is on the
        list, in nobody's seat but his."""
        seats = self.meeting.headcount, self.meeting.person_hours
        self.name_proxy(self.report)
        self.env.flush_all()
        links = self.links(self.meeting, "notice", self.report.partner_id)
        self.assertEqual(set(links), {"Accept", "Decline"})
        mail = self.mails(self.report.partner_id)
        self.assertEqual(mail.subject, "In place of Member Ma: Spring offer")
        self.assertIn("Please say whether you can come", mail.body_html)
        own = self.participant(self.meeting, self.report.partner_id)
        self.assertEqual((own.role, own.response), ("proxy", "pending"))
        self.assertEqual((self.meeting.headcount, self.meeting.person_hours), seats)
        self.assertEqual(self.meeting.with_user(self.report).my_represented, "Member Ma")
        self.assertFalse(self.mails(self.chair.partner_id, "In place of"))
        self.assertIn("Report Rui stands in for Member Ma.", str(self.meeting.message_ids.mapped("body")))
        self.participant(self.meeting, self.member.partner_id).proxy_partner_id = self.report.partner_id
        self.deliver()
        self.assertEqual(len(self.mails(self.report.partner_id)), 1)

    def test_in_his_language(self):
        """PT-2: a Chinese reader is told in Chinese."""
        self.report.partner_id.lang = "zh_CN"
        self.name_proxy(self.report)
        self.deliver()
        mail = self.mails(self.report.partner_id)
        self.assertEqual(mail.subject, "代Member Ma参会：Spring offer")
        self.assertIn("请您代", mail.body_html)

    def test_taken_back(self):
        """PT-2, NT-5: by the organisers, or as the person comes after all: he is told, and has left the list."""
        line = self.name_proxy(self.report)
        self.deliver()
        line.with_user(self.member).action_accept()
        self.assertFalse(line.proxy_partner_id)
        self.assertFalse(line.mark)
        self.assertFalse(self.participant(self.meeting, self.report.partner_id))
        self.deliver()
        self.assertTrue(self.mails(self.report.partner_id, "No longer a participant"))
        self.assertIn("Report Rui no longer stands in", str(self.meeting.message_ids.mapped("body")))

    def test_who_takes_part_anyway(self):
        """PT-2: he keeps his place and is told what is added to it and taken from it, each once."""
        self.member.employee_id.parent_id = False
        self.chair.employee_id.parent_id = self.member.employee_id
        line = self.name_proxy(self.chair)
        self.deliver()
        self.assertEqual(len(self.mails(self.chair.partner_id, "In place of Member Ma")), 1)
        line.with_user(self.convener).proxy_partner_id = self.report.partner_id
        self.deliver()
        mail = self.mails(self.chair.partner_id, "No longer in place of Member Ma: Spring offer")
        self.assertEqual(len(mail), 1)
        self.assertIn("You no longer stand in for", mail.body_html)
        self.assertEqual(self.participant(self.meeting, self.chair.partner_id).role, "chair")
        self.assertEqual(len(self.mails(self.report.partner_id, "In place of Member Ma")), 1)

    def test_he_cannot_either(self):
        """PT-2: then nobody stands in, and nobody writes to him what he has just said."""
        line = self.name_proxy(self.report)
        self.deliver()
        self.participant(self.meeting, self.report.partner_id).with_user(self.report).action_decline("Ill")
        self.assertFalse(line.proxy_partner_id)
        self.assertFalse(line.mark)
        before = self.mails(self.report.partner_id)
        self.deliver()
        self.assertEqual(self.mails(self.report.partner_id), before)
        # the organisers ask him once more
        line.with_user(self.convener).proxy_partner_id = self.report.partner_id
        self.assertEqual(self.participant(self.meeting, self.report.partner_id).response, "pending")

    def test_another_time(self):
        """PT-2, NT-5: all are asked anew, so nobody is represented."""
        line = self.name_proxy(self.report)
        self.deliver()
        self.meeting.with_user(self.convener)._reschedule({"start": self.days_ahead(9)}, "Later")
        self.assertFalse(line.proxy_partner_id)
        self.assertFalse(self.participant(self.meeting, self.report.partner_id))

    def test_who_declined_is_not_asked_about_another_time(self):
        """PT-2, NT-3: he said no for somebody who may now come himself; he has left the list, and hears nothing."""
        self.name_proxy(self.report)
        self.deliver()
        self.participant(self.meeting, self.report.partner_id).with_user(self.report).action_decline("Ill")
        before = self.mails(self.report.partner_id)
        self.meeting.with_user(self.convener)._reschedule({"start": self.days_ahead(9)}, "Later")
        self.deliver()
        self.assertFalse(self.participant(self.meeting, self.report.partner_id))
        self.assertEqual(self.mails(self.report.partner_id), before)

    def test_who_declined_is_not_absent(self):
        """AT-2, CF-1: once the meeting begins he has nothing to do with it."""
        closed = self.schedule(self.make_meeting(name="Merger", level="participants"))
        self.deliver()
        self.name_proxy(self.report, closed)
        self.deliver()
        own = self.participant(closed, self.report.partner_id)
        own.with_user(self.report).action_decline("Ill")
        before = self.mails(self.report.partner_id)
        self.hold(closed)
        self.deliver()
        self.assertFalse(self.participant(closed, self.report.partner_id))
        self.assertFalse(closed.with_user(self.report).has_access("read"))
        self.assertEqual(self.mails(self.report.partner_id), before)

    def test_who_finds_somebody_himself(self):
        """PT-2: the proxy cannot, and names another, who is confirmed: he comes; at another time neither is needed."""
        other = self.make_user("other", "Other Ou", self.finance, manager=self.report)
        self.name_proxy(self.report)
        self.name_proxy(other, person=self.report)
        self.deliver()
        moved = self.schedule(self.make_meeting(name="Summer offer", type_id=self.weekly.id))
        self.name_proxy(self.report, moved)
        self.name_proxy(other, moved, person=self.report)
        with freeze_time(self.meeting.start):
            self.meeting.with_user(self.chair).action_start()
        self.assertTrue(self.participant(self.meeting, other.partner_id))
        moved.with_user(self.convener)._reschedule({"start": self.days_ahead(9)}, "Later")
        for proxy in (self.report, other):
            self.assertFalse(self.participant(moved, proxy.partner_id))

    def test_his_links_end(self):
        """CF-1, PT-2: what he was sent opens nothing once somebody else comes."""
        line = self.name_proxy(self.report)
        path = self.links(self.meeting, "notice", self.report.partner_id)["Accept"]
        line.with_user(self.convener).proxy_partner_id = self.outsider.partner_id
        self.env.flush_all()
        page = self.open(path)
        self.assertNotIn('name="nonce"', page.text)

    def test_entered_with_the_person(self):
        """PT-2: on a new line, or while the meeting was planned, he is invited all the same; never for himself."""
        both = {"partner_id": self.outsider.partner_id.id, "proxy_partner_id": self.report.partner_id.id}
        planned = self.make_meeting(name="Summer offer", participant_ids=[Command.create(both)])
        self.assertFalse(self.participant(planned, self.report.partner_id))
        self.schedule(planned)
        self.meeting.with_user(self.convener).participant_ids = [Command.create(both)]
        for meeting in (planned, self.meeting):
            self.assertEqual(self.participant(meeting, self.report.partner_id).role, "proxy")
            self.assertEqual(len(self.rows(meeting, "notice", self.report.partner_id)), 1)
        with self.assertRaisesRegex(ValidationError, "his own proxy"), self.env.cr.savepoint():
            self.participant(self.meeting, self.member.partner_id).proxy_partner_id = self.member.partner_id

    def test_no_participant_widens_who_reads(self):
        """CF-1, PT-2: whoever takes part in a closed meeting proposes, and lets nobody in."""
        closed = self.schedule(self.make_meeting(name="Merger", level="participants"))
        line, partner = self.participant(closed, self.member.partner_id).with_user(self.member), self.report.partner_id
        row = {"partner_id": partner.id, "role": "proxy"}
        for deed in (
            lambda: line.write({"proxy_partner_id": partner.id}),
            lambda: line.write({"named_proxy_id": partner.id}),
            lambda: line.create({"meeting_id": closed.id, **row}),
            lambda: closed.with_user(self.member).write({"participant_ids": [Command.create(row)]}),
            lambda: line.action_decline("Abroad", self.outsider.partner_id.id),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                deed()
        line.action_decline("Abroad", partner.id)
        with self.assertRaises(AccessError):
            line.action_confirm_proxy()
        self.assertFalse(closed.with_user(self.report).has_access("read"))

    def test_nothing_is_left_to_who_is_not_needed(self):
        """CF-1, PT-2: with the place go reading, following, to-dos, calendar entry and what was written to him."""
        closed = self.schedule(self.make_meeting(name="Merger", level="participants"))
        self.deliver()
        line, mine = self.name_proxy(self.report, closed), closed.with_user(self.report)
        self.deliver()
        closed.sudo().message_subscribe(self.report.partner_id.ids)
        closed.sudo().activity_schedule("mail.mail_activity_data_todo", user_id=self.report.id, summary="Prepare")
        self.assertTrue(mine.has_access("read"))
        entries = self.env["calendar.event"].sudo()
        own = [("formal_meeting_id", "=", closed.id), ("user_id", "=", self.report.id)]
        self.assertTrue(entries.search(own))
        line.with_user(self.convener).proxy_partner_id = False
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(mine.has_access("read"))
        self.assertFalse(entries.search(own))
        self.assertNotIn(self.report.partner_id, closed.sudo().message_partner_ids)
        self.assertNotIn(self.report, closed.sudo().activity_ids.user_id)
        self.deliver()
        written = self.env["mail.message"].with_user(self.report).search([("model", "=", closed._name)])
        self.assertFalse(written.filtered(lambda message: "In place of" in (message.subject or "")))

    def test_off_the_list(self):
        """PT-2: with either of them goes what tied them."""
        line = self.name_proxy(self.report)
        self.participant(self.meeting, self.report.partner_id).with_user(self.convener).unlink()
        self.assertFalse(line.proxy_partner_id)
        line.with_user(self.convener).proxy_partner_id = self.report.partner_id
        line.with_user(self.convener).unlink()
        self.assertFalse(self.participant(self.meeting, self.report.partner_id))

    def test_secret(self):
        """CF-2, PT-2: of a secret meeting he reads nothing, and is not told for whom, before he has signed."""
        secret = self.make_meeting(
            name="Merger", level="secret", participant_ids=[Command.create({"partner_id": self.member.partner_id.id})]
        )
        self.schedule(secret)
        self.sign_agreements(secret, self.member.partner_id | self.convener.partner_id)
        self.deliver()
        self.name_proxy(self.report, secret)
        self.deliver()
        mail = self.mails(self.report.partner_id)
        self.assertEqual(len(mail), 1)
        self.assertIn("You are asked to stand in for somebody.", mail.body_html)
        for word in ("Merger", "Member Ma"):
            self.assertNotIn(word, mail.subject + mail.body_html)
        with self.assertRaises(AccessError):
            secret.with_user(self.report).read(["name"])
        self.sign_agreements(secret, self.report.partner_id)
        self.env.invalidate_all()
        self.assertEqual(secret.with_user(self.report).my_represented, "Member Ma")

    def test_while_it_runs(self):
        """PT-2, AT-2: who stands in for whom at the table is recorded, and nobody is invited for it."""
        self.hold(self.meeting, present=self.chair.partner_id)
        before = self.meeting.participant_ids
        self.participant(self.meeting, self.member.partner_id).proxy_partner_id = self.report.partner_id
        self.assertEqual(self.meeting.participant_ids, before)

    def test_who_comes_while_it_runs(self):
        """PT-2: the mark of being represented goes with the proxy: nobody is on the list as represented and present."""
        line = self.name_proxy(self.report)
        with freeze_time(self.meeting.start):
            self.meeting.with_user(self.chair).action_start()
            line.with_user(self.member).action_accept()
        self.assertFalse(line.proxy_partner_id)
        self.assertFalse(line.mark)

    def test_after_an_update(self):
        """PT-2: who was confirmed before is invited to what is still to come, once; of what is over nobody hears."""
        line = self.participant(self.meeting, self.member.partner_id)
        past = self.hold(self.make_meeting(name="Winter offer", type_id=self.weekly.id))
        for meeting in (self.meeting, past):
            old = self.participant(meeting, self.member.partner_id)
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE meeting_participant SET proxy_partner_id = %s WHERE id = %s",
                [self.report.partner_id.id, old.id],
            )
        self.env.invalidate_all()
        spec = spec_from_file_location("post_proxies", SCRIPT)
        script = module_from_spec(spec)
        spec.loader.exec_module(script)
        for _time in range(2):
            script.migrate(self.env.cr, "19.0.1.2.0")
            self.env.invalidate_all()
        self.assertEqual(line.proxy_partner_id, self.report.partner_id)
        self.assertEqual(self.participant(self.meeting, self.report.partner_id).role, "proxy")
        self.assertEqual(len(self.rows(self.meeting, "notice", self.report.partner_id)), 1)
        self.assertFalse(self.participant(past, self.report.partner_id))

    def test_a_copy_represents_nobody(self):
        """PT-2"""
        self.name_proxy(self.report)
        self.assertNotIn(self.report.partner_id, self.meeting.copy().participant_ids.partner_id)
