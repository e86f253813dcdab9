"""PDF files of secret meetings go out with the reader's name on each page (CF-3)."""

import io
import zipfile

from odoo import http
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools.pdf import PdfReader

from tests.secrets.common import SecretsCommon


@tagged("-at_install", "post_install")
class TestMark(SecretsCommon, HttpCase):
    def setUp(self):
        super().setUp()
        self.meeting = self.secret_meeting()
        self.file = self.add_file(self.meeting.agenda_item_ids)

    def pdf(self, pages=2):
        html = "<p style='page-break-after: always'>Price list</p>" * pages
        return self.env["ir.actions.report"]._meeting_pdf(f"<html><body>{html}</body></html>")

    def add_file(self, topic, **vals):
        values = {"name": "prices.pdf", "raw": self.pdf(), "mimetype": "application/pdf", **vals}
        file = self.env["ir.attachment"].with_user(self.convener).create(values)
        topic.with_user(self.convener).write({"attachment_ids": [(4, file.id)]})
        self.env.flush_all()
        return file

    def fetch(self, user, file=None, path="/web/content/%s"):
        self.authenticate(user.login, user.login.ljust(8, "x"))
        return self.url_open(path % (file or self.file).id)

    def words(self, content):
        return [page.extract_text() for page in PdfReader(io.BytesIO(content), strict=False).pages]

    def test_each_page_names_its_reader(self):
        """CF-3: name and time, in one piece, kept by no cache; whoever uploaded it gets it as it is."""
        answer = self.fetch(self.member)
        pages = self.words(answer.content)
        self.assertGreater(len(pages), 1)
        for text in pages[:2]:
            self.assertIn("Price list", text)
            self.assertIn("Member Ma", text)
        self.assertNotIn("ETag", answer.headers)
        self.assertNotIn("Accept-Ranges", answer.headers)
        self.assertEqual(self.fetch(self.convener).content, self.file.raw)
        self.assertTrue(self.entries(self.file, "downloaded", self.member))

    def test_in_a_zip(self):
        """CF-3: packed with others as well."""
        self.authenticate("member", "member".ljust(8, "x"))
        data = {"file_ids": str(self.file.id), "zip_name": "all.zip", "csrf_token": http.Request.csrf_token(self)}
        answer = self.url_open("/mail/attachment/zip", data=data)
        (name,) = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
        self.assertIn("Member Ma", self.words(zipfile.ZipFile(io.BytesIO(answer.content)).read(name))[0])

    def test_no_way_around_it(self):
        """CF-3: bare content, an export, a copy of the file, the picture of its first page."""
        self.member.group_ids += self.env.ref("base.group_allow_export")
        mine = self.file.with_user(self.member)
        for attempt in (
            lambda: mine.read(["raw"]),
            lambda: mine.read(["datas"]),
            lambda: mine.copy({"res_model": False, "res_id": False}),
            lambda: mine.export_data(["name", "datas"]),
        ):
            with self.assertRaises(AccessError):
                attempt()
        self.assertEqual(mine.read(["name", "mimetype"])[0]["name"], "prices.pdf")
        self.assertEqual(self.fetch(self.member, path="/mail/attachment/pdf_first_page/%s").status_code, 415)
        self.assertTrue(self.file.with_user(self.convener).read(["raw"])[0]["raw"])

    def test_only_what_is_secret(self):
        """CF-3: a secret topic of another meeting too; elsewhere files stay as they are."""
        other = self.secret_meeting("participants", name="Spring offer")
        file = self.add_file(other.agenda_item_ids)
        self.assertEqual(self.fetch(self.member, file).content, file.raw)
        other.agenda_item_ids.sudo().write({"level": "secret", "admitted_ids": [(4, self.member.partner_id.id)]})
        self.env.flush_all()
        self.assertIn("Member Ma", self.words(self.fetch(self.member, file).content)[0])

    def test_a_broken_file_is_still_to_be_had(self):
        """CF-3: what is no sound PDF reaches its readers unmarked, and the log says who had it."""
        file = self.add_file(self.meeting.agenda_item_ids, raw=b"%PDF-1.4 no more than that")
        self.assertEqual(self.fetch(self.member, file).content, file.raw)
        self.assertTrue(self.entries(file, "downloaded", self.member))
