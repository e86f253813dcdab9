"""The page on the tablet beside a room's door (RM-5, RM-6, RM-10, RM-14, CF-5)."""

import hmac
import json
from functools import cache
from hashlib import sha256

from markupsafe import Markup
from odoo import http
from odoo.http import request
from odoo.tools import file_open
from werkzeug.exceptions import BadRequest

from .personal_page import HEADERS, PersonalPage

COOKIE = "meeting_door"
COOKIE_SECONDS = 400 * 86400
"""As long as browsers keep a cookie; every visit renews it. A tablet survives holidays and reboots."""
TEXTS = {
    **dict.fromkeys(("minutes", "purpose", "booking", "fault"), 20),
    **dict.fromkeys(("badge", "who", "pin"), 80),
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
FOLDER = "meeting_management/static/panel"


@cache
def asset_version():
    """Changes with the files, so that a tablet takes new ones at once and asks for none otherwise."""
    digest = sha256()
    for name in ("panel.css", "panel.js"):
        with file_open(f"{FOLDER}/{name}", "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()[:12]


class DoorPanel(PersonalPage, http.Controller):
    """The link's secret is exchanged at once for a cookie that these pages alone get and no script reads, and so stands
    in no address that is logged or passed on. The link goes on to work, for tablets that forget their cookies, until it
    is revoked. No session: nobody is logged in here.
    """

    @http.route(
        "/meeting/panel/<string:token>", type="http", auth="public", methods=["GET"], sitemap=False, save_session=False
    )
    def enter(self, token, **_kw):
        if request.httprequest.method == "HEAD":
            return request.make_response("", headers=list(HEADERS))
        if wait := self._wait():
            return wait
        _panel, problem = request.env["meeting.room.panel"]._find(token)
        if problem:
            if problem == "unknown":
                self._count_failure()
            return self._problem_page(problem, status=404 if problem == "unknown" else 410)
        response = self._back("/meeting/door")
        self._keep(response, token)
        return response

    @http.route("/meeting/door", type="http", auth="public", methods=["GET"], sitemap=False, save_session=False)
    def show(self, lang=None, **_kw):
        token = self._token()
        panel, problem = request.env["meeting.room.panel"]._find(token)
        if problem:
            return self._problem_page(problem if token else "closed", status=410 if problem == "revoked" else 403)
        panel = panel._on_screen(lang)
        panel._note_seen()
        screen = panel._screen()
        response = self._render(
            "meeting_management.door_panel_page",
            panel.company_id,
            {
                "lang": screen["lang"].replace("_", "-"),
                "screen": screen,
                "moment": None if "closed" in screen else panel._moment(screen),
                "data_markup": Markup(json.dumps({"screen": screen, "key": self._key(token)}).replace("<", "\\u003c")),
                "version": asset_version(),
            },
        )
        response.headers["Content-Security-Policy"] = POLICY
        self._keep(response, token)
        return response

    @http.route("/meeting/door/state", type="http", auth="public", methods=["GET"], sitemap=False, save_session=False)
    def state(self, lang=None, **_kw):
        """What the screen draws; 304 where nothing has changed since it asked last."""
        panel, problem = request.env["meeting.room.panel"]._find(self._token())
        if problem:
            return self._json({"problem": problem}, status=410 if problem == "revoked" else 403)
        panel = panel._on_screen(lang)
        panel._note_seen()
        body = json.dumps(panel._screen())
        tag = f'"{sha256(body.encode()).hexdigest()[:32]}"'
        if request.httprequest.headers.get("If-None-Match") == tag:
            return request.make_response("", headers=[*HEADERS, ("ETag", tag)], status=304)
        return self._json(body, headers=[("ETag", tag)])

    @http.route(
        "/meeting/door/do", type="http", auth="public", methods=["POST"], csrf=False, sitemap=False, save_session=False
    )
    def do(self, **_kw):
        """One tap. Not from another site: the header can only be sent, and its value only be known, by our page."""
        token = self._token()
        panel, problem = request.env["meeting.room.panel"]._find(token)
        if problem:
            return self._json({"problem": problem}, status=410 if problem == "revoked" else 403)
        if not hmac.compare_digest(
            request.httprequest.headers.get("X-Door-Key", "").encode(), self._key(token).encode()
        ):
            raise BadRequest
        try:
            body = json.loads(request.httprequest.get_data(cache=False, as_text=True)[:4000])
            values = {name: str(body.get(name) or "").strip()[:limit] for name, limit in TEXTS.items()}
            outcome, answer = panel._on_screen(body.get("lang"))._act(str(body["nonce"]), body["deed"], values)
        except (AttributeError, KeyError, TypeError, ValueError):
            raise BadRequest from None
        return self._json({"outcome": outcome, "answer": answer})

    @http.route(
        "/meeting/door/worker.js", type="http", auth="public", methods=["GET"], sitemap=False, save_session=False
    )
    def worker(self, **_kw):
        """What keeps the last picture for a start without network. Served here, as a worker's address limits its scope:
        the links of panels, with which tablets start, lie beside this page."""
        with file_open(f"{FOLDER}/worker.js", "rb") as file:
            body = file.read()
        headers = [
            ("Content-Type", "text/javascript; charset=utf-8"),
            ("Cache-Control", "no-cache"),
            ("Service-Worker-Allowed", "/meeting/"),
            ("X-Content-Type-Options", "nosniff"),
        ]
        return request.make_response(body, headers=headers)

    # -- how it looks and travels -------------------------------------------------------------------------------

    def _token(self):
        return request.httprequest.cookies.get(COOKIE, "")

    def _keep(self, response, token):
        response.set_cookie(
            COOKIE,
            token,
            max_age=COOKIE_SECONDS,
            path="/meeting/door",
            httponly=True,
            secure=request.httprequest.scheme == "https",
            samesite="Lax",
        )

    def _key(self, token):
        """What our own page sends along with a tap."""
        return hmac.new(token.encode(), b"door", "sha256").hexdigest()

    def _json(self, body, headers=(), status=200):
        body = body if isinstance(body, str) else json.dumps(body)
        headers = [*HEADERS, *headers, ("Content-Type", "application/json; charset=utf-8")]
        return request.make_response(body, headers=headers, status=status)

    def _problem_page(self, problem, status=404):
        languages = request.httprequest.accept_languages.values()
        chinese = next((code for code in languages if code[:2] in ("zh", "en")), "en").startswith("zh")
        installed = [code for code, _name in request.env["res.lang"].get_installed()]
        lang = "zh_CN" if chinese and "zh_CN" in installed else request.env.lang or "en_US"
        request.update_context(lang=lang)
        values = {"problem": problem, "lang": lang.replace("_", "-"), "version": asset_version()}
        response = self._render("meeting_management.door_panel_problem", None, values, status=status)
        response.headers["Content-Security-Policy"] = POLICY
        return response
