"""Who cannot come names who comes instead: the same rule in the client, by link, and for guests (PT-2)."""

from odoo import Command
from odoo.exceptions import AccessError, UserError

from tests.answering.common import AnsweringCommon


class TestProxy(AnsweringCommon):
    def setUp(self):
        super().setUp()
        self.colleague = self.make_user("near", "Near Ning", self.east, manager=self.convener)
        self.report = self.make_user("report", "Report Rui", self.finance, manager=self.member)
        self.meeting = self.schedule(self.make_meeting(name="Spring offer", type_id=self.weekly.id))
        self.line = self.participant(self.meeting, self.member.partner_id)

    def decline(self, proxy):
        """In the client: the dialogue of the button."""
        mine = self.line.with_user(self.member)
        action = mine.action_decline()
        wizard = self.env["meeting.reason.wizard"].with_user(self.member).browse(action["res_id"])
        self.assertEqual(wizard.stand_in_ids, (self.colleague | self.report).partner_id)
        wizard.write({"reason": "Abroad", "proxy_id": proxy.partner_id.id})
        return wizard.action_confirm()

    def test_who_may_stand_in(self):
        """PT-2: colleagues of the department or below, and those who report to him; with a login, and not himself."""
        self.assertEqual(self.line._stand_ins(), (self.colleague | self.report).partner_id)
        self.report.action_archive()
        self.assertEqual(self.line._stand_ins(), self.colleague.partner_id)
        self.assertFalse(self.participant(self.meeting, self.guest)._stand_ins())

    def test_in_the_client(self):
        """PT-2: a proposal, which the organisers confirm."""
        self.decline(self.report)
        line = self.line.with_user(self.convener)
        self.assertEqual((line.response, line.proxy_note), ("declined", "Report Rui, to be confirmed"))
        self.assertFalse(line.proxy_partner_id)
        with self.assertRaises(AccessError):
            self.line.with_user(self.member).action_confirm_proxy()
        line.action_confirm_proxy()
        self.assertEqual((line.proxy_partner_id, line.mark), (self.report.partner_id, "represented"))
        self.assertFalse(line.proxy_note)

    def test_somebody_else_is_refused(self):
        """PT-2: in the client and over RPC; the answer has not been given then."""
        for deed in (
            lambda: self.decline(self.outsider),
            lambda: self.line.with_user(self.member).action_decline("Abroad", self.outsider.partner_id.id),
        ):
            with self.assertRaisesRegex(UserError, "can stand in"):
                deed()
        self.assertEqual(self.line.response, "pending")
        for values in ({"named_proxy": "Anybody"}, {"named_proxy_id": self.outsider.partner_id.id}):
            with self.assertRaises(AccessError):
                self.line.with_user(self.convener).write(values)

    def test_by_link(self):
        """PT-2: the page offers the same colleagues to choose from, and takes nobody else, nor free words."""
        path = self.links(self.meeting, "notice", self.member.partner_id)["Decline"]
        page = self.open(path).text
        self.assertIn("Report Rui", page)
        self.assertNotIn("Outsider Ou", page)
        for forged in (self.outsider.partner_id.id, "Xiao Li"):
            answer = self.go(path, reason="Abroad", proxy=forged)
            self.assertIn("can stand in", answer.text)
            self.assertIn("Abroad</textarea>", answer.text, "what was typed stays")
            self.assertEqual(self.line.response, "pending")
        self.go(path, reason="Abroad", proxy=self.report.partner_id.id)
        self.assertEqual((self.line.response, self.line.response_reason), ("declined", "Abroad"))
        self.assertEqual(self.line.named_proxy_id, self.report.partner_id)

    def test_another_answer_ends_it(self):
        """PT-2, NT-5: who comes after all, or is asked anew because the meeting moved, has no proxy."""
        self.decline(self.report)
        self.line.with_user(self.member).action_accept()
        self.assertFalse(self.line.named_proxy_id)
        self.decline(self.report)
        self.meeting.with_user(self.convener)._reschedule({"start": self.days_ahead(9)}, "Later")
        self.assertEqual((self.line.response, self.line.proxy_note), ("pending", False))

    def test_a_guest_writes_whom(self):
        """PT-2, PT-4: free words, shown as the guest's own and to be confirmed."""
        self.line = self.participant(self.meeting, self.guest)
        path = self.path(self.line)
        page = self.open(path).text
        self.assertIn('name="proxy_email"', page)
        self.assertNotIn("Report Rui", page)
        self.press(
            "answer", url=path, response="declined", reason="Ill", proxy="Li Bo", proxy_email="li@client.example"
        )
        line = self.line.with_user(self.convener)
        self.assertEqual(line.named_proxy, "Li Bo <li@client.example>")
        self.assertEqual(line.proxy_note, "Li Bo <li@client.example> – named by the guest, to be confirmed")
        with self.assertRaisesRegex(UserError, "in words"):
            line.action_confirm_proxy()
        line.proxy_partner_id = self.env["res.partner"].create({"name": "Li Bo"})
        self.assertFalse(line.proxy_note)

    def test_a_guest_answers_without_one(self):
        """PT-2"""
        self.line = self.participant(self.meeting, self.guest)
        self.press("answer", url=self.path(self.line), response="declined", reason="Ill")
        self.assertEqual((self.line.response, self.line.proxy_note), ("declined", False))

    def test_before_signing(self):
        """CF-2, PT-2: who has yet to sign names a colleague, and learns nothing of who else is invited."""
        secret = self.make_meeting(
            name="Merger", level="secret", participant_ids=[Command.create({"partner_id": self.member.partner_id.id})]
        )
        secret.participant_ids = [Command.create({"partner_id": self.report.partner_id.id})]
        self.line = self.participant(self.schedule(secret), self.member.partner_id)
        self.assertEqual(self.line._stand_ins(), (self.colleague | self.report).partner_id, "whoever is on the list")
        action = self.line.with_user(self.member).action_decline()
        wizard = self.env["meeting.reason.wizard"].with_user(self.member).browse(action["res_id"])
        wizard.write({"reason": "Abroad", "proxy_id": self.colleague.partner_id.id})
        wizard.action_confirm()
        self.assertEqual(self.line.named_proxy_id, self.colleague.partner_id)
        # of a stranger's line nothing comes
        foreign = self.env["meeting.reason.wizard"].with_user(self.outsider)
        other = foreign.create({"res_model": "meeting.participant", "res_id": self.line.id, "verb": "decline"})
        self.assertFalse(other.stand_in_ids)

    def test_no_way_to_ask_whose_line_it_is(self):
        """CF-1, PT-2: declining a stranger's line answers the same, whoever is named; else the list of people who may
        stand in would tell who is invited."""
        secret = self.make_meeting(
            name="Merger", level="secret", participant_ids=[Command.create({"partner_id": self.member.partner_id.id})]
        )
        line = self.participant(self.schedule(secret), self.member.partner_id)
        answers = set()
        for proxy in (self.report.partner_id.id, self.outsider.partner_id.id, None):
            self.env.invalidate_all()
            with self.assertRaises(AccessError) as refused, self.env.cr.savepoint():
                line.with_user(self.outsider).action_decline("Abroad", proxy)
            answers.add(str(refused.exception))
        self.assertEqual(len(answers), 1)
