"""The page behind a guest's personal link: what is his to see, and his answer (PT-4, NT-3)."""

from odoo import http
from odoo.http import request

ANSWERS = ("accepted", "tentative", "declined")


class GuestAnswer(http.Controller):
    """Opening the page changes nothing, whoever or whatever opens it: mail scanners follow links. Only the form's POST
    answers."""

    @http.route(
        "/meeting/answer/<string:token>", type="http", auth="public", methods=["GET"], website=True, sitemap=False
    )
    def show(self, token, answer=None, thanks=None, **_kw):
        line, problem = self._participant(token)
        if problem:
            return self._problem_page(problem)
        return self._page(line, token, preselected=answer if answer in ANSWERS else None, thanks=bool(thanks))

    @http.route(
        "/meeting/answer/<string:token>", type="http", auth="public", methods=["POST"], website=True, sitemap=False
    )
    def answer(self, token, response=None, reason=None, **_kw):
        line, problem = self._participant(token)
        if problem:
            return self._problem_page(problem)
        if line._guest_refusal() or response not in ANSWERS:
            return self._page(line, token)
        reason = (reason or "").strip()[:500]
        if response == "declined" and not reason:
            return self._page(line, token, preselected="declined", missing_reason=True)
        line._answer(response, reason=reason if response != "accepted" else False, via="mail")
        return request.redirect(f"/meeting/answer/{token}?thanks=1", code=303)

    @http.route("/meeting/answer/<string:token>/event.ics", type="http", auth="public", methods=["GET"], sitemap=False)
    def calendar_file(self, token, **_kw):
        line, problem = self._participant(token)
        if problem:
            return self._problem_page(problem)
        meeting = line.meeting_id
        headers = [
            ("Content-Type", "text/calendar; charset=utf-8"),
            ("Content-Disposition", f'attachment; filename="{meeting._notice_ics_name()}"'),
            *self._headers(),
        ]
        return request.make_response(meeting._notice_ics(), headers)

    # Helpers

    def _participant(self, token):
        """:return: (participant as superuser, in his language and time zone; or no record), problem"""
        line, problem = request.env["meeting.participant"]._from_guest_token(token)
        if line:
            profile = line.partner_id._notice_profiles()[line.partner_id.id]
            request.update_context(lang=profile["lang"])
            line = line.with_context(
                lang=profile["lang"], tz=profile["tz"] or line.meeting_id._notification_default_tz()
            )
        return line, problem

    def _page(self, line, token, **values):
        response = request.render(
            "meeting_management.guest_answer_page",
            {
                "url": f"/meeting/answer/{token}",
                "preselected": None,
                "thanks": False,
                "missing_reason": False,
                **line._guest_values(),
                **values,
            },
        )
        response.headers.extend(self._headers())
        return response

    def _problem_page(self, problem):
        response = request.render(
            "meeting_management.guest_problem_page", {"problem": problem}, status=404 if problem == "unknown" else 410
        )
        response.headers.extend(self._headers())
        return response

    def _headers(self):
        """The address is a key: it must not travel on to other sites, into search engines or shared caches."""
        return [
            ("Referrer-Policy", "no-referrer"),
            ("X-Robots-Tag", "noindex, nofollow"),
            ("Cache-Control", "no-store"),
        ]
