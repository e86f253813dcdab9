"""The one door through which a record of ours changes its state (ARCHITECTURE: "state has one door")."""

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_list


class _Passage(str):
    """A state value that came through the door. RPC can send a string, never an instance of this class."""


class MeetingStateMixin(models.AbstractModel):
    """State machine with a table of transitions and a predicate beside each verb.

    The owning model declares ``state`` (a Selection), ``_transitions`` (``{state: (next states)}``, the first key being
    the initial state) and ``_verbs``. For each verb it has three things that belong together:

    * ``_refusal_<verb>()`` returns the exception that explains why the current user may not do it now, or ``None``;
    * ``can_<verb>``, a Boolean computed from it, which views use to show the button;
    * ``action_<verb>()``, which starts with ``self._demand("<verb>")`` and so asks again on the server.

    ``_kept_fields`` names fields that the verbs alone fill (numbers, times of decisions): who could write them would
    forge evidence. Nobody writes ``state``, not even an administrator or code running as superuser: otherwise one
    forged ``write`` approves one's own application. History may be *created* in a later state by an Administrator
    (import).
    """

    _name = "meeting.state.mixin"
    _description = "Life cycle with one door"

    _transitions = {}
    _history_states = ()
    _kept_fields = frozenset()
    _verbs = ()

    # -- the door -----------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse to create a record in the middle of its life, except history states for an Administrator.

        :raises AccessError: a state other than the initial one is given by somebody who may not import history.
        """
        initial = next(iter(self._transitions))
        history = self.env.su or self.env.user.has_group("meeting_management.group_manager")
        for vals in vals_list:
            if not history:
                self._refuse_kept_fields(name for name, value in vals.items() if value)
            state = vals.get("state", initial)
            if state == initial or isinstance(state, _Passage):
                continue
            if state in self._history_states and history:
                continue
            raise AccessError(
                self.env._(
                    "A new %(document)s starts as “%(initial)s”. Only a meeting administrator who imports history may "
                    "create one that is already “%(state)s”.",
                    document=self.env["ir.model"]._get(self._name).sudo().name,  # sudo: the kind of document, in words
                    initial=self._state_label(initial),
                    state=self._state_label(state),
                )
            )
        return super().create(vals_list)

    def write(self, vals):
        """Refuse any write of ``state`` that did not come through :meth:`_transition`.

        :raises AccessError: ``state`` is written directly, by whomever.
        """
        if not (self.env.su or isinstance(vals.get("state"), _Passage)):
            self._refuse_kept_fields(vals)
        if "state" in vals:
            if not isinstance(vals["state"], _Passage):
                raise AccessError(
                    self.env._("The state changes through the buttons of the form only, so that each step is checked.")
                )
            vals = {**vals, "state": str(vals["state"])}
        return super().write(vals)

    def _refuse_kept_fields(self, names):
        """:raises AccessError: a field that the verbs alone fill is among ``names``"""
        forged = self._kept_fields.intersection(names)
        if forged:
            labels = [self._fields[name]._description_string(self.env) for name in sorted(forged)]
            raise AccessError(
                self.env._(
                    "“%s” is kept by the system and follows from what is done with the buttons.",
                    format_list(self.env, labels),
                )
            )

    def _transition(self, target, **vals):
        """Move every record to ``target``, write ``vals`` with it, then call :meth:`_after_transition`.

        :param str target: a state allowed by ``_transitions`` from each record's present state.
        :raises UserError: the table has no such step, e.g. because somebody else was faster.
        """
        origins = {}
        for record in self:
            if target not in self._transitions[record.state]:
                raise UserError(
                    self.env._(
                        "“%(name)s” is %(state)s and cannot become %(target)s. It may have been changed by "
                        "somebody else "
                        "in the meantime: reload the page to see where it stands.",
                        name=record.display_name,
                        state=self._state_label(record.state),
                        target=self._state_label(target),
                    )
                )
            origins[record] = record.state
        self.write({**vals, "state": _Passage(target)})
        for record, origin in origins.items():
            record._after_transition(origin)

    def _after_transition(self, origin):
        """Hook, called for each record once its facts are written. ``origin`` is the state it came from."""
        self.ensure_one()

    def _state_label(self, state):
        return dict(self._fields["state"]._description_selection(self.env)).get(state, state)

    # -- predicates ---------------------------------------------------------------------------------------------

    def _refusal(self, verb):
        """Why the current user may not do ``verb`` on this record now: an exception to raise, or ``None``."""
        self.ensure_one()
        return getattr(self, f"_refusal_{verb}")()

    def _demand(self, verb):
        """Raise the first refusal of ``verb`` among these records. Every ``action_<verb>`` begins with it."""
        for record in self:
            refusal = record._refusal(verb)
            if refusal:
                raise refusal

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can(self):
        """``can_<verb>``: shows a button exactly when the server would accept the verb."""
        for record in self:
            for verb in self._verbs:
                record[f"can_{verb}"] = bool(record.id) and not record._refusal(verb)

    def _refusal_wrong_state(self, *states):
        """The sentence for a verb that fits ``states`` only, or ``None`` where the record is in one of them."""
        if self.state in states:
            return None
        return UserError(
            self.env._(
                "This step is possible while “%(name)s” is %(states)s; now it is %(state)s.",
                name=self.display_name,
                states=format_list(self.env, [self._state_label(state) for state in states], style="or"),
                state=self._state_label(self.state),
            )
        )
