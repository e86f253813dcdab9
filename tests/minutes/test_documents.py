"""Printed documents: text, page numbers, languages, nothing fetched from outside."""

import base64
import io

import pypdf
from odoo.exceptions import UserError
from odoo.fields import Command

from tests.outcome import OutcomeCommon

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


class TestDocuments(OutcomeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in ("en_US", "zh_CN"):
            cls.env["res.lang"]._activate_lang(lang)
        (cls.chair | cls.minute_taker | cls.member).lang = "en_US"

    def pages(self, name, records, user):
        report = self.env["ir.actions.report"].with_user(user).with_context(force_report_rendering=True)
        content, kind = report._render_qweb_pdf(f"meeting_management.{name}", records.ids)
        self.assertEqual(kind, "pdf")
        return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]

    def test_minutes_say_everything_in_one_format(self):
        """MN-1, MN-5"""
        minutes = self.held(name="春季报价会议", room_id=self.maple.id)
        self.participant(minutes.meeting_id, self.guest).attendance_ids.sudo().unlink()
        self.participant(minutes.meeting_id, self.guest).sudo().mark = "excused"
        minutes.meeting_id.agenda_item_ids.notes = "<p>与会者讨论了折扣。</p>"
        self.resolution(minutes).action_adopt()
        self.task(minutes, standard="500 copies", deadline="2031-05-20")
        [page] = self.pages("report_minutes", minutes, self.minute_taker)
        for text in (
            "春季报价会议",
            "与会者讨论了折扣。",
            minutes.number,
            "Maple",
            "9:00",
            "China Standard Time",
            "Chair Cheng",
            "Taker Tang",
            "Member Ma",
            "Guest Gu",
            "Member Ma wants less.",
            "Five percent.",
            "Grant five percent",
            "Print the offer",
            "500 copies",
            "05/20/2031",
            "Draft",
            "1 / 1",
        ):
            with self.subTest(text=text):
                self.assertIn(text, page)
        present = page[page.index("Present") : page.index("On leave")]
        self.assertIn("Member Ma", present)
        self.assertNotIn("Guest Gu", present)

    def test_page_numbers_and_table_heads_repeat(self):
        """MN-5"""
        minutes = self.held()
        for number in range(60):
            self.task(minutes, name=f"Task {number}", goal="Something to do " * 5)
        pages = self.pages("report_minutes", minutes, self.minute_taker)
        self.assertGreater(len(pages), 2)
        for number, page in enumerate(pages, 1):
            self.assertIn(f"{number} / {len(pages)}", page)
            self.assertIn(minutes.number, page)
        self.assertIn("Completion Standard", pages[1])

    def test_published_pdfs_come_in_the_readers_languages_and_never_change(self):
        """MN-5, MN-7"""
        self.member.lang = "zh_CN"
        minutes = self.publish(self.held())
        version = minutes.revision_ids
        self.assertEqual(set(version.sudo().print_ids.mapped("lang")), {"en_US", "zh_CN"})
        before = version._pdf_for_user(self.chair)
        self.task(minutes, name="Added later")
        after = (
            self.env["ir.actions.report"]
            .with_user(self.chair)
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf("meeting_management.report_minutes", minutes.ids)[0]
        )
        self.assertEqual(before, after)
        chinese = pypdf.PdfReader(io.BytesIO(version._pdf_for_user(self.member))).pages[0].extract_text()
        self.assertRegex(chinese, r"20\d\d年\d{1,2}月\d{1,2}日")

    def test_pictures_of_the_minutes_are_inside_foreign_ones_are_not_fetched(self):
        """MN-5: a link in the text must not make the server call somebody."""
        minutes = self.held()
        picture = (
            self.env["ir.attachment"]
            .with_user(self.minute_taker)
            .create(
                {
                    "name": "plan.png",
                    "raw": PIXEL,
                    "res_model": "meeting.agenda.item",
                    "res_id": minutes.meeting_id.agenda_item_ids.id,
                }
            )
        )
        report = self.env["ir.actions.report"].with_user(self.minute_taker)
        html = report._meeting_inline_images(
            f'<img src="/web/image/{picture.id}-abc/plan.png"/><img src="http://127.0.0.1:9/x.png"/>'
        )
        self.assertIn("data:image/png;base64,", html)
        self.assertIn("http://127.0.0.1:9/x.png", html)
        self.assertTrue(report._meeting_pdf(html).startswith(b"%PDF"))
        hidden = self.env["ir.attachment"].create(
            {"name": "x.png", "raw": PIXEL, "res_model": "res.company", "res_id": 0}
        )
        stranger = self.env["ir.actions.report"].with_user(self.outsider)
        secret = self.held(level="secret", start=self.days_ahead(9))
        hidden.write({"res_model": "meeting.agenda.item", "res_id": secret.meeting_id.agenda_item_ids.id})
        self.assertNotIn("data:", stranger._meeting_inline_images(f'<img src="/web/image/{hidden.id}"/>'))

    def test_text_is_escaped(self):
        minutes = self.held()
        self.task(minutes, name="<script>alert(1)</script> & more")
        html = (
            self.env["ir.actions.report"]
            .with_user(self.minute_taker)
            ._render_qweb_html("meeting_management.report_minutes", minutes.ids)[0]
        )
        self.assertNotIn(b"<script>alert", html)
        self.assertIn(b"&lt;script&gt;", html)

    def test_sign_in_sheet_has_a_line_for_everybody(self):
        """AT-1, MN-5"""
        meeting = self.schedule(self.make_meeting())
        [page] = self.pages("report_sign_in_sheet", meeting, self.chair)
        for text in ("Sign-in Sheet", "Signature", "Chair Cheng", "Guest Gu", "Sales East", "Spring offer", "1 / 1"):
            self.assertIn(text, page)

    def test_notice_on_paper(self):
        """NT-1"""
        meeting = self.schedule(
            self.make_meeting(
                level="internal",
                preparation="Bring the price list",
                agenda_item_ids=[Command.create({"name": "Discount", "minutes": 30})],
            )
        )
        [page] = self.pages("report_notice_sheet", meeting, self.chair)
        for text in ("Meeting Notice", "Bring the price list", "Discount", "Guest Gu", "confidential"):
            self.assertIn(text, page)

    def test_tracking_table_on_paper(self):
        """RS-5"""
        minutes = self.held()
        tasks = self.task(minutes) | self.task(minutes, name="Send the offer")
        [page] = self.pages("report_tracking", tasks, self.minute_taker)
        for text in ("Tracking Table", "Print the offer", "Send the offer", "Member Ma", "Spring offer", "0 %"):
            self.assertIn(text, " ".join(page.split()))

    def test_nothing_to_print(self):
        with self.assertRaises(UserError):
            self.env["ir.actions.report"]._render_qweb_pdf_prepare_streams(
                "meeting_management.report_minutes", {}, res_ids=[]
            )
