"""An adversary's walk: every model Odoo knows, in search of planted strings (CF-1, CF-6).

Nothing is listed by hand: a model that an app or a later chapter brings is walked too. Out of reach of any addon, and
so not walked, is who runs code or reads disks: server and scheduled actions and computed fields written by a system
administrator, logins he takes over, psql, the files and the log of the server.
"""

from unittest.mock import patch

import psycopg2
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import mute_logger

from tests.security.doors.walk import GUEST, TEXT, WalkCase

OLD_ROWS = 15
SAMPLES = 5
# The rooms' register tells that some meeting holds the room, under no name: it is how people find out they must not
# book it (CF-5). Group robots never hear of closed meetings (tests/channels/test_robots.py); the one here is made up.
KNOWN_LINKS = {("meeting.booking", "meeting_id"), ("meeting.room", "booking_ids"), ("meeting.robot", "message_ids")}
# Why an emergency was declared is for auditors and administrators to read (CF-6).
KNOWN_READERS = {("technician", "meeting.break.glass")}
# More than an outsider they may only where our own groups say so: elsewhere they would walk his way once more.
OF_OURS = ("room manager", "attendance officer")
# What a client gets as an answer when it asks for what is not his or makes no sense. Anything else says that the walk
# stumbled, and has not looked behind the door.
REFUSALS = (UserError, ValueError, KeyError, NotImplementedError, psycopg2.Error)
# Odoo's own: a digest that was never sent, sharing of what has no portal page, a view of no model. A method that reads
# all fields at once and breaks is followed by one field at a time.
STUMBLES = {"BaseModel.read", "PortalShare.default_get", "Base.onchange"}
DOORS = {"search", "name_search", "read", "web_read", "export", "group", "oracle", "copy", "new", "onchange"}


