"""What a participant sees and does on his page, whichever door he came through (PT-4, CF-2, NT-3)."""

from odoo.exceptions import UserError
from odoo.http import Stream, content_disposition, request
from psycopg2 import IntegrityError
from werkzeug.exceptions import NotFound

from .personal_page import PersonalPage

ANSWERS = ("accepted", "tentative", "declined")


class ParticipantPage(PersonalPage):
    """The page of one participant. A door establishes who he is and hands in his line as superuser.

    GET shows, POST does; opening a page or a link never answers, signs or confirms anything, as mail scanners open
    links too.
    """

    def _in_his_words(self, line):
        """:return: the line in the person's own language and time zone"""
        profile = line.partner_id._notice_profiles()[line.partner_id.id]
        request.update_context(lang=profile["lang"])
        return line.with_context(lang=profile["lang"], tz=profile["tz"] or line.meeting_id._notification_default_tz())

    # -- what a door may override -------------------------------------------------------------------------------

    def _stage(self, line):
        """:return: "code": nothing is shown, "shut": nor is it while the meeting is locked from inside, "sign": time,
        place and the agreement, "open": what is his to see"""
        meeting = line.meeting_id
        if meeting._is_shut() and line not in meeting._lines_inside():
            return "shut"
        return "sign" if line._must_sign() else "open"

    def _through(self):
        return "login"

    def _page_values(self, line):
        return {}

    # -- show ---------------------------------------------------------------------------------------------------

    def _show(self, line, url, **values):
        stage = self._stage(line)
        if stage == "shut":
            return self._problem_page("locked", status=403)
        if stage == "open":
            self._log(line.meeting_id, "opened", line)
        company = line.meeting_id.company_id
        shown = line._guest_values(stage) if stage != "code" else {"masked_email": line._masked_email()}
        return self._render(
            "meeting_management.guest_page",
            company,
            {
                "url": url,
                "stage": stage,
                "done": request.params.get("done"),
                "preselected": None,
                "missing_reason": False,
                "stand_ins": line._stand_ins() if stage != "code" else False,
                "names_freely": line.is_guest,
                "typed_proxy": line.named_proxy_id.id and str(line.named_proxy_id.id),
                "typed_email": False,
                "problem": False,
                **shown,
                **self._page_values(line),
                **values,
            },
        )

    # -- do -----------------------------------------------------------------------------------------------------

    def _do(self, line, url, deed, post):
        """One deed of the page's forms; where it cannot be done, the page says why."""
        if deed not in ("answer", "sign", "read", "materials") or self._stage(line) in ("code", "shut"):
            return self._back(url)
        return getattr(self, f"_do_{deed}")(line, url, **post)

    def _do_answer(self, line, url, response=None, reason=None, proxy=None, proxy_email=None, **_kw):
        if line._guest_refusal() or response not in ANSWERS:
            return self._show(line, url)
        reason, proxy, email = (
            (text or "").strip()[:limit] for text, limit in ((reason, 500), (proxy, 100), (proxy_email, 100))
        )
        if response == "declined" and not reason:
            typed = {"typed_proxy": proxy, "typed_email": email}
            return self._show(line, url, preselected="declined", missing_reason=True, **typed)
        via = "mail" if self._through() == "link" else "web"
        line._answer(response, reason=reason if response != "accepted" else False, via=via)
        if response == "declined" and line.is_guest:
            line._name_proxy(line.partner_id.browse(), " ".join(filter(None, (proxy, email and f"<{email}>"))) or False)
        elif response == "declined" and proxy.isdecimal():
            line._name_proxy(line._stand_ins().filtered(lambda one: one.id == int(proxy)))
        return self._back(url, "answer")

    def _do_sign(self, line, url, shown=None, name=None, agree=None, drawn=None, **_kw):
        if not agree:
            return self._show(
                line, url, problem=line.env._("Please tick that you have read the agreement, then sign."), typed=name
            )
        try:
            with request.env.cr.savepoint():
                line._sign(
                    shown,
                    name,
                    drawn=drawn,
                    through=self._through(),
                    ip_address=request.httprequest.remote_addr,
                    user_agent=request.httprequest.user_agent.string,
                )
        except IntegrityError:  # pressed twice: the first one has signed
            return self._back(url, "sign")
        except UserError as error:
            return self._show(line, url, problem=error.args[0], typed=name)
        return self._back(url, "sign")

    def _do_read(self, line, url, **_kw):
        line._confirm_minutes_read()
        return self._back(url, "read")

    def _do_materials(self, line, url, **_kw):
        if self._stage(line) == "open" and line._materials_unread():
            line._confirm_materials()
        return self._back(url, "materials")

    # -- files --------------------------------------------------------------------------------------------------

    def _file(self, line, url, kind, number=0):
        """A file of the page; each time it is asked anew whether it is this person's to have."""
        stage = self._stage(line)
        if stage in ("code", "shut") or (stage == "sign" and kind != "event.ics"):
            return self._back(url)
        if kind == "event.ics":
            return self._download(line.meeting_id._notice_ics_name(), line.meeting_id._notice_ics(), "text/calendar")
        if kind == "document":
            document = line._guest_documents().filtered(lambda file: file.id == number)
            if not document:
                raise NotFound()
            # the log names the person, who need not be a user
            document = document.with_context(meeting_reader_id=line.partner_id.id)
            stream = request.env["ir.binary"].sudo()._get_stream_from(document)  # sudo: one of his documents, see above
            response = stream.get_response(as_attachment=True, immutable=False)
            self._close(response)
            return response
        if kind == "minutes" and (minutes := line._guest_minutes()):
            name, content = minutes._guest_pdf(line)
            self._log(minutes, "downloaded", line)
            return self._download(name, content, "application/pdf")
        if kind == "agreement" and (signature := line._own_signature()):
            document = signature._document()
            return self._download(document.name, document.raw, "application/pdf")
        raise NotFound()

    def _log(self, records, event, line):
        """What a person opens of a secret meeting stands in the access log, account or not (CF-4)."""
        request.env["meeting.access.log"]._note(records, event, partner=line.partner_id)

    def _download(self, name, content, mimetype):
        response = Stream(
            type="data", data=content, mimetype=mimetype, download_name=name, etag=False, public=False
        ).get_response(as_attachment=True)
        response.headers["Content-Disposition"] = content_disposition(name)
        if mimetype == "text/calendar":
            response.headers["Content-Type"] = "text/calendar; charset=utf-8"
        self._close(response)
        return response
