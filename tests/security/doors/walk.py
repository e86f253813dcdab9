"""Where the planted strings of a world of secrets stand, found by looking into every table."""

from tests.security.doors.common import SecretWorld

TEXT = ("char", "text", "html")


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
        self.meetings = self.build_world()
        self.find_tainted()

    def max_id(self, cr, model):
        cr.execute(f'SELECT coalesce(max(id), 0) FROM "{model._table}"')  # noqa: S608  name from the registry
        return cr.fetchone()[0]

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