class TestWalk(WalkCase):
    def test_the_world_is_full_of_secrets(self):
        """What the walk looks for is there, and the entitled find it: otherwise it would prove nothing."""
        self.assertGreater(len(self.tainted), 20, self.tainted.keys())
        for model in (
            "meeting.meeting meeting.participant meeting.agenda.item meeting.approval meeting.resolution "
            "meeting.action.item meeting.action.report meeting.minutes meeting.minutes.revision meeting.notification "
            "meeting.series meeting.reschedule meeting.reason.wizard mail.message mail.mail mail.activity "
            "mail.tracking.value mail.scheduled.message mail.message.translation mail.notification ir.attachment "
            "meeting.break.glass meeting.access.log meeting.level.wizard meeting.topic.level.wizard "
            "meeting.robot.message meeting.agreement.signature meeting.participant meeting.minutes.print "
            "meeting.action.report.wizard res.partner bus.bus mail.push ir.filters mail.compose.message"
        ).split():
            self.assertIn(model, self.tainted)
        for model in ("meeting.meeting", "mail.message", "ir.attachment", "meeting.minutes.revision"):
            mine = self.env[model].with_user(self.convener)
            texts = [name for name in self.readable(mine) if mine._fields[name].type in TEXT]
            self.assertIn(self.MARK, repr(mine.search_read([("id", "in", self.tainted[model])], texts)), model)

    def test_no_text_is_left_out(self):
        """Every text column of ours holds a planted string, but for what is listed with its reason."""
        empty = [
            name
            for name, model in self.registry.items()
            if name.startswith("meeting.") and not model._abstract and model._auto and not self.is_left_out(model)
            if any(field.store and field.type in TEXT for field in model._fields.values()) and name not in self.tainted
        ]
        self.assertFalse(empty, "nothing is planted there: add to the world what fills it")

    def test_the_walk_finds_what_is_there(self):
        """The same steps, taken by one who takes part, come upon planted strings behind every kind of door."""
        self.broken = {}
        env = self.env(user=self.convener, context={"lang": "en_US"})
        self.let_export(self.convener)
        missing = set(DOORS)
        for name in sorted(self.tainted, key=lambda name: name not in ("meeting.meeting", "meeting.agenda.item")):
            if missing:
                missing -= {leak[0].split()[0] for leak in self.walk_model(env[name])}
        self.assertFalse(missing)

    def let_export(self, user):
        self.env.ref("base.group_allow_export").user_ids = [Command.link(user.id)]

    def test_every_model(self):
        """CF-1, CF-6: no stranger learns a planted string through any method that a client can call on any model."""
        found, self.broken = [], {}
        self.let_export(self.outsider)
        has_group = type(self.env["res.users"]).has_group
        self.startPatcher(
            patch.object(  # in debug mode errors say more
                type(self.env["res.users"]), "has_group", lambda user, group: group == "base.group_no_one" or has_group(
                    user, group)
            )
        )  # fmt: skip
        for who, user in self.strangers.items():
            self.env.invalidate_all()
            env = self.env(user=user, context={"lang": "en_US"})
            for name in sorted(self.registry):
                model = env[name]
                if model._abstract or (who, name) in KNOWN_READERS:
                    continue
                if who in OF_OURS and not name.startswith(("meeting.", "mail.", "hr.", "calendar.", "ir.attachment")):
                    continue
                found += [(who, name, *leak) for leak in self.walk_model(model)]
        self.assertFalse(found, "\n" + "\n".join(" | ".join(map(str, leak)) for leak in found[:80]))
        self.assertFalse({place: error for place, error in self.broken.items() if place not in STUMBLES})

    def walk_model(self, model):
        self.leaks = []
        self.look(model, "default_get", self.try_defaults, model)
        if model.has_access("read"):
            self.look(model, "search", self.try_search, model)
        # a contact is no secret, and copied or exported it would leave another contact or number with the guest's name
        ids = self.tainted.get(model._name, ()) if model._name != "res.partner" else ()
        for record_id in ids[:: max(1, len(ids) // SAMPLES)]:
            model.env.invalidate_all()  # every call of a client begins with an empty cache
            self.look(model, f"read {record_id}", self.try_record, model.browse(record_id))
        return self.leaks

    def look(self, model, door, function, *args):
        """Note a planted string in what `function` answers, be it a result or an error."""
        answer = self.ask(function, *args)
        told = repr(answer)
        if model._name == "res.partner":  # a contact's own name is no secret
            told = told.replace(self.plant(GUEST), "")
        if planted := self.planted_in(told):
            self.leaks.append((door, planted))
        return answer

    def ask(self, function, *args):
        """:return: the answer, or the text of the refusal"""
        try:
            with self.env.cr.savepoint(flush=False), mute_logger("odoo.sql_db", "odoo.models", "odoo.http"):
                return function(*args)
        except REFUSALS as refusal:  # in whatever words: the words are looked at
            return f"{type(refusal).__name__}: {refusal}"
        except Exception as error:
            words = f"{type(error).__name__}: {error}"
            self.broken.setdefault(getattr(function, "__qualname__", ""), f"{words} in {function}")
            return words

    def readable(self, model, files=False):
        return [
            name
            for name, field in model._fields.items()
            if model._has_field_access(field, "read") and (files or field.type != "binary")
        ]

    def try_search(self, model):
        """Listing, searching by what one must not see, grouping, exporting."""
        fields = self.readable(model)
        everything = model.with_context(active_test=False)
        new = [("id", ">", self.baseline.get(model._table, 0))]
        rows = self.ask(everything.search, [])
        if isinstance(rows, str):
            return rows
        if model._auto:
            rows = self.ask(everything.search, new) | everything.search([], order="id desc", limit=OLD_ROWS)
        else:
            rows = rows[:OLD_ROWS]
        self.try_oracle(everything, fields)
        self.look(model, "name_search", everything.name_search, self.MARK)
        if not rows:
            return None
        if not self.look_at(rows, "read", fields):
            return None
        relations = {name for name in fields if model._fields[name].relational and model._fields[name].comodel_name}
        spec = {
            name: {"fields": {"display_name": {}, **self.nested(model.env[model._fields[name].comodel_name])}}
            for name in relations
        }
        if spec:
            self.look(model, "web_read", self.web_read, rows[:OLD_ROWS], spec)
        hiding = [name for name in relations if model._fields[name].comodel_name in self.tainted]
        for name in hiding:
            paths = [f"{name}/{child}" for child in self.nested(model.env[model._fields[name].comodel_name])]
            for path in [f"{name}/display_name", *paths]:
                self.look(model, f"export {path}", rows[:OLD_ROWS].export_data, [path])
        for name in hiding + [name for name in fields if model._name in self.tainted and name not in hiding]:
            if model._fields[name].store and model._fields[name].type in ("many2one", "char", "many2many"):
                self.look(model, f"group by {name}", everything.formatted_read_group, list(new), [name], ["__count"])
        return None

    def look_at(self, rows, door, fields):
        """Read all at once; where that is refused for the sake of one field, field by field."""
        answer = self.look(rows, door, rows.read, fields)
        if isinstance(answer, str) and self.ask(rows.has_access, "read") is True:
            for name in fields:
                self.look(rows, f"{door} {name}", rows.read, [name])
        return bool(rows)

    def web_read(self, rows, spec):
        try:
            return rows.web_read(spec)
        except UserError:
            return [self.ask(rows.web_read, {name: part}) for name, part in spec.items()]

    def nested(self, comodel):
        """The texts of a model that has something to hide."""
        if comodel._name not in self.tainted:
            return {}
        return {name: {} for name, field in comodel._fields.items() if field.type in TEXT and not field.groups}

    def try_oracle(self, model, fields):
        """A search that finds something because of a planted string tells the string, letter by letter."""
        partner = model._name == "res.partner"  # its own name is no secret
        texts = [
            name
            for name in fields
            if model._fields[name].type in TEXT
            and model._fields[name]._description_searchable
            and not (partner and self.MARK in str(self.guest[name]))
        ]
        self.oracle(model, [Domain(name, "ilike", self.MARK) for name in texts])
        for name in fields:
            field = model._fields[name]
            comodel = field.comodel_name if field.relational else None
            if comodel not in self.tainted or not field._description_searchable or (partner and comodel == model._name):
                continue
            hidden = [
                Domain(f"{name}.{child}", "ilike", self.MARK)
                for child, sub in model.env[comodel]._fields.items()
                if sub.type in TEXT and sub._description_searchable and not sub.groups
            ]
            self.oracle(model, hidden)
            if comodel in self.guarded and (model._name, name) not in KNOWN_LINKS:
                self.oracle(model, [Domain(name, "in", self.tainted[comodel])])

    def oracle(self, model, domains):
        if not domains:
            return
        found = self.ask(model.search, Domain.OR(domains))
        if isinstance(found, str) and len(domains) > 1:
            for domain in domains:
                self.oracle(model, [domain])
        elif found and not isinstance(found, str):
            guilty = [domain for domain in domains if self.tells(model, domain)]
            if guilty:
                self.leaks.append(("oracle", guilty[:3], found.ids[:5]))

    def tells(self, model, domain):
        """Whether rows come because of what is asked, and not for a model that finds everything whatever one asks."""
        count = self.ask(model.search_count, domain)
        if isinstance(count, str) or not count:
            return False
        control = domain.map_conditions(lambda c: Domain(c.field_expr, c.operator, "qz-nowhere" if isinstance(
            c.value, str) else [0]))  # fmt: skip
        return self.ask(model.search_count, control) != count

    def try_record(self, record):
        """By its number alone: read, named, exported, copied, followed, told about."""
        fields = self.readable(record, files=True)
        self.look_at(record, "read", fields)
        for door, function, args in (
            ("web_read", record.web_read, [{"display_name": {}}]),
            ("export", record.export_data, [["id", ".id", "display_name"]]),
            ("metadata", record.get_metadata, []),
            ("search by id", record.search_read, [[("id", "=", record.id)]]),
        ):
            self.look(record, door, function, *args)
        copied = self.ask(record.copy)
        if copied and not isinstance(copied, str):
            self.look(copied, "copy", copied.read, fields)
        return None

    def try_defaults(self, model):
        """A new record that names hidden ones: nothing needs to be saved for names and values to come back."""
        fields = self.readable(model)
        meeting = self.meetings[0]
        hidden = {name: ids for name, ids in self.tainted.items() if name != "res.partner"}
        contexts, values = {"active_model": meeting._name, "active_id": meeting.id, "active_ids": meeting.ids}, {}
        for name in fields:
            field = model._fields[name]
            if field.type == "many2one" and field.comodel_name in hidden:
                values[name] = hidden[field.comodel_name][0]
            elif field.type in ("one2many", "many2many") and field.comodel_name in self.guarded:
                values[name] = [Command.set(self.tainted[field.comodel_name][:3])]
            elif name in ("res_model", "model"):
                values[name] = meeting._name
            elif name in ("res_model_id", "model_id"):
                values[name] = self.env["ir.model"]._get_id(meeting._name)
            elif name in ("res_id", "document_id") and field.type in ("integer", "many2one_reference"):
                values[name] = meeting.id
            elif name == "res_ids":
                values[name] = str(meeting.ids)
        contexts.update({f"default_{name}": value for name, value in values.items()})
        asking = model.with_context(**contexts)
        spec = {
            name: {"fields": {"display_name": {}, **self.nested(model.env[model._fields[name].comodel_name])}}
            if model._fields[name].relational and model._fields[name].comodel_name
            else {}
            for name in fields
        }
        self.look(model, "defaults", asking.default_get, fields)
        if not values:
            return None
        self.look(model, "new form", asking.onchange, {}, [], spec)
        for name, value in values.items():
            self.look(model, f"onchange {name}", model.onchange, {name: value}, [name], spec)
        if len(values) > 1:
            self.look(model, "onchange", model.onchange, values, list(values), spec)
        return None
