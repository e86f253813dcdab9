"""Doors that are closed by not being built: what no field of ours may be, wherever a later chapter adds it (CF-1).

Each test first finds its kind of field somewhere, so that it knows one when it sees one.
"""

from odoo.addons.meeting_management.models.settings_privacy import is_closed
from odoo.fields import NO_ACCESS

from tests.security.doors.common import AUDITED_MODELS, CARE_MODELS, CONFIGURED_MODELS, OPEN_MODELS, DoorCase

# read by auditors, and by administrators who read the meetings
HELD_BY_FEW = (*AUDITED_MODELS, *CONFIGURED_MODELS)


def holds_secrets(name):
    not_secret = name.startswith((*OPEN_MODELS, *CARE_MODELS)) or name in ("meeting.agreement", *CONFIGURED_MODELS)
    return is_closed(name) and not not_secret


class TestStructure(DoorCase):
    def fields(self, wanted):
        """:return: list of (model, field) for which ``wanted`` is true, with what is closed by its groups left out"""
        return [
            (name, field.name)
            for name, model in self.registry.items()
            for field in model._fields.values()
            if not model._abstract and field.groups != NO_ACCESS and wanted(field)
        ]

    def through(self, field):
        """:return: names of the models that a related field passes through"""
        model, names = self.env[field.model_name], []
        for part in (field.related or "").split(".")[:-1]:
            model = self.env[model._fields[part].comodel_name]
            names.append(model._name)
        return names

    def test_links_to_meetings(self):
        """Doors 1 and 6: of what everybody reads, the booking alone has links to closed documents, whose names are
        masked, and nothing a list of them: a search in a list asks none of the rules of what is in it."""
        linked = self.fields(lambda field: field.relational and holds_secrets(field.comodel_name or ""))
        self.assertIn(("meeting.participant", "meeting_id"), linked)
        self.assertIn(("meeting.meeting", "agenda_item_ids"), linked)
        open_links = [link for link in linked if not holds_secrets(link[0]) and link[0] not in HELD_BY_FEW]
        known = {("meeting.booking", "meeting_id"), ("meeting.booking", "series_id")}
        self.assertEqual({link for link in open_links if self.is_stored(link)}, known)

    def is_stored(self, link):
        field = self.registry[link[0]]._fields[link[1]]
        return field.store and not self.registry[link[0]]._transient

    def test_related_values(self):
        """Doors 4 and 5: no field outside fetches a value from inside as superuser, stored or not."""
        fetching = self.fields(
            lambda field: (field.related and field.compute_sudo and any(map(holds_secrets, self.through(field))))
        )
        self.assertIn(("meeting.participant", "start"), fetching)
        self.assertFalse([place for place in fetching if not holds_secrets(place[0]) and place[0] not in HELD_BY_FEW])

    def test_no_search_passes_the_rules_by(self):
        """Door 7: a link that is searched without the rules of what it leads to is an oracle."""
        bypassing = self.fields(lambda field: getattr(field, "bypass_search_access", False))
        self.assertTrue(bypassing)
        for model, name in bypassing:
            self.assertFalse(holds_secrets(self.registry[model]._fields[name].comodel_name), (model, name))

    def test_no_link_is_tracked(self):
        """Door 12: the name of a tracked link is written into the chatter of the record that has it."""
        tracked = self.fields(lambda field: field.relational and getattr(field, "tracking", False))
        self.assertIn(("meeting.meeting", "room_id"), tracked)
        for model, name in tracked:
            self.assertFalse(holds_secrets(self.registry[model]._fields[name].comodel_name or ""), (model, name))

    def test_no_token_can_be_copied(self):
        """Door 15: Odoo's portal token can be read by every reader, never expires, and opens a page as superuser."""
        tokens = self.fields(lambda field: "token" in field.name)
        self.assertIn(("ir.attachment", "access_token"), tokens)
        ours = [place for place in tokens if place[0].startswith("meeting.") and place[0] != "meeting.room"]
        for model, name in ours:
            for user in (self.member, self.technician):
                field = self.registry[model]._fields[name]
                mine = self.as_user(user, model)
                readable = mine.has_access("read") and mine._has_field_access(field, "read")
                self.assertFalse(readable and field.type == "char", (model, name))

    def test_nothing_secret_is_translated(self):
        """Door of translations: terms of records are exported and read by their number, without the record's rules."""
        translated = self.fields(lambda field: field.translate)
        self.assertIn(("meeting.type", "name"), translated)
        self.assertFalse([place for place in translated if holds_secrets(place[0])])
        self.weekly.name = self.plant("type")
        kinds = self.as_user(self.outsider, self.weekly)
        self.assertShown(kinds.get_field_translations, "name")
        for user in (self.outsider, self.technician, self.ex):
            for record, name in ((self.meeting, "name"), (self.item, "goal"), (self.message, "body")):
                self.assertHidden(self.as_user(user, record).get_field_translations, name)
