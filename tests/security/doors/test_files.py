"""Doors to files and printed papers: by number, by address, by bundle, by report (CF-1, CF-2, MN-9)."""

import base64
import json

from odoo import http
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase

from tests.security.doors.common import DoorCase

# a picture of one dot; what follows its end is no part of it
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


class TestFiles(DoorCase, HttpCase):
    def setUp(self):
        super().setUp()
        with self.cheap_pdf():
            self.minutes, self.task = self.outcome(self.meeting)
        self.files = self.file | self.message.sudo().attachment_ids | self.task.sudo().result_attachment_ids
        self.env.flush_all()

    def get(self, user, url, post=False, **params):
        self.authenticate(user and user.login, user and user.login)
        if post:
            response = self.url_open(url, data={**params, "csrf_token": http.Request.csrf_token(self)}, timeout=30)
        else:
            response = self.url_open(url, params=params, timeout=30)
        return response, f"{response.url} {dict(response.headers)} {response.content.decode('latin1')}"

    def test_by_number(self):
        """CF-1: materials, files of the chatter, evidence of tasks."""
        self.assertGreaterEqual(len(self.files), 3)
        for file in self.files:
            self.assertShown(self.as_user(self.chair, file).read, ["name", "raw"])
            for user in (self.outsider, self.technician, self.ex, self.portal, self.hr):
                for fields in (["name"], ["raw"], ["datas"], ["index_content"], ["description"], ["checksum"]):
                    self.assertIn("AccessError", self.assertHidden(self.as_user(user, file).read, fields))
                self.assertFalse(self.as_user(user, "ir.attachment").search([("id", "=", file.id)]))

    def test_by_address(self):
        """CF-1: download, picture, thumbnail, with and without debug mode; a guessed access token opens nothing."""
        content = base64.b64encode(PICTURE + self.plant("in the picture").encode())
        picture = self.make_file(self.convener, datas=content, mimetype="image/png")
        self.item.attachment_ids = [Command.link(picture.id)]
        self.env.flush_all()
        shown = (
            f"/web/content/{self.file.id}", f"/web/content/{self.file.id}?download=true",
            f"/web/content?model=ir.attachment&id={self.file.id}&field=raw&filename_field=name",
            f"/web/content/{self.file.id}?debug=1",
            f"/web/image/{picture.id}", f"/web/image/ir.attachment/{picture.id}/raw",
            f"/web/image/{picture.id}?download=1",
        )  # fmt: skip
        for url in shown:
            self.assertIn(self.MARK, self.get(self.chair, url)[1], url)
        guessed = (
            f"/web/content/{self.file.id}?access_token=x", f"/web/content/meeting.meeting/{self.meeting.id}/name",
            f"/mail/attachment/pdf_first_page/{self.file.id}", f"/web/image/{picture.id}/16x16",
            f"/web/image/{picture.id}-x/a.png",
        )  # fmt: skip
        for user in (self.outsider, self.technician, self.ex, self.portal):
            for url in shown + guessed:
                with self.subTest(user=user.login, url=url):
                    self.assertNotIn(self.MARK, self.get(user, url)[1])

    def test_a_link_with_a_token(self):
        """CF-1: the links that the chatter hands out with its files work for readers, and for nobody to whom one was
        forwarded, or who kept it and was taken off the list."""
        chat = self.message.sudo().attachment_ids[:1]
        tokens = {chat: chat._get_raw_access_token(), self.file: self.file._get_raw_access_token()}
        tokens[self.task.sudo().result_attachment_ids[:1]] = self.task.sudo().result_attachment_ids[
            :1
        ].generate_access_token()[0]
        self.env.flush_all()
        for file, token in tokens.items():
            for address in (f"/web/content/{file.id}", f"/web/image/{file.id}"):
                for user in (self.outsider, self.ex, self.portal):
                    self.assertNotIn(self.MARK, self.get(user, address, access_token=token)[1])
            self.assertIn(self.MARK, self.get(self.chair, f"/web/content/{file.id}", access_token=token)[1])
            self.authenticate(None, None)
            self.assertNotIn(self.MARK, self.url_open(f"/web/content/{file.id}?access_token={token}").text)
        ownership = chat._get_ownership_token()
        self.assertFalse(self.as_user(self.ex, chat)._has_attachments_ownership([ownership]))
        other = self.env["ir.attachment"].create(
            {"name": "x.txt", "raw": b"free", "res_model": "res.partner", "res_id": self.guest.id}
        )
        token = other._get_raw_access_token()
        self.env.flush_all()
        self.assertEqual(self.url_open(f"/web/content/{other.id}?access_token={token}").text, "free")

    def test_a_picture_of_a_file(self):
        """CF-1: nor does the link of its thumbnail; in public meetings whoever got a link by mail opens it."""
        self.file.sudo().thumbnail = base64.b64encode(PICTURE)
        url = f"/web/image/ir.attachment/{self.file.id}/thumbnail?access_token={self.file._get_thumbnail_token()}"
        self.env.flush_all()
        dot = self.get(self.chair, url)[0].content
        self.assertTrue(dot.startswith(PICTURE[:8]))
        for user in (self.outsider, self.technician, self.ex, self.portal, None):
            self.assertNotEqual(self.get(user, url)[0].content, dot)
        open_meeting = self.schedule(self.make_meeting(level="public", start=self.days_ahead(20)))
        file = self.make_file(self.convener)
        file.sudo().write({"res_model": open_meeting._name, "res_id": open_meeting.id})
        url = f"/web/content/{file.id}?access_token={file._get_raw_access_token()}"
        for user in (self.outsider, None):
            self.assertIn(self.MARK, self.get(user, url)[1])

    def test_in_a_bundle(self):
        """CF-1: the zip that Discuss makes of several files; and of other apps' files, to whoever may read."""
        hidden = self.env["ir.attachment"].create({"name": f"{self.plant('of the system')}.txt", "raw": b"x"})
        self.env.flush_all()
        for files, reader in ((self.files, self.chair), (hidden, self.env.ref("base.user_admin"))):
            asked = {"file_ids": ",".join(map(str, files.ids)), "zip_name": "x.zip"}
            response, text = self.get(reader, "/mail/attachment/zip", post=True, **asked)
            self.assertIn(b"PK\x03\x04", response.content)
            self.assertIn(self.MARK, text)
            for user in (self.outsider, self.ex, self.portal, None):
                response, text = self.get(user, "/mail/attachment/zip", post=True, **asked)
                self.assertNotIn(self.MARK, text)
                self.assertNotIn(b"PK\x03\x04", response.content)

    def test_a_file_cannot_be_borrowed(self):
        """CF-1: linking a hidden file to something of one's own shows neither its name nor its content."""
        room = self.env["meeting.room"].browse(self.maple.id)

        def borrow(user):
            values = {
                "user_id": user.id,
                "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
                "attachment_ids": [Command.link(self.file.id)],
            }
            mine = self.as_user(user, "mail.activity").create(values)
            return mine.web_read({"attachment_ids": {"fields": {"display_name": {}, "name": {}}}})

        self.assertShown(borrow, self.chair)
        for user in (self.outsider, self.ex):
            self.assertIn("Error", self.assertHidden(borrow, user))
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.as_user(user, room).message_post(body="x", attachment_ids=self.file.ids)
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.as_user(user, self.file).write({"res_model": False, "res_id": False})
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.as_user(user, "ir.attachment").create(
                    {"name": "x", "res_model": "meeting.meeting", "res_id": self.meeting.id}
                )

    def test_reports(self):
        """MN-9: notice, sign-in sheet, minutes and tracking table, as page and as PDF."""
        reports = {
            "report_notice_sheet": self.meeting, "report_sign_in_sheet": self.meeting,
            "report_minutes": self.minutes, "report_tracking": self.task,
        }  # fmt: skip
        for name, record in reports.items():
            for kind in ("html", "pdf"):
                url = f"/report/{kind}/meeting_management.{name}/{record.id}"
                with self.cheap_pdf():
                    self.assertIn(self.MARK, self.get(self.chair, url)[1], url)
                for user in (self.outsider, self.technician, self.ex, self.portal):
                    with self.subTest(url=url, user=user.login):
                        for address in (url, f"{url}?debug=1"):
                            response, text = self.get(user, address)
                            self.assertNotIn(self.MARK, text)
                            self.assertFalse(response.ok and "Sign-in" in text, text[:200])

    def test_report_download(self):
        """MN-9: the address the web client downloads from."""
        data = json.dumps([f"/report/pdf/meeting_management.report_minutes/{self.minutes.id}", "qweb-pdf"])
        with self.cheap_pdf():
            self.assertIn(self.MARK, self.get(self.chair, "/report/download", data=data, context="{}")[1])
            for user in (self.outsider, self.ex):
                self.assertNotIn(self.MARK, self.get(user, "/report/download", data=data, context="{}")[1])
