"""Who may see what: the one table of rights (CF-1, CF-6).

Record rules compare keys that are computed from this table; the tests of tests/security and docs/permissions.md are
generated from it. Change a right here and nowhere else.
"""

LEVEL_ORDER = ("public", "internal", "participants", "secret")
"""Levels of confidentiality, each stricter than the one before."""

# From which stage of a meeting on a role reads it. A later stage includes the condition of the earlier ones.
DRAFT = "draft"
"""From the first draft on."""
ANNOUNCED = "announced"
"""Once it is scheduled, and for good after that."""
ADMITTED = "admitted"
"""Once it is announced and the person has met the conditions of a secret meeting (CF-2)."""


def _by_level(public=None, internal=None, participants=None, secret=None):
    return dict(zip(LEVEL_ORDER, (public, internal, participants, secret), strict=True))


READS = {
    "officer": _by_level(DRAFT, DRAFT, DRAFT, DRAFT),
    "approver": _by_level(DRAFT, DRAFT, DRAFT, DRAFT),
    "reviewer": _by_level(ANNOUNCED, ANNOUNCED, ANNOUNCED, ANNOUNCED),
    "participant": _by_level(ANNOUNCED, ANNOUNCED, ANNOUNCED, ADMITTED),
    "secretariat": _by_level(DRAFT, DRAFT),
    "department": _by_level(internal=ANNOUNCED),
    "everyone": _by_level(public=ANNOUNCED),
    "break_glass": _by_level(participants=DRAFT, secret=DRAFT),
}
"""role in the meeting → level → stage from which it reads the meeting; ``None``: never."""

EDITS = {
    "officer": _by_level(True, True, True, True),
    "secretariat": _by_level(True, True),
}
"""role in the meeting → level → whether it edits the meeting, at any stage."""


CLOSED_TOPIC_ROLES = ("officer", "reviewer", "participant", "break_glass")
"""Roles that read a topic closed more tightly than its meeting, provided they read the meeting. At the level “secret”
only participants admitted by name count."""


def is_stricter(level, than):
    """Whether ``level`` lets in fewer people than ``than``. An empty level is no level of its own."""
    return bool(level) and LEVEL_ORDER.index(level) > LEVEL_ORDER.index(than)


FOLLOWS = {
    "meeting.meeting": ("readers", "editors", "editors", "editors"),
    "meeting.approval": ("readers", "nobody", "nobody", "nobody"),
    "meeting.participant": ("readers", "editors", "editors", "editors"),
    "meeting.attendance": ("readers", "editors", "editors", "editors"),
    "meeting.agenda.item": ("topic_readers", "topic_editors", "topic_editors", "topic_editors"),
    "meeting.resolution": ("topic_readers", "topic_editors", "topic_editors", "topic_editors"),
    "meeting.action.item": ("topic_readers", "topic_editors", "topic_editors", "topic_editors"),
    "meeting.action.report": ("topic_readers", "nobody", "nobody", "nobody"),
    "meeting.minutes": ("minutes_readers", "editors", "nobody", "administrators"),
    "meeting.minutes.revision": ("minutes_readers", "nobody", "nobody", "nobody"),
    "meeting.minutes.print": ("nobody", "nobody", "nobody", "nobody"),
    "meeting.notification": ("editors", "nobody", "nobody", "nobody"),
    "meeting.robot.message": ("robot_admins", "nobody", "nobody", "nobody"),
    "meeting.notice.proof": ("editors", "nobody", "nobody", "nobody"),
    "meeting.booking": ("employees", "nobody", "nobody", "nobody"),
    "meeting.agreement.signature": ("editors", "nobody", "nobody", "nobody"),
    "meeting.guest.token": ("nobody", "nobody", "nobody", "nobody"),
    "meeting.guest.code": ("nobody", "nobody", "nobody", "nobody"),
    "meeting.break.glass": ("authority", "nobody", "authority", "nobody"),
}
"""model under a meeting → who reads, writes, creates, deletes; besides, each person reads what is his own: his answer
and signature, his task, his request. Administrators delete drafts of minutes of meetings they edit."""
