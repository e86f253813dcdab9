import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const TONES = {
    calm: "text-bg-light border",
    soon: "text-bg-warning",
    over: "text-bg-danger",
    paused: "text-bg-secondary",
    stopped: "text-bg-light border text-muted",
};

/** One time limit, the same everywhere: what is owed and how long there is left, in the colour of its urgency. */
export class MeetingClockBadge extends Component {
    static template = "meeting_management.ClockBadge";
    static props = { clock: Object, short: { type: Boolean, optional: true } };

    get tone() {
        return TONES[this.props.clock.tone] || TONES.calm;
    }

    get said() {
        const { label, text } = this.props.clock;
        return this.props.short ? text : _t("%(duty)s: %(limit)s", { duty: label, limit: text });
    }

    get title() {
        const { label, due, owed_by, superiors } = this.props.clock;
        return [label, due, owed_by, superiors].filter(Boolean).join(" · ");
    }
}

/** The running time limits of a document; a click opens all of them. */
export class MeetingClockField extends Component {
    static template = "meeting_management.ClockField";
    static components = { MeetingClockBadge };
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get clocks() {
        return this.props.record.data[this.props.name] || [];
    }

    get escalated() {
        return this.clocks.filter((clock) => clock.superiors);
    }

    saidToSuperiors({ label, superiors }) {
        return _t("%(duty)s: %(limit)s", { duty: label, limit: superiors });
    }

    async open() {
        const { resModel, resId } = this.props.record;
        const action = await this.orm.call(resModel, "action_open_clocks", [[resId]]);
        await this.action.doAction(action, { onClose: () => this.props.record.load() });
    }
}

registry.category("fields").add("meeting_clock", {
    component: MeetingClockField,
    supportedTypes: ["json"],
});
