"""The door for doing one thing from a mail, for people with an account (NT-3, AP-3, RS-2, RS-4).

Opening a link shows what will happen and a button, and does nothing: mail scanners open every link. The button posts
with a nonce that only this page in this browser has.
"""

import hmac
import secrets
import time

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from .personal_page import HEADERS, PersonalPage

SESSION_KEY = "meeting_user_link"
OPEN_SECONDS = 3600
"""How long the page stays open in a browser without the link being followed anew."""
TEXTS = {"reason": 2000, "text": 5000, "problems": 2000, "help_needed": 2000, "proxy": 100}


class UserLinkPage(PersonalPage, http.Controller):
    """The link's secret is exchanged at once for a note in the browser's session, and so stands in no address that is
    bookmarked, logged or passed on."""

    @http.route("/meeting/do/<string:token>", type="http", auth="public", methods=["GET"], website=True, sitemap=False)
    def enter(self, token, **_kw):
        if request.httprequest.method == "HEAD":
            return request.make_response("", headers=list(HEADERS))
        if wait := self._wait():
            return wait
        row, problem = request.env["meeting.user.link"]._find(token)
        if problem:
            if problem == "unknown":
                self._count_failure()
            return self._link_problem(problem)
        self._keep(row.id, {"until": time.time() + OPEN_SECONDS, "nonce": secrets.token_urlsafe(24)})
        return self._back(f"/meeting/link/{row.id}")

    @http.route("/meeting/link/<int:link_id>", type="http", auth="public", methods=["GET"], website=True, sitemap=False)
    def show(self, link_id, **_kw):
        if request.httprequest.method == "HEAD":
            return request.make_response("", headers=list(HEADERS))
        row, problem = self._row(link_id)
        if problem:
            return problem
        if self._stage(row, row._record()) == "open":
            row._note_opened()
        return self._show(row)

    @http.route(
        "/meeting/link/<int:link_id>", type="http", auth="public", methods=["POST"], website=True, sitemap=False
    )
    def do(self, link_id, nonce="", **post):
        row, problem = self._row(link_id)
        if problem:
            return problem
        note = self._notes()[str(link_id)]
        if not hmac.compare_digest(nonce.encode(), note["nonce"].encode()):
            if not hmac.compare_digest(nonce.encode(), (note.get("spent") or "").encode()):
                self._count_failure()
            # sent twice, or from an older page: it shows how things stand
            return self._back(f"/meeting/link/{link_id}")
        if self._stage(row, row._record()) != "open":
            return self._show(row)
        values = self._read(post)
        try:
            result, complaint = row._act(nonce, values)
        except UserError as error:
            return self._show(row, problem=error.args[0], typed=values)
        if result == "wrong":
            return self._show(row, problem=complaint, typed=values)
        if result != "over":
            self._keep(link_id, {**note, "nonce": secrets.token_urlsafe(24), "spent": nonce, "done": True})
        return self._back(f"/meeting/link/{link_id}")

    # -- the note in the session --------------------------------------------------------------------------------

    def _notes(self):
        return dict(request.session.get(SESSION_KEY) or {})

    def _keep(self, link_id, note):
        now = time.time()
        notes = {key: value for key, value in self._notes().items() if value["until"] > now}
        request.session[SESSION_KEY] = {**notes, str(link_id): note}

    def _row(self, link_id):
        """:return: (the link this browser has followed, as superuser; or no record), the page that says why not, or
        ``None``"""
        nobody = request.env["meeting.user.link"]
        note = self._notes().get(str(link_id))
        if not note or note["until"] < time.time():
            return nobody, self._link_problem("closed")
        # sudo: this browser has followed the link; whether that still works is asked anew
        row = request.env["meeting.user.link"].sudo().browse(link_id).exists()
        problem = row._problem()
        if problem:
            return nobody, self._link_problem(problem)
        request.update_context(lang=row._record().env.lang)
        return row.with_context(lang=row._record().env.lang), None

    def _link_problem(self, problem):
        status = {"unknown": 404, "closed": 403}.get(problem, 410)
        return self._render("meeting_management.user_link_problem", None, {"problem": problem}, status=status)

    # -- the page -----------------------------------------------------------------------------------------------

    def _stage(self, row, record):
        """:return: "other": somebody else is logged in here, "login": nothing is shown before the owner has logged in,
        "open": what is his to see and do"""
        logged_in = request.session.uid
        if logged_in and logged_in != row.user_id.id:
            return "other"
        return "login" if row._is_closed(record) and not logged_in else "open"

    def _show(self, row, problem=False, typed=None):
        record = row._record()
        stage = self._stage(row, record)
        # sudo: the company whose colours the page has
        company = record.sudo()._notification_meeting().company_id
        values = {"stage": stage, "url": f"/meeting/link/{row.id}", "problem": problem, "typed": typed or {}}
        if stage == "open":
            values |= self._open_values(row, record)
        return self._render("meeting_management.user_link_page", company, values)

    def _open_values(self, row, record):
        if hasattr(record, "_log_content"):
            record.env["meeting.access.log"]._note(record, "opened")  # of a secret one it is logged who saw it (CF-4)
        note = self._notes()[str(row.id)]
        words = record._link_words(row.verb)
        refusal = row._refusal(record)
        done = bool(note.get("done") and row.done_at)
        return {
            "words": words,
            "content": record._link_content(),
            "person": row.user_id.name,
            "nonce": note["nonce"],
            "done": done,
            "outdated": False
            if done or (not refusal and (not row.done_at or words.get("repeatable")))
            else record._link_meanwhile(row.verb),
            "open_url": record.sudo()._notification_url(row.step),  # sudo: an address
            "repeatable": words.get("repeatable") and not refusal,
        }

    def _read(self, post):
        values = {name: (post.get(name) or "").strip()[:limit] for name, limit in TEXTS.items()}
        digits = (post.get("percentage") or "").strip().rstrip("%％").strip()
        values["percentage"] = int(digits) if digits.isdecimal() and len(digits) <= 3 else None
        return values
