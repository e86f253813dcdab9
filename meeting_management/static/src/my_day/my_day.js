import { Component, onWillStart, useState } from "@odoo/owl";
import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { MeetingClockBadge } from "../clock/clock";

/** The first screen: what waits for me, each with the button that settles it, and my next meetings. */
export class MeetingMyDay extends Component {
    static template = "meeting_management.MyDay";
    static components = { Layout, MeetingClockBadge };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = { controlPanel: {} };
        this.state = useState({ day: { sections: [], agenda: { cards: [] } }, busy: false });
        onWillStart(() => this.load());
    }

    async load() {
        this.state.day = await this.orm.call("meeting.my.day", "get", []);
    }

    get waiting() {
        return this.state.day.sections.reduce((sum, section) => sum + section.count, 0);
    }

    when(card) {
        return card.when ? toLocaleDateTimeString(deserializeDateTime(card.when), { showSeconds: false }) : "";
    }

    open(card) {
        if (card.url) {
            return this.action.doAction({ type: "ir.actions.act_url", url: card.url, target: "self" });
        }
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: card.model,
            res_id: card.id,
            views: [[false, "form"]],
        });
    }

    plan() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "meeting.meeting",
            views: [[false, "form"]],
        });
    }

    /** One click, one call: a second click while the first is under way does nothing. */
    async press(card, button) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            const dialogue = await this.orm.call(card.model, button.method, [[card.id]]);
            if (dialogue && dialogue.type) {
                await this.action.doAction(dialogue, { onClose: () => this.load() });
            }
            await this.load();
        } finally {
            this.state.busy = false;
        }
    }
}

registry.category("actions").add("meeting_management.my_day", MeetingMyDay);
