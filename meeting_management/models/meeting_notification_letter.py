"""From due rows to letters: who is still to be told, in which language and time zone, and what he reads (CF-1,
RE-3)."""

from collections import defaultdict

from markupsafe import Markup
from odoo import api, models
from odoo.tools import email_normalize, format_date, format_datetime

from .meeting_notification import FAREWELLS

BADGES = {
    "info": "background-color:#e7f1fb; color:#1c5b96;",
    "warning": "background-color:#fff3d6; color:#8a5a00;",
    "danger": "background-color:#fde8e6; color:#a8322a;",
    "success": "background-color:#e3f5e9; color:#1d6b3c;",
}


class MeetingNotification(models.Model):
    _inherit = "meeting.notification"

    def _compose(self, profiles, careful=False):
        """:return: the letters of these rows; rows that must or can not leave are settled here."""
        self._preload()
        kinds = defaultdict(list)
        for row in self:
            kinds[row.res_model].append(row.res_id)
        # all subjects of a model share one prefetch, so that what the texts need is read for all of them at once
        alive = {model: self.env[model].browse(set(ids)).exists() for model, ids in kinds.items() if model in self.env}
        subjects = defaultdict(list)
        for row in self:
            subjects[row.res_model, row.res_id, row.step].append(row.id)
        letters = []
        for (model, res_id, step), ids in subjects.items():
            rows = self.browse(ids).with_prefetch(self._prefetch_ids)
            if model not in alive or res_id not in alive[model]._ids:
                rows._drop("deleted")
                continue
            record = alive[model].browse(res_id).with_prefetch(alive[model]._ids)
            letters += rows._letters(record, step, profiles, careful)
        return letters

    def _preload(self):
        """Read at once, for all rows, what the texts look up by the keys of their steps."""

    def _letters(self, record, step, profiles, careful):
        """:return: the letters of one subject and step"""
        rows = self._guarded("render", self._recipients_left, record, step, profiles, careful=careful)
        groups = defaultdict(list)
        for row in rows or ():
            profile = profiles[row.partner_id.id]
            tz = profile["tz"] or record._notification_default_tz()
            groups[profile["lang"], tz, record._notification_audience(row.partner_id)].append(row.id)
        letters = []
        for (lang, tz, audience), ids in groups.items():
            group = self.browse(ids).with_prefetch(self._prefetch_ids)
            localised = record.with_context(lang=lang, tz=tz)
            letter = group._guarded("render", group._letter, localised, step, profiles, audience, careful=careful)
            if letter:
                letters.append(letter)
        return letters

    def _recipients_left(self, record, step, profiles):
        """:return: the rows whose recipients may and still need to be told, and can be reached."""
        rest = self._still_to_tell(record, step)
        unreachable = rest.filtered(
            lambda row: not profiles[row.partner_id.id]["inbox"] and not profiles[row.partner_id.id]["email"]
        )
        unreachable._fail("no_email", retry=False)
        strange = (rest - unreachable).filtered(lambda row: record._notification_goes_elsewhere(row.partner_id))
        strange._fail("address_changed", retry=False)
        return rest - unreachable - strange

    def _still_to_tell(self, record, step):
        """:return: the rows whose recipients may and still need to be told; the others are settled here."""
        partners = self.partner_id
        archived = self.filtered(lambda row: not row.partner_id.active)
        allowed = record._notification_allowed(step, partners)
        hidden = (self - archived).filtered(lambda row: row.partner_id not in allowed)
        rest = self - archived - hidden
        due = record._notification_still_due(step, rest.partner_id)
        done = rest.filtered(lambda row: row.partner_id not in due)
        archived._drop("archived")
        hidden._drop("no_access")
        done._drop("superseded")
        return rest - done

    def _letter(self, record, step, profiles, audience):
        """Render one letter.

        :param record: the subject in the group's language and time zone
        :param audience: what these recipients have in common (`_notification_audience`)
        :return: dict(rows, record, subject, body, copies) where copies maps a partner id to his e-mail's HTML, None
            for an inbox; None where there is nothing to say
        """
        values = record._notification_values(step)
        if values is None:
            self._drop("nothing")
            return None
        values = record._notification_values_for(values, audience)
        level = record._notification_level()
        meeting = record._notification_meeting()
        company = record._notification_company() or self.env.company
        tz, lang = record.env.context["tz"], record.env.context["lang"]
        values.setdefault("badge", False)
        values.update(
            record=record,
            meeting=meeting,
            step=step,
            company=company,
            lang=lang,
            facts=record._notification_facts(),
            as_time=lambda moment, style="short": format_datetime(record.env, moment, tz=tz, dt_format=style),
            as_date=lambda day: format_date(record.env, day),
        )
        kind = step.partition("@")[0].partition(":")[0]
        view = f"meeting_management.notice_{kind}"
        subject, heading = values["subject"], values["heading"]
        if level in ("participants", "secret"):
            subject = self._neutral_subject(record, meeting)
        farewell = kind in FAREWELLS and level in ("participants", "secret")
        if farewell:  # he learns no more of a document that he may not read: not even what it is called by now
            values["facts"] = values["facts"][:1]
        if level == "secret" or farewell:
            view, heading = "meeting_management.notice_secret", subject
            values.setdefault("neutral", record.env._("There is news for you about a confidential meeting."))
        qweb = record.env["ir.qweb"]
        content = qweb._render(view, values)
        layout = {
            "company": company,
            "lang": lang,
            "heading": heading,
            "content": content,
            "footer": values.get("footer") or (not meeting and self._footer_of_rooms(record, company)),
            "badge": values["badge"],
            "badge_style": BADGES.get(values["badge"] and values["badge"][1], BADGES["info"]),
            "accent": company.email_secondary_color or "#714B67",
            "accent_text": company.email_primary_color or "#FFFFFF",
            "company_logo": company.uses_default_logo is False
            and f"{record.get_base_url()}/logo.png?company={company.id}",
        }
        open_button = {
            "label": values.get("button") or record.env._("Open"),
            "url": record._notification_url(step),
            "primary": True,
        }
        employees = None
        copies = {}
        for partner in self.partner_id:
            profile = profiles[partner.id]
            if profile["inbox"]:
                copies[partner.id] = None
            elif profile["user_id"] and (own := self._user_buttons(record, step, profile["user_id"])):
                copies[partner.id] = qweb._render(
                    "meeting_management.notice_layout",
                    {**layout, "buttons": [*own, {**open_button, "primary": False}], "guest": True},
                )
            elif profile["user_id"]:
                employees = employees or qweb._render(
                    "meeting_management.notice_layout", {**layout, "buttons": [open_button], "guest": False}
                )
                copies[partner.id] = employees
            else:
                buttons = record._notification_guest_buttons(step, partner)
                copies[partner.id] = qweb._render(
                    "meeting_management.notice_layout", {**layout, "buttons": buttons, "guest": bool(buttons)}
                )
        author = values.get("author") or company.partner_id
        closed = level in ("participants", "secret")
        return {
            "rows": self,
            "carried": values.get("carried", self.browse()),
            "company": company,
            # what may show on a locked screen and passes through the services of browser makers (CF-1)
            "neutral": (values.get("neutral") or record.env._("There is news for you about a confidential meeting."))
            if closed
            else False,
            "record": record,
            "step": step,
            "subject": subject,
            "content": content,
            "copies": copies,
            "author": author,
            "email_from": author.email_formatted or company.email_formatted or self.env.user.email_formatted,
            "body": Markup("<p><strong>%s</strong></p>%s%s") % (heading, content, self._inbox_link(values)),
            "attachments": record._notification_attachments(step) if level != "secret" and not farewell else [],
            "profiles": profiles,
        }

    @api.model
    def _user_buttons(self, record, step, user_id):
        """:return: what the step asks of this person, each as a button of his own"""
        return record._notification_user_buttons(step, self.env["res.users"].browse(user_id))

    @api.model
    def _inbox_link(self, values):
        """An inbox has no button: where the document is closed to some readers, the way in stands in the text."""
        if "inbox_link" not in values:
            return ""
        label, url = values["inbox_link"]
        return Markup('<p><a href="%s">%s</a></p>') % (url, label)

    @api.model
    def _footer_of_rooms(self, record, company):
        return record.env._("Sent by %s because this concerns you.", company.name)

    @api.model
    def _neutral_subject(self, record, meeting):
        """The line in the mail header travels in the clear and shows on locked screens: no word of the meeting in it
        (CF-1)."""
        if meeting.start:
            day = format_datetime(record.env, meeting.start, tz=record.env.context["tz"], dt_format="short")
            return record.env._("Confidential meeting notice, %s", day)
        return record.env._("Confidential meeting notice")


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _notice_profiles(self):
        """How each of these people is reached: dict id → lang, tz, email (or False), user_id (internal, or False),
        inbox (bool), wishes (`_meeting_wishes`; who has no account has none)."""
        users = self.env["res.users"].search_fetch(
            [("partner_id", "in", self.ids), ("share", "=", False)],
            ["partner_id", "notification_type", *self.env["res.users"]._meeting_preferences()],
            order="id desc",
        )
        user_of = {user.partner_id.id: user for user in users}
        active = dict(self.env["res.lang"].get_installed())
        fallback = self.env.company.partner_id.lang or "en_US"
        return {
            partner.id: {
                "lang": partner.lang if partner.lang in active else fallback,
                "tz": partner.tz or False,
                "email": email_normalize(partner.email) or False,
                "user_id": user_of[partner.id].id if partner.id in user_of else False,
                "inbox": partner.id in user_of and user_of[partner.id].notification_type == "inbox",
                "wishes": user_of[partner.id]._meeting_wishes() if partner.id in user_of else {},
            }
            for partner in self.with_context(active_test=False)
        }
