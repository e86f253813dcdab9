"""What the journeys of guests share: a browser of their own, links out of mails, buttons pressed."""

import re
from unittest.mock import patch

from odoo.tests import HttpCase
from odoo.tests.common import Opener

from tests.notice.common import NoticeCommon


class GuestCommon(NoticeCommon, HttpCase):
    def path(self, line, step="link"):
        """A fresh personal link, as a message carries it."""
        url = line._guest_url(step)
        self.env["meeting.guest.token"]._store_issued()
        return url[url.index("/meeting/answer/") :]

    @property
    def page(self):
        return f"/meeting/guest/{self.line.id}"

    def new_browser(self):
        self.opener = Opener(self)

    def open(self, url=None, **kw):
        self.env.flush_all()
        response = self.url_open(url or self.url, **kw)
        self.env.invalidate_all()
        return response

    def press(self, deed, url=None, page=None, **values):
        """Open the page and send one of its forms."""
        text = self.open(url or page).text
        token = re.search(r'name="csrf_token" value="([^"]+)"', text).group(1)
        return self.open(f"{page or self.page}/{deed}", data={"csrf_token": token, **values})

    def catch_codes(self):
        """Codes that would be mailed, newest last."""
        codes = []
        model = type(self.env["meeting.guest.code"])
        self.codes_patch = patch.object(
            model, "_mail", lambda _self, line, address, code: codes.append((address, code)) or True
        )
        self.codes_patch.start()
        self.addCleanup(self.codes_patch.stop)
        return codes
