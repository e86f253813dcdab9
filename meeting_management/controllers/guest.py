"""The door of people without an account: a personal link, and for secret meetings a code besides (PT-4, CF-2)."""

import secrets
import time

from odoo import http
from odoo.http import request

from .guest_code import OPEN_SECONDS, CodePage
from .guest_page import ANSWERS


class GuestPage(CodePage, http.Controller):
    """The link's secret is exchanged at once for a note in the browser's session, and so stands in no address that is
    bookmarked, logged or passed on. The note names the link: it ends with it."""

    _session_key = "meeting_guest"

    @http.route(
        "/meeting/answer/<string:token>", type="http", auth="public", methods=["GET"], website=True, sitemap=False
    )
    def enter(self, token, answer=None, **_kw):
        if wait := self._wait():
            return wait
        row, problem = request.env["meeting.guest.token"]._find(token)
        if problem:
            if problem == "unknown":
                self._count_failure()
            return self._problem_page(problem, status=404 if problem == "unknown" else 410)
        line = row.participant_id
        row._note_opened()
        note = self._notes().get(str(line.id), {})
        self._keep(
            line.id,
            {
                "nonce": note.get("nonce") or secrets.token_urlsafe(24),
                "verified": note.get("verified", 0),
                "token": row.id,
                "until": time.time() + OPEN_SECONDS,
                "answer": answer if answer in ANSWERS else None,
            },
        )
        return self._back(f"/meeting/guest/{line.id}")

    @http.route(
        "/meeting/guest/<int:participant_id>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def show(self, participant_id, **_kw):
        line, problem = self._line(participant_id)
        if problem:
            return problem
        preselected = self._note(line).get("answer")
        return self._show(line, self._url(line), preselected=preselected)

    @http.route(
        "/meeting/guest/<int:participant_id>/<string:deed>",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def do(self, participant_id, deed, **post):
        line, problem = self._line(participant_id)
        if problem:
            return problem
        return self._do(line, self._url(line), deed, post)

    @http.route(
        [
            "/meeting/guest/<int:participant_id>/<string:kind>",
            "/meeting/guest/<int:participant_id>/<string:kind>/<int:number>",
        ],
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def file(self, participant_id, kind, number=0, **_kw):
        line, problem = self._line(participant_id)
        return problem or self._file(line, self._url(line), kind, number)

    def _line(self, participant_id):
        """:return: (the participant this browser holds a link of, as superuser; or no record), the page that says why
        not, or ``None``"""
        nobody = request.env["meeting.participant"]
        note = self._notes().get(str(participant_id))
        if not note or note["until"] < time.time():
            return nobody, self._problem_page("closed", status=403)
        # sudo: this browser has followed the link; whether that still works is asked anew
        row = request.env["meeting.guest.token"].sudo().browse(note["token"]).exists()
        problem = "revoked" if row.participant_id.id != participant_id else row._problem()
        if problem:
            return nobody, self._problem_page(problem, status=404 if problem == "unknown" else 410)
        return self._in_his_words(row.participant_id), None

    def _url(self, line):
        return f"/meeting/guest/{line.id}"

    def _through(self):
        return "link"

    def _stage(self, line):
        return "code" if line._needs_code() and not self._is_verified(line) else super()._stage(line)
