"""What a document must be able to say so that something can be done to it by link from a mail."""

from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError

VALID = timedelta(days=14)
"""A link works this long, where its document names no other end."""


class MeetingNotificationSubject(models.AbstractModel):
    """Hooks for links of people with an account; each chapter overrides them for its own verbs.

    Except for `_notification_user_buttons`, which the job calls as superuser, all of them run with the rights and in
    the language of the person whose link it is.
    """

    _inherit = "meeting.notification.subject"

    _link_verbs = ()
    """Verbs that can be done by link; no other method can be reached."""

    def _notification_user_buttons(self, step, user):
        """:return: list of dict(label, url, primary) for this person: what the step asks of him, each done by a link of
        his own. Whether he may is asked when he presses it; here only what is certain to be refused is left out."""
        kind = step.partition("@")[0].partition(":")[0]
        link = self.env["meeting.user.link"]
        return [
            {"label": label, "url": link._issue(self, verb, user, step), "primary": position == 0}
            for position, (verb, label) in enumerate(self._link_offers(kind, user))
        ]

    def _link_offers(self, kind, user):
        """:return: list of (verb, label) that a message of this kind offers to this person; called as superuser"""
        return []

    def _link_occasion(self, verb):
        """:return: what tells this request from an earlier or later one of the same kind, as text"""
        return ""

    def _link_expiry(self, verb):
        return fields.Datetime.now() + VALID

    def _link_refusal(self, verb):
        """:return: why the user may not do it now, as an exception, or ``None``"""
        return self._refusal(verb)

    def _link_words(self, verb):
        """:return: dict for the page: ``question`` (what will happen), ``button``, ``done`` (what has happened), and if
        need be ``style`` (danger), ``reason`` ("required" or "optional") with ``reason_label`` and ``missing``,
        ``percentage`` (the present progress), ``stand_ins`` (list of (id, name) to choose from), ``repeatable``"""
        return {}

    def _link_do(self, verb, values):
        """:param dict values: ``reason``, ``text``, ``percentage`` … as `controllers/user_link.py` has read them"""
        if values.get("reason"):
            return getattr(self, f"action_{verb}")(reason=values["reason"])
        return getattr(self, f"action_{verb}")()

    def _link_meanwhile(self, verb):
        """:return: what has become of the matter meanwhile, a sentence for somebody whose link is out of date"""
        return self.env._("“%(name)s” is now: %(state)s.", name=self.display_name, state=self._state_label(self.state))

    def _link_content(self):
        """:return: dict(title, facts, text) that tells what it is about"""
        # sudo: time and place of a meeting for whom the document itself is open, which the caller has checked
        return {"title": self.display_name, "facts": self.sudo()._notification_facts(), "text": False}

    def _own_words(self, person, moment):
        """:return: "by Chen on Tuesday …", where either is known"""
        # sudo: a name and a time of a decision the reader sees on the document
        meeting = self.sudo()._notification_meeting()
        if not moment:
            return person or ""
        return self.env._("%(person)s, %(time)s", person=person, time=meeting._notice_moment(moment))

    def _refusal_not_yours(self):
        return AccessError(self.env._("This link is not for you."))
