"""The code that opens a page besides the door: it was sent to the address the person was invited at (PT-4, CF-2)."""

import secrets
import time

from odoo.http import request

from .guest_page import ParticipantPage

OPEN_SECONDS = 4 * 3600
"""How long the page stays open in a browser without the link being followed, or the code entered, anew."""


class CodePage(ParticipantPage):
    """A page that may ask for a code first. What this browser has shown so far is noted in its session, for each
    participant; a door says under which key."""

    _session_key = None

    def _do(self, line, url, deed, post):
        if deed == "code":
            return self._send_code(line)
        if deed == "verify":
            return self._verify(line, post.get("code"))
        return super()._do(line, url, deed, post)

    # -- the note in the session --------------------------------------------------------------------------------

    def _notes(self):
        return dict(request.session.get(self._session_key) or {})

    def _keep(self, participant_id, note):
        now = time.time()
        notes = {key: value for key, value in self._notes().items() if value["until"] > now}
        request.session[self._session_key] = {**notes, str(participant_id): note}

    def _note(self, line):
        return self._notes().get(str(line.id), {})

    def _nonce(self, line):
        """:return: the secret of this browser that a code needs; made at the first code where the door made none"""
        note = self._note(line)
        if not note.get("nonce"):
            note = {**note, "nonce": secrets.token_urlsafe(24), "until": time.time() + OPEN_SECONDS}
            self._keep(line.id, note)
        return note["nonce"]

    def _is_verified(self, line):
        return self._note(line).get("verified", 0) >= time.time()

    # -- the code -----------------------------------------------------------------------------------------------

    def _send_code(self, line):
        if self._stage(line) != "code":
            return self._back(self._url(line))
        if wait := self._wait():
            return wait
        problem = request.env["meeting.guest.code"]._send(line, self._nonce(line))
        if problem:
            return self._show(line, self._url(line), code_problem=problem, code_sent=problem == "too_many")
        return self._back(self._url(line), "code")

    def _verify(self, line, code):
        if self._stage(line) != "code":
            return self._back(self._url(line))
        if wait := self._wait():
            return wait
        result = request.env["meeting.guest.code"]._check(line, self._nonce(line), code)
        if result != "right":
            self._count_failure()
            return self._show(line, self._url(line), code_problem=result, code_sent=result == "wrong")
        self._keep(line.id, {**self._note(line), "verified": time.time() + OPEN_SECONDS})
        request.session.should_rotate = True  # a session known to somebody else before is worth nothing now
        return self._back(self._url(line))
