"""An adversary's walk: every public method of ours, called with the numbers of hidden records (CF-1).

A client may call whatever has a name without an underscore: boards, dialogues and buttons of abstract models, too. The
methods come from the registry; those of other apps are Odoo's own business, and met by `test_walk.py`.
"""

import inspect

from odoo.exceptions import UserError
from odoo.service.model import get_public_method
from odoo.tools import mute_logger

from tests.security.doors.walk import WalkCase

OURS = "odoo.addons.meeting_management"


class TestWalkMethods(WalkCase):
    def methods(self):
        """:return: iterator of (model, name) of what our code gives clients to call"""
        for model in self.registry.values():
            for name in dir(model):
                if name.startswith("_"):
                    continue
                kinds = [vars(kind).get(name) for kind in model.__mro__ if kind.__module__.startswith(OURS)]
                if not any(inspect.isfunction(inspect.unwrap(f)) for f in kinds if callable(f)):
                    continue
                try:
                    get_public_method(self.env[model._name], name)
                except (AttributeError, UserError):
                    continue
                yield model._name, name

    def targets(self, env, model):
        """No record, and the first hidden ones of this model."""
        return [env[model], *(env[model].browse(number) for number in self.tainted.get(model, ())[:2])]

    def arguments(self, model, function):
        """What is asked for, filled with the number of the meeting; what may be left out is, once, and given, once."""
        parameters = [p for p in inspect.signature(function).parameters.values() if p.kind is p.POSITIONAL_OR_KEYWORD]
        for given in (parameters, [p for p in parameters if p.default is p.empty]):
            yield {parameter.name: self.word(model, parameter.name) for parameter in given}

    def values(self, model):
        """A new row that is hung on hidden records wherever it can be."""
        links = {
            name: self.tainted[field.comodel_name][0]
            for name, field in model._fields.items()
            if field.type == "many2one" and field.store and field.comodel_name in self.tainted
        }
        return {**links, **({"name": "x"} if "name" in model._fields else {})}

    def word(self, model, name):
        meeting = self.meetings[0]
        words = {
            "domain": [("id", "in", self.tainted["meeting.meeting"])],
            "vals": self.values(model),
            "vals_list": [self.values(model)],
            "values": {"meeting_id": meeting.id},
            "fields_to_export": ["display_name"],
            "specification": {"display_name": {}},
            "day": str(meeting.start.date()),
            "start": str(meeting.start),
            "stop": str(meeting.stop),
            "days": 7,
        }
        if name in words:
            return words[name]
        return meeting.ids if name.endswith("ids") else meeting.id if name.endswith(("_id", "meeting")) else "x"

    def call(self, user, model, name):
        """:return: what is planted in the answers of this method to this user, and whether any was no stumble"""
        env = self.env(user=user, context={"lang": "en_US"})
        found = []
        for target in self.targets(env, model):
            for arguments in self.arguments(target, getattr(target, name)):
                env.invalidate_all()
                with self.env.cr.savepoint() as savepoint, mute_logger("odoo"):
                    try:
                        answer = getattr(target, name)(**arguments)
                        if isinstance(answer, type(env["base"])) or hasattr(answer, "_ids"):
                            answer = answer.read(["display_name"]) if answer else None
                    except Exception as refusal:  # wrong arguments, too: its words are looked at
                        answer = f"{type(refusal).__name__}: {refusal}"
                    savepoint.rollback()
                told = repr(answer)
                if user == self.technician:  # why an emergency was declared is for administrators to read (CF-6)
                    told = told.replace(self.plant("reason for the emergency"), "")
                if planted := self.planted_in(told):
                    found.append((user.login, model, name, planted))
        return found

    def test_every_method(self):
        """CF-1: no answer and no refusal of any of our methods tells a stranger a planted string."""
        found, called = [], 0
        for model, name in self.methods():
            called += 1
            for user in (self.technician, self.ex):
                found += self.call(user, model, name)
        self.assertGreater(called, 200)
        self.assertFalse(found, "\n".join(" | ".join(leak) for leak in found[:40]))

    def test_an_insider_gets_answers(self):
        """The same calls, made by the convener, bring planted strings."""
        for call in (("meeting.meeting", "copy_data"), ("meeting.my.day", "get"), ("meeting.room.board", "get")):
            self.assertIn(call, set(self.methods()))
            self.assertTrue(self.call(self.convener, *call), call)
