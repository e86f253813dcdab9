"""The doors of people with a login: an employee who has to sign before he may read (CF-2), a guest with a portal
account (PT-4)."""

from odoo import http
from odoo.addons.portal.controllers.portal import CustomerPortal, pager
from odoo.http import request
from werkzeug.exceptions import NotFound

from .guest_code import CodePage

STATES = ("scheduled", "in_progress", "held", "closed")


class UserPage(CodePage, http.Controller):
    """The same page for whoever is logged in: his own line, and no other. A portal login that was made after a guest
    had been invited to a closed meeting shows by a code that it is his."""

    _session_key = "meeting_guest_login"

    @http.route(
        ["/meeting/agreement/<int:participant_id>", "/my/meetings/<int:participant_id>"],
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def show(self, participant_id, **_kw):
        line = self._line(participant_id)
        return self._show(line, self._url(line))

    @http.route(
        [
            "/meeting/agreement/<int:participant_id>/<string:deed>",
            "/my/meetings/<int:participant_id>/<string:deed>",
        ],
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def do(self, participant_id, deed, **post):
        line = self._line(participant_id)
        return self._do(line, self._url(line), deed, post)

    @http.route(
        [
            "/meeting/agreement/<int:participant_id>/<string:kind>",
            "/meeting/agreement/<int:participant_id>/<string:kind>/<int:number>",
            "/my/meetings/<int:participant_id>/<string:kind>",
            "/my/meetings/<int:participant_id>/<string:kind>/<int:number>",
        ],
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def file(self, participant_id, kind, number=0, **_kw):
        line = self._line(participant_id)
        return self._file(line, self._url(line), kind, number)

    def _line(self, participant_id):
        """:return: the user's own line, as superuser
        :raises NotFound: it is another's, or there is none, or its meeting was not announced: all the same to him"""
        # sudo: only a line of the user himself comes back
        line = request.env["meeting.participant"].sudo().browse(participant_id).exists()
        if not line or line.partner_id != request.env.user.partner_id or not line.meeting_id._is_announced():
            raise NotFound()
        return self._in_his_words(line)

    def _url(self, line):
        base = "/my/meetings" if request.httprequest.path.startswith("/my/") else "/meeting/agreement"
        return f"{base}/{line.id}"

    def _stage(self, line):
        unproven = line._is_login_unproven(request.env.user) and not self._is_verified(line)
        return "code" if unproven else super()._stage(line)

    def _page_values(self, line):
        readable = line.meeting_id.with_user(request.env.user).has_access("read")
        return {
            "meeting_url": readable and f"/mail/view?model=meeting.meeting&res_id={line.meeting_id.id}",
            "list_url": "/my/meetings" if request.httprequest.path.startswith("/my/") else False,
        }


class MeetingPortal(CustomerPortal):
    """“Meetings” in the portal: those that the user himself was invited to."""

    def _meeting_lines_domain(self):
        return [
            ("partner_id", "=", request.env.user.partner_id.id),
            "|",
            ("meeting_id.state", "in", STATES),
            "&",
            ("meeting_id.state", "=", "cancelled"),
            ("meeting_id.scheduled_at", "!=", False),
        ]

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "meeting_count" in counters:
            # sudo: the user's own lines
            lines = request.env["meeting.participant"].sudo()
            values["meeting_count"] = lines.search_count(self._meeting_lines_domain())
        return values

    @http.route(["/my/meetings", "/my/meetings/page/<int:page>"], type="http", auth="user", website=True)
    def portal_my_meetings(self, page=1, **_kw):
        # sudo: the user's own lines; before he has signed no more than time and place of their meeting is shown
        lines, domain = request.env["meeting.participant"].sudo(), self._meeting_lines_domain()
        pages = pager(url="/my/meetings", total=lines.search_count(domain), page=page, step=self._items_per_page)
        found = lines.search(domain, order="start desc, id desc", limit=self._items_per_page, offset=pages["offset"])
        profile = request.env.user.partner_id
        tz = profile.tz or found[:1].meeting_id._notification_default_tz()
        found = found.with_context(tz=tz)
        states = dict(lines._fields["response"]._description_selection(request.env))
        meetings = [
            {
                "url": f"/my/meetings/{line.id}",
                "title": request.env._("Confidential meeting")
                if line._must_sign() or line._is_login_unproven(request.env.user)
                else line.meeting_id.name,
                "when": line.meeting_id._notice_when(),
                "where": line.meeting_id.location_text,
                "must_sign": line._must_sign() and line.meeting_id.state != "cancelled",
                "response": line.response,
                "response_label": states[line.response],
                "cancelled": line.meeting_id.state == "cancelled",
                "minutes": not line._is_login_unproven(request.env.user) and bool(line._guest_minutes()),
            }
            for line in found
        ]
        values = self._prepare_portal_layout_values() | {
            "page_name": "meetings",
            "default_url": "/my/meetings",
            "meetings": meetings,
            "pager": pages,
        }
        return request.render("meeting_management.portal_my_meetings", values)
