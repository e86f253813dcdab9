"""Where the planted strings of a world of secrets stand, found by looking into every table."""

import base64

from tests.security.doors.common import SecretWorld

TEXT = ("char", "text", "html")
GUEST = "guest name"
"""Contacts are everybody's to read; that one of them takes part in a meeting is not."""


class WalkCase(SecretWorld):
    """`tainted`: model → ids of the rows in which a planted string stands; `guarded`: those of our own models."""

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as other:
            self.baseline = {
                model._table: self.max_id(other, model)
                for model in self.registry.values()
                if model._auto and not model._abstract
            }
        self.guest.name = self.plant(GUEST)
        self.meetings = self.build_world()
        self.find_tainted()

    def max_id(self, cr, model):
        cr.execute(f'SELECT coalesce(max(id), 0) FROM "{model._table}"')  # noqa: S608  name from the registry
        return cr.fetchone()[0]

    def planted_in(self, answer):
        """:return: the first planted string of an answer of any shape, with what stands around it, or ``None``"""
        text = repr(answer)
        places = [text.find(spelling) for spelling in self.spellings]
        where = min((place for place in places if place >= 0), default=-1)
        return text[max(0, where - 60) : where + 60] if where >= 0 else None

    @property
    def spellings(self):
        """The mark as it is, and as it stands in the middle of base64, which begins at any of three places."""
        found = [self.MARK]
        for offset in range(3):
            coded = base64.b64encode(b"." * offset + self.MARK.encode()).decode()
            found.append(coded[4 if offset else 0 : len(coded) // 4 * 4 - 4])
        return found

    def find_tainted(self):
        """`tainted`: model → ids of the rows in which a planted string stands."""
        self.tainted = {}
        for name, model in self.registry.items():
            columns = [
                field.name
                for field in model._fields.values()
                if model._auto and not model._abstract and field.store and field.type in TEXT and field.column_type
            ]
            if columns:
                text = " || ' ' || ".join(f"coalesce(\"{column}\"::text, '')" for column in columns)
                self.env.cr.execute(
                    f'SELECT id FROM "{model._table}" WHERE {text} LIKE %s',  # noqa: S608  names from the registry
                    [f"%{self.MARK}%"],
                )
                if ids := [row[0] for row in self.env.cr.fetchall()]:
                    self.tainted[name] = ids
        self.guarded = {name for name in self.tainted if name.startswith("meeting.")}
